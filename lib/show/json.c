/* A PDU as the members of a JSON object, straight from the tables. */
#include "base/clock.h"
#include "msg/body.h"
#include "msg/dlr.h"
#include "show/receipttext.h"
#include "show/quote_int.h"
#include "show/show.h"

/*
 * Keys with what surrounds them, ready to be copied: ,"name": and
 * ,"name_name":" with the quote of the symbol. They fill their arrays up, so
 * that a copy has a constant size.
 */
enum { KEY_ROOM = 48 };

struct key {
	char plain[KEY_ROOM], coded[KEY_ROOM];
	uint8_t nplain, ncoded;
};

#define KEY(name)                                          \
	{                                                  \
		",\"" name "\":", ",\"" name "_name\":\"", \
		    sizeof(",\"" name "\":") - 1,          \
		    sizeof(",\"" name "_name\":\"") - 1    \
	}

static const struct key keys[] = {
#define SMPP_NAME(name, flags, status, brief) KEY(#name),
#define SMPP_NAME_INNER
#include "smpp/names.def"
#undef SMPP_NAME
#undef SMPP_NAME_INNER
};

/* Copies a key to out and returns its end. */
static char *
copy_key(char *out, const char *key, size_t n, bool comma)
{
	if (comma) {
		memcpy(out, key, KEY_ROOM);
		return out + n;
	}
	memcpy(out, key + 1, KEY_ROOM - 1);
	return out + n - 1;
}

static void
json_put_key(struct smpp_jsonw *j, unsigned name)
{
	char *p = smpp_sbuf_room(j->b, KEY_ROOM);

	if (p != NULL)
		j->b->n += (size_t)(copy_key(p, keys[name].plain,
					keys[name].nplain, j->comma) -
				    p);
	j->comma = false;
}

/* Writes the symbols of a flag field as a member of its own, if known. Not in
 * the one piece of json_number(), for there may be any number of symbols. */
static void
flags(struct smpp_jsonw *j, unsigned name, unsigned set, uint32_t num,
    enum smpp_ver ver)
{
	char tmp[256];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, tmp, sizeof(tmp), NULL, NULL);
	if (!smpp_enum_symbols(&b, set, num, ver))
		return;
	smpp_sbuf_put(j->b, keys[name].coded, keys[name].ncoded);
	smpp_sbuf_put(j->b, b.p, b.n);
	smpp_sbuf_putc(j->b, '"');
}

/* Copies a symbol as a member's value and returns the end. */
static char *
copy_symbol(char *out, const struct key *k, const struct smpp_enum *e)
{
	out = copy_key(out, k->coded, k->ncoded, true);
	memcpy(out, e->symbol, SMPP_SYMBOL);
	out[e->len] = '"';
	return out + e->len + 1;
}

/*
 * A number and what it stands for. This is most of what a PDU prints, so it
 * goes into the buffer in one piece.
 */
static void
json_number(struct smpp_jsonw *j, const struct smpp_field *row, uint32_t num,
    enum smpp_ver ver)
{
	const struct key *k = &keys[row->name];
	const struct smpp_enum *e = NULL;
	const bool bits = smpp_set_is_bits(row->set);
	/* Two keys, a number and a symbol: each of them less than KEY_ROOM. */
	char *p = smpp_sbuf_room(j->b, 4 * KEY_ROOM);

	if (p == NULL)
		return;
	p = copy_key(p, k->plain, k->nplain, j->comma);
	p = smpp_sbuf_digits(p, num);
	if (row->set != SMPP_SET_none && !bits)
		e = smpp_enum_of(row->set, num, ver);
	if (e != NULL)
		p = copy_symbol(p, k, e);
	j->b->n = (size_t)(p - j->b->p);
	j->comma = true;
	if (bits)
		flags(j, row->name, row->set, num, ver);
}

/* As long as what it hides, so that one beyond its limit is seen to be. */
static void
json_masked(struct smpp_jsonw *j, uint32_t n)
{
	uint32_t i;

	smpp_sbuf_putc(j->b, '"');
	for (i = 0; i < n; i++)
		smpp_sbuf_putc(j->b, '*');
	smpp_sbuf_putc(j->b, '"');
	j->comma = true;
}

/* One field that is not a list. */
static void
json_field(struct smpp_jsonw *j, const struct smpp_field *row,
    const struct smpp_val *v, enum smpp_ver ver, bool secrets)
{
	const struct smpp_view octets = {v->p, v->n};

	switch (row->kind) {
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
		json_put_key(j, row->name);
		if (smpp_field_secret(row->name) && !secrets)
			json_masked(j, v->n);
		else
			smpp_jsonw_latin1(j, octets);
		break;
	case SMPP_KIND_OCTETS:
		json_put_key(j, row->name);
		smpp_jsonw_hex(j, octets);
		break;
	default:
		json_number(j, row, v->num, ver);
	}
}

