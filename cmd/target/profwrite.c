/* Profiles: a section written into the user's file, the rest left alone. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "profile.h"
#include "kit/input.h"
#include "kit/savefile.h"

enum { FILE_MAX = 1024 * 1024 };

/* The file before and after, and what shall be in it. */
struct edit {
	const char *section;
	const struct profile_pair *pair;
	size_t npair;
	struct smpp_sbuf b;
	bool inside; /* in a section of that name */
	bool done;   /* the pairs are written */
};

static int
profwrite_fail(struct ctx *c, const char *path, const char *why)
{
	return out_error(c, SMPP_EXIT_USAGE, "config", "%s: %s", path, why);
}

/* Reads the file; one that is not there is empty. */
static int
profwrite_read_all(struct ctx *c, const char *path, char **text, size_t *n)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int64_t got;

	*n = 0;
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	/* Behind a failed open, too, which is told with that of reading. */
	*text = cmd_alloc(c, FILE_MAX + 1);
	got = fd < 0 ? -1 : input_whole(fd, *text, FILE_MAX + 1);
	if (got < 0)
		return profwrite_fail(c, path, strerror(errno));
	close(fd);
	*n = (size_t)got;
	return *n <= FILE_MAX ? 0
			      : profwrite_fail(c, path, "larger than 1 MiB");
}

/*
 * The name of the key of a line of n characters; empty where it has none. '='
 * and ':' are the same to inih, so they are here.
 */
static struct smpp_view
profwrite_key_of(const char *line, size_t n)
{
	size_t key = 0;

	if (n == 0 || *line == '#' || *line == ';')
		return smpp_view_of(line, 0);
	while (key < n && line[key] != '=' && line[key] != ':')
		key++;
	while (key > 0 && strchr(" \t\r\n", line[key - 1]) != NULL)
		key--;
	return smpp_view_of(line, key);
}

/* Also for pairs without a value: those lines just go. */
static bool
profwrite_replaced(const struct edit *e, const char *line, size_t n)
{
	struct smpp_view key = profwrite_key_of(line, n);

	for (size_t i = 0; i < e->npair; i++)
		if (smpp_view_eq(key, smpp_view_str(e->pair[i].key)))
			return true;
	return false;
}

static bool
ends_open(const struct smpp_sbuf *b)
{
	return b->n > 0 && b->p[b->n - 1] != '\n';
}

static void
profwrite_put_pairs(struct edit *e)
{
	if (ends_open(&e->b))
		smpp_sbuf_putc(&e->b, '\n');
	for (size_t i = 0; i < e->npair; i++)
		if (e->pair[i].value != NULL) {
			smpp_sbuf_puts(&e->b, e->pair[i].key);
			smpp_sbuf_puts(&e->b, " = ");
			smpp_sbuf_puts(&e->b, e->pair[i].value);
			smpp_sbuf_putc(&e->b, '\n');
		}
	e->done = true;
}

/*
 * Takes over a line of n characters with its end, or leaves it out. The pairs
 * stand right behind the header; comments and other settings of the user stay
 * where they are. A section that comes twice loses the old lines in both.
 */
static void
edit_line(struct edit *e, const char *line, size_t n)
{
	size_t name = strlen(e->section);

	if (*line == '[')
		e->inside = n > name + 1 && line[name + 1] == ']' &&
			    memcmp(line + 1, e->section, name) == 0;
	else if (e->inside && profwrite_replaced(e, line, n))
		return;
	smpp_sbuf_put(&e->b, line, n);
	if (e->inside && !e->done)
		profwrite_put_pairs(e);
}

static void
new_section(struct edit *e)
{
	if (ends_open(&e->b))
		smpp_sbuf_putc(&e->b, '\n');
	if (e->b.n > 0)
		smpp_sbuf_putc(&e->b, '\n');
	smpp_sbuf_putc(&e->b, '[');
	smpp_sbuf_puts(&e->b, e->section);
	smpp_sbuf_puts(&e->b, "]\n");
	profwrite_put_pairs(e);
}

int
profile_write(struct ctx *c, const char *section,
    const struct profile_pair *pair, size_t n)
{
	struct edit e = {.section = section, .pair = pair, .npair = n};
	const char *path = profile_path(c), *end;
	/* Room for the header, brackets and line ends of a new section. */
	size_t size, line, room = strlen(section) + 8;
	char *text = NULL;
	int rc;

	if (path == NULL)
		return profwrite_fail(c, "config",
		    "neither HOME nor XDG_CONFIG_HOME is "
		    "set");
	if ((rc = profwrite_read_all(c, path, &text, &size)) != 0)
		return rc;
	for (size_t i = 0; i < n; i++)
		if (pair[i].value != NULL)
			room += strlen(pair[i].key) + strlen(pair[i].value) + 4;
	smpp_sbuf_init(
	    &e.b, cmd_alloc(c, size + room), size + room, NULL, NULL);
	for (size_t at = 0; at < size; at += line) {
		end = memchr(text + at, '\n', size - at);
		line = end == NULL ? size - at : (size_t)(end + 1 - text) - at;
		edit_line(&e, text + at, line);
	}
	if (!e.done)
		new_section(&e);
	return store_file(c, path, e.b.p, e.b.n);
}
