/* Options as rows of a table: parsing. */
#include "opt.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "base/suggest.h"
#include "base/version.h"

/* What getopt_long returns for long names starts here. */
enum { LONG_VALUE = 256 };

/* A parse under way: the first error is kept until -j and -h are known. */
struct parse {
	struct ctx *c;
	struct opt_row *row;
	size_t nrow;
	int argc;
	char **argv;
	bool bad;
	char msg[512];
};

static void opt_fail(struct parse *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The first error is the cause, those after it often its consequence. */
static void
opt_fail(struct parse *p, const char *fmt, ...)
{
	va_list ap;

	if (p->bad)
		return;
	p->bad = true;
	va_start(ap, fmt);
	vsnprintf(p->msg, sizeof(p->msg), fmt, ap);
	va_end(ap);
}

/* Fails with a suggestion, if there is one. */
static void
fail_near(struct parse *p, const char *what, const struct smpp_suggest *s,
    const char *dash)
{
	if (s->best == NULL)
		opt_fail(p, "%s", what);
	else
		opt_fail(p, "%s; did you mean '%s%s'?", what, dash, s->best);
}

/*
 * The first option that begins so, the command's own before those of all. From
 * three characters on: shorter beginnings fit too many names to be a guess.
 */
static const char *
begun(const struct parse *p, const char *word)
{
	const size_t n = strlen(word);
	const struct opt *o;

	for (size_t i = 0; n >= 3 && i < p->nrow; i++) {
		o = p->row[i].o;
		if (opt_is_word(o))
			continue;
		if (o->name != NULL && strncmp(o->name, word, n) == 0)
			return o->name;
		if (o->alias != NULL && strncmp(o->alias, word, n) == 0)
			return o->alias;
	}
	return NULL;
}

/* What is cut short is a likelier guess than what is two edits away. */
static void
unknown_long(struct parse *p, const char *word)
{
	int n = (int)strcspn(word, "=");
	char name[80], what[128];
	const char *whole;
	struct smpp_suggest s;
	size_t i;

	snprintf(name, sizeof(name), "%.*s", n - 2, word + 2);
	snprintf(what, sizeof(what), "unknown option '--%s'", name);
	smpp_suggest_init(&s, name);
	for (i = 0; i < p->nrow; i++) {
		if (opt_is_word(p->row[i].o))
			continue;
		if (p->row[i].o->name != NULL)
			smpp_suggest_try(&s, p->row[i].o->name);
		if (p->row[i].o->alias != NULL)
			smpp_suggest_try(&s, p->row[i].o->alias);
	}
	whole = begun(p, name);
	if (whole != NULL)
		s.best = whole;
	fail_near(p, what, &s, "--");
}

/* How messages name an option: --port, or -4. */
static const char *
name_of(const struct opt *o, char buf[80])
{
	if (o->name != NULL)
		snprintf(buf, 80, opt_is_word(o) ? "%s" : "--%s", o->name);
	else
		snprintf(buf, 80, "-%c", o->letter);
	return buf;
}

/* All words are named: there are few, and nobody has to look up the manual. */
static void
set_enum(struct parse *p, const struct opt_row *r, const char *text)
{
	char what[256], name[80];
	struct smpp_suggest s;
	size_t i, n;

	smpp_suggest_init(&s, text);
	for (i = 0; r->o->words[i] != NULL; i++) {
		smpp_suggest_try(&s, r->o->words[i]);
		if (strcmp(text, r->o->words[i]) == 0) {
			*(unsigned *)r->at = (unsigned)i;
			return;
		}
	}
	snprintf(what, sizeof(what), "%s: '%.40s' is none of",
	    name_of(r->o, name), text);
	for (i = 0; r->o->words[i] != NULL; i++) {
		n = strlen(what);
		snprintf(what + n, sizeof(what) - n, "%s %s", i == 0 ? "" : ",",
		    r->o->words[i]);
	}
	fail_near(p, what, &s, "");
}

static bool
opt_in_range(struct parse *p, const struct opt *o, int64_t v, const char *text)
{
	char name[80];

	if ((o->min == 0 && o->max == 0) || (v >= o->min && v <= o->max))
		return true;
	if (o->kind == OPT_DURATION)
		opt_fail(p, "%s: '%s' is not from %lld to %lld ms",
		    name_of(o, name), text, (long long)o->min,
		    (long long)o->max);
	else
		opt_fail(p, "%s: %s is not from %lld to %lld", name_of(o, name),
		    text, (long long)o->min, (long long)o->max);
	return false;
}

static void
set_uint(struct parse *p, const struct opt_row *r, const char *text)
{
	char name[80];
	uint32_t v;

	if (opt_uint(text, &v) != 0)
		opt_fail(p, "%s: '%s' is not a number from 0 to 4294967295",
		    name_of(r->o, name), text);
	else if (opt_in_range(p, r->o, v, text))
		*(uint32_t *)r->at = v;
}

static void
set_duration(struct parse *p, const struct opt_row *r, const char *text)
{
	char name[80];
	int64_t v;

	if (opt_duration(text, &v) != 0)
		opt_fail(p, "%s: '%s' is not a time, as in 250ms, 5s, 2m, 1h",
		    name_of(r->o, name), text);
	else if (opt_in_range(p, r->o, v, text))
		*(int64_t *)r->at = v;
}

static void
opt_set_rate(struct parse *p, const struct opt_row *r, const char *text)
{
	char name[80];
	double v;

	if (opt_rate(text, &v) != 0)
		opt_fail(p, "%s: '%s' is not a rate, as in 50, 50/s, 600/m",
		    name_of(r->o, name), text);
	else if (opt_in_range(p, r->o, (int64_t)v, text))
		*(double *)r->at = v;
}

/*
 * Every word of a list is one of argv, so argc bounds them all. A fault in the
 * middle of a list still counts the word: the error ends the command anyway,
 * and the list keeps its order until then.
 */
static void
opt_append(struct parse *p, const struct opt_row *r, const char *given)
{
	const char *text = given;
	struct opt_list *l = r->at;
	char name[80];

	if (r->o->value != NULL)
		text = r->o->value(p->c, r->o, given);
	if (text == NULL)
		opt_fail(p, "%s: '%s' is not %s", name_of(r->o, name), given,
		    r->o->meta);
	if (l->v == NULL)
		l->v = cmd_alloc(p->c, (size_t)p->argc * sizeof(*l->v));
	l->v[l->n++] = text;
}

static void
set(struct parse *p, const struct opt_row *r, char *text)
{
	switch (r->o->kind) {
	case OPT_FLAG:
		*(bool *)r->at = true;
		break;
	case OPT_COUNT:
		++*(unsigned *)r->at;
		break;
	case OPT_UINT:
		set_uint(p, r, text);
		break;
	case OPT_ENUM:
		set_enum(p, r, text);
		break;
	case OPT_DURATION:
		set_duration(p, r, text);
		break;
	case OPT_RATE:
		opt_set_rate(p, r, text);
		break;
	case OPT_LIST:
	case OPT_FILES:
	case OPT_POS_LIST:
		opt_append(p, r, text);
		break;
	default:
		*(const char **)r->at = text;
		break;
	}
}

/*
 * Gives a word that is no option to the first row that still takes one. Words
 * are given in the order of rows: a row of one is full after the first, one of
 * many takes all that remain.
 */
static void
opt_set_word(struct parse *p, char *text)
{
	const struct opt_row *r;
	size_t i;

	for (i = 0; i < p->nrow; i++) {
		r = &p->row[i];
		if (r->o->kind == OPT_POS_LIST ||
		    (r->o->kind == OPT_POS && *(const char **)r->at == NULL)) {
			set(p, r, text);
			return;
		}
	}
	opt_fail(p, "unexpected argument '%s'", text);
}

static void
check_words(struct parse *p)
{
	const struct opt *o;
	size_t i, n;

	for (i = 0; i < p->nrow; i++) {
		o = p->row[i].o;
		if (!opt_is_word(o))
			continue;
		n = o->kind == OPT_POS ? *(const char **)p->row[i].at != NULL
				       : ((struct opt_list *)p->row[i].at)->n;
		if (n < (size_t)o->min)
			opt_fail(p, "%s is missing", o->name);
	}
}

/* The rows as getopt_long wants them: "-:" keeps the order of the words. */
static void
getopt_arrays(struct parse *p, char *letters, struct option *longs)
{
	const struct opt *o;
	size_t i;

	letters += sprintf(letters, "-:");
	for (i = 0; i < p->nrow; i++) {
		o = p->row[i].o;
		if (opt_is_word(o))
			continue;
		if (o->letter != 0)
			letters += sprintf(letters, "%c%s", o->letter,
			    opt_has_value(o) ? ":" : "");
		if (o->name != NULL)
			*longs++ = (struct option){o->name, opt_has_value(o),
			    NULL, LONG_VALUE + (int)i};
		if (o->alias != NULL)
			*longs++ = (struct option){o->alias, opt_has_value(o),
			    NULL, LONG_VALUE + (int)i};
	}
}

/*
 * getopt finds abbreviations by itself and asks for their value; a name that
 * is not whole is unknown here nevertheless.
 */
static void
missing_value(struct parse *p, const char *word)
{
	const struct opt_row *r;

	if (word[1] == '-')
		r = opt_long(p->row, p->nrow, word + 2, strlen(word + 2));
	else
		r = opt_letter(p->row, p->nrow, optopt);
	if (r == NULL)
		unknown_long(p, word);
	else if (word[1] == '-')
		opt_fail(p, "option '%s' needs a value (%s)", word, r->o->meta);
	else
		opt_fail(
		    p, "option '-%c' needs a value (%s)", optopt, r->o->meta);
}

static void
opt_refused(struct parse *p, const char *word)
{
	size_t n = strcspn(word, "=");

	if (word[1] != '-')
		opt_fail(p, "unknown option '-%c'", optopt);
	else if (opt_long(p->row, p->nrow, word + 2, n - 2) != NULL)
		opt_fail(p, "option '%.*s' takes no value", (int)n, word);
	else
		unknown_long(p, word);
}

/* One answer of getopt_long; word is what it was looking at. */
static void
opt_take(struct parse *p, int got, char *word)
{
	size_t n;

	if (got == 1) {
		opt_set_word(p, optarg);
	} else if (got == ':') {
		missing_value(p, word);
	} else if (got == '?') {
		opt_refused(p, word);
	} else if (got < LONG_VALUE) {
		set(p, opt_letter(p->row, p->nrow, got), optarg);
	} else {
		n = strcspn(word, "=");
		/*
		 * getopt_long takes any beginning that is unique: a script
		 * would break the day a second option begins so. Names are
		 * whole or unknown.
		 */
		if (opt_long(p->row, p->nrow, word + 2, n - 2) == NULL)
			unknown_long(p, word); /* an abbreviation */
		else
			set(p, &p->row[got - LONG_VALUE], optarg);
	}
}

static void
parse_words(struct parse *p)
{
	struct option longs[2 * OPT_MAX_ROWS + 1] = {{0}};
	char letters[2 * OPT_MAX_ROWS + 3];
	int got, at = 1;

	getopt_arrays(p, letters, longs);
	/*
	 * 0, not 1: has glibc start anew, for the prompt parses many lines in
	 * one process.
	 */
	optind = 0;
	opterr = 0;
	while (
	    (got = getopt_long(p->argc, p->argv, letters, longs, NULL)) != -1) {
		opt_take(p, got, p->argv[at]);
		/*
		 * Where getopt stood before is the word it is looking at now;
		 * with letters in one word, -vvq, optind stays and so does the
		 * word.
		 */
		at = optind;
	}
	while (optind < p->argc)
		opt_set_word(p, p->argv[optind++]);
}

/* What options ask for that has to be there before the command begins. */
static int
opt_use(struct parse *p)
{
	const struct opt_row *r = p->row;
	const char *text;
	int rc = 0;

	for (; r < p->row + p->nrow && rc == 0; r++) {
		if (r->o->use == NULL)
			continue;
		text = *(const char **)r->at;
		rc = text == NULL ? 0 : r->o->use(p->c, text);
	}
	return rc;
}

int
opt_parse(struct ctx *c, int argc, char **argv, void *args)
{
	struct parse p = {.c = c, .argc = argc, .argv = argv};
	const struct out_args *a = &c->out->args;
	int rc;

	p.nrow = opt_rows(c, c->cmd, args, &p.row);
	parse_words(&p);
	if (a->short_help || a->help) {
		opt_help(c, c->cmd, a->help);
		return SMPP_EXIT_OK;
	}
	if (a->version) {
		smpp_sbuf_printf(&c->out->b, "smpp %s\n", smpp_version());
		return SMPP_EXIT_OK;
	}
	/*
	 * Help and version first: who asks for them has not made a mistake by
	 * leaving a word out. Then errors, in the form that -j asks for.
	 */
	check_words(&p);
	if (p.bad)
		return out_usage(c, "%s", p.msg);
	if ((rc = out_start(c, c->cmd->stream)) != 0 || (rc = opt_use(&p)) != 0)
		return rc;
	return -1;
}
