/* Connecting and binding. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "dialconf.h"
#include "kit/sig.h"
#include "link_int.h"

/* --- what the engine tells --- */

static struct link *
linkopen_of(const struct smpp_link *end, unsigned *which)
{
	struct link *l = end->user;

	*which = end == &l->end[1];
	return l;
}

/* The id decides for one of a pair, which binds as two different things. */
static bool
link_on_bind(struct smpp_link *end, struct smpp_pdu *pdu)
{
	const struct link *l = end->user;

	if (l->bind_id == 0)
		return false; /* connecting comes first, and is told */
	dialconf_bind(l->t, pdu);
	pdu->command_id = l->bind_id;
	pdu->row = smpp_pdu_of(l->bind_id);
	return true;
}

static void
link_on_up(struct smpp_link *end, const struct smpp_pdu *resp)
{
	unsigned which;
	struct link *l = linkopen_of(end, &which);

	if (resp != NULL) {
		l->bound[which] = true;
		/*
		 * From the bind on: before it nothing comes that would have to
		 * be judged.
		 */
		end->conn.judges = l->judges;
		return;
	}
	l->there[which] = true;
	linktap_begin(&l->tap[which], l->c, l->t, &end->conn);
}

/* The session is over, for why: what came before is taken first. What the peer
 * had sent last may say more than that. */
static void
link_lose(struct link *l, struct smpp_link *end, const struct smpp_err *why)
{
	const struct smpp_view left = smpp_conn_leftover(&end->conn);

	/*
	 * The first loss is the cause; closing the other one of a pair follows
	 * from it.
	 */
	if (l->over)
		return;
	l->over = true;
	l->lost = *why;
	l->was = end->state == SMPP_LINK_IDLE ? end->was : end->state;
	l->ended = &end->conn;
	if (left.n == 0)
		return;
	/*
	 * Copied, since the engine frees the buffer: the message says what it
	 * was, HTTP or half a PDU.
	 */
	l->left = malloc(left.n);
	if (l->left == NULL)
		cmd_nomem();
	memcpy(l->left, left.p, left.n);
	l->nleft = left.n;
}

/* The engine is about to end the connection. */
static void
link_on_close(
    struct link *l, struct smpp_link *end, const struct smpp_event *ev)
{
	struct smpp_err why;

	smpp_err_clear(&why);
	l->overdue = ev->error != SMPP_EPROTOCOL;
	if (l->overdue)
		smpp_err_set(&why, SMPP_ECLOSED, "no %s in time", ev->text);
	else
		smpp_err_set(&why, ev->error, "%s", ev->text);
	link_lose(l, end, &why);
}

static void
link_on_event(struct smpp_link *end, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	unsigned which;
	struct link *l = linkopen_of(end, &which);

	(void)issues;
	if (ev->kind == SMPP_EV_CLOSE) {
		link_on_close(l, end, ev);
		return;
	}
	/*
	 * Copied, too: link_next() gives one at a time, and a turn of the
	 * engine takes as many as have come.
	 */
	linkqueue_put(&l->queue, which, ev, pdu);
	if (l->leaving) /* the answer to the unbind may be next */
		link_put_off(l);
	/* What comes with the answer to the bind is taken later, by a caller
	 * who knows that there is a session. */
	if (ev->kind == SMPP_EV_RESPONSE && end->state == SMPP_LINK_BINDING &&
	    ev->request.command_id == l->bind_id) {
		smpp_link_pause(end, true);
		l->held = true;
	}
}

static void
link_on_down(struct smpp_link *end, const struct smpp_err *why)
{
	unsigned which;
	struct link *l = linkopen_of(end, &which);
	const struct smpp_link *other = &l->end[!which];

	if (why->code == SMPP_ENOMEM)
		cmd_nomem();
	/* Of a pair, one that has logged out may be closed. */
	if (end->conn.s.state == SMPP_ST_UNB &&
	    other->state != SMPP_LINK_IDLE &&
	    smpp_session_bound(&other->conn.s))
		return;
	link_lose(l, end, why);
}

