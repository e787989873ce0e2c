/* lib/net/engine: what passes on a link, its limits, and how it ends. */
#include "enginekit.h"

static struct end a, b;

/* --- sessions --- */

static void
test_session(void)
{
	engine_new();
	end_open(&a, &mc_conf);
	is_str(told(&a), "", "nothing is told before a turn");
	is_int(a.l.state, SMPP_LINK_OPEN, "open");
	is_int((int)e.nlinks, 1, "one link");
	turn();
	is_str(told(&a), "up", "up");
	a.answers = true;
	say_pdu(&a, SMPP_C_bind_transceiver, 1);
	turn();
	is_str(told(&a), "asks:bind_transceiver", "a bind");
	is_str(heard_words(&a), "bind_transceiver_resp:0", "is answered");
	turn();
	is_int(a.l.state, SMPP_LINK_BOUND, "bound");
	for (uint32_t i = 2; i < 6; i++)
		say_header(&a, SMPP_C_enquire_link, 0, i);
	turn();
	is_str(heard_words(&a),
	    "enquire_link_resp:0 enquire_link_resp:0 enquire_link_resp:0 "
	    "enquire_link_resp:0",
	    "many PDUs are answered in one turn");
	say_pdu(&a, SMPP_C_submit_sm, 9);
	say_pdu(&a, SMPP_C_deliver_sm, 10);
	told(&a);
	turn();
	is_str(told(&a), "asks:submit_sm refused:deliver_sm", "as it should");
	is_str(heard_words(&a), "submit_sm_resp:0 deliver_sm_resp:4", "both");
	end_close(&a);
	is_int((int)e.nlinks, 0, "none is left");
	is_int(a.l.state, SMPP_LINK_IDLE, "idle");
	smpp_link_close(&a.l);
	ok(true, "closing what is idle does nothing");
}

/* What a link sends outside of a turn is written in the next one. */
static void
test_touch(void)
{
	struct smpp_pdu pdu;

	engine_new();
	end_bound(&a);
	for (int i = 0; i < 3; i++) {
		smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
		is_int(smpp_conn_send(&a.l.conn, &pdu, 0), 0, "sent");
	}
	is_str(heard_words(&a), "", "not before the turn");
	turn();
	is_str(heard_words(&a), "deliver_sm:0 deliver_sm:0 deliver_sm:0",
	    "together");
	say_header(&a, SMPP_C_deliver_sm_resp, 0, 2);
	turn();
	is_str(told(&a), "answers:deliver_sm_resp", "an answer");
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	smpp_conn_send(&a.l.conn, &pdu, 0);
	is_int((int)smpp_link_flush(&a.l), 0, "nothing is left");
	is_str(heard_words(&a), "deliver_sm:0", "when it is flushed");
	end_close(&a);
}

static void
test_timers(void)
{
	struct smpp_session_conf conf = mc_conf;
	struct smpp_pdu pdu;

	conf.init_ms = 3000;
	engine_new();
	end_open(&a, &conf);
	turn();
	told(&a);
	pass(2999);
	is_str(told(&a), "", "there is time for a bind");
	pass(1);
	is_str(told(&a), "close(timeout:bind) down(timeout:open)",
	    "and then there is not");
	is_int(heard(&a, &pdu, 16), -1, "closed");
	end_close(&a);

	end_bound(&a);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	smpp_conn_send(&a.l.conn, &pdu, 77);
	turn();
	pass(5000);
	is_str(told(&a), "timeout(77)", "a request that nobody answers");
	is_int(a.l.state, SMPP_LINK_BOUND, "ends no link");
	end_close(&a);

	conf = mc_conf;
	conf.enquire_ms = 1000;
	end_open(&a, &conf);
	a.answers = true;
	say_pdu(&a, SMPP_C_bind_transceiver, 1);
	turn();
	heard_words(&a);
	told(&a);
	pass(1000);
	is_str(heard_words(&a), "enquire_link:0", "are you there");
	pass(5000);
	is_str(told(&a), "close(timeout:enquire_link_resp) down(timeout:bound)",
	    "it is not");
	end_close(&a);
}

