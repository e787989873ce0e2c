/* Rules: lists of actions, and the tables of those that there are. */
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/suggest.h"
#include "rule_int.h"

int
rule_wrong(struct rule_list *x, uint32_t at, int code, const char *fmt, ...)
{
	char why[sizeof(x->err->msg)];
	va_list ap;

	/* The first mistake counts, and is the most precise one. */
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (x->err->code == 0)
		x->err->offset = at;
	smpp_err_set(x->err, code, "%s", why);
	return -1;
}

int
rule_unknown(struct rule_list *x, const char *what, const char *best)
{
	if (best == NULL)
		return rule_wrong(
		    x, x->at, SMPP_ENAME, "no %s '%s'", what, x->word);
	return rule_wrong(x, x->at, SMPP_ENAME,
	    "no %s '%s'; did you mean '%s'?", what, x->word, best);
}

/*
 * Counts *i down to the row wanted, through the blocks. Tables nest where a
 * command adds rows to the common ones: an index over all of them lets callers
 * loop without knowing of blocks.
 */
static const struct rule_row *
rulelist_row(const struct rule_row *rows, unsigned *i)
{
	const struct rule_row *found;

	for (; rows->name != NULL || rows->block != NULL; rows++) {
		if (rows->block != NULL) {
			if ((found = rulelist_row(rows->block, i)) != NULL)
				return found;
		} else if ((*i)-- == 0) {
			return rows;
		}
	}
	return NULL;
}

const struct rule_row *
rule_row(const struct rule_row *rows, unsigned i)
{
	return rulelist_row(rows, &i);
}

static bool
rulelist_name_char(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '-';
}

static bool
at_end(const struct rule_list *x)
{
	return x->next == x->text.n;
}

static void
rulelist_blanks(struct rule_list *x)
{
	while (!at_end(x) && isspace(x->text.p[x->next]))
		x->next++;
}

/* Makes the characters from at to end the word. It is bounded: lists also come
 * in messages, from anybody. */
static int
rulelist_set_word(struct rule_list *x, uint32_t at, uint32_t end)
{
	while (end > at && isspace(x->text.p[end - 1]))
		end--;
	x->at = at;
	if (end - at >= RULE_WORD_MAX)
		return rule_wrong(x, at, SMPP_ERANGE, "this is too long");
	if (end > at)
		memcpy(x->word, x->text.p + at, end - at);
	x->word[end - at] = '\0';
	return 0;
}

/* An empty word is no name to guess at: a comma too many. */
static int
unknown_action(struct rule_list *x)
{
	const struct rule_row *row;
	struct smpp_suggest s;

	if (x->word[0] == '\0')
		return rule_wrong(x, x->at, SMPP_ESYNTAX, "an action wanted");
	smpp_suggest_init(&s, x->word);
	for (unsigned i = 0; (row = rule_row(x->rows, i)) != NULL; i++)
		smpp_suggest_try(&s, row->name);
	return rule_unknown(x, "action", s.best);
}

/* The action whose name is next, or NULL. */
static const struct rule_row *
rulelist_take_name(struct rule_list *x)
{
	const uint32_t at = x->next;
	const struct rule_row *row;
	unsigned i = 0;

	while (!at_end(x) && rulelist_name_char(x->text.p[x->next]))
		x->next++;
	if (rulelist_set_word(x, at, x->next) != 0)
		return NULL;
	while ((row = rule_row(x->rows, i++)) != NULL)
		if (strcmp(row->name, x->word) == 0)
			return row;
	unknown_action(x);
	return NULL;
}

/* The value that is next, up to a comma or blank not in parentheses: those of
 * uniform(1s, 3s) are its own. */
static int
rulelist_take_value(struct rule_list *x)
{
	const uint32_t at = ++x->next;
	unsigned depth = 0;
	uint8_t c;

	for (; !at_end(x); x->next++) {
		c = x->text.p[x->next];
		if ((c == ',' || isspace(c)) && depth == 0)
			break;
		depth += c == '(';
		depth -= c == ')' && depth > 0;
	}
	return rulelist_set_word(x, at, x->next);
}

/*
 * Refuses what stands there twice, does not go together or is too much.
 * Refused at the start rather than resolved by some order: what a list with
 * both would do, nobody could tell without trying.
 */
