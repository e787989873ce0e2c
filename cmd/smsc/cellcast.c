/* Cell broadcasts: broadcast_sm, asking about one and ending it. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "base/wr.h"
#include "ledger.h"

enum { AREAS_MAX = 4096, SCAN_MAX = 10000 };

/* The TLVs that v5.0 demands of a broadcast_sm. */
static bool
cellcast_complete(const struct smpp_pdu *pdu)
{
	return smpp_pdu_tlv(pdu, SMPP_T_broadcast_area_identifier) != NULL &&
	       smpp_pdu_tlv(pdu, SMPP_T_broadcast_content_type) != NULL &&
	       smpp_pdu_tlv(pdu, SMPP_T_broadcast_rep_num) != NULL &&
	       smpp_pdu_tlv(pdu, SMPP_T_broadcast_frequency_interval) != NULL;
}

/* Keeps the areas, each as a TLV. False when there are too many. */
static bool
keep_areas(struct message *m, const struct smpp_pdu *pdu)
{
	uint8_t octets[AREAS_MAX];
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	struct smpp_wr w;

	smpp_wr_init(&w, octets, sizeof(octets));
	smpp_tlv_begin(&it, pdu);
	while (smpp_tlv_next(&it, &t)) {
		if (t.tag != SMPP_T_broadcast_area_identifier)
			continue;
		smpp_wr_u16(&w, t.tag);
		smpp_wr_u16(&w, t.n);
		smpp_wr_view(&w, smpp_tlv_view(&t));
	}
	if (w.bad)
		return false;
	m->areas = malloc(w.n);
	if (m->areas == NULL)
		cmd_nomem();
	memcpy(m->areas, octets, w.n);
	m->nareas = (uint32_t)w.n;
	return true;
}

static void
cellcast_fill(
    struct message *m, const struct peer *p, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *t;

	m->kind = MESSAGE_BROADCAST;
	m->session = p->number;
	m->ver = p->conn.s.ver;
	m->source_ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_ton);
	m->source_npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_npi);
	copy_word(m->source, ADDR_MAX, smpp_pdu_view(pdu, SMPP_F_source_addr));
	copy_word(m->service, sizeof(m->service),
	    smpp_pdu_view(pdu, SMPP_F_service_type));
	t = smpp_pdu_tlv(pdu, SMPP_T_broadcast_content_type);
	memset(m->content, 0, sizeof(m->content));
	memcpy(m->content, t->p, t->n < 3 ? t->n : 3);
	t = smpp_pdu_tlv(pdu, SMPP_T_user_message_reference);
	m->has_reference = t != NULL && t->n == 2;
	if (m->has_reference)
		memcpy(m->reference, t->p, 2);
}

/* A broadcast that replaces another is that one from now on. */
static uint32_t
cellcast_replaced(struct peer *p, const struct smpp_pdu *pdu)
{
	struct message *old;
	uint32_t status;

	if (smpp_pdu_num(pdu, SMPP_F_replace_if_present_flag) == 0 ||
	    smpp_pdu_view(pdu, SMPP_F_message_id).n == 0)
		return ESME_ROK;
	old = message_asked(
	    p, pdu, MESSAGE_BROADCAST, ESME_RREPLACEFAIL, &status);
	if (old == NULL || message_final(p->mc, old))
		return ESME_RREPLACEFAIL;
	message_end(p->mc, old, SMPP_message_state_DELETED, "DELETED");
	return ESME_ROK;
}

static uint32_t
cellcast_take(struct peer *p, const struct smpp_pdu *pdu, struct message **out)
{
	struct smsc *mc = p->mc;
	uint32_t status = cellcast_complete(pdu) ? cellcast_replaced(p, pdu)
						 : ESME_RMISSINGTLV;
	struct message *m;

	if (status != ESME_ROK)
		return status;
	m = *out = store_new(mc, p->account, 0);
	if (m == NULL)
		return ESME_RMSGQFUL;
	cellcast_fill(m, p, pdu);
	status = message_times(mc, m, pdu, fates_draw(mc, &mc->fates));
	if (status == ESME_ROK && !keep_areas(m, pdu))
		status = ESME_RINVBCASTAREAFMT;
	if (status != ESME_ROK)
		m->due = 0;
	store_done(mc, m);
	return status;
}

