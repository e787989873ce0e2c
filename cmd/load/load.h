/* What the parts of smpp load share. */
#ifndef SMPP_LOAD_LOAD_H
#define SMPP_LOAD_LOAD_H

#include "engine.h"
#include "limit.h"

struct load_args {
	struct target target;
	bool dry;
	struct message_args message;
	const char *rate, *ramp;
	int64_t duration_ms; /* -1: not given */
	uint32_t count;
	uint32_t sessions, window;
	int64_t wait_ms; /* -1: not given */
	int64_t every_ms;
	struct opt_list fail_if;
	bool yes;
};

struct load {
	struct ctx *c;
	struct load_args a;
	struct plan plan;
	struct message *message;
	struct secret password;
	struct limit *limit;
	int exit; /* the worst so far */
};

/*
 * What is known about a run, or an interval of it: what was counted in
 * seconds; asked, the rate that was meant, below 0 for as much as goes; unsent
 * is what was due and not sent; open what waits for its answer; awaited what
 * waits for its receipt; cpu the share of a core that the engine took.
 */
struct figures {
	const struct tally *t;
	const struct plan *plan;
	double seconds, asked;
	uint64_t unsent, open, awaited;
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

/* --- report.c: figures, for people and as JSON --- */

/* One record of an interval, with the options that ask for it. */
void report_stats(struct load *l, const struct figures *f);

/* The figures of the whole run; failed are the thresholds that do not hold. */
void report_summary(struct load *l, const struct figures *f);

/* Appends "12.3" or "0.045": what is left of a time in ms. */
void report_ms(struct sbuf *b, double ms);

#endif
