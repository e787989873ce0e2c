/* The life of a message: scheduled, on its way, and how it ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger.h"
#include "text/smpptime.h"

enum { SECOND = 1000, SLACK_MS = 60 * SECOND };

/* What is done for a message, in this order. */
enum step { STEP_LOOP, STEP_NOTICE, STEP_END };

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

/* The first thing comes true: the fate, or the end of validity. */
static void
life_set_end(struct message *m, const struct fate *fate)
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

uint32_t
message_times(struct smsc *mc, struct message *m, const struct smpp_pdu *pdu,
    const struct fate *fate)
{
	const struct smpp_tlv *ttl;
	int64_t now = smsc_time(mc);

	m->submitted = now;
	if (m->starts == 0)
		m->starts = now;
	if (!life_read_time(smpp_pdu_view(pdu, SMPP_F_schedule_delivery_time),
		pdu->ver, now, &m->starts))
		return ESME_RINVSCHED;
	if (!life_read_time(smpp_pdu_view(pdu, SMPP_F_validity_period),
		pdu->ver, now, &m->expires))
		return ESME_RINVEXPIRY;
	ttl = smpp_pdu_tlv(pdu, SMPP_T_qos_time_to_live);
	if (ttl != NULL)
		m->expires = now + (int64_t)ttl->num * SECOND;
	if (m->expires != 0 && m->expires < m->starts)
		return ESME_RINVEXPIRY;
	life_set_end(m, fate);
	return ESME_ROK;
}

static bool
has_step(const struct message *m, unsigned step)
{
	switch (step) {
	case STEP_LOOP:
		return m->loop != NULL;
	case STEP_NOTICE:
		return m->step < STEP_NOTICE && notice_wanted(m);
	default:
		return !SMPP_IS(
			   registered_delivery, receipt_none, m->registered) ||
		       m->dpf || receipt_wanted(m);
	}
}

static int64_t
step_at(const struct message *m, unsigned step)
{
	if (step == STEP_LOOP)
		return m->starts;
	if (step == STEP_NOTICE)
		return m->starts + (m->due - m->starts) / 2;
	return m->due;
}

static void
do_step(struct smsc *mc, struct message *m, unsigned step)
{
	struct account *to;

	if (step == STEP_NOTICE)
		receipt_send(mc, m, true);
	if (step == STEP_LOOP) {
		to = account_find(mc, smpp_view_str(m->dest));
		if (to != NULL)
			account_deliver(to, m->loop);
		else
			delivery_free(mc, m->loop);
		m->loop = NULL;
	}
	if (step != STEP_END)
		return;
	if (receipt_wanted(m))
		receipt_send(mc, m, false);
	if (m->dpf)
		alert_send(mc, m);
}

/* Does what is due, and sets the timer for what is not. */
static void
life_go_on(struct smsc *mc, struct message *m)
{
	unsigned step;
	int64_t at;

	for (step = m->step; step <= STEP_END; step++) {
		if (!has_step(m, step))
			continue;
		at = step_at(m, step);
		if (at > smsc_time(mc)) {
			m->step = (uint8_t)step;
			timer_set(&mc->timers, &m->timer, smsc_when(mc, at));
			return;
		}
		do_step(mc, m, step);
	}
	store_done(mc, m);
}

static void
life_run(struct timer *t, int64_t now)
{
	struct message *m = t->arg;
	struct smsc *mc = m->account->mc;

	(void)now;
	do_step(mc, m, m->step);
	m->step++;
	life_go_on(mc, m);
}

void
message_begin(struct smsc *mc, struct message *m)
{
	m->timer.fn = life_run;
	m->timer.arg = m;
	life_go_on(mc, m);
}

void
message_end(struct smsc *mc, struct message *m, uint8_t state, const char *stat)
{
	m->state = state;
	m->due = smsc_time(mc);
	if (m->stat[0] != '\0')
		snprintf(m->stat, sizeof(m->stat), "%s", stat);
	if (m->loop != NULL)
		delivery_free(mc, m->loop);
	m->loop = NULL;
	m->dpf = false;
	if (m->listed)
		return;
	timer_stop(&mc->timers, &m->timer);
	m->step = STEP_END;
	life_go_on(mc, m);
}
