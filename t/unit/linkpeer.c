/* cmd/target/link: what comes at once, and ends at once, from a peer that says
 * what it has been told to. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rd.h"
#include "cmd/kit/sig.h"
#include "cmd/target/link.h"
#include "net/listen.h"
#include "tap.h"

#define BIND_RESP "\0\0\0\x12\x80\0\0\x09\0\0\0\0\0\0\0\1p\0"
#define UNBIND "\0\0\0\x10\0\0\0\x06\0\0\0\0\0\0\0\x09"
#define UNBIND_RESP "\0\0\0\x10\x80\0\0\x06\0\0\0\0\0\0\0\2"
#define ENQUIRE "\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\x08"
#define HEADER(number) "\0\0\0\x21\0\0\0\x05\0\0\0\0\0\0\0" number
#define SIXTEEN "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define DELIVER HEADER("\7") SIXTEEN "\0"
/* It says that there are 9 octets of text. */
#define BROKEN HEADER("\6") SIXTEEN "\x09"

static struct out out;
static const struct cmd cmd = {.name = "t"};
static struct ctx ctx = {.cmd = &cmd, .label = "# t: ", .out = &out};
static struct link link_;
static struct target target;
static int listener = -1, heard = -1; /* what the peer read, by a pipe */
static pid_t peer = -1;

/* --- the peer: a child --- */

/* What it answers the bind with, and an unbind, and how it goes on. */
struct script {
	const char *bind, *unbind;
	size_t nbind, nunbind;
	bool shuts;  /* says no more after that */
	bool floods; /* or says enquire_link for ever */
};

static void
peer_say(int fd, const char *p, size_t n)
{
	if (n > 0 && send(fd, p, n, MSG_NOSIGNAL) != (ssize_t)n)
		_exit(1);
}

/* Writes without a pause, and reads what it is answered. */
static void
peer_flood(int fd)
{
	static char flood[256 * 16], sink[65536];

	for (size_t i = 0; i < sizeof(flood); i += 16)
		memcpy(flood + i, ENQUIRE, 16);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	for (;;) {
		struct pollfd p = {fd, POLLIN | POLLOUT, 0};
		ssize_t n;

		poll(&p, 1, -1);
		n = send(fd, flood, sizeof(flood), MSG_NOSIGNAL);
		if (n > 0) /* from where it was cut off */
			while (n % 16 != 0) {
				ssize_t more = send(
				    fd, flood + n % 16, 16 - (size_t)n % 16, 0);

				n += more > 0 ? more : 0;
				while (recv(fd, sink, sizeof(sink), 0) > 0)
					;
			}
		while (recv(fd, sink, sizeof(sink), 0) > 0)
			;
	}
}

static void
peer_run(const struct script *s, int to)
{
	static char all[1 << 16];
	size_t n = 0;
	bool bound = false, unbound = false;
	ssize_t got;
	int fd = accept(listener, NULL, NULL);

	while ((got = recv(fd, all + n, sizeof(all) - n, 0)) > 0) {
		n += (size_t)got;
		if (!bound) {
			peer_say(fd, s->bind, s->nbind);
			bound = true;
			n = 0;
			if (s->shuts)
				shutdown(fd, SHUT_WR);
			if (s->floods)
				peer_flood(fd);
		} else if (!unbound && memmem(all, n, UNBIND, 12) != NULL) {
			peer_say(fd, s->unbind, s->nunbind);
			unbound = true;
		}
	}
	_exit(write(to, all, n) == (ssize_t)n ? 0 : 1);
}

/* --- and the session with it --- */

static void
begin(const struct script *s)
{
	int fd[2];

	if (pipe(fd) != 0 || (peer = fork()) < 0)
		exit(1);
	if (peer == 0)
		peer_run(s, fd[1]);
	close(fd[1]);
	heard = fd[0];
	is_int(link_open(&link_, 2), 0, "bound");
}

/* The answers that the peer has read since the bind, "ID:STATUS ...". */
static const char *
answers(void)
{
	static char text[400];
	uint8_t wire[1 << 16];
	ssize_t n = read(heard, wire, sizeof(wire));
	uint32_t size, at;
	size_t k = 0;

	for (at = 0; (ssize_t)at + 16 <= n; at += size) {
		size = smpp_get_u32(wire + at);
		if (wire[at + 4] & 0x80)
			k += (size_t)snprintf(text + k, sizeof(text) - k,
			    "%s%x:%x", k == 0 ? "" : " ",
			    smpp_get_u32(wire + at + 4) & 0xff,
			    smpp_get_u32(wire + at + 8));
	}
	text[k] = '\0';
	waitpid(peer, NULL, 0);
	close(heard);
	return text;
}

/* What comes with the answer to the bind comes one by one, and is answered in
 * that order, whoever answers. */
