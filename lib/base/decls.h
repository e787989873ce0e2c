/* What stands around the declarations of every public header. */
#ifndef SMPP_BASE_DECLS_H
#define SMPP_BASE_DECLS_H

#include <stddef.h>

/*
 * Between SMPP_BEGIN_DECLS and SMPP_END_DECLS all names are those of C, in C++
 * too, and are what the shared object exports: it is built with hidden
 * visibility, so that what only the inner headers (*_int.h) declare stays
 * inside. Both stand alone on their line, the first behind the includes; there
 * is no include between them but that of a table, a .def file.
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
