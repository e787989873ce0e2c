/* Where the simulated SMSC listens, and whom it calls itself. */
#include "net/listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "target/addr.h"
#include "base/clock.h"
#include "smsc.h"

enum { ACCEPT_MAX = 64, OUTBIND_MS = 5000 };

static int
door_bad(struct smsc *mc, const char *text, const char *why)
{
	return out_error(
	    mc->c, SMPP_EXIT_USAGE, "usage", "--listen: '%s' %s", text, why);
}

/* Takes the scheme off; without one TLS is what a certificate is for, unless
 * some other address says smpps:. */
static const char *
scheme(const struct smsc *mc, const char *text, bool *tls)
{
	bool said = false;

	for (size_t i = 0; i < mc->a.listen.n; i++)
		said = said || strncmp(mc->a.listen.v[i], "smpps:", 6) == 0;
	*tls = mc->a.tls_cert != NULL && !said;
	if (strncmp(text, "smpp://", 7) == 0) {
		*tls = false;
		return text + 7;
	}
	if (strncmp(text, "smpps://", 8) == 0) {
		*tls = true;
		return text + 8;
	}
	return text;
}

/* Says that the address is taken, and by whom if that can be found out. */
static int
door_refuse(struct smsc *mc, const struct smpp_err *err, const char *port)
{
	char owner[80];
	uint32_t n;

	if (err->sys == EADDRINUSE && opt_uint(port, &n) == 0 &&
	    port_owner(owner, sizeof(owner), n))
		out_hint(mc->c, "%s listens on port %u", owner, n);
	return out_error(mc->c,
	    err->code == SMPP_ENOMEM ? SMPP_EXIT_BUG : SMPP_EXIT_LOCAL,
	    "listen", "%s", err->msg);
}

static int
listen_on(struct smsc *mc, const char *text)
{
	struct listener *l = &mc->listener[mc->nlistener];
	const char *host, *port, *rest;
	struct smpp_err err;
	int rc;

	rest = scheme(mc, text, &l->tls);
	port = l->tls ? "3550" : "2775";
	rc = addr_split(mc->c, "--listen", rest, &host, &port);
	if (rc != 0)
		return rc;
	if (l->tls && mc->tls == NULL)
		return door_bad(mc, text, "wants --tls-cert");
	smpp_err_clear(&err);
	l->fd = smpp_listen(host, port, l->name, &err);
	if (l->fd < 0)
		return door_refuse(mc, &err, port);
	l->watch.kind = WATCH_LISTENER;
	mc->nlistener++;
	if (smpp_loop_add(&mc->loop, l->fd, true, false, l) == 0)
		return 0;
	return out_error(
	    mc->c, SMPP_EXIT_LOCAL, "listen", "epoll: %s", strerror(errno));
}

/* Who may come, in words. */
static const char *
welcome(const struct smsc *mc)
{
	return accounts_listed(mc) ? "accepting the accounts it was given"
				   : "accepting any system_id";
}

static int
open_tls(struct smsc *mc)
{
	struct smpp_err err;
	int rc;

	if (mc->a.tls_cert == NULL && mc->a.tls_key == NULL &&
	    mc->a.tls_ca == NULL)
		return 0;
	if (mc->a.tls_cert == NULL)
		return out_error(mc->c, SMPP_EXIT_USAGE, "usage",
		    "--tls-key and --tls-ca want --tls-cert");
	smpp_err_clear(&err);
	rc = smpp_tls_server_open(
	    &mc->tls, mc->a.tls_cert, mc->a.tls_key, mc->a.tls_ca, &err);
	if (rc == 0)
		return 0;
	return out_error(mc->c,
	    rc == SMPP_ENOMEM ? SMPP_EXIT_BUG : SMPP_EXIT_USAGE, "tls", "%s",
	    err.msg);
}

