/* How a run went. */
#include "timeline.h"

#include "load.h"

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* The mean of two values of intervals that took so long. */
static double
mean(double a, double seconds_a, double b, double seconds_b)
{
	double all = seconds_a + seconds_b;

	return all > 0 ? (a * seconds_a + b * seconds_b) / all : a;
}

/*
 * Makes a point of two that follow each other. Percentiles cannot be joined;
 * for the middle ones a mean is near enough, while of the slow end the worst
 * is kept, since that is what is looked for.
 */
static void
timeline_merge(struct point *p, const struct point *q)
{
	p->asked = mean(p->asked, p->seconds, q->asked, q->seconds);
	p->rate = mean(p->rate, p->seconds, q->rate, q->seconds);
	p->errors = mean(p->errors, p->seconds, q->errors, q->seconds);
	p->p50 = mean(p->p50, p->seconds, q->p50, q->seconds);
	p->p90 = mean(p->p90, p->seconds, q->p90, q->seconds);
	p->p99 = larger(p->p99, q->p99);
	p->max = larger(p->max, q->max);
	p->open = larger(p->open, q->open);
	p->seconds += q->seconds;
	p->at = q->at;
	p->n += q->n;
}

/*
 * A run of any length fits: neighbours are joined when it is full, and from
 * then on a point is twice as many intervals.
 */
static void
halve(struct history *h)
{
	for (unsigned i = 0; i < h->n / 2; i++) {
		h->point[i] = h->point[2 * i];
		timeline_merge(&h->point[i], &h->point[2 * i + 1]);
	}
	h->n /= 2;
	h->stride *= 2;
}

void
history_add(struct history *h, const struct figures *f)
{
	const struct span *s = &f->t->latency;
	double from = h->n > 0 ? h->point[h->n - 1].at : 0;
	struct point p = {
	    .at = from + f->seconds,
	    .seconds = f->seconds,
	    .asked = f->asked,
	    .rate = tally_rate(f->t->answered, f->seconds),
	    .errors = tally_rate(tally_errors(f->t), f->seconds),
	    .p50 = span_ms(s, 0.5),
	    .p90 = span_ms(s, 0.9),
	    .p99 = span_ms(s, 0.99),
	    .max = span_ms(s, 1),
	    .open = (double)f->open,
	    .n = 1,
	};

	if (h->stride == 0)
		h->stride = 1;
	if (h->n == HISTORY_MAX)
		halve(h);
	/*
	 * Into the last point while it is not full; so is what is much shorter
	 * than an interval, the rest at the end of a run, whose rate would be
	 * a spike on the chart.
	 */
	if (h->n > 0 && (h->point[h->n - 1].n < h->stride ||
			    p.seconds < h->point[0].seconds / h->stride / 2))
		timeline_merge(&h->point[h->n - 1], &p);
	else
		h->point[h->n++] = p;
}
