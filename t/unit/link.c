/* cmd/link: two binds of SMPP 3.3 as one session, with an SMSC of our own. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/target/link.h"
#include "tap.h"

static struct out out;
static const struct cmd cmd = {.name = "t"};
static struct ctx ctx = {.cmd = &cmd, .label = "# t: ", .out = &out};
static struct link link_;
static struct target target;

/* --- the SMSC: a child, which exits with 0 when all was as it should be --- */

static struct smpp_engine e;
static struct smpp_link tx, rx;
static unsigned gone;
static bool answered;

static void
must(bool good)
{
	if (!good)
		_exit(1);
}

/* A bind is answered, and on the receiver a message follows at once. */
static void
smsc_bind(struct smpp_link *l, const struct smpp_pdu *pdu)
{
	struct smpp_pdu deliver;

	must(pdu->command_id ==
	     (l == &tx ? SMPP_C_bind_transmitter : SMPP_C_bind_receiver));
	must(smpp_conn_reply(&l->conn, pdu, ESME_ROK) == 0);
	smpp_pdu_init(&deliver, SMPP_C_deliver_sm, 0, SMPP_V33);
	if (l == &rx)
		must(smpp_conn_send(&l->conn, &deliver, 0) == 0);
}

static void
smsc_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	(void)issues;
	if (ev->kind == SMPP_EV_RESPONSE) {
		must(l == &rx && pdu->command_status == ESME_ROK);
		answered = true;
	} else if (ev->kind == SMPP_EV_REQUEST &&
		   !smpp_session_bound(&l->conn.s)) {
		smsc_bind(l, pdu);
	} else if (ev->kind == SMPP_EV_REQUEST) {
		must(l == &tx);
		must(smpp_conn_reply(&l->conn, pdu, ESME_ROK) == 0);
	}
}

static void
smsc_down(struct smpp_link *l, const struct smpp_err *why)
{
	(void)why;
	must(l->conn.s.state == SMPP_ST_UNB);
	gone++;
}

static const struct smpp_link_ops smsc_ops = {
    .event = smsc_event, .down = smsc_down};

static void
smsc_came(struct smpp_listener *listener, int fd, const char *peer)
{
	static const struct smpp_session_conf conf = {
	    .role = SMPP_MC, .ver = SMPP_V33, .window = 10};
	struct smpp_link *l = tx.e == NULL ? &tx : &rx;

	(void)peer;
	smpp_link_init(l, listener->e, &smsc_ops, NULL);
	must(smpp_conn_init(&l->conn, fd, &conf) == 0);
	must(smpp_link_adopt(l) == 0);
}

/* Listens, tells its port by fd, and serves two connections. */
static void
smsc(int fd)
{
	struct smpp_listener listener = {.accept = smsc_came};

	must(smpp_engine_init(&e) == 0);
	must(smpp_listener_open(&e, &listener, "127.0.0.1", "0", NULL) == 0);
	must(write(fd, listener.name, sizeof(listener.name)) > 0);
	while (gone < 2)
		must(smpp_engine_turn(&e, SMPP_FOREVER) == 0);
	must(answered);
	_exit(0);
}

/* --- and the session with it --- */

static void
test_pair(void)
{
	struct link *l = &link_;
	struct smpp_pdu submit;

	is_int(link_init(l, &ctx, &target), 0, "an engine");
	is_int(link_open(l, 2), 0, "connects and binds");
	ok(l->pair, "twice");
	is_int(l->conn->s.state, SMPP_ST_TX, "to send");
	is_int(l->rx->s.state, SMPP_ST_RX, "and to receive");
	is_int(link_next(l, SMPP_FOREVER), 0, "an event");
	is_int(l->pdu.command_id, SMPP_C_deliver_sm, "a message");
	ok(l->from == l->rx, "on the receiver");
	link_reply(l, &l->pdu, ESME_ROK);
	smpp_pdu_init(&submit, SMPP_C_submit_sm, 0, SMPP_V33);
	is_int(smpp_conn_send(l->conn, &submit, 7), 0, "a request");
	is_int(link_next(l, SMPP_FOREVER), 0, "its answer");
	is_int(l->ev.kind, SMPP_EV_RESPONSE, "a response");
	is_int((int)l->ev.request.tag, 7, "to that");
	ok(l->from == l->conn, "on the transmitter");
	is_int(link_close(l), 0, "and the end");
	ok(l->unbind_ns > 0, "of both");
}

static void
test_lost(void)
{
	int64_t soon = smpp_clock_ms() + 5000;
	struct link *l = &link_;

	is_int(link_open(l, 2), SMPP_EXIT_CONNECT, "gone");
	ok(smpp_clock_ms() < soon, "at once");
	link_fini(l);
}

int
main(void)
{
	char name[SMPP_PEER_MAX] = "";
	int fd[2], status = -1;
	pid_t pid;

	clearenv();
	if (pipe(fd) != 0)
		return 1;
	pid = fork();
	if (pid == 0)
		smsc(fd[1]);
	ok(read(fd[0], name, sizeof(name)) == sizeof(name), "an SMSC");
	out_init(&out);
	out.args.quiet = true;
	target_init(&target);
	target.host = "127.0.0.1";
	target.system_id = "pair";
	target.pairs = true;
	is_int(opt_uint(strchr(name, ':') + 1, &target.port), 0, "a port");
	target.version = 0;
	is_int(target_resolve(&ctx, &target, BIND_TRX), 0, "3.3, to do both");
	test_pair();
	ok(waitpid(pid, &status, 0) == pid && status == 0, "the SMSC agrees");
	test_lost();
	cmd_free(&ctx);
	return tap_done();
}
