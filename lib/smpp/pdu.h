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
	SMPP_HEADER_SIZE = 16,
	SMPP_PDU_MAX = 128 * 1024, /* command_length accepted by default */
	SMPP_TLVS_MAX = 32, /* kept in the object; the rest by iterator */
	SMPP_ISSUES_MAX = 8,
};

/*
 * One field: its octets on the wire, a C-octet string without its NUL, a list
 * as the octets of all its items. num is the value of an integer; the number
 * of octets of OCTETS and of items of a LIST.
 */
struct smpp_val {
	const uint8_t *p;
	uint32_t n;
	uint32_t num;
};

/*
 * One TLV: n octets of value at p. num is the value of an integer whose length
 * is one the specification allows, else 0.
 */
struct smpp_tlv {
	const uint8_t *p;
	uint16_t n;
	uint16_t tag;
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
		uint32_t header[4]; /* by SMPP_F_*, which begin with these */
	};
	enum smpp_ver ver;
	bool cut;            /* the body ends early: rest is what follows */
	bool stray;          /* a NUL stands between the text and the TLVs */
	uint16_t ntlv;       /* of tlv[] in use */
	uint32_t ntlv_total; /* on the wire */
	uint64_t present;    /* bit SMPP_F_* */
	const struct smpp_pdu_row *row; /* NULL for an unknown command_id */
	struct smpp_view wire;          /* the octets it was decoded from */
	struct smpp_view tlv_raw;       /* its TLVs, all of them */
	struct smpp_view rest;          /* octets that could not be decoded */
	struct smpp_val f[SMPP_F_BODY_COUNT];
	struct smpp_tlv tlv[SMPP_TLVS_MAX];
	const struct smpp_dictionary *dictionary; /* NULL: the usual one; here
						   * f begins on 16 octets */
};

/* How bad an issue is. Errors are refused, warnings tolerated and named,
 * notices no verdict at all. */
enum smpp_level { SMPP_NOTICE, SMPP_WARNING, SMPP_ERROR };

/*
 * One thing that is wrong with a PDU. kind is SMPP_ETRUNCATED and so on, its
 * word smpp_err_word(). name is SMPP_F_*, SMPP_F_tlv for a TLV as a whole;
 * index counts items of a list and TLVs from 0, else it is -1. offset and end
 * count octets from the start of the PDU: where the thing begins, where the
 * data ran out or the thing ends. got and want are figures for the message:
 * what was found, what there should be.
 */
struct smpp_issue {
	int16_t kind;
	uint8_t level;
	uint8_t name;
	int32_t index;
	uint16_t tag;
	uint32_t offset, end;
	uint32_t got, want;
};

/*
 * The issues of one PDU: the n first, though an error is kept before a warning
 * and a warning before a notice; count says how many of each level there were.
 */
struct smpp_issues {
	unsigned n;
	unsigned count[3]; /* by enum smpp_level */
	struct smpp_issue v[SMPP_ISSUES_MAX];
};

