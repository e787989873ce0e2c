/* The rows of the .def files as const arrays, and the lookups over them. */
#include "smpp/table.h"

#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "smpp/rows_int.h"

/*
 * What other files and programs see of a table is a pointer to it. A program
 * that is linked with the shared object has a copy of what it refers to, and a
 * copy of the table itself would be as large as it was when that was linked.
 */

#define V33 SMPP_V33
#define V34 SMPP_V34
#define V50 SMPP_V50
#define VANY SMPP_VANY
#define V_ALL SMPP_VALL
#define LEGACY 0

/* names.def */

#define SECRET 1

static const struct {
	const char *name;
	uint8_t len;
	uint8_t flags;
	uint32_t status;
	const char *brief;
} names[] = {
#define SMPP_NAME(name, flags, status, brief) \
	{#name, sizeof(#name) - 1, flags, status, brief},
#define SMPP_NAME_INNER
#include "smpp/names.def"
#undef SMPP_NAME
#undef SMPP_NAME_INNER
};

static_assert(SMPP_F_BODY_COUNT <= 64, "struct smpp_pdu has 64 presence bits");
static_assert(SMPP_F_tlv <= UINT8_MAX, "names of fields are kept in one octet");
static_assert(SMPP_SET_COUNT <= UINT8_MAX, "a row keeps its set in one octet");

/* enums.def, and two sets that are made of other tables */

/*
 * SMPP_SET opens the array of a set and SMPP_END closes it, with a row that
 * ends the walks over it. The same file is read three more times below, for
 * pointers, sizes and names, where the rows are made to vanish.
 */
#define SMPP_SET(name) static const struct smpp_enum set_##name[] = {
#define ROW(match, vers, value, arg, symbol, text, brief) \
	{match, vers, sizeof(#symbol) - 1, #symbol, value, arg, text, brief},
#define SMPP_ENUM(set, symbol, value, vers, brief) \
	ROW(SMPP_MATCH_ENUM, vers, value, 0, symbol, NULL, brief)
#define SMPP_BITS(set, symbol, value, mask, vers, brief) \
	ROW(SMPP_MATCH_BITS, vers, value, mask, symbol, NULL, brief)
#define SMPP_RANGE(set, symbol, from, to, vers, brief) \
	ROW(SMPP_MATCH_RANGE, vers, from, to, symbol, NULL, brief)
#define SMPP_TEXT(set, symbol, text, vers, brief) \
	ROW(SMPP_MATCH_TEXT, vers, 0, 0, symbol, text, brief)
#define SMPP_END                                           \
	{                                                  \
		SMPP_MATCH_END, 0, 0, "", 0, 0, NULL, NULL \
	}                                                  \
	}                                                  \
	;
#include "smpp/enums.def"

/* Ids of PDUs and status codes have files of their own; as sets they can be
 * printed, read and completed like every other value. */
SMPP_SET(command_id)
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) \
	SMPP_ENUM(command_id, name, id, vers, brief)
#include "smpp/pdus.def"
#undef SMPP_PDU
SMPP_END

SMPP_SET(command_status)
#define SMPP_STATUS(name, code, vers, v34, v33, cls, text) \
	SMPP_ENUM(command_status, name, code, V_ALL, text)
#include "smpp/status.def"
#undef SMPP_STATUS
SMPP_END

#undef ROW
#undef SMPP_SET
#undef SMPP_ENUM
#undef SMPP_BITS
#undef SMPP_RANGE
#undef SMPP_TEXT
#undef SMPP_END
#define SMPP_ENUM(set, symbol, value, vers, brief)
#define SMPP_BITS(set, symbol, value, mask, vers, brief)
#define SMPP_RANGE(set, symbol, from, to, vers, brief)
#define SMPP_TEXT(set, symbol, text, vers, brief)
#define SMPP_END

static const struct smpp_enum *const sets[SMPP_SET_COUNT] = {
#define SMPP_SET(name) [SMPP_SET_##name] = set_##name,
#include "smpp/enums.def"
    SMPP_SET(command_id) SMPP_SET(command_status)
#undef SMPP_SET
};
const struct smpp_enum *const *const smpp_sets = sets;

static const uint8_t set_sizes[SMPP_SET_COUNT] = {
#define SMPP_SET(name) \
	[SMPP_SET_##name] = sizeof(set_##name) / sizeof(set_##name[0]) - 1,
#include "smpp/enums.def"
    SMPP_SET(command_id) SMPP_SET(command_status)
#undef SMPP_SET
};
const uint8_t *const smpp_set_sizes = set_sizes;

static const char *const set_names[SMPP_SET_COUNT] = {[SMPP_SET_none] = "none",
#define SMPP_SET(name) [SMPP_SET_##name] = #name,
#include "smpp/enums.def"
    SMPP_SET(command_id) SMPP_SET(command_status)
#undef SMPP_SET
};
const char *const *const smpp_set_names = set_names;

#undef SMPP_ENUM
#undef SMPP_BITS
#undef SMPP_RANGE
#undef SMPP_TEXT
#undef SMPP_END

/*
 * fields.def, once for each version: BODY names the array, IN_x says whether
 * a row of versions x is in it. The argument is the last members of a row.
 */

#define NONE SMPP_ARG_NONE, 0, NULL
#define UNUSED SMPP_ARG_UNUSED, 0, NULL
#define SHORT SMPP_ARG_SHORT, 0, NULL
#define COUNTS(field) SMPP_ARG_COUNTS, SMPP_F_##field, NULL
#define WHEN(flag) SMPP_ARG_WHEN, SMPP_dest_flag_##flag, NULL
#define FIELD(name, kind, min, max, vers, set, arg) \
	IN_##vers(                                  \
	    SMPP_F_##name, SMPP_KIND_##kind, min, max, SMPP_SET_##set, arg)
#define ROW(name, kind, min, max, set, arg, other, items) \
	{name, kind, set, arg, other, min, max, items},
#define END                                           \
	{                                             \
		0, SMPP_KIND_END, 0, 0, 0, 0, 0, NULL \
	}                                             \
	}                                             \
	;
#define NO(...)

#define BODY(name) static const struct smpp_field v33_##name[] = {
#define ITEMS(body) SMPP_ARG_ITEMS, 0, v33_##body
#define IN_ALL ROW
#define IN_V33 ROW
#define IN_V34 NO
#define IN_LATER NO
#define IN_NOT_V34 ROW
#define IN_TOP NO
#include "smpp/fields.def"

#undef BODY
#undef ITEMS
#undef IN_V33
#undef IN_V34
#undef IN_LATER
#undef IN_NOT_V34
#define BODY(name) static const struct smpp_field v34_##name[] = {
#define ITEMS(body) SMPP_ARG_ITEMS, 0, v34_##body
#define IN_V33 NO
#define IN_V34 ROW
#define IN_LATER ROW
#define IN_NOT_V34 NO
#include "smpp/fields.def"

#undef BODY
#undef ITEMS
#undef IN_V34
#undef IN_NOT_V34
#undef IN_TOP
#define BODY(name) static const struct smpp_field v50_##name[] = {
#define ITEMS(body) SMPP_ARG_ITEMS, 0, v50_##body
#define IN_V34 NO
#define IN_NOT_V34 ROW
#define IN_TOP ROW
#include "smpp/fields.def"

/* The header is the same in all versions. */
const struct smpp_field *const smpp_header = v50_header;

/* pdus.def */

#define BODYLESS SMPP_PDU_BODYLESS
#define RESPONSE SMPP_PDU_RESPONSE
#define ONEWAY SMPP_PDU_ONEWAY
#define SMPP_C_none UINT32_MAX
/* The words of the columns st33 to st50 in pdus.def: in which states of a
 * session an ESME may send the PDU (E), a message centre (M), or both (EM). */
#define STATE(name)                                    \
	E_##name = SMPP_ST_##name,                     \
	M_##name = SMPP_ST_##name << SMPP_ST_MC_SHIFT, \
	EM_##name = SMPP_ST_##name | SMPP_ST_##name << SMPP_ST_MC_SHIFT
enum { STATE(OPEN), STATE(OUT), STATE(TX), STATE(RX), STATE(TRX), STATE(UNB) };

/* The last body is that of SMPP_VANY: of v5.0, whose limits are the widest, so
 * that reading without a version refuses nothing. */
static const struct smpp_pdu_row pdus[] = {
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) \
	{#name, id, vers, flags, ROW_##name, SMPP_C_##peer,                  \
	    {st33, st34, st50},                                              \
	    {v33_##body, v34_##body, v50_##body, v50_##body}, brief},
#include "smpp/pdus.def"
#undef SMPP_PDU
};
const struct smpp_pdu_row *const smpp_pdus = pdus;

const size_t smpp_pdu_count = SMPP_PDU_COUNT;

static_assert(SMPP_PDU_COUNT <= 8 * sizeof(struct smpp_pduset),
    "struct smpp_pduset has a bit for each PDU: give it another word");
static_assert(SMPP_PDU_COUNT <= UINT8_MAX, "the index of PDUs is in octets");

/* Requests and responses differ in the highest bit, so two small tables do. A
 * row is stored plus one: 0 is no PDU. */
static const uint8_t pdu_index[2][SMPP_ID_SLOTS] = {
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) \
	[(id) >> 31][SMPP_ID_SLOT((id)&0x7FFFFFFF)] = ROW_##name + 1,
#include "smpp/pdus.def"
#undef SMPP_PDU
};
const uint8_t (*const smpp_pdu_index)[SMPP_ID_SLOTS] = pdu_index;

/* tlvs.def and carries.def */

enum {
#define SMPP_TLV(                                                          \
    name, tag, kind, min, max, step, max34, vers, set, body, alias, brief) \
	TLV_##name,
#include "smpp/tlvs.def"
#undef SMPP_TLV
};

