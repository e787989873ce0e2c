/* Octets to hexadecimal digits and back, by table. */
#include "base/hex.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* clang-format off */
const uint8_t smpp_hex_digit[256] = {
	['0'] = 16, ['1'] = 17, ['2'] = 18, ['3'] = 19, ['4'] = 20,
	['5'] = 21, ['6'] = 22, ['7'] = 23, ['8'] = 24, ['9'] = 25,
	['a'] = 26, ['b'] = 27, ['c'] = 28, ['d'] = 29, ['e'] = 30, ['f'] = 31,
	['A'] = 26, ['B'] = 27, ['C'] = 28, ['D'] = 29, ['E'] = 30, ['F'] = 31,
};
/* clang-format on */

#ifdef __SSE2__

/* Eight octets to sixteen digits: the halves side by side, then each plus '0',
 * and plus what lies between '9' and 'a' where it is above 9. */
static void
eight(char *out, const uint8_t *p)
{
	__m128i v = _mm_loadl_epi64((const __m128i *)(const void *)p);
	__m128i low = _mm_set1_epi8(15);
	__m128i hi = _mm_and_si128(_mm_srli_epi16(v, 4), low);
	__m128i n = _mm_unpacklo_epi8(hi, _mm_and_si128(v, low));
	__m128i letter = _mm_cmpgt_epi8(n, _mm_set1_epi8(9));

	n = _mm_add_epi8(n, _mm_set1_epi8('0'));
	n = _mm_add_epi8(
	    n, _mm_and_si128(letter, _mm_set1_epi8('a' - '9' - 1)));
	_mm_storeu_si128((__m128i *)(void *)out, n);
}

#endif

void
smpp_hex_encode(char *out, const uint8_t *p, size_t n)
{
	static const char digit[] = "0123456789abcdef";
	size_t i = 0;

#ifdef __SSE2__
	for (; n - i >= 8; i += 8)
		eight(out + 2 * i, p + i);
#endif
	for (; i < n; i++) {
		out[2 * i] = digit[p[i] >> 4];
		out[2 * i + 1] = digit[p[i] & 15];
	}
}

#ifdef __SSE2__

/*
 * Sixteen digits at once: v is their values with '0' taken off or, where that
 * gives no decimal digit, 'a' - 10 taken off the lower-case letter. Returns
 * the number of digits before the first that is none.
 */
static unsigned
sixteen(uint8_t *out, const char *s)
{
	__m128i c = _mm_loadu_si128((const __m128i *)(const void *)s);
	__m128i low = _mm_or_si128(c, _mm_set1_epi8(0x20));
	__m128i num = _mm_sub_epi8(c, _mm_set1_epi8('0'));
	__m128i let = _mm_sub_epi8(low, _mm_set1_epi8('a'));
	__m128i is_num = _mm_cmpeq_epi8(
	    _mm_min_epu8(num, _mm_set1_epi8(9)), num);
	__m128i is_let = _mm_cmpeq_epi8(
	    _mm_min_epu8(let, _mm_set1_epi8(5)), let);
	__m128i v = _mm_or_si128(_mm_and_si128(is_num, num),
	    _mm_and_si128(is_let, _mm_add_epi8(let, _mm_set1_epi8(10))));
	__m128i two = _mm_and_si128(
	    _mm_or_si128(_mm_slli_epi16(v, 4), _mm_srli_epi16(v, 8)),
	    _mm_set1_epi16(0xff));

	_mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(two, two));
	return (unsigned)__builtin_ctz(
	    ~(unsigned)_mm_movemask_epi8(_mm_or_si128(is_num, is_let)));
}

#endif

size_t
smpp_hex_run(uint8_t *out, const char *s, size_t n)
{
	const uint8_t *u = (const uint8_t *)s;
	uint8_t hi, lo;
	size_t i = 0;

#ifdef __SSE2__
	unsigned good;

	for (; n - i >= 16; i += 16)
		if ((good = sixteen(out + i / 2, s + i)) < 16)
			/*
			 * A pair of which only the first is a digit is not
			 * taken. What sixteen() wrote behind it does not
			 * count.
			 */
			return (i + good) / 2;
#endif
	for (; n - i >= 2; i += 2) {
		hi = smpp_hex_digit[u[i]];
		lo = smpp_hex_digit[u[i + 1]];
		/* Bit 4 is set in the values of digits alone: both, by one
		 * test. */
		if ((hi & lo & 16) == 0)
			break;
		out[i / 2] = (uint8_t)(hi << 4 | (lo & 15));
	}
	return i / 2;
}

int64_t
smpp_hex_decode(uint8_t *out, const char *s, size_t n)
{
	if (n % 2 != 0 || smpp_hex_run(out, s, n) != n / 2)
		return -1;
	return (int64_t)(n / 2);
}
