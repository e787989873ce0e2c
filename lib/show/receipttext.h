/* Delivery receipts for people and for other programs. */
#ifndef SMPP_SHOW_RECEIPTTEXT_H
#define SMPP_SHOW_RECEIPTTEXT_H

#include "base/jsonw.h"
#include "base/wr.h"
#include "text/receipt.h"

SMPP_BEGIN_DECLS

/*
 * Writes the members of a receipt, from "id" on, into an object that the
 * caller opened and will close. Members about which nothing is known are left
 * out, but for id, which is null then.
 */
void smpp_json_receipt(struct smpp_jsonw *j, const struct smpp_receipt *r);

/*
 * Reads a receipt from JSON: an object of type "receipt", or any but a PDU with
 * such an object under "receipt". *store takes the octets that *r points to.
 * Returns false when text is no such JSON, or store is too small.
 */
bool smpp_json_receipt_parse(
    struct smpp_receipt *r, struct smpp_view text, struct smpp_wr *store);

/*
 * Prints a receipt on one line for people, without a newline: id, stat, err,
 * dates and text, two blanks between them, then warnings.
 */
void smpp_print_receipt(struct smpp_sbuf *out, const struct smpp_receipt *r);

/* Prints octets for a terminal: what is neither printable ASCII nor UTF-8 as
 * \xNN. */
void smpp_print_word(struct smpp_sbuf *out, struct smpp_view v);

/* The name of a message_state as the specification spells it, "DELIVERED"; "-"
 * when there is none of this number. The word that a receipt itself has,
 * "DELIVRD", is r->value[SMPP_RF_STAT]. */
const char *smpp_state_name(int state);

/* Warnings have positions from 0 below this: SMPP_RW_POS_*, then fields that
 * were repeated. */
#define SMPP_RECEIPT_WARNINGS (SMPP_RW_COUNT + SMPP_RF_EXTRA + 1u)

/*
 * Writes the warning at a position, such as "no_id" or "repeated:stat".
 * Returns false, having written nothing, when the receipt has not got it.
 */
bool smpp_receipt_warning_text(
    struct smpp_sbuf *out, const struct smpp_receipt *r, unsigned pos);

SMPP_END_DECLS

#endif
