/* Finding the end of a grapheme. */
#include "text/grapheme.h"

#include "text/utf.h"

enum { ZWJ = 0x200d, FIRST_EXTEND = 0x300 };

static const struct {
	uint32_t first, last;
} extend[] = {
#include "text/extend.def"
};

/* The signs that join a consonant to the next one. */
static const uint16_t linkers[] = {0x094d, 0x09cd, 0x0a4d, 0x0acd, 0x0b4d,
    0x0bcd, 0x0c4d, 0x0ccd, 0x0d4d, 0x0dca, 0x1039, 0x17d2};

static bool
is_extend(uint32_t u)
{
	size_t lo = 0, hi = sizeof(extend) / sizeof(extend[0]), mid;

	if (u < FIRST_EXTEND)
		return false;
	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (u > extend[mid].last)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < sizeof(extend) / sizeof(extend[0]) && u >= extend[lo].first;
}

static bool
is_linker(uint32_t u)
{
	size_t i;

	for (i = 0; i < sizeof(linkers) / sizeof(linkers[0]); i++)
		if (linkers[i] == u)
			return true;
	return false;
}

/* Letters and syllables of Hangul that the letter u can follow. */
static bool
hangul(uint32_t before, uint32_t u)
{
	bool lead = before >= 0x1100 && before <= 0x115f;
	bool syllable = before >= 0xac00 && before <= 0xd7a3;
	bool tail = before >= 0x1160 && before <= 0x11ff;

	if (u >= 0x1160 && u <= 0x11ff)
		return lead || syllable || tail;
	return lead &&
	       ((u >= 0x1100 && u <= 0x115f) || (u >= 0xac00 && u <= 0xd7a3));
}

static bool
is_flag(uint32_t u)
{
	return u >= 0x1f1e6 && u <= 0x1f1ff;
}

/* True when u continues the grapheme whose last characters are these. */
static bool
joins(uint32_t before, uint32_t u, bool odd_flag)
{
	/* Most texts take this way out for every character: nothing below
	 * U+0300 joins but CR and LF. */
	if (before < FIRST_EXTEND && u < FIRST_EXTEND)
		return before == '\r' && u == '\n';
	if (before == '\r' || before == '\n')
		return false;
	if (is_extend(u))
		return true;
	/* Emoji behind a joiner, consonants behind a linker. Latin letters and
	 * punctuation never belong to either. */
	if (before == ZWJ || is_linker(before))
		return u > 0x2ff;
	return hangul(before, u) || (odd_flag && is_flag(u));
}

size_t
smpp_grapheme(const uint8_t *p, size_t n)
{
	uint32_t before, u;
	size_t i = smpp_utf8_get(p, n, &before), len;
	bool odd_flag;

	if (i == 0)
		return 1;
	odd_flag = is_flag(before);
	while (i < n) {
		len = smpp_utf8_get(p + i, n - i, &u);
		if (len == 0 || !joins(before, u, odd_flag))
			break;
		/* Flags are pairs of letters: the third one begins a new
		 * flag. */
		odd_flag = odd_flag && !is_flag(u);
		before = u;
		i += len;
	}
	return i;
}
