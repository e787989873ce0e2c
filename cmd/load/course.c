/* smpp load: one run, from the binds to the last answer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/fds.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "load.h"

enum {
	RETRY_MS = 1000,    /* between attempts to connect again */
	SPARE_FDS = 16,     /* beside those of the sessions */
	INTERVAL_MS = 1000, /* between two looks */
};

/*
 * A run as it goes. spare is what the engine gets in exchange for its tally at
 * next; the interval began at last, when due messages had been due.
 */
struct run {
	struct load *l;
	struct engine e;
	struct smpp_loop loop;
	const struct plan *plan;
	struct tally tally[2];
	struct tally *spare, *total;
	uint64_t last, next, every;
	double due;
	bool broken; /* there is a session to be had back, from retry on */
	int64_t retry;
};

/* --- sessions --- */

static int
open_lane(struct run *r, struct lane *lane)
{
	struct target *t = &r->l->a.target;

	t->password = r->l->password;
	return link_open(&lane->link, r->l->c, t, r->e.plan.window);
}

static int
open_lanes(struct run *r)
{
	struct engine *e = &r->e;
	uint32_t i;
	int rc = 0;

	fds_allow(e->plan.sessions + SPARE_FDS);
	for (i = 0; i < e->plan.sessions; i++) {
		rc = open_lane(r, &e->lane[i]);
		if (rc != 0)
			break;
	}
	if (rc == 0)
		for (i = 0; i < e->plan.sessions; i++)
			engine_add(e, &e->lane[i]);
	else
		while (i-- > 0)
			link_close(&e->lane[i].link);
	return rc;
}

/* Errors of an attempt that will be repeated are no news. */
static bool
unheard(void *arg, int exit, const char *what, const char *msg)
{
	(void)arg, (void)exit, (void)what, (void)msg;
	return true;
}

/* Tries to have a session back. Returns whether that worked. */
static bool
reopen(struct run *r, struct lane *lane)
{
	struct ctx *c = r->l->c;
	struct engine *e = &r->e;
	int rc;

	c->on_error = unheard;
	rc = open_lane(r, lane);
	c->on_error = NULL;
	if (rc != 0)
		return false;
	out_say(c, 0, "== session %td of %u is back", lane - e->lane + 1,
	    e->plan.sessions);
	pthread_mutex_lock(&e->lock);
	engine_add(e, lane);
	pthread_mutex_unlock(&e->lock);
	engine_wake(e);
	return true;
}

/* Takes up that a session was lost, if one was since the last time. Returns
 * its number, from 1, and why; or 0. */
static uint32_t
next_lost(struct engine *e, char why[LANE_WHY])
{
	uint32_t found = 0;

	pthread_mutex_lock(&e->lock);
	for (uint32_t i = 0; i < e->plan.sessions && found == 0; i++)
		if (e->lane[i].lost)
			found = i + 1;
	if (found > 0) {
		e->lane[found - 1].lost = false;
		memcpy(why, e->lane[found - 1].why, LANE_WHY);
	}
	pthread_mutex_unlock(&e->lock);
	return found;
}

/* Says which sessions were lost; the engine does not wait for that. */
static void
say_lost(struct run *r)
{
	char why[LANE_WHY];
	uint32_t n;

	while ((n = next_lost(&r->e, why)) > 0) {
		live_clear(&r->l->live);
		out_warn(r->l->c, "session %u of %u lost: %s", n,
		    r->e.plan.sessions, why);
	}
}

/* The first session that is gone, and whether it is wanted back. */
static struct lane *
broken(struct run *r, bool *wanted)
{
	struct engine *e = &r->e;
	struct lane *lane, *first = NULL;

	pthread_mutex_lock(&e->lock);
	for (lane = e->lane; lane < e->lane + e->plan.sessions; lane++)
		if (first == NULL && !lane->live)
			first = lane;
	*wanted = e->phase == SENDING && e->stop == 0 && e->live > 0;
	pthread_mutex_unlock(&e->lock);
	return first;
}

/* Has sessions that were lost back, as long as there are others. */
static void
mend(struct run *r)
{
	struct lane *lane;
	bool wanted;

	say_lost(r);
	while ((lane = broken(r, &wanted)) != NULL && wanted) {
		if (!r->broken)
			r->retry = smpp_clock_ms() + RETRY_MS;
		r->broken = true;
		if (smpp_clock_ms() < r->retry)
			return;
		if (reopen(r, lane))
			continue;
		r->retry = smpp_clock_ms() + RETRY_MS;
		return;
	}
	r->broken = false;
}

