/* lib/net/conn: a socket pair, the other end of which is this test. */
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/conn.h"
#include "tap.h"

static struct smpp_conn c;
static struct smpp_pdu pdu;
static struct smpp_issues issues;
static struct smpp_event ev;
static struct smpp_err err;
static int far = -1, traced;

static const char enquire[] = "\0\0\0\x10\0\0\0\x15\0\0\0\0\0\0\0\x07";
static const char answered[] = "\0\0\0\x10\x80\0\0\x15\0\0\0\0\0\0\0\x07";

static const char pdu_wire[] = "\0\0\0\x10\0\0\0\5\0\0\0\0\0\0\0\0";

static void
trace(void *arg, enum smpp_dir dir, struct smpp_view wire)
{
	(void)arg;
	traced += dir == SMPP_IN ? (int)wire.n : 1000;
}

static void
begin(void)
{
	struct smpp_session_conf conf = {
	    .role = SMPP_MC, .ver = SMPP_V50, .window = 10};
	int fd[2];

	smpp_conn_close(&c);
	if (far >= 0)
		close(far);
	smpp_err_clear(&err);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) != 0 ||
	    smpp_conn_init(&c, fd[0], &conf) != 0)
		_exit(1);
	far = fd[1];
	traced = 0;
	c.trace = trace;
}

static void
say(const void *p, size_t n)
{
	if (write(far, p, n) != (ssize_t)n)
		_exit(1);
}

static size_t
heard(char *p, size_t cap)
{
	ssize_t n = read(far, p, cap);

	return n > 0 ? (size_t)n : 0;
}

/* The next event within ms, for which what waits is written; its kind, or the
 * error. */
static int
recv_within(int ms)
{
	struct pollfd p = {c.fd, POLLIN, 0};
	int64_t n = 0;
	int rc;

	while ((rc = smpp_conn_step(&c, &pdu, &issues, &ev, &err)) == 0 &&
	       n >= 0) {
		smpp_conn_drain(&c, NULL);
		if (poll(&p, 1, ms) == 0)
			return SMPP_ETIMEOUT;
		n = smpp_conn_fill(&c, &err);
	}
	return rc == 1 ? (int)ev.kind : rc < 0 ? rc : (int)n;
}

static void
test_many(void)
{
	char all[100 * 16], back[100 * 16 + 1];

	begin();
	for (int i = 0; i < 100; i++)
		memcpy(all + i * 16, enquire, 16);
	say(all, sizeof(all));
	for (int i = 0; i < 100; i++)
		if (recv_within(1000) != SMPP_EV_ANSWERED)
			break;
	is_int(heard(back, sizeof(back)), 0, "answers are gathered");
	is_int(recv_within(0), SMPP_ETIMEOUT, "nothing more");
	is_int(heard(back, sizeof(back)), 1600, "and written together");
	is_mem(back + 1584, 16, answered, 16, "all of them");
	is_int(traced, 100 * 16 + 100 * 1000, "each was traced");
}

static void
test_pieces(void)
{
	struct smpp_view left;

	begin();
	say(enquire, 15);
	is_int(recv_within(10), SMPP_ETIMEOUT, "15 octets are no PDU");
	left = smpp_conn_leftover(&c);
	is_int(left.n, 15, "they are kept");
	smpp_err_clear(&err);
	say(enquire + 15, 1);
	is_int(recv_within(1000), SMPP_EV_ANSWERED, "the 16th");
	say(enquire, 16);
	say(enquire, 9);
	close(far);
	far = -1;
	is_int(recv_within(1000), SMPP_EV_ANSWERED, "what came is read");
	is_int(recv_within(1000), SMPP_ECLOSED, "then the end is seen");
	is_int(smpp_conn_leftover(&c).n, 9, "and what was cut short");
}

static void
test_large(void)
{
	static uint8_t big[SMPP_PDU_MAX];
	char back[64];

	begin();
	memcpy(big, "\0\2\0\0\0\0\0\x77", 8);
	if (fcntl(far, F_SETFL, 0) != 0 || fork() == 0) {
		say(big, sizeof(big));
		_exit(0);
	}
	is_int(recv_within(5000), SMPP_EV_REFUSED, "the largest PDU");
	is_int(pdu.command_length, SMPP_PDU_MAX, "whole");
	say("\0\2\0\1\0\0\0\x15", 8);
	is_int(recv_within(1000), SMPP_EPROTOCOL, "one octet more");
	is_int(smpp_conn_drain(&c, NULL), 0, "all is written");
	is_int(heard(back, sizeof(back)), 32, "both were refused");
	is_mem(back + 16, 12, "\0\0\0\x10\x80\0\0\0\0\0\0\x02", 12,
	    "with generic_nack, ESME_RINVCMDLEN");
}

