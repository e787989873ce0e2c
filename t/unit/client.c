/* The client whose calls wait, against a scripted peer on loopback. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/client.h"
#include "tap.h"

static int listener;
static char port[8];
static pthread_t thread;

/* Of the peer's last PDU; wrong counts what it did not expect. */
static uint8_t heard[70000];
static int wrong;

/* What the last bind was refused with. */
static uint32_t client_refused;

static bool
peer_read(int fd, uint8_t *p, size_t n)
{
	ssize_t got;

	for (; n > 0; p += got, n -= (size_t)got)
		if ((got = read(fd, p, n)) <= 0)
			return false;
	return true;
}

/* Reads a PDU, which has to be this one; command_status counts, too. */
static void
peer_expect(int fd, uint32_t id, uint32_t status)
{
	uint32_t n;

	if (!peer_read(fd, heard, 16) || (n = smpp_get_u32(heard)) < 16 ||
	    n > sizeof(heard) || !peer_read(fd, heard + 16, n - 16) ||
	    smpp_wire_id(heard) != id || smpp_get_u32(heard + 8) != status)
		wrong++;
}

static void
peer_send(int fd, uint32_t id, uint32_t status, uint32_t number,
    struct smpp_view body)
{
	uint8_t head[16];

	smpp_put_u32(head, 16 + body.n);
	smpp_put_u32(head + 4, id);
	smpp_put_u32(head + 8, status);
	smpp_put_u32(head + 12, number);
	if (write(fd, head, 16) != 16 ||
	    write(fd, body.p, body.n) != (ssize_t)body.n)
		wrong++;
}

/* Answers the last PDU. */
static void
peer_answer(int fd, uint32_t status, const char *id, size_t n)
{
	peer_send(fd, smpp_wire_id(heard) | 0x80000000, status,
	    smpp_wire_number(heard), smpp_view_of(id, n));
}

static void
peer_deliver(int fd, uint32_t number)
{
	static const uint8_t body[17] = {0};

	peer_send(fd, SMPP_C_deliver_sm, 0, number, smpp_view_of(body, 17));
}

static void
peer_bind(int fd)
{
	peer_expect(fd, SMPP_C_bind_transceiver, 0);
	peer_answer(fd, 0, "mc", 3);
}

static void
peer_unbind(int fd)
{
	peer_expect(fd, SMPP_C_unbind, 0);
	peer_answer(fd, 0, NULL, 0);
}

/* Accepts one connection and runs what arg points to on it. */
static void *
peer_run(void *arg)
{
	void (*const *script)(int fd) = arg;
	int fd = accept(listener, NULL, NULL);

	(*script)(fd);
	close(fd);
	return NULL;
}

/* Connects and binds to a peer that runs a script. */
static struct smpp_client *
client_of(void (*const *script)(int fd), struct smpp_err *err)
{
	struct smpp_client_conf conf = {.host = "127.0.0.1",
	    .port = port,
	    .system_id = "esme",
	    .timeout_ms = 500,
	    .refused = &client_refused};

	wrong = 0;
	smpp_err_clear(err);
	pthread_create(&thread, NULL, peer_run, (void *)(uintptr_t)script);
	return smpp_client_open(&conf, err);
}

static void
peer_done(const char *name)
{
	pthread_join(thread, NULL);
	is_int(wrong, 0, "%s: all as the peer expects", name);
}

static int
client_submit(struct smpp_client *c, struct smpp_pdu *pdu, struct smpp_err *e)
{
	smpp_pdu_init(pdu, SMPP_C_submit_sm, 0, SMPP_V34);
	smpp_pdu_set_view(pdu, SMPP_F_short_message, smpp_view_str("Hi"));
	return smpp_client_ask(c, pdu, e);
}

/* Requests come before the answer; a PDU that is one way is not answered. */
static void
script_usual(int fd)
{
	peer_bind(fd);
	peer_expect(fd, SMPP_C_submit_sm, 0);
	peer_deliver(fd, 70);
	peer_deliver(fd, 71);
	peer_send(fd, SMPP_C_alert_notification, 0, 72,
	    smpp_view_of("\0\0\0\0\0\0", 6));
	peer_answer(fd, 0, "4711", 5);
	peer_expect(fd, SMPP_C_deliver_sm_resp, ESME_ROK);
	wrong += smpp_wire_number(heard) != 70;
	peer_expect(fd, SMPP_C_deliver_sm_resp, ESME_RX_T_APPN);
	wrong += smpp_wire_number(heard) != 71;
	peer_unbind(fd);
}

