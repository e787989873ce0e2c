/* What could be typed next: for the shells, and for the prompt. */
#ifndef SMPP_COMPLETE_H
#define SMPP_COMPLETE_H

#include "kit/cmd.h"

/*
 * Writes to b what the last of argc words, perhaps empty, could become, one
 * candidate a line: the whole word, a tab, what it means. A line ":files"
 * stands for the names of files. argv[0] is not looked at, the words are those
 * after "smpp". Reads nothing but the tables and the names of profiles.
 */
void complete_words(struct ctx *c, struct smpp_sbuf *b, int argc, char **argv);

#endif
