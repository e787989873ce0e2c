/* Rings of what is to be looked at, for the files of lib/net alone. */
#ifndef SMPP_NET_RING_INT_H
#define SMPP_NET_RING_INT_H

#include "net/conn.h"

static inline void
smpp_ring_init(struct smpp_ring *head)
{
	head->next = head->prev = head;
}

static inline bool
smpp_ring_empty(const struct smpp_ring *head)
{
	return head->next == head;
}

/* Puts r at the end, unless it is in a ring already. */
static inline void
smpp_ring_add(struct smpp_ring *head, struct smpp_ring *r)
{
	if (r->next != NULL)
		return;
	*r = (struct smpp_ring){head, head->prev};
	head->prev->next = r;
	head->prev = r;
}

/* Takes r out, if it is in one. */
static inline void
smpp_ring_del(struct smpp_ring *r)
{
	if (r->next == NULL)
		return;
	r->next->prev = r->prev;
	r->prev->next = r->next;
	*r = (struct smpp_ring){NULL, NULL};
}

/* Moves all that is in from to the new ring to: what joins from meanwhile has
 * its turn later. */
static inline void
smpp_ring_move(struct smpp_ring *to, struct smpp_ring *from)
{
	smpp_ring_init(to);
	if (smpp_ring_empty(from))
		return;
	*to = *from;
	to->next->prev = to->prev->next = to;
	smpp_ring_init(from);
}

#endif
