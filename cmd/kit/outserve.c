/* The output of a server: what a slow reader holds up does not stop it. */
#include "outserve.h"

#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd.h"

enum {
	DATA = 32 << 20, /* octets of results that wait */
	TALK = 1 << 18,
	TELL_S = 1, /* what was dropped is told so often */
	LAG = DATA / 8,
	PAUSE_MS = 1,
	PAUSE_EVERY_MS = 10,
};

/*
 * One descriptor, an epoll set, stands for all that output waits for: a
 * server's loop watches it from start to end and needs to know no more.
 */
static int
outserve_watch(struct out_serving *s, int fd)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.fd = fd};

	return fd == -1 ? -1 : epoll_ctl(s->set, EPOLL_CTL_ADD, fd, &ev);
}

/* Who names a file wants all of it, and a disk does not wait for a reader. */
static bool
outserve_to_file(const struct out *o)
{
	return o->args.file != NULL && strcmp(o->args.file, "-") != 0;
}

int
out_serve(struct ctx *c)
{
	struct out *o = c->out;
	struct out_serving *s = cmd_alloc(c, sizeof(*s));

	s->c = c;
	s->set = epoll_create1(EPOLL_CLOEXEC);
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (s->set == -1 || outserve_watch(s, s->timer) != 0) {
		out_errno(c, SMPP_EXIT_LOCAL, "output", "epoll");
		return -1;
	}
	/*
	 * What is in the buffer was made before the queue; then the buffer
	 * moves.
	 */
	out_flush(o);
	s->waits = outserve_to_file(o) ||
		   !out_queue_open(&s->data, c, o->fd, DATA);
	s->hushes = out_queue_open(&s->talk, c, STDERR_FILENO, TALK);
	if (!s->waits)
		out_queue_bind(&s->data, &o->b);
	o->serving = s;
	return s->set;
}

/* Which of the two has room is not asked: the write that is tried tells. */
void
out_woken(struct out *o)
{
	struct out_serving *s = o->serving;
	uint64_t times;

	s->data.blocked = s->talk.blocked = false;
	if (read(s->timer, &times, sizeof(times)) > 0) {
		s->armed = false;
		s->late = true;
	}
}

/*
 * Has the server woken when a queue that waits can go on. Watched only while
 * something waits: a pipe with room is always writable and would wake the loop
 * without end.
 */
static void
outserve_await(struct out_serving *s, const struct out_queue *q, bool *in)
{
	struct epoll_event ev = {.events = EPOLLOUT, .data.fd = q->fd};
	bool waits = q->start < q->end && q->error == 0;

	if (waits != *in)
		epoll_ctl(
		    s->set, waits ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, q->fd, &ev);
	*in = waits;
}

static const char *
outserve_plural(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* Says how much was dropped of what is told so far. */
static void
outserve_tell(struct out_serving *s)
{
	unsigned long long all = s->data.lost, n = all - s->told;

	s->late = false;
	s->told = all;
	if (n > 0)
		out_alert(s->c,
		    "standard output is read too slowly: %llu record%s "
		    "dropped, %llu in all",
		    n, outserve_plural(n), all);
}

static void
outserve_tell_talk(struct out_serving *s)
{
	unsigned long long n = s->talk.lost - s->hushed;

	s->hushed = s->talk.lost;
	if (n > 0)
		out_alert(s->c,
		    "standard error is read too slowly: %llu line%s dropped", n,
		    outserve_plural(n));
}

/*
 * A second after something was dropped it is time to say so. One timer for a
 * second of losses, for a line for each would itself be too much to read. No
 * timer: it is told at the next flush.
 */
static void
outserve_arm(struct out_serving *s)
{
	struct itimerspec when = {.it_value.tv_sec = TELL_S};

	if (s->armed || s->late || s->data.lost == s->told)
		return;
	s->armed = timerfd_settime(s->timer, 0, &when, NULL) == 0;
	s->late = !s->armed;
}

/*
 * Where processors are short a reader falls behind that is not slow, but has
 * no turn to run: it gets one, a tenth of the time, for as long as it reads.
 */
static void
outserve_pause(struct out_serving *s)
{
	const struct out_queue *q = &s->data;
	int64_t now;

	if (q->end - q->start < LAG || q->written == s->written)
		return;
	now = smpp_clock_ms();
	if (now < s->pause_at)
		return;
	s->pause_at = now + PAUSE_EVERY_MS;
	s->written = q->written;
	poll(NULL, 0, PAUSE_MS);
}

static int
outserve_data_flush(struct out *o)
{
	struct out_serving *s = o->serving;
	int rc;

	if (s->waits)
		return smpp_sbuf_flush(&o->b);
	outserve_pause(s);
	rc = out_queue_flush(&s->data, &o->b);
	if (rc != 0)
		o->error = s->data.error;
	outserve_await(s, &s->data, &s->data_in);
	return rc;
}

int
outserve_flush(struct out *o)
{
	struct out_serving *s = o->serving;
	int rc = outserve_data_flush(o);

	if (s->late)
		outserve_tell(s);
	outserve_arm(s);
	if (s->hushes) {
		out_queue_write(&s->talk);
		if (s->talk.start == s->talk.end)
			outserve_tell_talk(s);
		outserve_await(s, &s->talk, &s->talk_in);
	}
	return rc;
}

/*
 * An error is told even where nothing is flushed: the command must not go on
 * to acknowledge what cannot be written.
 */
int
outserve_line(struct out *o)
{
	struct out_serving *s = o->serving;

	if (!s->waits)
		out_queue_line(&s->data, &o->b);
	if (o->live)
		return outserve_data_flush(o);
	return -(int)(o->b.bad || s->data.error != 0);
}

int
outserve_take(struct out *o)
{
	out_queue_take(&o->serving->data, &o->b);
	return 0;
}

/*
 * At the end there is no later turn to write in: it waits for the reader,
 * once; when nobody read, the lines after it do not wait again.
 */
void
outserve_talk(struct out *o, const char *p, size_t n)
{
	struct out_serving *s = o->serving;

	if (!s->hushes) {
		out_write(STDERR_FILENO, p, n);
		return;
	}
	out_queue_put(&s->talk, p, n);
	if (!s->over || s->ignored)
		out_queue_write(&s->talk);
	else
		s->ignored = !out_queue_drain(&s->talk);
}

/*
 * Results first: how many of them were dropped is known only then, and is the
 * last thing to be said.
 */
int
outserve_close(struct out *o)
{
	struct out_serving *s = o->serving;
	int rc = outserve_data_flush(o);

	if (!s->waits) {
		out_queue_drain(&s->data);
		out_queue_close(&s->data);
	}
	s->over = true;
	if (s->data.error == 0)
		outserve_tell(s);
	else
		o->error = s->data.error;
	if (s->hushes)
		s->ignored = s->ignored || !out_queue_drain(&s->talk);
	outserve_tell_talk(s);
	return s->data.error == 0 ? rc : -1;
}
