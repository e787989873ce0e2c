/* server [PORT]: a message centre that takes every message, and gives it an id.
 */
#include <smpp/smpp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct smpp_session_conf conf = {.role = SMPP_MC,
    .ver = SMPP_V34,
    .window = 10,
    .response_ms = 5000,
    .init_ms = 5000};
static unsigned ids;

/* Unbind and enquire_link do not come here: the session answers them. */
static void
event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct smpp_pdu resp;
	char id[16];

	(void)issues;
	if (ev->kind != SMPP_EV_REQUEST)
		return;
	smpp_pdu_init(&resp, pdu->command_id | SMPP_RESPONSE_BIT,
	    pdu->sequence_number, l->conn.s.ver);
	switch (pdu->command_id) {
	case SMPP_C_bind_transceiver:
	case SMPP_C_bind_transmitter:
	case SMPP_C_bind_receiver:
		/* Here the password would be looked at. */
		smpp_pdu_set_view(
		    &resp, SMPP_F_system_id, smpp_view_str("server"));
		break;
	case SMPP_C_submit_sm:
		snprintf(id, sizeof(id), "id%u", ++ids);
		smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
		break;
	default:
		smpp_conn_reply(&l->conn, pdu, ESME_RINVCMDID);
		return;
	}
	if (smpp_conn_send(&l->conn, &resp, 0) < 0)
		smpp_link_end(l, SMPP_END_WRITTEN);
}

static void
down(struct smpp_link *l, const struct smpp_err *why)
{
	if (why->code != 0 && why->code != SMPP_EUNBOUND)
		fprintf(stderr, "%s: %s\n", l->conn.peer, why->msg);
	smpp_link_close(l);
	free(l);
}

static const struct smpp_link_ops ops = {.event = event, .down = down};

static void
come(struct smpp_listener *listener, int fd, const char *peer)
{
	struct smpp_link *l = malloc(sizeof(*l));

	if (l == NULL) {
		close(fd);
		return;
	}
	smpp_link_init(l, listener->e, &ops, NULL);
	if (smpp_conn_init(&l->conn, fd, &conf) == 0) {
		snprintf(l->conn.peer, SMPP_PEER_MAX, "%s", peer);
		if (smpp_link_adopt(l) == 0)
			return;
	}
	/* Nobody took it: it is ours still. */
	smpp_conn_close(&l->conn);
	free(l);
}

int
main(int argc, char **argv)
{
	struct smpp_listener listener = {.accept = come};
	struct smpp_err err = SMPP_ERR_INIT;
	struct smpp_engine e;
	int rc = smpp_engine_init(&e);

	if (rc == 0)
		rc = smpp_listener_open(
		    &e, &listener, "127.0.0.1", argc > 1 ? argv[1] : "0", &err);
	if (rc == 0)
		puts(listener.name);
	while (rc == 0 && fflush(stdout) == 0)
		rc = smpp_engine_turn(&e, SMPP_FOREVER);
	fprintf(stderr, "%s\n", err.code != 0 ? err.msg : smpp_err_text(rc));
	smpp_engine_fini(&e);
	return 1;
}
