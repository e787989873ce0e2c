/* Preloaded: time flies, CLOCK_SPEED times as fast as it does for others. */
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static long
fast_speed(void)
{
	static long speed;

	if (speed == 0)
		speed = getenv("CLOCK_SPEED") ? atol(getenv("CLOCK_SPEED")) : 1;
	return speed;
}

int
clock_gettime(clockid_t id, struct timespec *ts)
{
	static long long first;
	long rc = syscall(SYS_clock_gettime, id, ts);
	long long ns = ts->tv_sec * 1000000000ll + ts->tv_nsec;

	if (rc != 0 || id != CLOCK_MONOTONIC)
		return (int)rc;
	if (first == 0)
		first = ns;
	ns = first + (ns - first) * fast_speed();
	ts->tv_sec = (time_t)(ns / 1000000000);
	ts->tv_nsec = (long)(ns % 1000000000);
	return 0;
}

/* A time to wait for, in real nanoseconds, at least a little. */
static struct timespec
fast_wait(const struct timespec *ts)
{
	long long ns = ts->tv_sec * 1000000000ll + ts->tv_nsec;

	ns = ns == 0 ? 0 : ns / fast_speed() + 1;
	return (struct timespec){
	    (time_t)(ns / 1000000000), (long)(ns % 1000000000)};
}

int
epoll_pwait2(int fd, struct epoll_event *e, int n, const struct timespec *ts,
    const sigset_t *mask)
{
	struct timespec real;

	if (ts != NULL)
		real = fast_wait(ts);
	return (int)syscall(SYS_epoll_pwait2, fd, e, n,
	    ts == NULL ? NULL : &real, mask, _NSIG / 8);
}

int
ppoll(
    struct pollfd *p, nfds_t n, const struct timespec *ts, const sigset_t *mask)
{
	struct timespec real;

	if (ts != NULL)
		real = fast_wait(ts);
	return (int)syscall(
	    SYS_ppoll, p, n, ts == NULL ? NULL : &real, mask, _NSIG / 8);
}

int
poll(struct pollfd *p, nfds_t n, int ms)
{
	struct timespec ts = {ms / 1000, ms % 1000 * 1000000L};

	return ppoll(p, n, ms < 0 ? NULL : &ts, NULL);
}
