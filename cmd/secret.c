/* Passwords: where they come from. */
#include "secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "cmd.h"
#include "hook.h"
#include "sig.h"

enum { FILE_MAX = 64 * 1024 };

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

static int
fail(struct ctx *c, const char *from, const char *why)
{
	return out_error(c, SMPP_EXIT_USAGE, "password", "%s: %s", from, why);
}

/* Takes n characters as the password. */
static int
take(struct ctx *c, struct secret *s, const char *p, size_t n, const char *from)
{
	if (n > 0 && p[n - 1] == '\r')
		n--;
	if (n >= SECRET_MAX)
		return fail(c, from, "the password is too long");
	if (memchr(p, '\0', n) != NULL)
		return fail(c, from, "the password has a NUL in it");
	memcpy(s->text, p, n);
	s->text[n] = '\0';
	s->from = from;
	return 0;
}

/* Reads a small file to its end. Returns how many octets, -1 and errno. */
static ssize_t
read_all(int fd, char *p, size_t cap)
{
	size_t n = 0;
	ssize_t got = 1;

	while (n < cap && got > 0) {
		got = read(fd, p + n, cap - n);
		if (got < 0 && errno == EINTR)
			got = 1;
		else if (got > 0)
			n += (size_t)got;
	}
	return got < 0 ? -1 : (ssize_t)n;
}

/* Refuses a file that others can read. */
static int
check_mode(struct ctx *c, int fd, const char *name)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail(c, name, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fail(c, name, strerror(EISDIR));
	if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRGRP | S_IROTH)) == 0)
		return 0;
	out_hint(c, "chmod 600 %s", name);
	return fail(c, name, "readable by group or others");
}

/*
 * Takes the first line, octet by octet: what follows it may be somebody
 * else's input, and on a terminal or pipe there may never be an end.
 */
static int
take_line(struct ctx *c, struct secret *s, int fd, const char *from)
{
	char buf[SECRET_MAX + 1];
	size_t n = 0;
	ssize_t got;
	int rc;

	for (;;) {
		got = read(fd, buf + n, 1);
		if (got < 0 && errno == EINTR && sig_stop() == 0)
			continue;
		if (got <= 0 || buf[n] == '\n' || n == SECRET_MAX)
			break;
		n++;
	}
	if (got < 0)
		return fail(c, from, strerror(errno));
	rc = take(c, s, buf, n, from);
	explicit_bzero(buf, sizeof(buf));
	return rc;
}

static int
from_file(struct ctx *c, struct secret *s, const char *name)
{
	int fd, rc;

	if (strcmp(name, "-") == 0)
		return take_line(c, s, STDIN_FILENO, "stdin");
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(c, name, strerror(errno));
	rc = check_mode(c, fd, name);
	if (rc == 0)
		rc = take_line(c, s, fd, cmd_printf(c, "%s", name));
	close(fd);
	return rc;
}

static int
from_fd(struct ctx *c, struct secret *s, const char *word)
{
	uint32_t fd;

	if (opt_uint(word, &fd) != 0 || fd > 65535)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "--password-fd: '%s' is not a descriptor", word);
	return take_line(c, s, (int)fd, cmd_printf(c, "descriptor %u", fd));
}

/* Asks without echo, on the terminal itself. */
static int
from_tty(struct ctx *c, struct secret *s, bool no_input)
{
	struct termios old, quiet;
	int fd, rc;

	if (no_input || !isatty(STDIN_FILENO))
		return fail(c, "--ask-password", "there is nobody to ask");
	fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || tcgetattr(fd, &old) != 0)
		return fail(c, "/dev/tty", strerror(errno));
	quiet = old;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	rc = write(fd, "password: ", 10) < 0 ||
	     tcsetattr(fd, TCSAFLUSH, &quiet) != 0;
	if (rc == 0)
		rc = take_line(c, s, fd, "/dev/tty");
	tcsetattr(fd, TCSAFLUSH, &old);
	if (write(fd, "\n", 1) < 0)
		rc = rc != 0 ? rc : fail(c, "/dev/tty", strerror(errno));
	close(fd);
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
		return errno == ENOENT ? 0 : fail(c, name, strerror(errno));
	rc = take_line(c, s, fd, name);
	close(fd);
	return rc;
}

