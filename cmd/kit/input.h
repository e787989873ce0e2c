/* The lines of a file or pipe, which is read no further than is needed. */
#ifndef SMPP_INPUT_H
#define SMPP_INPUT_H

#include <stdbool.h>

#include "base/err.h"
#include "base/view.h"

/*
 * max is how long a line and its end may be. waits says that a read may have
 * to: then input_fill() is for when the descriptor is readable. line is the
 * number of the last line, hash that of all lines so far, from 0 on. size is
 * what there is to read, 0 if that is not known, and taken what of it the lines
 * so far were.
 */
struct input {
	const char *name;
	int fd;
	bool waits, tty;
	bool end; /* everything was read */
	bool cut; /* the rest of a line too long is passed over */
	uint32_t line;
	uint64_t hash;
	uint64_t size, taken;
	size_t off, n, max;
	uint8_t *buf;
};

/* Opens a file, "-" being standard input. Returns 0, SMPP_EIO, SMPP_ENOMEM. */
int input_open(
    struct input *in, const char *name, size_t max, struct smpp_err *err);
void input_close(struct input *in);

/* Reads once. Returns 0 or SMPP_EIO. */
int input_fill(struct input *in, struct smpp_err *err);

/*
 * Takes the next line. Sets *line, which is without its end and borrowed until
 * the next input_fill(). Returns 1; 0 when it is not there yet; SMPP_ERANGE
 * for a line that is longer than max.
 */
int input_line(struct input *in, struct smpp_view *line);

/* True when there is no line left, and none will come. */
static inline bool
input_over(const struct input *in)
{
	return in->end && in->n == 0;
}

/* Reads all of a file as far as it fits in cap octets at p. Returns how many
 * there were, or -1 with errno. */
int64_t input_whole(int fd, char *p, size_t cap);

#endif
