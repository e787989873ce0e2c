/* One session under load. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "pump.h"
#include "msg/dlr.h"

enum {
	OUT_HIGH = 1 << 20,  /* octets a peer does not take: it is not read */
	CHUNK = 16 << 10,    /* octets written at a time: the peer can begin */
	TARDY_NS = 10000000, /* later than due by that much is late */
};

/* No receipt is awaited for a message. */
static void
lane_forget(struct engine *e, struct flight *f)
{
	receipts_gone(&e->receipts, f->receipt);
	f->receipt = RECEIPTS_NONE;
}

void
lane_end(struct lane *lane, const char *why)
{
	struct engine *e = lane->e;
	const uint32_t open = e->plan.window - lane->nspare;

	if (!lane->live)
		return;
	lane->live = false;
	e->live--;
	e->open -= open;
	e->tally->lost += open;
	for (uint32_t i = 0; i < e->plan.window; i++)
		lane_forget(e, &lane->flight[i]);
	smpp_loop_del(&e->loop, lane->link.conn.fd);
	smpp_conn_close(&lane->link.conn);
	if (why == NULL)
		return;
	e->tally->sessions_lost++;
	snprintf(lane->why, sizeof(lane->why), "%s", why);
	lane->lost = true;
	engine_notify(e);
}

/* Has the loop watch for what can happen next. */
static void
lane_watch(struct lane *lane)
{
	struct smpp_conn *conn = &lane->link.conn;
	bool in = conn->out.n<OUT_HIGH, out = conn->out.n> 0;

	if (in == lane->in && out == lane->out)
		return;
	smpp_loop_mod(&lane->e->loop, conn->fd, in, out, lane);
	lane->in = in;
	lane->out = out;
}

void
lane_write(struct lane *lane)
{
	struct smpp_err err;

	if (!lane->live)
		return;
	smpp_err_clear(&err);
	if (smpp_conn_drain(&lane->link.conn, &err) < 0)
		lane_end(lane, err.msg);
	else
		lane_watch(lane);
}

/* Has the receipt of a message be awaited. */
static uint32_t
lane_await(struct engine *e, struct smpp_view wire, uint64_t now)
{
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;

	smpp_decode(&pdu, wire, SMPP_VANY, 0, &issues);
	return receipts_sent(&e->receipts, &pdu, now);
}

bool
lane_send(struct lane *lane, uint64_t due, uint64_t now)
{
	struct engine *e = lane->e;
	uint32_t place = lane->spare[lane->nspare - 1];
	struct smpp_view wire;
	int rc;

	e->exit = message_next(e->message, &wire, &e->err);
	if (e->exit != 0)
		return false;
	rc = smpp_conn_request(&lane->link.conn, wire, place);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc != 0)
		return false;
	lane->nspare--;
	lane->flight[place] = (struct flight){due, now, RECEIPTS_NONE};
	if (e->plan.wait_ms >= 0)
		lane->flight[place].receipt = lane_await(e, wire, now);
	e->open++;
	e->tally->sent++;
	e->tally->late += !e->blocked && now - due > TARDY_NS;
	engine_touch(e, lane);
	if (lane->link.conn.out.n >= CHUNK)
		lane_write(lane);
	return true;
}

/* A request of ours is over, one way or the other. */
static struct flight *
land(struct lane *lane, uint64_t place)
{
	struct engine *e = lane->e;

	lane->spare[lane->nspare++] = (uint32_t)place;
	e->open--;
	engine_queue(e, lane);
	return &lane->flight[place];
}

/* How long a message and its receipt took. */
static void
count_receipt(struct engine *e, uint64_t sent, uint64_t came)
{
	const uint64_t ns = came > sent ? came - sent : 0;

	e->tally->receipts++;
	e->tally->overdue += ns > (uint64_t)e->plan.wait_ms * 1000000;
	span_add(&e->tally->receipt, ns);
}

/* Counts what became of a receipt, and answers it. */
static void
lane_receipt(struct engine *e, const struct receipts_fate *f)
{
	struct lane *lane = f->from.lane;
	struct smpp_pdu request;

	if (f->first)
		count_receipt(e, f->sent, f->came);
	e->tally->other += f->other;
	if (!f->answers || !lane->live || lane->life != f->from.life)
		return;
	smpp_pdu_init(&request, f->from.command_id, f->from.sequence_number,
	    lane->link.conn.s.ver);
	if (smpp_conn_reply(&lane->link.conn, &request, f->status) != 0)
		cmd_nomem();
	engine_touch(e, lane);
}

void
lane_receipts(struct engine *e, uint64_t now)
{
	struct receipts_fate f;

	while (receipts_next(&e->receipts, now, &f))
		lane_receipt(e, &f);
}

void
lane_receipts_left(struct engine *e)
{
	struct receipts_fate f;

	while (receipts_left(&e->receipts, &f))
		lane_receipt(e, &f);
}

static void
on_answer(
    struct lane *lane, const struct smpp_pdu *pdu, uint64_t place, uint64_t now)
{
	struct engine *e = lane->e;
	struct flight *f = land(lane, place);
	bool refused = pdu->command_id == SMPP_C_generic_nack;
	uint32_t status = pdu->command_status;

