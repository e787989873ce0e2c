/* Profiles: sections of the configuration files. */
#include "profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/inifile.h"

/* One section of the files being read. */
struct reading {
	const char *section;
	bool found;
	profile_fn fn;
	void *arg;
};

static int
profile_line_read(void *arg, const char *section, const char *key,
    const char *value, const char *from)
{
	struct reading *r = arg;

	if (strcmp(section, r->section) != 0)
		return 0;
	r->found = true;
	return key == NULL ? 0 : r->fn(r->arg, key, value, from);
}

/* SMPP_CONFIG first, for tests and for services with a file of their own. */
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

/*
 * The user's file, then the system's. In this order the user's settings are
 * offered first, and the first counts.
 */
static int
read_files(struct ctx *c, inifile_fn fn, void *arg)
{
	const char *user = profile_path(c);
	int rc = user != NULL ? inifile_read(c, user, false, fn, arg) : 0;

	return rc != 0 ? rc
		       : inifile_read(c, "/etc/smpp/config", false, fn, arg);
}

int
profile_read(
    struct ctx *c, const char *section, profile_fn fn, void *arg, bool *found)
{
	struct reading r = {.section = section, .fn = fn, .arg = arg};
	int rc = read_files(c, profile_line_read, &r);

	*found = r.found;
	return rc;
}

/* Names of sections, and who gets them. */
struct naming {
	struct ctx *c;
	struct given_name {
		const char *name;
		struct given_name *next;
	} * seen;
	ask_fn fn;
	void *arg;
};

/*
 * Passes on a name that is a new one. A section may be in both files; it is
 * offered once.
 */
static int
give_name(void *arg, const char *section, const char *key, const char *value,
    const char *from)
{
	struct naming *n = arg;
	struct given_name *s;

	(void)value, (void)from;
	if (key != NULL)
		return 0;
	for (s = n->seen; s != NULL; s = s->next)
		if (strcmp(s->name, section) == 0)
			return 0;
	s = cmd_alloc(n->c, sizeof(*s));
	*s = (struct given_name){section, n->seen};
	n->seen = s;
	n->fn(n->arg, section, NULL);
	return 0;
}

/*
 * For suggestions and completion: a fault of the file is told by who reads the
 * profile, not here.
 */
void
profile_names(struct ctx *c, ask_fn fn, void *arg)
{
	struct naming n = {.c = c, .fn = fn, .arg = arg};
	const cmd_error_fn said = c->on_error;

	c->on_error = cmd_unsaid;
	read_files(c, give_name, &n);
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
profile_compare(void *arg, const char *section, const char *key,
    const char *value, const char *from)
{
	struct profile_pair *want = arg;

	(void)section, (void)from;
	if (key != NULL && want->key != NULL && strcmp(key, want->key) == 0 &&
	    strcmp(value, want->value) == 0)
		want->key = NULL;
	return 0;
}

/*
 * By reading it back, instead of a list of what inih does with blanks,
 * semicolons and quotes.
 */
bool
profile_holds(struct ctx *c, const char *key, const char *value)
{
	struct profile_pair want = {key, value};
	const cmd_error_fn said = c->on_error;
	char *text = cmd_printf(c, "[x]\n%s = %s\n", key, value);
	FILE *f = fmemopen(text, strlen(text), "r");
	int rc;

	if (f == NULL)
		cmd_nomem();
	c->on_error = cmd_unsaid;
	rc = inifile_parse(c, f, "", profile_compare, &want);
	c->on_error = said;
	fclose(f);
	return rc == 0 && want.key == NULL;
}
