/* What is wrong with the values of a PDU whose octets could be decoded. */
#include <string.h>

#include "smpp/pdu.h"
#include "smpp/seen_int.h"

/*
 * Where p lies in the PDU as it came. A PDU that was built has no wire, and
 * its values lie anywhere: then 0, for a difference of pointers into two
 * objects means nothing.
 */
static uint32_t
check_offset(const struct smpp_pdu *pdu, const uint8_t *p)
{
	return pdu->wire.p == NULL || p == NULL ? 0
						: (uint32_t)(p - pdu->wire.p);
}

static void
check_add(struct smpp_issues *issues, int kind, enum smpp_level level,
    const struct smpp_field *row, int32_t index, uint32_t at, uint32_t n,
    uint32_t got)
{
	smpp_issue_add(issues, (struct smpp_issue){.kind = (int16_t)kind,
				   .level = (uint8_t)level,
				   .name = row->name,
				   .index = index,
				   .offset = at,
				   .end = at + n,
				   .got = got,
				   .want = row->max});
}

/* True when the value is one the set does not name. Sets of texts are open. */
static bool
reserved(unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_sets[set];

	if (e == NULL || smpp_enum_of(set, value, ver) != NULL ||
	    e->match == SMPP_MATCH_TEXT)
		return false;
	if (set == SMPP_SET_command_status && value >= 0x400 && value < 0x500)
		return false; /* the MC's own (spec/status.tsv) */
	/* Sets of bits have no row for the value as a whole: every bit has to
	 * be part of some row. */
	return !smpp_set_is_bits(set) || !smpp_bits_known(set, value, ver);
}

/* The first octet of a C-octet string that is not printable ASCII, or NULL. */
static const uint8_t *
unprintable(const struct smpp_val *v)
{
	uint32_t i;

	for (i = 0; i < v->n; i++)
		if (v->p[i] < 0x20 || v->p[i] > 0x7E)
			return v->p + i;
	return NULL;
}

/* Checks one field of a body, or of a list item when index is not -1. */
static void
check_field(const struct smpp_pdu *pdu, const struct smpp_field *row,
    const struct smpp_val *v, int32_t index, struct smpp_issues *issues)
{
	const uint32_t at = check_offset(pdu, v->p);
	const uint8_t *bad;

	switch (row->kind) {
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
		/*
		 * A C-octet string is ASCII by its type (3.4 3.1), so this is
		 * wrong in every version; a text in a field that is unused is
		 * only more than the peer was asked for.
		 */
		if ((bad = unprintable(v)) != NULL)
			check_add(issues, SMPP_EBAD_VALUE, SMPP_WARNING, row,
			    index, at, v->n, *bad);
		else if (row->arg == SMPP_ARG_UNUSED && v->n > 0)
			check_add(issues, SMPP_ERESERVED_VALUE, SMPP_NOTICE,
			    row, index, at, v->n, v->n);
		break;
	case SMPP_KIND_U8:
	case SMPP_KIND_U16:
	case SMPP_KIND_U32:
		/* Counts are left out: the decoder needed them to go on and
		 * has judged them already. */
		if (row->arg != SMPP_ARG_COUNTS &&
		    (v->num < row->min || v->num > row->max ||
			reserved(row->set, v->num, pdu->ver)))
			check_add(issues, SMPP_ERESERVED_VALUE, SMPP_NOTICE,
			    row, index, at, v->n, v->num);
		break;
	default:
		break;
	}
}

static void
check_list(const struct smpp_pdu *pdu, const struct smpp_field *row,
    const struct smpp_val *v, struct smpp_issues *issues)
{
	struct smpp_item_it it;

	smpp_item_begin(&it, row->items, (struct smpp_view){v->p, v->n});
	while (smpp_item_next(&it))
		check_field(pdu, it.field, &it.val, (int32_t)it.item, issues);
}

static void
check_header(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const bool response = pdu->command_id & SMPP_RESPONSE_BIT;
	const uint32_t seq = pdu->sequence_number;
	const uint32_t status = pdu->command_status;

	/* Only the nack of an unreadable PDU may carry 0 (versions.md). */
	if ((seq == 0 && pdu->command_id != SMPP_C_generic_nack) || seq >> 31)
		check_add(issues, SMPP_EBAD_VALUE, SMPP_WARNING,
		    &smpp_header[SMPP_F_sequence_number], -1, 12, 4, seq);
	/* Requests carry 0, whatever else the set knows (versions.md,
	 * compatibility rule 7). */
	if (response ? reserved(SMPP_SET_command_status, status, pdu->ver)
		     : status != 0)
		check_add(issues, SMPP_ERESERVED_VALUE, SMPP_NOTICE,
		    &smpp_header[SMPP_F_command_status], -1, 8, 4, status);
}

