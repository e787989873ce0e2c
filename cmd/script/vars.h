/* The variables of a script: names with texts. */
#ifndef SMPP_SCRIPT_VARS_H
#define SMPP_SCRIPT_VARS_H

#include "kit/cmd.h"

/* None at first; vars_free() forgets all. */
struct vars {
	struct var *first;
};

/* The value of a variable, borrowed until it is set; NULL for none. vars is a
 * struct vars, so that this is a line_var_fn. */
const char *vars_get(void *vars, const char *name);

/* Sets a variable. Returns 0, or an error when the name is none, or there is
 * too much: err says it. */
int vars_set(struct vars *vars, const char *name, const char *value,
    struct smpp_err *err);

/* A line with its variables replaced, in memory of c; NULL after an error. */
char *vars_expand(
    struct vars *vars, struct ctx *c, const char *text, struct smpp_err *err);

void vars_free(struct vars *vars);

#endif
