/* What reading a PDU from text and from JSON have in common. */
#include "show/build_int.h"

#include <string.h>

#include "show/show.h"
#include "base/suggest.h"

void
smpp_item_init(struct smpp_item *it, const struct smpp_field *body)
{
	memset(it, 0, sizeof(*it));
	it->body = body;
}

int
smpp_item_row(
    const struct smpp_item *it, struct smpp_view name, struct smpp_err *err)
{
	int n;

	for (n = 0; it->body[n].kind != SMPP_KIND_END; n++)
		if (smpp_view_is(name, smpp_field_name(it->body[n].name)))
			return n;
	/* An item has few names, and one of them shows what kind of item it
	 * is. */
	return smpp_err_set(err, SMPP_ENAME, "no '%.*s' here, but '%s'",
	    (int)(name.n > 32 ? 32 : name.n), (const char *)name.p,
	    smpp_field_name(it->body[0].name));
}

void
smpp_item_set(struct smpp_item *it, int n, struct smpp_val v)
{
	it->v[n] = v;
	it->set |= 1u << n;
}

static bool
build_is_set(const struct smpp_item *it, unsigned name)
{
	int n;

	for (n = 0; it->body[n].kind != SMPP_KIND_END; n++)
		if (it->body[n].name == name)
			return it->set >> n & 1;
	return false;
}

/* What WHEN rows depend on. */
static uint32_t
dest_flag(const struct smpp_item *it)
{
	if (it->body[0].name != SMPP_F_dest_flag)
		return 0;
	/* Given wins; else what was named tells which form is meant. */
	if (it->set & 1)
		return it->v[0].num;
	return build_is_set(it, SMPP_F_dl_name) ? SMPP_dest_flag_dl
						: SMPP_dest_flag_sme;
}

static bool
has_nul(const uint8_t *p, size_t n)
{
	return n > 0 && memchr(p, 0, n) != NULL;
}

int
smpp_item_check(const struct smpp_item *it, struct smpp_err *err)
{
	const uint32_t flag = dest_flag(it);
	const struct smpp_field *row;
	int n;

	for (n = 0; it->body[n].kind != SMPP_KIND_END; n++) {
		row = &it->body[n];
		if ((it->set >> n & 1) == 0)
			continue;
		if (row->arg == SMPP_ARG_WHEN && row->other != flag)
			return smpp_err_set(err, SMPP_ESYNTAX,
			    "%s: not in an item of dest_flag %u",
			    smpp_field_name(row->name), flag);
		if (smpp_kind_is_string(row->kind) &&
		    has_nul(it->v[n].p, it->v[n].n))
			return smpp_err_set(err, SMPP_ESYNTAX,
			    "%s: a NUL inside the string",
			    smpp_field_name(row->name));
	}
	return 0;
}

static void
write_row(struct smpp_wr *out, const struct smpp_field *row,
    const struct smpp_val *v, uint32_t num)
{
	switch (row->kind) {
	case SMPP_KIND_CSTR:
		smpp_wr_cstr(out, (struct smpp_view){v->p, v->n});
		break;
	case SMPP_KIND_OCTETS:
		smpp_wr_view(out, (struct smpp_view){v->p, v->n});
		break;
	case SMPP_KIND_U8:
		smpp_wr_u8(out, (uint8_t)num);
		break;
	case SMPP_KIND_U16:
		smpp_wr_u16(out, (uint16_t)num);
		break;
	default:
		smpp_wr_u32(out, num);
	}
}

void
smpp_item_write(const struct smpp_item *it, struct smpp_wr *out, bool whole)
{
	const uint32_t flag = dest_flag(it);
	const struct smpp_field *row;
	int n;

	for (n = 0; it->body[n].kind != SMPP_KIND_END; n++) {
		row = &it->body[n];
		/*
		 * The members of a structure may end early, as its shorter
		 * forms do; an item of a list is always whole, with zeros for
		 * what was not given.
		 */
		if (!whole && it->set >> n == 0)
			return;
		if (row->arg == SMPP_ARG_WHEN && row->other != flag)
			continue;
		write_row(out, row, &it->v[n],
		    row->name == SMPP_F_dest_flag ? flag : it->v[n].num);
	}
}

