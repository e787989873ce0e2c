/* Asking about messages, ending and changing them. */
#include <string.h>

#include "mc/mc_int.h"
#include "text/smpptime.h"

static bool
query_same(const char *kept, const struct smpp_pdu *pdu, unsigned name)
{
	return smpp_view_is(smpp_pdu_view(pdu, name), kept);
}

/* Whether a PDU that names a destination or service means this one. */
static bool
query_matches(
    const struct smpp_mc_message *m, const struct smpp_pdu *pdu, unsigned name)
{
	const char *kept = name == SMPP_F_service_type ? m->service : m->dest;

	return smpp_pdu_view(pdu, name).n == 0 || query_same(kept, pdu, name);
}

/*
 * By id and source (v3.4 4.8): ids alone do not tell whose message it is.
 * wrong is what such a request is told, ESME_RINVMSGID is for an id that there
 * is none of.
 */
struct smpp_mc_message *
smpp_mc_asked(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    unsigned kind, uint32_t wrong, uint32_t *status)
{
	struct smpp_mc *mc = s->mc;
	uint32_t serial = smpp_mc_id_read(
	    mc, smpp_pdu_view(pdu, SMPP_F_message_id));
	struct smpp_mc_message *m = smpp_mc_message_find(mc, serial);

	*status = ESME_RINVMSGID;
	for (; m != NULL; m = smpp_mc_message_again(mc, m)) {
		if (m->kind != kind)
			continue;
		*status = wrong;
		if (query_same(m->source, pdu, SMPP_F_source_addr) &&
		    query_matches(m, pdu, SMPP_F_destination_addr)) {
			*status = ESME_ROK;
			return m;
		}
	}
	return NULL;
}

/* --- query_sm --- */

/* YYMMDDhhmmss and "000+", UTC. */
void
smpp_mc_final_date(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    char out[SMPP_TIME_SIZE])
{
	struct smpp_date d;
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, out, SMPP_TIME_SIZE - 1, NULL, NULL);
	if (smpp_mc_message_final(mc, m)) {
		smpp_date_from_seconds(&d, m->due / 1000);
		smpp_sbuf_printf(&b, "%02u%02u%02u%02u%02u%02u000+",
		    d.year % 100u, d.month, d.day, d.hour, d.minute, d.second);
	}
	out[b.n] = '\0';
}

uint32_t
smpp_mc_final_error(const struct smpp_mc *mc, const struct smpp_mc_message *m)
{
	uint32_t n = 0;

	if (!smpp_mc_message_final(mc, m))
		return 0;
	/* err of a receipt may have letters; error_code of a response is a
	 * number. */
	for (const char *p = m->err; *p >= '0' && *p <= '9'; p++)
		n = n * 10 + (uint32_t)(*p - '0');
	return n;
}

/* Of the messages of one id: one that is not at its end, or the first. Who
 * asks hears that it goes on until all of it is over. */
static struct smpp_mc_message *
query_slowest(struct smpp_mc *mc, struct smpp_mc_message *m)
{
	struct smpp_mc_message *it;

	for (it = m; it != NULL; it = smpp_mc_message_again(mc, it))
		if (!smpp_mc_message_final(mc, it))
			return it;
	return m;
}

int
smpp_mc_query(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc *mc = s->mc;
	char date[SMPP_TIME_SIZE], id[SMPP_MC_ID_MAX];
	struct smpp_mc_message *m;
	struct smpp_pdu resp;
	uint32_t status;

	m = smpp_mc_asked(s, pdu, SMPP_MC_SHORT, ESME_RQUERYFAIL, &status);
	if (m == NULL) {
		smpp_mc_reply_status(s, pdu, status);
		return 0;
	}
	m = query_slowest(mc, m);
	smpp_mc_final_date(mc, m, date);
	smpp_mc_id_write(mc, m->serial, s->ver, id);
	smpp_mc_response(s, pdu, &resp);
	smpp_pdu_set_view(&resp, SMPP_F_message_id, smpp_view_str(id));
	smpp_pdu_set_view(&resp, SMPP_F_final_date, smpp_view_str(date));
	smpp_pdu_set_num(
	    &resp, SMPP_F_message_state, smpp_mc_message_state(mc, m, s->ver));
	smpp_pdu_set_num(&resp, SMPP_F_error_code, smpp_mc_final_error(mc, m));
	smpp_mc_reply(s, pdu, &resp);
	return 0;
}

/* --- cancel_sm --- */

/* Ends a message, unless it is at its end. Counts it. */
static int
query_cancel(struct smpp_mc *mc, struct smpp_mc_message *m, uint32_t *done)
{
	if (smpp_mc_message_final(mc, m))
		return 0;
	++*done;
	return smpp_mc_life_end(mc, m, SMPP_message_state_DELETED, "DELETED");
}

