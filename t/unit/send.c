/* cmd/send: when parts go, and which id is which. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/kit/cmd.h"
#include "../../cmd/send/ids.h"
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

/* The owner found in a table of three ids: 'a', 'b', 'c', or '-'. */
static char
found(const char *const ids[3], const char *id, enum smpp_id_rule rule)
{
	struct ids t = {NULL, 0, 0};
	struct id_node node[3 + 500];
	char owner[] = "abc", other[500][8], *p;
	enum smpp_id_match match;

	for (int i = 0; i < 500; i++) {
		snprintf(other[i], sizeof(other[i]), "x%d", i);
		ids_add(&t, &node[3 + i], smpp_view_str(other[i]), NULL);
	}
	for (int i = 0; i < 3; i++)
		ids_add(&t, &node[i], smpp_view_str(ids[i]), &owner[i]);
	ids_del(&t, &node[3 + 250]);
	p = ids_find(&t, smpp_view_str(id), rule, &match);
	ids_fini(&t);
	return p == NULL ? '-' : *p;
}

static void
matches(void)
{
	static const char *const ids[] = {"5F3A9C01", "10", "256"};
	static const char *const same[] = {"7", "7", "8"};
	static const char *const two[] = {"a", "16", "y"};

	is_int(found(ids, "5F3A9C01", SMPP_ID_EXACT), 'a', "the id itself");
	is_int(found(ids, "5f3a9c01", SMPP_ID_EXACT), '-', "or none");
	is_int(found(ids, "0005f3a9c01 ", SMPP_ID_AUTO), 'a', "case and zeros");
	is_int(found(ids, "1597676545", SMPP_ID_AUTO), 'a', "hex as decimal");
	is_int(found(ids, "100", SMPP_ID_AUTO), 'c', "decimal as hex");
	is_int(found(ids, "10", SMPP_ID_AUTO), 'b', "equal goes before that");
	is_int(found(two, "10", SMPP_ID_AUTO), '-', "two such are none");
	is_int(found(same, "7", SMPP_ID_AUTO), 'a', "the first of equals");
	is_int(found(ids, "", SMPP_ID_AUTO), '-', "nothing");
	is_int(found(ids, "99999999999999999999999999999999999999999999",
		   SMPP_ID_AUTO),
	    '-', "a large number");
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
	matches();
	lines();
	return tap_done();
}
