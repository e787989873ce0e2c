/* Splitting a text into parts. */
#include "msg/split.h"

enum {
	CONCAT_8 = 5, /* octets of the elements */
	CONCAT_16 = 6,
	SHIFT = 3,
	MAX_HEADER = 256,
	MAX_DATA = 65535,
	MAX_SHORT = 254, /* octets of short_message in every version but v3.3 */
};

static const char names[SMPP_SPLIT_METHODS][8] = {
    "udh", "udh16", "sar", "payload", "none"};

int
smpp_split_find(struct smpp_view name)
{
	int i;

	for (i = 0; i < SMPP_SPLIT_METHODS; i++)
		if (smpp_view_is(name, names[i]))
			return i;
	return -1;
}

const char *
smpp_split_name(enum smpp_split_method method)
{
	return names[method];
}

/* Octets of a header whose concatenation element has so many. */
static uint32_t
header_size(const struct smpp_split_how *how, uint32_t concat)
{
	uint32_t n = concat + how->elements.n;

	if (how->coding.single != 0)
		n += SHIFT;
	if (how->coding.locking != 0)
		n += SHIFT;
	/* And the octet that says how long it is. */
	return n == 0 ? 0 : n + 1;
}

/* The concatenation element that is in the data. */
static uint32_t
concat_size(const struct smpp_split *s)
{
	if (s->total < 2)
		return 0;
	if (s->how.method == SMPP_SPLIT_UDH)
		return CONCAT_8;
	return s->how.method == SMPP_SPLIT_UDH16 ? CONCAT_16 : 0;
}

/* Units that fit into size octets behind a header. */
static uint32_t
units(uint8_t alphabet, uint32_t size, uint32_t header)
{
	uint32_t bits;

	if (header >= size)
		return 0;
	bits = (size - header) * 8;
	/* Septets are counted as they lie on air, packed, though most SMSCs
	 * take them one to an octet and pack them. */
	if (alphabet != SMPP_ALPHA_GSM7 && alphabet != SMPP_ALPHA_GSM7_PACKED)
		return size - header;
	return (bits - smpp_udh_fill(header)) / 7;
}

/*
 * Room for text in a part; of several parts, if many. A message_payload is
 * counted in octets of its own, not of the air.
 */
static uint32_t
split_room(const struct smpp_split_how *how, bool many)
{
	uint32_t size = how->part_size == 0 ? SMPP_PART_SIZE : how->part_size;
	uint32_t concat = 0, header;

	if (how->method == SMPP_SPLIT_PAYLOAD) {
		header = header_size(how, 0);
		if (how->coding.alphabet == SMPP_ALPHA_GSM7)
			return MAX_DATA - header;
		return units(how->coding.alphabet, MAX_DATA, header);
	}
	if (many)
		/*
		 * With SAR the SMSC makes the header, whose short form is
		 * counted on; with NONE the number of parts is for the message
		 * that refuses.
		 */
		concat = how->method == SMPP_SPLIT_UDH16 ? CONCAT_16 : CONCAT_8;
	return units(how->coding.alphabet, size, header_size(how, concat));
}

/* Takes from *text what fits into a part. */
static int
split_take(struct smpp_view *text, struct smpp_view *piece, uint32_t *taken,
    uint32_t limit, struct smpp_coding coding, struct smpp_err *err)
{
	struct smpp_fit fit;
	int rc = smpp_text_fit(&fit, *text, limit, coding, err);

	if (rc != 0)
		return rc;
	/* Or the loops over parts would never end. */
	if (fit.octets == 0 && text->n > 0)
		return smpp_err_set(err, SMPP_ERANGE,
		    "a part of the message has no room for text");
	*piece = (struct smpp_view){text->p, fit.octets};
	*taken = fit.units;
	text->n -= fit.octets;
	if (text->n > 0)
		text->p += fit.octets;
	return 0;
}

/* Counts the parts of text. */
static int
split_count(
    struct smpp_view text, const struct smpp_split *s, struct smpp_err *err)
{
	struct smpp_view piece;
	uint32_t n;
	int parts, rc;

	for (parts = 0; text.n > 0; parts++) {
		rc = split_take(&text, &piece, &n, s->room, s->how.coding, err);
		if (rc != 0)
			return rc;
		if (parts == SMPP_PARTS_MAX)
			return smpp_err_set(err, SMPP_ERANGE,
			    "the text needs more than 255 parts");
	}
	return parts;
}