/* Cancels every message of an id that is not at its end. */
static int
query_cancel_id(
    struct smpp_mc_session *s, const struct smpp_pdu *pdu, uint32_t *status)
{
	struct smpp_mc_message *m;
	uint32_t done = 0;
	int rc = 0;

	m = smpp_mc_asked(s, pdu, SMPP_MC_SHORT, ESME_RCANCELFAIL, status);
	if (m == NULL)
		return 0;
	for (; m != NULL && rc == 0; m = smpp_mc_message_again(s->mc, m))
		if (query_matches(m, pdu, SMPP_F_destination_addr))
			rc = query_cancel(s->mc, m, &done);
	*status = done > 0 ? ESME_ROK : ESME_RCANCELFAIL;
	return rc;
}

/* Cancels what one address sent to another, of one service if that is named
 * (v3.4 4.9.1). */
static int
query_cancel_addresses(
    struct smpp_mc_session *s, const struct smpp_pdu *pdu, uint32_t *status)
{
	struct smpp_mc *mc = s->mc;
	struct smpp_mc_scan scan = smpp_mc_scan_begin(mc, mc->keep->newest);
	struct smpp_mc_message *m;
	uint32_t done = 0;
	int rc = 0;

	while (rc == 0 && (m = smpp_mc_scan_next(&scan)) != NULL)
		for (; m != NULL && rc == 0; m = smpp_mc_message_again(mc, m))
			if (m->kind == SMPP_MC_SHORT &&
			    query_same(m->source, pdu, SMPP_F_source_addr) &&
			    query_same(m->dest, pdu, SMPP_F_destination_addr) &&
			    query_matches(m, pdu, SMPP_F_service_type))
				rc = query_cancel(mc, m, &done);
	*status = done > 0 ? ESME_ROK : ESME_RCANCELFAIL;
	return rc;
}

int
smpp_mc_cancel(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	bool named = smpp_pdu_view(pdu, SMPP_F_message_id).n > 0;
	uint32_t status;
	int rc;

	rc = named ? query_cancel_id(s, pdu, &status)
		   : query_cancel_addresses(s, pdu, &status);
	smpp_mc_reply_status(s, pdu, status);
	return rc;
}

/* --- replace_sm --- */

/* The fate that a message has, to be counted from another time. */
static struct smpp_mc_fate
query_fate(const struct smpp_mc_message *m)
{
	struct smpp_mc_fate fate = {
	    .state = m->state, .delay_ms = m->due - m->starts};

	memcpy(fate.stat, m->stat, sizeof(fate.stat));
	memcpy(fate.err, m->err, sizeof(fate.err));
	return fate;
}

/* Takes over what a replace_sm says; its times count from now on. */
static int
query_replace(struct smpp_mc_session *s, struct smpp_mc_message *m,
    const struct smpp_pdu *pdu, uint32_t *status)
{
	const struct smpp_mc_fate fate = query_fate(m);
	const struct smpp_mc_message was = *m;
	struct smpp_view text;
	int rc = 0;

	*status = smpp_mc_life_times(s->mc, m, pdu, &fate);
	if (*status == ESME_ROK && m->loop != NULL &&
	    smpp_pdu_payload(pdu, &text) >= 0)
		rc = smpp_mc_delivery_text(s->mc, &m->loop, text);
	if (rc < 0)
		*status = ESME_RSYSERR;
	/* What smpp_mc_life_times() set so far is taken back. */
	if (*status != ESME_ROK) {
		m->submitted = was.submitted;
		m->starts = was.starts;
		m->expires = was.expires;
		m->due = was.due;
		m->state = was.state;
		memcpy(m->stat, was.stat, sizeof(m->stat));
		memcpy(m->err, was.err, sizeof(m->err));
		return rc;
	}
	m->registered = (uint8_t)smpp_pdu_num(pdu, SMPP_F_registered_delivery);
	text = smpp_mc_text(pdu);
	m->ntext = (uint8_t)text.n;
	if (text.n > 0)
		memcpy(m->text, text.p, text.n);
	rc = smpp_mc_message_set(
	    s->mc, m, m->account != NULL ? m->account : s->account, m->due);
	return rc < 0 ? rc : smpp_mc_life_begin(s->mc, m);
}

int
smpp_mc_replace(struct smpp_mc_session *s, const struct smpp_pdu *pdu)
{
	struct smpp_mc_message *m;
	uint32_t status;
	int rc = 0;

	m = smpp_mc_asked(s, pdu, SMPP_MC_SHORT, ESME_RREPLACEFAIL, &status);
	if (m != NULL && smpp_mc_message_final(s->mc, m))
		status = ESME_RREPLACEFAIL;
	else if (m != NULL)
		rc = query_replace(s, m, pdu, &status);
	smpp_mc_reply_status(s, pdu, status);
	return rc;
}
