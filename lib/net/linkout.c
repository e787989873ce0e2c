/* What goes out on a link: when, how much, and what then. */
#include "net/engine_int.h"

#include <poll.h>
#include <string.h>

enum {
	/* With more links than that idle ones give their buffers back. */
	LEAN_FROM = 64,
	DEAF_MS = 2000, /* for a peer that takes no more to say why */
};

/* Writes as far as that is allowed, and the peer takes it. Returns as
 * smpp_conn_drain(). */
static int64_t
linkout_write(struct smpp_link *l, struct smpp_err *err)
{
	const size_t n = l->conn.out.n;
	int64_t left;

	if (l->deaf)
		l->conn.out.n = l->conn.out.off = 0;
	if (l->deaf || smpp_link_held(l) || smpp_link_drips(l))
		return (int64_t)l->conn.out.n;
	if (l->drip == 0)
		return smpp_conn_drain(&l->conn, err);
	left = smpp_conn_drip(&l->conn, err);
	if (left >= 0 && (size_t)left < n) {
		l->drip--;
		l->drip_at = l->e->now + l->drip_ms;
	}
	return left;
}

/*
 * The peer takes no more. It may still have said why, so that it is the end of
 * what it sent that ends the connection, if that comes soon.
 */
static void
out_deafened(struct smpp_link *l)
{
	l->deaf = true;
	l->conn.out.n = l->conn.out.off = 0;
	l->stall_at = 0;
	if (l->state != SMPP_LINK_CLOSING && l->e->now + DEAF_MS < l->until)
		l->until = l->e->now + DEAF_MS;
}

/* Notes how the peer reads what it gets. left is what it has not taken, or
 * was not given. */
static void
out_progress(struct smpp_link *l, size_t before, size_t left)
{
	if (left == 0)
		l->stall_at = 0;
	else if (left < before || l->stall_at == 0 || smpp_link_held(l) ||
		 l->drip > 0)
		l->stall_at = l->e->now;
}

bool
smpp_flow_watch(struct smpp_link *l, bool in, bool out)
{
	if (in == l->in && out == l->out)
		return true;
	l->in = in;
	l->out = out;
	if (smpp_watch_mod(l->e, &l->watch, in, out) == 0)
		return true;
	/* Nothing would be heard of it again. */
	smpp_err_sys(&l->err, SMPP_EIO, "epoll");
	smpp_flow_fail(l, SMPP_EIO);
	return false;
}

/* Has the loop watch for what can happen next. Returns whether the link is
 * still there. */
static bool
out_watch(struct smpp_link *l)
{
	const bool may = !smpp_link_held(l);
	bool in = l->state == SMPP_LINK_CLOSING ? may : smpp_link_takes(l);
	bool out = l->conn.out.n > 0 && may && !smpp_link_drips(l);
	short wants = 0;

	if (l->conn.tls != NULL)
		wants = smpp_tls_wants(l->conn.tls);
	if (l->eof)
		in = false;
	/* What TLS does for the one may need the other. */
	out = out || (in && wants & POLLOUT);
	in = in || (out && wants & POLLIN);
	if (in && l->behind && smpp_link_talks(l)) {
		l->behind = false; /* what was read before comes first */
		l->more = l->conn.in.n > l->conn.used;
		smpp_link_busy(l);
	}
	return smpp_flow_watch(l, in, out);
}

/* All that waited is written: ends what waited for that. Returns whether the
 * link is still there. */
static bool
out_written(struct smpp_link *l)
{
	const bool shuts =
	    l->state == SMPP_LINK_CLOSING ? l->how == SMPP_END_SHUT : l->shuts;

	if (l->secret) {
		if (l->conn.out.p != NULL)
			/* The password of the bind was in it. */
			explicit_bzero(l->conn.out.p, l->conn.out.cap);
		l->secret = false;
	}
	if (shuts && !l->shut) {
		l->shut = true;
		smpp_conn_shut(&l->conn);
	}
	if (l->state == SMPP_LINK_CLOSING) {
		if (l->how != SMPP_END_WRITTEN && !l->eof)
			return true;
	} else if (l->shut && l->eof) {
		smpp_err_set(&l->err, SMPP_ECLOSED, "both sides have closed");
	} else {
		return true;
	}
	smpp_life_lose(l);
	return false;
}

