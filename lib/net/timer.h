/* Timers by the thousand: a heap of what is due, earliest first. */
#ifndef SMPP_NET_TIMER_H
#define SMPP_NET_TIMER_H

#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

struct smpp_timer;
typedef void (*smpp_timer_fn)(struct smpp_timer *t, int64_t now);

/*
 * One timer, a member of what it is about; all zero is one that is not set.
 * at is a value of smpp_clock_ms(). fn runs once, when that is over; the timer
 * is not set any more then, and fn may set it again, or free what it is in.
 * arg is the owner's. slot is private: 0 when it is not set.
 */
struct smpp_timer {
	int64_t at;
	smpp_timer_fn fn;
	void *arg;
	uint32_t slot;
};

/* All timers that are set, for one thread; all zero is none. Private. */
struct smpp_timers {
	struct smpp_timer **heap;
	uint32_t n, cap;
};

/*
 * Sets a timer, or moves one that is set. Returns 0, or SMPP_ENOMEM, and then
 * it is not set. A timer that is set can always be moved, and fn, when it sets
 * its own again before it sets another, always gets it.
 */
int smpp_timer_set(struct smpp_timers *all, struct smpp_timer *t, int64_t at);

/* Unsets a timer; one that is not set stays so. */
void smpp_timer_stop(struct smpp_timers *all, struct smpp_timer *t);

/* When the earliest is due; INT64_MAX when none is set. */
int64_t smpp_timers_due(const struct smpp_timers *all);

/*
 * Runs those that are due by now, at most max of them: one that sets itself
 * again at once cannot hold its thread. fn may set and stop any timer.
 */
void smpp_timers_run(struct smpp_timers *all, int64_t now, unsigned max);

/* Frees the heap, not the timers, which are not set then. */
void smpp_timers_free(struct smpp_timers *all);

SMPP_END_DECLS

#endif
