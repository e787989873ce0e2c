/*
 * What goes to ESMEs: receipts, and messages from phones and each other. A
 * delivery is kept in the wire form of v5.0, and made what the version of its
 * receiver has when that is known: it may be another one at each try.
 */
#include <stdlib.h>
#include <string.h>

#include "mc/mc_int.h"
#include "net/io.h"

enum {
	TRIES = 3,
	RETRY_MS = 5000,     /* before a delivery is tried again */
	HELD_MAX = 64 << 20, /* octets of deliveries, of all accounts */
};

/* --- lists --- */

static void
deliver_append(struct smpp_mc_queue *q, struct smpp_mc_delivery *d)
{
	d->next = NULL;
	d->prev = q->last;
	if (q->last != NULL)
		q->last->next = d;
	else
		q->first = d;
	q->last = d;
}

static void
deliver_prepend(struct smpp_mc_queue *q, struct smpp_mc_delivery *d)
{
	d->prev = NULL;
	d->next = q->first;
	if (q->first != NULL)
		q->first->prev = d;
	else
		q->last = d;
	q->first = d;
}

static void
deliver_unlink(struct smpp_mc_queue *q, struct smpp_mc_delivery *d)
{
	if (d->prev != NULL)
		d->prev->next = d->next;
	else
		q->first = d->next;
	if (d->next != NULL)
		d->next->prev = d->prev;
	else
		q->last = d->prev;
}

static void
deliver_join(struct smpp_mc_account *a, struct smpp_mc_session *s)
{
	s->next = NULL;
	s->prev = a->last;
	if (a->last != NULL)
		a->last->next = s;
	else
		a->first = s;
	a->last = s;
}

static void
deliver_part(struct smpp_mc_account *a, struct smpp_mc_session *s)
{
	if (s->prev != NULL)
		s->prev->next = s->next;
	else
		a->first = s->next;
	if (s->next != NULL)
		s->next->prev = s->prev;
	else
		a->last = s->prev;
}

/* --- what is held --- */

/* Octets that a delivery takes. */
static size_t
deliver_weight(const struct smpp_mc_delivery *d)
{
	return sizeof(*d) + d->n;
}

/*
 * Whether n octets more may be held for an account, or for none. However many
 * of them take all they can get, something is left for one more.
 */
static bool
deliver_may_hold(
    const struct smpp_mc *mc, const struct smpp_mc_account *a, size_t n)
{
	size_t left = HELD_MAX - mc->octets;

	return n <= left &&
	       (a == NULL || a->octets + n <= SMPP_MC_SHARE * (left - n));
}

/* Moves a delivery to the share of an account, or out of all. */
static void
deliver_charge(struct smpp_mc_delivery *d, struct smpp_mc_account *a)
{
	if (d->account != NULL)
		d->account->octets -= deliver_weight(d);
	d->account = a;
	if (a != NULL)
		a->octets += deliver_weight(d);
}

int
smpp_mc_delivery_new(struct smpp_mc *mc, struct smpp_mc_account *a,
    struct smpp_pdu *pdu, struct smpp_mc_delivery **out)
{
	size_t n = smpp_pdu_size(pdu);
	struct smpp_mc_delivery *d;
	struct smpp_wr w;

	*out = NULL;
	if (!deliver_may_hold(mc, a, sizeof(*d) + n)) {
		mc->stats.dropped++;
		return 0;
	}
	d = malloc(sizeof(*d) + n);
	if (d == NULL)
		return SMPP_ENOMEM;
	*d = (struct smpp_mc_delivery){.n = 0};
	smpp_wr_init(&w, d->wire, n);
	if (smpp_encode(&w, pdu) < 0) {
		free(d);
		return 0;
	}
	d->n = (uint32_t)w.n;
	deliver_charge(d, a);
	mc->held++;
	mc->octets += deliver_weight(d);
	*out = d;
	return 0;
}

void
smpp_mc_delivery_free(struct smpp_mc *mc, struct smpp_mc_delivery *d)
{
	if (d == NULL)
		return;
	deliver_charge(d, NULL);
	mc->held--;
	mc->octets -= deliver_weight(d);
	free(d);
}

