/* Taking messages: submit_sm, data_sm, submit_multi. */
#include <string.h>

#include "mc/mc_int.h"
#include "net/io.h"

enum { FAILURE_SIZE = 27, MULTI_MAX = 255 };

/* Where one message of a request goes. */
struct intake_dest {
	uint8_t ton, npi;
	struct smpp_view addr;
};

/* --- one message --- */

struct smpp_view
smpp_mc_text(const struct smpp_pdu *pdu)
{
	struct smpp_view text;
	uint32_t skip;

	if (smpp_pdu_payload(pdu, &text) < 0)
		return (struct smpp_view){NULL, 0};
	skip = smpp_pdu_num(pdu, SMPP_F_esm_class) & SMPP_esm_class_udhi &&
		       text.n > 0
		   ? text.p[0] + 1u /* the user data header */
		   : 0;
	if (skip > text.n)
		skip = text.n;
	text.p += skip;
	text.n -= skip;
	if (text.n > SMPP_MC_TEXT)
		text.n = SMPP_MC_TEXT;
	return text;
}

/* The highest priority_flag of a version. 0 and 1 in v3.3, 0 to 3 in v3.4;
 * v5.0 has 4 for cell broadcasts (versions.md). */
static uint32_t
intake_priority_max(enum smpp_ver ver)
{
	return ver == SMPP_V33 ? 1 : ver == SMPP_V34 ? 3 : 4;
}

/* What is wrong with a message wherever it goes. */
static uint32_t
intake_fault(const struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	bool payload = smpp_pdu_tlv(pdu, SMPP_T_message_payload) != NULL;

	if (smpp_pdu_num(pdu, SMPP_F_priority_flag) >
	    intake_priority_max(s->ver))
		return ESME_RINVPRTFLG;
	if (smpp_pdu_num(pdu, SMPP_F_replace_if_present_flag) > 1)
		return ESME_RINVREPFLAG;
	if (s->ver == SMPP_V33 &&
	    smpp_pdu_num(pdu, SMPP_F_registered_delivery) > 1)
		return ESME_RINVREGDLVFLG;
	/* They exclude each other (versions.md, compatibility rule 9). */
	if (payload && smpp_pdu_view(pdu, SMPP_F_short_message).n > 0)
		return ESME_RTLVNOTALLWD;
	if (pdu->command_id == SMPP_C_data_sm && !payload && s->ver == SMPP_V50)
		return ESME_RMISSINGTLV;
	return ESME_ROK;
}

/* Copies what a message is remembered by. */
static void
intake_fill(struct smpp_mc_message *m, const struct smpp_mc_session *s,
    const struct smpp_pdu *pdu, const struct intake_dest *to)
{
	const struct smpp_tlv *t;
	struct smpp_view text;

	m->session = s->number;
	m->ver = s->ver;
	m->registered = (uint8_t)smpp_pdu_num(pdu, SMPP_F_registered_delivery);
	m->source_ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_ton);
	m->source_npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_npi);
	m->dest_ton = to->ton;
	m->dest_npi = to->npi;
	m->protocol = (uint8_t)smpp_pdu_num(pdu, SMPP_F_protocol_id);
	m->priority = (uint8_t)smpp_pdu_num(pdu, SMPP_F_priority_flag);
	m->coding = (uint8_t)smpp_pdu_num(pdu, SMPP_F_data_coding);
	smpp_mc_copy(
	    m->source, SMPP_MC_ADDR, smpp_pdu_view(pdu, SMPP_F_source_addr));
	smpp_mc_copy(m->dest, SMPP_MC_ADDR, to->addr);
	smpp_mc_copy(m->service, sizeof(m->service),
	    smpp_pdu_view(pdu, SMPP_F_service_type));
	text = smpp_mc_text(pdu);
	m->ntext = (uint8_t)text.n;
	if (text.n > 0)
		memcpy(m->text, text.p, text.n);
	if (pdu->ntlv == 0)
		return;
	t = smpp_pdu_tlv(pdu, SMPP_T_user_message_reference);
	if (t != NULL && t->n == 2) {
		m->has_reference = true;
		memcpy(m->reference, t->p, 2);
	}
	t = smpp_pdu_tlv(pdu, SMPP_T_set_dpf);
	m->dpf = t != NULL && t->num == 1;
}

/* Ends the message that a new one says it replaces: the last one with its
 * addresses and service that is not at its end (v3.4 5.2.18). It gets no
 * receipt, for its sender knows. */
static int
intake_replace(struct smpp_mc *mc, const struct smpp_mc_message *by)
{
	struct smpp_mc_scan scan = smpp_mc_scan_begin(mc, by->serial - 1);
	struct smpp_mc_message *m;

	while ((m = smpp_mc_scan_next(&scan)) != NULL) {
		if (smpp_mc_message_final(mc, m) ||
		    strcmp(m->source, by->source) != 0 ||
		    strcmp(m->dest, by->dest) != 0 ||
		    strcmp(m->service, by->service) != 0)
			continue;
		m->registered = 0;
		return smpp_mc_life_end(
		    mc, m, SMPP_message_state_DELETED, "DELETED");
	}
	return 0;
}