/* --- limits --- */

static void
test_slow(void)
{
	engine_new();
	end_bound(&a);
	say(&a, "\0\0\0\x10\0\0\0\x15", 8);
	turn();
	pass(29999);
	is_str(told(&a), "", "half a PDU may take its time");
	say(&a, "\0\0\0\0\0\0\0\1", 8);
	turn();
	is_str(told(&a), "answered:enquire_link", "the other half");
	pass(30000);
	is_str(told(&a), "", "that is forgotten");
	say(&a, "\0\0\0\x10\0\0\0\x15", 8);
	turn();
	for (int i = 0; i < 7; i++) {
		pass(4000);
		say(&a, "", 1);
	}
	pass(1999);
	is_str(told(&a), "", "an octet now and then");
	pass(1);
	is_str(told(&a), "close(slow:the rest of a PDU) down(slow:bound)",
	    "buys no more time");
	end_close(&a);
}

/* Gives the peer more than it reads. */
static void
fill(struct end *x, size_t n)
{
	static char zeros[1 << 20];

	must(smpp_conn_put(&x->l.conn, smpp_view_of(zeros, n)) == 0, "a put");
	turn();
}

static void
test_stall(void)
{
	static char in[1 << 16];

	engine_new();
	end_bound(&a);
	fill(&a, 1 << 20);
	smpp_conn_put(&a.l.conn, smpp_view_of(in, sizeof(in)));
	ok(a.l.conn.out.n > 0, "more than a socket holds");
	pass(59999);
	is_str(told(&a), "", "a peer may be slow to read");
	while (heard(&a, in, sizeof(in)) > 0)
		;
	turn();
	ok(a.l.conn.out.n > 0, "still");
	pass(59999);
	is_str(told(&a), "", "if it does read");
	heard(&a, in, sizeof(in)); /* too little to be told of */
	turn();
	pass(1);
	is_str(told(&a), "", "be it a little");
	pass(59999);
	is_str(told(&a), "", "now and then");
	pass(1);
	is_str(told(&a),
	    "close(stalled:reading of what it gets) "
	    "down(stalled:bound)",
	    "and goes if it does not");
	end_close(&a);
}

static void
test_high(void)
{
	static char in[1 << 20];
	struct smpp_limits limits = SMPP_LIMITS_USUAL;

	limits.high = 1000;
	engine_new();
	end_bound(&a);
	a.l.limits = &limits;
	fill(&a, 1 << 20);
	say_pdu(&a, SMPP_C_submit_sm, 2);
	turn();
	is_str(told(&a), "", "who does not read is not read");
	ok(smpp_link_room(&a.l) == 0, "there is no room");
	while (a.l.conn.out.n > 0) {
		heard(&a, in, sizeof(in));
		turn();
	}
	turn();
	is_str(told(&a), "room asks:submit_sm", "until it does");
	end_close(&a);
}

/* Says n PDUs at once, as many as a socket pair takes. */
static void
flood(struct end *x, uint32_t n)
{
	static uint8_t many[4000 * 16];
	struct smpp_wr w;

	smpp_wr_init(&w, many, sizeof(many));
	for (uint32_t i = 0; i < n; i++) {
		smpp_wr_u32(&w, 16);
		smpp_wr_u32(&w, SMPP_C_enquire_link);
		smpp_wr_u32(&w, 0);
		smpp_wr_u32(&w, i);
	}
	say(x, many, w.n);
}

static unsigned counted[2];

static void
count_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	(void)pdu, (void)issues, (void)ev;
	counted[l == &b.l]++;
	if (l == &b.l)
		e.work += 9 * SMPP_WORK_PDU;
}