static bool
build_digits(struct smpp_view text, uint64_t *num)
{
	const bool hex = text.n > 2 && text.p[0] == '0' &&
			 (text.p[1] | 0x20) == 'x';
	uint32_t i = hex ? 2 : 0;
	unsigned d;

	*num = 0;
	/* 18 digits of either base fit into 64 bits; what is longer is no
	 * number of 32 in any case. */
	if (text.n == 0 || text.n > 18)
		return false;
	for (; i < text.n; i++) {
		d = text.p[i] - (unsigned)'0';
		if (hex && d > 9)
			d = (text.p[i] | 0x20u) - 'a' + 10;
		if (d >= (hex ? 16u : 10u))
			return false;
		*num = *num * (hex ? 16 : 10) + d;
	}
	return true;
}

/* Says what the values are when a symbol is none of them. */
static int
no_symbol(
    struct smpp_view text, unsigned set, const char *what, struct smpp_err *err)
{
	const struct smpp_enum *e = smpp_sets[set];
	struct smpp_suggest s;
	char word[40] = "";
	int n = (int)(text.n < sizeof(word) ? text.n : sizeof(word) - 1);

	if (n > 0)
		memcpy(word, text.p, (size_t)n);
	if (e == NULL)
		return smpp_err_set(
		    err, SMPP_ESYNTAX, "%s: '%s' is not a number", what, word);
	smpp_suggest_init(&s, word);
	for (; e->match != SMPP_MATCH_END; e++)
		smpp_suggest_try(&s, e->symbol);
	if (s.best != NULL)
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "%s: no value '%s'; did you mean '%s'?", what, word,
		    s.best);
	return smpp_err_set(err, SMPP_ESYNTAX,
	    "%s: '%s' is neither a number nor a value such as '%s'", what, word,
	    smpp_sets[set]->symbol);
}

/* A number first: no symbol looks like one, and values that the set does not
 * name have to be sent, too. */
int
smpp_build_number(struct smpp_view text, unsigned set, uint32_t max,
    const char *what, uint32_t *num, struct smpp_err *err)
{
	uint64_t n;

	if (build_digits(text, &n)) {
		if (n > max)
			return smpp_err_set(err, SMPP_ERANGE,
			    "%s: %.*s is above %u", what, (int)text.n,
			    (const char *)text.p, max);
		*num = (uint32_t)n;
		return 0;
	}
	switch (smpp_enum_value(set, text, num)) {
	case 0:
		return 0;
	case SMPP_ERANGE:
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "%s: '%.*s' stands for several numbers; give the one meant",
		    what, (int)text.n, (const char *)text.p);
	case SMPP_ESYNTAX:
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "%s: two of '%.*s' exclude each other", what, (int)text.n,
		    (const char *)text.p);
	default:
		return no_symbol(text, set, what, err);
	}
}

uint32_t
smpp_kind_max(unsigned kind)
{
	if (kind == SMPP_KIND_U8)
		return UINT8_MAX;
	return kind == SMPP_KIND_U16 ? UINT16_MAX : UINT32_MAX;
}

int
smpp_build_uint(const struct smpp_tlv_row *row, uint32_t num, const char *what,
    struct smpp_wr *store, struct smpp_err *err)
{
	unsigned size;

	if (row != NULL && row->kind == SMPP_KIND_TEXT)
		row = NULL;
	/* The shortest form that holds it, where a TLV may have two; four
	 * octets where nothing is known of it. */
	size = row == NULL ? 4 : row->min == 0 ? 1 : row->min;
	if (row != NULL && row->kind != SMPP_KIND_UINT)
		return smpp_err_set(
		    err, SMPP_ESYNTAX, "%s: its value is no number", what);
	if (size < 4 && num >> 8 * size != 0)
		size = row->max;
	if (size < 4 && num >> 8 * size != 0)
		return smpp_err_set(err, SMPP_ERANGE,
		    "%s: %u does not fit %u octets", what, num, size);
	if (size == 1)
		smpp_wr_u8(store, (uint8_t)num);
	else if (size == 2)
		smpp_wr_u16(store, (uint16_t)num);
	else
		smpp_wr_u32(store, num);
	return 0;
}

