/* Numbers and texts that differ from message to message. */
#ifndef SMPP_LOAD_PATTERN_H
#define SMPP_LOAD_PATTERN_H

#include "kit/cmd.h"
#include "base/rng.h"

/*
 * A pattern, compiled: text with {n}, the number of the message from 1;
 * {rand:8}, so many random digits; {seq:0000..0999}, numbers that wrap around;
 * {file:PATH}, the lines of a file, from the first again after the last. {{ is
 * a brace. period is how many messages it takes until all lines of its files
 * have come, 1 without files; varies says that there is anything but text.
 */
struct pattern {
	struct pattern_piece *piece;
	size_t n;
	uint64_t period;
	bool varies;
};

/*
 * Compiles n characters of text, borrowed. what names it in errors. Returns 0,
 * or an exit class after it said what is wrong.
 */
int pattern_parse(struct ctx *c, struct pattern *p, const char *what,
    const char *text, size_t n);

/* Appends what it is for message number n, counted from 0. */
void pattern_put(const struct pattern *p, struct smpp_sbuf *b, uint64_t n,
    struct smpp_rng *rng);

#endif