/* Requests encoded before get the numbers of the session. */
static void
test_request(void)
{
	char back[64];

	begin();
	is_int(smpp_conn_request(&c, smpp_view_of(enquire, 15), 1),
	    SMPP_ENOSPACE, "15 octets are no request");
	is_int(smpp_conn_request(&c, smpp_view_of(enquire, 16), 1), 0,
	    "a request");
	is_int(
	    smpp_conn_request(&c, smpp_view_of(enquire, 16), 2), 0, "another");
	is_int(smpp_conn_drain(&c, &err), 0, "written");
	is_int(heard(back, sizeof(back)), 32, "both");
	is_mem(back, 12, enquire, 12, "as they were");
	is_mem(back + 12, 4, "\0\0\0\1", 4, "but for the number");
	is_mem(back + 28, 4, "\0\0\0\2", 4, "of each");
	is_int(traced, 2000, "both were traced");
	say("\0\0\0\x10\x80\0\0\x15\0\0\0\0\0\0\0\2", 16);
	is_int(recv_within(1000), SMPP_EV_RESPONSE, "one is answered");
	is_int((int)ev.request.tag, 2, "the second");
}

static int
send_new(uint32_t id)
{
	smpp_pdu_init(&pdu, id, 0, SMPP_V50);
	return smpp_conn_send(&c, &pdu, 1);
}

/* What state and window do not allow is not sent, unless on purpose. */
static void
test_law(void)
{
	char back[64 * 16];
	int n = 0;

	begin();
	c.s.conf.window = 1;
	is_int(send_new(SMPP_C_deliver_sm), SMPP_ESTATE, "before the bind");
	is_int(traced, 0, "nothing is queued");
	is_int((int)c.s.open, 0, "nor awaited");
	is_int(smpp_conn_request(&c, smpp_view_of(pdu_wire, 16), 1),
	    SMPP_ESTATE, "nor when it was encoded before");
	c.s.state = SMPP_ST_RX;
	is_int(send_new(SMPP_C_deliver_sm), 0, "a receiver gets it");
	is_int(send_new(SMPP_C_deliver_sm), SMPP_ENOSPACE, "one at a time");
	is_int(smpp_conn_request(&c, smpp_view_of(pdu_wire, 16), 1),
	    SMPP_ENOSPACE, "in either way");
	is_int(send_new(SMPP_C_enquire_link), 0, "that has room");
	is_int(send_new(SMPP_C_unbind), 0, "and that");
	smpp_conn_drain(&c, &err);
	heard(back, sizeof(back));

	c.lawless = true;
	c.s.state = SMPP_ST_OPEN;
	while (send_new(SMPP_C_deliver_sm) == 0)
		n++;
	ok(n > 4 && n < 100, "without law, as far as numbers last");
}

/* A PDU that passes is noted as it is. */
static void
test_pass(void)
{
	char back[64];

	begin();
	c.s.conf.observes = true;
	is_int(smpp_conn_pass(&c, smpp_view_of(enquire, 15), 1),
	    SMPP_ESHORT_HEADER, "no PDU");
	is_int(smpp_conn_pass(&c, smpp_view_of(enquire, 16), 7), 0, "one");
	smpp_conn_drain(&c, &err);
	is_int(heard(back, sizeof(back)), 16, "is sent");
	is_mem(back, 16, enquire, 16, "as it is");
	say(answered, 16);
	is_int(recv_within(1000), SMPP_EV_RESPONSE, "its answer");
	is_int((int)ev.request.tag, 7, "is known");
	say(enquire, 16);
	is_int(recv_within(1000), SMPP_EV_REQUEST, "a request");
	is_int(heard(back, sizeof(back)), 0, "is not answered");
	say("GET / HTTP/1.1\r\n\r\n", 18);
	is_int(recv_within(1000), SMPP_EPROTOCOL, "what is no SMPP");
	smpp_conn_drain(&c, &err);
	is_int(heard(back, sizeof(back)), 0, "is not, either");
}

/* Connections with something to be written are in a ring. */
static void
test_ring(void)
{
	struct smpp_ring head = {&head, &head};

	begin();
	c.touched = &head;
	smpp_conn_put(&c, smpp_view_of(enquire, 16));
	ok(head.next == &c.touch && head.prev == &c.touch, "joins it");
	smpp_conn_put(&c, smpp_view_of(enquire, 16));
	ok(head.next == &c.touch && c.touch.next == &head, "once");
}

int
main(void)
{
	test_request();
	test_law();
	test_pass();
	test_ring();
	test_many();
	test_pieces();
	test_large();
	smpp_conn_close(&c);
	smpp_conn_close(&c);
	return tap_done();
}
