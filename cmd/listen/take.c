/* smpp listen: what becomes of each PDU, and how it is answered. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/rd.h"
#include "words/dictfile.h"
#include "receive.h"
#include "msg/body.h"
#include "text/encoder.h"

enum { EX_NEVER_AGAIN = 65 }; /* EX_DATAERR of sysexits.h */

static void
take_reply(struct listen *l, struct due d, uint32_t status)
{
	struct smpp_pdu pdu;

	if (!l->answers || !l->linked)
		return;
	smpp_pdu_init(
	    &pdu, d.command_id, d.sequence_number, l->link.conn->s.ver);
	link_reply(&l->link, &pdu, status);
}

/* Answers all that the record at hand was made of. */
static void
take_settle(struct listen *l, uint32_t status)
{
	for (size_t i = 0; i < l->ndue; i++)
		take_reply(l, l->due[i], status);
	l->ndue = 0;
}

static int
grow_json(void *arg, const char *p, size_t n)
{
	struct listen *l = arg;
	char *json = realloc(l->json, l->njson + n);

	if (json == NULL)
		cmd_nomem();
	memcpy(json + l->njson, p, n);
	l->json = json;
	l->njson += n;
	return 0;
}

/*
 * 65 says that this message will never do: refused for good. Anything else is
 * trouble of ours, and the SMSC is asked to try again later.
 */
static uint32_t
verdict(const struct hook_end *end)
{
	if (end->how != HOOK_EXIT)
		return ESME_RX_T_APPN;
	if (end->number == EX_NEVER_AGAIN)
		return ESME_RX_R_APPN;
	return end->number == 0 ? ESME_ROK : ESME_RX_T_APPN;
}

/*
 * The command has ended, or never begun: says so unless all is well. Told with
 * -v when all is well, always when not.
 */
static void
hook_done(struct listen *l, const struct hook_end *end)
{
	uint32_t status = verdict(end);
	char how[96], took[24];

	if (end->how == HOOK_EXIT)
		snprintf(how, sizeof(how), "exit %d", end->number);
	else if (end->how == HOOK_SIGNAL)
		snprintf(how, sizeof(how), "killed by signal %d", end->number);
	else if (end->how == HOOK_LATE)
		snprintf(how, sizeof(how), "ended for it took too long (%s)",
		    target_duration(took, l->a.exec_ms));
	else
		snprintf(
		    how, sizeof(how), "not started: %s", strerror(end->number));
	out_say(l->c, status == ESME_ROK, "== exec %s %s%s%s", l->a.exec, how,
	    l->ndue > 0 && l->answers ? ", answered " : "",
	    l->ndue > 0 && l->answers ? smpp_status_of(status)->name : "");
	l->stats.refused += status != ESME_ROK;
	take_settle(l, status);
}

/* Runs the command with a record. */
static void
take_run(struct listen *l, const struct record *r)
{
	struct hook_end end;
	struct smpp_jsonw j;
	char part[4096];
	struct smpp_sbuf b;

	l->njson = 0;
	smpp_sbuf_init(&b, part, sizeof(part), grow_json, l);
	smpp_jsonw_init(&j, &b);
	record_json(l, &j, r);
	smpp_sbuf_flush(&b);
	if (hook_start(&l->hook, l->a.exec, smpp_view_of(l->json, l->njson),
		l->a.exec_ms, &end) != 0)
		hook_done(l, &end);
	else if (l->ending)
		hook_hurry(&l->hook, l->grace);
}

/*
 * The status that says what is wrong with a PDU. A PDU that is wrong is
 * refused for good, or it would come again without end.
 */
static uint32_t
take_refusal(const struct smpp_issues *issues)
{
	uint32_t status = ESME_ROK;

	for (unsigned i = 0; i < issues->n && status == ESME_ROK; i++)
		if (issues->v[i].level == SMPP_ERROR)
			status = smpp_issue_status(&issues->v[i]);
	return status == ESME_ROK || status == ESME_RX_P_APPN ? ESME_RX_R_APPN
							      : status;
}

/* With --exec records are only printed when options say how, or where to. */
static bool
prints(const struct listen *l)
{
	const struct out *o = l->c->out;

	return l->a.exec == NULL || o->form != OUT_HUMAN ||
	       o->args.file != NULL;
}

