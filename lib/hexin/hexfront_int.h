/* Line numbers, dates and times that stand before the octets of a line. */
#ifndef SMPP_HEXIN_HEXFRONT_INT_H
#define SMPP_HEXIN_HEXFRONT_INT_H

#include <stdint.h>

/*
 * Returns the length of what grep -n, cat -n and log writers put before a line
 * of n characters at s: line numbers, dates and times, or what may be some.
 */
uint32_t smpp_hexfront(const char *s, uint32_t n);

#endif
