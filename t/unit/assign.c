/* lib/show/assign: name=value text, right and wrong. */
#include <stdlib.h>

#include "show/show.h"
#include "tap.h"

static uint8_t block[4096], out[4096];
static struct smpp_pdu pdu;
static struct smpp_err err;
static struct smpp_wr store;

static void
begin(uint32_t command)
{
	smpp_pdu_init(&pdu, command, 1, SMPP_V34);
	smpp_wr_init(&store, block, sizeof(block));
}

static int
assign(const char *pair)
{
	smpp_err_clear(&err);
	return smpp_pdu_assign(&pdu, smpp_view_str(pair), &store, &err);
}

static void
strings(void)
{
	begin(SMPP_C_submit_sm);
	is_int(assign("source_addr=ACME"), 0, "bare text");
	ok(smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_source_addr), "ACME"),
	    "as it is");
	is_int(assign("source_addr=\"a b\\x41\\\"\""), 0, "quoted text");
	ok(smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_source_addr), "a bA\""),
	    "with escapes as in C");
	is_int(assign("short_message=hex:0aFF"), 0, "octets");
	is_mem(smpp_pdu_view(&pdu, SMPP_F_short_message).p, 2, "\x0a\xff", 2,
	    "in hexadecimal");
	is_int(assign("service_type="), 0, "nothing at all");
	is_int(smpp_pdu_view(&pdu, SMPP_F_service_type).n, 0, "is empty");
	is_int(assign("source_addr=\"open"), SMPP_ESYNTAX, "no closing quote");
	is_int(assign("source_addr=\"\\q\""), SMPP_ESYNTAX, "no such escape");
	is_int(assign("source_addr=\"a\"b"), SMPP_ESYNTAX, "text after it");
	is_int(assign("short_message=hex:abc"), SMPP_ESYNTAX, "half an octet");
	is_int(assign("novalue"), SMPP_ESYNTAX, "no equals sign");
	is_int(assign(""), SMPP_ESYNTAX, "no text");
}

static void
numbers(void)
{
	begin(SMPP_C_submit_sm);
	is_int(assign("esm_class=0x40"), 0, "hexadecimal");
	is_int(assign("esm_class=udhi,reply_path"), 0, "symbols");
	is_int(smpp_pdu_num(&pdu, SMPP_F_esm_class), 0xC0, "joined");
	is_int(assign("data_coding=ucs2"), 0, "a symbol");
	is_int(smpp_pdu_num(&pdu, SMPP_F_data_coding), 8, "is its number");
	is_int(assign("data_coding=256"), SMPP_ERANGE, "too large");
	is_int(assign("data_coding=usc2"), SMPP_ESYNTAX, "a wrong symbol");
	is_str(err.msg, "data_coding: no value 'usc2'; did you mean 'ucs2'?",
	    "is told");
	is_int(assign("sourse_addr=1"), SMPP_ENAME, "a wrong name");
	is_str(err.msg,
	    "no field 'sourse_addr' in submit_sm; did you mean 'source_addr'?",
	    "is told");
	is_int(assign("message_id=1"), SMPP_ENAME, "a field of another PDU");
	is_int(assign("sequence_number=9"), 0, "the header");
	is_int(pdu.sequence_number, 9, "is set");
	is_int(
	    assign("command_id=5"), SMPP_ESYNTAX, "the PDU stays what it is");
	is_int(pdu.command_id, SMPP_C_submit_sm, "really");
	is_int(assign("command_length=5"), SMPP_ESYNTAX, "and its length");
	is_int(assign("esm_class=udhi,"), SMPP_ESYNTAX, "a comma too many");
	is_int(assign("esm_class=mode_forward,mode_datagram"), SMPP_ESYNTAX,
	    "two modes");
	is_int(
	    assign("data_coding=gsm_mwi_discard"), SMPP_ESYNTAX, "16 numbers");
	is_str(err.msg,
	    "data_coding: 'gsm_mwi_discard' stands for several numbers; give "
	    "the one meant",
	    "are told");
}

