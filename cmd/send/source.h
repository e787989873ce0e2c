/* Where messages come from: the command line, or the records of an input. */
#ifndef SMPP_SEND_SOURCE_H
#define SMPP_SEND_SOURCE_H

#include "kit/input.h"
#include "smpp/pdu.h"
#include "template.h"

struct send;
struct msg;

/*
 * What a record says: fields of pdu, and a text, p NULL where there is none,
 * which has yet to be encoded or, with octets, is to be sent as it is.
 */
struct draft {
	struct smpp_pdu pdu;
	struct smpp_view text;
	bool octets;
};

/* A column of a sheet: its name in the header, and the field it sets, if any:
 * the first word of name=value. */
struct column {
	const char *name;
	const char *field;
};

enum source_kind {
	SOURCE_ONE, /* the command line alone */
	SOURCE_LINES,
	SOURCE_BATCH,
	SOURCE_SHEET,
};

/*
 * record counts the records so far, bad ones too; line is where the current
 * one begins. dest and copy say which message of its draft is next. skip says
 * how far a journal has come: records that make no messages again, the last
 * one skip_index of them, and the hash of the input up to there.
 */
struct source {
	enum source_kind kind;
	struct input in;
	struct sheet *sheet;
	struct column *column;
	unsigned columns;
	struct template template;
	struct draft draft;
	struct smpp_view text; /* of messages that have none of their own */
	bool have;             /* draft is one */
	bool over;
	bool ready;   /* the input can be read without waiting */
	bool starved; /* it has to become so before there is another message */
	uint32_t line;
	uint64_t record;
	size_t dest;
	uint32_t copy, index;
	uint64_t skip, skip_hash;
	uint32_t skip_index;
	uint8_t *store; /* what the draft borrows from */
};

/* Opens what the options name, and reads the header of a sheet. Returns 0 or
 * an exit class after it said what is wrong. */
int source_open(struct send *s);
void source_close(struct send *s);

/*
 * Makes the next message. Records that are no good are told and passed over.
 * Returns it, or NULL: then s->src.over says whether there will be none.
 */
struct msg *source_next(struct send *s);

/* True when it is known that there is no further message. */
bool source_done(const struct source *src);

/* The input can be read without waiting. */
void source_readable(struct source *src);

/* The octets a draft may take. */
enum { INPUT_MAX = 256 * 1024, DRAFT_MAX = 2 * INPUT_MAX };

/* --- columns.c: sheets --- */

/* Takes the header, which sheet holds. Returns 0 or an exit class. */
int columns_header(struct send *s);

/* Makes a draft of the row. Returns 0 or an exit class. */
int columns_draft(struct send *s);

#endif
