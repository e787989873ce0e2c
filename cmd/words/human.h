/* Lines for people: times, and the words of a peer. */
#ifndef SMPP_HUMAN_H
#define SMPP_HUMAN_H

#include "base/sbuf.h"

/* Writes a time as people read it: "0.04 ms", "0.4 ms", "12 ms", "2.3 s". */
void human_ms(struct smpp_sbuf *b, double ms);

/*
 * Writes the words of a peer with nothing in them that a terminal would obey:
 * control characters become \xNN. No words at all are shown as '-'.
 */
void human_words(struct smpp_sbuf *b, struct smpp_view words);

#endif
