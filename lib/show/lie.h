/*
 * PDUs that do not say the truth, for tests of what peers make of them: what
 * smpp_encode wrote, and then some of it otherwise.
 */
#ifndef SMPP_SHOW_LIE_H
#define SMPP_SHOW_LIE_H

#include "base/sbuf.h"
#include "smpp/pdu.h"

SMPP_BEGIN_DECLS

/* Lies about one PDU at most. */
enum { SMPP_LIES_MAX = 16 };

enum smpp_lie_kind {
	SMPP_LIE_NUMBER, /* an integer field has the value num */
	SMPP_LIE_OCTETS, /* a field is these octets, all of them */
	SMPP_LIE_OMIT,   /* a field is left out */
	SMPP_LIE_LENGTH, /* the first TLV with this tag has the length num */
	SMPP_LIE_APPEND, /* these octets follow */
};

/* One lie. */
struct smpp_lie {
	/* enum smpp_lie_kind, which says what counts of the rest. */
	uint8_t kind;
	/* The field it is about, SMPP_F_*, or the TLV. */
	uint8_t name;
	uint16_t tag;
	/* What is said instead, octets borrowed. */
	uint32_t num;
	struct smpp_view octets;
};

/* The n lies of one PDU. All zero is none. */

struct smpp_lies {
	unsigned n;
	struct smpp_lie v[SMPP_LIES_MAX];
};

/*
 * True when a word is a lie, not name=value: smpp_lie_parse() is for it, not
 * smpp_pdu_assign().
 */
bool smpp_lie_is(struct smpp_view word);

/*
 * Adds the lie that a word is, about a PDU of this command and version:
 *   !sm_length=200       any field, of the header too, unchecked; a string
 *                        gets its NUL unless given as hex:
 *   ~source_addr         the field is not there
 *   tlv.X.!length=9      X a name or 0xTAG
 *   +hex:00ff            octets behind the PDU's
 * *store takes the octets. Returns 0; SMPP_ENAME, SMPP_ESYNTAX, SMPP_ERANGE
 * (does not fit the field), SMPP_ENOSPACE (too many), and err says what.
 */
int smpp_lie_parse(struct smpp_lies *lies, const struct smpp_pdu *pdu,
    struct smpp_view word, struct smpp_wr *store, struct smpp_err *err);

/*
 * Appends a PDU with its lies to w. truth is what smpp_encode made of pdu,
 * which was built, not decoded. command_length counts what is really there,
 * unless it lies, too. Returns how many octets; SMPP_ENOSPACE; SMPP_ENAME when
 * there is no TLV whose length a lie is about.
 */
int smpp_lie_write(struct smpp_wr *w, const struct smpp_pdu *pdu,
    struct smpp_view truth, const struct smpp_lies *lies);

/* Writes what a lie is: "sm_length lies (200, really 2)". */
void smpp_lie_text(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_lie *lie);

SMPP_END_DECLS

#endif
