/*
 * Preloaded: the clock of timers runs FASTCLOCK times as fast for a process,
 * and it waits so much shorter. So what takes a minute is tested in seconds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t
times(void)
{
	static int64_t n;

	if (n == 0)
		n = getenv("FASTCLOCK") ? atol(getenv("FASTCLOCK")) : 1;
	return n;
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	const long rc = syscall(SYS_clock_gettime, id, ts);
	int64_t nsec;

	if (rc == 0 && id == CLOCK_MONOTONIC) {
		nsec = (int64_t)ts->tv_nsec * times();
		ts->tv_sec = ts->tv_sec * times() + nsec / 1000000000;
		ts->tv_nsec = nsec % 1000000000;
	}
	return (int)rc;
}

int
epoll_wait(int fd, struct epoll_event *e, int n, int ms)
{
	if (ms > 0)
		ms = (int)((ms + times() - 1) / times());
	return (int)syscall(SYS_epoll_pwait, fd, e, n, ms, NULL, 0);
}

int
epoll_pwait2(int fd, struct epoll_event *e, int n, const struct timespec *ts,
    const sigset_t *mask)
{
	struct timespec less;
	int64_t nsec;

	if (ts != NULL) {
		nsec = (int64_t)(ts->tv_sec % times()) * 1000000000;
		less.tv_sec = ts->tv_sec / times();
		less.tv_nsec = (nsec + ts->tv_nsec) / times();
		ts = &less;
	}
	return (int)syscall(
	    SYS_epoll_pwait2, fd, e, n, ts, mask, sizeof(uint64_t));
}
