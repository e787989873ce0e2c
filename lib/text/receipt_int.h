/* What the files that read receipts share and nobody else includes. */
#ifndef SMPP_TEXT_RECEIPT_INT_H
#define SMPP_TEXT_RECEIPT_INT_H

#include "text/receipt.h"

/* What a character can be: it parts values, is blank, begins a label, is a
 * letter, stands in a word. */
enum {
	SMPP_RC_SEP = 1,
	SMPP_RC_BLANK = 2,
	SMPP_RC_LABEL = 4,
	SMPP_RC_ALPHA = 8,
	SMPP_RC_WORD = 16,
};

extern const uint8_t smpp_receipt_class[256];

static inline bool
smpp_receipt_is(uint8_t c, uint8_t what)
{
	return (smpp_receipt_class[c] & what) != 0;
}

/* A label at p, before end: returns what follows its colon, or the equals sign
 * of stat and err, and sets *field; else NULL. */
const uint8_t *smpp_receipt_label(
    const uint8_t *p, const uint8_t *end, uint8_t *field);

/* What is between p and end, without blanks before and separators behind. */
struct smpp_view smpp_receipt_trim(const uint8_t *p, const uint8_t *end);

/* Adds a further pair, and a field; the first of each counts. */
void smpp_receipt_extra(
    struct smpp_receipt *r, struct smpp_view name, struct smpp_view value);
void smpp_receipt_store(
    struct smpp_receipt *r, uint8_t field, struct smpp_view value);

/* Once all fields are stored: sets what they mean, and warnings. */
void smpp_receipt_judge(struct smpp_receipt *r);

/*
 * The forms of single peers: values without labels, parted by commas, as a
 * body; and labels in brackets, in a line. Both set *r, which was cleared, and
 * return whether it is such a receipt; *where is what it was read from.
 */
bool smpp_receipt_positional(struct smpp_receipt *r, struct smpp_view body);
bool smpp_receipt_bracketed(
    struct smpp_receipt *r, struct smpp_view *where, struct smpp_view line);

#endif
