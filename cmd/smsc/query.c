/* Asking about messages, ending and changing them. */
#include <string.h>

#include "ledger.h"
#include "text/smpptime.h"

enum { SCAN_MAX = 10000 };

static bool
query_same(const char *kept, const struct smpp_pdu *pdu, unsigned name)
{
	return smpp_view_is(smpp_pdu_view(pdu, name), kept);
}

/* Whether a PDU that names a destination or service means this one. */
static bool
query_matches(
    const struct message *m, const struct smpp_pdu *pdu, unsigned name)
{
	const char *kept = name == SMPP_F_service_type ? m->service : m->dest;

	return smpp_pdu_view(pdu, name).n == 0 || query_same(kept, pdu, name);
}

struct message *
message_asked(struct peer *p, const struct smpp_pdu *pdu, unsigned kind,
    uint32_t wrong, uint32_t *status)
{
	uint32_t serial = id_read(p->mc, smpp_pdu_view(pdu, SMPP_F_message_id));
	struct message *m = store_find(p->mc->store, serial);

	*status = ESME_RINVMSGID;
	for (; m != NULL; m = store_again(m)) {
		if (m->kind != kind)
			continue;
		*status = wrong;
		if (query_same(m->source, pdu, SMPP_F_source_addr) &&
		    query_matches(m, pdu, SMPP_F_destination_addr))
			return m;
	}
	return NULL;
}

/* YYMMDDhhmmss and "000+", UTC; nothing for a message that is not at its end.
 */
void
final_date(
    const struct smsc *mc, const struct message *m, char out[SMPP_TIME_SIZE])
{
	struct smpp_date d;
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, out, SMPP_TIME_SIZE - 1, NULL, NULL);
	if (message_final(mc, m)) {
		smpp_date_from_seconds(&d, m->due / 1000);
		smpp_sbuf_printf(&b, "%02u%02u%02u%02u%02u%02u000+",
		    d.year % 100u, d.month, d.day, d.hour, d.minute, d.second);
	}
	out[b.n] = '\0';
}

/* The number of the error of a message that failed, 0 else. */
uint32_t
final_error(const struct smsc *mc, const struct message *m)
{
	uint32_t n = 0;

	if (message_final(mc, m))
		opt_uint(m->err, &n);
	return n;
}

/* Of the messages of one id: one that is not at its end, or the first. */
static struct message *
slowest(struct smsc *mc, struct message *m)
{
	struct message *it;

	for (it = m; it != NULL; it = store_again(it))
		if (!message_final(mc, it))
			return it;
	return m;
}

void
on_query(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	char date[SMPP_TIME_SIZE], id[ID_MAX];
	struct smpp_pdu resp;
	struct message *m;
	uint32_t status;

	m = message_asked(p, pdu, MESSAGE_SHORT, ESME_RQUERYFAIL, &status);
	if (m == NULL) {
		peer_refuse(p, pdu, status);
		return;
	}
	m = slowest(mc, m);
	final_date(mc, m, date);
	id_write(mc, m->serial, p->conn.s.ver, id);
	smpp_pdu_init(
	    &resp, SMPP_C_query_sm_resp, pdu->sequence_number, p->conn.s.ver);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_view(&resp, SMPP_F_final_date, smpp_view_str(date));
	smpp_pdu_set_num(
	    &resp, SMPP_F_message_state, message_state(mc, m, p->conn.s.ver));
	smpp_pdu_set_num(&resp, SMPP_F_error_code, final_error(mc, m));
	console_line(p, pdu->row->name, "%s", id);
	respond(p, pdu, &resp);
}

/* Cancels every message of an id that is not at its end. */
static uint32_t
cancel_id(struct peer *p, const struct smpp_pdu *pdu)
{
	struct message *m;
	uint32_t status, done = 0;

	m = message_asked(p, pdu, MESSAGE_SHORT, ESME_RCANCELFAIL, &status);
	if (m == NULL)
		return status;
	for (; m != NULL; m = store_again(m)) {
		if (message_final(p->mc, m) ||
		    !query_matches(m, pdu, SMPP_F_destination_addr))
			continue;
		message_end(p->mc, m, SMPP_message_state_DELETED, "DELETED");
		done++;
	}
	return done > 0 ? ESME_ROK : ESME_RCANCELFAIL;
}

/* Cancels what one address sent to another, of one service if that is named
 * (v3.4 4.9.1). */
static uint32_t
cancel_addresses(struct peer *p, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	uint32_t serial = mc->next_serial, n, done = 0;
	struct message *m;

	for (n = 0; n < SCAN_MAX && serial != 0; n++, serial--)
		for (m = store_find(mc->store, serial); m != NULL;
		     m = store_again(m)) {
			if (m->kind != MESSAGE_SHORT || message_final(mc, m) ||
			    !query_same(m->source, pdu, SMPP_F_source_addr) ||
			    !query_same(
				m->dest, pdu, SMPP_F_destination_addr) ||
			    !query_matches(m, pdu, SMPP_F_service_type))
				continue;
			message_end(
			    mc, m, SMPP_message_state_DELETED, "DELETED");
			done++;
		}
	mc->work += n;
	return done > 0 ? ESME_ROK : ESME_RCANCELFAIL;
}

void
answer_done(struct peer *p, const struct smpp_pdu *pdu, uint32_t status)
{
	struct smpp_pdu resp;

	if (status != ESME_ROK) {
		peer_refuse(p, pdu, status);
		return;
	}
	console_line(p, pdu->row->name, "done");
	smpp_pdu_init(
	    &resp, pdu->row->counterpart, pdu->sequence_number, p->conn.s.ver);
	respond(p, pdu, &resp);
}

void
on_cancel(struct peer *p, const struct smpp_pdu *pdu)
{
	bool named = smpp_pdu_view(pdu, SMPP_F_message_id).n > 0;

	answer_done(
	    p, pdu, named ? cancel_id(p, pdu) : cancel_addresses(p, pdu));
}

/* Takes over what a replace_sm says; its times count from now on. */
static uint32_t
query_replace(struct peer *p, struct message *m, const struct smpp_pdu *pdu)
{
	struct smsc *mc = p->mc;
	struct fate fate = {.state = m->state, .delay_ms = m->due - m->starts};
	struct message was = *m;
	struct smpp_view text;
	uint32_t status;

	memcpy(fate.stat, m->stat, sizeof(fate.stat));
	memcpy(fate.err, m->err, sizeof(fate.err));
	status = message_times(mc, m, pdu, &fate);
	if (status != ESME_ROK) {
		m->submitted = was.submitted;
		m->starts = was.starts;
		m->expires = was.expires;
		return status;
	}
	m->registered = (uint8_t)smpp_pdu_num(pdu, SMPP_F_registered_delivery);
	text = submitted_text(pdu);
	m->ntext = (uint8_t)text.n;
	if (text.n > 0)
		memcpy(m->text, text.p, text.n);
	if (m->loop != NULL && smpp_pdu_payload(pdu, &text) >= 0)
		m->loop = delivery_text(mc, m->loop, text);
	store_keep(mc, m, p->account);
	timer_stop(&mc->timers, &m->timer);
	message_begin(mc, m);
	return ESME_ROK;
}

void
on_replace(struct peer *p, const struct smpp_pdu *pdu)
{
	struct message *m;
	uint32_t status;

	m = message_asked(p, pdu, MESSAGE_SHORT, ESME_RREPLACEFAIL, &status);
	if (m != NULL && message_final(p->mc, m))
		status = ESME_RREPLACEFAIL;
	else if (m != NULL)
		status = query_replace(p, m, pdu);
	answer_done(p, pdu, status);
}
