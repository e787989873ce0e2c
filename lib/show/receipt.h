/* Delivery receipts for people and for other programs. */
#ifndef SMPP_SHOW_RECEIPT_H
#define SMPP_SHOW_RECEIPT_H

#include "base/jsonw.h"
#include "text/receipt.h"

/*
 * Writes the members of a receipt, from "id" on, into an object that the
 * caller opened and will close. Members about which nothing is known are left
 * out, but for id, which is null then.
 */
void smpp_json_receipt(struct jsonw *j, const struct smpp_receipt *r);

/*
 * Prints a receipt on one line for people, without a newline: id, stat, err,
 * dates and text, two blanks between them, then warnings.
 */
void smpp_print_receipt(struct sbuf *out, const struct smpp_receipt *r);

/* Warnings have positions from 0 below this: SMPP_RW_POS_*, then fields that
 * were repeated. */
#define SMPP_RECEIPT_WARNINGS (SMPP_RW_COUNT + SMPP_RF_EXTRA + 1u)

/*
 * Writes the warning at a position, such as "no_id" or "repeated:stat".
 * Returns false, having written nothing, when the receipt has not got it.
 */
bool smpp_receipt_warning(
    struct sbuf *out, const struct smpp_receipt *r, unsigned pos);

#endif
