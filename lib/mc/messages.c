/* The messages of the centre: made, found, and when they are due. */
#include "mc/mc_int.h"

#include "net/io.h"

int
smpp_mc_message_new(struct smpp_mc *mc, const struct smpp_mc_account *a,
    uint32_t serial, struct smpp_mc_message **m)
{
	struct smpp_keep *k = mc->keep;
	int rc = 0;

	/* However many accounts take all they can get, something is left for
	 * one more. */
	*m = NULL;
	if (k->busy == 0 ||
	    a->messages < SMPP_MC_SHARE * (uint64_t)(k->max - k->busy))
		rc = k->ops->put(k, serial, m);
	mc->stored = k->count;
	return rc;
}

int
smpp_mc_watch(struct smpp_mc *mc)
{
	int64_t at = mc->keep->ops->next(mc->keep);

	/* Of a hundred thousand messages with receipts most are no earlier
	 * than the first one: its timer stays as it is. */
	if (at == SMPP_FOREVER) {
		smpp_timer_stop(mc->conf.timers, &mc->due);
		return 0;
	}
	at = smpp_mc_when(mc, at);
	if (mc->due.slot != 0 && mc->due.at == at)
		return 0;
	return smpp_timer_set(mc->conf.timers, &mc->due, at);
}

int
smpp_mc_message_set(struct smpp_mc *mc, struct smpp_mc_message *m,
    struct smpp_mc_account *a, int64_t at)
{
	struct smpp_mc_account *was = m->account;
	int rc = mc->keep->ops->change(mc->keep, m, at);

	/* The new account has it before the old one may go: they can be the
	 * same. */
	if (at == SMPP_FOREVER || rc != 0)
		a = NULL;
	m->account = a;
	if (a != NULL)
		a->messages++;
	if (was != NULL) {
		was->messages--;
		smpp_mc_account_drop(was);
	}
	/* A timer that runs for nothing does no harm. */
	return rc != 0 || at == SMPP_FOREVER ? rc : smpp_mc_watch(mc);
}

struct smpp_mc_message *
smpp_mc_message_find(const struct smpp_mc *mc, uint32_t serial)
{
	return mc->keep->ops->get(mc->keep, serial, NULL);
}

struct smpp_mc_message *
smpp_mc_message_again(const struct smpp_mc *mc, const struct smpp_mc_message *m)
{
	return mc->keep->ops->get(mc->keep, m->serial, m);
}

struct smpp_mc_scan
smpp_mc_scan_begin(struct smpp_mc *mc, uint32_t serial)
{
	return (struct smpp_mc_scan){
	    .mc = mc, .serial = serial, .left = SMPP_MC_SCAN};
}

struct smpp_mc_message *
smpp_mc_scan_next(struct smpp_mc_scan *scan)
{
	struct smpp_mc_message *m = NULL;

	/* By serial, newest first: there is no index of addresses. The limit
	 * keeps one request from looking at a million. */
	while (m == NULL && scan->left > 0 && scan->serial != 0) {
		m = smpp_mc_message_find(scan->mc, scan->serial--);
		scan->left--;
		scan->mc->work++;
	}
	return m;
}

uint8_t
smpp_mc_message_state(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    enum smpp_ver ver)
{
	int64_t now = smpp_mc_time(mc);

	/*
	 * The end was decided when the message came; here it only comes true
	 * with time, so that messages of which nobody wants a receipt need no
	 * timer.
	 */
	if (now >= m->due)
		return m->state;
	if (now < m->starts && ver == SMPP_V50)
		return SMPP_message_state_SCHEDULED;
	return SMPP_message_state_ENROUTE;
}

bool
smpp_mc_message_final(const struct smpp_mc *mc, const struct smpp_mc_message *m)
{
	return smpp_mc_time(mc) >= m->due;
}
