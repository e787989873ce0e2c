/* Files that a run leaves: rows of intervals, and percentiles. */
#ifndef SMPP_LOAD_FILE_H
#define SMPP_LOAD_FILE_H

#include "kit/cmd.h"

struct figures;

/* A file being written; fd is -1 when none is. */
struct file {
	const char *path;
	int fd;
	int error; /* errno of the first write that failed */
	struct smpp_sbuf b;
	char buf[8192];
};

/* Creates a file; path NULL is none. Returns 0, or SMPP_EXIT_LOCAL after it
 * said what is wrong. */
int file_open(struct ctx *c, struct file *f, const char *path);

/* Closes it. Returns 0, or SMPP_EXIT_LOCAL after it said that it could not be
 * written. */
int file_close(struct ctx *c, struct file *f);

/* Writes the names of the columns, or the row of an interval, which ends at so
 * many seconds from the beginning, as comma-separated values. */
void file_csv_names(struct file *f);
void file_csv_row(struct file *f, const struct figures *fig, double at);

/* Writes the latencies in the form of HdrHistogram's percentile files. */
void file_hdr(struct file *f, const struct figures *fig);

#endif
