/* What is due on a link, and what happens when it does not come. */
#include "net/engine_int.h"

#include <string.h>

enum {
	/* How long timers are put off by what has arrived before and was not
	 * looked at: time to do so after the process was stopped, and no way
	 * for a peer that never pauses to hold a time-out up. */
	GRACE_MS = 100,
};

static int64_t
due_min(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When a limit of ms that began at since is over. */
static int64_t
due_over(int64_t since, int64_t ms)
{
	return since == 0 || ms == 0 ? INT64_MAX : since + ms;
}

/* When something of a link is next due. */
static int64_t
due_next(struct smpp_link *l)
{
	const struct smpp_limits *limits = smpp_link_limits(l);
	const int64_t now = l->e->now, hold = smpp_session_hold(&l->conn.s);
	int64_t at = due_min(l->alarm_at, l->until);

	if (l->state == SMPP_LINK_WAITING)
		at = due_min(at, l->again);
	if (l->state == SMPP_LINK_CONNECTING)
		at = due_min(at, l->share);
	if (smpp_link_talks(l) ||
	    (l->state == SMPP_LINK_SECURING && l->dial == NULL))
		at = due_min(at, smpp_conn_due(&l->conn));
	at = due_min(at, due_over(l->part_at, limits->slow_ms));
	at = due_min(at, due_over(l->stall_at, limits->stall_ms));
	if (smpp_link_held(l))
		at = due_min(at, l->held);
	if (l->drip > 0 && l->conn.out.n > 0 && l->drip_at > now)
		at = due_min(at, l->drip_at);
	if (l->wanting && hold > now)
		at = due_min(at, hold);
	return at;
}

/*
 * A link has one timer for all that may be due, set to what is due first or
 * earlier, never later. That is looked at once a turn, not with each PDU, and
 * a request that was answered leaves the timer where it is: most of them run
 * for nothing, which is much cheaper than to move them for each PDU.
 */
void
smpp_flow_due(struct smpp_link *l)
{
	const int64_t at = due_next(l);

	/* One that runs too early finds out what is due then. */
	if (at < l->timer.at)
		smpp_timer_set(&l->e->timers, &l->timer, at);
}

/* Whether the peer has taken nothing at all: what it read may be too little
 * for the loop to tell of room. */
static bool
due_stalled(struct smpp_link *l)
{
	const size_t before = l->conn.out.n;
	const int64_t left = smpp_link_flush(l);

	return left < 0 || (size_t)left == before;
}

/* A limit of the link is over. Returns whether the link is still there. */
static bool
due_too_slow(struct smpp_link *l)
{
	const struct smpp_limits *limits = smpp_link_limits(l);
	struct smpp_engine *e = l->e;
	const int64_t now = e->now;
	const char *what;

	if (now >= due_over(l->part_at, limits->slow_ms)) {
		what = l->state == SMPP_LINK_SECURING ? "TLS handshake"
						      : "the rest of a PDU";
		smpp_err_set(&l->err, SMPP_ESLOW, "no %s in time", what);
	} else if (now >= due_over(l->stall_at, limits->stall_ms) &&
		   due_stalled(l)) {
		what = "reading of what it gets";
		smpp_err_set(&l->err, SMPP_ESTALLED,
		    "the peer does not read what it is sent");
	} else {
		return true;
	}
	if (smpp_link_talks(l) && !smpp_flow_tell_close(l, what))
		return smpp_link_alive(e, l);
	smpp_life_lose(l);
	return false;
}

/* A request of ours was not answered in time. */
static void
due_timeout(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	const uint32_t id = e->ev.request.command_id;
	const bool ends =
	    (l->state == SMPP_LINK_BINDING && smpp_link_is_bind(id)) ||
	    (l->state == SMPP_LINK_UNBINDING && id == SMPP_C_unbind);

	if (l->ops->event != NULL)
		l->ops->event(l, NULL, NULL, &e->ev);
	if (!ends || !smpp_link_alive(e, l) || !smpp_link_talks(l))
		return;
	smpp_err_set(&l->err, SMPP_ETIMEOUT, "no %s in time",
	    smpp_pdu_of(id | SMPP_RESPONSE_BIT)->name);
	smpp_life_lose(l);
}

/* The session says that the connection must be closed. */
static void
due_overdue(struct smpp_link *l)
{
	const char *text = l->e->ev.text;

	smpp_err_set(&l->err, SMPP_ETIMEOUT, "no %s in time", text);
	if (l->state == SMPP_LINK_SECURING)
		smpp_life_lose(l);
	else if (smpp_flow_tell_close(l, text))
		smpp_life_end(l, SMPP_END_WRITTEN);
}

/* Runs the timers of the session. */
static void
due_tick(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	int rc;

	while (smpp_link_alive(e, l) &&
	       (smpp_link_talks(l) || l->state == SMPP_LINK_SECURING)) {
		rc = smpp_conn_tick(&l->conn, &e->ev);
		if (rc == 0)
			break;
		if (rc < 0)
			smpp_flow_fail(l, rc);
		else if (e->ev.kind == SMPP_EV_CLOSE)
			due_overdue(l);
		else if (e->ev.kind == SMPP_EV_TIMEOUT)
			due_timeout(l);
	}
	if (smpp_link_alive(e, l) && smpp_link_talks(l))
		smpp_flow_tell_room(l);
}

/* Whether what has arrived and was not looked at may be what is awaited. */
static bool
due_put_off(struct smpp_link *l)
{
	const int64_t now = l->e->now;

	if (!l->more && !l->conn.full) {
		l->late_at = 0;
		return false;
	}
	if (l->late_at == 0)
		l->late_at = now;
	return now - l->late_at < GRACE_MS;
}

/* The time of the present state is over. */
static void
due_until(struct smpp_link *l)
{
	switch (l->state) {
	case SMPP_LINK_CLOSING:
		if (l->err.code == 0)
			strcpy(l->err.msg, "the peer did not close in time");
		break;
	case SMPP_LINK_UNBINDING:
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "no unbind_resp in time");
		break;
	default: /* it takes no more, and says nothing */
		smpp_err_set(
		    &l->err, SMPP_ERESET, "the peer reset the connection");
		break;
	}
	smpp_life_lose(l);
}

