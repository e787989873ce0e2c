/* Read cursor over wire octets: big endian, bounded, with a sticky failure. */
#ifndef SMPP_BASE_RD_H
#define SMPP_BASE_RD_H

#include <stdbool.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * p moves towards end and never past it. After the first failure every read
 * gives zero or an empty view and p stays where it was.
 */
struct smpp_rd {
	const uint8_t *p;
	const uint8_t *end;
	bool bad;
};

/* Starts reading the octets of v, which stay borrowed. */
static inline void
smpp_rd_init(struct smpp_rd *r, struct smpp_view v)
{
	r->p = v.p;
	r->end = smpp_view_end(v);
	r->bad = false;
}

/* Octets not yet read. */
static inline size_t
smpp_rd_left(const struct smpp_rd *r)
{
	return (size_t)(r->end - r->p);
}

/* Takes n octets; NULL and the sticky failure if fewer are left. */
static inline const uint8_t *
smpp_rd_take(struct smpp_rd *r, size_t n)
{
	const uint8_t *p = r->p;

	if (r->bad || n > smpp_rd_left(r)) {
		r->bad = true;
		return NULL;
	}
	r->p = p + n;
	return p;
}

/* The big-endian numbers at p, which must hold 2 or 4 octets. */
static inline uint16_t
smpp_get_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t
smpp_get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* Reads 1, 2 or 4 octets as a number; 0 after a failure. */
static inline uint8_t
smpp_rd_u8(struct smpp_rd *r)
{
	const uint8_t *p = smpp_rd_take(r, 1);

	return p == NULL ? 0 : *p;
}

static inline uint16_t
smpp_rd_u16(struct smpp_rd *r)
{
	const uint8_t *p = smpp_rd_take(r, 2);

	return p == NULL ? 0 : smpp_get_u16(p);
}

static inline uint32_t
smpp_rd_u32(struct smpp_rd *r)
{
	const uint8_t *p = smpp_rd_take(r, 4);

	return p == NULL ? 0 : smpp_get_u32(p);
}

/* Takes n octets as a view; empty after a failure. */
static inline struct smpp_view
smpp_rd_view(struct smpp_rd *r, size_t n)
{
	const uint8_t *p = smpp_rd_take(r, n);

	return smpp_view_of(p, p == NULL ? 0 : n);
}

/*
 * Looks for the NUL of a C string at the cursor. Returns the length of the
 * string without its NUL and moves past the NUL; -1 when there is none before
 * the end, and then moves nothing.
 *
 * Strings on this wire are short, so eight octets are tested at once while
 * eight are left: a call of memchr costs more than the search.
 */
static inline int64_t
smpp_rd_cstr(struct smpp_rd *r)
{
	const uint8_t *p = r->p;
	const uint64_t ones = 0x0101010101010101u;
	uint64_t w, hit;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	while (r->end - p >= 8) {
		memcpy(&w, p, 8);
		hit = (w - ones) & ~w & (ones << 7);
		if (hit != 0) {
			p += __builtin_ctzll(hit) >> 3;
			goto found;
		}
		p += 8;
	}
#else
	(void)w, (void)hit, (void)ones;
#endif
	while (p < r->end && *p != 0)
		p++;
	if (p == r->end)
		return -1;
found:
	w = (uint64_t)(p - r->p);
	r->p = p + 1;
	return (int64_t)w;
}

SMPP_END_DECLS

#endif