/* Says which addresses they are, a line each, and closes the descriptor. */
static int
say_ready(struct smsc *mc)
{
	const char *text = "";

	for (unsigned i = 0; i < mc->nlistener; i++)
		text = cmd_printf(mc->c, "%s%s\n", text, mc->listener[i].name);
	return out_ready(mc->c, mc->a.ready_fd, text);
}

int
listen_open(struct smsc *mc)
{
	static const char *const usual[] = {"127.0.0.1"};
	const char *const *v = mc->a.listen.n > 0 ? mc->a.listen.v : usual;
	size_t n = mc->a.listen.n > 0 ? mc->a.listen.n : 1;
	int rc = open_tls(mc);

	if (rc == 0 && n > LISTEN_MAX)
		return door_bad(mc, v[LISTEN_MAX], "is one address too many");
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = listen_on(mc, v[i]);
	if (rc != 0)
		return rc;
	mc->accepting = true;
	for (unsigned i = 0; i < mc->nlistener; i++)
		out_say(mc->c, 0, "== listening on %s%s, %s",
		    mc->listener[i].name,
		    mc->listener[i].tls ? " with TLS" : "", welcome(mc));
	return say_ready(mc);
}

void
listen_close(struct smsc *mc)
{
	for (unsigned i = 0; i < mc->nlistener; i++) {
		smpp_loop_del(&mc->loop, mc->listener[i].fd);
		close(mc->listener[i].fd);
	}
	mc->nlistener = 0;
}

static void
door_watch(struct smsc *mc, bool accepting)
{
	struct listener *l;

	mc->accepting = accepting;
	for (unsigned i = 0; i < mc->nlistener; i++) {
		l = &mc->listener[i];
		smpp_loop_mod(&mc->loop, l->fd, accepting, false, l);
	}
}

void
listen_accept(struct smsc *mc, struct listener *l)
{
	char peer[SMPP_PEER_MAX];
	struct smpp_err err;
	int fd = 0;

	smpp_err_clear(&err);
	for (unsigned i = 0; i < ACCEPT_MAX && fd >= 0; i++) {
		fd = smpp_accept(l->fd, peer, &err);
		if (fd >= 0)
			peer_open(mc, fd, peer, l->tls);
	}
	if (fd >= 0 || fd == SMPP_EEMPTY)
		return;
	if (mc->unbound.first != NULL) {
		/* Who has not even logged in makes room. */
		peer_reset(mc->unbound.first, "no descriptors left");
		return;
	}
	out_warn(mc->c, "%s; waiting until a session ends", err.msg);
	door_watch(mc, false);
}

void
listen_resume(struct smsc *mc)
{
	if (!mc->accepting && !mc->stopping)
		door_watch(mc, true);
}

/* Connects to one "HOST:PORT" and asks it to bind. */
static int
outbind(struct smsc *mc, const char *text)
{
	struct smpp_addr to = {.port = "2775"};
	char peer[SMPP_PEER_MAX];
	struct smpp_err err;
	struct smpp_pdu pdu;
	struct peer *p;
	int fd, rc;

	rc = addr_split(mc->c, "--outbind", text, &to.host, &to.port);
	if (rc != 0)
		return rc;
	smpp_err_clear(&err);
	fd = smpp_dial(&to, -1, smpp_clock_ms() + OUTBIND_MS, peer, &err);
	if (fd < 0)
		return out_error(
		    mc->c, SMPP_EXIT_CONNECT, "outbind", "%s", err.msg);
	p = peer_open(mc, fd, peer, false);
	smpp_pdu_init(&pdu, SMPP_C_outbind, 0, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_system_id, smpp_view_str("smpp"));
	peer_send(p, &pdu, 0);
	p->conn.s.state = SMPP_ST_OUT;
	console_line(p, "outbind", "to %s", peer);
	return 0;
}

int
outbind_all(struct smsc *mc)
{
	int rc = 0;

	for (size_t i = 0; i < mc->a.outbind.n && rc == 0; i++)
		rc = outbind(mc, mc->a.outbind.v[i]);
	return rc;
}
