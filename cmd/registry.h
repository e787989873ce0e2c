/* The registry of commands: for those that run, list or explain any of them. */
#ifndef SMPP_REGISTRY_H
#define SMPP_REGISTRY_H

#include "kit/ask.h"
#include "kit/cmd.h"

/* Every command but the hidden ones, in the order of cmds.def. */
extern const struct cmd *const cmd_list[];
extern const size_t cmd_count;

/* Calls fn for them. */
void cmd_each(ask_fn fn, void *arg);

/* "smpp" itself, which has options but no name. */
extern const struct cmd cmd_top;

/* The command of exactly this name, or NULL. */
const struct cmd *cmd_find(const char *name);

/*
 * The command that a link of this name is, or NULL, and in *option what it
 * is run with.
 */
const struct cmd *cmd_link(const char *name, const char **option);

/* The name of the command that was probably meant, or NULL. */
const char *cmd_nearest(const char *name);

#endif
