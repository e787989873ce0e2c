/* Timers by the thousand: a binary heap, numbered from 1. */
#include "net/timer.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/err.h"

static void
heap_place(struct smpp_timers *all, struct smpp_timer *t, uint32_t slot)
{
	all->heap[slot] = t;
	t->slot = slot;
}

/* Moves t from a free slot towards the root, as far as it is earlier. */
static void
heap_rise(struct smpp_timers *all, struct smpp_timer *t, uint32_t slot)
{
	while (slot > 1 && t->at < all->heap[slot / 2]->at) {
		heap_place(all, all->heap[slot / 2], slot);
		slot /= 2;
	}
	heap_place(all, t, slot);
}

/* Moves t from a free slot away from the root, as far as it is later. */
static void
heap_sink(struct smpp_timers *all, struct smpp_timer *t, uint32_t slot)
{
	uint32_t child;

	while ((child = slot * 2) <= all->n) {
		if (child < all->n &&
		    all->heap[child + 1]->at < all->heap[child]->at)
			child++;
		if (all->heap[child]->at >= t->at)
			break;
		heap_place(all, all->heap[child], slot);
		slot = child;
	}
	heap_place(all, t, slot);
}

static void
heap_settle(struct smpp_timers *all, struct smpp_timer *t, uint32_t slot)
{
	if (slot > 1 && t->at < all->heap[slot / 2]->at)
		heap_rise(all, t, slot);
	else
		heap_sink(all, t, slot);
}

/* Makes room for one timer more. */
static bool
heap_room(struct smpp_timers *all)
{
	uint32_t cap = all->cap == 0 ? 64 : all->cap * 2;
	struct smpp_timer **heap;

	if (all->n + 1 < all->cap)
		return true;
	heap = reallocarray(all->heap, cap, sizeof(struct smpp_timer *));
	if (heap == NULL)
		return false;
	all->heap = heap;
	all->cap = cap;
	return true;
}

int
smpp_timer_set(struct smpp_timers *all, struct smpp_timer *t, int64_t at)
{
	/* One that is set already has its place: setting it again cannot
	 * fail. */
	if (t->slot == 0 && !heap_room(all))
		return SMPP_ENOMEM;
	t->at = at;
	if (t->slot != 0)
		heap_settle(all, t, t->slot);
	else
		heap_rise(all, t, ++all->n);
	return 0;
}

void
smpp_timer_stop(struct smpp_timers *all, struct smpp_timer *t)
{
	uint32_t slot = t->slot;
	struct smpp_timer *last;

	if (slot == 0)
		return;
	t->slot = 0;
	last = all->heap[all->n--];
	if (last != t)
		heap_settle(all, last, slot);
}

int64_t
smpp_timers_due(const struct smpp_timers *all)
{
	return all->n == 0 ? INT64_MAX : all->heap[1]->at;
}

/*
 * Taken out before it is called: the callee may set it again, stop others or
 * free what it is part of. max, since one that sets itself for now would run
 * for ever.
 */
void
smpp_timers_run(struct smpp_timers *all, int64_t now, unsigned max)
{
	struct smpp_timer *t;

	while (max-- > 0 && all->n > 0 && all->heap[1]->at <= now) {
		t = all->heap[1];
		smpp_timer_stop(all, t);
		t->fn(t, now);
	}
}

void
smpp_timers_free(struct smpp_timers *all)
{
	for (uint32_t i = 1; i <= all->n; i++)
		all->heap[i]->slot = 0;
	free(all->heap);
	*all = (struct smpp_timers){0};
}
