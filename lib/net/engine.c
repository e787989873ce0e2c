/* One event loop for sessions of both roles. */
#include "net/engine_int.h"

#include <stddef.h>
#include <string.h>

#include "base/clock.h"

enum {
	TIMERS_A_TURN = 4096, /* then it is the turn of descriptors again */
	NS_A_MS = 1000000,
};

/* --- descriptors of others --- */

int
smpp_watch_add(struct smpp_engine *e, struct smpp_watch *w, bool in, bool out)
{
	w->ready = 0; /* it may be used anew within its own callback */
	return smpp_loop_add(&e->loop, w->fd, in, out, w);
}

int
smpp_watch_mod(struct smpp_engine *e, struct smpp_watch *w, bool in, bool out)
{
	return smpp_loop_mod(&e->loop, w->fd, in, out, w);
}

/*
 * The results of a wait point to watches, and one that is dealt with may end
 * others: each knows its place among the results, to take itself out of them
 * without a search.
 */
void
smpp_watch_del(struct smpp_engine *e, struct smpp_watch *w)
{
	if (w->ready > 0)
		e->loop.ready[w->ready - 1].arg = NULL;
	w->ready = 0;
	smpp_loop_del(&e->loop, w->fd);
}

/* --- the engine --- */

static void
engine_clock(struct smpp_engine *e)
{
	e->now_ns = smpp_clock_ns();
	e->now = (int64_t)(e->now_ns / NS_A_MS);
}

int
smpp_engine_init(struct smpp_engine *e)
{
	memset(e, 0, sizeof(*e));
	e->limits = SMPP_LIMITS_USUAL;
	smpp_ring_init(&e->touched);
	smpp_ring_init(&e->busy);
	engine_clock(e);
	e->rng.state = e->now_ns ^ (uintptr_t)e;
	e->post.fd = -1;
	return smpp_loop_init(&e->loop);
}

void
smpp_engine_fini(struct smpp_engine *e)
{
	while (e->links != NULL)
		smpp_link_close(e->links);
	while (e->listeners != NULL)
		smpp_listener_close(e->listeners);
	smpp_resolve_fini(e);
	smpp_timers_free(&e->timers);
	smpp_loop_fini(&e->loop);
}

/*
 * When there is something to do, though nothing be ready. What was sent from
 * outside of a turn does not wait for one: the wait is none then, so that
 * reading comes before writing there, too.
 */
static uint64_t
engine_due(const struct smpp_engine *e, uint64_t deadline)
{
	const int64_t at = smpp_timers_due(&e->timers);

	if (!smpp_ring_empty(&e->busy) || !smpp_ring_empty(&e->touched) ||
	    at <= 0)
		return 0;
	if (at > INT64_MAX / NS_A_MS || (uint64_t)at * NS_A_MS > deadline)
		return deadline;
	return (uint64_t)at * NS_A_MS;
}

/* What was ready and is not to be handled. */
static void
engine_forget(struct smpp_engine *e)
{
	struct smpp_watch *w;

	for (int i = 0; i < e->loop.n; i++) {
		w = e->loop.ready[i].arg;
		if (w != NULL)
			w->ready = 0;
	}
	e->loop.n = 0;
}

int
smpp_engine_wait(struct smpp_engine *e, uint64_t deadline)
{
	struct smpp_watch *w;
	int n;

	engine_forget(e);
	e->loop.mask = e->mask;
	n = smpp_loop_wait_ns(&e->loop, engine_due(e, deadline));
	for (int i = 0; i < n; i++) {
		w = e->loop.ready[i].arg;
		w->ready = (uint32_t)i + 1;
	}
	return n < 0 ? n : 0;
}

/*
 * Links that go on by themselves: new ones, those that have used up their
 * turn, those whose octets the system does not tell of any more. Who joins
 * while they are dealt with has his turn next time, or one link that is never
 * through would keep all others waiting.
 */
static void
engine_go(struct smpp_engine *e)
{
	struct smpp_ring all, *r;

	smpp_ring_move(&all, &e->busy);
	while ((r = all.next) != &all) {
		smpp_ring_del(r);
		e->at = (struct smpp_link *)(void *)((char *)r -
						     offsetof(struct smpp_link,
							 busy));
		smpp_flow_go(e->at);
		e->at = NULL;
	}
}

static void
engine_ready(struct smpp_engine *e)
{
	const struct smpp_ready *r;
	struct smpp_watch *w;

	for (int i = 0; i < e->loop.n; i++) {
		r = &e->loop.ready[i];
		w = r->arg;
		if (w == NULL)
			continue;
		w->ready = 0;
		w->fn(w, r->readable, r->writable);
		e->at = NULL;
	}
	e->loop.n = 0;
}

/* Those that have something to be written, each once. */
static void
engine_write(struct smpp_engine *e)
{
	struct smpp_ring all, *r;

	smpp_ring_move(&all, &e->touched);
	while ((r = all.next) != &all) {
		smpp_ring_del(r);
		e->at = (struct smpp_link *)(void *)((char *)r -
						     offsetof(struct smpp_link,
							 conn.touch));
		smpp_flow_settle(e->at);
		e->at = NULL;
	}
}

int
smpp_engine_work(struct smpp_engine *e)
{
	int rc = 0;

	engine_clock(e);
	engine_go(e);
	engine_ready(e);
	smpp_timers_run(&e->timers, e->now, TIMERS_A_TURN);
	e->at = NULL;
	if (e->settle != NULL)
		rc = e->settle(e);
	if (rc == 0)
		engine_write(e);
	return rc;
}

int
smpp_engine_turn(struct smpp_engine *e, int64_t deadline)
{
	uint64_t ns = UINT64_MAX;
	int rc;

	if (deadline <= INT64_MAX / NS_A_MS)
		ns = deadline < 0 ? 0 : (uint64_t)deadline * NS_A_MS;
	rc = smpp_engine_wait(e, ns);
	return rc != 0 ? rc : smpp_engine_work(e);
}
