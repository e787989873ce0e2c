/* lib/net/engine: how links end, what may be freed when, pipes, hand-over. */
#include "enginekit.h"

static struct end a, b;

/* --- the peer logs out --- */

static void
test_unbound(void)
{
	engine_new();
	end_bound(&a);
	say_header(&a, SMPP_C_unbind, 0, 7);
	turn();
	is_str(told(&a), "leaves:unbind", "the peer logs out");
	is_str(heard_words(&a), "unbind_resp:0", "and is answered");
	is_int(a.l.state, SMPP_LINK_CLOSING, "closing");
	say_pdu(&a, SMPP_C_submit_sm, 8);
	turn();
	is_str(told(&a), "", "what it says now is not heard");
	pass(1999);
	is_str(told(&a), "", "it has time to close");
	pass(1);
	is_str(told(&a), "down(unbound:bound)", "but not for ever");
	ok(!a.l.hung_up, "it did not");
	is_str(heard_words(&a), "end", "we do");
	end_close(&a);

	end_bound(&a);
	say_header(&a, SMPP_C_unbind, 0, 7);
	turn();
	heard_words(&a);
	close(a.far);
	a.far = -1;
	turn();
	is_str(told(&a), "leaves:unbind down(unbound:bound)", "in order");
	ok(a.l.hung_up, "it closed by itself");
	end_close(&a);
}

/* Whoever wants answers that are still to come stays. */
static void
test_stays(void)
{
	struct smpp_pdu pdu;

	engine_new();
	end_bound(&a);
	a.l.stays = true;
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	smpp_conn_send(&a.l.conn, &pdu, 0);
	turn();
	say_header(&a, SMPP_C_unbind, 0, 7);
	say_header(&a, SMPP_C_deliver_sm_resp, 0, 1);
	turn();
	is_str(told(&a), "leaves:unbind answers:deliver_sm_resp", "both");
	is_int(a.l.state, SMPP_LINK_BOUND, "and stays");
	end_close(&a);
}

/* --- we end it --- */

static void
test_unbind(void)
{
	engine_new();
	end_bound(&a);
	smpp_link_unbind(&a.l, e.now + 1500);
	is_int(a.l.state, SMPP_LINK_UNBINDING, "unbinding");
	turn();
	is_str(heard_words(&a), "unbind:0", "said");
	say_pdu(&a, SMPP_C_submit_sm, 8);
	turn();
	is_str(heard_words(&a), "submit_sm_resp:0", "meanwhile all goes on");
	say_header(&a, SMPP_C_unbind_resp, 0, 1);
	turn();
	is_str(told(&a),
	    "asks:submit_sm answers:unbind_resp down(ours:unbinding)",
	    "the end");
	is_str(heard_words(&a), "end", "of all");
	end_close(&a);

	end_bound(&a);
	smpp_link_unbind(&a.l, e.now + 1500);
	turn();
	pass(1499);
	is_str(told(&a), "", "no answer yet");
	pass(1);
	is_str(told(&a), "down(timeout:unbinding)", "nor any more");
	end_close(&a);

	end_bound(&a);
	smpp_link_unbind(&a.l, e.now + 1500);
	smpp_link_unbind(&a.l, e.now + 100);
	turn();
	pass(100);
	is_str(told(&a), "down(timeout:unbinding)", "in a hurry");
	end_close(&a);

	end_open(&a, &mc_conf);
	turn();
	told(&a);
	smpp_link_unbind(&a.l, e.now + 1500);
	turn();
	is_str(told(&a), "down(ours:open)", "not bound: at once");
	end_close(&a);
}

