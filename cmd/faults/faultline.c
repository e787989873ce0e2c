/* Faults at work: parcels that leave when they are due, and what then. */
#include "faultline.h"

#include <stdlib.h>
#include <string.h>

#include "kit/cmd.h"

enum {
	OWN_FROM = 0x70000000, /* sequence numbers no session gets to */
	WAIT_MAX = 10000,      /* parcels that wait on one line */
	LATE_MAX = 100000,     /* and on all, but one each */
};

/* n octets on their way, and what is done when they have left: nthen actions
 * in the order in which they are done, in memory of their own. */
struct fault_parcel {
	struct fault_parcel *next;
	int64_t due;
	struct fault_plan plan;
	struct fault_sent what;
	unsigned nthen;
	struct rule_act *then;
	size_t n;
	uint8_t octets[];
};

void
fault_line_init(struct fault_line *f, struct smpp_link *link,
    const struct fault_ops *ops, struct fault_pool *pool, void *user)
{
	*f = (struct fault_line){
	    .link = link, .ops = ops, .pool = pool, .user = user};
}

/*
 * Whether octets can still be queued. Parcels may be due after the connection
 * has gone: they are freed then, and the owner is told that they were not
 * sent.
 */
static bool
line_open(const struct fault_line *f)
{
	return f->over == NULL && f->link->state >= SMPP_LINK_OPEN;
}

/*
 * Silence is not to send, not to close: mute lines take everything and say
 * nothing.
 */
static void
line_put(struct fault_line *f, struct smpp_view octets)
{
	if (!f->mute && smpp_conn_put(&f->link->conn, octets) != 0)
		cmd_nomem();
}

/*
 * Has the owner stop reading what is answered here, or go on. Backpressure: a
 * peer that asks faster than delayed answers are due must wait, or the memory
 * for them has no bound. One parcel for each line is always allowed, or a line
 * could starve behind the others.
 */
static void
line_pause(struct fault_line *f)
{
	const bool full = f->n >= WAIT_MAX ||
			  (f->n > 0 && f->pool->late >= LATE_MAX);
	const bool paused = f->deaf || full;

	if (paused == f->paused)
		return;
	f->paused = paused;
	f->ops->pause(f, paused);
}

/* --- what is done then --- */

/*
 * Queues a request, a header alone, that the session does not hear of. Not by
 * the session: its window and its timers would answer for a request that is
 * only there to annoy.
 */
static void
line_ask(struct fault_line *f, uint32_t id, uint32_t number)
{
	uint8_t wire[SMPP_HEADER_SIZE];
	struct smpp_pdu pdu;
	struct smpp_wr w;

	smpp_pdu_init(&pdu, id, OWN_FROM + number, f->link->conn.s.ver);
	smpp_wr_init(&w, wire, sizeof(wire));
	smpp_encode(&w, &pdu);
	line_put(f, smpp_view_of(wire, sizeof(wire)));
}

/*
 * The answers to those come from a peer that did everything right, so they are
 * no faults of it.
 */
bool
fault_expects(const struct smpp_pdu *response)
{
	return response->sequence_number >= OWN_FROM &&
	       (response->command_id == SMPP_C_enquire_link_resp ||
		   response->command_id == SMPP_C_unbind_resp);
}

static void
after_flood(struct fault_line *f, const struct rule_value *v)
{
	for (uint32_t i = 1; i <= v->a; i++)
		line_ask(f, SMPP_C_enquire_link, i);
}

/* Ours where we are bound; otherwise a lie. */
static void
after_unbind(struct fault_line *f, const struct rule_value *v)
{
	const struct smpp_session *s = &f->link->conn.s;

	(void)v;
	if (smpp_session_bound(s) && !s->conf.observes && !f->mute)
		smpp_link_unbind(
		    f->link, f->link->e->now + s->conf.response_ms);
	else
		line_ask(f, SMPP_C_unbind, 0);
}

static void
after_silence(struct fault_line *f, const struct rule_value *v)
{
	(void)v;
	f->mute = true;
}

static void
after_stop_reading(struct fault_line *f, const struct rule_value *v)
{
	(void)v;
	f->deaf = true;
	line_pause(f);
}

/*
 * What was queued is written first, for "status=8,close" is an answer and then
 * the end.
 */
static void
after_close(struct fault_line *f, const struct rule_value *v)
{
	(void)v;
	f->over = "by a rule";
	f->mute = true;
	smpp_link_end(f->link, SMPP_END_WRITTEN);
}

/* The peer gets what was queued before, as far as it takes it at once. */
static void
after_rst(struct fault_line *f, const struct rule_value *v)
{
	(void)v;
	f->over = "reset by a rule";
	f->mute = true;
	smpp_link_flush(f->link);
	smpp_conn_abort(&f->link->conn);
	smpp_link_end(f->link, SMPP_END_WRITTEN);
}

typedef void after_fn(struct fault_line *f, const struct rule_value *v);

static after_fn *const afters[FAULT_COUNT] = {
#define AFTER(id, ...) [FAULT_##id] = after_##id,
#include "faults.def"
};

/* --- parcels --- */

static void
parcel_free(struct fault_parcel *o)
{
	if (o == NULL)
		return;
	free(o->then);
	free(o);
}

/*
 * Notes what is done when it has left; mostly nothing. Copied out of the rule:
 * by the time the parcel leaves, the list may be gone, for lists also come in
 * messages.
 */
static void
parcel_then(struct fault_parcel *o, const struct rule_acts *acts)
{
	const struct rule_value *v;

	for (unsigned i = 0; i < FAULT_COUNT; i++) {
		v = fault_act(acts, (enum fault_id)i);
		if (v == NULL || afters[i] == NULL)
			continue;
		o->then = reallocarray(o->then, o->nthen + 1, sizeof(*o->then));
		if (o->then == NULL)
			cmd_nomem();
		o->then[o->nthen++] = (struct rule_act){&fault_rows[i], *v};
	}
}

