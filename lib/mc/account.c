/* Accounts of a message centre: who may bind, and how much may be sent. */
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "mc/mc_int.h"
#include "net/cidr.h"

enum { ACCOUNT_BUCKETS = 4096 };

static struct smpp_mc_account **
account_bucket(const struct smpp_mc *mc, struct smpp_view id)
{
	return &mc->accounts[smpp_hash32(SMPP_HASH32, id.p, id.n) %
			     ACCOUNT_BUCKETS];
}

struct smpp_mc_account *
smpp_mc_account_find(const struct smpp_mc *mc, struct smpp_view system_id)
{
	struct smpp_mc_account *a =
	    mc->accounts == NULL ? NULL : *account_bucket(mc, system_id);

	while (a != NULL && !smpp_view_is(system_id, a->system_id))
		a = a->next;
	return a;
}

struct smpp_mc_account *
smpp_mc_receiver(const struct smpp_mc *mc, struct smpp_view system_id)
{
	struct smpp_mc_account *a = smpp_mc_account_find(mc, system_id);

	return a == NULL || a->first == NULL ? NULL : a;
}

/* Deliveries that waited long enough. */
static void
account_run_out(struct smpp_timer *t, int64_t now)
{
	struct smpp_mc_account *a = t->arg;
	struct smpp_mc *mc = a->mc;
	int rc;

	/* It can be set again now, and need not be when there is no memory. */
	smpp_timer_set(mc->conf.timers, t, now + SMPP_MC_AGAIN_MS);
	rc = smpp_mc_account_flush(a);
	if (rc < 0)
		smpp_timer_set(mc->conf.timers, t, now + SMPP_MC_AGAIN_MS);
	if (rc < 0 && mc->ops->failed != NULL)
		mc->ops->failed(mc, rc);
	smpp_mc_account_drop(a);
}

struct smpp_mc_account *
smpp_mc_account_make(struct smpp_mc *mc, struct smpp_view system_id)
{
	struct smpp_mc_account *a = calloc(1, sizeof(*a)), **at;

	if (mc->accounts == NULL)
		mc->accounts = calloc(
		    ACCOUNT_BUCKETS, sizeof(struct smpp_mc_account *));
	if (a == NULL || mc->accounts == NULL) {
		free(a);
		return NULL;
	}
	memcpy(a->system_id, system_id.p, system_id.n);
	a->mc = mc;
	a->timer = (struct smpp_timer){.fn = account_run_out, .arg = a};
	at = account_bucket(mc, system_id);
	a->next = *at;
	*at = a;
	return a;
}

static void
account_empty(struct smpp_mc_account *a, struct smpp_mc_queue *q)
{
	struct smpp_mc_delivery *d;

	while ((d = q->first) != NULL) {
		q->first = d->next;
		smpp_mc_delivery_free(a->mc, d);
	}
}

static void
account_free(struct smpp_mc_account *a)
{
	struct smpp_mc_account **at = account_bucket(
	    a->mc, smpp_view_str(a->system_id));

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	smpp_timer_stop(a->mc->conf.timers, &a->timer);
	account_empty(a, &a->waiting);
	account_empty(a, &a->later);
	free(a);
}

void
smpp_mc_account_drop(struct smpp_mc_account *a)
{
	/* Any system_id may bind where no accounts are listed, so accounts
	 * come and go: kept for ever they would fill the memory. */
	if (a->allow == NULL && a->sessions == 0 && a->messages == 0 &&
	    a->waiting.first == NULL && a->later.first == NULL)
		account_free(a);
}

void
smpp_mc_accounts_free(struct smpp_mc *mc)
{
	for (unsigned i = 0; mc->accounts != NULL && i < ACCOUNT_BUCKETS; i++)
		while (mc->accounts[i] != NULL)
			account_free(mc->accounts[i]);
	free(mc->accounts);
	mc->accounts = NULL;
}

/* --- conditions --- */

/* Lets go of all accounts that nothing is left of. */
static void
account_sweep(struct smpp_mc *mc)
{
	struct smpp_mc_account *a, *next;

	for (unsigned i = 0; mc->accounts != NULL && i < ACCOUNT_BUCKETS; i++)
		for (a = mc->accounts[i]; a != NULL; a = next) {
			next = a->next;
			smpp_mc_account_drop(a);
		}
}

static void
account_lift(struct smpp_mc *mc)
{
	for (unsigned i = 0; mc->accounts != NULL && i < ACCOUNT_BUCKETS; i++)
		for (struct smpp_mc_account *a = mc->accounts[i]; a != NULL;
		     a = a->next)
			a->allow = NULL;
}

int
smpp_mc_set_allow(struct smpp_mc *mc, const struct smpp_mc_allow *all, size_t n)
{
	struct smpp_view id;

	/* What can fail comes first: afterwards all of it is true, or none. */
	for (size_t i = 0; i < n; i++) {
		id = smpp_view_str(all[i].system_id);
		if (smpp_mc_account_find(mc, id) == NULL &&
		    smpp_mc_account_make(mc, id) == NULL) {
			account_sweep(mc);
			return SMPP_ENOMEM;
		}
	}
	mc->listed = true;
	account_lift(mc);
	for (size_t i = 0; i < n; i++) {
		id = smpp_view_str(all[i].system_id);
		smpp_mc_account_find(mc, id)->allow = &all[i];
	}
	account_sweep(mc);
	return 0;
}