/* --- figures --- */

/* How many messages were due by now, or by when sending was over. */
static double
due_by(const struct engine *e, uint64_t now)
{
	double n = pace_count(
	    &e->pace, e->ended != 0 && e->ended < now ? e->ended : now);

	return n < (double)e->limit ? n : (double)e->limit;
}

static void
course_describe(const struct engine *e, struct figures *f)
{
	f->plan = &e->plan;
	f->open = e->open;
	f->awaited = receipts_awaited(&e->receipts);
	f->untracked = e->receipts.untracked;
	f->live = e->live;
}

/* The figures from the beginning to a time, the lock being held. */
static void
so_far(struct run *r, uint64_t end, struct figures *f)
{
	const struct engine *e = &r->e;
	double due = due_by(e, end);

	*f = (struct figures){.t = r->total};
	course_describe(e, f);
	f->seconds = (double)(end - e->t0) / 1e9;
	if (e->plan.max)
		f->asked = -1;
	else if (e->pace.a == e->pace.b && e->pace.count == 0)
		f->asked = e->pace.a;
	else
		f->asked = tally_rate((uint64_t)due, f->seconds);
}

/* Shows an interval, and the run so far, wherever that is asked for. */
static void
course_show(struct run *r, const struct figures *now, const struct figures *all)
{
	struct load *l = r->l;

	history_add(&l->history, now);
	file_csv_row(&l->csv, now, all->seconds);
	report_stats(l, now);
	live_draw(&l->live, now, all);
	if (!l->no_page)
		l->no_page = page_write(l, all, false) != 0;
}

/*
 * Takes what the engine has counted since the last time and shows it. The
 * engine goes on with an empty tally; the lock is held for a moment only. The
 * last interval, cut short, is shown if anything happened in it.
 */
static void
course_look(struct run *r, bool last)
{
	struct engine *e = &r->e;
	struct tally *t;
	struct figures f, all;
	double due;
	uint64_t now;

	pthread_mutex_lock(&e->lock);
	now = smpp_clock_ns();
	t = e->tally;
	e->tally = r->spare;
	due = due_by(e, now);
	so_far(r, now, &all);
	pthread_mutex_unlock(&e->lock);
	f = all;
	f.t = r->spare = t;
	f.seconds = (double)(now - r->last) / 1e9;
	f.asked = e->plan.max ? -1 : (due - r->due) / f.seconds;
	r->last = now;
	r->due = due;
	tally_merge(r->total, t);
	if (!last || t->sent + t->answered + t->receipts > 0)
		course_show(r, &f, &all);
	memset(t, 0, sizeof(*t));
}

/*
 * When the time of a run was over: with the last answer or, if that is later,
 * at its end. The last of so many messages at a rate has as much time as the
 * others, until another one would have been due.
 */
static uint64_t
end_of(const struct engine *e)
{
	uint64_t end = e->ended > e->answered ? e->ended : e->answered, due;

	if (e->plan.max || e->next < e->limit)
		return end;
	due = pace_due(&e->pace, e->limit);
	return due != UINT64_MAX && due > end ? due : end;
}

/* The figures of the whole run, which is over. */
static void
sum_up(struct run *r, struct figures *f)
{
	const struct engine *e = &r->e;
	const struct plan *p = &e->plan;
	double due = ceil(due_by(e, e->ended) - 1e-6);

	so_far(r, end_of(e), f);
	f->live = p->sessions;
	f->plan = r->plan;
	f->cpu = f->seconds > 0 ? (double)e->cpu_ns / 1e9 / f->seconds : 0;
	if (!p->max && due > (double)e->next)
		f->unsent = (uint64_t)(due - (double)e->next);
}

/* --- the course of it --- */

static void
take_signals(struct run *r)
{
	struct engine *e = &r->e;
	uint64_t waiting = 0;
	int stop = sig_stop();

	sig_seen();
	if (stop == 0)
		return;
	pthread_mutex_lock(&e->lock);
	if (e->stop == 0 && e->open > 0)
		waiting = e->open;
	e->stop = stop;
	pthread_mutex_unlock(&e->lock);
	engine_wake(e);
	if (waiting > 0 && stop == 1) {
		live_clear(&r->l->live);
		out_say(r->l->c, 0, "== ending, %llu unanswered",
		    (unsigned long long)waiting);
	}
}

static bool
course_over(struct run *r)
{
	bool is;

	pthread_mutex_lock(&r->e.lock);
	is = r->e.phase == OVER;
	pthread_mutex_unlock(&r->e.lock);
	return is;
}

