/* An ESME in a few calls that wait. */
#include "net/client.h"

#include <stdlib.h>

#include "base/clock.h"

enum {
	TIMEOUT_MS = 10000,
	ENQUIRE_MS = 30000,
	KEEP_MAX = 1 << 20, /* octets of requests that wait */
};

/* One PDU that came; its octets follow. */
struct client_pdu {
	struct client_pdu *next;
	uint32_t n;
};

/*
 * first to last are the requests that wait for smpp_client_wait(), kept octets
 * of them; held is what the PDU of the caller borrows, and owes says that it
 * is still to be answered. tag is that of the request in work; answer, late
 * and err are what became of it. While conf is there it is to be bound.
 */
struct smpp_client {
	struct smpp_engine e;
	struct smpp_link l;
	struct smpp_dial_conf dial;
	const struct smpp_client_conf *conf;
	struct client_pdu *first, **last, *held, *answer;
	size_t kept;
	uint64_t tag;
	struct smpp_err err;
	bool owes, late, bound, down;
};

/* --- what the engine tells --- */

static void
client_string(struct smpp_pdu *pdu, unsigned name, const char *s)
{
	smpp_pdu_set_view(pdu, name, smpp_view_str(s == NULL ? "" : s));
}

static bool
client_bind(struct smpp_link *l, struct smpp_pdu *pdu)
{
	const struct smpp_client *c = l->user;
	const struct smpp_client_conf *conf = c->conf;
	const enum smpp_ver ver = c->dial.session.ver;

	smpp_pdu_init(pdu,
	    conf->bind == 0 ? SMPP_C_bind_transceiver : conf->bind, 0, ver);
	client_string(pdu, SMPP_F_system_id, conf->system_id);
	client_string(pdu, SMPP_F_password, conf->password);
	client_string(pdu, SMPP_F_system_type, conf->system_type);
	smpp_pdu_set_num(pdu, SMPP_F_interface_version, smpp_ver_octet(ver));
	return true;
}

static void
client_up(struct smpp_link *l, const struct smpp_pdu *resp)
{
	struct smpp_client *c = l->user;

	c->bound = resp != NULL;
}

static struct client_pdu *
client_copy(struct smpp_view wire)
{
	struct client_pdu *p = malloc(sizeof(*p) + wire.n);

	if (p == NULL)
		return NULL;
	p->next = NULL;
	p->n = wire.n;
	memcpy(p + 1, wire.p, wire.n);
	return p;
}

/* Puts what the peer asks behind the rest; false when it cannot be kept. */
static bool
client_keep(struct smpp_client *c, struct smpp_view wire)
{
	struct client_pdu *p;

	if (wire.n > KEEP_MAX - c->kept || (p = client_copy(wire)) == NULL)
		return false;
	*c->last = p;
	c->last = &p->next;
	c->kept += p->n;
	return true;
}

static void
client_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct smpp_client *c = l->user;
	const bool ours = c->tag != 0 && ev->request.tag == c->tag;

	(void)issues;
	if (ev->kind == SMPP_EV_REQUEST || ev->kind == SMPP_EV_ONEWAY) {
		/* ESME_RMSGQFUL has the SMSC send it again; silence would stop
		 * it at its window for good. */
		if (!client_keep(c, pdu->wire) && ev->kind == SMPP_EV_REQUEST)
			smpp_conn_reply(&l->conn, pdu, ESME_RMSGQFUL);
	} else if (ev->kind == SMPP_EV_RESPONSE && ours) {
		c->answer = client_copy(pdu->wire);
		if (c->answer == NULL)
			smpp_err_set(&c->err, SMPP_ENOMEM, "out of memory");
	} else if (ev->kind == SMPP_EV_TIMEOUT && ours) {
		c->late = true;
	}
}

