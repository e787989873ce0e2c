/*
 * The codec: octets to a PDU object and back, without copying or allocating.
 * Sections named here are those of the tables in spec/.
 */
#ifndef SMPP_SMPP_PDU_H
#define SMPP_SMPP_PDU_H

#include "base/err.h"
#include "base/rd.h"
#include "base/view.h"
#include "base/wr.h"
#include "smpp/dictionary.h"
#include "smpp/table.h"

SMPP_BEGIN_DECLS

enum {
	/* Octets of the header. */
	SMPP_HEADER_SIZE = 16,
	/* The command_length that is accepted by default. */
	SMPP_PDU_MAX = 128 * 1024,
	/* TLVs that are kept in the object; the rest is for smpp_tlv_next(). */
	SMPP_TLVS_MAX = 32,
	/* Issues that are kept of one PDU. */
	SMPP_ISSUES_MAX = 8,
};

/* One field, borrowed. */
struct smpp_val {
	/* Its octets on the wire: of a C-octet string without its NUL, of a
	 * list those of all its items. */
	const uint8_t *p;
	uint32_t n;
	/* The value of an integer; the number of octets of OCTETS, of items of
	 * a LIST. */
	uint32_t num;
};

/* One TLV, borrowed. */
struct smpp_tlv {
	/* Its value, n octets, without tag and length. */
	const uint8_t *p;
	uint16_t n;
	uint16_t tag;
	/* The value of an integer whose length is one the specification allows,
	 * else 0. */
	uint32_t num;
};

/*
 * A PDU, decoded or being built; the caller's, about 1.4 KiB. Everything it
 * points to is borrowed: from the wire it was decoded from, or from what was
 * set. f is indexed by SMPP_F_*; only fields whose bit is in present count.
 */
struct smpp_pdu {
	__extension__ union {
		__extension__ struct {
			uint32_t command_length;
			uint32_t command_id;
			uint32_t command_status;
			uint32_t sequence_number;
		};
		/* The same by SMPP_F_*, which begin with these. */
		uint32_t header[4];
	};
	/* The version it is read or written by. */
	enum smpp_ver ver;
	/* The body ends early: rest is what follows; which is also the value of
	 * a message_id or system_id that lacks its NUL. */
	bool cut;
	/* A NUL stands between the text and the TLVs. */
	bool stray;
	/* TLVs in tlv, and on the wire. */
	uint16_t ntlv;
	uint32_t ntlv_total;
	/* Bit n is set when field n, SMPP_F_*, is there. */
	uint64_t present;
	/* What is known of its command_id; NULL when nothing is. */
	const struct smpp_pdu_row *row;
	/* The octets it was decoded from: all, those of its TLVs, those that
	 * could not be decoded. */
	struct smpp_view wire;
	struct smpp_view tlv_raw;
	struct smpp_view rest;
	/* See smpp_pdu_num(), smpp_pdu_view() and smpp_pdu_tlv(). */
	struct smpp_val f[SMPP_F_BODY_COUNT];
	struct smpp_tlv tlv[SMPP_TLVS_MAX];
	/* What the tags of vendors mean in it, NULL for the usual. It stands
	 * here so that f begins on 16 octets. */
	const struct smpp_dictionary *dictionary;
};

/*
 * How bad an issue is. Errors are refused, warnings are tolerated and named,
 * notices are no verdict at all: values that the specification reserves, say.
 */
enum smpp_level { SMPP_NOTICE, SMPP_WARNING, SMPP_ERROR };

/* One thing that is wrong with a PDU; smpp_issue_text() says it in words. */
struct smpp_issue {
	/* SMPP_ETRUNCATED and so on; its word is that of smpp_err_word(). */
	int16_t kind;
	/* enum smpp_level. */
	uint8_t level;
	/* The field it is about, SMPP_F_*, or SMPP_F_tlv for a TLV as a whole;
	 * then tag is that of the TLV. */
	uint8_t name;
	/* Which item of a list, or which TLV, from 0; else -1. */
	int32_t index;
	uint16_t tag;
	/* Octets from the start of the PDU: where the thing begins, and where
	 * the data ran out or the thing ends. */
	uint32_t offset, end;
	/* Figures for the message: what was found, what there should be. */
	uint32_t got, want;
};

