/* Taking messages: submit_sm, data_sm, submit_multi. */
#include <string.h>

#include "base/wr.h"
#include "ledger.h"

enum { FAILURE_SIZE = 27, MULTI_MAX = 255, SCAN_MAX = 10000 };

/* Where one message of a request goes. */
struct dest {
	uint8_t ton, npi;
	struct smpp_view addr;
};

void
copy_word(char *out, size_t cap, struct smpp_view v)
{
	size_t n = v.n < cap ? v.n : cap - 1;

	if (n > 0)
		memcpy(out, v.p, n);
	out[n] = '\0';
}

struct smpp_view
submitted_text(const struct smpp_pdu *pdu)
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
	if (text.n > TEXT_KEPT)
		text.n = TEXT_KEPT;
	return text;
}

void
respond(struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *resp)
{
	if (p->conn.s.ver == SMPP_V50 && resp->command_status == ESME_ROK) {
		p->congestion = account_load(p);
		smpp_pdu_add_tlv(resp, SMPP_T_congestion_state,
		    smpp_view_of(&p->congestion, 1));
	}
	peer_answer(p, request, resp);
}

static void
answer_id(struct peer *p, const struct smpp_pdu *pdu, const char *id)
{
	struct smpp_pdu resp;

	smpp_pdu_init(
	    &resp, pdu->row->counterpart, pdu->sequence_number, p->conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	respond(p, pdu, &resp);
}

/* The highest priority_flag of a version. */
static uint32_t
priority_max(enum smpp_ver ver)
{
	return ver == SMPP_V33 ? 1 : ver == SMPP_V34 ? 3 : 4;
}

/* What is wrong with a message wherever it goes. */
static uint32_t
intake_fault(const struct peer *p, const struct smpp_pdu *pdu)
{
	enum smpp_ver ver = p->conn.s.ver;
	bool payload = smpp_pdu_tlv(pdu, SMPP_T_message_payload) != NULL;

	if (smpp_pdu_num(pdu, SMPP_F_priority_flag) > priority_max(ver))
		return ESME_RINVPRTFLG;
	if (smpp_pdu_num(pdu, SMPP_F_replace_if_present_flag) > 1)
		return ESME_RINVREPFLAG;
	if (ver == SMPP_V33 &&
	    smpp_pdu_num(pdu, SMPP_F_registered_delivery) > 1)
		return ESME_RINVREGDLVFLG;
	if (payload && smpp_pdu_view(pdu, SMPP_F_short_message).n > 0)
		return ESME_RTLVNOTALLWD;
	if (pdu->command_id == SMPP_C_data_sm && !payload && ver == SMPP_V50)
		return ESME_RMISSINGTLV;
	return ESME_ROK;
}

/* Copies what a message is remembered by. */
static void
intake_fill(struct message *m, const struct peer *p, const struct smpp_pdu *pdu,
    const struct dest *to)
{
	const struct smpp_tlv *t;
	struct smpp_view text;

	m->session = p->number;
	m->ver = p->conn.s.ver;
	m->registered = (uint8_t)smpp_pdu_num(pdu, SMPP_F_registered_delivery);
	m->source_ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_ton);
	m->source_npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_npi);
	m->dest_ton = to->ton;
	m->dest_npi = to->npi;
	m->protocol = (uint8_t)smpp_pdu_num(pdu, SMPP_F_protocol_id);
	m->priority = (uint8_t)smpp_pdu_num(pdu, SMPP_F_priority_flag);
	m->coding = (uint8_t)smpp_pdu_num(pdu, SMPP_F_data_coding);
	copy_word(m->source, ADDR_MAX, smpp_pdu_view(pdu, SMPP_F_source_addr));
	copy_word(m->dest, ADDR_MAX, to->addr);
	copy_word(m->service, sizeof(m->service),
	    smpp_pdu_view(pdu, SMPP_F_service_type));
	text = submitted_text(pdu);
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

