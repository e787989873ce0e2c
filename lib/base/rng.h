/* Random numbers that a seed repeats: for shares, loads and tests. */
#ifndef SMPP_BASE_RNG_H
#define SMPP_BASE_RNG_H

#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * Where a sequence of numbers is. It is seeded by setting state, and any is a
 * good seed, 0 too: the same seed gives the same numbers on every machine. Two
 * threads have two of them.
 */
struct smpp_rng {
	uint64_t state;
};

/*
 * The next 64 bits (splitmix64): evenly distributed, one period of all 2^64
 * states. They can be foretold by who has seen one: no secrets from here.
 */
static inline uint64_t
smpp_rng_next(struct smpp_rng *r)
{
	uint64_t z = r->state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/*
 * The next number from 0 to 1, 1 itself left out, in steps of 2^-53: what a
 * share, a chance or a jitter is multiplied with.
 */
static inline double
smpp_rng_unit(struct smpp_rng *r)
{
	return (double)(smpp_rng_next(r) >> 11) * (1.0 / 9007199254740992);
}

SMPP_END_DECLS

#endif