static const struct smpp_link_ops link_ops = {
    .bind = link_on_bind,
    .up = link_on_up,
    .event = link_on_event,
    .down = link_on_down,
};

/* When a bind is answered there is nothing to be written, and nothing else to
 * be watched for. */
static int
link_on_settle(struct smpp_engine *e)
{
	const struct link *l = e->user;

	return l->held;
}

static void
link_on_signal(struct smpp_watch *w, bool in, bool out)
{
	(void)in, (void)out;
	link_wake(w->arg);
}

/* --- the engine --- */

/*
 * A peer may take its time: that has limits of its own, of -t and others. One
 * that takes no octets is not read any more at last, since it would be
 * answered, too. All that one read brought is one turn.
 */
static const struct smpp_limits link_limits = {
    .close_ms = LINK_SILENT_MS, .high = 4 << 20};

/*
 * The engine cannot do its work. The descriptors of this process are used up,
 * or epoll is not allowed: nothing of the peer's.
 */
static int
link_no_engine(struct link *l, int rc)
{
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	smpp_err_clear(&l->err);
	smpp_err_sys(&l->err, rc, "epoll");
	return out_error(l->c, SMPP_EXIT_LOCAL, "link", "%s", l->err.msg);
}

/*
 * Watches for signals. Returns as smpp_watch_add(). Without sig_catch() there
 * is nothing to hear of.
 */
static int
link_hear(struct link *l, struct smpp_watch *w, int fd, bool now)
{
	*w = (struct smpp_watch){.fd = fd, .fn = link_on_signal, .arg = l};
	return fd < 0 ? 0 : smpp_watch_add(&l->e, w, now, false);
}

int
link_init(struct link *l, struct ctx *c, struct target *t)
{
	int rc;

	*l = (struct link){
	    .c = c, .t = t, .deadline = SMPP_FOREVER, .wants_any = true};
	l->conn = l->from = &l->end[0].conn;
	l->rx = &l->end[1].conn;
	smpp_err_clear(&l->err);
	rc = smpp_engine_init(&l->e);
	l->e.user = l;
	l->e.settle = link_on_settle;
	l->e.limits = link_limits;
	/* stays: an unbind of the peer is told to the caller, who ends it. */
	for (unsigned i = 0; i < 2; i++) {
		smpp_link_init(&l->end[i], &l->e, &link_ops, l);
		l->end[i].stays = true;
	}
	if (rc == 0)
		rc = link_hear(l, &l->stop, sig_stop_fd(), true);
	if (rc == 0)
		rc = link_hear(l, &l->any, sig_fd(), false);
	return rc == 0 ? 0 : link_no_engine(l, rc);
}

void
link_fini(struct link *l)
{
	if (l->end[0].e == NULL)
		return;
	link_drop(l);
	smpp_engine_fini(&l->e);
	linkqueue_fini(&l->queue);
	free(l->left);
	l->left = NULL;
}

void
link_signals(struct link *l, bool all)
{
	l->wants_any = all;
}

void
link_drop(struct link *l)
{
	for (unsigned i = 0; i < 2; i++) {
		smpp_link_close(&l->end[i]);
		linktap_end(&l->tap[i]);
	}
	smpp_tls_client_close(l->client);
	l->client = NULL;
	/* What was not taken is of a session that is no more. */
	l->queue.first = l->queue.n;
	l->over = false;
	l->deadline = SMPP_FOREVER;
	link_signals(l, true);
}

/* --- connecting --- */

/* Starts over, with what is known before there is a connection. Returns 0, or
 * an exit class after it said what is wrong. */
