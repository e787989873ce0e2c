/* Octets in string literals of programming languages: b'\x00\x00\x00\x10'. */
#ifndef SMPP_HEXIN_HEXLIT_INT_H
#define SMPP_HEXIN_HEXLIT_INT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Where literals stand in a line: from beg, inside the first, to end. quote is
 * what closes the first, 0 for escapes that stand bare.
 * doubled says that every backslash is written twice, as in a literal that was
 * quoted once more. decimal: it is a list of numbers instead.
 */
struct smpp_hexlit {
	uint32_t beg, end;
	char quote;
	bool doubled;
	bool decimal;
};

/*
 * Finds the literal that holds the first escape of octets in a line of n
 * characters, or, unless inside is 0, the one at the start of the line or whose
 * characters begin at inside, escapes or not. Returns false when there is none.
 * lit->end is that of the line.
 */
bool smpp_hexlit_find(
    const char *s, uint32_t n, uint32_t inside, struct smpp_hexlit *lit);

/*
 * Finds a list of octets as decimal numbers in brackets, as Node, Go, Java and
 * Erlang print them: 16 or more, -128 to 255, with commas or spaces between.
 * Returns false when there is none.
 */
bool smpp_hexlit_numbers(const char *s, uint32_t n, struct smpp_hexlit *lit);

/*
 * Reads the octets of a literal, and of those that follow it with nothing but
 * separators between, into out, max at most; out may be NULL to count them.
 * Characters stand for themselves and escapes for octets. Sets lit->end to
 * behind the last, lit->quote to 0 if it was closed. Returns their number.
 */
size_t smpp_hexlit_octets(
    const char *s, struct smpp_hexlit *lit, uint8_t *out, size_t max);

#endif