static void
json_list(struct smpp_jsonw *j, const struct smpp_field *row,
    const struct smpp_val *v, enum smpp_ver ver)
{
	struct smpp_item_it it;

	json_put_key(j, row->name);
	smpp_jsonw_open(j, '[');
	smpp_item_begin(&it, row->items, (struct smpp_view){v->p, v->n});
	while (smpp_item_next(&it)) {
		if (it.first && it.item > 0)
			smpp_jsonw_close(j, '}');
		if (it.first)
			smpp_jsonw_open(j, '{');
		json_field(j, it.field, &it.val, ver, true);
	}
	/* An object is closed where the next one begins, and the last one
	 * here. */
	if (v->n > 0)
		smpp_jsonw_close(j, '}');
	smpp_jsonw_close(j, ']');
}

static void
json_fields(struct smpp_jsonw *j, const struct smpp_pdu *pdu, bool secrets)
{
	const struct smpp_field *row = smpp_pdu_body(pdu->row, pdu->ver);

	for (; row->kind != SMPP_KIND_END; row++) {
		if (!smpp_pdu_has(pdu, row->name))
			continue;
		if (row->kind == SMPP_KIND_U8)
			json_number(j, row, pdu->f[row->name].num, pdu->ver);
		else if (row->kind == SMPP_KIND_LIST)
			json_list(j, row, &pdu->f[row->name], pdu->ver);
		else
			json_field(
			    j, row, &pdu->f[row->name], pdu->ver, secrets);
	}
}

/* What json_number() would write, without a search for the row. */
static void
json_command_id(struct smpp_jsonw *j, const struct smpp_pdu_row *row)
{
	const struct key *k = &keys[SMPP_F_command_id];

	json_put_key(j, SMPP_F_command_id);
	smpp_jsonw_u32(j, row->id);
	smpp_sbuf_put(j->b, k->coded, k->ncoded);
	smpp_sbuf_puts(j->b, row->name);
	smpp_sbuf_putc(j->b, '"');
}

static void
json_header(struct smpp_jsonw *j, const struct smpp_pdu *pdu)
{
	unsigned i;

	for (i = 0; i < SMPP_F_HEADER_COUNT; i++) {
		if (!smpp_pdu_has(pdu, i))
			continue;
		if (i == SMPP_F_command_id && pdu->row != NULL)
			json_command_id(j, pdu->row);
		else
			json_number(
			    j, &smpp_header[i], pdu->header[i], pdu->ver);
	}
}

/* A structured value: its members by name. */
static void
json_members(struct smpp_jsonw *j, const struct smpp_tlv_row *row,
    struct smpp_view octets, enum smpp_ver ver)
{
	struct smpp_item_it it;

	smpp_jsonw_open(j, '{');
	smpp_member_begin(&it, row, octets);
	while (smpp_item_next(&it))
		json_field(j, it.field, &it.val, ver, true);
	smpp_jsonw_close(j, '}');
}

/*
 * A TLV's value: null when nothing is known of it, there is none, or it is no
 * text where text is usual. A string ends at its NUL, whether or not that
 * stands at the end.
 */
static void
json_tlv_value(struct smpp_jsonw *j, const struct smpp_tlv_row *row,
    const struct smpp_tlv *t, enum smpp_ver ver)
{
	struct smpp_view v = smpp_tlv_view(t);

	if (row == NULL || !smpp_tlv_sized(row, t->n, ver)) {
		smpp_jsonw_null(j);
	} else if (smpp_kind_is_string(row->kind)) {
		if (v.n > 0 && v.p[v.n - 1] == 0)
			v.n--;
		smpp_jsonw_latin1(j, v);
	} else if (row->kind == SMPP_KIND_TEXT) {
		if (smpp_quote_is_text(&v))
			smpp_jsonw_str(j, (const char *)v.p, v.n);
		else
			smpp_jsonw_null(j);
	} else if (row->kind == SMPP_KIND_STRUCT) {
		json_members(j, row, v, ver);
	} else if (row->kind == SMPP_KIND_OCTETS) {
		smpp_jsonw_hex(j, v);
	} else if (v.n == 0) {
		smpp_jsonw_null(j);
	} else {
		smpp_jsonw_u32(j, t->num);
	}
}

/* True when a field of the PDU has the name of this TLV: there is but one such
 * name (t/unit/spec.c). */
static bool
shares_name(const struct smpp_pdu *pdu, uint16_t tag)
{
	return tag == SMPP_T_message_state &&
	       smpp_pdu_has(pdu, SMPP_F_message_state);
}