/*
 * The issues of one PDU: the n first, though an error is kept before a warning
 * and a warning before a notice; count says how many of each level there were.
 */
struct smpp_issues {
	unsigned n;
	/* By enum smpp_level. */
	unsigned count[3];
	struct smpp_issue v[SMPP_ISSUES_MAX];
};

/* How smpp_decode() decodes, as bits. */
enum smpp_decode_flag {
	/* Stop at the first error or warning. */
	SMPP_STRICT = 1,
	/* Look at values and cross-field rules, too: smpp_check(). */
	SMPP_CHECK = 2,
	/* pdu->dictionary is the caller's, and set. */
	SMPP_DICTIONARY = 4,
};

/*
 * Looks whether a whole PDU stands at p. Returns its size; 0 when more than
 * the n octets are needed; SMPP_ELENGTH_TOO_SMALL or SMPP_ELENGTH_TOO_LARGE
 * (more than cap) when the stream cannot be followed any further.
 */
int smpp_frame(const uint8_t *p, size_t n, uint32_t cap);

/*
 * Decodes the PDU at the start of wire. Sets *pdu, whose views point into
 * wire, and *issues; wire may be shorter than command_length says (truncated)
 * or longer (the rest is ignored). ver narrows limits to one version; with
 * SMPP_VANY the widest hold. What tags of vendors mean is said by the usual
 * dictionary; with SMPP_DICTIONARY by the one that the caller put into the
 * PDU, which stays there and has to live as long. Goes on after an issue while
 * the place of the next field is known. Returns 0 when there was no error, else
 * the kind of the first one, or with SMPP_STRICT of the first warning.
 */
int smpp_decode(struct smpp_pdu *pdu, struct smpp_view wire, enum smpp_ver ver,
    unsigned flags, struct smpp_issues *issues);

/*
 * Adds what smpp_decode leaves out: reserved values (spec/enums.tsv), octets
 * that do not belong into strings, times (spec/time.md), missing TLVs
 * (spec/tlvs.tsv), fields that exclude each other (spec/versions.md).
 */
void smpp_check(const struct smpp_pdu *pdu, struct smpp_issues *issues);

/* Notes an issue; what to keep when there are too many is decided here. */
void smpp_issue_add(struct smpp_issues *issues, struct smpp_issue issue);

/* Writes the name of the place of an issue, such as "dest_flag[2]" or
 * "tlv[0]", and a NUL into out, cutting it at n octets. */
void smpp_issue_place(const struct smpp_issue *issue, char *out, size_t n);

/*
 * The status that answers a PDU with this issue (spec/versions.md,
 * compatibility rules): ESME_RINVCMDLEN, ESME_RINVMSGLEN and so on.
 */
uint32_t smpp_issue_status(const struct smpp_issue *issue);

/*
 * Starts building a PDU: no fields, which then count as zero or empty when it
 * is encoded, and no TLVs. Sessions number requests themselves, then
 * sequence_number may be 0. Whatever *pdu was before is forgotten.
 */
void smpp_pdu_init(struct smpp_pdu *pdu, uint32_t command_id,
    uint32_t sequence_number, enum smpp_ver ver);

/*
 * Set an integer field, of the header, too; a C-octet string, without a NUL, or
 * octets, borrowed until the PDU is encoded. A field that the PDU has not is
 * not sent, and whether the value is one it may have says smpp_sendable().
 */
void smpp_pdu_set_num(struct smpp_pdu *pdu, unsigned name, uint32_t num);
void smpp_pdu_set_view(struct smpp_pdu *pdu, unsigned name, struct smpp_view v);

/*
 * Sets a list, such as dest_address: the octets of its n items, one behind the
 * other as they are on the wire, borrowed. The field that counts them follows.
 */
void smpp_pdu_set_list(
    struct smpp_pdu *pdu, unsigned name, struct smpp_view items, uint32_t n);

