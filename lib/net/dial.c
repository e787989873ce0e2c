/* The steps of connecting, none of which waits. */
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dial_int.h"

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
