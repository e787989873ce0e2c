/* Sessions of the simulated SMSC: their life, and the way of each PDU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "smsc.h"

enum {
	/* PDUs a peer may have handled before it is the others' turn; what
	 * takes longer than usual counts for more. */
	TURN_MAX = 1000,
};

static struct peer_link *
link_of(struct peer *p, size_t which)
{
	return (struct peer_link *)(void *)((char *)p + which);
}

void
peers_add(struct peer_list *l, struct peer *p, size_t which)
{
	struct peer_link *at = link_of(p, which);

	at->next = NULL;
	at->prev = l->last;
	if (l->last != NULL)
		link_of(l->last, which)->next = p;
	else
		l->first = p;
	l->last = p;
}

void
peers_del(struct peer_list *l, struct peer *p, size_t which)
{
	struct peer_link *at = link_of(p, which);

	if (at->prev != NULL)
		link_of(at->prev, which)->next = at->next;
	else
		l->first = at->next;
	if (at->next != NULL)
		link_of(at->next, which)->prev = at->prev;
	else
		l->last = at->prev;
}

void
peer_touch(struct peer *p)
{
	if (p->touched)
		return;
	p->touched = true;
	peers_add(&p->mc->touched, p, offsetof(struct peer, touch));
}

/* Has the timer run no later than this. */
static void
peer_due(struct peer *p, int64_t when)
{
	if (when != SMPP_FOREVER && (p->timer.slot == 0 || when < p->timer.at))
		timer_set(&p->mc->timers, &p->timer, when);
}

/* Has the connection end when the peer closes it, or at close_at. */
static void
close_soon(struct peer *p)
{
	if (p->closing)
		return;
	p->closing = true;
	p->close_at = p->mc->now + CLOSE_MS;
	if (p->wake_at > p->mc->now)
		p->close_at = p->wake_at + CLOSE_MS;
	peer_due(p, p->close_at);
	peer_touch(p);
}

void
peer_leave_unbound(struct peer *p)
{
	if (!p->unsettled)
		return;
	p->unsettled = false;
	peers_del(&p->mc->unbound, p, offsetof(struct peer, unbound));
	p->mc->nunbound--;
}

static void
lose(struct peer *p, const char *why)
{
	if (p->gone)
		return;
	p->gone = true;
	peer_leave_unbound(p); /* the next one to make room is another */
	console_line(p, "closed", "%s", why);
	peer_touch(p);
}

void
peer_close(struct peer *p, const char *why)
{
	p->hang_up = why;
	if (p->conn.out.n == 0)
		lose(p, why);
	else
		close_soon(p);
}

void
peer_reset(struct peer *p, const char *why)
{
	smpp_conn_abort(&p->conn);
	lose(p, why);
}

void
peer_deafen(struct peer *p)
{
	p->deaf = true;
	peer_touch(p);
}

/* What a peer is too slow with, or NULL. */
static const char *
too_slow(const struct peer *p, int64_t now)
{
	if (p->part_at != 0 && now >= p->part_at + SLOW_MS)
		return "the rest of a PDU";
	if (p->stall_at != 0 && now >= p->stall_at + STALL_MS)
		return "reading of what it gets";
	return NULL;
}

/* Runs the timers of a session. */
static void
tick_session(struct peer *p)
{
	struct smpp_event ev;

	while (!p->gone && !p->closing && smpp_conn_tick(&p->conn, &ev) > 0) {
		if (ev.kind == SMPP_EV_CLOSE) {
			console_line(p, "timeout", "no %s", ev.text);
			peer_close(p, "timed out");
		} else if (ev.kind == SMPP_EV_TIMEOUT && ev.request.tag != 0) {
			centre_check(smpp_mc_answered(
			    &p->client, ev.request.tag, SMPP_MC_LATE));
		}
		peer_touch(p);
	}
}

/* When something of a peer is next due. */
static int64_t
peer_next_due(struct peer *p)
{
	int64_t at = p->closing ? p->close_at : smpp_conn_due(&p->conn);

	if (p->part_at != 0 && p->part_at + SLOW_MS < at)
		at = p->part_at + SLOW_MS;
	if (p->stall_at != 0 && p->stall_at + STALL_MS < at)
		at = p->stall_at + STALL_MS;
	if (p->wake_at > p->mc->now && p->wake_at < at)
		at = p->wake_at;
	return at;
}

