/* smpp send: the messages under way, their responses and receipts. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "send.h"

enum { STATE_DELIVERED = 2 }; /* message_state */

/* The message that a part belongs to. */
static struct msg *
msg_of(struct send *s, const struct part *p)
{
	return &s->msg[(p - s->part) / s->content.parts];
}

int
track_send(struct send *s)
{
	struct smpp_conn *conn = &s->link.conn;
	struct smpp_pdu pdu;
	struct part *p;
	struct msg *m;
	int rc;

	while (s->next < s->total && smpp_session_room(&conn->s) > 0) {
		p = &s->part[s->next];
		m = msg_of(s, p);
		rc = submit_build(s, m, (int)(p - m->part), &pdu);
		if (rc != 0)
			return rc;
		if (smpp_conn_send(conn, &pdu, s->next) != 0)
			cmd_nomem();
		p->fate = MSG_SENT;
		p->sent_ns = smpp_clock_ns();
		s->open++;
		s->next++;
	}
	return 0;
}

/* Reports a message once all its parts are answered. */
static void
settle(struct send *s, struct msg *m)
{
	for (int i = 0; i < s->content.parts; i++)
		if (m->part[i].fate == MSG_SENT ||
		    m->part[i].fate == MSG_UNSENT)
			return;
	report_answer(s, m);
}

/*
 * The part whose receipt has this id, NULL when there is none. A match of hex
 * against decimal counts only when it is the only one.
 */
static struct part *
find_receipt(struct send *s, struct view id, enum smpp_id_match *match)
{
	struct part *best = NULL, *p;
	enum smpp_id_match how;
	bool alone = true;

	*match = SMPP_ID_DIFFERENT;
	for (p = s->part; p < s->part + s->next; p++) {
		if (!p->waits)
			continue;
		how = smpp_id_compare(view_str(p->id), id, SMPP_ID_AUTO);
		if (how == SMPP_ID_DIFFERENT ||
		    (*match != SMPP_ID_DIFFERENT && how > *match))
			continue;
		alone = how != *match;
		*match = how;
		best = p;
	}
	return *match == SMPP_ID_NUMBER && !alone ? NULL : best;
}

/* Takes up a receipt. True when it is about one of our messages. */
static bool
take_receipt(struct send *s, const struct smpp_pdu *pdu)
{
	struct smpp_receipt r;
	enum smpp_id_match match;
	struct part *p;

	if (!smpp_dlr(&r, pdu))
		return false;
	p = find_receipt(s, r.value[SMPP_RF_ID], &match);
	if (p == NULL)
		return false;
	if (r.final != 1) {
		out_say(s->c, 1, "== receipt for %s is not final", p->id);
		return true;
	}
	p->fate = r.state == STATE_DELIVERED ? MSG_DELIVERED : MSG_UNDELIVERED;
	p->waits = false;
	s->waiting--;
	report_receipt(s, msg_of(s, p), p, &r, match);
	return true;
}

/*
 * Answers a message or receipt of the SMSC, once its record is written. What
 * is not ours is not ours to take: it is asked to come again later, for
 * whoever listens then.
 */
static void
answer(struct send *s, const struct smpp_pdu *pdu, bool taken)
{
	if (taken && out_flush(s->c->out) != 0)
		return;
	smpp_conn_reply(&s->link.conn, pdu, taken ? ESME_ROK : ESME_RX_T_APPN);
}

/* Keeps a receipt that may be about a message not yet answered. */
static bool
keep_early(struct send *s, const struct smpp_pdu *pdu)
{
	struct early *e = &s->early[s->nearly];

	if (s->open == 0 || s->nearly == EARLY_MAX)
		return false;
	e->wire = cmd_alloc(s->c, pdu->wire.n);
	e->n = pdu->command_length;
	memcpy(e->wire, pdu->wire.p, e->n);
	s->nearly++;
	return true;
}

