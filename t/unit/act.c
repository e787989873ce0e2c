/* cmd/smsc: the actions of rules, and what they make of octets. */
#include "cmd/kit/cmd.h"
#include "../../cmd/smsc/rule.h"
#include "base/hex.h"
#include "tap.h"

static struct act act;
static struct smpp_err err;

static int
parse(const char *text)
{
	smpp_err_clear(&err);
	return act_parse(&act, smpp_view_str(text), &err);
}

static void
wrong(const char *text, int64_t offset, const char *why)
{
	ok(parse(text) != 0, "%s", text);
	is_int(err.offset, offset, "is wrong there");
	is_str(err.msg, why, "and why");
}

static void
values(void)
{
	is_int(parse("status=ESME_RTHROTTLED"), 0, "a status by name");
	is_int(act.v[ACT_STATUS].a, ESME_RTHROTTLED, "is its number");
	is_int(parse("status=0x58 , delay=2s"), 0, "two actions, blanks");
	is_int(act.v[ACT_STATUS].a, ESME_RTHROTTLED, "a number");
	is_int(act.v[ACT_DELAY].a, 2000, "a time");
	is_int(parse("delay=uniform(1s, 3s),drop"), 0, "a comma inside");
	is_int(act.v[ACT_DELAY].form, ACT_UNIFORM, "the law");
	is_int(act.v[ACT_DELAY].b, 3000, "to");
	ok(act_has(&act, ACT_DROP), "and what follows");
	is_int(parse("receipt=undeliv:250ms"), 0, "a receipt");
	is_str(act.fate.stat, "UNDELIV", "in capitals");
	is_int(act.fate.state, 5, "its state");
	is_int(act.fate.delay_ms, 250, "its time");
	is_int(parse("receipt=none"), 0, "no receipt");
	is_str(act.fate.stat, "", "is an empty word");
	is_int(parse("nack"), 0, "a value left out");
	is_int(act.v[ACT_NACK].a, ESME_RINVCMDID, "is the usual one");
	is_int(parse("sequence_number=-1"), 0, "a shift");
	is_int(act.v[ACT_SEQUENCE_NUMBER].a, -1, "downwards");
	is_int(parse("command_length=0xffffffff"), 0, "any number");
	is_int(act.v[ACT_COMMAND_LENGTH].a, UINT32_MAX, "as large as it is");
	is_int(parse("tlv=sar_msg_ref_num"), 0, "a TLV by name");
	is_int(act.v[ACT_TLV].a, 0x20c, "its tag");
	is_int(parse("command_id=deliver_sm_resp"), 0, "a PDU by name");
	is_int(act.v[ACT_COMMAND_ID].a, 0x80000005, "its id");
	is_int(parse("bind=long"), 0, "a word");
	is_int(act.v[ACT_BIND].a, ACT_BIND_LONG, "its place");
}

