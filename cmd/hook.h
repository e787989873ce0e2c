/* Programs that are run for us: the only place that forks. */
#ifndef SMPP_HOOK_H
#define SMPP_HOOK_H

#include "cmd.h"

/*
 * Runs a command line by /bin/sh and sets out, which holds cap characters, to
 * the first line of what it prints, without the newline. Returns 0, or -1 with
 * *why set, in memory of c, when it could not be run or failed.
 */
int hook_line(struct ctx *c, const char *command, char *out, size_t cap,
    const char **why);

#endif
