/* One session under load. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "pump.h"
#include "msg/dlr.h"
#include "target/linksay.h"

enum {
	CHUNK = 16 << 10,    /* octets written at a time: the peer can begin */
	TARDY_NS = 10000000, /* later than due by that much is late */
};

/* No receipt is awaited for a message. */
static void
lane_forget(struct pump *p, struct flight *f)
{
	receipts_gone(&p->receipts, f->receipt);
	f->receipt = RECEIPTS_NONE;
}

/*
 * Has the receipt of a message be awaited. Decoded, since the book asks for
 * its addresses.
 */
static uint32_t
lane_await(struct pump *p, struct smpp_view wire, uint64_t now)
{
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;

	smpp_decode(&pdu, wire, SMPP_VANY, 0, &issues);
	return receipts_sent(&p->receipts, &pdu, now);
}

bool
lane_send(struct lane *lane, uint64_t due, uint64_t now)
{
	struct pump *p = lane->pump;
	uint32_t place = lane->spare[lane->nspare - 1];
	struct smpp_view wire;
	int rc;

	p->exit = message_next(p->message, &wire, &p->err);
	if (p->exit != 0)
		return false;
	/*
	 * Encoded by message_next() already: the connection only gives it a
	 * number. place comes back with the answer, and finds the flight.
	 */
	rc = smpp_conn_request(&lane->link.conn, wire, place);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc != 0)
		return false;
	lane->nspare--;
	lane->flight[place] = (struct flight){due, now, RECEIPTS_NONE};
	if (p->plan.wait_ms >= 0)
		lane->flight[place].receipt = lane_await(p, wire, now);
	p->open++;
	p->tally->sent++;
	/*
	 * Late by our own fault only when no window was full: what the SMSC
	 * held up is latency, counted from when it was due.
	 */
	p->tally->late += !p->blocked && now - due > TARDY_NS;
	if (lane->link.conn.out.n >= CHUNK)
		smpp_link_flush(&lane->link);
	return true;
}

/*
 * A request of ours is over, one way or the other. A place is free again, so
 * the lane is in line again.
 */
static struct flight *
land(struct lane *lane, uint64_t place)
{
	struct pump *p = lane->pump;

	lane->spare[lane->nspare++] = (uint32_t)place;
	p->open--;
	pump_queue(p, lane);
	return &lane->flight[place];
}

/*
 * How long a message and its receipt took. A receipt can overtake the
 * response: then it took no time.
 */
static void
count_receipt(struct pump *p, uint64_t sent, uint64_t came)
{
	const uint64_t ns = came > sent ? came - sent : 0;

	p->tally->receipts++;
	p->tally->overdue += ns > (uint64_t)p->plan.wait_ms * 1000000;
	span_add(&p->tally->receipt, ns);
}

/* Counts what became of a receipt, and answers it. */
static void
lane_receipt(struct pump *p, const struct receipts_fate *f)
{
	struct lane *lane = f->from.lane;
	struct smpp_pdu request;

	if (f->first)
		count_receipt(p, f->sent, f->came);
	p->tally->other += f->other;
	/*
	 * The session that it came by may be gone, or be a new one in the same
	 * lane, to which the sequence number means nothing.
	 */
	if (!f->answers || !lane->live || lane->life != f->from.life)
		return;
	smpp_pdu_init(&request, f->from.command_id, f->from.sequence_number,
	    lane->link.conn.s.ver);
	if (smpp_conn_reply(&lane->link.conn, &request, f->status) != 0)
		cmd_nomem();
}

void
lane_receipts(struct pump *p, uint64_t now)
{
	struct receipts_fate f;

	while (receipts_next(&p->receipts, now, &f))
		lane_receipt(p, &f);
}

/*
 * At the end those that nobody could place are decided, and answered while
 * there still is a session.
 */
void
lane_receipts_left(struct pump *p)
{
	struct receipts_fate f;

	while (receipts_left(&p->receipts, &f))
		lane_receipt(p, &f);
}

static void
on_answer(
    struct lane *lane, const struct smpp_pdu *pdu, uint64_t place, uint64_t now)
{
	struct pump *p = lane->pump;
	struct flight *f = land(lane, place);
	bool refused = pdu->command_id == SMPP_C_generic_nack;
	uint32_t status = pdu->command_status;

