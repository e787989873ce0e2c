/* Accounts of the simulated SMSC: who may bind, and how much may be sent. */
#include <stdlib.h>
#include <string.h>

#include "net/cidr.h"
#include "ledger.h"

static struct account **
bucket(const struct smsc *mc, struct smpp_view id)
{
	uint32_t h = 2166136261u;

	for (uint32_t i = 0; i < id.n; i++)
		h = (h ^ id.p[i]) * 16777619u;
	return &mc->accounts[h % ACCOUNT_BUCKETS];
}

struct account *
account_find(const struct smsc *mc, struct smpp_view system_id)
{
	struct account *a = mc->accounts == NULL ? NULL
						 : *bucket(mc, system_id);

	while (a != NULL && !smpp_view_is(system_id, a->system_id))
		a = a->next;
	return a;
}

/* Deliveries that waited long enough. */
static void
account_run_out(struct timer *t, int64_t now)
{
	struct account *a = t->arg;

	(void)now;
	account_flush(a);
	account_drop(a);
}

struct account *
account_make(struct smsc *mc, struct smpp_view system_id)
{
	struct account *a = calloc(1, sizeof(*a)), **at;

	if (mc->accounts == NULL)
		mc->accounts = calloc(
		    ACCOUNT_BUCKETS, sizeof(struct account *));
	if (a == NULL || mc->accounts == NULL)
		cmd_nomem();
	memcpy(a->system_id, system_id.p, system_id.n);
	a->mc = mc;
	a->timer = (struct timer){.fn = account_run_out, .arg = a};
	at = bucket(mc, system_id);
	a->next = *at;
	*at = a;
	return a;
}

static void
account_free(struct account *a)
{
	struct account **at = bucket(a->mc, smpp_view_str(a->system_id));
	struct delivery *d;

	while (*at != a)
		at = &(*at)->next;
	*at = a->next;
	timer_stop(&a->mc->timers, &a->timer);
	while ((d = a->waiting.first) != NULL || (d = a->later.first) != NULL) {
		if (d == a->waiting.first)
			a->waiting.first = d->next;
		else
			a->later.first = d->next;
		delivery_free(a->mc, d);
	}
	free(a);
}

void
account_drop(struct account *a)
{
	if (a->allow == NULL && a->sessions == 0 && a->holds == 0 &&
	    a->waiting.first == NULL && a->later.first == NULL)
		account_free(a);
}

void
accounts_free(struct smsc *mc)
{
	for (unsigned i = 0; mc->accounts != NULL && i < ACCOUNT_BUCKETS; i++)
		while (mc->accounts[i] != NULL)
			account_free(mc->accounts[i]);
	free(mc->accounts);
	mc->accounts = NULL;
}

void
accounts_allow(struct smsc *mc, struct smsc *from)
{
	struct account *a, *next, *new;

	for (unsigned i = 0; mc->accounts != NULL && i < ACCOUNT_BUCKETS; i++)
		for (a = mc->accounts[i]; a != NULL; a = next) {
			next = a->next;
			a->allow = NULL;
			new = account_find(from, smpp_view_str(a->system_id));
			if (new == NULL)
				account_drop(a);
		}
	for (unsigned i = 0; from->accounts != NULL && i < ACCOUNT_BUCKETS; i++)
		for (new = from->accounts[i]; new != NULL; new = new->next) {
			a = account_find(mc, smpp_view_str(new->system_id));
			if (a == NULL)
				a = account_make(
				    mc, smpp_view_str(new->system_id));
			a->allow = new->allow;
		}
}

/* Compares in a time that does not tell how much was right. */
static bool
right_password(const struct allow *allow, struct smpp_view given)
{
	size_t n = strlen(allow->password);
	unsigned differ = n != given.n;

	for (uint32_t i = 0; i < given.n; i++)
		differ |= given.p[i] ^ (uint8_t)allow->password[i < n ? i : n];
	return differ == 0;
}

