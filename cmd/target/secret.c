/* Passwords: where they come from. */
#include "secret_int.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/hook.h"
#include "kit/prompt.h"
#include "kit/sig.h"

#define AT(member) offsetof(struct secret_args, member)

const struct opt secret_opts[] = {
    {0, "password-file", OPT_FILE, AT(file), "FILE",
	"read the password from the first line of FILE, - for stdin"},
    {0, "password-fd", OPT_STR, AT(fd), "N",
	"read the password from descriptor N"},
    {0, "ask-password", OPT_FLAG, AT(ask), NULL,
	"ask for the password on the terminal"},
    {0, "no-input", OPT_FLAG, AT(no_input), NULL, "never ask for anything"},
    OPT_END,
};

int
secret_fail(struct ctx *c, const char *from, const char *why)
{
	return out_error(c, SMPP_EXIT_USAGE, "password", "%s: %s", from, why);
}

int
secret_take(
    struct ctx *c, struct secret *s, const char *p, size_t n, const char *from)
{
	/* Of a file that was edited on another system. */
	if (n > 0 && p[n - 1] == '\r')
		n--;
	if (n >= SECRET_MAX)
		return secret_fail(c, from, "the password is too long");
	/*
	 * The bind would carry what stands before it, and be refused for it.
	 */
	if (memchr(p, '\0', n) != NULL)
		return secret_fail(c, from, "the password has a NUL in it");
	memcpy(s->text, p, n);
	s->text[n] = '\0';
	s->from = from;
	return 0;
}

/*
 * Pipes and descriptors have no modes that others could use: <(pass smsc)
 * works.
 */
int
secret_check_mode(struct ctx *c, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return secret_fail(c, name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return secret_fail(c, name, strerror(EISDIR));
	if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRGRP | S_IROTH)) == 0)
		return 0;
	out_hint(c, "chmod 600 %s", name);
	return secret_fail(c, name, "readable by group or others");
}

/*
 * Takes the first line, octet by octet: what follows it may be somebody
 * else's input, and on a terminal or pipe there may never be an end.
 */
static int
secret_take_line(struct ctx *c, struct secret *s, int fd, const char *from)
{
	char buf[SECRET_MAX + 1];
	size_t n = 0;
	ssize_t got;
	int rc;

	for (;;) {
		got = read(fd, buf + n, 1);
		/* A signal to stop ends the waiting for a password. */
		if (got < 0 && errno == EINTR && sig_stop() == 0)
			continue;
		if (got <= 0 || buf[n] == '\n' || n == SECRET_MAX)
			break;
		n++;
	}
	if (got < 0)
		return secret_fail(c, from, strerror(errno));
	rc = secret_take(c, s, buf, n, from);
	explicit_bzero(buf, sizeof(buf));
	return rc;
}

static int
from_file(struct ctx *c, struct secret *s, const char *name)
{
	int fd, rc;

	if (strcmp(name, "-") == 0)
		return secret_take_line(c, s, STDIN_FILENO, "stdin");
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return secret_fail(c, name, strerror(errno));
	rc = secret_check_mode(c, fd, name);
	if (rc == 0)
		rc = secret_take_line(c, s, fd, cmd_printf(c, "%s", name));
	close(fd);
	return rc;
}

/* Not closed: it is the caller's, who may have more to read from it. */
static int
from_fd(struct ctx *c, struct secret *s, const char *word)
{
	uint32_t fd;

	if (opt_uint(word, &fd) != 0 || fd > 65535)
		return out_usage(
		    c, "--password-fd: '%s' is not a descriptor", word);
	return secret_take_line(
	    c, s, (int)fd, cmd_printf(c, "descriptor %u", fd));
}

