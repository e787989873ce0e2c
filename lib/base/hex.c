/* Octets to hexadecimal digits and back, by table. */
#include "base/hex.h"

/* clang-format off */
const uint8_t smpp_hex_digit[256] = {
	['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20,
	['5'] = 21, ['6'] = 22, ['7'] = 23, ['8'] = 24, ['9'] = 25,
	['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30, ['f'] = 31,
	['A'] = 26, ['B'] = 27, ['C'] = 28, ['D'] = 29, ['E'] = 30, ['F'] = 31,
};
/* clang-format on */

void
smpp_hex_encode(char *out, const uint8_t *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
}

int64_t
smpp_hex_decode(uint8_t *out, const char *s, size_t n)
{
	const uint8_t *u = (const uint8_t *)s;
	uint8_t hi, lo;
	size_t i;

	if (n % 2 != 0)
		return -1;
	for (i = 0; i < n; i += 2) {
		hi = smpp_hex_digit[u[i]];
		lo = smpp_hex_digit[u[i + 1]];
		if ((hi & lo & 16) == 0)
			return -1;
		out[i / 2] = (uint8_t)(hi << 4 | (lo & 15));
	}
	return (int64_t)(n / 2);
}
