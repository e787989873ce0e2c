/* lib/smpp/dictionary: TLVs of vendors, read, shown and written by name. */
#include <stdlib.h>

#include "base/jsonw.h"
#include "show/show.h"
#include "tap.h"

enum { VERS = SMPP_V34 | SMPP_V50 | SMPP_VANY };

/* In submit_sm and deliver_sm; 0x1400 is the usual pe_id, too. */
static struct smpp_tlv_row rows[] = {
    {.name = "route",
	.tag = 0x1400,
	.kind = SMPP_KIND_UINT,
	.vers = VERS,
	.step = 1,
	.min = 2,
	.max = 2,
	.max34 = 2,
	.brief = "a route"},
    {.name = "carrier",
	.tag = 0x1500,
	.kind = SMPP_KIND_TEXT,
	.vers = SMPP_V50 | SMPP_VANY,
	.step = 1,
	.min = 1,
	.max = 4,
	.max34 = 4,
	.brief = "a carrier"},
    {.name = "token",
	.tag = 0x9000,
	.kind = SMPP_KIND_CSTR,
	.vers = VERS,
	.step = 1,
	.min = 1,
	.max = 9,
	.max34 = 9,
	.brief = "above vendors'"},
};
static const struct smpp_dictionary ours = {
    .rows = rows, .n = 3, .next = &smpp_dictionary_usual};

static uint8_t wire[4096], block[4096];
static char out[8192];
static struct smpp_pdu pdu;
static struct smpp_issues issues;
static struct smpp_err err;

static void
fill(void)
{
	const struct smpp_pdu_row *pdus[] = {
	    smpp_pdu_of(SMPP_C_submit_sm), smpp_pdu_of(SMPP_C_deliver_sm)};

	for (size_t i = 0; i < 6; i++) {
		rows[i / 2].carry.repeat = true;
		smpp_pduset_add(&rows[i / 2].carry.in34, pdus[i % 2]);
		smpp_pduset_add(&rows[i / 2].carry.in50, pdus[i % 2]);
	}
}

/* Encodes what was built, and decodes it again; returns what decoding does. */
static int
again(const struct smpp_dictionary *d, unsigned flags)
{
	struct smpp_wr w;

	smpp_wr_init(&w, wire, sizeof(wire));
	if (smpp_encode(&w, &pdu) < 0)
		abort();
	pdu.dictionary = d;
	return smpp_decode(&pdu, smpp_view_of(wire, w.n), SMPP_V34,
	    d == NULL ? flags : flags | SMPP_DICTIONARY, &issues);
}

/* A PDU with one TLV, decoded. */
static int
one(uint32_t id, const struct smpp_dictionary *d, uint16_t tag,
    const char *value, unsigned flags)
{
	smpp_pdu_init(&pdu, id, 1, SMPP_V34);
	smpp_pdu_add_tlv(&pdu, tag, smpp_view_str(value));
	return again(d, flags);
}

static const char *
json(void)
{
	const struct smpp_show show = {0};
	struct smpp_jsonw j;
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, out, sizeof(out) - 1, NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_pdu(&j, &pdu, NULL, &show);
	smpp_jsonw_close(&j, '}');
	out[b.n] = '\0';
	return out;
}

static const char *
printed(void)
{
	const struct smpp_show show = {0};
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, out, sizeof(out) - 1, NULL, NULL);
	smpp_print_pdu(&b, &pdu, &issues, &show);
	out[b.n] = '\0';
	return out;
}

static const char *
pairs(void)
{
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, out, sizeof(out) - 1, NULL, NULL);
	smpp_pdu_pairs(&b, &pdu, false);
	out[b.n] = '\0';
	return out;
}

static void
lookups(void)
{
	const struct smpp_pdu_row *submit = smpp_pdu_of(SMPP_C_submit_sm);
	const struct smpp_pdu_row *deliver = smpp_pdu_of(SMPP_C_deliver_sm);
	const struct smpp_tlv_row *row;
	size_t i, usual = 0, all = 0;

	is_str(smpp_dictionary_of(NULL, 0x1400, submit)->name, "pe_id",
	    "the usual dictionary");
	ok(smpp_dictionary_of(NULL, 0x1400, deliver) == NULL,
	    "guesses in its own PDUs only");
	ok(smpp_dictionary_of(NULL, 0x1400, NULL) == NULL,
	    "nor in what is unknown");
	is_str(smpp_dictionary_of(&ours, 0x1400, submit)->name, "route",
	    "another one goes before it");
	is_str(smpp_dictionary_of(&ours, 0x1401, submit)->name, "template_id",
	    "and asks it for the rest");
	is_str(smpp_dictionary_of(&ours, 0x1500, NULL)->name, "carrier",
	    "what is no guess holds everywhere");
	is_str(smpp_dictionary_of(&ours, 0x0424, submit)->name,
	    "message_payload", "the specification before all");
	ok(smpp_dictionary_find(&ours, smpp_view_str("pe_id")) == NULL,
	    "a name whose tag is another's is none");
	is_int(smpp_dictionary_find(&ours, smpp_view_str("token"))->tag, 0x9000,
	    "by name");
	ok(smpp_tlv_find(smpp_view_str("pe_id")) == NULL,
	    "none is of the specification");
	for (i = 0; (row = smpp_dictionary_row(NULL, i)) != NULL; i++)
		usual++;
	for (i = 0; (row = smpp_dictionary_row(&ours, i)) != NULL; i++)
		all++;
	is_int(usual, smpp_tlv_count + 2, "all rows of the usual one");
	is_int(all, smpp_tlv_count + 4, "and of another, hidden ones left out");
}

