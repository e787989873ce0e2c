/*
 * What reading a PDU from text and from JSON have in common: numbers by name,
 * items of lists, values of TLVs. Private to lib/show.
 */
#ifndef SMPP_SHOW_BUILD_INT_H
#define SMPP_SHOW_BUILD_INT_H

#include "smpp/pdu.h"
#include "text/text.h"

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
    const struct smpp_item *it, struct smpp_view name, struct smpp_err *err);

/* Sets row n to a number, or to octets, borrowed until smpp_item_write. */
void smpp_item_set(struct smpp_item *it, int n, struct smpp_val v);

/*
 * Says what the item must not have: what another dest_flag has, a NUL inside a
 * string. Returns 0 or SMPP_ESYNTAX.
 */
int smpp_item_check(const struct smpp_item *it, struct smpp_err *err);

/*
 * Appends the item in wire form. A dest_flag that is not set follows from
 * whether dl_name is. whole writes rows that are not set as zero or empty;
 * else the item ends after the last one that is.
 */
void smpp_item_write(
    const struct smpp_item *it, struct smpp_wr *out, bool whole);

/*
 * Reads a number: decimal, 0x hexadecimal, or symbols of the set. Returns 0;
 * SMPP_ERANGE above max; SMPP_ESYNTAX. what names it in err.
 */
int smpp_build_number(struct smpp_view text, unsigned set, uint32_t max,
    const char *what, uint32_t *num, struct smpp_err *err);

/*
 * The row of a field of the PDU in its version, the header's included. NULL
 * when there is none, and err names the nearest.
 */
const struct smpp_field *smpp_build_row(
    const struct smpp_pdu *pdu, struct smpp_view name, struct smpp_err *err);

/* The tag of a TLV by name, as the PDU knows it, or as 0xTAG. Returns 0,
 * SMPP_ENAME and others. */
int smpp_build_tag(const struct smpp_pdu *pdu, struct smpp_view name,
    uint16_t *tag, struct smpp_err *err);

/*
 * Reads the octets of a value, "quoted", hex:0aff or as it stands, to the
 * store. what names it in err. Returns how many, or SMPP_ESYNTAX,
 * SMPP_ENOSPACE.
 */
int64_t smpp_build_value(struct smpp_view text, const char *what,
    struct smpp_wr *store, struct smpp_err *err);

/* The largest number of an integer kind. */
uint32_t smpp_kind_max(unsigned kind);

/*
 * Appends the value of an integer TLV: as many octets as its row allows and
 * num needs, at least as many as v3.4 says; 4 octets where the row is NULL or
 * of text.
 * SMPP_ESYNTAX when the row is of something else, SMPP_ERANGE.
 */
int smpp_build_uint(const struct smpp_tlv_row *row, uint32_t num,
    const char *what, struct smpp_wr *store, struct smpp_err *err);

/*
 * Begins a TLV in wire form at the end of the store; what is written then is
 * its value. end takes what begin returned; SMPP_ENOSPACE, SMPP_ERANGE.
 */
size_t smpp_build_tlv_begin(struct smpp_wr *store, uint16_t tag);
int smpp_build_tlv_end(
    struct smpp_wr *store, size_t start, struct smpp_err *err);

/* Gives the PDU the TLVs that stand in wire form from start to the end of the
 * store. SMPP_ENOSPACE when they are not all there. */
int smpp_build_tlvs(struct smpp_pdu *pdu, const struct smpp_wr *store,
    size_t start, struct smpp_err *err);

/*
 * The text of a message: compared with the octets the PDU has or, without any,
 * encoded as data_coding says or, where that is missing too, as GSM 7-bit or
 * UCS-2: the first that has its characters. header: the message is to have a
 * user data header. tlvs is where in the store the PDU's TLVs begin, its last.
 */
int smpp_build_text(struct smpp_pdu *pdu, struct smpp_view text,
    enum smpp_alphabet mc_default, bool header, struct smpp_wr *store,
    size_t tlvs, struct smpp_err *err);

/* The most octets or items the PDU's version allows in a field. */
uint32_t smpp_build_max(const struct smpp_pdu *pdu, unsigned name);

/* SMPP_ERANGE when n octets or items (what) are more than can be counted. */
int smpp_build_count(const struct smpp_pdu *pdu, unsigned name, size_t n,
    const char *what, struct smpp_err *err);

/*
 * Sets a string or octets field to the n octets last written to store. Returns
 * 0, SMPP_ENOSPACE, SMPP_ERANGE or SMPP_ESYNTAX (a NUL inside a string).
 */
int smpp_build_octets(struct smpp_pdu *pdu, const struct smpp_field *row,
    struct smpp_wr *store, size_t n, struct smpp_err *err);

/* Sets what stands between short_message and the TLVs: one NUL. */
int smpp_build_stray(
    struct smpp_pdu *pdu, struct smpp_view octets, struct smpp_err *err);

/*
 * Whether a JSON object of this PDU, or of an item or structure with this
 * body, may have the key. Returns 0, or SMPP_ENAME and err names the nearest.
 */
int smpp_key_check(
    const struct smpp_pdu *pdu, const char *key, struct smpp_err *err);
int smpp_key_check_body(
    const struct smpp_field *body, const char *key, struct smpp_err *err);

#endif