struct smpp_view
smpp_mc_delivery_wire(const struct smpp_mc_delivery *d)
{
	return smpp_view_of(d->wire, d->n);
}

/* A delivery that is in no queue ended. */
static void
deliver_over(struct smpp_mc *mc, struct smpp_mc_account *a,
    struct smpp_mc_delivery *d, enum smpp_mc_end how)
{
	mc->stats.taken += how == SMPP_MC_TAKEN;
	mc->stats.dropped += how == SMPP_MC_EXPIRED || how == SMPP_MC_DROPPED;
	if (mc->ops->over != NULL)
		mc->ops->over(mc, a->system_id, smpp_mc_delivery_wire(d), how);
	smpp_mc_delivery_free(mc, d);
}

/* --- sending --- */

/* The receiver whose turn it is, or NULL. The list is in the order of turns:
 * who gets something goes to its end. */
static struct smpp_mc_session *
deliver_receiver(struct smpp_mc_account *a, const struct smpp_mc_delivery *d)
{
	bool (*room)(const struct smpp_mc_session *s) = a->mc->ops->room;
	struct smpp_mc_session *s, *same = NULL;

	for (s = a->first; s != NULL; s = s->next) {
		if (d->not_to == s->number)
			same = s;
		else if (room(s))
			break;
	}
	/* "Another bind" needs another bind. */
	if (s == NULL && same != NULL && same == a->first && same == a->last &&
	    room(same))
		s = same;
	if (s != NULL && s != a->last) {
		deliver_part(a, s);
		deliver_join(a, s);
	}
	return s;
}

/* Sends a delivery, which is in no queue, to a session, in its version. */
static int
deliver_hand_over(struct smpp_mc_session *s, struct smpp_mc_delivery *d)
{
	struct smpp_mc_account *a = s->account;
	struct smpp_mc *mc = s->mc;
	struct smpp_pdu pdu;
	int rc;

	if (!smpp_mc_in_version(&pdu, d, s->ver)) {
		deliver_over(mc, a, d, SMPP_MC_REFUSED);
		return 0;
	}
	/* It is the session's before it is sent, which may be its end. */
	deliver_append(&s->sent, d);
	rc = mc->ops->send(s, &pdu, (uintptr_t)d);
	if (rc != 0 || pdu.row->flags & SMPP_PDU_ONEWAY)
		deliver_unlink(&s->sent, d);
	/* At the front again, where it was: memory that is short is no reason
	 * for another order. */
	if (rc == SMPP_ENOMEM) {
		deliver_prepend(&a->waiting, d);
		return rc;
	}
	if (rc != 0) {
		deliver_over(mc, a, d, SMPP_MC_DROPPED);
		return 0;
	}
	mc->stats.receipts += d->receipt;
	mc->stats.deliveries += !d->receipt;
	if (pdu.row->flags & SMPP_PDU_ONEWAY)
		deliver_over(mc, a, d, SMPP_MC_SENT);
	return 0;
}

/* Has the account be flushed when the first that waits is to be given up or
 * tried again. */
static int
deliver_watch(struct smpp_mc_account *a)
{
	const struct smpp_mc_delivery *d = a->waiting.first;
	int64_t at = SMPP_FOREVER;

	if (a->later.first != NULL)
		at = a->later.first->again;
	if (d != NULL && a->first == NULL && d->expires < at)
		at = d->expires;
	if (at != SMPP_FOREVER)
		return smpp_timer_set(a->mc->conf.timers, &a->timer, at);
	smpp_timer_stop(a->mc->conf.timers, &a->timer);
	return 0;
}

/* Gives up what nobody is there for. A receiver that is slow is not nobody:
 * as long as there is one nothing is given up. */
static void
deliver_give_up(struct smpp_mc_account *a)
{
	struct smpp_mc_delivery *d;

	while (
	    (d = a->waiting.first) != NULL && d->expires <= *a->mc->conf.now) {
		deliver_unlink(&a->waiting, d);
		deliver_over(a->mc, a, d, SMPP_MC_EXPIRED);
	}
}

