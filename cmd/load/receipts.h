/* Which receipt is about which message, and how each is answered. */
#ifndef SMPP_LOAD_RECEIPTS_H
#define SMPP_LOAD_RECEIPTS_H

#include "msg/dlr.h"
#include "msg/idmatch.h"

/*
 * Beyond RECEIPTS_MAX messages that wait for a receipt, 72 octets each, none
 * are kept track of any more, but counted in untracked. Receipts that cannot
 * be told yet are not answered for RECEIPTS_HOLD_NS.
 */
enum {
	RECEIPTS_MAX = 8 << 20,
	RECEIPTS_OVER = 1 << 18, /* messages known that have had theirs */
	RECEIPTS_KEPT = 50000,   /* receipts known that cannot be told yet */
	RECEIPTS_HOLD_NS = 500000000,
};

/* A message of which nothing is known. */
#define RECEIPTS_NONE UINT32_MAX

/* A request that carried a receipt: what an answer needs. life tells the
 * connections of one lane apart. */
struct receipts_from {
	void *lane;
	uint32_t life;
	uint32_t command_id, sequence_number;
};

/* One that is not decided: when it came, whether it says that the message is
 * over, and whether it was refused meanwhile. */
struct receipts_kept {
	struct receipts_kept *prev, *next;
	struct receipts_from from;
	uint64_t came;
	bool final, refused;
};

struct receipts {
	struct smpp_idmatch *book;
	struct receipts_kept *first, *last; /* those not answered */
	struct receipts_kept *spare;
	uint64_t untracked;
	size_t open; /* messages without id */
};

/*
 * What becomes of a receipt. If answers is set, what it came from is to be
 * answered with status. first says that it is the one that ends a message, sent
 * and came when; other that it is known and is none of these.
 */
struct receipts_fate {
	struct receipts_from from;
	bool answers, first, other;
	uint32_t status;
	uint64_t sent, came;
};

/* Returns 0, or -1 without memory. fini accepts a zeroed object. */
int receipts_init(struct receipts *r);
void receipts_fini(struct receipts *r);

/* How many receipts are awaited. */
size_t receipts_awaited(const struct receipts *r);

/* A message is sent at a time. Returns its handle, or RECEIPTS_NONE. */
uint32_t receipts_sent(
    struct receipts *r, const struct smpp_pdu *pdu, uint64_t sent);

/* It was accepted and got an id; it was not, or nobody knows. After this there
 * may be something next. */
void receipts_known(struct receipts *r, uint32_t h, struct smpp_view id);
void receipts_gone(struct receipts *r, uint32_t h);

/*
 * A receipt came at a time, in this PDU. Returns true and sets *f if it can be
 * told; in any case there may be something next.
 */
bool receipts_came(struct receipts *r, const struct smpp_receipt *dlr,
    const struct smpp_pdu *pdu, const struct receipts_from *from, uint64_t came,
    struct receipts_fate *f);

/* The next of those that could not be told at once: it can now, or it has
 * waited long enough. Returns false when there is none. */
bool receipts_next(struct receipts *r, uint64_t now, struct receipts_fate *f);

/* The next of those that nothing has told at the end. */
bool receipts_left(struct receipts *r, struct receipts_fate *f);

#endif