/* Prepares for one part, or for several, whose number is not known yet. */
static void
split_prepare(struct smpp_split *s, bool many)
{
	s->total = many ? 2 : 1;
	s->room = split_room(&s->how, many);
	/* The size of the header is the same for 2 and for 255 parts, so that
	 * total may be wrong until they are counted. */
	s->how.coding.fill = smpp_udh_fill(
	    header_size(&s->how, concat_size(s)));
}

static int
begin_many(struct smpp_split *s, struct smpp_err *err)
{
	int n;

	if (s->how.method == SMPP_SPLIT_PAYLOAD)
		return smpp_err_set(err, SMPP_ERANGE,
		    "the text is longer than a message_payload");
	split_prepare(s, true);
	n = split_count(s->text, s, err);
	if (n > 0 && s->how.method == SMPP_SPLIT_NONE)
		return smpp_err_set(
		    err, SMPP_ERANGE, "the text needs %d parts", n);
	if (n > 0)
		s->total = (uint16_t)n;
	return n;
}

int
smpp_split_begin(struct smpp_split *s, struct smpp_view text,
    const struct smpp_split_how *how, struct smpp_err *err)
{
	struct smpp_fit fit;
	int rc;

	*s = (struct smpp_split){.how = *how, .text = text};
	/* All of it first, so that an error counts characters from the start.
	 */
	rc = smpp_text_fit(&fit, text, UINT32_MAX, how->coding, err);
	if (rc == 0 && header_size(how, CONCAT_16) > MAX_HEADER)
		rc = smpp_err_set(err, SMPP_ERANGE,
		    "the information elements need more than 255 octets");
	if (rc != 0)
		return rc;
	split_prepare(s, false);
	smpp_text_fit(&fit, text, s->room, s->how.coding, err);
	return fit.octets == text.n ? 1 : begin_many(s, err);
}

static void
put_concat(struct smpp_wr *out, const struct smpp_split *s)
{
	uint8_t total = (uint8_t)s->total, seq = (uint8_t)s->seq;

	if (s->how.method == SMPP_SPLIT_UDH16) {
		/* Element and its length in one. */
		smpp_wr_u16(out, SMPP_IE_CONCAT_16 << 8 | 4);
		smpp_wr_u16(out, s->how.ref);
	} else {
		smpp_wr_u16(out, SMPP_IE_CONCAT_8 << 8 | 3);
		smpp_wr_u8(out, (uint8_t)s->how.ref);
	}
	smpp_wr_u8(out, total);
	smpp_wr_u8(out, seq);
}

static void
put_shift(struct smpp_wr *out, uint8_t element, uint8_t lang)
{
	if (lang == 0)
		return;
	smpp_wr_u8(out, element);
	smpp_wr_u8(out, 1);
	smpp_wr_u8(out, lang);
}

/* The header of this part. Returns whether it has one. */
static bool
split_put_header(struct smpp_wr *out, const struct smpp_split *s)
{
	uint32_t concat = concat_size(s), size = header_size(&s->how, concat);

	if (size == 0)
		return false;
	smpp_wr_u8(out, (uint8_t)(size - 1));
	if (concat > 0)
		put_concat(out, s);
	put_shift(out, SMPP_IE_SINGLE_SHIFT, s->how.coding.single);
	put_shift(out, SMPP_IE_LOCKING_SHIFT, s->how.coding.locking);
	/* Every part has them again: a shift or a port holds for the part that
	 * carries it only (spec/packing.md). */
	smpp_wr_view(out, s->how.elements);
	return true;
}

int
smpp_split_next(struct smpp_split *s, struct smpp_part *part,
    struct smpp_wr *out, struct smpp_err *err)
{
	size_t start = out->n;
	int rc;

	if (s->seq == s->total)
		return 0;
	s->seq++;
	*part = (struct smpp_part){
	    .total = (uint8_t)s->total, .seq = (uint8_t)s->seq};
	rc = split_take(
	    &s->text, &part->text, &part->units, s->room, s->how.coding, err);
	if (rc != 0)
		return rc;
	part->udhi = split_put_header(out, s);
	rc = smpp_text_encode(out, part->text, s->how.coding, err);
	if (rc != 0)
		return rc;
	part->data = smpp_view_of(out->p + start, out->n - start);
	smpp_put_u16(part->sar, s->how.ref);
	part->sar[2] = part->total;
	part->sar[3] = part->seq;
	return 1;
}