/* The first value of each known TLV under its own name. A TLV that shares its
 * name with a field of the PDU is only in the array: no key occurs twice. */
static void
json_tlv_keys(struct smpp_jsonw *j, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv_row *row;
	const struct smpp_tlv *t;
	char tmp[256];
	struct smpp_sbuf b;

	for (t = pdu->tlv; t < pdu->tlv + pdu->ntlv; t++) {
		row = smpp_pdu_tlv_row(pdu, t->tag);
		/* Of a TLV that is repeated the first one only, as no key
		 * occurs twice; the array has them all. */
		if (row == NULL || smpp_pdu_tlv(pdu, t->tag) != t ||
		    shares_name(pdu, t->tag))
			continue;
		smpp_jsonw_key(j, row->name);
		json_tlv_value(j, row, t, pdu->ver);
		if (row->kind != SMPP_KIND_UINT || t->n == 0)
			continue;
		smpp_sbuf_init(&b, tmp, sizeof(tmp), NULL, NULL);
		if (!smpp_enum_symbols(&b, row->set, t->num, pdu->ver))
			continue;
		smpp_sbuf_put(j->b, ",\"", 2);
		smpp_sbuf_puts(j->b, row->name);
		smpp_sbuf_put(j->b, "_name\":", 7);
		j->comma = false;
		smpp_jsonw_plain(j, b.p, b.n);
	}
}

static void
tlv_array(struct smpp_jsonw *j, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv_row *row;
	struct smpp_tlv_it it;
	struct smpp_tlv t;

	smpp_jsonw_key(j, "tlvs");
	smpp_jsonw_open(j, '[');
	smpp_tlv_begin(&it, pdu);
	while (smpp_tlv_next(&it, &t)) {
		row = smpp_pdu_tlv_row(pdu, t.tag);
		smpp_jsonw_open(j, '{');
		smpp_jsonw_key(j, "tag");
		smpp_jsonw_u32(j, t.tag);
		if (row != NULL) {
			smpp_jsonw_key(j, "tag_name");
			smpp_jsonw_plain(j, row->name, strlen(row->name));
		}
		smpp_jsonw_key(j, "length");
		smpp_jsonw_u32(j, t.n);
		smpp_jsonw_key(j, "value");
		json_tlv_value(j, row, &t, pdu->ver);
		smpp_jsonw_key(j, "hex");
		smpp_jsonw_hex(j, smpp_tlv_view(&t));
		smpp_jsonw_close(j, '}');
	}
	smpp_jsonw_close(j, ']');
}

static void
udh(struct smpp_jsonw *j, const struct smpp_body *body)
{
	struct smpp_ie ie;
	struct smpp_rd r;

	smpp_jsonw_key(j, "udh");
	smpp_jsonw_open(j, '{');
	smpp_jsonw_key(j, "udhl");
	smpp_jsonw_u32(j, body->udh.size - 1u);
	smpp_jsonw_key(j, "ies");
	smpp_jsonw_open(j, '[');
	smpp_rd_init(&r, body->udh.elements);
	while (smpp_ie_next(&r, &ie)) {
		smpp_jsonw_open(j, '{');
		smpp_jsonw_key(j, "iei");
		smpp_jsonw_u32(j, ie.iei);
		if (smpp_ie_name(ie.iei) != NULL) {
			smpp_jsonw_key(j, "iei_name");
			smpp_jsonw_cstr(j, smpp_ie_name(ie.iei));
		}
		smpp_jsonw_key(j, "data");
		smpp_jsonw_hex(j, ie.data);
		smpp_jsonw_close(j, '}');
	}
	smpp_jsonw_close(j, ']');
	smpp_jsonw_key(j, "user_data");
	smpp_jsonw_hex(j, body->udh.text);
	smpp_jsonw_close(j, '}');
}

/* Text goes through a buffer of this size; longer payloads in pieces. */
enum { TEXT_ROOM = 4096 };

static int
text_piece(void *arg, const char *p, size_t n)
{
	smpp_jsonw_escape(arg, p, n);
	return 0;
}

/* The message as text, and its header if it has one. */
static void
json_message(
    struct smpp_jsonw *j, const struct smpp_pdu *pdu, enum smpp_alphabet mc)
{
	struct smpp_body body;
	char tmp[TEXT_ROOM];
	struct smpp_sbuf b;

	if (smpp_body_read(&body, pdu, mc) != 0)
		return;
	/* Behind a broken header nobody knows where the text begins. */
	if (body.coding.alphabet != SMPP_ALPHA_BINARY &&
	    (!body.has_udh || body.udh_bad < 0)) {
		smpp_jsonw_key(j, "text");
		smpp_sbuf_putc(j->b, '"');
		smpp_sbuf_init(&b, tmp, sizeof(tmp), text_piece, j->b);
		smpp_text_decode(&b, body.text, body.coding);
		smpp_sbuf_flush(&b);
		smpp_sbuf_putc(j->b, '"');
		j->comma = true;
	}
	if (body.has_udh && body.udh_bad < 0)
		udh(j, &body);
}