/* Checks the value of one TLV, and of its members. */
static void
check_tlv(const struct smpp_pdu *pdu, const struct smpp_tlv *t, uint32_t index,
    struct smpp_issues *issues)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(pdu, t->tag);
	bool bad = false;
	struct smpp_item_it it;

	/* A wrong length is the decoder's to name, and num stands for nothing
	 * then. */
	if (row == NULL || !smpp_tlv_sized(row, t->n, pdu->ver))
		return;
	if (row->kind == SMPP_KIND_UINT && t->n > 0)
		bad = reserved(row->set, t->num, pdu->ver);
	if (row->kind == SMPP_KIND_STRUCT) {
		smpp_member_begin(&it, row, smpp_tlv_view(t));
		while (smpp_item_next(&it))
			bad |= reserved(it.field->set, it.val.num, pdu->ver);
	}
	if (bad)
		smpp_issue_add(
		    issues, (struct smpp_issue){.kind = SMPP_ERESERVED_VALUE,
				.level = SMPP_NOTICE,
				.name = SMPP_F_tlv,
				.index = (int32_t)index,
				.tag = t->tag,
				.offset = check_offset(pdu, t->p) - 4,
				.end = check_offset(pdu, t->p) + t->n,
				.got = t->num});
}

/* What is missing has no place of its own: the end of the PDU is where it
 * could have been. */
static void
check_missing(
    const struct smpp_pdu *pdu, uint16_t tag, struct smpp_issues *issues)
{
	smpp_issue_add(issues, (struct smpp_issue){.kind = SMPP_EMISSING_TLV,
				   .level = SMPP_NOTICE,
				   .name = SMPP_F_tlv,
				   .index = -1,
				   .tag = tag,
				   .offset = pdu->wire.n,
				   .end = pdu->wire.n});
}

/* TLVs that this PDU must carry. A decoder that was told no version can only
 * ask it of PDUs that no earlier version has. */
static void
check_required(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	size_t i;

	if ((pdu->ver != SMPP_V50 && pdu->row->vers & SMPP_V34) ||
	    (pdu->row->flags & SMPP_PDU_RESPONSE && pdu->command_status != 0))
		return;
	for (i = 0; i < smpp_tlv_count; i++)
		if (smpp_pduset_has(&smpp_tlvs[i].carry.must50, pdu->row) &&
		    smpp_pdu_tlv(pdu, smpp_tlvs[i].tag) == NULL)
			check_missing(pdu, smpp_tlvs[i].tag, issues);
}

/* short_message against message_payload, and whatever else rules.def says. */
static void
exclusive(const struct smpp_pdu *pdu, unsigned name, uint16_t tag,
    enum smpp_level level, struct smpp_issues *issues)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(pdu, tag);

	/* One of them being empty leaves no doubt about which is the text:
	 * smpp_pdu_payload() takes the other. */
	if (t == NULL || t->n == 0 || smpp_pdu_view(pdu, name).n == 0)
		return;
	smpp_issue_add(issues, (struct smpp_issue){.kind = SMPP_EBOTH_PAYLOADS,
				   .level = (uint8_t)level,
				   .name = SMPP_F_tlv,
				   .index = (int32_t)(t - pdu->tlv),
				   .tag = tag,
				   .offset = check_offset(pdu, t->p) - 4,
				   .end = check_offset(pdu, t->p) + t->n});
}

static void
needs(const struct smpp_pdu *pdu, uint16_t tag, uint16_t other,
    struct smpp_issues *issues)
{
	if (smpp_pdu_tlv(pdu, tag) != NULL && smpp_pdu_tlv(pdu, other) == NULL)
		check_missing(pdu, other, issues);
}

