/* cmd/words: rules and their actions; cmd/smsc: those in a text. */
#include "cmd/kit/cmd.h"
#include "cmd/faults/fault.h"
#include "cmd/smsc/inband.h"
#include "tap.h"

/* What a command has beside the common ones. */
static const struct rule_row rows[] = {
    {"receipt", RULE_STAT, "STAT[:TIME]", NULL, "what becomes of it"},
    RULE_BLOCK(fault_rows),
    RULE_END,
};
static struct rule_acts acts;
static struct smpp_err err;

/* The value of an action that was read; one of no form when it was not. */
static const struct rule_value *
value(const struct rule_row *row)
{
	static const struct rule_value none = {.form = UINT8_MAX};
	const struct rule_value *v = rule_act(&acts, row);

	return v == NULL ? &none : v;
}

static int
parse(const char *text)
{
	smpp_err_clear(&err);
	return rule_acts_parse(&acts, rows, smpp_view_str(text), &err);
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
	is_int(value(&fault_rows[FAULT_status])->a, ESME_RTHROTTLED,
	    "is its number");
	is_int(parse("status=0x58 , delay=2s"), 0, "two actions, blanks");
	is_int(
	    value(&fault_rows[FAULT_status])->a, ESME_RTHROTTLED, "a number");
	is_int(value(&fault_rows[FAULT_delay])->a, 2000, "a time");
	is_int(parse("delay=uniform(1s, 3s),drop"), 0, "a comma inside");
	is_int(value(&fault_rows[FAULT_delay])->form, RULE_UNIFORM, "the law");
	is_int(value(&fault_rows[FAULT_delay])->b, 3000, "to");
	ok(fault_act(&acts, FAULT_drop) != NULL, "and what follows");
	is_int(parse("receipt=undeliv:250ms"), 0, "a receipt");
	is_str(value(&rows[0])->word, "UNDELIV", "in capitals");
	is_int(value(&rows[0])->a, 5, "its state");
	is_int(value(&rows[0])->b, 250, "its time");
	is_int(parse("receipt=none"), 0, "no receipt");
	is_str(value(&rows[0])->word, "", "is an empty word");
	is_int(parse("nack"), 0, "a value left out");
	is_int(value(&fault_rows[FAULT_nack])->a, ESME_RINVCMDID,
	    "is the usual one");
	is_int(parse("sequence_number=-1"), 0, "a shift");
	is_int(value(&fault_rows[FAULT_sequence_number])->a, -1, "downwards");
	is_int(parse("command_length=0xffffffff"), 0, "any number");
	is_int(value(&fault_rows[FAULT_command_length])->a, UINT32_MAX,
	    "as large as it is");
	is_int(parse("tlv=sar_msg_ref_num"), 0, "a TLV by name");
	is_int(value(&fault_rows[FAULT_tlv])->a, 0x20c, "its tag");
	is_int(parse("command_id=deliver_sm_resp"), 0, "a PDU by name");
	is_int(value(&fault_rows[FAULT_command_id])->a, 0x80000005, "its id");
	is_int(parse("bind=long"), 0, "a word");
	is_int(value(&fault_rows[FAULT_bind])->a, FAULT_BIND_LONG, "its place");
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
	wrong("bind=bear", 5, "no value 'bear'; did you mean 'bare'?");
	wrong("delay=1s,delay=2s", 9, "'delay' stands here twice");
	wrong("twice,drop", 6, "'twice' and 'drop' exclude each other");
	wrong("half,drop", 5, "'half' and 'drop' exclude each other");
	wrong("close,rst", 6, "'close' and 'rst' exclude each other");
	wrong("status=8,nack", 9, "'status' and 'nack' exclude each other");
	wrong("delay=00000000000000000000000000000000000000000000000000000000"
	      "000000000001s",
	    6, "this is too long");
}

static void
delays(void)
{
	struct smpp_rng rng = {3};
	int64_t ms, sum = 0, low = INT64_MAX, high = 0;
	int i;

	parse("delay=uniform(1s,3s)");
	for (i = 0; i < 2000; i++) {
		ms = rule_draw(value(&fault_rows[FAULT_delay]), &rng);
		low = ms < low ? ms : low;
		high = ms > high ? ms : high;
		sum += ms;
	}
	ok(low >= 1000 && low < 1050 && high > 2950 && high <= 3000,
	    "uniform: %" PRId64 " to %" PRId64, low, high);
	ok(sum / 2000 > 1900 && sum / 2000 < 2100, "around the middle");
	parse("delay=normal(1s,100ms)");
	for (sum = i = 0; i < 2000; i++)
		sum += rule_draw(value(&fault_rows[FAULT_delay]), &rng) < 1100;
	ok(sum > 1600 && sum < 1760, "normal: %" PRId64 " below mean + sd",
	    sum);
	parse("delay=exponential(1s)");
	for (sum = i = 0; i < 2000; i++)
		sum += rule_draw(value(&fault_rows[FAULT_delay]), &rng);
	ok(sum / 2000 > 900 && sum / 2000 < 1100, "exponential: %" PRId64,
	    sum / 2000);
	parse("delay=normal(0,1s)");
	for (low = i = 0; i < 100; i++) {
		ms = rule_draw(value(&fault_rows[FAULT_delay]), &rng);
		low = ms < low ? ms : low;
	}
	is_int(low, 0, "never before the request");
}

