/* Where the simulated SMSC listens, and whom it calls itself. */
#include <errno.h>
#include <string.h>

#include "target/addr.h"
#include "smsc.h"

enum { OUTBIND_MS = 5000 };

static int
door_bad(struct smsc *mc, const char *text, const char *why)
{
	return out_usage(mc->c, "--listen: '%s' %s", text, why);
}

/*
 * Takes the scheme off; without one TLS is what a certificate is for, unless
 * some other address says smpps:. With a certificate alone TLS is meant; with
 * "smpps:" at some address the others are plain by intent.
 */
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

/*
 * Says that the address is taken, and by whom if that can be found out.
 * "Address in use" is the usual first failure, and the next question is who
 * has it.
 */
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

static void
door_accept(struct smpp_listener *l, int fd, const char *peer)
{
	const struct door *d = (const struct door *)(const void *)l;

	peer_open(l->user, fd, peer, d->tls);
}

/*
 * Who has not even logged in makes room. The oldest without a bind goes:
 * whoever holds connections open without logging in must not keep out those
 * who would.
 */
static void
door_full(struct smpp_listener *l, const struct smpp_err *why)
{
	struct smsc *mc = l->user;

	if (mc->unbound.first != NULL)
		peer_reset(mc->unbound.first, "no descriptors left");
	else
		out_warn(mc->c, "%s; waiting until a session ends", why->msg);
}

static int
listen_on(struct smsc *mc, const char *text)
{
	struct door *d = &mc->door[mc->ndoors];
	const char *host, *port, *rest;
	struct smpp_err err;
	int rc;

	rest = scheme(mc, text, &d->tls);
	port = d->tls ? "3550" : "2775";
	rc = addr_split(mc->c, "--listen", rest, &host, &port);
	if (rc != 0)
		return rc;
	if (d->tls && mc->tls == NULL)
		return door_bad(mc, text, "wants --tls-cert");
	smpp_err_clear(&err);
	d->l.accept = door_accept;
	d->l.full = door_full;
	d->l.user = mc;
	if (smpp_listener_open(&mc->e, &d->l, host, port, &err) != 0)
		return door_refuse(mc, &err, port);
	mc->ndoors++;
	return 0;
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
		return out_usage(
		    mc->c, "--tls-key and --tls-ca want --tls-cert");
	smpp_err_clear(&err);
	rc = smpp_tls_server_open(
	    &mc->tls, mc->a.tls_cert, mc->a.tls_key, mc->a.tls_ca, &err);
	if (rc == 0)
		return 0;
	return out_error(mc->c,
	    rc == SMPP_ENOMEM ? SMPP_EXIT_BUG : SMPP_EXIT_USAGE, "tls", "%s",
	    err.msg);
}

/*
 * Says which addresses they are, a line each, and closes the descriptor. After
 * all of them listen: a test that reads the ports may connect at once.
 */
static int
say_ready(struct smsc *mc)
{
	const char *text = "";

	for (unsigned i = 0; i < mc->ndoors; i++)
		text = cmd_printf(mc->c, "%s%s\n", text, mc->door[i].l.name);
	return out_ready(mc->c, mc->a.ready_fd, text);
}

/* This machine alone unless told otherwise: any system_id is accepted. */
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
	for (unsigned i = 0; i < mc->ndoors; i++)
		out_say(mc->c, 0, "== listening on %s%s, %s",
		    mc->door[i].l.name, mc->door[i].tls ? " with TLS" : "",
		    welcome(mc));
	return say_ready(mc);
}

void
listen_close(struct smsc *mc)
{
	while (mc->ndoors > 0)
		smpp_listener_close(&mc->door[--mc->ndoors].l);
}

/* --- outbind --- */

/* From now on the ESME is to bind as if it had connected. */
void
outbind_up(struct peer *p)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(&pdu, SMPP_C_outbind, 0, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_system_id, smpp_view_str("smpp"));
	peer_send(p, &pdu, 0);
	p->link.conn.s.state = SMPP_ST_OUT;
	console_line(p, "outbind", "to %s", p->link.conn.peer);
}

/* Whoever asks for an outbind tests just that: its failure ends the run. */
void
outbind_failed(struct peer *p, const struct smpp_err *why)
{
	struct smsc *mc = p->mc;

	if (why->code == 0)
		return; /* it is we who end */
	mc->rc = out_error(mc->c, SMPP_EXIT_CONNECT, "outbind", "%s", why->msg);
	mc->ended = true;
}

/* Begins to connect to one "HOST:PORT", which is asked to bind then. */
static int
outbind(struct smsc *mc, const char *text)
{
	struct smpp_dial_conf *conf = cmd_alloc(mc->c, sizeof(*conf));
	int rc;

	*conf = (struct smpp_dial_conf){
	    .to = {.port = "2775"},
	    .session = peer_conf(mc),
	    .connect_ms = OUTBIND_MS,
	    .retry = SMPP_RETRY_NEVER,
	};
	rc = addr_split(
	    mc->c, "--outbind", text, &conf->to.host, &conf->to.port);
	if (rc == 0)
		peer_dial(mc, conf);
	return rc;
}

int
outbind_all(struct smsc *mc)
{
	int rc = 0;

	for (size_t i = 0; i < mc->a.outbind.n && rc == 0; i++)
		rc = outbind(mc, mc->a.outbind.v[i]);
	return rc;
}
