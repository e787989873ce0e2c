/* What a subcommand is, and what it runs in. */
#ifndef SMPP_CMD_H
#define SMPP_CMD_H

#include <stdbool.h>
#include <stddef.h>

#include "exit.h"
#include "opt.h"
#include "out.h"

struct ctx;
struct smpp_dictionary;

/*
 * One subcommand. Registering one takes a CMD row in cmds.def, this struct in
 * its own file, and its man page. The text after "smpp NAME " is args; each
 * example is one line to type, the first two are part of the short help. opts
 * ends with OPT_END. more, if not NULL, writes what else the help says. A
 * stream command's output is flushed after each record.
 *
 * run gets the words after "smpp", argv[0] being the name, and calls
 * opt_parse() first. It returns the exit class; it never exits, and may be
 * called again in the same process.
 */
struct cmd {
	const char *name;
	const char *brief;
	const char *args;
	const char *const *examples;
	const struct opt *opts;
	void (*more)(struct smpp_sbuf *b);
	bool stream;
	int (*run)(struct ctx *c, int argc, char **argv);
};

/*
 * Gets an error before it is printed: exit class, the word for what failed,
 * the text. True when it is dealt with: then it is not printed.
 */
typedef bool (*cmd_error_fn)(
    void *arg, int exit, const char *what, const char *msg);

/* One that takes every error in silence. */
bool cmd_unsaid(void *arg, int exit, const char *what, const char *msg);

/*
 * What a command runs in. label starts its diagnostics: "smpp send: ". mem
 * holds what cmd_alloc() gave out. on_error, if not NULL, sees every error.
 * dictionary is that of --dictionary, or NULL.
 */
struct ctx {
	const struct cmd *cmd;
	const char *label;
	struct out *out;
	struct cmd_mem *mem;
	cmd_error_fn on_error;
	void *on_error_arg;
	const struct smpp_dictionary *dictionary;
};

/*
 * Gives n zeroed octets that live until the command is over; never NULL: out
 * of memory ends the program with SMPP_EXIT_BUG. cmd_free() is for main and
 * tests, after run() has returned.
 */
void *cmd_alloc(struct ctx *c, size_t n) __attribute__((returns_nonnull));
char *cmd_printf(struct ctx *c, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull));
void cmd_free(struct ctx *c);

/* What is called when memory ran out; set by main. */
extern void (*cmd_nomem)(void) __attribute__((noreturn));

#endif
