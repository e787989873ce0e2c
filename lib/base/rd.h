/* Read cursor over wire octets: big endian, bounded, with a sticky failure. */
#ifndef SMPP_BASE_RD_H
#define SMPP_BASE_RD_H

#include <stdbool.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * Octets that are read from the start, borrowed for as long as it is used.
 * After the first failure every read gives zero or an empty view, so that it
 * is enough to look at bad at the end:
 *
 *	smpp_rd_init(&r, octets);
 *	type = smpp_rd_u8(&r);
 *	code = smpp_rd_u16(&r);
 *	if (r.bad || smpp_rd_left(&r) > 0)
 *		return SMPP_ETLV_BAD_LENGTH;
 */
struct smpp_rd {
	/* The next octet. Moves towards end, never past it, and stays where it
	 * is after a failure: that is where the data ran out. */
	const uint8_t *p;
	const uint8_t *end;
	/* More was asked for than there was. */
	bool bad;
};

/* Starts reading the octets of v, which may be empty. */
static inline void
smpp_rd_init(struct smpp_rd *r, struct smpp_view v)
{
	r->p = v.p;
	r->end = smpp_view_end(v);
	r->bad = false;
}

/* Octets not yet read, whether or not there was a failure. */
static inline size_t
smpp_rd_left(const struct smpp_rd *r)
{
	return (size_t)(r->end - r->p);
}

/*
 * Takes n octets: returns where they are and moves behind them. NULL, and bad
 * is set, if fewer are left or there was a failure before.
 */
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

/*
 * The big-endian number at p, which must hold 2 octets; no alignment is asked
 * for.
 */
static inline uint16_t
smpp_get_u16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

/* The same of 4 octets. */
static inline uint32_t
smpp_get_u32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/*
 * Read a number of 1, 2 or 4 octets, big-endian. 0, and bad is set, when they
 * are not there: a number is never made of fewer.
 */
static inline uint8_t
smpp_rd_u8(struct smpp_rd *r)
{
	const uint8_t *p = smpp_rd_take(r, 1);

	return p == NULL ? 0 : *p;
}

/* See smpp_rd_u8(). */
static inline uint16_t
smpp_rd_u16(struct smpp_rd *r)
{
	const uint8_t *p = smpp_rd_take(r, 2);

	return p == NULL ? 0 : smpp_get_u16(p);
}

/* See smpp_rd_u8(). */
static inline uint32_t
smpp_rd_u32(struct smpp_rd *r)
{
	const uint8_t *p = smpp_rd_take(r, 4);

	return p == NULL ? 0 : smpp_get_u32(p);
}

/*
 * Takes n octets as a view, borrowed from what is read; empty, and bad is set,
 * when fewer are left.
 */
static inline struct smpp_view
smpp_rd_view(struct smpp_rd *r, size_t n)
{
	const uint8_t *p = smpp_rd_take(r, n);

	return smpp_view_of(p, p == NULL ? 0 : n);
}

/*
 * Looks for the NUL of a C string at the cursor. Returns the length of the
 * string without its NUL and moves past the NUL; the string is where p was. -1
 * when there is none before the end: then nothing moves, and bad is as it was,
 * since the caller knows better what that means.
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
