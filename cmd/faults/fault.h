/* Faults: the actions of rules that misbehave, and what they do to octets. */
#ifndef SMPP_FAULT_H
#define SMPP_FAULT_H

#include "words/rule.h"
#include "base/wr.h"

/* What excludes what: bits of is and not_with in the rows. */
enum {
	FAULT_IS_STATUS = 1, /* the status of the answer */
	FAULT_IS_OCTETS = 2, /* its octets */
	FAULT_IS_COPIES = 4, /* how often it is sent, and when */
	FAULT_IS_OTHERS = 8, /* other octets instead of it */
	FAULT_IS_ENDING = 16,
	FAULT_IS_INSTEAD = 32, /* of an answer of which nothing is said */
};

/* FAULT_delay and so on: the index of each row. */
enum fault_id {
#define FAULT(id, ...) FAULT_##id,
#include "faults.def"
	FAULT_COUNT
};

/* The words of "bind". */
enum fault_bind {
	FAULT_BIND_BARE,    /* a header alone */
	FAULT_BIND_OTHER,   /* the response of another bind */
	FAULT_BIND_LONG,    /* a system_id of 64 characters */
	FAULT_BIND_VERSION, /* a version that does not exist */
};

/* The rows of faults.def, for rule_parse() and for tables with more. */
extern const struct rule_row fault_rows[FAULT_COUNT + 1];

/* The value of an action, or NULL when it is none of these. */
static inline const struct rule_value *
fault_act(const struct rule_acts *a, enum fault_id id)
{
	return rule_act(a, &fault_rows[id]);
}

/* The status that is wanted instead of the carrying out of a request, of
 * "status" or "nack"; ESME_ROK when none is. */
uint32_t fault_status(const struct rule_acts *a);

/*
 * How octets are sent: so much later, so often, behind those that are sent
 * next, one octet each drip_ms; -1 is all at once.
 */
struct fault_plan {
	int64_t delay_ms;
	unsigned copies;
	bool behind;
	int64_t drip_ms;
};

/*
 * Draws how the actions have octets sent this time. None are, copies is 0,
 * when they are dropped, or the connection ends instead and nothing is said of
 * them.
 */
void fault_plan(
    struct fault_plan *plan, const struct rule_acts *a, struct smpp_rng *rng);

/* So many octets may a PDU grow by damage. */
enum { FAULT_GROWTH = 256 };

/*
 * Writes the octets of a PDU as the actions want them to w, which has room for
 * FAULT_GROWTH more than truth; those it does not have they leave alone.
 */
void fault_damage(struct smpp_wr *w, const struct rule_acts *a,
    struct smpp_view truth, struct smpp_rng *rng);

#endif
