/* What stands around the declarations of every public header. */
#ifndef SMPP_BASE_DECLS_H
#define SMPP_BASE_DECLS_H

#include <stddef.h>

/*
 * Between the two all names are those of C, in C++ too, and are what the
 * shared object exports: it is built with hidden visibility, so that what only
 * the inner headers declare stays inside.
 */
#ifdef __cplusplus
#define SMPP_BEGIN_DECLS \
	extern "C" {     \
	_Pragma("GCC visibility push(default)")
#define SMPP_END_DECLS                \
	_Pragma("GCC visibility pop") \
	}
#else
#define SMPP_BEGIN_DECLS _Pragma("GCC visibility push(default)")
#define SMPP_END_DECLS _Pragma("GCC visibility pop")
#endif

#endif
