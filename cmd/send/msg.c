/* smpp send: messages, used again when they are over, and lists of parts. */
#include <stdlib.h>
#include <string.h>

#include "send.h"

/* A message whose PDUs were larger than this gives their memory back. */
enum { KEEP = 4096 };

/* Grows and stays: texts of a batch are of a kind. */
void *
room_for(struct room *r, size_t n)
{
	uint8_t *p;

	if (n <= r->cap)
		return r->p;
	p = realloc(r->p, n);
	if (p == NULL)
		cmd_nomem();
	r->p = p;
	r->cap = n;
	return p;
}

/*
 * The memory of parts and PDUs is kept with it: a batch of a million messages
 * would otherwise spend its time in malloc.
 */
struct msg *
msg_new(struct send *s)
{
	struct msg *m = s->free;

	if (m == NULL) {
		m = calloc(1, sizeof(*m));
		if (m == NULL)
			cmd_nomem();
		return m;
	}
	s->free = m->next;
	*m = (struct msg){.part = m->part,
	    .part_cap = m->part_cap,
	    .wire = m->wire,
	    .wire_cap = m->wire_cap};
	return m;
}

void
msg_parts(struct msg *m, uint32_t n)
{
	struct part *p = m->part;

	if (n > m->part_cap) {
		p = realloc(p, n * sizeof(*p));
		if (p == NULL)
			cmd_nomem();
		m->part = p;
		m->part_cap = n;
	}
	memset(p, 0, n * sizeof(*p));
	m->parts = m->unanswered = n;
	for (uint32_t i = 0; i < n; i++) {
		p[i].m = m;
		p[i].fate = MSG_UNSENT;
	}
}

/* Octets may move, so parts have their places in it, no pointers. */
uint8_t *
msg_room(struct msg *m, size_t n)
{
	uint8_t *p;

	if (n > m->wire_cap - m->wire_n) {
		p = realloc(m->wire, m->wire_n + n);
		if (p == NULL)
			cmd_nomem();
		m->wire = p;
		m->wire_cap = m->wire_n + n;
	}
	return m->wire + m->wire_n;
}

static void
msg_release(struct msg *m)
{
	free(m->part);
	free(m->wire);
	free(m);
}

/* A large one would keep its size for ever, as one of all in the list. */
void
msg_free(struct send *s, struct msg *m)
{
	receipt_release(m->bad);
	m->bad = NULL;
	if (m->part_cap > 1 || m->wire_cap > KEEP) {
		msg_release(m);
		return;
	}
	m->next = s->free;
	s->free = m;
}

/*
 * The fates are in order from good to bad: a message is as bad as its worst
 * part.
 */
enum send_fate
msg_fate(const struct msg *m)
{
	enum send_fate worst = MSG_DELIVERED;

	for (uint32_t i = 0; i < m->parts; i++)
		if (m->part[i].fate > worst)
			worst = m->part[i].fate;
	return worst;
}

void
msg_fini(struct send *s)
{
	struct msg *m;

	while ((m = s->free) != NULL) {
		s->free = m->next;
		msg_release(m);
	}
	free(s->replaced.p);
	free(s->encoded.p);
	smpp_idmatch_close(s->book);
}

/*
 * Behind the PDUs, for ids may have any length. Place 0 is the first PDU's, so
 * 0 can stand for none.
 */
char *
part_name_room(struct part *p, size_t n)
{
	uint8_t *room = msg_room(p->m, n + 1);

	room[n] = '\0';
	p->id_at = (uint32_t)p->m->wire_n;
	p->m->wire_n += n + 1;
	return (char *)room;
}

const char *
part_name(const struct part *p)
{
	return p->id_at == 0 ? "" : (const char *)p->m->wire + p->id_at;
}

/* Puts p behind prev, or first. */
static void
link_part(struct list *l, struct part *prev, struct part *p)
{
	p->prev = prev;
	p->next = prev == NULL ? l->first : prev->next;
	if (p->next != NULL)
		p->next->prev = p;
	else
		l->last = p;
	if (prev != NULL)
		prev->next = p;
	else
		l->first = p;
	l->n++;
}

void
parts_add(struct list *l, struct part *p)
{
	link_part(l, l->last, p);
}

void
parts_del(struct list *l, struct part *p)
{
	if (p->prev != NULL)
		p->prev->next = p->next;
	else
		l->first = p->next;
	if (p->next != NULL)
		p->next->prev = p->prev;
	else
		l->last = p->prev;
	p->prev = p->next = NULL;
	l->n--;
}

/* Whether a is to be sent before b. */
static bool
before(const struct part *a, const struct part *b)
{
	if (a->m == b->m)
		return a < b;
	return a->m->number < b->m->number;
}

/*
 * For those that are tried again, in the order in which they were read: near
 * the front, so the search is short.
 */
void
parts_insert(struct list *l, struct part *p)
{
	struct part *prev = NULL, *at = l->first;

	for (; at != NULL && before(at, p); at = at->next)
		prev = at;
	link_part(l, prev, p);
}
