/* Delivery receipts: their text form (spec/receipts.md) and what it means. */
#ifndef SMPP_TEXT_RECEIPT_H
#define SMPP_TEXT_RECEIPT_H

#include "base/view.h"
#include "text/date.h"

SMPP_BEGIN_DECLS

/*
 * The fields of the text form: SMPP_RF_ID, SUB, DLVRD, SUBMIT and DONE (the
 * two dates), STAT, ERR, TEXT (spec/receipts.md, labels).
 */
enum smpp_receipt_field {
#define SMPP_FIELD(id, name) SMPP_RF_##id,
#define SMPP_STAT(word, state)
#define SMPP_WARN(id, word)
#include "text/receipt.def"
#undef SMPP_FIELD
#undef SMPP_WARN
	SMPP_RF_COUNT,
	SMPP_RF_EXTRA = SMPP_RF_COUNT,
};

/*
 * What can be wrong with a receipt, as bits: SMPP_RW_NO_ID and so on, bit
 * 1 << SMPP_RW_POS_NO_ID.
 */
enum smpp_receipt_warning {
#define SMPP_FIELD(id, name)
#define SMPP_WARN(id, word) SMPP_RW_POS_##id,
#include "text/receipt.def"
#undef SMPP_WARN
	SMPP_RW_COUNT,
#define SMPP_WARN(id, word) SMPP_RW_##id = 1 << SMPP_RW_POS_##id,
#include "text/receipt.def"
#undef SMPP_FIELD
#undef SMPP_STAT
#undef SMPP_WARN
};

enum {
	/* Further pairs that are kept of one receipt. */
	SMPP_RECEIPT_EXTRAS = 16,
	/* Octets of a text that came as UTF-16, as UTF-8. */
	SMPP_RECEIPT_STORE = 512,
	/* Characters of the name of a further pair at most. */
	SMPP_EXTRA_NAME = 32,
};

/* A further name:value pair, the name (letters, digits, '_', '-') as written.
 */
struct smpp_extra {
	struct smpp_view name;
	struct smpp_view value;
};

/*
 * One receipt. Its views are borrowed from what it was read from, or, when
 * that was UTF-16, point into store: then it may not be copied.
 */
struct smpp_receipt {
	/* Each field as sent, by SMPP_RF_*: n is 0 when it is missing or empty,
	 * which bit 1 << SMPP_RF_* of seen tells apart. Of a field that came
	 * more than once, its bit in repeated, it is the first. */
	struct smpp_view value[SMPP_RF_COUNT];
	/* When it was submitted and done, if dated says that these are known.
	 */
	struct smpp_date date[2];
	/* The id in the text, where that of the TLV differs from it. */
	struct smpp_view text_id;
	/* Numbers of messages, -1 when not there. */
	int32_t sub, dlvrd;
	/* Bits SMPP_RW_*. */
	uint32_t warnings;
	uint16_t seen, repeated;
	/* Of the TLV network_error_code, if has_network. */
	uint16_t network_code;
	uint8_t network_type;
	/* The value of message_state that SMPP_RW_UNKNOWN_STATE is about. */
	uint8_t bad_state;
	bool has_network;
	bool dated[2];
	/* The message_state (spec/enums.tsv), of the TLV or what stat means;
	 * -1 when neither is there. */
	int8_t state;
	/* 1 when the message is over, 0 when not, -1 when nothing tells. */
	int8_t final;
	/* Pairs beyond the fields above, in the order they came. */
	uint8_t nextra;
	/* The id is that of the TLV. */
	bool tlv_id;
	struct smpp_extra extra[SMPP_RECEIPT_EXTRAS];
	/* Private. */
	char store[SMPP_RECEIPT_STORE];
};

/*
 * Reads body, the text of a message, as a receipt. Sets *r to what can be
 * read, warnings included, whatever body is. Returns true when body by itself
 * is a receipt: it begins with a label, id and stat have values, and stat is a
 * word of receipts or one more field is there.
 */
bool smpp_receipt_parse(struct smpp_receipt *r, struct smpp_view body);

/* What smpp_receipt_find() found. */
enum smpp_found {
	SMPP_FOUND_NOTHING,
	SMPP_FOUND_PART, /* what has fields of one, and is none */
	SMPP_FOUND_RECEIPT,
};

/*
 * Looks for a receipt inside a line of anything: a label at its start or behind
 * a character that is no part of a word, and from there what
 * smpp_receipt_parse takes for a receipt. One that stands in quotes or
 * brackets ends with them. Gives up after 16 labels that lead to none. Sets
 * *r, and *where to what it was read from, and returns SMPP_FOUND_RECEIPT; or
 * SMPP_FOUND_PART for the first place that is none although it has three
 * fields, a date or dlvrd among them; or SMPP_FOUND_NOTHING.
 */
enum smpp_found smpp_receipt_find(
    struct smpp_receipt *r, struct smpp_view *where, struct smpp_view line);

/*
 * Sets *r to a receipt about which nothing is known: where one that is made,
 * not read, begins.
 */
void smpp_receipt_clear(struct smpp_receipt *r);

/*
 * The message_state that a word of stat means, in either case: 2 for "DELIVRD"
 * and for "DELIVERED" (spec/receipts.md, stat). -1 for none.
 */
int smpp_stat_state(struct smpp_view word);

/*
 * 1 when a message in this message_state will not change it any more, 0 when
 * it may, -1 when the state says nothing about that: UNKNOWN, or none.
 */
int smpp_state_final(int state);

/*
 * The names of a field, "submit_date", and of the bit of a warning at a
 * position, SMPP_RW_POS_*, "no_id": constants, as they are printed and as JSON
 * has them.
 */
const char *smpp_receipt_field_name(enum smpp_receipt_field field);
const char *smpp_receipt_warning_name(enum smpp_receipt_warning pos);

SMPP_END_DECLS

#endif
