/* What arrives on a link, and what is told of it. */
#include "net/engine_int.h"

#include <string.h>

/* --- what is told --- */

bool
smpp_flow_tell_close(struct smpp_link *l, const char *text)
{
	struct smpp_engine *e = l->e;

	e->ev = (struct smpp_event){
	    .kind = SMPP_EV_CLOSE, .error = l->err.code, .text = text};
	if (l->ops->event != NULL)
		l->ops->event(l, NULL, NULL, &e->ev);
	return smpp_link_alive(e, l) && smpp_link_talks(l);
}

void
smpp_flow_fail(struct smpp_link *l, int code)
{
	smpp_err_set(&l->err, code, "%s", smpp_err_text(code));
	smpp_life_lose(l);
}

void
smpp_flow_tell_room(struct smpp_link *l)
{
	if (!l->wanting || smpp_link_room(l) == 0)
		return;
	l->wanting = false;
	if (l->ops->room != NULL)
		l->ops->room(l);
}

/* --- binding --- */

int
smpp_link_bind(struct smpp_link *l)
{
	struct smpp_pdu pdu;
	int rc;

	if (l->state != SMPP_LINK_OPEN || l->ops->bind == NULL ||
	    !l->ops->bind(l, &pdu))
		return SMPP_ESTATE;
	rc = smpp_conn_send(&l->conn, &pdu, 0);
	if (rc != 0)
		return rc;
	l->secret = true;
	l->state = SMPP_LINK_BINDING;
	smpp_flow_due(l);
	return 0;
}

/*
 * Our bind was answered; the event has been told. An answer without an error
 * that does not bind, a generic_nack with ESME_ROK say, is a refusal all the
 * same: nothing could be sent on such a session.
 */
static void
flow_bound(struct smpp_link *l)
{
	const struct smpp_pdu *resp = &l->e->pdu;
	const struct smpp_status *row = smpp_status_of(resp->command_status);

	if (resp->command_status == ESME_ROK &&
	    smpp_session_bound(&l->conn.s)) {
		l->state = SMPP_LINK_BOUND;
		l->bound_at = l->e->now;
		if (l->ops->up != NULL)
			l->ops->up(l, resp);
		return;
	}
	l->refused = resp->command_status;
	if (row != NULL)
		smpp_err_set(&l->err, SMPP_EREFUSED, "the bind was refused: %s",
		    row->name);
	else
		smpp_err_set(&l->err, SMPP_EREFUSED,
		    "the bind was refused: 0x%08x", l->refused);
	smpp_life_lose(l);
}

/* --- what arrives --- */

/*
 * What an answer does to the state, after it was told. Whoever sent the
 * unbind, the engine or the caller, wanted the end that its answer is; but a
 * session that only observes belongs to others, who will close it.
 */
static void
flow_answered(struct smpp_link *l)
{
	const struct smpp_event *ev = &l->e->ev;

	if (l->state == SMPP_LINK_BINDING &&
	    smpp_link_is_bind(ev->request.command_id))
		flow_bound(l);
	else if (ev->request.command_id == SMPP_C_unbind &&
		 l->conn.s.state == SMPP_ST_UNB &&
		 (!l->conn.s.conf.observes ||
		     l->state == SMPP_LINK_UNBINDING)) {
		l->ours = true;
		smpp_life_end(l, SMPP_END_WRITTEN);
	}
}

/*
 * The peer has logged out, and been answered or not (of one that defers the
 * caller sends the answer). It is his to close: whoever closes first keeps the
 * port in TIME_WAIT, and what is still on its way to us would reset it.
 */
static void
flow_unbound(struct smpp_link *l)
{
	if (l->stays)
		return;
	smpp_err_set(&l->err, SMPP_EUNBOUND, "the peer sent unbind");
	smpp_life_end(l, SMPP_END_LINGER);
}

/* Hands a PDU on. Returns whether the link is still there, and talks. */
static bool
flow_event(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;

	if (l->ops->event != NULL) {
		l->ops->event(l, &e->pdu, &e->issues, &e->ev);
		if (!smpp_link_alive(e, l))
			return false;
	}
	if (!smpp_link_talks(l))
		return true;
	if (e->ev.kind == SMPP_EV_RESPONSE)
		flow_answered(l);
	else if (e->ev.kind == SMPP_EV_UNBIND)
		flow_unbound(l);
	return smpp_link_alive(e, l);
}

/*
 * The stream cannot be followed any more. The refusal, a generic_nack, is
 * followed by the end of our side and not by a close: that would discard what
 * the peer still sends, reset the connection and may take the refusal along.
 */
static void
flow_garbage(struct smpp_link *l, int rc)
{
	if (rc != SMPP_EPROTOCOL) {
		smpp_flow_fail(l, rc);
	} else if (smpp_link_is_pipe(l)) {
		smpp_err_clear(&l->err);
		l->blind = true;
	} else if (smpp_flow_tell_close(l, l->err.msg)) {
		smpp_life_end(l, SMPP_END_SHUT);
	}
}

/* Takes PDUs that were read, while the link has its turn. Returns what the
 * last step did, 1 when there may be more, or SMPP_ECLOSED when the link is
 * gone. */
static int
flow_some(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	const uint32_t turn = smpp_link_limits(l)->turn;
	uint32_t n = 0;
	int rc;

	e->work = 0;
	while (smpp_link_talks(l) && smpp_link_takes(l)) {
		if (turn > 0 && n++ + e->work / SMPP_WORK_PDU >= turn) {
			l->more = l->conn.in.n > l->conn.used;
			if (l->more)
				smpp_link_busy(l);
			return 1;
		}
		rc = smpp_conn_step(
		    &l->conn, &e->pdu, &e->issues, &e->ev, &l->err);
		if (rc <= 0)
			return rc;
		l->part_at = 0;
		if (!flow_event(l))
			return SMPP_ECLOSED;
	}
	l->behind = l->conn.in.n > l->conn.used;
	return 1;
}