	/*
	 * A generic_nack with ESME_ROK refuses all the same: it is no answer
	 * to submit_sm (3.4 4.3).
	 */
	if (refused && status == ESME_ROK)
		status = ESME_RUNKNOWNERR;
	p->answered = now;
	tally_answer(p->tally, status);
	/*
	 * From when it was due: a message that had to wait for a full window
	 * counts with its waiting. Else a stalled SMSC would look fast, for
	 * the messages that it held up would be sent late and answered at
	 * once.
	 */
	span_add(&p->tally->latency, now - f->due);
	span_add(&p->tally->service, now - f->sent);
	if (status == ESME_ROK) {
		receipts_known(&p->receipts, f->receipt,
		    smpp_pdu_view(pdu, SMPP_F_message_id));
		f->receipt = RECEIPTS_NONE;
	}
	lane_forget(p, f);
	lane_receipts(p, now);
}

/* A receipt: what is about no message of ours is left to others, the rest is
 * taken. */
static void
on_receipt(struct lane *lane, const struct smpp_receipt *r,
    const struct smpp_pdu *pdu, uint64_t now)
{
	struct pump *p = lane->pump;
	const struct receipts_from from = {
	    lane, lane->life, pdu->command_id, pdu->sequence_number};
	struct receipts_fate f;

	if (receipts_came(&p->receipts, r, pdu, &from, now, &f))
		lane_receipt(p, &f);
	lane_receipts(p, now);
}

/* What else the SMSC delivers is taken. */
static void
on_request(struct lane *lane, const struct smpp_pdu *pdu, uint64_t now)
{
	struct smpp_receipt r;

	if (lane->pump->plan.wait_ms >= 0 && smpp_dlr_read(&r, pdu)) {
		on_receipt(lane, &r, pdu, now);
		return;
	}
	lane->pump->tally->other++;
	if (smpp_conn_reply(&lane->link.conn, pdu, ESME_ROK) != 0)
		cmd_nomem();
}

/* --- what the engine tells --- */

/*
 * A message was not answered in time. The session answers for the window; here
 * only the place is freed.
 */
static void
lane_late(struct lane *lane, uint64_t place)
{
	lane->pump->tally->timeouts++;
	lane_forget(lane->pump, land(lane, place));
}

/*
 * After each quarter of a window the room that was left is used at once, so
 * that the SMSC has something to do meanwhile. It is counted from what one
 * read brought: the last of it is followed by the end of the turn, where all
 * is written anyway, and a write shortly before that would be one too many.
 * A quarter, not each answer: one write for several messages.
 */
static void
lane_refill(struct lane *lane)
{
	const uint32_t quarter = lane->pump->plan.window / 4 + 1;
	const uint64_t read = lane->link.conn.now_ns;

	if (lane->read != read)
		lane->taken = 0;
	lane->read = read;
	if (++lane->taken % quarter != 0)
		return;
	pump_send(lane->pump);
	smpp_link_flush(&lane->link);
}

static void
lane_event(struct smpp_link *link, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct lane *lane = link->user;
	const bool ours = ev->request.command_id == SMPP_C_submit_sm;

	(void)issues;
	/*
	 * What a refused bind said, for the message when the session is not
	 * had.
	 */
	if (link->state == SMPP_LINK_BINDING && pdu != NULL) {
		lane->refused[0] = pdu->command_id;
		lane->refused[1] = pdu->command_status;
	}
	if (!lane->live)
		return;
	if (ev->kind == SMPP_EV_RESPONSE && ours)
		on_answer(lane, pdu, ev->request.tag, link->conn.now_ns);
	else if (ev->kind == SMPP_EV_REQUEST)
		on_request(lane, pdu, link->conn.now_ns);
	else if (ev->kind == SMPP_EV_TIMEOUT && ours)
		lane_late(lane, ev->request.tag);
	if (pdu != NULL)
		lane_refill(lane);
}

static bool
lane_bind(struct smpp_link *link, struct smpp_pdu *pdu)
{
	const struct lane *lane = link->user;

	dialconf_bind(lane->pump->t, pdu);
	return true;
}

/*
 * The session is bound, for the first time or again: all its window is free.
 * Counted down, so that places are taken from 0 up.
 */
static void
lane_begin(struct lane *lane)
{
	struct pump *p = lane->pump;
	const uint32_t window = p->plan.window;

	for (lane->nspare = 0; lane->nspare < window; lane->nspare++) {
		lane->spare[lane->nspare] = window - 1 - lane->nspare;
		lane->flight[lane->nspare].receipt = RECEIPTS_NONE;
	}
	/* The first life is no return, and needs no word. */
	lane->back = lane->life++ > 0;
	lane->live = true;
	p->live++;
	pump_queue(p, lane);
	if (lane->back)
		pump_notify(p);
}

/*
 * Twice: when connected, without a response, and when bound. Later ones, of a
 * session that comes back, are not told step by step.
 */
