/* cmd/send: when parts go, and how lines are read. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/kit/cmd.h"
#include "cmd/kit/input.h"
#include "../../cmd/send/tempo.h"
#include "tap.h"

#define MS 1000000ull

/* Sends n parts as soon as each may go, each late by some of slack. Returns
 * when the last one went, in ms. */
static uint64_t
send(struct tempo *t, unsigned n, uint64_t slack)
{
	uint64_t now = 0;

	for (unsigned i = 0; i < n; i++) {
		if (tempo_due(t) > now)
			now = tempo_due(t) + i * 7919 % (slack + 1);
		tempo_sent(t, now);
	}
	return now / MS;
}

static void
rates(void)
{
	struct tempo t;
	uint64_t at;

	tempo_init(&t, 0, 0);
	is_int(send(&t, 1000, 0), 0, "no limit");
	tempo_init(&t, 20, 0);
	is_int(send(&t, 201, 0), 10000, "20/s: the 201st after 10 s");
	tempo_init(&t, 1000, 0);
	at = send(&t, 10001, 5 * MS);
	ok(at >= 10000 && at <= 10006, "late parts make no others late");
	tempo_init(&t, 10, 0);
	tempo_sent(&t, 0);
	tempo_sent(&t, 5000 * MS);
	is_int(tempo_due(&t) / MS, 5100, "no burst after a wait");
}

static void
pauses(void)
{
	struct tempo t;

	tempo_init(&t, 0, 0);
	tempo_throttled(&t, 0, 10 * MS);
	is_int(tempo_due(&t) / MS, 260, "a first pause");
	tempo_throttled(&t, 5 * MS, 20 * MS);
	is_int(tempo_due(&t) / MS, 260, "one for all that went before it");
	tempo_throttled(&t, 260 * MS, 300 * MS);
	is_int(tempo_due(&t) / MS, 800, "a longer one");
	tempo_accepted(&t, 260 * MS);
	tempo_throttled(&t, 800 * MS, 800 * MS);
	is_int(tempo_due(&t) / MS, 1800, "what went before it changes nothing");
	tempo_accepted(&t, 1800 * MS);
	tempo_throttled(&t, 1801 * MS, 1801 * MS);
	is_int(tempo_due(&t) / MS, 2051, "short again after a success");
	for (unsigned i = 0; i < 20; i++)
		tempo_throttled(&t, tempo_due(&t), tempo_due(&t));
	ok(tempo_due(&t) / MS < 1000000, "never longer than 30 s");
}

/* Feeds lines through a pipe. */
static void
lines(void)
{
	struct input in;
	struct smpp_err err;
	struct smpp_view v;
	int fd[2], saved = dup(0);

	smpp_err_clear(&err);
	if (pipe(fd) != 0)
		exit(1);
	dup2(fd[0], 0);
	is_int(input_open(&in, "-", 4096, &err), 0, "stdin");
	is_int(write(fd[1], "a\n\nbc", 5), 5, "some octets");
	is_int(input_line(&in, &v), 0, "not read yet");
	is_int(input_fill(&in, &err), 0, "read");
	is_int(input_line(&in, &v), 1, "a line");
	is_mem(v.p, v.n, "a", 1, "without its end");
	is_int(input_line(&in, &v), 1, "another");
	is_int(v.n, 0, "that is empty");
	is_int(input_line(&in, &v), 0, "half of one");
	close(fd[1]);
	is_int(input_fill(&in, &err), 0, "the end");
	is_int(input_line(&in, &v), 1, "ends the last line, too");
	is_mem(v.p, v.n, "bc", 2, "it is whole");
	ok(input_over(&in) && in.line == 3, "three");
	input_close(&in);
	dup2(saved, 0);
	is_int(
	    input_open(&in, "/nonexistent", 4096, &err), SMPP_EIO, "no file");
	input_close(&in);
}

int
main(void)
{
	rates();
	pauses();
	lines();
	return tap_done();
}
