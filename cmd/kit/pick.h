/* Values by key out of one line of our own JSON, for -F and --tsv. */
#ifndef SMPP_PICK_H
#define SMPP_PICK_H

#include "base/sbuf.h"
#include "base/view.h"

/* A wanted key, dotted for a member of an inner object, and its value. */
struct pick {
	const char *key;
	size_t n;
	struct smpp_view value;
};

/*
 * Sets the value of each of the n picks to the JSON text that stands for its
 * key in line, borrowed; empty when there is no such key. line is an object as
 * jsonw writes them: valid, without spaces, plain keys. On any other text the
 * values are unspecified, but stay within line.
 */
void pick_find(struct pick *picks, size_t n, struct smpp_view line);

/* How pick_put() writes what a string holds. */
enum pick_escape {
	PICK_RAW,  /* as it is, for a program that asked for this value */
	PICK_TSV,  /* tab, newline, return, backslash as \t \n \r \\, and ... */
	PICK_TEXT, /* control characters but tab and newline as \x1b */
	PICK_TERM, /* those two, too */
};

/*
 * Writes a value as text: a string without its quotes and JSON escapes, "-"
 * for nothing and null, all else as it stands.
 */
void pick_put(
    struct smpp_sbuf *b, struct smpp_view value, enum pick_escape esc);

#endif
