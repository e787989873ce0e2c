/* A PDU for people: one line a field, every octet in its place. */
#include "msg/body.h"
#include "msg/dlr.h"
#include "show/quote_int.h"
#include "show/receipttext.h"
#include "show/show.h"
#include "text/smpptime.h"

enum { ROW_OCTETS = 16, NARROW_OCTETS = 8, PLACE = 64 };

/*
 * Lines are gone through twice: once to learn how wide the columns are, when
 * value leads nowhere, once to print.
 */
struct lines {
	struct smpp_sbuf *out;
	struct smpp_sbuf *value;
	const struct smpp_pdu *pdu;
	const struct smpp_show *show;
	bool measuring;
	unsigned row; /* octets in a row at most */
	unsigned hexw, namew;
	struct smpp_view octets; /* of the line begun, what is left to print */
};

/* The octets of a colour count in no width: columns are measured by what is
 * printed between. */
static void
paint(const struct lines *l, const char *code)
{
	if (l->show->colour)
		smpp_sbuf_printf(l->out, "\033[%sm", code);
}

static void
spaces(struct smpp_sbuf *out, unsigned n)
{
	smpp_sbuf_printf(out, "%*s", (int)n, "");
}

/* Prints the next octets of the line, a row at most. */
static void
octet_columns(struct lines *l)
{
	struct smpp_view part = l->octets;
	uint32_t at;

	if (part.n > l->row)
		part.n = l->row;
	paint(l, "2");
	/* A line that stands for no octets: a receipt, another reading. */
	if (part.p == NULL) {
		spaces(l->out, 8);
	} else {
		at = (uint32_t)(part.p - l->pdu->wire.p);
		smpp_sbuf_printf(l->out, "  %04x  ", at);
	}
	smpp_show_hex(l->out, l->pdu, part, l->show->secrets);
	paint(l, "0");
	if (part.n > 0)
		l->octets.p += part.n;
	l->octets.n -= part.n;
}

/*
 * Begins the line of a field: its octets and its name. The caller writes the
 * value to l->value and calls line_end.
 */
static void
line_begin(struct lines *l, struct smpp_view octets, const char *name)
{
	unsigned hexw = octets.n < l->row ? octets.n * 2 : l->row * 2;
	unsigned namew = (unsigned)strlen(name);

	if (l->measuring) {
		l->hexw = hexw > l->hexw ? hexw : l->hexw;
		l->namew = namew > l->namew ? namew : l->namew;
		return;
	}
	if (!l->show->bare) {
		l->octets = octets;
		octet_columns(l);
		spaces(l->out, l->hexw - hexw);
	}
	spaces(l->out, 2);
	paint(l, "36");
	smpp_sbuf_puts(l->out, name);
	paint(l, "0");
	spaces(l->out, l->namew - namew + 2);
}

static void
print_line_end(struct lines *l)
{
	if (l->measuring)
		return;
	smpp_sbuf_putc(l->out, '\n');
	while (l->octets.n > 0) {
		octet_columns(l);
		smpp_sbuf_putc(l->out, '\n');
	}
}

static void
quoted_text(struct smpp_sbuf *out, const struct smpp_body *body)
{
	char tmp[1024];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, tmp, sizeof(tmp), smpp_quote_piece, out);
	smpp_sbuf_putc(out, '"');
	smpp_text_decode(&b, body->text, body->coding);
	smpp_sbuf_flush(&b);
	smpp_sbuf_putc(out, '"');
}

/*
 * The meanings of the bits of a flag field, those that are zero left out. A
 * group that is zero is its default and says nothing; only if all of it is
 * zero are the defaults named.
 */
static void
print_words(
    struct smpp_sbuf *out, unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e;
	const char *sep = "  ";

	for (e = smpp_sets[set]; e->match != SMPP_MATCH_END; e++) {
		if ((e->vers & ver) == 0 || (value & e->arg) != e->value ||
		    (e->value == 0 && value != 0))
			continue;
		smpp_sbuf_printf(out, "%s%s", sep, e->brief);
		sep = ", ";
	}
}

/* A status: name and, unless all is well, number and meaning. */
static void
status(struct smpp_sbuf *out, uint32_t code)
{
	const struct smpp_status *s = smpp_status_of(code);

	if (s == NULL)
		smpp_sbuf_printf(out, "0x%08x", code);
	else if (code == ESME_ROK)
		smpp_sbuf_puts(out, s->name);
	else
		smpp_sbuf_printf(
		    out, "%s (0x%08x), %s", s->name, code, s->text);
}

