/* Which version of the library this is. */
#ifndef SMPP_BASE_VERSION_H
#define SMPP_BASE_VERSION_H

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * The version of the headers that a program is built with. The Makefile, and
 * by way of it the package file (smpp.pc) and the name of the shared object,
 * take it from here. Until the first is 1 the second says what the first will:
 * that programs may have to be changed.
 */
#define SMPP_VERSION_MAJOR 0
#define SMPP_VERSION_MINOR 1
#define SMPP_VERSION_PATCH 0

/*
 * The same as one number, to compare with:
 *	#if SMPP_VERSION_NUMBER >= 10203
 * is version 1.2.3 and later.
 */
#define SMPP_VERSION_NUMBER                                      \
	(SMPP_VERSION_MAJOR * 10000 + SMPP_VERSION_MINOR * 100 + \
	    SMPP_VERSION_PATCH)

/* And as text, "1.2.3": a literal. The other two macros are how it is made. */
#define SMPP_VERSION       \
	SMPP_VERSION_TEXT( \
	    SMPP_VERSION_MAJOR, SMPP_VERSION_MINOR, SMPP_VERSION_PATCH)
#define SMPP_VERSION_TEXT(major, minor, patch) \
	SMPP_VERSION_QUOTE(major.minor.patch)
#define SMPP_VERSION_QUOTE(text) #text

/*
 * The version of the library that is running, as text: with the shared object
 * it may be a later one than the headers say. Returns a constant.
 */
const char *smpp_version(void);

SMPP_END_DECLS

#endif
