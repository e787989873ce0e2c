/* Descriptors that never block, and deadlines. */
#include "net/io.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

int64_t
smpp_io_deadline(int64_t now, int64_t ms)
{
	return ms <= 0 || ms > SMPP_FOREVER - now ? SMPP_FOREVER : now + ms;
}

/* What a failed read or write of a stream means. 0 is nothing yet: the caller
 * waits, or tries again. */
static int64_t
stream_error(struct smpp_err *err)
{
	if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)
		return 0;
	if (errno == ECONNRESET || errno == EPIPE)
		return smpp_err_set(
		    err, SMPP_ERESET, "the peer reset the connection");
	return smpp_err_sys(err, SMPP_EIO, "connection");
}

/* MSG_DONTWAIT, so that a descriptor which somebody handed over as a blocking
 * one does not hold up all the others. */
int64_t
smpp_io_read(int fd, void *p, size_t n, struct smpp_err *err)
{
	ssize_t got = recv(fd, p, n, MSG_DONTWAIT);

	if (got == 0)
		return smpp_err_set(
		    err, SMPP_ECLOSED, "the peer closed the connection");
	return got > 0 ? got : stream_error(err);
}

int64_t
smpp_io_write(int fd, const void *p, size_t n, struct smpp_err *err)
{
	/* A library does not end the program with SIGPIPE. */
	ssize_t put = send(fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);

	return put >= 0 ? put : stream_error(err);
}

void
smpp_io_name(char out[SMPP_PEER_MAX], const struct sockaddr *sa, unsigned len)
{
	char host[64], port[8];

	if (getnameinfo(sa, len, host, sizeof(host), port, sizeof(port),
		NI_NUMERICHOST | NI_NUMERICSERV) != 0)
		snprintf(out, SMPP_PEER_MAX, "?");
	else if (strchr(host, ':') != NULL)
		snprintf(out, SMPP_PEER_MAX, "[%s]:%s", host, port);
	else
		snprintf(out, SMPP_PEER_MAX, "%s:%s", host, port);
}