static int
set_sar(struct smpp_pdu *pdu, const struct smpp_part *part)
{
	static const uint16_t tags[3] = {SMPP_T_sar_msg_ref_num,
	    SMPP_T_sar_total_segments, SMPP_T_sar_segment_seqnum};
	const struct smpp_view values[3] = {
	    {part->sar, 2}, {part->sar + 2, 1}, {part->sar + 3, 1}};
	int i, rc = 0;

	for (i = 0; i < 3 && rc == 0; i++)
		rc = smpp_pdu_add_tlv(pdu, tags[i], values[i]);
	return rc;
}

int
smpp_part_set(struct smpp_pdu *pdu, const struct smpp_split *s,
    const struct smpp_part *part)
{
	uint32_t esm = smpp_pdu_num(pdu, SMPP_F_esm_class);
	int rc = 0;

	if (part->udhi)
		smpp_pdu_set_num(
		    pdu, SMPP_F_esm_class, esm | SMPP_esm_class_udhi);
	if (s->how.method == SMPP_SPLIT_PAYLOAD || part->data.n > MAX_SHORT)
		rc = smpp_pdu_add_tlv(pdu, SMPP_T_message_payload, part->data);
	else
		smpp_pdu_set_view(pdu, SMPP_F_short_message, part->data);
	if (rc == 0 && s->how.method == SMPP_SPLIT_SAR && part->total > 1)
		rc = set_sar(pdu, part);
	return rc;
}

/*
 * The choice so far, replaced by GSM 7-bit with national tables where that
 * needs fewer parts.
 */
struct choice {
	struct smpp_split_how how;
	struct smpp_view text;
	uint8_t alphabet; /* of 7 bits, packed or not */
	int parts;
};

static void
try_tables(struct choice *c, uint8_t single, uint8_t locking)
{
	struct smpp_split_how how = c->how;
	struct smpp_split s;
	struct smpp_err err;
	int n;

	how.coding = (struct smpp_coding){c->alphabet, single, locking, 0};
	/*
	 * It fails where a character is in none of these tables; then the
	 * choice so far stays. Equal numbers of parts do not replace it, for
	 * UCS-2 is what every phone reads.
	 */
	n = smpp_split_begin(&s, c->text, &how, &err);
	if (n > 0 && n < c->parts) {
		c->how = how;
		c->parts = n;
	}
}

/* One table first, then two: more elements leave less room. */
static void
try_languages(struct choice *c, uint8_t first, uint8_t last)
{
	uint8_t lang;

	for (lang = first; lang <= last; lang++)
		try_tables(c, lang, 0);
	for (lang = first; lang <= last; lang++)
		if (smpp_national_locks(lang))
			try_tables(c, 0, lang);
	for (lang = first; lang <= last; lang++)
		if (smpp_national_locks(lang))
			try_tables(c, lang, lang);
}

int
smpp_split_choose(struct smpp_split_how *how, struct smpp_view text,
    int national, struct smpp_err *err)
{
	struct choice c = {.how = *how, .text = text};
	struct smpp_split s;
	int n = smpp_split_begin(&s, text, how, err);

	/* Any other failure would befall UCS-2 as well. */
	if (n != SMPP_ECHARSET)
		return n;
	c.alphabet = how->coding.alphabet == SMPP_ALPHA_GSM7_PACKED
			 ? SMPP_ALPHA_GSM7_PACKED
			 : SMPP_ALPHA_GSM7;
	c.how.coding = (struct smpp_coding){.alphabet = SMPP_ALPHA_UCS2};
	n = smpp_split_begin(&s, text, &c.how, err);
	c.parts = n > 0 ? n : SMPP_PARTS_MAX + 1;
	if (national == SMPP_NATIONAL_AUTO)
		try_languages(&c, 1, SMPP_NATIONAL_COUNT - 1);
	else if (national != SMPP_NATIONAL_OFF)
		try_languages(&c, (uint8_t)national, (uint8_t)national);
	*how = c.how;
	return c.parts > SMPP_PARTS_MAX ? n : c.parts;
}
