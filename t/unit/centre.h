/* A message centre for tests: a clock that is set, sessions without sockets,
 * and what was answered and delivered to each. */
#ifndef SMPP_T_UNIT_CENTRE_H
#define SMPP_T_UNIT_CENTRE_H

#include "mc/mc.h"
#include "msg/dlr.h"
#include "net/io.h"
#include "tap.h"

enum { CLIENTS = 4, GOT_MAX = 16, EPOCH = 1000000000 };

/* A delivery that a client got. */
struct got {
	uint64_t tag;
	uint8_t wire[1024];
	uint32_t n;
};

/* One client: its session, its last answer, the deliveries it got. full: it
 * has no room. broken is what sending to it returns. */
struct client {
	struct smpp_mc_session s;
	unsigned answers;
	uint8_t wire[4096]; /* of the last answer */
	struct smpp_pdu resp;
	struct got got[GOT_MAX];
	unsigned ngot;
	bool full;
	int broken;
};

static int64_t now;
static struct smpp_timers timers;
static struct smpp_mc mc;
static struct client client[CLIENTS];
static struct smpp_mc_fate fate_wanted; /* with a stat it is that of all */
static enum smpp_mc_end last_end;
static unsigned ends, failures, accepts;
static char accepted_id[66];

static void
centre_answer(struct smpp_mc_session *s, const struct smpp_pdu *request,
    struct smpp_pdu *response)
{
	struct client *c = s->user;
	struct smpp_issues issues = {0};
	struct smpp_wr w;

	(void)request;
	c->answers++;
	smpp_wr_init(&w, c->wire, sizeof(c->wire));
	smpp_encode(&w, response);
	smpp_decode(&c->resp, smpp_view_of(w.p, w.n), SMPP_VANY, 0, &issues);
}

static int
centre_send(struct smpp_mc_session *s, struct smpp_pdu *pdu, uint64_t tag)
{
	struct client *c = s->user;
	struct got *g = &c->got[c->ngot];
	struct smpp_wr w;

	if (c->broken != 0)
		return c->broken;
	smpp_wr_init(&w, g->wire, sizeof(g->wire));
	smpp_encode(&w, pdu);
	g->n = (uint32_t)w.n;
	g->tag = tag;
	if (c->ngot < GOT_MAX - 1)
		c->ngot++;
	return 0;
}

static bool
centre_room(const struct smpp_mc_session *s)
{
	const struct client *c = s->user;

	return !c->full;
}

static void
centre_fate(struct smpp_mc_session *s, const struct smpp_pdu *request,
    struct smpp_mc_fate *fate)
{
	(void)s;
	(void)request;
	if (fate_wanted.state != 0)
		*fate = fate_wanted;
}

/* "two" has the members 21 and 22. */
static bool
centre_list(struct smpp_mc *m, struct smpp_view name, size_t *at,
    struct smpp_view *member)
{
	static const char *const two[] = {"21", "22"};

	(void)m;
	if (!smpp_view_is(name, "two") || *at == 2)
		return false;
	*member = smpp_view_str(two[(*at)++]);
	return true;
}

static void
centre_accepted(
    struct smpp_mc_session *s, const struct smpp_pdu *request, const char *id)
{
	(void)s;
	(void)request;
	accepts++;
	snprintf(accepted_id, sizeof(accepted_id), "%s", id);
}

static void
centre_over(struct smpp_mc *m, const char *system_id, struct smpp_view wire,
    enum smpp_mc_end how)
{
	(void)m;
	(void)system_id;
	(void)wire;
	ends++;
	last_end = how;
}

static void
centre_failed(struct smpp_mc *m, int code)
{
	(void)m;
	(void)code;
	failures++;
}

static const struct smpp_mc_ops centre_ops = {
    .answer = centre_answer,
    .send = centre_send,
    .room = centre_room,
    .fate = centre_fate,
    .list = centre_list,
    .accepted = centre_accepted,
    .over = centre_over,
    .failed = centre_failed,
};

/* Forgets the old centre and makes a new one, with clients that have not
 * joined. conf may be NULL. Returns what smpp_mc_init() did. */
