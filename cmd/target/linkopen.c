/* Connecting and binding. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "link_int.h"
#include "kit/sig.h"
#include "words/status.h"

/* What ended a wait for a connection: --connect-timeout, or -t. */
static const char *
limit(const struct link *l, char text[24])
{
	bool total = smpp_clock_ms() >= l->deadline;

	return target_duration(text, total ? l->t->total_ms : l->t->connect_ms);
}

/* The connection was not made. */
static int
not_reached(struct link *l, const char *peer)
{
	const struct target *t = l->t;
	struct ctx *c = l->c;
	char text[24];

	if (l->err.code == SMPP_EINTERRUPTED)
		return SMPP_EXIT_CONNECT;
	if (l->err.sys == ECONNREFUSED && t->tls && target_default(t, "port"))
		out_hint(c, "3550 is the port of smpps by default; give the "
			    "port if this SMSC has another");
	if (l->err.sys == ETIMEDOUT && t->connect_ms != 0)
		return out_error(c, SMPP_EXIT_CONNECT, "connect",
		    "connect to %s: no answer within %s", peer, limit(l, text));
	return out_error(c, exit_of(smpp_err_class(l->err.code)), "connect",
	    "%s", l->err.msg);
}

/* The TLS handshake on a connected socket. */
static int
secure(struct link *l, int fd, int64_t until, struct smpp_tls **tls)
{
	const struct target *t = l->t;
	struct smpp_tls_conf conf = {
	    t->host, t->sni, t->cacert, t->cert, t->key, t->insecure};
	char text[24];
	int rc;

	if (t->insecure)
		out_warn(l->c, "the certificate is not verified (-k): this "
			       "may be anybody");
	rc = smpp_tls_open(tls, fd, &conf, sig_stop_fd(), until, &l->err);
	if (rc == 0 || rc == SMPP_EINTERRUPTED)
		return rc == 0 ? 0 : SMPP_EXIT_CONNECT;
	if (rc == SMPP_EIO)
		return out_error(
		    l->c, SMPP_EXIT_USAGE, "tls", "%s", l->err.msg);
	if (rc == SMPP_ETIMEOUT)
		return out_error(l->c, SMPP_EXIT_CONNECT, "tls",
		    "%s: no TLS handshake within %s", t->name, limit(l, text));
	if (strstr(l->err.msg, "signed certificate") != NULL ||
	    strstr(l->err.msg, "issuer certificate") != NULL)
		out_hint(l->c, "--cacert FILE says whom to trust; -k trusts "
			       "anybody");
	return out_error(
	    l->c, SMPP_EXIT_CONNECT, "tls", "%s: %s", t->name, l->err.msg);
}

/* What is common to the sessions that a command has with an SMSC. */
static struct smpp_session_conf
session_conf(const struct ctx *c, const struct target *t, uint32_t window)
{
	return (struct smpp_session_conf){
	    .role = SMPP_ESME,
	    .ver = t->ver,
	    .window = window,
	    .response_ms = t->response_ms,
	    .enquire_ms = t->enquire_ms,
	    .dictionary = c->dictionary,
	};
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
	if (conn->tls == NULL) {
		out_say(l->c, 1, "== connected to %s", conn->peer);
		return;
	}
	l->tls = smpp_tls_version(conn->tls);
	l->cert_seconds = smpp_tls_expires(conn->tls);
	out_say(l->c, 1, "== connected to %s, %s, %s", conn->peer, l->tls,
	    smpp_tls_cipher(conn->tls));
}

static int
connect_to(struct link *l, struct smpp_conn *conn, uint32_t window)
{
	const struct target *t = l->t;
	const struct smpp_session_conf conf = session_conf(l->c, t, window);
	const struct smpp_addr to = {
	    .host = t->host,
	    .port = t->port_text,
	    .family = t->ip4   ? 4
		      : t->ip6 ? 6
			       : 0,
	    .source = t->source_ip,
	};
	uint64_t began = smpp_clock_ns();
	int64_t until = smpp_io_deadline(smpp_clock_ms(), t->connect_ms);
	char peer[SMPP_PEER_MAX] = "";
	struct smpp_tls *tls = NULL;
	int fd, rc;

	if (until > l->deadline)
		until = l->deadline;
	fd = smpp_dial(&to, sig_stop_fd(), until, peer, &l->err);
	if (fd < 0)
		return not_reached(l, peer);
	rc = t->tls ? secure(l, fd, until, &tls) : 0;
	linkopen_begin(l, conn, fd, peer, &conf);
	conn->tls = tls;
	if (rc != 0) {
		smpp_conn_close(conn);
		return rc;
	}
	if (l->connect_ns == 0)
		l->connect_ns = smpp_clock_ns() - began;
	link_watch(l, conn);
	say_connected(l, conn);
	return 0;
}

static uint32_t
bind_id(const struct target *t)
{
	switch (t->bind) {
	case BIND_TX:
		return SMPP_C_bind_transmitter;
	case BIND_RX:
		return SMPP_C_bind_receiver;
	default:
		return SMPP_C_bind_transceiver;
	}
}

