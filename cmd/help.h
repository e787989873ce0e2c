/* What smpp help can explain, for completion. */
#ifndef SMPP_HELP_H
#define SMPP_HELP_H

#include "names.h"

/* Calls fn for every topic: status, pdu, tlv, field, exit. */
void help_topics(names_fn fn, void *arg);

/* Calls fn for every name that a topic explains; nothing for other words. */
void help_names(const char *topic, names_fn fn, void *arg);

#endif
