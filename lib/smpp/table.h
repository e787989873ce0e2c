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
 * was told no version: the widest limits of all three. Where a call takes a
 * version it is one of these, not several (spec/versions.md).
 */
enum smpp_ver {
	SMPP_V33 = 1,
	SMPP_V34 = 2,
	SMPP_V50 = 4,
	SMPP_VANY = 8,
	SMPP_VALL = 15,
};

/*
 * The fields by their names, SMPP_F_source_addr and so on, those of names.def
 * in order: first the four of the header, then those of bodies, which index f
 * of struct smpp_pdu, from BODY_COUNT on those that only occur inside lists
 * and structured TLVs. A name is one field wherever it occurs, as in the
 * specification.
 */
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

/*
 * Command ids, SMPP_C_submit_sm and so on (spec/commands.tsv). Those of
 * responses do not fit into an int, which C11 asks of an enumeration and
 * compilers do not.
 */
__extension__ enum smpp_command {
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) \
	SMPP_C_##name = id,
#include "smpp/pdus.def"
#undef SMPP_PDU
};

/* TLV tags, SMPP_T_message_payload and so on (spec/tlvs.tsv). */
enum smpp_tag {
#define SMPP_TLV(                                                          \
    name, tag, kind, min, max, step, max34, vers, set, body, alias, brief) \
	SMPP_T_##name = tag,
#include "smpp/tlvs.def"
#undef SMPP_TLV
};

/*
 * Values of command_status, by their names in v5.0 (spec/status.tsv): ESME_ROK
 * and so on. A peer may send others.
 */
enum smpp_status_code {
#define SMPP_STATUS(name, code, vers, v34, v33, cls, text) name = code,
#include "smpp/status.def"
#undef SMPP_STATUS
};

/* What a field is on the wire. END closes a body. */
enum smpp_kind {
	SMPP_KIND_END,
	/* Integers of 1, 2 and 4 octets, big-endian. */
	SMPP_KIND_U8,
	SMPP_KIND_U16,
	SMPP_KIND_U32,
	/* A C-octet string, which ends with a NUL. */
	SMPP_KIND_CSTR,
	/* The same, empty or of 16 characters (spec/time.md). */
	SMPP_KIND_TIME,
	/* As many octets as an earlier field, or the TLV, says. */
	SMPP_KIND_OCTETS,
	/* As many items as an earlier field says. */
	SMPP_KIND_LIST,
	/* Of TLVs: an integer of 1, 2 or 4 octets, by the length of the TLV. */
	SMPP_KIND_UINT,
	/* Of TLVs: the members of a body. */
	SMPP_KIND_STRUCT,
	/* Of TLVs: octets that are text as a rule, without a NUL. */
	SMPP_KIND_TEXT,
};

/* True for the kinds of C-octet strings, CSTR and TIME. */
static inline bool
smpp_kind_is_string(unsigned kind)
{
	return kind == SMPP_KIND_CSTR || kind == SMPP_KIND_TIME;
}

/* What else there is to a field, in a row of it. */
enum smpp_arg {
	SMPP_ARG_NONE,
	/* It is the size of field other: octets, or items. */
	SMPP_ARG_COUNTS,
	/* Of items: it is only there when dest_flag is other. */
	SMPP_ARG_WHEN,
	/* It is there, and empty when sent, in this version. */
	SMPP_ARG_UNUSED,
	/* A time of 12 digits is tolerated. */
	SMPP_ARG_SHORT,
	/* items is the body of the items of this list. */
	SMPP_ARG_ITEMS,
};

/*
 * One row of fields.def: a field in a body, in one version. A body is an array
 * of them, in the order of the wire, that ends with a row of kind END:
 *
 *	row = smpp_pdu_find(smpp_view_str("submit_sm"));
 *	for (f = smpp_pdu_body(row, SMPP_V34); f->kind != SMPP_KIND_END; f++)
 *		puts(smpp_field_name(f->name));
 */
struct smpp_field {
	/* enum smpp_field_id, smpp_kind, smpp_set and smpp_arg. */
	uint8_t name;
	uint8_t kind;
	uint8_t set;
	uint8_t arg;
	/* What arg speaks of. */
	uint32_t other;
	/* Of an integer its values; of strings their octets, the NUL included;
	 * of OCTETS and lists how many. */
	uint32_t min, max;
	const struct smpp_field *items;
};

