/* smpp repl: variables. */
#include <stdlib.h>

#include "repl.h"

enum {
	VARS_MAX = 1000,
	VALUE_MAX = 64 * 1024, /* of a value, and of a line with values */
};

struct repl_var {
	struct repl_var *next;
	char *value;
	char name[LINE_NAME];
};

static struct repl_var *
vars_find(struct repl *r, const char *name)
{
	struct repl_var *v = r->vars;

	while (v != NULL && strcmp(v->name, name) != 0)
		v = v->next;
	return v;
}

const char *
var_get(void *repl, const char *name)
{
	struct repl_var *v = vars_find(repl, name);

	return v == NULL ? NULL : v->value;
}

static struct repl_var *
vars_add(struct repl *r, const char *name)
{
	struct repl_var *v, *last;
	unsigned n = 0;

	for (last = r->vars; last != NULL; last = last->next)
		n++;
	v = n < VARS_MAX ? calloc(1, sizeof(*v)) : NULL;
	if (n < VARS_MAX && v == NULL)
		cmd_nomem();
	if (v == NULL)
		return NULL;
	memcpy(v->name, name, strlen(name) + 1);
	v->next = r->vars;
	r->vars = v;
	return v;
}

static bool
valid(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

	return n > 0 && n < LINE_NAME && name[n] == '\0' &&
	       (*name < '0' || *name > '9');
}

int
var_set(struct repl *r, const char *name, const char *value)
{
	struct repl_var *v;
	char *copy;

	if (!valid(name))
		return repl_bad(r, "usage",
		    "'%.64s' is no name for a variable: letters, digits, _",
		    name);
	if (strlen(value) > VALUE_MAX)
		return repl_bad(r, "usage", "the value is too long");
	v = vars_find(r, name);
	if (v == NULL)
		v = vars_add(r, name);
	if (v == NULL)
		return repl_bad(r, "usage", "more than %d variables", VARS_MAX);
	copy = strdup(value);
	if (copy == NULL)
		cmd_nomem();
	free(v->value);
	v->value = copy;
	return 0;
}

void
var_free(struct repl *r)
{
	struct repl_var *v;

	while ((v = r->vars) != NULL) {
		r->vars = v->next;
		free(v->value);
		free(v);
	}
}

char *
var_expand(struct repl *r, const char *text)
{
	size_t cap = strlen(text) + 4 * VALUE_MAX;
	char *out = cmd_alloc(r->lc, cap + 1);
	struct smpp_err err;
	struct smpp_sbuf b;

	smpp_err_clear(&err);
	smpp_sbuf_init(&b, out, cap, NULL, NULL);
	if (line_expand(&b, text, var_get, r, &err) != 0) {
		repl_bad(r, "usage", "%s", err.msg);
		return NULL;
	}
	if (b.bad) {
		repl_bad(r, "usage", "the line is too long with its variables");
		return NULL;
	}
	out[b.n] = '\0';
	return out;
}