static void
test_at_once(void)
{
	static const char at_once[] = BIND_RESP BROKEN ENQUIRE DELIVER UNBIND;
	const struct script s = {.bind = at_once, .nbind = sizeof(at_once) - 1};
	struct link *l = &link_;
	int64_t when;

	l->judges = true;
	begin(&s);
	is_int(l->pdu.command_id, SMPP_C_bind_transceiver_resp, "the answer");
	is_int(link_room(l, &when), 2, "there is room");
	is_int(link_next(l, SMPP_FOREVER), 0, "an event");
	is_int(l->ev.kind, SMPP_EV_REQUEST, "a request");
	is_int(l->pdu.sequence_number, 6, "the first");
	ok(l->issues.count[SMPP_ERROR] > 0, "which is ours to judge");
	ok(link_more(l), "and more");
	is_int(link_room(l, &when), 0, "no room: the peer has gone");
	link_reply(l, &l->pdu, ESME_RX_R_APPN);
	is_int(link_next(l, 0), 0, "that is not waited for");
	is_int(l->pdu.sequence_number, 7, "the second");
	link_reply(l, &l->pdu, ESME_ROK);
	is_int(link_next(l, 0), 0, "the last");
	is_int(l->ev.kind, SMPP_EV_UNBIND, "which is unbind");
	smpp_err_set(&l->err, SMPP_ECLOSED, "unbind");
	is_int(link_close(l), 0, "closed");
	is_str(answers(), "5:66 15:0 5:0 6:0", "in order");
	l->judges = false;
}

/* A peer that has said all it had to say still hears the answer. */
static void
test_half(void)
{
	static const char last[] = BIND_RESP DELIVER;
	const struct script s = {
	    .bind = last, .nbind = sizeof(last) - 1, .shuts = true};
	struct link *l = &link_;

	begin(&s);
	is_int(link_next(l, SMPP_FOREVER), 0, "a message");
	link_reply(l, &l->pdu, ESME_ROK);
	is_int(link_next(l, SMPP_FOREVER), SMPP_ECLOSED, "and the end");
	is_int(link_next(l, SMPP_FOREVER), SMPP_ECLOSED, "which stays one");
	link_reply(l, &l->pdu, ESME_ROK); /* to nobody */
	is_int(link_close(l), 0, "closed");
	ok(l->unbind_ns == 0, "without an unbind");
	is_str(answers(), "5:0", "answered before");
}

/* What comes with the answer to our unbind is for somebody else. */
static void
test_leaving(void)
{
	static const char bound[] = BIND_RESP, late[] = DELIVER UNBIND_RESP;
	const struct script s = {
	    bound, late, sizeof(bound) - 1, sizeof(late) - 1, false, false};

	begin(&s);
	is_int(link_close(&link_), 0, "closed");
	ok(link_.unbind_ns > 0, "after the answer");
	is_str(answers(), "5:64", "and what came before it is put off");
}

/* A peer that never pauses cannot hold a deadline up. */
static void
test_flood(void)
{
	static const char bound[] = BIND_RESP;
	const struct script s = {
	    .bind = bound, .nbind = sizeof(bound) - 1, .floods = true};
	struct link *l = &link_;
	const int64_t began = smpp_clock_ms();

	begin(&s);
	is_int(link_next(l, smpp_clock_ms() + 100), SMPP_ETIMEOUT, "in time");
	ok(smpp_clock_ms() - began < 5000, "not much later");
	smpp_err_clear(&l->err);
	link_close(l);
	ok(smpp_clock_ms() - began < 10000, "nor is the end");
	kill(peer, SIGKILL);
	waitpid(peer, NULL, 0);
	close(heard);
}

static void
on_pipe(struct smpp_watch *w, bool in, bool readable)
{
	(void)in, (void)readable;
	link_wake(w->arg);
}

/* Waits end for what the caller watches, with a connection or without. */
static void
test_wake(void)
{
	struct link *l = &link_;
	struct smpp_watch w = {.fn = on_pipe, .arg = l};
	int64_t began = smpp_clock_ms();
	int fd[2];

	if (pipe(fd) != 0)
		exit(1);
	is_int(link_wait(l, began + 20), 0, "a wait");
	ok(smpp_clock_ms() >= began + 20, "to its end");
	w.fd = fd[0];
	is_int(smpp_watch_add(&l->e, &w, true, false), 0, "a pipe");
	ok(write(fd[1], "", 1) == 1, "is filled");
	is_int(link_wait(l, began + 60000), 0, "which ends a wait");
	is_int(link_next(l, SMPP_FOREVER), SMPP_EINTERRUPTED, "of each kind");
	smpp_err_clear(&l->err);
	smpp_watch_del(&l->e, &w);
	raise(SIGUSR1);
	is_int(link_wait(l, began + 60000), 0, "a signal does, too");
	link_signals(l, false);
	is_int(link_next(l, 0), SMPP_ETIMEOUT, "unless it is not wanted");
	smpp_err_clear(&l->err);
	ok(sig_usr1(), "it came");
	ok(smpp_clock_ms() < began + 30000, "none of them lasted");
	close(fd[0]);
	close(fd[1]);
}

int
main(void)
{
	char name[SMPP_PEER_MAX];
	struct link *l = &link_;
	struct smpp_err err;

	clearenv();
	sig_catch();
	out_init(&out);
	out.args.quiet = true;
	smpp_err_clear(&err);
	listener = smpp_listen("127.0.0.1", "0", name, &err);
	fcntl(listener, F_SETFL, 0);
	target_init(&target);
	target.host = "127.0.0.1";
	target.system_id = "p";
	is_int(opt_uint(strchr(name, ':') + 1, &target.port), 0, "a port");
	is_int(target_resolve(&ctx, &target, BIND_TRX), 0, "a target");
	is_int(link_init(l, &ctx, &target), 0, "a link");
	test_at_once();
	test_half();
	test_leaving();
	test_flood();
	test_wake();
	link_fini(l);
	cmd_free(&ctx);
	return tap_done();
}
