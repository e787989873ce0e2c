/* Fitting and encoding texts, character by character. */
#include "text/encoder.h"

#include <limits.h>

#include "text/grapheme.h"
#include "text/text_int.h"

enum { CR = 0x0d };

/*
 * A text being encoded: how, and where it stands. plain says that is_plain()
 * characters stand for themselves.
 */
struct encoder {
	struct smpp_coding coding;
	bool plain;
	const struct smpp_alphabet_row *how;
	struct smpp_charset charset;
	uint32_t position; /* of the next character, from 1 */
};

static int
encoder_begin(
    struct encoder *e, struct smpp_coding coding, struct smpp_err *err)
{
	*e = (struct encoder){.coding = coding, .position = 1};
	e->how = smpp_alphabet_row(coding.alphabet);
	/* A locking table puts other letters into the places of the default
	 * alphabet, so nothing stands for itself there. */
	e->plain = e->how->family == SMPP_FAMILY_ASCII ||
		   e->how->family == SMPP_FAMILY_LATIN1 ||
		   (e->how->family == SMPP_FAMILY_GSM7 && coding.locking == 0);
	if (e->how->family == SMPP_FAMILY_ICONV &&
	    smpp_charset_open(&e->charset, e->how->charset) != 0)
		return smpp_err_set(err, SMPP_ECHARSET,
		    "this system cannot convert to %s", e->how->charset);
	return 0;
}

static void
encoder_end(struct encoder *e)
{
	smpp_charset_close(&e->charset);
}

/* 0xd7c0 is 0xd800 less the 0x10000 that a pair of surrogates leaves out. */
static unsigned
put_utf16(uint8_t *out, uint32_t u)
{
	if (u < 0x10000) {
		smpp_put_u16(out, (uint16_t)u);
		return 2;
	}
	smpp_put_u16(out, (uint16_t)(0xd7c0 + (u >> 10)));
	smpp_put_u16(out + 2, (uint16_t)(0xdc00 + (u & 0x3ff)));
	return 4;
}

static unsigned
put_latin(uint8_t *out, uint32_t u, uint32_t limit)
{
	*out = (uint8_t)u;
	return u <= limit;
}

/* Encodes u; returns its units, 0 when the alphabet lacks it. */
static unsigned
encoder_put(struct encoder *e, uint8_t *out, uint32_t u)
{
	switch (e->how->family) {
	case SMPP_FAMILY_GSM7:
		return smpp_gsm7_put(out, u, &e->coding);
	case SMPP_FAMILY_ASCII:
		return put_latin(out, u, 0x7f);
	case SMPP_FAMILY_LATIN1:
		return put_latin(out, u, 0xff);
	case SMPP_FAMILY_UTF16:
		return put_utf16(out, u);
	case SMPP_FAMILY_UTF8:
		return (unsigned)smpp_utf8_put((char *)out, u);
	case SMPP_FAMILY_ICONV:
		return smpp_charset_put(&e->charset, out, u);
	}
	return 0;
}

/* What has the same code in ASCII and in the default alphabet of GSM. */
static bool
is_plain(uint8_t c)
{
	return ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') ||
	       (c >= ' ' && c <= '?' && c != '$');
}

/*
 * How many characters at v, limit at most, are one octet and one unit each:
 * most texts are of nothing else. One before what is not ASCII is left out,
 * for an accent may follow.
 */
static uint32_t
encoder_plain_run(const struct encoder *e, struct smpp_view v, uint32_t limit)
{
	uint32_t n = 0;

	if (!e->plain)
		return 0;
	while (n < v.n && n < limit && is_plain(v.p[n]))
		n++;
	return n > 0 && n < v.n && v.p[n] >= 0x80 ? n - 1 : n;
}

static int
not_utf8(struct encoder *e, struct smpp_err *err)
{
	err->offset = e->position;
	return smpp_err_set(err, SMPP_EBAD_TEXT,
	    "character %u is not valid UTF-8", e->position);
}

static int
not_in(struct encoder *e, uint32_t u, struct smpp_err *err)
{
	err->offset = e->position;
	return smpp_err_set(err, SMPP_ECHARSET,
	    "U+%04X at character %u is not in %s", u, e->position,
	    smpp_alphabet_name(e->coding.alphabet));
}

/*
 * Encodes the character at the start of v into out. Returns its octets of
 * UTF-8 and sets *units; a negative error otherwise.
 */
static int
next(struct encoder *e, struct smpp_view v, uint8_t *out, unsigned *units,
    struct smpp_err *err)
{
	uint32_t u;
	size_t len = smpp_utf8_get(v.p, v.n, &u);

	if (len == 0)
		return not_utf8(e, err);
	*units = encoder_put(e, out, u);
	if (*units == 0)
		return not_in(e, u, err);
	e->position++;
	return (int)len;
}

/*
 * Units it takes to end a text here: back to the first state of the charset.
 * ISO-2022-JP goes back to ASCII with an escape of three octets; every part
 * has to end there, for each is read alone.
 */
static uint32_t
encoder_closing(const struct encoder *e)
{
	return e->charset.shifted ? 3 : 0;
}

/* A CR that ends packed data with the octet would be dropped as padding. */
static bool
ends_in_padding(const struct encoder *e, uint32_t units, uint8_t last)
{
	return e->coding.alphabet == SMPP_ALPHA_GSM7_PACKED && last == CR &&
	       (e->coding.fill + 7 * (uint64_t)units) % 8 == 0;
}

/*
 * Measures characters of v while they fit into room, from units on. Returns
 * the octets that did, or an error.
 */
