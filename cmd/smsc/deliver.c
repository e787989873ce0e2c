/* What goes to ESMEs: receipts, messages from phones and from each other. */
#include <stdlib.h>
#include <string.h>

#include "smsc.h"
#include "smpp/pdu.h"

enum {
	TRIES = 3,
	RETRY_MS = 5000, /* before a delivery is tried again */
	WAIT_MS = 60000, /* for a receiver, without --receipt-keep */
	SHORT_33 = 160,
};

static void
deliver_append(struct delivery_list *l, struct delivery *d)
{
	d->next = NULL;
	d->prev = l->last;
	if (l->last != NULL)
		l->last->next = d;
	else
		l->first = d;
	l->last = d;
}

static void
unlink_from(struct delivery_list *l, struct delivery *d)
{
	if (d->prev != NULL)
		d->prev->next = d->next;
	else
		l->first = d->next;
	if (d->next != NULL)
		d->next->prev = d->prev;
	else
		l->last = d->prev;
}

/* Octets that a delivery takes. */
static size_t
weight(const struct delivery *d)
{
	return sizeof(*d) + d->n;
}

/*
 * Whether n octets more may be held for an account, or for none. However many
 * of them take all they can get, something is left for one more.
 */
static bool
may_hold(const struct smsc *mc, const struct account *a, size_t n)
{
	size_t left = HELD_MAX - mc->octets;

	return n <= left && (a == NULL || a->octets + n <= SHARE * (left - n));
}

/* Moves a delivery to the share of an account, or out of all. */
static void
charge(struct delivery *d, struct account *a)
{
	if (d->account != NULL)
		d->account->octets -= weight(d);
	d->account = a;
	if (a != NULL)
		a->octets += weight(d);
}

struct delivery *
delivery_new(struct smsc *mc, struct account *a, struct smpp_pdu *pdu)
{
	size_t n = smpp_pdu_size(pdu);
	struct delivery *d;
	struct smpp_wr w;

	if (!may_hold(mc, a, sizeof(*d) + n)) {
		mc->stats.dropped++;
		return NULL;
	}
	d = malloc(sizeof(*d) + n);
	if (d == NULL)
		cmd_nomem();
	*d = (struct delivery){.n = 0};
	smpp_wr_init(&w, d->wire, n);
	if (smpp_encode(&w, pdu) < 0) {
		free(d);
		return NULL;
	}
	d->n = (uint32_t)w.n;
	charge(d, a);
	mc->held++;
	mc->octets += weight(d);
	return d;
}

void
delivery_free(struct smsc *mc, struct delivery *d)
{
	charge(d, NULL);
	mc->held--;
	mc->octets -= weight(d);
	free(d);
}

struct delivery *
delivery_text(struct smsc *mc, struct delivery *d, struct smpp_view text)
{
	struct smpp_issues issues = {0};
	struct delivery *other;
	struct smpp_pdu pdu;

	smpp_decode(&pdu, smpp_view_of(d->wire, d->n), SMPP_VANY, 0, &issues);
	pdu.ver = SMPP_V50;
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, text);
	other = delivery_new(mc, d->account, &pdu);
	delivery_free(mc, d);
	return other;
}

/* Copies a field that both PDUs have. */
static void
copy_field(struct smpp_pdu *out, const struct smpp_pdu *in, unsigned name)
{
	if (!smpp_pdu_has(in, name))
		return;
	out->f[name] = in->f[name];
	out->present |= (uint64_t)1 << name;
}

void
deliver_from(struct smpp_pdu *pdu, const struct smpp_pdu *submit)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(SMPP_C_deliver_sm);
	const struct smpp_tlv_row *t;
	struct smpp_tlv_it it;
	struct smpp_tlv tlv;
	static const uint8_t names[] = {SMPP_F_service_type,
	    SMPP_F_source_addr_ton, SMPP_F_source_addr_npi, SMPP_F_source_addr,
	    SMPP_F_dest_addr_ton, SMPP_F_dest_addr_npi, SMPP_F_destination_addr,
	    SMPP_F_esm_class, SMPP_F_protocol_id, SMPP_F_priority_flag,
	    SMPP_F_data_coding, SMPP_F_sm_length, SMPP_F_short_message};

	smpp_pdu_init(pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	for (size_t i = 0; i < sizeof(names); i++)
		copy_field(pdu, submit, names[i]);
	/* The mode of a message is between its sender and the SMSC. */
	smpp_pdu_set_num(pdu, SMPP_F_esm_class,
	    smpp_pdu_num(submit, SMPP_F_esm_class) &
		~(uint32_t)SMPP_esm_class_mode_default_MASK);
	smpp_tlv_begin(&it, submit);
	while (smpp_tlv_next(&it, &tlv)) {
		t = smpp_tlv_of(tlv.tag);
		if (t == NULL || smpp_tlv_fits(t, row, SMPP_V50))
			smpp_pdu_add_tlv(pdu, tlv.tag, smpp_tlv_view(&tlv));
	}
}

/* A session of v3.3 knows no TLVs: a long text is cut. */
static void
without_tlvs(struct smpp_pdu *pdu)
{
	struct smpp_view text;

	if (smpp_pdu_payload(pdu, &text) == SMPP_F_tlv) {
		text.n = text.n < SHORT_33 ? text.n : SHORT_33;
		smpp_pdu_set_view(pdu, SMPP_F_short_message, text);
	}
	pdu->ntlv = 0;
	pdu->ntlv_total = 0;
	pdu->tlv_raw = (struct smpp_view){NULL, 0};
}