static void
lists(void)
{
	struct smpp_item_it it;
	struct smpp_wr w;

	begin(SMPP_C_submit_multi);
	is_int(assign("dest_address=[491701,dl:staff,"
		      "{dest_addr_ton=international destination_addr=\"2\"}]"),
	    0, "a list");
	is_int(pdu.f[SMPP_F_dest_address].num, 3, "of three");
	smpp_wr_init(&w, out, sizeof(out));
	ok(smpp_encode(&w, &pdu) > 0, "encodes");
	smpp_item_begin(&it,
	    smpp_field_of(smpp_pdu_body(pdu.row, SMPP_V34), SMPP_F_dest_address)
		->items,
	    smpp_pdu_view(&pdu, SMPP_F_dest_address));
	ok(smpp_item_next(&it) && it.val.num == 1, "an address");
	is_int(assign("dest_address=[491701"), SMPP_ESYNTAX, "no bracket");
	is_int(assign("dest_address=[{dest_flag=1]"), SMPP_ESYNTAX, "no brace");
	is_int(assign("dest_address=[{bogus=1}]"), SMPP_ENAME, "no such name");
	is_int(assign("dest_address=491701"), SMPP_ESYNTAX, "no list");
	is_int(assign("dest_address=[]"), 0, "an empty one");
	is_int(pdu.f[SMPP_F_dest_address].num, 0, "has no items");
	is_int(assign("dest_address=[,,]"), SMPP_ESYNTAX, "nothing but commas");
	is_int(assign("dest_address=[1,]"), SMPP_ESYNTAX, "one at the end");
	is_int(assign("dest_address=[dl:]"), SMPP_ESYNTAX, "no name");
	is_int(assign("dest_address=[{dl_name=y}{dl_name=z}]"), SMPP_ESYNTAX,
	    "no comma");
	is_int(assign("dest_address=[{dl_name=y dl_name=z}]"), SMPP_ESYNTAX,
	    "a name twice");
	is_int(assign("dest_address=[{dl_name=\"y\"dest_flag=2}]"),
	    SMPP_ESYNTAX, "no blank");
	is_int(assign("dest_address=[{dest_flag=2 destination_addr=1}]"),
	    SMPP_ESYNTAX, "an address of a list");
	is_str(err.msg, "destination_addr: not in an item of dest_flag 2",
	    "is told");
	is_int(assign("dest_address=[\"a\\0b\"]"), SMPP_ESYNTAX,
	    "a NUL in an address");
}

/* What cannot be counted is refused, not cut. */
static void
limits(void)
{
	static char text[2000] = "dest_address=[1";
	size_t n = strlen(text), i;

	begin(SMPP_C_submit_multi);
	for (i = 1; i < 300; i++, n += 2)
		memcpy(text + n, ",1", 2);
	text[n] = ']';
	is_int(assign(text), SMPP_ERANGE, "300 destinations");
	is_str(
	    err.msg, "dest_address: 300 items, the limit is 254", "are told");
	n = (size_t)sprintf(text, "short_message=");
	memset(text + n, 'a', 300);
	text[n + 300] = '\0';
	is_int(assign(text), SMPP_ERANGE, "300 octets");
	is_str(
	    err.msg, "short_message: 300 octets, the limit is 254", "are told");
	is_int(
	    assign("source_addr=\"a\\0b\""), SMPP_ESYNTAX, "a NUL in a string");
}

static void
secrets(void)
{
	begin(SMPP_C_bind_transceiver);
	is_int(assign("password=*****"), SMPP_ESYNTAX, "a masked password");
	ok(strstr(err.msg, "--show-secrets") != NULL, "is told");
	is_int(assign("password=\"*****\""), 0, "one of asterisks");
	is_int(assign("password=a*"), 0, "one that ends with one");
}

static void
stray(void)
{
	begin(SMPP_C_submit_sm);
	is_int(assign("stray=hex:00"), 0, "a stray NUL");
	ok(pdu.stray, "is kept");
	is_int(assign("stray=hex:01"), SMPP_ESYNTAX, "no NUL");
	begin(SMPP_C_query_sm);
	is_int(assign("stray=hex:00"), SMPP_ENAME, "nothing to follow");
}