void
on_broadcast(struct peer *p, const struct smpp_pdu *pdu)
{
	struct message *m;
	struct smpp_pdu resp;
	uint32_t status = cellcast_take(p, pdu, &m);
	char id[ID_MAX];

	if (status != ESME_ROK) {
		peer_refuse(p, pdu, status);
		return;
	}
	p->mc->stats.submits++;
	id_write(p->mc, m->serial, m->ver, id);
	console_line(p, pdu->row->name, "id %s", id);
	smpp_pdu_init(&resp, SMPP_C_broadcast_sm_resp, pdu->sequence_number,
	    p->conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	respond(p, pdu, &resp);
}

static bool
same_reference(const struct message *m, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(
	    pdu, SMPP_T_user_message_reference);

	return t != NULL && t->n == 2 && m->has_reference &&
	       memcmp(t->p, m->reference, 2) == 0;
}

static bool
same_content(const struct message *m, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(
	    pdu, SMPP_T_broadcast_content_type);

	return t != NULL && t->n == 3 && memcmp(t->p, m->content, 3) == 0 &&
	       smpp_view_is(
		   smpp_pdu_view(pdu, SMPP_F_service_type), m->service);
}

/* The newest broadcast of this source that has the reference, or the content
 * and service, which the PDU names instead of an id. */
static struct message *
by_other(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	uint32_t serial = mc->next_serial, n;
	struct message *m = NULL;

	for (n = 0; n < SCAN_MAX && serial != 0; n++, serial--) {
		m = store_find(mc->store, serial);
		if (m != NULL && m->kind == MESSAGE_BROADCAST &&
		    smpp_view_is(
			smpp_pdu_view(pdu, SMPP_F_source_addr), m->source) &&
		    (same_reference(m, pdu) || same_content(m, pdu)))
			break;
		m = NULL;
	}
	mc->work += n;
	return m;
}

static struct message *
cellcast_asked(struct peer *p, const struct smpp_pdu *pdu, uint32_t wrong,
    uint32_t *status)
{
	struct message *m;

	if (smpp_pdu_view(pdu, SMPP_F_message_id).n > 0)
		return message_asked(p, pdu, MESSAGE_BROADCAST, wrong, status);
	m = by_other(p, pdu);
	*status = m == NULL ? wrong : ESME_ROK;
	return m;
}

/* The areas of a broadcast, each followed by how far it got. */
static void
put_areas(struct smpp_pdu *resp, const struct message *m, const uint8_t *share)
{
	const uint8_t *p = m->areas, *end = p + m->nareas;
	struct smpp_rd r;

	smpp_rd_init(&r, smpp_view_of(p, m->nareas));
	while (r.p < end) {
		smpp_rd_u16(&r);
		smpp_pdu_add_tlv(resp, SMPP_T_broadcast_area_identifier,
		    smpp_rd_view(&r, smpp_rd_u16(&r)));
		smpp_pdu_add_tlv(resp, SMPP_T_broadcast_area_success,
		    smpp_view_of(share, 1));
	}
}

void
on_query_broadcast(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	struct smpp_pdu resp;
	struct message *m;
	uint8_t state, share;
	char id[ID_MAX], end[17];
	uint32_t status;

	m = cellcast_asked(p, pdu, ESME_RBCASTQUERYFAIL, &status);
	if (m == NULL) {
		peer_refuse(p, pdu, status);
		return;
	}
	state = message_state(mc, m, SMPP_V50);
	share = state == SMPP_message_state_DELIVERED ? 100 : 0;
	id_write(mc, m->serial, m->ver, id);
	final_date(mc, m, end);
	console_line(p, pdu->row->name, "%s", id);
	smpp_pdu_init(&resp, SMPP_C_query_broadcast_sm_resp,
	    pdu->sequence_number, p->conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_add_tlv(&resp, SMPP_T_message_state, smpp_view_of(&state, 1));
	put_areas(&resp, m, &share);
	if (end[0] != '\0')
		smpp_pdu_add_tlv(
		    &resp, SMPP_T_broadcast_end_time, smpp_view_of(end, 17));
	if (m->has_reference)
		smpp_pdu_add_tlv(&resp, SMPP_T_user_message_reference,
		    smpp_view_of(m->reference, 2));
	respond(p, pdu, &resp);
}

void
on_cancel_broadcast(struct peer *p, const struct smpp_pdu *pdu)
{
	struct message *m;
	uint32_t status;

	m = cellcast_asked(p, pdu, ESME_RBCASTCANCELFAIL, &status);
	if (m != NULL && message_final(p->mc, m)) {
		status = ESME_RBCASTCANCELFAIL;
	} else if (m != NULL) {
		message_end(p->mc, m, SMPP_message_state_DELETED, "DELETED");
		status = ESME_ROK;
	}
	answer_done(p, pdu, status);
}
