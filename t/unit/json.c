/* lib/show/jsonread: JSON written by people and by other programs. */
#include "show/show.h"
#include "tap.h"

static uint8_t block[4096];
static struct smpp_pdu pdu;
static struct smpp_err err;

static int
parse(const char *text)
{
	struct wr store;

	smpp_err_clear(&err);
	wr_init(&store, block, sizeof(block));
	return smpp_json_parse(
	    &pdu, text, strlen(text), SMPP_V34, SMPP_ALPHA_GSM7, &store, &err);
}

static void
texts(void)
{
	is_int(parse("{\"command_id_name\":\"submit_sm\",\"text\":\"a@\"}"), 0,
	    "a text");
	is_mem(smpp_view(&pdu, SMPP_F_short_message).p, 2, "a\0", 2,
	    "in the default alphabet");
	is_int(parse("{\"command_id\":4,\"text\":\"\xd0\x96\"}"), 0,
	    "a text that has no place there");
	is_int(smpp_num(&pdu, SMPP_F_data_coding), 8, "is UCS-2");
	is_mem(smpp_view(&pdu, SMPP_F_short_message).p, 2, "\x04\x16", 2,
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
}

static void
numbers(void)
{
	is_int(parse("{\"command_id\":4,\"esm_class_name\":\"udhi\"}"), 0,
	    "a symbol where the number is missing");
	is_int(smpp_num(&pdu, SMPP_F_esm_class), 0x40, "counts");
	is_int(parse("{\"command_id\":4,\"esm_class\":1,"
		     "\"esm_class_name\":\"udhi\"}"),
	    0, "beside a number");
	is_int(smpp_num(&pdu, SMPP_F_esm_class), 1, "it does not");
	is_int(parse("{\"command_id\":4,\"esm_class\":256}"), SMPP_ERANGE,
	    "too large");
	is_int(parse("{\"command_id\":4,\"esm_class\":-1}"), SMPP_ERANGE,
	    "below zero");
	is_int(parse("{\"command_id\":4,\"esm_class\":1.5}"), SMPP_ESYNTAX,
	    "not whole");
	is_int(parse("{}"), SMPP_ESYNTAX, "no command");
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
}

static void
broken(void)
{
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
	broken();
	return tap_done();
}
