/* Delivery receipts: their text form (spec/receipts.md) and what it means. */
#ifndef SMPP_TEXT_RECEIPT_H
#define SMPP_TEXT_RECEIPT_H

#include "base/view.h"
#include "text/date.h"

SMPP_BEGIN_DECLS

/* The fields of the text form, SMPP_RF_ID and so on; and names for them. */
enum smpp_receipt_field {
#define FIELD(id, name) SMPP_RF_##id,
#define STAT(word, state)
#define WARN(id, word)
#include "text/receipt.def"
#undef FIELD
#undef WARN
	SMPP_RF_COUNT,
	SMPP_RF_EXTRA = SMPP_RF_COUNT,
};

/* Bits of warnings: SMPP_RW_NO_ID and so on. */
enum smpp_receipt_warning {
#define FIELD(id, name)
#define WARN(id, word) SMPP_RW_POS_##id,
#include "text/receipt.def"
#undef WARN
	SMPP_RW_COUNT,
#define WARN(id, word) SMPP_RW_##id = 1 << SMPP_RW_POS_##id,
#include "text/receipt.def"
#undef FIELD
#undef STAT
#undef WARN
};

enum {
	SMPP_RECEIPT_EXTRAS = 16,
	SMPP_RECEIPT_STORE = 512,
	SMPP_EXTRA_NAME = 32, /* characters of a name at most */
};

/* A further name:value pair, the name (letters, digits, '_', '-') as written.
 */
struct smpp_extra {
	struct smpp_view name;
	struct smpp_view value;
};

/*
 * One receipt. Views are borrowed from what it was read from. value holds each
 * field as sent, n 0 when missing or empty; bit 1 << SMPP_RF_* of seen tells
 * the two apart. Of the first occurrence of each: repeated has a bit for
 * fields that came again. sub and dlvrd are -1 when not there, state is the
 * message_state or -1, final 1, 0, or -1 when there is no verdict. The two
 * dates are valid when their bit is set in dated.
 *
 * From TLVs only (msg/dlr.h): text_id is the id in the text where the TLV's
 * differs, network_type and network_code those of network_error_code when
 * has_network is set, bad_state the value behind SMPP_RW_UNKNOWN_STATE. store
 * has the text of a receipt that came as UTF-16; then views point into it.
 */
struct smpp_receipt {
	struct smpp_view value[SMPP_RF_COUNT];
	struct smpp_date date[2]; /* submit, done */
	struct smpp_view text_id;
	int32_t sub, dlvrd;
	uint32_t warnings; /* SMPP_RW_* */
	uint16_t seen, repeated;
	uint16_t network_code;
	uint8_t network_type;
	uint8_t bad_state;
	bool has_network;
	bool dated[2];
	int8_t state;
	int8_t final;
	uint8_t nextra;
	struct smpp_extra extra[SMPP_RECEIPT_EXTRAS];
	char store[SMPP_RECEIPT_STORE];
};

/*
 * Reads body, the text of a message, as a receipt. Sets *r to what can be
 * read, warnings included, whatever body is. Returns true when body by itself
 * is a receipt: it begins with a label, id and stat have values, and stat is a
 * word of receipts or one more field is there.
 */
bool smpp_receipt_parse(struct smpp_receipt *r, struct smpp_view body);

/*
 * Looks for a receipt inside a line of anything: a label at its start or behind
 * a character that is no part of a word, and from there what
 * smpp_receipt_parse takes for a receipt. One that stands in quotes or
 * brackets ends with them. Gives up after 16 labels that lead to none. Sets
 * *r, and *where to what it was read from, and returns SMPP_FOUND_RECEIPT; or
 * SMPP_FOUND_PART for the first place that is none although it has three
 * fields, a date or dlvrd among them; or SMPP_FOUND_NOTHING.
 */
enum smpp_found { SMPP_FOUND_NOTHING, SMPP_FOUND_PART, SMPP_FOUND_RECEIPT };

enum smpp_found smpp_receipt_find(
    struct smpp_receipt *r, struct smpp_view *where, struct smpp_view line);

/* Sets *r to a receipt about which nothing is known. */
void smpp_receipt_clear(struct smpp_receipt *r);

/* The message_state that a word of stat means, in either case; -1 for none. */
int smpp_stat_state(struct smpp_view word);

/* 1 when a message_state is final, 0 when not, -1 when it is no verdict. */
int smpp_state_final(int state);

/* The names of a field and of the bit of a warning, as they are printed. */
const char *smpp_receipt_field_name(enum smpp_receipt_field field);
const char *smpp_receipt_warning_name(enum smpp_receipt_warning pos);

SMPP_END_DECLS

#endif
