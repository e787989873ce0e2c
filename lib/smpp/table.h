/*
 * The protocol as data: what PDUs, fields, TLVs, values and statuses there
 * are, in which version, with which limits. Everything else walks these rows.
 */
#ifndef SMPP_SMPP_TABLE_H
#define SMPP_SMPP_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * Versions, as bits so that a row can hold for several. ANY is a decoder that
 * was told no version: the widest limits of all three.
 */
enum smpp_ver {
	SMPP_V33 = 1,
	SMPP_V34 = 2,
	SMPP_V50 = 4,
	SMPP_VANY = 8,
	SMPP_VALL = 15,
};

/* Field names, SMPP_F_source_addr and so on; those of names.def in order. */
enum smpp_field_id {
#define SMPP_NAME(name, flags, status, brief) SMPP_F_##name,
#define SMPP_NAME_INNER SMPP_F_BODY_COUNT, SMPP_F_INNER = SMPP_F_BODY_COUNT - 1,
#include "smpp/names.def"
#undef SMPP_NAME
#undef SMPP_NAME_INNER
	SMPP_F_COUNT,
	SMPP_F_HEADER_COUNT = SMPP_F_sequence_number + 1,
	SMPP_F_tlv = SMPP_F_COUNT, /* in issues only: a TLV as a whole */
};

/* Command ids, SMPP_C_submit_sm and so on; those of responses do not fit into
 * an int, which C11 asks for. */
__extension__ enum smpp_command {
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) \
	SMPP_C_##name = id,
#include "smpp/pdus.def"
#undef SMPP_PDU
};

/* TLV tags, SMPP_T_message_payload and so on. */
enum smpp_tag {
#define SMPP_TLV(                                                          \
    name, tag, kind, min, max, step, max34, vers, set, body, alias, brief) \
	SMPP_T_##name = tag,
#include "smpp/tlvs.def"
#undef SMPP_TLV
};

/* Values of command_status, by their names in v5.0: ESME_ROK and so on. */
enum smpp_status_code {
#define SMPP_STATUS(name, code, vers, v34, v33, cls, text) name = code,
#include "smpp/status.def"
#undef SMPP_STATUS
};

/* What a field is on the wire. END closes a body. */
enum smpp_kind {
	SMPP_KIND_END,
	SMPP_KIND_U8,
	SMPP_KIND_U16,
	SMPP_KIND_U32,
	SMPP_KIND_CSTR,   /* C-octet string */
	SMPP_KIND_TIME,   /* C-octet string, empty or 16 characters */
	SMPP_KIND_OCTETS, /* as many as an earlier field, or the TLV, says */
	SMPP_KIND_LIST,   /* as many items as an earlier field says */
	SMPP_KIND_UINT,   /* TLVs: 1, 2 or 4 octets by the TLV's length */
	SMPP_KIND_STRUCT, /* TLVs: the members of a body */
	SMPP_KIND_TEXT,   /* TLVs: octets that are text as a rule, no NUL */
};

/* True for the kinds of C-octet strings. */
static inline bool
smpp_kind_is_string(unsigned kind)
{
	return kind == SMPP_KIND_CSTR || kind == SMPP_KIND_TIME;
}

/* What the last column of a field row says. */
enum smpp_arg {
	SMPP_ARG_NONE,
	SMPP_ARG_COUNTS, /* other is the field this one is the size of */
	SMPP_ARG_WHEN,   /* in items: only there when dest_flag is other */
	SMPP_ARG_UNUSED, /* empty when sent in this version */
	SMPP_ARG_SHORT,  /* a time of 12 digits is tolerated */
	SMPP_ARG_ITEMS,  /* items is the body of the list's items */
};

/* One row of fields.def. A body is an array of them that ends with END. */
struct smpp_field {
	uint8_t name; /* enum smpp_field_id */
	uint8_t kind; /* enum smpp_kind */
	uint8_t set;  /* enum smpp_set */
	uint8_t arg;  /* enum smpp_arg */
	uint32_t other;
	uint32_t min, max;
	const struct smpp_field *items;
};

/* Who may send a PDU in which session state: these bits, M_ shifted by 6. */
enum smpp_state_bit {
	SMPP_ST_OPEN = 1,
	SMPP_ST_OUT = 2, /* outbind seen, bind not yet done */
	SMPP_ST_TX = 4,
	SMPP_ST_RX = 8,
	SMPP_ST_TRX = 16,
	SMPP_ST_UNB = 32, /* unbind answered */
	SMPP_ST_MC_SHIFT = 6,
};

