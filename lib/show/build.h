/*
 * What reading a PDU from text and from JSON have in common: numbers by name,
 * items of lists, values of TLVs. Private to lib/show.
 */
#ifndef SMPP_SHOW_BUILD_H
#define SMPP_SHOW_BUILD_H

#include "smpp/pdu.h"

enum { SMPP_ITEM_FIELDS = 8 };

/*
 * One item of a list, or the members of a structured TLV, on the way to the
 * wire: values by the number of their row in body; bit n of set is row n.
 */
struct smpp_item {
	const struct smpp_field *body;
	unsigned set;
	struct smpp_val v[SMPP_ITEM_FIELDS];
};

void smpp_item_init(struct smpp_item *it, const struct smpp_field *body);

/* The number of the row of a name; SMPP_ENAME, and err says which there are. */
int smpp_item_row(
    const struct smpp_item *it, struct view name, struct smpp_err *err);

/* Sets row n to a number, or to octets, borrowed until smpp_item_write. */
void smpp_item_set(struct smpp_item *it, int n, struct smpp_val v);

/*
 * Appends the item in wire form. A dest_flag that is not set follows from
 * whether dl_name is. whole writes rows that are not set as zero or empty;
 * else the item ends after the last one that is.
 */
void smpp_item_write(const struct smpp_item *it, struct wr *out, bool whole);

/*
 * Reads a number: decimal, 0x hexadecimal, or symbols of the set. Returns 0;
 * SMPP_ERANGE above max; SMPP_ESYNTAX. what names it in err.
 */
int smpp_build_number(struct view text, unsigned set, uint32_t max,
    const char *what, uint32_t *num, struct smpp_err *err);

/*
 * The row of a field of the PDU in its version, the header's included. NULL
 * when there is none, and err names the nearest.
 */
const struct smpp_field *smpp_build_row(
    const struct smpp_pdu *pdu, struct view name, struct smpp_err *err);

/* The tag of a TLV by name or as 0xTAG. Returns 0, SMPP_ENAME and others. */
int smpp_build_tag(struct view name, uint16_t *tag, struct smpp_err *err);

/*
 * Reads the octets of a value, "quoted", hex:0aff or as it stands, to the
 * store. what names it in err. Returns how many, or SMPP_ESYNTAX,
 * SMPP_ENOSPACE.
 */
int64_t smpp_build_value(
    struct view text, const char *what, struct wr *store, struct smpp_err *err);

/* The largest number of an integer kind. */
uint32_t smpp_kind_max(unsigned kind);

/*
 * Adds a TLV of an integer: as many octets as its row allows and num needs,
 * at least as many as v3.4 says. A row of NULL is 4 octets.
 */
int smpp_build_tlv_number(struct smpp_pdu *pdu, uint16_t tag,
    const struct smpp_tlv_row *row, uint32_t num, struct wr *store,
    struct smpp_err *err);

/* Adds a TLV whose value is the n octets last written to store. */
int smpp_build_tlv(struct smpp_pdu *pdu, uint16_t tag, struct wr *store,
    size_t n, struct smpp_err *err);

/* Sets a string or octets field to the n octets last written to store. */
int smpp_build_octets(struct smpp_pdu *pdu, const struct smpp_field *row,
    struct wr *store, size_t n, struct smpp_err *err);

#endif