static void
decoding(void)
{
	is_int(one(SMPP_C_submit_sm, NULL, 0x1400, "1101", 0), 0, "pe_id");
	is_int(issues.n, 0, "is known");
	one(SMPP_C_deliver_sm, NULL, 0x1400, "1101", 0);
	is_int(issues.v[0].kind, SMPP_EUNKNOWN_TLV, "but not in deliver_sm");
	one(SMPP_C_submit_sm, &ours, 0x1400, "ab", 0);
	is_int(issues.n, 0, "a number of a dictionary");
	is_int(pdu.tlv[0].num, 0x6162, "is read as one");
	is_int(one(SMPP_C_submit_sm, &ours, 0x1400, "abc", 0), 0,
	    "of another length");
	is_int(issues.v[0].kind, SMPP_ETLV_BAD_LENGTH, "it is wrong");
	is_int(issues.v[0].level, SMPP_WARNING, "as those of the tables are");
	is_int(one(SMPP_C_submit_sm, &ours, 0x1400, "abc", SMPP_STRICT),
	    SMPP_ETLV_BAD_LENGTH, "and strict decoding stops");
	one(SMPP_C_query_sm, &ours, 0x1500, "ab", 0);
	is_int(issues.v[0].kind, SMPP_EUNEXPECTED_TLV, "where it is not due");
	one(SMPP_C_submit_sm, &ours, 0x9000, "ab", 0);
	is_int(issues.v[0].kind, SMPP_ETLV_UNTERMINATED, "a string has a NUL");
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_pdu_add_tlv(&pdu, 0x1400, smpp_view_str("ab"));
	smpp_pdu_add_tlv(&pdu, 0x1400, smpp_view_str("ab"));
	again(&ours, 0);
	is_int(issues.n, 0, "twice is no fault");
	pdu.dictionary = &ours;
	smpp_decode(&pdu, pdu.wire, SMPP_V34, 0, &issues);
	ok(pdu.dictionary == NULL, "without the flag it is the usual one");
}

static void
sending(void)
{
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	pdu.dictionary = &ours;
	smpp_pdu_add_tlv(&pdu, 0x1500, smpp_view_str("ab"));
	is_int(smpp_sendable(&pdu, &issues), SMPP_ENOT_IN_VERSION,
	    "a TLV of 5.0 in 3.4");
	pdu.ver = SMPP_V50;
	is_int(smpp_sendable(&pdu, &issues), 0, "in 5.0");
	smpp_pdu_add_tlv(&pdu, 0x1500, smpp_view_str("abcde"));
	is_int(smpp_sendable(&pdu, &issues), SMPP_ETLV_BAD_LENGTH, "too long");
}