/* No peer has more than its share of a turn, and none is forgotten. */
static void
test_fair(void)
{
	static const struct smpp_link_ops ops = {.event = count_event};
	unsigned turns = 0;

	engine_new();
	end_open(&a, &mc_conf);
	end_open(&b, &mc_conf);
	a.l.ops = b.l.ops = &ops;
	turn();
	a.l.conn.full = b.l.conn.full = true; /* large reads */
	flood(&a, 3000);
	flood(&b, 300);
	counted[0] = counted[1] = 0;
	turn();
	is_int((int)counted[0], 1000, "a turn is a thousand PDUs");
	is_int((int)counted[1], 100, "or work that is worth as much");
	for (turns = 0; counted[0] + counted[1] < 3300 && turns < 50; turns++)
		turn();
	is_int((int)(counted[0] + counted[1]), 3300, "all have their turn");
	ok(turns < 10, "soon");
	end_close(&a);
	end_close(&b);
}

/* One PDU a turn: for who wants to be asked before the next. */
static void
test_one(void)
{
	struct smpp_limits limits = SMPP_LIMITS_USUAL;

	limits.turn = 1;
	engine_new();
	end_bound(&a);
	a.l.limits = &limits;
	say_pdu(&a, SMPP_C_submit_sm, 2);
	say_pdu(&a, SMPP_C_query_sm, 3);
	turn();
	is_str(told(&a), "asks:submit_sm", "one");
	ok(e.busy.next != &e.busy, "there is another");
	smpp_engine_work(&e);
	is_str(told(&a), "asks:query_sm", "which needs no wait");
	ok(e.busy.next == &e.busy, "and that is all");
	end_close(&a);
}

/* --- what the caller may hold back --- */

static void
test_pause(void)
{
	engine_new();
	end_bound(&a);
	smpp_link_pause(&a.l, true);
	turn();
	say_pdu(&a, SMPP_C_submit_sm, 2);
	turn();
	is_str(told(&a), "", "paused");
	smpp_link_pause(&a.l, false);
	turn();
	turn();
	is_str(told(&a), "asks:submit_sm", "and read again");
	end_close(&a);
}

static void
pause_it(struct end *x)
{
	smpp_link_pause(&x->l, true);
}

/* PDUs that were read already wait, too. */
static void
test_pause_within(void)
{
	engine_new();
	end_bound(&a);
	a.act = pause_it;
	say_pdu(&a, SMPP_C_submit_sm, 2);
	say_pdu(&a, SMPP_C_query_sm, 3);
	turn();
	turn();
	is_str(told(&a), "asks:submit_sm", "the first of two");
	smpp_link_pause(&a.l, false);
	turn();
	turn();
	is_str(told(&a), "asks:query_sm", "then the other");
	smpp_link_pause(&a.l, true);
	turn();
	heard_words(&a);
	close(a.far);
	a.far = -1;
	turn();
	is_str(told(&a), "down(closed:bound)", "who is gone is gone");
	end_close(&a);
}

static void
resume_it(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	(void)l, (void)pdu, (void)issues, (void)ev;
	smpp_link_pause(&a.l, false);
}

/* Paused and resumed in one turn: what was read is not forgotten. */
static void
test_pause_short(void)
{
	static const struct smpp_link_ops ops = {.event = resume_it};

	engine_new();
	end_bound(&a);
	end_open(&b, &mc_conf);
	b.l.ops = &ops;
	turn();
	a.act = pause_it;
	say_pdu(&a, SMPP_C_submit_sm, 2);
	say_pdu(&a, SMPP_C_query_sm, 3);
	say_header(&b, SMPP_C_enquire_link, 0, 1);
	turn();
	turn();
	is_str(told(&a), "asks:submit_sm asks:query_sm", "both are told");
	end_close(&a);
	end_close(&b);
}

static void
test_hold(void)
{
	engine_new();
	end_bound(&a);
	say_header(&a, SMPP_C_enquire_link, 0, 2);
	smpp_link_hold(&a.l, e.now + 500);
	smpp_conn_put(&a.l.conn, smpp_view_of("xy", 2));
	turn();
	pass(499);
	is_str(told(&a), "", "nothing is read");
	is_str(heard_words(&a), "", "nor written");
	pass(1);
	turn();
	is_str(told(&a), "answered:enquire_link", "until then");
	end_close(&a);
}