static inline int
centre_begin(const struct smpp_mc_conf *conf)
{
	struct smpp_mc_conf c = {.max_messages = 1000, .wait_ms = 60000};

	if (conf != NULL)
		c = *conf;
	for (unsigned i = 0; i < CLIENTS; i++)
		if (client[i].s.mc != NULL)
			smpp_mc_leave(&client[i].s);
	smpp_mc_fini(&mc);
	smpp_timers_free(&timers);
	now = 5000;
	ends = failures = accepts = 0;
	fate_wanted = (struct smpp_mc_fate){.state = 0};
	c.now = &now;
	c.timers = &timers;
	c.epoch = (int64_t)EPOCH * 1000;
	c.scale = c.scale == 0 ? 1 : c.scale;
	memset(client, 0, sizeof(client));
	for (uint32_t i = 0; i < CLIENTS; i++) {
		smpp_mc_session_init(&client[i].s, &mc, i + 1, &client[i]);
		client[i].s.open = 1;
	}
	return smpp_mc_init(&mc, &c, &centre_ops, NULL);
}

static inline void
centre_end(void)
{
	centre_begin(NULL);
	smpp_mc_fini(&mc);
	smpp_timers_free(&timers);
}

/* Lets the time go by, and what is due in it happen. */
static inline void
centre_wait(int64_t ms)
{
	int64_t until = now + ms;

	while (smpp_timers_due(&timers) <= until) {
		if (smpp_timers_due(&timers) > now)
			now = smpp_timers_due(&timers);
		smpp_timers_run(&timers, now, 1);
	}
	now = until;
}

/* Binds a client. Returns the status. */
static inline uint32_t
centre_join(unsigned i, const char *system_id, uint32_t command_id,
    const char *password, const char *from)
{
	struct smpp_pdu bind;
	uint32_t status = UINT32_MAX;

	smpp_pdu_init(&bind, command_id, 1, SMPP_V34);
	smpp_pdu_set_view(&bind, SMPP_F_system_id, smpp_view_str(system_id));
	smpp_pdu_set_view(&bind, SMPP_F_password, smpp_view_str(password));
	smpp_mc_join(&client[i].s, &bind, from, &status);
	return status;
}

/* The same for one who is let in and takes deliveries. */
static inline void
centre_receiver(unsigned i, const char *system_id)
{
	if (centre_join(i, system_id, SMPP_C_bind_transceiver, "",
		"127.0.0.1:4") == ESME_ROK)
		smpp_mc_receive(&client[i].s);
}

/* Sends a request for a client. Returns the status of the answer. */
static inline uint32_t
centre_request(unsigned i, struct smpp_pdu *pdu)
{
	struct smpp_issues issues = {0};
	uint8_t wire[4096];
	struct smpp_wr w;
	unsigned before = client[i].answers;

	pdu->ver = client[i].s.ver;
	smpp_wr_init(&w, wire, sizeof(wire));
	smpp_encode(&w, pdu);
	smpp_decode(pdu, smpp_view_of(w.p, w.n), client[i].s.ver, 0, &issues);
	smpp_mc_request(&client[i].s, pdu);
	return client[i].answers == before + 1 ? client[i].resp.command_status
					       : UINT32_MAX;
}

/* A submit_sm from "src". */
static inline struct smpp_pdu
centre_message(const char *to, uint32_t registered)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 7, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("src"));
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, smpp_view_str(to));
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_str("hello"));
	smpp_pdu_set_num(&pdu, SMPP_F_registered_delivery, registered);
	return pdu;
}

static inline uint32_t
centre_submit(unsigned i, const char *to, uint32_t registered)
{
	struct smpp_pdu pdu = centre_message(to, registered);

	return centre_request(i, &pdu);
}

/* A request about a message of "src" by its id. */
static inline struct smpp_pdu
centre_about(uint32_t command_id, const char *id)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(&pdu, command_id, 8, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("src"));
	return pdu;
}

/* What query_sm says of a message: its state; or UINT32_MAX. */
static inline uint32_t
centre_state(unsigned i, const char *id)
{
	struct smpp_pdu pdu = centre_about(SMPP_C_query_sm, id);

	return centre_request(i, &pdu) == ESME_ROK
		   ? smpp_pdu_num(&client[i].resp, SMPP_F_message_state)
		   : UINT32_MAX;
}

/* The n-th delivery of a client, decoded. */
static inline struct smpp_pdu
centre_got(unsigned i, unsigned n)
{
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	smpp_decode(&pdu,
	    smpp_view_of(client[i].got[n].wire, client[i].got[n].n), SMPP_VANY,
	    0, &issues);
	return pdu;
}

/* A client answers its n-th delivery. */
static inline void
centre_reply(unsigned i, unsigned n, uint32_t status)
{
	smpp_mc_answered(&client[i].s, client[i].got[n].tag, status);
}

#endif
