/* Connecting: a name or address and a port to a connected socket. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/dial_int.h"

/* How often a lookup, which no descriptor can wake, looks at its wake. */
#define LOOKUP_SLICE_NS (50 * 1000000L)

/* Everything a lookup refers to, because it may outlive who asked for it. */
struct lookup {
	struct gaicb job;
	struct addrinfo hints;
	char port[8];
	char host[256];
};

/* Waits for the lookup. Returns 0, an EAI_* or, given up, SMPP_E*. */
static int
lookup_wait(struct lookup *l, int wake, int64_t deadline)
{
	const struct gaicb *list = &l->job;
	const struct timespec slice = {0, LOOKUP_SLICE_NS};
	int rc;

	while ((rc = gai_error(&l->job)) == EAI_INPROGRESS) {
		if (smpp_io_wait(-1, 0, wake, 0) == SMPP_EINTERRUPTED)
			return SMPP_EINTERRUPTED;
		if (smpp_clock_ms() >= deadline)
			return SMPP_ETIMEOUT;
		gai_suspend(&list, 1, &slice);
	}
	return rc;
}

/*
 * Looks a name up in another thread: getaddrinfo(3) knows no deadline and
 * waits for silent name servers much longer than a person does. A lookup
 * given up that cannot be cancelled keeps its memory until the process ends.
 */
static int
lookup_name(const struct smpp_addr *to, const struct addrinfo *hints,
    struct addrinfo **list, int wake, int64_t deadline)
{
	struct lookup *l = calloc(1, sizeof(*l));
	struct gaicb *jobs[1];
	int rc;

	if (l == NULL)
		return EAI_MEMORY;
	snprintf(l->host, sizeof(l->host), "%s", to->host);
	snprintf(l->port, sizeof(l->port), "%s", to->port);
	l->hints = *hints;
	l->job.ar_name = l->host;
	l->job.ar_service = l->port;
	l->job.ar_request = &l->hints;
	jobs[0] = &l->job;
	rc = getaddrinfo_a(GAI_NOWAIT, jobs, 1, NULL);
	if (rc == 0)
		rc = lookup_wait(l, wake, deadline);
	if (rc == SMPP_EINTERRUPTED || rc == SMPP_ETIMEOUT)
		/* The thread still writes to it. */
		if (gai_cancel(&l->job) == EAI_NOTCANCELED)
			return rc;
	*list = rc == 0 ? l->job.ar_result : NULL;
	free(l);
	return rc;
}

/*
 * "localhost" is this machine, whatever /etc/hosts or a name server make of it
 * (RFC 6761, section 6.3): that is what no host means to getaddrinfo.
 */
int
smpp_dial_numeric(
    const struct smpp_addr *to, struct addrinfo *hints, struct addrinfo **list)
{
	const char *host = strcasecmp(to->host, "localhost") == 0 ? NULL
								  : to->host;
	int rc;

	*hints = (struct addrinfo){
	    .ai_family = to->family == 4   ? AF_INET
			 : to->family == 6 ? AF_INET6
					   : AF_UNSPEC,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
	};
	rc = getaddrinfo(host, to->port, hints, list);
	hints->ai_flags = AI_NUMERICSERV;
	return rc;
}

/* An address as it stands, else a name. Sets list, the caller's to free. */
static int
dial_lookup(const struct smpp_addr *to, int wake, int64_t deadline,
    struct addrinfo **list, struct smpp_err *err)
{
	struct addrinfo hints;
	int rc = smpp_dial_numeric(to, &hints, list);

	if (rc == EAI_NONAME && strlen(to->host) < 256)
		rc = lookup_name(to, &hints, list, wake, deadline);
	if (rc == 0)
		return 0;
	if (rc == SMPP_EINTERRUPTED)
		return smpp_err_set(err, rc, "interrupted");
	if (rc == EAI_MEMORY)
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	return smpp_err_set(err, SMPP_ERESOLVE, "%s: %s", to->host,
	    rc == SMPP_ETIMEOUT ? "no answer from the name servers in time"
				: gai_strerror(rc));
}

