/* Options as rows of a table: which rows a command has, and their faults. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

bool
opt_has_value(const struct opt *o)
{
	return o->kind >= OPT_UINT && o->kind < OPT_POS;
}

bool
opt_is_word(const struct opt *o)
{
	return o->kind >= OPT_POS;
}

/* Rows being collected. */
struct expansion {
	struct ctx *c;
	struct opt_row *v;
	size_t n;
	const char *section;
};

/*
 * A row too many is left out; opt_check() finds a table that is full, so a
 * test fails before a user misses an option.
 */
static void
optrow_add(struct expansion *e, const struct opt *o, char *at, bool own)
{
	if (e->n < OPT_MAX_ROWS)
		e->v[e->n++] = (struct opt_row){o, at, e->section, own};
}

/* Adds rows made for the occasion, those whose names no row has yet. */
static void
add_made(struct expansion *e, const struct opt *o, char *at)
{
	for (; o->kind != OPT_KIND_END; o++)
		if (opt_long(e->v, e->n, o->name, strlen(o->name)) == NULL)
			optrow_add(e, o, at, false);
}

/* Adds the rows of one array, own ones as such; blocks by recursion: they
 * are constants of the program and nest one deep. */
static void
expand(struct expansion *e, const struct opt *o, void *base, bool own)
{
	char *at = base;

	for (; o->kind != OPT_KIND_END; o++) {
		if (o->kind == OPT_HEADING)
			e->section = o->name;
		else if (o->kind == OPT_INCLUDE)
			expand(e, o->block, at == NULL ? NULL : at + o->off,
			    false);
		else if (o->kind == OPT_OUTPUT)
			expand(e, o->block, &e->c->out->args, false);
		else if (o->kind == OPT_MADE)
			add_made(e, o->make(e->c, o->arg),
			    at == NULL ? NULL : at + o->off);
		else
			optrow_add(e, o, at == NULL ? NULL : at + o->off, own);
	}
}

/* The rows for all come last: a command's own letter or name wins. */
size_t
opt_rows(
    struct ctx *c, const struct cmd *cmd, void *args, struct opt_row **rows)
{
	struct expansion e = {c, NULL, 0, "Options"};

	e.v = cmd_alloc(c, OPT_MAX_ROWS * sizeof(*e.v));
	expand(&e, cmd->opts, args, true);
	expand(&e, out_global_opts, &c->out->args, false);
	*rows = e.v;
	return e.n;
}

const struct opt_row *
opt_letter(const struct opt_row *r, size_t n, int letter)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (r[i].o->letter == letter)
			return &r[i];
	return NULL;
}

static bool
optrow_same(const char *s, const char *name, size_t n)
{
	return s != NULL && strncmp(s, name, n) == 0 && s[n] == '\0';
}

const struct opt_row *
opt_long(const struct opt_row *r, size_t nrows, const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < nrows; i++)
		if (!opt_is_word(r[i].o) &&
		    (optrow_same(r[i].o->name, name, n) ||
			optrow_same(r[i].o->alias, name, n)))
			return &r[i];
	return NULL;
}

const struct opt_row *
opt_awaits(const struct opt_row *row, size_t n, const char *word)
{
	const struct opt_row *r = NULL;

	if (word[0] != '-')
		return NULL;
	if (word[1] == '-') {
		r = opt_long(row, n, word + 2, strlen(word + 2));
		return r != NULL && opt_has_value(r->o) ? r : NULL;
	}
	for (word++; *word != '\0'; word++) {
		r = opt_letter(row, n, *word);
		/*
		 * The first letter that takes a value ends the word: what
		 * follows it is the value, as in -oFILE.
		 */
		if (r != NULL && opt_has_value(r->o))
			return word[1] == '\0' ? r : NULL;
	}
	return NULL;
}

/*
 * A lone "-" is a word, not an option. What is no option of smpp itself is
 * stepped over: its own error is told later, by the parse.
 */
int
opt_command_at(struct ctx *c, const struct cmd *top, int argc, char **argv)
{
	struct opt_row *row;
	size_t n = opt_rows(c, top, NULL, &row);
	int i;

	for (i = 1; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i++)
		i += opt_awaits(row, n, argv[i]) != NULL;
	return i < argc ? i : argc;
}

/*
 * Faults being counted, each told on stderr. Run by a test over every command:
 * a row that is wrong is wrong in the help, in completion and in the man page
 * at once.
 */
