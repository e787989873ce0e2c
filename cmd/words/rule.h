/* Rules: "EXPR -> ACTION,...", a condition and what is done where it holds. */
#ifndef SMPP_RULE_H
#define SMPP_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/rng.h"
#include "base/view.h"
#include "expr.h"
#include "names.h"

/* What may stand behind the '=' of an action. */
enum rule_kind {
	RULE_NONE,    /* nothing */
	RULE_STATUS,  /* a command_status, by name or number */
	RULE_COMMAND, /* a command_id, the same */
	RULE_TAG,     /* a TLV, the same */
	RULE_COUNT,   /* a number from min to max */
	RULE_SHIFT,   /* a number, or with a sign one to be added */
	RULE_TIME,    /* a time, in ms */
	RULE_DELAY,   /* a time, or a law of chance */
	RULE_WORD,    /* one of words: its index */
	RULE_STAT,    /* "STAT[:TIME]", or "none" */
	RULE_KINDS
};

/*
 * An action that rules may have. meta names its value in help, NULL when it
 * takes none; preset is the value it has when none is given, NULL when one
 * must be. Two actions exclude each other when is of the one and not_with of
 * the other have a bit in common; what the bits mean is the table's. binds: a
 * rule with it is about binds alone.
 *
 * A table ends with RULE_END. A row that only has block stands for the rows of
 * another table: a command adds what it alone can do to what is common.
 *
 *	{"garble", RULE_COUNT, "N", "4", "change octets at random",
 *	    .min = 1, .max = 1000},
 */
struct rule_row {
	const char *name;
	enum rule_kind kind;
	const char *meta, *preset, *brief;
	unsigned is, not_with;
	uint32_t min, max;
	const char *const *words; /* ended by NULL */
	bool binds;
	const struct rule_row *block;
};

/* clang-format off */
#define RULE_BLOCK(rows) {.block = (rows)}
#define RULE_END {.name = NULL}
/* clang-format on */

/* The row of that index, from 0, blocks being what they stand for; or NULL. */
const struct rule_row *rule_row(const struct rule_row *rows, unsigned i);

/*
 * Calls fn for the actions of a table: NAME, NAME=META or NAME[=META], and the
 * brief; with of, the name of one, for the values that it can have, where they
 * have names. What struct opt_terms wants.
 */
void rule_terms(
    const struct rule_row *rows, const char *of, ask_fn fn, void *arg);

/* How the number of an action is meant. */
enum rule_form {
	RULE_FIXED,
	RULE_RELATIVE,    /* a is added to what is right */
	RULE_UNIFORM,     /* from a to b */
	RULE_NORMAL,      /* mean a, standard deviation b */
	RULE_EXPONENTIAL, /* mean a */
};

/*
 * What stands behind the '=' of an action: a, and b where its form has it. Of
 * RULE_STAT a is the message_state, word STAT in capitals, empty for "none",
 * and b the time, -1 when there is none.
 */
struct rule_value {
	uint8_t form; /* enum rule_form */
	int64_t a, b;
	char word[16];
};

/* An action of a rule, and all of one, in the order in which they were
 * written. */
struct rule_act {
	const struct rule_row *row;
	struct rule_value v;
};

enum { RULE_ACTS = 32 };

struct rule_acts {
	unsigned n;
	struct rule_act v[RULE_ACTS];
};

/*
 * Reads actions joined by commas, "status=ESME_RTHROTTLED,delay=2s", of a
 * table. Returns 0 and sets *a; or SMPP_ESYNTAX, SMPP_ENAME or SMPP_ERANGE,
 * err says why and its offset is the octet of text that is wrong.
 */
int rule_acts_parse(struct rule_acts *a, const struct rule_row *rows,
    struct smpp_view text, struct smpp_err *err);

/* The value of an action, or NULL when it is none of these. */
const struct rule_value *rule_act(
    const struct rule_acts *a, const struct rule_row *row);

/* A time as the form of v has it, drawn anew where it is one of chance; never
 * below 0. */
int64_t rule_draw(const struct rule_value *v, struct smpp_rng *rng);

/*
 * Which requests a rule is asked about. All are those that arrive and are no
 * bind, unbind or enquire_link; one that only says p=0.1 shall not keep
 * clients from binding.
 */
enum rule_scope {
	RULE_MESSAGES,
	RULE_ANY,   /* names what tells those others, or what we send, apart */
	RULE_BINDS, /* an action of it is about binds */
};

/*
 * One rule. text is what was written behind the arrow, number its place among
 * others, from 1, and origin where it is from, NULL for an option; both of the
 * latter are the caller's. One that is off holds for nothing, unasked.
 */
struct rule {
	struct expr *when;
	struct rule_acts acts;
	const char *text;
	enum rule_scope scope;
	unsigned number;
	const char *origin;
	bool off;
	uint64_t asked, hits;
};

/*
 * Reads a rule, which text must outlive, with the actions of a table. d
 * names further TLVs (expr.h), seed makes its shares repeat. Returns 0, and
 * expr_close() frees r->when; or as rule_acts_parse() or expr_open() do, the
 * offset of err counted from the start of text.
 */
int rule_parse(struct rule *r, const struct rule_row *rows, const char *text,
    const struct smpp_dictionary *d, uint64_t seed, struct smpp_err *err);

/* Whether the rule is asked about a request of ours or of a peer, and says
 * yes; counts both. */
bool rule_hits(struct rule *r, const struct expr_subject *subject, bool ours);

#endif
