/* All rules of a run: where they come from, which one applies, how often. */
#ifndef SMPP_RULESET_H
#define SMPP_RULESET_H

#include "kit/cmd.h"
#include "rule.h"

struct smpp_jsonw;

/*
 * n rules, in the order in which they are asked. rows are the actions that
 * they may have, c is where mistakes are told, seeds makes their shares
 * repeat: set by the caller before rule_set_read().
 */
struct rule_set {
	const struct rule_row *rows;
	struct ctx *c;
	struct smpp_rng *seeds;
	struct rule *v;
	size_t n;
};

/*
 * Adds rules: first the values of option ("--rule"), then those of files, one
 * a line. Returns 0, or an exit class after it said what is wrong, with the
 * spot; free may follow either.
 */
int rule_set_read(struct rule_set *set, const char *option,
    const struct opt_list *rules, const struct opt_list *files);
void rule_set_free(struct rule_set *set);

/* The first rule that holds, or NULL. */
const struct rule *rule_set_ask(
    struct rule_set *set, const struct expr_subject *subject, bool ours);

/* How often each rule hit, a line each on stderr; the same as the member
 * "rules" of an object, if there are any. */
void rule_set_print(const struct rule_set *set);
void rule_set_json(const struct rule_set *set, struct smpp_jsonw *j);

#endif