static void
tlvs(void)
{
	begin(SMPP_C_submit_sm);
	is_int(assign("tlv.sar_msg_ref_num=258"), 0, "a number");
	is_mem(pdu.tlv[0].p, pdu.tlv[0].n, "\x01\x02", 2, "of its size");
	is_int(assign("tlv.0x1400=\"x y\""), 0, "by tag, text");
	is_mem(pdu.tlv[1].p, pdu.tlv[1].n, "x y", 3, "without a NUL");
	is_int(assign("tlv.receipted_message_id=abc"), 0, "a C string");
	is_mem(pdu.tlv[2].p, pdu.tlv[2].n, "abc", 4, "with its NUL");
	is_int(assign("tlv.network_error_code={type=gsm code=8}"), 0,
	    "a structure");
	is_mem(pdu.tlv[3].p, pdu.tlv[3].n, "\x03\x00\x08", 3, "in its order");
	is_int(
	    assign("tlv.network_error_code=abc"), SMPP_ESYNTAX, "no structure");
	is_int(assign("tlv.ms_validity={behaviour=1}"), 0, "a short one");
	is_int(pdu.tlv[4].n, 1, "ends where it is set");
	is_int(assign("tlv.0x1401=0x1234"), 0, "by tag, a number");
	is_int(pdu.tlv[5].n, 4, "has 4 octets");
	is_int(assign("tlv.receipted_message_id=0x1234"), 0, "an id of digits");
	is_mem(pdu.tlv[6].p, pdu.tlv[6].n, "0x1234", 7, "is text");
	pdu.ntlv = pdu.ntlv_total = 6;
	is_int(assign("tlv.alert_on_message_delivery="), 0, "no value");
	is_int(pdu.tlv[6].n, 0, "has none");
	is_int(assign("tlv.payload_tipe=1"), SMPP_ENAME, "a wrong name");
	is_str(err.msg, "no TLV 'payload_tipe'; did you mean 'payload_type'?",
	    "is told");
	is_int(assign("tlv.payload_type=300"), SMPP_ERANGE, "too large");
	is_int(assign("tlv.0x12345=1"), SMPP_ERANGE, "no such tag");
}

/* What a value is called is that value again, or no one value's name. */
static void
symbols(void)
{
	char name[256];
	struct smpp_sbuf b;
	uint32_t v, back;
	unsigned set;
	int rc, bad = 0;

	for (set = 1; set < SMPP_SET_COUNT; set++)
		for (v = 0; v < 0x200; v++) {
			smpp_sbuf_init(&b, name, sizeof(name), NULL, NULL);
			if (!smpp_enum_symbols(&b, set, v, SMPP_VANY))
				continue;
			rc = smpp_enum_value(
			    set, smpp_view_of(b.p, b.n), &back);
			if (rc == SMPP_ERANGE || (rc == 0 && back == v))
				continue;
			printf("# %s %u: %.*s\n", smpp_set_names[set], v,
			    (int)b.n, b.p);
			bad++;
		}
	is_int(bad, 0, "symbols of every set");
}

/* More TLVs than the object keeps, the 33rd a number, a field in between. */
static void
many_tlvs(void)
{
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	char pair[64];
	int i;

	begin(SMPP_C_submit_sm);
	for (i = 0; i < 40; i++) {
		if (i == 36)
			is_int(assign("source_addr=x"), 0, "a field between");
		sprintf(pair,
		    i == 32 ? "tlv.sar_msg_ref_num=%d" : "tlv.0x1400=hex:%02x",
		    i);
		if (assign(pair) != 0)
			printf("# %s: %s\n", pair, err.msg);
	}
	is_int(pdu.ntlv_total, 40, "40 TLVs");
	smpp_tlv_begin(&it, &pdu);
	for (i = 0; smpp_tlv_next(&it, &t); i++)
		if (t.n != (i == 32 ? 2 : 1) || t.p[t.n - 1] != i)
			break;
	is_int(i, 40, "in their order");
}

/* Numbers for values that are none, in a store of the size there is. */
static void
tight(void)
{
	uint8_t *exact = malloc(1);

	begin(SMPP_C_submit_sm);
	smpp_wr_init(&store, exact, 1);
	is_int(assign("tlv.receipted_message_id=0x1234"), SMPP_ENOSPACE,
	    "no room for a text");
	smpp_wr_init(&store, exact, 1);
	is_int(assign("tlv.sar_msg_ref_num=7"), SMPP_ENOSPACE, "for a number");
	smpp_wr_init(&store, exact, 1);
	is_int(assign("dest_address=[1]"), SMPP_ENAME, "for a list");
	is_int(pdu.ntlv_total, 0, "nothing is set");
	free(exact);
}

static void
no_room(void)
{
	begin(SMPP_C_submit_sm);
	smpp_wr_init(&store, block, 4);
	is_int(assign("short_message=\"too long\""), SMPP_ENOSPACE,
	    "more than the store holds");
	ok(err.msg[0] != '\0', "is told");
}

int
main(void)
{
	strings();
	numbers();
	lists();
	tlvs();
	limits();
	secrets();
	stray();
	symbols();
	many_tlvs();
	tight();
	no_room();
	return tap_done();
}
