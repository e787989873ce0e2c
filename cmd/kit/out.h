/* Where a command's output goes: results to stdout, talk to stderr. */
#ifndef SMPP_OUT_H
#define SMPP_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/jsonw.h"
#include "base/sbuf.h"
#include "opt.h"

struct ctx;

/* How results are printed. */
enum out_form {
	OUT_HUMAN,  /* the command's own text */
	OUT_JSON,   /* -j */
	OUT_FORMAT, /* -F */
	OUT_TSV,    /* --tsv */
};

/* Values of --color, and the colours there are. */
enum out_when { OUT_AUTO, OUT_ALWAYS, OUT_NEVER };
enum out_style { OUT_PLAIN, OUT_BOLD, OUT_DIM, OUT_RED, OUT_GREEN, OUT_YELLOW };

/* The values of the options that every command, or all that print records,
 * have. */
struct out_args {
	bool json;
	bool raw;
	bool show_secrets;
	bool quiet;
	bool short_help;
	bool help;
	bool version;
	unsigned verbose;
	unsigned color;
	const char *format;
	const char *tsv;
	const char *file;
};

/*
 * The output of a command. Commands read form, args, color and tty, and write
 * human text straight to b. The rest is private to out.c and diag.c.
 */
struct out {
	struct out_args args;
	enum out_form form;
	bool color;     /* stdout is to be coloured */
	bool color_err; /* stderr is */
	bool tty;       /* stdout is a terminal */
	bool live;      /* every record is flushed */
	bool journal;   /* stderr is the systemd journal */
	bool midway;    /* a line of out_talk() has no end yet */
	int fd;
	int error; /* errno of the first write that failed, or 0 */
	struct smpp_sbuf b;
	struct smpp_jsonw j;
	struct out_plan *plan;       /* the compiled -F or --tsv */
	struct out_serving *serving; /* of a server */
	char hint[512];              /* these wait for out_error() */
	const char *spot; /* with a caret under the octet at spot_at */
	size_t spot_at;
	struct smpp_jsonw more;
	struct smpp_sbuf more_b;
	char more_text[2048];
	char buf[65536];
};

/* The options that every command has. */
extern const struct opt out_global_opts[];

/* True when stdout is a terminal of less than 100 columns. */
bool out_narrow(const struct out *o);

/*
 * Results. With form OUT_HUMAN a command writes text to o->b and ends each
 * piece with out_line(). Otherwise it writes one JSON object, without a line
 * end, to the writer that out_json() returns, and ends it with out_record(),
 * which prints it as -j, -F or --tsv ask:
 *
 *   struct smpp_jsonw *j = out_begin(o, "result");
 *   smpp_jsonw_key(j, "line"); ... smpp_jsonw_close(j, '}');
 *   if (out_record(o) != 0)
 *           return SMPP_EXIT_LOCAL;
 *
 * out_begin() opens the object, and writes its type and the time.
 *
 * With -j the writer is on the output buffer itself, nothing is copied.
 * out_line(), out_record() and out_flush() return 0, or -1 once the output
 * cannot be written: the command stops without acknowledging that record and
 * returns any class, main says what is wrong and sets the exit status (or dies
 * by SIGPIPE). A filter calls out_flush() before it waits for input.
 */
struct smpp_jsonw *out_json(struct out *o);
struct smpp_jsonw *out_begin(struct out *o, const char *type);
int out_record(struct out *o);
int out_line(struct out *o);
int out_flush(struct out *o);

/*
 * A server's output. After out_serve(), which is called once, after
 * opt_parse(), what somebody reads slowly from standard output or error does
 * not stop the server: records and lines wait in memory, those that find no
 * room are dropped whole and counted, which is said on standard error once a
 * second and at the end. With -o, and where nobody reads (a file, /dev/null),
 * results are written as ever.
 *
 * out_serve() returns a descriptor for the server's loop to watch, always and
 * for reading alone, or -1 after it said what is wrong (SMPP_EXIT_LOCAL).
 * out_woken() is called when it is readable. out_flush() ends each turn of the
 * loop: it writes what does not wait, and says what was dropped.
 */
int out_serve(struct ctx *c);
void out_woken(struct out *o);

/*
 * Has results go to a file from now on, to stdout again with NULL. Returns 0,
 * or SMPP_EXIT_LOCAL after it said what is wrong; then nothing has changed.
 */
int out_redirect(struct ctx *c, const char *file);

/* Switches stdout to a style, if it is to be coloured. */
void out_style(struct out *o, enum out_style style);

/*
 * Prints "smpp COMMAND: text" on stderr, with -j a JSON object with the keys
 * exit, what (one word: what failed, "bind"), message (the text) and hint.
 * Returns exit. Data errors start text with FILE:LINE: . out_usage() is for
 * options, and a configuration, that are wrong: exit 2, "usage". out_errno()
 * says "NAME: " and what errno means.
 *
 * out_hint() sets the hint of the next out_error(): it is called before it.
 * out_spot() has it show text, which stays borrowed until then, and a caret
 * under the octet at offset; not with -j.
 * out_more() returns a writer for further members of the next error object:
 * smpp_jsonw_key(out_more(c), "line"); smpp_jsonw_u32(out_more(c), 17);
 */
int out_error(struct ctx *c, int exit, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
int out_errno(struct ctx *c, int exit, const char *what, const char *name);
int out_usage(struct ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void out_hint(struct ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void out_spot(struct ctx *c, const char *text, size_t offset);
struct smpp_jsonw *out_more(struct ctx *c);

/*
 * Prints "smpp COMMAND: text" on stderr unless -q: a warning. out_alert() does
 * so with -q, too: what must not be missed.
 */
void out_warn(struct ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void out_alert(struct ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/*
 * Prints a line of talk on stderr as it is ("== connected") at this level or
 * above: 0 unless -q, 1 with -v, 2 with -vv, 3 with -vvv.
 */
void out_say(struct ctx *c, unsigned level, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether out_say() would print at this level. */
bool out_says(const struct ctx *c, unsigned level);

/*
 * Talk of many lines, each clean already: the flush of a struct smpp_sbuf whose
 * arg is the struct ctx. It says what it gets on stderr, at any level.
 */
int out_talk(void *arg, const char *p, size_t n);

/*
 * Writes text to the descriptor of --ready-fd, 0 for none, and closes it.
 * Returns 0, or an exit class after it said what is wrong.
 */
int out_ready(struct ctx *c, uint32_t fd, const char *text);

/*
 * For main, opt_parse() and tests. init starts output to fd 1. start applies
 * o->args: opens -o, compiles -F and --tsv, decides colours; it reports errors
 * itself and returns 0 or an exit class. close flushes and closes; it returns
 * 0, or -1 with o->error set. Neither exits. more_reset drops what out_more()
 * was given.
 */
void out_init(struct out *o);
int out_start(struct ctx *c, bool stream);
int out_close(struct out *o);
void out_more_reset(struct out *o);

#endif