static void
test_end(void)
{
	static char in[1 << 20];
	size_t n = 0;
	int got;

	engine_new();
	end_bound(&a);
	smpp_conn_put(&a.l.conn, smpp_view_of(in, sizeof(in)));
	smpp_link_end(&a.l, SMPP_END_WRITTEN);
	say_pdu(&a, SMPP_C_submit_sm, 2);
	turn();
	is_str(told(&a), "", "what waits is written first");
	while ((got = heard(&a, in, sizeof(in))) >= 0 && n < sizeof(in)) {
		n += (size_t)got;
		turn();
	}
	is_int((int)n, (int)sizeof(in), "all of it");
	is_str(told(&a), "down(ours:bound)", "then it ends");
	end_close(&a);

	end_bound(&a);
	smpp_conn_put(&a.l.conn, smpp_view_of(in, sizeof(in)));
	smpp_link_end(&a.l, SMPP_END_WRITTEN);
	turn();
	pass(2000);
	is_str(told(&a), "down(ours:bound)", "or when nobody takes it");
	end_close(&a);

	end_bound(&a);
	smpp_link_end(&a.l, SMPP_END_SHUT);
	turn();
	is_str(heard_words(&a), "end", "the peer is told");
	is_str(told(&a), "", "and waited for");
	smpp_link_end(&a.l, SMPP_END_WRITTEN);
	turn();
	is_str(told(&a), "down(ours:bound)", "or not any more");
	end_close(&a);

	end_bound(&a);
	smpp_link_hold(&a.l, e.now + 5000);
	smpp_conn_put(&a.l.conn, smpp_view_of("x", 1));
	smpp_link_end(&a.l, SMPP_END_LINGER);
	turn();
	pass(5000);
	is_int(heard(&a, in, sizeof(in)), 1, "held, then written");
	pass(1999);
	is_str(told(&a), "", "time runs from there");
	pass(1);
	is_str(told(&a), "down(ours:bound)", "and out");
	end_close(&a);

	e.limits.close_ms = 0;
	end_bound(&a);
	smpp_link_end(&a.l, SMPP_END_LINGER);
	turn();
	is_str(told(&a), "down(ours:bound)", "nobody is waited for");
	end_close(&a);
}

/* --- it breaks --- */

static void
test_garbage(void)
{
	engine_new();
	end_bound(&a);
	say(&a, "GET / HTTP/1.1\r\nHost: x\r\n\r\n", 28);
	turn();
	is_str(told(&a),
	    "close(protocol:command_length 1195725856 is not that of a PDU)",
	    "no SMPP");
	is_str(heard_words(&a), "generic_nack:2", "is refused");
	is_str(heard_words(&a), "end", "and that is the last word");
	say(&a, "more", 4);
	pass(2000);
	is_str(told(&a), "down(protocol:bound)", "whatever comes");
	end_close(&a);
}

static void
end_it(struct end *x)
{
	smpp_link_end(&x->l, SMPP_END_WRITTEN);
}

static void
test_lost(void)
{
	static char zeros[1 << 16];

	engine_new();
	end_bound(&a);
	say_pdu(&a, SMPP_C_submit_sm, 2);
	close(a.far);
	a.far = -1;
	smpp_conn_put(&a.l.conn, smpp_view_of(zeros, sizeof(zeros)));
	turn();
	turn();
	is_str(told(&a), "asks:submit_sm down(closed:bound)",
	    "what it said last is heard, though it hears no more");
	end_close(&a);

	end_bound(&a);
	say(&a, "GET / HTTP/1.1\r\n", 16);
	a.act = end_it;
	turn();
	is_str(told(&a),
	    "close(protocol:command_length 1195725856 is not that of a PDU) "
	    "down(ours:bound)",
	    "the caller may have it end otherwise");
	end_close(&a);
}

/* --- freed from within --- */

static struct end *heap[2];
static bool both;

static void
free_end(struct end *x)
{
	smpp_link_close(&x->l);
	if (x->far >= 0)
		close(x->far);
	if (heap[0] == x)
		heap[0] = NULL;
	if (heap[1] == x)
		heap[1] = NULL;
	free(x);
}

/* Frees the link it is about; both: and the other one. */
static void
free_it(struct end *x)
{
	struct end *other = heap[0] == x ? heap[1] : heap[0];

	if (both && other != NULL)
		free_end(other);
	free_end(x);
}

