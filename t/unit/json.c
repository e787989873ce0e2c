/* lib/show/jsonread: JSON written by people and by other programs. */
#include <stdlib.h>

#include "show/show.h"
#include "tap.h"

static uint8_t block[4096];
static struct smpp_pdu pdu;
static struct smpp_err err;

static int
parse(const char *text)
{
	struct smpp_wr store;

	smpp_err_clear(&err);
	smpp_wr_init(&store, block, sizeof(block));
	return smpp_json_pdu_parse(&pdu, text, strlen(text), SMPP_V34, NULL,
	    SMPP_ALPHA_GSM7, &store, &err);
}

static void
texts(void)
{
	is_int(parse("{\"command_id_name\":\"submit_sm\",\"text\":\"a@\"}"), 0,
	    "a text");
	is_mem(smpp_pdu_view(&pdu, SMPP_F_short_message).p, 2, "a\0", 2,
	    "in the default alphabet");
	is_int(parse("{\"command_id\":4,\"text\":\"\xd0\x96\"}"), 0,
	    "a text that has no place there");
	is_int(smpp_pdu_num(&pdu, SMPP_F_data_coding), 8, "is UCS-2");
	is_mem(smpp_pdu_view(&pdu, SMPP_F_short_message).p, 2, "\x04\x16", 2,
	    "with its octets");
	is_int(parse("{\"command_id\":4,\"data_coding\":1,"
		     "\"text\":\"\xd0\x96\"}"),
	    SMPP_ECHARSET, "not in the alphabet asked for");
	is_int(parse("{\"command_id\":4,\"short_message\":\"61\","
		     "\"text\":\"a\"}"),
	    0, "a text beside its octets");
	is_int(parse("{\"command_id\":4,\"short_message\":\"61\","
		     "\"text\":\"b\"}"),
	    SMPP_ESYNTAX, "and beside others");
	is_str(err.msg, "text: contradicts the octets beside it", "is told");
	is_int(parse("{\"command_id_name\":\"data_sm\",\"text\":\"hi\"}"), 0,
	    "data_sm");
	is_int(pdu.tlv[0].tag, SMPP_T_message_payload, "has a payload");
	is_int(parse("{\"command_id\":21,\"text\":\"hi\"}"), SMPP_ESYNTAX,
	    "enquire_link carries none");
	is_int(parse("{\"command_id\":4,\"esm_class\":64,\"text\":\"hi\"}"),
	    SMPP_ESYNTAX, "a text with a header that is not there");
	is_int(parse("{\"command_id\":4,\"udh\":{},\"text\":\"hi\"}"),
	    SMPP_ESYNTAX, "or was not read");
}

static void
numbers(void)
{
	is_int(parse("{\"command_id\":4,\"esm_class_name\":\"udhi\"}"), 0,
	    "a symbol where the number is missing");
	is_int(smpp_pdu_num(&pdu, SMPP_F_esm_class), 0x40, "counts");
	is_int(parse("{\"command_id\":4,\"esm_class\":1,"
		     "\"esm_class_name\":\"udhi\"}"),
	    0, "beside a number");
	is_int(smpp_pdu_num(&pdu, SMPP_F_esm_class), 1, "it does not");
	is_int(parse("{\"command_id\":4,\"esm_class\":256}"), SMPP_ERANGE,
	    "too large");
	is_int(parse("{\"command_id\":4,\"esm_class\":-1}"), SMPP_ERANGE,
	    "below zero");
	is_int(parse("{\"command_id\":4,\"esm_class\":1.5}"), SMPP_ESYNTAX,
	    "not whole");
	is_int(parse("{}"), SMPP_ESYNTAX, "no command");
	is_int(parse("{\"command_id\":4,\"data_coding_name\":"
		     "\"gsm_mwi_discard\"}"),
	    SMPP_ESYNTAX, "a symbol of many numbers");
	is_int(parse("{\"command_id\":4,\"data_coding\":193,"
		     "\"data_coding_name\":\"gsm_mwi_discard\"}"),
	    0, "beside its number");
	is_int(smpp_pdu_num(&pdu, SMPP_F_data_coding), 193, "goes after it");
}

