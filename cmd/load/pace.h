/* When each message is due: a rate, which may change on the way. */
#ifndef SMPP_LOAD_PACE_H
#define SMPP_LOAD_PACE_H

#include <stdint.h>

/*
 * A schedule: from t0, when count messages had been due (a fraction of the
 * next one included), the rate goes from a to b a second within ramp seconds
 * and stays there. Nothing adds up from message to message, so nothing drifts.
 */
struct pace {
	uint64_t t0;
	double count;
	double a, b;
	double ramp;
};

/* Starts at t0, in nanoseconds, with the first message due at once. */
void pace_start(struct pace *p, uint64_t t0, double a, double b, double ramp);

/* When message n, counted from 0, is due; UINT64_MAX for never. */
uint64_t pace_due(const struct pace *p, uint64_t n);

/* How many messages have been due before t, and the rate at t. */
double pace_count(const struct pace *p, uint64_t t);
double pace_rate(const struct pace *p, uint64_t t);

/* Goes on with this rate from t on. */
void pace_change(struct pace *p, uint64_t t, double rate);

#endif
