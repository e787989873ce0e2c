/* Timers by the thousand: a binary heap, numbered from 1. */
#include "timer.h"

#include <stdlib.h>

#include "kit/cmd.h"

static void
timer_place(struct timers *all, struct timer *t, uint32_t slot)
{
	all->heap[slot] = t;
	t->slot = slot;
}

/* Moves t from a free slot towards the root, as far as it is earlier. */
static void
rise(struct timers *all, struct timer *t, uint32_t slot)
{
	while (slot > 1 && t->at < all->heap[slot / 2]->at) {
		timer_place(all, all->heap[slot / 2], slot);
		slot /= 2;
	}
	timer_place(all, t, slot);
}

/* Moves t from a free slot away from the root, as far as it is later. */
static void
sink(struct timers *all, struct timer *t, uint32_t slot)
{
	uint32_t child;

	while ((child = slot * 2) <= all->n) {
		if (child < all->n &&
		    all->heap[child + 1]->at < all->heap[child]->at)
			child++;
		if (all->heap[child]->at >= t->at)
			break;
		timer_place(all, all->heap[child], slot);
		slot = child;
	}
	timer_place(all, t, slot);
}

static void
timer_settle(struct timers *all, struct timer *t, uint32_t slot)
{
	if (slot > 1 && t->at < all->heap[slot / 2]->at)
		rise(all, t, slot);
	else
		sink(all, t, slot);
}

void
timer_set(struct timers *all, struct timer *t, int64_t at)
{
	t->at = at;
	if (t->slot != 0) {
		timer_settle(all, t, t->slot);
		return;
	}
	if (all->n + 1 >= all->cap) {
		all->cap = all->cap == 0 ? 64 : all->cap * 2;
		all->heap = reallocarray(
		    all->heap, all->cap, sizeof(struct timer *));
		if (all->heap == NULL)
			cmd_nomem();
	}
	rise(all, t, ++all->n);
}

void
timer_stop(struct timers *all, struct timer *t)
{
	uint32_t slot = t->slot;
	struct timer *last;

	if (slot == 0)
		return;
	t->slot = 0;
	last = all->heap[all->n--];
	if (last != t)
		timer_settle(all, last, slot);
}

int64_t
timers_due(const struct timers *all)
{
	return all->n == 0 ? INT64_MAX : all->heap[1]->at;
}

void
timers_run(struct timers *all, int64_t now, unsigned max)
{
	struct timer *t;

	while (max-- > 0 && all->n > 0 && all->heap[1]->at <= now) {
		t = all->heap[1];
		timer_stop(all, t);
		t->fn(t, now);
	}
}

void
timers_free(struct timers *all)
{
	free(all->heap);
	*all = (struct timers){0};
}