static void
test_client_usual(void)
{
	static void (*const script)(int) = script_usual;
	struct smpp_err err;
	struct smpp_client *c = client_of(&script, &err);
	struct smpp_pdu pdu;

	ok(c != NULL, "bound");
	is_int(client_submit(c, &pdu, &err), 0, "sent");
	ok(pdu.command_id == SMPP_C_submit_sm_resp &&
		smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_message_id), "4711"),
	    "its answer");
	is_int(smpp_client_reply(c, 0), SMPP_ESTATE, "nothing to reply to");
	is_int(smpp_client_wait(c, &pdu, 0, &err), 0, "a request came before");
	is_int(pdu.sequence_number, 70, "the first one");
	is_int(smpp_client_wait(c, &pdu, 0, &err), 0, "and another");
	is_int(pdu.sequence_number, 71, "the second one");
	is_int(smpp_client_reply(c, ESME_RX_T_APPN), 0, "replied");
	is_int(smpp_client_reply(c, 0), SMPP_ESTATE, "not twice");
	is_int(smpp_client_wait(c, &pdu, 0, &err), 0, "one that is one way");
	is_int(pdu.command_id, SMPP_C_alert_notification, "an alert");
	is_int(smpp_client_reply(c, 0), SMPP_ESTATE, "not replied to");
	is_int(smpp_client_wait(c, &pdu, 0, &err), SMPP_ETIMEOUT, "no more");
	is_int(smpp_client_close(c, &err), 0, "unbound");
	peer_done("usual");
	is_int(smpp_client_close(NULL, NULL), 0, "nothing to close");
}

static void
script_refuse(int fd)
{
	peer_expect(fd, SMPP_C_bind_transceiver, 0);
	peer_answer(fd, ESME_RINVPASWD, NULL, 0);
}

static void
script_mute(int fd)
{
	peer_expect(fd, SMPP_C_bind_transceiver, 0);
	wrong += peer_read(fd, heard, 1);
}

static void
test_client_unbound(void)
{
	static void (*const refuse)(int) = script_refuse;
	static void (*const mute)(int) = script_mute;
	struct smpp_client_conf conf = {.host = "127.0.0.1", .port = "1"};
	struct smpp_err err;

	ok(client_of(&refuse, &err) == NULL, "refused");
	is_int(err.code, SMPP_EREFUSED, "its code");
	ok(strstr(err.msg, "ESME_RINVPASWD") != NULL, "in words: %s", err.msg);
	is_int(client_refused, ESME_RINVPASWD, "and as a number");
	peer_done("refused");
	ok(client_of(&mute, &err) == NULL, "no answer to the bind");
	is_int(err.code, SMPP_ETIMEOUT, "its code");
	is_int(client_refused, ESME_ROK, "which is no refusal");
	peer_done("mute");
	smpp_err_clear(&err);
	ok(smpp_client_open(&conf, &err) == NULL, "nobody listens");
	is_int(err.code, SMPP_ECONNECT, "its code");
	ok(smpp_client_open(&conf, NULL) == NULL, "and no words asked for");
}

/* The first answer comes late, the second not at all. */
static void
script_late(int fd)
{
	uint32_t first;

	peer_bind(fd);
	peer_expect(fd, SMPP_C_submit_sm, 0);
	first = smpp_wire_number(heard);
	peer_expect(fd, SMPP_C_submit_sm, 0);
	peer_send(fd, SMPP_C_submit_sm_resp, 0, first, smpp_view_of("1", 2));
	peer_answer(fd, ESME_RTHROTTLED, NULL, 0);
	peer_expect(fd, SMPP_C_submit_sm, 0);
}

static void
test_client_late(void)
{
	static void (*const script)(int) = script_late;
	struct smpp_err err;
	struct smpp_client *c = client_of(&script, &err);
	struct smpp_pdu pdu;

	is_int(client_submit(c, &pdu, &err), SMPP_ETIMEOUT, "no answer");
	is_str(err.msg, "no answer in time", "in words");
	is_int(client_submit(c, &pdu, &err), 0, "the session goes on");
	is_int(pdu.command_status, ESME_RTHROTTLED, "with its own answer");
	ok(err.code == 0 && err.msg[0] == '\0', "and nothing of before in err");
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V34);
	is_int(smpp_client_ask(c, &pdu, &err), SMPP_ESTATE, "not ours to ask");
	is_int(err.code, SMPP_ESTATE, "err says that, too");
	is_int(client_submit(c, &pdu, &err), SMPP_ECLOSED, "the peer left");
	is_int(client_submit(c, &pdu, &err), SMPP_ECLOSED, "and is gone");
	is_int(smpp_client_wait(c, &pdu, SMPP_FOREVER, &err), SMPP_ECLOSED,
	    "nothing to wait for");
	smpp_err_clear(&err);
	smpp_err_set(&err, SMPP_EREFUSED, "ours");
	is_int(smpp_client_close(c, &err), SMPP_ECLOSED, "not in order");
	is_str(err.msg, "ours", "closing leaves what made us close");
	peer_done("late");
}