static int
linkopen_start(struct link *l)
{
	l->from = l->conn;
	l->pair = l->silent = l->unended = false;
	l->held = l->leaving = l->over = l->overdue = false;
	l->tls = NULL;
	l->cert_seconds = 0;
	l->connect_ns = l->bind_ns = l->unbind_ns = 0;
	l->bind_id = 0;
	l->late = 0;
	l->queue.first = l->queue.n = 0;
	free(l->left);
	l->left = NULL;
	l->nleft = 0;
	for (unsigned i = 0; i < 2; i++)
		l->there[i] = l->bound[i] = false;
	smpp_err_clear(&l->err);
	/* USR1 cannot be answered while there are no figures; it waits. */
	link_signals(l, false);
	l->deadline = smpp_io_deadline(smpp_clock_ms(), l->t->total_ms);
	return linktap_open(l->c, l->t);
}

/*
 * The connection was not made: says why. Without an end it was a signal, of
 * which linksay says nothing.
 */
static int
linkopen_failed(struct link *l)
{
	struct linkend end;

	if (l->over)
		link_tell_over(l);
	end = link_ending(l);
	if (l->over && l->was == SMPP_LINK_SECURING)
		return linksay_tls(&end);
	return linksay_connect(&end);
}

static void
say_connected(struct link *l, const struct smpp_conn *conn)
{
	linksay_connected(l->c, conn);
	if (conn->tls == NULL)
		return;
	l->tls = smpp_tls_version(conn->tls);
	l->cert_seconds = smpp_tls_expires(conn->tls);
}

/* The end of --connect-timeout, or of -t if that comes first: 0 for none. */
static int64_t
connect_ms(const struct link *l)
{
	const int64_t left = l->deadline - smpp_clock_ms();

	if (l->deadline == SMPP_FOREVER ||
	    (l->t->connect_ms > 0 && l->t->connect_ms <= left))
		return l->t->connect_ms;
	/* 0 would be no limit, where none is left. */
	return left > 0 ? left : 1;
}

/* Makes one of the connections. Returns 0, or an exit class after it said what
 * is wrong. */
static int
connect_to(struct link *l, unsigned which, uint32_t window)
{
	struct smpp_dial_conf *dial = &l->dial[which];
	struct smpp_link *end = &l->end[which];
	const uint64_t began = smpp_clock_ns();
	int rc = 0;

	*dial = dialconf_of(l->c, l->t, window, l->client);
	dial->connect_ms = connect_ms(l);
	l->from = &end->conn;
	/*
	 * The connection alone: that it is there is told before the bind, so
	 * that -v shows which of both failed.
	 */
	l->bind_id = 0;
	if (smpp_link_dial(end, dial) != 0)
		cmd_nomem();
	while (rc == 0 && !l->there[which] && !l->over) {
		rc = link_turn(l, SMPP_FOREVER);
		l->queue.first = l->queue.n; /* of the other one, if any */
	}
	if (!l->there[which])
		return linkopen_failed(l);
	if (l->connect_ns == 0)
		l->connect_ns = smpp_clock_ns() - began;
	say_connected(l, &end->conn);
	return 0;
}

/* --- binding --- */

/* The bind was not answered: says why. */
static int
bind_failed(struct link *l, const char *what)
{
	const struct linkend end = link_ending(l);

	if (l->err.code == SMPP_ETIMEOUT)
		l->silent = true;
	return linksay_bind(&end, what);
}

/*
 * Of all events the answer to this bind; what else comes, an outbind or a
 * keep-alive, is answered on the way.
 */
static int
bind_wait(struct link *l, unsigned which)
{
	const char *what = smpp_pdu_of(l->bind_id | SMPP_RESPONSE_BIT)->name;

	do {
		if (link_next(l, SMPP_FOREVER) != 0)
			return bind_failed(l, what);
	} while (l->from != &l->end[which].conn ||
		 l->ev.request.command_id != l->bind_id);
	if (l->ev.kind == SMPP_EV_TIMEOUT) {
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "no answer");
		return bind_failed(l, what);
	}
	if (l->bound[which])
		return 0;
	return linksay_refused(
	    l->c, l->t, l->pdu.command_id, l->pdu.command_status);
}

