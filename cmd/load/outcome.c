/* smpp load: figures, for people and as JSON. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "load.h"
#include "words/status.h"

enum {
	BAR = 40,        /* characters of the longest bar */
	BARS = 10,       /* lines of the histogram, at most */
	LATE_SHARE = 20, /* one in so many late by our own fault is too many */
};

/*
 * At full speed our own processor is the bound when a core is busy; at a rate
 * it is when too many left late while no window was full.
 */
bool
figures_limited(const struct figures *f)
{
	if (f->asked < 0)
		return f->cpu > 0.95;
	return f->t->late * LATE_SHARE > f->t->sent;
}

/* --- JSON --- */

/*
 * jsonw has no fractions but those of milliseconds; the comma is set by hand
 * for what follows.
 */
static void
key_num(struct smpp_jsonw *j, const char *key, double v, int places)
{
	smpp_jsonw_key(j, key);
	smpp_sbuf_printf(j->b, "%.*f", places, v);
	j->comma = true;
}

/* Quantiles under their names. */
static const struct {
	const char *key, *word;
	double q;
} quantiles[] = {
    {"min", "min", 0},
    {"p50", "p50", 0.5},
    {"p90", "p90", 0.9},
    {"p95", "p95", 0.95},
    {"p99", "p99", 0.99},
    {"p99_9", "p99.9", 0.999},
    {"max", "max", 1},
};

enum { QUANTILES = sizeof(quantiles) / sizeof(*quantiles) };

/*
 * The times of a span; nothing at all when there are none. A time of 0 would
 * be an answer that came at once.
 */
static void
key_span(struct smpp_jsonw *j, const char *key, const struct span *s)
{
	if (s->hist.n == 0)
		return;
	smpp_jsonw_key(j, key);
	smpp_jsonw_open(j, '{');
	for (int i = 0; i < QUANTILES; i++)
		key_num(j, quantiles[i].key, span_ms(s, quantiles[i].q), 3);
	key_num(j, "mean", span_mean(s), 3);
	smpp_jsonw_close(j, '}');
}

static void
key_status(struct smpp_jsonw *j, const struct tally *t)
{
	char name[STATUS_NAME];

	smpp_jsonw_key(j, "status");
	smpp_jsonw_open(j, '{');
	if (t->ok > 0)
		smpp_jsonw_key_i64(j, "ESME_ROK", t->ok);
	for (unsigned i = 0; i < t->nstatus; i++) {
		smpp_jsonw_key_i64(
		    j, status_name(name, t->status[i].status), t->status[i].n);
	}
	/*
	 * A tally has room for so many statuses; of the others only their sum
	 * is known.
	 */
	if (t->more_statuses > 0)
		smpp_jsonw_key_i64(j, "more", t->more_statuses);
	smpp_jsonw_close(j, '}');
}

static void
outcome_put_members(struct smpp_jsonw *j, const struct figures *f)
{
	const struct tally *t = f->t;

	key_num(j, "seconds", f->seconds, 3);
	smpp_jsonw_key_i64(j, "sessions", f->live);
	smpp_jsonw_key_i64(j, "window", f->plan->window);
	smpp_jsonw_key_i64(j, "sent", t->sent);
	smpp_jsonw_key_i64(j, "ok", t->ok);
	smpp_jsonw_key_i64(j, "errors", tally_errors(t));
	smpp_jsonw_key_i64(j, "timeouts", t->timeouts);
	smpp_jsonw_key_i64(j, "lost", t->lost);
	smpp_jsonw_key_i64(j, "unsent", f->unsent);
	smpp_jsonw_key_i64(j, "in_flight", f->open);
	key_status(j, t);
	if (f->asked >= 0)
		key_num(j, "rate_asked", f->asked, 1);
	key_num(j, "rate", tally_rate(t->answered, f->seconds), 1);
	key_span(j, "latency_ms", &t->latency);
	key_span(j, "service_ms", &t->service);
	if (f->plan->wait_ms >= 0) {
		smpp_jsonw_key_i64(j, "receipts", t->receipts);
		smpp_jsonw_key_i64(j, "receipts_late", t->overdue);
		smpp_jsonw_key_i64(j, "receipts_awaited", f->awaited);
		smpp_jsonw_key_i64(j, "receipts_untracked", f->untracked);
		key_span(j, "receipt_ms", &t->receipt);
	}
	if (t->other > 0 || f->plan->quiet)
		smpp_jsonw_key_i64(j, "delivered", t->other);
}

/* Opens a record with its type and, of live ones, the time. */
static struct smpp_jsonw *
outcome_record(struct load *l, const char *type, bool live)
{
	struct smpp_jsonw *j = out_json(l->c->out);
	char now[28];

	smpp_jsonw_open(j, '{');
	smpp_jsonw_key_cstr(j, "type", type);
	if (!live)
		return j;
	smpp_clock_rfc3339(now, smpp_clock_wall_us());
	smpp_jsonw_key_cstr(j, "time", now);
	return j;
}