static int
rulelist_check(struct rule_list *x, uint32_t at, const struct rule_row *row)
{
	const struct rule_row *other;

	if (rule_act(x->acts, row) != NULL)
		return rule_wrong(
		    x, at, SMPP_ESYNTAX, "'%s' stands here twice", row->name);
	for (unsigned i = 0; i < x->acts->n; i++) {
		other = x->acts->v[i].row;
		if ((row->is & other->not_with) != 0 ||
		    (row->not_with & other->is) != 0)
			return rule_wrong(x, at, SMPP_ESYNTAX,
			    "'%s' and '%s' exclude each other", other->name,
			    row->name);
	}
	if (x->acts->n == RULE_ACTS)
		return rule_wrong(
		    x, at, SMPP_ERANGE, "more than %d actions", RULE_ACTS);
	return 0;
}

static int
take_action(struct rule_list *x)
{
	const struct rule_row *row;
	struct rule_act *act;
	uint32_t at;
	bool given;

	rulelist_blanks(x);
	at = x->next;
	row = rulelist_take_name(x);
	if (row == NULL || rulelist_check(x, at, row) != 0)
		return -1;
	/*
	 * Counted before its value is read: an error ends the whole list
	 * anyway.
	 */
	act = &x->acts->v[x->acts->n++];
	*act = (struct rule_act){.row = row};
	given = !at_end(x) && x->text.p[x->next] == '=';
	if (row->kind == RULE_NONE)
		return given ? rule_wrong(x, x->next, SMPP_ESYNTAX,
				   "'%s' takes no value", row->name)
			     : 0;
	if (given && rulelist_take_value(x) != 0)
		return -1;
	if (given ? x->word[0] == '\0' : row->preset == NULL)
		return rule_wrong(x, x->next, SMPP_ESYNTAX,
		    "a value wanted: %s=%s", row->name, row->meta);
	/* What is left out is read as if it were written, so that the presets
	 * of rows need no other form than values. */
	if (!given)
		snprintf(x->word, RULE_WORD_MAX, "%s", row->preset);
	return rule_take_value(x, row, &act->v);
}

int
rule_acts_parse(struct rule_acts *a, const struct rule_row *rows,
    struct smpp_view text, struct smpp_err *err)
{
	struct rule_list x = {
	    .text = text, .rows = rows, .acts = a, .err = err};

	/*
	 * Lists also come out of messages, so that acts of the last one are
	 * gone.
	 */
	a->n = 0;
	for (;;) {
		if (take_action(&x) != 0)
			return err->code;
		rulelist_blanks(&x);
		if (at_end(&x))
			return 0;
		if (text.p[x.next] != ',')
			return rule_wrong(
			    &x, x.next, SMPP_ESYNTAX, "',' wanted");
		x.next++;
	}
}

const struct rule_value *
rule_act(const struct rule_acts *a, const struct rule_row *row)
{
	for (unsigned i = 0; i < a->n; i++)
		if (a->v[i].row == row)
			return &a->v[i].v;
	return NULL;
}

/* --- the table, for help and completion --- */

/* The form of an action: "drop", "delay=TIME", "garble[=N]". */
static void
rulelist_term(const struct rule_row *row, ask_fn fn, void *arg)
{
	char text[RULE_WORD_MAX];

	if (row->kind == RULE_NONE)
		snprintf(text, sizeof(text), "%s", row->name);
	else
		snprintf(text, sizeof(text),
		    row->preset == NULL ? "%s=%s" : "%s[=%s]", row->name,
		    row->meta);
	fn(arg, text, row->brief);
}

/* The values of an action that have names. */
static void
rulelist_values(const struct rule_row *row, ask_fn fn, void *arg)
{
	const char *const *words = row->words;

	if (row->kind == RULE_STATUS)
		names_each(NAMES_STATUS, NULL, fn, arg);
	else if (row->kind == RULE_COMMAND)
		names_each(NAMES_PDU, NULL, fn, arg);
	else if (row->kind == RULE_TAG)
		names_each(NAMES_TLV, NULL, fn, arg);
	else if (row->kind == RULE_STAT)
		words = names_stats;
	for (; words != NULL && *words != NULL; words++)
		fn(arg, *words, "");
}

void
rule_terms(const struct rule_row *rows, const char *of, ask_fn fn, void *arg)
{
	const struct rule_row *row;

	for (unsigned i = 0; (row = rule_row(rows, i)) != NULL; i++)
		if (of == NULL)
			rulelist_term(row, fn, arg);
		else if (strcmp(of, row->name) == 0)
			rulelist_values(row, fn, arg);
}
