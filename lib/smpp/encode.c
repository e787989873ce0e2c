/* A PDU object to octets: the same rows as decode.c, in the same order. */
#include "smpp/pdu.h"

/* True when no body is written: a response that refuses and has none. */
static bool
bodyless(const struct smpp_pdu *pdu)
{
	/*
	 * A refusing response that was given a field, or was cut, is written
	 * as it is: v3.3 and v3.4 have one that carries a NUL (versions.md,
	 * compatibility rule 7).
	 */
	const uint64_t body = ~(uint64_t)0 << SMPP_F_HEADER_COUNT;

	return pdu->row == NULL || (pdu->row->flags & SMPP_PDU_BODYLESS &&
				       pdu->command_status != ESME_ROK &&
				       (pdu->present & body) == 0 && !pdu->cut);
}

static struct smpp_val
encode_value(const struct smpp_pdu *pdu, unsigned name)
{
	if (smpp_pdu_has(pdu, name))
		return pdu->f[name];
	return (struct smpp_val){NULL, 0, 0};
}

/*
 * The number to write for an integer row: a size is that of what it counts,
 * unless the PDU was cut short on the wire and what it counts is not all here.
 */
static uint32_t
encode_number(const struct smpp_pdu *pdu, const struct smpp_field *row)
{
	if (row->arg == SMPP_ARG_COUNTS && !pdu->cut)
		return encode_value(pdu, row->other).num;
	return encode_value(pdu, row->name).num;
}

static int
encode_field(
    struct smpp_wr *w, const struct smpp_pdu *pdu, const struct smpp_field *row)
{
	const struct smpp_val v = encode_value(pdu, row->name);

	switch (row->kind) {
	case SMPP_KIND_U8:
		/*
		 * 256 would be written as 0, and the octets it counts read as
		 * the next field. Other integers come from callers who meant
		 * them.
		 */
		if (encode_number(pdu, row) > UINT8_MAX)
			return SMPP_ERANGE;
		smpp_wr_u8(w, (uint8_t)encode_number(pdu, row));
		break;
	case SMPP_KIND_U16:
		smpp_wr_u16(w, (uint16_t)encode_number(pdu, row));
		break;
	case SMPP_KIND_U32:
		smpp_wr_u32(w, encode_number(pdu, row));
		break;
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
		smpp_wr_cstr(w, (struct smpp_view){v.p, v.n});
		break;
	default:
		smpp_wr_view(w, (struct smpp_view){v.p, v.n});
	}
	return 0;
}

static void
encode_tlvs(struct smpp_wr *w, const struct smpp_pdu *pdu)
{
	unsigned i;

	/* What came is written as it came: with its order, its duplicates and
	 * those beyond SMPP_TLVS_MAX, which tlv has no room for. */
	if (pdu->tlv_raw.p != NULL) {
		smpp_wr_view(w, pdu->tlv_raw);
		return;
	}
	for (i = 0; i < pdu->ntlv; i++) {
		smpp_wr_u16(w, pdu->tlv[i].tag);
		smpp_wr_u16(w, pdu->tlv[i].n);
		smpp_wr_view(w, smpp_tlv_view(&pdu->tlv[i]));
	}
}

/*
 * True when the fields of a PDU that was cut short end before this one: rest
 * comes in its place. Out of line, where the loop of the others does not pay.
 */
__attribute__((noinline)) static bool
encode_ends(const struct smpp_pdu *pdu, unsigned name)
{
	return !smpp_pdu_has(pdu, name) || smpp_pdu_unended(pdu, name);
}

static int
encode_body(struct smpp_wr *w, const struct smpp_pdu *pdu)
{
	const struct smpp_field *row = smpp_pdu_body(pdu->row, pdu->ver);

	for (; row->kind != SMPP_KIND_END; row++) {
		if (pdu->cut && encode_ends(pdu, row->name))
			return 0;
		if (encode_field(w, pdu, row) != 0)
			return SMPP_ERANGE;
	}
	/* An octet of no field; left out, what was decoded would not be
	 * written back octet for octet. */
	if (pdu->stray)
		smpp_wr_u8(w, 0);
	encode_tlvs(w, pdu);
	return 0;
}

int
smpp_encode(struct smpp_wr *w, struct smpp_pdu *pdu)
{
	const size_t start = w->n;
	uint8_t *head = smpp_wr_room(w, SMPP_HEADER_SIZE);

	if (!bodyless(pdu) && encode_body(w, pdu) != 0)
		return SMPP_ERANGE;
	smpp_wr_view(w, pdu->rest);
	/* The size is returned as an int, whose negative half is errors. head
	 * is good unless w is bad. */
	if (w->bad || w->n - start > INT32_MAX)
		return SMPP_ENOSPACE;
	pdu->command_length = (uint32_t)(w->n - start);
	smpp_put_u32(head, pdu->command_length);
	smpp_put_u32(head + 4, pdu->command_id);
	smpp_put_u32(head + 8, pdu->command_status);
	smpp_put_u32(head + 12, pdu->sequence_number);
	return (int)pdu->command_length;
}

/* What a field takes that does not end early. */
static inline size_t
encode_room(const struct smpp_pdu *pdu, const struct smpp_field *row)
{
	switch (row->kind) {
	case SMPP_KIND_U8:
		return 1;
	case SMPP_KIND_U16:
		return 2;
	case SMPP_KIND_U32:
		return 4;
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
		return encode_value(pdu, row->name).n + (size_t)1;
	default:
		return encode_value(pdu, row->name).n;
	}
}

size_t
smpp_pdu_field_size(const struct smpp_pdu *pdu, const struct smpp_field *row)
{
	return encode_room(pdu, row) - (size_t)smpp_pdu_unended(pdu, row->name);
}

/* Walks as encode_body() does and has to stop where that stops. */
size_t
smpp_pdu_size(const struct smpp_pdu *pdu)
{
	const struct smpp_field *row;
	size_t n = SMPP_HEADER_SIZE + pdu->rest.n;
	unsigned i;

	if (bodyless(pdu))
		return n;
	row = smpp_pdu_body(pdu->row, pdu->ver);
	for (; row->kind != SMPP_KIND_END; row++) {
		if (pdu->cut && encode_ends(pdu, row->name))
			return n;
		n += encode_room(pdu, row);
	}
	n += pdu->stray;
	if (pdu->tlv_raw.p != NULL)
		return n + pdu->tlv_raw.n;
	for (i = 0; i < pdu->ntlv; i++)
		n += 4 + (size_t)pdu->tlv[i].n;
	return n;
}
