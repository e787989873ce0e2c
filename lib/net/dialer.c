/* Dialling by an engine: a name, its addresses, TLS, and no waiting. */
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "net/dial_int.h"
#include "net/engine_int.h"

/* The attempt is over. What went wrong with the first address is what is told:
 * it is the one that whoever gave the name meant. */
static void
dialer_fail(struct smpp_link *l)
{
	smpp_life_lose(l);
}

/* Closes the socket of the present address. */
static void
dialer_hang_up(struct smpp_link *l)
{
	smpp_watch_del(l->e, &l->watch);
	close(l->conn.fd);
	l->conn.fd = l->watch.fd = -1;
	l->in = l->out = false;
}

/* The time the present address gets: a share of what is left. */
static int64_t
dialer_share(const struct smpp_link *l)
{
	const struct addrinfo *ai = l->address;
	const int64_t now = l->e->now;
	int n = 0;

	if (l->until == INT64_MAX)
		return INT64_MAX;
	for (; ai != NULL; ai = ai->ai_next)
		n++;
	return now + (l->until - now) / n;
}

/* Begins with the present address. Returns false when that is no use. */
static bool
dialer_try(struct smpp_link *l)
{
	const struct addrinfo *ai = l->address;
	int fd;

	smpp_io_name(l->conn.peer, ai->ai_addr, ai->ai_addrlen);
	fd = smpp_dial_begin(ai, l->dial->to.source, l->conn.peer, &l->err);
	if (fd < 0)
		return false;
	l->conn.fd = l->watch.fd = fd;
	if (smpp_watch_add(l->e, &l->watch, false, true) != 0) {
		smpp_err_sys(&l->err, SMPP_ECONNECT, "epoll");
		close(fd);
		l->conn.fd = l->watch.fd = -1;
		return false;
	}
	l->in = false;
	l->out = true;
	l->share = dialer_share(l);
	smpp_flow_due(l);
	return true;
}

/* The first address from the present one on that can be begun with. */
static void
dialer_next(struct smpp_link *l)
{
	for (; l->address != NULL; l->address = l->address->ai_next)
		if (dialer_try(l))
			return;
	dialer_fail(l);
}

void
smpp_dialer_start(struct smpp_link *l)
{
	const int64_t ms = l->dial->connect_ms;

	smpp_err_clear(&l->err);
	l->hung_up = false;
	l->until = smpp_io_deadline(l->e->now, ms);
	if (smpp_resolve(l) != 0)
		dialer_fail(l);
	else if (l->lookup->done)
		smpp_dialer_found(l);
	else
		smpp_flow_due(l);
}

void
smpp_dialer_found(struct smpp_link *l)
{
	if (l->lookup->rc != 0) {
		l->err = l->lookup->err;
		dialer_fail(l);
		return;
	}
	l->address = l->lookup->list;
	l->state = SMPP_LINK_CONNECTING;
	dialer_next(l);
}

/*
 * Makes the socket the connection that the caller wants, whose time begins
 * now: the timers of a session do not run while it is being connected.
 * Returns 0 or SMPP_ENOMEM.
 */
static int
dialer_take(struct smpp_link *l)
{
	const struct smpp_dial_conf *d = l->dial;
	const char *name = d->tls_name != NULL ? d->tls_name : d->to.host;
	char peer[SMPP_PEER_MAX];
	int rc;

	/* smpp_conn_init() clears the whole object. */
	memcpy(peer, l->conn.peer, sizeof(peer));
	rc = smpp_conn_init(&l->conn, l->conn.fd, &d->session);
	memcpy(l->conn.peer, peer, sizeof(peer));
	l->conn.touched = &l->e->touched;
	if (rc == 0 && d->tls != NULL)
		rc = smpp_tls_connect(&l->conn.tls, d->tls, l->conn.fd, name);
	return rc;
}

void
smpp_dialer_connected(struct smpp_link *l)
{
	if (smpp_dial_result(l->conn.fd) != 0) {
		smpp_err_sys(
		    &l->err, SMPP_ECONNECT, "connect to %s", l->conn.peer);
		dialer_hang_up(l);
		l->address = l->address->ai_next;
		dialer_next(l);
		return;
	}
	/* What went wrong with the addresses before does not matter any
	 * more. */
	smpp_err_clear(&l->err);
	smpp_dialer_drop(l);
	if (dialer_take(l) != 0) {
		smpp_err_set(&l->err, SMPP_ENOMEM, "out of memory");
		dialer_fail(l);
	} else if (l->conn.tls != NULL) {
		l->state = SMPP_LINK_SECURING;
		smpp_dialer_secure(l);
	} else {
		smpp_flow_open(l);
	}
}

/*
 * One step of the handshake. The loop watches for what it waits for and
 * nothing else: a handshake that wants to read while there is room to write
 * would have the loop spin.
 */
void
smpp_dialer_secure(struct smpp_link *l)
{
	const int rc = smpp_tls_handshake(l->conn.tls, &l->err);
	short wants;

	if (rc < 0) {
		dialer_fail(l);
		return;
	}
	if (rc == 1) {
		smpp_flow_open(l);
		return;
	}
	wants = smpp_tls_wants(l->conn.tls);
	if (smpp_flow_watch(l, wants & POLLIN, wants & POLLOUT))
		smpp_flow_due(l);
}

/* The time of the present address is over. */
static void
dialer_give_up(struct smpp_link *l)
{
	errno = ETIMEDOUT;
	smpp_err_sys(&l->err, SMPP_ECONNECT, "connect to %s", l->conn.peer);
	dialer_hang_up(l);
	l->address = l->address->ai_next;
	dialer_next(l);
}

/* What took too long: the text of whatever has not been told yet. */
static void
dialer_expire(struct smpp_link *l)
{
	switch (l->state) {
	case SMPP_LINK_RESOLVING:
		smpp_err_set(&l->err, SMPP_ERESOLVE,
		    "%s: no answer from the name servers in time",
		    l->dial->to.host);
		break;
	case SMPP_LINK_SECURING:
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "TLS handshake: %s",
		    smpp_err_text(SMPP_ETIMEOUT));
		break;
	default:
		errno = ETIMEDOUT;
		smpp_err_sys(
		    &l->err, SMPP_ECONNECT, "connect to %s", l->conn.peer);
		break;
	}
	dialer_fail(l);
}

void
smpp_dialer_late(struct smpp_link *l)
{
	const int64_t now = l->e->now;

	if (l->state == SMPP_LINK_WAITING && now >= l->again) {
		smpp_conn_close(&l->conn);
		l->state = SMPP_LINK_RESOLVING;
		smpp_dialer_start(l);
	} else if (l->state != SMPP_LINK_WAITING && now >= l->until) {
		dialer_expire(l);
	} else if (l->state == SMPP_LINK_CONNECTING && now >= l->share) {
		dialer_give_up(l);
	}
}

void
smpp_dialer_drop(struct smpp_link *l)
{
	if (l->lookup != NULL)
		smpp_resolve_drop(l);
	l->address = NULL;
}
