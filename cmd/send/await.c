/* smpp send: receipts, and which message they are about. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "send.h"

enum {
	OVER_MAX = 1 << 20, /* parts known whose receipts came */
	KEPT_MAX = 50000,   /* receipts known that could not be told yet */
	HOLD_MS = 500,      /* so long without an answer */
};

/*
 * What the book calls a part: its address, which is even, while it waits; else
 * 0, or with 1 at the end its place in the journal, if it was given up.
 */
static uint64_t
tag_given_up(const struct part *p)
{
	return (p->m->number << 8 | (uint64_t)(p - p->m->part)) << 1 | 1;
}

/* --- notes --- */

static void
notes_add(struct notes *l, struct note *n)
{
	n->prev = l->last;
	n->next = NULL;
	if (l->last == NULL)
		l->first = n;
	else
		l->last->next = n;
	l->last = n;
	l->n++;
}

static void
notes_del(struct notes *l, struct note *n)
{
	if (n->prev == NULL)
		l->first = n->next;
	else
		n->prev->next = n->next;
	if (n->next == NULL)
		l->last = n->prev;
	else
		n->next->prev = n->prev;
	n->prev = n->next = NULL;
	l->n--;
}

/* Those that said the same hang on it, and go with it. */
static void
note_free(struct note *n)
{
	struct note *again;

	while (n != NULL) {
		again = n->again;
		free(n);
		n = again;
	}
}

/* Made from the numbers that were kept: the PDU itself is long gone. */
static void
await_reply(struct send *s, uint32_t command_id, uint32_t sequence_number,
    uint32_t status)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(&pdu, command_id, sequence_number, s->link.conn->s.ver);
	link_reply(&s->link, &pdu, status);
}

/* Answers a note and those that say the same, once. */
static void
note_answer(struct send *s, struct note *n, uint32_t status)
{
	const struct note *each;

	for (each = n; each != NULL && !n->answered; each = each->again)
		await_reply(s, each->command_id, each->sequence_number, status);
	n->answered = true;
}

/*
 * Kept by its message until the end; if it was not answered yet, the answer
 * frees it.
 */
void
receipt_release(struct note *n)
{
	if (n == NULL)
		return;
	n->keep = false;
	if (n->answered)
		note_free(n);
}

/* Decodes what a note has kept. */
static void
note_decode(const struct send *s, const struct note *n, struct smpp_pdu *pdu)
{
	struct smpp_issues issues = {.n = 0};

	smpp_decode(
	    pdu, smpp_view_of(n->wire, n->n), s->link.conn->s.ver, 0, &issues);
}

void
receipt_read(const struct send *s, const struct note *n, struct smpp_receipt *r)
{
	struct smpp_pdu pdu;

	note_decode(s, n, &pdu);
	smpp_dlr_read(r, &pdu);
}

/*
 * What a PDU says, its sequence_number aside. An SMSC that did not get its
 * answer sends the receipt again with another number. 0 is "nothing" to the
 * book, hence the bit.
 */
static uint64_t
content_of(struct smpp_view wire)
{
	return smpp_hash64(SMPP_HASH64, wire.p + SMPP_HEADER_SIZE,
		   wire.n - SMPP_HEADER_SIZE) |
	       1;
}

/* A receipt as it came, or NULL; *what says what the book has to know. */
static struct note *
note_new(struct send *s, const struct smpp_pdu *pdu, struct smpp_receipt *r,
    struct smpp_id_receipt *what)
{
	struct note *n = malloc(sizeof(*n) + pdu->wire.n);
	struct smpp_pdu copy;

	if (n == NULL)
		cmd_nomem();
	*n = (struct note){.command_id = pdu->command_id,
	    .sequence_number = pdu->sequence_number,
	    .n = pdu->wire.n};
	/*
	 * As octets, in one piece with the note: a receipt may wait for long,
	 * and a decoded one points into the connection's buffer.
	 */
	memcpy(n->wire, pdu->wire.p, n->n);
	note_decode(s, n, &copy);
	if (!smpp_dlr_read(r, &copy)) {
		free(n);
		return NULL;
	}
	n->state = r->state;
	n->final = r->final;
	*what = (struct smpp_id_receipt){.id = r->value[SMPP_RF_ID],
	    .ends = smpp_ends_pdu(&copy),
	    .tlv = r->tlv_id,
	    .content = content_of(copy.wire),
	    .tag = (uintptr_t)n};
	return n;
}

/* --- what the book says --- */

/*
 * The receipt is about this part. It is reported at the end of the turn, and
 * answered after that. The journal has it before the SMSC gets its answer:
 * after that nobody would send it again.
 */
static void
part_take(struct send *s, struct note *n, struct part *p)
{
	n->part = p;
	p->waits = false;
	parts_del(&s->waiting, p);
	smpp_idmatch_over(s->book, p->h, 0);
	journal_part(&s->journal, JOURNAL_RECEIPT, p->m->number,
	    (uint32_t)(p - p->m->part),
	    n->state == SMPP_message_state_DELIVERED, smpp_view_of(NULL, 0));
}