/* In the same members as an interval, so that one reader does for both. */
static void
outcome_summary_json(struct load *l, const struct figures *f)
{
	struct smpp_jsonw *j = outcome_record(l, "summary", false);

	outcome_put_members(j, f);
	key_num(j, "cpu", f->cpu, 3);
	smpp_jsonw_key(j, "client_limited");
	smpp_jsonw_bool(j, figures_limited(f));
	smpp_jsonw_key(j, "failed");
	smpp_jsonw_open(j, '[');
	for (const struct limit *m = l->limit; m != NULL; m = m->next)
		if (limit_failed(m, f))
			smpp_jsonw_cstr(j, m->text);
	smpp_jsonw_close(j, ']');
	smpp_jsonw_close(j, '}');
	out_record(l->c->out);
}

void
report_step(struct load *l, const struct figures *f, bool good)
{
	struct smpp_jsonw *j = outcome_record(l, "stats", true);

	outcome_put_members(j, f);
	smpp_jsonw_key(j, "good");
	smpp_jsonw_bool(j, good);
	smpp_jsonw_close(j, '}');
	out_record(l->c->out);
	out_flush(l->c->out);
}

/* The last record, of the same type as that of a run. */
void
report_knee(struct load *l, uint32_t sessions, uint32_t window, double most,
    double knee)
{
	struct smpp_jsonw *j = outcome_record(l, "summary", false);

	smpp_jsonw_key_i64(j, "sessions", sessions);
	smpp_jsonw_key_i64(j, "window", window);
	key_num(j, "rate_most", most, 1);
	key_num(j, "rate_kept", knee, 1);
	smpp_jsonw_close(j, '}');
	out_record(l->c->out);
}

/* --- for people --- */

void
report_ms(struct smpp_sbuf *b, double ms)
{
	smpp_sbuf_printf(b, "%.*f", ms < 0.1 ? 3 : ms < 1 ? 2 : 1, ms);
}

void
report_rates(struct smpp_sbuf *b, const struct figures *f)
{
	if (f->plan->quiet) {
		smpp_sbuf_printf(
		    b, "rate %.1f/s", tally_rate(f->t->other, f->seconds));
		return;
	}
	if (f->asked < 0)
		smpp_sbuf_puts(b, "rate max asked, ");
	else
		smpp_sbuf_printf(b, "rate %.1f/s asked, ", f->asked);
	smpp_sbuf_printf(
	    b, "%.1f/s answered", tally_rate(f->t->answered, f->seconds));
}

/* Counts that are worth a word only when there are any. */
static void
outcome_put_count(struct smpp_sbuf *b, const char *word, uint64_t n)
{
	if (n > 0)
		smpp_sbuf_printf(b, "  %s %llu", word, (unsigned long long)n);
}

static void
put_statuses(struct smpp_sbuf *b, const struct tally *t)
{
	char name[STATUS_NAME];

	for (unsigned i = 0; i < t->nstatus; i++) {
		uint32_t status = t->status[i].status;

		outcome_put_count(b,
		    status == ESME_RTHROTTLED ? "throttled"
					      : status_name(name, status),
		    t->status[i].n);
	}
	outcome_put_count(b, "other statuses", t->more_statuses);
}

void
report_counts(struct smpp_sbuf *b, const struct figures *f)
{
	const struct tally *t = f->t;

	if (!f->plan->quiet) {
		smpp_sbuf_printf(b, "sent %llu  ok %llu (%.1f %%)",
		    (unsigned long long)t->sent, (unsigned long long)t->ok,
		    100 * tally_share(t->ok, t->sent));
		put_statuses(b, t);
		outcome_put_count(b, "timeouts", t->timeouts);
		outcome_put_count(b, "lost", t->lost);
		outcome_put_count(b, "not sent", f->unsent);
		outcome_put_count(b, "delivered", t->other);
	} else {
		smpp_sbuf_printf(
		    b, "delivered %llu", (unsigned long long)t->other);
	}
}

void
report_receipts(struct smpp_sbuf *b, const struct figures *f)
{
	if (f->plan->wait_ms < 0)
		return;
	smpp_sbuf_printf(
	    b, "  receipts %llu", (unsigned long long)f->t->receipts);
	outcome_put_count(b, "late", f->t->overdue);
	outcome_put_count(b, "awaited", f->awaited);
	outcome_put_count(b, "untracked", f->untracked);
}

/* The first line: counts and rates. */
static void
outcome_put_line(struct smpp_sbuf *b, const struct figures *f)
{
	report_counts(b, f);
	smpp_sbuf_puts(b, "  ");
	report_rates(b, f);
	report_receipts(b, f);
	smpp_sbuf_putc(b, '\n');
}

void
report_span(struct smpp_sbuf *b, const char *what, const struct span *s)
{
	smpp_sbuf_printf(b, "%s ms%s", what, s->hist.n == 0 ? "  -" : "");
	if (s->hist.n == 0)
		return;
	for (int i = 0; i < QUANTILES; i++) {
		smpp_sbuf_printf(b, "  %s ", quantiles[i].word);
		report_ms(b, span_ms(s, quantiles[i].q));
	}
}

