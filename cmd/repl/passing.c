/* smpp repl: what passes on the connection, and what is answered by itself. */
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "repl.h"

enum { TAG_QUIET = 1 };

/*
 * The tag of a request in the session: the number of its entry, which may be
 * forgotten by the time that it is answered, and whether it is to be shown.
 */
static uint64_t
passing_tag(const struct seen *s)
{
	return s->number << 1 | (s->quiet ? TAG_QUIET : 0);
}

/* An outbind has passed: in 3.4, too, the prompt says so. */
static void
passing_outbind(struct repl *r, const struct seen *s)
{
	struct smpp_session *session = &r->link.conn.s;

	if (s->whole && s->id == SMPP_C_outbind &&
	    session->state == SMPP_ST_OPEN)
		session->state = SMPP_ST_OUT;
}

/* --- out --- */

/* Remembers one PDU, or what is none, as sent. */
static struct seen *
passing_out(
    struct repl *r, struct smpp_view octets, const char *line, bool quiet)
{
	struct seen *s = seen_add(r, SMPP_OUT, octets);
	struct seen *asked;

	s->quiet = quiet;
	if (line != NULL && (s->line = strdup(line)) == NULL)
		cmd_nomem();
	asked = seen_asked(r, s);
	if (asked == NULL)
		return s;
	asked->asks = false;
	asked->answer = s->number;
	s->asked = asked->number;
	return s;
}

/*
 * The octets of the next PDU, or all that are left. \raw may have several
 * PDUs, each is remembered by itself; what is no PDU ends it, for nothing
 * behind that can be told apart.
 */
static struct smpp_view
passing_next(struct smpp_view left)
{
	const int n = smpp_frame(left.p, left.n, SMPP_PDU_MAX);

	return n > 0 && (uint32_t)n <= left.n ? smpp_view_of(left.p, (size_t)n)
					      : left;
}

/*
 * Puts what was remembered on the connection. What is whole is passed by the
 * session, which follows its state; half of a PDU is nothing that it could
 * follow.
 */
static void
passing_send(struct repl *r, const struct seen *s)
{
	struct smpp_conn *conn = &r->link.conn;
	const struct smpp_view octets = smpp_view_of(s->wire, s->n);

	if ((s->whole ? smpp_conn_pass(conn, octets, passing_tag(s))
		      : smpp_conn_put(conn, octets)) != 0)
		cmd_nomem();
	passing_outbind(r, s);
}

/* Remembers and shows octets, and unless they drip sends them. */
static uint64_t
passing_each(struct repl *r, struct smpp_view left, const char *line,
    const char *note, bool quiet, bool drips)
{
	struct smpp_view part;
	struct seen *s;

	do {
		part = passing_next(left);
		left = smpp_view_of(left.p + part.n, left.n - part.n);
		/*
		 * Remembered before it is sent: its answer finds it in any
		 * case.
		 */
		s = passing_out(r, part, line, quiet);
		if (!drips)
			passing_send(r, s);
		if (!quiet)
			print_seen(r, s, left.n == 0 ? note : NULL);
	} while (left.n > 0);
	return s->number;
}

uint64_t
wire_put(struct repl *r, struct smpp_view octets, const char *line,
    const char *note, bool quiet)
{
	uint64_t number = passing_each(r, octets, line, note, quiet, false);

	smpp_link_flush(&r->link);
	return number;
}

uint64_t
wire_note(
    struct repl *r, struct smpp_view octets, const char *line, const char *note)
{
	return passing_each(r, octets, line, note, false, true);
}

/* Written at once: what drips would otherwise leave in one piece. */
void
wire_write(struct repl *r, struct smpp_view octets)
{
	if (smpp_conn_put(&r->link.conn, octets) != 0)
		cmd_nomem();
	smpp_link_flush(&r->link);
}

/* The time of a request runs from its last octet. */
void
wire_noted(struct repl *r, uint64_t number)
{
	struct seen *s = seen_get(r, number);
	struct smpp_pdu pdu;

	if (s == NULL || !s->whole || s->answer != 0 || !wire_open(r))
		return;
	smpp_pdu_init(&pdu, s->id, s->seq, r->link.conn.s.ver);
	pdu.command_status = smpp_get_u32(s->wire + 8);
	smpp_session_out(
	    &r->link.conn.s, &pdu, smpp_clock_ms(), passing_tag(s));
	smpp_link_touch(&r->link);
	passing_outbind(r, s);
	s->ns = smpp_clock_ns();
}

uint64_t
wire_put_header(
    struct repl *r, uint32_t id, uint32_t status, uint32_t seq, bool quiet)
{
	uint8_t octets[64];
	struct smpp_pdu pdu;
	struct smpp_wr w;

	smpp_pdu_init(&pdu, id, seq, r->link.conn.s.ver);
	pdu.command_status = status;
	smpp_wr_init(&w, octets, sizeof(octets));
	smpp_encode(&w, &pdu);
	return wire_put(r, smpp_view_of(octets, w.n), NULL, NULL, quiet);
}