/* Ends the message that a new one says it replaces. */
static void
replace_old(struct smsc *mc, const struct message *by)
{
	uint32_t serial = by->serial - 1, n;
	struct message *m;

	for (n = 0; n < SCAN_MAX && serial != 0; n++, serial--) {
		m = store_find(mc->store, serial);
		if (m == NULL || message_final(mc, m) ||
		    strcmp(m->source, by->source) != 0 ||
		    strcmp(m->dest, by->dest) != 0 ||
		    strcmp(m->service, by->service) != 0)
			continue;
		m->registered = 0;
		message_end(mc, m, SMPP_message_state_DELETED, "DELETED");
		break;
	}
	mc->work += n;
}

/* Hands the message on to a client of that name, or back to its sender. */
static void
loop_back(struct peer *p, struct message *m, const struct smpp_pdu *pdu)
{
	struct account *to = account_find(p->mc, smpp_view_str(m->dest));
	struct smpp_pdu out;

	if (m->state != SMPP_message_state_DELIVERED || to == NULL ||
	    to->sessions == 0)
		return;
	deliver_from(&out, pdu);
	smpp_pdu_set_num(&out, SMPP_F_dest_addr_ton, m->dest_ton);
	smpp_pdu_set_num(&out, SMPP_F_dest_addr_npi, m->dest_npi);
	smpp_pdu_set_view(
	    &out, SMPP_F_destination_addr, smpp_view_str(m->dest));
	m->loop = delivery_new(p->mc, p->account, &out);
}

static void
echo(struct peer *p, const struct message *m, const struct smpp_pdu *pdu)
{
	struct smpp_pdu out;
	struct delivery *d;

	deliver_from(&out, pdu);
	smpp_pdu_set_num(&out, SMPP_F_source_addr_ton, m->dest_ton);
	smpp_pdu_set_num(&out, SMPP_F_source_addr_npi, m->dest_npi);
	smpp_pdu_set_view(&out, SMPP_F_source_addr, smpp_view_str(m->dest));
	smpp_pdu_set_num(&out, SMPP_F_dest_addr_ton, m->source_ton);
	smpp_pdu_set_num(&out, SMPP_F_dest_addr_npi, m->source_npi);
	smpp_pdu_set_view(
	    &out, SMPP_F_destination_addr, smpp_view_str(m->source));
	d = delivery_new(p->mc, p->account, &out);
	if (d != NULL)
		account_deliver(p->account, d);
}

/*
 * Takes the message of a request for one destination. Sets *serial, 0 before
 * the first. Returns the status.
 */
static uint32_t
intake_take(struct peer *p, const struct smpp_pdu *pdu, const struct dest *to,
    uint32_t *serial, struct message **out)
{
	struct smsc *mc = p->mc;
	const struct fate *fate = act_fate(p);
	struct message *m;
	uint32_t status;

	if (to->addr.n == 0)
		return ESME_RINVDSTADR;
	m = store_new(mc, p->account, *serial);
	if (m == NULL)
		return ESME_RMSGQFUL;
	intake_fill(m, p, pdu, to);
	if (p->act != NULL) /* its life begins with the answer */
		m->starts = smsc_time(mc) + act_later(p) * mc->a.time_scale;
	status = message_times(
	    mc, m, pdu, fate != NULL ? fate : fates_draw(mc, &mc->fates));
	if (status != ESME_ROK) {
		m->due = 0;
		m->state = SMPP_message_state_REJECTED;
		store_done(mc, m);
		return status;
	}
	*serial = m->serial;
	*out = m;
	m->account = p->account;
	p->account->holds++;
	if (receipt_early(mc))
		m->due = m->starts;
	if (mc->accounts != NULL)
		loop_back(p, m, pdu);
	if (smpp_pdu_num(pdu, SMPP_F_replace_if_present_flag) == 1)
		replace_old(mc, m);
	mc->stats.submits++;
	return ESME_ROK;
}