/* Looks at what was read. Returns whether the link is still there. */
static bool
flow_take(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	int rc;

	l->more = l->behind = false;
	if (l->blind || (smpp_link_is_pipe(l) && l->ops->event == NULL)) {
		smpp_conn_forget(&l->conn);
		return true;
	}
	rc = flow_some(l);
	if (!smpp_link_alive(e, l))
		return false;
	if (rc < 0)
		flow_garbage(l, rc);
	else if (rc == 0 && l->part_at == 0 && !smpp_link_is_pipe(l) &&
		 l->conn.in.n > l->conn.used)
		l->part_at = e->now;
	if (!smpp_link_alive(e, l))
		return false;
	if (smpp_link_talks(l))
		smpp_flow_tell_room(l);
	return smpp_link_alive(e, l);
}

/* Nothing more is to be read, for why. Of a pipe that is one direction: the
 * caller passes it on, and the other one goes on until he ends that, too. */
static void
flow_ended(struct smpp_link *l, const struct smpp_err *why)
{
	struct smpp_engine *e = l->e;
	const bool closed = why->code == SMPP_ECLOSED;

	l->hung_up = true;
	if (smpp_link_is_pipe(l) && closed && smpp_link_talks(l) && !l->eof) {
		l->eof = true;
		l->ops->octets(l, smpp_view_of(NULL, 0));
		if (smpp_link_alive(e, l))
			smpp_link_touch(l);
		return;
	}
	if (l->state != SMPP_LINK_CLOSING)
		l->err = *why;
	else if (l->err.code == 0)
		memcpy(l->err.msg, why->msg, sizeof(l->err.msg));
	smpp_life_lose(l);
}

/* Hands the octets that were read last to a pipe, before they are framed.
 * Returns whether the link is still there. */
static bool
flow_pour(struct smpp_link *l, size_t n)
{
	const struct smpp_buf *in = &l->conn.in;
	const struct smpp_engine *e = l->e;

	l->ops->octets(l, smpp_view_of(in->p + in->off + in->n - n, n));
	return smpp_link_alive(e, l);
}

/*
 * Reads what has arrived, once: a peer that never pauses would not let go
 * otherwise. The loop tells again of what is left; of what TLS has decrypted
 * already nobody would tell.
 */
static void
flow_read(struct smpp_link *l)
{
	struct smpp_err why;
	int64_t got;

	do {
		if (l->state == SMPP_LINK_CLOSING)
			smpp_conn_forget(&l->conn);
		smpp_err_clear(&why);
		got = smpp_conn_fill(&l->conn, &why);
		if (got < 0) {
			flow_ended(l, &why);
			return;
		}
		if (got > 0 && smpp_link_is_pipe(l) && smpp_link_talks(l) &&
		    !flow_pour(l, (size_t)got))
			return;
		if (smpp_link_talks(l) && !flow_take(l))
			return;
	} while (
	    got > 0 && !l->more && smpp_link_pending(l) && smpp_link_takes(l));
	if (smpp_link_pending(l))
		l->behind = true;
	smpp_link_touch(l);
	smpp_flow_due(l);
}

void
smpp_flow_ready(struct smpp_watch *w, bool in, bool out)
{
	struct smpp_link *l = w->arg;

	l->e->at = l;
	if (l->state == SMPP_LINK_CONNECTING)
		smpp_dialer_connected(l);
	else if (l->state == SMPP_LINK_SECURING)
		smpp_dialer_secure(l);
	else if (l->more) /* what was read comes first */
		smpp_link_touch(l);
	else if (in || l->conn.tls != NULL)
		flow_read(l);
	else if (out)
		smpp_link_touch(l);
}

void
smpp_flow_open(struct smpp_link *l)
{
	struct smpp_engine *e = l->e;
	int rc = 0;

	l->fresh = false;
	l->until = INT64_MAX;
	l->part_at = 0;
	l->state = smpp_session_bound(&l->conn.s) ? SMPP_LINK_BOUND
						  : SMPP_LINK_OPEN;
	if (l->ops->up != NULL)
		l->ops->up(l, NULL);
	if (!smpp_link_alive(e, l))
		return;
	if (l->dial != NULL && l->state == SMPP_LINK_OPEN)
		rc = smpp_link_bind(l);
	if (!smpp_link_alive(e, l))
		return;
	if (rc != 0 && rc != SMPP_ESTATE) {
		smpp_flow_fail(l, rc);
		return;
	}
	l->behind = l->conn.in.n > 0 || smpp_link_pending(l);
	smpp_link_touch(l);
	smpp_flow_due(l);
}

void
smpp_flow_go(struct smpp_link *l)
{
	if (l->broken)
		smpp_life_lose(l);
	else if (l->state == SMPP_LINK_RESOLVING && l->lookup != NULL)
		smpp_dialer_found(l);
	else if (l->state == SMPP_LINK_RESOLVING)
		smpp_dialer_start(l);
	else if (l->state == SMPP_LINK_SECURING)
		smpp_dialer_secure(l);
	else if (l->fresh)
		smpp_flow_open(l);
	else if (!smpp_link_talks(l))
		return;
	else if (!smpp_link_takes(l))
		l->behind = true;
	else if (!l->more)
		flow_read(l);
	else if (flow_take(l)) {
		smpp_link_touch(l);
		smpp_flow_due(l);
	}
}