static void
mistakes(void)
{
	wrong("", 0, "an action wanted");
	wrong("clsoe", 0, "no action 'clsoe'; did you mean 'close'?");
	wrong("frobnicate", 0, "no action 'frobnicate'");
	wrong("drop,", 5, "an action wanted");
	wrong("drop twice", 5, "',' wanted");
	wrong("status=8 delay=1s", 9, "',' wanted");
	wrong("delay=2 seconds", 8, "',' wanted");
	wrong("status", 6, "a value wanted: status=STATUS");
	wrong("status=", 7, "a value wanted: status=STATUS");
	wrong("drop=1", 4, "'drop' takes no value");
	wrong("delay=1s,status=ESME_RTHROTLED", 16,
	    "no status 'ESME_RTHROTLED'; did you mean 'ESME_RTHROTTLED'?");
	wrong("nack=throttled", 5,
	    "no status 'throttled'; did you mean 'ESME_RTHROTTLED'?");
	wrong("command_id=submit_sm_rsp", 11,
	    "no PDU 'submit_sm_rsp'; did you mean 'submit_sm_resp'?");
	wrong("delay=2x", 6, "'2x' is not a time, as in 250ms, 5s, 2m");
	wrong("delay=uniform(2s)", 14, "two times wanted");
	wrong("delay=uniform(2s,1s)", 17, "the end is before the start");
	wrong("delay=uniform(2s,y)", 17,
	    "'y' is not a time, as in 250ms, 5s, 2m");
	wrong("delay=uniform(1s,2s", 19, "')' wanted");
	wrong("delay=exponential(1s,2s)", 18, "one time wanted");
	wrong("delay=gauss(1s,2s)", 6,
	    "no 'gauss' delay; there are uniform, normal, exponential");
	wrong("receipt=GONE", 8,
	    "'GONE' is no state, as DELIVRD, UNDELIV, EXPIRED, REJECTD, or "
	    "none");
	wrong(
	    "receipt=DELIVRD:x", 16, "'x' is not a time, as in 250ms, 5s, 2m");
	wrong("sm_length=many", 10,
	    "'many' is not a number, nor one to add, as in +5, -1");
	wrong("garble=0", 7, "'0' is not a number from 1 to 100000");
	wrong("bind=bear", 5, "no bind response 'bear'; did you mean 'bare'?");
	wrong("delay=1s,delay=2s", 9, "'delay' stands here twice");
	wrong("twice,drop", 6, "'twice' and 'drop' exclude each other");
	wrong("half,drop", 5, "'half' and 'drop' exclude each other");
	wrong("close,rst", 6, "'close' and 'rst' exclude each other");
	wrong("status=8,nack", 9, "'status' and 'nack' exclude each other");
	wrong("delay=00000000000000000000000000000000000000000000000000000000"
	      "000000000001s",
	    6, "this is too long");
}

/* The octets that become of an answer in hex. */
static const char *
damaged(const char *list, const char *hex)
{
	static uint8_t truth[512], room[512 + ACT_GROWTH];
	static char text[2048];
	struct smpp_rng rng = {7};
	struct smpp_sbuf b;
	struct smpp_wr w;
	int64_t n = smpp_hex_decode(truth, hex, strlen(hex));

	if (parse(list) != 0)
		return err.msg;
	smpp_wr_init(&w, room, sizeof(room));
	act_write(&w, &act, smpp_view_of(truth, (size_t)n), &rng);
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_sbuf_hex(&b, w.p, w.n);
	text[b.n] = '\0';
	return text;
}

#define RESP "00000013800000040000000000000002373700"
#define BIND                                         \
	"0000001a8000000900000000000000017065657200" \
	"0210000134"
#define REFUSED "00000010800000040000005800000002"
#define DELIVER                                                \
	"0000002700000005000000000000000700000034390000004100" \
	"00000000000000000003"                                 \
	"616263"

static void
damage(void)
{
	is_str(damaged("status=0", RESP), RESP, "none");
	is_str(damaged("nack=8", RESP), "00000010800000000000000800000002",
	    "generic_nack");
	is_str(damaged("sequence_number", RESP),
	    "000000138000000400000000000003ea373700", "sequence_number");
	is_str(damaged("sequence_number=9", RESP),
	    "0000001380000004000000000000000"
	    "9373700",
	    "which");
	is_str(damaged("command_id=0x81", RESP),
	    "00000013000000810000000000000002373700", "command_id");
	is_str(damaged("command_length=+5", RESP),
	    "00000018800000040000000000000002373700", "command_length");
	is_str(damaged("command_length=8,half", RESP), "000000088000000400",
	    "half of a lie");
	is_str(damaged("unterminated", RESP),
	    "0000001280000004000000000000000"
	    "23737",
	    "no NUL");
	is_str(damaged("unterminated", REFUSED), REFUSED, "no string");
	is_str(damaged("unterminated", BIND),
	    "0000001480000009000000000000000170656572", "in a bind response");
	is_str(damaged("unterminated", DELIVER),
	    "00000015000000050000000000000007000000"
	    "3439",
	    "the longest");
	is_str(damaged("sm_length=200", DELIVER),
	    "0000002700000005000000000000000700000034390000004100"
	    "000000000000000000c8"
	    "616263",
	    "sm_length");
	is_str(damaged("sm_length=-1", DELIVER),
	    "0000002700000005000000000000000700000034390000004100"
	    "00000000000000000002"
	    "616263",
	    "one less");
	is_str(damaged("sm_length=-1", RESP), RESP, "no sm_length");
	is_str(damaged("tlv", RESP),
	    "0000001b80000004000000000000000237370077770004"
	    "6a756e6b",
	    "TLV");
	is_str(damaged("tlv-overrun", REFUSED),
	    "00000019800000040000005800000002001d00c8"
	    "73686f7274",
	    "overrun");
	is_str(damaged("tls", RESP), "1503030002020a", "TLS");
	ok(strncmp(damaged("http", RESP), "485454502f312e3120", 18) == 0,
	    "HTTP");
}