/* A coded number and what it stands for. */
static void
print_coded(
    struct smpp_sbuf *out, unsigned set, uint32_t num, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_enum_of(set, num, ver);
	const struct smpp_enum *gsm;

	if (set == SMPP_SET_command_status) {
		status(out, num);
	} else if (set == SMPP_SET_command_id) {
		e == NULL ? smpp_sbuf_printf(out, "0x%08x", num)
			  : smpp_sbuf_puts(out, e->symbol);
	} else if (smpp_set_is_bits(set)) {
		smpp_sbuf_printf(out, "0x%02x", num);
		print_words(out, set, num, ver);
	} else if (set == SMPP_SET_data_coding && num > 0x0E) {
		/* From there on the octet is read as GSM's (3GPP 23.038). */
		gsm = smpp_enum_of(SMPP_SET_gsm_dcs, num, SMPP_VANY);
		smpp_sbuf_printf(out, "0x%02x  %s", num,
		    gsm == NULL ? "reserved" : gsm->brief);
	} else {
		smpp_sbuf_u32(out, num);
		if (e != NULL)
			smpp_sbuf_printf(out, "  %s", e->symbol);
	}
}

/* A time as it is written, and what that says. */
static void
time_value(struct smpp_sbuf *out, struct smpp_view v)
{
	struct smpp_time t;

	smpp_quote_octets(out, v);
	if (v.n == 0 || smpp_time_read(&t, v) >= 0)
		return;
	smpp_sbuf_put(out, "  ", 2);
	smpp_time_text(out, &t);
}

static void
print_masked(struct smpp_sbuf *out, uint32_t n)
{
	smpp_sbuf_putc(out, '"');
	while (n-- > 0)
		smpp_sbuf_putc(out, '*');
	smpp_sbuf_putc(out, '"');
}

static void
print_value(
    struct lines *l, const struct smpp_field *row, const struct smpp_val *v)
{
	const struct smpp_view octets = {v->p, v->n};

	if (row->kind == SMPP_KIND_OCTETS)
		smpp_sbuf_printf(l->value, "%u octets", v->n);
	else if (row->kind == SMPP_KIND_TIME)
		time_value(l->value, octets);
	else if (row->kind != SMPP_KIND_CSTR)
		print_coded(l->value, row->set, v->num, l->pdu->ver);
	else if (smpp_field_secret(row->name) && !l->show->secrets)
		print_masked(l->value, v->n);
	else
		smpp_quote_octets(l->value, octets);
}

/* The octets of a field, the NUL of a string included. */
static struct smpp_view
wire_octets(const struct smpp_field *row, const struct smpp_val *v)
{
	return (struct smpp_view){v->p, v->n + smpp_kind_is_string(row->kind)};
}

static void
print_list(
    struct lines *l, const struct smpp_field *row, const struct smpp_val *v)
{
	struct smpp_item_it it;
	char name[PLACE];
	struct smpp_issue place = {0};

	smpp_item_begin(&it, row->items, (struct smpp_view){v->p, v->n});
	while (smpp_item_next(&it)) {
		place.name = it.field->name;
		place.index = (int32_t)it.item;
		smpp_issue_place(&place, name, sizeof(name));
		line_begin(l, wire_octets(it.field, &it.val), name);
		print_value(l, it.field, &it.val);
		print_line_end(l);
	}
}

/* One element of a user data header; parts of long messages in words. */
static void
print_element(struct lines *l, const struct smpp_body *body, struct smpp_ie ie)
{
	const struct smpp_concat *c = &body->udh.concat;
	const char *known = smpp_ie_name(ie.iei);
	char name[PLACE];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, name, sizeof(name) - 1, NULL, NULL);
	if (known != NULL)
		smpp_sbuf_printf(&b, "udh %s", known);
	else
		smpp_sbuf_printf(&b, "udh 0x%02x", ie.iei);
	name[b.n] = '\0';
	/* With its identifier and length, which stand before it. */
	line_begin(l, (struct smpp_view){ie.data.p - 2, ie.data.n + 2}, name);
	if (c->total > 0 &&
	    (ie.iei == SMPP_IE_CONCAT_8 || ie.iei == SMPP_IE_CONCAT_16))
		smpp_sbuf_printf(l->value, "reference %u, part %u of %u",
		    c->ref, c->seq, c->total);
	else
		smpp_sbuf_hex(l->value, ie.data.p, ie.data.n);
	print_line_end(l);
}