#define WORD(name, n, pdus34, pdus50, must)      \
	[TLV_##name].carry.in34.w[n] = (pdus34), \
	[TLV_##name].carry.in50.w[n] = (pdus50), \
	[TLV_##name].carry.must50.w[n] = (must),

/* As in dictionary.c: the rows, and then carries.def once for each word of the
 * sets of PDUs, P(name) being 0 in the other. */
static const struct smpp_tlv_row tlvs[] = {
#define SMPP_TLV(                                                           \
    name, tag, kind, min, max, step, max34, vers, set, body, alias, brief)  \
	[TLV_##name] = {#name, tag, SMPP_KIND_##kind, vers, SMPP_SET_##set, \
	    step, min, max, max34, v50_##body, alias, brief},
#include "smpp/tlvs.def"
#undef SMPP_TLV
#define P(name) PDU_BIT(name, 0)
#define CARRY(name, again, pdus34, pdus50, must) \
	[TLV_##name].carry.repeat = again, WORD(name, 0, pdus34, pdus50, must)
#include "smpp/carries.def"
#undef P
#undef CARRY
#define P(name) PDU_BIT(name, 1)
#define CARRY(name, again, pdus34, pdus50, must) \
	WORD(name, 1, pdus34, pdus50, must)
#include "smpp/carries.def"
#undef P
#undef CARRY
};
const struct smpp_tlv_row *const smpp_tlvs = tlvs;

static_assert(sizeof(struct smpp_pduset) == 2 * sizeof(uint64_t),
    "carries.def is read once for each word of a set");

const size_t smpp_tlv_count = SMPP_TLV_COUNT;

static_assert(SMPP_TLV_COUNT <= UINT8_MAX, "the index of TLVs is in octets");

static const uint8_t tlv_index[SMPP_TAG_SLOTS] = {
#define SMPP_TLV(                                                          \
    name, tag, kind, min, max, step, max34, vers, set, body, alias, brief) \
	[tag] = TLV_##name + 1,
#include "smpp/tlvs.def"
#undef SMPP_TLV
};
const uint8_t *const smpp_tlv_index = tlv_index;

/* status.def */

#define OK SMPP_CLASS_OK
#define RETRY SMPP_CLASS_RETRY
#define PERMANENT SMPP_CLASS_PERMANENT
#define AUTH SMPP_CLASS_AUTH
#define PROTOCOL SMPP_CLASS_PROTOCOL

static const struct smpp_status statuses[] = {
#define SMPP_STATUS(name, code, vers, v34, v33, cls, text) \
	{#name, code, vers, cls, v34, v33, text},
#include "smpp/status.def"
#undef SMPP_STATUS
};
const struct smpp_status *const smpp_statuses = statuses;

const size_t smpp_status_count = sizeof(statuses) / sizeof(statuses[0]);

/* Lookups */

const char *
smpp_field_name(unsigned name)
{
	assert(name < SMPP_F_COUNT);
	return names[name].name;
}

const char *
smpp_field_brief(unsigned name)
{
	assert(name < SMPP_F_COUNT);
	return names[name].brief;
}

uint32_t
smpp_field_status(unsigned name)
{
	assert(name < SMPP_F_COUNT);
	return names[name].status;
}

bool
smpp_field_secret(unsigned name)
{
	assert(name < SMPP_F_COUNT);
	return names[name].flags & SECRET;
}

int
smpp_field_find(struct smpp_view name)
{
	int i;

	for (i = 0; i < SMPP_F_COUNT; i++)
		if (smpp_view_is(name, names[i].name))
			return i;
	return -1;
}

const struct smpp_pdu_row *
smpp_pdu_vendor(uint32_t command_id)
{
	const uint32_t slot = SMPP_ID_SLOT(command_id & ~SMPP_RESPONSE_BIT);
	uint8_t n =
	    slot < SMPP_ID_SLOTS ? smpp_pdu_index[command_id >> 31][slot] : 0;

	return n == 0 ? NULL : &smpp_pdus[n - 1];
}

const struct smpp_pdu_row *
smpp_pdu_find(struct smpp_view name)
{
	size_t i;

	for (i = 0; i < smpp_pdu_count; i++)
		if (smpp_view_is(name, smpp_pdus[i].name))
			return &smpp_pdus[i];
	return NULL;
}

const struct smpp_tlv_row *
smpp_tlv_find(struct smpp_view name)
{
	size_t i;

	for (i = 0; i < smpp_tlv_count; i++)
		if (smpp_view_is(name, smpp_tlvs[i].name) ||
		    (smpp_tlvs[i].alias != NULL &&
			smpp_view_is(name, smpp_tlvs[i].alias)))
			return &smpp_tlvs[i];
	return NULL;
}

const struct smpp_status *
smpp_status_of(uint32_t code)
{
	size_t i;

	for (i = 0; i < smpp_status_count; i++)
		if (smpp_statuses[i].code == code)
			return &smpp_statuses[i];
	return NULL;
}

static bool
status_is(const struct smpp_status *s, struct smpp_view name)
{
	return smpp_view_is(name, s->name) ||
	       (s->name34 != NULL && smpp_view_is(name, s->name34)) ||
	       (s->name33 != NULL && smpp_view_is(name, s->name33));
}

const struct smpp_status *
smpp_status_find(struct smpp_view name)
{
	size_t i;

	for (i = 0; i < smpp_status_count; i++)
		if (status_is(&smpp_statuses[i], name))
			return &smpp_statuses[i];
	return NULL;
}

const struct smpp_field *
smpp_field_of(const struct smpp_field *body, unsigned name)
{
	for (; body->kind != SMPP_KIND_END; body++)
		if (body->name == name)
			return body;
	return NULL;
}

static bool
tables_matches(const struct smpp_enum *e, uint32_t value)
{
	switch (e->match) {
	case SMPP_MATCH_ENUM:
		return e->value == value;
	case SMPP_MATCH_BITS:
		return (value & e->arg) == e->value;
	case SMPP_MATCH_RANGE:
		return value >= e->value && value <= e->arg;
	default:
		return false;
	}
}

const struct smpp_enum *
smpp_enum_search(unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_sets[set];

	/* A set of bits has no row for a value as a whole: it is walked. */
	if (e == NULL || e->match == SMPP_MATCH_BITS)
		return NULL;
	for (; e->match != SMPP_MATCH_END; e++)
		if (e->vers & ver && tables_matches(e, value))
			return e;
	return NULL;
}

bool
smpp_bits_known(unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_sets[set];
	uint32_t known = 0;

	for (; (value & ~known) != 0 && e->match != SMPP_MATCH_END; e++)
		/* A row explains all bits of its mask, those that are 0 in it,
		 * too. */
		if (e->vers & ver && (value & e->arg) == e->value)
			known |= e->arg;
	return (value & ~known) == 0;
}

static const struct smpp_enum *
symbol_row(const struct smpp_enum *e, struct smpp_view symbol)
{
	for (; e->match != SMPP_MATCH_END; e++)
		if (e->match != SMPP_MATCH_TEXT &&
		    smpp_view_is(symbol, e->symbol))
			return e;
	return NULL;
}

/* True when the symbol of a row stands for one value, not for a range. */
static bool
is_exact(const struct smpp_enum *e, bool bits)
{
	return e->match == SMPP_MATCH_ENUM ||
	       (e->match == SMPP_MATCH_BITS && bits) ||
	       (e->match == SMPP_MATCH_RANGE && e->value == e->arg);
}

int
smpp_enum_value(unsigned set, struct smpp_view symbol, uint32_t *value)
{
	const struct smpp_enum *e;
	const bool bits = smpp_set_is_bits(set);
	const uint8_t *comma;
	struct smpp_view word;
	uint32_t sum = 0, seen = 0;

	if (smpp_sets[set] == NULL)
		return SMPP_ENAME;
	do {
		comma = bits && symbol.n > 0 ? memchr(symbol.p, ',', symbol.n)
					     : NULL;
		word = symbol;
		if (comma != NULL)
			word.n = (uint32_t)(comma - symbol.p);
		if ((e = symbol_row(smpp_sets[set], word)) == NULL)
			return SMPP_ENAME;
		if (!is_exact(e, bits))
			return SMPP_ERANGE;
		/* Two symbols for the same bits contradict each other; which
		 * of them was meant cannot be told. */
		if (bits && (seen & e->arg) != 0)
			return SMPP_ESYNTAX;
		sum |= e->value;
		seen |= e->arg;
		symbol.p += word.n + (comma != NULL);
		symbol.n -= word.n + (comma != NULL);
	} while (comma != NULL);
	*value = sum;
	return 0;
}

static const struct {
	enum smpp_ver ver;
	uint8_t octet;
	const char *name;
} versions[] = {
    {SMPP_V33, SMPP_interface_version_v33, "3.3"},
    {SMPP_V34, SMPP_interface_version_v34, "3.4"},
    {SMPP_V50, SMPP_interface_version_v50, "5.0"},
};

const char *
smpp_ver_name(enum smpp_ver ver)
{
	size_t i;

	for (i = 0; i < 3; i++)
		if (versions[i].ver == ver)
			return versions[i].name;
	return "any";
}

uint8_t
smpp_ver_octet(enum smpp_ver ver)
{
	size_t i;

	for (i = 0; i < 3; i++)
		if (versions[i].ver == ver)
			return versions[i].octet;
	return 0;
}

/*
 * Values between the three that are defined occur (Net::SMPP has 0x40) and are
 * not refused: the next lower version is what such a peer can be expected to
 * know (versions.md).
 */
enum smpp_ver
smpp_ver_of(uint8_t interface_version)
{
	if (interface_version < SMPP_interface_version_v34)
		return SMPP_V33;
	return interface_version < SMPP_interface_version_v50 ? SMPP_V34
							      : SMPP_V50;
}
