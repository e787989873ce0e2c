/* smpp load --find-max: how much an SMSC takes, step by step. */
#include <stdio.h>
#include <string.h>

#include "kit/sig.h"
#include "load.h"

/*
 * A step is better when it brings a twentieth more; it is good when no more
 * than one in a hundred failed, and a rate was kept when all but one in fifty
 * were answered in the time they were due.
 */
#define BETTER 1.05
#define BAD 0.01
#define KEPT 0.98

enum { SLOWER = 5 }; /* times the p99 at half the rate is too slow */

/*
 * The search. plan is that of the next step, f what the last one came to. best
 * is the most that was accepted a second, with the fewest requests open;
 * knee the highest rate that was kept. refusal says why there were no more
 * sessions.
 */
struct findmax {
	struct load *l;
	struct plan plan;
	struct tally *total;
	struct figures f;
	double best, knee, knee_p99, calm_p99;
	uint32_t sessions, window;
	char refusal[160];
};

/* Accepted, not answered: a centre that throttles answers fast. */
static double
findmax_accepted(const struct figures *f)
{
	return tally_rate(f->t->ok, f->seconds);
}

/* Whether a step was good, by our own measure and by --fail-if. */
static bool
is_good(const struct findmax *s)
{
	const struct tally *t = s->f.t;

	for (const struct limit *m = s->l->limit; m != NULL; m = m->next)
		if (limit_failed(m, &s->f))
			return false;
	return t->ok > 0 && tally_share(tally_errors(t), t->sent) <= BAD;
}

/* --- rows --- */

static void
put_names(struct load *l)
{
	struct smpp_sbuf *b = &l->c->out->b;

	if (l->c->out->form != OUT_HUMAN)
		return;
	smpp_sbuf_printf(b, "%8s %7s %10s %12s %8s %9s %9s %9s\n", "sessions",
	    "window", "asked/s", "accepted/s", "errors", "p50 ms", "p99 ms",
	    "max ms");
	out_line(l->c->out);
	out_flush(l->c->out);
}

static void
findmax_put_time(struct smpp_sbuf *b, const struct span *s, double q)
{
	char text[24];
	struct smpp_sbuf t;

	smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
	if (s->hist.n > 0)
		report_ms(&t, span_ms(s, q));
	else
		smpp_sbuf_putc(&t, '-');
	smpp_sbuf_printf(b, " %9.*s", (int)t.n, text);
}

static void
findmax_put_row(const struct findmax *s, bool good)
{
	struct out *o = s->l->c->out;
	const struct tally *t = s->f.t;
	struct smpp_sbuf *b = &o->b;

	if (o->form != OUT_HUMAN) {
		report_step(s->l, &s->f, good);
		return;
	}
	smpp_sbuf_printf(b, "%8u %7u ", s->plan.sessions, s->plan.window);
	if (s->plan.max)
		smpp_sbuf_printf(b, "%10s", "max");
	else
		smpp_sbuf_printf(b, "%10.1f", s->plan.a);
	smpp_sbuf_printf(b, " %12.1f %6.2f %%", findmax_accepted(&s->f),
	    100 * tally_share(tally_errors(t), t->sent));
	findmax_put_time(b, &t->latency, 0.5);
	findmax_put_time(b, &t->latency, 0.99);
	findmax_put_time(b, &t->latency, 1);
	smpp_sbuf_puts(b, good ? "\n" : "  too much\n");
	out_line(o);
	/* Row by row: a search takes a minute, and who looks on may end it. */
	out_flush(o);
}

/* --- steps --- */

/* Keeps why a session could not be had, instead of printing it. */
static bool
hear_refusal(void *arg, int exit, const char *what, const char *msg)
{
	struct findmax *s = arg;

	(void)exit, (void)what;
	snprintf(s->refusal, sizeof(s->refusal), "%s", msg);
	return true;
}

/* Runs a step. Returns 0 or an exit class. */
static int
step(struct findmax *s)
{
	memset(s->total, 0, sizeof(*s->total));
	return run_plan(s->l, &s->plan, s->total, &s->f);
}

/*
 * A signal ends the search, too, and not only the step; what was found by then
 * is told.
 */
static bool
ending(const struct findmax *s)
{
	return sig_stop() > 0 || s->l->exit != 0;
}

/*
 * Remembers what brought the most, and with how little. Returns whether that
 * was this step. A twentieth is more than steps of two seconds differ by
 * chance.
 */
static bool
improve(struct findmax *s, bool good)
{
	if (!good || findmax_accepted(&s->f) < s->best * BETTER)
		return false;
	s->best = findmax_accepted(&s->f);
	s->sessions = s->plan.sessions;
	s->window = s->plan.window;
	return true;
}

