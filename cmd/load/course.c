/* smpp load: one run, from the binds to the last answer. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/fds.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "load.h"

/* Descriptors of the run itself: output, files, the engine, both eventfds. */
enum {
	SPARE_FDS = 16,     /* beside those of the sessions */
	INTERVAL_MS = 1000, /* between two looks */
};

/*
 * A run as it goes. spare is what the engine gets in exchange for its tally at
 * next; the interval began at last, when due messages had been due.
 */
struct run {
	struct load *l;
	struct pump p;
	struct smpp_engine looks; /* for signals, keys, and the pump */
	struct smpp_watch watch[3];
	const struct plan *plan;
	struct tally tally[2];
	struct tally *spare, *total;
	uint64_t last, next, every;
	double due;
};

/* --- sessions --- */

/* What is new of a session: that it was lost, and why, or that it is back. */
struct lane_news {
	uint32_t number; /* from 1; 0 is nothing */
	bool back;
	char why[LANE_WHY];
};

/*
 * Takes up what is new of a session, if there is anything since the last time.
 * Lost before back: a session that came back within one look is told in the
 * order in which it happened.
 */
static struct lane_news
lane_news(struct pump *p)
{
	struct lane_news news = {.number = 0};
	struct lane *lane;

	pthread_mutex_lock(&p->lock);
	for (uint32_t i = 0; i < p->plan.sessions && news.number == 0; i++) {
		lane = &p->lane[i];
		if (!lane->lost && !lane->back)
			continue;
		news.number = i + 1;
		news.back = !lane->lost;
		memcpy(news.why, lane->why, LANE_WHY);
		if (lane->lost)
			lane->lost = false;
		else
			lane->back = false;
	}
	pthread_mutex_unlock(&p->lock);
	return news;
}

/* Says which sessions were lost and which are back; the pump does not wait for
 * that. */
static void
say_lanes(struct run *r)
{
	const uint32_t of = r->p.plan.sessions;
	struct lane_news news;

	while ((news = lane_news(&r->p)).number > 0) {
		live_clear(&r->l->live);
		if (news.back)
			out_say(r->l->c, 0, "== session %u of %u is back",
			    news.number, of);
		else
			out_warn(r->l->c, "session %u of %u lost: %s",
			    news.number, of, news.why);
	}
}

/* --- figures --- */

/*
 * How many messages were due by now, or by when sending was over. After the
 * end of sending nothing more is due, however long the last answers take.
 */
static double
due_by(const struct pump *p, uint64_t now)
{
	double n = pace_count(
	    &p->pace, p->ended != 0 && p->ended < now ? p->ended : now);

	return n < (double)p->limit ? n : (double)p->limit;
}

static void
course_describe(const struct pump *p, struct figures *f)
{
	f->plan = &p->plan;
	f->open = p->open;
	f->awaited = receipts_awaited(&p->receipts);
	f->untracked = p->receipts.untracked;
	f->live = p->live;
}

/* The figures from the beginning to a time, the lock being held. */
static void
so_far(struct run *r, uint64_t end, struct figures *f)
{
	const struct pump *p = &r->p;
	double due = due_by(p, end);

	*f = (struct figures){.t = r->total};
	course_describe(p, f);
	f->seconds = (double)(end - p->t0) / 1e9;
	/*
	 * Negative is "as much as it takes": there is no rate to compare with.
	 * An even rate is shown as it was given, not as it comes out of
	 * counting; one that changed, by a ramp or a key, is the mean of the
	 * time so far.
	 */
	if (p->plan.max)
		f->asked = -1;
	else if (p->pace.a == p->pace.b && p->pace.count == 0)
		f->asked = p->pace.a;
	else
		f->asked = tally_rate((uint64_t)due, f->seconds);
}

