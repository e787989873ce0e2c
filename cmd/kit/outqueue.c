/* Records that wait for whom reads them slowly, and are dropped at last. */
#include "outqueue.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd.h"
#include "sig.h"

enum {
	ROOM = 4096,     /* what a buffer has at least */
	SPARE = 16384,   /* octets that are dropped go there */
	LITTLE = 64,     /* of smaller records fewer are held than fit */
	PIPE = 1 << 20,  /* while the reader waits for its turn to run */
	SLICE = 1 << 20, /* so much is written in one go */
	AGAIN = 1 << 15, /* so much new is a reason to try again */
	STALL_MS = 2000, /* at the end, for a reader to read anything */
	END_MS = 5000,   /* and for all of it */
};

/*
 * What does not wait is a flag of the open file, which others may have, too:
 * the shell, other programs of the pipeline. So pipes and terminals are opened
 * once more, which may be forbidden (another user's). The other end of a
 * terminal pair would be a new pair then.
 */
static void
queue_reopen(struct out_queue *q, int fd)
{
	char path[32], pair[64];
	int own = -1;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!isatty(fd) || ptsname_r(fd, pair, sizeof(pair)) != 0)
		own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	q->fd = own != -1 ? own : fd;
	q->way = own != -1 ? WAY_OWN : WAY_POLL;
	if (q->size > PIPE && fcntl(fd, F_GETPIPE_SZ) < PIPE)
		fcntl(fd, F_SETPIPE_SZ, PIPE);
}

bool
out_queue_open(struct out_queue *q, struct ctx *c, int fd, size_t size)
{
	struct stat st;

	*q = (struct out_queue){.fd = fd, .size = size};
	if (fstat(fd, &st) != 0)
		return false;
	if (S_ISSOCK(st.st_mode))
		q->way = WAY_SOCKET;
	else if (S_ISFIFO(st.st_mode) || isatty(fd))
		queue_reopen(q, fd);
	else
		return false;
	q->at = cmd_alloc(c, size);
	q->max = size / LITTLE;
	q->ends = cmd_alloc(c, q->max * sizeof(*q->ends));
	q->spare = cmd_alloc(c, SPARE);
	return true;
}

void
out_queue_close(struct out_queue *q)
{
	if (q->way == WAY_OWN)
		close(q->fd);
}

/*
 * Moves what waits to the front, when the way is short. Moving all of it for
 * each record would cost more than writing: it is moved when half of the
 * memory is behind it, or half of the ends are.
 */
static void
queue_compact(struct out_queue *q)
{
	size_t i, n = 0;

	if (q->start < q->size / 2 &&
	    (q->nends < q->max || q->ends[q->max / 2] > q->start))
		return;
	memmove(q->at, q->at + q->start, q->end + q->open - q->start);
	/*
	 * Ends before start belong to records written whole; they are
	 * forgotten.
	 */
	for (i = 0; i < q->nends; i++)
		if (q->ends[i] > q->start)
			q->ends[n++] = q->ends[i] - (uint32_t)q->start;
	q->nends = n;
	q->end -= q->start;
	q->tried -= q->start < q->tried ? q->start : q->tried;
	q->start = 0;
}

static bool
queue_has_room(const struct out_queue *q, size_t n)
{
	return q->nends < q->max && n <= q->size - q->end - q->open;
}

/* Makes room for n octets. Returns whether there is. */
static bool
queue_make_room(struct out_queue *q, size_t n)
{
	/* Empty: begin at the front again, which spares the move. */
	if (q->start == q->end && q->open == 0)
		q->start = q->end = q->tried = q->nends = 0;
	if (queue_has_room(q, n))
		return true;
	/*
	 * The reader may have read since: one more try before a record is
	 * lost.
	 */
	q->blocked = false;
	out_queue_write(q);
	queue_compact(q);
	return queue_has_room(q, n);
}

/* Has b go on where the queue ends, or where it does no harm. */
static void
queue_lend(const struct out_queue *q, struct smpp_sbuf *b)
{
	b->p = q->skip ? q->spare : q->at + q->end + q->open;
	b->cap = q->skip ? SPARE : q->size - q->end - q->open;
}

/* Between two records: the next one is dropped if there is no room for it. */
static void
queue_settle(struct out_queue *q, struct smpp_sbuf *b)
{
	q->skip = !queue_make_room(q, ROOM);
	queue_lend(q, b);
}

void
out_queue_bind(struct out_queue *q, struct smpp_sbuf *b)
{
	b->n = 0;
	queue_settle(q, b);
}

/*
 * The buffer is full in the middle of a record. It goes on behind what it has
 * so far; with no room it is dropped from its start, half a record would be
 * garbage for the reader.
 */
