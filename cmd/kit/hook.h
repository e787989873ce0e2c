/* Programs that are run for us: the only place that forks. */
#ifndef SMPP_HOOK_H
#define SMPP_HOOK_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/view.h"
#include "cmd.h"

/*
 * Runs a command line by /bin/sh and sets out, which holds cap characters, to
 * the first line of what it prints, without the newline. Returns 0, or -1 with
 * *why set, in memory of c, when it could not be run or failed.
 */
int hook_line(struct ctx *c, const char *command, char *out, size_t cap,
    const char **why);

/*
 * Runs a command line by /bin/sh with our own standard input and output, and
 * waits for it; INT and QUIT are its alone meanwhile. Returns its exit status,
 * 128 more than the signal that ended it, or -1 when it could not be run.
 */
int hook_shell(const char *command);

/* How a command ended. */
enum hook_how {
	HOOK_EXIT,   /* number is its exit status */
	HOOK_SIGNAL, /* number is the signal */
	HOOK_LATE,   /* it took too long and was killed */
	HOOK_FAILED, /* it could not be started, number is errno */
};

/* A command that runs; pid is 0 when none does. until is when it is told to
 * go, or killed. */
struct hook {
	pid_t pid;
	int64_t until;
	bool told;
};

struct hook_end {
	enum hook_how how;
	int number;
};

/*
 * Runs cmd by /bin/sh -c, for limit_ms at most. json, an object on one line,
 * is its standard input and, value by value, in its environment: SMS_TEXT,
 * SMS_SOURCE_ADDR, SMS_RECEIPT_ID and so on; nothing of it is in the command.
 * It is the leader of a process group, and has no descriptors but 0 to 2.
 * Returns 0, or -1 and sets *end.
 */
int hook_start(struct hook *h, const char *cmd, struct smpp_view json,
    int64_t limit_ms, struct hook_end *end);

/*
 * Looks whether the command has ended; one whose time is over is told to, by
 * TERM, and killed a second later. Call it after SIGCHLD and at h->until.
 * Returns true and sets *end when it has.
 */
bool hook_ended(struct hook *h, struct hook_end *end);

/* Has the time of the command end at this point, if it did not earlier. */
void hook_hurry(struct hook *h, int64_t until);

/* Kills the command and all it started, and waits for it. */
void hook_kill(struct hook *h);

#endif
