/* lib/smpp: what the vectors do not ask. */
#include "base/hex.h"
#include "smpp/pdu.h"
#include "tap.h"

static uint8_t block[4096], again[4096];
static struct smpp_issues issues;
static struct smpp_pdu pdu;

static struct smpp_view
wire(const char *hex)
{
	int64_t n = smpp_hex_decode(block, hex, strlen(hex));

	return smpp_view_of(block, (size_t)n);
}

static int
decode(const char *hex, enum smpp_ver ver, unsigned flags)
{
	return smpp_decode(&pdu, wire(hex), ver, flags, &issues);
}

static bool
encodes_back(struct smpp_view v)
{
	struct smpp_wr w;

	smpp_wr_init(&w, again, sizeof(again));
	return smpp_encode(&w, &pdu) == (int)v.n &&
	       memcmp(again, v.p, v.n) == 0;
}

/* A submit_sm of "hi" whose tail the caller says. */
#define SUBMIT(length, tail)                                     \
	"000000" length "00000004000000000000000100010141000101" \
	"3100000000000000000000026869" tail

static void
stray_nul(void)
{
	decode(SUBMIT("26", "00"), SMPP_V33, 0);
	is_int(issues.n, 1, "a NUL after the text, v3.3");
	is_int(issues.v[0].level, SMPP_WARNING, "is tolerated");
	ok(encodes_back(pdu.wire), "and kept");
	is_int(decode(SUBMIT("26", "00"), SMPP_V34, 0), SMPP_ETLV_HEADER_SHORT,
	    "in v3.4 it may be half a TLV");
	is_int(decode(SUBMIT("2c", "00020400020007"), SMPP_V34, 0), 0,
	    "a NUL before whole TLVs");
	is_int(issues.v[0].level, SMPP_WARNING, "is tolerated");
	is_int(pdu.ntlv, 1, "and the TLV found");
	is_int(pdu.tlv[0].num, 7, "with its value");
	ok(encodes_back(pdu.wire), "and kept");
	is_int(decode(SUBMIT("2c", "00020400020007"), SMPP_V34, SMPP_STRICT),
	    SMPP_ETLV_HEADER_SHORT, "not when strict");
}

static void
versions(void)
{
	is_int(decode("00000010000001110000000000000001", SMPP_V34, 0),
	    SMPP_EUNKNOWN_COMMAND, "broadcast_sm is not in v3.4");
	is_int(decode("00000011000000220000000000000001"
		      "00",
		   SMPP_V33, 0),
	    0, "param_retrieve is in v3.3");
	is_int(decode("00000011000000220000000000000001"
		      "00",
		   SMPP_V50, 0),
	    SMPP_EUNKNOWN_COMMAND, "and not in v5.0");
	decode("0000001b8000000400000000000000013132333435363738393000",
	    SMPP_V33, 0);
	is_int(issues.v[0].kind, SMPP_ESTRING_TOO_LONG,
	    "an id of 10 characters is too long in v3.3");
	is_int(issues.v[0].want, 9, "where 9 octets are the limit");
	is_int(decode("0000001b8000000400000000000000013132333435363738393000",
		   SMPP_V34, SMPP_STRICT),
	    0, "and fine in v3.4");
}

/* The body of a response is there, or not, or half, when it refuses. */
static void
refusals(void)
{
	is_int(decode("00000010800000040000005800000001", SMPP_V34,
		   SMPP_STRICT | SMPP_CHECK),
	    0, "a refusal without a body");
	ok(encodes_back(pdu.wire), "encodes back");
	is_int(decode("0000001180000004000000580000000100", SMPP_V34,
		   SMPP_STRICT | SMPP_CHECK),
	    0, "a refusal with one");
	ok(encodes_back(pdu.wire), "encodes back");
	is_int(decode("0000001280000004000000580000000141"
		      "42",
		   SMPP_V34, 0),
	    0, "a refusal with half of one");
	is_int(issues.v[0].level, SMPP_WARNING, "draws a warning");
	ok(encodes_back(pdu.wire), "encodes back");
}