static void
peer_tick(struct timer *t, int64_t now)
{
	struct peer *p = t->arg;
	const char *slow = too_slow(p, now);

	if (p->gone)
		return; /* it is freed when all that is ready was handled */
	if (p->closing && now >= p->close_at) {
		lose(p, p->hang_up != NULL ? p->hang_up
					   : "did not close by itself");
	} else if (slow != NULL) {
		console_line(p, "timeout", "no %s", slow);
		lose(p, "too slow");
	}
	tick_session(p);
	if (p->wake_at != 0 && now >= p->wake_at)
		peer_touch(p);
	peer_due(p, peer_next_due(p));
}

/* Makes room for a newcomer: who was first to come and not to bind goes. */
static void
add_unbound(struct smsc *mc, struct peer *p)
{
	peers_add(&mc->unbound, p, offsetof(struct peer, unbound));
	p->unsettled = true;
	if (++mc->nunbound > UNBOUND_MAX)
		lose(mc->unbound.first, "too many connections without a bind");
}

struct peer *
peer_open(struct smsc *mc, int fd, const char name[SMPP_PEER_MAX], bool tls)
{
	struct smpp_session_conf conf = {
	    .role = SMPP_MC,
	    .ver = SMPP_V50,
	    .window = DELIVER_WINDOW,
	    .response_ms = 60000,
	    .init_ms = mc->a.bind_timeout,
	    .enquire_ms = mc->a.enquire,
	    .dictionary = mc->c->dictionary,
	};
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL || smpp_conn_init(&p->conn, fd, &conf) != 0 ||
	    (tls && smpp_tls_accept(&p->conn.tls, mc->tls, fd) != 0))
		cmd_nomem();
	memcpy(p->conn.peer, name, SMPP_PEER_MAX);
	p->watch.kind = WATCH_PEER;
	p->conn.defers = p->conn.lawless = true; /* as rules want it */
	p->mc = mc;
	p->number = ++mc->stats.sessions;
	smpp_mc_session_init(&p->client, &mc->centre, p->number, p);
	if (mc->c->out->form != OUT_HUMAN) {
		p->conn.trace = console_json;
		p->conn.trace_arg = p;
	}
	p->timer = (struct timer){.fn = peer_tick, .arg = p};
	p->in = true;
	peers_add(&mc->peers, p, offsetof(struct peer, all));
	add_unbound(mc, p);
	mc->stats.open++;
	smpp_loop_add(&mc->loop, fd, true, false, p);
	peer_due(p, smpp_conn_due(&p->conn));
	return p;
}

int
peer_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag)
{
	const bool request = !(pdu->command_id & SMPP_RESPONSE_BIT);
	int rc = 0;

	if (request ? !act_send(p, pdu, tag) : !p->mute)
		rc = smpp_conn_send(&p->conn, pdu, tag);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc != 0)
		console_line(p, pdu->row == NULL ? "PDU" : pdu->row->name,
		    "not sent: %s", smpp_err_text(rc));
	if (tag != 0)
		peer_due(p, smpp_conn_due(&p->conn));
	peer_touch(p);
	return rc;
}

/* Sends an answer: the request it is of is not open any more. */
static void
send_answer(struct peer *p, struct smpp_pdu *response)
{
	p->told++;
	p->unread++;
	peer_send(p, response, 0);
	bind_settle(p);
}

void
peer_put(struct peer *p, struct smpp_view octets)
{
	if (!p->mute && smpp_conn_put(&p->conn, octets) != 0)
		cmd_nomem();
	peer_touch(p);
}

void
peer_answer(
    struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *response)
{
	if (p->act != NULL) {
		act_answer(p, p->act, request, response);
		return;
	}
	send_answer(p, response);
	act_overtaken(p);
}

/* Answers with a header alone. */
static void
answer_header(struct peer *p, const struct smpp_pdu *request, uint32_t id,
    uint32_t status)
{
	struct smpp_pdu resp;

	smpp_pdu_init(&resp, id, request->sequence_number, p->conn.s.ver);
	resp.command_status = status;
	peer_answer(p, request, &resp);
}