/*
 * Service is from leaving to answer: beside latency it tells whether waiting
 * was in the SMSC or before its window.
 */
static void
outcome_put_times(struct smpp_sbuf *b, const struct figures *f)
{
	const struct tally *t = f->t;

	if (t->latency.hist.n > 0) {
		report_span(b, "latency", &t->latency);
		smpp_sbuf_puts(b, "   (service p99 ");
		report_ms(b, span_ms(&t->service, 0.99));
		smpp_sbuf_puts(b, ")\n");
	}
	if (t->receipt.hist.n > 0) {
		report_span(b, "receipt", &t->receipt);
		smpp_sbuf_putc(b, '\n');
	}
}

/* The highest power of two, in ns, that is not above v. */
static uint64_t
octave(uint64_t v)
{
	return v == 0 ? 1 : (uint64_t)1 << (63 - __builtin_clzll(v));
}

/*
 * How latency is spread: a bar for each power of two. Twice through: bars are
 * drawn in proportion to the longest. Ten at most, the fastest ones together
 * in the first, for it is the slow end that matters.
 */
void
report_bars(struct smpp_sbuf *b, const struct span *s)
{
	uint64_t from, seen = 0, upto, most = 0, last;
	uint64_t top = octave(s->max);
	int i;

	if (s->hist.n == 0)
		return;
	last = octave(s->min);
	if (top >> (BARS - 1) > last)
		last = top >> (BARS - 1);
	for (from = last; from <= top; from *= 2) {
		upto = smpp_hist_upto(&s->hist, 2 * from - 1);
		if (upto - seen > most)
			most = upto - seen;
		seen = upto;
	}
	for (from = last, seen = 0; from <= top; from *= 2) {
		upto = smpp_hist_upto(&s->hist, 2 * from - 1);
		smpp_sbuf_printf(b, "  %8.3g - %-8.3g ms  ",
		    from == last ? (double)s->min / 1e6 : (double)from / 1e6,
		    (double)(2 * from) / 1e6);
		for (i = 0; i < (int)(BAR * (upto - seen) / most); i++)
			smpp_sbuf_putc(b, '#');
		/*
		 * Less than a character wide, but not nothing: outliers are
		 * what a histogram is looked at for.
		 */
		if (i == 0 && upto > seen)
			smpp_sbuf_putc(b, '.');
		smpp_sbuf_putc(b, '\n');
		seen = upto;
	}
}

static void
say_limited(struct load *l, const struct figures *f)
{
	if (!figures_limited(f))
		return;
	if (f->asked < 0)
		out_say(l->c, 0,
		    "== client-limited: smpp load took %.0f %% of a core; the "
		    "SMSC may be able to do more",
		    f->cpu * 100);
	else
		out_say(l->c, 0,
		    "== client-limited: this machine sent %llu of %llu later "
		    "than they were due, the SMSC is not to blame",
		    (unsigned long long)f->t->late,
		    (unsigned long long)f->t->sent);
}

static void
summary_text(struct load *l, const struct figures *f)
{
	struct smpp_sbuf *b = &l->c->out->b;

	outcome_put_line(b, f);
	outcome_put_times(b, f);
	report_bars(b, &f->t->latency);
	out_line(l->c->out);
}

/* Says each threshold that does not hold. */
static void
say_failed(struct load *l, const struct figures *f)
{
	char text[160];
	struct smpp_sbuf b;

	for (const struct limit *m = l->limit; m != NULL; m = m->next) {
		if (!limit_failed(m, f))
			continue;
		smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
		limit_explain(m, f, &b);
		l->exit = cmd_worse(
		    l->exit, out_error(l->c, SMPP_EXIT_NO, "threshold",
				 "threshold failed: %.*s", (int)b.n, text));
	}
}

void
report_summary(struct load *l, const struct figures *f)
{
	struct out *o = l->c->out;

	if (o->form != OUT_HUMAN)
		outcome_summary_json(l, f);
	else if (!o->args.quiet)
		summary_text(l, f);
	out_flush(o);
	say_limited(l, f);
	/* Where no session was left that was said, and is the reason. */
	if (f->t->ok == 0 && !f->plan->quiet && l->exit != SMPP_EXIT_PEER)
		l->exit = cmd_worse(
		    l->exit, out_error(l->c, SMPP_EXIT_NO, "load",
				 "no message was accepted"));
	say_failed(l, f);
}

void
report_stats(struct load *l, const struct figures *f)
{
	struct out *o = l->c->out;
	struct smpp_jsonw *j;

	if (l->a.every_ms == 0)
		return;
	if (o->form != OUT_HUMAN) {
		j = outcome_record(l, "stats", true);
		outcome_put_members(j, f);
		smpp_jsonw_close(j, '}');
		out_record(o);
	} else if (!o->args.quiet) {
		outcome_put_line(&o->b, f);
		out_line(o);
	}
	out_flush(o);
}