static void
client_down(struct smpp_link *l, const struct smpp_err *why)
{
	struct smpp_client *c = l->user;

	c->down = true;
	if (why->code != 0)
		c->err = *why;
	if (why->code == SMPP_EREFUSED && c->conf != NULL &&
	    c->conf->refused != NULL)
		*c->conf->refused = l->refused;
}

static const struct smpp_link_ops client_ops = {
    .bind = client_bind,
    .up = client_up,
    .event = client_event,
    .down = client_down,
};

/* --- waiting --- */

static void
client_release(struct smpp_client *c)
{
	free(c->held);
	c->held = NULL;
	c->owes = false;
}

/* Before anything else is done: the answer that is due, and what was borrowed
 * is over. */
static void
client_next(struct smpp_client *c)
{
	if (c->owes && !c->down)
		smpp_client_reply(c, ESME_ROK);
	client_release(c);
}

/* One turn. Returns 0 or what keeps it from more of them, which is a failure
 * only of a call that has nothing else to return: see client_fail(). */
static int
client_turn(struct smpp_client *c, int64_t deadline)
{
	int rc = 0;

	if (!c->down)
		rc = smpp_engine_turn(&c->e, deadline);
	if (rc < 0)
		return rc;
	/* What went wrong in a callback is told by the call that waits. */
	if (c->err.code != 0)
		return c->err.code;
	return c->down ? SMPP_ECLOSED : 0;
}

/* Says why a call fails that got rc of client_turn(), which it returns. */
static int
client_fail(const struct smpp_client *c, int rc, struct smpp_err *err)
{
	return smpp_err_set(
	    err, rc, "%s", rc == c->err.code ? c->err.msg : smpp_err_text(rc));
}

/* Gives the caller a PDU that came. */
static void
client_hand(struct smpp_client *c, struct client_pdu *p, struct smpp_pdu *pdu)
{
	struct smpp_issues issues;

	c->held = p;
	smpp_decode(
	    pdu, smpp_view_of(p + 1, p->n), c->l.conn.s.ver, 0, &issues);
}

/* --- the calls --- */

static void
client_free(struct smpp_client *c)
{
	struct client_pdu *p;

	smpp_engine_fini(&c->e);
	while ((p = c->first) != NULL) {
		c->first = p->next;
		free(p);
	}
	free(c->held);
	free(c->answer);
	free(c);
}

static int
client_dial(struct smpp_client *c, const struct smpp_client_conf *conf)
{
	const int64_t ms = conf->timeout_ms <= 0 ? TIMEOUT_MS
						 : conf->timeout_ms;

	c->conf = conf;
	c->dial.to.host = conf->host == NULL ? "localhost" : conf->host;
	c->dial.to.port = conf->port == NULL ? "2775" : conf->port;
	c->dial.tls = conf->tls;
	c->dial.connect_ms = ms;
	c->dial.session.role = SMPP_ESME;
	c->dial.session.ver = conf->ver == 0 ? SMPP_V34 : conf->ver;
	/* A caller that waits for each answer never has two requests out. */
	c->dial.session.window = 1;
	c->dial.session.response_ms = ms;
	c->dial.session.enquire_ms = conf->enquire_ms <= 0 ? ENQUIRE_MS
							   : conf->enquire_ms;
	smpp_link_init(&c->l, &c->e, &client_ops, c);
	return smpp_link_dial(&c->l, &c->dial);
}

struct smpp_client *
smpp_client_open(const struct smpp_client_conf *conf, struct smpp_err *err)
{
	static const struct smpp_client_conf usual;
	struct smpp_client *c = calloc(1, sizeof(*c));
	int rc;

	smpp_err_clear(err);
	if (conf == NULL)
		conf = &usual;
	if (conf->refused != NULL)
		*conf->refused = ESME_ROK;
	if (c == NULL) {
		smpp_err_set(err, SMPP_ENOMEM, "out of memory");
		return NULL;
	}
	c->last = &c->first;
	smpp_err_clear(&c->err);
	rc = smpp_engine_init(&c->e);
	if (rc == 0)
		rc = client_dial(c, conf);
	while (rc == 0 && !c->bound)
		rc = client_turn(c, SMPP_FOREVER);
	/* It is the caller's for this call only. */
	c->conf = NULL;
	if (rc == 0)
		return c;
	client_fail(c, rc, err);
	client_free(c);
	return NULL;
}

