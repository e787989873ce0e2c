/* Delivery receipts: the corpora of t/receipts, line by line. */
#include <jansson.h>
#include <stdlib.h>

#include "base/hex.h"
#include "msg/dlr.h"
#include "msg/idmatch.h"
#include "show/receipttext.h"
#include "tap.h"

/* One line of a corpus as parts of a receipt; room holds their octets. */
struct line {
	uint8_t room[4096];
	struct smpp_view id, state, error;
	struct smpp_dlr_parts parts;
};

/* The characters U+0000 to U+00FF of a string as octets. */
static struct smpp_view
latin1(uint8_t *out, json_t *string)
{
	const char *s = json_string_value(string);
	size_t i, n = json_string_length(string), k = 0;

	for (i = 0; i < n; i++)
		if ((s[i] & 0x80) == 0)
			out[k++] = (uint8_t)s[i];
		else if (i + 1 < n)
			out[k++] =
			    (uint8_t)((unsigned)s[i] << 6 | (s[i + 1] & 0x3f)),
			i++;
	return smpp_view_of(out, k);
}

static void
add_tlv(struct line *l, json_t *tlv, uint8_t *room)
{
	long tag = strtol(
	    json_string_value(json_object_get(tlv, "tag")), NULL, 16);
	const char *hex = json_string_value(json_object_get(tlv, "value_hex"));
	int64_t n = smpp_hex_decode(room, hex, strlen(hex));
	struct smpp_view v = smpp_view_of(room, (size_t)n);

	if (tag == SMPP_T_receipted_message_id && l->parts.id == NULL) {
		l->id = v;
		l->parts.id = &l->id;
	} else if (tag == SMPP_T_message_state && l->parts.state == NULL) {
		l->state = v;
		l->parts.state = &l->state;
	} else if (tag == SMPP_T_network_error_code && l->parts.error == NULL) {
		l->error = v;
		l->parts.error = &l->error;
	}
}

static void
read_line(struct line *l, json_t *rec)
{
	json_t *tlv;
	size_t i;

	l->parts = (struct smpp_dlr_parts){0};
	l->parts.esm_class = (uint8_t)json_integer_value(
	    json_object_get(rec, "esm_class"));
	l->parts.body = latin1(l->room, json_object_get(rec, "input"));
	json_array_foreach(json_object_get(rec, "tlvs"), i, tlv)
	    add_tlv(l, tlv, l->room + 1024 + i * 300);
}

