/* smpp: finds the command, runs it, checks stdout, gives the exit status. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/sig.h"
#include "registry.h"

static int
main_run(struct ctx *c, const struct cmd *cmd, int argc, char **argv)
{
	c->cmd = cmd;
	if (cmd != &cmd_top)
		c->label = cmd_printf(c, "smpp %s: ", cmd->name);
	return cmd->run(c, argc, argv);
}

/* No command reads the options then: -j is looked for among all words. */
static int
main_unknown(struct ctx *c, const char *name, char **argv)
{
	const char *near = cmd_nearest(name);

	/* A program that reads JSON wants this error as JSON, too. */
	for (; *argv != NULL; argv++)
		if (strcmp(*argv, "-j") == 0 || strcmp(*argv, "--json") == 0)
			c->out->args.json = true;
	if (near != NULL)
		return out_usage(
		    c, "unknown command '%s'; did you mean '%s'?", name, near);
	out_hint(c, "smpp help lists the commands");
	return out_usage(c, "unknown command '%s'", name);
}

/* Runs a command with an option before those that were given. */
static int
run_with(struct ctx *c, const struct cmd *cmd, const char *option, int argc,
    char **argv)
{
	char **words = cmd_alloc(c, ((size_t)argc + 2) * sizeof(*words));

	words[0] = argv[0];
	words[1] = (char *)option;
	memcpy(words + 2, argv + 1, (size_t)argc * sizeof(*words));
	return main_run(c, cmd, argc + 1, words);
}

/*
 * "smpp -j send x" runs send with the words "send -j x": what stands before a
 * command is an option of it, too.
 */
static int
dispatch(struct ctx *c, int argc, char **argv)
{
	const char *base = strrchr(argv[0], '/');
	const struct cmd *cmd;
	const char *option;
	char *name;
	int at;

	base = base == NULL ? argv[0] : base + 1;
	/* A link named smpp-send is that command. */
	if (strncmp(base, "smpp-", 5) == 0) {
		if ((cmd = cmd_find(base + 5)) == NULL)
			return main_unknown(c, base + 5, argv);
		return main_run(c, cmd, argc, argv);
	}
	if ((cmd = cmd_link(base, &option)) != NULL)
		return run_with(c, cmd, option, argc, argv);
	/*
	 * No command at all: smpp itself has options, --version, --help,
	 * --list.
	 */
	if ((at = opt_command_at(c, &cmd_top, argc, argv)) == argc)
		return main_run(c, &cmd_top, argc, argv);
	name = argv[at];
	if ((cmd = cmd_find(name)) == NULL)
		return main_unknown(c, name, argv);
	/*
	 * The command's name moves to the front, the options before it one on.
	 */
	memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof(*argv));
	argv[1] = name;
	return main_run(c, cmd, argc - 1, argv + 1);
}

/*
 * A descriptor 0 to 2 that came closed would be taken by the next file or
 * socket; it gets one that fails the way a closed one does.
 */
static void
fill_descriptors(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) == -1 &&
		    open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			return;
}

/*
 * Signals and a lost stdout decide how the process ends: by the signal itself,
 * so that shells and systemd see it.
 */
static int
main_finish(struct ctx *c, int rc)
{
	struct out *o = c->out;
	/*
	 * Flushed before dying by a signal: what was found so far is not lost.
	 */
	int closed = out_close(o);

	if (sig_which() != 0)
		sig_die(sig_which());
	if (closed == 0)
		return rc;
	/*
	 * As a program that did not ignore it would have died; head has had
	 * enough, that is no error to be told.
	 */
	if (o->error == EPIPE)
		sig_die(SIGPIPE);
	out_error(c, SMPP_EXIT_LOCAL, "output", "%s: %s",
	    o->args.file != NULL ? o->args.file : "standard output",
	    strerror(o->error));
	return cmd_worse(rc, SMPP_EXIT_LOCAL);
}

/*
 * Nothing here may allocate, and the buffer of stdout is lost with the rest:
 * what is in it was not acknowledged.
 */
__attribute__((noreturn)) static void
nomem(void)
{
	static const char msg[] = "smpp: out of memory\n";
	ssize_t ignored = write(STDERR_FILENO, msg, sizeof(msg) - 1);

	(void)ignored;
	_exit(SMPP_EXIT_BUG);
}

int
main(int argc, char **argv)
{
	static struct out out;
	struct ctx c = {.cmd = &cmd_top, .label = "smpp: ", .out = &out};
	int rc;

	/* execve() allows an empty argv. */
	if (argc < 1)
		return SMPP_EXIT_USAGE;
	cmd_nomem = nomem;
	fill_descriptors();
	/*
	 * A write to a closed pipe must return: the command may still have
	 * messages to finish and a session to unbind.
	 */
	signal(SIGPIPE, SIG_IGN);
	out_init(&out);
	rc = main_finish(&c, dispatch(&c, argc, argv));
	cmd_free(&c);
	return rc;
}
