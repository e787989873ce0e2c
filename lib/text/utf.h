/* One character of UTF-8 at a time, written or read. */
#ifndef SMPP_TEXT_UTF_H
#define SMPP_TEXT_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/* The character that is shown in place of what cannot be read: U+FFFD. */
#define SMPP_UTF_BAD 0xfffdu

/*
 * Writes the character u as UTF-8 at p, which holds 4 octets; there is no NUL.
 * u must not be a surrogate nor above U+10FFFF: neither is looked for. Returns
 * how many octets it took, 1 to 4.
 */
static inline size_t
smpp_utf8_put(char *p, uint32_t u)
{
	if (u < 0x80) {
		p[0] = (char)u;
		return 1;
	}
	if (u < 0x800) {
		p[0] = (char)(0xc0 | u >> 6);
		p[1] = (char)(0x80 | (u & 0x3f));
		return 2;
	}
	if (u < 0x10000) {
		p[0] = (char)(0xe0 | u >> 12);
		p[1] = (char)(0x80 | (u >> 6 & 0x3f));
		p[2] = (char)(0x80 | (u & 0x3f));
		return 3;
	}
	p[0] = (char)(0xf0 | u >> 18);
	p[1] = (char)(0x80 | (u >> 12 & 0x3f));
	p[2] = (char)(0x80 | (u >> 6 & 0x3f));
	p[3] = (char)(0x80 | (u & 0x3f));
	return 4;
}

/*
 * Reads the character at p, of which n octets (at least 1) are there, into
 * *u. Returns how many octets it has, 1 to 4; 0 when it is not valid UTF-8: cut
 * short, overlong, a surrogate, above U+10FFFF. Text of a peer may hold any of
 * that:
 *
 *	for (; v.n > 0; v.p += n, v.n -= n)
 *		if ((n = smpp_utf8_get(v.p, v.n, &u)) == 0)
 *			u = SMPP_UTF_BAD, n = 1;
 */
size_t smpp_utf8_get(const uint8_t *p, size_t n, uint32_t *u);

SMPP_END_DECLS

#endif
