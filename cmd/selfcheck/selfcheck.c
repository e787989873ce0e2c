/* smpp __selfcheck: whether the option rows of all commands are sound. */
#include <string.h>

#include "registry.h"

static const struct opt selfcheck_opts[] = {OPT_END};

/*
 * A letter means one thing in all commands (smpp(1), OPTIONS). Across
 * commands, which opt_check() cannot see: who has learnt -d in one must not
 * send something else with it in another.
 */
static unsigned
check_letters(struct ctx *c, const struct cmd *cmd, const char *names[128])
{
	struct opt_row *row;
	size_t i, n = opt_rows(c, cmd, NULL, &row);
	unsigned faults = 0;

	for (i = 0; i < n; i++) {
		const struct opt *o = row[i].o;

		if (o->letter == 0 || o->name == NULL)
			continue;
		if (names[(int)o->letter] == NULL)
			names[(int)o->letter] = o->name;
		if (strcmp(names[(int)o->letter], o->name) == 0)
			continue;
		out_say(c, 0, "%s: -%c is --%s, elsewhere it is --%s",
		    cmd->name, o->letter, o->name, names[(int)o->letter]);
		faults++;
	}
	return faults;
}

static int
selfcheck_run(struct ctx *c, int argc, char **argv)
{
	const char *names[128] = {NULL};
	int rc = opt_parse(c, argc, argv, NULL);
	unsigned faults = 0;
	size_t i;

	if (rc >= 0)
		return rc;
	for (i = 0; i < cmd_count; i++) {
		faults += opt_check(c, cmd_list[i]);
		faults += check_letters(c, cmd_list[i], names);
	}
	faults += opt_check(c, &cmd_top);
	return faults == 0 ? SMPP_EXIT_OK : SMPP_EXIT_BUG;
}

const struct cmd cmd_selfcheck = {
    .name = "__selfcheck",
    .brief = "check the option rows of all commands",
    .args = "",
    .examples = (const char *const[]){NULL},
    .opts = selfcheck_opts,
    .run = selfcheck_run,
};
