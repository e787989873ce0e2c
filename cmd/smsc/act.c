/* What rules do to answers: later, otherwise, not at all, and then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/fault.h"
#include "smsc.h"

enum {
	FLOOD_FROM = 0x70000000, /* sequence numbers no session gets to */
	WAIT_MAX = 10000,        /* answers held back for one peer */
	LATE_MAX = 100000,       /* and for all, but one each */
};

/*
 * Octets on their way to a peer, n of them, and the actions that are about
 * when and what then. id and status are those of the PDU before damage: what
 * the session is told that was sent, unless it knows.
 */
struct parcel {
	struct parcel *next;
	int64_t due;
	uint32_t has;    /* bit FAULT_* */
	unsigned copies; /* to send, 0 is nothing */
	bool behind;     /* the next one */
	bool known;      /* to the session */
	uint32_t id, status;
	uint32_t flood;
	int64_t drip_ms; /* -1: all at once */
	size_t n;
	uint8_t octets[];
};

/*
 * What is held back for one peer: first is due first, held goes behind the
 * next answer; plan is that of the present answer. The next drip octets are
 * written one at a time, drip_ms apart.
 */
struct act_wait {
	struct peer *peer;
	struct fault_plan plan;
	struct timer timer; /* of first */
	struct parcel *first, *last;
	unsigned n;
	struct parcel *held;
	size_t drip;
	int64_t drip_ms;
	struct timer drip_timer;
};

static bool
act_wants(const struct parcel *a, enum fault_id id)
{
	return a->has >> id & 1;
}

static void act_run_out(struct timer *t, int64_t now);
static void drip_again(struct timer *t, int64_t now);

static struct act_wait *
waits_of(struct peer *p)
{
	struct act_wait *w = p->waits;

	if (w != NULL)
		return w;
	w = calloc(1, sizeof(*w));
	if (w == NULL)
		cmd_nomem();
	w->peer = p;
	w->timer = (struct timer){.fn = act_run_out, .arg = w};
	w->drip_timer = (struct timer){.fn = drip_again, .arg = w};
	return p->waits = w;
}

/* --- sending --- */

/* Puts the octets of a parcel behind what waits to be written. */
static void
act_put(struct peer *p, const struct parcel *a)
{
	struct act_wait *w = waits_of(p);

	peer_put(p, smpp_view_of(a->octets, a->n));
	if (a->drip_ms < 0 || p->mute)
		return;
	w->drip = p->conn.out.n;
	w->drip_ms = a->drip_ms;
}

static void
say(struct peer *p, const struct parcel *a)
{
	struct smpp_pdu pdu;

	if (!a->known) {
		smpp_pdu_init(&pdu, a->id, 0, p->conn.s.ver);
		pdu.command_status = a->status;
		smpp_session_out(&p->conn.s, &pdu, p->mc->now, 0);
		p->unread++;
	}
	for (unsigned i = 0; i < a->copies; i++)
		act_put(p, a);
	if (!a->known)
		bind_settle(p);
}

static void
flood(struct peer *p, const struct parcel *a)
{
	uint8_t wire[SMPP_HEADER_SIZE];
	struct smpp_pdu pdu;
	struct smpp_wr w;

	smpp_pdu_init(&pdu, SMPP_C_enquire_link, 0, p->conn.s.ver);
	smpp_wr_init(&w, wire, sizeof(wire));
	smpp_encode(&w, &pdu);
	for (uint32_t i = 0; i < a->flood; i++) {
		smpp_wire_renumber(wire, FLOOD_FROM + i);
		peer_put(p, smpp_view_of(wire, sizeof(wire)));
	}
}

bool
act_expects(const struct smpp_pdu *response)
{
	return response->command_id == SMPP_C_enquire_link_resp &&
	       response->sequence_number >= FLOOD_FROM;
}

static void
act_unbind(struct peer *p, const struct parcel *a)
{
	struct smpp_pdu pdu;

	(void)a;
	smpp_pdu_init(&pdu, SMPP_C_unbind, 0, p->conn.s.ver);
	peer_send(p, &pdu, 0);
}

