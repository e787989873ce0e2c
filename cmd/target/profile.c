/* Profiles: sections of the configuration files. */
#include "profile.h"

#include <errno.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	LINE_MAX = 198,   /* what inih takes without cutting it */
	SECTION_MAX = 49, /* and of the name of a section */
};

/*
 * A file being read. inih cuts long lines in silence and does not say which
 * line it is at, so lines come to it through a reader that does both.
 */
struct reading {
	struct ctx *c;
	FILE *f;
	const char *path;
	unsigned line;
	const char *bad; /* what is wrong with that line */
	const char *section;
	bool found;
	int rc;
	profile_fn fn;
	profile_pair_fn every;
	ask_fn name;       /* gets the names of sections */
	struct seen *seen; /* names that it was given */
	void *arg;
};

struct seen {
	const char *name;
	struct seen *next;
};

/* Passes on a name that is a new one. */
static void
give_name(struct reading *r, const char *name)
{
	struct seen *s;

	for (s = r->seen; s != NULL; s = s->next)
		if (strcmp(s->name, name) == 0)
			return;
	s = cmd_alloc(r->c, sizeof(*s));
	*s = (struct seen){name, r->seen};
	r->seen = s;
	r->name(r->arg, name, NULL);
}

/* Notes that the section of this header line is the one that is wanted. */
static void
look_at_header(struct reading *r, const char *line)
{
	size_t n = strcspn(line, "]");

	if (*line != '[' || line[n] == '\0')
		return;
	line++;
	n--;
	if (n > SECTION_MAX)
		r->bad = "a name longer than 49 characters";
	else if (r->name != NULL)
		give_name(r, cmd_printf(r->c, "%.*s", (int)n, line));
	else if (strlen(r->section) == n && memcmp(line, r->section, n) == 0)
		r->found = true;
}

static char *
profile_next_line(char *out, int cap, void *stream)
{
	struct reading *r = stream;
	char line[LINE_MAX + 4];
	size_t n;

	if (r->bad != NULL || r->rc != 0 ||
	    fgets(line, sizeof(line), r->f) == NULL)
		return NULL;
	r->line++;
	if (r->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0)
		memmove(line, line + 3, strlen(line + 3) + 1);
	n = strcspn(line, "\n");
	if (n > LINE_MAX || (int)n + 2 > cap)
		r->bad = "longer than 198 characters";
	else if ((*line == ' ' || *line == '\t') &&
		 line[strspn(line, " \t\r\n")] != '\0')
		r->bad = "begins with a blank";
	if (r->bad != NULL)
		return NULL;
	look_at_header(r, line);
	return r->bad != NULL ? NULL : strcpy(out, line);
}

/* One "key = value"; 0 tells inih to note an error. */
static int
profile_on_pair(
    void *arg, const char *section, const char *key, const char *value)
{
	struct reading *r = arg;

	if (r->every != NULL && r->rc == 0)
		r->rc = r->every(r->arg, cmd_printf(r->c, "%s", section),
		    cmd_printf(r->c, "%s", key), cmd_printf(r->c, "%s", value),
		    cmd_printf(r->c, "%s:%u", r->path, r->line));
	if (r->fn == NULL || r->rc != 0 || strcmp(section, r->section) != 0)
		return 1;
	r->rc = r->fn(r->arg, cmd_printf(r->c, "%s", key),
	    cmd_printf(r->c, "%s", value),
	    cmd_printf(r->c, "%s:%u", r->path, r->line));
	return 1;
}

/* Reads r->f to its end. r->bad is set when a line is not understood. */
static void
profile_parse(struct reading *r)
{
	int at = ini_parse_stream(profile_next_line, r, profile_on_pair, r);

	if (at > 0 && r->bad == NULL) {
		r->bad = "neither [name] nor key = value";
		r->line = (unsigned)at;
	}
}

/* Reads one file. It need not be there. */
static int
profile_read_file(struct reading *r, const char *path)
{
	r->path = path;
	r->line = 0;
	r->f = fopen(path, "re");
	if (r->f == NULL && r->every == NULL &&
	    (errno == ENOENT || errno == ENOTDIR))
		return 0;
	if (r->f == NULL)
		return out_error(r->c, SMPP_EXIT_USAGE, "config", "%s: %s",
		    path, strerror(errno));
	errno = 0;
	profile_parse(r);
	if (ferror(r->f))
		r->rc = out_error(r->c, SMPP_EXIT_USAGE, "config", "%s: %s",
		    path, strerror(errno));
	fclose(r->f);
	if (r->rc != 0 || r->bad == NULL)
		return r->rc;
	return out_error(r->c, SMPP_EXIT_USAGE, "config", "%s:%u: %s", path,
	    r->line, r->bad);
}

const char *
profile_path(struct ctx *c)
{
	const char *file = getenv("SMPP_CONFIG");
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (file != NULL && *file != '\0')
		return file;
	if (dir != NULL && *dir == '/')
		return cmd_printf(c, "%s/smpp/config", dir);
	if (home != NULL && *home != '\0')
		return cmd_printf(c, "%s/.config/smpp/config", home);
	return NULL;
}

static int
read_files(struct reading *r)
{
	const char *user = profile_path(r->c);
	int rc = user != NULL ? profile_read_file(r, user) : 0;

	return rc != 0 ? rc : profile_read_file(r, "/etc/smpp/config");
}

int
profile_read(
    struct ctx *c, const char *section, profile_fn fn, void *arg, bool *found)
{
	struct reading r = {.c = c, .section = section, .fn = fn, .arg = arg};
	int rc = read_files(&r);

	*found = r.found;
	return rc;
}

int
profile_file(struct ctx *c, const char *path, profile_pair_fn fn, void *arg)
{
	struct reading r = {.c = c, .section = "", .every = fn, .arg = arg};

	return profile_read_file(&r, path);
}

/* Takes an error in silence. */
static bool
unsaid(void *arg, int exit, const char *what, const char *msg)
{
	(void)arg, (void)exit, (void)what, (void)msg;
	return true;
}

void
profile_names(struct ctx *c, ask_fn fn, void *arg)
{
	struct reading r = {.c = c, .section = "", .name = fn, .arg = arg};
	const cmd_error_fn said = c->on_error;

	c->on_error = unsaid;
	read_files(&r);
	c->on_error = said;
}

void
profile_offer(struct ask *q, const struct opt *o)
{
	(void)o;
	profile_names(q->c, ask_offer, q);
}

void
profile_offer_target(struct ask *q, const struct opt *o)
{
	q->lead = "@";
	profile_offer(q, o);
	q->lead = "";
}

/* Whether what was read is the pair that is expected; then key is NULL. */
static int
profile_compare(void *arg, const char *key, const char *value, const char *from)
{
	struct profile_pair *want = arg;

	(void)from;
	if (strcmp(key, want->key) == 0 && strcmp(value, want->value) == 0)
		want->key = NULL;
	return 0;
}

bool
profile_holds(struct ctx *c, const char *key, const char *value)
{
	struct profile_pair want = {key, value};
	struct reading r = {.c = c,
	    .section = "x",
	    .path = "",
	    .fn = profile_compare,
	    .arg = &want};
	char *text = cmd_printf(c, "[x]\n%s = %s\n", key, value);

	r.f = fmemopen(text, strlen(text), "r");
	if (r.f == NULL)
		cmd_nomem();
	profile_parse(&r);
	fclose(r.f);
	return r.bad == NULL && want.key == NULL;
}
