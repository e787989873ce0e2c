/* Sessions of the simulated SMSC: their life, and the way of each PDU. */
#include <stdio.h>
#include <stdlib.h>

#include "smsc.h"
#include "words/status.h"

enum { UNBOUND_MAX = 2000 }; /* connections without a bind; the oldest goes */

/* --- lists --- */

/* A peer is in several lists at once: which is the place of the link in it. */
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
peer_leave_unbound(struct peer *p)
{
	if (!p->unsettled)
		return;
	p->unsettled = false;
	peers_del(&p->mc->unbound, p, offsetof(struct peer, unbound));
	p->mc->nunbound--;
}

/*
 * Makes room for a newcomer: who was first to come and not to bind goes.
 * Without a bound, connections that never log in would take all descriptors
 * before their time for a bind is over.
 */
static void
add_unbound(struct smsc *mc, struct peer *p)
{
	peers_add(&mc->unbound, p, offsetof(struct peer, unbound));
	p->unsettled = true;
	if (++mc->nunbound > UNBOUND_MAX)
		peer_reset(
		    mc->unbound.first, "too many connections without a bind");
}

/* --- sending --- */

/*
 * Notes, before something more waits to be written, that nothing did: all
 * answers were written, so that the peer can know of them. One that does not
 * read its answers has no more room in its window.
 */
static void
peer_count(struct peer *p)
{
	if (p->link.conn.out.n == 0)
		p->unread = 0;
}

int
peer_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag)
{
	const bool request = !(pdu->command_id & SMPP_RESPONSE_BIT);
	int rc = 0;

	peer_count(p);
	/* What the line takes it sends itself, now or later. */
	if (request ? !act_send(p, pdu, tag) : !p->line.mute)
		rc = smpp_conn_send(&p->link.conn, pdu, tag);
	centre_check(rc);
	if (rc != 0)
		console_line(p, pdu->row == NULL ? "PDU" : pdu->row->name,
		    "not sent: %s", smpp_err_text(rc));
	return rc;
}

/*
 * Told without being said: a rule dropped the answer, which leaves the window
 * all the same.
 */
void
peer_told(struct peer *p, bool said)
{
	p->told++;
	p->unread += said;
	bind_settle(p);
}

void
peer_answer(
    struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *response)
{
	(void)request;
	if (p->act != NULL) {
		peer_count(p);
		act_answer(p, p->act, response);
		return;
	}
	/* What waited for an answer to overtake it comes behind what that
	 * answer lets go: the deliveries of who is bound now. */
	peer_send(p, response, 0);
	peer_told(p, true);
	fault_overtaken(&p->line);
}

/* Answers with a header alone. */
static void
answer_header(struct peer *p, const struct smpp_pdu *request, uint32_t id,
    uint32_t status)
{
	struct smpp_pdu resp;

	smpp_pdu_init(&resp, id, request->sequence_number, p->link.conn.s.ver);
	resp.command_status = status;
	peer_answer(p, request, &resp);
}

/* Counts and shows that a request was refused. */
static void
note_refusal(struct peer *p, const struct smpp_pdu *request, uint32_t status)
{
	char id[24], name[STATUS_NAME];

	if (status == ESME_ROK)
		return;
	p->mc->stats.refused++;
	if (!console_wanted(p->mc))
		return;
	snprintf(id, sizeof(id), "command_id 0x%08x", request->command_id);
	console_line(p, request->row == NULL ? id : request->row->name,
	    "refused with %s", status_name(name, status));
}

/* Without a response of its own, generic_nack is the answer (3.4 4.3). */
void
peer_refuse(struct peer *p, const struct smpp_pdu *request, uint32_t status)
{
	uint32_t id = SMPP_C_generic_nack;

	if (request->row != NULL && request->row->counterpart != UINT32_MAX)
		id = request->row->counterpart;
	note_refusal(p, request, status);
	answer_header(p, request, id, status);
}

/* --- what arrives --- */