/* The rules of rules.def that say what may not stand together. */
static void
exclude(const struct smpp_pdu *pdu, enum smpp_level level,
    struct smpp_issues *issues)
{
#define EXCLUSIVE(field, tlv) \
	exclusive(pdu, SMPP_F_##field, SMPP_T_##tlv, level, issues);
#define NEEDS(tlv, other)
#include "smpp/rules.def"
#undef EXCLUSIVE
#undef NEEDS
}

/* Those that say what must. */
static void
require(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
#define EXCLUSIVE(field, tlv)
#define NEEDS(tlv, other) needs(pdu, SMPP_T_##tlv, SMPP_T_##other, issues);
#include "smpp/rules.def"
#undef EXCLUSIVE
#undef NEEDS
}

static void
check_tlvs(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	uint32_t i;

	/* All rules are about a TLV that is there, so most PDUs are done
	 * here. */
	if (pdu->ntlv == 0)
		return;
	smpp_tlv_begin(&it, pdu);
	for (i = 0; smpp_tlv_next(&it, &t); i++)
		check_tlv(pdu, &t, i, issues);
	/* A warning in what came, an error in what is to be sent: reading is
	 * lenient, writing is strict. */
	exclude(pdu, SMPP_WARNING, issues);
	require(pdu, issues);
}

void
smpp_check(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const struct smpp_field *row;
	const struct smpp_val *v;

	check_header(pdu, issues);
	if (pdu->row == NULL)
		return;
	row = smpp_pdu_body(pdu->row, pdu->ver);
	for (; row->kind != SMPP_KIND_END; row++) {
		if (!smpp_pdu_has(pdu, row->name))
			continue;
		v = &pdu->f[row->name];
		if (row->kind == SMPP_KIND_LIST)
			check_list(pdu, row, v, issues);
		else
			check_field(pdu, row, v, -1, issues);
	}
	check_tlvs(pdu, issues);
	/* What seems to be missing may be in the part that could not be
	 * read. */
	if (!pdu->cut)
		check_required(pdu, issues);
}

/*
 * What sending needs of one field, or of one in an item: version's limits. Of
 * integers only counts have a range to keep, for the peer cannot go on behind
 * a wrong one; reserved values may be sent, as they may be received.
 */
static void
sendable_value(const struct smpp_field *row, const struct smpp_val *v,
    int32_t index, struct smpp_issues *issues)
{
	int kind = 0;

	if (smpp_kind_is_string(row->kind)) {
		/*
		 * Limits count the NUL, which v does not. A NUL inside would
		 * end the string early, and the peer would read all that
		 * follows as other fields.
		 */
		if (v->n >= row->max ||
		    (row->arg == SMPP_ARG_UNUSED && v->n > 0))
			kind = SMPP_ESTRING_TOO_LONG;
		else if (v->n > 0 && memchr(v->p, 0, v->n) != NULL)
			kind = SMPP_EBAD_VALUE;
		else if (row->kind == SMPP_KIND_TIME && v->n != 0 &&
			 v->n != 16 &&
			 !(row->arg == SMPP_ARG_SHORT && v->n == 12))
			kind = SMPP_ESTRING_BAD_LENGTH;
		if (kind != 0)
			check_add(issues, kind, SMPP_ERROR, row, index, 0, 0,
			    v->n + 1);
	} else if (row->kind == SMPP_KIND_U8 &&
		   (v->num > UINT8_MAX ||
		       (row->arg == SMPP_ARG_COUNTS &&
			   (v->num < row->min || v->num > row->max)))) {
		check_add(issues, SMPP_EBAD_VALUE, SMPP_ERROR, row, index, 0, 0,
		    v->num);
	}
}

static void
sendable_field(const struct smpp_pdu *pdu, const struct smpp_field *row,
    struct smpp_issues *issues)
{
	struct smpp_val v = {0};
	struct smpp_item_it it;

	if (smpp_pdu_has(pdu, row->name))
		v = pdu->f[row->name];
	/* The encoder writes what there is to count, not what was set. */
	if (row->arg == SMPP_ARG_COUNTS && smpp_pdu_has(pdu, row->other))
		v.num = pdu->f[row->other].num;
	if (row->kind != SMPP_KIND_LIST) {
		sendable_value(row, &v, -1, issues);
		return;
	}
	smpp_item_begin(&it, row->items, (struct smpp_view){v.p, v.n});
	while (smpp_item_next(&it))
		sendable_value(it.field, &it.val, (int32_t)it.item, issues);
}

static void
check_refuse(struct smpp_issues *issues, int kind, unsigned name, int32_t index,
    const struct smpp_tlv *t)
{
	smpp_issue_add(issues, (struct smpp_issue){.kind = (int16_t)kind,
				   .level = SMPP_ERROR,
				   .name = (uint8_t)name,
				   .index = index,
				   .tag = t == NULL ? 0 : t->tag,
				   .got = t == NULL ? 0 : t->n});
}

static void
sendable_tlvs(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const struct smpp_tlv_row *row;
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	struct tlvs_seen seen = {{0}};
	int32_t i;
	int kind;

	smpp_tlv_begin(&it, pdu);
	for (i = 0; smpp_tlv_next(&it, &t); i++) {
		row = smpp_pdu_tlv_row(pdu, t.tag);
		kind = 0;
		/* A peer of v3.3 would misread any TLV (versions.md). Tags
		 * that no row knows pass otherwise: vendors have theirs. */
		if (pdu->ver == SMPP_V33 ||
		    (row != NULL && !(row->vers & pdu->ver)))
			kind = SMPP_ENOT_IN_VERSION;
		else if (row != NULL)
			kind = smpp_tlv_fault(row, &t, pdu->ver);
		if (row != NULL && seen_again(&seen, row) && kind == 0)
			kind = SMPP_ETLV_DUPLICATE;
		if (kind != 0)
			check_refuse(issues, kind, SMPP_F_tlv, i, &t);
	}
}

int
smpp_sendable(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const struct smpp_field *row;
	unsigned i;

	issues->n = 0;
	memset(issues->count, 0, sizeof(issues->count));
	if (pdu->row == NULL || (pdu->row->vers & pdu->ver) == 0) {
		check_refuse(issues,
		    pdu->row == NULL ? SMPP_EUNKNOWN_COMMAND
				     : SMPP_ENOT_IN_VERSION,
		    SMPP_F_command_id, -1, NULL);
		return issues->v[0].kind;
	}
	row = smpp_pdu_body(pdu->row, pdu->ver);
	for (; row->kind != SMPP_KIND_END; row++)
		sendable_field(pdu, row, issues);
	sendable_tlvs(pdu, issues);
	/* That a TLV is missing does not stand in the way of sending: it is a
	 * notice to those who read it, too. */
	exclude(pdu, SMPP_ERROR, issues);
	for (i = 0; i < issues->n; i++)
		if (issues->v[i].level == SMPP_ERROR)
			return issues->v[i].kind;
	return 0;
}
