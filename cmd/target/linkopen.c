/* Connecting and binding. */
#include <string.h>

#include "base/clock.h"
#include "dialconf.h"
#include "kit/sig.h"
#include "link_int.h"

/* The TLS handshake on a connected socket. */
static int
secure(struct link *l, int fd, int64_t until, struct smpp_tls **tls)
{
	const struct target *t = l->t;
	struct smpp_tls_conf conf = {
	    t->host, t->sni, t->cacert, t->cert, t->key, t->insecure};
	struct linkend end;
	int rc;

	if (t->insecure)
		out_warn(l->c, "the certificate is not verified (-k): this "
			       "may be anybody");
	rc = smpp_tls_open(tls, fd, &conf, sig_stop_fd(), until, &l->err);
	if (rc == 0)
		return 0;
	if (rc == SMPP_EIO)
		return out_error(
		    l->c, SMPP_EXIT_USAGE, "tls", "%s", l->err.msg);
	end = link_ending(l);
	return linksay_tls(&end);
}

/* Starts a session over a connected socket. */
static void
linkopen_begin(struct link *l, struct smpp_conn *conn, int fd, const char *peer,
    const struct smpp_session_conf *conf)
{
	if (smpp_conn_init(conn, fd, conf) != 0)
		cmd_nomem();
	memcpy(conn->peer, peer, SMPP_PEER_MAX);
	conn->wake = sig_stop_fd();
	l->from = conn;
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

static int
connect_to(struct link *l, struct smpp_conn *conn, uint32_t window)
{
	const struct target *t = l->t;
	const struct smpp_dial_conf conf = dialconf_of(l->c, t, window, NULL);
	struct linkend end;
	uint64_t began = smpp_clock_ns();
	int64_t until = smpp_io_deadline(smpp_clock_ms(), t->connect_ms);
	char peer[SMPP_PEER_MAX] = "";
	struct smpp_tls *tls = NULL;
	int fd, rc;

	if (until > l->deadline)
		until = l->deadline;
	fd = smpp_dial(&conf.to, sig_stop_fd(), until, peer, &l->err);
	if (fd < 0) {
		end = link_ending(l);
		end.peer = peer;
		return linksay_connect(&end);
	}
	rc = t->tls ? secure(l, fd, until, &tls) : 0;
	linkopen_begin(l, conn, fd, peer, &conf.session);
	conn->tls = tls;
	if (rc != 0) {
		smpp_conn_close(conn);
		return rc;
	}
	if (l->connect_ns == 0)
		l->connect_ns = smpp_clock_ns() - began;
	linktap_begin(&l->tap[conn == &l->rx], l->c, l->t, conn);
	say_connected(l, conn);
	return 0;
}

/* Sends the bind that the target asks for, or one of a pair. Returns its
 * command_id. */
static uint32_t
send_bind(struct link *l, struct smpp_conn *conn, uint32_t id)
{
	dialconf_bind(l->t, &l->pdu);
	if (id == 0)
		id = l->pdu.command_id;
	l->pdu.command_id = id;
	l->pdu.row = smpp_pdu_of(id);
	if (smpp_conn_send(conn, &l->pdu, 0) != 0)
		cmd_nomem();
	smpp_conn_drain(conn, NULL);
	if (conn->out.n == 0)
		explicit_bzero(conn->out.p, conn->out.cap);
	return id;
}

/* The bind was not answered: says why. */
static int
bind_failed(struct link *l, const char *what)
{
	const struct linkend end = link_ending(l);

	return linksay_bind(&end, what);
}

static int
bind_wait(struct link *l, const struct smpp_conn *conn, uint32_t id)
{
	const char *what = smpp_pdu_of(id | SMPP_RESPONSE_BIT)->name;

	do {
		if (link_next(l, SMPP_FOREVER) != 0)
			return bind_failed(l, what);
	} while (l->from != conn || l->ev.request.command_id != id);
	if (l->ev.kind == SMPP_EV_TIMEOUT) {
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "no answer");
		return bind_failed(l, what);
	}
	if (smpp_session_bound(&conn->s))
		return 0;
	return linksay_refused(
	    l->c, l->t, l->pdu.command_id, l->pdu.command_status);
}

/* One bind and its answer. */
static int
bind_as(struct link *l, struct smpp_conn *conn, uint32_t id)
{
	int rc;

	id = send_bind(l, conn, id);
	rc = bind_wait(l, conn, id);
	if (rc == 0)
		linksay_bound(l->c, conn, &l->pdu);
	return rc;
}

/* The second connection of a pair, to receive. */
static int
add_receiver(struct link *l)
{
	int rc = connect_to(l, &l->rx, 1);

	if (rc != 0)
		return rc;
	l->pair = true;
	return bind_as(l, &l->rx, SMPP_C_bind_receiver);
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
	rc = bind_as(l, &l->conn, pair ? SMPP_C_bind_transmitter : 0);
	if (rc == 0 && pair)
		rc = add_receiver(l);
	secret_wipe(&t->password);
	if (rc != 0) {
		link_close(l);
		return rc;
	}
	l->bind_ns = smpp_clock_ns() - began;
	l->conn.wake = l->rx.wake = sig_fd();
	return 0;
}

/* Starts over, with what is known before there is a connection. */
static int
linkopen_start(struct link *l, struct ctx *c, struct target *t)
{
	*l = (struct link){.c = c, .t = t, .from = &l->conn};
	l->conn.fd = l->rx.fd = -1;
	smpp_err_clear(&l->err);
	l->deadline = smpp_io_deadline(smpp_clock_ms(), t->total_ms);
	return linktap_open(c, t);
}

int
link_connect(struct link *l, struct ctx *c, struct target *t, uint32_t window)
{
	int rc = linkopen_start(l, c, t);

	if (rc == 0)
		rc = connect_to(l, &l->conn, window);
	if (rc == 0)
		l->conn.wake = sig_fd();
	return rc;
}

int
link_open(struct link *l, struct ctx *c, struct target *t, uint32_t window)
{
	int rc = linkopen_start(l, c, t);

	if (rc == 0)
		rc = connect_to(l, &l->conn, window);
	return rc != 0 ? rc : link_bind(l);
}

/* The outbind did not come: says why, and closes. */
static int
no_outbind(struct link *l)
{
	link_failed(l, SMPP_EXIT_PEER, "outbind", "outbind", l->t->response_ms);
	link_close(l);
	return SMPP_EXIT_PEER;
}

int
link_accept(struct link *l, struct ctx *c, struct target *t, int fd,
    const char *peer, uint32_t window)
{
	const struct smpp_session_conf conf = dialconf_session(c, t, window);
	int64_t until = smpp_io_deadline(smpp_clock_ms(), t->response_ms);
	int rc = linkopen_start(l, c, t);

	linkopen_begin(l, &l->conn, fd, peer, &conf);
	if (rc != 0) {
		smpp_conn_close(&l->conn);
		return rc;
	}
	linktap_begin(&l->tap[0], c, t, &l->conn);
	out_say(c, 1, "== connection from %s", peer);
	do {
		if (link_next(l, until) != 0)
			return no_outbind(l);
	} while (l->pdu.command_id != SMPP_C_outbind);
	return 0;
}