/* Counts and shows that a request was refused. */
static void
note_refusal(struct peer *p, const struct smpp_pdu *request, uint32_t status)
{
	const struct smpp_status *row;
	char id[24], name[40];

	if (status == ESME_ROK)
		return;
	p->mc->stats.refused++;
	if (!console_wanted(p->mc))
		return;
	row = smpp_status_of(status);
	snprintf(id, sizeof(id), "command_id 0x%08x", request->command_id);
	snprintf(name, sizeof(name), "0x%08x", status);
	console_line(p, request->row == NULL ? id : request->row->name,
	    "refused with %s", row == NULL ? name : row->name);
}

void
peer_refuse(struct peer *p, const struct smpp_pdu *request, uint32_t status)
{
	uint32_t id = SMPP_C_generic_nack;

	if (request->row != NULL && request->row->counterpart != UINT32_MAX)
		id = request->row->counterpart;
	note_refusal(p, request, status);
	answer_header(p, request, id, status);
}

/* What the session says the answer to a request is. */
static void
on_deferred(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	note_refusal(p, pdu, ev->reply_status);
	if (ev->kind != SMPP_EV_REFUSED)
		console_line(p, pdu->row->name, "answered");
	answer_header(p, pdu, ev->reply_id, ev->reply_status);
	if (ev->kind == SMPP_EV_UNBIND)
		close_soon(p);
}

static void
peer_on_response(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	if (p->conn.s.state == SMPP_ST_UNB)
		lose(p, "unbound");
	else if (ev->request.tag != 0)
		centre_check(smpp_mc_answered(
		    &p->client, ev->request.tag, pdu->command_status));
}

static bool
peer_is_bind(uint32_t id)
{
	return id == SMPP_C_bind_receiver || id == SMPP_C_bind_transmitter ||
	       id == SMPP_C_bind_transceiver;
}

/* A request, however good: the rules have the first word. */
static void
on_request_in(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	p->asked += ev->kind != SMPP_EV_ONEWAY;
	p->act = rule_judge(p->mc, p, pdu);
	if (p->act != NULL && act_request(p, p->act, pdu))
		;
	else if (ev->send)
		on_deferred(p, pdu, ev);
	else if (ev->kind == SMPP_EV_REQUEST && peer_is_bind(pdu->command_id))
		on_bind(p, pdu);
	else if (ev->kind == SMPP_EV_REQUEST)
		centre_request(p, pdu);
	p->act = NULL;
}

/* Handles one PDU that arrived. */
static void
peer_on_pdu(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	p->mc->stats.pdus++;
	if (ev->kind == SMPP_EV_RESPONSE)
		peer_on_response(p, pdu, ev);
	else if (ev->kind == SMPP_EV_STRAY && !act_expects(pdu))
		console_line(p, pdu->row == NULL ? "response" : pdu->row->name,
		    "%s", smpp_stray_text(ev->stray));
	else if (ev->kind != SMPP_EV_STRAY)
		on_request_in(p, pdu, ev);
}

/* Whether answers to more requests are taken. */
static bool
answers(const struct peer *p)
{
	return !p->gone && !p->closing && !p->deaf &&
	       p->wake_at <= p->mc->now && !act_full(p) &&
	       p->conn.out.n < OUT_HIGH;
}

/* Answers the PDUs that were read, while their answers are taken and it is
 * this peer's turn. Returns what the last step did. */
static int
answer_some(struct peer *p, struct smpp_err *err)
{
	struct smsc *mc = p->mc;
	struct smpp_issues issues;
	struct smpp_event ev;
	struct smpp_pdu pdu;
	unsigned n = 0;
	int rc = 1;

	mc->centre.work = 0;
	while (answers(p)) {
		if (n++ + mc->centre.work / WORK_UNIT >= TURN_MAX) {
			p->more = true;
			break;
		}
		rc = smpp_conn_step(&p->conn, &pdu, &issues, &ev, err);
		if (rc <= 0)
			break;
		p->part_at = 0;
		peer_on_pdu(p, &pdu, &ev);
	}
	return rc;
}

static void
serve_read(struct peer *p)
{
	struct smpp_err err;
	int rc;

	smpp_err_clear(&err);
	p->more = false;
	rc = answer_some(p, &err);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc < 0) {
		console_line(p, "garbage", "%s", err.msg);
		smpp_conn_drain(&p->conn, NULL);
		smpp_conn_shut(&p->conn);
		close_soon(p);
	}
	if (rc == 0 && p->conn.in.n > p->conn.used && p->part_at == 0)
		p->part_at = p->mc->now;
	peer_due(p, peer_next_due(p));
	peer_touch(p);
}

