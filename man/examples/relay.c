/*
 * A relay: whoever connects to it is connected to TARGET, and every PDU goes
 * on as it came, both ways; each is named on standard output.
 *
 *	relay LISTEN_HOST LISTEN_PORT TARGET_HOST TARGET_PORT
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "net/engine.h"
#include "net/listen.h"

/* Both ends of a client's way; each link has the pair as its user. */
struct pair {
	struct smpp_link client, target;
};

static struct smpp_engine engine;
static struct smpp_dial_conf target = {.connect_ms = 10000};

static struct smpp_link *
other(struct smpp_link *l)
{
	struct pair *p = l->user;

	return l == &p->client ? &p->target : &p->client;
}

/* The target is there: now the client is listened to. */
static void
up(struct smpp_link *l, const struct smpp_pdu *resp)
{
	(void)resp;
	smpp_link_pause(other(l), false);
}

/* A PDU goes on untouched. If much waits there, no more is read here. */
static void
event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct smpp_link *to = other(l);

	(void)issues;
	if (pdu == NULL)
		return;
	printf("%s %s %u %s\n", l->conn.s.conf.role == SMPP_MC ? "->" : "<-",
	    pdu->row == NULL ? "?" : pdu->row->name, pdu->sequence_number,
	    ev->kind == SMPP_EV_STRAY ? "stray" : "");
	if (smpp_conn_pass(&to->conn, pdu->wire, 0) != 0)
		abort();
	smpp_link_pause(l, smpp_link_room(to) == 0);
}

static void
room(struct smpp_link *l)
{
	smpp_link_pause(other(l), false);
}

/* One end is gone: the other follows, once it has all that came before. */
static void
down(struct smpp_link *l, const struct smpp_err *why)
{
	struct smpp_link *to = other(l);

	fprintf(stderr, "%s: %s\n", l->conn.peer, why->msg);
	if (to->state != SMPP_LINK_IDLE) {
		smpp_link_end(to, SMPP_END_WRITTEN);
		return;
	}
	smpp_link_close(l);
	smpp_link_close(to);
	free(l->user);
}

static const struct smpp_link_ops client_ops = {
    .event = event, .room = room, .down = down};
static const struct smpp_link_ops target_ops = {
    .up = up, .event = event, .room = room, .down = down};

static void
come(struct smpp_listener *listener, int fd, const char *peer)
{
	static const struct smpp_session_conf conf = {
	    .role = SMPP_MC, .ver = SMPP_V50, .observes = true};
	struct pair *p = calloc(1, sizeof(*p));

	(void)listener;
	if (p == NULL)
		abort();
	smpp_link_init(&p->client, &engine, &client_ops, p);
	smpp_link_init(&p->target, &engine, &target_ops, p);
	if (smpp_conn_init(&p->client.conn, fd, &conf) != 0 ||
	    smpp_link_adopt(&p->client) != 0 ||
	    smpp_link_dial(&p->target, &target) != 0)
		abort();
	snprintf(p->client.conn.peer, SMPP_PEER_MAX, "%s", peer);
	smpp_link_pause(&p->client, true);
}

int
main(int argc, char **argv)
{
	struct smpp_listener listener = {.accept = come};
	struct smpp_err err;

	smpp_err_clear(&err);
	if (argc != 5 || smpp_engine_init(&engine) != 0)
		return 2;
	target.to.host = argv[3];
	target.to.port = argv[4];
	target.session = (struct smpp_session_conf){
	    .role = SMPP_ESME, .ver = SMPP_V50, .observes = true};
	if (smpp_listener_open(&engine, &listener, argv[1], argv[2], &err)) {
		fprintf(stderr, "relay: %s\n", err.msg);
		return 1;
	}
	setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
	printf("listening on %s\n", listener.name);
	while (smpp_engine_turn(&engine, SMPP_FOREVER) == 0)
		;
	return 1;
}
