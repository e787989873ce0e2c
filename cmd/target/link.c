/* One SMSC at the other end: wait, answer, unbind, and say so. */
#include "link_int.h"

#include "base/clock.h"
#include "kit/sig.h"

enum {
	UNBIND_MS = 1500, /* with the flush after it below 2 s */
	/* How long PDUs that keep arriving may put a deadline off: time to
	 * take what came while the process was stopped, and no way for a peer
	 * that never pauses to hold it up. */
	GRACE_MS = 100,
};

/* --- waiting --- */

/* Hears of the signals that are wanted now. */
static void
link_hear_any(struct link *l)
{
	if (l->wants_any == l->hears_any || l->any.fd < 0)
		return;
	l->hears_any = l->wants_any;
	smpp_watch_mod(&l->e, &l->any, l->hears_any, false);
}

int
link_turn(struct link *l, int64_t until)
{
	int rc;

	link_hear_any(l);
	l->woken = false;
	/*
	 * Work that is left first, without waiting: only when that brings
	 * nothing is there something to wait for.
	 */
	rc = smpp_engine_work(&l->e);
	if (rc == 0 && linkqueue_empty(&l->queue) && !l->over && !l->woken)
		rc = smpp_engine_turn(&l->e, until);
	if (rc < 0)
		return smpp_err_sys(&l->err, rc, "epoll");
	if (l->woken)
		return smpp_err_set(&l->err, SMPP_EINTERRUPTED, "interrupted");
	return 0;
}

/*
 * Only now, when everything that came before the end was taken: an answer in
 * the last octets is an answer.
 */
void
link_tell_over(struct link *l)
{
	l->err = l->lost;
	l->from = l->ended;
	l->ev.kind = l->overdue ? SMPP_EV_CLOSE : SMPP_EV_NONE;
}

/* Events that only -v shows. True when the caller wants to see this one. */
static bool
link_report(struct link *l)
{
	const struct smpp_event *ev = &l->ev;

	switch (ev->kind) {
	case SMPP_EV_TIMEOUT:
		l->silent = true;
		return true;
	case SMPP_EV_REQUEST:
	case SMPP_EV_ONEWAY:
	case SMPP_EV_UNBIND:
		return true;
	case SMPP_EV_RESPONSE:
		if (!l->unended)
			l->unended = linksay_unended(l->c, &l->pdu);
		/*
		 * Keep-alives of the session are nobody's business; bind-test
		 * sends one of its own, with a tag.
		 */
		return ev->request.command_id != SMPP_C_enquire_link ||
		       ev->request.tag != 0;
	case SMPP_EV_STRAY:
		out_say(l->c, 1, "<! seq %u %s", l->pdu.sequence_number,
		    smpp_stray_text(ev->stray));
		return false;
	default:
		return false;
	}
}

/*
 * Sends a PDU that is a header alone; on a connection that is gone, nothing.
 * Failing means that the connection is gone, which is told by link_next().
 */
static void
link_header(struct smpp_conn *conn, uint32_t id, uint32_t status, uint32_t seq)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(&pdu, id, seq, conn->s.ver);
	pdu.command_status = status;
	if (smpp_conn_send(conn, &pdu, 0) == SMPP_ENOMEM)
		cmd_nomem();
}

/*
 * The next event that has come. What the session answers by itself is answered
 * here, and not when it came: answers go in the order of what they answer.
 * True when the caller wants to see it.
 */
static bool
link_take(struct link *l)
{
	const struct smpp_event *ev = &l->ev;

	l->from = linkqueue_take(&l->queue, &l->ev, &l->pdu, &l->issues,
		      l->c->dictionary) == 0
		      ? l->conn
		      : l->rx;
	if (ev->send)
		link_header(
		    l->from, ev->reply_id, ev->reply_status, ev->reply_seq);
	return link_report(l);
}

/*
 * Whether it is time to end a wait, though more may have arrived. After the
 * process was stopped a deadline is over, and so is the time for an answer
 * that lies in the socket: it is looked at before anything is given up.
 */
static bool
link_late(struct link *l, int64_t deadline)
{
	const int64_t now = l->e.now;

	if (now < deadline)
		l->late = 0;
	else if (l->late == 0)
		l->late = now;
	if (now < deadline ||
	    (!linkqueue_empty(&l->queue) && now - l->late < GRACE_MS))
		return false;
	l->late = 0; /* the next wait takes what there is at first */
	return true;
}

int
link_next(struct link *l, int64_t deadline)
{
	int rc = 0;

	/* -t bounds every wait, whatever the caller thinks of. */
	if (deadline > l->deadline)
		deadline = l->deadline;
	while (rc == 0) {
		while (!linkqueue_empty(&l->queue))
			if (link_take(l))
				return 0;
		if (l->over) {
			link_tell_over(l);
			return l->err.code;
		}
		rc = link_turn(l, deadline);
		if (rc == 0 && !l->over && link_late(l, deadline))
			rc = smpp_err_set(&l->err, SMPP_ETIMEOUT, "no answer");
	}
	return rc;
}

bool
link_more(const struct link *l)
{
	const struct smpp_link *end;
	struct smpp_view left;

	if (!linkqueue_empty(&l->queue))
		return true;
	/* What came behind the answer to the bind was read, but not looked at:
	 * it may be an unbind, and then nothing more is to be sent. */
	for (end = l->end; end < l->end + 2; end++) {
		left = smpp_conn_leftover(&end->conn);
		if (end->state == SMPP_LINK_BOUND &&
		    smpp_frame(left.p, left.n, end->conn.cap) > 0)
			return true;
	}
	return false;
}