/*
 * Unescapes the field at *p in place and moves past it and its ':'. Returns
 * the field; the last one takes what is left.
 */
static char *
next_field(char **p, bool last)
{
	char *start = *p, *in = *p, *out = *p;

	for (; *in != '\0' && (last || *in != ':'); in++) {
		if (*in == '\\' && (in[1] == ':' || in[1] == '\\'))
			in++;
		*out++ = *in;
	}
	*p = *in == ':' ? in + 1 : in;
	*out = '\0';
	return start;
}

static bool
matches(const char *pattern, const char *value)
{
	return strcmp(pattern, "*") == 0 ||
	       (value != NULL && strcmp(pattern, value) == 0);
}

/* Looks at one line "host:port:system_id:password". */
static bool
line_matches(char *line, const struct secret_key *key, char **password)
{
	char *host = next_field(&line, false);
	char *port = next_field(&line, false);
	char *id = next_field(&line, false);

	*password = next_field(&line, true);
	return matches(host, key->host) && matches(port, key->port) &&
	       matches(id, key->system_id);
}

static int
find_line(struct ctx *c, struct secret *s, char *text, const char *name,
    const struct secret_key *key)
{
	char *line, *next, *password;
	unsigned n = 0;

	for (line = text; line != NULL; line = next) {
		next = strchr(line, '\n');
		if (next != NULL)
			*next++ = '\0';
		n++;
		if (*line == '#' || *line == '\0')
			continue;
		if (line_matches(line, key, &password))
			return take(c, s, password, strlen(password),
			    cmd_printf(c, "%s:%u", name, n));
	}
	return 0;
}

static const char *
credentials_name(struct ctx *c)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (dir != NULL && *dir == '/')
		return cmd_printf(c, "%s/smpp/credentials", dir);
	if (home == NULL || *home == '\0')
		return NULL;
	return cmd_printf(c, "%s/.config/smpp/credentials", home);
}

static int
from_credentials(struct ctx *c, struct secret *s, const struct secret_key *key)
{
	const char *name = credentials_name(c);
	char *text;
	ssize_t n;
	int fd, rc;

	if (name == NULL)
		return 0;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : fail(c, name, strerror(errno));
	text = cmd_alloc(c, FILE_MAX + 1);
	rc = check_mode(c, fd, name);
	if (rc == 0) {
		n = read_all(fd, text, FILE_MAX + 1);
		if (n < 0)
			rc = fail(c, name, strerror(errno));
		else if (n > FILE_MAX)
			rc = fail(c, name, "larger than 64 KiB");
		else
			rc = find_line(c, s, text, name, key);
	}
	explicit_bzero(text, FILE_MAX + 1);
	close(fd);
	return rc;
}

static int
from_command(struct ctx *c, struct secret *s, const struct secret_args *a)
{
	const char *why;
	char line[SECRET_MAX + 1];
	int rc;

	if (hook_line(c, a->command, line, sizeof(line), &why) != 0)
		return out_error(c, SMPP_EXIT_USAGE, "password",
		    "%s: password-command: %s", a->command_from, why);
	rc = take(c, s, line, strlen(line), a->command_from);
	explicit_bzero(line, sizeof(line));
	return rc;
}

/* What the options and the target say. */
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
		return take(c, s, a->url, strlen(a->url), "the URL");
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
	char *env = take_environment(c);
	int rc;

	s->from = NULL;
	s->text[0] = '\0';
	rc = from_options(c, s, a);
	if (rc == 0 && s->from == NULL)
		rc = from_credential(c, s);
	if (rc == 0 && s->from == NULL)
		rc = from_credentials(c, s, key);
	if (rc == 0 && s->from == NULL && a->command != NULL)
		rc = from_command(c, s, a);
	if (rc == 0 && s->from == NULL && env != NULL)
		rc = take(c, s, env, strlen(env), "$SMPP_PASSWORD");
	if (env != NULL)
		explicit_bzero(env, strlen(env));
	return rc;
}

int
secret_safe(struct ctx *c, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), rc;

	if (fd < 0)
		return fail(c, path, strerror(errno));
	rc = check_mode(c, fd, path);
	close(fd);
	return rc;
}

void
secret_wipe(struct secret *s)
{
	explicit_bzero(s->text, sizeof(s->text));
}