/*
 * Shows an interval, and the run so far, wherever that is asked for. A page
 * that could not be written once is not tried again each second; the exit
 * status tells it.
 */
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
	struct pump *p = &r->p;
	struct tally *t;
	struct figures f, all;
	double due;
	uint64_t now;

	pthread_mutex_lock(&p->lock);
	now = smpp_clock_ns();
	t = p->tally;
	p->tally = r->spare;
	/*
	 * Both under the lock: the interval's end and the tally's must be one
	 * moment, or a message could be due in this and counted in the next.
	 */
	due = due_by(p, now);
	so_far(r, now, &all);
	pthread_mutex_unlock(&p->lock);
	f = all;
	f.t = r->spare = t;
	f.seconds = (double)(now - r->last) / 1e9;
	f.asked = p->plan.max ? -1 : (due - r->due) / f.seconds;
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
 * others, until another one would have been due. Otherwise a hundred messages
 * at 100/s would have taken 0.99 s, and every short run would have kept more
 * than its rate.
 */
static uint64_t
end_of(const struct pump *p)
{
	uint64_t end = p->ended > p->answered ? p->ended : p->answered, due;

	if (p->plan.max || p->next < p->limit)
		return end;
	due = pace_due(&p->pace, p->limit);
	return due != UINT64_MAX && due > end ? due : end;
}

/* The figures of the whole run, which is over. */
static void
sum_up(struct run *r, struct figures *f)
{
	const struct pump *p = &r->p;
	const struct plan *plan = &p->plan;
	/*
	 * The time is cut at a nanosecond, so a whole number may be missed by
	 * a hair.
	 */
	double due = ceil(due_by(p, p->ended) - 1e-6);

	so_far(r, end_of(p), f);
	/* Sessions have left by now; what is told is how many there were. */
	f->live = plan->sessions;
	f->plan = r->plan;
	f->cpu = f->seconds > 0 ? (double)p->cpu_ns / 1e9 / f->seconds : 0;
	if (!plan->max && due > (double)p->next)
		f->unsent = (uint64_t)(due - (double)p->next);
}

/* --- the course of it --- */

static void
take_signals(struct run *r)
{
	struct pump *p = &r->p;
	uint64_t waiting = 0;
	int stop = sig_stop();

	sig_seen();
	if (stop == 0)
		return;
	pthread_mutex_lock(&p->lock);
	if (p->stop == 0 && p->open > 0)
		waiting = p->open;
	p->stop = stop;
	pthread_mutex_unlock(&p->lock);
	pump_wake(p);
	/*
	 * Said once, for Ctrl-C: what happens now, since nothing is sent any
	 * more.
	 */
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

	pthread_mutex_lock(&r->p.lock);
	is = r->p.phase == OVER;
	pthread_mutex_unlock(&r->p.lock);
	return is;
}

/* Changes the rate by a factor, or ends the run. */
static void
take_key(struct run *r, char key)
{
	struct pump *p = &r->p;
	double factor = key == '+'   ? 1.1
			: key == '-' ? 1 / 1.1
			: key == '*' ? 2
			: key == '/' ? 0.5
				     : 0;
	uint64_t now = smpp_clock_ns();

	pthread_mutex_lock(&p->lock);
	/* A factor is of the rate at this moment, which a ramp changes. */
	if (key == 'q' && p->stop == 0)
		p->stop = 1;
	else if (factor > 0 && !p->plan.max && p->phase == SENDING)
		pace_change(&p->pace, now, pace_rate(&p->pace, now) * factor);
	pthread_mutex_unlock(&p->lock);
	pump_wake(p);
}

/* Looks on until the pump is through. */
static void
attend(struct run *r)
{
	char key;

	while (!course_over(r)) {
		/* The pump goes on, if it can: it is looked at now and then. */
		if (smpp_engine_wait(&r->looks, r->next) != 0)
			sleep(1);
		smpp_engine_work(&r->looks);
		pump_seen(&r->p);
		if (sig_stop() > 0 || sig_usr1())
			take_signals(r);
		while ((key = live_key(&r->l->live)) != 0)
			take_key(r, key);
		say_lanes(r);
		if (smpp_clock_ns() < r->next)
			continue;
		course_look(r, false);
		/*
		 * A machine that was asleep skips the looks it missed: their
		 * intervals are in the next one.
		 */
		while (r->next <= r->last)
			r->next += r->every;
	}
	pump_join(&r->p);
	say_lanes(r);
	course_look(r, true);
}

