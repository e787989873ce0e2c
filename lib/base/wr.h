/* Write cursor into a caller's block: big endian, bounded, sticky overflow. */
#ifndef SMPP_BASE_WR_H
#define SMPP_BASE_WR_H

#include <stdbool.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * A block of the caller that is written from the start. After an overflow
 * nothing more is written, so that it is enough to look at bad at the end; what
 * was written before stays:
 *
 *	uint8_t octets[3];
 *
 *	smpp_wr_init(&w, octets, sizeof(octets));
 *	smpp_wr_u8(&w, type);
 *	smpp_wr_u16(&w, code);
 *	if (w.bad)
 *		return SMPP_ENOSPACE;
 *
 * It is also where calls put what an object is to borrow: their callers keep
 * the block for as long as the object is used.
 */
struct smpp_wr {
	/* The block. */
	uint8_t *p;
	/* Octets written, and octets it holds. */
	size_t n;
	size_t cap;
	/* Something did not fit. */
	bool bad;
};

/*
 * Starts writing at p, which the caller owns and which holds cap octets, as
 * long as w is used. p may be NULL when cap is 0: then anything is too much.
 */
static inline void
smpp_wr_init(struct smpp_wr *w, void *p, size_t cap)
{
	w->p = (uint8_t *)p;
	w->n = 0;
	w->cap = cap;
	w->bad = false;
}

/*
 * Room for n octets, to be filled by the caller, who need not say so: they
 * count as written. NULL, and bad is set, when fewer are left.
 */
static inline uint8_t *
smpp_wr_room(struct smpp_wr *w, size_t n)
{
	uint8_t *p = w->p + w->n;

	if (w->bad || n > w->cap - w->n) {
		w->bad = true;
		return NULL;
	}
	w->n += n;
	return p;
}

/* Stores a big-endian number at p, which must hold 2 octets; no alignment is
 * asked for. */
static inline void
smpp_put_u16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

/* The same of 4 octets. */
static inline void
smpp_put_u32(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 24);
	p[1] = (uint8_t)(v >> 16);
	p[2] = (uint8_t)(v >> 8);
	p[3] = (uint8_t)v;
}

/*
 * Append a number of 1, 2 or 4 octets, big-endian, or nothing and set bad: a
 * number is never cut.
 */
static inline void
smpp_wr_u8(struct smpp_wr *w, uint8_t v)
{
	uint8_t *p = smpp_wr_room(w, 1);

	if (p != NULL)
		*p = v;
}

/* See smpp_wr_u8(). */
static inline void
smpp_wr_u16(struct smpp_wr *w, uint16_t v)
{
	uint8_t *p = smpp_wr_room(w, 2);

	if (p != NULL)
		smpp_put_u16(p, v);
}

/* See smpp_wr_u8(). */
static inline void
smpp_wr_u32(struct smpp_wr *w, uint32_t v)
{
	uint8_t *p = smpp_wr_room(w, 4);

	if (p != NULL)
		smpp_put_u32(p, v);
}

/* Appends the octets of v, all of them or none. The two may not overlap. */
static inline void
smpp_wr_view(struct smpp_wr *w, struct smpp_view v)
{
	uint8_t *p = smpp_wr_room(w, v.n);

	if (p != NULL && v.n > 0)
		memcpy(p, v.p, v.n);
}

/*
 * Appends the octets of v and a NUL: a C-octet string of the specification. A
 * NUL within v is not looked for.
 */
static inline void
smpp_wr_cstr(struct smpp_wr *w, struct smpp_view v)
{
	smpp_wr_view(w, v);
	smpp_wr_u8(w, 0);
}

SMPP_END_DECLS

#endif
