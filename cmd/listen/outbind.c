/* smpp listen --outbind: an SMSC connects to us and asks us to bind. */
#include <string.h>

#include "receive.h"
#include "target/addr.h"

/* What may stand only beside --outbind. */
static int
check_none(struct listen *l)
{
	const struct listen_args *a = &l->a;

	if (a->address != NULL || a->outbind_id != NULL ||
	    a->outbind_password != NULL || a->ready_fd != 0)
		return out_usage(l->c,
		    "--listen, --outbind-id, --outbind-password-file and "
		    "--ready-fd are for --outbind");
	return 0;
}

int
outbind_check(struct listen *l)
{
	const struct listen_args *a = &l->a;
	const struct target *t = &a->target;
	const struct secret_args file = {.file = a->outbind_password};
	const struct secret_key nobody = {NULL, NULL, NULL};

	if (!a->outbind)
		return check_none(l);
	if (a->address == NULL)
		return out_usage(l->c, "--outbind without --listen ADDR");
	if (a->reconnect)
		return out_usage(
		    l->c, "--outbind and --reconnect exclude each other");
	if (t->tls)
		return out_usage(l->c, "--outbind and TLS exclude each other");
	if (t->ver == SMPP_V33)
		return out_usage(l->c, "SMPP 3.3 has no outbind");
	/*
	 * 5.0 lets an outbind be answered by a transceiver, too (3.4 4.1.7).
	 */
	if (t->ver == SMPP_V34 && t->bind != BIND_RX)
		return out_usage(
		    l->c, "in SMPP 3.4 outbind asks for a receiver");
	if (a->outbind_password == NULL)
		return 0;
	return secret_find(l->c, &file, &nobody, &l->wanted);
}

/* An SMSC has connected: others wait until the session with it is over. */
static void
outbind_came(struct smpp_listener *listener, int fd, const char *peer)
{
	struct listen *l = listener->user;

	l->came = fd;
	memcpy(l->peer, peer, sizeof(l->peer));
	smpp_listener_pause(listener, true);
	link_wake(&l->link);
}

int
outbind_open(struct listen *l)
{
	const char *host, *port = NULL;
	struct smpp_err err;
	int rc = addr_split(l->c, "--listen", l->a.address, &host, &port);

	if (rc != 0)
		return rc;
	if (port == NULL)
		return out_usage(
		    l->c, "--listen: '%s' is not HOST:PORT", l->a.address);
	smpp_err_clear(&err);
	l->listener.accept = outbind_came;
	l->listener.user = l;
	if (smpp_listener_open(&l->link.e, &l->listener, host, port, &err) != 0)
		return out_error(l->c,
		    err.code == SMPP_ERESOLVE ? SMPP_EXIT_USAGE
					      : SMPP_EXIT_LOCAL,
		    "listen", "%s", err.msg);
	/* Messages speak of who has connected, not of where we listen. */
	l->a.target.name = l->peer;
	out_say(l->c, 0, "== listening on %s for outbind", l->listener.name);
	return out_ready(
	    l->c, l->a.ready_fd, cmd_printf(l->c, "%s\n", l->listener.name));
}

/* Whether a C-octet string is what was asked for, if anything was. */
static bool
is_wanted(struct smpp_view v, const char *want)
{
	return want == NULL ||
	       (v.n == strlen(want) && memcmp(v.p, want, v.n) == 0);
}

/* An SMSC whose outbind is not the one expected gets no bind. */
static int
outbind_refuse(struct listen *l, struct smpp_view id)
{
	out_error(l->c, SMPP_EXIT_PEER, "outbind",
	    "outbind of '%.*s' from %s: wrong system_id or password", (int)id.n,
	    (const char *)id.p, l->peer);
	link_close(&l->link);
	return SMPP_EXIT_PEER;
}

int
outbind_link(struct listen *l, int fd)
{
	struct link *link = &l->link;
	const struct smpp_pdu *pdu = &link->pdu;
	const char *want = l->a.outbind_password == NULL ? NULL
							 : l->wanted.text;
	struct smpp_view id;
	int rc = link_accept(link, fd, l->peer, 1);

	if (rc != 0)
		return rc;
	/*
	 * In the clear, and set by whoever connects: it is a check against
	 * mistakes more than against anybody hostile.
	 */
	id = smpp_pdu_view(pdu, SMPP_F_system_id);
	out_say(l->c, 1, "== outbind of '%.*s' from %s", (int)id.n,
	    (const char *)id.p, l->peer);
	if (!is_wanted(id, l->a.outbind_id) ||
	    !is_wanted(smpp_pdu_view(pdu, SMPP_F_password), want))
		return outbind_refuse(l, id);
	return link_bind(link);
}
