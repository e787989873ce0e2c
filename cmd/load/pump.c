/* The thread that puts the load on. */
#include "pump.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	MS = 1000000,     /* in nanoseconds */
	TICK_MS = 100,    /* between two looks at the timers, at most */
	DRAIN_MS = 10000, /* for responses, when they have no timeout */
	GRACE_MS = 2000,  /* for responses after a signal */
	LEAVE_MS = 1500,  /* for unbind_resp */
};

static uint64_t
min_ns(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* Makes an eventfd readable. */
static void
signal_fd(int fd)
{
	const uint64_t one = 1;
	ssize_t ignored = write(fd, &one, sizeof(one));

	(void)ignored;
}

/* Makes an eventfd unreadable again. */
static void
seen_fd(int fd)
{
	uint64_t ignored;
	ssize_t n = read(fd, &ignored, sizeof(ignored));

	(void)n;
}

/* --- lanes --- */

void
engine_queue(struct engine *e, struct lane *lane)
{
	if (lane->queued || !lane->live || e->plan.quiet)
		return;
	lane->queued = true;
	e->ring[(e->ring_at + e->ring_n++) % e->plan.sessions] = lane;
}

/* Takes the first lane out of the line. */
static struct lane *
unqueue(struct engine *e)
{
	struct lane *lane = e->ring[e->ring_at];

	e->ring_at = (e->ring_at + 1) % e->plan.sessions;
	e->ring_n--;
	lane->queued = false;
	return lane;
}

void
engine_touch(struct engine *e, struct lane *lane)
{
	if (lane->dirty)
		return;
	lane->dirty = true;
	lane->next_dirty = e->dirty;
	e->dirty = lane;
}

static void
pump_write_all(struct engine *e)
{
	struct lane *lane;

	while ((lane = e->dirty) != NULL) {
		e->dirty = lane->next_dirty;
		lane->dirty = false;
		lane_write(lane);
	}
}

/* --- sending --- */

static bool
pump_has_room(const struct lane *lane)
{
	return lane->live && lane->nspare > 0 &&
	       smpp_session_room(&lane->link.conn.s) > 0 &&
	       !(lane->link.conn.s.state & SMPP_ST_UNB);
}

/* When the next message is due. */
static uint64_t
pump_next_due(const struct engine *e, uint64_t now)
{
	return e->plan.max ? now : pace_due(&e->pace, e->next);
}

/*
 * Sends what is due, as far as the windows take it: one message a lane in
 * turn, but without a rate as many as go into one write.
 */
static void
send_due(struct engine *e, uint64_t now)
{
	uint64_t due = UINT64_MAX;
	struct lane *lane;

	while (e->ring_n > 0 && e->next < e->limit && e->exit == 0) {
		due = pump_next_due(e, now);
		if (due > now || due >= e->end)
			break;
		lane = unqueue(e);
		do {
			if (!pump_has_room(lane) || !lane_send(lane, due, now))
				break;
			e->next++;
		} while (e->plan.max && e->next < e->limit);
		if (pump_has_room(lane))
			engine_queue(e, lane);
	}
	e->blocked = e->ring_n == 0 && e->next < e->limit;
}

void
engine_pump(struct engine *e)
{
	if (e->phase != SENDING)
		return;
	send_due(e, smpp_clock_ns());
	pump_write_all(e);
}

/* --- phases --- */

/* Sending is over: what is open gets the time it may take. */
static void
pump_drain(struct engine *e, uint64_t now)
{
	int64_t ms = e->response_ms;

	e->phase = DRAINING;
	e->ended = min_ns(now, e->end);
	if (ms == 0)
		ms = DRAIN_MS;
	if (e->stop > 0 && ms > GRACE_MS)
		ms = GRACE_MS;
	e->end = now + (uint64_t)(ms + TICK_MS) * MS;
}

static void
leave(struct engine *e, uint64_t now)
{
	e->phase = LEAVING;
	e->end = now + (uint64_t)LEAVE_MS * MS;
	lane_receipts_left(e);
	for (uint32_t i = 0; i < e->plan.sessions; i++)
		if (e->lane[i].live)
			lane_leave(&e->lane[i]);
}

/* Whether everything that is awaited has come, or will not. */
static bool
drained(struct engine *e, uint64_t now)
{
	uint64_t until = e->ended + (uint64_t)e->plan.wait_ms * MS;

	if (e->open > 0)
		return now >= e->end;
	return e->plan.wait_ms < 0 || e->stop > 0 || now >= until ||
	       receipts_awaited(&e->receipts) == 0;
}

/* Goes on to the next phase when it is time. */
static void
pump_advance(struct engine *e, uint64_t now)
{
	if (e->phase == SENDING && (now >= e->end || e->next >= e->limit ||
				       e->stop > 0 || e->exit != 0))
		pump_drain(e, now);
	if (e->phase == DRAINING && e->stop > 0 &&
	    e->end > now + (uint64_t)GRACE_MS * MS)
		e->end = now + (uint64_t)GRACE_MS * MS;
	if (e->phase == DRAINING && drained(e, now))
		leave(e, now);
	e->deserted |= e->live == 0 && e->phase < LEAVING;
	if (e->live == 0 || e->stop > 1 ||
	    (e->phase == LEAVING && now >= e->end)) {
		e->ended = e->ended == 0 ? now : e->ended;
		e->phase = OVER;
	}
}

/* --- the thread --- */

static void
take_ready(struct engine *e)
{
	struct smpp_ready *r;
	struct lane *lane;

	for (int i = 0; i < e->loop.n; i++) {
		r = &e->loop.ready[i];
		lane = r->arg;
		if (lane == NULL) {
			seen_fd(e->wake);
		} else if (lane->live && r->readable) {
			lane_read(lane);
		} else if (lane->live) {
			engine_touch(e, lane);
		}
	}
}

static uint64_t
tick_ns(const struct engine *e)
{
	int64_t ms = e->response_ms / 10;

	return (uint64_t)(ms < 1 || ms > TICK_MS ? TICK_MS : ms) * MS;
}

static void
pump_tick(struct engine *e, uint64_t now)
{
	if (now < e->tick)
		return;
	e->tick = now + tick_ns(e);
	for (uint32_t i = 0; i < e->plan.sessions; i++)
		lane_tick(&e->lane[i]);
	lane_receipts(e, now);
}

/* Everything that can be done now. Returns when there may be more. */
static uint64_t
pump_turn(struct engine *e)
{
	uint64_t now, until;

	take_ready(e);
	now = smpp_clock_ns();
	pump_tick(e, now);
	if (e->phase == SENDING)
		send_due(e, now);
	pump_advance(e, now);
	pump_write_all(e);
	until = min_ns(e->tick, e->end);
	if (e->phase == SENDING && e->ring_n > 0)
		until = min_ns(until, pump_next_due(e, now));
	return until;
}

static void *
pump_work(void *arg)
{
	struct engine *e = arg;
	struct timespec cpu;
	uint64_t until;

	prctl(PR_SET_TIMERSLACK, 1UL);
	pthread_mutex_lock(&e->lock);
	while (e->phase != OVER) {
		until = pump_turn(e);
		pthread_mutex_unlock(&e->lock);
		if (e->phase != OVER)
			smpp_loop_wait_ns(&e->loop, until);
		pthread_mutex_lock(&e->lock);
	}
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	e->cpu_ns = (uint64_t)cpu.tv_sec * 1000000000 + (uint64_t)cpu.tv_nsec;
	pthread_mutex_unlock(&e->lock);
	engine_notify(e);
	return NULL;
}

/* --- for who looks on --- */

void
engine_notify(struct engine *e)
{
	signal_fd(e->notice);
}

void
engine_wake(struct engine *e)
{
	signal_fd(e->wake);
}

void
engine_seen(struct engine *e)
{
	seen_fd(e->notice);
}

int
engine_init(struct engine *e, struct ctx *c, const struct plan *plan,
    struct message *message, int64_t response_ms, struct tally *tally)
{
	int rc;

	*e = (struct engine){
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .loop.fd = -1,
	    .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	    .notice = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	    .plan = *plan,
	    .message = message,
	    .tally = tally,
	    .response_ms = response_ms,
	    .limit = plan->count > 0 ? plan->count : UINT64_MAX,
	};
	e->lane = calloc(plan->sessions, sizeof(*e->lane));
	e->ring = calloc(plan->sessions, sizeof(*e->ring));
	if (e->lane == NULL || e->ring == NULL ||
	    receipts_init(&e->receipts) != 0)
		cmd_nomem();
	smpp_err_clear(&e->err);
	rc = smpp_loop_init(&e->loop);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc == 0 && e->wake >= 0 && e->notice >= 0 &&
	    smpp_loop_add(&e->loop, e->wake, true, false, NULL) == 0)
		return 0;
	return out_errno(c, SMPP_EXIT_LOCAL, "load", "epoll");
}