enum smpp_decode_flag {
	SMPP_STRICT = 1,     /* stop at the first error or warning */
	SMPP_CHECK = 2,      /* values and cross-field rules too: smpp_check */
	SMPP_DICTIONARY = 4, /* pdu->dictionary is the caller's */
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

/* Starts building a PDU: no fields, which then count as zero or empty. */
void smpp_pdu_init(struct smpp_pdu *pdu, uint32_t command_id,
    uint32_t sequence_number, enum smpp_ver ver);

/* Sets an integer field, of the header too; a string or octets, borrowed. */
void smpp_pdu_set_num(struct smpp_pdu *pdu, unsigned name, uint32_t num);
void smpp_pdu_set_view(struct smpp_pdu *pdu, unsigned name, struct smpp_view v);

/* Sets a list: the octets of n items, in wire form, borrowed. */
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

/* What is known of a tag in this PDU, by the specification or the PDU's
 * dictionary; NULL for nothing. */
static inline const struct smpp_tlv_row *
smpp_pdu_tlv_row(const struct smpp_pdu *pdu, uint16_t tag)
{
	const struct smpp_tlv_row *row = smpp_tlv_of(tag);

	return row != NULL ? row
			   : smpp_dictionary_of(pdu->dictionary, tag, pdu->row);
}

/* What is wrong with the value of a TLV that is a string, a kind, or 0. */
int smpp_string_fault(
    const struct smpp_tlv_row *row, const struct smpp_tlv *tlv);

/* The same of any TLV, its length included. */
static inline int
smpp_tlv_fault(const struct smpp_tlv_row *row, const struct smpp_tlv *tlv,
    enum smpp_ver ver)
{
	if (!smpp_tlv_sized(row, tlv->n, ver))
		return SMPP_ETLV_BAD_LENGTH;
	return smpp_kind_is_string(row->kind) ? smpp_string_fault(row, tlv) : 0;
}

/* True when the PDU has the field. */
static inline bool
smpp_pdu_has(const struct smpp_pdu *pdu, unsigned name)
{
	return pdu->present >> name & 1;
}

/* An integer field, 0 when it is not there; octets of a field, or none. */
static inline uint32_t
smpp_pdu_num(const struct smpp_pdu *pdu, unsigned name)
{
	if (name < SMPP_F_HEADER_COUNT)
		return pdu->header[name];
	return smpp_pdu_has(pdu, name) ? pdu->f[name].num : 0;
}

static inline struct smpp_view
smpp_pdu_view(const struct smpp_pdu *pdu, unsigned name)
{
	if (!smpp_pdu_has(pdu, name))
		return smpp_view_of(NULL, 0);
	return smpp_view_of(pdu->f[name].p, pdu->f[name].n);
}

/* The value of a TLV. */
static inline struct smpp_view
smpp_tlv_view(const struct smpp_tlv *tlv)
{
	return smpp_view_of(tlv->p, tlv->n);
}

/* The first TLV with this tag among those kept in the object, or NULL. */
const struct smpp_tlv *smpp_pdu_tlv(const struct smpp_pdu *pdu, uint16_t tag);

/*
 * The text or data of a message: short_message, or the TLV message_payload
 * when that is the one with octets. Returns SMPP_F_short_message or SMPP_F_tlv,
 * and -1 when the PDU has neither.
 */
int smpp_pdu_payload(const struct smpp_pdu *pdu, struct smpp_view *octets);

/* Walks all TLVs, also those beyond SMPP_TLVS_MAX. */
struct smpp_tlv_it {
	const struct smpp_pdu *pdu;
	uint32_t i;
	const uint8_t *p, *end;
};

void smpp_tlv_begin(struct smpp_tlv_it *it, const struct smpp_pdu *pdu);
bool smpp_tlv_next(struct smpp_tlv_it *it, struct smpp_tlv *tlv);

/*
 * Walks the items of a list field (item_begin with the items of its row), or
 * the members of a structured TLV (member_begin): the rows that are there and
 * their values, item after item. field is the
 * row, val its value, item the number of the item from 0, first is set at the
 * first field of each.
 */
struct smpp_item_it {
	const struct smpp_field *body;
	const struct smpp_field *field;
	const uint8_t *p, *end;
	struct smpp_val val;
	uint32_t item;
	uint32_t flag; /* of the item: the value WHEN rows ask for */
	bool first;
	bool once; /* members of a TLV: no second item */
};

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

/* The size smpp_encode would produce. */
size_t smpp_pdu_size(const struct smpp_pdu *pdu);

/* The header of a PDU in octets, of which wire has SMPP_HEADER_SIZE: what it
 * is, its number, and another number for it. */
static inline uint32_t
smpp_wire_id(const uint8_t *wire)
{
	return smpp_get_u32(wire + 4);
}

static inline uint32_t
smpp_wire_number(const uint8_t *wire)
{
	return smpp_get_u32(wire + 12);
}

static inline void
smpp_wire_renumber(uint8_t *wire, uint32_t sequence_number)
{
	smpp_put_u32(wire + 12, sequence_number);
}

/* Octets of one field of a PDU, the NUL of a string included. */
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