static void
tlvs(void)
{
	is_int(parse("{\"command_id\":4,\"source_port\":7,\"tlvs\":["
		     "{\"tag_name\":\"dest_port\",\"value\":9}]}"),
	    0, "the array beats the copy");
	is_int(pdu.ntlv, 1, "one TLV");
	is_int(pdu.tlv[0].tag, SMPP_T_dest_port, "that of the array");
	is_int(
	    parse("{\"command_id\":4,\"source_port\":7}"), 0, "the copy alone");
	is_int(pdu.tlv[0].num, 7, "counts");
	is_int(parse("{\"command_id\":5,\"network_error_code\":"
		     "{\"type\":3,\"code\":8}}"),
	    0, "a structure");
	is_mem(pdu.tlv[0].p, pdu.tlv[0].n, "\3\0\10", 3, "in wire form");
	is_int(parse("{\"command_id\":4,\"tlvs\":[{\"value\":9}]}"),
	    SMPP_ESYNTAX, "no tag");
	is_int(parse("{\"command_id\":4,\"tlvs\":[{\"tag\":5,\"hex\":\"0\"}]}"),
	    SMPP_ESYNTAX, "half an octet");
	is_int(
	    parse("{\"command_id\":4,\"tlvs\":7}"), SMPP_ESYNTAX, "no array");
	is_int(parse("{\"command_id\":4,\"message_payload\":256}"),
	    SMPP_ESYNTAX, "a number for octets");
	is_int(parse("{\"command_id\":4,\"tlvs\":[{\"tag_name\":"
		     "\"receipted_message_id\",\"value\":291}]}"),
	    SMPP_ESYNTAX, "for a string");
	is_int(parse("{\"command_id\":4,\"destination_port\":5}"), 0,
	    "a TLV by its other name");
	is_int(pdu.tlv[0].tag, SMPP_T_dest_port, "is it");
	is_int(parse("{\"command_id\":5,\"message_state_name\":"
		     "\"DELIVERED\"}"),
	    0, "a TLV by its symbol");
	is_int(pdu.tlv[0].num, 2, "has its number");
}

/* More TLVs than the object keeps; the 33rd is a number. */
static void
many_tlvs(void)
{
	static char text[8192];
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	int i, n;

	n = sprintf(text, "{\"command_id\":4,\"tlvs\":[");
	for (i = 0; i < 40; i++)
		n += sprintf(text + n,
		    i == 32 ? "%s{\"tag\":524,\"value\":%d}"
			    : "%s{\"tag\":5120,\"hex\":\"%02x\"}",
		    i > 0 ? "," : "", i);
	strcpy(text + n, "]}");
	is_int(parse(text), 0, "40 TLVs");
	is_int(pdu.ntlv_total, 40, "are there");
	smpp_tlv_begin(&it, &pdu);
	for (i = 0; smpp_tlv_next(&it, &t); i++)
		if (t.n != (i == 32 ? 2 : 1) || t.p[t.n - 1] != i)
			break;
	is_int(i, 40, "in their order");
}

static void
limits(void)
{
	static char text[8192];
	int i, n;

	n = sprintf(text, "{\"command_id\":33,\"dest_address\":[{}");
	for (i = 1; i < 300; i++)
		n += sprintf(text + n, ",{}");
	strcpy(text + n, "]}");
	is_int(parse(text), SMPP_ERANGE, "300 destinations");
	is_str(
	    err.msg, "dest_address: 300 items, the limit is 254", "are told");
	sprintf(text, "{\"command_id\":4,\"short_message\":\"%0600d\"}", 0);
	is_int(parse(text), SMPP_ERANGE, "300 octets");
	is_str(
	    err.msg, "short_message: 300 octets, the limit is 254", "are told");
	sprintf(text, "{\"command_id\":4,\"text\":\"%0255d\"}", 0);
	is_int(parse(text), SMPP_ERANGE, "a text of 255 septets");
	is_str(err.msg, "text: 255 octets, the limit is 254", "is told");
}

static void
keys(void)
{
	is_int(parse("{\"command_id\":4,\"shortmessage\":\"41\"}"), SMPP_ENAME,
	    "a misspelt key");
	is_str(err.msg,
	    "no key 'shortmessage' in submit_sm; did you mean "
	    "'short_message'?",
	    "is told");
	is_int(parse("{\"command_id\":4,\"message_id\":\"41\"}"), SMPP_ENAME,
	    "a field of another PDU");
	is_int(
	    parse("{\"type\":\"pdu\",\"time\":\"\",\"dir\":\"in\","
		  "\"command_id\":4,\"latency_ms\":1,\"receipt\":{},"
		  "\"notices\":[],\"esm_class\":0,\"esm_class_name\":\"x\"}"),
	    0, "what is known beside a PDU");
	is_int(parse("{\"command_id\":33,\"dest_address\":[{\"adr\":1}]}"),
	    SMPP_ENAME, "in an item");
	is_int(parse("{\"command_id\":33,\"dest_address\":"
		     "[{\"dest_flag\":2,\"destination_addr\":\"1\"}]}"),
	    SMPP_ESYNTAX, "an address of a list");
	is_int(parse("{\"command_id\":4,\"tlvs\":[{\"tag\":5,\"hx\":\"\"}]}"),
	    SMPP_ENAME, "in a TLV");
	is_int(parse("{\"command_id\":2,\"password\":\"***\"}"), SMPP_ESYNTAX,
	    "a masked password");
	ok(strstr(err.msg, "--show-secrets") != NULL, "is told");
	is_int(parse("{\"command_id\":4,\"stray\":\"00\"}"), 0, "a stray NUL");
	ok(pdu.stray, "is kept");
	is_int(parse("{\"command_id\":4,\"stray\":\"01\"}"), SMPP_ESYNTAX,
	    "what is none");
}

