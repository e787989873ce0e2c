/* The words of one line of text that may hold octets in hexadecimal. */
#ifndef SMPP_HEXIN_HEXLEX_INT_H
#define SMPP_HEXIN_HEXLEX_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A run of hexadecimal digits that stands alone: no letter, no digit of
 * another kind touches it. s[beg] to s[end - 1] are its digits. lead is what
 * introduces it: 'x' for 0x, '\\' for \x, '&' for &H, '%' or '$' for
 * themselves, or 0; it begins at from, and what ends the
 * number, such as h, at to. Before it, since the atom before or a
 * word, came space columns of white space (a tab counts as eight) and the
 * separator glue, 0 when there was none. word says that something else stood
 * between: prose, brackets, a dot.
 */
struct smpp_hexatom {
	uint32_t from, beg, end, to;
	uint32_t space;
	char glue;
	char lead;
	bool word;
};

/* A cursor over a line of n characters at s, borrowed; at moves to the end. */
struct smpp_hexlex {
	const char *s;
	uint32_t n;
	uint32_t at;
	uint32_t stray; /* the first character that is neither digit nor
			 * separator, UINT32_MAX while there was none */
};

static inline void
smpp_hexlex_init(struct smpp_hexlex *x, const char *s, uint32_t at, uint32_t n)
{
	*x = (struct smpp_hexlex){s, n, at, UINT32_MAX};
}

/*
 * Sets *a to the next atom. Returns false at the end of the line, with a->word
 * telling whether words stood behind the last atom.
 */
bool smpp_hexlex_next(struct smpp_hexlex *x, struct smpp_hexatom *a);

/* The number of octets of white space in UTF-8 at s, 0 when it is none. */
uint32_t smpp_hexlex_space(const char *s, uint32_t n);

#endif