static struct end *
heap_new(const struct smpp_session_conf *conf)
{
	struct end *x = malloc(sizeof(*x));

	must(x != NULL, "memory");
	end_open(x, conf);
	return x;
}

/* Two links on the heap, the first of which frees itself, or both, when it
 * is told the first thing. */
static void
heap_begin(bool too)
{
	engine_new();
	both = too;
	for (int i = 0; i < 2; i++) {
		heap[i] = heap_new(&mc_conf);
		heap[i]->answers = true;
		say_pdu(heap[i], SMPP_C_bind_transceiver, 1);
	}
	turn();
	heap[0]->act = free_it;
}

static void
heap_gone(const char *where)
{
	is_int((int)e.nlinks, both ? 0 : 1, "freed in %s%s", where,
	    both ? ", with another" : "");
	ok(heap[0] == NULL && (heap[1] == NULL) == both, "the right ones");
	for (int i = 0; i < 3; i++)
		pass(1000);
	if (heap[1] != NULL)
		free_end(heap[1]);
}

static void
test_free(bool too)
{
	static char zeros[1 << 18];

	engine_new();
	both = too;
	heap[0] = heap_new(&mc_conf);
	heap[1] = heap_new(&mc_conf);
	heap[0]->act = free_it;
	turn();
	heap_gone("up");

	heap_begin(too);
	for (int i = 0; i < 5; i++) {
		say_pdu(heap[0], SMPP_C_submit_sm, 2);
		say_pdu(heap[1], SMPP_C_submit_sm, 2);
	}
	turn();
	heap_gone("event");

	heap_begin(too);
	smpp_link_alarm(&heap[0]->l, e.now + 5);
	smpp_link_alarm(&heap[1]->l, e.now + 5);
	pass(5);
	heap_gone("alarm");

	heap_begin(too);
	smpp_conn_put(&heap[1]->l.conn, smpp_view_of("x", 1));
	smpp_link_end(&heap[0]->l, SMPP_END_WRITTEN);
	turn();
	heap_gone("down");

	heap_begin(too);
	say(heap[0], "GET / HTTP/1.1\r\n", 16);
	say(heap[1], "GET / HTTP/1.1\r\n", 16);
	turn();
	heap_gone("event of what is no SMPP");

	heap_begin(too);
	heap[0]->act = NULL;
	heap[0]->l.limits = &(struct smpp_limits){.high = 1000};
	smpp_conn_put(&heap[0]->l.conn, smpp_view_of(zeros, sizeof(zeros)));
	smpp_conn_put(&heap[1]->l.conn, smpp_view_of("x", 1));
	turn();
	is_int((int)smpp_link_room(&heap[0]->l), 0, "full");
	heap[0]->act = free_it;
	while (heap[0] != NULL && heard(heap[0], zeros, sizeof(zeros)) > 0)
		turn();
	heap_gone("room");

	heap_begin(too);
	say(heap[0], "\0\0\0\x10", 4);
	turn();
	pass(30000);
	heap_gone("event of what is slow");

	heap_begin(too);
	smpp_link_unbind(&heap[0]->l, e.now + 10);
	pass(10);
	heap_gone("down of an unbind");
}

/* A link that is freed while it is ready, touched and busy at once. */
static void
free_other(struct end *x)
{
	(void)x;
	free_end(heap[1]);
}

static void
test_free_other(void)
{
	heap_begin(false);
	heap[0]->act = free_other;
	smpp_conn_put(&heap[1]->l.conn, smpp_view_of("x", 1));
	say_pdu(heap[1], SMPP_C_submit_sm, 2);
	say_pdu(heap[0], SMPP_C_submit_sm, 2);
	turn();
	ok(heap[1] == NULL || heap[0]->act == NULL, "the other is gone");
	turn();
	if (heap[1] != NULL)
		free_end(heap[1]);
	free_end(heap[0]);
	is_int((int)e.nlinks, 0, "both");
}