/*
 * A record: first it is written, then the command runs, then what it was made
 * of is answered. Nothing is when the output is lost.
 */
static void
emit(struct listen *l, const struct record *r)
{
	if ((prints(l) || r->bad) && record_print(l, r) != 0) {
		l->output_lost = true;
		l->ndue = 0;
		return;
	}
	l->stats.records++;
	/*
	 * Before the command runs: the last one ends the taking, not itself.
	 */
	if (l->a.count != 0 && l->stats.records >= l->a.count && !l->ending)
		take_end(l, SMPP_FOREVER);
	if (l->a.exec != NULL && !r->bad) {
		take_run(l, r);
		return;
	}
	l->stats.refused += r->bad;
	take_settle(l, r->bad ? take_refusal(r->issues) : l->status);
}

/*
 * Shows a record, unless --where says that it is not wanted. What is not
 * wanted is acknowledged, as what is printed: else the SMSC would send it for
 * ever.
 */
static void
take_offer(struct listen *l, const struct record *r)
{
	struct expr_subject subject = {
	    .pdu = r->pdu, .dir = "in", .mc_default = r->mc_default};

	if (l->where == NULL || expr_match(l->where, &subject)) {
		emit(l, r);
		return;
	}
	l->stats.left_out++;
	take_settle(l, l->status);
}

/*
 * Tells the messages apart of which parts are not answered yet. The same as
 * what joins them: reference and addresses, which alone are used again soon.
 */
static uint64_t
take_key_of(
    struct smpp_view source, struct smpp_view destination, struct smpp_concat c)
{
	uint8_t id[] = {c.ref >> 8, c.ref & 255, c.bits, c.total, 0};
	uint64_t h = smpp_hash64(SMPP_HASH64, id, sizeof(id));

	h = smpp_hash64(h, source.p, source.n);
	h = smpp_hash64(h, "", 1);
	return smpp_hash64(h, destination.p, destination.n);
}

/* Answers and forgets the n parts held longest. */
static void
take_release(struct listen *l, size_t n)
{
	for (size_t i = 0; i < n; i++)
		take_reply(l, l->held[i].due, l->status);
	l->nheld -= n;
	memmove(l->held, l->held + n, l->nheld * sizeof(*l->held));
}

/*
 * Does not answer a part yet. Parts are answered with their message, so that
 * all or none of it comes again. Not for long, though: an SMSC with a window
 * of one sends no second part before the first is answered.
 */
static void
take_hold(struct listen *l, uint64_t key)
{
	if (l->nheld == HELD_MAX)
		take_release(l, 1);
	l->held[l->nheld++] = (struct held){l->due[0], smpp_clock_ms(), key};
	l->ndue = 0;
}

/* Has the parts held of a message be answered with it. */
static void
gather(struct listen *l, uint64_t key)
{
	size_t i, left = 0;

	for (i = 0; i < l->nheld; i++) {
		if (l->held[i].key == key)
			l->due[l->ndue++] = l->held[i].due;
		else
			l->held[left++] = l->held[i];
	}
	l->nheld = left;
}

/*
 * A message of several parts, of which some may be missing. A PDU is made of
 * it, so that conditions and commands see a message like any other. In UCS-2,
 * which has every character of any part.
 */
static void
take_joined(struct listen *l, const struct smpp_joined *m, int64_t time_us)
{
	static char text[TEXT_MAX];
	static uint8_t ucs2[TEXT_MAX];
	struct smpp_coding wide = {.alphabet = SMPP_ALPHA_UCS2};
	struct record r = {.joined = m, .time_us = time_us};
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct smpp_sbuf b;
	struct smpp_wr w;

	gather(l, take_key_of(m->source, m->destination, m->concat));
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	if (smpp_joined_text(&b, m) != 0)
		cmd_nomem();
	r.text = smpp_view_of(text, b.n);
	smpp_err_clear(&err);
	smpp_wr_init(&w, ucs2, sizeof(ucs2));
	smpp_text_encode(&w, r.text, wide, &err);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 0, SMPP_V34);
	smpp_pdu_set_num(&pdu, SMPP_F_source_addr_ton, m->source_ton);
	smpp_pdu_set_num(&pdu, SMPP_F_source_addr_npi, m->source_npi);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, m->source);
	smpp_pdu_set_num(&pdu, SMPP_F_dest_addr_ton, m->dest_ton);
	smpp_pdu_set_num(&pdu, SMPP_F_dest_addr_npi, m->dest_npi);
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, m->destination);
	smpp_pdu_set_num(&pdu, SMPP_F_data_coding, SMPP_data_coding_ucs2);
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_of(ucs2, w.n));
	r.pdu = &pdu;
	take_offer(l, &r);
}

