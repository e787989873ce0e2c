/* Options as rows of a table: parsing, help, candidates and self-check. */
#ifndef SMPP_OPT_H
#define SMPP_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ask.h"

struct cmd;
struct ctx;
struct smpp_sbuf;

/*
 * What a row means, and the type of the member at its offset in the command's
 * args struct, which the command zeroes or fills with defaults beforehand.
 */
enum opt_kind {
	OPT_KIND_END, /* the last row */
	OPT_HEADING,  /* name titles the section of --help that starts here */
	OPT_INCLUDE,  /* the rows of block, their offsets relative to off */
	OPT_MADE,     /* the same of the rows that make() returns */
	OPT_OUTPUT,   /* the rows of block, about struct out_args */
	OPT_FLAG,     /* bool: set to true */
	OPT_COUNT,    /* unsigned: one more each time */
	OPT_UINT,     /* uint32_t: decimal or 0x; k and m as in 10k, 2m */
	OPT_STR,      /* const char * */
	OPT_ENUM,     /* unsigned: index into words */
	OPT_FILE,     /* const char *: a path, - for stdin or stdout */
	OPT_DURATION, /* int64_t, ms: 250ms 5s 2m 1h, bare seconds, none */
	OPT_RATE,     /* double, per second: 50 50/s 600/m */
	OPT_LIST,     /* struct opt_list: may be repeated */
	OPT_FILES,    /* the same of paths */
	OPT_POS,      /* const char *: the next word that is no option */
	OPT_POS_LIST, /* struct opt_list: all further such words */
};

/*
 * What a value is made of that is a sentence: terms joined by commas, behind
 * the last word "after" in it. --help lists them under title, completion
 * offers them. each() calls fn for all of them, as NAME, NAME=VALUE or
 * NAME[=VALUE]; with of, a NAME, for what its VALUE can be.
 */
struct opt_terms {
	const char *title;
	const char *after;
	void (*each)(const char *of, ask_fn fn, void *arg);
};

/*
 * One row. letter is 0 for a long-only option; name is the long option without
 * its dashes, and for OPT_POS and OPT_POS_LIST the metavariable ("TARGET").
 * meta names the value in help: "ADDR". help is lower case without full stop;
 * the default is said there. min and max bound a UINT, a DURATION in ms, a
 * RATE in whole units, and for OPT_POS_LIST the number of words; both 0: no
 * bounds but those of the type. words, ended by NULL, are the choices of an
 * ENUM; of a STR or a LIST they are what completion offers. alias is a second
 * long name. offer adds candidates for the value to the words. A LIST keeps
 * what value() makes of each text, in memory of c; NULL says that it is not
 * what meta says. make() returns rows, ended by OPT_END, those of which count
 * whose names no row before has. arg and data are for these three. use() is
 * called with the value that a STR or FILE was given, when all options are
 * known, and returns 0 or the exit class with which the command ends; by
 * completion, too.
 *
 *   {'R', "rate", OPT_RATE, offsetof(struct send_args, rate), "RATE",
 *       "messages a second, 600/m for a minute (no limit)", .max = 100000},
 */
struct opt {
	char letter;
	const char *name;
	enum opt_kind kind;
	size_t off;
	const char *meta;
	const char *help;
	int64_t min;
	int64_t max;
	const char *const *words;
	const char *alias;
	const struct opt *block;
	void (*offer)(struct ask *q, const struct opt *o);
	const char *(*value)(
	    struct ctx *c, const struct opt *o, const char *text);
	const struct opt *(*make)(struct ctx *c, uint32_t arg);
	int (*use)(struct ctx *c, const char *text);
	uint32_t arg;
	const struct opt_terms *terms;
	const void *data;
};

/* The rows that are no options. */
/* clang-format off */
#define OPT_END {.kind = OPT_KIND_END}
#define OPT_SECTION(title) {.kind = OPT_HEADING, .name = (title)}
#define OPT_BLOCK(rows, at) {.kind = OPT_INCLUDE, .block = (rows), .off = (at)}
/* clang-format on */

/* The most rows one command can have. */
enum { OPT_MAX_ROWS = 256 };

/* Words given for a row that may be repeated, borrowed from argv. */
struct opt_list {
	const char **v;
	size_t n;
};

/*
 * Parses argv by the rows of c->cmd into args, and starts the output as the
 * options ask. Options and positional words may be mixed; "--" ends options;
 * names are never abbreviated.
 *
 * Returns -1 when the command shall go on, otherwise the exit class with which
 * it must return at once: help or the version was printed, or an error was.
 *
 *   if ((rc = opt_parse(c, argc, argv, &a)) >= 0)
 *           return rc;
 */
int opt_parse(struct ctx *c, int argc, char **argv, void *args);

/*
 * Values as the rows take them, for other places that hold some: each returns
 * 0, or -1 when text is not of the form, and then leaves *v alone.
 */
int opt_uint(const char *text, uint32_t *v);
int opt_duration(const char *text, int64_t *ms);
int opt_rate(const char *text, double *per_second);

/* One row where it applies: at is the member to set, own that it is not from
 * a shared block, section the heading it stands under. */
struct opt_row {
	const struct opt *o;
	void *at;
	const char *section;
	bool own;
};

/*
 * All rows of a command in order, blocks and fields expanded, headings left
 * out, those of every command last. Sets *rows, which lives as long as c.
 * args may be NULL, then at is meaningless. Returns how many there are.
 */
size_t opt_rows(
    struct ctx *c, const struct cmd *cmd, void *args, struct opt_row **rows);

/*
 * The row of a letter or of a whole long name of n characters, or NULL;
 * whether a row takes a value; whether it is a positional word.
 */
const struct opt_row *opt_letter(const struct opt_row *, size_t n, int letter);
const struct opt_row *opt_long(
    const struct opt_row *, size_t nrows, const char *name, size_t n);
bool opt_has_value(const struct opt *);
bool opt_is_word(const struct opt *);

/*
 * The row whose value is the word after this option, as in -o FILE or
 * --output FILE; NULL when it takes none, has it already or is unknown.
 */
const struct opt_row *opt_awaits(
    const struct opt_row *, size_t nrows, const char *word);

/*
 * The index of the first of argc words, from 1, that is neither an option of
 * top, smpp itself, nor the value of one: the command. argc when there is none.
 */
int opt_command_at(struct ctx *c, const struct cmd *top, int argc, char **argv);

/* Appends text that begins at a column, and a newline; it is broken between
 * words at the width of a page, and goes on below where it begins. */
void opt_put_wrapped(struct smpp_sbuf *b, const char *s, size_t column);

/* Prints the short or the full help of a command on c's output. */
void opt_help(struct ctx *c, const struct cmd *cmd, bool full);

/*
 * Tells what is wrong with the rows of a command, one line each through say.
 * Returns how many faults there are; a test wants none.
 */
unsigned opt_check(struct ctx *c, const struct cmd *cmd);

#endif