/* Larger windows, until two in a row bring nothing. Returns 0 or an exit
 * class. */
static int
try_windows(struct findmax *s, uint32_t most)
{
	static const uint32_t windows[] = {
	    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};
	unsigned vain = 0;
	bool good;
	int rc;

	s->plan.sessions = 1;
	for (size_t i = 0; i < sizeof(windows) / sizeof(*windows); i++) {
		/* Twice in vain: one step may have had bad luck. */
		if (windows[i] > most || vain == 2 || ending(s))
			break;
		s->plan.window = windows[i];
		rc = step(s);
		if (rc != 0)
			return rc;
		good = is_good(s);
		findmax_put_row(s, good);
		vain = improve(s, good) ? 0 : vain + 1;
	}
	return 0;
}

/* More sessions, as long as they bring something and are to be had. */
static void
try_sessions(struct findmax *s, uint32_t most)
{
	struct ctx *c = s->l->c;
	bool good;
	int rc;

	s->plan.window = s->window;
	for (uint32_t n = 2; n <= most && !ending(s); n *= 2) {
		s->plan.sessions = n;
		c->on_error = hear_refusal;
		c->on_error_arg = s;
		rc = step(s);
		c->on_error = NULL;
		/*
		 * A centre that allows two sessions of an account is no
		 * failure of the search: it goes on with as many as there are.
		 */
		if (rc != 0 && sig_stop() == 0)
			out_say(c, 0, "== no %u sessions: %s", n, s->refusal);
		if (rc != 0)
			break;
		good = is_good(s);
		findmax_put_row(s, good);
		if (!improve(s, good))
			break;
	}
}

/*
 * Whether the last step kept its rate as well as a lower one did. The p99 at
 * half of the most is what this SMSC takes in calm; several times that is a
 * queue which grows, even while the rate is still kept.
 */
static bool
is_kept(struct findmax *s)
{
	double p99 = span_ms(&s->f.t->latency, 0.99);

	if (s->calm_p99 == 0)
		s->calm_p99 = p99;
	return is_good(s) && findmax_accepted(&s->f) >= s->plan.a * KEPT &&
	       p99 <= s->calm_p99 * SLOWER;
}

/*
 * Rates up to the most there was, to find the highest that is kept. The most
 * that was accepted was so with full windows, when waiting is long. What is of
 * use is the rate that holds without.
 */
static void
try_rates(struct findmax *s)
{
	static const double shares[] = {0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1};
	bool kept;

	s->plan.max = false;
	s->plan.sessions = s->sessions;
	s->plan.window = s->window;
	for (size_t i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		if (ending(s))
			break;
		s->plan.a = s->plan.b = s->best * shares[i];
		if (step(s) != 0)
			break;
		kept = is_kept(s);
		findmax_put_row(s, kept);
		if (!kept)
			break;
		s->knee = s->plan.a;
		s->knee_p99 = span_ms(&s->f.t->latency, 0.99);
	}
}

static void
put_knee(struct findmax *s)
{
	struct out *o = s->l->c->out;

	if (o->form != OUT_HUMAN) {
		report_knee(s->l, s->sessions, s->window, s->best, s->knee);
		return;
	}
	smpp_sbuf_printf(&o->b,
	    "most  %.1f/s accepted, with %u session%s and window %u\n", s->best,
	    s->sessions, s->sessions == 1 ? "" : "s", s->window);
	if (s->knee > 0) {
		smpp_sbuf_printf(&o->b, "knee  %.1f/s kept, p99 ", s->knee);
		report_ms(&o->b, s->knee_p99);
		smpp_sbuf_puts(&o->b, " ms\n");
	} else {
		smpp_sbuf_puts(
		    &o->b, "knee  none: not even half of that is kept\n");
	}
	out_line(o);
	out_flush(o);
}

int
find_max(struct load *l)
{
	struct findmax s = {.l = l, .plan = l->plan};
	int rc;

	s.total = cmd_alloc(l->c, sizeof(*s.total));
	s.plan.max = true;
	s.plan.count = 0;
	put_names(l);
	rc = try_windows(&s, l->a.window > 0 ? l->a.window : 1000);
	if (rc != 0)
		return rc;
	/*
	 * One message after the other failed: larger windows tell nothing
	 * more.
	 */
	if (s.best == 0 && !ending(&s))
		return out_error(l->c, SMPP_EXIT_NO, "load",
		    "no step was good, not even one message after the other");
	if (s.best > 0 && !ending(&s))
		try_sessions(&s, l->a.sessions > 0 ? l->a.sessions : 8);
	if (s.best > 0 && !ending(&s))
		try_rates(&s);
	if (s.best > 0)
		put_knee(&s);
	return l->exit;
}
