/* What can be explained: the topics, and the names of each. */
#ifndef SMPP_TOPIC_H
#define SMPP_TOPIC_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "kit/ask.h"
#include "smpp/dictionary.h"

/*
 * names lists what there is; explain writes what one is, given by name and, if
 * the name is one, by number, and returns false when there is no such thing.
 * d names further TLVs, NULL is the usual dictionary.
 */
struct topic {
	const char *name;
	const char *brief;
	void (*names)(const struct smpp_dictionary *d, ask_fn fn, void *arg);
	bool (*explain)(struct smpp_sbuf *b, const struct smpp_dictionary *d,
	    const char *name, const uint32_t *number);
};

/* status, pdu, tlv, field, exit; the last one has no name. */
extern const struct topic topics[];

/* The topic of a name, or NULL. */
const struct topic *topic_find(const char *name);

/* Calls fn for the topics. */
void topic_each(ask_fn fn, void *arg);

/* Writes what is known of a name or number to b. Returns false, and writes
 * nothing, when there is no such thing, or t is NULL. */
bool topic_explain(const struct topic *t, struct smpp_sbuf *b,
    const struct smpp_dictionary *d, const char *name);

#endif
