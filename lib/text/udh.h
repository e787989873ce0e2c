/* The user data header at the start of a message (spec/udh.tsv). */
#ifndef SMPP_TEXT_UDH_H
#define SMPP_TEXT_UDH_H

#include "base/rd.h"

SMPP_BEGIN_DECLS

/* Information elements with a meaning here; the names are in udh.def. */
enum {
	/* A part of a long message, with a reference of 8 or of 16 bits. */
	SMPP_IE_CONCAT_8 = 0x00,
	SMPP_IE_CONCAT_16 = 0x08,
	/* National language tables of GSM 7-bit for the text behind it. */
	SMPP_IE_SINGLE_SHIFT = 0x24,
	SMPP_IE_LOCKING_SHIFT = 0x25,
};

/*
 * One part of a long message: part number seq, from 1, of total parts, under
 * the reference ref of bits (8 or 16) bits. total is 0 when it is not a part.
 */
struct smpp_concat {
	uint16_t ref;
	uint8_t bits;
	uint8_t total;
	uint8_t seq;
};

/* A header and what follows it, borrowed from the data that it was read from.
 */
struct smpp_udh {
	/* The information elements, for smpp_ie_next(). */
	struct smpp_view elements;
	/* The octets after the header. */
	struct smpp_view text;
	/* What part it is, by the last element that says so. */
	struct smpp_concat concat;
	/* Octets of the header, its length octet included. */
	uint16_t size;
	/* The national tables it asks for, 0 for none: members of the same
	 * name of struct smpp_coding. */
	uint8_t single;
	uint8_t locking;
};

/* One information element, borrowed from the header. */
struct smpp_ie {
	uint8_t iei;
	struct smpp_view data;
};

/*
 * Reads the header at the start of data into *udh, whose views point into
 * data. Returns -1, or the offset in data of the octet that goes too far
 * (issue udh_overrun): 0, the length octet, when the header does not fit, else
 * the start of the element that does not. After an error text is what follows
 * the header, empty when that is unknown, and no element has had effect.
 */
int64_t smpp_udh_parse(struct smpp_udh *udh, struct smpp_view data);

/*
 * Takes the next element from elements, a cursor that smpp_rd_init() set on
 * the elements of a header. Sets *ie, borrowed from the header. False at the
 * end, or when what is left is not a whole element.
 */
bool smpp_ie_next(struct smpp_rd *elements, struct smpp_ie *ie);

/* The name of an element, "ports_16", NULL when its number is reserved. */
const char *smpp_ie_name(uint8_t iei);

/*
 * Zero bits between a header of size octets and the first septet behind it,
 * where septets are packed (spec/packing.md): member fill of smpp_coding.
 */
static inline uint8_t
smpp_udh_fill(unsigned size)
{
	return (uint8_t)((7 - size * 8 % 7) % 7);
}

SMPP_END_DECLS

#endif