/* Asks without echo, on the terminal itself. */
static int
from_tty(struct ctx *c, struct secret *s, bool no_input)
{
	char line[SECRET_MAX];
	struct prompt p;
	int n, rc = SMPP_EXIT_USAGE;

	/*
	 * A script must not hang at a question: standard input that is no
	 * terminal says that nobody is there.
	 */
	if (no_input || !isatty(STDIN_FILENO))
		return secret_fail(
		    c, "--ask-password", "there is nobody to ask");
	if (prompt_open(&p) != 0)
		return secret_fail(c, "/dev/tty", strerror(errno));
	n = prompt_ask(&p, "password: ", true, line, sizeof(line));
	if (n >= 0)
		rc = secret_take(c, s, line, (size_t)n, "/dev/tty");
	else if (n == PROMPT_LONG)
		secret_fail(c, "/dev/tty", "the password is too long");
	else if (n == PROMPT_END)
		secret_fail(c, "/dev/tty", "end of input");
	else if (n == PROMPT_FAILED)
		secret_fail(c, "/dev/tty", strerror(errno));
	prompt_close(&p);
	explicit_bzero(line, sizeof(line));
	return rc;
}

/* systemd's LoadCredential=smpp-password:..., which has modes of its own. */
static int
from_credential(struct ctx *c, struct secret *s)
{
	const char *dir = getenv("CREDENTIALS_DIRECTORY");
	const char *name;
	int fd, rc;

	if (dir == NULL || *dir == '\0')
		return 0;
	name = cmd_printf(c, "%s/smpp-password", dir);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? 0
				       : secret_fail(c, name, strerror(errno));
	rc = secret_take_line(c, s, fd, name);
	close(fd);
	return rc;
}

/* An error names the line of the profile that has the command. */
static int
from_command(struct ctx *c, struct secret *s, const struct secret_args *a)
{
	const char *why;
	char line[SECRET_MAX + 1];
	int rc;

	if (hook_line(c, a->command, line, sizeof(line), &why) != 0)
		return out_error(c, SMPP_EXIT_USAGE, "password",
		    "%s: password-command: %s", a->command_from, why);
	rc = secret_take(c, s, line, strlen(line), a->command_from);
	explicit_bzero(line, sizeof(line));
	return rc;
}

/*
 * What the options and the target say. What is typed now comes before what is
 * stored.
 */
static int
from_options(struct ctx *c, struct secret *s, const struct secret_args *a)
{
	if (a->file != NULL)
		return from_file(c, s, a->file);
	if (a->fd != NULL)
		return from_fd(c, s, a->fd);
	if (a->ask)
		return from_tty(c, s, a->no_input);
	if (a->url != NULL)
		return secret_take(c, s, a->url, strlen(a->url), "the URL");
	return 0;
}

/*
 * The environment is the last resort: others of this user can read it, and
 * children shall not. Returns a copy, or NULL.
 */
static char *
take_environment(struct ctx *c)
{
	char *value = getenv("SMPP_PASSWORD"), *copy = NULL;

	if (value == NULL)
		return NULL;
	copy = cmd_printf(c, "%s", value);
	explicit_bzero(value, strlen(value));
	unsetenv("SMPP_PASSWORD");
	return copy;
}

int
secret_find(struct ctx *c, const struct secret_args *a,
    const struct secret_key *key, struct secret *s)
{
	/*
	 * Taken out of the environment even when it is not used: hooks and
	 * commands that are run later would have it.
	 */
	char *env = take_environment(c);
	int rc;

	s->from = NULL;
	s->text[0] = '\0';
	rc = from_options(c, s, a);
	if (rc == 0 && s->from == NULL)
		rc = from_credential(c, s);
	if (rc == 0 && s->from == NULL)
		rc = credentials_find(c, key, s);
	if (rc == 0 && s->from == NULL && a->command != NULL)
		rc = from_command(c, s, a);
	if (rc == 0 && s->from == NULL && env != NULL)
		rc = secret_take(c, s, env, strlen(env), "$SMPP_PASSWORD");
	if (env != NULL)
		explicit_bzero(env, strlen(env));
	return rc;
}

int
secret_safe(struct ctx *c, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return secret_fail(c, path, strerror(errno));
	rc = secret_check_mode(c, fd, path);
	close(fd);
	return rc;
}

/* explicit_bzero, since memset before the end of a life is optimised away. */
void
secret_wipe(struct secret *s)
{
	explicit_bzero(s->text, sizeof(s->text));
}
