/* What a script judges: a PDU, what it has, and whether a condition holds. */
#ifndef SMPP_SCRIPT_SUBJECT_H
#define SMPP_SCRIPT_SUBJECT_H

#include "kit/cmd.h"
#include "words/expr.h"
#include "show/show.h"

/* A PDU taken apart, and how it is shown; its octets are borrowed. */
struct subject {
	struct smpp_pdu pdu;
	struct smpp_issues issues;
	struct smpp_show show;
};

/* Whether a condition holds for it. */
bool subject_holds(const struct subject *s, struct expr *e);

/* Writes it as an object of JSON. */
void subject_json(const struct subject *s, struct smpp_jsonw *j);

/*
 * These return texts in memory of c: the value that its JSON has for a key,
 * NULL for none; "submit_sm_resp ESME_ROK"; and what it has in place of what a
 * condition, being text, expected: the value of the name that this begins
 * with, if that is all that it is about.
 */
const char *subject_value(
    const struct subject *s, struct ctx *c, const char *key);
const char *subject_brief(const struct subject *s, struct ctx *c);
const char *subject_got(
    const struct subject *s, struct ctx *c, const char *text);

/* Writes "submit_sm", or the number of a command that has no name. */
void subject_name(struct smpp_sbuf *b, uint32_t command_id);

#endif
