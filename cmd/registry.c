/* The registry of commands, and smpp itself, which lists them. */
#include "registry.h"

#include <string.h>

#include "base/suggest.h"
#include "words/fieldopt.h"

#define CMD(name) extern const struct cmd cmd_##name;
#define HIDDEN(name) CMD(name)
#define LINK(name, command, option)
#include "cmds.def"
#undef CMD
#undef HIDDEN

const struct cmd *const cmd_list[] = {
#define CMD(name) &cmd_##name,
#define HIDDEN(name)
#include "cmds.def"
#undef CMD
#undef HIDDEN
};
const size_t cmd_count = sizeof(cmd_list) / sizeof(cmd_list[0]);

/* Commands found by name, but neither listed nor suggested. */
static const struct cmd *const hidden[] = {
#define CMD(name)
#define HIDDEN(name) &cmd_##name,
#include "cmds.def"
#undef HIDDEN
#undef LINK
};

static const struct {
	const char *name;
	const struct cmd *cmd;
	const char *option;
} links[] = {
#define HIDDEN(name)
#define LINK(name, command, option) {#name, &cmd_##command, option},
#include "cmds.def"
#undef CMD
#undef HIDDEN
#undef LINK
};

static const struct cmd *
registry_find(const struct cmd *const *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strcmp(list[i]->name, name) == 0)
			return list[i];
	return NULL;
}

const struct cmd *
cmd_find(const char *name)
{
	const struct cmd *cmd = registry_find(cmd_list, cmd_count, name);

	if (cmd != NULL)
		return cmd;
	return registry_find(hidden, sizeof(hidden) / sizeof(hidden[0]), name);
}

/*
 * A name of the program itself: monitoring calls check_smpp, which is
 * bind-test with --nagios.
 */
const struct cmd *
cmd_link(const char *name, const char **option)
{
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (strcmp(links[i].name, name) == 0) {
			*option = links[i].option;
			return links[i].cmd;
		}
	return NULL;
}

void
cmd_each(ask_fn fn, void *arg)
{
	for (size_t i = 0; i < cmd_count; i++)
		fn(arg, cmd_list[i]->name, cmd_list[i]->brief);
}

/* The hidden ones are not offered: nobody is to be led to them. */
const char *
cmd_nearest(const char *name)
{
	struct smpp_suggest s;
	size_t i;

	smpp_suggest_init(&s, name);
	for (i = 0; i < cmd_count; i++)
		smpp_suggest_try(&s, cmd_list[i]->name);
	return s.best;
}

/* --- smpp itself --- */

struct top_args {
	bool list;
};

static const struct opt top_opts[] = {
    {0, "list", OPT_FLAG, offsetof(struct top_args, list), NULL,
	"print the names of the commands"},
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const top_examples[] = {
    "smpp decode-hex 00000010000000150000000000000001",
    "smpp help status 0x58",
    NULL,
};

/*
 * Without a command it is an error, and not the help: a script whose variable
 * is empty should fail.
 */
static int
top_run(struct ctx *c, int argc, char **argv)
{
	struct top_args a = {0};
	int rc = opt_parse(c, argc, argv, &a);
	size_t i;

	if (rc >= 0)
		return rc;
	if (!a.list) {
		out_hint(c, "smpp help lists the commands");
		return out_usage(c, "no command given");
	}
	for (i = 0; i < cmd_count; i++)
		smpp_sbuf_printf(&c->out->b, "%s\n", cmd_list[i]->name);
	return SMPP_EXIT_OK;
}

static void
top_list(struct smpp_sbuf *b)
{
	smpp_sbuf_puts(b, "\nCommands:\n");
	for (size_t i = 0; i < cmd_count; i++)
		smpp_sbuf_printf(
		    b, "  %-22s  %s\n", cmd_list[i]->name, cmd_list[i]->brief);
}

const struct cmd cmd_top = {
    .name = "",
    .brief = "The command-line toolkit for SMPP 3.3, 3.4 and 5.0.",
    .args = "[OPTION]... COMMAND [OPTION]... [TARGET]",
    .examples = top_examples,
    .opts = top_opts,
    .more = top_list,
    .run = top_run,
};
