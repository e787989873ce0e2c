/* cmd/outqueue: what is dropped is whole, what is kept in order, both add up.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/rng.h"
#include "cmd/kit/cmd.h"
#include "cmd/kit/outqueue.h"
#include "tap.h"

enum { SIZE = 1 << 16, MOST = 3000 };

const struct cmd cmd_top; /* main.c has it, and is not linked here */

static struct ctx ctx = {.label = "smpp test: "};
static struct smpp_rng rng = {7};

/* A queue, whom it is for, and what was read so far. */
struct trial {
	struct out_queue q;
	struct smpp_sbuf b;
	int fd[2];
	char *got;
	size_t n, cap;
	unsigned made;
};

static int
trial_take(void *arg, const char *p, size_t n)
{
	struct trial *t = arg;

	(void)p, (void)n;
	out_queue_take(&t->q, &t->b);
	return 0;
}

static bool
trial_begin(struct trial *t, enum out_way way)
{
	*t = (struct trial){.cap = 1 << 22};
	t->got = calloc(1, t->cap);
	if (way == WAY_SOCKET ? socketpair(AF_UNIX, SOCK_STREAM, 0, t->fd) != 0
			      : pipe(t->fd) != 0)
		return false;
	fcntl(t->fd[0], F_SETFL, O_NONBLOCK);
	fcntl(t->fd[0], F_SETPIPE_SZ, 4096);
	if (!out_queue_open(&t->q, &ctx, t->fd[1], SIZE))
		return false;
	if (way == WAY_POLL && t->q.way == WAY_OWN) {
		close(t->q.fd);
		t->q.fd = t->fd[1];
		t->q.way = way;
	}
	smpp_sbuf_init(&t->b, NULL, 0, trial_take, t);
	out_queue_bind(&t->q, &t->b);
	return true;
}

/* Reads no more than n octets. Returns whether there were any. */
static bool
trial_read(struct trial *t, size_t n)
{
	ssize_t got;

	n = n < t->cap - t->n ? n : t->cap - t->n;
	got = read(t->fd[0], t->got + t->n, n);
	if (got <= 0)
		return false;
	t->n += (size_t)got;
	t->q.blocked = false;
	return true;
}

/* A record: its number, its length, that many letters, a full stop. */
static void
trial_record(struct trial *t, size_t n, bool put)
{
	char text[80000];
	struct smpp_sbuf b, *to = put ? &b : &t->b;
	size_t i;

	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_sbuf_u32(to, t->made++);
	smpp_sbuf_putc(to, ' ');
	smpp_sbuf_u32(to, (uint32_t)n);
	smpp_sbuf_putc(to, ' ');
	for (i = 0; i < n; i++)
		smpp_sbuf_putc(to, (char)('a' + (t->made + i) % 26));
	smpp_sbuf_putc(to, '.');
	if (put)
		out_queue_put(&t->q, b.p, b.n);
	else
		out_queue_line(&t->q, &t->b);
}

/* The record at p, up to end. Sets what its number is; NULL when it is none. */
static const char *
trial_parse(const char *p, const char *end, unsigned *number)
{
	unsigned long n, i;
	char *next;

	*number = (unsigned)strtoul(p, &next, 10);
	n = strtoul(next, &next, 10);
	p = next + 1;
	if (*next != ' ' || (size_t)(end - p) < n + 1)
		return NULL;
	for (i = 0; i < n; i++)
		if (p[i] != (char)('a' + (*number + 1 + i) % 26))
			return NULL;
	return p[n] == '.' ? p + n + 1 : NULL;
}

/* Ends it: what came is whole, but for the last one when that may be cut, and
 * in order, and the rest was counted. */
static void
trial_end(struct trial *t, bool cut, const char *name)
{
	const char *p = t->got, *end;
	unsigned number, last = 0, seen = 0;

	do
		out_queue_flush(&t->q, &t->b);
	while (trial_read(t, SIZE) || t->q.start < t->q.end);
	end = p + t->n;
	while (p < end && (p = trial_parse(p, end, &number)) != NULL &&
	       (seen == 0 || number > last)) {
		last = number;
		seen++;
	}
	ok(cut ? p == NULL : p == end, "%s: whole records, in order", name);
	is_int((long long)(seen + t->q.lost), t->made, "%s: all are counted",
	    name);
	ok(seen > 0, "%s: some came", name);
	out_queue_close(&t->q);
	close(t->fd[0]);
	close(t->fd[1]);
	free(t->got);
	cmd_free(&ctx);
}

/* Mostly short ones, some long, a few that are too long. */
static size_t
trial_length(void)
{
	uint64_t r = smpp_rng_next(&rng) % 100;

	if (r < 80)
		return smpp_rng_next(&rng) % 200;
	if (r < 98)
		return smpp_rng_next(&rng) % 6000;
	return smpp_rng_next(&rng) % 80000 * 97 / 100;
}

