/* The thread that puts the load on. */
#include "pump.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "kit/sig.h"
#include "target/linksay.h"

/*
 * Times of the end are short, since they come after what was measured; the
 * rest of a drain is what the target's own timeout says.
 */
enum {
	MS = 1000000,     /* in nanoseconds */
	TICK_MS = 100,    /* between two looks at the timers, at most */
	DRAIN_MS = 10000, /* for responses, when they have no timeout */
	GRACE_MS = 2000,  /* for responses after a signal */
	LEAVE_MS = 1500,  /* for unbind_resp */
	RETRY_MS = 1000,  /* between attempts to connect again */
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

/* Once at most: the ring has a place for each lane and cannot be full. */
void
pump_queue(struct pump *p, struct lane *lane)
{
	if (lane->queued || !lane->live || p->plan.quiet)
		return;
	lane->queued = true;
	p->ring[(p->ring_at + p->ring_n++) % p->plan.sessions] = lane;
}

/* Takes the first lane out of the line. */
static struct lane *
unqueue(struct pump *p)
{
	struct lane *lane = p->ring[p->ring_at];

	p->ring_at = (p->ring_at + 1) % p->plan.sessions;
	p->ring_n--;
	lane->queued = false;
	return lane;
}

/* --- sending --- */

/* A peer that sent unbind takes no more requests (3.4 4.2). */
static bool
pump_has_room(const struct lane *lane)
{
	return lane->live && lane->nspare > 0 &&
	       smpp_session_room(&lane->link.conn.s) > 0 &&
	       !(lane->link.conn.s.state & SMPP_ST_UNB);
}

/* When the next message is due. */
static uint64_t
pump_next_due(const struct pump *p, uint64_t now)
{
	return p->plan.max ? now : pace_due(&p->pace, p->next);
}

/*
 * Sends what is due, as far as the windows take it: one message a lane in
 * turn, but without a rate as many as go into one write.
 */
static void
send_due(struct pump *p, uint64_t now)
{
	uint64_t due = UINT64_MAX;
	struct lane *lane;

	while (p->ring_n > 0 && p->next < p->limit && p->exit == 0) {
		due = pump_next_due(p, now);
		if (due > now || due >= p->end)
			break;
		lane = unqueue(p);
		do {
			if (!pump_has_room(lane) || !lane_send(lane, due, now))
				break;
			/*
			 * At full speed as many as the window takes: turns
			 * between sessions would be a write for each message.
			 */
			p->next++;
		} while (p->plan.max && p->next < p->limit);
		if (pump_has_room(lane))
			pump_queue(p, lane);
	}
	/* No lane has room: what is late from now on is not our fault. */
	p->blocked = p->ring_n == 0 && p->next < p->limit;
}

void
pump_send(struct pump *p)
{
	if (p->phase == SENDING)
		send_due(p, smpp_clock_ns());
}

/* --- phases --- */

/*
 * Sending is over: what is open gets the time it may take. After a signal the
 * user waits, so two seconds do. A tick more: timeouts are only looked at
 * then.
 */
static void
pump_drain(struct pump *p, uint64_t now)
{
	int64_t ms = p->response_ms;

	p->phase = DRAINING;
	p->ended = min_ns(now, p->end);
	if (ms == 0)
		ms = DRAIN_MS;
	if (p->stop > 0 && ms > GRACE_MS)
		ms = GRACE_MS;
	p->end = now + (uint64_t)(ms + TICK_MS) * MS;
}

/*
 * Receipts not decided are answered before unbind: behind it nothing may be
 * sent.
 */
static void
leave(struct pump *p, uint64_t now)
{
	p->phase = LEAVING;
	p->end = now + (uint64_t)LEAVE_MS * MS;
	lane_receipts_left(p);
	for (uint32_t i = 0; i < p->plan.sessions; i++)
		smpp_link_unbind(&p->lane[i].link, p->engine.now + LEAVE_MS);
}

/*
 * Whether everything that is awaited has come, or will not. Responses first,
 * for a message without one has no id to match a receipt.
 */
static bool
drained(struct pump *p, uint64_t now)
{
	uint64_t until = p->ended + (uint64_t)p->plan.wait_ms * MS;

	if (p->open > 0)
		return now >= p->end;
	return p->plan.wait_ms < 0 || p->stop > 0 || now >= until ||
	       receipts_awaited(&p->receipts) == 0;
}

/* Goes on to the next phase when it is time. */
static void
pump_advance(struct pump *p, uint64_t now)
{
	if (p->phase == SENDING && (now >= p->end || p->next >= p->limit ||
				       p->stop > 0 || p->exit != 0))
		pump_drain(p, now);
	if (p->phase == DRAINING && p->stop > 0 &&
	    p->end > now + (uint64_t)GRACE_MS * MS)
		p->end = now + (uint64_t)GRACE_MS * MS;
	if (p->phase == DRAINING && drained(p, now))
		leave(p, now);
	/*
	 * All sessions lost before the end; behind unbind that is what was
	 * wanted.
	 */
	p->deserted |= p->live == 0 && p->phase < LEAVING;
	/*
	 * A second signal ends everything at once, without a word to the SMSC.
	 */
	if (p->live == 0 || p->stop > 1 ||
	    (p->phase == LEAVING && now >= p->end)) {
		p->ended = p->ended == 0 ? now : p->ended;
		p->phase = OVER;
	}
}

/* --- the thread --- */

/*
 * What is due beside what the sessions tell. The last of a turn, and nothing
 * has been written yet: what is sent here leaves with the answers.
 */
static int
pump_settle(struct smpp_engine *engine)
{
	struct pump *p = engine->user;
	const uint64_t now = smpp_clock_ns();

	if (p->phase == OPENING)
		return 0;
	if (now >= p->tick) {
		p->tick = now + (uint64_t)TICK_MS * MS;
		lane_receipts(p, now);
	}
	if (p->phase == SENDING)
		send_due(p, now);
	pump_advance(p, now);
	return 0;
}

/* When there may be more to do. */
static uint64_t
pump_until(const struct pump *p)
{
	uint64_t until = min_ns(p->tick, p->end);

	if (p->phase == SENDING && p->ring_n > 0)
		until = min_ns(until, pump_next_due(p, smpp_clock_ns()));
	return until;
}

/* The system cannot wait any more: it would say so again and again. */
static void
pump_fail(struct pump *p, int rc)
{
	p->failed = SMPP_EXIT_LOCAL;
	smpp_err_sys(&p->err, rc, "epoll");
	if (p->ended == 0)
		p->ended = smpp_clock_ns();
	p->phase = OVER;
}

static void *
pump_work(void *arg)
{
	struct pump *p = arg;
	struct timespec cpu;
	uint64_t until = 0;
	int rc;

	/*
	 * The kernel puts wakeups off by 50 us to join them, which is as long
	 * as messages are apart at 20,000/s.
	 */
	prctl(PR_SET_TIMERSLACK, 1UL);
	while (p->phase != OVER) {
		/*
		 * Waits without the lock, so who looks on can take the tally
		 * then.
		 */
		rc = smpp_engine_wait(&p->engine, until);
		pthread_mutex_lock(&p->lock);
		if (rc == 0)
			rc = smpp_engine_work(&p->engine);
		if (rc != 0)
			pump_fail(p, rc);
		until = pump_until(p);
		pthread_mutex_unlock(&p->lock);
	}
	/* Of this thread alone: drawing and pages are not what limits it. */
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
	pthread_mutex_lock(&p->lock);
	p->cpu_ns = (uint64_t)cpu.tv_sec * 1000000000 + (uint64_t)cpu.tv_nsec;
	pthread_mutex_unlock(&p->lock);
	pump_notify(p);
	return NULL;
}

/* --- for who looks on --- */

void
pump_notify(struct pump *p)
{
	signal_fd(p->notice);
}

void
pump_wake(struct pump *p)
{
	signal_fd(p->wake);
}

void
pump_seen(struct pump *p)
{
	seen_fd(p->notice);
}

/* Somebody changed something; what, the end of the turn looks at. */
static void
pump_woken(struct smpp_watch *w, bool in, bool out)
{
	(void)in, (void)out;
	seen_fd(w->fd);
}

int
pump_init(struct pump *p, struct ctx *c, struct target *t,
    const struct plan *plan, struct message *message, struct tally *tally)
{
	int rc;

	*p = (struct pump){
	    .lock = PTHREAD_MUTEX_INITIALIZER,
	    .c = c,
	    .t = t,
	    .wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	    .notice = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	    .plan = *plan,
	    .message = message,
	    .tally = tally,
	    .response_ms = t->response_ms,
	    .limit = plan->count > 0 ? plan->count : UINT64_MAX,
	    .deadline = smpp_io_deadline(smpp_clock_ms(), t->total_ms),
	};
	p->lane = calloc(plan->sessions, sizeof(*p->lane));
	p->ring = calloc(plan->sessions, sizeof(*p->ring));
	if (p->lane == NULL || p->ring == NULL ||
	    receipts_init(&p->receipts) != 0)
		cmd_nomem();
	smpp_err_clear(&p->err);
	rc = smpp_engine_init(&p->engine);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	/* How an SMSC reads is what is measured, and no reason to leave. */
	p->engine.limits.stall_ms = p->engine.limits.close_ms = 0;
	p->engine.user = p;
	p->engine.settle = pump_settle;
	p->waker = (struct smpp_watch){.fd = p->wake, .fn = pump_woken};
	if (rc == 0 && p->wake >= 0 && p->notice >= 0 &&
	    smpp_watch_add(&p->engine, &p->waker, true, false) == 0)
		return 0;
	return out_errno(c, SMPP_EXIT_LOCAL, "load", "epoll");
}

/* The engine first: closing its links still tells lanes of it. */
void
pump_fini(struct pump *p)
{
	smpp_engine_fini(&p->engine);
	for (uint32_t i = 0; i < p->plan.sessions; i++) {
		linktap_end(&p->lane[i].tap);
		free(p->lane[i].flight);
		free(p->lane[i].spare);
	}
	free(p->lane);
	free(p->ring);
	receipts_fini(&p->receipts);
	smpp_tls_client_close(p->tls);
	if (p->wake >= 0)
		close(p->wake);
	if (p->notice >= 0)
		close(p->notice);
}

/* --- before it begins --- */

/* A signal ends the opening: what it was is looked at by who waits. */
static void
pump_signal(struct smpp_watch *w, bool in, bool out)
{
	(void)w, (void)in, (void)out;
}

/*
 * Waits until all are bound, or one cannot be. Returns 0 or an exit class. All
 * of them or none: figures of fewer sessions than were asked for would be of
 * another run. --time-limit counts here, too.
 */
static int
pump_await(struct pump *p)
{
	while (p->failed == 0 && p->live < p->plan.sessions) {
		if (smpp_engine_turn(&p->engine, p->deadline) != 0)
			return out_errno(
			    p->c, SMPP_EXIT_LOCAL, "load", "epoll");
		if (sig_stop() > 0)
			return SMPP_EXIT_CONNECT;
		for (uint32_t i = 0;
		     i < p->plan.sessions && smpp_clock_ms() >= p->deadline;
		     i++)
			lane_expire(&p->lane[i]);
	}
	return p->failed;
}

/*
 * Has those that are bound log out. A centre may count sessions of an account
 * until they unbind: it would refuse the next try.
 */
static void
pump_retreat(struct pump *p)
{
	const int64_t until = smpp_clock_ms() + LEAVE_MS;

	p->phase = LEAVING;
	for (uint32_t i = 0; i < p->plan.sessions; i++)
		smpp_link_unbind(&p->lane[i].link, until);
	while (p->engine.nlinks > 0 && smpp_clock_ms() < until &&
	       sig_stop() < 2 && smpp_engine_turn(&p->engine, until) == 0)
		;
}

int
pump_open(struct pump *p)
{
	struct smpp_watch signals = {.fd = sig_stop_fd(), .fn = pump_signal};
	int rc = dialconf_tls(p->c, p->t, &p->tls);

	if (rc == 0)
		rc = linktap_open(p->c, p->t);
	if (rc != 0)
		return rc;
	p->dial = dialconf_of(p->c, p->t, p->plan.window, p->tls);
	if (smpp_watch_add(&p->engine, &signals, true, false) != 0)
		return out_errno(p->c, SMPP_EXIT_LOCAL, "load", "epoll");
	for (uint32_t i = 0; i < p->plan.sessions; i++)
		lane_open(&p->lane[i], p);
	rc = pump_await(p);
	if (rc != 0)
		pump_retreat(p);
	smpp_watch_del(&p->engine, &signals);
	/*
	 * Only now: one that cannot be had at the start is an error, one that
	 * is lost later comes back.
	 */
	p->dial.retry = SMPP_RETRY_EVERY(RETRY_MS);
	return rc;
}

int
pump_start(struct pump *p)
{
	const struct plan *plan = &p->plan;

	p->phase = SENDING;
	/*
	 * The clock starts when all are bound: binding is no part of the load.
	 */
	p->t0 = smpp_clock_ns();
	p->end = plan->duration_ms == 0
		     ? UINT64_MAX
		     : p->t0 + (uint64_t)plan->duration_ms * MS;
	pace_start(&p->pace, p->t0, plan->a, plan->b, plan->ramp);
	return pthread_create(&p->thread, NULL, pump_work, p) == 0 ? 0 : -1;
}

void
pump_join(struct pump *p)
{
	pthread_join(p->thread, NULL);
}