static int64_t
encoder_measure(struct encoder *e, struct smpp_view v, uint32_t room,
    uint32_t *units, struct smpp_err *err)
{
	uint8_t out[SMPP_UNITS_MAX];
	uint32_t i = 0;
	unsigned n;
	int len;

	while (i < v.n) {
		len = next(e, smpp_view_of(v.p + i, v.n - i), out, &n, err);
		if (len < 0)
			return len;
		/* units never exceeds room, so the subtraction does not wrap,
		 * as an addition could with a room of UINT32_MAX. */
		if (n + encoder_closing(e) > room - *units ||
		    (*units + n == room &&
			ends_in_padding(e, room, out[n - 1])))
			break;
		*units += n;
		i += (uint32_t)len;
	}
	return i;
}

/*
 * A text is cut between graphemes: an accent or the second half of a flag at
 * the start of the next part would be shown by itself. Only a grapheme that
 * alone is larger than the room is cut within, else nothing would ever fit.
 */
static int
encoder_fit(struct encoder *e, struct smpp_fit *f, struct smpp_view text,
    uint32_t room, struct smpp_err *err)
{
	uint32_t units, n;
	int64_t got;

	while (f->octets < text.n) {
		n = encoder_plain_run(e,
		    smpp_view_of(text.p + f->octets, text.n - f->octets),
		    room - f->units);
		f->units += n;
		f->octets += n;
		e->position += n;
		if (f->octets == text.n)
			break;
		units = f->units;
		n = (uint32_t)smpp_grapheme(
		    text.p + f->octets, text.n - f->octets);
		got = encoder_measure(
		    e, smpp_view_of(text.p + f->octets, n), room, &units, err);
		if (got < 0)
			return (int)got;
		if (got == n || f->octets == 0) {
			f->units = units;
			f->octets += (uint32_t)got;
		}
		if (got < n)
			break;
	}
	f->units += encoder_closing(e);
	return 0;
}

int
smpp_text_fit(struct smpp_fit *out, struct smpp_view text, uint32_t room,
    struct smpp_coding coding, struct smpp_err *err)
{
	struct encoder e;
	int rc;

	*out = (struct smpp_fit){0, 0};
	smpp_err_clear(err);
	if (coding.alphabet == SMPP_ALPHA_BINARY) {
		out->octets = out->units = text.n < room ? text.n : room;
		return 0;
	}
	rc = encoder_begin(&e, coding, err);
	if (rc == 0)
		rc = encoder_fit(&e, out, text, room, err);
	encoder_end(&e);
	return rc;
}

/* Septets on their way into octets: n bits of acc wait. */
struct packer {
	struct smpp_wr *out;
	unsigned acc, n;
	uint8_t last;
};

static void
encoder_pack(struct packer *p, uint8_t septet)
{
	p->last = septet;
	p->acc |= (unsigned)septet << p->n;
	p->n += 7;
	if (p->n >= 8) {
		smpp_wr_u8(p->out, (uint8_t)p->acc);
		p->acc >>= 8;
		p->n -= 8;
	}
}

static void
pack_end(struct packer *p)
{
	/*
	 * Seven bits left over would read as '@', so a CR fills them. A text
	 * that itself ends with a CR and the octet would lose it as such
	 * padding: it gets a second one (spec/packing.md).
	 */
	if (p->n == 1 || (p->n == 0 && p->last == CR))
		encoder_pack(p, CR);
	if (p->n > 0)
		smpp_wr_u8(p->out, (uint8_t)p->acc);
}

static int
encoder_encode(struct encoder *e, struct smpp_wr *out, struct smpp_view v,
    struct smpp_err *err)
{
	struct packer p = {.out = out, .n = e->coding.fill};
	bool packed = e->coding.alphabet == SMPP_ALPHA_GSM7_PACKED;
	uint8_t tmp[SMPP_UNITS_MAX];
	unsigned units, k;
	uint32_t i;
	int len;

	for (i = 0; i < v.n; i += (uint32_t)len) {
		len = (int)encoder_plain_run(
		    e, smpp_view_of(v.p + i, v.n - i), INT_MAX);
		if (!packed && len > 0) {
			smpp_wr_view(out, smpp_view_of(v.p + i, (uint32_t)len));
			e->position += (uint32_t)len;
			continue;
		}
		len = next(e, smpp_view_of(v.p + i, v.n - i), tmp, &units, err);
		if (len < 0)
			return len;
		for (k = 0; packed && k < units; k++)
			encoder_pack(&p, tmp[k]);
		if (!packed)
			smpp_wr_view(out, smpp_view_of(tmp, units));
	}
	if (packed && v.n > 0)
		pack_end(&p);
	if (e->charset.shifted)
		smpp_wr_view(out,
		    smpp_view_of(tmp, smpp_charset_reset(&e->charset, tmp)));
	return 0;
}

int
smpp_text_encode(struct smpp_wr *out, struct smpp_view text,
    struct smpp_coding coding, struct smpp_err *err)
{
	struct encoder e;
	int rc = 0;

	smpp_err_clear(err);
	if (coding.alphabet == SMPP_ALPHA_BINARY) {
		smpp_wr_view(out, text);
	} else {
		rc = encoder_begin(&e, coding, err);
		if (rc == 0)
			rc = encoder_encode(&e, out, text, err);
		encoder_end(&e);
	}
	if (rc == 0 && out->bad)
		rc = smpp_err_set(err, SMPP_ENOSPACE, "the text is too long");
	return rc;
}

bool
smpp_text_encodable(struct smpp_view text, struct smpp_coding coding)
{
	struct smpp_fit f;
	struct smpp_err err;

	return smpp_text_fit(&f, text, UINT32_MAX, coding, &err) == 0;
}
