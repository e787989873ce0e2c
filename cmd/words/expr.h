/* The EXPR language: conditions on PDUs, for --where, \expect and rules. */
#ifndef SMPP_CMD_EXPR_H
#define SMPP_CMD_EXPR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "smpp/pdu.h"
#include "text/text.h"

/*
 * A condition, parsed: comparisons "name OP value" with == != < <= > >= and ~
 * (extended regular expression), joined by and, or, not and parentheses; p=0.1
 * (a share) and every=10 (each tenth). Names are those of the JSON of a PDU:
 * fields, known TLVs, X_name of coded numbers, text, dir, session, receipt.id
 * and so on. A value is a number, a word, or "quoted"; the symbols of coded
 * numbers count. What a PDU does not have equals nothing and is less than
 * nothing; only != holds for it.
 */
struct expr;

/* What an expression is asked about. dir may be NULL, session 0. */
struct expr_subject {
	const struct smpp_pdu *pdu;
	const char *dir;
	uint32_t session;
	enum smpp_alphabet mc_default;
};

/*
 * Parses text, which need not outlive the call; d names TLVs beside those of
 * the specification, NULL is the usual dictionary. seed makes the shares
 * repeat. Returns the expression, which expr_close() frees; or NULL, and *err
 * says why, its offset the character that is wrong, its code SMPP_ESYNTAX,
 * SMPP_ENAME, SMPP_ERANGE or SMPP_ENOMEM.
 */
struct expr *expr_open(const char *text, const struct smpp_dictionary *d,
    uint64_t seed, struct smpp_err *err);

/* Frees an expression; NULL is none. */
void expr_close(struct expr *e);

/* Whether a comparison is about this name or its X_name; for receipt.id, about
 * anything in a receipt. */
bool expr_asks(const struct expr *e, const char *name);

/* True when it holds. Counts and draws shares, so not for const e. */
bool expr_match(struct expr *e, const struct expr_subject *subject);

#endif
