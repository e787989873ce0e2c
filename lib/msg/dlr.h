/* The delivery receipt in a PDU, and which message it is about. */
#ifndef SMPP_MSG_DLR_H
#define SMPP_MSG_DLR_H

#include "smpp/pdu.h"
#include "text/receipt.h"
#include "text/text.h"

SMPP_BEGIN_DECLS

/* What a receipt can be made of: the parts of a PDU, or of its JSON. */
struct smpp_dlr_parts {
	/* 0 where the PDU has none. */
	uint8_t esm_class;
	/* The text, without a user data header. */
	struct smpp_view body;
	/* The values of receipted_message_id, message_state and
	 * network_error_code, the first of each; NULL when it is not there. */
	const struct smpp_view *id;
	const struct smpp_view *state;
	const struct smpp_view *error;
};

/*
 * Reads a receipt: by esm_class (receipt or intermediate notification), else
 * by the TLV receipted_message_id if there is no text or message_state as well,
 * else by the rules of smpp_receipt_parse. A
 * TLV beats the text, and a contradiction is a warning. An intermediate
 * notification is not final. Returns true and sets *r, whose views point where
 * those of parts do; returns false when it is an ordinary message.
 */
bool smpp_dlr_read_parts(
    struct smpp_receipt *r, const struct smpp_dlr_parts *parts);

/*
 * The same from a deliver_sm or data_sm; false for any other PDU. Where a text
 * in UCS-2 has no labels as octets, it is read as what it says it is.
 */
bool smpp_dlr_read(struct smpp_receipt *r, const struct smpp_pdu *pdu);

/* Forms a receipt can have on the wire; bits. */
enum smpp_dlr_form {
	/* The text of v3.4 appendix B (spec/receipts.md). */
	SMPP_DLR_TEXT = 1,
	/* The TLVs receipted_message_id, message_state, network_error_code. */
	SMPP_DLR_TLVS = 2,
	/* Dates in the text have seconds. */
	SMPP_DLR_SECONDS = 4,
	/* There is no "text:" at the end of it. */
	SMPP_DLR_BARE = 8,
	/* A decimal id is hexadecimal in the text. */
	SMPP_DLR_HEX = 16,
};

/*
 * Makes pdu, a deliver_sm or data_sm, carry the receipt *r: sets esm_class,
 * short_message and TLVs as form says. Written are id, sub, dlvrd, the dates,
 * stat, err, text, state, network error, each if it is known. store takes the
 * octets, which the PDU borrows. Returns 0; SMPP_ENOSPACE, SMPP_ETLV_TOO_MANY.
 */
int smpp_dlr_set(struct smpp_pdu *pdu, const struct smpp_receipt *r,
    unsigned form, struct smpp_wr *store);

SMPP_END_DECLS

#endif
