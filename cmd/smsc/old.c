/* What only v3.3 has: the last messages, all about one, parameters. */
#include <string.h>

#include "base/version.h"
#include "base/wr.h"
#include "ledger.h"

enum { LAST_MAX = 100, SCAN_MAX = 10000, ID_SIZE = 9 };

void
on_query_last_msgs(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	uint32_t want = smpp_pdu_num(pdu, SMPP_F_no_of_msgs), found = 0, n;
	uint32_t serial = mc->next_serial;
	uint8_t octets[LAST_MAX * ID_SIZE];
	struct smpp_pdu resp;
	struct message *m;
	char id[ID_MAX];
	struct smpp_wr list;

	if (want == 0 || want > LAST_MAX) {
		peer_refuse(p, pdu, ESME_RINVNUMMSGS);
		return;
	}
	smpp_wr_init(&list, octets, sizeof(octets));
	for (n = 0; n < SCAN_MAX && serial != 0 && found < want;
	     n++, serial--) {
		m = store_find(mc->store, serial);
		if (m == NULL || m->kind != MESSAGE_SHORT ||
		    !smpp_view_is(
			smpp_pdu_view(pdu, SMPP_F_source_addr), m->source))
			continue;
		id_write(mc, serial, SMPP_V33, id);
		smpp_wr_cstr(&list, smpp_view_str(id));
		found++;
	}
	mc->work += n;
	console_line(p, pdu->row->name, "%u found", found);
	smpp_pdu_init(&resp, SMPP_C_query_last_msgs_resp, pdu->sequence_number,
	    p->conn.s.ver);
	smpp_pdu_set_list(
	    &resp, SMPP_F_message_ids, smpp_view_of(list.p, list.n), found);
	respond(p, pdu, &resp);
}

/* All destinations of a message, as many as a count can say. */
static uint32_t
put_dests(struct smpp_wr *list, const struct message *m)
{
	uint32_t n = 0;

	for (; m != NULL && n < 254; m = store_again(m), n++) {
		smpp_wr_u8(list, 1);
		smpp_wr_u8(list, m->dest_ton);
		smpp_wr_u8(list, m->dest_npi);
		smpp_wr_cstr(list, smpp_view_str(m->dest));
	}
	return n;
}

static void
put_details(struct smpp_pdu *resp, const struct smsc *mc,
    const struct message *m, uint32_t length)
{
	smpp_pdu_set_view(resp, SMPP_F_service_type, smpp_view_str(m->service));
	smpp_pdu_set_num(resp, SMPP_F_source_addr_ton, m->source_ton);
	smpp_pdu_set_num(resp, SMPP_F_source_addr_npi, m->source_npi);
	smpp_pdu_set_view(resp, SMPP_F_source_addr, smpp_view_str(m->source));
	smpp_pdu_set_num(resp, SMPP_F_protocol_id, m->protocol);
	smpp_pdu_set_num(resp, SMPP_F_priority_flag, m->priority);
	smpp_pdu_set_num(resp, SMPP_F_registered_delivery, m->registered & 1);
	smpp_pdu_set_num(resp, SMPP_F_data_coding, m->coding);
	smpp_pdu_set_view(resp, SMPP_F_short_message,
	    smpp_view_of(m->text, m->ntext < length ? m->ntext : length));
	smpp_pdu_set_num(
	    resp, SMPP_F_message_state, message_state(mc, m, SMPP_V33));
	smpp_pdu_set_num(resp, SMPP_F_error_code, final_error(mc, m));
}

void
on_query_msg_details(struct peer *p, const struct smpp_pdu *pdu)
{
	uint8_t octets[255 * (3 + ADDR_MAX)];
	char id[ID_MAX], date[17];
	struct smpp_pdu resp;
	struct message *m;
	struct smpp_wr list;
	uint32_t status, n;

	m = message_asked(p, pdu, MESSAGE_SHORT, ESME_RQUERYFAIL, &status);
	if (m == NULL) {
		peer_refuse(p, pdu, status);
		return;
	}
	smpp_wr_init(&list, octets, sizeof(octets));
	n = put_dests(&list, m);
	id_write(p->mc, m->serial, SMPP_V33, id);
	final_date(p->mc, m, date);
	console_line(p, pdu->row->name, "%s", id);
	smpp_pdu_init(&resp, SMPP_C_query_msg_details_resp,
	    pdu->sequence_number, p->conn.s.ver);
	smpp_pdu_set_list(
	    &resp, SMPP_F_dest_address, smpp_view_of(list.p, list.n), n);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_view(&resp, SMPP_F_final_date, smpp_view_str(date));
	put_details(&resp, p->mc, m, smpp_pdu_num(pdu, SMPP_F_sm_length));
	respond(p, pdu, &resp);
}

void
on_param_retrieve(struct peer *p, const struct smpp_pdu *pdu)
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
	    p->conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_param_value, smpp_view_str(value));
	respond(p, pdu, &resp);
}