static void
test_drip(void)
{
	char in[64];

	engine_new();
	end_bound(&a);
	smpp_conn_put(&a.l.conn, smpp_view_of("abcdef", 6));
	smpp_link_drip(&a.l, 3, 100);
	turn();
	is_int(heard(&a, in, sizeof(in)), 1, "one octet");
	smpp_link_touch(&a.l);
	turn();
	is_int(heard(&a, in, sizeof(in)), 0, "not sooner");
	pass(100);
	is_int(heard(&a, in, sizeof(in)), 1, "another");
	pass(100);
	turn();
	is_int(heard(&a, in, sizeof(in)), 4, "and the rest behind the third");
	end_close(&a);
}

static void
test_alarm(void)
{
	engine_new();
	end_bound(&a);
	smpp_link_alarm(&a.l, e.now + 10);
	pass(9);
	is_str(told(&a), "", "not yet");
	pass(1);
	is_str(told(&a), "alarm", "now");
	pass(1000);
	is_str(told(&a), "", "once");
	smpp_link_alarm(&a.l, e.now + 10);
	smpp_link_alarm(&a.l, SMPP_FOREVER);
	pass(100);
	is_str(told(&a), "", "or never");
	end_close(&a);
}

/* --- room --- */

static void
test_room(void)
{
	struct smpp_pdu pdu;

	engine_new();
	end_bound(&a);
	is_int((int)smpp_link_room(&a.l), 4, "the window");
	for (int i = 0; i < 4; i++) {
		smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
		smpp_conn_send(&a.l.conn, &pdu, 0);
	}
	turn();
	say_header(&a, SMPP_C_deliver_sm_resp, 0, 1);
	turn();
	is_str(told(&a), "answers:deliver_sm_resp", "nobody has asked");
	is_int((int)smpp_link_room(&a.l), 1, "for that");
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	smpp_conn_send(&a.l.conn, &pdu, 0);
	is_int((int)smpp_link_room(&a.l), 0, "full");
	turn();
	say_header(&a, SMPP_C_deliver_sm_resp, 0, 2);
	say_header(&a, SMPP_C_deliver_sm_resp, 0, 3);
	turn();
	is_str(told(&a), "answers:deliver_sm_resp answers:deliver_sm_resp room",
	    "told once");
	is_int((int)smpp_link_room(&a.l), 2, "two");
	end_close(&a);
	is_int((int)smpp_link_room(&a.l), 0, "none without a connection");
}

/* A congested peer has us pause; that there is room again is told, too. */
static void
test_congested(void)
{
	engine_new();
	end_bound(&a);
	a.l.conn.s.hold = e.now + 50;
	is_int((int)smpp_link_room(&a.l), 0, "congested");
	smpp_link_touch(&a.l);
	turn();
	pass(49);
	is_str(told(&a), "", "for a while");
	pass(1);
	is_str(told(&a), "room", "then no more");
	end_close(&a);
}

/* --- the turn --- */

static char order[64];

static void
order_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	(void)pdu, (void)issues, (void)ev;
	strcat(order, l == &a.l ? "a" : "b");
}

static int settled;

static int
settle(struct smpp_engine *engine)
{
	char in[64];

	strcat(order, "s");
	if (heard(&a, in, sizeof(in)) > 0 || heard(&b, in, sizeof(in)) > 0)
		strcat(order, "!");
	(void)engine;
	return settled;
}

