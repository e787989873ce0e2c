/* Input files and pipes of the filters, read in blocks. */
#ifndef SMPP_IN_H
#define SMPP_IN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "opt.h"

struct ctx;

/*
 * The files to read, one after the other, or standard input when there are
 * none. name is the one being read, "-" for standard input.
 */
struct in {
	struct ctx *c;
	struct opt_list files;
	size_t next;
	const char *name;
	int fd;
	bool tty;
	char buf[256 * 1024];
};

/* Starts with no file open. files is borrowed. */
void in_init(struct in *in, struct ctx *c, struct opt_list files);

/*
 * Opens the next input. Returns 1; 0 when there is none left; or -1 after an
 * error message: the exit class is SMPP_EXIT_LOCAL.
 */
int in_open(struct in *in);

/*
 * Reads the next block and sets *p, valid until the next call, to its octets.
 * When none are there yet, it first flushes the output of c, so that what was
 * found so far is seen while waiting. Returns how many there are, 0 at the end
 * of this input, which is then closed, or -1: after an error message, or
 * because the output is lost, of which main speaks.
 */
int64_t in_read(struct in *in, const char **p);

#endif
