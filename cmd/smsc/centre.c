/* The simulated SMSC and its message centre (mc/mc.h): what that wants of the
 * peers and the options, and what is shown of it. */
#include <string.h>

#include "base/version.h"
#include "smsc.h"

/*
 * Of all errors of the library only this one is ours: the others are what the
 * peer did, and are in the response.
 */
void
centre_check(int rc)
{
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
}

/* --- what is shown --- */

/* The line of a request that went well and is no message. */
static void
centre_show(struct peer *p, const struct smpp_pdu *request,
    const struct smpp_pdu *response)
{
	struct smpp_view id = smpp_pdu_view(response, SMPP_F_message_id);
	const char *name = request->row->name;

	if (request->command_id == SMPP_C_query_last_msgs)
		console_line(p, name, "%u found",
		    smpp_pdu_num(response, SMPP_F_message_ids));
	else if (id.n > 0)
		console_line(p, name, "%.*s", (int)id.n, (const char *)id.p);
	else
		console_line(p, name, "done");
}

/*
 * Whether the line of a request was written when it was accepted. Those have a
 * line of their own, with the id, before it is known how the answer will be
 * sent.
 */
static bool
centre_shown(const struct smpp_pdu *request)
{
	switch (request->command_id) {
	case SMPP_C_submit_sm:
	case SMPP_C_data_sm:
	case SMPP_C_submit_multi:
	case SMPP_C_broadcast_sm:
		return true;
	default:
		return false;
	}
}

static void
centre_accepted(
    struct smpp_mc_session *s, const struct smpp_pdu *request, const char *id)
{
	if (request->command_id == SMPP_C_broadcast_sm)
		console_line(s->user, request->row->name, "id %s", id);
	else
		console_message(s->user, request, id);
}

/* --- what is sent --- */

/*
 * Sends a message back to who submitted it, as if it were answered. Source and
 * destination change places, with their types.
 */
static void
centre_echo(struct peer *p, const struct smpp_pdu *submit)
{
	static const unsigned turned[][2] = {
	    {SMPP_F_source_addr_ton, SMPP_F_dest_addr_ton},
	    {SMPP_F_source_addr_npi, SMPP_F_dest_addr_npi},
	};
	struct smpp_mc_delivery *d;
	struct smpp_pdu out;

	smpp_mc_hand_on(&out, submit);
	for (size_t i = 0; i < 2; i++) {
		smpp_pdu_set_num(
		    &out, turned[i][0], smpp_pdu_num(submit, turned[i][1]));
		smpp_pdu_set_num(
		    &out, turned[i][1], smpp_pdu_num(submit, turned[i][0]));
	}
	smpp_pdu_set_view(&out, SMPP_F_source_addr,
	    smpp_pdu_view(submit, SMPP_F_destination_addr));
	smpp_pdu_set_view(&out, SMPP_F_destination_addr,
	    smpp_pdu_view(submit, SMPP_F_source_addr));
	centre_check(
	    smpp_mc_delivery_new(&p->mc->centre, p->client.account, &out, &d));
	if (d != NULL)
		centre_check(smpp_mc_deliver(p->client.account, d));
}

static void
centre_answer(struct smpp_mc_session *s, const struct smpp_pdu *request,
    struct smpp_pdu *response)
{
	struct peer *p = s->user;

	if (response->command_status != ESME_ROK) {
		peer_refuse(p, request, response->command_status);
		return;
	}
	if (console_wanted(p->mc) && !centre_shown(request))
		centre_show(p, request, response);
	/*
	 * The answer before the echo: a client cannot know a message that it
	 * has no id of.
	 */
	peer_answer(p, request, response);
	if (p->mc->a.echo && (request->command_id == SMPP_C_submit_sm ||
				 request->command_id == SMPP_C_data_sm))
		centre_echo(p, request);
}

static int
centre_send(struct smpp_mc_session *s, struct smpp_pdu *pdu, uint64_t tag)
{
	console_message(s->user, pdu, NULL);
	return peer_send(s->user, pdu, tag);
}

/* How many the ESME lets be open: beyond that the centre holds them. */
static bool
centre_room(const struct smpp_mc_session *s)
{
	struct peer *p = s->user;

	return smpp_link_room(&p->link) > 0;
}