/* More actions than a rule may have. */
static void
too_many(void)
{
	static char names[RULE_ACTS + 1][4];
	static struct rule_row many[RULE_ACTS + 2];
	char text[256];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	for (unsigned i = 0; i <= RULE_ACTS; i++) {
		snprintf(names[i], sizeof(names[i]), "a%u", i);
		many[i] = (struct rule_row){.name = names[i]};
		smpp_sbuf_printf(&b, "%s%s", i == 0 ? "" : ",", names[i]);
	}
	smpp_err_clear(&err);
	ok(rule_acts_parse(&acts, many, smpp_view_of(b.p, b.n), &err) != 0,
	    "too many actions");
	is_str(err.msg, "more than 32 actions", "is what is said");
	is_int(err.offset, (int64_t)b.n - 3, "where the last one is");
	smpp_err_clear(&err);
	is_int(rule_acts_parse(&acts, many, smpp_view_of(b.p, b.n - 4), &err),
	    0, "as many as there may be");
	is_int(acts.n, RULE_ACTS, "are read");
}

static void
rules(void)
{
	struct smpp_pdu pdu;
	struct expr_subject subject = {.pdu = &pdu};
	struct rule r;

	smpp_err_clear(&err);
	is_int(rule_parse(&r, rows, "source_addr~\"->\"->close", NULL, 1, &err),
	    0, "an arrow in quotes");
	is_str(r.text, "close", "is not the arrow");
	expr_close(r.when);
	ok(rule_parse(&r, rows, "p=0.1 -> clsoe", NULL, 1, &err) != 0,
	    "a bad action");
	is_int(err.offset, 9, "where it is");
	smpp_err_clear(&err);
	ok(rule_parse(&r, rows, "p=2 -> close", NULL, 1, &err) != 0,
	    "a bad condition");
	is_int(err.offset, 2, "where that is");
	smpp_err_clear(&err);
	ok(rule_parse(&r, rows, "p=1 close", NULL, 1, &err) != 0, "no arrow");
	smpp_err_clear(&err);
	ok(rule_parse(&r, rows, "p=1", NULL, 1, &err) != 0, "nothing behind");
	is_int(err.offset, 3, "at the end");
	is_str(err.msg, "'->' wanted: a rule is EXPR -> ACTION",
	    "what is missing");

	smpp_err_clear(&err);
	rule_parse(&r, rows, "p=1 -> drop", NULL, 1, &err);
	smpp_pdu_init(&pdu, SMPP_C_bind_receiver, 1, SMPP_V34);
	ok(!rule_hits(&r, &subject, false), "no bind by chance");
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	ok(!rule_hits(&r, &subject, true), "nor what we send");
	smpp_pdu_init(&pdu, SMPP_C_query_sm, 1, SMPP_V34);
	ok(rule_hits(&r, &subject, false), "but any other");
	is_int(r.asked, 1, "asked once");
	expr_close(r.when);
	rule_parse(
	    &r, rows, "command_id_name==deliver_sm -> drop", NULL, 1, &err);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	ok(rule_hits(&r, &subject, true), "unless it is named");
	r.off = true;
	ok(!rule_hits(&r, &subject, true), "and not switched off");
	is_int(r.asked, 1, "then it is not asked");
	expr_close(r.when);
	rule_parse(&r, rows, "p=1 -> bind=bare", NULL, 1, &err);
	ok(!rule_hits(&r, &subject, true), "bind= is about binds");
	smpp_pdu_init(&pdu, SMPP_C_bind_receiver, 1, SMPP_V34);
	ok(rule_hits(&r, &subject, false), "alone");
	expr_close(r.when);
}

static int
inband(const char *text)
{
	smpp_err_clear(&err);
	return inband_parse(&acts, rows, smpp_view_str(text), &err);
}

static void
commands(void)
{
	is_int(inband("Hello"), 0, "an ordinary text");
	is_int(inband(""), 0, "none at all");
	is_int(inband("Hello -> status=8"), 1, "a command behind it");
	is_int(value(&fault_rows[FAULT_status])->a, 8, "which");
	is_int(inband("->drop"), 1, "a command alone");
	ok(inband("home -> office") < 0, "something else");
	is_int(err.offset, 8, "where");
	is_int(inband("submit: 0x45"), 1, "as for smppsink");
	is_int(value(&fault_rows[FAULT_status])->a, 0x45, "a status");
	is_int(inband("{submit:{status:0,timeout:1},"
		      "receipt:{status:delivered,delay:5}}"),
	    1, "both");
	is_int(value(&fault_rows[FAULT_delay])->a, 1000, "the delay");
	is_str(value(&rows[0])->word, "DELIVRD", "the state");
	is_int(value(&rows[0])->b, 5000, "and when");
	is_int(inband("receipt: enroute"), 1, "a receipt");
	is_str(value(&rows[0])->word, "ENROUTE", "which");
	is_int(inband("submit:{delay:inf}"), 1, "for ever");
	ok(fault_act(&acts, FAULT_drop) != NULL, "is never");
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
	delays();
	too_many();
	rules();
	commands();
	return tap_done();
}