static void
test_random(enum out_way way, bool put, const char *name)
{
	struct trial t;

	if (!ok(trial_begin(&t, way), "%s", name))
		return;
	for (int i = 0; i < MOST; i++) {
		trial_record(&t, trial_length(), put);
		if (smpp_rng_next(&rng) % 3 == 0)
			out_queue_flush(&t.q, &t.b);
		if (i / 300 % 2 == 0)
			trial_read(&t, smpp_rng_next(&rng) % 9000);
	}
	ok(t.q.lost > 0, "%s: some were dropped", name);
	trial_end(&t, false, name);
}

/* Nothing is dropped for a reader that keeps up. */
static void
test_quick(void)
{
	struct trial t;

	if (!ok(trial_begin(&t, WAY_OWN), "a quick reader"))
		return;
	for (int i = 0; i < MOST; i++) {
		trial_record(&t, 100, false);
		out_queue_flush(&t.q, &t.b);
		trial_read(&t, SIZE);
	}
	is_int((long long)t.q.lost, 0, "nothing dropped");
	ok(t.q.start == t.q.end, "nothing waits");
	trial_end(&t, false, "quick");
}

/* A flush while a record is being made leaves that alone. */
static void
test_midway(void)
{
	struct trial t;
	char text[100];

	if (!ok(trial_begin(&t, WAY_OWN), "half a record"))
		return;
	memset(text, 'x', sizeof(text));
	smpp_sbuf_puts(&t.b, "one\n");
	out_queue_line(&t.q, &t.b);
	smpp_sbuf_puts(&t.b, "tw");
	out_queue_flush(&t.q, &t.b);
	trial_read(&t, SIZE);
	is_mem(t.got, t.n, "one\n", 4, "is not written");
	smpp_sbuf_flush(&t.b);
	out_queue_flush(&t.q, &t.b);
	ok(!trial_read(&t, SIZE), "nor when its buffer is");
	smpp_sbuf_puts(&t.b, "o\n");
	out_queue_line(&t.q, &t.b);
	out_queue_flush(&t.q, &t.b);
	trial_read(&t, SIZE);
	is_mem(t.got, t.n, "one\ntwo\n", 8, "but in one piece");
	out_queue_close(&t.q);
	close(t.fd[0]);
	close(t.fd[1]);
	free(t.got);
	cmd_free(&ctx);
}

/* The end: what nobody reads is counted, a lost reader is an error. */
static void
test_drain(void)
{
	struct trial t;

	if (!ok(trial_begin(&t, WAY_OWN), "the end"))
		return;
	for (int i = 0; i < 100; i++)
		trial_record(&t, 100, false);
	ok(!out_queue_drain(&t.q), "nobody reads");
	trial_end(&t, true, "the end");
	signal(SIGPIPE, SIG_IGN);
	if (!ok(trial_begin(&t, WAY_POLL), "no reader"))
		return;
	close(t.fd[0]);
	trial_record(&t, 100, false);
	is_int(out_queue_flush(&t.q, &t.b), -1, "is an error");
	is_int(t.q.error, EPIPE, "broken pipe");
	trial_record(&t, 100, false);
	is_int(out_queue_flush(&t.q, &t.b), -1, "that stays");
	close(t.fd[1]);
	free(t.got);
	cmd_free(&ctx);
}

/* What never waits for anybody has no queue; a descriptor that does not wait
 * is waited for. */
static void
test_plain(void)
{
	static char text[300000];
	struct out_queue q;
	int fd[2], null = open("/dev/null", O_WRONLY);
	size_t n = 0;
	ssize_t got;

	ok(!out_queue_open(&q, &ctx, null, SIZE), "/dev/null has no queue");
	close(null);
	ok(!out_queue_open(&q, &ctx, null, SIZE), "nor what is closed");
	if (!ok(pipe(fd) == 0, "pipe"))
		return;
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	if (fork() == 0) {
		close(fd[0]);
		_exit(out_write(fd[1], text, sizeof(text)));
	}
	close(fd[1]);
	while ((got = read(fd[0], text, 4096)) > 0)
		n += (size_t)got;
	close(fd[0]);
	is_int((long long)n, sizeof(text), "all is written");
	is_int(out_write(-1, "x", 1), EBADF, "no descriptor");
	cmd_free(&ctx);
}

int
main(void)
{
	test_random(WAY_OWN, false, "pipe");
	test_random(WAY_OWN, true, "pipe, lines");
	test_random(WAY_SOCKET, false, "socket");
	test_random(WAY_SOCKET, true, "socket, lines");
	test_random(WAY_POLL, false, "another's pipe");
	test_random(WAY_POLL, true, "another's pipe, lines");
	test_quick();
	test_midway();
	test_drain();
	test_plain();
	return tap_done();
}
