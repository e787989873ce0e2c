/* Log-linear histogram. */
#include "base/hist.h"

/*
 * Numbers below 1024 have a bucket each; above, every doubling has 512, so
 * that a bucket is never wider than 1/512 of what is in it: the three digits
 * that are printed hold, in fixed memory.
 */
enum { EXACT = 1024, EXACT_BITS = 10, HALF = 512 };

static size_t
bucket_of(uint64_t v)
{
	unsigned top;

	if (v < EXACT)
		return (size_t)v;
	top = 63 - (unsigned)__builtin_clzll(v);
	return EXACT + (size_t)(top - EXACT_BITS) * HALF +
	       (size_t)(v >> (top - EXACT_BITS + 1)) - HALF;
}

/* The lowest number of a bucket. */
static uint64_t
lowest(size_t i)
{
	size_t octave;

	if (i < EXACT)
		return i;
	octave = (i - EXACT) / HALF;
	return (uint64_t)(HALF + (i - EXACT) % HALF) << (octave + 1);
}

void
smpp_hist_add(struct smpp_hist *h, uint64_t v)
{
	h->n++;
	h->bucket[bucket_of(v)]++;
}

uint64_t
smpp_hist_quantile(const struct smpp_hist *h, double q)
{
	uint64_t seen = 0;
	size_t i;

	for (i = 0; i < SMPP_HIST_BUCKETS; i++) {
		seen += h->bucket[i];
		/* With q 0 it is the least number, not the first bucket. */
		if (seen > 0 && (double)seen >= q * (double)h->n)
			return lowest(i);
	}
	return 0;
}

uint64_t
smpp_hist_upto(const struct smpp_hist *h, uint64_t v)
{
	uint64_t seen = 0;

	for (size_t i = 0; i <= bucket_of(v); i++)
		seen += h->bucket[i];
	return seen;
}

/* Buckets are the same in every histogram: merging loses nothing, as averaging
 * percentiles would. */
void
smpp_hist_merge(struct smpp_hist *h, const struct smpp_hist *from)
{
	h->n += from->n;
	for (size_t i = 0; i < SMPP_HIST_BUCKETS; i++)
		h->bucket[i] += from->bucket[i];
}