/* A link that is closed and begun anew in its own callback. */
static void
renew(struct end *x)
{
	end_close(x);
	end_open(x, &mc_conf);
	tell(x, "new");
}

static void
test_renew(void)
{
	engine_new();
	end_bound(&a);
	say_pdu(&a, SMPP_C_submit_sm, 2);
	say_pdu(&a, SMPP_C_submit_sm, 3);
	a.act = renew;
	turn();
	turn();
	is_str(told(&a), "new up", "nothing of the old one is told");
	is_int((int)e.nlinks, 1, "one link");
	end_close(&a);
}

/* --- hand-over --- */

static void
test_release(void)
{
	struct smpp_engine other;
	struct smpp_conn conn;
	struct smpp_pdu pdu;

	engine_new();
	must(smpp_engine_init(&other) == 0, "another engine");
	end_bound(&a);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	smpp_conn_send(&a.l.conn, &pdu, 5);
	say(&a, "\0\0\0\x10\0\0\0\x15", 8);
	turn();
	heard_words(&a);
	smpp_conn_put(&a.l.conn, smpp_view_of("behind", 6));
	is_int(smpp_link_release(&a.l, &conn), 0, "given away");
	is_int(a.l.state, SMPP_LINK_IDLE, "idle");
	is_int((int)e.nlinks, 0, "nothing is left here");
	is_int(smpp_link_release(&a.l, &conn), SMPP_ESTATE, "once");

	smpp_link_init(&b.l, &other, &end_ops, &b);
	b.far = a.far;
	b.l.conn = conn;
	is_int(smpp_link_adopt(&b.l), 0, "taken there");
	smpp_engine_turn(&other, 0);
	is_int(heard(&b, &pdu, sizeof(pdu)), 6, "what waited is written");
	is_int(b.l.state, SMPP_LINK_BOUND, "bound as it was");
	say(&b, "\0\0\0\0\0\0\0\1", 8);
	say_header(&b, SMPP_C_deliver_sm_resp, 0, 1);
	smpp_engine_turn(&other, 0);
	is_str(told(&b), "up answered:enquire_link answers:deliver_sm_resp",
	    "and goes on in the middle of a PDU");
	smpp_link_close(&b.l);
	smpp_engine_fini(&other);
	end_close(&a);
}

/* --- pipes --- */

static struct end *far_end;

static void
on_octets(struct smpp_link *l, struct smpp_view v)
{
	struct end *x = end_of(l);

	if (v.p == NULL)
		tell(x, "eof");
	else
		tell(x, "[%u]", v.n);
	if (acted(x) || far_end == NULL)
		return;
	if (v.p == NULL)
		smpp_link_eof(&far_end->l);
	else
		smpp_conn_put(&far_end->l.conn, v);
}

static const struct smpp_link_ops pipe_ops = {
    .up = on_up,
    .event = on_event,
    .octets = on_octets,
    .room = on_room,
    .down = on_down,
};

static void
pipe_open(struct end *x, enum smpp_role role)
{
	const struct smpp_session_conf conf = {
	    .role = role, .ver = SMPP_V50, .observes = true};

	end_open(x, &conf);
	x->l.ops = &pipe_ops;
}

static void
test_pipe(void)
{
	char in[64];

	engine_new();
	pipe_open(&a, SMPP_MC);
	pipe_open(&b, SMPP_ESME);
	far_end = &b;
	turn();
	told(&a);
	say(&a, "\0\0\0\x10\0\0\0\4\0\0\0\0\0\0\0\1\0\0", 18);
	turn();
	is_str(told(&a), "[18] asks:submit_sm",
	    "octets come first, then what they say");
	is_int(heard(&b, in, sizeof(in)), 18, "all are there already");
	pass(100000);
	is_str(told(&a), "", "half a PDU may take as long as it likes");
	say(&a, "\xff\xff\xff\xff", 4);
	turn();
	say(&a, "what is no SMPP at all", 22);
	turn();
	is_str(told(&a), "[4] [22]", "and be none");
	is_int(heard(&b, in, sizeof(in)), 26, "that goes through, too");
	shutdown(a.far, SHUT_WR);
	turn();
	is_str(told(&a), "eof", "one direction is over");
	is_str(heard_words(&b), "end", "the other side hears it");
	say(&b, "still", 5);
	turn();
	is_str(told(&b), "up [5]", "and may still speak");
	far_end = &a;
	shutdown(b.far, SHUT_WR);
	turn();
	turn();
	is_str(told(&b), "eof down(closed:open)", "both are: it is over");
	is_str(told(&a), "down(closed:open)", "on both sides");
	end_close(&a);
	end_close(&b);
	far_end = NULL;
}

