/* What the two halves of the matching share: ids as numbers. */
#ifndef SMPP_MSG_IDMATCH_INT_H
#define SMPP_MSG_IDMATCH_INT_H

#include "msg/idmatch.h"

/* The readings of ids that one run can have. */
enum smpp_id_reading {
	SMPP_ID_ALIKE,          /* equal but for case and zeros of hex */
	SMPP_ID_HEX_TO_DECIMAL, /* hex in the response, decimal in receipts */
	SMPP_ID_DECIMAL_TO_HEX,
	SMPP_ID_READINGS,
};

/*
 * Two ids are the same in a reading if these are: that of the response by
 * ALIKE, and that of the receipt by the reading. 0 is an id that cannot be
 * read so. smpp_id_key_back is the reverse: ALIKE of the receipt is the same
 * as this of the response. Both are hashes of 64 bits; smpp_id_exact is one
 * of the id as it stands, without blanks and NULs around it.
 */
uint64_t smpp_id_key(struct smpp_view id, enum smpp_id_reading reading);
uint64_t smpp_id_key_back(struct smpp_view id, enum smpp_id_reading reading);
uint32_t smpp_id_exact(struct smpp_view id);

/* Whether the id of a response can be one in a run that has the reading. */
bool smpp_id_reads(struct smpp_view response, enum smpp_id_reading reading);

/* How well the addresses of a receipt fit those of a message, 0 not at all. */
enum smpp_ends_fit {
	SMPP_ENDS_DIFFER,
	SMPP_ENDS_KEPT_MAYBE, /* not swapped, and one is in doubt */
	SMPP_ENDS_KEPT,
	SMPP_ENDS_SWAPPED_MAYBE,
	SMPP_ENDS_SWAPPED,
};

enum smpp_ends_fit smpp_ends_fit(
    struct smpp_ends message, struct smpp_ends receipt);

enum {
	SMPP_ID_FIRST = 64,     /* messages and receipts there is room for */
	SMPP_ID_BUCKETS = 4096, /* of receipts that are kept */
};

/* No place in a table. */
#define SMPP_ID_NIL UINT32_MAX

enum smpp_entry_state {
	SMPP_ENTRY_FREE,
	SMPP_ENTRY_OPEN,
	SMPP_ENTRY_KNOWN,
	SMPP_ENTRY_OVER
};

/*
 * A message. prev and next are its neighbours among the open ones, in order of
 * sending; next leads on among those over, in that order, and the free ones;
 * chain among those of one key, which only those with an id have.
 */
struct smpp_id_entry {
	union {
		uint64_t key;
		uint32_t prev;
	} u;
	struct smpp_ends ends;
	uint64_t tag;
	uint32_t exact, turn, group;
	uint32_t chain, next;
	uint8_t state;
};

/* Where the messages of a key are: the first of them, and the key folded so
 * that others need not be looked at. */
struct smpp_id_slot {
	uint32_t hash, first;
};

enum smpp_kept_state {
	SMPP_KEPT_FREE,
	SMPP_KEPT_EARLY,
	SMPP_KEPT_UNSURE,
	SMPP_KEPT_DECIDED
};

/*
 * A receipt. turn is how many messages had been sent when it came: it is about
 * one of these. prev and next are its neighbours in the list of its state,
 * chain leads on in its bucket. verdict, h and match are for a decided one.
 */
struct smpp_id_kept {
	uint64_t key[SMPP_ID_READINGS];
	struct smpp_ends ends;
	uint64_t content, tag;
	uint32_t exact, turn;
	uint32_t prev, next, chain;
	uint32_t h;
	uint8_t state, verdict, match;
	bool tlv, not_swapped;
};

struct smpp_id_list {
	uint32_t first, last;
};

/*
 * learnt is a reading, or -1, for ids of the text and for those of the TLV;
 * fresh is set when something new is known of it. never are the readings that
 * an id of a response rules out: who writes letters does not write decimal.
 */
struct smpp_idmatch {
	struct smpp_id_entry *entry;
	uint32_t cap, used, free;
	struct smpp_id_slot *slot; /* twice as many as entries */
	uint32_t mask;
	struct smpp_id_list open, over;
	size_t nover, nawaited, most;
	uint32_t turn;
	struct smpp_id_kept *kept;
	uint32_t kept_cap, kept_used, kept_free;
	size_t nkept;
	struct smpp_id_list list[SMPP_KEPT_DECIDED + 1];
	uint32_t bucket[SMPP_ID_BUCKETS];
	int8_t learnt[2];
	bool fresh[2];
	bool never[SMPP_ID_READINGS];
	bool exact;
};

/* Whether the turn a is before b, also when they have come round. */
static inline bool
smpp_turn_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

/* The slot of a key, or the free one where it belongs. */
static inline struct smpp_id_slot *
smpp_id_slot_of(const struct smpp_idmatch *b, uint64_t key)
{
	const uint32_t hash = (uint32_t)key;
	uint32_t i = hash & b->mask;

	while (b->slot[i].first != SMPP_ID_NIL &&
	       (b->slot[i].hash != hash ||
		   b->entry[b->slot[i].first].u.key != key))
		i = (i + 1) & b->mask;
	return &b->slot[i];
}

/* What is known of a receipt by now: a verdict sets h, match and not_swapped.
 * May learn a reading. */
enum smpp_id_verdict smpp_id_look(
    struct smpp_idmatch *b, struct smpp_id_kept *r);

/* Takes up the receipts that are kept and can be about a message whose id is
 * known from now on; and those that no message without id can explain. */
void smpp_id_kept_meet(struct smpp_idmatch *b, struct smpp_view id);
void smpp_id_kept_settle(struct smpp_idmatch *b);

#endif
