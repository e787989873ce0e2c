/* What was counted and measured, in an interval or in all. */
#ifndef SMPP_LOAD_TALLY_H
#define SMPP_LOAD_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hist.h"

enum { TALLY_STATUSES = 32 };

/* Times in nanoseconds; their sum in ms, and that of their squares. */
struct span {
	struct smpp_hist hist;
	uint64_t min, max;
	double sum, squares;
};

/* How often a command_status came. */
struct tally_status {
	uint32_t status;
	uint64_t n;
};

/*
 * sent is answered with ok or another status (answered, all of them), was not
 * in time (timeouts), or was lost with its connection. late is what was sent
 * later than due although the window had room: our own fault. receipts are
 * those of our messages, overdue those among them that took too long; other
 * is what else the SMSC delivered. latency counts from when a message was due,
 * service from when it was sent, receipt from then to its receipt.
 */
struct tally {
	uint64_t sent, answered, ok, timeouts, lost, late;
	uint64_t receipts, overdue, other;
	uint64_t sessions_lost;
	unsigned nstatus;
	struct tally_status status[TALLY_STATUSES];
	uint64_t more_statuses;
	struct span latency, service, receipt;
};

/* Counts a time. */
static inline void
span_add(struct span *s, uint64_t ns)
{
	const double ms = (double)ns / 1e6;

	if (s->hist.n == 0 || ns < s->min)
		s->min = ns;
	if (ns > s->max)
		s->max = ns;
	s->sum += ms;
	s->squares += ms * ms;
	smpp_hist_add(&s->hist, ns);
}

/* The time within which the share q of all was, in ms; 0 when there is none. */
double span_ms(const struct span *s, double q);

/* The mean in ms, and the standard deviation; 0 when there is none. */
double span_mean(const struct span *s);
double span_deviation(const struct span *s);

/* Counts an answer. */
void tally_answer(struct tally *t, uint32_t status);

/* How often a status came. */
uint64_t tally_status(const struct tally *t, uint32_t status);

/* Adds what from has counted. */
void tally_merge(struct tally *t, const struct tally *from);

/* Requests that did not succeed: refused, not answered, or lost. */
uint64_t tally_errors(const struct tally *t);

/* A share of two counts, or a count a second; 0 of nothing. */
double tally_share(uint64_t part, uint64_t whole);
double tally_rate(uint64_t n, double seconds);

#endif
