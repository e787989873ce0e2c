/* Preloaded: the n-th call to epoll that may want memory fails, n from FAIL_AT;
 * with FAIL_ON all that follow, too. */
#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int
epoll_fails(void)
{
	static long n, at;

	if (n++ == 0 && getenv("FAIL_AT") != NULL)
		at = atol(getenv("FAIL_AT"));
	if (at == 0 || n < at || (n > at && getenv("FAIL_ON") == NULL))
		return 0;
	if (n == at && write(STDERR_FILENO, "failepoll\n", 10) != 10)
		_exit(99);
	errno = ENOMEM;
	return 1;
}

int
epoll_create1(int flags)
{
	return epoll_fails() ? -1 : (int)syscall(SYS_epoll_create1, flags);
}

int
epoll_ctl(int fd, int op, int of, struct epoll_event *e)
{
	if (op != EPOLL_CTL_DEL && epoll_fails())
		return -1;
	return (int)syscall(SYS_epoll_ctl, fd, op, of, e);
}

int
epoll_pwait(int fd, struct epoll_event *e, int n, int ms, const sigset_t *mask)
{
	if (epoll_fails())
		return -1;
	return (int)syscall(SYS_epoll_pwait, fd, e, n, ms, mask, 8);
}

int
epoll_pwait2(int fd, struct epoll_event *e, int n, const struct timespec *ts,
    const sigset_t *mask)
{
	if (epoll_fails())
		return -1;
	return (int)syscall(SYS_epoll_pwait2, fd, e, n, ts, mask, 8);
}
