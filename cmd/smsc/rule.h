/* Rules: "EXPR -> ACTION,...", a condition and what is done where it holds. */
#ifndef SMPP_SMSC_RULE_H
#define SMPP_SMSC_RULE_H

#include "words/expr.h"
#include "actlist.h"

/*
 * Which requests a rule is asked about. All are those that arrive and are no
 * bind, unbind or enquire_link; one that only says p=0.1 shall not keep
 * clients from binding.
 */
enum rule_scope {
	RULE_MESSAGES,
	RULE_ANY,   /* names what tells those others, or what we send, apart */
	RULE_BINDS, /* its action is about binds */
};

/* One rule. origin says where it is from, NULL for an option. */
struct rule {
	struct expr *when;
	struct act act;
	enum rule_scope scope;
	const char *origin;
	uint64_t asked, hits;
};

/*
 * Reads a rule, which text must outlive. seed makes its shares repeat. Returns
 * 0, and expr_close() frees r->when; or as act_parse() or expr_open() do, the
 * offset of err counted from the start of text.
 */
int rule_parse(
    struct rule *r, const char *text, uint64_t seed, struct smpp_err *err);

/* Whether the rule is asked about a request of ours or of a peer, and says
 * yes; counts both. */
bool rule_hits(struct rule *r, const struct expr_subject *subject, bool ours);

/*
 * Reads the commands that the text of a message holds for us, smpp-rules(5).
 * Returns 1 and sets *a; 0 when it is an ordinary text; or as act_parse(), the
 * offset of err counted from the start of text.
 */
int inband_parse(struct act *a, struct smpp_view text, struct smpp_err *err);

#endif