/* --join: takes a part of a longer message. False when it is none. */
static bool
take_part(struct listen *l, const struct smpp_pdu *pdu, int64_t time_us)
{
	const struct smpp_joined *m = NULL;
	struct smpp_body body;
	struct smpp_concat c;
	int rc;

	if (l->join == NULL ||
	    smpp_body_read(
		&body, pdu, (enum smpp_alphabet)l->a.target.alphabet) != 0 ||
	    !smpp_concat_read(&c, pdu, &body))
		return false;
	/*
	 * A part that came again is held like the first: it is answered with
	 * it.
	 */
	rc = smpp_join_add(l->join, pdu, &body, smpp_clock_ms(), &m);
	if (rc < 0)
		cmd_nomem();
	if (rc == SMPP_JOIN_WHOLE)
		take_joined(l, m, time_us);
	else
		take_hold(
		    l, take_key_of(smpp_pdu_view(pdu, SMPP_F_source_addr),
			   smpp_pdu_view(pdu, SMPP_F_destination_addr), c));
	return true;
}

static bool
is_message(const struct smpp_pdu *pdu)
{
	return pdu->command_id == SMPP_C_deliver_sm ||
	       pdu->command_id == SMPP_C_data_sm;
}

/* --only; a text that is not that of a receipt is a message, whatever it came
 * with: it would be acknowledged and lost. */
static bool
take_wanted(const struct listen *l, const struct record *r)
{
	switch ((enum listen_only)l->a.only) {
	case ONLY_MESSAGES:
		return is_message(r->pdu) &&
		       (!r->has_receipt || record_has_text(r));
	case ONLY_RECEIPTS:
		return r->has_receipt;
	default:
		return true;
	}
}

static void
take_pdu(struct listen *l, const struct smpp_pdu *pdu,
    struct smpp_issues *issues, int64_t time_us)
{
	struct record r = {
	    .pdu = pdu,
	    .issues = issues,
	    .time_us = time_us,
	    .mc_default = (enum smpp_alphabet)l->a.target.alphabet,
	    .bad = issues->count[SMPP_ERROR] > 0,
	};

	l->ndue = 0;
	/* alert_notification has no response. */
	if (is_message(pdu))
		l->due[l->ndue++] = (struct due){
		    pdu->command_id, pdu->sequence_number};
	if (r.bad) {
		emit(l, &r);
		return;
	}
	record_look(&r);
	if (!take_wanted(l, &r)) {
		l->stats.left_out++;
		take_settle(l, l->status);
	} else if (r.has_receipt || !take_part(l, pdu, time_us)) {
		take_offer(l, &r);
	}
}

/*
 * Keeps a PDU until the command that runs has ended. One command runs at a
 * time, in the order of coming. What comes meanwhile is kept within bounds,
 * and refused for a time beyond them.
 */
static bool
take_keep(struct listen *l, const struct smpp_pdu *pdu)
{
	struct waiting *w;
	uint32_t n = pdu->wire.n;

	if (l->nwaiting == BACKLOG_MAX || l->octets + n > BACKLOG_OCTETS)
		return false;
	w = malloc(sizeof(*w) + n);
	if (w == NULL)
		cmd_nomem();
	w->next = NULL;
	w->time_us = smpp_clock_wall_us();
	w->n = n;
	memcpy(w->wire, pdu->wire.p, n);
	*l->last = w;
	l->last = &w->next;
	l->nwaiting++;
	l->octets += n;
	return true;
}

