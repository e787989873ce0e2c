/* One SMSC at the other end: connect, bind, wait, unbind, and say so. */
#include "link_int.h"

#include <unistd.h>

#include "base/clock.h"
#include "kit/sig.h"

enum {
	UNBIND_MS = 1500, /* with the flush before it below 2 s */
	SILENT_MS = 200,  /* for a peer that has just let a time pass */
};

/* Says that what somebody is called lacks its end, and that it is taken as it
 * is. */
static void
link_unended(struct link *l)
{
	static const uint8_t names[] = {SMPP_F_message_id, SMPP_F_system_id};

	for (size_t i = 0; i < sizeof(names); i++)
		if (!l->unended && l->pdu.row != NULL &&
		    smpp_pdu_unended(&l->pdu, names[i])) {
			l->unended = true;
			out_warn(l->c,
			    "%s has no NUL behind its %s: taken all "
			    "the same",
			    l->pdu.row->name, smpp_field_name(names[i]));
		}
}

/* Events that only -v shows. True when the caller wants to see this one. */
static bool
link_report(struct link *l)
{
	const struct smpp_event *ev = &l->ev;

	switch (ev->kind) {
	case SMPP_EV_TIMEOUT:
		l->silent = true;
		return true;
	case SMPP_EV_REQUEST:
	case SMPP_EV_ONEWAY:
	case SMPP_EV_UNBIND:
		return true;
	case SMPP_EV_RESPONSE:
		link_unended(l);
		return ev->request.command_id != SMPP_C_enquire_link ||
		       ev->request.tag != 0;
	case SMPP_EV_STRAY:
		out_say(l->c, 1, "<! seq %u %s", l->pdu.sequence_number,
		    smpp_stray_text(ev->stray));
		return false;
	default:
		return false;
	}
}

/* The connections to hear: of two, one that has logged out may be closed. */
static unsigned
heard(struct link *l, struct smpp_conn *conns[2])
{
	unsigned n = 0;

	if (!l->pair || l->conn.s.state != SMPP_ST_UNB)
		conns[n++] = &l->conn;
	if (l->pair && (n == 0 || l->rx.s.state != SMPP_ST_UNB))
		conns[n++] = &l->rx;
	return n;
}

int
link_next(struct link *l, int64_t deadline)
{
	struct smpp_conn *conns[2];
	unsigned which;
	int rc;

	if (deadline > l->deadline)
		deadline = l->deadline;
	for (;;) {
		rc = smpp_recv_any(conns, heard(l, conns), &which, &l->pdu,
		    &l->issues, &l->ev, deadline, &l->err);
		if (rc != SMPP_ETIMEOUT && rc != SMPP_EINTERRUPTED)
			l->from = conns[which];
		if (rc == SMPP_ENOMEM)
			cmd_nomem();
		if (rc < 0)
			return rc;
		if (l->ev.kind == SMPP_EV_CLOSE)
			return smpp_err_set(
			    &l->err, SMPP_ECLOSED, "no %s in time", l->ev.text);
		if (link_report(l))
			return 0;
	}
}

/* The connection that messages come on. */
static struct smpp_conn *
link_receiver(struct link *l)
{
	return l->pair ? &l->rx : &l->conn;
}

void
link_reply(struct link *l, const struct smpp_pdu *request, uint32_t status)
{
	if (smpp_conn_reply(link_receiver(l), request, status) != 0)
		cmd_nomem();
}

uint32_t
link_room(const struct link *l, int64_t *when)
{
	int64_t hold = smpp_session_hold(&l->conn.s);

	*when = SMPP_FOREVER;
	if (smpp_clock_ms() >= hold)
		return smpp_session_room(&l->conn.s);
	*when = hold;
	return 0;
}

int
link_failed(struct link *l, int exit, const char *what, const char *awaited,
    int64_t waited_ms)
{
	const struct linkend end = link_ending(l);

	if (l->err.code == SMPP_ETIMEOUT)
		l->silent = true;
	return linksay_wait(&end, exit, what, awaited, waited_ms);
}

/* Whether an unbind of ours is to be answered yet. */
static bool
unbinding(const struct link *l)
{
	return smpp_session_bound(&l->conn.s) ||
	       (l->pair && smpp_session_bound(&l->rx.s));
}

static void
send_unbind(struct link *l, struct smpp_conn *conn)
{
	if (!smpp_session_bound(&conn->s))
		return;
	smpp_pdu_init(&l->pdu, SMPP_C_unbind, 0, l->t->ver);
	smpp_conn_send(conn, &l->pdu, 0);
}

/* Waits for unbind_resp, or the end of the connection. A signal has it wait
 * no less, unless it is the second one. */
static void
link_unbind(struct link *l)
{
	int64_t until = smpp_clock_ms() + (l->silent ? SILENT_MS : UNBIND_MS);
	uint64_t began = smpp_clock_ns();
	int rc = 0;

	send_unbind(l, &l->conn);
	if (l->pair)
		send_unbind(l, &l->rx);
	while (unbinding(l) && rc == 0) {
		rc = link_next(l, until);
		if (rc == 0 && l->ev.kind == SMPP_EV_REQUEST)
			link_reply(l, &l->pdu, ESME_RX_T_APPN);
		if (rc != SMPP_EINTERRUPTED || sig_stop() > 1)
			continue;
		sig_seen();
		smpp_err_clear(&l->err);
		rc = 0;
	}
	if (!unbinding(l))
		l->unbind_ns = smpp_clock_ns() - began;
}

/* Closes one connection, after what still waits to be written. */
static void
link_end(struct smpp_conn *conn)
{
	if (conn->fd >= 0)
		smpp_flush(conn, smpp_clock_ms() + SILENT_MS, NULL);
	smpp_conn_close(conn);
}

int
link_close(struct link *l)
{
	bool lost = l->err.code != 0 && l->err.code != SMPP_ETIMEOUT &&
		    l->err.code != SMPP_EINTERRUPTED;

	smpp_err_clear(&l->err);
	l->deadline = SMPP_FOREVER;
	if (!lost && unbinding(l))
		link_unbind(l);
	else if (lost && l->pair)
		send_unbind(l, l->from == &l->rx ? &l->conn : &l->rx);
	link_end(&l->conn);
	if (l->pair)
		link_end(&l->rx);
	linktap_end(&l->tap[0]);
	linktap_end(&l->tap[1]);
	return linktap_check(l->c, l->t);
}

int
link_trace(struct link *l, const char *file)
{
	struct target *t = l->t;
	struct smpp_capture *old = t->capture;
	int rc;

	linktap_end(&l->tap[0]);
	linktap_end(&l->tap[1]);
	rc = linktap_check(l->c, t);
	if (old != NULL)
		close(old->fd);
	t->capture = NULL;
	t->trace = file;
	if (rc == 0)
		rc = linktap_open(l->c, t);
	if (rc == 0 && l->conn.fd >= 0)
		linktap_begin(&l->tap[0], l->c, t, &l->conn);
	return rc;
}
