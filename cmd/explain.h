/* What the tables know about one name or number, for people. */
#ifndef SMPP_EXPLAIN_H
#define SMPP_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "names.h"

/*
 * Each writes to b what a thing is: given by name or, when number is not NULL,
 * by that. Returns false, and writes nothing, when there is no such thing.
 */
bool explain_status(struct sbuf *b, const char *name, const uint32_t *number);
bool explain_pdu(struct sbuf *b, const char *name, const uint32_t *number);
bool explain_tlv(struct sbuf *b, const char *name, const uint32_t *number);
bool explain_field(struct sbuf *b, const char *name, const uint32_t *number);
bool explain_exit(struct sbuf *b, const char *name, const uint32_t *number);

/* Calls fn for every exit status of smpp, "0" to "10". */
void explain_exits(names_fn fn, void *arg);

#endif
