/* The name that was probably meant by a misspelt one. */
#ifndef SMPP_BASE_SUGGEST_H
#define SMPP_BASE_SUGGEST_H

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * A search among candidates that come from anywhere. best is the nearest so
 * far within two edits (an edit is a character too many, missing, wrong, or
 * two neighbours swapped), NULL when there is none; the first one wins a tie.
 * Case does not count, nor whether words are joined by '-' or '_'. More than
 * half of a word's characters changed is no suggestion.
 */
struct smpp_suggest {
	/* What was written. */
	const char *word;
	/* What was meant, so far. */
	const char *best;
	/* The edits between the two. */
	unsigned distance;
};

/* Starts the search for what word, borrowed, was meant to be. */
void smpp_suggest_init(struct smpp_suggest *s, const char *word);

/* Offers a candidate, borrowed for as long as best may be read. */
void smpp_suggest_try(struct smpp_suggest *s, const char *candidate);

SMPP_END_DECLS

#endif
