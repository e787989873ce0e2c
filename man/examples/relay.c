/* relay HOST PORT SMSC_HOST SMSC_PORT: hands PDUs on, untouched, both ways. */
#include <smpp/smpp.h>
#include <stdio.h>
#include <stdlib.h>

static struct smpp_dial_conf dial = {.connect_ms = 10000,
    .session = {.role = SMPP_ESME, .ver = SMPP_V50, .observes = true}};
static const struct smpp_session_conf served = {
    .role = SMPP_MC, .ver = SMPP_V50, .observes = true};

/* Of two links, the client's and that to the SMSC, the other one. */
static struct smpp_link *
other(struct smpp_link *l)
{
	struct smpp_link *both = l->user;

	return l == both ? both + 1 : both;
}

/* There is room, or the SMSC at all: the other side is read. */
static void
room(struct smpp_link *l)
{
	smpp_link_pause(other(l), false);
}

static void
up(struct smpp_link *l, const struct smpp_pdu *resp)
{
	(void)resp;
	room(l);
}

/* A PDU goes on as it came. When much waits there, no more is read here. */
static void
event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct smpp_link *to = other(l);

	(void)issues, (void)ev;
	if (pdu == NULL || smpp_conn_pass(&to->conn, pdu->wire, 0) != 0)
		return;
	printf("%s %s %u\n", l->dial == NULL ? "->" : "<-",
	    pdu->row == NULL ? "?" : pdu->row->name, pdu->sequence_number);
	smpp_link_pause(l, smpp_link_room(to) == 0);
}

/* One end is over: so is the other, when it has all that came before. */
static void
down(struct smpp_link *l, const struct smpp_err *why)
{
	fprintf(stderr, "%s: %s\n", l->conn.peer, why->msg);
	if (other(l)->state != SMPP_LINK_IDLE) {
		smpp_link_end(other(l), SMPP_END_WRITTEN);
		return;
	}
	smpp_link_close(other(l));
	smpp_link_close(l);
	free(l->user);
}

static const struct smpp_link_ops ops = {
    .up = up, .event = event, .room = room, .down = down};

static void
come(struct smpp_listener *listener, int fd, const char *peer)
{
	struct smpp_link *both = calloc(2, sizeof(*both));

	if (both == NULL)
		abort();
	smpp_link_init(&both[0], listener->e, &ops, both);
	smpp_link_init(&both[1], listener->e, &ops, both);
	if (smpp_conn_init(&both[0].conn, fd, &served) != 0 ||
	    smpp_link_adopt(&both[0]) != 0 ||
	    smpp_link_dial(&both[1], &dial) != 0)
		abort();
	snprintf(both[0].conn.peer, SMPP_PEER_MAX, "%s", peer);
	smpp_link_pause(&both[0], true);
}

int
main(int argc, char **argv)
{
	struct smpp_listener listener = {.accept = come};
	struct smpp_err err = {.code = 0};
	struct smpp_engine engine;

	if (argc != 5 || smpp_engine_init(&engine) != 0)
		return 2;
	dial.to = (struct smpp_addr){.host = argv[3], .port = argv[4]};
	smpp_listener_open(&engine, &listener, argv[1], argv[2], &err);
	printf("%s\n", err.code == 0 ? listener.name : err.msg);
	while (err.code == 0 && fflush(stdout) == 0)
		err.code = smpp_engine_turn(&engine, SMPP_FOREVER);
	return 1;
}
