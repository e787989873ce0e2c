/* What a word could become: the question, and the candidates for it. */
#include "ask.h"

#include <string.h>

#include "cmd.h"
#include "base/suggest.h"

struct ask
ask_about(struct ctx *c, const char *text, ask_fn fn, void *arg)
{
	return (struct ask){.c = c,
	    .text = text,
	    .word = text,
	    .lead = "",
	    .trail = "",
	    .fn = fn,
	    .arg = arg};
}

/*
 * Whole words are compared, with what stands before and behind them: a shell
 * replaces the whole word, so an offer that lacked its lead would delete it.
 */
void
ask_offer(void *ask, const char *name, const char *brief)
{
	struct ask *q = ask;
	const char *full = cmd_printf(q->c, "%s%s%s", q->lead, name, q->trail);

	if (strncmp(full, q->word, strlen(q->word)) == 0)
		q->fn(q->arg, full, brief == NULL ? "" : brief);
}

/* The same lists of words serve to correct what was mistyped. */
void
ask_suggest(void *suggest, const char *name, const char *brief)
{
	(void)brief;
	smpp_suggest_try(suggest, name);
}

void
ask_words(struct ask *q, const char *const *words)
{
	for (; *words != NULL; words++)
		ask_offer(q, *words, NULL);
}

void
ask_skip(struct ask *q, size_t n)
{
	q->word += n;
}

/* Before the first mark the word is at its start, so the scan ends at 0. */
void
ask_behind(struct ask *q, const char *marks)
{
	size_t n = strlen(q->word);

	while (n > 0 && strchr(marks, q->word[n - 1]) == NULL)
		n--;
	ask_skip(q, n);
}

/* A number and what may follow it. */
static void
ask_units(struct ask *q, const char *const *units)
{
	size_t n = strspn(q->word, "0123456789");

	for (; n > 0 && *units != NULL; units++)
		ask_offer(q,
		    cmd_printf(q->c, "%.*s%s", (int)n, q->word, *units), NULL);
}

/* The word begins behind the last place where another stands, if one does. */
static bool
ask_behind_word(struct ask *q, const char *other)
{
	const char *last = NULL;

	for (const char *s = q->word; (s = strstr(s, other)) != NULL;)
		last = s += strlen(other);
	if (last != NULL)
		q->word = last;
	return last != NULL;
}

/* A term, without the value that it may have, with the '=' of one it must. */
static void
ask_term(void *ask, const char *term, const char *brief)
{
	struct ask *q = ask;
	size_t n = strcspn(term, "=[");

	ask_offer(q, cmd_printf(q->c, "%.*s", (int)n + (term[n] == '='), term),
	    brief);
}

/* The terms of a sentence, and what may stand behind the '=' of one. */
static void
ask_terms(struct ask *q, const struct opt_terms *t)
{
	const char *name;
	size_t n;

	if (!ask_behind_word(q, t->after))
		return;
	ask_behind(q, ",");
	ask_skip(q, strspn(q->word, " "));
	n = strcspn(q->word, "=");
	if (q->word[n] == '\0') {
		t->each(NULL, ask_term, q);
		return;
	}
	name = cmd_printf(q->c, "%.*s", (int)n, q->word);
	ask_skip(q, n + 1);
	t->each(name, ask_offer, q);
}

/*
 * What can be offered at the cursor. A list of words joined by commas is told
 * by its metavariable: the row has no other mark of it, and the help shows the
 * same.
 */
void
ask_value(struct ask *q, const struct opt *o)
{
	static const char *const times[] = {"ms", "s", "m", "h", NULL};
	static const char *const rates[] = {"/s", "/m", NULL};

	q->files |= o->kind == OPT_FILE || o->kind == OPT_FILES;
	if (o->words != NULL && o->meta != NULL &&
	    strstr(o->meta, ",...") != NULL)
		ask_behind(q, ",");
	if (o->words != NULL)
		ask_words(q, o->words);
	if (o->terms != NULL)
		ask_terms(q, o->terms);
	if (o->offer != NULL)
		o->offer(q, o);
	if (o->kind == OPT_DURATION) {
		ask_offer(q, "none", "no limit");
		ask_units(q, times);
	} else if (o->kind == OPT_RATE) {
		ask_units(q, rates);
	}
}
