/* smpp smsc: an SMSC for tests, which takes everything and forwards nothing. */
#include "smsc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../addr.h"
#include "../sig.h"
#include "base/clock.h"
#include "net/listen.h"

enum {
	NO_FD = 0, /* stdin: never what a port number is written to */
	STOP_MS = 2000,
	TIMERS_A_TURN = 1000, /* then it is the connections' turn again */
};

#define AT(member) offsetof(struct smsc_args, member)

static const struct opt smsc_opts[] = {
    {'L', "listen", OPT_STR, AT(listen), "ADDR",
	"listen on HOST:PORT, port 0 for any free one (127.0.0.1:2775)"},
    {0, "ready-fd", OPT_UINT, AT(ready_fd), "N",
	"when listening, write the port to descriptor N and close it", 1,
	65535},
    {0, "receipt", OPT_STR, AT(receipt), "STAT[:TIME]",
	"send receipts that say STAT, TIME after the message; none for none "
	"(DELIVRD:1s)"},
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const smsc_examples[] = {
    "smpp smsc -L 127.0.0.1:2775",
    "smpp smsc --receipt UNDELIV:5s -j",
    "smpp smsc -L 127.0.0.1:0 --ready-fd 3 3>port",
    NULL,
};

/* Says which port it is, once, and closes the descriptor. */
static int
say_ready(struct smsc *mc)
{
	const char *port = strrchr(mc->name, ':') + 1;
	char text[16];
	int fd = (int)mc->a.ready_fd, n, rc;

	if (fd == NO_FD)
		return 0;
	n = snprintf(text, sizeof(text), "%s\n", port);
	rc = write(fd, text, (size_t)n) == n ? 0 : errno;
	if (fd > STDERR_FILENO)
		close(fd);
	if (rc == 0)
		return 0;
	return out_error(mc->c, SMPP_EXIT_LOCAL, "ready-fd",
	    "descriptor %d: %s", fd, strerror(rc));
}

static int
start(struct smsc *mc)
{
	struct ctx *c = mc->c;
	const char *host, *port;
	struct smpp_err err;
	int rc;

	rc = addr_split(c, mc->a.listen, &host, &port);
	if (rc != 0)
		return rc;
	smpp_err_clear(&err);
	mc->listen_fd = smpp_listen(host, port, mc->name, &err);
	if (mc->listen_fd < 0)
		return out_error(c,
		    err.code == SMPP_ENOMEM ? SMPP_EXIT_BUG : SMPP_EXIT_LOCAL,
		    "listen", "%s", err.msg);
	if (smpp_loop_init(&mc->loop) != 0 ||
	    smpp_loop_add(&mc->loop, mc->listen_fd, true, false, mc) != 0 ||
	    smpp_loop_add(&mc->loop, sig_fd(), true, false, NULL) != 0)
		return out_error(
		    c, SMPP_EXIT_LOCAL, "listen", "epoll: %s", strerror(errno));
	mc->accepting = true;
	out_say(c, 0, "== listening on %s, accepting any system_id", mc->name);
	return say_ready(mc);
}

/* Takes on everybody who waits; without descriptors, nobody for a while. */
static void
accept_all(struct smsc *mc)
{
	char peer[SMPP_PEER_MAX];
	struct smpp_err err;
	int fd;

	smpp_err_clear(&err);
	while ((fd = smpp_accept(mc->listen_fd, peer, &err)) >= 0)
		peer_open(mc, fd, peer);
	if (fd == SMPP_EEMPTY)
		return;
	out_warn(mc->c, "%s; waiting until a session ends", err.msg);
	mc->accepting = false;
	smpp_loop_mod(&mc->loop, mc->listen_fd, false, false, mc);
}

static void
handle_ready(struct smsc *mc)
{
	struct smpp_ready *r;

	for (int i = 0; i < mc->loop.n; i++) {
		r = &mc->loop.ready[i];
		if (r->arg == mc)
			accept_all(mc);
		else if (r->arg != NULL && r->readable)
			peer_read(r->arg);
		else if (r->arg != NULL)
			peer_touch(r->arg);
	}
}

/* Says how it went so far. */
static void
report(struct smsc *mc)
{
	rules_print(mc);
	print_stats(mc);
}

/* One round: everything that is ready, then everything that is to be said. */
static void
turn(struct smsc *mc, int64_t deadline)
{
	int64_t due = timers_due(&mc->timers);

	smpp_loop_wait(&mc->loop, due < deadline ? due : deadline);
	handle_ready(mc);
	timers_run(&mc->timers, smpp_clock_ms(), TIMERS_A_TURN);
	if (out_flush(mc->c->out) != 0)
		mc->output_lost = true;
	if (!mc->output_lost)
		peers_flush(mc);
	if (sig_usr1())
		report(mc);
}

/* Unbinds everybody and waits a little for their answers. */
static void
stop(struct smsc *mc)
{
	int64_t until = smpp_clock_ms() + STOP_MS;
	struct peer *p;

	mc->stopping = true;
	smpp_loop_del(&mc->loop, mc->listen_fd);
	close(mc->listen_fd);
	mc->listen_fd = -1;
	sig_seen();
	for (p = mc->peers; p != NULL; p = p->next)
		peer_stop(p);
	peers_flush(mc);
	while (mc->peers != NULL && sig_stop() < 2 && !mc->output_lost &&
	       smpp_clock_ms() < until)
		turn(mc, until);
}

static void
finish(struct smsc *mc)
{
	struct receipt *r;
	struct account *a;

	while (mc->peers != NULL)
		peer_free(mc->peers);
	while ((a = mc->accounts) != NULL) {
		mc->accounts = a->next;
		while ((r = a->first) != NULL) {
			a->first = r->next;
			free(r);
		}
		free(a);
	}
	if (mc->listen_fd >= 0)
		close(mc->listen_fd);
	smpp_loop_fini(&mc->loop);
	rules_free(mc);
	timers_free(&mc->timers);
}

static int
smsc_run(struct ctx *c, int argc, char **argv)
{
	struct smsc mc = {
	    .c = c,
	    .a = {.listen = "127.0.0.1:2775", .receipt = "DELIVRD"},
	    .loop.fd = -1,
	    .listen_fd = -1,
	};
	int rc = opt_parse(c, argc, argv, &mc.a);

	if (rc >= 0)
		return rc;
	rc = receipt_option(&mc, mc.a.receipt);
	if (rc == 0)
		rc = rules_open(&mc);
	if (rc == 0) {
		sig_catch();
		rc = start(&mc);
	}
	if (rc == 0) {
		while (sig_stop() == 0 && !mc.output_lost)
			turn(&mc, SMPP_FOREVER);
		if (!mc.output_lost)
			stop(&mc);
		report(&mc);
	}
	finish(&mc);
	return rc;
}

const struct cmd cmd_smsc = {
    .name = "smsc",
    .brief = "simulate an SMSC, for tests",
    .args = "[OPTION]...",
    .examples = smsc_examples,
    .opts = smsc_opts,
    .run = smsc_run,
};