/* One bind and its answer. */
static int
bind_as(struct link *l, unsigned which, uint32_t id)
{
	int rc;

	l->bind_id = id;
	rc = smpp_link_bind(&l->end[which]);
	/* If it cannot be sent the connection is gone, which is told then. */
	if (rc != 0 && rc != SMPP_ESTATE)
		cmd_nomem();
	rc = bind_wait(l, which);
	if (rc == 0)
		linksay_bound(l->c, &l->end[which].conn, &l->pdu);
	return rc;
}

/*
 * The second connection of a pair, to receive. Meanwhile the first is not
 * heard. A window of one: nothing is sent on it but keep-alives and unbind.
 */
static int
add_receiver(struct link *l)
{
	int rc;

	l->held = false;
	rc = connect_to(l, 1, 1);
	smpp_link_pause(&l->end[0], false);
	if (rc != 0)
		return rc;
	l->pair = true;
	return bind_as(l, 1, SMPP_C_bind_receiver);
}

int
link_bind(struct link *l)
{
	struct target *t = l->t;
	uint64_t began = smpp_clock_ns();
	bool pair = dialconf_pair(t);
	int rc;

	if (pair)
		out_say(l->c, 1, "== SMPP 3.3 has no transceiver: two binds");
	rc = bind_as(
	    l, 0, pair ? SMPP_C_bind_transmitter : dialconf_bind_id(t));
	if (rc == 0 && pair)
		rc = add_receiver(l);
	/*
	 * After the last bind that needs it, whether it was accepted or not.
	 */
	secret_wipe(&t->password);
	l->held = false;
	if (rc != 0) {
		link_close(l);
		return rc;
	}
	l->bind_ns = smpp_clock_ns() - began;
	/* Paused since the answers: what came with them is read now. */
	for (unsigned i = 0; i < 2; i++)
		smpp_link_pause(&l->end[i], false);
	link_signals(l, true);
	return 0;
}

int
link_open(struct link *l, uint32_t window)
{
	int rc = linkopen_start(l);

	if (rc == 0)
		rc = dialconf_tls(l->c, l->t, &l->client);
	if (rc == 0)
		rc = connect_to(l, 0, window);
	if (rc == 0)
		return link_bind(l);
	/*
	 * link_bind() closes by itself when it fails; before it there is no
	 * session to end.
	 */
	link_drop(l);
	return rc;
}

/* --- the connection is there --- */

/* The outbind did not come: says why, and closes. */
static int
no_outbind(struct link *l)
{
	link_failed(l, SMPP_EXIT_PEER, "outbind", "outbind", l->t->response_ms);
	link_close(l);
	return SMPP_EXIT_PEER;
}

int
link_accept(struct link *l, int fd, const char *peer, uint32_t window)
{
	const struct smpp_session_conf conf = dialconf_session(
	    l->c, l->t, window);
	int64_t until = smpp_io_deadline(smpp_clock_ms(), l->t->response_ms);
	int rc = linkopen_start(l);

	if (rc != 0) {
		/* Owned from the call on, so it is closed here, too. */
		close(fd);
		return rc;
	}
	if (smpp_conn_init(l->conn, fd, &conf) != 0)
		cmd_nomem();
	memcpy(l->conn->peer, peer, SMPP_PEER_MAX);
	rc = smpp_link_adopt(&l->end[0]);
	if (rc != 0) {
		rc = link_no_engine(l, rc);
		link_drop(l);
		return rc;
	}
	out_say(l->c, 1, "== connection from %s", peer);
	/*
	 * Anything before the outbind is no SMSC that follows the protocol,
	 * but answered as the session does, and passed over.
	 */
	do {
		if (link_next(l, until) != 0)
			return no_outbind(l);
	} while (l->pdu.command_id != SMPP_C_outbind);
	return 0;
}