/* All is read, then settled, then written. */
static void
test_settle(void)
{
	static const struct smpp_link_ops ops = {.event = order_event};

	engine_new();
	end_open(&a, &mc_conf);
	end_open(&b, &mc_conf);
	a.l.ops = b.l.ops = &ops;
	turn();
	e.settle = settle;
	order[0] = '\0';
	say_header(&a, SMPP_C_enquire_link, 0, 1);
	say_header(&b, SMPP_C_enquire_link, 0, 1);
	is_int(turn(), 0, "a turn");
	is_str(order, "abs", "one after the other");
	is_str(heard_words(&a), "enquire_link_resp:0", "then it is written");
	heard_words(&b);
	say_header(&a, SMPP_C_enquire_link, 0, 1);
	settled = -77;
	is_int(turn(), -77, "what settle says is returned");
	is_str(heard_words(&a), "", "and nothing was written");
	settled = 0;
	is_int(turn(), 0, "the next turn");
	is_str(heard_words(&a), "enquire_link_resp:0", "goes on");
	end_close(&a);
	end_close(&b);
}

static void
test_no_epoll(void)
{
	engine_new();
	close(e.loop.fd);
	is_int(turn(), SMPP_EIO, "without epoll there is no turn");
	e.loop.fd = -1;
}

/* However many are ready, all are read in one turn, once there was as much. */
static void
test_many(void)
{
	static const struct smpp_link_ops ops = {.event = count_event};
	static struct end many[200];

	engine_new();
	for (int i = 0; i < 200; i++) {
		end_open(&many[i], &mc_conf);
		many[i].l.ops = &ops;
	}
	turn();
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 200; i++)
			say_header(&many[i], SMPP_C_enquire_link, 0, 1);
		counted[0] = 0;
		for (int i = 0; i < 5 && counted[0] < 200; i++) {
			turn();
			if (round == 1)
				is_int((int)counted[0], 200, "in one turn");
		}
		is_int((int)counted[0], 200, "all of them");
	}
	ok(many[0].l.conn.in.p == NULL && many[0].l.conn.out.p == NULL,
	    "of many, those that are idle have no buffers");
	for (int i = 0; i < 200; i++)
		end_close(&many[i]);
}

/* --- other descriptors --- */

static struct smpp_watch w[2];
static unsigned woken;

static void
wake(struct smpp_watch *x, bool in, bool out)
{
	char c;

	woken += in && !out && read(x->fd, &c, 1) == 1;
	smpp_watch_del(&e, &w[x == &w[0]]); /* the other one */
}

static void
test_watch(void)
{
	int fd[2], other[2], file = open("/proc/self/exe", O_RDONLY);

	engine_new();
	must(pipe(fd) == 0 && pipe(other) == 0, "pipes");
	w[0] = (struct smpp_watch){.fd = fd[0], .fn = wake};
	w[1] = (struct smpp_watch){.fd = other[0], .fn = wake};
	is_int(smpp_watch_add(&e, &w[0], true, false), 0, "a pipe");
	is_int(smpp_watch_add(&e, &w[1], true, false), 0, "another");
	turn();
	is_int((int)woken, 0, "nothing yet");
	must(
	    write(fd[1], "x", 1) == 1 && write(other[1], "x", 1) == 1, "write");
	turn();
	is_int((int)woken, 1, "one of both takes the other's turn");
	smpp_watch_del(&e, &w[0]);
	smpp_watch_del(&e, &w[1]);
	w[0] = (struct smpp_watch){.fd = file, .fn = wake};
	is_int(smpp_watch_add(&e, &w[0], true, false), SMPP_EIO, "a file");
	close(file);
	for (int i = 0; i < 2; i++) {
		close(fd[i]);
		close(other[i]);
	}
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	must(smpp_engine_init(&e) == 0, "an engine");
	test_session();
	test_touch();
	test_timers();
	test_slow();
	test_stall();
	test_high();
	test_fair();
	test_one();
	test_pause();
	test_pause_within();
	test_pause_short();
	test_hold();
	test_drip();
	test_alarm();
	test_room();
	test_congested();
	test_settle();
	test_many();
	test_no_epoll();
	test_watch();
	smpp_engine_fini(&e);
	smpp_engine_fini(&e);
	return tap_done();
}
