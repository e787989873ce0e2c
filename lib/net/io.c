/* Descriptors that never block, and waits that end at a deadline. */
#include "net/io.h"

#include <errno.h>
#include <limits.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "base/clock.h"

int64_t
smpp_io_deadline(int64_t now, int64_t ms)
{
	return ms <= 0 || ms > SMPP_FOREVER - now ? SMPP_FOREVER : now + ms;
}

int
smpp_io_poll_ms(int64_t deadline)
{
	int64_t left;

	if (deadline == SMPP_FOREVER)
		return -1;
	left = deadline - smpp_clock_ms();
	if (left <= 0)
		return 0;
	return left > INT_MAX ? INT_MAX : (int)left;
}

int
smpp_io_poll(struct pollfd *p, unsigned n, int64_t deadline)
{
	int got, ms;

	for (;;) {
		ms = smpp_io_poll_ms(deadline);
		got = poll(p, n, ms);
		if (got > 0)
			return got;
		/* A deadline more than 24 days away is waited for in several
		 * turns. */
		if (got == 0 && ms != INT_MAX)
			return SMPP_ETIMEOUT;
		if (got < 0 && errno != EINTR)
			return SMPP_EIO;
	}
}

int
smpp_io_wait(int fd, short events, int wake, int64_t deadline)
{
	struct pollfd p[2] = {{fd, events, 0}, {wake, POLLIN, 0}};
	int n = smpp_io_poll(p, wake < 0 ? 1 : 2, deadline);

	if (n < 0)
		return n;
	return wake >= 0 && p[1].revents != 0 ? SMPP_EINTERRUPTED
					      : p[0].revents;
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
