/* The credentials file: lines host:port:system_id:password, smpp-config(5). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "secret_int.h"
#include "kit/input.h"
#include "kit/savefile.h"

/* Some thousand lines; it is kept in memory, which is wiped. */
enum { FILE_MAX = 64 * 1024 };

/*
 * The file, n characters; text is NULL when there is none. line is room for
 * one of its lines, to be taken apart.
 */
struct credfile {
	const char *name;
	char *text, *line;
	size_t n;
};

/* What stands on a line, unescaped, where it is a line with a password. */
struct entry {
	char *host, *port, *system_id, *password;
};

/* The file of credentials, or NULL. XDG wants an absolute path, any other value
 * is to be ignored. */
static const char *
credentials_file_name(struct ctx *c)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (dir != NULL && *dir == '/')
		return cmd_printf(c, "%s/smpp/credentials", dir);
	if (home == NULL || *home == '\0')
		return NULL;
	return cmd_printf(c, "%s/.config/smpp/credentials", home);
}

static int
file_read(struct ctx *c, struct credfile *f)
{
	int64_t n;
	int fd, rc;

	*f = (struct credfile){.name = credentials_file_name(c)};
	if (f->name == NULL)
		return 0;
	fd = open(f->name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR
			   ? 0
			   : secret_fail(c, f->name, strerror(errno));
	/*
	 * Of the descriptor: the file that was judged is the one that is read.
	 */
	rc = secret_check_mode(c, fd, f->name);
	if (rc == 0) {
		f->text = cmd_alloc(c, FILE_MAX + 1);
		f->line = cmd_alloc(c, FILE_MAX + 1);
		/* One octet more than allowed tells whether there is more. */
		n = input_whole(fd, f->text, FILE_MAX + 1);
		if (n < 0)
			rc = secret_fail(c, f->name, strerror(errno));
		else if (n > FILE_MAX)
			rc = secret_fail(c, f->name, "larger than 64 KiB");
		else
			f->n = (size_t)n;
	}
	close(fd);
	return rc;
}

static void
file_wipe(struct credfile *f)
{
	if (f->text == NULL)
		return;
	explicit_bzero(f->text, FILE_MAX + 1);
	explicit_bzero(f->line, FILE_MAX + 1);
}

/*
 * Unescapes the field at *p in place and moves past it and its ':'. Returns
 * the field; the last one takes what is left. Only these two are escaped: a
 * backslash before anything else is part of a password, as people copy them
 * from mails.
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

/* Takes a line of n characters apart: false where it is none with a password.
 */
static bool
read_entry(struct credfile *f, struct entry *e, const char *line, size_t n)
{
	char *p = f->line;

	if (n == 0 || *line == '#')
		return false;
	memcpy(p, line, n);
	p[n] = '\0';
	e->host = next_field(&p, false);
	e->port = next_field(&p, false);
	e->system_id = next_field(&p, false);
	e->password = next_field(&p, true);
	return true;
}

/* Without a value only '*' fits: no password for a host that is not given. */
static bool
credentials_matches(const char *pattern, const char *value)
{
	return strcmp(pattern, "*") == 0 ||
	       (value != NULL && strcmp(pattern, value) == 0);
}

static bool
entry_matches(const struct entry *e, const struct secret_key *key)
{
	return credentials_matches(e->host, key->host) &&
	       credentials_matches(e->port, key->port) &&
	       credentials_matches(e->system_id, key->system_id);
}

/* The length of the line at p, of left characters, with and without its end. */
static size_t
line_length(const char *p, size_t left, size_t *bare)
{
	const char *end = memchr(p, '\n', left);

	*bare = end == NULL ? left : (size_t)(end - p);
	return *bare + (end != NULL);
}

/*
 * The first line that fits, so that exceptions stand before what is general.
 */
static int
credentials_look(struct ctx *c, struct credfile *f,
    const struct secret_key *key, struct secret *s)
{
	struct entry e;
	unsigned number = 0;
	size_t n, bare;

	for (size_t at = 0; at < f->n; at += n) {
		n = line_length(f->text + at, f->n - at, &bare);
		number++;
		if (read_entry(f, &e, f->text + at, bare) &&
		    entry_matches(&e, key))
			return secret_take(c, s, e.password, strlen(e.password),
			    cmd_printf(c, "%s:%u", f->name, number));
	}
	return 0;
}

int
credentials_find(struct ctx *c, const struct secret_key *key, struct secret *s)
{
	struct credfile f;
	int rc = file_read(c, &f);

	if (rc == 0)
		rc = credentials_look(c, &f, key, s);
	file_wipe(&f);
	return rc;
}

/* Writes a field with what would end it escaped. */
static void
credentials_put_field(struct smpp_sbuf *b, const char *field, char end)
{
	for (; *field != '\0'; field++) {
		if (*field == ':' || *field == '\\')
			smpp_sbuf_putc(b, '\\');
		smpp_sbuf_putc(b, *field);
	}
	smpp_sbuf_putc(b, end);
}

static void
put_entry(
    struct smpp_sbuf *b, const struct secret_key *key, const char *password)
{
	credentials_put_field(b, key->host, ':');
	credentials_put_field(b, key->port, ':');
	credentials_put_field(b, key->system_id, ':');
	credentials_put_field(b, password, '\n');
}

/* Without patterns: a line with '*' is for others, too, and stays. */
static bool
same_key(const struct entry *e, const struct secret_key *key)
{
	return strcmp(e->host, key->host) == 0 &&
	       strcmp(e->port, key->port) == 0 &&
	       strcmp(e->system_id, key->system_id) == 0;
}

/*
 * The file as it shall be. The new line stands before the first that would
 * have been taken for it: behind a '*' it would never be found.
 */
static void
rewrite(struct smpp_sbuf *b, struct credfile *f, const struct secret_key *key,
    const char *password)
{
	struct entry e;
	bool done = false, known;
	size_t n, bare;

	for (size_t at = 0; at < f->n; at += n) {
		n = line_length(f->text + at, f->n - at, &bare);
		known = read_entry(f, &e, f->text + at, bare);
		if (known && !done && entry_matches(&e, key)) {
			put_entry(b, key, password);
			done = true;
		}
		if (!known || !same_key(&e, key))
			smpp_sbuf_put(b, f->text + at, n);
	}
	if (done)
		return;
	if (b->n > 0 && b->p[b->n - 1] != '\n')
		smpp_sbuf_putc(b, '\n');
	put_entry(b, key, password);
}

int
credentials_store(struct ctx *c, const struct secret_key *key,
    const char *password, const char **file)
{
	struct credfile f;
	struct smpp_sbuf b;
	char *text;
	int rc = file_read(c, &f);

	*file = f.name;
	if (rc != 0 || f.name == NULL) {
		file_wipe(&f);
		return rc != 0 ? rc
			       : secret_fail(c, "credentials",
				     "neither HOME nor XDG_CONFIG_HOME is set");
	}
	text = cmd_alloc(c, FILE_MAX);
	smpp_sbuf_init(&b, text, FILE_MAX, NULL, NULL);
	rewrite(&b, &f, key, password);
	rc = b.bad ? secret_fail(c, f.name, "would be larger than 64 KiB")
		   : store_file(c, f.name, b.p, b.n);
	/* Memory of the command is freed, not cleared. */
	explicit_bzero(text, FILE_MAX);
	file_wipe(&f);
	return rc;
}
