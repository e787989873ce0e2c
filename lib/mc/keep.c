/*
 * Messages kept in memory: a table by serial, in blocks. Nothing is given back
 * before the end: there is a limit to it, which a busy centre reaches anyway.
 */
#include "mc/keep_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"

enum { BLOCK = 256 }; /* messages allocated at a time */

struct keep_block {
	struct keep_block *next;
	struct smpp_mc_message m[BLOCK];
};

/*
 * bucket has mask + 1 chains by serial: new ids count up, so they spread
 * evenly. oldest to newest are those that may be forgotten; free is what was
 * allocated and is not in use. timers are on the clock of messages; found is
 * what the last one was about.
 */
struct keep_memory {
	struct smpp_keep k;
	uint32_t mask;
	uint32_t used; /* of the newest block */
	struct smpp_mc_message **bucket;
	struct smpp_mc_message *oldest, *newest;
	struct smpp_mc_message *free;
	struct keep_block *blocks;
	struct smpp_timers timers;
	struct smpp_mc_message *found;
};

static struct keep_memory *
keep_of(struct smpp_keep *k)
{
	return (struct keep_memory *)(void *)k;
}

/* Takes a message out of those that may be forgotten. */
static void
keep_unlist(struct keep_memory *s, struct smpp_mc_message *m)
{
	if (m->older != NULL)
		m->older->newer = m->newer;
	else
		s->oldest = m->newer;
	if (m->newer != NULL)
		m->newer->older = m->older;
	else
		s->newest = m->older;
	m->older = m->newer = NULL;
	m->listed = false;
	s->k.busy++;
}

static void
keep_list(struct keep_memory *s, struct smpp_mc_message *m)
{
	m->listed = true;
	m->newer = NULL;
	m->older = s->newest;
	if (s->newest != NULL)
		s->newest->newer = m;
	else
		s->oldest = m;
	s->newest = m;
	s->k.busy--;
}

/* Forgets the oldest message. */
static void
keep_forget(struct keep_memory *s)
{
	struct smpp_mc_message *m = s->oldest;
	struct smpp_mc_message **at = &s->bucket[m->serial & s->mask];

	keep_unlist(s, m);
	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	s->k.drop(m);
	m->next = s->free;
	s->free = m;
	s->k.busy--;
	s->k.count--;
}

/* Sets *m to memory for one more message, not cleared, or to NULL. */
static int
keep_room(struct keep_memory *s, struct smpp_mc_message **m)
{
	struct keep_block *b;

	*m = NULL;
	/*
	 * Only messages that nothing is left to be done for are listed: those
	 * whose receipts are due are never forgotten, rather is a new one
	 * refused.
	 */
	if (s->k.count >= s->k.max && s->oldest != NULL)
		keep_forget(s);
	if (s->k.count >= s->k.max)
		return 0;
	if (s->free != NULL) {
		*m = s->free;
		s->free = s->free->next;
		return 0;
	}
	if (s->used == BLOCK) {
		b = malloc(sizeof(*b));
		if (b == NULL)
			return SMPP_ENOMEM;
		b->next = s->blocks;
		s->blocks = b;
		s->used = 0;
	}
	*m = &s->blocks->m[s->used++];
	return 0;
}

/* A timer of a message ran: see keep_due(). */
static void
keep_ring(struct smpp_timer *t, int64_t now)
{
	struct keep_memory *s = t->arg;

	(void)now;
	s->found =
	    (struct smpp_mc_message *)(void *)((char *)t -
					       offsetof(struct smpp_mc_message,
						   timer));
}

static int
keep_put(struct smpp_keep *k, uint32_t serial, struct smpp_mc_message **out)
{
	struct keep_memory *s = keep_of(k);
	struct smpp_mc_message *m, **at;
	int rc = keep_room(s, &m);

	*out = m;
	if (m == NULL)
		return rc;
	/* What is behind has lengths or ends of its own, or is cleared
	 * below. */
	memset(m, 0, offsetof(struct smpp_mc_message, source));
	m->dest[0] = '\0';
	m->has_reference = false;
	m->areas = NULL;
	m->nareas = 0;
	m->timer.fn = keep_ring;
	m->timer.arg = s;
	if (serial == 0 && ++k->newest == 0)
		k->newest = 1;
	m->serial = serial == 0 ? k->newest : serial;
	at = &s->bucket[m->serial & s->mask];
	/* The destinations of a serial are found in their order. */
	while (serial != 0 && *at != NULL)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
	k->count++;
	k->busy++;
	return 0;
}

static struct smpp_mc_message *
keep_get(const struct smpp_keep *k, uint32_t serial,
    const struct smpp_mc_message *after)
{
	const struct keep_memory *s =
	    (const struct keep_memory *)(const void *)k;
	struct smpp_mc_message *m;

	m = after != NULL ? after->next : s->bucket[serial & s->mask];
	while (m != NULL && m->serial != serial)
		m = m->next;
	return serial == 0 ? NULL : m;
}

static int
keep_change(struct smpp_keep *k, struct smpp_mc_message *m, int64_t at)
{
	struct keep_memory *s = keep_of(k);
	int rc = 0;

	if (at != INT64_MAX)
		rc = smpp_timer_set(&s->timers, &m->timer, at);
	else
		smpp_timer_stop(&s->timers, &m->timer);
	if (m->listed && at != INT64_MAX && rc == 0)
		keep_unlist(s, m);
	/* Without memory for its timer nothing more is done for it, and it may
	 * be forgotten. */
	else if (!m->listed && (at == INT64_MAX || rc != 0))
		keep_list(s, m);
	return rc;
}

/* One timer runs at most, and says by keep_ring() whose it was. */
static struct smpp_mc_message *
keep_due(struct smpp_keep *k, int64_t now)
{
	struct keep_memory *s = keep_of(k);

	s->found = NULL;
	smpp_timers_run(&s->timers, now, 1);
	return s->found;
}

static int64_t
keep_next(const struct smpp_keep *k)
{
	const struct keep_memory *s =
	    (const struct keep_memory *)(const void *)k;

	return smpp_timers_due(&s->timers);
}

static void
keep_close(struct smpp_keep *k)
{
	struct keep_memory *s = keep_of(k);
	struct keep_block *b;
	struct smpp_mc_message *m;

	for (uint32_t i = 0; s->bucket != NULL && i <= s->mask; i++)
		for (m = s->bucket[i]; m != NULL; m = m->next)
			k->drop(m);
	smpp_timers_free(&s->timers); /* which it tells the messages */
	while ((b = s->blocks) != NULL) {
		s->blocks = b->next;
		free(b);
	}
	free(s->bucket);
	free(s);
}

static const struct smpp_keep_ops keep_memory_ops = {
    .put = keep_put,
    .get = keep_get,
    .change = keep_change,
    .due = keep_due,
    .next = keep_next,
    .close = keep_close,
};

struct smpp_keep *
smpp_keep_memory(uint32_t max, void (*drop)(struct smpp_mc_message *m))
{
	struct keep_memory *s = calloc(1, sizeof(*s));
	uint32_t n = 1024;

	if (s == NULL)
		return NULL;
	while (n < max && n < 1u << 30)
		n *= 2;
	s->k.ops = &keep_memory_ops;
	s->k.drop = drop;
	s->k.max = max;
	s->mask = n - 1;
	s->used = BLOCK;
	s->bucket = calloc(n, sizeof(struct smpp_mc_message *));
	if (s->bucket == NULL) {
		keep_close(&s->k);
		return NULL;
	}
	return &s->k;
}