/* --- binding --- */

/* Compares in a time that does not tell how much was right. */
static bool
account_password(const struct smpp_mc_allow *allow, struct smpp_view given)
{
	size_t n = strlen(allow->password);
	unsigned differ = n != given.n;

	for (uint32_t i = 0; i < given.n; i++)
		differ |= given.p[i] ^ (uint8_t)allow->password[i < n ? i : n];
	return differ == 0;
}

static bool
account_from(const struct smpp_mc_allow *allow, const char *peer)
{
	for (size_t i = 0; i < allow->nfrom; i++)
		if (smpp_cidr_has(allow->from[i], peer))
			return true;
	return allow->nfrom == 0;
}

static unsigned
account_mode(uint32_t command_id)
{
	switch (command_id) {
	case SMPP_C_bind_transmitter:
		return SMPP_ST_TX;
	case SMPP_C_bind_receiver:
		return SMPP_ST_RX;
	default:
		return SMPP_ST_TRX;
	}
}

/*
 * What an account with conditions says to a bind. Addresses come before the
 * password, which nobody shall try from elsewhere; the number of binds comes
 * last, since who is not let in does not learn how many there are.
 */
static uint32_t
account_check(const struct smpp_mc_account *a, const struct smpp_pdu *bind,
    const char *peer)
{
	const struct smpp_mc_allow *allow = a->allow;

	if (!account_from(allow, peer))
		return ESME_RBINDFAIL;
	if (allow->asks &&
	    !account_password(allow, smpp_pdu_view(bind, SMPP_F_password)))
		return ESME_RINVPASWD;
	if (allow->modes != 0 &&
	    !(allow->modes & account_mode(bind->command_id)))
		return ESME_RBINDFAIL;
	if (allow->max_binds != 0 && a->sessions >= allow->max_binds)
		return ESME_RALYBND;
	return ESME_ROK;
}

int
smpp_mc_join(struct smpp_mc_session *s, const struct smpp_pdu *bind,
    const char *peer, uint32_t *status)
{
	struct smpp_view id = smpp_pdu_view(bind, SMPP_F_system_id);
	struct smpp_mc_account *a;
	int rc = smpp_mc_leave(s);

	/* A field of the wire is bounded by the version, which lenient reading
	 * does not insist on: an id that is longer is nobody's. */
	*status = ESME_RINVSYSID;
	if (id.n >= sizeof(a->system_id))
		return rc;
	a = smpp_mc_account_find(s->mc, id);
	*status = ESME_ROK;
	if ((a == NULL || a->allow == NULL) && s->mc->listed)
		*status = ESME_RINVPASWD; /* as if it were there */
	else if (a != NULL && a->allow != NULL)
		*status = account_check(a, bind, peer);
	if (*status != ESME_ROK)
		return rc;
	if (a == NULL)
		a = smpp_mc_account_make(s->mc, id);
	if (a == NULL) {
		*status = ESME_RSYSERR;
		return SMPP_ENOMEM;
	}
	s->account = a;
	s->system_id = a->system_id;
	a->sessions++;
	return rc;
}

/* --- rate and window --- */

/* Counts what the rate let in since the last time: no timer runs for that, and
 * an account that is idle costs nothing. */
static void
account_refill(struct smpp_mc_account *a, double burst)
{
	int64_t now = *a->mc->conf.now;

	/* The first time: the burst is there to be used. */
	if (a->counted == 0)
		a->tokens = burst;
	else
		a->tokens += (double)(now - a->counted) * a->allow->rate / 1000;
	if (a->tokens > burst)
		a->tokens = burst;
	a->counted = now;
}

/* A rate without a burst lets a second's worth in at once. */
static double
account_burst(const struct smpp_mc_allow *allow)
{
	double burst = allow->burst > 0 ? allow->burst : allow->rate;

	return burst < 1 ? 1 : burst;
}

uint32_t
smpp_mc_admit(struct smpp_mc_session *s, unsigned n)
{
	struct smpp_mc_account *a = s->account;
	const struct smpp_mc_allow *allow = a->allow;
	double burst, want = n;

	if (allow == NULL)
		return ESME_ROK;
	/* A peer that minds its window never sees this; one that does not is
	 * told to wait, and is not cut off. */
	if (allow->window != 0 && s->open > allow->window)
		return ESME_RMSGQFUL;
	if (allow->rate <= 0)
		return ESME_ROK;
	burst = account_burst(allow);
	account_refill(a, burst);
	if (want > burst)
		want = (unsigned)burst; /* else it would never be let in */
	if (a->tokens < want) {
		s->mc->stats.throttled++;
		return ESME_RTHROTTLED;
	}
	a->tokens -= want;
	return ESME_ROK;
}

uint8_t
smpp_mc_load(const struct smpp_mc_session *s)
{
	const struct smpp_mc_allow *allow = s->account->allow;
	const struct smpp_keep *k = s->mc->keep;
	/* Whatever is nearest its limit (spec/versions.md, Window and
	 * congestion). */
	double load = (double)((uint64_t)k->busy * 100 / k->max), part;

	if (allow != NULL && allow->rate > 0) {
		part = 100 * (1 - s->account->tokens / account_burst(allow));
		load = part > load ? part : load;
	}
	if (allow != NULL && allow->window > 0) {
		part = 100.0 * s->open / allow->window;
		load = part > load ? part : load;
	}
	return (uint8_t)(load > 100 ? 100 : load);
}
