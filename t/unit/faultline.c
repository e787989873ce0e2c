/* cmd/faults: actions at work on a link. */
#include "cmd/faults/faultline.h"
#include "enginekit.h"
#include "base/hex.h"

static struct end a;
static struct fault_line f;
static struct smpp_rng rng = {5};
static struct fault_pool pool = {.rng = &rng};

/* What was told since the last time. */
static char lines[512];

static void
on_left(struct fault_line *line, const struct fault_sent *what)
{
	const size_t n = strlen(lines);

	must(line == &f, "another line");
	snprintf(lines + n, sizeof(lines) - n, "%s%s:%d(%d)", n > 0 ? " " : "",
	    what->sent ? "sent" : "lost", (int)what->tag, (int)what->status);
}

static void
on_pause(struct fault_line *line, bool paused)
{
	const size_t n = strlen(lines);

	snprintf(lines + n, sizeof(lines) - n, "%s%s", n > 0 ? " " : "",
	    paused ? "pause" : "read");
	smpp_link_pause(line->link, paused);
}

static const char *
left(void)
{
	static char text[sizeof(lines)];

	memcpy(text, lines, sizeof(text));
	lines[0] = '\0';
	return text;
}

static const struct fault_ops ops = {.left = on_left, .pause = on_pause};

/* A bound link and a line to it. */
static void
begin(void)
{
	engine_new();
	end_bound(&a);
	fault_line_init(&f, &a.l, &ops, &pool, NULL);
	lines[0] = '\0';
}

static void
end(void)
{
	fault_line_fini(&f);
	end_close(&a);
	is_int(pool.late, 0, "nothing waits any more");
}

/* A header of this id, status 8, and a number. */
static struct smpp_view
header(uint32_t id, uint32_t number)
{
	static uint8_t wire[16];
	struct smpp_wr w;

	smpp_wr_init(&w, wire, sizeof(wire));
	smpp_wr_u32(&w, 16);
	smpp_wr_u32(&w, id);
	smpp_wr_u32(&w, 8);
	smpp_wr_u32(&w, number);
	return smpp_view_of(wire, 16);
}

static void
act_on(const char *list, struct smpp_view pdu, uint64_t tag)
{
	struct rule_acts acts;
	struct fault_plan plan;
	struct smpp_err err;

	smpp_err_clear(&err);
	must(rule_acts_parse(&acts, fault_rows, smpp_view_str(list), &err) == 0,
	    err.msg);
	fault_plan(&plan, &acts, &rng);
	fault_send(&f, &acts, &plan, pdu, tag);
}

/* Sends an answer, number 7, as the actions have it. */
static void
act_answer_7(const char *list)
{
	act_on(list, header(SMPP_C_submit_sm_resp, 7), 1);
}

/* The numbers of the PDUs that have come. */
static const char *
numbers(void)
{
	static char text[256];
	uint8_t in[4096];
	int n;

	turn();
	n = heard(&a, in, sizeof(in));
	text[0] = '\0';
	if (n < 0)
		return "end";
	for (int i = 0, at = 0; i + 16 <= n && at < 200;
	     i += (int)smpp_get_u32(in + i))
		at += snprintf(text + at, sizeof(text) - (size_t)at, "%s%u",
		    at > 0 ? " " : "", smpp_get_u32(in + i + 12));
	return text;
}

static void
plain(void)
{
	begin();
	act_answer_7("status=8");
	is_str(left(), "sent:1(8)", "sent at once");
	is_str(heard_words(&a), "", "and written");
	is_str(numbers(), "7", "in the turn");
	act_answer_7("twice");
	is_str(numbers(), "7 7", "twice");
	act_answer_7("drop");
	is_str(left(), "sent:1(8) lost:1(8)", "not at all");
	is_str(numbers(), "", "nothing comes");
	act_answer_7("sequence_number=+1,nack=9");
	is_str(left(), "sent:1(8)", "told as it was");
	is_str(numbers(), "8", "another one");
	fault_pass(&f, header(SMPP_C_enquire_link, 3));
	is_str(numbers(), "3", "as it is");
	is_str(left(), "", "of that nothing is told");
	end();
}

static void
later(void)
{
	begin();
	act_on("delay=20ms", header(SMPP_C_submit_sm_resp, 1), 1);
	act_on("delay=10ms", header(SMPP_C_submit_sm_resp, 2), 2);
	act_on("delay=20ms", header(SMPP_C_submit_sm_resp, 3), 3);
	act_on("delay=20ms", header(SMPP_C_submit_sm_resp, 4), 4);
	act_on("delay=10ms", header(SMPP_C_submit_sm_resp, 5), 5);
	is_int(pool.late, 5, "they wait");
	pass(9);
	is_str(numbers(), "", "not yet");
	pass(1);
	is_str(numbers(), "2 5", "the first");
	pass(9);
	is_str(numbers(), "", "not yet");
	pass(1);
	is_str(numbers(), "1 3 4", "in their order");
	is_str(left(), "sent:2(8) sent:5(8) sent:1(8) sent:3(8) sent:4(8)",
	    "told when they go");
	act_on("delay=20ms", header(SMPP_C_submit_sm_resp, 6), 6);
	end();
	is_str(left(), "", "what is forgotten is not told");
}