void
out_queue_take(struct out_queue *q, struct smpp_sbuf *b)
{
	q->begun = true;
	if (!q->skip) {
		q->open += b->n;
		q->skip = !queue_make_room(q, ROOM);
		if (q->skip)
			q->open = 0;
	}
	b->n = 0;
	queue_lend(q, b);
}

static void
queue_end_record(struct out_queue *q)
{
	q->end += q->open;
	q->open = 0;
	q->ends[q->nends++] = (uint32_t)q->end;
}

/*
 * Written once much has come, not record by record, for a system call costs
 * more than a record. Each turn of the loop flushes the rest.
 */
void
out_queue_line(struct out_queue *q, struct smpp_sbuf *b)
{
	if (q->skip) {
		q->lost++;
	} else {
		q->open += b->n;
		queue_end_record(q);
	}
	b->n = 0;
	q->begun = false;
	if (q->end - q->tried >= AGAIN) {
		q->blocked = false;
		out_queue_write(q);
	}
	queue_settle(q, b);
}

void
out_queue_put(struct out_queue *q, const char *p, size_t n)
{
	if (!queue_make_room(q, n)) {
		q->lost++;
		return;
	}
	memcpy(q->at + q->end, p, n);
	q->open = n;
	queue_end_record(q);
}

/*
 * With WAY_POLL the descriptor itself would wait: n is then at most PIPE_BUF,
 * which a pipe that polls writable takes whole.
 */
static ssize_t
queue_write_some(const struct out_queue *q, size_t n)
{
	struct pollfd room = {.fd = q->fd, .events = POLLOUT};
	const char *p = q->at + q->start;

	if (q->way == WAY_SOCKET)
		return send(q->fd, p, n, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (q->way == WAY_POLL && poll(&room, 1, 0) == 0) {
		errno = EAGAIN;
		return -1;
	}
	return write(q->fd, p, n);
}

int
out_queue_write(struct out_queue *q)
{
	size_t left = SLICE, most = q->way == WAY_POLL ? PIPE_BUF : SLICE, n;
	ssize_t done;

	q->tried = q->end;
	while (!q->blocked && q->error == 0 && left > 0 && q->start < q->end) {
		n = q->end - q->start;
		n = n < most ? n : most;
		n = n < left ? n : left;
		done = queue_write_some(q, n);
		if (done == -1 && errno == EINTR)
			continue;
		/*
		 * Less than asked for: it is full, the next write would only
		 * say EAGAIN. A slice bounds the time a turn of the loop
		 * spends here.
		 */
		q->blocked = done == -1 ? errno == EAGAIN : (size_t)done < n;
		if (done == -1 && !q->blocked)
			q->error = errno;
		if (done > 0) {
			q->start += (size_t)done;
			q->written += (size_t)done;
			left -= (size_t)done;
		}
	}
	return -(q->error != 0);
}

/* Only between records may the buffer move to another place. */
int
out_queue_flush(struct out_queue *q, struct smpp_sbuf *b)
{
	int rc = out_queue_write(q);

	if (!q->begun && b->n == 0)
		queue_settle(q, b);
	return rc;
}

/* Drops what waits, a record that was begun to be written, too. */
static void
queue_give_up(struct out_queue *q)
{
	for (size_t i = 0; i < q->nends; i++)
		q->lost += q->ends[i] > q->start;
	q->start = q->end = q->open = q->tried = q->nends = 0;
}

/*
 * At the end nothing else is to be done, so it waits, but not for a reader
 * that has stopped: a second Ctrl-C ends it at once.
 */
bool
out_queue_drain(struct out_queue *q)
{
	struct pollfd room = {.fd = q->fd, .events = POLLOUT};
	int64_t until = smpp_clock_ms() + END_MS;
	bool read = true;

	while (read && out_queue_write(q) == 0 && q->start < q->end) {
		read = poll(&room, 1, STALL_MS) != 0 && sig_stop() < 2 &&
		       smpp_clock_ms() < until;
		q->blocked = false;
	}
	queue_give_up(q);
	return read;
}

/*
 * A descriptor that does not wait is waited for: O_NONBLOCK may have been left
 * by another program that shares it, and lines were lost so.
 */
int
out_write(int fd, const char *p, size_t n)
{
	struct pollfd room = {.fd = fd, .events = POLLOUT};
	ssize_t done;

	while (n > 0) {
		done = write(fd, p, n);
		if (done == -1 && errno == EAGAIN)
			done = poll(&room, 1, -1) == -1 ? -1 : 0;
		if (done == -1 && (errno != EINTR || sig_stop() > 1))
			return errno;
		if (done > 0) {
			p += done;
			n -= (size_t)done;
		}
	}
	return 0;
}