static void
many_tlvs(void)
{
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	struct smpp_wr w;
	int i, n = 0;

	smpp_wr_init(&w, block, sizeof(block));
	smpp_wr_u32(&w, 16 + 50 * 6);
	smpp_wr_u32(&w, SMPP_C_enquire_link);
	smpp_wr_u32(&w, 0);
	smpp_wr_u32(&w, 1);
	for (i = 0; i < 50; i++) {
		smpp_wr_u16(&w, (uint16_t)(0x1400 + i));
		smpp_wr_u16(&w, 2);
		smpp_wr_u16(&w, (uint16_t)i);
	}
	is_int(
	    smpp_decode(&pdu, smpp_view_of(block, w.n), SMPP_V34, 0, &issues),
	    0, "50 TLVs");
	is_int(pdu.ntlv, SMPP_TLVS_MAX, "32 of them in the object");
	smpp_tlv_begin(&it, &pdu);
	while (smpp_tlv_next(&it, &t))
		n += t.tag == 0x1400 + n && t.n == 2 && t.p[1] == n;
	is_int(n, 50, "all by the iterator");
	ok(encodes_back(pdu.wire), "encodes back");
	is_int(smpp_pdu_add_tlv(&pdu, 1, smpp_view_str("x")),
	    SMPP_ETLV_TOO_MANY, "no room for one more");
}

/* A TLV beyond those the object keeps has its number, too. */
static void
last_tlv(void)
{
	struct smpp_tlv_it it;
	struct smpp_tlv t = {0};
	struct smpp_wr w;
	int i;

	smpp_wr_init(&w, block, sizeof(block));
	smpp_wr_u32(&w, 16 + 32 * 5 + 6);
	smpp_wr_u32(&w, SMPP_C_enquire_link);
	smpp_wr_u32(&w, 0);
	smpp_wr_u32(&w, 1);
	for (i = 0; i < 32; i++)
		smpp_wr_view(&w, smpp_view_of("\x14\x00\x00\x01x", 5));
	smpp_wr_view(&w, smpp_view_of("\x02\x04\x00\x02\x12\x34", 6));
	smpp_decode(&pdu, smpp_view_of(block, w.n), SMPP_VANY, 0, &issues);
	smpp_tlv_begin(&it, &pdu);
	while (smpp_tlv_next(&it, &t))
		;
	is_int(t.num, 0x1234, "the number of the 33rd TLV");
	is_int(smpp_pdu_set_tlvs(&pdu, smpp_view_of(block + 16, w.n - 16)), 0,
	    "all at once");
	is_int(pdu.ntlv_total, 33, "33 of them");
	ok(encodes_back(smpp_view_of(block, w.n)), "encode back");
	is_int(smpp_pdu_set_tlvs(&pdu, smpp_view_of(block + 16, 4)),
	    SMPP_ETLV_OVERRUN, "half a TLV");
}

/* What strict decoding does not get to is kept, and no longer there. */
static void
strict_stops(void)
{
	is_int(decode("0000002f00000009000000000000000141414141414141414141"
		      "4141414141414100736563726574000000340000"
		      "00",
		   SMPP_V34, SMPP_STRICT),
	    SMPP_ESTRING_TOO_LONG, "a system_id of 16 characters");
	ok(!smpp_pdu_has(&pdu, SMPP_F_password), "ends the decoding");
	is_int(pdu.rest.n, 31, "the rest is kept");
	ok(encodes_back(pdu.wire), "octet for octet");
}