size_t
smpp_build_tlv_begin(struct smpp_wr *store, uint16_t tag)
{
	const size_t start = store->n;

	smpp_wr_u16(store, tag);
	/* The length, which smpp_build_tlv_end() fills in. */
	smpp_wr_u16(store, 0);
	return start;
}

int
smpp_build_tlv_end(struct smpp_wr *store, size_t start, struct smpp_err *err)
{
	const size_t n = store->n - start - 4;
	uint8_t *p = store->p + start;

	if (store->bad)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	if (n > UINT16_MAX)
		return smpp_err_set(err, SMPP_ERANGE,
		    "TLV 0x%02x%02x: %zu octets, the limit is 65535", p[0],
		    p[1], n);
	smpp_put_u16(p + 2, (uint16_t)n);
	return 0;
}

int
smpp_build_tlvs(struct smpp_pdu *pdu, const struct smpp_wr *store, size_t start,
    struct smpp_err *err)
{
	if (store->bad)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	/* No TLVs at all: the PDU stays one that TLVs can be added to. */
	if (store->n == start)
		return 0;
	return smpp_pdu_set_tlvs(
	    pdu, smpp_view_of(store->p + start, store->n - start));
}

/* The row whose number is the size of a field, or NULL. */
static const struct smpp_field *
counter(const struct smpp_pdu *pdu, unsigned name)
{
	const struct smpp_field *row = smpp_pdu_body(pdu->row, pdu->ver);

	for (; row->kind != SMPP_KIND_END; row++)
		if (row->arg == SMPP_ARG_COUNTS && row->other == name)
			return row;
	return NULL;
}

uint32_t
smpp_build_max(const struct smpp_pdu *pdu, unsigned name)
{
	const struct smpp_field *row = counter(pdu, name);

	return row == NULL ? UINT32_MAX : row->max;
}

/* What the size cannot count is refused, and the limit named is that of the
 * version: octets between the two come from peers and are shown as they are. */
int
smpp_build_count(const struct smpp_pdu *pdu, unsigned name, size_t n,
    const char *what, struct smpp_err *err)
{
	const struct smpp_field *row = counter(pdu, name);

	if (row == NULL || n <= smpp_kind_max(row->kind))
		return 0;
	return smpp_err_set(err, SMPP_ERANGE, "%s: %zu %s, the limit is %u",
	    smpp_field_name(name), n, what, row->max);
}

int
smpp_build_octets(struct smpp_pdu *pdu, const struct smpp_field *row,
    struct smpp_wr *store, size_t n, struct smpp_err *err)
{
	const uint8_t *p = store->p + store->n - n;
	int rc;

	if (store->bad)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	if (smpp_kind_is_string(row->kind) && has_nul(p, n))
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "%s: a NUL inside the string", smpp_field_name(row->name));
	if ((rc = smpp_build_count(pdu, row->name, n, "octets", err)) != 0)
		return rc;
	smpp_pdu_set_view(pdu, row->name, smpp_view_of(p, n));
	return 0;
}

/* There is one kind of octets that stand between text and TLVs, see
 * stray_nul() in decode.c; of others nobody would know where they go. */
int
smpp_build_stray(
    struct smpp_pdu *pdu, struct smpp_view octets, struct smpp_err *err)
{
	const struct smpp_field *body;

	body = pdu->row == NULL ? NULL : smpp_pdu_body(pdu->row, pdu->ver);
	if (body == NULL || smpp_field_of(body, SMPP_F_short_message) == NULL)
		return smpp_err_set(err, SMPP_ENAME,
		    "stray: this PDU has no short_message to follow");
	if (!smpp_view_eq(octets, smpp_view_of("", 1)))
		return smpp_err_set(
		    err, SMPP_ESYNTAX, "stray: nothing but 00 is known");
	pdu->stray = 1;
	return 0;
}

bool
smpp_secret_masked(struct smpp_view secret)
{
	uint32_t i = 0;

	while (i < secret.n && secret.p[i] == '*')
		i++;
	return i > 0 && i == secret.n;
}