/*
 * The states of a session, as bits, so that a row can say in which of them a
 * PDU may be sent (spec/commands.tsv): by the ESME, and, shifted by MC_SHIFT,
 * by the message centre.
 */
enum smpp_state_bit {
	/* Connected; an MC has sent outbind; bound, in three ways; unbound. */
	SMPP_ST_OPEN = 1,
	SMPP_ST_OUT = 2,
	SMPP_ST_TX = 4,
	SMPP_ST_RX = 8,
	SMPP_ST_TRX = 16,
	SMPP_ST_UNB = 32,
	SMPP_ST_MC_SHIFT = 6,
};

/* What is special about a PDU. */
enum smpp_pdu_flag {
	/* It has no body when its command_status is not 0. */
	SMPP_PDU_BODYLESS = 1,
	/* It answers another one. */
	SMPP_PDU_RESPONSE = 2,
	/* It is neither an answer nor answered. */
	SMPP_PDU_ONEWAY = 4,
};

/*
 * How many rows pdus.def and tlvs.def have, each a 1 of these sums; of the
 * library that is running smpp_pdu_count and smpp_tlv_count say it.
 */
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

/* One row of pdus.def: a command. */
struct smpp_pdu_row {
	/* "submit_sm", and its command_id. */
	const char *name;
	uint32_t id;
	/* Bits of enum smpp_ver: where there is such a command. */
	uint8_t vers;
	/* Bits of enum smpp_pdu_flag. */
	uint8_t flags;
	/* Which row it is, from 0. */
	uint8_t number;
	/* The command_id of what answers it, or what it answers; UINT32_MAX
	 * when there is none. */
	uint32_t counterpart;
	/* Bits of enum smpp_state_bit for v3.3, v3.4, v5.0. */
	uint16_t states[3];
	/* Its fields: see smpp_pdu_body(). */
	const struct smpp_field *body[4];
	/* What it is for, in a line. */
	const char *brief;
};

/*
 * Some of the PDUs, for smpp_pduset_has(): bit n of the words together is row
 * n of smpp_pdus. All zero is none.
 */
struct smpp_pduset {
	uint64_t w[2];
};

/* One row of carries.def: which PDUs may have a TLV, and which must. */
struct smpp_carry {
	/* It may occur several times in one PDU. */
	bool repeat;
	/* Those that may have it in v3.4, and in v5.0. */
	struct smpp_pduset in34, in50;
	/* Those that must have it in v5.0. */
	struct smpp_pduset must50;
};

/* One row of tlvs.def, or of a dictionary. */
struct smpp_tlv_row {
	/* "message_payload", and its tag. */
	const char *name;
	uint16_t tag;
	/* enum smpp_kind: UINT, CSTR, TIME, OCTETS, STRUCT or TEXT. */
	uint8_t kind;
	/* Bits of enum smpp_ver. */
	uint8_t vers;
	/* enum smpp_set: what its numbers stand for. */
	uint8_t set;
	/* The value has min, min + step ... max octets; max34 is the maximum of
	 * v3.4. See smpp_tlv_sized(). */
	uint8_t step;
	uint16_t min, max, max34;
	/* The body of a STRUCT. */
	const struct smpp_field *members;
	/* Another spelling of the name, or NULL. */
	const char *alias;
	/* What it is for, in a line. */
	const char *brief;
	struct smpp_carry carry;
};

/*
 * True when a value of this TLV may have n octets in this version: by the
 * maximum of v3.4 where that is the version and has the TLV. More is an error
 * of the sender (SMPP_ETLV_BAD_LENGTH).
 */
static inline bool
smpp_tlv_sized(const struct smpp_tlv_row *row, uint32_t n, enum smpp_ver ver)
{
	const uint16_t max =
	    ver == SMPP_V34 && row->vers & SMPP_V34 ? row->max34 : row->max;

	return n >= row->min && n <= max &&
	       (row->step <= 1 || (n - row->min) % row->step == 0);
}