/* Answers, delivers and closes, all at once. */
static void
script_parting(int fd)
{
	uint8_t all[17 + 33] = {0};

	peer_bind(fd);
	peer_expect(fd, SMPP_C_submit_sm, 0);
	smpp_put_u32(all, 17);
	smpp_put_u32(all + 4, SMPP_C_submit_sm_resp);
	smpp_put_u32(all + 12, smpp_wire_number(heard));
	smpp_put_u32(all + 17, 33);
	smpp_put_u32(all + 21, SMPP_C_deliver_sm);
	smpp_put_u32(all + 29, 70);
	wrong += write(fd, all, sizeof(all)) != sizeof(all);
}

static void
test_client_parting(void)
{
	static void (*const script)(int) = script_parting;
	struct smpp_err err;
	struct smpp_client *c = client_of(&script, &err);
	struct smpp_pdu pdu;

	is_int(client_submit(c, &pdu, &err), 0, "answered in parting");
	ok(err.code == 0 && err.msg[0] == '\0', "which is no error");
	/* The connection is over for sure. */
	peer_done("parting");
	is_int(smpp_client_wait(c, &pdu, SMPP_FOREVER, &err), 0, "delivered");
	is_int(pdu.command_id, SMPP_C_deliver_sm, "a deliver_sm");
	ok(err.code == 0 && err.msg[0] == '\0', "which is none, either");
	is_int(smpp_client_wait(c, &pdu, SMPP_FOREVER, &err), SMPP_ECLOSED,
	    "then it is over");
	is_int(err.code, SMPP_ECLOSED, "in err, too");
	ok(err.msg[0] != '\0', "in words: %s", err.msg);
	smpp_client_close(c, NULL);
}

static void
script_leave(int fd)
{
	peer_bind(fd);
	peer_deliver(fd, 7);
	peer_send(fd, SMPP_C_unbind, 0, 8, smpp_view_of(NULL, 0));
	peer_expect(fd, SMPP_C_unbind_resp, 0);
}

static void
test_client_leave(void)
{
	static void (*const script)(int) = script_leave;
	struct smpp_err err;
	struct smpp_client *c = client_of(&script, &err);
	struct smpp_pdu pdu;

	is_int(smpp_client_wait(c, &pdu, SMPP_FOREVER, &err), 0, "a request");
	is_int(smpp_client_wait(c, &pdu, SMPP_FOREVER, &err), SMPP_EUNBOUND,
	    "the peer unbinds");
	is_int(smpp_client_close(c, NULL), SMPP_EUNBOUND, "not by us");
	pthread_join(thread, NULL);
}

/* More than is kept: what does not fit is to come again. */
static void
script_flood(int fd)
{
	static uint8_t body[60000];
	struct smpp_view payload = smpp_view_of(body, sizeof(body));
	uint32_t i;

	smpp_put_u16(body + 10, SMPP_T_message_payload);
	smpp_put_u16(body + 12, (uint16_t)(payload.n - 14));
	peer_bind(fd);
	peer_expect(fd, SMPP_C_submit_sm, 0);
	for (i = 100; i < 118; i++)
		peer_send(fd, SMPP_C_data_sm, 0, i, payload);
	peer_send(fd, SMPP_C_submit_sm_resp, 0, smpp_wire_number(heard),
	    smpp_view_of("1", 2));
	peer_expect(fd, SMPP_C_data_sm_resp, ESME_RMSGQFUL);
	wrong += smpp_wire_number(heard) != 117;
	for (i = 100; i < 117; i++) {
		peer_expect(fd, SMPP_C_data_sm_resp, ESME_ROK);
		wrong += smpp_wire_number(heard) != i;
	}
	peer_unbind(fd);
}

static void
test_client_flood(void)
{
	static void (*const script)(int) = script_flood;
	struct smpp_err err;
	struct smpp_client *c = client_of(&script, &err);
	struct smpp_pdu pdu;
	int n = 0;

	is_int(client_submit(c, &pdu, &err), 0, "answered behind the flood");
	while (smpp_client_wait(c, &pdu, 0, &err) == 0)
		n++;
	is_int(n, 17, "what fits into 1 MiB");
	is_int(smpp_client_close(c, NULL), 0, "unbound");
	peer_done("flood");
}

int
main(void)
{
	struct sockaddr_in sa = {.sin_family = AF_INET};
	socklen_t len = sizeof(sa);

	alarm(60);
	sa.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	listener = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listener, (struct sockaddr *)&sa, len) != 0 ||
	    listen(listener, 5) != 0 ||
	    getsockname(listener, (struct sockaddr *)&sa, &len) != 0)
		return 1;
	snprintf(port, sizeof(port), "%u", ntohs(sa.sin_port));
	test_client_usual();
	test_client_unbound();
	test_client_late();
	test_client_parting();
	test_client_leave();
	test_client_flood();
	close(listener);
	return tap_done();
}
