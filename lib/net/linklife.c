/* The life of a link: how it begins, and how it ends. */
#include "net/engine_int.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

/* A connection that held so long was a good one. */
#define STEADY_MS 10000

void
smpp_link_init(struct smpp_link *l, struct smpp_engine *e,
    const struct smpp_link_ops *ops, void *user)
{
	memset(l, 0, sizeof(*l));
	l->e = e;
	l->ops = ops;
	l->user = user;
	l->conn.fd = l->watch.fd = -1;
	l->alarm_at = l->again = INT64_MAX;
	smpp_err_clear(&l->err);
}

/* The timer is set at once, for never, and stays in the heap as long as the
 * link is in use: setting it again cannot fail then. */
int
smpp_life_begin(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;

	l->timer.fn = smpp_flow_timer;
	l->timer.arg = l;
	if (smpp_timer_set(&e->timers, &l->timer, INT64_MAX) != 0)
		return SMPP_ENOMEM;
	l->watch.fn = smpp_flow_ready;
	l->watch.arg = l;
	l->next = e->links;
	l->prev = NULL;
	if (l->next != NULL)
		l->next->prev = l;
	e->links = l;
	e->nlinks++;
	return 0;
}

/* The reverse. */
static void
life_leave(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;

	if (l->prev != NULL)
		l->prev->next = l->next;
	else
		e->links = l->next;
	if (l->next != NULL)
		l->next->prev = l->prev;
	e->nlinks--;
	smpp_timer_stop(&e->timers, &l->timer);
	smpp_ring_del(&l->busy);
	l->state = SMPP_LINK_IDLE;
	l->alarm_at = INT64_MAX;
}

/* Takes the descriptor, if there is one, out of the loop. */
static void
life_unwatch(struct smpp_link *l)
{
	if (l->watch.fd >= 0)
		smpp_watch_del(l->e, &l->watch);
	l->watch.fd = -1;
	l->in = l->out = false;
}

/* Forgets what was true of one connection; what the caller set for the link,
 * its limits and stays, is true of the next one. */
static void
life_reset(struct smpp_link *l)
{
	smpp_ring_del(&l->conn.touch);
	l->conn.touched = NULL;
	l->until = l->share = INT64_MAX;
	l->bound_at = l->held = l->part_at = l->stall_at = l->late_at = 0;
	l->drip = 0;
	l->fresh = l->more = l->behind = l->broken = l->ours = l->paused =
	    false;
	l->wanting = l->secret = l->blind = l->deaf = false;
	l->eof = l->shut = false;
}

int
smpp_link_dial(struct smpp_link *l, const struct smpp_dial_conf *conf)
{
	int rc;

	assert(l->state == SMPP_LINK_IDLE);
	smpp_conn_close(&l->conn); /* what the last one left */
	life_reset(l);
	smpp_err_clear(&l->err);
	l->hung_up = false;
	l->dial = conf;
	l->pause_ms = 0;
	rc = smpp_life_begin(l);
	if (rc != 0)
		return rc;
	l->state = SMPP_LINK_RESOLVING;
	smpp_link_busy(l);
	return 0;
}

int
smpp_link_adopt(struct smpp_link *l)
{
	int rc;

	assert(l->state == SMPP_LINK_IDLE);
	life_reset(l);
	smpp_err_clear(&l->err);
	l->hung_up = false;
	l->dial = NULL;
	rc = smpp_life_begin(l);
	if (rc != 0)
		return rc;
	l->watch.fd = l->conn.fd;
	rc = smpp_watch_add(l->e, &l->watch, true, false);
	if (rc != 0) {
		l->watch.fd = -1;
		life_leave(l);
		return rc;
	}
	l->in = true;
	l->conn.touched = &l->e->touched;
	l->state = l->conn.tls != NULL ? SMPP_LINK_SECURING : SMPP_LINK_OPEN;
	l->fresh = true;
	if (l->state == SMPP_LINK_SECURING)
		l->part_at = l->e->now;
	smpp_link_busy(l);
	return 0;
}

/* The link forgets the connection as if there had been none: descriptor,
 * buffers and TLS are the caller's from now on. */
int
smpp_link_release(struct smpp_link *l, struct smpp_conn *conn)
{
	if (l->state != SMPP_LINK_OPEN && l->state != SMPP_LINK_BOUND)
		return SMPP_ESTATE;
	life_unwatch(l);
	life_reset(l);
	life_leave(l);
	*conn = l->conn;
	l->conn = (struct smpp_conn){.fd = -1};
	if (smpp_link_alive(l->e, l))
		l->e->at = NULL;
	return 0;
}

void
smpp_link_close(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	const bool had = l->conn.fd >= 0;

	if (smpp_link_alive(e, l))
		e->at = NULL;
	life_unwatch(l);
	smpp_dialer_drop(l);
	life_reset(l);
	if (l->state == SMPP_LINK_CONNECTING) { /* not a connection yet */
		close(l->conn.fd);
		l->conn.fd = -1;
	}
	if (l->state != SMPP_LINK_IDLE)
		life_leave(l);
	smpp_conn_close(&l->conn);
	/* A descriptor is free: whoever waited for one to accept with goes
	 * on. */
	if (had)
		smpp_accept_resume(e);
}

/* --- another attempt --- */

