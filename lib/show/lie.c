/* What smpp_encode wrote, and then some of it otherwise. */
#include "show/lie.h"

#include "show/build_int.h"

static const char length_word[] = ".!length=";

/* The offset of ".!length=" in a word that begins with "tlv."; 0 for none. */
static uint32_t
length_at(struct smpp_view word)
{
	const uint32_t n = sizeof(length_word) - 1;

	if (word.n < 4 || memcmp(word.p, "tlv.", 4) != 0)
		return 0;
	for (uint32_t i = 4; i + n <= word.n && word.p[i] != '='; i++)
		if (memcmp(word.p + i, length_word, n) == 0)
			return i;
	return 0;
}

bool
smpp_lie_is(struct smpp_view word)
{
	if (word.n == 0)
		return false;
	return *word.p == '!' || *word.p == '~' || *word.p == '+' ||
	       length_at(word) != 0;
}

/* What follows the first n octets of a view. */
static struct smpp_view
lie_after(struct smpp_view v, uint32_t n)
{
	return smpp_view_of(v.p + n, v.n - n);
}

static bool
lie_starts(struct smpp_view v, const char *s)
{
	size_t n = strlen(s);

	return v.n >= n && memcmp(v.p, s, n) == 0;
}

static int
parse_append(struct smpp_lie *lie, struct smpp_view text, struct smpp_wr *store,
    struct smpp_err *err)
{
	int64_t n;

	lie->kind = SMPP_LIE_APPEND;
	if (!lie_starts(text, "hex:"))
		return smpp_err_set(
		    err, SMPP_ESYNTAX, "what follows '+' is hex:0aff");
	n = smpp_build_value(text, "+", store, err);
	if (n < 0)
		return (int)n;
	lie->octets = smpp_view_of(store->p + store->n - n, (size_t)n);
	return 0;
}

static int
parse_omit(struct smpp_lie *lie, const struct smpp_pdu *pdu,
    struct smpp_view name, struct smpp_err *err)
{
	const struct smpp_field *row = smpp_build_row(pdu, name, err);

	if (row == NULL)
		return SMPP_ENAME;
	lie->kind = SMPP_LIE_OMIT;
	lie->name = row->name;
	return 0;
}

static int
parse_length(struct smpp_lie *lie, const struct smpp_pdu *pdu,
    struct smpp_view word, uint32_t at, struct smpp_err *err)
{
	int rc = smpp_build_tag(
	    pdu, smpp_view_of(word.p + 4, at - 4), &lie->tag, err);

	lie->kind = SMPP_LIE_LENGTH;
	if (rc != 0)
		return rc;
	return smpp_build_number(lie_after(word, at + sizeof(length_word) - 1),
	    SMPP_SET_none, UINT16_MAX, "length", &lie->num, err);
}

static bool
is_integer(const struct smpp_field *row)
{
	return row->kind == SMPP_KIND_U8 || row->kind == SMPP_KIND_U16 ||
	       row->kind == SMPP_KIND_U32;
}

/* "field=value": an integer of the field's width, or any octets. */
static int
parse_field(struct smpp_lie *lie, const struct smpp_pdu *pdu,
    struct smpp_view pair, struct smpp_wr *store, struct smpp_err *err)
{
	const uint8_t *eq = pair.n == 0 ? NULL : memchr(pair.p, '=', pair.n);
	const struct smpp_field *row;
	struct smpp_view value;
	int64_t n;

	if (eq == NULL)
		return smpp_err_set(
		    err, SMPP_ESYNTAX, "what follows '!' is name=value");
	value = lie_after(pair, (uint32_t)(eq - pair.p) + 1);
	pair.n -= value.n + 1;
	row = smpp_build_row(pdu, pair, err);
	if (row == NULL)
		return SMPP_ENAME;
	lie->name = row->name;
	lie->kind = SMPP_LIE_NUMBER;
	if (is_integer(row))
		return smpp_build_number(value, row->set,
		    smpp_kind_max(row->kind), smpp_field_name(row->name),
		    &lie->num, err);
	lie->kind = SMPP_LIE_OCTETS;
	n = smpp_build_value(value, smpp_field_name(row->name), store, err);
	if (n < 0)
		return (int)n;
	/* Text gets its NUL, so that only the value lies; hex: is exact, and
	 * how to leave the NUL out. */
	if (smpp_kind_is_string(row->kind) && !lie_starts(value, "hex:")) {
		smpp_wr_u8(store, 0);
		n++;
	}
	if (store->bad)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	lie->octets = smpp_view_of(store->p + store->n - n, (size_t)n);
	return 0;
}