/* Looks again at the receipts that came early; drops all when last. */
static void
try_early(struct send *s, bool last)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	size_t i, left = 0;
	bool taken;

	for (i = 0; i < s->nearly; i++) {
		issues = (struct smpp_issues){.n = 0};
		smpp_decode(&pdu, view_of(s->early[i].wire, s->early[i].n),
		    s->link.conn.s.ver, 0, &issues);
		taken = take_receipt(s, &pdu);
		if (taken || last)
			answer(s, &pdu, taken);
		else
			s->early[left++] = s->early[i];
	}
	s->nearly = left;
}

static void
on_request(struct send *s, const struct smpp_pdu *pdu)
{
	bool taken = s->a.wait_ms >= 0 && take_receipt(s, pdu);

	if (!taken && s->a.wait_ms >= 0 && keep_early(s, pdu))
		return;
	answer(s, pdu, taken);
}

static void
copy_id(struct part *p, struct view id)
{
	uint32_t n = id.n < sizeof(p->id) ? id.n : sizeof(p->id) - 1;

	if (n > 0)
		memcpy(p->id, id.p, n);
	p->id[n] = '\0';
}

static void
on_response(struct send *s, struct part *p, const struct smpp_pdu *pdu)
{
	s->open--;
	p->answered_ns = smpp_clock_ns();
	p->status = pdu->command_status;
	p->fate = MSG_REFUSED;
	if (pdu->command_id == SMPP_C_submit_sm_resp && p->status == 0) {
		p->fate = MSG_ACCEPTED;
		copy_id(p, smpp_view(pdu, SMPP_F_message_id));
		p->waits = s->a.wait_ms >= 0;
		s->waiting += p->waits;
	}
	settle(s, msg_of(s, p));
	try_early(s, s->open == 0);
}

static void
on_timeout(struct send *s, struct part *p)
{
	struct msg *m = msg_of(s, p);
	char text[24];

	s->open--;
	p->fate = MSG_UNKNOWN;
	out_error(s->c, SMPP_EXIT_UNKNOWN, "submit",
	    "%s: no submit_sm_resp within %s; the message may have been "
	    "accepted",
	    m->dest, target_duration(text, s->a.target.response_ms));
	settle(s, m);
}

void
track_event(struct send *s)
{
	const struct smpp_event *ev = &s->link.ev;
	const struct smpp_request *r = &ev->request;
	struct part *p = NULL;

	if (r->command_id == SMPP_C_submit_sm)
		p = &s->part[r->tag];
	if (ev->kind == SMPP_EV_REQUEST)
		on_request(s, &s->link.pdu);
	else if (ev->kind == SMPP_EV_RESPONSE && p != NULL)
		on_response(s, p, &s->link.pdu);
	else if (ev->kind == SMPP_EV_TIMEOUT && p != NULL)
		on_timeout(s, p);
}

void
track_lost(struct send *s, const char *why)
{
	struct part *p;
	struct msg *m;

	for (p = s->part; p < s->part + s->next; p++) {
		m = msg_of(s, p);
		if (p->fate == MSG_SENT && why != NULL)
			out_error(s->c, SMPP_EXIT_UNKNOWN, "submit", "%s: %s",
			    m->dest, why);
		if (p->fate == MSG_SENT)
			p->fate = MSG_UNKNOWN;
		else if (p->waits)
			report_no_receipt(s, m, p, why);
		p->waits = false;
	}
	s->open = s->waiting = 0;
}

/* The receipts did not come in time. */
void
track_overdue(struct send *s)
{
	struct part *p;
	char text[24];

	for (p = s->part; p < s->part + s->next; p++) {
		if (p->waits)
			report_no_receipt(s, msg_of(s, p), p,
			    cmd_printf(s->c,
				"no receipt for %s within %s; the message "
				"may still be delivered",
				p->id, target_duration(text, s->a.wait_ms)));
		p->waits = false;
	}
	s->waiting = 0;
}
