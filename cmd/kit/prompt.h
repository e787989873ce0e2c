/* Questions, asked on the terminal itself: stdin and stdout stay free. */
#ifndef SMPP_PROMPT_H
#define SMPP_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

/* The terminal, and how it was before. */
struct prompt {
	int fd;
	struct termios old;
};

/* How a question can end without a line; PROMPT_FAILED leaves errno. */
enum {
	PROMPT_FAILED = -1,
	PROMPT_STOP = -2, /* a signal asked to stop */
	PROMPT_END = -3,  /* no more input: Ctrl-D */
	PROMPT_LONG = -4, /* more than fits; the line was read to its end */
};

/*
 * Opens the terminal. From now on the signals of sig.h are caught: a question
 * is ended by them, and the terminal is put right before we go. Returns 0, or
 * PROMPT_FAILED; then there is nothing to close.
 */
int prompt_open(struct prompt *p);
void prompt_close(struct prompt *p);

/*
 * Writes text and reads a line, without its end, into out, which holds cap
 * characters with the NUL. A secret is not shown while it is typed. Returns
 * its length, or one of the above.
 */
int prompt_ask(
    struct prompt *p, const char *text, bool secret, char *out, size_t cap);

/* Writes a line. */
void prompt_say(struct prompt *p, const char *text);

#endif
