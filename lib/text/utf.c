/* Reading UTF-8 and UTF-16. */
#include "text/utf.h"

#include "base/rd.h"
#include "text/text_int.h"

size_t
smpp_utf8_get(const uint8_t *p, size_t n, uint32_t *u)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len, i;
	uint32_t c;

	if (p[0] < 0x80) {
		*u = p[0];
		return 1;
	}
	len = p[0] >= 0xf0 ? 4 : p[0] >= 0xe0 ? 3 : 2;
	if (p[0] < 0xc2 || p[0] > 0xf4 || n < len)
		return 0;
	c = p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	/* Longer forms than needed would let a character pass by those who
	 * look for its octets; 0x1b << 11 is 0xd800, the surrogates. */
	if (c < least[len] || c > 0x10ffff || (c >> 11) == 0x1b)
		return 0;
	*u = c;
	return len;
}

int64_t
smpp_utf8_decode(struct smpp_sbuf *out, struct smpp_view v)
{
	int64_t bad = -1;
	uint32_t i, from = 0, u;
	size_t len;

	for (i = 0; i < v.n; i += (uint32_t)len) {
		len = smpp_utf8_get(v.p + i, v.n - i, &u);
		if (len > 0)
			continue;
		/* One octet a fault: what follows may be a good character. */
		len = 1;
		smpp_sbuf_put(out, v.p + from, i - from);
		smpp_text_char(out, SMPP_UTF_BAD);
		from = i + 1;
		if (bad < 0)
			bad = i;
	}
	if (i > from)
		smpp_sbuf_put(out, v.p + from, i - from);
	return bad;
}

/*
 * True when the octets make sense only with the low one first: ASCII, and not
 * one letter over and over, which may be a word of Chinese the other way.
 */
static bool
little_endian(struct smpp_view v)
{
	uint32_t i;
	bool varied = false;

	if (v.n < 8)
		return false;
	for (i = 0; i + 1 < v.n; i += 2) {
		if (v.p[i + 1] != 0 || v.p[i] < 0x0a || v.p[i] > 0x7e)
			return false;
		varied |= v.p[i] != v.p[0];
	}
	return varied;
}

/* The unit of 16 bits at p. */
static uint32_t
unit(const uint8_t *p, bool little)
{
	return little ? (uint32_t)(p[1] << 8 | p[0]) : smpp_get_u16(p);
}

/* Reads the character at offset i of v; returns its octets, 0 if invalid. */
static uint32_t
utf16_get(struct smpp_view v, uint32_t i, bool little, uint32_t *u)
{
	uint32_t hi, lo;

	if (v.n - i < 2)
		return 0;
	hi = unit(v.p + i, little);
	*u = hi;
	if ((hi & 0xf800) != 0xd800)
		return 2;
	if ((hi & 0xfc00) != 0xd800 || v.n - i < 4)
		return 0;
	lo = unit(v.p + i + 2, little);
	*u = 0x10000 + ((hi & 0x3ff) << 10 | (lo & 0x3ff));
	return (lo & 0xfc00) == 0xdc00 ? 4 : 0;
}

int64_t
smpp_utf16_decode(struct smpp_sbuf *out, struct smpp_view v)
{
	bool little = v.n >= 2 && v.p[0] == 0xff && v.p[1] == 0xfe;
	bool bom = little || (v.n >= 2 && v.p[0] == 0xfe && v.p[1] == 0xff);
	int64_t bad = -1;
	uint32_t i, len, u;

	/* The specification knows no BOM and puts the high octet first; there
	 * are peers that do otherwise in either. */
	little = little || little_endian(v);
	for (i = bom ? 2 : 0; i < v.n; i += len) {
		len = utf16_get(v, i, little, &u);
		if (len == 0) {
			if (bad < 0)
				bad = i;
			/* A lone surrogate costs its own unit, not the one
			 * behind it. */
			len = v.n - i < 2 ? 1 : 2;
			u = SMPP_UTF_BAD;
		}
		smpp_text_char(out, u);
	}
	return bad;
}