/* Where the SMSC gave parts of one message the same id, it is about all. */
static void
namesakes_take(struct send *s, const struct note *n)
{
	const struct part *p = n->part;
	struct part *q = p->m->part, *end = q + p->m->parts;
	struct note *copy;

	for (; q < end; q++) {
		if (!q->waits || strcmp(part_name(q), part_name(p)) != 0)
			continue;
		copy = malloc(sizeof(*n) + n->n);
		if (copy == NULL)
			cmd_nomem();
		memcpy(copy, n, sizeof(*n) + n->n);
		copy->again = NULL;
		/* There is one PDU to answer, which is that of the first. */
		copy->answered = true;
		notes_add(&s->taken, copy);
		part_take(s, copy, q);
	}
}

/* It is about a part that had been given up: that is known now. */
static void
late_take(struct send *s, struct note *n, const struct smpp_id_hit *hit)
{
	/* Only a final state says something about a message that is over. */
	if (n->final != 1)
		return;
	n->late = true;
	n->not_swapped = hit->not_swapped;
	smpp_idmatch_over(s->book, hit->h, 0);
	journal_part(&s->journal, JOURNAL_RECEIPT, hit->message >> 9,
	    hit->message >> 1 & 0xff, n->state == SMPP_message_state_DELIVERED,
	    smpp_view_of(NULL, 0));
}

/* It is ours, whatever it says; a repeated one says nothing new. */
static void
await_take(struct send *s, struct note *n, const struct smpp_id_hit *hit)
{
	struct part *p = (struct part *)(uintptr_t)hit->message;

	n->match = hit->match;
	notes_add(&s->taken, n);
	if (hit->not_swapped && !s->not_swapped)
		out_say(s->c, 0,
		    "== the SMSC sends receipts from the sender to the "
		    "recipient of the message");
	/* Said once: it is how this SMSC is, and not an error. */
	s->not_swapped |= hit->not_swapped;
	if (hit->message == 0) {
		out_say(s->c, 1, "== a receipt came again");
	} else if (hit->message & 1) {
		late_take(s, n, hit);
	} else if (n->final != 1) {
		out_say(
		    s->c, 1, "== receipt for %s is not final", part_name(p));
	} else {
		part_take(s, n, p);
		namesakes_take(s, n);
	}
}

/*
 * What is not ours is not ours to take: it is asked to come again later, for
 * whoever listens then.
 */
static void
await_refuse(struct send *s, struct note *n)
{
	note_answer(s, n, ESME_RX_T_APPN);
	note_free(n);
}

/* Takes up what was kept and can be told now. */
static void
await_settle(struct send *s)
{
	struct smpp_id_hit hit;
	struct note *n;

	while (smpp_idmatch_next(s->book, &hit)) {
		n = (struct note *)(uintptr_t)hit.receipt;
		/* One that was refused meanwhile is in no list any more. */
		if (!n->answered)
			notes_del(&s->held, n);
		if (hit.verdict == SMPP_ID_OURS)
			await_take(s, n, &hit);
		else
			await_refuse(s, n);
	}
}

/* Lets go of the receipt that was kept longest. */
static bool
await_drop(struct send *s)
{
	struct smpp_id_hit hit;
	struct note *n;

	if (!smpp_idmatch_drop(s->book, &hit))
		return false;
	n = (struct note *)(uintptr_t)hit.receipt;
	s->unsure += hit.verdict == SMPP_ID_UNSURE;
	if (!n->answered)
		notes_del(&s->held, n);
	await_refuse(s, n);
	return true;
}

/* A receipt that cannot be told yet. What it says is known to the book; it is
 * not answered for a while, for that may be enough. */
static void
await_hold(struct send *s, struct note *n, const struct smpp_id_hit *hit)
{
	struct note *twin = (struct note *)(uintptr_t)hit->twin;

	/* It was refused a moment ago, and so is its repetition. */
	if (!hit->has_twin) {
		n->due = smpp_clock_ms() + HOLD_MS;
		notes_add(&s->held, n);
		/*
		 * A bound for the receipts of others, of which there may be
		 * any number.
		 */
		while (smpp_idmatch_kept(s->book) > KEPT_MAX)
			await_drop(s);
	} else if (twin->answered) {
		await_refuse(s, n);
	} else {
		n->again = twin->again;
		twin->again = n;
	}
}

void
receipt_take(struct send *s, const struct smpp_pdu *pdu)
{
	struct smpp_id_receipt what;
	struct smpp_receipt r;
	struct smpp_id_hit hit;
	struct note *n = NULL;

	/* Without --wait no receipt is ours to take, whatever it says. */
	if (s->book != NULL)
		n = note_new(s, pdu, &r, &what);
	if (n == NULL) {
		link_reply(&s->link, pdu, ESME_RX_T_APPN);
		return;
	}
	if (smpp_idmatch_came(s->book, &what, &hit) != 0)
		cmd_nomem();
	if (hit.verdict == SMPP_ID_OURS)
		await_take(s, n, &hit);
	else if (hit.verdict == SMPP_ID_FOREIGN)
		await_refuse(s, n);
	else
		await_hold(s, n, &hit);
	await_settle(s);
}