int
smpp_lie_parse(struct smpp_lies *lies, const struct smpp_pdu *pdu,
    struct smpp_view word, struct smpp_wr *store, struct smpp_err *err)
{
	struct smpp_lie *lie = &lies->v[lies->n];
	int rc;

	if (lies->n == SMPP_LIES_MAX)
		return smpp_err_set(err, SMPP_ENOSPACE,
		    "more than %d lies in one PDU", SMPP_LIES_MAX);
	*lie = (struct smpp_lie){0};
	if (length_at(word) != 0)
		rc = parse_length(lie, pdu, word, length_at(word), err);
	else if (lie_starts(word, "+"))
		rc = parse_append(lie, lie_after(word, 1), store, err);
	else if (lie_starts(word, "~"))
		rc = parse_omit(lie, pdu, lie_after(word, 1), err);
	else if (lie_starts(word, "!"))
		rc = parse_field(lie, pdu, lie_after(word, 1), store, err);
	else
		rc = smpp_err_set(err, SMPP_ESYNTAX, "no lie");
	if (rc == 0)
		lies->n++;
	return rc;
}

/* The PDU being written, and what is left of the truth. */
struct lying {
	struct smpp_wr *w;
	const struct smpp_pdu *pdu;
	const struct smpp_lies *lies;
	struct smpp_view truth;
	bool length_kept; /* command_length is there and to be made right */
};

/* The last lie about a field, or NULL. The order of the kinds in lie.h
 * matters: those up to SMPP_LIE_OMIT are about a field. */
static const struct smpp_lie *
about(const struct smpp_lies *lies, unsigned name)
{
	const struct smpp_lie *found = NULL;

	for (unsigned i = 0; i < lies->n; i++)
		if (lies->v[i].kind <= SMPP_LIE_OMIT && lies->v[i].name == name)
			found = &lies->v[i];
	return found;
}

/* Takes n octets of the truth, or all there are. Fewer than n are left where a
 * PDU that was cut on the wire is lied about. */
static struct smpp_view
lie_take(struct lying *l, size_t n)
{
	struct smpp_view v = l->truth;

	if (n < v.n)
		v.n = (uint32_t)n;
	l->truth = lie_after(l->truth, v.n);
	return v;
}

static void
lie_put_number(struct smpp_wr *w, unsigned kind, uint32_t num)
{
	if (kind == SMPP_KIND_U8)
		smpp_wr_u8(w, (uint8_t)num);
	else if (kind == SMPP_KIND_U16)
		smpp_wr_u16(w, (uint16_t)num);
	else
		smpp_wr_u32(w, num);
}

static void
lie_put_field(struct lying *l, const struct smpp_field *row)
{
	struct smpp_view truth = lie_take(l, smpp_pdu_field_size(l->pdu, row));
	const struct smpp_lie *lie = about(l->lies, row->name);

	if (lie == NULL)
		smpp_wr_view(l->w, truth);
	else if (lie->kind == SMPP_LIE_NUMBER)
		lie_put_number(l->w, row->kind, lie->num);
	else if (lie->kind == SMPP_LIE_OCTETS)
		smpp_wr_view(l->w, lie->octets);
	if (lie != NULL && row->name == SMPP_F_command_length)
		l->length_kept = false;
}

/* Writes the TLVs; the first one of a tag may have a length that lies. */
static void
lie_put_tlvs(struct lying *l, unsigned *used)
{
	const struct smpp_lie *lie;
	struct smpp_view head;
	unsigned i;

	while (l->truth.n >= 4) {
		head = lie_take(l, 4);
		smpp_wr_view(l->w, head);
		for (i = 0; i < l->lies->n; i++) {
			lie = &l->lies->v[i];
			if (lie->kind != SMPP_LIE_LENGTH || *used >> i & 1 ||
			    lie->tag != (head.p[0] << 8 | head.p[1]))
				continue;
			/* A bit for each lie, of which there are fewer than
			 * bits. */
			*used |= 1u << i;
			if (!l->w->bad)
				smpp_put_u16(
				    l->w->p + l->w->n - 2, (uint16_t)lie->num);
		}
		smpp_wr_view(
		    l->w, lie_take(l, (size_t)(head.p[2] << 8 | head.p[3])));
	}
}

