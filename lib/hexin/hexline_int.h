/* The ways in which one line of text can be read as octets. */
#ifndef SMPP_HEXIN_HEXLINE_INT_H
#define SMPP_HEXIN_HEXLINE_INT_H

#include "hexin/hexlex_int.h"
#include "hexin/hexlit_int.h"

enum { SMPP_HEXLINE_MAX = 48 };

/* What a reading takes for octets. */
enum smpp_hexkind {
	SMPP_HEX_PLAIN,   /* all digits of a line that holds nothing else */
	SMPP_HEX_COLUMN,  /* some of the atoms, one behind the other */
	SMPP_HEX_LITERAL, /* the string literals, or decimal numbers */
};

/* How digits make octets. */
enum smpp_hexmode {
	SMPP_HEX_JOIN, /* two by two, whatever stands between them */
	SMPP_HEX_EACH, /* an octet each atom: 0x0, 0x10 */
	SMPP_HEX_SWAP, /* atoms are words, their lowest octet last */
};

/*
 * One reading: the atoms from beg to end. An atom before beg may be an offset:
 * off_end is 0 when there is none, loud when it looks different from the
 * octets. front: it begins behind line numbers, dates and times.
 * n octets come out, and half of one if odd. text says that a text
 * column follows which shows just these octets. width, glue and lead are
 * those of the first atom and what follows it.
 */
struct smpp_hexread {
	uint8_t kind; /* enum smpp_hexkind */
	uint8_t mode; /* enum smpp_hexmode */
	uint8_t half; /* of smpp_hex_digit: a digit that comes first, or 0 */
	bool loud;
	bool front;
	bool text;
	bool odd;
	char glue;
	char lead;
	uint32_t beg, end;
	uint32_t off_beg, off_end;
	uint32_t width;
	uint32_t atoms;
	uint32_t n;
	struct smpp_hexlit lit;
	char open; /* the quote of a literal that does not end here, or 0 */
};

/*
 * All readings of a line, in the order of preference where nothing speaks for
 * either. pure says that it holds nothing but digits and separators; digits
 * counts them; stray is the first character that is neither, or UINT32_MAX.
 * used is n, or less when the line holds too much to look at once. bare says
 * that there is nothing behind line numbers, dates and times.
 */
struct smpp_hexline {
	const char *s;
	uint32_t n;
	bool pure;
	bool bare;
	uint32_t digits;
	uint32_t stray;
	uint32_t used;
	uint32_t nread;
	struct smpp_hexread read[SMPP_HEXLINE_MAX];
};

/*
 * Sets *l to the readings of the n characters at s, which stay borrowed. open
 * is the quote of a literal that the line before left open, or 0; inside is
 * where the one before began, which lets a literal there or at the start be one
 * without escapes, or 0. Work is linear in n.
 */
void smpp_hexline_read(struct smpp_hexline *l, const char *s, uint32_t n,
    char open, uint32_t inside);

/*
 * The same for what follows in a line behind at, where a first reading ended.
 * It is not pure.
 */
void smpp_hexline_rest(
    struct smpp_hexline *l, const char *s, uint32_t at, uint32_t n);

/*
 * Writes the first octets of a reading, max at most, to out and returns how
 * many these are.
 */
size_t smpp_hexread_octets(
    const char *s, const struct smpp_hexread *r, uint8_t *out, size_t max);

/* The column, from 1, of the digits of octet i of a reading. */
uint32_t smpp_hexread_column(
    const char *s, const struct smpp_hexread *r, size_t i);

#endif
