/* Which request does what, and whether the account may. */
#include "ledger.h"

/* What each request is handled by; takes: it counts for rate and window. */
static const struct {
	uint32_t id;
	bool takes;
	void (*fn)(struct peer *p, const struct smpp_pdu *pdu);
} rows[] = {
    {SMPP_C_submit_sm, true, on_submit},
    {SMPP_C_data_sm, true, on_submit},
    {SMPP_C_submit_multi, true, on_submit_multi},
    {SMPP_C_broadcast_sm, true, on_broadcast},
    {SMPP_C_query_sm, false, on_query},
    {SMPP_C_cancel_sm, false, on_cancel},
    {SMPP_C_replace_sm, false, on_replace},
    {SMPP_C_query_broadcast_sm, false, on_query_broadcast},
    {SMPP_C_cancel_broadcast_sm, false, on_cancel_broadcast},
    {SMPP_C_query_last_msgs, false, on_query_last_msgs},
    {SMPP_C_query_msg_details, false, on_query_msg_details},
    {SMPP_C_param_retrieve, false, on_param_retrieve},
};

/* How many messages a request asks to be taken. */
static unsigned
dispatch_count(const struct smpp_pdu *pdu)
{
	uint32_t n = smpp_pdu_num(pdu, SMPP_F_dest_address);

	return pdu->command_id == SMPP_C_submit_multi && n > 1 ? n : 1;
}

void
dispatch_request(struct peer *p, const struct smpp_pdu *pdu)
{
	uint32_t status = ESME_ROK;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (rows[i].id != pdu->command_id)
			continue;
		if (rows[i].takes)
			status = account_take(p, dispatch_count(pdu));
		if (status != ESME_ROK)
			peer_refuse(p, pdu, status);
		else
			rows[i].fn(p, pdu);
		return;
	}
	peer_refuse(p, pdu, ESME_RINVCMDID);
}