/* Changes the rate by a factor, or ends the run. */
static void
take_key(struct run *r, char key)
{
	struct engine *e = &r->e;
	double factor = key == '+'   ? 1.1
			: key == '-' ? 1 / 1.1
			: key == '*' ? 2
			: key == '/' ? 0.5
				     : 0;
	uint64_t now = smpp_clock_ns();

	pthread_mutex_lock(&e->lock);
	if (key == 'q' && e->stop == 0)
		e->stop = 1;
	else if (factor > 0 && !e->plan.max && e->phase == SENDING)
		pace_change(&e->pace, now, pace_rate(&e->pace, now) * factor);
	pthread_mutex_unlock(&e->lock);
	engine_wake(e);
}

/* Looks on until the engine is through. */
static void
attend(struct run *r)
{
	uint64_t until;
	char key;

	while (!course_over(r)) {
		until = r->next;
		if (r->broken && (uint64_t)r->retry * 1000000 < until)
			until = (uint64_t)r->retry * 1000000;
		smpp_loop_wait_ns(&r->loop, until);
		engine_seen(&r->e);
		if (sig_stop() > 0 || sig_usr1())
			take_signals(r);
		while ((key = live_key(&r->l->live)) != 0)
			take_key(r, key);
		mend(r);
		if (smpp_clock_ns() < r->next)
			continue;
		course_look(r, false);
		while (r->next <= r->last)
			r->next += r->every;
	}
	engine_join(&r->e);
	mend(r);
	course_look(r, true);
}

/* What ended the run before its time. Returns an exit class. */
static int
course_outcome(struct run *r)
{
	struct engine *e = &r->e;
	struct link *link = &e->lane[0].link;
	int rc = e->exit;

	if (rc != 0)
		out_error(r->l->c, rc, "message", "message %llu: %s",
		    (unsigned long long)e->next + 1, e->err.msg);
	else if (e->deserted)
		rc = out_error(r->l->c,
		    r->total->lost > 0 ? SMPP_EXIT_UNKNOWN : SMPP_EXIT_PEER,
		    "link", "no session is left, the run ended early");
	if (link->t->capture == NULL)
		return rc;
	smpp_err_set(&link->err, SMPP_ECLOSED, "over");
	return cmd_worse(rc, link_close(link));
}

static int
course_go(struct run *r)
{
	struct figures none;
	int rc = open_lanes(r);

	if (rc != 0)
		return rc;
	if (engine_start(&r->e) != 0)
		return out_error(
		    r->l->c, SMPP_EXIT_BUG, "load", "no thread to be had");
	r->last = r->e.t0;
	r->next = r->last + r->every;
	pthread_mutex_lock(&r->e.lock);
	so_far(r, r->last, &none);
	pthread_mutex_unlock(&r->e.lock);
	live_draw(&r->l->live, &none, &none);
	if (r->l->live.keys)
		smpp_loop_add(&r->loop, STDIN_FILENO, true, false, r);
	attend(r);
	return 0;
}

int
run_plan(struct load *l, const struct plan *plan, struct tally *total,
    struct figures *f)
{
	int64_t every = l->a.every_ms > 0 ? l->a.every_ms : INTERVAL_MS;
	struct run *r = l->run;
	int rc, made;

	if (r == NULL)
		r = l->run = cmd_alloc(l->c, sizeof(*r));
	memset(r, 0, sizeof(*r));
	r->l = l;
	r->plan = plan;
	r->total = total;
	r->spare = &r->tally[1];
	r->every = (uint64_t)every * 1000000;
	r->loop.fd = -1;
	rc = engine_init(&r->e, l->c, plan, l->message, l->a.target.response_ms,
	    &r->tally[0]);
	made = rc == 0 ? smpp_loop_init(&r->loop) : 0;
	if (made == SMPP_ENOMEM)
		cmd_nomem();
	if (rc == 0 &&
	    (made != 0 || smpp_loop_add(&r->loop, sig_fd(), true, false, r) ||
		smpp_loop_add(&r->loop, r->e.notice, true, false, r)))
		rc = out_error(l->c, SMPP_EXIT_LOCAL, "load", "no epoll");
	if (rc == 0)
		rc = course_go(r);
	if (rc == 0) {
		sum_up(r, f);
		l->exit = cmd_worse(l->exit, course_outcome(r));
	}
	smpp_loop_fini(&r->loop);
	engine_fini(&r->e);
	return rc;
}