/*
 * True when the octets could well be a text in this alphabet. Latin 1 has no
 * characters from 0x80 to 0x9f and few of its controls are ever sent; GSM
 * unpacked has 7 bits.
 */
static bool
plausible(struct smpp_view v, enum smpp_alphabet alphabet)
{
	uint32_t i;

	for (i = 0; i < v.n; i++) {
		const uint8_t c = v.p[i];

		if (alphabet == SMPP_ALPHA_GSM7
			? c > 0x7F
			: (c < 0x20 && c != '\n' && c != '\r') ||
			      (c > 0x7E && c < 0xA0))
			return false;
	}
	return true;
}

/*
 * What data_coding 0 means depends on the SMSC. Where its two commonest
 * meanings give different texts, the other one is shown as well.
 */
static void
other_reading(struct lines *l, const struct smpp_body *body)
{
	struct smpp_body other = *body;
	char one[1024], two[1024];
	struct smpp_sbuf a, b;

	if (smpp_pdu_num(l->pdu, SMPP_F_data_coding) != 0 ||
	    !smpp_pdu_has(l->pdu, SMPP_F_data_coding))
		return;
	other.coding.alphabet = body->coding.alphabet == SMPP_ALPHA_LATIN1
				    ? SMPP_ALPHA_GSM7
				    : SMPP_ALPHA_LATIN1;
	smpp_sbuf_init(&a, one, sizeof(one), NULL, NULL);
	smpp_sbuf_init(&b, two, sizeof(two), NULL, NULL);
	/* Texts that are longer are compared as far as there is room, which is
	 * enough to tell two alphabets apart. */
	smpp_text_decode(&a, body->text, body->coding);
	smpp_text_decode(&b, other.text, other.coding);
	if (!plausible(other.text, other.coding.alphabet) ||
	    smpp_view_eq(smpp_view_of(one, a.n), smpp_view_of(two, b.n)))
		return;
	line_begin(l, (struct smpp_view){NULL, 0}, "");
	quoted_text(l->value, &other);
	smpp_sbuf_printf(l->value,
	    "  if data_coding 0 is %s there (--default-alphabet)",
	    smpp_alphabet_name(other.coding.alphabet));
	print_line_end(l);
}

/* The octets of a message: its header by elements, then its text. */
static void
print_message(struct lines *l, const struct smpp_body *body, const char *name)
{
	struct smpp_ie ie;
	struct smpp_rd r;

	if (body->has_udh && body->udh_bad < 0) {
		line_begin(
		    l, (struct smpp_view){body->data.p, 1}, "udh length");
		smpp_sbuf_u32(l->value, body->udh.size - 1u);
		print_line_end(l);
		smpp_rd_init(&r, body->udh.elements);
		while (smpp_ie_next(&r, &ie))
			print_element(l, body, ie);
		line_begin(l, body->text, name);
	} else {
		line_begin(l, body->data, name);
	}
	if (body->coding.alphabet == SMPP_ALPHA_BINARY ||
	    (body->has_udh && body->udh_bad >= 0))
		smpp_sbuf_printf(l->value, "%u octets", body->data.n);
	else
		quoted_text(l->value, body);
	print_line_end(l);
	if (body->coding.alphabet != SMPP_ALPHA_BINARY &&
	    (!body->has_udh || body->udh_bad < 0))
		other_reading(l, body);
}

static void
print_field(
    struct lines *l, const struct smpp_field *row, const struct smpp_val *v)
{
	const bool unended = smpp_pdu_unended(l->pdu, row->name);

	line_begin(l, unended ? l->pdu->rest : wire_octets(row, v),
	    smpp_field_name(row->name));
	print_value(l, row, v);
	if (unended)
		smpp_sbuf_puts(l->value, "  (no NUL)");
	print_line_end(l);
}

