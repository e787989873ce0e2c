/* Octets to hexadecimal digits and back, nothing else. */
#ifndef SMPP_BASE_HEX_H
#define SMPP_BASE_HEX_H

#include "base/view.h"

SMPP_BEGIN_DECLS

/* For each character 16 plus its value as a digit, or 0 when it is none. */
extern const uint8_t smpp_hex_digit[256];

/* Writes 2*n lower-case digits for n octets at p; adds no NUL. */
void smpp_hex_encode(char *out, const uint8_t *p, size_t n);

/*
 * Reads n digits (either case, nothing between them) into n/2 octets at out.
 * Returns n/2; -1 when n is odd, or a character is no digit. out may be the
 * place of s itself.
 */
int64_t smpp_hex_decode(uint8_t *out, const char *s, size_t n);

/*
 * Reads pairs of digits as far as they stand together, in at most n characters
 * at s. Returns the number of octets written to out, which has room for n / 2
 * and may be changed as far as that.
 */
size_t smpp_hex_run(uint8_t *out, const char *s, size_t n);

SMPP_END_DECLS

#endif
