/* The message centre: its beginning and end, its time, and its requests. */
#include "mc/mc_int.h"

#include <stdlib.h>

#include "net/io.h"

/* What each request is done by; takes: it counts for rate and window. */
static const struct {
	uint32_t id;
	bool takes;
	smpp_mc_operation *fn;
} rows[] = {
    {SMPP_C_submit_sm, true, smpp_mc_submit},
    {SMPP_C_data_sm, true, smpp_mc_submit},
    {SMPP_C_submit_multi, true, smpp_mc_submit_multi},
    {SMPP_C_broadcast_sm, true, smpp_mc_broadcast},
    {SMPP_C_query_sm, false, smpp_mc_query},
    {SMPP_C_cancel_sm, false, smpp_mc_cancel},
    {SMPP_C_replace_sm, false, smpp_mc_replace},
    {SMPP_C_query_broadcast_sm, false, smpp_mc_query_broadcast},
    {SMPP_C_cancel_broadcast_sm, false, smpp_mc_cancel_broadcast},
    {SMPP_C_query_last_msgs, false, smpp_mc_query_last},
    {SMPP_C_query_msg_details, false, smpp_mc_query_details},
};

/* --- beginning and end --- */

/* What a message has, of which the keep knows nothing. */
static void
mc_forget(struct smpp_mc_message *m)
{
	free(m->areas);
	m->areas = NULL;
	free(m->loop);
	m->loop = NULL;
}

int
smpp_mc_init(struct smpp_mc *mc, const struct smpp_mc_conf *conf,
    const struct smpp_mc_ops *ops, void *user)
{
	*mc = (struct smpp_mc){.conf = *conf, .ops = ops, .user = user};
	mc->began = *conf->now;
	mc->due = (struct smpp_timer){.fn = smpp_mc_life_turn, .arg = mc};
	mc->keep = smpp_keep_memory(
	    conf->max_messages > 0 ? conf->max_messages : 1, mc_forget);
	return mc->keep == NULL ? SMPP_ENOMEM : 0;
}

void
smpp_mc_fini(struct smpp_mc *mc)
{
	if (mc->keep == NULL)
		return;
	/* Accounts have deliveries and timers; messages have deliveries that
	 * are in no queue, which go with them. */
	smpp_timer_stop(mc->conf.timers, &mc->due);
	smpp_mc_accounts_free(mc);
	mc->keep->ops->close(mc->keep);
	mc->keep = NULL;
}

/* --- time --- */

int64_t
smpp_mc_time(const struct smpp_mc *mc)
{
	return mc->conf.epoch + (*mc->conf.now - mc->began) * mc->conf.scale;
}

/* Rounded up, so that the time has come when the timer runs. */
int64_t
smpp_mc_when(const struct smpp_mc *mc, int64_t time)
{
	int64_t scale = mc->conf.scale, left;

	if (time > INT64_MAX / 2) /* which has no place in the sum below */
		return SMPP_FOREVER;
	left = time - mc->conf.epoch;
	return mc->began + (left + scale - 1) / scale;
}

/* --- requests and their answers --- */

void
smpp_mc_response(const struct smpp_mc_session *s,
    const struct smpp_pdu *request, struct smpp_pdu *resp)
{
	uint32_t id = SMPP_C_generic_nack;

	if (request->row != NULL && request->row->counterpart != UINT32_MAX)
		id = request->row->counterpart;
	smpp_pdu_init(resp, id, request->sequence_number, s->ver);
}

void
smpp_mc_reply(struct smpp_mc_session *s, const struct smpp_pdu *request,
    struct smpp_pdu *resp)
{
	uint8_t load;

	s->mc->answered = true;
	if (s->ver == SMPP_V50 && resp->command_status == ESME_ROK) {
		/* congestion_state is of v5.0, and a refusal has no body to
		 * carry it. */
		load = smpp_mc_load(s);
		smpp_pdu_add_tlv(
		    resp, SMPP_T_congestion_state, smpp_view_of(&load, 1));
	}
	s->mc->ops->answer(s, request, resp);
}

void
smpp_mc_reply_status(
    struct smpp_mc_session *s, const struct smpp_pdu *request, uint32_t status)
{
	struct smpp_pdu resp;

	smpp_mc_response(s, request, &resp);
	resp.command_status = status;
	smpp_mc_reply(s, request, &resp);
}

/* How many messages a request asks to be taken. */
static unsigned
mc_count(const struct smpp_pdu *pdu)
{
	uint32_t n = smpp_pdu_num(pdu, SMPP_F_dest_address);

	return pdu->command_id == SMPP_C_submit_multi && n > 1 ? n : 1;
}

int
smpp_mc_request(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	const size_t n = sizeof(rows) / sizeof(rows[0]);
	uint32_t status = ESME_ROK;
	size_t i = 0;
	int rc = 0;

	s->mc->answered = false;
	while (i < n && rows[i].id != pdu->command_id)
		i++;
	if (i == n)
		status = ESME_RINVCMDID;
	else if (rows[i].takes)
		status = smpp_mc_admit(s, mc_count(pdu));
	if (status == ESME_ROK)
		rc = rows[i].fn(s, pdu);
	/* Whoever asks waits for an answer, whatever happened to us. */
	if (status == ESME_ROK && rc < 0 && !s->mc->answered)
		status = ESME_RSYSERR;
	if (status != ESME_ROK)
		smpp_mc_reply_status(s, pdu, status);
	return rc;
}

void
smpp_mc_session_init(
    struct smpp_mc_session *s, struct smpp_mc *mc, uint32_t number, void *user)
{
	*s = (struct smpp_mc_session){
	    .mc = mc, .number = number, .user = user, .ver = SMPP_V34};
}