void
engine_fini(struct engine *e)
{
	for (uint32_t i = 0; i < e->plan.sessions; i++) {
		smpp_conn_close(&e->lane[i].link.conn);
		free(e->lane[i].flight);
		free(e->lane[i].spare);
	}
	free(e->lane);
	free(e->ring);
	receipts_fini(&e->receipts);
	smpp_loop_fini(&e->loop);
	if (e->wake >= 0)
		close(e->wake);
	if (e->notice >= 0)
		close(e->notice);
}

void
engine_add(struct engine *e, struct lane *lane)
{
	const uint32_t window = e->plan.window;

	if (lane->flight == NULL) {
		lane->flight = calloc(window, sizeof(*lane->flight));
		lane->spare = calloc(window, sizeof(*lane->spare));
	}
	if (lane->flight == NULL || lane->spare == NULL)
		cmd_nomem();
	for (lane->nspare = 0; lane->nspare < window; lane->nspare++) {
		lane->spare[lane->nspare] = window - 1 - lane->nspare;
		lane->flight[lane->nspare].receipt = RECEIPTS_NONE;
	}
	lane->life++;
	lane->e = e;
	lane->live = lane->in = true;
	lane->out = false;
	e->live++;
	smpp_loop_add(&e->loop, lane->link.conn.fd, true, false, lane);
	engine_queue(e, lane);
}

int
engine_start(struct engine *e)
{
	const struct plan *p = &e->plan;

	e->t0 = smpp_clock_ns();
	e->end = p->duration_ms == 0 ? UINT64_MAX
				     : e->t0 + (uint64_t)p->duration_ms * MS;
	pace_start(&e->pace, e->t0, p->a, p->b, p->ramp);
	return pthread_create(&e->thread, NULL, pump_work, e) == 0 ? 0 : -1;
}

void
engine_join(struct engine *e)
{
	pthread_join(e->thread, NULL);
}