int
smpp_client_ask(
    struct smpp_client *c, struct smpp_pdu *pdu, struct smpp_err *err)
{
	struct client_pdu *answer;
	int rc = 0;

	smpp_err_clear(err);
	client_next(c);
	c->late = false;
	/* A full output or the pause that congestion_state asked for ends by
	 * itself; room is not only the window. */
	while (rc == 0 && !c->down && smpp_link_room(&c->l) == 0)
		rc = client_turn(c, SMPP_FOREVER);
	if (rc == 0 && !c->down) {
		rc = smpp_conn_send(&c->l.conn, pdu, ++c->tag);
		if (rc < 0)
			return smpp_err_set(err, rc, "%s", smpp_err_text(rc));
	}
	while (rc == 0 && c->answer == NULL && !c->late)
		rc = client_turn(c, SMPP_FOREVER);
	answer = c->answer;
	c->answer = NULL;
	if (answer == NULL && rc == 0)
		return smpp_err_set(err, SMPP_ETIMEOUT, "no answer in time");
	if (answer == NULL)
		return client_fail(c, rc, err);
	client_hand(c, answer, pdu);
	return 0;
}

int
smpp_client_wait(struct smpp_client *c, struct smpp_pdu *pdu, int64_t deadline,
    struct smpp_err *err)
{
	struct client_pdu *p;
	int rc;

	smpp_err_clear(err);
	client_next(c);
	/* At least one turn: the answer has to get away, others come in. */
	do
		rc = client_turn(c, c->first == NULL ? deadline : 0);
	while (rc == 0 && c->first == NULL && smpp_clock_ms() < deadline);
	p = c->first;
	if (p == NULL && rc == 0)
		return smpp_err_set(err, SMPP_ETIMEOUT, "nothing came in time");
	if (p == NULL)
		return client_fail(c, rc, err);
	c->first = p->next;
	if (c->first == NULL)
		c->last = &c->first;
	c->kept -= p->n;
	client_hand(c, p, pdu);
	c->owes = pdu->row != NULL && !(pdu->row->flags & SMPP_PDU_ONEWAY);
	return 0;
}

int
smpp_client_reply(struct smpp_client *c, uint32_t command_status)
{
	struct smpp_pdu request;
	const uint8_t *wire;
	int rc;

	if (!c->owes || c->down)
		return SMPP_ESTATE;
	c->owes = false;
	/* From the octets, not from the PDU of the caller, who may have
	 * changed it since. */
	wire = (const uint8_t *)(c->held + 1);
	smpp_pdu_init(&request, smpp_wire_id(wire), smpp_wire_number(wire),
	    c->l.conn.s.ver);
	rc = smpp_conn_reply(&c->l.conn, &request, command_status);
	if (rc == 0)
		smpp_link_flush(&c->l);
	return rc;
}

/* No deadline is needed here: unbinding has one of its own, and ends the link
 * then. */
int
smpp_client_close(struct smpp_client *c, struct smpp_err *err)
{
	int rc = 0;

	if (c == NULL)
		return 0;
	client_next(c);
	if (!c->down)
		smpp_link_unbind(
		    &c->l, smpp_clock_ms() + c->dial.session.response_ms);
	while (rc == 0 && !c->down)
		rc = smpp_engine_turn(&c->e, SMPP_FOREVER);
	if (rc == 0)
		rc = c->err.code;
	if (rc != 0)
		client_fail(c, rc, err);
	client_free(c);
	return rc;
}
