/* What the tables know about one name or number, for people. */
#ifndef SMPP_EXPLAIN_H
#define SMPP_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/sbuf.h"
#include "names.h"
#include "smpp/table.h"

/*
 * Each writes to b what a thing is: given by name or, when number is not NULL,
 * by that. Returns false, and writes nothing, when there is no such thing. d
 * names TLVs beside those of the specification, NULL is the usual dictionary.
 */
bool explain_status(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number);
bool explain_pdu(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number);
bool explain_tlv(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number);
bool explain_field(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number);
bool explain_exit(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number);

/*
 * Writes what a PDU holds in one version. What this version lacks is shown as
 * the newest has it, and so is everything with SMPP_VANY, with the limits of
 * the older ones beside it.
 */
void explain_pdu_in(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const struct smpp_pdu_row *row, enum smpp_ver ver);

/*
 * Writes a kind and its limits to out: "u8", "u8 0-254", "string 1-21", where
 * the NUL of a string is counted. Returns out.
 */
const char *explain_type(
    char out[32], unsigned kind, uint32_t min, uint32_t max);

/* Calls fn for every exit status of smpp, "0" to "10". */
void explain_exits(const struct smpp_dictionary *d, ask_fn fn, void *arg);

#endif
