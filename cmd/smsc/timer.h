/* Timers by the thousand: a heap of what is due, earliest first. */
#ifndef SMPP_SMSC_TIMER_H
#define SMPP_SMSC_TIMER_H

#include <stddef.h>
#include <stdint.h>

struct timer;
typedef void (*timer_fn)(struct timer *t, int64_t now);

/*
 * One timer, a member of what it is about; all zero is one that is not set.
 * at is a value of smpp_clock_ms(). fn runs once, when that is over; the timer
 * is not set any more then, and fn may set it again or free it. arg is the
 * owner's.
 */
struct timer {
	int64_t at;
	timer_fn fn;
	void *arg;
	uint32_t slot; /* in the heap, from 1 */
};

/* All timers that are set; all zero is none. */
struct timers {
	struct timer **heap;
	uint32_t n, cap;
};

/* Sets a timer, or moves one that is set. Out of memory ends the program. */
void timer_set(struct timers *all, struct timer *t, int64_t at);

/* Unsets a timer; one that is not set stays so. */
void timer_stop(struct timers *all, struct timer *t);

/* When the earliest is due; INT64_MAX when none is set. */
int64_t timers_due(const struct timers *all);

/* Runs those that are due by now, at most max of them. */
void timers_run(struct timers *all, int64_t now, unsigned max);

/* Frees the heap, not the timers. */
void timers_free(struct timers *all);

#endif
