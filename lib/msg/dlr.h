/* The delivery receipt in a PDU, and which message it is about. */
#ifndef SMPP_MSG_DLR_H
#define SMPP_MSG_DLR_H

#include "smpp/pdu.h"
#include "text/receipt.h"
#include "text/text.h"

/*
 * What a receipt can be made of: the parts of a PDU, or of its JSON. esm_class
 * is 0 where the PDU has none. The TLVs are NULL when they are not there, else
 * the first of their kind.
 */
struct smpp_dlr_parts {
	uint8_t esm_class;
	struct view body; /* the text, without a user data header */
	const struct view *id;
	const struct view *state;
	const struct view *error;
};

/*
 * Reads a receipt: by esm_class (receipt or intermediate notification), else
 * by the TLV receipted_message_id, else by the rules of smpp_receipt_parse. A
 * TLV beats the text, and a contradiction is a warning. An intermediate
 * notification is not final. Returns true and sets *r, whose views point where
 * those of parts do; returns false when it is an ordinary message.
 */
bool smpp_dlr_read(struct smpp_receipt *r, const struct smpp_dlr_parts *parts);

/* The same from a deliver_sm or data_sm; false for any other PDU. */
bool smpp_dlr(struct smpp_receipt *r, const struct smpp_pdu *pdu);

/* How ids are compared: by the ladder of SMPP_ID_AUTO, or by one rule. */
enum smpp_id_rule {
	SMPP_ID_AUTO,
	SMPP_ID_EXACT,    /* equal, outer blanks and NULs aside */
	SMPP_ID_NOCASE,   /* equal in either case */
	SMPP_ID_DEC,      /* equal as decimal numbers */
	SMPP_ID_HEX,      /* equal as hexadecimal numbers */
	SMPP_ID_RESP_HEX, /* the response in hex, the receipt in decimal */
	SMPP_ID_DLR_HEX,  /* the response in decimal, the receipt in hex */
	SMPP_ID_RULES,
};

/* How two ids turned out to be the same, best first. */
enum smpp_id_match {
	SMPP_ID_DIFFERENT,
	SMPP_ID_SAME,   /* exact */
	SMPP_ID_FORM,   /* case or leading zeros */
	SMPP_ID_NUMBER, /* hex against decimal */
};

/*
 * Compares the message_id of a response with the id of a receipt. AUTO tries
 * equality; then both as hex or groups of hex with dashes, without case and
 * leading zeros; then one as hex against the other as decimal, of any size up
 * to 256 digits. SMPP_ID_NUMBER is a match only if no other message that
 * waits for its receipt matches as well: the caller has to look. Empty ids
 * match nothing.
 */
enum smpp_id_match smpp_id_compare(
    struct view response, struct view receipt, enum smpp_id_rule rule);

/* The words for a rule ("auto", "resp-hex") and for a match ("exact"); -1 when
 * there is no rule of that name. */
int smpp_id_rule_find(struct view name);
const char *smpp_id_match_name(enum smpp_id_match match);

#endif