static void
counts(void)
{
	struct smpp_wr w;

	smpp_pdu_init(&pdu, SMPP_C_submit_multi, 1, SMPP_V34);
	smpp_pdu_set_list(
	    &pdu, SMPP_F_dest_address, smpp_view_of(again, 0), 300);
	smpp_wr_init(&w, block, sizeof(block));
	is_int(smpp_encode(&w, &pdu), SMPP_ERANGE, "300 destinations");
	is_int(smpp_sendable(&pdu, &issues), SMPP_EBAD_VALUE, "cannot be sent");
	smpp_pdu_init(&pdu, SMPP_C_submit_multi, 1, SMPP_V34);
	smpp_pdu_set_list(&pdu, SMPP_F_dest_address,
	    smpp_view_of("\x02seven_hundred_customers", 25), 1);
	is_int(smpp_sendable(&pdu, &issues), SMPP_ESTRING_TOO_LONG,
	    "a long name in a list");
	is_int(issues.v[0].index, 0, "by its place");
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_receipted_message_id, smpp_view_str("no NUL"));
	is_int(smpp_sendable(&pdu, &issues), SMPP_ETLV_UNTERMINATED,
	    "a string TLV without its NUL");
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_pdu_add_tlv(&pdu, SMPP_T_message_payload, smpp_view_str("a"));
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_str("b"));
	is_int(
	    smpp_sendable(&pdu, &issues), SMPP_EBOTH_PAYLOADS, "two payloads");
}

/* An error is kept however many notices came before it. */
static void
worst_kept(void)
{
	struct smpp_issue is = {.level = SMPP_NOTICE};
	int i;

	memset(&issues, 0, sizeof(issues));
	for (i = 0; i < 20; i++)
		smpp_issue_add(&issues, is);
	is.level = SMPP_ERROR;
	is.kind = SMPP_ETLV_OVERRUN;
	smpp_issue_add(&issues, is);
	is_int(issues.n, SMPP_ISSUES_MAX, "no more than fit");
	is_int(issues.count[SMPP_NOTICE], 20, "but all are counted");
	is_int(issues.v[SMPP_ISSUES_MAX - 1].kind, SMPP_ETLV_OVERRUN,
	    "and the error is there");
}

static void
sendable(void)
{
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, smpp_view_str("4917"));
	is_int(smpp_sendable(&pdu, &issues), 0, "a plain submit_sm");
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr,
	    smpp_view_str("123456789012345678901"));
	is_int(smpp_sendable(&pdu, &issues), SMPP_ESTRING_TOO_LONG,
	    "an address of 21 characters");
	is_int(issues.v[0].name, SMPP_F_destination_addr, "is named");
	is_int(issues.v[0].want, 21, "with its limit");
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, smpp_view_str("4917"));
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_of(again, 255));
	is_int(smpp_sendable(&pdu, &issues), SMPP_EBAD_VALUE,
	    "255 octets of text are too many in v3.4");
	pdu.ver = SMPP_V50;
	is_int(smpp_sendable(&pdu, &issues), 0, "and not in v5.0");
	smpp_pdu_add_tlv(&pdu, SMPP_T_source_port, smpp_view_str("ab"));
	is_int(smpp_sendable(&pdu, &issues), 0, "a TLV");
	pdu.ver = SMPP_V33;
	is_int(
	    smpp_sendable(&pdu, &issues), SMPP_EBAD_VALUE, "v3.3 has neither");
	smpp_pdu_init(&pdu, SMPP_C_data_sm, 1, SMPP_V33);
	is_int(
	    smpp_sendable(&pdu, &issues), SMPP_ENOT_IN_VERSION, "nor data_sm");
}

/* Any command_id, found or not: no more than there are rows. */
static void
ids(void)
{
	const struct smpp_pdu_row *row;
	size_t found = 0, wrong = 0;
	uint32_t id, bit;

	for (bit = 0; bit <= 1; bit++)
		for (id = 0; id < 0x20000; id++) {
			row = smpp_pdu_of(id | bit << 31);
			found += row != NULL;
			wrong += row != NULL && row->id != (id | bit << 31);
		}
	is_int(found, smpp_pdu_count, "each command_id once");
	is_int(wrong, 0, "and none for another");
	ok(smpp_pdu_of(0x7FFFFFFF) == NULL, "the highest request");
	ok(smpp_pdu_of(UINT32_MAX) == NULL, "and response");
}

