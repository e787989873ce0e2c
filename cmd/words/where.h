/* Conditions given as options: --where, and what is wrong with them. */
#ifndef SMPP_WHERE_H
#define SMPP_WHERE_H

#include "kit/cmd.h"
#include "expr.h"

/*
 * Parses the condition that option name was given. text NULL is none: *e
 * becomes NULL. Returns 0, or SMPP_EXIT_USAGE after it said what is wrong,
 * with a caret under the spot. expr_close() frees *e.
 */
int where_open(
    struct ctx *c, const char *name, const char *text, struct expr **e);

#endif
