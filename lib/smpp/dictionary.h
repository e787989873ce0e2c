/*
 * TLVs beside those of the specification: what the tags of vendors mean, in
 * rows like those of tlvs.def, which a program can make when it runs.
 */
#ifndef SMPP_SMPP_DICTIONARY_H
#define SMPP_SMPP_DICTIONARY_H

#include "smpp/table.h"

SMPP_BEGIN_DECLS

/*
 * A dictionary: the caller's, and const as long as a PDU points to it, so that
 * threads may share it. Its rows are n, by tag, none twice and none that the
 * specification has. A row is as in tlvs.def, with
 *   kind     TEXT, OCTETS, CSTR, TIME, or UINT of 1, 2 or 4 octets
 *   vers     what the PDU's version must be to send it; no bit of v3.3
 *   max34    the same as max
 *   set      SMPP_SET_none, and members NULL
 *   carry    in34 and in50 are the PDUs that may have it, repeat is true:
 *            what comes twice is not complained of
 * What it has no row for is looked up in next, if that is not NULL.
 */
struct smpp_dictionary {
	const struct smpp_tlv_row *rows;
	size_t n;
	/* A row holds only in PDUs that carry its TLV; in others the tag may be
	 * anything. */
	bool guess;
	const struct smpp_dictionary *next;
};

/* The rows of vendors.def: what a PDU has that was given no dictionary. */
extern const struct smpp_dictionary smpp_dictionary_usual;

/*
 * The row of a tag in a PDU, which is NULL for one that is not known: of the
 * specification, else of the dictionary, where NULL is the usual one. NULL
 * when nothing is known of it. smpp_pdu_tlv_row() asks for a PDU at hand.
 */
const struct smpp_tlv_row *smpp_dictionary_of(const struct smpp_dictionary *d,
    uint16_t tag, const struct smpp_pdu_row *pdu) __attribute__((pure));

/* The row of exactly this name or alias, in whatever PDU, or NULL. */
const struct smpp_tlv_row *smpp_dictionary_find(
    const struct smpp_dictionary *d, struct smpp_view name);

/*
 * Row i of all that can be named, from 0, those of the specification first;
 * NULL behind the last. A row is left out whose tag one before it has.
 */
const struct smpp_tlv_row *smpp_dictionary_row(
    const struct smpp_dictionary *d, size_t i);

SMPP_END_DECLS

#endif