int
smpp_mc_account_flush(struct smpp_mc_account *a)
{
	struct smpp_mc_delivery *d;
	struct smpp_mc_session *s;
	int rc = 0, failed;

	while ((d = a->later.first) != NULL && d->again <= *a->mc->conf.now) {
		deliver_unlink(&a->later, d);
		deliver_append(&a->waiting, d);
	}
	while (rc == 0 && (d = a->waiting.first) != NULL) {
		s = deliver_receiver(a, d);
		if (s == NULL)
			break;
		deliver_unlink(&a->waiting, d);
		rc = deliver_hand_over(s, d);
	}
	if (a->first == NULL)
		deliver_give_up(a);
	failed = deliver_watch(a);
	return rc != 0 ? rc : failed;
}

int
smpp_mc_deliver(struct smpp_mc_account *a, struct smpp_mc_delivery *d)
{
	struct smpp_mc *mc = a->mc;

	/* It may have been made in the share of another, or of nobody. */
	deliver_charge(d, NULL);
	/* Its octets are counted in the whole already, so only the share of
	 * the account is asked about. */
	if (!deliver_may_hold(mc, a, 0)) {
		deliver_over(mc, a, d, SMPP_MC_DROPPED);
		return 0;
	}
	deliver_charge(d, a);
	d->expires = mc->conf.wait_ms == SMPP_FOREVER
			 ? SMPP_FOREVER
			 : smpp_mc_when(
			       mc, smpp_mc_time(mc) + mc->conf.wait_ms);
	deliver_append(&a->waiting, d);
	return smpp_mc_account_flush(a);
}

/* --- answers --- */

/* Keeps a delivery for another try, unless it had enough of them. */
static void
deliver_again(struct smpp_mc_account *a, struct smpp_mc_delivery *d)
{
	if (++d->tries >= TRIES) {
		deliver_over(a->mc, a, d, SMPP_MC_EXPIRED);
		return;
	}
	d->again = smpp_mc_when(a->mc, smpp_mc_time(a->mc) + RETRY_MS);
	/* RETRY_MS is the same for all, so those that wait for another try are
	 * in the order in which they are due. */
	deliver_append(&a->later, d);
}

/* Whether a status says that the delivery may be tried again: the column of
 * status.def that says so to ESMEs says it to us. */
static bool
deliver_passing(uint32_t status)
{
	const struct smpp_status *row = smpp_status_of(status);

	return status == SMPP_MC_LATE ||
	       (row != NULL && row->cls == SMPP_CLASS_RETRY);
}

int
smpp_mc_answered(struct smpp_mc_session *s, uint64_t tag, uint32_t status)
{
	struct smpp_mc_delivery *d = (struct smpp_mc_delivery *)(uintptr_t)tag;
	struct smpp_mc_account *a = s->account;

	deliver_unlink(&s->sent, d);
	if (deliver_passing(status))
		deliver_again(a, d);
	else
		deliver_over(s->mc, a, d,
		    status == ESME_ROK ? SMPP_MC_TAKEN : SMPP_MC_REFUSED);
	return smpp_mc_account_flush(a);
}

/* --- sessions --- */

/* What a session did not answer waits again, or is over. */
static void
deliver_return(struct smpp_mc_session *s)
{
	struct smpp_mc_delivery *d;

	while ((d = s->sent.first) != NULL) {
		deliver_unlink(&s->sent, d);
		if (s->mc->stopping)
			smpp_mc_delivery_free(s->mc, d);
		else
			deliver_again(s->account, d);
	}
}

int
smpp_mc_receive(struct smpp_mc_session *s)
{
	if (s->receives)
		return 0;
	s->receives = true;
	deliver_join(s->account, s);
	return smpp_mc_account_flush(s->account);
}

int
smpp_mc_room(struct smpp_mc_session *s)
{
	return s->receives ? smpp_mc_account_flush(s->account) : 0;
}

int
smpp_mc_leave(struct smpp_mc_session *s)
{
	struct smpp_mc_account *a = s->account;
	int rc = 0;

	if (a == NULL)
		return 0;
	if (s->receives)
		deliver_part(a, s);
	s->receives = false;
	deliver_return(s);
	s->account = NULL;
	s->system_id = NULL;
	a->sessions--;
	if (!s->mc->stopping)
		rc = smpp_mc_account_flush(a);
	smpp_mc_account_drop(a);
	return rc;
}
