/* Random numbers that a seed repeats: for shares, loads and tests. */
#ifndef SMPP_BASE_RNG_H
#define SMPP_BASE_RNG_H

#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/* Any state is a good seed, 0 too. */
struct smpp_rng {
	uint64_t state;
};

/* The next 64 bits (splitmix64). */
static inline uint64_t
smpp_rng_next(struct smpp_rng *r)
{
	uint64_t z = r->state += 0x9E3779B97F4A7C15u;

	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

/* The next number from 0 to 1, 1 itself left out. */
static inline double
smpp_rng_unit(struct smpp_rng *r)
{
	return (double)(smpp_rng_next(r) >> 11) * (1.0 / 9007199254740992);
}

SMPP_END_DECLS

#endif
