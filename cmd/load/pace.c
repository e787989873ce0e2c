/* When each message is due. */
#include "pace.h"

#include <math.h>

void
pace_start(struct pace *p, uint64_t t0, double a, double b, double ramp)
{
	*p = (struct pace){.t0 = t0, .a = a, .b = b, .ramp = ramp};
}

/*
 * Messages that are due within s seconds of the ramp. The area below the line
 * of the rate: a s + (b - a) s^2 / (2 ramp).
 */
static double
ramped(const struct pace *p, double s)
{
	return p->ramp > 0 ? p->a * s + (p->b - p->a) * s * s / (2 * p->ramp)
			   : 0;
}

/*
 * Seconds from t0 until n messages are due. On the ramp, whose slope is k,
 * a s + k s^2 / 2 = n is solved in the form that holds for k = 0, too.
 */
static double
pace_seconds(const struct pace *p, double n)
{
	double whole = ramped(p, p->ramp), k, root;

	if (n > whole)
		return p->b > 0 ? p->ramp + (n - whole) / p->b : INFINITY;
	if (n <= 0)
		return 0;
	k = (p->b - p->a) / p->ramp;
	/*
	 * Rounding may take it below 0 at the end of a ramp that goes down to
	 * 0, where the square root would be no number.
	 */
	root = p->a * p->a + 2 * k * n;
	return 2 * n / (p->a + sqrt(root > 0 ? root : 0));
}

uint64_t
pace_due(const struct pace *p, uint64_t n)
{
	double ns = pace_seconds(p, (double)n - p->count) * 1e9;

	/* Beyond 292 years, and for a rate of 0: never. */
	return ns < 9e18 ? p->t0 + (uint64_t)llround(ns) : UINT64_MAX;
}

double
pace_count(const struct pace *p, uint64_t t)
{
	double s = t > p->t0 ? (double)(t - p->t0) / 1e9 : 0;

	if (s < p->ramp)
		return p->count + ramped(p, s);
	return p->count + ramped(p, p->ramp) + p->b * (s - p->ramp);
}

double
pace_rate(const struct pace *p, uint64_t t)
{
	double s = t > p->t0 ? (double)(t - p->t0) / 1e9 : 0;

	return s < p->ramp ? p->a + (p->b - p->a) * s / p->ramp : p->b;
}

/*
 * The fraction of the message that was nearly due goes on with the new rate,
 * so that each key press costs nothing.
 */
void
pace_change(struct pace *p, uint64_t t, double rate)
{
	p->count = pace_count(p, t);
	p->t0 = t;
	p->a = p->b = rate;
	p->ramp = 0;
}