void
on_submit(struct peer *p, const struct smpp_pdu *pdu)
{
	struct dest to = {
	    .ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_dest_addr_ton),
	    .npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_dest_addr_npi),
	    .addr = smpp_pdu_view(pdu, SMPP_F_destination_addr),
	};
	uint32_t status = intake_fault(p, pdu), serial = 0;
	struct smsc *mc = p->mc;
	struct message *m;
	char id[ID_MAX];

	if (status == ESME_ROK)
		status = intake_take(p, pdu, &to, &serial, &m);
	if (status != ESME_ROK) {
		peer_refuse(p, pdu, status);
		return;
	}
	id_write(mc, serial, m->ver, id);
	console_message(p, pdu, id);
	if (receipt_early(mc))
		message_begin(mc, m);
	answer_id(p, pdu, id);
	if (mc->a.echo)
		echo(p, m, pdu);
	if (!receipt_early(mc))
		message_begin(mc, m);
}

/* A submit_multi on its way: what it comes to. */
struct multi {
	struct peer *p;
	const struct smpp_pdu *pdu;
	uint32_t serial, status; /* status: of the first that was refused */
	uint32_t failures, taken;
	struct smpp_wr list;
	struct message *m[MULTI_MAX];
};

/* Adds to the list of those that were refused. */
static void
refuse_one(struct multi *x, const struct dest *to, uint32_t status)
{
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
take_one(struct multi *x, const struct dest *to)
{
	struct message *m;
	uint32_t status = ESME_RMSGQFUL;

	if (x->taken < MULTI_MAX)
		status = intake_take(x->p, x->pdu, to, &x->serial, &m);
	if (status != ESME_ROK)
		refuse_one(x, to, status);
	else
		x->m[x->taken++] = m;
}

/* Every member of a distribution list. */
static void
take_list(struct multi *x, struct smpp_view name)
{
	struct dest to = {.addr = name};
	size_t at = 0;

	if (!list_next(x->p->mc, name, &at, &to.addr)) {
		refuse_one(x, &to, ESME_RINVDLNAME);
		return;
	}
	do
		take_one(x, &to);
	while (list_next(x->p->mc, name, &at, &to.addr));
}

static void
intake_take_all(struct multi *x)
{
	const struct smpp_field *row = smpp_field_of(
	    smpp_pdu_body(x->pdu->row, x->p->conn.s.ver), SMPP_F_dest_address);
	struct smpp_item_it it;
	struct dest to = {0};

	smpp_item_begin(
	    &it, row->items, smpp_pdu_view(x->pdu, SMPP_F_dest_address));
	while (smpp_item_next(&it)) {
		if (it.field->name == SMPP_F_dest_addr_ton)
			to.ton = (uint8_t)it.val.num;
		else if (it.field->name == SMPP_F_dest_addr_npi)
			to.npi = (uint8_t)it.val.num;
		to.addr = smpp_view_of(it.val.p, it.val.n);
		if (it.field->name == SMPP_F_destination_addr)
			take_one(x, &to);
		else if (it.field->name == SMPP_F_dl_name)
			take_list(x, to.addr);
	}
}

void
on_submit_multi(struct peer *p, const struct smpp_pdu *pdu)
{
	uint8_t octets[MULTI_MAX * FAILURE_SIZE];
	struct multi x = {.p = p, .pdu = pdu};
	struct smpp_pdu resp;
	char id[ID_MAX];

	smpp_wr_init(&x.list, octets, sizeof(octets));
	x.status = intake_fault(p, pdu);
	if (x.status == ESME_ROK) {
		x.status = ESME_RINVNUMDESTS;
		intake_take_all(&x);
	}
	if (x.taken == 0) {
		peer_refuse(p, pdu, x.status);
		return;
	}
	id_write(p->mc, x.serial, p->conn.s.ver, id);
	console_message(p, pdu, id);
	smpp_pdu_init(&resp, SMPP_C_submit_multi_resp, pdu->sequence_number,
	    p->conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_list(&resp, SMPP_F_unsuccess_sme,
	    smpp_view_of(x.list.p, x.list.n), x.failures);
	respond(p, pdu, &resp);
	p->mc->work += x.taken * WORK_UNIT;
	for (uint32_t i = 0; i < x.taken; i++)
		message_begin(p->mc, x.m[i]);
}
