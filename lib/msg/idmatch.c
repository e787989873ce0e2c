/* The book of messages and receipts: the messages. */
#include "msg/idmatch_int.h"

#include <stdlib.h>

#include "base/err.h"

struct smpp_idmatch *
smpp_idmatch_open(enum smpp_id_rule rule, size_t most)
{
	struct smpp_idmatch *b = calloc(1, sizeof(*b));
	size_t i;

	if (b == NULL)
		return NULL;
	b->most = most;
	b->exact = rule == SMPP_ID_EXACT;
	/* With "exact" there is nothing to learn. */
	b->learnt[0] = b->learnt[1] = b->exact ? SMPP_ID_ALIKE : -1;
	b->free = b->kept_free = SMPP_ID_NIL;
	b->open = b->over = (struct smpp_id_list){SMPP_ID_NIL, SMPP_ID_NIL};
	for (i = 0; i <= SMPP_KEPT_DECIDED; i++)
		b->list[i] = (struct smpp_id_list){SMPP_ID_NIL, SMPP_ID_NIL};
	/* All octets 0xff is SMPP_ID_NIL. */
	memset(b->bucket, 0xff, sizeof(b->bucket));
	return b;
}

void
smpp_idmatch_close(struct smpp_idmatch *b)
{
	if (b == NULL)
		return;
	free(b->entry);
	free(b->slot);
	free(b->kept);
	free(b);
}

/* Puts a message into the slot of its key. */
static void
slot_put(struct smpp_idmatch *b, uint32_t i)
{
	struct smpp_id_slot *s = smpp_id_slot_of(b, b->entry[i].u.key);

	b->entry[i].chain = s->first;
	s->hash = (uint32_t)b->entry[i].u.key;
	s->first = i;
}

/* Frees a slot; those that follow move up, so that none is cut off. */
static void
slot_free(struct smpp_idmatch *b, struct smpp_id_slot *s)
{
	uint32_t hole = (uint32_t)(s - b->slot), i = hole;

	for (;;) {
		i = (i + 1) & b->mask;
		if (b->slot[i].first == SMPP_ID_NIL)
			break;
		/* Its own place lies behind the hole: moved there it would
		 * stand before where it is looked for. */
		if (((i - b->slot[i].hash) & b->mask) < ((i - hole) & b->mask))
			continue;
		b->slot[hole] = b->slot[i];
		hole = i;
	}
	b->slot[hole].first = SMPP_ID_NIL;
}

static void
slot_take(struct smpp_idmatch *b, uint32_t i)
{
	struct smpp_id_slot *s = smpp_id_slot_of(b, b->entry[i].u.key);
	uint32_t *at = &s->first;

	while (*at != i)
		at = &b->entry[*at].chain;
	*at = b->entry[i].chain;
	if (s->first == SMPP_ID_NIL)
		slot_free(b, s);
}

/* Makes n slots; what there is moves to where it belongs among them. */
static int
slots_grow(struct smpp_idmatch *b, uint32_t n)
{
	struct smpp_id_slot *old = b->slot;
	uint32_t i, at, had = old == NULL ? 0 : b->mask + 1;

	b->slot = malloc(n * sizeof(*old));
	if (b->slot == NULL) {
		b->slot = old;
		return SMPP_ENOMEM;
	}
	memset(b->slot, 0xff, n * sizeof(*old));
	b->mask = n - 1;
	for (i = 0; i < had; i++) {
		if (old[i].first == SMPP_ID_NIL)
			continue;
		at = old[i].hash & b->mask;
		while (b->slot[at].first != SMPP_ID_NIL)
			at = (at + 1) & b->mask;
		b->slot[at] = old[i];
	}
	free(old);
	return 0;
}

/* Twice the room for messages, and two slots for each. */
static int
entries_grow(struct smpp_idmatch *b)
{
	uint32_t cap = b->cap == 0 ? SMPP_ID_FIRST : 2 * b->cap;
	struct smpp_id_entry *entry = realloc(b->entry, cap * sizeof(*entry));

	if (entry == NULL)
		return SMPP_ENOMEM;
	b->entry = entry;
	/* cap is set last: when slots fail the larger entry array is kept, but
	 * what was not there before stays out of use. */
	if (slots_grow(b, 2 * cap) != 0)
		return SMPP_ENOMEM;
	b->cap = cap;
	return 0;
}

static void
entry_free(struct smpp_idmatch *b, uint32_t i)
{
	b->entry[i].state = SMPP_ENTRY_FREE;
	b->entry[i].next = b->free;
	b->free = i;
}

