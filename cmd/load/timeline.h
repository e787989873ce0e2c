/* How a run went, interval by interval, in memory that does not grow. */
#ifndef SMPP_LOAD_HISTORY_H
#define SMPP_LOAD_HISTORY_H

struct figures;

enum { HISTORY_MAX = 480 };

/*
 * What was in some intervals that follow each other: until at, in seconds from
 * the beginning; rates a second, asked below 0 for none; times in ms, 0 when
 * nothing was answered; the most requests open at the end of one.
 */
struct point {
	double at, seconds;
	double asked, rate, errors;
	double p50, p90, p99, max;
	double open;
	unsigned n;
};

/* A point is of stride intervals; the last may still lack some. */
struct history {
	unsigned n, stride;
	struct point point[HISTORY_MAX];
};

/* Adds an interval. When there is no room, each two points become one; what is
 * much shorter than the others is added to the last. */
void history_add(struct history *h, const struct figures *f);

#endif