static void
hush(struct peer *p, const struct parcel *a)
{
	(void)a;
	p->mute = true;
}

static void
stop_reading(struct peer *p, const struct parcel *a)
{
	(void)a;
	peer_deafen(p);
}

static void
hang_up(struct peer *p, const struct parcel *a)
{
	(void)a;
	peer_close(p, "by a rule");
	p->mute = true;
}

static void
reset(struct peer *p, const struct parcel *a)
{
	(void)a;
	smpp_conn_drain(&p->conn, NULL);
	peer_reset(p, "reset by a rule");
}

/* What is done after the answer. */
static void (*const afters[FAULT_COUNT])(
    struct peer *p, const struct parcel *a) = {
    [FAULT_flood] = flood,
    [FAULT_unbind] = act_unbind,
    [FAULT_silence] = hush,
    [FAULT_stop_reading] = stop_reading,
    [FAULT_close] = hang_up,
    [FAULT_rst] = reset,
};

/* Whether the connection ended, or is about to. */
static bool
act_over(const struct peer *p)
{
	return p->gone || p->hang_up != NULL;
}

static void
transmit(struct peer *p, struct parcel *a)
{
	p->told += !a->known; /* nothing is open any more, said or not */
	if (a->copies > 0 && !act_over(p))
		say(p, a);
	for (unsigned i = 0; i < FAULT_COUNT && !act_over(p); i++)
		if (act_wants(a, (enum fault_id)i) && afters[i] != NULL)
			afters[i](p, a);
	free(a);
}

void
act_overtaken(struct peer *p)
{
	struct parcel *held = p->waits == NULL ? NULL : p->waits->held;

	if (held == NULL)
		return;
	p->waits->held = NULL;
	transmit(p, held);
}

/* Sends a parcel, or holds it for the next one to overtake. */
static void
send_parcel(struct peer *p, struct parcel *a)
{
	struct act_wait *w = waits_of(p);

	if (w->held == NULL && a->behind) {
		w->held = a;
		return;
	}
	transmit(p, a);
	act_overtaken(p);
}

/* --- waiting --- */

static void
act_watch(struct act_wait *w)
{
	if (w->first != NULL)
		timer_set(&w->peer->mc->timers, &w->timer, w->first->due);
}

/* Parcels whose time has come, in the order in which it came. */
static void
act_run_out(struct timer *t, int64_t now)
{
	struct act_wait *w = t->arg;
	struct parcel *a;

	while ((a = w->first) != NULL && a->due <= now) {
		w->first = a->next;
		w->n--;
		w->peer->mc->late--;
		send_parcel(w->peer, a);
	}
	act_watch(w);
	peer_touch(w->peer); /* which may be read again */
}

/* Sends a parcel after so many ms, behind those that are due as late. */
static void
send_later(struct peer *p, struct parcel *a, int64_t ms)
{
	struct act_wait *w = waits_of(p);
	struct parcel **at = &w->first;

	if (ms == 0) {
		send_parcel(p, a);
		return;
	}
	a->due = p->mc->now + ms;
	if (w->n > 0 && w->last->due <= a->due)
		at = &w->last->next;
	while (*at != NULL && (*at)->due <= a->due)
		at = &(*at)->next;
	a->next = *at;
	*at = a;
	if (a->next == NULL)
		w->last = a;
	w->n++;
	p->mc->late++;
	act_watch(w);
}

bool
act_full(const struct peer *p)
{
	const unsigned n = p->waits == NULL ? 0 : p->waits->n;

	return n >= WAIT_MAX || (n > 0 && p->mc->late >= LATE_MAX);
}

void
act_forget(struct peer *p)
{
	struct act_wait *w = p->waits;
	struct parcel *a;

	if (w == NULL)
		return;
	while ((a = w->first) != NULL) {
		w->first = a->next;
		free(a);
	}
	p->mc->late -= w->n;
	free(w->held);
	timer_stop(&p->mc->timers, &w->timer);
	timer_stop(&p->mc->timers, &w->drip_timer);
	free(w);
	p->waits = NULL;
}

/* --- octet by octet --- */