/*
 * Adds a TLV, its value borrowed. Returns 0; SMPP_ETLV_TOO_MANY when the
 * object is full, SMPP_ERANGE when the value has more than 65535 octets.
 */
int smpp_pdu_add_tlv(
    struct smpp_pdu *pdu, uint16_t tag, struct smpp_view value);

/*
 * Sets all TLVs at once, from their wire form, borrowed; there may be more
 * than the object keeps. Returns 0; SMPP_ETLV_OVERRUN, having set nothing,
 * when raw does not end with a TLV.
 */
int smpp_pdu_set_tlvs(struct smpp_pdu *pdu, struct smpp_view raw);

/*
 * Has the body end early, with rest, borrowed, in place of the fields that are
 * not there, and of the last one that is if rest is its value without the NUL.
 */
void smpp_pdu_set_rest(struct smpp_pdu *pdu, struct smpp_view rest);

/*
 * What is known of a tag in this PDU, by the specification or by the PDU's
 * dictionary; NULL for nothing.
 */
static inline const struct smpp_tlv_row *
smpp_pdu_tlv_row(const struct smpp_pdu *pdu, uint16_t tag)
{
	const struct smpp_tlv_row *row = smpp_tlv_of(tag);

	return row != NULL ? row
			   : smpp_dictionary_of(pdu->dictionary, tag, pdu->row);
}

/*
 * What is wrong with the value of a TLV that is a C-octet string:
 * SMPP_ETLV_EMBEDDED_NUL, or SMPP_ETLV_UNTERMINATED, which a time of 16
 * characters may be (spec/tlvs.tsv). 0 for nothing.
 */
int smpp_string_fault(
    const struct smpp_tlv_row *row, const struct smpp_tlv *tlv);

/*
 * What is wrong with the value of any TLV, in a version: SMPP_ETLV_BAD_LENGTH,
 * or as above. 0 for nothing.
 */
static inline int
smpp_tlv_fault(const struct smpp_tlv_row *row, const struct smpp_tlv *tlv,
    enum smpp_ver ver)
{
	if (!smpp_tlv_sized(row, tlv->n, ver))
		return SMPP_ETLV_BAD_LENGTH;
	return smpp_kind_is_string(row->kind) ? smpp_string_fault(row, tlv) : 0;
}

/*
 * True when the body has the field, SMPP_F_*, be it empty: on the wire, or
 * because it was set.
 */
static inline bool
smpp_pdu_has(const struct smpp_pdu *pdu, unsigned name)
{
	return pdu->present >> name & 1;
}

/* True when the field is a string that the PDU ends in the middle of. */
static inline bool
smpp_pdu_unended(const struct smpp_pdu *pdu, unsigned name)
{
	return pdu->cut && pdu->rest.n > 0 && smpp_pdu_has(pdu, name) &&
	       pdu->f[name].p == pdu->rest.p;
}

/*
 * The value of an integer field, of the header, too; 0 when it is not there.
 * Of a list it is the number of its items.
 */
static inline uint32_t
smpp_pdu_num(const struct smpp_pdu *pdu, unsigned name)
{
	if (name < SMPP_F_HEADER_COUNT)
		return pdu->header[name];
	return smpp_pdu_has(pdu, name) ? pdu->f[name].num : 0;
}

/*
 * The octets of a field, borrowed: a C-octet string without its NUL. Empty
 * when it is not there, which smpp_pdu_has() tells apart.
 */
static inline struct smpp_view
smpp_pdu_view(const struct smpp_pdu *pdu, unsigned name)
{
	if (!smpp_pdu_has(pdu, name))
		return smpp_view_of(NULL, 0);
	return smpp_view_of(pdu->f[name].p, pdu->f[name].n);
}

/* The octets of the value of a TLV, borrowed. */
static inline struct smpp_view
smpp_tlv_view(const struct smpp_tlv *tlv)
{
	return smpp_view_of(tlv->p, tlv->n);
}

/*
 * The first TLV with this tag among those kept in the object, or NULL. It is
 * part of the PDU.
 */
const struct smpp_tlv *smpp_pdu_tlv(const struct smpp_pdu *pdu, uint16_t tag);

