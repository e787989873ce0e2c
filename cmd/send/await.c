/* smpp send: receipts, and which message they are about. */
#include <stdlib.h>
#include <string.h>

#include "send.h"

enum { EARLY_MAX = 1000 }; /* receipts that came before their response */

static enum smpp_id_rule
rule(const struct send *s)
{
	return s->a.id_match == 0 ? SMPP_ID_AUTO : SMPP_ID_EXACT;
}

static void
await_put(struct notes *l, struct note *n)
{
	n->next = NULL;
	if (l->first == NULL)
		l->first = n;
	else
		l->last->next = n;
	l->last = n;
	l->n++;
}

static void
await_reply(struct send *s, const struct note *n, uint32_t status)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(
	    &pdu, n->command_id, n->sequence_number, s->link.conn.s.ver);
	link_reply(&s->link, &pdu, status);
}

/* A receipt as it came, or NULL. */
static struct note *
read_note(struct send *s, const struct smpp_pdu *pdu)
{
	struct note *n = malloc(sizeof(*n) + pdu->command_length);
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu copy;

	if (n == NULL)
		cmd_nomem();
	*n = (struct note){.command_id = pdu->command_id,
	    .sequence_number = pdu->sequence_number};
	memcpy(n->wire, pdu->wire.p, pdu->command_length);
	smpp_decode(&copy, smpp_view_of(n->wire, pdu->command_length),
	    s->link.conn.s.ver, 0, &issues);
	if (smpp_dlr_read(&n->r, &copy))
		return n;
	free(n);
	return NULL;
}

/* The receipt is about this part. It is reported at the end of the turn, and
 * answered after that. */
static void
await_take(
    struct send *s, struct note *n, struct part *p, enum smpp_id_match match)
{
	await_put(&s->taken, n);
	if (n->r.final != 1) {
		out_say(s->c, 1, "== receipt for %s is not final", p->id);
		return;
	}
	n->part = p;
	n->match = match;
	p->waits = false;
	parts_del(&s->waiting, p);
	ids_del(&s->parts, &p->node);
	journal_part(&s->journal, JOURNAL_RECEIPT, p->m->number,
	    (uint32_t)(p - p->m->part),
	    n->r.state == SMPP_message_state_DELIVERED, smpp_view_of(NULL, 0));
}

/* Keeps a receipt that may be about a message not yet answered. */
static bool
keep_early(struct send *s, struct note *n)
{
	struct smpp_view id = n->r.value[SMPP_RF_ID];

	if (s->open.n == 0 || s->early_notes.n >= EARLY_MAX)
		return false;
	n->early = s->sent;
	if (ids_add(&s->early, &n->node, id, n) != 0)
		cmd_nomem();
	await_put(&s->early_notes, n);
	return true;
}

/*
 * What is not ours is not ours to take: it is asked to come again later, for
 * whoever listens then.
 */
void
receipt_take(struct send *s, const struct smpp_pdu *pdu)
{
	struct note *n = s->a.wait_ms >= 0 ? read_note(s, pdu) : NULL;
	enum smpp_id_match match;
	struct part *p;

	if (n == NULL) {
		link_reply(&s->link, pdu, ESME_RX_T_APPN);
		return;
	}
	p = ids_find(&s->parts, n->r.value[SMPP_RF_ID], rule(s), &match);
	if (p != NULL) {
		await_take(s, n, p, match);
	} else if (!keep_early(s, n)) {
		await_reply(s, n, ESME_RX_T_APPN);
		free(n);
	}
}

static void
unlink_early(struct send *s, struct note *n)
{
	struct note **at = &s->early_notes.first, *prev = NULL;

	while (*at != n) {
		prev = *at;
		at = &(*at)->next;
	}
	*at = n->next;
	if (n->next == NULL)
		s->early_notes.last = prev;
	s->early_notes.n--;
	ids_del(&s->early, &n->node);
}

void
receipt_known(struct send *s, struct part *p)
{
	enum smpp_id_match match;
	struct note *n;

	while (p->waits) {
		n = ids_find(&s->early, smpp_view_str(p->id), rule(s), &match);
		if (n == NULL)
			return;
		unlink_early(s, n);
		await_take(s, n, p, match);
	}
}

void
receipt_stale(struct send *s)
{
	struct note *n;

	while ((n = s->early_notes.first) != NULL &&
	       (s->open.n == 0 || s->open.first->turn >= n->early)) {
		unlink_early(s, n);
		await_reply(s, n, ESME_RX_T_APPN);
		free(n);
	}
}

void
receipt_report(struct send *s)
{
	const struct note *n = s->taken.first;

	for (; n != NULL; n = n->next) {
		if (n->part == NULL)
			continue;
		n->part->fate = n->r.state == SMPP_message_state_DELIVERED
				    ? MSG_DELIVERED
				    : MSG_UNDELIVERED;
		report_receipt(s, n->part->m, n->part, &n->r, n->match);
	}
}

void
receipt_answer(struct send *s)
{
	struct note *n;
	struct msg *m;

	while ((n = s->taken.first) != NULL) {
		s->taken.first = n->next;
		await_reply(s, n, ESME_ROK);
		m = n->part != NULL ? n->part->m : NULL;
		free(n);
		if (m != NULL && --m->waiting == 0 && m->reported)
			msg_free(s, m);
	}
	s->taken.n = 0;
}
