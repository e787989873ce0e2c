/* The life of a message: scheduled, on its way, and how it ends. */
#include <stdio.h>
#include <string.h>

#include "mc/mc_int.h"
#include "net/io.h"
#include "text/smpptime.h"

/* The clocks of the two sides are not the same: what is over so short a time
 * ago is now. */
enum { SECOND = 1000, SLACK_MS = 60 * SECOND };

/* What is done for a message, in this order. */
enum life_step { LIFE_LOOP, LIFE_NOTICE, LIFE_END };

/* --- times --- */

/* Adds years and months on the calendar, the day clamped, then the rest. */
static int64_t
life_after(int64_t now, const struct smpp_date *by)
{
	struct smpp_date d;
	unsigned month;

	smpp_date_from_seconds(&d, now / SECOND);
	month = d.month - 1u + by->month;
	d.year = (uint16_t)(d.year + by->year + month / 12);
	d.month = (uint8_t)(month % 12 + 1);
	while (d.day > 28 && !smpp_date_exists(&d))
		d.day--;
	return (smpp_date_seconds(&d) + by->day * 86400 + by->hour * 3600 +
		   by->minute * 60 + by->second) *
	       SECOND;
}

/*
 * Reads a time of a request (spec/time.md); *at stays as it is where there is
 * none. False when it is no time of this version, or over.
 */
static bool
life_read_time(struct smpp_view v, enum smpp_ver ver, int64_t now, int64_t *at)
{
	struct smpp_time t;

	if (v.n == 0)
		return true; /* as most of them are */
	if (smpp_time_read(&t, v) >= 0 || t.kind == SMPP_TIME_SHORT)
		return false;
	if (t.kind == SMPP_TIME_RELATIVE && ver == SMPP_V33)
		return false;
	if (t.kind == SMPP_TIME_RELATIVE)
		*at = life_after(now, &t.date);
	else if (t.kind == SMPP_TIME_ABSOLUTE)
		*at = smpp_date_seconds(&t.date) * SECOND;
	else
		return true;
	return *at >= now - SLACK_MS;
}

/* The first thing comes true: the fate, or the end of validity. What becomes
 * of a message is decided here, once, and only told later. */
static void
life_set_end(struct smpp_mc_message *m, const struct smpp_mc_fate *fate)
{
	memcpy(m->stat, fate->stat, sizeof(m->stat));
	memcpy(m->err, fate->err, sizeof(m->err));
	m->state = fate->state;
	m->due = m->starts + fate->delay_ms;
	if (m->expires == 0 || m->expires >= m->due)
		return;
	m->due = m->expires;
	m->state = SMPP_message_state_EXPIRED;
	if (m->stat[0] != '\0')
		strcpy(m->stat, "EXPIRED");
	strcpy(m->err, "000");
}

void
smpp_mc_life_fate(struct smpp_mc_session *s, const struct smpp_pdu *pdu,
    struct smpp_mc_fate *fate)
{
	*fate = (struct smpp_mc_fate){.stat = "DELIVRD",
	    .err = "000",
	    .state = SMPP_message_state_DELIVERED};
	if (s->mc->ops->fate != NULL)
		s->mc->ops->fate(s, pdu, fate);
}

uint32_t
smpp_mc_life_times(struct smpp_mc *mc, struct smpp_mc_message *m,
    const struct smpp_pdu *pdu, const struct smpp_mc_fate *fate)
{
	const struct smpp_tlv *ttl;
	int64_t now = smpp_mc_time(mc);

	m->submitted = now;
	if (m->starts == 0)
		m->starts = now + fate->later_ms * mc->conf.scale;
	if (!life_read_time(smpp_pdu_view(pdu, SMPP_F_schedule_delivery_time),
		pdu->ver, now, &m->starts))
		return ESME_RINVSCHED;
	if (!life_read_time(smpp_pdu_view(pdu, SMPP_F_validity_period),
		pdu->ver, now, &m->expires))
		return ESME_RINVEXPIRY;
	/* It wins over validity_period (time.md). */
	ttl = smpp_pdu_tlv(pdu, SMPP_T_qos_time_to_live);
	if (ttl != NULL)
		m->expires = now + (int64_t)ttl->num * SECOND;
	if (m->expires != 0 && m->expires < m->starts)
		return ESME_RINVEXPIRY;
	life_set_end(m, fate);
	return ESME_ROK;
}

