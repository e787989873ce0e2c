/* lib/msg/split: parts of a long text. */
#include "msg/body.h"
#include "msg/split.h"
#include "tap.h"

static char letters[70000];

static struct smpp_view
text_of(uint32_t n)
{
	return smpp_view_of(letters, n);
}

/* The header's row of spec/capacities.tsv: what the last full part holds. */
static void
capacity(enum smpp_split_method method, struct smpp_coding coding,
    uint32_t elements, uint32_t want)
{
	struct smpp_split_how how = {method, coding, 1, 0,
	    {(const uint8_t *)"\x05\x04\x0b\x84\x0b\x84", elements}};
	struct smpp_split s;
	struct smpp_err err;
	bool many = method != SMPP_SPLIT_NONE;

	is_int(smpp_split_begin(&s, text_of(many ? 400 : want), &how, &err),
	    many ? (int)((400 + want - 1) / want) : 1,
	    "%s, alphabet %u, national %u %u, %u octets: parts of %u",
	    smpp_split_name(method), coding.alphabet, coding.single,
	    coding.locking, elements, want);
	is_int(s.room - s.room % (coding.alphabet == SMPP_ALPHA_UCS2 ? 2 : 1),
	    want * (coding.alphabet == SMPP_ALPHA_UCS2 ? 2 : 1), "room");
}

static void
capacities(void)
{
	static const struct {
		uint8_t alphabet, single, locking, elements;
		uint32_t none, udh, udh16;
	} rows[] = {
	    {SMPP_ALPHA_GSM7, 0, 0, 0, 160, 153, 152},
	    {SMPP_ALPHA_GSM7, 1, 0, 0, 155, 149, 148},
	    {SMPP_ALPHA_GSM7, 0, 1, 0, 155, 149, 148},
	    {SMPP_ALPHA_GSM7, 1, 1, 0, 152, 146, 145},
	    {SMPP_ALPHA_GSM7, 0, 0, 6, 152, 146, 145},
	    {SMPP_ALPHA_GSM7_PACKED, 0, 0, 0, 160, 153, 152},
	    {SMPP_ALPHA_GSM7_PACKED, 1, 1, 0, 152, 146, 145},
	    {SMPP_ALPHA_LATIN1, 0, 0, 0, 140, 134, 133},
	    {SMPP_ALPHA_LATIN1, 0, 0, 6, 133, 128, 127},
	    {SMPP_ALPHA_UCS2, 0, 0, 0, 70, 67, 66},
	    {SMPP_ALPHA_UCS2, 0, 0, 6, 66, 64, 63},
	};
	struct smpp_coding c;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		c = (struct smpp_coding){
		    rows[i].alphabet, rows[i].single, rows[i].locking, 0};
		capacity(SMPP_SPLIT_NONE, c, rows[i].elements, rows[i].none);
		capacity(SMPP_SPLIT_UDH, c, rows[i].elements, rows[i].udh);
		capacity(SMPP_SPLIT_SAR, c, rows[i].elements, rows[i].udh);
		capacity(SMPP_SPLIT_UDH16, c, rows[i].elements, rows[i].udh16);
	}
}

static void
octets(void)
{
	struct smpp_split_how how = {
	    .method = SMPP_SPLIT_UDH, .ref = 0x12a, .part_size = 14};
	struct smpp_split s;
	struct smpp_part part;
	struct smpp_err err;
	uint8_t room[64];
	struct smpp_wr w;

	/* 14 octets hold 9 septets behind the header: the escape pair of the
	 * euro would be the 9th and 10th. */
	is_int(smpp_split_begin(
		   &s, smpp_view_str("12345678\u20ac123456789"), &how, &err),
	    3, "three parts");
	smpp_wr_init(&w, room, sizeof(room));
	is_int(smpp_split_next(&s, &part, &w, &err), 1, "first");
	is_mem(part.data.p, part.data.n,
	    "\x05\x00\x03\x2a\x03\x01"
	    "12345678",
	    14, "ends before the escape");
	is_int(smpp_split_next(&s, &part, &w, &err), 1, "second");
	is_mem(part.data.p, part.data.n,
	    "\x05\x00\x03\x2a\x03\x02\x1b\x65"
	    "1234567",
	    15, "begins with it");
	is_int(smpp_split_next(&s, &part, &w, &err), 1, "third");
	is_mem(part.data.p, part.data.n,
	    "\x05\x00\x03\x2a\x03\x03"
	    "89",
	    8, "the rest");
	is_int(smpp_split_next(&s, &part, &w, &err), 0, "no more");
}

