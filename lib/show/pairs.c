/* A PDU as name=value text, the form that assign.c reads. */
#include "show/quote_int.h"
#include "show/show.h"

/* Octet by octet, as assign.c reads it: what is above ASCII could be of any
 * alphabet. */
static void
pairs_quoted(struct smpp_sbuf *out, struct smpp_view v)
{
	uint32_t i;

	smpp_sbuf_putc(out, '"');
	for (i = 0; i < v.n; i++) {
		const uint8_t c = v.p[i];

		if (c == '"' || c == '\\')
			smpp_sbuf_printf(out, "\\%c", c);
		else if (c < 0x20 || c > 0x7E)
			smpp_sbuf_printf(out, "\\x%02x", c);
		else
			smpp_sbuf_putc(out, (char)c);
	}
	smpp_sbuf_putc(out, '"');
}

/* Asterisks stand without quotes: so assign.c knows that they hide
 * something. */
static void
pairs_value(struct smpp_sbuf *out, const struct smpp_field *row,
    const struct smpp_val *v, bool secrets)
{
	uint32_t i;

	smpp_sbuf_printf(out, "%s=", smpp_field_name(row->name));
	switch (row->kind) {
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
		if (smpp_field_secret(row->name) && !secrets)
			for (i = 0; i < v->n; i++)
				smpp_sbuf_putc(out, '*');
		else
			pairs_quoted(out, (struct smpp_view){v->p, v->n});
		break;
	case SMPP_KIND_OCTETS:
		smpp_sbuf_puts(out, "hex:");
		smpp_sbuf_hex(out, v->p, v->n);
		break;
	default:
		smpp_sbuf_u32(out, v->num);
	}
}

static void
pairs_list(struct smpp_sbuf *out, const struct smpp_field *row,
    const struct smpp_val *v)
{
	struct smpp_item_it it;

	smpp_sbuf_printf(out, "%s=[", smpp_field_name(row->name));
	smpp_item_begin(&it, row->items, (struct smpp_view){v->p, v->n});
	while (smpp_item_next(&it)) {
		if (it.first && it.item > 0)
			smpp_sbuf_puts(out, "},");
		smpp_sbuf_putc(out, it.first ? '{' : ' ');
		pairs_value(out, it.field, &it.val, true);
	}
	smpp_sbuf_puts(out, v->n > 0 ? "}]" : "]");
}

static void
pairs_fields(struct smpp_sbuf *out, const struct smpp_pdu *pdu, bool secrets)
{
	const struct smpp_field *row = smpp_pdu_body(pdu->row, pdu->ver);
	const struct smpp_val *v;

	for (; row->kind != SMPP_KIND_END; row++) {
		if (!smpp_pdu_has(pdu, row->name))
			continue;
		v = &pdu->f[row->name];
		smpp_sbuf_putc(out, ' ');
		if (row->kind == SMPP_KIND_LIST)
			pairs_list(out, row, v);
		else
			pairs_value(out, row, v, secrets);
	}
}

/*
 * A TLV: as a number or text where reading that gives the same octets. Shorter
 * or longer forms of a number, strings without their NUL and what is no text
 * go as hex:, which is exact.
 */
static void
pairs_tlv(
    struct smpp_sbuf *out, const struct smpp_pdu *pdu, const struct smpp_tlv *t)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(pdu, t->tag);
	struct smpp_view v = smpp_tlv_view(t);

	if (row == NULL)
		smpp_sbuf_printf(out, " tlv.0x%04x=", t->tag);
	else
		smpp_sbuf_printf(out, " tlv.%s=", row->name);
	if (row != NULL && row->kind == SMPP_KIND_UINT && v.n == row->min &&
	    v.n > 0) {
		smpp_sbuf_u32(out, t->num);
	} else if (row != NULL && smpp_kind_is_string(row->kind) && v.n > 0 &&
		   v.p[v.n - 1] == 0) {
		v.n--;
		pairs_quoted(out, v);
	} else if (row != NULL && row->kind == SMPP_KIND_TEXT &&
		   smpp_quote_is_text(&v)) {
		pairs_quoted(out, smpp_tlv_view(t));
	} else {
		smpp_sbuf_puts(out, "hex:");
		smpp_sbuf_hex(out, v.p, v.n);
	}
}

void
smpp_pdu_pairs(struct smpp_sbuf *out, const struct smpp_pdu *pdu, bool secrets)
{
	struct smpp_tlv_it it;
	struct smpp_tlv t;

	if (pdu->row != NULL)
		smpp_sbuf_puts(out, pdu->row->name);
	else
		smpp_sbuf_printf(out, "0x%08x", pdu->command_id);
	if (pdu->command_status != 0)
		smpp_sbuf_printf(
		    out, " command_status=%u", pdu->command_status);
	smpp_sbuf_printf(out, " sequence_number=%u", pdu->sequence_number);
	if (pdu->row != NULL)
		pairs_fields(out, pdu, secrets);
	if (pdu->stray)
		smpp_sbuf_puts(out, " stray=hex:00");
	smpp_tlv_begin(&it, pdu);
	while (smpp_tlv_next(&it, &t))
		pairs_tlv(out, pdu, &t);
	if (pdu->cut) {
		smpp_sbuf_puts(out, " undecoded=hex:");
		smpp_show_hex(out, pdu, pdu->rest, secrets);
	}
}