static void
drip_again(struct timer *t, int64_t now)
{
	struct act_wait *w = t->arg;

	(void)now;
	peer_touch(w->peer);
}

int64_t
act_drain(struct peer *p, struct smpp_err *err)
{
	struct act_wait *w = p->waits;
	const size_t n = p->conn.out.n;
	int64_t left;

	if (w == NULL || w->drip == 0)
		return smpp_conn_drain(&p->conn, err);
	if (act_drips(p))
		return (int64_t)n;
	left = smpp_conn_drip(&p->conn, err);
	if (left < 0 || (size_t)left == n)
		return left;
	w->drip--;
	if (left > 0)
		timer_set(
		    &p->mc->timers, &w->drip_timer, p->mc->now + w->drip_ms);
	return left;
}

bool
act_drips(const struct peer *p)
{
	return p->waits != NULL && p->waits->drip_timer.slot != 0;
}

/* --- the seam --- */

/* The actions of a list as bits, and what the flood among them is. */
static void
act_note(struct parcel *o, const struct rule_acts *a)
{
	const struct rule_value *v;

	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if ((v = fault_act(a, (enum fault_id)i)) != NULL) {
			o->has |= 1u << i;
			if (i == FAULT_flood)
				o->flood = (uint32_t)v->a;
		}
}

/* What goes out instead of a PDU. */
static struct parcel *
act_pack(struct peer *p, const struct rule_acts *a,
    const struct fault_plan *plan, struct smpp_pdu *pdu)
{
	const size_t size = smpp_pdu_size(pdu);
	uint8_t *room = malloc(2 * size + FAULT_GROWTH);
	struct parcel *o;
	struct smpp_wr w, from;

	if (room == NULL)
		cmd_nomem();
	smpp_wr_init(&from, room, size);
	smpp_wr_init(&w, room + size, size + FAULT_GROWTH);
	smpp_encode(&from, pdu);
	fault_damage(&w, a, smpp_view_of(room, from.n), &p->mc->rng);
	if ((o = calloc(1, sizeof(*o) + w.n)) == NULL)
		cmd_nomem();
	memcpy(o->octets, w.p, w.n);
	free(room);
	o->n = w.n;
	o->copies = plan->copies;
	o->behind = plan->behind;
	o->drip_ms = plan->drip_ms;
	o->id = pdu->command_id;
	o->status = pdu->command_status;
	act_note(o, a);
	return o;
}

/* Says which rule is at work. */
static void
act_show(struct peer *p, const struct rule *r)
{
	char name[24];

	snprintf(name, sizeof(name), "rule %u", r->number);
	if (r->number == 0)
		console_line(p, "in-band", "as the text says");
	else
		console_line(p, name, "%s", r->text);
}

bool
act_request(
    struct peer *p, const struct rule *r, const struct smpp_pdu *request)
{
	const uint32_t status = fault_status(&r->acts);

	fault_plan(&waits_of(p)->plan, &r->acts, &p->mc->rng);
	if (status == ESME_ROK)
		return false;
	peer_refuse(p, request, status);
	return true;
}

void
act_answer(struct peer *p, const struct rule *r, const struct smpp_pdu *request,
    struct smpp_pdu *response)
{
	const struct fault_plan *plan = &waits_of(p)->plan;

	(void)request;
	act_show(p, r);
	send_later(p, act_pack(p, &r->acts, plan, response), plan->delay_ms);
}

bool
act_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag)
{
	const struct rule *r = rules_ask(p->mc, p, pdu, true);
	struct fault_plan plan;
	struct parcel *o;

	if ((r == NULL && !p->mute) ||
	    smpp_session_out(&p->conn.s, pdu, p->mc->now, tag) != 0)
		return false;
	if (r == NULL)
		return true;
	act_show(p, r);
	fault_plan(&plan, &r->acts, &p->mc->rng);
	o = act_pack(p, &r->acts, &plan, pdu);
	o->known = true;
	send_later(p, o, plan.delay_ms);
	return true;
}

int64_t
act_later(const struct peer *p)
{
	return p->act == NULL ? 0 : p->waits->plan.delay_ms;
}
