/* The lines of a script, from a file or a pipe that may keep us waiting. */
#ifndef SMPP_SCRIPT_READER_H
#define SMPP_SCRIPT_READER_H

#include "kit/input.h"

/* Waits until a descriptor can be read. Returns false to read no more. */
typedef bool (*reader_wait_fn)(void *arg, int fd);

/* A script being read. line is the number of the line that was asked for last,
 * of its first one where it goes on in others. */
struct reader {
	struct input in;
	reader_wait_fn wait;
	void *arg;
	unsigned line;
};

/* Opens a file, - being standard input; name is borrowed. Returns 0, or
 * SMPP_EIO and err is set. input_close(&r->in) ends it. */
int reader_open(struct reader *r, const char *name, reader_wait_fn wait,
    void *arg, struct smpp_err *err);

/*
 * Takes a line and those that it goes on in, without their ends. Returns 1 and
 * sets *text, to be freed; 0 when there is none left; or an error, and err is
 * set: SMPP_EIO, SMPP_ERANGE for a line that is too long, SMPP_ESYNTAX for a
 * NUL in it.
 */
int reader_line(struct reader *r, char **text, struct smpp_err *err);

#endif