/*
 * The truth is walked with the sizes of its fields, never decoded: lies shall
 * not depend on what a decoder makes of them. command_length is made right
 * again at the end, unless it is what the lie is about, so that one lie is one
 * fault.
 */
int
smpp_lie_write(struct smpp_wr *w, const struct smpp_pdu *pdu,
    struct smpp_view truth, const struct smpp_lies *lies)
{
	struct lying l = {w, pdu, lies, truth, true};
	const size_t start = w->n;
	const struct smpp_field *row;
	unsigned i, used = 0;

	for (i = 0; i < SMPP_F_HEADER_COUNT; i++)
		lie_put_field(&l, &smpp_header[i]);
	/* A response that has no body has no fields to lie about, and gets
	 * none. */
	if (pdu->row != NULL && l.truth.n > 0) {
		row = smpp_pdu_body(pdu->row, pdu->ver);
		for (; row->kind != SMPP_KIND_END; row++)
			lie_put_field(&l, row);
		lie_put_tlvs(&l, &used);
	}
	smpp_wr_view(w, l.truth);
	for (i = 0; i < lies->n; i++) {
		if (lies->v[i].kind == SMPP_LIE_APPEND)
			smpp_wr_view(w, lies->v[i].octets);
		/* A lie about a TLV that is not there would be none: said
		 * rather than sent. */
		if (lies->v[i].kind == SMPP_LIE_LENGTH && !(used >> i & 1))
			return SMPP_ENAME;
	}
	if (w->bad || w->n - start > INT32_MAX)
		return SMPP_ENOSPACE;
	if (l.length_kept)
		smpp_put_u32(w->p + start, (uint32_t)(w->n - start));
	return (int)(w->n - start);
}

/* The number that stands in a truthful PDU. As encode.c writes it: a count is
 * that of what it counts. */
static uint32_t
really(const struct smpp_pdu *pdu, unsigned name)
{
	const struct smpp_field *row = NULL;

	if (name >= SMPP_F_HEADER_COUNT && pdu->row != NULL)
		row = smpp_field_of(smpp_pdu_body(pdu->row, pdu->ver), name);
	if (row != NULL && row->arg == SMPP_ARG_COUNTS)
		return smpp_pdu_has(pdu, row->other) ? pdu->f[row->other].num
						     : 0;
	return smpp_pdu_num(pdu, name);
}

static uint32_t
really_long(const struct smpp_pdu *pdu, uint16_t tag)
{
	const struct smpp_tlv *tlv = smpp_pdu_tlv(pdu, tag);

	return tlv == NULL ? 0 : tlv->n;
}

void
smpp_lie_text(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_lie *lie)
{
	const struct smpp_tlv_row *tlv = smpp_pdu_tlv_row(pdu, lie->tag);

	switch (lie->kind) {
	case SMPP_LIE_NUMBER:
		smpp_sbuf_printf(out, "%s lies (%u, really %u)",
		    smpp_field_name(lie->name), lie->num,
		    really(pdu, lie->name));
		break;
	case SMPP_LIE_OCTETS:
		smpp_sbuf_printf(out, "%s lies (%u octets)",
		    smpp_field_name(lie->name), lie->octets.n);
		break;
	case SMPP_LIE_OMIT:
		smpp_sbuf_printf(
		    out, "%s left out", smpp_field_name(lie->name));
		break;
	case SMPP_LIE_LENGTH:
		if (tlv != NULL)
			smpp_sbuf_printf(out, "length of %s", tlv->name);
		else
			smpp_sbuf_printf(out, "length of tlv 0x%04x", lie->tag);
		smpp_sbuf_printf(out, " lies (%u, really %u)", lie->num,
		    really_long(pdu, lie->tag));
		break;
	default:
		smpp_sbuf_printf(out, "%u octets follow", lie->octets.n);
	}
}