/* What is due of a link that has a connection. */
static void
due_expire(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;

	if (l->state == SMPP_LINK_CLOSING && e->now < l->until) {
		smpp_link_touch(l);
		return;
	}
	if (e->now >= l->until) {
		due_until(l);
		return;
	}
	if (due_put_off(l)) {
		smpp_timer_set(&e->timers, &l->timer, e->now + 1);
		return;
	}
	if (!due_too_slow(l))
		return;
	if (smpp_link_talks(l) || l->dial == NULL)
		due_tick(l);
	if (smpp_link_alive(e, l))
		smpp_link_touch(l);
}

void
smpp_flow_timer(struct smpp_timer *t, int64_t now)
{
	struct smpp_link *l = t->arg;
	struct smpp_engine *e = l->e;

	e->at = l;
	smpp_timer_set(&e->timers, t, INT64_MAX); /* keeps its place */
	if (now >= l->alarm_at) {
		l->alarm_at = INT64_MAX;
		if (l->ops->alarm != NULL)
			l->ops->alarm(l);
		if (!smpp_link_alive(e, l))
			return;
	}
	if (l->state >= SMPP_LINK_OPEN ||
	    (l->state == SMPP_LINK_SECURING && l->dial == NULL))
		due_expire(l);
	else
		smpp_dialer_late(l);
	if (smpp_link_alive(e, l) && l->state != SMPP_LINK_IDLE)
		smpp_flow_due(l);
	e->at = NULL;
}
