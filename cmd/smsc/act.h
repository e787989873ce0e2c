/*
 * What rules make of a request: the seam between the sessions (peer.c), which
 * know the protocol, and the rules (rules.c, inband.c) and faults, which break
 * it.
 *
 * A request that arrived goes this way, once each:
 *
 *	p->act = rule_judge(mc, p, request);
 *	if (p->act != NULL && act_request(p, p->act, request))
 *		done: nothing is to be handled any more
 *	else
 *		handled as it deserves, which ends in peer_answer()
 *
 * and peer_answer(p, request, response) is
 *
 *	if (p->act != NULL) act_answer(p, p->act, response);
 *	else it is sent, and then fault_overtaken(&p->line);
 *
 * Every request has exactly one answer but those of act_request() and oneway
 * PDUs. Answers to what the session itself refuses, enquire_link and unbind
 * come this way, too.
 */
#ifndef SMPP_SMSC_ACT_H
#define SMPP_SMSC_ACT_H

#include <stdbool.h>

#include "base/err.h"
#include "smpp/pdu.h"

struct opt;
struct smpp_mc_fate;
struct peer;
struct rule;
struct smsc;

/*
 * The rule for a request, or one made of the words in its text, number 0; NULL
 * for none. Decoded or not: request->row is NULL for an unknown command_id.
 * What is returned holds until the next request.
 */
const struct rule *rule_judge(
    struct smsc *mc, struct peer *p, const struct smpp_pdu *request);

/* The same of any request, one of ours or of the peer's. */
const struct rule *rules_ask(
    struct smsc *mc, struct peer *p, const struct smpp_pdu *pdu, bool ours);

/*
 * What is to be done before, or instead of, handling the request. Returns true
 * when it was instead: answered with a status, dropped, the connection closed.
 */
bool act_request(
    struct peer *p, const struct rule *r, const struct smpp_pdu *request);

/* Sends the answer to a request as the rule wants it: later, twice, not at
 * all, damaged. response and what it borrows end when this returns. */
void act_answer(
    struct peer *p, const struct rule *r, struct smpp_pdu *response);

/* The fate that the rule has for the message of the present request, instead
 * of that of --receipt, until the next one; NULL when it has none. */
const struct smpp_mc_fate *act_fate(const struct peer *p);

/* How much later than now the answer to the present request is sent, in ms. */
int64_t act_later(const struct peer *p);

/*
 * The same of a request that is to be sent to a peer. Returns false when no
 * rule is about it, and the caller sends it.
 */
bool act_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag);

/* What the line of a peer tells: when an answer has left, and whether the peer
 * is to be read. */
extern const struct fault_ops act_ops;

/* The options about rules: struct rule_args. */
extern const struct opt rule_opts[];

/* Reads the rules that the options name. Returns 0, or an exit class after it
 * said what is wrong. rules_free accepts what never was read. */
int rules_open(struct smsc *mc);
void rules_free(struct smsc *mc);

/* Reads the rules again; they stay as they are when something is wrong. */
void rules_reload(struct smsc *mc);

/* How often each rule hit, on stderr; at USR1 and at the end. */
void rules_print(struct smsc *mc);

/* The same as a member of an object, if there are rules. */
struct smpp_jsonw;
void rules_json(const struct smsc *mc, struct smpp_jsonw *j);

#endif