struct check {
	struct ctx *c;
	const struct cmd *cmd;
	struct opt_row *row;
	size_t n;
	unsigned faults;
};

static void
optrow_fault(struct check *k, const struct opt *o, const char *what)
{
	k->faults++;
	out_say(k->c, 0, "%s: %s%c: %s", k->cmd->name,
	    o->name == NULL ? "-" : o->name, o->letter == 0 ? ' ' : o->letter,
	    what);
}

static void
check_names(struct check *k, const struct opt *o)
{
	const char *s;

	if (opt_is_word(o))
		return;
	for (s = o->name; s != NULL && *s != '\0'; s++)
		if (strchr("abcdefghijklmnopqrstuvwxyz0123456789-", *s) == NULL)
			optrow_fault(k, o, "a character of the name");
	if (o->letter != 0 && opt_letter(k->row, k->n, o->letter)->o != o)
		optrow_fault(k, o, "the letter is taken");
	if (o->name != NULL &&
	    opt_long(k->row, k->n, o->name, strlen(o->name))->o != o)
		optrow_fault(k, o, "the name is taken");
	if (o->alias != NULL &&
	    opt_long(k->row, k->n, o->alias, strlen(o->alias))->o != o)
		optrow_fault(k, o, "the alias is taken");
}

/*
 * One style of help texts: a capital is allowed for an abbreviation, "SMSC".
 */
static void
check_text(struct check *k, const struct opt *o)
{
	size_t n = o->help == NULL ? 0 : strlen(o->help);

	if (n == 0)
		optrow_fault(k, o, "no help");
	else if (o->help[n - 1] == '.' ||
		 (o->help[0] >= 'A' && o->help[0] <= 'Z' && o->help[1] >= 'a' &&
		     o->help[1] <= 'z'))
		optrow_fault(k, o, "help is lower case without full stop");
	if (opt_has_value(o) != (o->meta != NULL))
		optrow_fault(
		    k, o, "a value has a metavariable, others have none");
	if (o->kind == OPT_ENUM && o->words == NULL)
		optrow_fault(k, o, "an ENUM has words");
	if (o->value != NULL && o->kind != OPT_LIST)
		optrow_fault(k, o, "only a LIST keeps what is made of a value");
	if (o->words != NULL && o->kind != OPT_ENUM && o->kind != OPT_STR &&
	    o->kind != OPT_LIST)
		optrow_fault(k, o, "words for what is none");
}

static void
check_range(struct check *k, const struct opt *o)
{
	bool ranged = o->kind == OPT_UINT || o->kind == OPT_DURATION ||
		      o->kind == OPT_RATE || opt_is_word(o);

	if (!ranged && (o->min != 0 || o->max != 0))
		optrow_fault(k, o, "a range for what is no number");
	if (o->min < 0 || o->max < 0 || (o->max != 0 && o->min > o->max))
		optrow_fault(k, o, "an empty range");
	if (o->kind == OPT_UINT && o->max > UINT32_MAX)
		optrow_fault(k, o, "a range beyond the type");
}

/* The synopsis is written by hand: what it names must be a row. */
static void
check_synopsis(struct check *k)
{
	const struct opt none = {0};
	const char *s = k->cmd->args;

	for (; *s != '\0'; s++) {
		if (s[0] != '-' || (s != k->cmd->args && s[-1] != ' ' &&
				       s[-1] != '[' && s[-1] != '('))
			continue;
		if (s[1] == '-' ? opt_long(k->row, k->n, s + 2,
				      strcspn(s + 2, " ]|).=")) == NULL
				: opt_letter(k->row, k->n, s[1]) == NULL)
			optrow_fault(k, &none,
			    cmd_printf(k->c, "the synopsis has '%.12s'", s));
	}
}

unsigned
opt_check(struct ctx *c, const struct cmd *cmd)
{
	struct check k = {.c = c, .cmd = cmd};
	size_t i;

	k.n = opt_rows(c, cmd, NULL, &k.row);
	for (i = 0; i < k.n; i++) {
		check_names(&k, k.row[i].o);
		check_text(&k, k.row[i].o);
		check_range(&k, k.row[i].o);
	}
	check_synopsis(&k);
	if (k.n == OPT_MAX_ROWS)
		optrow_fault(&k, k.row[0].o, "too many rows");
	return k.faults;
}