int
smpp_idmatch_sent(struct smpp_idmatch *b, struct smpp_ends ends, uint32_t group,
    uint64_t tag, uint32_t *h)
{
	uint32_t i = b->free;

	if (i == SMPP_ID_NIL && b->used == b->cap && entries_grow(b) != 0)
		return SMPP_ENOMEM;
	if (i == SMPP_ID_NIL)
		i = b->used++;
	else
		b->free = b->entry[i].next;
	b->entry[i] = (struct smpp_id_entry){.u.prev = b->open.last,
	    .ends = ends,
	    .tag = tag,
	    .turn = b->turn++,
	    .group = group,
	    .next = SMPP_ID_NIL,
	    .state = SMPP_ENTRY_OPEN};
	if (b->open.last == SMPP_ID_NIL)
		b->open.first = i;
	else
		b->entry[b->open.last].next = i;
	b->open.last = i;
	*h = i;
	return 0;
}

static void
open_take(struct smpp_idmatch *b, uint32_t i)
{
	uint32_t prev = b->entry[i].u.prev, next = b->entry[i].next;

	if (prev == SMPP_ID_NIL)
		b->open.first = next;
	else
		b->entry[prev].next = next;
	if (next == SMPP_ID_NIL)
		b->open.last = prev;
	else
		b->entry[next].u.prev = prev;
}

/* Forgets the message that is over for longest. */
static void
over_drop(struct smpp_idmatch *b)
{
	uint32_t i = b->over.first;

	b->over.first = b->entry[i].next;
	if (b->over.first == SMPP_ID_NIL)
		b->over.last = SMPP_ID_NIL;
	b->nover--;
	slot_take(b, i);
	entry_free(b, i);
}

void
smpp_idmatch_over(struct smpp_idmatch *b, uint32_t h, uint64_t tag)
{
	struct smpp_id_entry *e = &b->entry[h];

	e->tag = tag;
	/* One without an id cannot be known by any receipt; one that is over
	 * already stays where it is in the order. */
	if (e->state != SMPP_ENTRY_KNOWN)
		return;
	e->state = SMPP_ENTRY_OVER;
	e->next = SMPP_ID_NIL;
	if (b->over.last == SMPP_ID_NIL)
		b->over.first = h;
	else
		b->entry[b->over.last].next = h;
	b->over.last = h;
	b->nawaited--;
	if (++b->nover > b->most)
		over_drop(b);
}

/* Notes what an id of a response says about the readings of ids. */
static void
readings_rule_out(struct smpp_idmatch *b, struct smpp_view id)
{
	unsigned k;

	if (b->learnt[0] >= 0 && b->learnt[1] >= 0)
		return;
	for (k = SMPP_ID_HEX_TO_DECIMAL; k < SMPP_ID_READINGS; k++)
		if (!b->never[k] && !smpp_id_reads(id, (enum smpp_id_reading)k))
			/* Fewer readings may decide what was unsure: what is
			 * kept is reviewed. */
			b->never[k] = b->fresh[0] = b->fresh[1] = true;
}

/* Whether another message, of another group, has the very id of this one, and
 * was sent to the same. */
static bool
entry_shared(const struct smpp_idmatch *b, uint32_t h)
{
	const struct smpp_id_entry *e = &b->entry[h], *o;
	uint32_t i = smpp_id_slot_of(b, e->u.key)->first;

	for (; i != SMPP_ID_NIL; i = o->chain) {
		o = &b->entry[i];
		if (i != h && o->exact == e->exact && o->group != e->group &&
		    o->ends.source == e->ends.source &&
		    o->ends.dest == e->ends.dest)
			return true;
	}
	return false;
}

enum smpp_id_name
smpp_idmatch_known(struct smpp_idmatch *b, uint32_t h, struct smpp_view id)
{
	struct smpp_id_entry *e = &b->entry[h];
	uint64_t key = smpp_id_key(id, SMPP_ID_ALIKE);

	if (key == 0) {
		smpp_idmatch_gone(b, h);
		return SMPP_ID_EMPTY;
	}
	/* Before the key is set: prev of the open ones lies in its place. */
	open_take(b, h);
	e->u.key = key;
	e->exact = smpp_id_exact(id);
	e->state = SMPP_ENTRY_KNOWN;
	slot_put(b, h);
	b->nawaited++;
	readings_rule_out(b, id);
	if (b->nkept > 0) {
		smpp_id_kept_meet(b, id);
		smpp_id_kept_settle(b);
	}
	return entry_shared(b, h) ? SMPP_ID_SHARED : SMPP_ID_UNIQUE;
}

void
smpp_idmatch_gone(struct smpp_idmatch *b, uint32_t h)
{
	if (b->entry[h].state == SMPP_ENTRY_KNOWN) {
		slot_take(b, h);
		b->nawaited--;
		entry_free(b, h);
		return;
	}
	if (b->entry[h].state != SMPP_ENTRY_OPEN)
		return;
	open_take(b, h);
	entry_free(b, h);
	if (b->nkept > 0)
		smpp_id_kept_settle(b);
}

size_t
smpp_idmatch_awaited(const struct smpp_idmatch *b)
{
	return b->nawaited;
}
