/* Rules: their text, and when they are asked. */
#include "rule.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char arrow[] = "->";

/* Where the arrow stands that is not in quotes, or NULL: a condition may ask
 * for a text with one in it. Quotes are as expr.c reads them. */
static const char *
find_arrow(const char *p)
{
	bool quoted = false;

	for (; *p != '\0'; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (*p == '\\' && quoted && p[1] != '\0')
			p++;
		else if (!quoted && strncmp(p, arrow, 2) == 0)
			return p;
	}
	return NULL;
}

/*
 * Opens the condition in the first n characters of text. A copy that ends
 * where the arrow begins: the parser knows no arrows. Offsets stay right,
 * since the copy begins where the text does.
 */
static struct expr *
open_condition(const char *text, size_t n, const struct smpp_dictionary *d,
    uint64_t seed, struct smpp_err *err)
{
	char *copy = strndup(text, n);
	struct expr *e = NULL;

	if (copy == NULL)
		smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	else
		e = expr_open(copy, d, seed, err);
	free(copy);
	return e;
}

/*
 * What a condition must be about to hold for more than messages: who names the
 * command, the direction or a field of binds knows what is there beside them;
 * who only says p=0.1 means messages, and would otherwise lose sessions.
 */
static enum rule_scope
scope_of(const struct expr *when, const struct rule_acts *acts)
{
	static const char *const wide[] = {"command_id", "dir", "receipt.id",
	    "system_id", "password", "system_type", "interface_version",
	    "addr_ton", "addr_npi", "address_range"};

	for (unsigned i = 0; i < acts->n; i++)
		if (acts->v[i].row->binds)
			return RULE_BINDS;
	for (size_t i = 0; i < sizeof(wide) / sizeof(wide[0]); i++)
		if (expr_asks(when, wide[i]))
			return RULE_ANY;
	return RULE_MESSAGES;
}

/* The place is where the arrow should have been: behind all there is. */
static int
no_arrow(size_t at, struct smpp_err *err)
{
	err->offset = (int64_t)at;
	return smpp_err_set(
	    err, SMPP_ESYNTAX, "'->' wanted: a rule is EXPR -> ACTION");
}

int
rule_parse(struct rule *r, const struct rule_row *rows, const char *text,
    const struct smpp_dictionary *d, uint64_t seed, struct smpp_err *err)
{
	const char *at = find_arrow(text);
	const size_t n = at == NULL ? strlen(text) : (size_t)(at - text);

	*r = (struct rule){0};
	/* Without any arrow that is the mistake; with one in quotes it is
	 * rather the quotes, which the condition complains of. */
	if (strstr(text, arrow) == NULL)
		return no_arrow(n, err);
	r->when = open_condition(text, n, d, seed, err);
	if (r->when == NULL)
		return err->code;
	if (at == NULL) {
		no_arrow(n, err);
		goto fail;
	}
	for (at += 2; isspace((unsigned char)*at); at++)
		;
	if (rule_acts_parse(&r->acts, rows, smpp_view_str(at), err) != 0) {
		/*
		 * Actions count from their own start, the caret from the
		 * rule's.
		 */
		err->offset += at - text;
		goto fail;
	}
	r->text = at; /* counts are shown beside it */
	r->scope = scope_of(r->when, &r->acts);
	return 0;
fail:
	expr_close(r->when);
	r->when = NULL;
	return err->code;
}

static bool
rule_is_bind(uint32_t command_id)
{
	return command_id == SMPP_C_bind_receiver ||
	       command_id == SMPP_C_bind_transmitter ||
	       command_id == SMPP_C_bind_transceiver;
}

/*
 * A rule about binds is not asked about anything else; one about messages
 * never about what keeps a session alive, which would be lost by it.
 */
static bool
in_scope(enum rule_scope scope, uint32_t command_id, bool ours)
{
	if (scope == RULE_BINDS)
		return rule_is_bind(command_id);
	return scope == RULE_ANY || (!ours && !rule_is_bind(command_id) &&
					command_id != SMPP_C_unbind &&
					command_id != SMPP_C_enquire_link);
}

bool
rule_hits(struct rule *r, const struct expr_subject *subject, bool ours)
{
	/* What is out of scope was not asked: the counts are of those that the
	 * rule could have held for. */
	if (r->off || !in_scope(r->scope, subject->pdu->command_id, ours))
		return false;
	r->asked++;
	if (!expr_match(r->when, subject))
		return false;
	r->hits++;
	return true;
}
