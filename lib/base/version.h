/* Which version of the library this is. */
#ifndef SMPP_BASE_VERSION_H
#define SMPP_BASE_VERSION_H

#include "base/decls.h"

SMPP_BEGIN_DECLS

/* Of the headers that a program was built with. The Makefile, and by way of it
 * the package file and the shared object, take it from here. */
#define SMPP_VERSION_MAJOR 0
#define SMPP_VERSION_MINOR 1
#define SMPP_VERSION_PATCH 0

/* The same as one number, to compare with in #if: 1.2.3 is 10203. */
#define SMPP_VERSION_NUMBER                                      \
	(SMPP_VERSION_MAJOR * 10000 + SMPP_VERSION_MINOR * 100 + \
	    SMPP_VERSION_PATCH)

/* And as text, "1.2.3". */
#define SMPP_VERSION       \
	SMPP_VERSION_TEXT( \
	    SMPP_VERSION_MAJOR, SMPP_VERSION_MINOR, SMPP_VERSION_PATCH)
#define SMPP_VERSION_TEXT(major, minor, patch) \
	SMPP_VERSION_QUOTE(major.minor.patch)
#define SMPP_VERSION_QUOTE(text) #text

/* That of the library which is running, as text: with the shared object it may
 * be a later one. */
const char *smpp_version(void);

SMPP_END_DECLS

#endif
