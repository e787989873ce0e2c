/* GSM 7-bit text, unpacked and packed, with the national tables. */
#include "text/encoder.h"
#include "text/text_int.h"

enum {
	ESC = 0x1b,
	CR = 0x0d,
	NATIONAL = SMPP_NATIONAL_COUNT,
	TELUGU = 12,
	EURO = 0x20ac,
};

static const uint16_t base_table[NATIONAL][128] = {
#define BASE(lang, tag, ...) [lang] = {__VA_ARGS__},
#define EXT(lang, tag, ...)
#include "text/gsm7.def"
#undef BASE
#undef EXT
};

static const uint16_t ext_table[NATIONAL][128] = {
#define BASE(lang, tag, ...)
#define EXT(lang, tag, ...) [lang] = {__VA_ARGS__},
#include "text/gsm7.def"
#undef BASE
#undef EXT
};

static const char tags[NATIONAL][4] = {
#define BASE(lang, tag, ...)
#define EXT(lang, tag, ...) [lang] = #tag,
#include "text/gsm7.def"
#undef BASE
#undef EXT
};

/* Codes of the default alphabet that are the same in ASCII: most of a text. */
static const bool same[256] = {['\n'] = true,
    ['\r'] = true,
    [' ' ... '#'] = true,
    ['%' ... '?'] = true,
    ['A' ... 'Z'] = true,
    ['a' ... 'z'] = true};

/* The tables in force and where decoding stands; bad is -1 or an offset. */
struct gsm7 {
	const uint16_t *base;
	const uint16_t *ext;
	bool esc;
	int64_t bad;
};

static void
gsm7_start(struct gsm7 *g, struct smpp_coding c)
{
	/* An unknown language reads as the default (spec/packing.md), and so
	 * does Spanish, which has no locking table. */
	uint8_t lang = c.locking < NATIONAL ? c.locking : 0;

	g->base = base_table[base_table[lang][' '] != 0 ? lang : 0];
	g->ext = ext_table[c.single < NATIONAL ? c.single : 0];
	g->esc = false;
	g->bad = -1;
}

/*
 * The character of a code that is not an escape. Two escapes are reserved for
 * another table and read as a blank; a code that the extension table lacks is
 * read as in the base table, which is how phones without that table show it
 * (3GPP 23.038, 6.2.1.1). Cells that are blank in both are a blank
 * (spec/packing.md).
 */
static uint32_t
gsm7_lookup(struct gsm7 *g, uint8_t code)
{
	uint32_t u = 0;

	if (g->esc && code == ESC)
		u = ' ';
	else if (g->esc)
		u = g->ext[code];
	if (u == 0)
		u = g->base[code];
	g->esc = false;
	return u == 0 ? ' ' : u;
}

/*
 * Appends n codes at p; at is the offset of the first in the octets, for
 * errors. Most of a text is ASCII, which goes over in runs.
 */
static void
codes(struct smpp_sbuf *out, struct gsm7 *g, const uint8_t *p, size_t n,
    size_t at)
{
	const bool latin = g->base == base_table[0];
	size_t i = 0, from;

	while (i < n) {
		from = i;
		if (latin && !g->esc)
			while (i < n && same[p[i]])
				i++;
		if (i > from)
			smpp_sbuf_put(out, p + from, i - from);
		if (i == n)
			return;
		if (p[i] > 0x7f) {
			if (g->esc)
				smpp_sbuf_putc(out, ' ');
			g->esc = false;
			if (g->bad < 0)
				g->bad = (int64_t)(at + i);
			smpp_text_char(out, SMPP_UTF_BAD);
		} else if (p[i] == ESC && !g->esc) {
			g->esc = true;
		} else {
			smpp_text_char(out, gsm7_lookup(g, p[i]));
		}
		i++;
	}
}

/* Septet k of packed octets, fill bits before the first (spec/packing.md). */
static uint8_t
septet(struct smpp_view v, uint8_t fill, size_t k)
{
	size_t bit = fill + 7 * k;
	const uint8_t *p = v.p + bit / 8;
	unsigned w = p[0];

	/* Only then does it go over into the next octet: the last septet must
	 * not read one that is not there. */
	if (bit % 8 > 1)
		w |= (unsigned)p[1] << 8;
	return w >> bit % 8 & 0x7f;
}

static void
packed(struct smpp_sbuf *out, struct gsm7 *g, struct smpp_view v, uint8_t fill)
{
	uint8_t tmp[256];
	size_t bits = 8 * (size_t)v.n, n, i, k;

	n = bits < fill ? 0 : (bits - fill) / 7;
	/* A CR that ends with the last octet is padding: no count says so. */
	if (n > 0 && (bits - fill) % 7 == 0 && septet(v, fill, n - 1) == CR)
		n--;
	for (i = 0; i < n; i += k) {
		for (k = 0; k < sizeof(tmp) && i + k < n; k++)
			tmp[k] = septet(v, fill, i + k);
		codes(out, g, tmp, k, i);
	}
}

int64_t
smpp_gsm7_decode(
    struct smpp_sbuf *out, struct smpp_view octets, struct smpp_coding coding)
{
	struct gsm7 g;

	gsm7_start(&g, coding);
	if (coding.alphabet == SMPP_ALPHA_GSM7_PACKED)
		packed(out, &g, octets, coding.fill);
	else
		codes(out, &g, octets.p, octets.n, 0);
	/* An escape with nothing behind it; the text was cut after it. */
	if (g.esc)
		smpp_sbuf_putc(out, ' ');
	return g.bad;
}

/* The code of u in a table, 128 when it has none. */
static unsigned
code_of(const uint16_t *table, uint32_t u)
{
	unsigned code = 0;

	while (code < 128 && table[code] != u)
		code++;
	return code;
}

unsigned
smpp_gsm7_put(uint8_t *out, uint32_t u, const struct smpp_coding *coding)
{
	struct gsm7 g;
	unsigned code;

	gsm7_start(&g, *coding);
	if (u == 0 || u > 0xffff)
		return 0;
	/* Most characters are found where ASCII has them, without a search. */
	if (u < 0x80 && g.base[u] == u) {
		out[0] = (uint8_t)u;
		return 1;
	}
	code = code_of(g.base, u);
	if (code < 128) {
		out[0] = (uint8_t)code;
		return 1;
	}
	code = code_of(g.ext, u);
	/* Only some sources have the euro of Telugu: it is read, not sent. */
	if (code == 128 || (coding->single == TELUGU && u == EURO))
		return 0;
	out[0] = ESC;
	out[1] = (uint8_t)code;
	return 2;
}

const char *
smpp_national_tag(unsigned lang)
{
	return lang > 0 && lang < NATIONAL ? tags[lang] : NULL;
}

int
smpp_national_find(struct smpp_view tag)
{
	unsigned i;

	for (i = 1; i < NATIONAL; i++)
		if (smpp_view_is(tag, tags[i]))
			return (int)i;
	return -1;
}

bool
smpp_national_locks(unsigned lang)
{
	return lang > 0 && lang < NATIONAL && base_table[lang][' '] != 0;
}
