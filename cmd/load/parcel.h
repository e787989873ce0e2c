/* What is sent: one submit_sm after the other, encoded. */
#ifndef SMPP_LOAD_MESSAGE_H
#define SMPP_LOAD_MESSAGE_H

#include "words/craft.h"
#include "target/target.h"

/* What options say about the messages. The first three are patterns. */
struct message_args {
	const char *source;
	const char *dest;
	const char *text;
	const char *encoding;
	const char *split;
	struct opt_list fields;
	bool receipt;
};

struct message;

/*
 * Makes the messages ready, and makes sure that each line of a file does as
 * one. Sets *m, which lives as long as c. Returns 0, or an exit class after it
 * said what is wrong.
 */
int message_open(struct ctx *c, const struct target *t,
    const struct message_args *a, struct message **m);

/*
 * Makes the next submit_sm, its sequence_number not set. A text of several
 * parts is as many of them. Sets *wire, borrowed until the next call. Returns
 * 0, or an exit class with err set.
 */
int message_next(
    struct message *m, struct smpp_view *wire, struct smpp_err *err);

/* Prints the first submit_sm (-n). Returns an exit class. */
int message_dry(struct message *m);

#endif