/* Values that do not fit the store, which ends where it ends. */
static void
tight(void)
{
	static const char *const texts[] = {
	    "{\"command_id\":4,\"message_payload\":256}",
	    "{\"command_id\":4,\"sar_msg_ref_num\":256}",
	    "{\"command_id\":4,\"stray\":\"0000\"}",
	    "{\"command_id\":4,\"text\":\"abc\"}",
	    "{\"command_id_name\":\"data_sm\",\"text\":\"abc\"}",
	    "{\"command_id\":4,\"undecoded\":\"0000\"}",
	};
	uint8_t *exact = malloc(1);
	struct smpp_wr store;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		smpp_err_clear(&err);
		smpp_wr_init(&store, exact, 1);
		ok(smpp_json_pdu_parse(&pdu, texts[i], strlen(texts[i]),
		       SMPP_V34, NULL, SMPP_ALPHA_GSM7, &store, &err) < 0,
		    "no room: %s", texts[i]);
		ok(err.msg[0] != '\0', "told: %s", err.msg);
	}
	free(exact);
}

static int
message(const char *text, struct smpp_view *words)
{
	struct smpp_wr store;

	smpp_err_clear(&err);
	smpp_wr_init(&store, block, sizeof(block));
	return smpp_json_message_parse(&pdu, words, text, strlen(text),
	    SMPP_V34, NULL, SMPP_ALPHA_GSM7, &store, &err);
}

static void
messages(void)
{
	struct smpp_view words;

	is_int(
	    message("{\"source_addr\":\"1\",\"text\":\"a\xd0\x96\"}", &words),
	    0, "a message to be sent needs no command");
	is_int(pdu.command_id, SMPP_C_submit_sm, "it is a submit_sm");
	is_mem(words.p, words.n, "a\xd0\x96", 3, "with a text");
	ok(!smpp_pdu_has(&pdu, SMPP_F_short_message), "that is not encoded");
	is_int(message("{\"command_id\":5,\"short_message\":\"61\","
		       "\"text\":\"a\"}",
		   &words),
	    0, "one that came");
	is_int(pdu.command_id, SMPP_C_submit_sm, "becomes one");
	ok(words.p == NULL, "with its octets");
	is_int(message("{\"command_id\":21}", &words), SMPP_ESYNTAX,
	    "anything else does not");
	is_int(message("{\"esm_class\":64,\"text\":\"a\"}", &words),
	    SMPP_ESYNTAX, "a header is octets");
}

static void
broken(void)
{
	is_int(parse("{\"command_id_name\":\"data_sm\",\"short_message\":\"\","
		     "\"receipted_message_id\":\"7\"}"),
	    0, "an empty field of other PDUs says nothing");
	is_int(parse("{\"command_id_name\":\"data_sm\","
		     "\"short_message\":\"41\"}"),
	    SMPP_ENAME, "one with octets would be lost");
	is_int(parse(""), SMPP_ESYNTAX, "nothing");
	is_int(parse("[]"), SMPP_ESYNTAX, "no object");
	is_int(parse("{\"command_id\":4,\"command_id\":4}"), SMPP_ESYNTAX,
	    "a key twice");
	is_int(parse("{\"command_id\":4,\"source_addr\":\"\xe2\x82\xac\"}"),
	    SMPP_ESYNTAX, "a character that is no octet");
	is_int(parse("{\"command_id\":33,\"dest_address\":[7]}"), SMPP_ESYNTAX,
	    "an item that is none");
}

int
main(void)
{
	texts();
	numbers();
	tlvs();
	many_tlvs();
	limits();
	keys();
	tight();
	messages();
	broken();
	return tap_done();
}
