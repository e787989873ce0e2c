/* The actions of rules: what there are, and what a list of them says. */
#ifndef SMPP_SMSC_ACTLIST_H
#define SMPP_SMSC_ACTLIST_H

#include <stdbool.h>

#include "base/err.h"
#include "base/rng.h"
#include "base/view.h"
#include "base/wr.h"
#include "smsc.h"

/* The actions, in the order of their rows; those from ACT_NACK to ACT_HALF
 * that change octets do so in this order. */
enum act_id {
	ACT_STATUS,
	ACT_RECEIPT,
	ACT_DELAY,
	ACT_DROP,
	ACT_TWICE,
	ACT_REORDER,
	ACT_DRIP,
	ACT_NACK,
	ACT_BIND,
	ACT_UNTERMINATED,
	ACT_SM_LENGTH,
	ACT_TLV,
	ACT_TLV_OVERRUN,
	ACT_SEQUENCE_NUMBER,
	ACT_COMMAND_ID,
	ACT_GARBLE,
	ACT_COMMAND_LENGTH,
	ACT_HTTP,
	ACT_TLS,
	ACT_HALF,
	ACT_CLOSE,
	ACT_RST,
	ACT_UNBIND,
	ACT_FLOOD,
	ACT_SILENCE,
	ACT_STOP_READING,
	ACT_COUNT
};

/* How the number of an action is meant. */
enum act_form {
	ACT_FIXED,
	ACT_RELATIVE,    /* a is added to what is right */
	ACT_UNIFORM,     /* from a to b */
	ACT_NORMAL,      /* mean a, standard deviation b */
	ACT_EXPONENTIAL, /* mean a */
};

/* What stands behind the '=' of an action. */
struct act_value {
	uint8_t form; /* enum act_form */
	int64_t a, b;
};

/* The actions of rule number, 0 for none: bit ACT_* of has, and their values.
 * text is what was written. */
struct act {
	unsigned number;
	const char *text;
	uint32_t has;
	struct act_value v[ACT_COUNT];
	struct fate fate; /* with ACT_RECEIPT; delay_ms -1 when not said */
};

/* What may stand behind the '=' of an action. */
enum act_arg {
	ACT_ARG_NONE,
	ACT_ARG_STATUS,
	ACT_ARG_FATE,
	ACT_ARG_DELAY,
	ACT_ARG_TIME,
	ACT_ARG_NUMBER,
	ACT_ARG_SHIFT,
	ACT_ARG_TAG,
	ACT_ARG_COMMAND,
	ACT_ARG_BIND,
	ACT_ARG_KINDS
};

/*
 * One action. meta names its value, NULL when it takes none; preset is the one
 * it has when none is given, NULL when one must be. Two actions exclude each
 * other when is of the one and not_with of the other have a bit in common.
 */
struct act_row {
	const char *name;
	enum act_arg arg;
	const char *meta, *preset;
	unsigned is, not_with;
	const char *brief;
};

extern const struct act_row act_rows[ACT_COUNT];

/* The words behind "bind=", in this order. */
enum act_bind {
	ACT_BIND_BARE,    /* a header alone */
	ACT_BIND_OTHER,   /* the response of another bind */
	ACT_BIND_LONG,    /* a system_id of 64 characters */
	ACT_BIND_VERSION, /* a version that does not exist */
	ACT_BIND_COUNT
};

/*
 * Reads actions joined by commas, "status=ESME_RTHROTTLED,delay=2s". Returns 0
 * and sets *a; or SMPP_ESYNTAX, SMPP_ENAME or SMPP_ERANGE, err says why and
 * its offset is the octet of text that is wrong.
 */
int act_parse(struct act *a, struct smpp_view text, struct smpp_err *err);

static inline bool
act_has(const struct act *a, enum act_id id)
{
	return a->has >> id & 1;
}

/* Whether anything is sent as the answer: not when it is dropped, nor when the
 * connection ends instead and nothing is said of the answer itself. */
bool act_answers(const struct act *a);

/* How long the delay of a is this time, in ms; 0 without one. */
int64_t act_delay(const struct act *a, struct smpp_rng *rng);

/* So many octets may an answer grow by damage. */
enum { ACT_GROWTH = 256 };

/*
 * Writes the octets of a PDU as the actions want them to w, which has room for
 * ACT_GROWTH more than truth; those it does not have they leave alone.
 */
void act_write(struct smpp_wr *w, const struct act *a, struct smpp_view truth,
    struct smpp_rng *rng);

#endif
