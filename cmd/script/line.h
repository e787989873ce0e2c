/* A line of a script as text: variables, comments, words. No state, no I/O. */
#ifndef SMPP_SCRIPT_LINE_H
#define SMPP_SCRIPT_LINE_H

#include <stdbool.h>

#include "base/err.h"
#include "base/sbuf.h"

enum { LINE_NAME = 64 }; /* characters of a variable's name, and a NUL */

/* The value of a variable, borrowed; NULL when there is none of this name. */
typedef const char *(*line_var_fn)(void *arg, const char *name);

/*
 * Writes text with its variables, $name and ${name}, replaced by their values
 * and without a comment: '#' where a word could begin. A value is a text and
 * nothing else, whatever is in it: unless it is plain it is put in quotes, and
 * inside of quotes it is escaped. \$ is a dollar sign. Returns 0; SMPP_ENAME
 * when there is no such variable, SMPP_ESYNTAX for ${ without its brace, and
 * err says which.
 */
int line_expand(struct smpp_sbuf *out, const char *text, line_var_fn var,
    void *arg, struct smpp_err *err);

/* Whether the text up to here is inside of quotes. */
bool line_in_quotes(const char *text, size_t n);

/*
 * Takes the next word at *p, in place, and moves *p behind it. Blanks are part
 * of a word between quotes and, behind a '=', in brackets and braces. Returns
 * the word, NULL when there is none left.
 */
char *line_word(char **p);

/* Takes the backslash off a line that goes on in the next. True when so. */
bool line_continues(char *text, size_t *n);

/* Takes the quotes off a word that begins with one, in place. */
void line_unquote(char *word);

/* Writes a value in quotes, as it is read back. */
void line_quote(struct smpp_sbuf *out, const char *value);

#endif