/* What a row of enums.def matches. END closes a set. */
enum smpp_match {
	SMPP_MATCH_END,
	/* The number value. */
	SMPP_MATCH_ENUM,
	/* Numbers n with (n & arg) == value. */
	SMPP_MATCH_BITS,
	/* Numbers from value to arg. */
	SMPP_MATCH_RANGE,
	/* The C-octet string text. */
	SMPP_MATCH_TEXT,
};

/* Room for a symbol and its NUL. */
enum { SMPP_SYMBOL = 32 };

/*
 * One row of enums.def: what a number, or some of its bits, stands for. A set
 * is an array of them that ends with a row of match END.
 */
struct smpp_enum {
	/* enum smpp_match, and bits of enum smpp_ver. */
	uint8_t match;
	uint8_t vers;
	/* The word that JSON and options have, "international", of len
	 * characters; the rest of its array is zero, so that a copy can have a
	 * constant size. */
	uint8_t len;
	char symbol[SMPP_SYMBOL];
	/* What it matches. */
	uint32_t value, arg;
	const char *text;
	/* The same for people, in a line. */
	const char *brief;
};

/*
 * The sets of values (spec/enums.tsv), SMPP_SET_ton and so on: one for each
 * field that has any, and none. The statuses and the commands are sets, too.
 */
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