/* Back pressure: what is not taken there is not read here. */
static void
test_pipe_room(void)
{
	static char much[1 << 16];
	struct smpp_limits limits = {.high = 1 << 18};
	uint32_t sent = 0;
	ssize_t n;

	engine_new();
	pipe_open(&a, SMPP_MC);
	pipe_open(&b, SMPP_ESME);
	b.l.limits = &limits;
	far_end = &b;
	turn();
	told(&b);
	is_int(smpp_link_room(&b.l), UINT32_MAX, "room enough");
	while ((n = write(a.far, much, sizeof(much))) > 0 && sent < 1 << 24) {
		sent += (uint32_t)n;
		turn();
		if (smpp_link_room(&b.l) == 0)
			smpp_link_pause(&a.l, true);
	}
	ok(sent < 1 << 21, "it comes to a halt");
	ok(b.l.conn.out.n < 1 << 19, "with not much in between");
	while (b.told[0] == '\0' && heard(&b, much, sizeof(much)) > 0)
		turn();
	is_str(told(&b), "room", "and goes on when it is taken");
	end_close(&a);
	end_close(&b);
	far_end = NULL;
}

/* Freed in the callback of its octets. */
static void
test_pipe_free(void)
{
	engine_new();
	both = false;
	heap[1] = NULL;
	for (int i = 0; i < 2; i++) {
		heap[0] = malloc(sizeof(*heap[0]));
		must(heap[0] != NULL, "memory");
		pipe_open(heap[0], SMPP_MC);
		turn();
		heap[0]->act = free_it;
		say(heap[0], "\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\1", 16);
		if (i == 1)
			shutdown(heap[0]->far, SHUT_WR);
		turn();
		is_int((int)e.nlinks, 0, "gone");
	}
}

/* A session that observes is nobody's to answer or end. */
static void
test_observes(void)
{
	const struct smpp_session_conf conf = {
	    .role = SMPP_MC, .ver = SMPP_V50, .observes = true};

	engine_new();
	end_open(&a, &conf);
	turn();
	told(&a);
	say_header(&a, SMPP_C_enquire_link, 0, 1);
	say_header(&a, SMPP_C_unbind, 0, 2);
	turn();
	is_str(told(&a), "asks:enquire_link asks:unbind", "told");
	is_str(heard_words(&a), "", "not answered");
	is_int(a.l.state, SMPP_LINK_OPEN, "and not ended");
	end_close(&a);
}

/* A connection that is not wanted: up has not come yet, and does not. */
static void
test_unwanted(void)
{
	engine_new();
	end_open(&a, &(struct smpp_session_conf){.role = SMPP_MC});
	smpp_link_end(&a.l, SMPP_END_WRITTEN);
	turn();
	is_str(told(&a), "down(ours:open)", "ended before it began");
	end_close(&a);
}

int
main(void)
{
	signal(SIGPIPE, SIG_IGN);
	must(smpp_engine_init(&e) == 0, "an engine");
	test_unbound();
	test_stays();
	test_unbind();
	test_end();
	test_garbage();
	test_lost();
	test_free(false);
	test_free(true);
	test_free_other();
	test_renew();
	test_release();
	test_pipe();
	test_pipe_room();
	test_pipe_free();
	test_observes();
	test_unwanted();
	smpp_engine_fini(&e);
	return tap_done();
}
