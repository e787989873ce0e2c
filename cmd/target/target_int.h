/* What the files of the target block share and nobody else includes. */
#ifndef SMPP_TARGET_INT_H
#define SMPP_TARGET_INT_H

#include "target.h"

/* The row of a long option name of n characters, -1 when none is a setting. */
int target_row(const char *name, size_t n);

/*
 * Sets a row, or that of a name there is, unless an earlier source has set it,
 * and notes the source. Both strings live as long as the command. Returns 0,
 * or an exit class after it said what is wrong.
 */
int target_offer(struct ctx *c, struct target *t, size_t row, const char *text,
    const char *from);
int target_offer_named(struct ctx *c, struct target *t, const char *name,
    const char *text, const char *from);

/* Says that there is no setting of this name, and which one may be meant. */
int target_unknown(struct ctx *c, const char *from, const char *name);

/*
 * Takes up t->word, a URL or HOST[:PORT]. It is one of argv, or of the
 * environment: both are ours to write to. Returns as target_offer.
 */
int target_word(struct ctx *c, struct target *t);

#endif