/*
 * The text or data of a message: short_message, or the TLV message_payload
 * when that is the one with octets. Sets *octets, borrowed, and returns
 * SMPP_F_short_message or SMPP_F_tlv; -1 when the PDU has neither.
 */
int smpp_pdu_payload(const struct smpp_pdu *pdu, struct smpp_view *octets);

/* A walk through all TLVs, also those beyond SMPP_TLVS_MAX; private. */
struct smpp_tlv_it {
	const struct smpp_pdu *pdu;
	uint32_t i;
	const uint8_t *p, *end;
};

/*
 * Begins at the first TLV of pdu, which is not to be changed meanwhile; sets
 * *tlv to the next one, and returns false behind the last.
 */
void smpp_tlv_begin(struct smpp_tlv_it *it, const struct smpp_pdu *pdu);
bool smpp_tlv_next(struct smpp_tlv_it *it, struct smpp_tlv *tlv);

/*
 * A walk through the items of a list field, or the members of a structured
 * TLV: the rows that are there and their values, item after item.
 */
struct smpp_item_it {
	/* Private: the body of an item. */
	const struct smpp_field *body;
	/* The row of the field at hand. */
	const struct smpp_field *field;
	/* Private: what is left. */
	const uint8_t *p, *end;
	/* Its value. */
	struct smpp_val val;
	/* Which item it is of, from 0. */
	uint32_t item;
	/* Private: the value WHEN rows ask for. */
	uint32_t flag;
	/* It is the first field of its item. */
	bool first;
	/* Private: members of a TLV, no second item. */
	bool once;
};

/*
 * Begin with a list, body being the items of its row and octets its value, or
 * with a TLV. smpp_item_next() goes on to the next field: it returns false at
 * the end, or when what is left is not a whole field.
 */
void smpp_item_begin(struct smpp_item_it *it, const struct smpp_field *body,
    struct smpp_view octets);
void smpp_member_begin(struct smpp_item_it *it, const struct smpp_tlv_row *row,
    struct smpp_view octets);
bool smpp_item_next(struct smpp_item_it *it);

/*
 * Appends the PDU to w, command_length included, and sets pdu->command_length
 * to what it came to. Sizes (sm_length, number_of_dests) are those of what
 * they count, whatever was set. A PDU that was decoded comes out as it was,
 * octet for octet. Returns its size; SMPP_ENOSPACE when it does not fit,
 * SMPP_ERANGE when there are more octets or items than a size can say.
 */
int smpp_encode(struct smpp_wr *w, struct smpp_pdu *pdu);

/* The octets that smpp_encode() would append. */
size_t smpp_pdu_size(const struct smpp_pdu *pdu);

/*
 * The command_id of a PDU that is octets still, of which wire has
 * SMPP_HEADER_SIZE at least.
 */
static inline uint32_t
smpp_wire_id(const uint8_t *wire)
{
	return smpp_get_u32(wire + 4);
}

/* Its sequence_number. */
static inline uint32_t
smpp_wire_number(const uint8_t *wire)
{
	return smpp_get_u32(wire + 12);
}

/* Gives it another one, for a PDU that is sent many times. */
static inline void
smpp_wire_renumber(uint8_t *wire, uint32_t sequence_number)
{
	smpp_put_u32(wire + 12, sequence_number);
}

/* Octets that one field of a PDU takes on the wire, the NUL of a string
 * included. */
size_t smpp_pdu_field_size(
    const struct smpp_pdu *pdu, const struct smpp_field *row);

/*
 * Says what would be wrong with sending this PDU in its version: over-long
 * strings, in lists too, TLVs in v3.3 or of a wrong shape, both payloads,
 * sizes out of range, commands that do not exist there. Sets *issues, whose
 * offsets are 0; there is one for every refusal. Returns 0 or the first
 * error's kind; SMPP_ENOT_IN_VERSION for a whole PDU or TLV of another
 * version.
 */
int smpp_sendable(const struct smpp_pdu *pdu, struct smpp_issues *issues);

SMPP_END_DECLS

#endif