static bool
from_here(const struct allow *allow, const char *peer)
{
	for (size_t i = 0; i < allow->nfrom; i++)
		if (smpp_cidr_has(allow->from[i], peer))
			return true;
	return allow->nfrom == 0;
}

static unsigned
mode_of(uint32_t command_id)
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

/* What an account with conditions says to a bind. */
static uint32_t
account_check(
    const struct account *a, const struct peer *p, const struct smpp_pdu *bind)
{
	const struct allow *allow = a->allow;

	if (!from_here(allow, p->conn.peer))
		return ESME_RBINDFAIL;
	if (allow->asks &&
	    !right_password(allow, smpp_pdu_view(bind, SMPP_F_password)))
		return ESME_RINVPASWD;
	if (allow->modes != 0 && !(allow->modes & mode_of(bind->command_id)))
		return ESME_RBINDFAIL;
	if (allow->max_binds != 0 && a->sessions >= allow->max_binds)
		return ESME_RALYBND;
	return ESME_ROK;
}

uint32_t
account_join(struct peer *p, const struct smpp_pdu *bind)
{
	struct smpp_view id = smpp_pdu_view(bind, SMPP_F_system_id);
	struct account *a = account_find(p->mc, id);
	uint32_t status = ESME_ROK;

	if (id.n >= sizeof(a->system_id))
		return ESME_RINVSYSID;
	if ((a == NULL || a->allow == NULL) && p->mc->listed)
		return ESME_RINVPASWD; /* as if it were there */
	if (a != NULL && a->allow != NULL)
		status = account_check(a, p, bind);
	if (status != ESME_ROK)
		return status;
	p->account = a != NULL ? a : account_make(p->mc, id);
	p->account->sessions++;
	return ESME_ROK;
}

void
account_leave(struct peer *p)
{
	struct account *a = p->account;

	if (p->receives) {
		peers_del(&a->receivers, p, offsetof(struct peer, rx));
		peers_del(&p->mc->receivers, p, offsetof(struct peer, any));
		p->receives = false;
	}
	deliveries_return(p);
	p->account = NULL;
	a->sessions--;
	if (!p->mc->stopping)
		account_flush(a);
	account_drop(a);
}

/* Counts what the rate let in since the last time. */
static void
refill(struct account *a)
{
	const struct allow *allow = a->allow;
	int64_t now = a->mc->now;

	if (a->counted == 0)
		a->tokens = allow->burst;
	else
		a->tokens += (double)(now - a->counted) * allow->rate / 1000;
	if (a->tokens > allow->burst)
		a->tokens = allow->burst;
	a->counted = now;
}

/* Requests of a peer that have no answer yet, as far as it can know. */
static uint32_t
open_requests(const struct peer *p)
{
	return p->asked - p->told + p->unread;
}

uint32_t
account_take(struct peer *p, unsigned n)
{
	struct account *a = p->account;
	const struct allow *allow = a->allow;

	if (allow == NULL)
		return ESME_ROK;
	if (allow->window != 0 && open_requests(p) > allow->window)
		return ESME_RMSGQFUL;
	if (allow->rate <= 0)
		return ESME_ROK;
	refill(a);
	if (n > allow->burst)
		n = (unsigned)allow->burst; /* else it would never be let in */
	if (a->tokens < n) {
		p->mc->stats.throttled++;
		return ESME_RTHROTTLED;
	}
	a->tokens -= n;
	return ESME_ROK;
}

uint8_t
account_load(const struct peer *p)
{
	const struct account *a = p->account;
	double load = store_load(p->mc->store), part;

	if (a != NULL && a->allow != NULL && a->allow->rate > 0) {
		part = 100 * (1 - a->tokens / a->allow->burst);
		load = part > load ? part : load;
	}
	if (a != NULL && a->allow != NULL && a->allow->window > 0) {
		part = 100.0 * open_requests(p) / a->allow->window;
		load = part > load ? part : load;
	}
	return (uint8_t)(load > 100 ? 100 : load);
}
