/* The book of messages and receipts: the receipts, and those it keeps. */
#include "msg/idmatch_int.h"

#include <stdlib.h>

#include "base/err.h"

/* At the end, so that every list is in the order in which receipts came into
 * its state: the first one is who waited longest. */
static void
list_add(struct smpp_idmatch *b, enum smpp_kept_state state, uint32_t i)
{
	struct smpp_id_list *l = &b->list[state];

	b->kept[i].state = (uint8_t)state;
	b->kept[i].prev = l->last;
	b->kept[i].next = SMPP_ID_NIL;
	if (l->last == SMPP_ID_NIL)
		l->first = i;
	else
		b->kept[l->last].next = i;
	l->last = i;
}

static void
list_take(struct smpp_idmatch *b, uint32_t i)
{
	struct smpp_id_list *l = &b->list[b->kept[i].state];
	uint32_t prev = b->kept[i].prev, next = b->kept[i].next;

	if (prev == SMPP_ID_NIL)
		l->first = next;
	else
		b->kept[prev].next = next;
	if (next == SMPP_ID_NIL)
		l->last = prev;
	else
		b->kept[next].prev = prev;
}

static uint32_t *
idkept_bucket_of(struct smpp_idmatch *b, uint64_t key)
{
	return &b->bucket[key % SMPP_ID_BUCKETS];
}

/* Only what is early or unsure is in a bucket: those are what a new id may
 * decide. Decided ones wait in their list alone. */
static void
bucket_take(struct smpp_idmatch *b, uint32_t i)
{
	uint32_t *at = idkept_bucket_of(b, b->kept[i].key[0]);

	while (*at != i)
		at = &b->kept[*at].chain;
	*at = b->kept[i].chain;
}

static void
kept_free(struct smpp_idmatch *b, uint32_t i)
{
	list_take(b, i);
	b->kept[i].state = SMPP_KEPT_FREE;
	b->kept[i].next = b->kept_free;
	b->kept_free = i;
	b->nkept--;
}

static int
kept_add(struct smpp_idmatch *b, const struct smpp_id_kept *r,
    enum smpp_kept_state state)
{
	uint32_t i = b->kept_free, cap = b->kept_cap;
	struct smpp_id_kept *kept;

	if (i == SMPP_ID_NIL && b->kept_used == cap) {
		cap = cap == 0 ? SMPP_ID_FIRST : 2 * cap;
		/* May move: kept receipts are known by index, and no pointer
		 * to one lives across a call that adds. */
		kept = realloc(b->kept, cap * sizeof(*kept));
		if (kept == NULL)
			return SMPP_ENOMEM;
		b->kept = kept;
		b->kept_cap = cap;
	}
	if (i == SMPP_ID_NIL)
		i = b->kept_used++;
	else
		b->kept_free = b->kept[i].next;
	b->kept[i] = *r;
	b->kept[i].chain = *idkept_bucket_of(b, r->key[0]);
	*idkept_bucket_of(b, r->key[0]) = i;
	list_add(b, state, i);
	b->nkept++;
	return 0;
}

/*
 * Whether one that says the same is kept; sets hit->twin to its tag. An SMSC
 * that was answered with an error sends the receipt again and again; each
 * would take a place and none would say more than the first.
 */
static bool
kept_twin(struct smpp_idmatch *b, const struct smpp_id_kept *r,
    struct smpp_id_hit *hit)
{
	const struct smpp_id_kept *k;
	uint32_t i = *idkept_bucket_of(b, r->key[0]);

	if (r->content == 0)
		return false;
	for (; i != SMPP_ID_NIL; i = k->chain) {
		k = &b->kept[i];
		hit->twin = k->tag;
		if (k->key[0] == r->key[0] && k->content == r->content &&
		    k->tlv == r->tlv && k->ends.source == r->ends.source &&
		    k->ends.dest == r->ends.dest)
			return true;
	}
	return false;
}

/* Looks at a receipt again. */
static void
kept_review(struct smpp_idmatch *b, uint32_t i)
{
	struct smpp_id_kept *r = &b->kept[i];
	enum smpp_id_verdict verdict = smpp_id_look(b, r);
	enum smpp_kept_state state = verdict == SMPP_ID_EARLY ? SMPP_KEPT_EARLY
				     : verdict == SMPP_ID_UNSURE
					 ? SMPP_KEPT_UNSURE
					 : SMPP_KEPT_DECIDED;

	if (state == r->state)
		return;
	if (state == SMPP_KEPT_DECIDED)
		bucket_take(b, i);
	r->verdict = (uint8_t)verdict;
	list_take(b, i);
	list_add(b, state, i);
}

static void
list_review(struct smpp_idmatch *b, enum smpp_kept_state state, bool tlv)
{
	uint32_t i = b->list[state].first, next;

	for (; i != SMPP_ID_NIL; i = next) {
		/* Taken first, since a review may move it to another list. */
		next = b->kept[i].next;
		if (b->kept[i].tlv == tlv)
			kept_review(b, i);
	}
}

/* A reading was learnt: everything that was kept is seen in its light. */
static void
kept_relearn(struct smpp_idmatch *b)
{
	unsigned tlv;

	for (tlv = 0; tlv < 2; tlv++) {
		if (!b->fresh[tlv])
			continue;
		b->fresh[tlv] = false;
		/* fresh is cleared before: a review may learn and set it
		 * again, and who settles asks once more. */
		list_review(b, SMPP_KEPT_UNSURE, tlv);
		list_review(b, SMPP_KEPT_EARLY, tlv);
	}
}

