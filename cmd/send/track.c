/* smpp send: the messages under way, their responses and receipts. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "send.h"

enum { STATE_DELIVERED = 2 }; /* message_state */

int
track_send(struct send *s)
{
	struct smpp_conn *conn = &s->link.conn;
	struct smpp_pdu pdu;
	struct msg *m;
	int rc;

	while (s->next < s->n && smpp_session_room(&conn->s) > 0) {
		m = &s->msg[s->next];
		rc = submit_build(s, m, &pdu);
		if (rc != 0)
			return rc;
		if (smpp_conn_send(conn, &pdu, s->next) != 0)
			cmd_nomem();
		m->fate = MSG_SENT;
		m->sent_ns = smpp_clock_ns();
		s->open++;
		s->next++;
	}
	return 0;
}

/*
 * The message whose receipt has this id, NULL when there is none. A match of
 * hex against decimal counts only when it is the only one.
 */
static struct msg *
find_receipt(struct send *s, struct view id, enum smpp_id_match *match)
{
	struct msg *best = NULL;
	enum smpp_id_match how;
	bool alone = true;

	*match = SMPP_ID_DIFFERENT;
	for (size_t i = 0; i < s->next; i++) {
		if (!s->msg[i].waits)
			continue;
		how = smpp_id_compare(view_str(s->msg[i].id), id, SMPP_ID_AUTO);
		if (how == SMPP_ID_DIFFERENT ||
		    (*match != SMPP_ID_DIFFERENT && how > *match))
			continue;
		alone = how != *match;
		*match = how;
		best = &s->msg[i];
	}
	return *match == SMPP_ID_NUMBER && !alone ? NULL : best;
}

/* Takes up a receipt. True when it is about one of our messages. */
static bool
take_receipt(struct send *s, const struct smpp_pdu *pdu)
{
	struct smpp_receipt r;
	enum smpp_id_match match;
	struct msg *m;

	if (!smpp_dlr(&r, pdu))
		return false;
	m = find_receipt(s, r.value[SMPP_RF_ID], &match);
	if (m == NULL)
		return false;
	if (r.final != 1) {
		out_say(s->c, 1, "== receipt for %s is not final", m->id);
		return true;
	}
	m->fate = r.state == STATE_DELIVERED ? MSG_DELIVERED : MSG_UNDELIVERED;
	m->waits = false;
	s->waiting--;
	report_receipt(s, m, &r, match);
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
copy_id(struct msg *m, struct view id)
{
	uint32_t n = id.n < sizeof(m->id) ? id.n : sizeof(m->id) - 1;

	if (n > 0)
		memcpy(m->id, id.p, n);
	m->id[n] = '\0';
}

static void
on_response(struct send *s, struct msg *m, const struct smpp_pdu *pdu)
{
	s->open--;
	m->answered_ns = smpp_clock_ns();
	m->status = pdu->command_status;
	if (pdu->command_id == SMPP_C_submit_sm_resp && m->status == 0) {
		m->fate = MSG_ACCEPTED;
		copy_id(m, smpp_view(pdu, SMPP_F_message_id));
		m->waits = s->a.wait_ms >= 0;
		s->waiting += m->waits;
		report_accepted(s, m);
	} else {
		m->fate = MSG_REFUSED;
		report_refused(s, m);
	}
	try_early(s, s->open == 0);
}

static void
unknown(struct send *s, struct msg *m, const char *why)
{
	m->fate = MSG_UNKNOWN;
	s->open--;
	report_unknown(s, m, why);
}

static void
on_timeout(struct send *s, struct msg *m)
{
	char text[24];

	unknown(s, m,
	    cmd_printf(s->c,
		"%s: no submit_sm_resp within %s; the message may have been "
		"accepted",
		m->dest, target_duration(text, s->a.target.response_ms)));
}

void
track_event(struct send *s)
{
	const struct smpp_event *ev = &s->link.ev;
	const struct smpp_request *r = &ev->request;
	struct msg *m = NULL;

	if (r->command_id == SMPP_C_submit_sm)
		m = &s->msg[r->tag];
	if (ev->kind == SMPP_EV_REQUEST)
		on_request(s, &s->link.pdu);
	else if (ev->kind == SMPP_EV_RESPONSE && m != NULL)
		on_response(s, m, &s->link.pdu);
	else if (ev->kind == SMPP_EV_TIMEOUT && m != NULL)
		on_timeout(s, m);
}

void
track_lost(struct send *s, const char *why)
{
	struct msg *m;
	size_t i;

	for (i = 0; i < s->next; i++) {
		m = &s->msg[i];
		if (m->fate == MSG_SENT)
			unknown(s, m, why);
		else if (m->waits)
			report_unknown(s, m, why);
		m->waits = false;
	}
	s->waiting = 0;
}

/* The receipts did not come in time. */
void
track_overdue(struct send *s)
{
	struct msg *m;
	char text[24];
	size_t i;

	for (i = 0; i < s->next; i++) {
		m = &s->msg[i];
		if (m->waits)
			report_unknown(s, m,
			    cmd_printf(s->c,
				"no receipt for %s within %s; the message "
				"may still be delivered",
				m->id, target_duration(text, s->a.wait_ms)));
		m->waits = false;
	}
	s->waiting = 0;
}
