/* What a PDU says, on one line for people. */
#ifndef SMPP_BRIEF_H
#define SMPP_BRIEF_H

#include "base/sbuf.h"
#include "smpp/pdu.h"
#include "text/text.h"

/*
 * Writes what a response holds, each part after two blanks: "  id 77",
 * "  5f3a9c01  DELIVERED  final 2026-11-21 10:43  error 0", or its fields as
 * name=value. Destinations that a submit_multi_resp refuses, of the asked,
 * follow on lines of their own.
 */
void brief_response(struct smpp_sbuf *b, const struct smpp_pdu *pdu,
    uint32_t asked, bool secrets);

/* How many destinations a submit_multi_resp refuses. */
uint32_t brief_refused(const struct smpp_pdu *pdu);

/* Writes all fields of the body as name=value, after two blanks. */
void brief_pairs(struct smpp_sbuf *b, const struct smpp_pdu *pdu, bool secrets);

/*
 * Writes the message that a PDU carries: who to whom and the text in quotes,
 * or "receipt ID STATE". Returns false, and writes nothing, when it carries
 * none.
 */
bool brief_message(struct smpp_sbuf *b, const struct smpp_pdu *pdu,
    enum smpp_alphabet mc_default);

#endif