/* Takes up the early receipts that no message without id can explain now. */
void
smpp_id_kept_settle(struct smpp_idmatch *b)
{
	uint32_t i;

	kept_relearn(b);
	/*
	 * An early receipt waits for the ids of messages sent before it came.
	 * The open ones are in the order of sending: when the first was sent
	 * later, there is none to wait for.
	 */
	while ((i = b->list[SMPP_KEPT_EARLY].first) != SMPP_ID_NIL &&
	       (b->open.first == SMPP_ID_NIL ||
		   !smpp_turn_before(
		       b->entry[b->open.first].turn, b->kept[i].turn))) {
		kept_review(b, i);
		kept_relearn(b);
	}
}

/* Takes up the early receipts that can be about a message whose id has just
 * become known. */
void
smpp_id_kept_meet(struct smpp_idmatch *b, struct smpp_view id)
{
	uint32_t i, next;
	uint64_t key;
	int tlv, learnt;

	for (tlv = 0; tlv < 2; tlv++) {
		/*
		 * While nothing is learnt receipts are filed by how they
		 * stand, and only those alike can be met so; others are
		 * reviewed once the messages they may be about all have ids.
		 */
		learnt = b->learnt[tlv] < 0 ? SMPP_ID_ALIKE : b->learnt[tlv];
		key = smpp_id_key_back(id, (enum smpp_id_reading)learnt);
		if (key == 0)
			continue;
		for (i = *idkept_bucket_of(b, key); i != SMPP_ID_NIL;
		     i = next) {
			next = b->kept[i].chain;
			if (b->kept[i].key[0] == key && b->kept[i].tlv == tlv)
				kept_review(b, i);
		}
	}
}

static void
hit_fill(const struct smpp_idmatch *b, const struct smpp_id_kept *r,
    enum smpp_id_verdict verdict, struct smpp_id_hit *hit)
{
	*hit = (struct smpp_id_hit){.verdict = verdict, .receipt = r->tag};
	if (verdict != SMPP_ID_OURS)
		return;
	hit->h = r->h;
	hit->match = (enum smpp_id_match)r->match;
	hit->not_swapped = r->not_swapped;
	hit->message = b->entry[r->h].tag;
}

int
smpp_idmatch_came(struct smpp_idmatch *b, const struct smpp_id_receipt *r,
    struct smpp_id_hit *hit)
{
	struct smpp_id_kept k = {.ends = r->ends,
	    .content = r->content,
	    .tag = r->tag,
	    .exact = smpp_id_exact(r->id),
	    .turn = b->turn,
	    .tlv = r->tlv};
	const int learnt = b->learnt[r->tlv];
	enum smpp_id_verdict verdict;
	int i, rc = 0;

	/* Key 0 always, for buckets and twins go by it; of the others only
	 * what this run can still need, for converting is most of the work. */
	for (i = 0; i < SMPP_ID_READINGS; i++)
		if (i == 0 || learnt < 0 || i == learnt)
			k.key[i] = smpp_id_key(r->id, (enum smpp_id_reading)i);
	verdict = smpp_id_look(b, &k);
	hit_fill(b, &k, verdict, hit);
	if (verdict == SMPP_ID_EARLY || verdict == SMPP_ID_UNSURE) {
		hit->has_twin = kept_twin(b, &k, hit);
		if (!hit->has_twin)
			rc = kept_add(b, &k,
			    verdict == SMPP_ID_EARLY ? SMPP_KEPT_EARLY
						     : SMPP_KEPT_UNSURE);
	}
	if (b->nkept > 0)
		smpp_id_kept_settle(b);
	return rc;
}

bool
smpp_idmatch_next(struct smpp_idmatch *b, struct smpp_id_hit *hit)
{
	uint32_t i = b->list[SMPP_KEPT_DECIDED].first;
	const struct smpp_id_kept *r;

	if (i == SMPP_ID_NIL)
		return false;
	r = &b->kept[i];
	/* Its message may have been forgotten meanwhile. */
	hit_fill(b, r,
	    r->verdict == SMPP_ID_OURS &&
		    b->entry[r->h].state < SMPP_ENTRY_KNOWN
		? SMPP_ID_FOREIGN
		: (enum smpp_id_verdict)r->verdict,
	    hit);
	kept_free(b, i);
	return true;
}

bool
smpp_idmatch_drop(struct smpp_idmatch *b, struct smpp_id_hit *hit)
{
	uint32_t i = b->list[SMPP_KEPT_EARLY].first;

	if (i == SMPP_ID_NIL)
		i = b->list[SMPP_KEPT_UNSURE].first;
	if (i == SMPP_ID_NIL)
		return false;
	hit_fill(b, &b->kept[i],
	    b->kept[i].state == SMPP_KEPT_EARLY ? SMPP_ID_EARLY
						: SMPP_ID_UNSURE,
	    hit);
	bucket_take(b, i);
	kept_free(b, i);
	return true;
}

size_t
smpp_idmatch_kept(const struct smpp_idmatch *b)
{
	return b->nkept;
}