/* --- steps --- */

static bool
life_has(const struct smpp_mc_message *m, unsigned step)
{
	switch (step) {
	case LIFE_LOOP:
		return m->loop != NULL;
	case LIFE_NOTICE:
		return smpp_mc_notice_wanted(m);
	default:
		return !SMPP_IS(
			   registered_delivery, receipt_none, m->registered) ||
		       m->dpf || smpp_mc_receipt_wanted(m);
	}
}

static int64_t
life_at(const struct smpp_mc_message *m, unsigned step)
{
	if (step == LIFE_LOOP)
		return m->starts;
	if (step == LIFE_NOTICE) /* somewhere between: no table says when */
		return m->starts + (m->due - m->starts) / 2;
	return m->due;
}

/* Hands a message on to who has its destination as a name. */
static int
life_loop(struct smpp_mc *mc, struct smpp_mc_message *m)
{
	struct smpp_mc_account *to = smpp_mc_account_find(
	    mc, smpp_view_str(m->dest));
	struct smpp_mc_delivery *d = m->loop;

	/* Before it is delivered, which may free it. */
	m->loop = NULL;
	if (to != NULL)
		return smpp_mc_deliver(to, d);
	smpp_mc_delivery_free(mc, d);
	return 0;
}

static int
life_do(struct smpp_mc *mc, struct smpp_mc_message *m, unsigned step)
{
	int rc = 0;

	if (step == LIFE_LOOP)
		return life_loop(mc, m);
	if (step == LIFE_NOTICE)
		return smpp_mc_receipt(mc, m, true);
	if (smpp_mc_receipt_wanted(m))
		rc = smpp_mc_receipt(mc, m, false);
	if (rc == 0 && m->dpf)
		rc = smpp_mc_alert(mc, m);
	return rc;
}

/* Does what is due, and has the rest be done at its time. What is passed over
 * stays to be done: replace_sm may ask for it yet. */
static int
life_go_on(struct smpp_mc *mc, struct smpp_mc_message *m)
{
	unsigned step;
	int64_t at;
	int rc;

	for (step = m->step; step <= LIFE_END; step++) {
		if (!life_has(m, step))
			continue;
		at = life_at(m, step);
		if (at > smpp_mc_time(mc)) {
			m->step = (uint8_t)step;
			return smpp_mc_message_set(mc, m, m->account, at);
		}
		rc = life_do(mc, m, step);
		if (rc < 0)
			return rc;
		m->step = (uint8_t)(step + 1);
	}
	return smpp_mc_message_set(mc, m, NULL, SMPP_FOREVER);
}

/* Only one message each time: other timers have their turn between. */
void
smpp_mc_life_turn(struct smpp_timer *t, int64_t now)
{
	struct smpp_mc *mc = t->arg;
	struct smpp_mc_message *m;
	int rc;

	(void)now;
	m = mc->keep->ops->due(mc->keep, smpp_mc_time(mc));
	smpp_mc_watch(mc); /* before another timer takes the place of ours */
	rc = m == NULL ? 0 : life_go_on(mc, m);
	if (rc == 0)
		return;
	smpp_mc_message_set(
	    mc, m, m->account, smpp_mc_time(mc) + SMPP_MC_AGAIN_MS);
	if (mc->ops->failed != NULL)
		mc->ops->failed(mc, rc);
}

int
smpp_mc_life_begin(struct smpp_mc *mc, struct smpp_mc_message *m)
{
	int rc = life_go_on(mc, m);

	if (rc < 0)
		smpp_mc_message_set(mc, m, NULL, SMPP_FOREVER);
	return rc;
}

int
smpp_mc_life_end(struct smpp_mc *mc, struct smpp_mc_message *m, uint8_t state,
    const char *stat)
{
	m->state = state;
	m->due = smpp_mc_time(mc);
	if (m->stat[0] != '\0')
		snprintf(m->stat, sizeof(m->stat), "%s", stat);
	smpp_mc_delivery_free(mc, m->loop);
	m->loop = NULL;
	m->dpf = false;
	if (m->account == NULL)
		return 0;
	m->step = LIFE_END;
	return smpp_mc_life_begin(mc, m);
}
