/* What reading a PDU from text and from JSON have in common. */
#include "show/build.h"

#include <string.h>

#include "show/suggest.h"

void
smpp_item_init(struct smpp_item *it, const struct smpp_field *body)
{
	memset(it, 0, sizeof(*it));
	it->body = body;
}

int
smpp_item_row(
    const struct smpp_item *it, struct view name, struct smpp_err *err)
{
	int n;

	for (n = 0; it->body[n].kind != SMPP_KIND_END; n++)
		if (view_is(name, smpp_name(it->body[n].name)))
			return n;
	return smpp_err_set(err, SMPP_ENAME, "no '%.*s' here, but '%s'",
	    (int)(name.n > 32 ? 32 : name.n), (const char *)name.p,
	    smpp_name(it->body[0].name));
}

void
smpp_item_set(struct smpp_item *it, int n, struct smpp_val v)
{
	it->v[n] = v;
	it->set |= 1u << n;
}

static bool
is_set(const struct smpp_item *it, unsigned name)
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
	if (it->set & 1)
		return it->v[0].num;
	return is_set(it, SMPP_F_dl_name) ? 2 : 1;
}

static void
write_row(struct wr *out, const struct smpp_field *row,
    const struct smpp_val *v, uint32_t num)
{
	switch (row->kind) {
	case SMPP_KIND_CSTR:
		wr_cstr(out, (struct view){v->p, v->n});
		break;
	case SMPP_KIND_OCTETS:
		wr_view(out, (struct view){v->p, v->n});
		break;
	case SMPP_KIND_U8:
		wr_u8(out, (uint8_t)num);
		break;
	case SMPP_KIND_U16:
		wr_u16(out, (uint16_t)num);
		break;
	default:
		wr_u32(out, num);
	}
}

void
smpp_item_write(const struct smpp_item *it, struct wr *out, bool whole)
{
	const uint32_t flag = dest_flag(it);
	const struct smpp_field *row;
	int n;

	for (n = 0; it->body[n].kind != SMPP_KIND_END; n++) {
		row = &it->body[n];
		if (!whole && it->set >> n == 0)
			return;
		if (row->arg == SMPP_ARG_WHEN && row->other != flag)
			continue;
		write_row(out, row, &it->v[n],
		    row->name == SMPP_F_dest_flag ? flag : it->v[n].num);
	}
}

static bool
digits(struct view text, uint64_t *num)
{
	const bool hex = text.n > 2 && text.p[0] == '0' &&
			 (text.p[1] | 0x20) == 'x';
	uint32_t i = hex ? 2 : 0;
	unsigned d;

	*num = 0;
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
    struct view text, unsigned set, const char *what, struct smpp_err *err)
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

int
smpp_build_number(struct view text, unsigned set, uint32_t max,
    const char *what, uint32_t *num, struct smpp_err *err)
{
	uint64_t n;

	if (digits(text, &n)) {
		if (n > max)
			return smpp_err_set(err, SMPP_ERANGE,
			    "%s: %.*s is above %u", what, (int)text.n,
			    (const char *)text.p, max);
		*num = (uint32_t)n;
		return 0;
	}
	if (smpp_enum_value(set, text, num) != 0)
		return no_symbol(text, set, what, err);
	return 0;
}

uint32_t
smpp_kind_max(unsigned kind)
{
	if (kind == SMPP_KIND_U8)
		return UINT8_MAX;
	return kind == SMPP_KIND_U16 ? UINT16_MAX : UINT32_MAX;
}

int
smpp_build_tlv(struct smpp_pdu *pdu, uint16_t tag, struct wr *store, size_t n,
    struct smpp_err *err)
{
	int rc;

	if (store->bad)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	rc = smpp_add_tlv(pdu, tag, view_of(store->p + store->n - n, n));
	if (rc != 0)
		smpp_err_set(err, rc, "TLV 0x%04x: %s", tag, smpp_err_text(rc));
	return rc;
}

int
smpp_build_tlv_number(struct smpp_pdu *pdu, uint16_t tag,
    const struct smpp_tlv_row *row, uint32_t num, struct wr *store,
    struct smpp_err *err)
{
	unsigned size = row == NULL ? 4 : row->min == 0 ? 1 : row->min;

	if (row != NULL && size < 4 && num >> 8 * size != 0)
		size = row->max < 4 ? row->max : 4;
	if (size > 4)
		return smpp_err_set(err, SMPP_ERANGE,
		    "TLV 0x%04x: a number does not make %u octets", tag, size);
	if (size < 4 && num >> 8 * size != 0)
		return smpp_err_set(err, SMPP_ERANGE,
		    "TLV 0x%04x: %u does not fit %u octets", tag, num, size);
	if (size == 1)
		wr_u8(store, (uint8_t)num);
	else if (size == 2)
		wr_u16(store, (uint16_t)num);
	else
		wr_u32(store, num);
	return smpp_build_tlv(pdu, tag, store, size, err);
}

int
smpp_build_octets(struct smpp_pdu *pdu, const struct smpp_field *row,
    struct wr *store, size_t n, struct smpp_err *err)
{
	if (store->bad)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	smpp_set_view(pdu, row->name, view_of(store->p + store->n - n, n));
	return 0;
}