enum smpp_pdu_flag {
	SMPP_PDU_BODYLESS = 1, /* no body when command_status is not 0 */
	SMPP_PDU_RESPONSE = 2,
	SMPP_PDU_ONEWAY = 4,
};

/* How many rows pdus.def and tlvs.def have, each a 1 of these sums. */
enum {
	SMPP_PDU_COUNT = 0
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) +1
#include "smpp/pdus.def"
#undef SMPP_PDU
	,
	SMPP_TLV_COUNT = 0
#define SMPP_TLV(                                                          \
    name, tag, kind, min, max, step, max34, vers, set, body, alias, brief) \
	+1
#include "smpp/tlvs.def"
#undef SMPP_TLV
	,
};

/* One row of pdus.def. */
struct smpp_pdu_row {
	const char *name;
	uint32_t id;
	uint8_t vers;
	uint8_t flags;
	uint8_t number;       /* of the row, from 0 */
	uint32_t counterpart; /* command_id, or UINT32_MAX when there is none */
	uint16_t states[3];   /* v3.3, v3.4, v5.0 */
	const struct smpp_field *body[4]; /* by version: smpp_pdu_body */
	const char *brief;
};

/* Some of the PDUs: bit n of the words together is row n of smpp_pdus. */
struct smpp_pduset {
	uint64_t w[2];
};

/* One row of carries.def: which PDUs may have a TLV, and which must. */
struct smpp_carry {
	bool repeat; /* may occur several times in one PDU */
	struct smpp_pduset in34, in50;
	struct smpp_pduset must50;
};

/* One row of tlvs.def. */
struct smpp_tlv_row {
	const char *name;
	uint16_t tag;
	uint8_t kind; /* UINT, CSTR, TIME, OCTETS, STRUCT, TEXT */
	uint8_t vers;
	uint8_t set;
	uint8_t step; /* the value has min, min + step ... max octets */
	uint16_t min, max, max34;
	const struct smpp_field *members;
	const char *alias; /* another spelling, or NULL */
	const char *brief;
	struct smpp_carry carry;
};

/*
 * True when a value of this TLV may have n octets: by the maximum of v3.4
 * where that is the version and has the TLV.
 */
static inline bool
smpp_tlv_sized(const struct smpp_tlv_row *row, uint32_t n, enum smpp_ver ver)
{
	const uint16_t max =
	    ver == SMPP_V34 && row->vers & SMPP_V34 ? row->max34 : row->max;

	return n >= row->min && n <= max &&
	       (row->step <= 1 || (n - row->min) % row->step == 0);
}

/* What a row of enums.def matches. */
enum smpp_match {
	SMPP_MATCH_END,
	SMPP_MATCH_ENUM,  /* value */
	SMPP_MATCH_BITS,  /* (octet & arg) == value */
	SMPP_MATCH_RANGE, /* value to arg */
	SMPP_MATCH_TEXT,  /* the C string text */
};

enum { SMPP_SYMBOL = 32 };

/* One row of enums.def. A set is an array of them that ends with END. */
struct smpp_enum {
	uint8_t match;
	uint8_t vers;
	uint8_t len; /* of symbol, which fills its array up so that a copy
		      * has a constant size */
	char symbol[SMPP_SYMBOL];
	uint32_t value, arg;
	const char *text;
	const char *brief;
};

/* The sets of values, SMPP_SET_ton and so on. */
enum smpp_set {
	SMPP_SET_none,
#define SMPP_SET(name) SMPP_SET_##name,
#define SMPP_ENUM(set, symbol, value, vers, brief)
#define SMPP_BITS(set, symbol, value, mask, vers, brief)
#define SMPP_RANGE(set, symbol, from, to, vers, brief)
#define SMPP_TEXT(set, symbol, text, vers, brief)
#define SMPP_END
#include "smpp/enums.def"
#undef SMPP_SET
#undef SMPP_ENUM
#undef SMPP_BITS
#undef SMPP_RANGE
	SMPP_SET_command_id,
	SMPP_SET_command_status,
	SMPP_SET_COUNT,
};