/* Binds fd to the local address to connect from. */
static int
bind_source(int fd, int family, const char *source, struct smpp_err *err)
{
	struct addrinfo hints = {
	    .ai_family = family,
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_NUMERICHOST,
	};
	struct addrinfo *list;
	int rc;

	if (getaddrinfo(source, NULL, &hints, &list) != 0)
		return smpp_err_set(err, SMPP_ECONNECT,
		    "source address '%s': not an address of this family",
		    source);
	rc = bind(fd, list->ai_addr, list->ai_addrlen);
	freeaddrinfo(list);
	return rc == 0 ? 0
		       : smpp_err_sys(
			     err, SMPP_ECONNECT, "source address '%s'", source);
}

int
smpp_dial_result(int fd)
{
	socklen_t n = sizeof(errno);
	int e = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &e, &n) != 0)
		e = errno;
	if (e == ECONNRESET)
		return 0; /* it was there, and left: the next read says so */
	errno = e;
	return e == 0 ? 0 : -1;
}

/* Waits for a connect that was begun. Returns 0, or -1 and errno. */
static int
connect_wait(int fd, int wake, int64_t deadline)
{
	int rc = smpp_io_wait(fd, POLLOUT, wake, deadline);

	if (rc >= 0)
		return smpp_dial_result(fd);
	if (rc == SMPP_ETIMEOUT)
		errno = ETIMEDOUT;
	else if (rc == SMPP_EINTERRUPTED)
		errno = EINTR;
	return -1;
}

int
smpp_dial_begin(const struct addrinfo *ai, const char *source, const char *peer,
    struct smpp_err *err)
{
	int fd, rc = 0, one = 1;

	fd = socket(
	    ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return smpp_err_sys(err, SMPP_ECONNECT, "socket");
	/*
	 * What belongs together is written together here; waiting for more
	 * would only add the peer's delayed acknowledgement to each request.
	 */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (source != NULL)
		rc = bind_source(fd, ai->ai_family, source, err);
	if (rc == 0 && connect(fd, ai->ai_addr, ai->ai_addrlen) != 0 &&
	    errno != EINPROGRESS)
		rc = smpp_err_sys(err, SMPP_ECONNECT, "connect to %s", peer);
	if (rc == 0)
		return fd;
	close(fd);
	return rc;
}

/* Connects to one address. Returns the descriptor, or SMPP_E* and err. */
static int
dial_one(const struct addrinfo *ai, const char *source, int wake,
    int64_t deadline, const char *peer, struct smpp_err *err)
{
	int fd = smpp_dial_begin(ai, source, peer, err), rc;

	if (fd < 0 || connect_wait(fd, wake, deadline) == 0)
		return fd;
	if (errno == EINTR)
		rc = smpp_err_set(err, SMPP_EINTERRUPTED, "interrupted");
	else
		rc = smpp_err_sys(err, SMPP_ECONNECT, "connect to %s", peer);
	close(fd);
	return rc;
}

/* The deadline of the next of n addresses. Without shares an address that
 * swallows packets would use up the time of the one behind it that answers. */
static int64_t
dial_share(int64_t deadline, int n)
{
	int64_t now = smpp_clock_ms();

	return deadline == SMPP_FOREVER ? deadline : now + (deadline - now) / n;
}

int
smpp_dial(const struct smpp_addr *to, int wake, int64_t deadline,
    char peer[SMPP_PEER_MAX], struct smpp_err *err)
{
	struct addrinfo *list = NULL;
	const struct addrinfo *ai;
	struct smpp_err one, first = {.offset = -1};
	int rc, n = 0;

	rc = dial_lookup(to, wake, deadline, &list, err);
	if (rc != 0)
		return rc;
	for (ai = list; ai != NULL; ai = ai->ai_next)
		n++;
	for (ai = list, rc = -1; ai != NULL && rc < 0; ai = ai->ai_next) {
		smpp_err_clear(&one);
		smpp_io_name(peer, ai->ai_addr, ai->ai_addrlen);
		rc = dial_one(ai, to->source, wake, dial_share(deadline, n--),
		    peer, &one);
		/* What went wrong with the first one is what is told, see
		 * dialer.c. */
		if (rc < 0 && first.code == 0)
			first = one;
		if (rc == SMPP_EINTERRUPTED)
			break;
	}
	freeaddrinfo(list);
	if (rc < 0 && err->code == 0)
		*err = first;
	return rc;
}