void
smpp_flow_settle(struct smpp_link *l)
{
	const size_t before = l->conn.out.n;
	struct smpp_engine *e = l->e;
	int64_t left;

	if (l->state < SMPP_LINK_OPEN || l->broken)
		return; /* dialer.c knows, or the ring of the busy */
	left = linkout_write(l, NULL);
	if (left < 0) {
		out_deafened(l);
		left = 0;
	} else {
		out_progress(l, before, (size_t)left);
	}
	if (left == 0 && !out_written(l))
		return;
	if (l->state == SMPP_LINK_CLOSING && !smpp_link_held(l) &&
	    (l->deaf || smpp_link_limits(l)->close_ms == 0)) {
		smpp_life_lose(l);
		return;
	}
	smpp_flow_tell_room(l);
	if (!smpp_link_alive(e, l) || l->state < SMPP_LINK_OPEN)
		return;
	/* The response to a peer's bind is sent by the caller, when he likes:
	 * this is where the engine sees that it was. */
	if (l->state == SMPP_LINK_OPEN && smpp_session_bound(&l->conn.s))
		l->state = SMPP_LINK_BOUND;
	if (!out_watch(l))
		return;
	/* Idle sessions by the thousand are what an SMSC has; with a few the
	 * buffers are not worth allocating again and again. */
	if (!l->more && e->nlinks > LEAN_FROM)
		smpp_conn_trim(&l->conn);
	smpp_flow_due(l);
}

/* --- for the caller --- */

void
smpp_link_touch(struct smpp_link *l)
{
	if (l->state >= SMPP_LINK_OPEN)
		smpp_ring_add(&l->e->touched, &l->conn.touch);
}

int64_t
smpp_link_flush(struct smpp_link *l)
{
	const size_t before = l->conn.out.n;
	int64_t left;

	if (l->state < SMPP_LINK_OPEN)
		return 0;
	smpp_link_touch(l);
	left = linkout_write(l, NULL);
	if (left >= 0 && (size_t)left < before)
		l->stall_at = 0; /* counted from the end of the turn */
	return left;
}

uint32_t
smpp_link_room(struct smpp_link *l)
{
	const size_t high = smpp_link_limits(l)->high;
	uint32_t n = 0;

	if ((l->state == SMPP_LINK_OPEN || l->state == SMPP_LINK_BOUND) &&
	    (high == 0 || l->conn.out.n < high)) {
		if (smpp_link_is_pipe(l) || l->conn.s.conf.observes)
			n = UINT32_MAX;
		else if (smpp_session_hold(&l->conn.s) <= l->e->now)
			n = smpp_session_room(&l->conn.s);
	}
	if (n == 0)
		l->wanting = true;
	return n;
}

void
smpp_link_pause(struct smpp_link *l, bool paused)
{
	l->paused = paused;
	smpp_link_touch(l);
}

void
smpp_link_hold(struct smpp_link *l, int64_t until)
{
	l->held = until;
	smpp_link_touch(l);
}

void
smpp_link_drip(struct smpp_link *l, size_t n, int64_t ms)
{
	l->drip = n;
	l->drip_ms = ms;
	l->drip_at = 0;
	smpp_link_touch(l);
}

void
smpp_link_alarm(struct smpp_link *l, int64_t at)
{
	l->alarm_at = at;
	if (l->state != SMPP_LINK_IDLE)
		smpp_flow_due(l);
}

void
smpp_link_eof(struct smpp_link *l)
{
	l->shuts = true;
	smpp_link_touch(l);
}
