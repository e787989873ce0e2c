/* What has come on the connections of a link and was not looked at yet. */
#include "linkqueue.h"

#include <stdlib.h>
#include <string.h>

#include "kit/cmd.h"

enum {
	EVENTS_FIRST = 16,
	OCTETS_FIRST = 4096,
};

/* Room for one more event. */
static struct linkevent *
queue_event(struct linkqueue *q)
{
	const size_t cap = q->cap == 0 ? EVENTS_FIRST : 2 * q->cap;
	struct linkevent *v;

	if (q->n == q->cap) {
		v = reallocarray(q->v, cap, sizeof(*v));
		if (v == NULL)
			cmd_nomem();
		q->v = v;
		q->cap = cap;
	}
	return &q->v[q->n++];
}

/*
 * Room for n octets more. Octets may move when there are more of them, so
 * events have places in it.
 */
static uint8_t *
queue_octets(struct linkqueue *q, size_t n)
{
	size_t room = q->room == 0 ? OCTETS_FIRST : q->room;
	uint8_t *p;

	while (n > room - q->used)
		room *= 2;
	if (room > q->room) {
		p = realloc(q->octets, room);
		if (p == NULL)
			cmd_nomem();
		q->octets = p;
		q->room = room;
	}
	p = q->octets + q->used;
	q->used += n;
	return p;
}

void
linkqueue_put(struct linkqueue *q, unsigned which, const struct smpp_event *ev,
    const struct smpp_pdu *pdu)
{
	struct linkevent *at;

	/*
	 * From the front again: a queue that is emptied never grows beyond
	 * what one turn brought.
	 */
	if (linkqueue_empty(q))
		q->first = q->n = q->used = 0;
	at = queue_event(q);
	*at = (struct linkevent){.ev = *ev, .at = q->used, .which = which};
	if (pdu == NULL)
		return;
	at->n = pdu->wire.n;
	at->ver = pdu->ver;
	memcpy(queue_octets(q, at->n), pdu->wire.p, at->n);
}

/*
 * Decoded a second time, from the copy: that costs less than copying a decoded
 * PDU with all that points into it.
 */
unsigned
linkqueue_take(struct linkqueue *q, struct smpp_event *ev, struct smpp_pdu *pdu,
    struct smpp_issues *issues, const struct smpp_dictionary *dictionary)
{
	const struct linkevent *at = &q->v[q->first++];

	*ev = at->ev;
	if (at->n == 0)
		return at->which;
	pdu->dictionary = dictionary;
	smpp_decode(pdu, smpp_view_of(q->octets + at->at, at->n), at->ver,
	    SMPP_DICTIONARY, issues);
	return at->which;
}

void
linkqueue_fini(struct linkqueue *q)
{
	free(q->v);
	free(q->octets);
	*q = (struct linkqueue){0};
}
