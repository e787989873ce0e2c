/* Thresholds: --fail-if 'p99>250ms'. */
#ifndef SMPP_LOAD_LIMIT_H
#define SMPP_LOAD_LIMIT_H

#include "kit/cmd.h"

struct figures;

/* A threshold, parsed; opaque but for the text it was given as. */
struct limit {
	struct limit *next;
	const char *text;
	const struct limit_metric *metric;
	double quantile; /* of metrics that have one */
	unsigned op;
	double value;
	bool share; /* value is a share of the messages sent */
};

/* Parses one, in memory of c. Returns 0, or an exit class after it said what
 * is wrong. */
int limit_parse(struct ctx *c, struct limit **list, const char *text);

/* Whether the figures cross it. */
bool limit_failed(const struct limit *m, const struct figures *f);

/* Appends what was found: "41.3 ms". */
void limit_found(
    const struct limit *m, const struct figures *f, struct smpp_sbuf *b);

/* Appends what it is and what was found: "p99 41.3 ms > 20 ms". */
void limit_explain(
    const struct limit *m, const struct figures *f, struct smpp_sbuf *b);

#endif
