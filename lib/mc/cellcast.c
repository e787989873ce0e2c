/* Cell broadcasts: broadcast_sm, asking about one and ending it. */
#include <stdlib.h>
#include <string.h>

#include "base/rd.h"
#include "mc/mc_int.h"
#include "net/io.h"

enum { AREAS_MAX = 4096 };

/* --- broadcast_sm --- */

/* The TLVs that v5.0 demands of a broadcast_sm. */
static bool
cellcast_complete(const struct smpp_pdu *pdu)
{
	return smpp_pdu_tlv(pdu, SMPP_T_broadcast_area_identifier) != NULL &&
	       smpp_pdu_tlv(pdu, SMPP_T_broadcast_content_type) != NULL &&
	       smpp_pdu_tlv(pdu, SMPP_T_broadcast_rep_num) != NULL &&
	       smpp_pdu_tlv(pdu, SMPP_T_broadcast_frequency_interval) != NULL;
}

/* Keeps the areas, each as a TLV: the response of a query repeats them as they
 * came. *status tells when they are too many. */
static int
cellcast_keep_areas(
    struct smpp_mc_message *m, const struct smpp_pdu *pdu, uint32_t *status)
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
	/* An answer to a query has to hold them all, each with its success
	 * beside it. */
	if (w.bad) {
		*status = ESME_RINVBCASTAREAFMT;
		return 0;
	}
	m->areas = malloc(w.n);
	if (m->areas == NULL) {
		*status = ESME_RSYSERR;
		return SMPP_ENOMEM;
	}
	memcpy(m->areas, octets, w.n);
	m->nareas = (uint32_t)w.n;
	return 0;
}

static void
cellcast_fill(struct smpp_mc_message *m, const struct smpp_mc_session *s,
    const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *t;

	m->kind = SMPP_MC_BROADCAST;
	m->session = s->number;
	m->ver = s->ver;
	m->source_ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_ton);
	m->source_npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_npi);
	smpp_mc_copy(
	    m->source, SMPP_MC_ADDR, smpp_pdu_view(pdu, SMPP_F_source_addr));
	smpp_mc_copy(m->service, sizeof(m->service),
	    smpp_pdu_view(pdu, SMPP_F_service_type));
	t = smpp_pdu_tlv(pdu, SMPP_T_broadcast_content_type);
	memset(m->content, 0, sizeof(m->content));
	memcpy(m->content, t->p, t->n < 3 ? t->n : 3);
	t = smpp_pdu_tlv(pdu, SMPP_T_user_message_reference);
	m->has_reference = t != NULL && t->n == 2;
	if (m->has_reference)
		memcpy(m->reference, t->p, 2);
}

/*
 * A broadcast that replaces another ends it, and has an id of its own. Before
 * the new one is made: what cannot be replaced refuses the whole request
 * (ESME_RREPLACEFAIL), and nothing is to be undone then.
 */
static int
cellcast_replace(
    struct smpp_mc_session *s, const struct smpp_pdu *pdu, uint32_t *status)
{
	struct smpp_mc_message *old;

	*status = ESME_ROK;
	if (smpp_pdu_num(pdu, SMPP_F_replace_if_present_flag) == 0 ||
	    smpp_pdu_view(pdu, SMPP_F_message_id).n == 0)
		return 0;
	old = smpp_mc_asked(
	    s, pdu, SMPP_MC_BROADCAST, ESME_RREPLACEFAIL, status);
	if (old != NULL && !smpp_mc_message_final(s->mc, old))
		return smpp_mc_life_end(
		    s->mc, old, SMPP_message_state_DELETED, "DELETED");
	*status = ESME_RREPLACEFAIL;
	return 0;
}

/* Takes a broadcast. Sets *status and, with ESME_ROK, *out. */
static int
cellcast_take(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    uint32_t *status, struct smpp_mc_message **out)
{
	struct smpp_mc *mc = s->mc;
	struct smpp_mc_message *m;
	struct smpp_mc_fate fate;
	int rc;

	*status = ESME_RMISSINGTLV;
	if (!cellcast_complete(pdu))
		return 0;
	rc = cellcast_replace(s, pdu, status);
	if (rc < 0 || *status != ESME_ROK)
		return rc;
	*status = ESME_RMSGQFUL;
	rc = smpp_mc_message_new(mc, s->account, 0, &m);
	if (m == NULL)
		return rc;
	cellcast_fill(m, s, pdu);
	smpp_mc_life_fate(s, pdu, &fate);
	*status = smpp_mc_life_times(mc, m, pdu, &fate);
	if (*status == ESME_ROK)
		rc = cellcast_keep_areas(m, pdu, status);
	if (*status != ESME_ROK)
		m->due = 0;
	/* It has no receipts: when it is over is found out when asked. */
	*out = m;
	smpp_mc_message_set(mc, m, NULL, SMPP_FOREVER);
	return rc;
}