/* --- what is decided --- */

static void
centre_fate(struct smpp_mc_session *s, const struct smpp_pdu *request,
    struct smpp_mc_fate *fate)
{
	struct peer *p = s->user;
	const struct smpp_mc_fate *f = act_fate(p);

	(void)request;
	/* A rule for this message comes before the shares for all. */
	if (f == NULL)
		f = fates_draw(p->mc, &p->mc->fates);
	*fate = *f;
	fate->later_ms = act_later(p); /* its life begins with the answer */
}

static bool
centre_list(struct smpp_mc *centre, struct smpp_view name, size_t *at,
    struct smpp_view *member)
{
	return list_next(centre->user, name, at, member);
}

static void
centre_failed(struct smpp_mc *centre, int code)
{
	(void)centre;
	centre_check(code);
}

static const struct smpp_mc_ops centre_ops = {
    .answer = centre_answer,
    .send = centre_send,
    .room = centre_room,
    .fate = centre_fate,
    .list = centre_list,
    .accepted = centre_accepted,
    .failed = centre_failed,
};

/* --- requests --- */

/*
 * What we are, which only v3.3 can ask for. The specification names no
 * parameters, these are the ones that are of use.
 */
static void
centre_param(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smpp_view name = smpp_pdu_view(pdu, SMPP_F_param_name);
	const char *value = NULL;
	struct smpp_pdu resp;

	if (smpp_view_is(name, "system_id"))
		value = "smpp";
	else if (smpp_view_is(name, "version"))
		value = "smpp " SMPP_VERSION;
	if (value == NULL) {
		peer_refuse(p, pdu, ESME_RINVPARAM);
		return;
	}
	console_line(p, pdu->row->name, "%s", value);
	smpp_pdu_init(&resp, SMPP_C_param_retrieve_resp, pdu->sequence_number,
	    p->link.conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_param_value, smpp_view_str(value));
	peer_answer(p, pdu, &resp);
}

void
centre_request(struct peer *p, const struct smpp_pdu *pdu)
{
	if (pdu->command_id == SMPP_C_param_retrieve) {
		centre_param(p, pdu);
		return;
	}
	/* Who has not read an answer cannot know of it: to him the request is
	 * open still. */
	p->client.ver = p->link.conn.s.ver;
	p->client.open = p->asked - p->told + p->unread;
	centre_check(smpp_mc_request(&p->client, pdu));
	/*
	 * Work of the centre counts for the engine's turn, so that one peer
	 * with a costly request does not keep the others waiting.
	 */
	p->mc->e.work += p->mc->centre.work;
	p->mc->centre.work = 0;
}

/* --- options --- */

/* The words of --receipt-style. */
static const char *
centre_styles(struct ctx *c)
{
	const char *list = smpp_mc_style_name(0), *word;

	for (unsigned i = 1; (word = smpp_mc_style_name(i)) != NULL; i++)
		list = cmd_printf(c, "%s, %s", list, word);
	return list;
}

/* Words add up: "both,twice,seconds" is an SMSC with all three habits. */
int
style_read(struct smsc *mc)
{
	const char *p = mc->a.style;
	unsigned bits;
	size_t n;

	for (; p != NULL && *p != '\0'; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		bits = smpp_mc_style_find(smpp_view_of(p, n));
		if (bits == 0)
			return out_usage(mc->c,
			    "--receipt-style: '%.*s' is none of %s", (int)n, p,
			    centre_styles(mc->c));
		mc->style |= bits;
	}
	return 0;
}

void
centre_open(struct smsc *mc)
{
	const struct smpp_mc_conf conf = {
	    .now = &mc->e.now,
	    .timers = &mc->e.timers,
	    .max_messages = mc->a.store,
	    .ids = mc->a.id_format,
	    .seed = mc->a.seed,
	    .style = mc->style,
	    .wait_ms = mc->a.keep ? SMPP_FOREVER : WAIT_MS,
	    .epoch = smpp_clock_wall_us() / 1000,
	    .scale = mc->a.time_scale,
	};

	centre_check(smpp_mc_init(&mc->centre, &conf, &centre_ops, mc));
}
