/* Which receipt is about which message, and how long it took. */
#ifndef SMPP_LOAD_RECEIPTS_H
#define SMPP_LOAD_RECEIPTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

/*
 * The ids of messages whose receipts are awaited, and of receipts that came
 * before the response. An id takes 24 octets; beyond RECEIPTS_MAX of them
 * messages are not kept track of any more, and counted in untracked.
 */
enum { RECEIPTS_MAX = 8 << 20 };

struct receipts_entry {
	uint64_t key; /* of the id, 0 is free */
	uint64_t when;
	bool early;
};

struct receipts {
	struct receipts_entry *entry;
	size_t mask;
	size_t n;     /* entries in use */
	size_t early; /* of those, receipts */
	uint64_t untracked;
};

/* Returns 0, or -1 without memory. fini accepts a zeroed object. */
int receipts_init(struct receipts *r);
void receipts_fini(struct receipts *r);

/* How many receipts are awaited. */
static inline size_t
receipts_awaited(const struct receipts *r)
{
	return r->n - r->early;
}

/*
 * A message that was sent at a time got this id. Returns true and sets *came
 * when its receipt came already.
 */
bool receipts_sent(
    struct receipts *r, struct smpp_view id, uint64_t sent, uint64_t *came);

/*
 * A receipt for this id came at a time. Returns true and sets *sent when it is
 * about one of ours. Otherwise it is kept, while less than most others are.
 */
bool receipts_came(struct receipts *r, struct smpp_view id, uint64_t came,
    size_t most, uint64_t *sent);

#endif