static void
overtaken(void)
{
	begin();
	act_on("reorder", header(SMPP_C_submit_sm_resp, 1), 1);
	is_str(numbers(), "", "held");
	is_str(left(), "", "not told yet");
	act_on("reorder", header(SMPP_C_submit_sm_resp, 2), 2);
	is_str(numbers(), "2 1", "the next one goes before");
	act_on("reorder", header(SMPP_C_submit_sm_resp, 3), 3);
	fault_pass(&f, header(SMPP_C_enquire_link, 4));
	is_str(numbers(), "4 3", "whatever it is");
	act_on("reorder,delay=5ms", header(SMPP_C_submit_sm_resp, 5), 5);
	pass(5);
	fault_overtaken(&f);
	is_str(numbers(), "5", "and by what others queue");
	act_on("reorder", header(SMPP_C_submit_sm_resp, 6), 6);
	end();
}

static void
dripping(void)
{
	uint8_t in[64];
	int n = 0;

	begin();
	act_answer_7("drip=10ms");
	for (int i = 0; i < 16; i++) {
		turn();
		n = heard(&a, in, sizeof(in));
		if (n != 1)
			break;
		pass(9);
		n = heard(&a, in, sizeof(in));
		if (n != 0)
			break;
		pass(1);
		if (i < 15)
			n = 0;
	}
	is_int(n, 0, "an octet each 10 ms");
	fault_pass(&f, header(SMPP_C_enquire_link, 3));
	is_str(numbers(), "3", "the next one is whole");
	end();
}

static void
flood(void)
{
	struct smpp_pdu resp;

	begin();
	act_answer_7("flood=3");
	is_str(numbers(), "7 1879048193 1879048194 1879048195", "a flood");
	smpp_pdu_init(&resp, SMPP_C_enquire_link_resp, 1879048194, SMPP_V34);
	ok(fault_expects(&resp), "its answers are known");
	resp.sequence_number = 2;
	ok(!fault_expects(&resp), "others are not");
	smpp_pdu_init(&resp, SMPP_C_submit_sm_resp, 1879048194, SMPP_V34);
	ok(!fault_expects(&resp), "nor those of other requests");
	end();
}

static void
unbinding(void)
{
	begin();
	act_answer_7("unbind");
	turn();
	is_str(heard_words(&a), "submit_sm_resp:8 unbind:0", "unbind");
	say_header(&a, SMPP_C_unbind_resp, 0, 1);
	turn();
	turn();
	is_str(told(&a), "answers:unbind_resp down(ours:unbinding)",
	    "is one of the session");
	end();

	engine_new();
	end_open(&a, &mc_conf);
	turn();
	fault_line_init(&f, &a.l, &ops, &pool, NULL);
	act_on("unbind", header(SMPP_C_bind_receiver_resp, 1), 1);
	turn();
	is_str(heard_words(&a), "bind_receiver_resp:8 unbind:0",
	    "out of turn, too");
	is_int(a.l.state, SMPP_LINK_OPEN, "and then nothing ends");
	left();
	end();
}

static void
silence(void)
{
	begin();
	act_answer_7("status=8,silence");
	fault_pass(&f, header(SMPP_C_enquire_link, 3));
	act_answer_7("twice,flood,unbind");
	is_str(numbers(), "7", "one more, no other");
	is_str(left(), "sent:1(8) lost:1(8)", "which is told");
	say_header(&a, SMPP_C_enquire_link, 0, 9);
	turn();
	is_str(told(&a), "answered:enquire_link", "it still hears");
	end();
}

static void
deafness(void)
{
	begin();
	act_answer_7("stop-reading");
	is_str(left(), "sent:1(8) pause", "reading stops");
	say_header(&a, SMPP_C_enquire_link, 0, 9);
	turn();
	is_str(told(&a), "", "it hears nothing");
	is_str(numbers(), "7", "and answers");
	act_answer_7("delay=1ms");
	pass(1);
	is_str(left(), "sent:1(8)", "for ever");
	end();
}

static void
endings(void)
{
	begin();
	act_answer_7("close");
	is_str(f.over, "by a rule", "over");
	is_str(left(), "lost:1(8)", "without an answer");
	turn();
	is_str(told(&a), "down(ours:bound)", "the link goes down");
	act_answer_7("twice");
	act_answer_7("delay=1ms,flood");
	pass(1);
	is_str(left(), "lost:1(8) lost:1(8)", "what comes later is lost");
	is_str(numbers(), "end", "closed");
	end();
	begin();
	act_answer_7("half,close,flood=2");
	turn();
	turn();
	is_int(heard(&a, (uint8_t[64]){0}, 64), 8 + 2 * 16, "all before it");
	is_str(numbers(), "end", "and then the end");
	end();
	begin();
	fault_pass(&f, header(SMPP_C_enquire_link, 3));
	act_answer_7("rst");
	is_str(f.over, "reset by a rule", "over");
	turn();
	is_str(told(&a), "down(ours:bound)", "the link goes down");
	is_str(numbers(), "3", "what was said before is written");
	end();
}

static void
crowds(void)
{
	uint8_t in[4096];

	begin();
	for (int i = 0; i < 9999; i++)
		act_answer_7("delay=5ms,drop");
	is_str(left(), "", "many wait");
	act_answer_7("delay=5ms,drop");
	is_str(left(), "pause", "and then too many");
	pass(5);
	ok(strstr(left(), "lost") != NULL, "until they go");
	lines[0] = '\0';
	ok(!f.paused, "then it is read again");
	turn();
	while (heard(&a, in, sizeof(in)) > 0)
		;
	pool.late = 100000;
	act_answer_7("delay=5ms");
	is_str(left(), "pause", "others have as many");
	pass(5);
	is_str(left(), "sent:1(8) read", "one each there may be");
	pool.late = 0;
	end();
}

int
main(void)
{
	plain();
	later();
	overtaken();
	dripping();
	flood();
	unbinding();
	silence();
	deafness();
	endings();
	crowds();
	smpp_engine_fini(&e);
	return tap_done();
}
