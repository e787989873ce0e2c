/* What has come on the connections of a link and was not looked at yet. */
#ifndef SMPP_LINKQUEUE_H
#define SMPP_LINKQUEUE_H

#include "net/session.h"

/* An event, of the connection which, and its PDU: n octets at at, decoded as
 * one of ver; none if n is 0. */
struct linkevent {
	struct smpp_event ev;
	size_t at;
	uint32_t n;
	enum smpp_ver ver;
	unsigned which;
};

/* first to n of v are still to be taken; used of the octets hold their PDUs.
 * A zeroed one is empty. */
struct linkqueue {
	struct linkevent *v;
	size_t first, n, cap;
	uint8_t *octets;
	size_t used, room;
};

/* Whether nothing waits. */
static inline bool
linkqueue_empty(const struct linkqueue *q)
{
	return q->first == q->n;
}

/* Puts an event behind the others, with a copy of its PDU, NULL for none. Ends
 * what was borrowed. */
void linkqueue_put(struct linkqueue *q, unsigned which,
    const struct smpp_event *ev, const struct smpp_pdu *pdu);

/*
 * Takes the first one, of which there has to be one. Sets *pdu, decoded as far
 * as with dictionary, and *issues where there is a PDU; it borrows from the
 * queue until the next put. Returns which.
 */
unsigned linkqueue_take(struct linkqueue *q, struct smpp_event *ev,
    struct smpp_pdu *pdu, struct smpp_issues *issues,
    const struct smpp_dictionary *dictionary);

void linkqueue_fini(struct linkqueue *q);

#endif
