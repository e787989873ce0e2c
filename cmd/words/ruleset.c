/* All rules of a run: where they come from, which one applies, how often. */
#include "ruleset.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading --- */

/* Says what is wrong with a rule, and shows where. origin is where it is from,
 * option when that is NULL. */
static int
ruleset_wrong(struct rule_set *set, const char *option, const char *origin,
    const char *text, const struct smpp_err *err)
{
	struct smpp_jsonw *j = out_more(set->c);

	smpp_jsonw_key_cstr(j, "rule", text);
	smpp_jsonw_key_i64(j, "offset", err->offset);
	out_spot(set->c, text, (size_t)err->offset);
	return out_error(set->c, SMPP_EXIT_USAGE,
	    origin == NULL ? "usage" : "config", "%s: %s",
	    origin == NULL ? option : origin, err->msg);
}

static int
ruleset_add(struct rule_set *set, const char *option, const char *origin,
    const char *text)
{
	struct smpp_err err;
	struct rule *r;

	/*
	 * Rules are pointed to only when all are read: until then they may
	 * move.
	 */
	set->v = reallocarray(set->v, set->n + 1, sizeof(*set->v));
	if (set->v == NULL)
		cmd_nomem();
	r = &set->v[set->n];
	smpp_err_clear(&err);
	/*
	 * A seed for each rule, from the one of the run: what one rule draws
	 * does not depend on whether another was asked.
	 */
	if (rule_parse(r, set->rows, text, set->c->dictionary,
		smpp_rng_next(set->seeds), &err) == SMPP_ENOMEM)
		cmd_nomem();
	if (r->when == NULL)
		return ruleset_wrong(set, option, origin, text, &err);
	/* Numbers go on from the options to the files: people are told them. */
	r->origin = origin;
	r->number = (unsigned)++set->n;
	return 0;
}

/* Ends a line before its comment: a '#' that begins a word, not in quotes.
 * Within one it is a character of addresses, *100#. */
static void
cut_comment(char *line)
{
	bool quoted = false;
	char *p;

	for (p = line; *p != '\0'; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1] != '\0')
			p++;
		else if (!quoted && *p == '#' &&
			 (p == line || isspace((unsigned char)p[-1])))
			break;
	}
	while (p > line && isspace((unsigned char)p[-1]))
		p--;
	*p = '\0';
}

static int
ruleset_add_line(struct rule_set *set, const char *path, unsigned number,
    char *line, size_t n)
{
	const char *origin = cmd_printf(set->c, "%s:%u", path, number);

	/* The rest behind a NUL would be passed over in silence. */
	if (strlen(line) != n)
		return out_error(set->c, SMPP_EXIT_USAGE, "config",
		    "%s: an octet is zero", origin);
	cut_comment(line);
	line += strspn(line, " \t");
	if (*line == '\0')
		return 0;
	/*
	 * The line's buffer is the next line's, too; a rule keeps pointing to
	 * its text.
	 */
	return ruleset_add(set, NULL, origin, cmd_printf(set->c, "%s", line));
}

static int
ruleset_unreadable(struct rule_set *set, const char *path)
{
	return out_errno(set->c, SMPP_EXIT_USAGE, "config", path);
}

static int
ruleset_add_file(struct rule_set *set, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	unsigned number = 0;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	if (f == NULL)
		return ruleset_unreadable(set, path);
	while (rc == 0 && (n = getline(&line, &cap, f)) >= 0)
		rc = ruleset_add_line(set, path, ++number, line, (size_t)n);
	if (rc == 0 && ferror(f))
		rc = ruleset_unreadable(set, path);
	free(line);
	fclose(f);
	return rc;
}

int
rule_set_read(struct rule_set *set, const char *option,
    const struct opt_list *rules, const struct opt_list *files)
{
	int rc = 0;

	/*
	 * Options before files: the first rule that holds wins, so that what
	 * is typed overrides what is kept.
	 */
	for (size_t i = 0; i < rules->n && rc == 0; i++)
		rc = ruleset_add(set, option, NULL, rules->v[i]);
	for (size_t i = 0; i < files->n && rc == 0; i++)
		rc = ruleset_add_file(set, files->v[i]);
	return rc;
}

void
rule_set_free(struct rule_set *set)
{
	for (size_t i = 0; i < set->n; i++)
		expr_close(set->v[i].when);
	free(set->v);
	set->v = NULL;
	set->n = 0;
}

/* --- asking --- */

/* The first that holds; those behind it are not asked, and not counted. */
const struct rule *
rule_set_ask(
    struct rule_set *set, const struct expr_subject *subject, bool ours)
{
	for (size_t i = 0; i < set->n; i++)
		if (rule_hits(&set->v[i], subject, ours))
			return &set->v[i];
	return NULL;
}

void
rule_set_print(const struct rule_set *set)
{
	for (const struct rule *r = set->v; r < set->v + set->n; r++)
		out_say(set->c, 0,
		    "== rule %u hit %" PRIu64 " of %" PRIu64 " (%s)%s%s",
		    r->number, r->hits, r->asked, r->text,
		    r->origin == NULL ? "" : ", ",
		    r->origin == NULL ? "" : r->origin);
}

void
rule_set_json(const struct rule_set *set, struct smpp_jsonw *j)
{
	const struct rule *r;

	if (set->n == 0)
		return;
	smpp_jsonw_key(j, "rules");
	smpp_jsonw_open(j, '[');
	for (r = set->v; r < set->v + set->n; r++) {
		smpp_jsonw_open(j, '{');
		smpp_jsonw_key_i64(j, "rule", r->number);
		smpp_jsonw_key_i64(j, "hits", r->hits);
		smpp_jsonw_key_i64(j, "asked", r->asked);
		smpp_jsonw_key_cstr(j, "actions", r->text);
		smpp_jsonw_close(j, '}');
	}
	smpp_jsonw_close(j, ']');
}
