/* What only v3.3 has: the last messages, and all about one. */
#include "mc/mc_int.h"

/* An id is 8 characters and a NUL there, and a count one octet. */
enum { LAST_MAX = 100, ID_SIZE = 9, DESTS_MAX = 254 };

/* Answers with the ids alone: who wants more asks about each of them. */
int
smpp_mc_query_last(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc *mc = s->mc;
	struct smpp_mc_scan scan = smpp_mc_scan_begin(mc, mc->keep->newest);
	struct smpp_view source = smpp_pdu_view(pdu, SMPP_F_source_addr);
	uint32_t want = smpp_pdu_num(pdu, SMPP_F_no_of_msgs), found = 0;
	uint8_t octets[LAST_MAX * ID_SIZE];
	struct smpp_mc_message *m;
	struct smpp_pdu resp;
	struct smpp_wr list;
	char id[SMPP_MC_ID_MAX];

	if (want == 0 || want > LAST_MAX) {
		smpp_mc_reply_status(s, pdu, ESME_RINVNUMMSGS);
		return 0;
	}
	smpp_wr_init(&list, octets, sizeof(octets));
	while (found < want && (m = smpp_mc_scan_next(&scan)) != NULL) {
		if (m->kind != SMPP_MC_SHORT ||
		    !smpp_view_is(source, m->source))
			continue;
		smpp_mc_id_write(mc, m->serial, SMPP_V33, id);
		smpp_wr_cstr(&list, smpp_view_str(id));
		found++;
	}
	smpp_mc_response(s, pdu, &resp);
	smpp_pdu_set_list(
	    &resp, SMPP_F_message_ids, smpp_view_of(list.p, list.n), found);
	smpp_mc_reply(s, pdu, &resp);
	return 0;
}

/* All destinations of a message, as many as a count can say: those behind them
 * are left out, as there is no way to ask for the rest. */
static uint32_t
old_put_dests(struct smpp_wr *list, const struct smpp_mc *mc,
    const struct smpp_mc_message *m)
{
	uint32_t n = 0;

	for (; m != NULL && n < DESTS_MAX;
	     m = smpp_mc_message_again(mc, m), n++) {
		smpp_wr_u8(list, SMPP_dest_flag_sme);
		smpp_wr_u8(list, m->dest_ton);
		smpp_wr_u8(list, m->dest_npi);
		smpp_wr_cstr(list, smpp_view_str(m->dest));
	}
	return n;
}

static void
old_put_details(struct smpp_pdu *resp, const struct smpp_mc *mc,
    const struct smpp_mc_message *m, uint32_t length)
{
	smpp_pdu_set_view(resp, SMPP_F_service_type, smpp_view_str(m->service));
	smpp_pdu_set_num(resp, SMPP_F_source_addr_ton, m->source_ton);
	smpp_pdu_set_num(resp, SMPP_F_source_addr_npi, m->source_npi);
	smpp_pdu_set_view(resp, SMPP_F_source_addr, smpp_view_str(m->source));
	smpp_pdu_set_num(resp, SMPP_F_protocol_id, m->protocol);
	smpp_pdu_set_num(resp, SMPP_F_priority_flag, m->priority);
	/* v3.3 knows yes and no. */
	smpp_pdu_set_num(resp, SMPP_F_registered_delivery,
	    m->registered & SMPP_registered_delivery_receipt_always);
	smpp_pdu_set_num(resp, SMPP_F_data_coding, m->coding);
	smpp_pdu_set_view(resp, SMPP_F_short_message,
	    smpp_view_of(m->text, m->ntext < length ? m->ntext : length));
	smpp_pdu_set_num(
	    resp, SMPP_F_message_state, smpp_mc_message_state(mc, m, SMPP_V33));
	smpp_pdu_set_num(resp, SMPP_F_error_code, smpp_mc_final_error(mc, m));
}

int
smpp_mc_query_details(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	uint8_t octets[255 * (3 + SMPP_MC_ADDR)];
	char id[SMPP_MC_ID_MAX], date[17];
	struct smpp_mc_message *m;
	struct smpp_pdu resp;
	struct smpp_wr list;
	uint32_t status, n;

	m = smpp_mc_asked(s, pdu, SMPP_MC_SHORT, ESME_RQUERYFAIL, &status);
	if (m == NULL) {
		smpp_mc_reply_status(s, pdu, status);
		return 0;
	}
	smpp_wr_init(&list, octets, sizeof(octets));
	n = old_put_dests(&list, s->mc, m);
	smpp_mc_id_write(s->mc, m->serial, SMPP_V33, id);
	smpp_mc_final_date(s->mc, m, date);
	smpp_mc_response(s, pdu, &resp);
	smpp_pdu_set_list(
	    &resp, SMPP_F_dest_address, smpp_view_of(list.p, list.n), n);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_view(&resp, SMPP_F_final_date, smpp_view_str(date));
	old_put_details(&resp, s->mc, m, smpp_pdu_num(pdu, SMPP_F_sm_length));
	smpp_mc_reply(s, pdu, &resp);
	return 0;
}