static void
into_pdus(void)
{
	struct smpp_split_how how = {.method = SMPP_SPLIT_SAR, .ref = 7};
	struct smpp_pdu pdu;
	struct smpp_split s;
	struct smpp_part part;
	struct smpp_err err;
	struct smpp_view payload;
	uint8_t room[2048];
	struct smpp_wr w;

	smpp_wr_init(&w, room, sizeof(room));
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	is_int(smpp_split_begin(&s, text_of(161), &how, &err), 2, "SAR");
	smpp_split_next(&s, &part, &w, &err);
	is_int(smpp_part_set(&pdu, &s, &part), 0, "set");
	is_int(pdu.ntlv, 3, "three TLVs");
	is_int(smpp_pdu_num(&pdu, SMPP_F_esm_class), 0, "no header");
	is_int(smpp_pdu_view(&pdu, SMPP_F_short_message).n, 153, "octets");
	how.method = SMPP_SPLIT_PAYLOAD;
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	is_int(smpp_split_begin(&s, text_of(1000), &how, &err), 1, "payload");
	smpp_split_next(&s, &part, &w, &err);
	smpp_part_set(&pdu, &s, &part);
	is_int(smpp_pdu_payload(&pdu, &payload), SMPP_F_tlv, "message_payload");
	is_int(payload.n, 1000, "all of it");
}

static int
choose(const char *text, int national, struct smpp_split_how *how)
{
	struct smpp_err err;

	*how = (struct smpp_split_how){.method = SMPP_SPLIT_UDH};
	return smpp_split_choose(how, smpp_view_str(text), national, &err);
}

static void
choosing(void)
{
	struct smpp_split_how how;
	char turkish[256] = "";
	int i;

	for (i = 0; i < 30; i++)
		strcat(turkish, "a\u015f\u0131b");
	is_int(choose("Hello", 0, &how), 1, "gsm7");
	is_int(how.coding.alphabet, SMPP_ALPHA_GSM7, "it is");
	is_int(choose("\u015f", -1, &how), 1, "a short text");
	is_int(how.coding.alphabet, SMPP_ALPHA_UCS2, "stays UCS-2");
	is_int(choose(turkish, 0, &how), 2, "a longer one");
	is_int(choose(turkish, -1, &how), 1, "is one part in Turkish");
	is_int(how.coding.alphabet, SMPP_ALPHA_GSM7, "of 7 bits");
	is_int(how.coding.locking, 1, "locked");
	is_int(how.coding.single, 0, "without the single shift");
	is_int(choose(turkish, 3, &how), 2, "not in Portuguese");
	is_int(choose("\xff", 0, &how), SMPP_EBAD_TEXT, "not UTF-8");
}

static void
refusals(void)
{
	struct smpp_split_how how = {.method = SMPP_SPLIT_NONE};
	struct smpp_split s;
	struct smpp_err err;
	char late[200];

	is_int(smpp_split_begin(&s, text_of(161), &how, &err), SMPP_ERANGE,
	    "refused");
	is_str(err.msg, "the text needs 2 parts", "why");
	how.method = SMPP_SPLIT_UDH;
	is_int(smpp_split_begin(&s, text_of(255 * 153), &how, &err), 255,
	    "255 parts");
	is_int(smpp_split_begin(&s, text_of(255 * 153 + 1), &how, &err),
	    SMPP_ERANGE, "256 parts");
	how.part_size = 6;
	is_int(smpp_split_begin(&s, text_of(10), &how, &err), SMPP_ERANGE,
	    "no room");
	how.part_size = 0;
	memset(late, 'x', sizeof(late));
	late[180] = '\xff';
	is_int(smpp_split_begin(&s, smpp_view_of(late, 200), &how, &err),
	    SMPP_EBAD_TEXT, "bad in the second part");
	is_int(err.offset, 181, "its place in the whole");
	is_int(smpp_split_begin(&s, text_of(0), &how, &err), 1, "empty");
}

int
main(void)
{
	memset(letters, 'a', sizeof(letters));
	capacities();
	octets();
	into_pdus();
	choosing();
	refusals();
	is_int(
	    smpp_split_find(smpp_view_str("udh16")), SMPP_SPLIT_UDH16, "name");
	return tap_done();
}