/* A signal or a time is what it is called for, and no error. */
int
link_wait(struct link *l, int64_t until)
{
	int rc = link_turn(l, until);

	if (rc == SMPP_EIO)
		rc = out_error(l->c, SMPP_EXIT_LOCAL, "wait", "%s", l->err.msg);
	else
		rc = 0;
	smpp_err_clear(&l->err);
	return rc;
}

void
link_wake(struct link *l)
{
	l->woken = true;
}

int
link_flush(struct link *l, int64_t until)
{
	struct smpp_link *end = &l->end[0];
	int rc = 0;

	while (rc == 0 && !l->over && smpp_link_flush(end) > 0) {
		/* What it sends meanwhile would have to be kept. */
		smpp_link_pause(end, true);
		rc = link_turn(l, until);
		if (rc == 0 && l->e.now >= until)
			rc = SMPP_ETIMEOUT;
	}
	/* Also after an error: link_close() still waits for unbind_resp. */
	smpp_link_pause(end, false);
	if (rc == 0 && !l->over && link_turn(l, 0) != 0) /* it may be gone */
		smpp_err_clear(&l->err);
	if (l->over)
		link_tell_over(l);
	else if (rc != 0)
		smpp_err_set(&l->err, rc, "%s", smpp_err_text(rc));
	return l->over ? l->err.code : rc;
}

/* --- sending --- */

/* Of a pair the receiver gets the requests, so it answers them. */
void
link_reply(struct link *l, const struct smpp_pdu *request, uint32_t status)
{
	const uint32_t id = request->row != NULL ? request->row->counterpart
						 : SMPP_C_generic_nack;

	link_header(
	    l->pair ? l->rx : l->conn, id, status, request->sequence_number);
}

/* congestion_state of 5.0 asks for less; the session tells until when. */
uint32_t
link_room(const struct link *l, int64_t *when)
{
	const struct smpp_session *s = &l->conn->s;

	*when = SMPP_FOREVER;
	if (l->end[0].state == SMPP_LINK_IDLE || !smpp_session_bound(s))
		return 0;
	if (smpp_clock_ms() >= smpp_session_hold(s))
		return smpp_session_room(s);
	*when = smpp_session_hold(s);
	return 0;
}

/* --- the end --- */

/*
 * A peer that did not answer this will hardly answer an unbind: that is waited
 * for less.
 */
int
link_failed(struct link *l, int exit, const char *what, const char *awaited,
    int64_t waited_ms)
{
	const struct linkend end = link_ending(l);

	if (l->err.code == SMPP_ETIMEOUT)
		l->silent = true;
	return linksay_wait(&end, exit, what, awaited, waited_ms);
}

/*
 * Whether an unbind of ours is to be answered yet. Of both, since each has a
 * session of its own.
 */
static bool
unbinding(const struct link *l)
{
	return smpp_session_bound(&l->conn->s) ||
	       (l->pair && smpp_session_bound(&l->rx->s));
}

void
link_put_off(struct link *l)
{
	while (!linkqueue_empty(&l->queue))
		if (link_take(l) && l->ev.kind == SMPP_EV_REQUEST)
			link_reply(l, &l->pdu, ESME_RX_T_APPN);
}

/* Waits for unbind_resp, or the end of the connection. A signal has it wait
 * no less, unless it is the second one. */
static void
link_unbind(struct link *l)
{
	const int64_t ms = l->silent ? LINK_SILENT_MS : UNBIND_MS;
	const uint64_t began = smpp_clock_ns();
	const int64_t until = smpp_clock_ms() + ms;
	int rc = 0;

	for (unsigned i = 0; i < 2; i++)
		if (l->end[i].state == SMPP_LINK_BOUND)
			smpp_link_unbind(&l->end[i], SMPP_FOREVER);
	link_put_off(l);
	l->leaving = true;
	while (unbinding(l) && rc == 0 && !l->over && l->e.now < until) {
		rc = link_turn(l, until);
		if (rc != SMPP_EINTERRUPTED || sig_stop() > 1)
			continue;
		sig_seen();
		rc = 0;
	}
	smpp_err_clear(&l->err);
	if (!unbinding(l))
		l->unbind_ns = smpp_clock_ns() - began;
}

/* One of a pair is lost: the other one logs out, and does not wait. */
static void
link_part_other(struct link *l)
{
	for (unsigned i = 0; i < 2; i++)
		if (l->end[i].state == SMPP_LINK_BOUND &&
		    smpp_session_bound(&l->end[i].conn.s))
			link_header(
			    &l->end[i].conn, SMPP_C_unbind, ESME_ROK, 0);
}

/*
 * Closes, after what still waits to be written. A close with octets unread
 * resets the connection, and with it what we wrote last: so the engine closes
 * it, in order.
 */
static void
link_leave(struct link *l)
{
	const int64_t until = smpp_clock_ms() + LINK_SILENT_MS;
	int rc = 0;

	for (unsigned i = 0; i < 2; i++)
		smpp_link_end(&l->end[i], SMPP_END_WRITTEN);
	l->woken = false;
	rc = smpp_engine_work(&l->e);
	while (rc == 0 && l->e.nlinks > 0 && l->e.now < until && !l->woken)
		rc = smpp_engine_turn(&l->e, until);
	link_drop(l);
}

int
link_close(struct link *l)
{
	bool lost = l->err.code != 0 && l->err.code != SMPP_ETIMEOUT &&
		    l->err.code != SMPP_EINTERRUPTED;

	/*
	 * Time that is over, or a signal, is no loss: the session still can be
	 * ended as it should.
	 */
	smpp_err_clear(&l->err);
	l->deadline = SMPP_FOREVER;
	if (!lost && unbinding(l))
		link_unbind(l);
	else if (lost && l->pair)
		link_part_other(l);
	link_leave(l);
	return linktap_check(l->c, l->t);
}