/* --- what the book is told --- */

/* Before it is written: its receipt may overtake the response. */
void
receipt_sent(struct send *s, struct part *p, const struct smpp_pdu *pdu)
{
	if (s->a.wait_ms < 0)
		return;
	if (s->book == NULL)
		s->book = smpp_idmatch_open(
		    s->a.id_match == 0 ? SMPP_ID_AUTO : SMPP_ID_EXACT,
		    OVER_MAX);
	if (s->book == NULL ||
	    smpp_idmatch_sent(s->book, smpp_ends_pdu(pdu),
		(uint32_t)p->m->number, (uintptr_t)p, &p->h) != 0)
		cmd_nomem();
	p->booked = true;
}

void
receipt_known(struct send *s, struct part *p)
{
	enum smpp_id_name name = smpp_idmatch_known(
	    s->book, p->h, smpp_view_str(part_name(p)));

	p->booked = name != SMPP_ID_EMPTY;
	if (name == SMPP_ID_SHARED && !s->shared_id)
		out_warn(s->c,
		    "the SMSC gave two messages to %s the id %.255s: their "
		    "receipts cannot be told apart",
		    p->m->dest, part_name(p));
	s->shared_id |= name == SMPP_ID_SHARED;
	await_settle(s);
}

/*
 * Refused, or of unknown outcome and given up: a receipt that waited for this
 * one may be decided now.
 */
void
receipt_gone(struct send *s, struct part *p)
{
	if (!p->booked)
		return;
	p->booked = false;
	smpp_idmatch_gone(s->book, p->h);
	await_settle(s);
}

void
receipt_over(struct send *s, struct part *p)
{
	if (p->booked)
		smpp_idmatch_over(s->book, p->h, tag_given_up(p));
}

/* From the octets of the journal, since the book asks for addresses. */
void
receipt_resumed(struct send *s, struct part *p, bool over)
{
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;

	if (s->a.wait_ms < 0)
		return;
	smpp_decode(&pdu, smpp_view_of(p->m->wire + p->at, p->n),
	    s->a.target.ver, 0, &issues);
	receipt_sent(s, p, &pdu);
	receipt_known(s, p);
	if (over && p->booked)
		smpp_idmatch_over(s->book, p->h, 0);
}

/* --- what is told and answered --- */

/*
 * Refused for a time: the SMSC waits for an answer before it sends more. What
 * the receipt says stays in the book, so that it counts even if it does not
 * come again.
 */
void
receipt_stale(struct send *s, int64_t now)
{
	struct note *n;

	while ((n = s->held.first) != NULL && n->due <= now) {
		notes_del(&s->held, n);
		note_answer(s, n, ESME_RX_T_APPN);
	}
}

int64_t
receipt_due(const struct send *s)
{
	return s->held.first == NULL ? SMPP_FOREVER : s->held.first->due;
}

void
receipt_end(struct send *s)
{
	if (s->book == NULL)
		return;
	while (await_drop(s))
		;
	if (s->unsure > 0)
		out_warn(s->c,
		    "%llu receipt%s about one of several messages, and nothing "
		    "told which: not taken",
		    (unsigned long long)s->unsure,
		    s->unsure == 1 ? " was" : "s were");
	s->unsure = 0;
}

/* Tells of a late receipt, whose message is no more. */
static void
late_tell(struct send *s, const struct note *n)
{
	struct smpp_pdu pdu;

	note_decode(s, n, &pdu);
	report_late(s, n,
	    smpp_pdu_view(&pdu,
		n->not_swapped ? SMPP_F_destination_addr : SMPP_F_source_addr));
}

void
receipt_report(struct send *s)
{
	struct note *n = s->taken.first;

	for (; n != NULL; n = n->next) {
		if (n->late)
			late_tell(s, n);
		if (n->part == NULL)
			continue;
		n->part->fate = n->state == SMPP_message_state_DELIVERED
				    ? MSG_DELIVERED
				    : MSG_UNDELIVERED;
		report_receipt(s, n->part, n);
	}
}

/*
 * After the record was written and flushed: an answer is a promise that the
 * receipt is not lost.
 */
void
receipt_answer(struct send *s)
{
	struct note *n;
	struct msg *m;

	while ((n = s->taken.first) != NULL) {
		notes_del(&s->taken, n);
		note_answer(s, n, ESME_ROK);
		m = n->part != NULL ? n->part->m : NULL;
		if (!n->keep)
			note_free(n);
		if (m != NULL && --m->waiting == 0 && m->reported)
			msg_free(s, m);
	}
}
