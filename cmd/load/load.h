/* What the parts of smpp load share. */
#ifndef SMPP_LOAD_LOAD_H
#define SMPP_LOAD_LOAD_H

#include "pump.h"
#include "file.h"
#include "timeline.h"
#include "limit.h"
#include "live.h"
#include "page.h"

struct load_args {
	struct target target;
	bool dry;
	struct message_args message;
	const char *rate, *ramp;
	int64_t duration_ms; /* -1: not given */
	uint32_t count;
	uint32_t sessions, window; /* 0: not given */
	int64_t wait_ms;           /* -1: not given */
	int64_t every_ms;
	struct opt_list fail_if;
	const char *hdr, *csv, *report;
	bool find_max;
	bool yes;
};

struct load {
	struct ctx *c;
	struct load_args a;
	struct plan plan;
	struct message *message;
	struct run *run; /* the last one, for the next to use again */
	struct limit *limit;
	struct live live;
	struct file hdr, csv;
	char *part;   /* where the page of --report is written at first */
	bool no_page; /* it could not be */
	struct history history;
	int64_t began_us; /* of the wall clock */
	int exit;         /* the worst so far */
};

/*
 * What is known about a run, or an interval of it: what was counted in
 * seconds; asked, the rate that was meant, below 0 for as much as goes; unsent
 * is what was due and not sent; open what waits for its answer; awaited what
 * waits for its receipt, untracked those of whom that is not known; cpu the
 * share of a core that the engine took.
 */
struct figures {
	const struct tally *t;
	const struct plan *plan;
	double seconds, asked;
	uint64_t unsent, open, awaited, untracked;
	uint32_t live;
	double cpu;
};

/* Whether this machine, not the SMSC, was the limit. */
bool figures_limited(const struct figures *f);

/* --- run.c: one run, from the binds to the last answer --- */

/*
 * Runs a plan. Sets *f, whose tally is total, to what came out. Returns 0 when
 * it ran, else an exit class after it said what is wrong.
 */
int run_plan(struct load *l, const struct plan *plan, struct tally *total,
    struct figures *f);

/* --- findmax.c: many runs, to find out how much goes --- */

/* Prints what each step came to, and the most that is kept. Returns an exit
 * class. */
int find_max(struct load *l);

/* --- report.c: figures, for people and as JSON --- */

/* One record of an interval, with the options that ask for it. */
void report_stats(struct load *l, const struct figures *f);

/* The figures of the whole run; failed are the thresholds that do not hold. */
void report_summary(struct load *l, const struct figures *f);

/* As records: a step of --find-max, and what it found. */
void report_step(struct load *l, const struct figures *f, bool good);
void report_knee(struct load *l, uint32_t sessions, uint32_t window,
    double most, double knee);

/* Pieces of text: "0.045", a time in ms; the rates asked and answered; what
 * was sent and what came, and of receipts; the percentiles of a span; a bar for
 * each power of two of it, one a line. */
void report_ms(struct smpp_sbuf *b, double ms);
void report_rates(struct smpp_sbuf *b, const struct figures *f);
void report_counts(struct smpp_sbuf *b, const struct figures *f);
void report_receipts(struct smpp_sbuf *b, const struct figures *f);
void report_span(struct smpp_sbuf *b, const char *what, const struct span *s);
void report_bars(struct smpp_sbuf *b, const struct span *s);

#endif