/*
 * The values themselves: SMPP_, the set, the symbol, as the command line has
 * them: data_coding=ucs2 is SMPP_data_coding_ucs2, message_state=DELIVERED is
 * SMPP_message_state_DELIVERED, esm_class=udhi is SMPP_esm_class_udhi. A range
 * is its first value; a row of bits has its mask, too: ..._MASK, and SMPP_IS
 * compares under it.
 */
enum smpp_value {
#define SMPP_SET(name)
#define SMPP_ENUM(set, symbol, value, vers, brief) \
	SMPP_##set##_##symbol = value,
#define SMPP_BITS(set, symbol, value, mask, vers, brief) \
	SMPP_##set##_##symbol = value, SMPP_##set##_##symbol##_MASK = mask,
#define SMPP_RANGE(set, symbol, from, to, vers, brief) \
	SMPP_##set##_##symbol = from,
#include "smpp/enums.def"
#undef SMPP_SET
#undef SMPP_ENUM
#undef SMPP_BITS
#undef SMPP_RANGE
};
#undef SMPP_TEXT
#undef SMPP_END

/*
 * True when the bits of num that this row is about have its value, as in
 * SMPP_IS(esm_class, type_mc_receipt, smpp_num(pdu, SMPP_F_esm_class)).
 */
#define SMPP_IS(set, symbol, num) \
	(((num)&SMPP_##set##_##symbol##_MASK) == SMPP_##set##_##symbol)

/* The bit of a command_id that a response has and its request has not. */
#define SMPP_RESPONSE_BIT 0x80000000u

/* One row of status.def. vers is 0 for codes that are decoded, never sent. */
struct smpp_status {
	const char *name;
	uint32_t code;
	uint8_t vers;
	uint8_t cls;                 /* enum smpp_class: up to PROTOCOL */
	const char *name34, *name33; /* where they differ, or NULL */
	const char *text;
};

/*
 * The lookup tables. Rows of pdus.def have a command_id, without bit 31, below
 * 0x200 or, a vendor's, from 0x10200 to 0x102FF; rows of tlvs.def a tag below
 * 0x4000, where those of vendors end, too. What no row may have is reserved by
 * the specification. A slot has the number of the row, from 1.
 */
enum {
	SMPP_ID_LOW = 0x200,
	SMPP_ID_VENDOR = 0x10200,
	SMPP_ID_SLOTS = SMPP_ID_LOW + 0x100,
	SMPP_TAG_SLOTS = 0x4000,
};

/* The slot of a command_id without bit 31; SMPP_ID_SLOTS or more for none. */
#define SMPP_ID_SLOT(id)                            \
	((id) < SMPP_ID_LOW         ? (id)          \
	    : (id) < SMPP_ID_VENDOR ? SMPP_ID_SLOTS \
				    : (id)-SMPP_ID_VENDOR + SMPP_ID_LOW)

/* The tables; the counts are of rows. */
extern const struct smpp_pdu_row *const smpp_pdus;
extern const size_t smpp_pdu_count;
extern const struct smpp_tlv_row *const smpp_tlvs;
extern const size_t smpp_tlv_count;
extern const struct smpp_status *const smpp_statuses;
extern const size_t smpp_status_count;
extern const struct smpp_enum *const *const smpp_sets;
extern const uint8_t *const smpp_set_sizes; /* rows, END left out */
extern const char *const *const smpp_set_names;
extern const uint8_t (*const smpp_pdu_index)[SMPP_ID_SLOTS]; /* by bit 31 */
extern const uint8_t *const smpp_tlv_index;                  /* by tag */
extern const struct smpp_field *const smpp_header; /* body of the header */

/* A field's name, its meaning; name is below SMPP_F_COUNT. */
const char *smpp_field_name(unsigned name);
const char *smpp_field_brief(unsigned name);

/* The status that answers a PDU in which this field is malformed. */
uint32_t smpp_field_status(unsigned name);

/* True for fields that are masked wherever they are shown: password. */
bool smpp_field_secret(unsigned name);

/* The number of a field's name; -1 when there is none. */
int smpp_field_find(struct smpp_view name);

/*
 * Rows by number or by exact name; NULL when there is none. The first two are
 * inline because decoding does little else between two fields; a vendor's PDU
 * goes the longer way.
 */
const struct smpp_pdu_row *smpp_pdu_vendor(uint32_t command_id)
    __attribute__((const));

static inline const struct smpp_pdu_row *
smpp_pdu_of(uint32_t command_id)
{
	const uint32_t id = command_id & ~SMPP_RESPONSE_BIT;
	uint8_t n;

	if (id >= SMPP_ID_LOW)
		return smpp_pdu_vendor(command_id);
	n = smpp_pdu_index[command_id >> 31][id];
	return n == 0 ? NULL : &smpp_pdus[n - 1];
}

static inline const struct smpp_tlv_row *
smpp_tlv_of(uint16_t tag)
{
	uint8_t n = tag < SMPP_TAG_SLOTS ? smpp_tlv_index[tag] : 0;

	return n == 0 ? NULL : &smpp_tlvs[n - 1];
}

/* Puts a PDU into a set of them. */
static inline void
smpp_pduset_add(struct smpp_pduset *set, const struct smpp_pdu_row *row)
{
	set->w[row->number / 64] |= (uint64_t)1 << row->number % 64;
}

/* Whether a PDU is in a set. */
static inline bool
smpp_pduset_has(const struct smpp_pduset *set, const struct smpp_pdu_row *row)
{
	return set->w[row->number / 64] >> row->number % 64 & 1;
}

/* Whether a PDU may have this TLV in one of these versions; SMPP_VANY is all
 * that have TLVs. */
static inline bool
smpp_tlv_fits(const struct smpp_tlv_row *row, const struct smpp_pdu_row *pdu,
    enum smpp_ver ver)
{
	return (ver & (SMPP_V34 | SMPP_VANY) &&
		   smpp_pduset_has(&row->carry.in34, pdu)) ||
	       (ver & (SMPP_V50 | SMPP_VANY) &&
		   smpp_pduset_has(&row->carry.in50, pdu));
}

const struct smpp_pdu_row *smpp_pdu_find(struct smpp_view name);
const struct smpp_tlv_row *smpp_tlv_find(struct smpp_view name);
const struct smpp_status *smpp_status_of(uint32_t code);
const struct smpp_status *smpp_status_find(struct smpp_view name);

/* The body of a PDU in one version, which must be a single bit. */
static inline const struct smpp_field *
smpp_pdu_body(const struct smpp_pdu_row *row, enum smpp_ver ver)
{
	return row->body[__builtin_ctz(ver)];
}

/* The row of a body for this field; NULL if it has none. */
const struct smpp_field *smpp_field_of(
    const struct smpp_field *body, unsigned name);

/*
 * The row of a set that names value; NULL when the value is reserved or
 * unknown, or the set is one of bits (a row of it names only some of them).
 * Most sets number their values from 0, row n is value n, and nothing has to
 * be searched; smpp_enum_search is for the others.
 */
const struct smpp_enum *smpp_enum_search(
    unsigned set, uint32_t value, enum smpp_ver ver);

static inline const struct smpp_enum *
smpp_enum_of(unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_sets[set];

	if (value < smpp_set_sizes[set] && e[value].match == SMPP_MATCH_ENUM &&
	    e[value].value == value && e[value].vers & ver)
		return &e[value];
	return smpp_enum_search(set, value, ver);
}

/* True when the set is of bits: a value is named by several rows. */
static inline bool
smpp_set_is_bits(unsigned set)
{
	const struct smpp_enum *e = smpp_sets[set];

	return e != NULL && e->match == SMPP_MATCH_BITS;
}

/* True when every bit of value is named by rows of a bit set. */
bool smpp_bits_known(unsigned set, uint32_t value, enum smpp_ver ver);

/*
 * The value a symbol of the set stands for; for bit sets several symbols
 * joined by commas. 0 on success; SMPP_ENAME when a symbol is not in the set,
 * SMPP_ERANGE when it stands for a range, SMPP_ESYNTAX when two of a bit set
 * are about the same bits.
 */
int smpp_enum_value(unsigned set, struct smpp_view symbol, uint32_t *value);

/* The words for versions: "3.3" and so on. */
const char *smpp_ver_name(enum smpp_ver ver);

/* The interface_version of a version, and the version of one (versions.md). */
uint8_t smpp_ver_octet(enum smpp_ver ver);
enum smpp_ver smpp_ver_of(uint8_t interface_version);

SMPP_END_DECLS

#endif