/* SMPP 3.3 has no transceiver: a transmitter and a receiver do instead. */
static bool
linkopen_is_pair(const struct target *t)
{
	return t->ver == SMPP_V33 && t->bind == BIND_TRX;
}

void
link_bind_pdu(const struct target *t, struct smpp_pdu *p)
{
	smpp_pdu_init(p, bind_id(t), 0, t->ver);
	smpp_pdu_set_view(p, SMPP_F_system_id, smpp_view_str(t->system_id));
	smpp_pdu_set_view(p, SMPP_F_password, smpp_view_str(t->password.text));
	smpp_pdu_set_view(p, SMPP_F_system_type, smpp_view_str(t->system_type));
	smpp_pdu_set_num(p, SMPP_F_interface_version, smpp_ver_octet(t->ver));
	smpp_pdu_set_num(p, SMPP_F_addr_ton, t->ton);
	smpp_pdu_set_num(p, SMPP_F_addr_npi, t->npi);
	smpp_pdu_set_view(
	    p, SMPP_F_address_range, smpp_view_str(t->address_range));
}

static void
send_bind(struct link *l, struct smpp_conn *conn, uint32_t id)
{
	link_bind_pdu(l->t, &l->pdu);
	l->pdu.command_id = id;
	l->pdu.row = smpp_pdu_of(id);
	if (smpp_conn_send(conn, &l->pdu, 0) != 0)
		cmd_nomem();
	smpp_conn_drain(conn, NULL);
	if (conn->out.n == 0)
		explicit_bzero(conn->out.p, conn->out.cap);
}

/* The status a refused bind came with, and what may help. */
static int
linkopen_bind_refused(struct link *l)
{
	struct ctx *c = l->c;
	uint32_t status = l->pdu.command_status;
	char text[STATUS_TEXT];

	if (status == ESME_ROK)
		return out_error(c, SMPP_EXIT_PEER, "bind",
		    "%s answered the bind with %s and no error", l->t->name,
		    l->pdu.row->name);
	if (l->pdu.command_id == SMPP_C_generic_nack && l->t->bind == BIND_TRX)
		out_hint(c, "the SMSC may be one of 3.3, or want -b tx or rx");
	else if (status == ESME_RALYBND)
		out_hint(c, "another session holds this system_id; the SMSC "
			    "may need its inactivity time to notice a lost "
			    "one");
	else
		out_hint(c, "system_id '%s' came from %s, password from %s",
		    l->t->system_id, target_from(l->t, "system-id"),
		    l->t->password.from == NULL ? "nowhere: none found"
						: l->t->password.from);
	status_json(out_more(c), status);
	return out_error(c, SMPP_EXIT_BIND, "bind", "bind refused by %s: %s",
	    l->t->name, status_text(text, status));
}

/* The bind was not answered: says why. */
static int
bind_failed(struct link *l, const char *what)
{
	if ((l->err.code == SMPP_ECLOSED || l->err.code == SMPP_ERESET) &&
	    !l->t->tls && smpp_conn_leftover(l->from).n == 0)
		out_hint(
		    l->c, "a port of TLS may do so, too: then --tls helps");
	return link_failed(l, SMPP_EXIT_PEER, "bind", what, l->t->response_ms);
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
	return smpp_session_bound(&conn->s) ? 0 : linkopen_bind_refused(l);
}

/* A command that runs on says at once that it has begun to. */
static void
say_bound(struct link *l, const struct smpp_conn *conn, uint32_t id)
{
	unsigned level = l->c->cmd->stream ? 0 : 1;
	const char *word = id == SMPP_C_bind_transmitter ? "tx"
			   : id == SMPP_C_bind_receiver  ? "rx"
							 : "trx";
	struct smpp_view name = smpp_pdu_view(&l->pdu, SMPP_F_system_id);

	out_say(l->c, level, "== bound %s to '%.*s', SMPP %s", word,
	    (int)name.n, (const char *)name.p, smpp_ver_name(conn->s.ver));
}

/* One bind and its answer. */
static int
bind_as(struct link *l, struct smpp_conn *conn, uint32_t id)
{
	int rc;

	send_bind(l, conn, id);
	rc = bind_wait(l, conn, id);
	if (rc == 0)
		say_bound(l, conn, id);
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
	bool pair = linkopen_is_pair(t);
	int rc;

	if (pair)
		out_say(l->c, 1, "== SMPP 3.3 has no transceiver: two binds");
	rc = bind_as(l, &l->conn, pair ? SMPP_C_bind_transmitter : bind_id(t));
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
	return link_capture(l);
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
	const struct smpp_session_conf conf = session_conf(c, t, window);
	int64_t until = smpp_io_deadline(smpp_clock_ms(), t->response_ms);
	int rc = linkopen_start(l, c, t);

	linkopen_begin(l, &l->conn, fd, peer, &conf);
	if (rc != 0) {
		smpp_conn_close(&l->conn);
		return rc;
	}
	link_watch(l, &l->conn);
	out_say(c, 1, "== connection from %s", peer);
	do {
		if (link_next(l, until) != 0)
			return no_outbind(l);
	} while (l->pdu.command_id != SMPP_C_outbind);
	return 0;
}