/* --- in --- */

/*
 * Whether a request is one that is answered without being asked. As an SMSC
 * nothing is taken by itself: what is typed decides.
 */
static bool
passing_automatic(const struct repl *r, uint32_t id)
{
	switch (id) {
	case SMPP_C_enquire_link:
		return r->set.auto_enquire;
	case SMPP_C_unbind:
		return r->set.auto_unbind;
	case SMPP_C_deliver_sm:
	case SMPP_C_data_sm:
		return r->set.auto_deliver &&
		       r->link.conn.s.conf.role == SMPP_ESME;
	default:
		return false;
	}
}

/* Shows a request and answers it, if that is automatic: shown is acknowledged,
 * not the other way round. */
static void
passing_request(
    struct repl *r, const struct seen *s, const struct smpp_event *ev)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(s->id);
	bool human = r->c->out->form == OUT_HUMAN && !r->set.expanded;
	uint32_t seq = s->seq;
	char note[64] = "answered";

	if (!passing_automatic(r, s->id)) {
		print_seen(r, s, NULL);
		return;
	}
	if (ev->reply_status != ESME_ROK)
		snprintf(note, sizeof(note), "answered %s",
		    smpp_status_of(ev->reply_status)->name);
	print_seen(r, s, human ? note : NULL);
	wire_put_header(r, ev->reply_id != 0 ? ev->reply_id : row->counterpart,
	    ev->reply_status, seq, human);
}

/*
 * Octets that were wrong on purpose are answered with any number, or none: a
 * response that fits nothing else is about the last line. So is one to a
 * request that drips yet, or has the number 0, which the session passes over.
 */
static struct seen *
passing_lie(struct repl *r, const struct seen *response)
{
	struct seen *s = seen_get(r, r->last);

	if (s == NULL || s->answer != 0 || s->late || s->session != r->session)
		return NULL;
	return !s->whole || response->id == SMPP_C_generic_nack ||
		       (response->seq == s->seq &&
			   response->id == (s->id | SMPP_RESPONSE_BIT))
		   ? s
		   : NULL;
}

/* Has a response answer its request. Returns what is odd about it, or NULL. */
static const char *
passing_answer(struct repl *r, struct seen *s, const struct smpp_event *ev)
{
	const uint64_t tag = ev->request.tag;
	struct seen *asked;

	if (ev->kind == SMPP_EV_RESPONSE)
		asked = seen_get(r, tag >> 1);
	else if (ev->stray == SMPP_STRAY_UNKNOWN)
		asked = passing_lie(r, s);
	else
		return smpp_stray_text(ev->stray);
	if (asked == NULL && ev->kind != SMPP_EV_RESPONSE)
		return smpp_stray_text(ev->stray);
	if (asked == NULL) { /* so much has come since */
		s->quiet = tag & TAG_QUIET;
		s->ms = (double)(smpp_clock_ms() - ev->request.sent);
		return NULL;
	}
	/* Found by hand, as what answers a lie, and answered before. */
	if (asked->answer != 0)
		return smpp_stray_text(SMPP_STRAY_REPEATED);
	asked->asks = false;
	asked->answer = s->number;
	s->asked = asked->number;
	s->ms = (double)(s->ns - asked->ns) / 1e6;
	s->quiet = asked->quiet;
	return NULL;
}

void
wire_arrived(
    struct repl *r, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	struct seen *s = seen_add(r, SMPP_IN, pdu->wire);
	const char *stray;

	passing_outbind(r, s);
	if (!(s->id & SMPP_RESPONSE_BIT)) {
		passing_request(r, s, ev);
		return;
	}
	stray = passing_answer(r, s, ev);
	if (!s->quiet)
		print_seen(r, s, stray);
}

void
wire_late(struct repl *r, const struct smpp_request *request)
{
	struct seen *s = seen_get(r, request->tag >> 1);
	const bool quiet = request->tag & TAG_QUIET;
	const struct smpp_pdu_row *row;
	char text[24];

	if (s != NULL && !s->asks)
		return; /* what answered it had another number */
	if (s != NULL) {
		s->asks = false;
		s->late = true;
	}
	/*
	 * Only our own keep-alive ends it, and only if nothing else was heard
	 * since: who sends anything is alive. A time-out of what was typed is
	 * news, no end.
	 */
	if (quiet && request->command_id == SMPP_C_enquire_link &&
	    r->heard < (uint64_t)request->sent * 1000000) {
		wire_lost(r, "no enquire_link_resp in time");
		return;
	}
	row = smpp_pdu_of(request->command_id | SMPP_RESPONSE_BIT);
	if (r->interactive)
		repl_say(r, "<! no %s for seq %u within %s",
		    row == NULL ? "answer" : row->name,
		    request->sequence_number,
		    target_duration(text, r->target.response_ms));
}
