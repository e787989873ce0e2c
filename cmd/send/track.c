/* smpp send: the parts under way, and their responses. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "send.h"
#include "words/status.h"

enum { ID_MAX = 64 }; /* characters of a message_id */

/* The number of a part in its message. */
static uint32_t
index_of(const struct part *p)
{
	return (uint32_t)(p - p->m->part);
}

/* Reported at the end of the turn, in the order in which they were settled. */
void
track_settle(struct send *s, struct part *p, enum send_fate fate)
{
	struct msg *m = p->m;

	p->fate = fate;
	if (--m->unanswered > 0)
		return;
	m->next = NULL;
	*s->settled_end = m;
	s->settled_end = &m->next;
}

/* From the response on: before it there is no id to have a receipt of. */
void
track_wait(struct send *s, struct part *p)
{
	p->waits = true;
	p->m->waiting++;
	p->m->untold++;
	p->due = smpp_io_deadline(smpp_clock_ms(), s->a.wait_ms);
	parts_add(&s->waiting, p);
}

/* Keeps the id whole, whatever its length. */
static void
track_name(struct send *s, struct part *p, struct smpp_view id)
{
	if (id.n > 0)
		memcpy(part_name_room(p, id.n), id.p, id.n);
	if (id.n <= ID_MAX || s->long_id)
		return;
	s->long_id = true;
	out_warn(s->c,
	    "the SMSC gives ids of %u octets, %d being the most that others "
	    "need take",
	    id.n, ID_MAX);
}

static void
track_accepted(struct send *s, struct part *p, const struct smpp_pdu *pdu)
{
	track_name(s, p, smpp_pdu_view(pdu, SMPP_F_message_id));
	tempo_accepted(&s->tempo, p->sent_ns);
	journal_part(&s->journal, JOURNAL_ACCEPTED, p->m->number, index_of(p),
	    0, smpp_view_str(part_name(p)));
	track_settle(s, p, MSG_ACCEPTED);
	if (s->a.wait_ms < 0)
		return;
	track_wait(s, p);
	receipt_known(s, p);
}

/*
 * Whether a part that was refused is to be tried again. Statuses of the class
 * that may be sent again as they are; any other would be refused again. The
 * pace slows down even for what is given up.
 */
static bool
track_again(struct send *s, struct part *p)
{
	const struct smpp_status *row = smpp_status_of(p->status);

	if (row == NULL || row->cls != SMPP_CLASS_RETRY)
		return false;
	s->tally.throttled++;
	tempo_throttled(&s->tempo, p->sent_ns, p->answered_ns);
	return p->tries < s->a.retries && !s->ending;
}

static void
track_refused(struct send *s, struct part *p)
{
	char text[STATUS_TEXT];

	receipt_gone(s, p);
	if (!track_again(s, p)) {
		journal_part(&s->journal, JOURNAL_REFUSED, p->m->number,
		    index_of(p), p->status, smpp_view_of(NULL, 0));
		track_settle(s, p, MSG_REFUSED);
		return;
	}
	/*
	 * Not accepted, that is known: a run that goes on may send it without
	 * the risk of a second message.
	 */
	journal_part(&s->journal, JOURNAL_THROTTLED, p->m->number, index_of(p),
	    0, smpp_view_of(NULL, 0));
	p->tries++;
	p->fate = MSG_UNSENT;
	out_say(s->c, 1, "== %s: %s, again in %.1f s", p->m->dest,
	    status_text(text, p->status),
	    (double)(tempo_due(&s->tempo) - p->answered_ns) / 1e9);
	/* At its place in the order, before what was read later. */
	parts_insert(&s->pending, p);
}

static void
track_on_response(struct send *s, struct part *p, const struct smpp_pdu *pdu)
{
	parts_del(&s->open, p);
	p->answered_ns = smpp_clock_ns();
	p->status = pdu->command_status;
	if (pdu->command_id == SMPP_C_submit_sm_resp && p->status == 0)
		track_accepted(s, p, pdu);
	else
		track_refused(s, p);
}

/*
 * Not resent: it may have been accepted, and a second message costs more than
 * a missing one that is told.
 */
static void
track_on_timeout(struct send *s, struct part *p)
{
	char text[24];

	parts_del(&s->open, p);
	progress_wipe(s);
	out_error(s->c, SMPP_EXIT_UNKNOWN, "submit",
	    "%s: no submit_sm_resp within %s; the message may have been "
	    "accepted",
	    p->m->dest, target_duration(text, s->a.target.response_ms));
	receipt_gone(s, p);
	track_settle(s, p, MSG_UNKNOWN);
}

/* Tags of our submit_sm are parts; other requests are the session's own. */
void
track_event(struct send *s)
{
	const struct smpp_event *ev = &s->link.ev;
	const struct smpp_request *r = &ev->request;
	struct part *p = NULL;

	if (r->command_id == SMPP_C_submit_sm)
		p = (struct part *)(uintptr_t)r->tag;
	if (ev->kind == SMPP_EV_REQUEST)
		receipt_take(s, &s->link.pdu);
	else if (ev->kind == SMPP_EV_RESPONSE && p != NULL)
		track_on_response(s, p, &s->link.pdu);
	else if (ev->kind == SMPP_EV_TIMEOUT && p != NULL)
		track_on_timeout(s, p);
}

/*
 * Ends the wait for a receipt. Its receipt may still come, and is then told as
 * late.
 */
static void
track_give_up(struct send *s, struct part *p, const char *why)
{
	p->waits = false;
	parts_del(&s->waiting, p);
	receipt_over(s, p);
	report_no_receipt(s, p, why);
	report_over(s, p->m, NULL);
	if (--p->m->waiting == 0 && p->m->reported)
		msg_free(s, p->m);
}

/* Responses first: what has none is unknown, whatever receipts say. */
void
track_lost(struct send *s, const char *why)
{
	struct part *p;

	while ((p = s->open.first) != NULL) {
		if (why != NULL)
			out_error(s->c, SMPP_EXIT_UNKNOWN, "submit", "%s: %s",
			    p->m->dest, why);
		parts_del(&s->open, p);
		track_settle(s, p, MSG_UNKNOWN);
	}
	while ((p = s->waiting.first) != NULL)
		track_give_up(s, p, why);
	receipt_end(s);
}

void
track_overdue(struct send *s, int64_t now)
{
	struct part *p;
	char text[24], why[400];

	receipt_stale(s, now);
	while ((p = s->waiting.first) != NULL && p->due <= now) {
		snprintf(why, sizeof(why),
		    "no receipt for %.255s within %s; the message may still "
		    "be delivered",
		    part_name(p), target_duration(text, s->a.wait_ms));
		track_give_up(s, p, why);
	}
}