/* One row of status.def: a command_status. */
struct smpp_status {
	/* "ESME_RTHROTTLED", as v5.0 has it, and its value. */
	const char *name;
	uint32_t code;
	/* Bits of enum smpp_ver; 0 for codes that are decoded, never sent. */
	uint8_t vers;
	/* What who got it can do: enum smpp_class, up to PROTOCOL. */
	uint8_t cls;
	/* Its names in v3.4 and v3.3 where they differ, or NULL. */
	const char *name34, *name33;
	/* What it means, in a line. */
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

/*
 * The tables, for who goes through all rows; the calls below find one. The
 * counts are of rows, and may be more than there were when a program was
 * built. smpp_sets has the rows of a set by enum smpp_set, NULL where there
 * are none, smpp_set_sizes how many, without END, smpp_set_names its name.
 * The two indexes have slots, by bit 31 and slot of a command_id and by tag.
 * smpp_header is the body of the header.
 */
extern const struct smpp_pdu_row *const smpp_pdus;
extern const size_t smpp_pdu_count;
extern const struct smpp_tlv_row *const smpp_tlvs;
extern const size_t smpp_tlv_count;
extern const struct smpp_status *const smpp_statuses;
extern const size_t smpp_status_count;
extern const struct smpp_enum *const *const smpp_sets;
extern const uint8_t *const smpp_set_sizes;
extern const char *const *const smpp_set_names;
extern const uint8_t (*const smpp_pdu_index)[SMPP_ID_SLOTS];
extern const uint8_t *const smpp_tlv_index;
extern const struct smpp_field *const smpp_header;

/*
 * A field's name, "source_addr", and its meaning in a line, both constants;
 * name is SMPP_F_*, below SMPP_F_COUNT.
 */
const char *smpp_field_name(unsigned name);
const char *smpp_field_brief(unsigned name);

/*
 * The status that answers a PDU in which this field is malformed:
 * ESME_RINVSRCADR and so on, ESME_RINVTLVLEN where it has none of its own.
 */
uint32_t smpp_field_status(unsigned name);

/* True for fields that are masked wherever they are shown: password. */
bool smpp_field_secret(unsigned name);

/* The field of exactly this name, SMPP_F_*; -1 when there is none. */
int smpp_field_find(struct smpp_view name);

/* What smpp_pdu_of() calls for command ids that are a vendor's. */
const struct smpp_pdu_row *smpp_pdu_vendor(uint32_t command_id)
    __attribute__((const));

/*
 * The row of a command_id, request or response; NULL when there is none. It is
 * inline, as is the next, because decoding does little else between two
 * fields.
 */
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

/*
 * The row of a tag of the specification; NULL when there is none. Those of a
 * dictionary are found by smpp_pdu_tlv_row().
 */
static inline const struct smpp_tlv_row *
smpp_tlv_of(uint16_t tag)
{
	uint8_t n = tag < SMPP_TAG_SLOTS ? smpp_tlv_index[tag] : 0;

	return n == 0 ? NULL : &smpp_tlvs[n - 1];
}

/* Puts a PDU into a set of them; it may be there already. */
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

/*
 * Whether a PDU may have this TLV in this version; with SMPP_VANY, in any that
 * has TLVs. v3.3 has none. Peers send others, too, which is a notice at most.
 */
static inline bool
smpp_tlv_fits(const struct smpp_tlv_row *row, const struct smpp_pdu_row *pdu,
    enum smpp_ver ver)
{
	return (ver & (SMPP_V34 | SMPP_VANY) &&
		   smpp_pduset_has(&row->carry.in34, pdu)) ||
	       (ver & (SMPP_V50 | SMPP_VANY) &&
		   smpp_pduset_has(&row->carry.in50, pdu));
}

/*
 * The rows of exactly this name; NULL when there is none. A TLV is also known
 * by its alias, a status by its names in all versions.
 */
const struct smpp_pdu_row *smpp_pdu_find(struct smpp_view name);
const struct smpp_tlv_row *smpp_tlv_find(struct smpp_view name);
const struct smpp_status *smpp_status_find(struct smpp_view name);

/* The row of a command_status; NULL when the specification has none. */
const struct smpp_status *smpp_status_of(uint32_t code);

/*
 * The body of a PDU in one version, or with SMPP_VANY that of the widest
 * limits: its fields in order, the last one of kind END. ver is a single bit.
 */
static inline const struct smpp_field *
smpp_pdu_body(const struct smpp_pdu_row *row, enum smpp_ver ver)
{
	return row->body[__builtin_ctz(ver)];
}

/* The row of a body for this field, SMPP_F_*; NULL if it has none. */
const struct smpp_field *smpp_field_of(
    const struct smpp_field *body, unsigned name);

/* What smpp_enum_of() calls where the value is not the number of its row. */
const struct smpp_enum *smpp_enum_search(
    unsigned set, uint32_t value, enum smpp_ver ver);

/*
 * The row of a set that names value in this version; NULL when the value is
 * reserved or unknown, or the set is one of bits (a row of it names only some
 * of them). Most sets number their values from 0, row n is value n, and nothing
 * has to be searched.
 */
static inline const struct smpp_enum *
smpp_enum_of(unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_sets[set];

	if (value < smpp_set_sizes[set] && e[value].match == SMPP_MATCH_ENUM &&
	    e[value].value == value && e[value].vers & ver)
		return &e[value];
	return smpp_enum_search(set, value, ver);
}

/*
 * True when the set is of bits: its fields are made of several values, each of
 * which has rows of its own, esm_class and registered_delivery for example.
 */
static inline bool
smpp_set_is_bits(unsigned set)
{
	const struct smpp_enum *e = smpp_sets[set];

	return e != NULL && e->match == SMPP_MATCH_BITS;
}

/*
 * True when every bit of value is named by rows of a bit set in this version:
 * none is reserved.
 */
bool smpp_bits_known(unsigned set, uint32_t value, enum smpp_ver ver);

/*
 * The value a symbol of the set stands for, "ucs2"; for bit sets several
 * symbols joined by commas, "mode_datagram,udhi". smpp_enum_symbols() is the
 * reverse. Returns 0 and sets *value; SMPP_ENAME when a symbol is not in the
 * set, SMPP_ERANGE when it stands for a range, SMPP_ESYNTAX when two of a bit
 * set are about the same bits.
 */
int smpp_enum_value(unsigned set, struct smpp_view symbol, uint32_t *value);

/* The word for a version, "3.3", "3.4", "5.0" or "any": a constant. */
const char *smpp_ver_name(enum smpp_ver ver);

/*
 * The interface_version of a version, 0x34 for v3.4, and the version that a
 * peer with this interface_version speaks: lower ones than 0x34 are v3.3
 * (spec/versions.md).
 */
uint8_t smpp_ver_octet(enum smpp_ver ver);
enum smpp_ver smpp_ver_of(uint8_t interface_version);

SMPP_END_DECLS

#endif