/* No row may ask for what the codec cannot do. */
static void
tables(void)
{
	static const enum smpp_ver vers[] = {
	    SMPP_V33, SMPP_V34, SMPP_V50, SMPP_VANY};
	const struct smpp_field *f, *g, *body;
	size_t i, v;

	for (i = 0; i < smpp_pdu_count; i++) {
		ok(smpp_pdu_of(smpp_pdus[i].id) == &smpp_pdus[i], "%s by id",
		    smpp_pdus[i].name);
		for (v = 0; v < 4; v++) {
			body = smpp_pdu_body(&smpp_pdus[i], vers[v]);
			for (f = body; f->kind != SMPP_KIND_END; f++) {
				if (smpp_field_of(body, f->name) != f)
					ok(false, "%s twice in %s",
					    smpp_field_name(f->name),
					    smpp_pdus[i].name);
				if (f->kind == SMPP_KIND_U8 ||
				    smpp_kind_is_string(f->kind))
					continue;
				ok(f->kind == SMPP_KIND_OCTETS ||
					f->kind == SMPP_KIND_LIST,
				    "%s: a kind that bodies have",
				    smpp_field_name(f->name));
				for (g = body; g < f; g++)
					if (g->arg == SMPP_ARG_COUNTS &&
					    g->other == f->name)
						break;
				ok(g < f, "%s: the size of %s comes before it",
				    smpp_pdus[i].name,
				    smpp_field_name(f->name));
			}
		}
	}
	ids();
	for (i = 0; i < smpp_tlv_count; i++) {
		ok(i == 0 || smpp_tlvs[i].tag > smpp_tlvs[i - 1].tag,
		    "%s is in its place", smpp_tlvs[i].name);
		ok(smpp_tlv_of(smpp_tlvs[i].tag) == &smpp_tlvs[i], "%s by tag",
		    smpp_tlvs[i].name);
	}
}

static void
enums(void)
{
	uint32_t v;

	is_int(smpp_enum_value(SMPP_SET_esm_class,
		   smpp_view_str("udhi,type_mc_receipt"), &v),
	    0, "symbols joined by a comma");
	is_int(v, 0x44, "add up");
	is_int(v, SMPP_esm_class_udhi | SMPP_esm_class_type_mc_receipt,
	    "to what the constants of these names do");
	ok(SMPP_IS(esm_class, type_mc_receipt, v), "which compare as bits");
	ok(!SMPP_IS(esm_class, type_delivery_ack, v), "under their mask");
	is_int(SMPP_message_state_DELIVERED, 2, "a value, as a constant");
	is_int(SMPP_congestion_state_medium, 30, "a range, its first one");
	is_int(smpp_enum_value(SMPP_SET_ton, smpp_view_str("bogus"), &v),
	    SMPP_ENAME, "no such symbol");
	is_int(smpp_enum_value(SMPP_SET_ton, smpp_view_str(""), &v), SMPP_ENAME,
	    "nor an empty one");
	is_int(smpp_enum_value(SMPP_SET_esm_class, smpp_view_str("udhi,"), &v),
	    SMPP_ENAME, "nor one after a comma");
	is_int(smpp_enum_value(SMPP_SET_esm_class,
		   smpp_view_str("mode_forward,mode_datagram"), &v),
	    SMPP_ESYNTAX, "two of one mask");
	is_int(smpp_enum_value(
		   SMPP_SET_data_coding, smpp_view_str("gsm_mwi_discard"), &v),
	    SMPP_ERANGE, "a group of values");
	is_int(smpp_enum_value(
		   SMPP_SET_congestion_state, smpp_view_str("congested"), &v),
	    0, "a range of one value");
	is_int(smpp_status_find(smpp_view_str("ESME_RINVPARLEN"))->code, 0xC2,
	    "a status by its name in v3.4");
	is_int(smpp_ver_of(0x33), SMPP_V33, "interface_version 0x33");
	is_int(smpp_ver_of(0x34), SMPP_V34, "interface_version 0x34");
	is_int(smpp_ver_of(0x50), SMPP_V50, "interface_version 0x50");
}

int
main(void)
{
	stray_nul();
	versions();
	refusals();
	many_tlvs();
	last_tlv();
	strict_stops();
	counts();
	worst_kept();
	sendable();
	tables();
	enums();
	return tap_done();
}