static void
binds(void)
{
	is_str(damaged("bind=bare", BIND), "00000010800000090000000000000001",
	    "a header alone");
	is_str(damaged("bind=other", BIND),
	    "0000001a80000002000000000000000170656572000210000134",
	    "of another bind");
	is_str(damaged("bind=version", BIND),
	    "0000001a8000000900000000000000017878787800"
	    "0210000199",
	    "an odd version");
	ok(strncmp(damaged("bind=long", BIND), "00000051800000090000", 20) == 0,
	    "a long system_id");
	is_str(damaged("bind=bare", RESP), RESP, "of no bind");
}

static void
garbling(void)
{
	char first[64];

	snprintf(first, sizeof(first), "%s", damaged("garble", RESP));
	ok(strncmp(first, RESP, 8) == 0, "command_length stays");
	ok(strcmp(first, RESP) != 0, "the rest does not");
	is_str(damaged("garble", RESP), first, "and repeats with its seed");
}

static void
delays(void)
{
	struct smpp_rng rng = {3};
	int64_t ms, sum = 0, low = INT64_MAX, high = 0;
	int i;

	parse("delay=uniform(1s,3s)");
	for (i = 0; i < 2000; i++) {
		ms = act_delay(&act, &rng);
		low = ms < low ? ms : low;
		high = ms > high ? ms : high;
		sum += ms;
	}
	ok(low >= 1000 && low < 1050 && high > 2950 && high <= 3000,
	    "uniform: %" PRId64 " to %" PRId64, low, high);
	ok(sum / 2000 > 1900 && sum / 2000 < 2100, "around the middle");
	parse("delay=normal(1s,100ms)");
	for (sum = i = 0; i < 2000; i++)
		sum += act_delay(&act, &rng) < 1100;
	ok(sum > 1600 && sum < 1760, "normal: %" PRId64 " below mean + sd",
	    sum);
	parse("delay=exponential(1s)");
	for (sum = i = 0; i < 2000; i++)
		sum += act_delay(&act, &rng);
	ok(sum / 2000 > 900 && sum / 2000 < 1100, "exponential: %" PRId64,
	    sum / 2000);
	parse("delay=normal(0,1s)");
	for (low = i = 0; i < 100; i++) {
		ms = act_delay(&act, &rng);
		low = ms < low ? ms : low;
	}
	is_int(low, 0, "never before the request");
}

static void
answers(void)
{
	static const struct {
		const char *list;
		bool sent;
	} rows[] = {{"delay=1s", true}, {"drop", false}, {"close", false},
	    {"delay=1s,close", false}, {"status=0,close", true},
	    {"half,rst", true}, {"twice,close", true}, {"silence", false},
	    {"stop-reading", true}, {"unbind", true}, {"flood", true},
	    {"receipt=DELIVRD,rst", false}};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		parse(rows[i].list);
		is_int(act_answers(&act), rows[i].sent, "%s", rows[i].list);
	}
}

