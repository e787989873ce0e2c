/* Waiting for many descriptors at once. */
#include "net/loop.h"

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

int
smpp_loop_init(struct smpp_loop *l)
{
	l->n = 0;
	l->fd = epoll_create1(EPOLL_CLOEXEC);
	return l->fd < 0 ? SMPP_EIO : 0;
}

void
smpp_loop_fini(struct smpp_loop *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

static int
control(struct smpp_loop *l, int op, int fd, bool in, bool out, void *arg)
{
	struct epoll_event e = {
	    .events = (in ? EPOLLIN : 0u) | (out ? EPOLLOUT : 0u),
	    .data.ptr = arg,
	};

	return epoll_ctl(l->fd, op, fd, &e) == 0 ? 0 : SMPP_EIO;
}

int
smpp_loop_add(struct smpp_loop *l, int fd, bool in, bool out, void *arg)
{
	return control(l, EPOLL_CTL_ADD, fd, in, out, arg);
}

int
smpp_loop_mod(struct smpp_loop *l, int fd, bool in, bool out, void *arg)
{
	return control(l, EPOLL_CTL_MOD, fd, in, out, arg);
}

void
smpp_loop_del(struct smpp_loop *l, int fd)
{
	control(l, EPOLL_CTL_DEL, fd, false, false, NULL);
}

/* epoll_wait(2) until a deadline in nanoseconds. */
static int
wait_until(int fd, struct epoll_event *e, uint64_t deadline)
{
	uint64_t now = smpp_clock_ns(), left = 0;
	struct timespec ts;
	int n;

	if (deadline == UINT64_MAX)
		return epoll_wait(fd, e, SMPP_LOOP_BATCH, -1);
	if (now < deadline)
		left = deadline - now;
	ts.tv_sec = (time_t)(left / 1000000000);
	ts.tv_nsec = (long)(left % 1000000000);
	n = epoll_pwait2(fd, e, SMPP_LOOP_BATCH, &ts, NULL);
	if (n < 0 && errno == ENOSYS) /* before Linux 5.11 */
		n = epoll_wait(fd, e, SMPP_LOOP_BATCH,
		    smpp_io_poll_ms((int64_t)(deadline / 1000000) + 1));
	return n;
}

int
smpp_loop_wait_ns(struct smpp_loop *l, uint64_t deadline)
{
	struct epoll_event e[SMPP_LOOP_BATCH];
	int n = wait_until(l->fd, e, deadline);

	l->n = n < 0 ? 0 : n;
	for (int i = 0; i < l->n; i++)
		l->ready[i] = (struct smpp_ready){
		    .arg = e[i].data.ptr,
		    .readable = e[i].events & ~(uint32_t)EPOLLOUT,
		    .writable = e[i].events & EPOLLOUT,
		};
	return l->n;
}

int
smpp_loop_wait(struct smpp_loop *l, int64_t deadline)
{
	if (deadline > INT64_MAX / 1000000)
		return smpp_loop_wait_ns(l, UINT64_MAX);
	return smpp_loop_wait_ns(l, (uint64_t)deadline * 1000000);
}
