/* A line of a script for others' eyes: its passwords are masked. */
#ifndef SMPP_SCRIPT_MASK_H
#define SMPP_SCRIPT_MASK_H

#include "kit/cmd.h"

/* A line with its passwords masked, in memory of c; NULL when it cannot be. */
const char *mask_line(struct ctx *c, const char *line);

#endif
