/* smpp help: what a command or a code means, without a network. */
#include <string.h>

#include "cmd.h"

struct help_args {
	const char *topic;
	const char *name;
};

static const struct opt help_opts[] = {
    {0, "COMMAND", OPT_POS, offsetof(struct help_args, topic), NULL,
	"a command, or one of status, pdu, tlv, field, exit",
	.hint = OPT_HINT_CMD},
    {0, "NAME", OPT_POS, offsetof(struct help_args, name), NULL,
	"the name or number to explain; without one, all are listed"},
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const help_examples[] = {
    "smpp help send",
    "smpp help status 0x58",
    NULL,
};

static void
list_commands(struct ctx *c)
{
	size_t i;

	opt_help(c, &cmd_top, false);
	sbuf_puts(&c->out->b, "\nCommands:\n");
	for (i = 0; i < cmd_count; i++)
		smpp_sbuf_printf(&c->out->b, "  %-16s  %s\n", cmd_list[i]->name,
		    cmd_list[i]->brief);
}

static int
help_run(struct ctx *c, int argc, char **argv)
{
	struct help_args a = {0};
	int rc = opt_parse(c, argc, argv, &a);
	const struct cmd *cmd;

	if (rc >= 0)
		return rc;
	if (a.topic == NULL) {
		list_commands(c);
		return SMPP_EXIT_OK;
	}
	if ((cmd = cmd_find(a.topic)) == NULL)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "no command or topic '%s'", a.topic);
	opt_help(c, cmd, true);
	return SMPP_EXIT_OK;
}

const struct cmd cmd_help = {
    .name = "help",
    .brief = "explain a command, a status, a PDU, a TLV or a field",
    .args = "[COMMAND | status|pdu|tlv|field|exit [NAME]]",
    .examples = help_examples,
    .opts = help_opts,
    .run = help_run,
};