int
smpp_mc_broadcast(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc_message *m = NULL;
	struct smpp_pdu resp;
	char id[SMPP_MC_ID_MAX];
	uint32_t status;
	int rc = cellcast_take(s, pdu, &status, &m);

	if (rc < 0)
		return rc;
	if (status != ESME_ROK) {
		smpp_mc_reply_status(s, pdu, status);
		return 0;
	}
	s->mc->stats.messages++;
	smpp_mc_id_write(s->mc, m->serial, m->ver, id);
	if (s->mc->ops->accepted != NULL)
		s->mc->ops->accepted(s, pdu, id);
	smpp_mc_response(s, pdu, &resp);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_mc_reply(s, pdu, &resp);
	return 0;
}

/* --- which broadcast is meant --- */

static bool
cellcast_reference(const struct smpp_mc_message *m, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(
	    pdu, SMPP_T_user_message_reference);

	return t != NULL && t->n == 2 && m->has_reference &&
	       memcmp(t->p, m->reference, 2) == 0;
}

static bool
cellcast_content(const struct smpp_mc_message *m, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(
	    pdu, SMPP_T_broadcast_content_type);

	return t != NULL && t->n == 3 && memcmp(t->p, m->content, 3) == 0 &&
	       smpp_view_is(
		   smpp_pdu_view(pdu, SMPP_F_service_type), m->service);
}

/* The newest broadcast of this source that has the reference, or the content
 * and service, which the PDU names instead of an id. */
static struct smpp_mc_message *
cellcast_find(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc *mc = s->mc;
	struct smpp_mc_scan scan = smpp_mc_scan_begin(mc, mc->keep->newest);
	struct smpp_view source = smpp_pdu_view(pdu, SMPP_F_source_addr);
	struct smpp_mc_message *m;

	while ((m = smpp_mc_scan_next(&scan)) != NULL)
		if (m->kind == SMPP_MC_BROADCAST &&
		    smpp_view_is(source, m->source) &&
		    (cellcast_reference(m, pdu) || cellcast_content(m, pdu)))
			break;
	return m;
}

static struct smpp_mc_message *
cellcast_asked(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    uint32_t wrong, uint32_t *status)
{
	struct smpp_mc_message *m;

	if (smpp_pdu_view(pdu, SMPP_F_message_id).n > 0)
		return smpp_mc_asked(s, pdu, SMPP_MC_BROADCAST, wrong, status);
	m = cellcast_find(s, pdu);
	*status = m == NULL ? wrong : ESME_ROK;
	return m;
}

/* --- query_broadcast_sm, cancel_broadcast_sm --- */

/* The areas of a broadcast, each followed by how far it got. */
static void
cellcast_put_areas(struct smpp_pdu *resp, const struct smpp_mc_message *m,
    const uint8_t *share)
{
	const uint8_t *end = m->areas + m->nareas;
	struct smpp_rd r;

	smpp_rd_init(&r, smpp_view_of(m->areas, m->nareas));
	while (r.p < end) {
		smpp_rd_u16(&r);
		smpp_pdu_add_tlv(resp, SMPP_T_broadcast_area_identifier,
		    smpp_rd_view(&r, smpp_rd_u16(&r)));
		smpp_pdu_add_tlv(resp, SMPP_T_broadcast_area_success,
		    smpp_view_of(share, 1));
	}
}

/* What there is to be said about a broadcast. */
static void
cellcast_tell(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    const struct smpp_mc_message *m)
{
	uint8_t state = smpp_mc_message_state(s->mc, m, SMPP_V50), share;
	char id[SMPP_MC_ID_MAX], end[17];
	struct smpp_pdu resp;

	/* In per cent; there are no cells here of which a part could have got
	 * it. */
	share = state == SMPP_message_state_DELIVERED ? 100 : 0;
	smpp_mc_id_write(s->mc, m->serial, m->ver, id);
	smpp_mc_final_date(s->mc, m, end);
	smpp_mc_response(s, pdu, &resp);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_add_tlv(&resp, SMPP_T_message_state, smpp_view_of(&state, 1));
	cellcast_put_areas(&resp, m, &share);
	if (end[0] != '\0')
		smpp_pdu_add_tlv(
		    &resp, SMPP_T_broadcast_end_time, smpp_view_of(end, 17));
	if (m->has_reference)
		smpp_pdu_add_tlv(&resp, SMPP_T_user_message_reference,
		    smpp_view_of(m->reference, 2));
	smpp_mc_reply(s, pdu, &resp);
}

int
smpp_mc_query_broadcast(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc_message *m;
	uint32_t status;

	m = cellcast_asked(s, pdu, ESME_RBCASTQUERYFAIL, &status);
	if (m != NULL)
		cellcast_tell(s, pdu, m);
	else
		smpp_mc_reply_status(s, pdu, status);
	return 0;
}

int
smpp_mc_cancel_broadcast(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc_message *m;
	uint32_t status;
	int rc = 0;

	m = cellcast_asked(s, pdu, ESME_RBCASTCANCELFAIL, &status);
	if (m != NULL && smpp_mc_message_final(s->mc, m))
		status = ESME_RBCASTCANCELFAIL;
	else if (m != NULL)
		rc = smpp_mc_life_end(
		    s->mc, m, SMPP_message_state_DELETED, "DELETED");
	smpp_mc_reply_status(s, pdu, status);
	return rc;
}