static void
print_fields(struct lines *l, const struct smpp_body *body)
{
	const struct smpp_pdu *pdu = l->pdu;
	const struct smpp_field *row = smpp_pdu_body(pdu->row, pdu->ver);
	const struct smpp_val *v;

	for (; row->kind != SMPP_KIND_END; row++) {
		if (!smpp_pdu_has(pdu, row->name))
			continue;
		v = &pdu->f[row->name];
		if (row->kind == SMPP_KIND_LIST) {
			print_list(l, row, v);
		} else if (row->name == SMPP_F_short_message && v->n > 0 &&
			   body->field == SMPP_F_short_message) {
			print_message(l, body, smpp_field_name(row->name));
		} else {
			print_field(l, row, v);
		}
	}
}

static void
print_members(
    struct lines *l, const struct smpp_tlv_row *row, struct smpp_view octets)
{
	const char *sep = "";
	struct smpp_item_it it;

	smpp_member_begin(&it, row, octets);
	while (smpp_item_next(&it)) {
		smpp_sbuf_printf(
		    l->value, "%s%s ", sep, smpp_field_name(it.field->name));
		if (it.field->kind == SMPP_KIND_OCTETS)
			smpp_quote_octets(
			    l->value, (struct smpp_view){it.val.p, it.val.n});
		else
			print_value(l, it.field, &it.val);
		sep = ", ";
	}
}

static void
print_tlv_value(
    struct lines *l, const struct smpp_tlv_row *row, const struct smpp_tlv *t)
{
	struct smpp_view v = smpp_tlv_view(t);

	if (row == NULL || !smpp_tlv_sized(row, v.n, l->pdu->ver)) {
		smpp_sbuf_printf(l->value, "%u octets", v.n);
	} else if (smpp_kind_is_string(row->kind)) {
		v.n -= v.n > 0 && v.p[v.n - 1] == 0;
		if (row->kind == SMPP_KIND_TIME)
			time_value(l->value, v);
		else
			smpp_quote_octets(l->value, v);
	} else if (row->kind == SMPP_KIND_TEXT && smpp_quote_is_text(&v)) {
		smpp_sbuf_putc(l->value, '"');
		smpp_quote_piece(l->value, (const char *)v.p, v.n);
		smpp_sbuf_putc(l->value, '"');
	} else if (row->kind == SMPP_KIND_STRUCT) {
		print_members(l, row, v);
	} else if (row->kind == SMPP_KIND_UINT && v.n > 0) {
		print_coded(l->value, row->set, t->num, l->pdu->ver);
	} else {
		smpp_sbuf_printf(l->value, "%u octets", v.n);
	}
}

/* Prints a TLV: tag and length, then the value, each with its octets. */
static void
print_tlv(
    struct lines *l, const struct smpp_tlv *t, const struct smpp_body *body)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(l->pdu, t->tag);
	const char *name = row == NULL ? "unknown TLV" : row->name;

	line_begin(l, (struct smpp_view){t->p - 4, 4}, name);
	smpp_sbuf_printf(l->value, "tag 0x%04x, length %u", t->tag, t->n);
	print_line_end(l);
	if (t->n == 0)
		return;
	if (body->field == SMPP_F_tlv && body->data.p == t->p) {
		print_message(l, body, "");
		return;
	}
	line_begin(l, smpp_tlv_view(t), "");
	print_tlv_value(l, row, t);
	print_line_end(l);
}

static void
print_header(struct lines *l)
{
	unsigned i;

	for (i = 0; i < SMPP_F_HEADER_COUNT; i++) {
		if (!smpp_pdu_has(l->pdu, i))
			continue;
		line_begin(l,
		    (struct smpp_view){l->pdu->wire.p + (size_t)4 * i, 4},
		    smpp_field_name(i));
		print_coded(l->value, smpp_header[i].set, l->pdu->header[i],
		    l->pdu->ver);
		print_line_end(l);
	}
}

static void
print_receipt(struct lines *l)
{
	struct smpp_receipt r;

	if (!smpp_dlr_read(&r, l->pdu))
		return;
	line_begin(l, (struct smpp_view){NULL, 0}, "receipt");
	smpp_print_receipt(l->value, &r);
	print_line_end(l);
}