int64_t
smpp_retry_pause(
    const struct smpp_retry *retry, int64_t *pause_ms, struct smpp_rng *rng)
{
	int64_t ms = *pause_ms == 0 ? retry->first_ms : 2 * *pause_ms;

	if (ms > retry->most_ms)
		ms = retry->most_ms;
	*pause_ms = ms;
	/* Up to a quarter more, so that the sessions which an SMSC lost all at
	 * once do not come back all at once. */
	ms += (int64_t)(smpp_rng_unit(rng) * (double)ms / 4);
	return ms < retry->most_ms ? ms : retry->most_ms;
}

bool
smpp_retry_mends(uint32_t command_status)
{
	const struct smpp_status *row = smpp_status_of(command_status);

	return row != NULL &&
	       (row->cls == SMPP_CLASS_RETRY || row->code == ESME_RALYBND);
}

/* Whether the link is dialled again: not after an end of ours, nor where the
 * same bind would be refused for the same reason. */
static bool
life_may_return(const struct smpp_link *l)
{
	if (l->dial == NULL || l->dial->retry.first_ms <= 0 || l->ours)
		return false;
	return l->err.code != SMPP_EREFUSED || smpp_retry_mends(l->refused);
}

/* The back-off: when the next attempt begins. */
static void
life_wait(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;

	if (l->bound_at != 0 && e->now - l->bound_at >= STEADY_MS)
		l->pause_ms = 0;
	l->again = e->now +
		   smpp_retry_pause(&l->dial->retry, &l->pause_ms, &e->rng);
	l->state = SMPP_LINK_WAITING;
	smpp_timer_set(&e->timers, &l->timer, INT64_MAX);
	smpp_ring_del(&l->busy);
}

/*
 * All that the engine knows of the link is settled before down is called: the
 * callee may free it, or dial anew. What the peer said last stays until then,
 * for whoever wants to say what came instead of SMPP.
 */
void
smpp_life_lose(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	struct smpp_err why = l->err;
	const bool returns = life_may_return(l);

	e->at = l;
	if (why.msg[0] == '\0')
		strcpy(why.msg, "closed here");
	if (l->state != SMPP_LINK_CLOSING)
		l->was = l->state;
	life_unwatch(l);
	smpp_dialer_drop(l);
	smpp_tls_close(l->conn.tls);
	l->conn.tls = NULL;
	if (l->conn.fd >= 0)
		close(l->conn.fd);
	l->conn.fd = -1;
	if (returns)
		life_wait(l);
	else
		life_leave(l);
	life_reset(l);
	if (returns)
		smpp_flow_due(l);
	smpp_accept_resume(e);
	if (l->ops->down != NULL)
		l->ops->down(l, &why);
	if (smpp_link_alive(e, l) && l->state <= SMPP_LINK_RESOLVING)
		smpp_conn_close(&l->conn);
}

/* --- in order --- */

void
smpp_life_end(struct smpp_link *l, enum smpp_link_how how)
{
	struct smpp_engine *e = l->e;
	/* While it is held nothing can be written: that is no fault of the
	 * peer. */
	const int64_t from = l->held > e->now ? l->held : e->now;

	l->was = l->state;
	l->state = SMPP_LINK_CLOSING;
	l->how = how;
	l->until = from + smpp_link_limits(l)->close_ms;
	l->part_at = 0;
	l->fresh = false; /* no up any more */
	smpp_link_touch(l);
	smpp_flow_due(l);
}

void
smpp_link_end(struct smpp_link *l, enum smpp_link_how how)
{
	if (l->state == SMPP_LINK_IDLE)
		return;
	if (l->state == SMPP_LINK_CLOSING) {
		if (how == SMPP_END_WRITTEN)
			l->how = how;
		smpp_link_touch(l);
		return;
	}
	l->ours = true;
	smpp_err_clear(&l->err);
	if (l->state >= SMPP_LINK_OPEN) {
		smpp_life_end(l, how);
		return;
	}
	l->broken = true; /* down is told by a turn, as everything is */
	smpp_link_busy(l);
}

void
smpp_link_unbind(struct smpp_link *l, int64_t deadline)
{
	struct smpp_pdu pdu;

	if (l->state == SMPP_LINK_UNBINDING || l->state == SMPP_LINK_CLOSING) {
		l->until = deadline < l->until ? deadline : l->until;
		smpp_flow_due(l);
		return;
	}
	smpp_pdu_init(&pdu, SMPP_C_unbind, 0, l->conn.s.ver);
	if (!smpp_link_talks(l) || !smpp_session_bound(&l->conn.s) ||
	    smpp_conn_send(&l->conn, &pdu, 0) != 0) {
		smpp_link_end(l, SMPP_END_WRITTEN);
		return;
	}
	l->ours = true;
	l->state = SMPP_LINK_UNBINDING;
	l->until = deadline;
	smpp_flow_due(l);
}

const char *
smpp_link_text(enum smpp_link_state state)
{
	static const char *const text[] = {
	    [SMPP_LINK_IDLE] = "idle",
	    [SMPP_LINK_WAITING] = "waiting",
	    [SMPP_LINK_RESOLVING] = "resolving",
	    [SMPP_LINK_CONNECTING] = "connecting",
	    [SMPP_LINK_SECURING] = "securing",
	    [SMPP_LINK_OPEN] = "open",
	    [SMPP_LINK_BINDING] = "binding",
	    [SMPP_LINK_BOUND] = "bound",
	    [SMPP_LINK_UNBINDING] = "unbinding",
	    [SMPP_LINK_CLOSING] = "closing",
	};

	return text[state];
}
