/* Waiting for many descriptors at once. */
#include "net/loop.h"

#include <sys/epoll.h>
#include <unistd.h>

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

int
smpp_loop_wait(struct smpp_loop *l, int64_t deadline)
{
	struct epoll_event e[SMPP_LOOP_BATCH];
	int n = epoll_wait(
	    l->fd, e, SMPP_LOOP_BATCH, smpp_io_poll_ms(deadline));

	l->n = n < 0 ? 0 : n;
	for (int i = 0; i < l->n; i++)
		l->ready[i] = (struct smpp_ready){
		    .arg = e[i].data.ptr,
		    .readable = e[i].events & ~(uint32_t)EPOLLOUT,
		    .writable = e[i].events & EPOLLOUT,
		};
	return l->n;
}
