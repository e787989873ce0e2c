/* Files of sections with "key = value" lines, of which none is cut in silence
 * or passed over. */
#ifndef SMPP_INIFILE_H
#define SMPP_INIFILE_H

#include <stdbool.h>
#include <stdio.h>

struct ctx;

/*
 * Takes one line: a header, when key is NULL, or a pair of the section, which
 * is "" before the first header. from is where it stands, "FILE:LINE". All
 * texts live as long as c. Returns 0 to go on, or the exit class with which
 * reading ends, after it said what is wrong.
 */
typedef int (*inifile_fn)(void *arg, const char *section, const char *key,
    const char *value, const char *from);

/*
 * Reads a file, calling fn for each line. One that cannot be read is an error,
 * unless it is not there and not needed; so is a line that is longer than 198
 * characters, begins with a blank, or is neither [name] nor key = value.
 * Returns 0, an exit class after it said what is wrong, or what fn returned.
 */
int inifile_read(
    struct ctx *c, const char *path, bool needed, inifile_fn fn, void *arg);

/* The same of a file that is open, and stays so; path is what it is called. */
int inifile_parse(
    struct ctx *c, FILE *f, const char *path, inifile_fn fn, void *arg);

#endif