static void
lane_up(struct smpp_link *link, const struct smpp_pdu *resp)
{
	struct lane *lane = link->user;
	struct pump *p = lane->pump;

	if (resp == NULL) {
		linktap_begin(&lane->tap, p->c, p->t, &link->conn);
		if (p->phase == OPENING)
			linksay_connected(p->c, &link->conn);
		return;
	}
	if (p->phase == OPENING)
		linksay_bound(p->c, &link->conn, resp);
	lane_begin(lane);
}

/* Why a session was lost, for people. */
static const char *
lane_why(const struct smpp_err *why)
{
	switch (why->code) {
	case SMPP_EUNBOUND:
		return "the SMSC sent unbind";
	case SMPP_ETIMEOUT:
		return "it does not answer enquire_link";
	default:
		return why->msg;
	}
}

/*
 * A session could not be had, and had come to this state: says why, of the
 * first one. The pump ends the opening at the first failure; the others are
 * mostly the same.
 */
static void
lane_failed(
    struct lane *lane, enum smpp_link_state was, const struct smpp_err *why)
{
	struct pump *p = lane->pump;
	const struct linkend end = {p->c, p->t, lane->link.conn.peer,
	    smpp_conn_leftover(&lane->link.conn), why, p->deadline};
	struct smpp_pdu bind;

	if (p->failed != 0)
		return;
	dialconf_bind(p->t, &bind);
	if (lane->life > 0)
		p->failed = out_error(p->c, exit_of(smpp_err_class(why->code)),
		    "bind", "a session ended before all were bound: %s",
		    lane_why(why));
	else if (was < SMPP_LINK_SECURING)
		p->failed = linksay_connect(&end);
	else if (was == SMPP_LINK_SECURING)
		p->failed = linksay_tls(&end);
	else if (why->code == SMPP_EREFUSED)
		p->failed = linksay_refused(
		    p->c, p->t, lane->refused[0], lane->refused[1]);
	else
		p->failed = linksay_bind(&end,
		    smpp_pdu_of(bind.command_id | SMPP_RESPONSE_BIT)->name);
}

/* The time limit of all is over, which the link does not know of. */
void
lane_expire(struct lane *lane)
{
	const struct smpp_err late = {.code = SMPP_ETIMEOUT, .sys = ETIMEDOUT};

	if (!lane->live)
		lane_failed(lane, lane->link.state, &late);
}

/*
 * What was under way is lost with the session. Lost, and not in error: their
 * answers were under way, so they may have been accepted.
 */
static void
lane_drop(struct lane *lane)
{
	struct pump *p = lane->pump;
	const uint32_t open = p->plan.window - lane->nspare;

	lane->live = false;
	p->live--;
	p->open -= open;
	p->tally->lost += open;
	for (uint32_t i = 0; i < p->plan.window; i++)
		lane_forget(p, &lane->flight[i]);
}

/*
 * A session is over. One that was lost is had back, as long as there are
 * others to go on with meanwhile; of an attempt that failed nothing is said.
 */
static void
lane_down(struct smpp_link *link, const struct smpp_err *why)
{
	struct lane *lane = link->user;
	struct pump *p = lane->pump;
	const bool was = lane->live;

	if (why->code == SMPP_ENOMEM)
		cmd_nomem();
	linktap_end(&lane->tap);
	if (was)
		lane_drop(lane);
	if (p->phase == OPENING)
		lane_failed(lane, link->was, why);
	/*
	 * Otherwise the link dials again by itself. When the last session is
	 * gone nobody is left to send, and the run is over.
	 */
	if (p->phase != SENDING || p->stop > 0 || p->live == 0)
		smpp_link_close(link);
	if (!was || p->phase == OPENING || p->phase == LEAVING)
		return;
	p->tally->sessions_lost++;
	snprintf(lane->why, sizeof(lane->why), "%s", lane_why(why));
	lane->lost = true;
	pump_notify(p);
}

static const struct smpp_link_ops lane_ops = {
    .bind = lane_bind,
    .up = lane_up,
    .event = lane_event,
    .down = lane_down,
};

void
lane_open(struct lane *lane, struct pump *p)
{
	const uint32_t window = p->plan.window;

	lane->pump = p;
	lane->flight = calloc(window, sizeof(*lane->flight));
	lane->spare = calloc(window, sizeof(*lane->spare));
	if (lane->flight == NULL || lane->spare == NULL)
		cmd_nomem();
	smpp_link_init(&lane->link, &p->engine, &lane_ops, lane);
	if (smpp_link_dial(&lane->link, &p->dial) != 0)
		cmd_nomem();
}