static json_t *
as_json(const struct smpp_receipt *r)
{
	char room[8192];
	struct smpp_sbuf b;
	struct smpp_jsonw j;

	smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_receipt(&j, r);
	smpp_jsonw_close(&j, '}');
	return json_loadb(
	    b.p, b.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
}

/* The same value, null and missing being one; extra {} is none too. */
static bool
agree(json_t *got, json_t *want)
{
	if (got == NULL)
		got = json_null();
	if (want == NULL ||
	    (json_is_object(want) && json_object_size(want) == 0))
		want = json_null();
	return json_equal(got, want);
}

static bool
same_fields(json_t *got, json_t *want)
{
	static const char *const pairs[][2] = {{"id", "message_id"},
	    {"sub", "sub"}, {"dlvrd", "dlvrd"},
	    {"submit_date_iso", "submit_date"}, {"done_date_iso", "done_date"},
	    {"stat", "stat"}, {"message_state", "message_state"},
	    {"final", "final"}, {"err", "err"}, {"text", "text"},
	    {"extra", "extra"}, {"network_error", "network_error"},
	    {"text_id", "text_id"}};
	bool same = true;
	size_t i;

	for (i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		if (!agree(json_object_get(got, pairs[i][0]),
			json_object_get(want, pairs[i][1]))) {
			printf("# %s\n", pairs[i][1]);
			same = false;
		}
	return same;
}

/* The warnings we give, in any order, are those expected. */
static bool
same_warnings(json_t *got, json_t *want)
{
	json_t *a, *b;
	size_t i, k, hits = 0;

	got = json_object_get(got, "warnings");
	want = json_object_get(want, "warnings");
	json_array_foreach(want, i, a) json_array_foreach(got, k, b)
	    hits += (size_t)json_equal(a, b);
	return hits == json_array_size(want) && hits == json_array_size(got);
}

/* The PDU of the line says the same as its parts. */
static bool
pdu_agrees(json_t *rec, json_t *parts)
{
	const char *hex = json_string_value(json_object_get(rec, "pdu_hex"));
	struct smpp_issues issues;
	struct smpp_receipt r;
	struct smpp_pdu pdu;
	uint8_t wire[4096];
	int64_t n;
	bool same, is;
	json_t *got;

	if (hex == NULL)
		return true;
	n = smpp_hex_decode(wire, hex, strlen(hex));
	smpp_decode(&pdu, smpp_view_of(wire, (size_t)n), SMPP_VANY, 0, &issues);
	is = smpp_dlr_read(&r, &pdu);
	if (parts == NULL || !is)
		return parts == NULL && !is;
	got = as_json(&r);
	same = json_equal(got, parts);
	json_decref(got);
	return same;
}

static void
one(json_t *rec)
{
	const char *id = json_string_value(json_object_get(rec, "id"));
	json_t *want = json_object_get(rec, "expect"), *got = NULL;
	struct smpp_receipt r;
	struct line l;
	bool is;

	read_line(&l, rec);
	is = smpp_dlr_read_parts(&r, &l.parts);
	ok(is == json_is_true(json_object_get(want, "receipt")),
	    "%s: receipt or not", id);
	if (is) {
		got = as_json(&r);
		ok(got != NULL, "%s: valid JSON", id);
		ok(same_fields(got, want), "%s: fields", id);
		ok(same_warnings(got, want), "%s: warnings", id);
	}
	ok(pdu_agrees(rec, got), "%s: from the PDU", id);
	json_decref(got);
}

static void
match(json_t *rec)
{
	struct smpp_view a, b;
	uint8_t room[2][256];
	bool want = json_is_true(json_object_get(rec, "match"));

	a = latin1(room[0], json_object_get(rec, "submit_resp_id"));
	b = latin1(room[1], json_object_get(rec, "receipt_id"));
	ok(want == (smpp_id_compare(a, b, SMPP_ID_AUTO) != SMPP_ID_DIFFERENT),
	    "%s: %s", json_string_value(json_object_get(rec, "id")),
	    json_string_value(json_object_get(rec, "rule")));
}

static void
each(const char *path, void (*test)(json_t *))
{
	FILE *f = fopen(path, "r");
	char *line = NULL;
	size_t cap = 0;
	json_t *rec;

	ok(f != NULL, "%s", path);
	while (f != NULL && getline(&line, &cap, f) > 0) {
		rec = json_loads(line, JSON_ALLOW_NUL, NULL);
		test(rec);
		json_decref(rec);
	}
	free(line);
	if (f != NULL)
		fclose(f);
}

/* A receipt written in a form, and read again. */
static void
writes(unsigned form, const char *text, unsigned tlvs)
{
	struct smpp_receipt r, back;
	struct smpp_pdu pdu;
	struct smpp_view v;
	uint8_t room[512];
	struct smpp_wr store;

	smpp_receipt_parse(
	    &r, smpp_view_str(
		    "id:1234567890 sub:001 dlvrd:000 submit date:261121104259 "
		    "done date:261121104301 stat:UNDELIV err:034 text:Hello"));
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	smpp_wr_init(&store, room, sizeof(room));
	is_int(smpp_dlr_set(&pdu, &r, form, &store), 0, "form %u", form);
	v = smpp_pdu_view(&pdu, SMPP_F_short_message);
	is_mem(v.p, v.n, text, strlen(text), "form %u: %s", form, text);
	is_int(pdu.ntlv, tlvs, "form %u: TLVs", form);
	ok(smpp_dlr_read(&back, &pdu), "form %u is a receipt", form);
	is_int(back.state, 5, "form %u: state", form);
	is_int(back.warnings, 0, "form %u: no warnings", form);
	ok(smpp_id_compare(smpp_view_str("1234567890"), back.value[SMPP_RF_ID],
	       SMPP_ID_AUTO) != SMPP_ID_DIFFERENT,
	    "form %u: id", form);
}

static void
forms(void)
{
	struct smpp_receipt r;
	struct smpp_pdu pdu;
	uint8_t room[16];
	struct smpp_wr store;

	writes(SMPP_DLR_TEXT,
	    "id:1234567890 sub:001 dlvrd:000 submit date:2611211042 done "
	    "date:2611211043 stat:UNDELIV err:034 text:Hello",
	    0);
	writes(SMPP_DLR_TEXT | SMPP_DLR_TLVS | SMPP_DLR_SECONDS |
		   SMPP_DLR_BARE | SMPP_DLR_HEX,
	    "id:499602d2 sub:001 dlvrd:000 submit date:261121104259 done "
	    "date:261121104301 stat:UNDELIV err:034",
	    2);
	writes(SMPP_DLR_TLVS, "", 2);
	smpp_receipt_parse(
	    &r, smpp_view_str("id:12345678901234567 stat:DELIVRD"));
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	smpp_wr_init(&store, room, sizeof(room));
	is_int(smpp_dlr_set(&pdu, &r, SMPP_DLR_TEXT, &store), SMPP_ENOSPACE,
	    "no space");
}

/* data_coding 8, where the text is UTF-16 or ASCII all the same. */
static void
ucs2(void)
{
	static const char text[] = "id:77 stat:DELIVRD err:000 text:Hi";
	struct smpp_receipt r;
	struct smpp_pdu pdu;
	uint8_t wide[2 * sizeof(text)] = {0};
	size_t i;

	for (i = 0; i < sizeof(text) - 1; i++)
		wide[2 * i + 1] = (uint8_t)text[i];
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	smpp_pdu_set_num(&pdu, SMPP_F_esm_class, 4);
	smpp_pdu_set_num(&pdu, SMPP_F_data_coding, 8);
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_str(text));
	ok(smpp_dlr_read(&r, &pdu), "ASCII that says it is UCS-2");
	ok(smpp_view_is(r.value[SMPP_RF_ID], "77"), "its id");
	smpp_pdu_set_view(&pdu, SMPP_F_short_message,
	    smpp_view_of(wide, 2 * (sizeof(text) - 1)));
	ok(smpp_dlr_read(&r, &pdu), "UCS-2");
	ok(smpp_view_is(r.value[SMPP_RF_ID], "77"), "its id");
	ok(smpp_view_is(r.value[SMPP_RF_TEXT], "Hi"), "its text");
}

/* Rules of matching, when one is forced. */
static void
rules(void)
{
	static const struct {
		const char *rule, *response, *receipt, *match;
	} rows[] = {
	    {"exact", "a17f", "A17F", "none"},
	    {"exact", "a17f", "a17f ", "exact"},
	    {"nocase", "xY", "Xy", "form"},
	    {"dec", "007", "7", "form"},
	    {"dec", "a", "A", "none"},
	    {"hex", "0a", "A", "form"},
	    {"resp-hex", "10", "16", "number"},
	    {"resp-hex", "16", "10", "none"},
	    {"dlr-hex", "16", "10", "number"},
	    {"dlr-hex", "10", "10", "none"},
	    {"auto", "10", "16", "number"},
	};
	size_t i;
	int rule;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		rule = smpp_id_rule_find(smpp_view_str(rows[i].rule));
		is_str(smpp_id_match_name(
			   smpp_id_compare(smpp_view_str(rows[i].response),
			       smpp_view_str(rows[i].receipt), rule)),
		    rows[i].match, "%s: %s, %s", rows[i].rule, rows[i].response,
		    rows[i].receipt);
	}
	is_int(smpp_id_rule_find(smpp_view_str("guess")), -1, "no such rule");
}

int
main(void)
{
	each("t/receipts/corpus.jsonl", one);
	each("t/receipts/negatives.jsonl", one);
	each("t/receipts/id-match.jsonl", match);
	rules();
	forms();
	ucs2();
	return tap_done();
}