void
peer_read(struct peer *p)
{
	struct smpp_err err;
	int64_t got;

	if (p->gone || p->more)
		return; /* what was read comes first */
	if (p->closing)
		smpp_conn_forget(&p->conn);
	smpp_err_clear(&err);
	do {
		got = smpp_conn_fill(&p->conn, &err);
		if (got < 0)
			lose(p, err.msg);
		else if (!p->closing)
			serve_read(p);
	} while (got > 0 && !p->gone && p->conn.tls != NULL &&
		 p->conn.in.n < OUT_HIGH && smpp_tls_pending(p->conn.tls));
}

void
peer_stop(struct peer *p)
{
	struct smpp_pdu pdu;

	if (p->closing || p->gone)
		return;
	if (!smpp_session_bound(&p->conn.s)) {
		lose(p, "stopped");
		return;
	}
	smpp_pdu_init(&pdu, SMPP_C_unbind, 0, p->conn.s.ver);
	peer_send(p, &pdu, 0);
	peer_due(p, smpp_conn_due(&p->conn));
}

void
peer_leave(struct peer *p)
{
	if (p->receives)
		peers_del(&p->mc->receivers, p, offsetof(struct peer, any));
	p->receives = false;
	centre_check(smpp_mc_leave(&p->client));
}

void
peer_free(struct peer *p)
{
	struct smsc *mc = p->mc;

	act_forget(p);
	timer_stop(&mc->timers, &p->timer);
	peers_del(&mc->peers, p, offsetof(struct peer, all));
	if (p->touched)
		peers_del(&mc->touched, p, offsetof(struct peer, touch));
	peer_leave_unbound(p);
	mc->stats.bound -= p->bound;
	mc->stats.open--;
	peer_leave(p);
	smpp_loop_del(&mc->loop, p->conn.fd);
	smpp_conn_close(&p->conn);
	free(p->range);
	free(p);
	listen_resume(mc);
}

/* Notes how a peer reads what it gets. left is what was not taken. */
static void
note_progress(struct peer *p, size_t before, size_t left)
{
	if (left == 0) {
		p->stall_at = 0;
		p->unread = 0;
	} else if (left < before || p->stall_at == 0) {
		p->stall_at = p->mc->now;
		peer_due(p, p->stall_at + STALL_MS);
	}
}

/* Has the loop watch for what can happen next. */
static void
peer_watch(struct peer *p, size_t left)
{
	bool in = !p->deaf && p->wake_at <= p->mc->now &&
		  (p->closing || (left < OUT_HIGH && !act_full(p)));
	bool out = left > 0 && p->wake_at <= p->mc->now && !act_drips(p);

	if (in != p->in || out != p->out)
		smpp_loop_mod(&p->mc->loop, p->conn.fd, in, out, p);
	if (in && !p->in && !p->closing)
		p->more = true; /* what was read before the peer fell behind */
	p->in = in;
	p->out = out;
}

/* Writes, as far as the peer takes it. */
static void
flush(struct peer *p)
{
	size_t before = p->conn.out.n;
	struct smpp_err err;
	int64_t left = (int64_t)before;

	if (out_flush(p->mc->c->out) != 0) {
		p->mc->output_lost = true; /* acknowledge nothing more */
		return;
	}
	smpp_err_clear(&err);
	if (p->wake_at <= p->mc->now)
		left = act_drain(p, &err);
	if (left < 0) {
		lose(p, err.msg);
		return;
	}
	note_progress(p, before, (size_t)left);
	if (left == 0 && p->hang_up != NULL) {
		lose(p, p->hang_up);
		return;
	}
	peer_watch(p, (size_t)left);
	if (!p->more)
		smpp_conn_trim(&p->conn);
}

void
peers_flush(struct smsc *mc)
{
	struct peer *p, *last = mc->touched.last;
	bool done = last == NULL;

	/* Those that are touched meanwhile have their turn next time. */
	while (!done && (p = mc->touched.first) != NULL) {
		done = p == last;
		peers_del(&mc->touched, p, offsetof(struct peer, touch));
		p->touched = false;
		if (p->more && !p->gone)
			serve_read(p);
		if (!p->gone)
			flush(p);
		if (p->more && !p->gone)
			peer_touch(p);
		if (p->gone)
			peer_free(p);
	}
}