/* Has the message handed on to a client of that name, if it is there now: it
 * may have left when the message starts. */
static int
intake_loop(struct smpp_mc_session *s, struct smpp_mc_message *m,
    const struct smpp_pdu *pdu)
{
	struct smpp_mc_account *to = smpp_mc_account_find(
	    s->mc, smpp_view_str(m->dest));
	struct smpp_pdu out;

	if (m->state != SMPP_message_state_DELIVERED || to == NULL ||
	    to->sessions == 0)
		return 0;
	smpp_mc_hand_on(&out, pdu);
	smpp_pdu_set_num(&out, SMPP_F_dest_addr_ton, m->dest_ton);
	smpp_pdu_set_num(&out, SMPP_F_dest_addr_npi, m->dest_npi);
	smpp_pdu_set_view(
	    &out, SMPP_F_destination_addr, smpp_view_str(m->dest));
	return smpp_mc_delivery_new(s->mc, s->account, &out, &m->loop);
}

/*
 * A message that was taken and refused after all. Its serial is not given
 * back: ids count up, and one is left out. From now on it may be forgotten, as
 * any that is over.
 */
static void
intake_undo(struct smpp_mc *mc, struct smpp_mc_message *m)
{
	m->due = 0;
	m->state = SMPP_message_state_REJECTED;
	smpp_mc_message_set(mc, m, NULL, SMPP_FOREVER);
}

/*
 * Takes the message of a request for one destination; serial is that of an
 * earlier one, or 0. Sets *status and, with ESME_ROK, *out. Returns 0 or
 * SMPP_ENOMEM.
 */
static int
intake_take(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    const struct intake_dest *to, uint32_t serial, uint32_t *status,
    struct smpp_mc_message **out)
{
	struct smpp_mc *mc = s->mc;
	struct smpp_mc_fate fate;
	struct smpp_mc_message *m;
	int rc;

	*status = ESME_RINVDSTADR;
	if (to->addr.n == 0)
		return 0;
	*status = ESME_RMSGQFUL;
	rc = smpp_mc_message_new(mc, s->account, serial, &m);
	if (m == NULL)
		return rc;
	intake_fill(m, s, pdu, to);
	smpp_mc_life_fate(s, pdu, &fate);
	*status = smpp_mc_life_times(mc, m, pdu, &fate);
	if (*status == ESME_ROK)
		rc = intake_loop(s, m, pdu);
	if (rc < 0)
		*status = ESME_RSYSERR;
	if (*status != ESME_ROK) {
		intake_undo(mc, m);
		return rc;
	}
	*out = m;
	/* Other destinations of the same request have to find their room in
	 * what this one leaves, so it counts before its life begins. */
	m->account = s->account;
	s->account->messages++;
	if (mc->conf.style & SMPP_MC_STYLE_EARLY)
		m->due = m->starts;
	mc->stats.messages++;
	if (smpp_pdu_num(pdu, SMPP_F_replace_if_present_flag) == 1)
		rc = intake_replace(mc, m);
	return rc;
}

static void
intake_accepted(
    struct smpp_mc_session *s, const struct smpp_pdu *pdu, const char *id)
{
	if (s->mc->ops->accepted != NULL)
		s->mc->ops->accepted(s, pdu, id);
}

/* --- submit_sm, data_sm --- */

int
smpp_mc_submit(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	const struct intake_dest to = {
	    .ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_dest_addr_ton),
	    .npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_dest_addr_npi),
	    .addr = smpp_pdu_view(pdu, SMPP_F_destination_addr),
	};
	const bool early = s->mc->conf.style & SMPP_MC_STYLE_EARLY;
	uint32_t status = intake_fault(s, pdu);
	struct smpp_mc_message *m;
	struct smpp_pdu resp;
	char id[SMPP_MC_ID_MAX];
	int rc = 0, begun = 0;

	if (status == ESME_ROK)
		rc = intake_take(s, pdu, &to, 0, &status, &m);
	if (status != ESME_ROK) {
		smpp_mc_reply_status(s, pdu, status);
		return rc;
	}
	/* A receipt must not overtake the response that names its id, unless
	 * that is wanted: then it must not come after it. */
	smpp_mc_id_write(s->mc, m->serial, m->ver, id);
	intake_accepted(s, pdu, id);
	if (early)
		begun = smpp_mc_life_begin(s->mc, m);
	smpp_mc_response(s, pdu, &resp);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_mc_reply(s, pdu, &resp);
	if (!early)
		begun = smpp_mc_life_begin(s->mc, m);
	return rc < 0 ? rc : begun;
}