static void
json_receipt(struct smpp_jsonw *j, const struct smpp_pdu *pdu)
{
	struct smpp_receipt r;

	if (!smpp_dlr_read(&r, pdu))
		return;
	smpp_jsonw_key(j, "receipt");
	smpp_jsonw_open(j, '{');
	smpp_json_receipt(j, &r);
	smpp_jsonw_close(j, '}');
}

static void
one_issue(struct smpp_jsonw *j, const struct smpp_pdu *pdu,
    const struct smpp_issue *is)
{
	char tmp[256], place[64];
	struct smpp_sbuf b;

	smpp_issue_place(is, place, sizeof(place));
	smpp_sbuf_init(&b, tmp, sizeof(tmp), NULL, NULL);
	smpp_issue_text(&b, pdu, is);
	smpp_jsonw_open(j, '{');
	smpp_jsonw_key(j, "kind");
	smpp_jsonw_cstr(j, smpp_err_word(is->kind));
	smpp_jsonw_key(j, "offset");
	smpp_jsonw_u32(j, is->offset);
	smpp_jsonw_key(j, "end");
	smpp_jsonw_u32(j, is->end);
	smpp_jsonw_key(j, "field");
	smpp_jsonw_cstr(j, place);
	smpp_jsonw_key(j, "message");
	smpp_jsonw_str(j, b.p, b.n);
	smpp_jsonw_close(j, '}');
}

/* By count, not by what was kept: a level whose issues had to give way to
 * graver ones is still there, as an empty array. */
static void
issues_of(struct smpp_jsonw *j, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues)
{
	static const char *const key[] = {"notices", "warnings", "errors"};
	int level;
	unsigned i;

	for (level = SMPP_ERROR; level >= SMPP_NOTICE; level--) {
		if (issues->count[level] == 0)
			continue;
		smpp_jsonw_key(j, key[level]);
		smpp_jsonw_open(j, '[');
		for (i = 0; i < issues->n; i++)
			if (issues->v[i].level == level)
				one_issue(j, pdu, &issues->v[i]);
		smpp_jsonw_close(j, ']');
	}
}

/* What is known beside the PDU itself. */
static void
surroundings(struct smpp_jsonw *j, const struct smpp_show *show)
{
	char stamp[28];

	smpp_jsonw_key(j, "type");
	smpp_jsonw_plain(j, "pdu", 3);
	if (show->time_us != 0) {
		smpp_clock_rfc3339(stamp, show->time_us);
		smpp_jsonw_key(j, "time");
		smpp_jsonw_cstr(j, stamp);
	}
	if (show->index != 0) {
		smpp_jsonw_key(j, "index");
		smpp_jsonw_i64(j, (int64_t)show->index);
		smpp_jsonw_key(j, "offset");
		smpp_jsonw_i64(j, (int64_t)show->offset);
	}
	if (show->session != 0) {
		smpp_jsonw_key(j, "session");
		smpp_jsonw_u32(j, show->session);
	}
	if (show->dir != NULL) {
		smpp_jsonw_key(j, "dir");
		smpp_jsonw_cstr(j, show->dir);
	}
}

static void
json_hex(struct smpp_jsonw *j, const char *key, const struct smpp_pdu *pdu,
    struct smpp_view octets, bool secrets)
{
	smpp_jsonw_key(j, key);
	smpp_sbuf_putc(j->b, '"');
	smpp_show_hex(j->b, pdu, octets, secrets);
	smpp_sbuf_putc(j->b, '"');
	j->comma = true;
}

/* Of an unknown command there is no body but its octets, which "undecoded"
 * has. */
void
smpp_json_pdu(struct smpp_jsonw *j, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_show *show)
{
	surroundings(j, show);
	json_header(j, pdu);
	if (pdu->row != NULL) {
		json_fields(j, pdu, show->secrets);
		json_message(j, pdu, show->mc_default);
		json_receipt(j, pdu);
		json_tlv_keys(j, pdu);
	}
	if (issues != NULL)
		issues_of(j, pdu, issues);
	if (pdu->stray) {
		smpp_jsonw_key(j, "stray");
		smpp_jsonw_plain(j, "00", 2);
	}
	tlv_array(j, pdu);
	if (pdu->cut)
		json_hex(j, "undecoded", pdu, pdu->rest, show->secrets);
	if (show->raw)
		json_hex(j, "hex", pdu, pdu->wire, show->secrets);
}
