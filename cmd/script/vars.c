/* The variables of a script: names with texts. */
#include "vars.h"

#include <stdlib.h>
#include <string.h>

#include "line.h"

/* Bounds for scripts that loop or store what a peer sends. */
enum {
	VARS_MAX = 1000,
	VALUE_MAX = 64 * 1024, /* of a value, and of a line with values */
};

struct var {
	struct var *next;
	char *value;
	char name[LINE_NAME];
};

/* A list does for the handful that scripts have. */
static struct var *
vars_find(const struct vars *vars, const char *name)
{
	struct var *v = vars->first;

	while (v != NULL && strcmp(v->name, name) != 0)
		v = v->next;
	return v;
}

const char *
vars_get(void *vars, const char *name)
{
	struct var *v = vars_find(vars, name);

	return v == NULL ? NULL : v->value;
}

static struct var *
vars_add(struct vars *vars, const char *name)
{
	struct var *v, *last;
	unsigned n = 0;

	for (last = vars->first; last != NULL; last = last->next)
		n++;
	v = n < VARS_MAX ? calloc(1, sizeof(*v)) : NULL;
	if (n < VARS_MAX && v == NULL)
		cmd_nomem();
	if (v == NULL)
		return NULL;
	memcpy(v->name, name, strlen(name) + 1);
	v->next = vars->first;
	vars->first = v;
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
vars_set(struct vars *vars, const char *name, const char *value,
    struct smpp_err *err)
{
	struct var *v;
	char *copy;

	if (!valid(name))
		return smpp_err_set(err, SMPP_ENAME,
		    "'%.64s' is no name for a variable: letters, digits, _",
		    name);
	if (strlen(value) > VALUE_MAX)
		return smpp_err_set(err, SMPP_ERANGE, "the value is too long");
	v = vars_find(vars, name);
	if (v == NULL)
		v = vars_add(vars, name);
	if (v == NULL)
		return smpp_err_set(
		    err, SMPP_ERANGE, "more than %d variables", VARS_MAX);
	/* Before the old one goes: the new value may be made of it. */
	copy = strdup(value);
	if (copy == NULL)
		cmd_nomem();
	free(v->value);
	v->value = copy;
	return 0;
}

void
vars_free(struct vars *vars)
{
	struct var *v;

	while ((v = vars->first) != NULL) {
		vars->first = v->next;
		free(v->value);
		free(v);
	}
}

char *
vars_expand(
    struct vars *vars, struct ctx *c, const char *text, struct smpp_err *err)
{
	/*
	 * Room for four values of the largest size; more is refused, not cut,
	 * since half a line could be another command.
	 */
	size_t cap = strlen(text) + 4 * VALUE_MAX;
	char *out = cmd_alloc(c, cap + 1);
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, out, cap, NULL, NULL);
	if (line_expand(&b, text, vars_get, vars, err) != 0)
		return NULL;
	if (b.bad) {
		smpp_err_set(err, SMPP_ENOSPACE,
		    "the line is too long with its variables");
		return NULL;
	}
	out[b.n] = '\0';
	return out;
}
