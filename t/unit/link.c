/* cmd/link: two binds of SMPP 3.3 as one session, with an SMSC of our own. */
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "cmd/target/link.h"
#include "net/listen.h"
#include "tap.h"

static struct out out;
static const struct cmd cmd = {.name = "t"};
static struct ctx ctx = {.cmd = &cmd, .label = "# t: ", .out = &out};
static struct link link_;
static struct target target;

/* --- the SMSC: a child, which exits with 0 when all was as it should be --- */

static struct smpp_pdu pdu;
static struct smpp_issues issues;
static struct smpp_event ev;
static struct smpp_err err;

static void
must(bool good)
{
	if (!good)
		_exit(1);
}

static void
take_conn(struct smpp_conn *conn, int listener)
{
	const struct smpp_session_conf conf = {
	    .role = SMPP_MC, .ver = SMPP_V33, .window = 10};
	char peer[SMPP_PEER_MAX];

	must(smpp_io_wait(listener, POLLIN, -1, SMPP_FOREVER) > 0);
	must(smpp_conn_init(conn, smpp_accept(listener, peer, &err), &conf) ==
	     0);
}

/* Accepts a connection and its bind. */
static void
take_bind(struct smpp_conn *conn, int listener, uint32_t id)
{
	take_conn(conn, listener);
	must(smpp_recv(conn, &pdu, &issues, &ev, SMPP_FOREVER, &err) == 1);
	must(ev.kind == SMPP_EV_REQUEST && pdu.command_id == id);
	must(smpp_conn_reply(conn, &pdu, ESME_ROK) == 0);
	must(smpp_flush(conn, SMPP_FOREVER, &err) == 0);
}

/* Takes what comes on both until they are unbound. */
static void
serve(struct smpp_conn *const both[2])
{
	bool answered = false;
	unsigned unbound = 0, which;

	while (unbound < 2) {
		must(smpp_recv_any(both, 2, &which, &pdu, &issues, &ev,
			 SMPP_FOREVER, &err) == 1);
		if (ev.kind == SMPP_EV_UNBIND) {
			unbound++;
		} else if (ev.kind == SMPP_EV_RESPONSE) {
			must(which == 1 && pdu.command_status == ESME_ROK);
			answered = true;
		} else if (ev.kind == SMPP_EV_REQUEST) {
			must(which == 0);
			must(smpp_conn_reply(both[0], &pdu, ESME_ROK) == 0);
		}
	}
	must(answered);
}

static void
smsc(int listener)
{
	struct smpp_conn tx, rx;
	struct smpp_conn *const both[] = {&tx, &rx};

	take_bind(&tx, listener, SMPP_C_bind_transmitter);
	take_bind(&rx, listener, SMPP_C_bind_receiver);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V33);
	must(smpp_conn_send(&rx, &pdu, 0) == 0);
	serve(both);
	smpp_flush(&tx, SMPP_FOREVER, NULL);
	smpp_flush(&rx, SMPP_FOREVER, NULL);
	_exit(0);
}

/* --- and the session with it --- */

static void
test_pair(void)
{
	struct link *l = &link_;
	struct smpp_pdu submit;

	is_int(link_open(l, &ctx, &target, 2), 0, "connects and binds");
	ok(l->pair, "twice");
	is_int(l->conn.s.state, SMPP_ST_TX, "to send");
	is_int(l->rx.s.state, SMPP_ST_RX, "and to receive");
	is_int(link_next(l, SMPP_FOREVER), 0, "an event");
	is_int(l->pdu.command_id, SMPP_C_deliver_sm, "a message");
	ok(l->from == &l->rx, "on the receiver");
	link_reply(l, &l->pdu, ESME_ROK);
	smpp_pdu_init(&submit, SMPP_C_submit_sm, 0, SMPP_V33);
	is_int(smpp_conn_send(&l->conn, &submit, 7), 0, "a request");
	is_int(link_next(l, SMPP_FOREVER), 0, "its answer");
	is_int(l->ev.kind, SMPP_EV_RESPONSE, "a response");
	is_int((int)l->ev.request.tag, 7, "to that");
	ok(l->from == &l->conn, "on the transmitter");
	is_int(link_close(l), 0, "and the end");
	ok(l->unbind_ns > 0, "of both");
}

static void
test_lost(void)
{
	int64_t soon = smpp_clock_ms() + 5000;
	struct link *l = &link_;

	is_int(link_open(l, &ctx, &target, 2), SMPP_EXIT_CONNECT, "gone");
	ok(smpp_clock_ms() < soon, "at once");
}

int
main(void)
{
	char name[SMPP_PEER_MAX];
	int listener, status = -1;
	pid_t pid;

	clearenv();
	out_init(&out);
	out.args.quiet = true;
	smpp_err_clear(&err);
	listener = smpp_listen("127.0.0.1", "0", name, &err);
	target_init(&target);
	target.host = "127.0.0.1";
	target.system_id = "pair";
	target.pairs = true;
	is_int(opt_uint(strchr(name, ':') + 1, &target.port), 0, "a port");
	target.version = 0;
	is_int(target_resolve(&ctx, &target, BIND_TRX), 0, "3.3, to do both");
	pid = fork();
	if (pid == 0)
		smsc(listener);
	close(listener);
	test_pair();
	ok(waitpid(pid, &status, 0) == pid && status == 0, "the SMSC agrees");
	test_lost();
	cmd_free(&ctx);
	return tap_done();
}