/* What the session says the answer to a request is. */
static void
on_deferred(
    struct peer *p, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	note_refusal(p, pdu, ev->reply_status);
	if (ev->kind != SMPP_EV_REFUSED)
		console_line(p, pdu->row->name, "answered");
	answer_header(p, pdu, ev->reply_id, ev->reply_status);
	/* The connection is the peer's to close, who asked for the end. */
	if (ev->kind != SMPP_EV_UNBIND)
		return;
	p->lingers = true;
	smpp_link_end(&p->link, SMPP_END_LINGER);
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
	peer_count(p);
	/* Those without an answer take no room in the window. */
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

/*
 * A request of ours has its answer, or had none in time. Tag 0 is of requests
 * that are not the centre's, enquire_link and unbind.
 */
static void
peer_on_answer(struct peer *p, const struct smpp_event *ev, uint32_t status)
{
	if (ev->request.tag != 0)
		centre_check(
		    smpp_mc_answered(&p->client, ev->request.tag, status));
}

/* The engine is about to end the connection. */
static void
peer_on_close(struct peer *p, const struct smpp_event *ev)
{
	if (ev->error == SMPP_EPROTOCOL)
		console_line(p, "garbage", "%s", ev->text);
	else
		console_line(p, "timeout", "no %s", ev->text);
}

static void
peer_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct peer *p = peer_of(l);

	(void)issues;
	p->mc->stats.pdus += pdu != NULL;
	if (ev->kind == SMPP_EV_TIMEOUT)
		peer_on_answer(p, ev, SMPP_MC_LATE);
	else if (ev->kind == SMPP_EV_CLOSE)
		peer_on_close(p, ev);
	else if (ev->kind == SMPP_EV_RESPONSE)
		peer_on_answer(p, ev, pdu->command_status);
	else if (ev->kind == SMPP_EV_STRAY && !fault_expects(pdu))
		console_line(p, pdu->row == NULL ? "response" : pdu->row->name,
		    "%s", smpp_stray_text(ev->stray));
	else if (ev->kind != SMPP_EV_STRAY)
		on_request_in(p, pdu, ev);
}

/* Deliveries that found no room are not asked for again otherwise. */
static void
peer_room(struct smpp_link *l)
{
	centre_check(smpp_mc_room(&peer_of(l)->client));
}

/* --- beginning --- */

static void
peer_up(struct smpp_link *l, const struct smpp_pdu *resp)
{
	struct peer *p = peer_of(l);

	(void)resp;
	l->conn.defers = l->conn.lawless = true; /* as rules want it */
	if (p->mc->c->out->form != OUT_HUMAN) {
		l->conn.trace = console_json;
		l->conn.trace_arg = p;
	}
	if (l->dial != NULL)
		outbind_up(p);
}

static void peer_down(struct smpp_link *l, const struct smpp_err *why);

static const struct smpp_link_ops peer_ops = {
    .up = peer_up,
    .event = peer_event,
    .room = peer_room,
    .down = peer_down,
};

struct smpp_session_conf
peer_conf(const struct smsc *mc)
{
	return (struct smpp_session_conf){
	    .role = SMPP_MC,
	    .ver = SMPP_V50,
	    .window = DELIVER_WINDOW,
	    .response_ms = 60000,
	    .init_ms = mc->a.bind_timeout,
	    .enquire_ms = mc->a.enquire,
	    .dictionary = mc->c->dictionary,
	};
}

static struct peer *
peer_new(struct smsc *mc)
{
	struct peer *p = calloc(1, sizeof(*p));

	if (p == NULL)
		cmd_nomem();
	p->mc = mc;
	p->number = ++mc->stats.sessions;
	smpp_link_init(&p->link, &mc->e, &peer_ops, p);
	p->link.stays = true; /* a rule may not answer the peer's unbind */
	fault_line_init(&p->line, &p->link, &act_ops, &mc->pool, p);
	smpp_mc_session_init(&p->client, &mc->centre, p->number, p);
	mc->stats.open++;
	add_unbound(mc, p);
	return p;
}

