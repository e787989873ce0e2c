/* Accepting connections. */
#include "net/listen.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

/* Binds and listens. Returns the descriptor, or -1 and errno. */
static int
listen_socket(const struct addrinfo *ai)
{
	int fd, one = 1, saved;

	fd = socket(
	    ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	/* Else a server that is started anew would have to wait for the
	 * connections of the last one to leave TIME_WAIT. */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, SOMAXCONN) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int
smpp_listen(const char *host, const char *port, char name[SMPP_PEER_MAX],
    struct smpp_err *err)
{
	struct addrinfo hints = {
	    .ai_socktype = SOCK_STREAM,
	    .ai_flags = AI_PASSIVE | AI_NUMERICSERV,
	};
	struct sockaddr_storage sa;
	socklen_t n = sizeof(sa);
	struct addrinfo *list;
	int rc, fd;

	rc = getaddrinfo(host, port, &hints, &list);
	if (rc == EAI_MEMORY)
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	if (rc != 0)
		return smpp_err_set(
		    err, SMPP_ERESOLVE, "%s: %s", host, gai_strerror(rc));
	smpp_io_name(name, list->ai_addr, list->ai_addrlen);
	fd = listen_socket(list);
	freeaddrinfo(list);
	if (fd < 0)
		return smpp_err_sys(err, SMPP_EIO, "listen on %s", name);
	/* With port 0 the system has chosen one, which is what people must
	 * know. */
	if (getsockname(fd, (struct sockaddr *)&sa, &n) == 0)
		smpp_io_name(name, (struct sockaddr *)&sa, n);
	return fd;
}

int
smpp_accept(int fd, char peer[SMPP_PEER_MAX], struct smpp_err *err)
{
	struct sockaddr_storage sa;
	socklen_t n = sizeof(sa);
	int one = 1, got;

	got = accept4(
	    fd, (struct sockaddr *)&sa, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (got >= 0) {
		setsockopt(got, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
		smpp_io_name(peer, (struct sockaddr *)&sa, n);
		return got;
	}
	/*
	 * All of which pass when somebody lets go of something; any other
	 * error is about the one connection, which is lost, and no reason to
	 * stop.
	 */
	if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
	    errno == ENOMEM)
		return smpp_err_sys(err, SMPP_EIO, "accept");
	return SMPP_EEMPTY; /* nobody there, or gone again */
}