static void
rules(void)
{
	struct smpp_pdu pdu;
	struct expr_subject subject = {.pdu = &pdu};
	struct rule r;

	smpp_err_clear(&err);
	is_int(rule_parse(&r, "source_addr~\"->\"->close", 1, &err), 0,
	    "an arrow in quotes");
	is_str(r.act.text, "close", "is not the arrow");
	expr_close(r.when);
	ok(rule_parse(&r, "p=0.1 -> clsoe", 1, &err) != 0, "a bad action");
	is_int(err.offset, 9, "where it is");
	smpp_err_clear(&err);
	ok(rule_parse(&r, "p=2 -> close", 1, &err) != 0, "a bad condition");
	is_int(err.offset, 2, "where that is");
	smpp_err_clear(&err);
	ok(rule_parse(&r, "p=1 close", 1, &err) != 0, "no arrow");
	smpp_err_clear(&err);
	ok(rule_parse(&r, "p=1", 1, &err) != 0, "nothing behind");
	is_int(err.offset, 3, "at the end");
	is_str(err.msg, "'->' wanted: a rule is EXPR -> ACTION",
	    "what is missing");

	smpp_err_clear(&err);
	rule_parse(&r, "p=1 -> drop", 1, &err);
	smpp_pdu_init(&pdu, SMPP_C_bind_receiver, 1, SMPP_V34);
	ok(!rule_hits(&r, &subject, false), "no bind by chance");
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	ok(!rule_hits(&r, &subject, true), "nor what we send");
	smpp_pdu_init(&pdu, SMPP_C_query_sm, 1, SMPP_V34);
	ok(rule_hits(&r, &subject, false), "but any other");
	is_int(r.asked, 1, "asked once");
	expr_close(r.when);
	rule_parse(&r, "command_id_name==deliver_sm -> drop", 1, &err);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	ok(rule_hits(&r, &subject, true), "unless it is named");
	expr_close(r.when);
	rule_parse(&r, "p=1 -> bind=bare", 1, &err);
	ok(!rule_hits(&r, &subject, true), "bind= is about binds");
	smpp_pdu_init(&pdu, SMPP_C_bind_receiver, 1, SMPP_V34);
	ok(rule_hits(&r, &subject, false), "alone");
	expr_close(r.when);
}

static int
inband(const char *text)
{
	smpp_err_clear(&err);
	return inband_parse(&act, smpp_view_str(text), &err);
}

static void
commands(void)
{
	is_int(inband("Hello"), 0, "an ordinary text");
	is_int(inband(""), 0, "none at all");
	is_int(inband("Hello -> status=8"), 1, "a command behind it");
	is_int(act.v[ACT_STATUS].a, 8, "which");
	is_int(inband("->drop"), 1, "a command alone");
	ok(inband("home -> office") < 0, "something else");
	is_int(err.offset, 8, "where");
	is_int(inband("submit: 0x45"), 1, "as for smppsink");
	is_int(act.v[ACT_STATUS].a, 0x45, "a status");
	is_int(inband("{submit:{status:0,timeout:1},"
		      "receipt:{status:delivered,delay:5}}"),
	    1, "both");
	is_int(act.v[ACT_DELAY].a, 1000, "the delay");
	is_str(act.fate.stat, "DELIVRD", "the state");
	is_int(act.fate.delay_ms, 5000, "and when");
	is_int(inband("receipt: enroute"), 1, "a receipt");
	is_str(act.fate.stat, "ENROUTE", "which");
	is_int(inband("submit:{delay:inf}"), 1, "for ever");
	ok(act_has(&act, ACT_DROP), "is never");
	ok(inband("submit:{status:}") < 0, "nothing said");
	ok(inband("submit:{status:1") < 0, "not ended");
	ok(inband("submit:{speed:1}") < 0, "no such thing");
	ok(inband("submit:1 please") < 0, "more than that");
}

int
main(void)
{
	values();
	mistakes();
	damage();
	binds();
	garbling();
	delays();
	answers();
	rules();
	commands();
	return tap_done();
}