	if (refused && status == ESME_ROK)
		status = ESME_RUNKNOWNERR;
	e->answered = now;
	tally_answer(e->tally, status);
	span_add(&e->tally->latency, now - f->due);
	span_add(&e->tally->service, now - f->sent);
	if (status == ESME_ROK) {
		receipts_known(&e->receipts, f->receipt,
		    smpp_pdu_view(pdu, SMPP_F_message_id));
		f->receipt = RECEIPTS_NONE;
	}
	lane_forget(e, f);
	lane_receipts(e, now);
}

/* A receipt: what is about no message of ours is left to others, the rest is
 * taken. */
static void
on_receipt(struct lane *lane, const struct smpp_receipt *r,
    const struct smpp_pdu *pdu, uint64_t now)
{
	struct engine *e = lane->e;
	const struct receipts_from from = {
	    lane, lane->life, pdu->command_id, pdu->sequence_number};
	struct receipts_fate f;

	if (receipts_came(&e->receipts, r, pdu, &from, now, &f))
		lane_receipt(e, &f);
	lane_receipts(e, now);
}

/* What else the SMSC delivers is taken. */
static void
on_request(struct lane *lane, const struct smpp_pdu *pdu, uint64_t now)
{
	struct smpp_receipt r;

	if (lane->e->plan.wait_ms >= 0 && smpp_dlr_read(&r, pdu)) {
		on_receipt(lane, &r, pdu, now);
		return;
	}
	lane->e->tally->other++;
	if (smpp_conn_reply(&lane->link.conn, pdu, ESME_ROK) != 0)
		cmd_nomem();
}

static void
on_event(struct lane *lane, uint64_t now)
{
	struct link *l = &lane->link;
	const struct smpp_event *ev = &l->ev;
	bool ours = ev->request.command_id == SMPP_C_submit_sm;

	if (ev->kind == SMPP_EV_RESPONSE && ours)
		on_answer(lane, &l->pdu, ev->request.tag, now);
	else if (ev->kind == SMPP_EV_REQUEST)
		on_request(lane, &l->pdu, now);
	if (l->conn.out.n > 0)
		engine_touch(lane->e, lane);
}

/* The session is over in order: by our unbind, or that of the SMSC. */
static void
on_unbound(struct lane *lane)
{
	smpp_conn_drain(&lane->link.conn, NULL);
	lane_end(
	    lane, lane->e->phase == LEAVING ? NULL : "the SMSC sent unbind");
}

/*
 * Takes what was read. After each quarter of a window the room it left is used
 * at once, so that the SMSC has something to do meanwhile. Returns as
 * smpp_conn_step(), or 0 when the session ended on the way.
 */
static int
lane_take_all(struct lane *lane, uint64_t now)
{
	const uint32_t quarter = lane->e->plan.window / 4 + 1;
	struct link *l = &lane->link;
	int rc;

	for (uint32_t n = 1; lane->live; n++) {
		rc = smpp_conn_step(
		    &l->conn, &l->pdu, &l->issues, &l->ev, &l->err);
		if (rc <= 0)
			return rc;
		on_event(lane, now);
		if (n % quarter == 0)
			engine_pump(lane->e);
	}
	return 0;
}

/* Whether there are octets that the loop does not know of. */
static bool
is_pending(const struct lane *lane)
{
	const struct smpp_tls *tls = lane->link.conn.tls;

	return lane->live && tls != NULL && smpp_tls_pending(tls);
}

void
lane_read(struct lane *lane)
{
	struct link *l = &lane->link;
	int rc;

	smpp_err_clear(&l->err);
	do {
		if (smpp_conn_fill(&l->conn, &l->err) < 0) {
			lane_end(lane,
			    lane->e->phase == LEAVING ? NULL : l->err.msg);
			return;
		}
		rc = lane_take_all(lane, smpp_clock_ns());
	} while (rc == 0 && is_pending(lane));
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc < 0) {
		smpp_conn_drain(&l->conn, NULL);
		lane_end(lane, l->err.msg);
	} else if (lane->live && l->conn.s.state == SMPP_ST_UNB) {
		on_unbound(lane);
	}
}

void
lane_tick(struct lane *lane)
{
	struct link *l = &lane->link;
	int rc = 0;

	while (lane->live && (rc = smpp_conn_tick(&l->conn, &l->ev)) > 0) {
		if (l->ev.kind == SMPP_EV_CLOSE) {
			lane_end(lane, "it does not answer enquire_link");
		} else if (l->ev.kind == SMPP_EV_TIMEOUT &&
			   l->ev.request.command_id == SMPP_C_submit_sm) {
			lane->e->tally->timeouts++;
			lane_forget(lane->e, land(lane, l->ev.request.tag));
		}
	}
	if (rc < 0)
		cmd_nomem();
	if (lane->live && l->conn.out.n > 0)
		engine_touch(lane->e, lane);
}

void
lane_leave(struct lane *lane)
{
	struct link *l = &lane->link;

	smpp_pdu_init(&l->pdu, SMPP_C_unbind, 0, l->conn.s.ver);
	if (smpp_conn_send(&l->conn, &l->pdu, 0) != 0)
		cmd_nomem();
	engine_touch(lane->e, lane);
}