/* What ended the run before its time. Returns an exit class. */
static int
course_outcome(struct run *r)
{
	struct pump *p = &r->p;
	int rc = p->exit;

	/*
	 * Messages whose answer was lost with a session may have been
	 * accepted: unknown is worse than refused.
	 */
	if (rc != 0)
		out_error(r->l->c, rc, "message", "message %llu: %s",
		    (unsigned long long)p->next + 1, p->err.msg);
	else if (p->failed != 0)
		rc = out_error(r->l->c, p->failed, "load", "%s", p->err.msg);
	else if (p->deserted)
		rc = out_error(r->l->c,
		    r->total->lost > 0 ? SMPP_EXIT_UNKNOWN : SMPP_EXIT_PEER,
		    "link", "no session is left, the run ended early");
	linktap_end(&p->lane[0].tap);
	return cmd_worse(rc, linktap_check(r->l->c, p->t));
}

/* What is ready is looked at after the wait, whatever it is. */
static void
course_ready(struct smpp_watch *w, bool in, bool out)
{
	(void)w, (void)in, (void)out;
}

/* Has the end of a wait come with a descriptor, too. Returns 0 or SMPP_EIO. */
static int
course_watch(struct run *r, unsigned which, int fd)
{
	r->watch[which] = (struct smpp_watch){.fd = fd, .fn = course_ready};
	return smpp_watch_add(&r->looks, &r->watch[which], true, false);
}

static int
course_go(struct run *r)
{
	struct figures none;
	int rc;

	fds_allow(r->plan->sessions + SPARE_FDS);
	rc = pump_open(&r->p);
	if (rc != 0)
		return rc;
	if (pump_start(&r->p) != 0)
		return out_error(
		    r->l->c, SMPP_EXIT_BUG, "load", "no thread to be had");
	r->last = r->p.t0;
	r->next = r->last + r->every;
	/* The pump is running already. */
	pthread_mutex_lock(&r->p.lock);
	so_far(r, r->last, &none);
	pthread_mutex_unlock(&r->p.lock);
	live_draw(&r->l->live, &none, &none);
	if (r->l->live.keys)
		course_watch(r, 2, STDIN_FILENO);
	attend(r);
	return 0;
}

/* Makes what looks on, once the pump is there. Returns 0 or an exit class. */
static int
course_open(struct run *r)
{
	const int made = smpp_engine_init(&r->looks);

	if (made == SMPP_ENOMEM)
		cmd_nomem();
	if (made == 0 && course_watch(r, 0, sig_fd()) == 0 &&
	    course_watch(r, 1, r->p.notice) == 0)
		return 0;
	return out_errno(r->l->c, SMPP_EXIT_LOCAL, "load", "epoll");
}

int
run_plan(struct load *l, const struct plan *plan, struct tally *total,
    struct figures *f)
{
	int64_t every = l->a.every_ms > 0 ? l->a.every_ms : INTERVAL_MS;
	struct run *r = l->run;
	int rc;

	/*
	 * One for all steps of --find-max: memory of a command is freed at its
	 * end only, and a run is large.
	 */
	if (r == NULL)
		r = l->run = cmd_alloc(l->c, sizeof(*r));
	memset(r, 0, sizeof(*r));
	r->l = l;
	r->plan = plan;
	r->total = total;
	r->spare = &r->tally[1];
	r->every = (uint64_t)every * 1000000;
	rc = pump_init(
	    &r->p, l->c, &l->a.target, plan, l->message, &r->tally[0]);
	if (rc == 0)
		rc = course_open(r);
	if (rc == 0)
		rc = course_go(r);
	if (rc == 0) {
		sum_up(r, f);
		l->exit = cmd_worse(l->exit, course_outcome(r));
	}
	smpp_engine_fini(&r->looks);
	pump_fini(&r->p);
	return rc;
}