static void
showing(void)
{
	one(SMPP_C_submit_sm, NULL, 0x1400, "1101", 0);
	ok(strstr(json(), ",\"pe_id\":\"1101\",") != NULL, "a key: %s", out);
	ok(strstr(out, "\"tag_name\":\"pe_id\",\"length\":4,"
		       "\"value\":\"1101\",\"hex\":\"31313031\"") != NULL,
	    "in the array");
	ok(strstr(printed(), "\"1101\"") != NULL, "text: %s", out);
	ok(strstr(pairs(), " tlv.pe_id=\"1101\"") != NULL, "pairs: %s", out);
	one(SMPP_C_submit_sm, NULL, 0x1400, "\x01\x02", 0);
	ok(strstr(json(), ",\"pe_id\":null,") != NULL, "no text: %s", out);
	ok(strstr(out, "\"value\":null,\"hex\":\"0102\"") != NULL, "octets");
	ok(strstr(printed(), "2 octets") != NULL, "text: %s", out);
	ok(strstr(pairs(), " tlv.pe_id=hex:0102") != NULL, "pairs: %s", out);
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_pdu_add_tlv(&pdu, 0x1400, smpp_view_of("11\0", 3));
	again(NULL, 0);
	ok(strstr(json(), ",\"pe_id\":\"11\",") != NULL, "without its NUL");
	ok(strstr(pairs(), "tlv.pe_id=\"11\\x00\"") != NULL, "but exact: %s",
	    out);
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_pdu_add_tlv(&pdu, 0x1400, smpp_view_of("\x01\0", 2));
	again(NULL, 0);
	ok(strstr(pairs(), "tlv.pe_id=hex:0100") != NULL, "no text, a NUL: %s",
	    out);
	ok(strstr(printed(), "2 octets") != NULL, "both octets: %s", out);
	one(SMPP_C_submit_sm, NULL, 0x1400, "\xc3\xa9\"", 0);
	ok(strstr(json(), ",\"pe_id\":\"\xc3\xa9\\\"\",") != NULL, "UTF-8");
	one(SMPP_C_submit_sm, NULL, 0x1400, "\xe9", 0);
	ok(strstr(json(), ",\"pe_id\":null,") != NULL, "other octets");
	one(SMPP_C_submit_sm, &ours, 0x1400, "ab", 0);
	ok(strstr(json(), ",\"route\":24930,") != NULL, "number: %s", out);
	ok(strstr(pairs(), " tlv.route=24930") != NULL, "pairs: %s", out);
	one(SMPP_C_submit_sm, &ours, 0x1400, "abc", 0);
	ok(strstr(printed(), "route with 3 octets, it has 2") != NULL,
	    "what is wrong names it: %s", out);
}

/* Sets one TLV by name; the octets it has then, or what is wrong. */
static void
assigned(const char *pair, const char *want, size_t n)
{
	struct smpp_wr store;
	int rc;

	smpp_wr_init(&store, block, sizeof(block));
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	pdu.dictionary = &ours;
	smpp_err_clear(&err);
	rc = smpp_pdu_assign(&pdu, smpp_view_str(pair), &store, &err);
	if (want == NULL)
		ok(rc < 0 && strstr(err.msg, "did you mean 'carrier'"), "%s",
		    err.msg);
	else if (is_int(rc, 0, "%s", pair))
		is_mem(pdu.tlv[0].p, pdu.tlv[0].n, want, n, "its octets");
}

static void
assigning(void)
{
	assigned("tlv.route=7", "\0\x07", 2);
	assigned("tlv.0x1400=7", "\0\x07", 2);
	assigned("tlv.carrier=12", "12", 2);
	assigned("tlv.carrier=0x12", "\0\0\0\x12", 4);
	assigned("tlv.carrier=\"0x12\"", "0x12", 4);
	assigned("tlv.carrier=hex:12", "\x12", 1);
	assigned("tlv.token=12", "12\0", 3);
	assigned("tlv.carier=12", NULL, 0);
	assigned("tlv.0x3000=12345", "12345", 5);
	assigned("tlv.0x3000=a b", "a b", 3);
	assigned("tlv.0x3000=0x12345", "\0\x01\x23\x45", 4);
	assigned("tlv.0x3000=0xyz", "0xyz", 4);
	assigned("tlv.0x3000=0x", "0x", 2);
	assigned("tlv.0x3000=", "", 0);
}

static void
from_json(const char *tlv, const char *want, size_t n)
{
	struct smpp_wr store;
	char text[256];

	snprintf(text, sizeof(text), "{\"command_id\":4,%s}", tlv);
	smpp_wr_init(&store, block, sizeof(block));
	smpp_err_clear(&err);
	if (is_int(smpp_json_pdu_parse(&pdu, text, strlen(text), SMPP_V34,
		       &ours, SMPP_ALPHA_GSM7, &store, &err),
		0, "%s: %s", tlv, err.msg))
		is_mem(pdu.tlv[0].p, pdu.tlv[0].n, want, n, "its octets");
}

static void
reading(void)
{
	from_json("\"carrier\":\"12\"", "12", 2);
	from_json("\"carrier\":12", "12", 2);
	from_json("\"route\":12", "\0\x0c", 2);
	from_json(
	    "\"template_id\":1107160000000012345", "1107160000000012345", 19);
	from_json(
	    "\"tlvs\":[{\"tag_name\":\"token\",\"value\":\"x\"}]", "x\0", 2);
	from_json(
	    "\"tlvs\":[{\"tag\":5376,\"value\":\"\xc3\xa9\"}]", "\xc3\xa9", 2);
	ok(pdu.dictionary == &ours, "the PDU has the dictionary");
}

int
main(void)
{
	fill();
	lookups();
	decoding();
	sending();
	showing();
	assigning();
	reading();
	return tap_done();
}
