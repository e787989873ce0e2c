/* Borrowed octets: a pointer and a length, never an owner. */
#ifndef SMPP_BASE_VIEW_H
#define SMPP_BASE_VIEW_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * n octets at p, which need no NUL behind them. p may be NULL when n is 0. A
 * view lives as long as the buffer it points into; nobody frees a view. It is
 * passed and returned by value.
 */
struct smpp_view {
	const uint8_t *p;
	uint32_t n;
};

/* A view of the characters of a C string, borrowed, without its NUL. */
static inline struct smpp_view
smpp_view_str(const char *s)
{
	struct smpp_view v = {(const uint8_t *)s, (uint32_t)strlen(s)};

	return v;
}

/*
 * A view of n octets at p, borrowed. Octets on this wire are counted in 32
 * bits: n is below 2^32.
 */
static inline struct smpp_view
smpp_view_of(const void *p, size_t n)
{
	struct smpp_view v = {(const uint8_t *)p, (uint32_t)n};

	return v;
}

/*
 * One past the last octet; of an empty view p itself, since there is no
 * arithmetic on NULL.
 */
static inline const uint8_t *
smpp_view_end(struct smpp_view v)
{
	return v.n == 0 ? v.p : v.p + v.n;
}

/*
 * 1 when both views hold the same octets, else 0. Two empty ones are equal,
 * wherever they point.
 */
static inline int
smpp_view_eq(struct smpp_view a, struct smpp_view b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* 1 when the view holds exactly the characters of s, in this case and without
 * its NUL, else 0. */
static inline int
smpp_view_is(struct smpp_view v, const char *s)
{
	return smpp_view_eq(v, smpp_view_str(s));
}

SMPP_END_DECLS

#endif