/* An id without its NUL is the rest itself and was printed under its name. */
static void
all_lines(struct lines *l, const struct smpp_body *body)
{
	struct smpp_tlv_it it;
	struct smpp_tlv t;

	print_header(l);
	if (l->pdu->row != NULL)
		print_fields(l, body);
	smpp_tlv_begin(&it, l->pdu);
	while (smpp_tlv_next(&it, &t))
		print_tlv(l, &t, body);
	if (l->pdu->row != NULL)
		print_receipt(l);
	if (l->pdu->rest.n > 0 &&
	    !smpp_pdu_unended(l->pdu, SMPP_F_message_id) &&
	    !smpp_pdu_unended(l->pdu, SMPP_F_system_id)) {
		line_begin(l, l->pdu->rest, "undecoded");
		smpp_sbuf_printf(l->value, "%u octets", l->pdu->rest.n);
		print_line_end(l);
	}
}

static void
title(struct lines *l)
{
	const struct smpp_pdu *pdu = l->pdu;
	/* By the id and not pdu->row: a command that this version lacks has a
	 * name, too. */
	const struct smpp_pdu_row *row = smpp_pdu_of(pdu->command_id);

	paint(l, "1");
	if (l->show->index > 0)
		smpp_sbuf_printf(
		    l->out, "PDU %llu  ", (unsigned long long)l->show->index);
	if (!smpp_pdu_has(pdu, SMPP_F_command_id))
		smpp_sbuf_printf(l->out, "%u octets", pdu->wire.n);
	else if (row != NULL)
		smpp_sbuf_puts(l->out, row->name);
	else
		smpp_sbuf_printf(l->out, "command 0x%08x", pdu->command_id);
	paint(l, "0");
	if (smpp_pdu_has(pdu, SMPP_F_command_length))
		smpp_sbuf_printf(l->out, "  %u bytes", pdu->command_length);
	if (pdu->wire.n < pdu->command_length)
		smpp_sbuf_printf(l->out, ", %u present", pdu->wire.n);
	if (smpp_pdu_has(pdu, SMPP_F_sequence_number))
		smpp_sbuf_printf(l->out, "  seq %u", pdu->sequence_number);
	smpp_sbuf_putc(l->out, '\n');
}

static void
remarks(struct lines *l, const struct smpp_issues *issues)
{
	static const char *const level[] = {"notice", "warning", "error"};
	char place[PLACE];
	unsigned i;

	for (i = 0; i < issues->n; i++) {
		const struct smpp_issue *is = &issues->v[i];

		/* Errors are told by the caller, with the place in the input;
		 * bare output has nothing but this. */
		if (is->level == SMPP_ERROR && !l->show->bare)
			continue;
		smpp_issue_place(is, place, sizeof(place));
		paint(l, is->level == SMPP_NOTICE ? "2" : "33");
		smpp_sbuf_printf(l->out, "  %04x  %s: %s: %s: ", is->offset,
		    level[is->level], place, smpp_err_word(is->kind));
		smpp_issue_text(l->out, l->pdu, is);
		paint(l, "0");
		smpp_sbuf_putc(l->out, '\n');
	}
}

/* The whole PDU as hexadecimal, to be copied. */
static void
raw(struct lines *l)
{
	struct smpp_view v = l->pdu->wire;
	struct smpp_view part;

	while (v.n > 0) {
		part = (struct smpp_view){v.p, v.n < 32 ? v.n : 32};
		smpp_sbuf_put(l->out, "  ", 2);
		smpp_show_hex(l->out, l->pdu, part, l->show->secrets);
		smpp_sbuf_putc(l->out, '\n');
		v.p += part.n;
		v.n -= part.n;
	}
}

void
smpp_print_pdu(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_show *show)
{
	struct lines l = {.out = out,
	    .pdu = pdu,
	    .show = show,
	    .row = show->narrow ? NARROW_OCTETS : ROW_OCTETS};
	struct smpp_body body = {.field = -1};
	struct smpp_sbuf none;
	char tmp[64];

	smpp_sbuf_init(&none, tmp, sizeof(tmp), smpp_sbuf_drop, NULL);
	if (pdu->row != NULL)
		smpp_body_read(&body, pdu, show->mc_default);
	if (!show->bare)
		title(&l);
	/* The octets of a line tell its width before its value is known, so
	 * the first walk needs no values and drops them. */
	l.measuring = true;
	l.value = &none;
	all_lines(&l, &body);
	l.measuring = false;
	l.value = out;
	all_lines(&l, &body);
	if (issues != NULL)
		remarks(&l, issues);
	if (show->raw)
		raw(&l);
}
