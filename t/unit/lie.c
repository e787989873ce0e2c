/* lib/show/lie: PDUs that do not say the truth, octet by octet. */
#include "show/lie.h"

#include "base/hex.h"
#include "show/show.h"
#include "tap.h"

static uint8_t block[8192], plain[4096], out[4096];
static struct smpp_pdu pdu;
static struct smpp_lies lies;
static struct smpp_err err;
static struct smpp_wr store;

/* Starts query_sm of message_id "7", source_addr "A". */
static void
begin(void)
{
	smpp_pdu_init(&pdu, SMPP_C_query_sm, 5, SMPP_V34);
	smpp_wr_init(&store, block, sizeof(block));
	smpp_pdu_set_view(&pdu, SMPP_F_message_id, smpp_view_str("7"));
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("A"));
	lies.n = 0;
}

static int
lie(const char *word)
{
	smpp_err_clear(&err);
	return smpp_lie_parse(&lies, &pdu, smpp_view_str(word), &store, &err);
}

static int
build(struct smpp_wr *w)
{
	struct smpp_wr t;

	smpp_wr_init(&t, plain, sizeof(plain));
	smpp_encode(&t, &pdu);
	smpp_wr_init(w, out, sizeof(out));
	return smpp_lie_write(w, &pdu, smpp_view_of(t.p, t.n), &lies);
}

/* The PDU with the words' lies is hex. */
static void
writes(const char *word, const char *hex)
{
	uint8_t want[256];
	int64_t n = smpp_hex_decode(want, hex, strlen(hex));
	struct smpp_wr w;

	is_int(lie(word), 0, "%s", word);
	ok(n > 0 && build(&w) == (int)n, "%s: size", word);
	is_mem(w.p, w.n, want, (size_t)n, "%s: octets", word);
	begin();
}

static void
fields(void)
{
	begin();
	writes("!source_addr_ton=9", "00000016000000030000000000000005"
				     "370009004100");
	writes("!command_length=64", "00000040000000030000000000000005"
				     "370000004100");
	writes("!command_id=0xff", "00000016000000ff0000000000000005"
				   "370000004100");
	writes("!command_id=submit_sm", "00000016000000040000000000000005"
					"370000004100");
	writes("!sequence_number=0", "00000016000000030000000000000000"
				     "370000004100");
	writes("!source_addr=0123456789012345678901234",
	    "0000002e000000030000000000000005"
	    "370000003031323334353637383930313233343536373839303132333400");
	writes("!source_addr=hex:4142", "00000016000000030000000000000005"
					"370000004142");
	writes("!message_id=\"\\x00\\x01\"", "00000017000000030000000000000005"
					     "00010000004100");
	writes("~message_id", "00000014000000030000000000000005"
			      "00004100");
	writes("~command_status", "000000120000000300000005"
				  "370000004100");
	writes("~command_length", "000000030000000000000005"
				  "370000004100");
	writes("+hex:00ff", "00000018000000030000000000000005"
			    "37000000410000ff");
}

static void
several(void)
{
	begin();
	lie("!command_length=16");
	lie("~source_addr_ton");
	lie("+hex:aa");
	lie("!source_addr_npi=1");
	writes("+hex:bb", "00000010000000030000000000000005"
			  "3700014100aabb");
	lie("!source_addr_npi=1");
	writes("!source_addr_npi=2", "00000016000000030000000000000005"
				     "370000024100");
}

static void
submit(void)
{
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_wr_init(&store, block, sizeof(block));
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_str("hi"));
	lies.n = 0;
}

static void
lengths(void)
{
	char text[80];
	struct smpp_sbuf b;
	struct smpp_wr w;

	submit();
	is_int(lie("!sm_length=200"), 0, "sm_length");
	is_int(build(&w), 35, "written");
	is_int(out[32], 200, "sm_length lies");
	is_mem(out + 33, 2, "hi", 2, "short_message does not");
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_lie_text(&b, &pdu, &lies.v[0]);
	is_mem(b.p, b.n, "sm_length lies (200, really 2)", 30, "in words");
	submit();
	smpp_pdu_add_tlv(&pdu, 0x1400, smpp_view_str("abc"));
	smpp_pdu_add_tlv(&pdu, SMPP_T_message_payload, smpp_view_str("x"));
	is_int(lie("tlv.message_payload.!length=65535"), 0, "a TLV by name");
	is_int(lie("tlv.0x1400.!length=0"), 0, "a TLV by tag");
	is_int(build(&w), 47, "written");
	is_mem(out + 35, 12,
	    "\x14\x00\x00\x00"
	    "abc\x04\x24\xff\xffx",
	    12, "both lengths lie");
	is_int(lie("tlv.sar_msg_ref_num.!length=1"), 0, "a TLV not there");
	is_int(build(&w), SMPP_ENAME, "is noticed");
}

static void
refused(void)
{
	begin();
	is_int(lie("!nonsense=1"), SMPP_ENAME, "no such field");
	is_int(lie("!sm_length=1"), SMPP_ENAME, "a field of another PDU");
	is_int(lie("~mesage_id"), SMPP_ENAME, "left out: no such field");
	is_str(err.msg,
	    "no field 'mesage_id' in query_sm; did you mean 'message_id'?",
	    "is told");
	is_int(lie("!message_id"), SMPP_ESYNTAX, "no value");
	is_int(lie("!source_addr_ton=256"), SMPP_ERANGE, "too wide");
	is_int(lie("!message_id=\"x"), SMPP_ESYNTAX, "no closing quote");
	is_int(lie("+00"), SMPP_ESYNTAX, "no hex:");
	is_int(lie("+hex:0"), SMPP_ESYNTAX, "half an octet");
	is_int(lie("tlv.nonsense.!length=1"), SMPP_ENAME, "no such TLV");
	is_int(lie("tlv.0x1400.!length=65536"), SMPP_ERANGE, "too long");
	is_int(lie("message_id=1"), SMPP_ESYNTAX, "the truth");
	is_int((int)lies.n, 0, "none was taken");
	for (int i = 0; i < SMPP_LIES_MAX; i++)
		lie("+hex:00");
	is_int(lie("+hex:00"), SMPP_ENOSPACE, "too many");
	ok(!smpp_lie_is(smpp_view_str("short_message=!x")), "a pair is no lie");
	ok(!smpp_lie_is(smpp_view_str("tlv.0x1400=a.!length=1")), "nor a TLV");
	ok(!smpp_lie_is(smpp_view_str("")), "nor nothing");
	ok(smpp_lie_is(smpp_view_str("tlv.0x1400.!length=1")), "its length is");
}

int
main(void)
{
	fields();
	several();
	lengths();
	refused();
	return tap_done();
}