/* The one that has waited longest, which the caller frees; or NULL. */
static struct waiting *
next_waiting(struct listen *l)
{
	struct waiting *w = l->first;

	if (w == NULL)
		return NULL;
	l->first = w->next;
	if (l->first == NULL)
		l->last = &l->first;
	l->nwaiting--;
	l->octets -= w->n;
	return w;
}

static void
take_refuse(struct listen *l, uint32_t id, uint32_t seq, uint32_t status)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(id);

	l->stats.refused++;
	if (row != NULL && !(row->flags & SMPP_PDU_ONEWAY))
		take_reply(l, (struct due){id, seq}, status);
}

void
take_event(struct listen *l)
{
	struct smpp_pdu *pdu = &l->link.pdu;

	if (pdu->command_id == SMPP_C_outbind)
		return; /* too late: there is a session */
	/*
	 * Nothing new is begun at the end; the SMSC keeps what is refused for
	 * a time.
	 */
	if (l->link.ev.kind == SMPP_EV_REQUEST && !is_message(pdu))
		take_refuse(
		    l, pdu->command_id, pdu->sequence_number, ESME_RINVCMDID);
	else if (l->ending || (l->hook.pid != 0 && !take_keep(l, pdu)))
		take_refuse(
		    l, pdu->command_id, pdu->sequence_number, ESME_RX_T_APPN);
	else if (l->hook.pid == 0)
		take_pdu(l, pdu, &l->link.issues, smpp_clock_wall_us());
}

/* Takes up what waited, while no command runs. */
static void
take_waiting(struct listen *l)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct waiting *w;

	while (l->hook.pid == 0 && !l->output_lost &&
	       (w = next_waiting(l)) != NULL) {
		issues = (struct smpp_issues){.n = 0};
		dictionary_decode(l->c, &pdu, smpp_view_of(w->wire, w->n),
		    l->link.conn->s.ver, 0, &issues);
		take_pdu(l, &pdu, &issues, w->time_us);
		free(w);
	}
}

/* In the order of time: the command that ended answers first. */
void
take_due(struct listen *l)
{
	const struct smpp_joined *m;
	int64_t now = smpp_clock_ms();
	struct hook_end end;
	size_t n = 0;

	if (hook_ended(&l->hook, &end))
		hook_done(l, &end);
	take_waiting(l);
	while (n < l->nheld && now >= l->held[n].since + HOLD_MS)
		n++;
	take_release(l, n);
	while (l->join != NULL && l->hook.pid == 0 && !l->output_lost &&
	       smpp_join_expire(l->join, now, &m))
		take_joined(l, m, smpp_clock_wall_us());
}

int64_t
take_when(const struct listen *l)
{
	int64_t when = l->hook.pid != 0 ? l->hook.until : SMPP_FOREVER;
	int64_t next = SMPP_FOREVER;

	if (l->join != NULL && l->hook.pid == 0)
		next = smpp_join_next(l->join);
	when = next < when ? next : when;
	if (l->nheld > 0 && l->held[0].since + HOLD_MS < when)
		when = l->held[0].since + HOLD_MS;
	return when;
}

bool
take_leftover(struct listen *l)
{
	const struct smpp_joined *m;

	if (l->join == NULL || l->output_lost || !smpp_join_drop(l->join, &m))
		return false;
	l->ndue = 0;
	take_joined(l, m, smpp_clock_wall_us());
	return true;
}

/* Their sequence numbers mean nothing on another connection. */
void
take_lost(struct listen *l)
{
	struct waiting *w;

	while ((w = next_waiting(l)) != NULL)
		free(w);
	l->ndue = l->nheld = 0;
	l->linked = false;
}

/* What only waited is given back, what is under way may finish. */
void
take_end(struct listen *l, int64_t grace)
{
	struct waiting *w;

	l->ending = true;
	l->grace = grace;
	hook_hurry(&l->hook, grace);
	while ((w = next_waiting(l)) != NULL) {
		take_refuse(l, smpp_wire_id(w->wire), smpp_wire_number(w->wire),
		    ESME_RX_T_APPN);
		free(w);
	}
}

void
take_free(struct listen *l)
{
	hook_kill(&l->hook);
	take_lost(l);
	smpp_join_close(l->join);
	expr_close(l->where);
	free(l->json);
}
