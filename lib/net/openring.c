/* The open requests of a session that follows what others send. */
#include <stdlib.h>

#include "net/session_int.h"

enum {
	PLACES = 8, /* slots that belong to a number; as many as there are */
	SLOTS_MAX = 1 << 16,
};

/* The slots of a number begin at its place by Fibonacci hashing: numbers that
 * others chose may have any distance. */
static struct smpp_request *
observe_place(struct smpp_session *s, uint32_t number, uint32_t i)
{
	const uint64_t spread = number * 2654435769u;

	return &s->slot[((spread * (s->mask + 1ull) >> 32) + i) & s->mask];
}

/* A slot for the number that holds nothing open, or NULL. */
static struct smpp_request *
observe_free(struct smpp_session *s, uint32_t number)
{
	struct smpp_request *r;

	for (uint32_t i = 0; i < PLACES; i++) {
		r = observe_place(s, number, i);
		if (r->fate != REQUEST_OPEN)
			return r;
	}
	return NULL;
}

/*
 * Of the slots for the number the one that was filled first. At the limit of
 * the table the oldest gives way: its answer is the least likely to come, and
 * a peer that never answers must not make it grow for ever.
 */
static struct smpp_request *
observe_stalest(struct smpp_session *s, uint32_t number)
{
	struct smpp_request *r, *oldest = observe_place(s, number, 0);

	for (uint32_t i = 1; i < PLACES; i++) {
		r = observe_place(s, number, i);
		if (r->sent < oldest->sent)
			oldest = r;
	}
	return oldest;
}

/* Puts a request into the table, in place of another if need be. */
static void
observe_put(struct smpp_session *s, const struct smpp_request *request)
{
	struct smpp_request *r = observe_free(s, request->sequence_number);

	if (r == NULL)
		r = observe_stalest(s, request->sequence_number);
	s->open += r->fate != REQUEST_OPEN;
	*r = *request;
}

/* Doubles the table; what is not open any more is forgotten. */
static bool
observe_grow(struct smpp_session *s)
{
	struct smpp_request *old = s->slot;
	const uint32_t n = s->mask + 1;
	struct smpp_request *wide;

	if (n >= SLOTS_MAX)
		return false;
	wide = calloc(2 * (size_t)n, sizeof(*wide));
	if (wide == NULL)
		return false;
	s->slot = wide;
	s->mask = 2 * n - 1;
	s->open = 0;
	for (uint32_t i = 0; i < n; i++)
		if (old[i].fate == REQUEST_OPEN)
			observe_put(s, &old[i]);
	free(old);
	return true;
}

void
smpp_observe_open(struct smpp_session *s, const struct smpp_request *request)
{
	while (observe_free(s, request->sequence_number) == NULL) {
		s->oldest = UINT32_MAX; /* it moves, or may be forgotten */
		if (!observe_grow(s))
			break;
	}
	observe_put(s, request);
}

struct smpp_request *
smpp_observe_find(struct smpp_session *s, uint32_t number)
{
	struct smpp_request *r, *found = NULL;
	bool open, was = false;

	for (uint32_t i = 0; i < PLACES; i++) {
		r = observe_place(s, number, i);
		open = r->fate == REQUEST_OPEN;
		if (r->fate == REQUEST_NONE || r->sequence_number != number)
			continue;
		/* A number may be in use twice, if who sends reuses it: the
		 * open one is meant, and of equals the later. */
		if (found != NULL &&
		    (open < was || (open == was && r->sent < found->sent)))
			continue;
		found = r;
		was = open;
	}
	return found;
}

/*
 * The slot that was found last time is the one still while its request is
 * open: all wait equally long, so that none is due before an older one.
 */
struct smpp_request *
smpp_observe_first(struct smpp_session *s)
{
	struct smpp_request *r, *first = NULL;

	if (s->open == 0 || s->conf.response_ms == 0)
		return NULL;
	if (s->oldest <= s->mask && s->slot[s->oldest].fate == REQUEST_OPEN)
		return &s->slot[s->oldest];
	for (uint32_t i = 0; i <= s->mask; i++) {
		r = &s->slot[i];
		if (r->fate != REQUEST_OPEN ||
		    (first != NULL && r->due >= first->due))
			continue;
		first = r;
		s->oldest = i;
	}
	return first;
}