/* A PDU as the actions have it. */
static struct fault_parcel *
parcel_pack(struct fault_line *f, const struct rule_acts *acts,
    const struct fault_plan *plan, struct smpp_view pdu, uint64_t tag)
{
	const size_t room = pdu.n + (size_t)FAULT_GROWTH;
	struct fault_parcel *o = calloc(1, sizeof(*o) + room), *fit;
	struct smpp_wr w;

	if (o == NULL)
		cmd_nomem();
	smpp_wr_init(&w, o->octets, room);
	fault_damage(&w, acts, pdu, f->pool->rng);
	/*
	 * A parcel may wait for long, and there may be 100,000: the room for
	 * what faults could have added is given back. If that fails, it is
	 * only larger.
	 */
	fit = realloc(o, sizeof(*o) + w.n);
	if (fit != NULL)
		o = fit;
	o->n = w.n;
	o->plan = *plan;
	o->what.tag = tag;
	/*
	 * Of the true PDU: the owner counts what was answered, not the damage.
	 */
	if (pdu.n >= SMPP_HEADER_SIZE) {
		o->what.id = smpp_get_u32(pdu.p + 4);
		o->what.status = smpp_get_u32(pdu.p + 8);
	}
	parcel_then(o, acts);
	return o;
}

/* Queues the octets, and has them written slowly, with all before them. */
static void
parcel_say(struct fault_line *f, const struct fault_parcel *o)
{
	for (unsigned i = 0; i < o->plan.copies; i++)
		line_put(f, smpp_view_of(o->octets, o->n));
	if (o->plan.drip_ms >= 0 && !f->mute)
		smpp_link_drip(f->link, f->link->conn.out.n, o->plan.drip_ms);
}

/* The time of a parcel has come: it leaves, or does not. */
static void
parcel_leave(struct fault_line *f, struct fault_parcel *o)
{
	o->what.sent = o->plan.copies > 0 && line_open(f) && !f->mute;
	if (o->what.sent)
		parcel_say(f, o);
	f->ops->left(f, &o->what);
	/*
	 * After what was sent has left. The first that ends the line is the
	 * last.
	 */
	for (unsigned i = 0; i < o->nthen && line_open(f); i++)
		afters[o->then[i].row - fault_rows](f, &o->then[i].v);
	parcel_free(o);
}

void
fault_overtaken(struct fault_line *f)
{
	struct fault_parcel *o = f->held;

	if (o == NULL)
		return;
	f->held = NULL;
	parcel_leave(f, o);
}

/*
 * Sends a parcel, or holds it for the next one to overtake. Held at most one:
 * with two, nobody would be left to overtake.
 */
static void
line_send(struct fault_line *f, struct fault_parcel *o)
{
	if (f->held == NULL && o->plan.behind) {
		f->held = o;
		return;
	}
	parcel_leave(f, o);
	fault_overtaken(f);
}

/* --- waiting --- */

static void
line_watch(struct fault_line *f)
{
	if (f->first != NULL &&
	    smpp_timer_set(&f->link->e->timers, &f->timer, f->first->due) != 0)
		cmd_nomem();
}

/*
 * Parcels whose time has come, in the order in which it came. The timer is set
 * anew for the first that is left: one timer a line.
 */
static void
line_run_out(struct smpp_timer *t, int64_t now)
{
	struct fault_line *f = t->arg;
	struct fault_parcel *o;

	while ((o = f->first) != NULL && o->due <= now) {
		f->first = o->next;
		f->n--;
		f->pool->late--;
		line_send(f, o);
	}
	line_watch(f);
	line_pause(f);
}

/* Has a parcel wait, behind those that are due as late. */
static void
line_wait(struct fault_line *f, struct fault_parcel *o)
{
	struct fault_parcel **at = &f->first;

	f->timer.fn = line_run_out;
	f->timer.arg = f;
	o->due = f->link->e->now + o->plan.delay_ms;
	/*
	 * Mostly delays are alike and the new one is the last: no search then.
	 */
	if (f->n > 0 && f->last->due <= o->due)
		at = &f->last->next;
	while (*at != NULL && (*at)->due <= o->due)
		at = &(*at)->next;
	o->next = *at;
	*at = o;
	if (o->next == NULL)
		f->last = o;
	f->n++;
	f->pool->late++;
	line_watch(f);
	line_pause(f);
}

void
fault_send(struct fault_line *f, const struct rule_acts *acts,
    const struct fault_plan *plan, struct smpp_view pdu, uint64_t tag)
{
	struct fault_parcel *o = parcel_pack(f, acts, plan, pdu, tag);

	if (plan->delay_ms > 0)
		line_wait(f, o);
	else
		line_send(f, o);
}

/*
 * Octets that no fault is about; they overtake one that is held, or it would
 * never leave on a line that is quiet otherwise.
 */
void
fault_pass(struct fault_line *f, struct smpp_view octets)
{
	line_put(f, octets);
	fault_overtaken(f);
}

/*
 * Nothing is sent here, the link may be closed already. A line that was never
 * opened has no link.
 */
void
fault_line_fini(struct fault_line *f)
{
	struct fault_parcel *o;

	if (f->link == NULL)
		return;
	while ((o = f->first) != NULL) {
		f->first = o->next;
		parcel_free(o);
	}
	f->pool->late -= f->n;
	f->n = 0;
	parcel_free(f->held);
	f->held = NULL;
	smpp_timer_stop(&f->link->e->timers, &f->timer);
}
