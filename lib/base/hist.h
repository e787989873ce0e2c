/* A histogram of numbers in fixed memory, exact to about three digits. */
#ifndef SMPP_BASE_HIST_H
#define SMPP_BASE_HIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * Numbers below 1024 have a bucket each; above, every power of two has 512.
 * All zero is an empty histogram.
 */
enum { SMPP_HIST_BUCKETS = 1024 + 54 * 512 };

/* The caller's, some 220 KiB; there is nothing to be freed. */
struct smpp_hist {
	/* How many numbers were counted. */
	uint64_t n;
	/* How many of them each bucket has. */
	uint64_t bucket[SMPP_HIST_BUCKETS];
};

/* Counts a number, whatever its unit. */
void smpp_hist_add(struct smpp_hist *h, uint64_t v);

/*
 * The number below or at which the share q, 0 to 1, of all lies, rounded down
 * to its bucket. 0 when there are none.
 */
uint64_t smpp_hist_quantile(const struct smpp_hist *h, double q);

/* How many numbers lie in the bucket of v or in one below. */
uint64_t smpp_hist_upto(const struct smpp_hist *h, uint64_t v);

/* Counts what from has counted as well. */
void smpp_hist_merge(struct smpp_hist *h, const struct smpp_hist *from);

SMPP_END_DECLS

#endif
