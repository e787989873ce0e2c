/* Files of sections with "key = value" lines, by way of inih. */
#include "inifile.h"

#include <errno.h>
#include <ini.h>
#include <string.h>

#include "cmd.h"

enum {
	LINE_MAX = 198,   /* what inih takes without cutting it */
	SECTION_MAX = 49, /* and of the name of a section */
};

/*
 * A file being read. inih cuts long lines in silence and does not say which
 * line it is at, so lines come to it through a reader that does both.
 */
struct inifile {
	struct ctx *c;
	FILE *f;
	const char *path;
	unsigned line;
	const char *bad; /* what is wrong with that line */
	int rc;
	inifile_fn fn;
	void *arg;
};

static const char *
inifile_from(const struct inifile *r)
{
	return cmd_printf(r->c, "%s:%u", r->path, r->line);
}

/*
 * Passes on the name of a section. inih tells of sections only by the keys in
 * them: one without any would go unnoticed, and so would its mistyped name.
 */
static void
inifile_header(struct inifile *r, const char *line)
{
	size_t n = strcspn(line, "]");

	if (*line != '[' || line[n] == '\0')
		return;
	if (n - 1 > SECTION_MAX)
		r->bad = "a name longer than 49 characters";
	else
		r->rc = r->fn(r->arg,
		    cmd_printf(r->c, "%.*s", (int)n - 1, line + 1), NULL, NULL,
		    inifile_from(r));
}

static char *
inifile_next(char *out, int cap, void *stream)
{
	struct inifile *r = stream;
	char line[LINE_MAX + 4];
	size_t n;

	if (r->bad != NULL || r->rc != 0 ||
	    fgets(line, sizeof(line), r->f) == NULL)
		return NULL;
	r->line++;
	/*
	 * Editors of another system put a byte order mark first; to inih the
	 * first section would then be no section.
	 */
	if (r->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		memmove(line, line + 3, strlen(line + 3) + 1);
	n = strcspn(line, "\n");
	/*
	 * To inih a line that begins with a blank goes on with the value
	 * before it: a secret or an address would have half of the next line
	 * in it, and nobody would know.
	 */
	if (n > LINE_MAX || (int)n + 2 > cap)
		r->bad = "longer than 198 characters";
	else if (line[n] == '\0' &&
		 !feof(r->f)) /* inih sees none of the rest */
		r->bad = "has a NUL in it";
	else if ((*line == ' ' || *line == '\t') &&
		 line[strspn(line, " \t\r\n")] != '\0')
		r->bad = "begins with a blank";
	else
		inifile_header(r, line);
	return r->bad != NULL || r->rc != 0 ? NULL : strcpy(out, line);
}

/* One "key = value"; 0 would tell inih to note an error. */
static int
inifile_pair(void *arg, const char *section, const char *key, const char *value)
{
	struct inifile *r = arg;

	if (r->rc == 0)
		r->rc = r->fn(r->arg, cmd_printf(r->c, "%s", section),
		    cmd_printf(r->c, "%s", key), cmd_printf(r->c, "%s", value),
		    inifile_from(r));
	return 1;
}

int
inifile_parse(
    struct ctx *c, FILE *f, const char *path, inifile_fn fn, void *arg)
{
	struct inifile r = {.c = c, .f = f, .path = path, .fn = fn, .arg = arg};
	int at;

	errno = 0;
	at = ini_parse_stream(inifile_next, &r, inifile_pair, &r);
	if (ferror(f))
		return out_errno(c, SMPP_EXIT_USAGE, "config", path);
	/*
	 * inih's own number is of the first line it could not read; what was
	 * found wrong before it is told first.
	 */
	if (at > 0 && r.bad == NULL) {
		r.bad = "neither [name] nor key = value";
		r.line = (unsigned)at;
	}
	if (r.rc != 0 || r.bad == NULL)
		return r.rc;
	return out_error(
	    c, SMPP_EXIT_USAGE, "config", "%s:%u: %s", path, r.line, r.bad);
}

int
inifile_read(
    struct ctx *c, const char *path, bool needed, inifile_fn fn, void *arg)
{
	FILE *f = fopen(path, "re");
	int rc;

	/*
	 * Only what is not there may be missing; one that may not be read is
	 * an error, or a profile would be ignored in silence.
	 */
	if (f == NULL && !needed && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (f == NULL)
		return out_errno(c, SMPP_EXIT_USAGE, "config", path);
	rc = inifile_parse(c, f, path, fn, arg);
	fclose(f);
	return rc;
}
