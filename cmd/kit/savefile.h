/* Files of the user's configuration, written all or nothing. */
#ifndef SMPP_STORE_H
#define SMPP_STORE_H

#include "cmd.h"

/*
 * Replaces a file by n characters of text, through a new file beside it that
 * takes its name: it is never half written. The new one is the owner's alone;
 * directories that are missing are made, the owner's alone, too. A symbolic
 * link stays one. Returns 0, or SMPP_EXIT_LOCAL after it said what is wrong;
 * then nothing has changed.
 */
int store_file(struct ctx *c, const char *path, const char *text, size_t n);

#endif
