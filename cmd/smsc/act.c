/* What rules do to answers and to our own requests, by way of a line. */
#include <stdio.h>
#include <stdlib.h>

#include "smsc.h"

/* The tag of what the session of the link was told of before. */
enum { ACT_KNOWN = 1 };

/* --- what the line tells --- */

/* An answer has left, later perhaps than it was given, or never will. */
static void
act_left(struct fault_line *f, const struct fault_sent *what)
{
	struct peer *p = f->user;
	struct smpp_pdu pdu;

	if (what->tag == ACT_KNOWN)
		return;
	/*
	 * Only now the session knows of the answer: a bind that a rule puts
	 * off is not bound until then, and one that is dropped never.
	 */
	if (what->sent) {
		smpp_pdu_init(&pdu, what->id, 0, p->link.conn.s.ver);
		pdu.command_status = what->status;
		smpp_session_out(&p->link.conn.s, &pdu, p->mc->e.now, 0);
	}
	peer_told(p, what->sent);
}

static void
act_pause(struct fault_line *f, bool paused)
{
	struct peer *p = f->user;

	smpp_link_pause(&p->link, paused);
}

const struct fault_ops act_ops = {.left = act_left, .pause = act_pause};

/* --- the seam --- */

/*
 * Gives a PDU to the line. Encoded as it should be: damage is the line's, done
 * to octets.
 */
static void
act_pass(struct peer *p, const struct rule *r, const struct fault_plan *plan,
    struct smpp_pdu *pdu, uint64_t tag)
{
	const size_t size = smpp_pdu_size(pdu);
	uint8_t *octets = malloc(size);
	struct smpp_wr w;

	if (octets == NULL)
		cmd_nomem();
	smpp_wr_init(&w, octets, size);
	smpp_encode(&w, pdu);
	fault_send(&p->line, &r->acts, plan, smpp_view_of(w.p, w.n), tag);
	free(octets);
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

/*
 * The plan is drawn before anything else: how late the answer will be is when
 * the message's life begins (act_later()).
 */
bool
act_request(
    struct peer *p, const struct rule *r, const struct smpp_pdu *request)
{
	const uint32_t status = fault_status(&r->acts);

	fault_plan(&p->plan, &r->acts, &p->mc->rng);
	if (status == ESME_ROK)
		return false;
	peer_refuse(p, request, status);
	return true;
}

void
act_answer(struct peer *p, const struct rule *r, struct smpp_pdu *response)
{
	act_show(p, r);
	act_pass(p, r, &p->plan, response, 0);
}

bool
act_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag)
{
	const struct rule *r = rules_ask(p->mc, p, pdu, true);
	struct fault_plan plan;

	/*
	 * A mute line takes requests, too, so that their answers time out like
	 * those of a peer that went silent.
	 */
	if ((r == NULL && !p->line.mute) ||
	    smpp_session_out(&p->link.conn.s, pdu, p->mc->e.now, tag) != 0)
		return false;
	smpp_link_touch(&p->link); /* its answer is awaited from now on */
	if (r == NULL)
		return true;
	act_show(p, r);
	fault_plan(&plan, &r->acts, &p->mc->rng);
	act_pass(p, r, &plan, pdu, ACT_KNOWN);
	return true;
}

int64_t
act_later(const struct peer *p)
{
	return p->act == NULL ? 0 : p->plan.delay_ms;
}