/* --- submit_multi --- */

/* A submit_multi on its way: what it comes to. status is that of the first
 * that was refused. */
struct intake_multi {
	struct smpp_mc_session *s;
	const struct smpp_pdu *pdu;
	uint32_t status;
	uint32_t failures, taken;
	int rc;
	struct smpp_wr list;
	struct smpp_mc_message *m[MULTI_MAX];
};

/* Adds to the list of those that were refused. */
static void
intake_refuse_one(
    struct intake_multi *x, const struct intake_dest *to, uint32_t status)
{
	/* no_unsuccess is one octet. A distribution list can refuse more than
	 * that. */
	if (x->failures == MULTI_MAX)
		return;
	if (x->failures++ == 0)
		x->status = status;
	smpp_wr_u8(&x->list, to->ton);
	smpp_wr_u8(&x->list, to->npi);
	smpp_wr_cstr(&x->list, to->addr);
	smpp_wr_u32(&x->list, status);
}

static void
intake_take_one(struct intake_multi *x, const struct intake_dest *to)
{
	/* All destinations that are taken share the id of the response. */
	uint32_t serial = x->taken == 0 ? 0 : x->m[0]->serial;
	uint32_t status = ESME_RMSGQFUL;
	int rc = 0;

	if (x->taken < MULTI_MAX)
		rc = intake_take(
		    x->s, x->pdu, to, serial, &status, &x->m[x->taken]);
	if (rc < 0)
		x->rc = rc;
	if (status != ESME_ROK)
		intake_refuse_one(x, to, status);
	else
		x->taken++;
}

/* Every member of a distribution list. */
static void
intake_take_list(struct intake_multi *x, struct smpp_view name)
{
	struct smpp_mc *mc = x->s->mc;
	struct intake_dest to = {.addr = name};
	size_t at = 0;

	if (mc->ops->list == NULL || !mc->ops->list(mc, name, &at, &to.addr)) {
		intake_refuse_one(x, &to, ESME_RINVDLNAME);
		return;
	}
	do
		intake_take_one(x, &to);
	while (mc->ops->list(mc, name, &at, &to.addr));
}

static void
intake_take_all(struct intake_multi *x)
{
	const struct smpp_field *row = smpp_field_of(
	    smpp_pdu_body(x->pdu->row, x->s->ver), SMPP_F_dest_address);
	struct smpp_item_it it;
	struct intake_dest to = {0};

	smpp_item_begin(
	    &it, row->items, smpp_pdu_view(x->pdu, SMPP_F_dest_address));
	while (smpp_item_next(&it)) {
		if (it.field->name == SMPP_F_dest_addr_ton)
			to.ton = (uint8_t)it.val.num;
		else if (it.field->name == SMPP_F_dest_addr_npi)
			to.npi = (uint8_t)it.val.num;
		to.addr = smpp_view_of(it.val.p, it.val.n);
		if (it.field->name == SMPP_F_destination_addr)
			intake_take_one(x, &to);
		else if (it.field->name == SMPP_F_dl_name)
			intake_take_list(x, to.addr);
	}
}

/* Tells the id, and who did not get one. */
static void
intake_reply(struct intake_multi *x)
{
	struct smpp_mc_session *s = x->s;
	struct smpp_pdu resp;
	char id[SMPP_MC_ID_MAX];

	smpp_mc_id_write(s->mc, x->m[0]->serial, s->ver, id);
	intake_accepted(s, x->pdu, id);
	smpp_mc_response(s, x->pdu, &resp);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_list(&resp, SMPP_F_unsuccess_sme,
	    smpp_view_of(x->list.p, x->list.n), x->failures);
	smpp_mc_reply(s, x->pdu, &resp);
}

int
smpp_mc_submit_multi(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	uint8_t octets[MULTI_MAX * FAILURE_SIZE];
	struct intake_multi x = {.s = s, .pdu = pdu};
	int rc;

	smpp_wr_init(&x.list, octets, sizeof(octets));
	x.status = intake_fault(s, pdu);
	if (x.status == ESME_ROK) {
		/* If nobody is taken and nobody refused, there was nobody. */
		x.status = ESME_RINVNUMDESTS;
		intake_take_all(&x);
	}
	if (x.taken == 0) {
		smpp_mc_reply_status(s, pdu, x.status);
		return x.rc;
	}
	/* Begun behind the response, as in smpp_mc_submit(). */
	intake_reply(&x);
	/* One request of 254 messages is as much work as 254 requests: others
	 * have their turn accordingly. */
	s->mc->work += x.taken * SMPP_MC_WORK;
	for (uint32_t i = 0; i < x.taken; i++) {
		rc = smpp_mc_life_begin(s->mc, x.m[i]);
		if (rc < 0)
			x.rc = rc;
	}
	return x.rc;
}
