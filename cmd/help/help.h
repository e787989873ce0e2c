/* What smpp help can explain, for completion. */
#ifndef SMPP_HELP_H
#define SMPP_HELP_H

#include <stdbool.h>

#include "base/sbuf.h"
#include "words/names.h"

/* Calls fn for every topic: status, pdu, tlv, field, exit. */
void help_topics(names_fn fn, void *arg);

/* Calls fn for every name that a topic explains; nothing for other words. */
void help_names(const char *topic, names_fn fn, void *arg);

/* Writes what a topic says of a name or number to b. Returns false, and
 * writes nothing, when there is no such topic or thing. */
bool help_explain(struct smpp_sbuf *b, const char *topic, const char *name);

#endif