void
peer_open(struct smsc *mc, int fd, const char *name, bool tls)
{
	const struct smpp_session_conf conf = peer_conf(mc);
	struct peer *p = peer_new(mc);
	struct smpp_conn *c = &p->link.conn;
	int rc;

	centre_check(smpp_conn_init(c, fd, &conf));
	if (tls)
		centre_check(smpp_tls_accept(&c->tls, mc->tls, fd));
	/* The listener's name for it, as accept() gave it. */
	snprintf(c->peer, sizeof(c->peer), "%s", name);
	rc = smpp_link_adopt(&p->link);
	centre_check(rc);
	if (rc == 0)
		return;
	/* The system cannot watch one more (ENOSPC): that ends this session,
	 * not those of others. A link that took nothing on closes nothing. */
	peer_reset(p, "it cannot be watched, the system has no more of that");
}

void
peer_dial(struct smsc *mc, const struct smpp_dial_conf *to)
{
	struct peer *p = peer_new(mc);

	centre_check(smpp_link_dial(&p->link, to));
}

/* --- ending --- */

/* What was under way to it goes back to its account, for others. */
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

	/* The centre gives what was not answered to others, which may be
	 * sent at once: this one must not be among them any more. */
	fault_line_fini(&p->line);
	peer_leave_unbound(p);
	mc->stats.bound -= p->bound;
	mc->stats.open--;
	peer_leave(p);
	smpp_link_close(&p->link);
	free(p->range);
	free(p);
}

/* Why a connection is over, in words: for what we did to it, before what came
 * of that. */
static const char *
peer_why(const struct peer *p, const struct smpp_err *why)
{
	if (p->line.over != NULL)
		return p->line.over;
	if (p->over != NULL)
		return p->over;
	if (p->lingers || why->code == SMPP_EPROTOCOL)
		return p->link.hung_up ? "the peer closed the connection"
				       : "did not close by itself";
	switch (why->code) {
	case SMPP_ESLOW:
	case SMPP_ESTALLED:
		return "too slow";
	case SMPP_ETIMEOUT:
		return "timed out";
	case 0:
		if (p->link.conn.s.state == SMPP_ST_UNB)
			return "unbound";
		return p->mc->stopping ? "stopped" : why->msg;
	default:
		return why->msg;
	}
}

static void
peer_down(struct smpp_link *l, const struct smpp_err *why)
{
	struct peer *p = peer_of(l);

	centre_check(why->code);
	if (l->dial != NULL && l->was < SMPP_LINK_OPEN)
		outbind_failed(p, why);
	else
		console_line(p, "closed", "%s", peer_why(p, why));
	peer_free(p);
}

void
peer_close(struct peer *p, const char *why)
{
	p->over = why;
	smpp_link_end(&p->link, SMPP_END_WRITTEN);
}

/* At once, without waiting for what is queued: its descriptor is needed. */
void
peer_reset(struct peer *p, const char *why)
{
	console_line(p, "closed", "%s", why);
	if (p->link.conn.fd >= 0)
		smpp_conn_abort(&p->link.conn);
	if (p->link.state == SMPP_LINK_IDLE) /* it is ours alone */
		smpp_conn_close(&p->link.conn);
	peer_free(p);
}

/*
 * Rules are asked about our unbind, too. Without a bind there is nothing to
 * unbind from.
 */
void
peer_stop(struct peer *p)
{
	struct smpp_pdu pdu;

	if (p->link.state >= SMPP_LINK_UNBINDING)
		return;
	if (!smpp_session_bound(&p->link.conn.s)) {
		smpp_link_end(&p->link, SMPP_END_WRITTEN);
		return;
	}
	smpp_pdu_init(&pdu, SMPP_C_unbind, 0, p->link.conn.s.ver);
	if (!act_send(p, &pdu, 0))
		smpp_link_unbind(&p->link, SMPP_FOREVER);
}
