/* Waiting for many descriptors at once. */
#include "net/loop.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"

enum {
	BATCH_FIRST = 64,
	BATCH_MAX = 16384, /* ready at once: more wait for their turn */
};

/* Makes room for n results. Returns false without memory, and then what was
 * there stays. */
static bool
loop_room(struct smpp_loop *l, int n)
{
	struct epoll_event *events;
	struct smpp_ready *ready;

	events = reallocarray(l->events, (size_t)n, sizeof(*events));
	if (events != NULL)
		l->events = events;
	ready = reallocarray(l->ready, (size_t)n, sizeof(*ready));
	if (ready != NULL)
		l->ready = ready;
	if (events == NULL || ready == NULL)
		return false;
	l->cap = n;
	return true;
}

int
smpp_loop_init(struct smpp_loop *l)
{
	*l = (struct smpp_loop){.fd = -1};
	if (!loop_room(l, BATCH_FIRST))
		return SMPP_ENOMEM;
	l->fd = epoll_create1(EPOLL_CLOEXEC);
	return l->fd < 0 ? SMPP_EIO : 0;
}

void
smpp_loop_fini(struct smpp_loop *l)
{
	if (l->fd >= 0)
		close(l->fd);
	free(l->ready);
	free(l->events);
	*l = (struct smpp_loop){.fd = -1};
}

static int
loop_control(struct smpp_loop *l, int op, int fd, bool in, bool out, void *arg)
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
	return loop_control(l, EPOLL_CTL_ADD, fd, in, out, arg);
}

int
smpp_loop_mod(struct smpp_loop *l, int fd, bool in, bool out, void *arg)
{
	return loop_control(l, EPOLL_CTL_MOD, fd, in, out, arg);
}

void
smpp_loop_del(struct smpp_loop *l, int fd)
{
	loop_control(l, EPOLL_CTL_DEL, fd, false, false, NULL);
}

/* Nanoseconds as epoll_pwait(2) has them, not less. */
static int
loop_ms(uint64_t ns)
{
	const uint64_t ms = (ns + 999999) / 1000000;

	return ms > INT_MAX ? INT_MAX : (int)ms;
}

/* epoll_pwait(2) until a deadline in nanoseconds. */
static int
loop_wait_until(struct smpp_loop *l, uint64_t deadline)
{
	uint64_t now, left = 0;
	struct timespec ts;
	int n;

	if (deadline == UINT64_MAX)
		return epoll_pwait(l->fd, l->events, l->cap, -1, l->mask);
	if (deadline == 0)
		return epoll_pwait(l->fd, l->events, l->cap, 0, l->mask);
	now = smpp_clock_ns();
	if (now < deadline)
		left = deadline - now;
	ts.tv_sec = (time_t)(left / 1000000000);
	ts.tv_nsec = (long)(left % 1000000000);
	/* In nanoseconds: a sender that paces itself to thousands a second
	 * cannot do that in milliseconds. */
	n = epoll_pwait2(l->fd, l->events, l->cap, &ts, l->mask);
	/* In milliseconds then, rounded up: a wait that ends too early would
	 * be begun again without a pause until the time has come. */
	if (n < 0 && errno == ENOSYS) /* before Linux 5.11 */
		n = epoll_pwait(
		    l->fd, l->events, l->cap, loop_ms(left), l->mask);
	return n;
}

int
smpp_loop_wait_ns(struct smpp_loop *l, uint64_t deadline)
{
	const struct epoll_event *e;
	int n;

	n = loop_wait_until(l, deadline);
	/* A signal ends the wait, one that stopped the process, too; but what
	 * came meanwhile came in time, and timers are looked at next. */
	if (n < 0 && errno == EINTR)
		n = epoll_pwait(l->fd, l->events, l->cap, 0, NULL);
	l->n = n < 0 ? 0 : n;
	for (int i = 0; i < l->n; i++) {
		/* Errors and hang-ups count as readable: the read that follows
		 * says which. */
		e = &l->events[i];
		l->ready[i] = (struct smpp_ready){
		    .arg = e->data.ptr,
		    .readable = e->events & ~(uint32_t)EPOLLOUT,
		    .writable = e->events & EPOLLOUT,
		};
	}
	if (n < 0 && errno != EINTR)
		return SMPP_EIO;
	if (l->n == l->cap && l->cap < BATCH_MAX)
		loop_room(l, 2 * l->cap); /* there may be more */
	return l->n;
}