static bool
deliver_has_room(const struct peer *p)
{
	return !p->gone && !p->closing && p->conn.out.n < OUT_HIGH &&
	       smpp_session_room(&p->conn.s) > 0;
}

/* The receiver whose turn it is, or NULL. */
static struct peer *
deliver_receiver(struct account *a, const struct delivery *d)
{
	struct peer *p, *same = NULL;

	for (p = a->receivers.first; p != NULL; p = p->rx.next) {
		if (d->not_to == p->number)
			same = p;
		else if (deliver_has_room(p))
			break;
	}
	/* "Another bind" needs another bind. */
	if (p == NULL && same != NULL && same == a->receivers.first &&
	    same == a->receivers.last && deliver_has_room(same))
		p = same;
	if (p != NULL && p != a->receivers.last) {
		peers_del(&a->receivers, p, offsetof(struct peer, rx));
		peers_add(&a->receivers, p, offsetof(struct peer, rx));
	}
	return p;
}

/* Sets pdu to what a delivery is in a version; v3.3 has only deliver_sm.
 * False when it is nothing there. */
static bool
in_version(struct smpp_pdu *pdu, const struct delivery *d, enum smpp_ver ver)
{
	struct smpp_issues issues = {0};
	struct smpp_pdu whole;

	smpp_decode(pdu, smpp_view_of(d->wire, d->n), SMPP_VANY, 0, &issues);
	if (ver == SMPP_V33 && pdu->command_id == SMPP_C_data_sm) {
		whole = *pdu;
		deliver_from(pdu, &whole);
	}
	pdu->ver = ver;
	if (ver == SMPP_V33)
		without_tlvs(pdu);
	return pdu->row->vers & ver;
}

/* Sends a delivery to a peer, in its version. */
static void
hand_over(struct peer *p, struct delivery *d)
{
	struct smpp_pdu pdu;
	bool oneway;

	if (!in_version(&pdu, d, p->conn.s.ver)) {
		delivery_free(p->mc, d);
		return;
	}
	oneway = pdu.row->flags & SMPP_PDU_ONEWAY;
	console_message(p, &pdu, NULL);
	if (d->receipt)
		p->mc->stats.receipts++;
	else
		p->mc->stats.deliveries++;
	if (peer_send(p, &pdu, (uintptr_t)d) != 0 || oneway)
		delivery_free(p->mc, d);
	else
		deliver_append(&p->sent, d);
}

/* Has account_flush() run when the first that waits is to be given up. */
static void
set_timer(struct account *a)
{
	const struct delivery *d = a->waiting.first;
	int64_t at = SMPP_FOREVER;

	if (a->later.first != NULL)
		at = a->later.first->again;
	if (d != NULL && a->receivers.first == NULL && d->expires < at)
		at = d->expires;
	if (at != SMPP_FOREVER)
		timer_set(&a->mc->timers, &a->timer, at);
	else
		timer_stop(&a->mc->timers, &a->timer);
}

/* Gives up what nobody is there for. */
static void
deliver_give_up(struct account *a)
{
	struct delivery *d;

	while ((d = a->waiting.first) != NULL && d->expires <= a->mc->now) {
		unlink_from(&a->waiting, d);
		delivery_free(a->mc, d);
		a->mc->stats.dropped++;
	}
}

void
account_flush(struct account *a)
{
	struct delivery *d;
	struct peer *p;

	while ((d = a->later.first) != NULL && d->again <= a->mc->now) {
		unlink_from(&a->later, d);
		deliver_append(&a->waiting, d);
	}
	while ((d = a->waiting.first) != NULL) {
		p = deliver_receiver(a, d);
		if (p == NULL)
			break;
		unlink_from(&a->waiting, d);
		hand_over(p, d);
	}
	if (a->receivers.first == NULL)
		deliver_give_up(a);
	set_timer(a);
}

void
account_deliver(struct account *a, struct delivery *d)
{
	charge(d, NULL);
	if (!may_hold(a->mc, a, 0)) {
		a->mc->stats.dropped++;
		delivery_free(a->mc, d);
		return;
	}
	charge(d, a);
	d->expires = a->mc->a.keep
			 ? SMPP_FOREVER
			 : smsc_when(a->mc, smsc_time(a->mc) + WAIT_MS);
	deliver_append(&a->waiting, d);
	account_flush(a);
}

/* Keeps a delivery for another try, unless it had enough of them. */
static void
deliver_again(struct account *a, struct delivery *d)
{
	if (++d->tries >= TRIES) {
		delivery_free(a->mc, d);
		a->mc->stats.dropped++;
		return;
	}
	d->again = smsc_when(a->mc, smsc_time(a->mc) + RETRY_MS);
	deliver_append(&a->later, d);
}

/* Whether a status says that the delivery may be tried again. */
static bool
passing(uint32_t status)
{
	const struct smpp_status *row = smpp_status_of(status);

	return status == UINT32_MAX ||
	       (row != NULL && row->cls == SMPP_CLASS_RETRY);
}

void
delivery_answered(struct peer *p, struct delivery *d, uint32_t status)
{
	unlink_from(&p->sent, d);
	if (passing(status)) {
		deliver_again(p->account, d);
	} else {
		p->mc->stats.delivered += status == ESME_ROK;
		delivery_free(p->mc, d);
	}
	account_flush(p->account);
}

void
deliveries_return(struct peer *p)
{
	struct delivery *d;

	while ((d = p->sent.first) != NULL) {
		unlink_from(&p->sent, d);
		if (p->mc->stopping)
			delivery_free(p->mc, d);
		else
			deliver_again(p->account, d);
	}
}
