/* The PDU object: building it, and walking its TLVs, lists and structures. */
#include <assert.h>
#include <string.h>

#include "base/rd.h"
#include "smpp/pdu.h"

void
smpp_pdu_init(struct smpp_pdu *pdu, uint32_t command_id,
    uint32_t sequence_number, enum smpp_ver ver)
{
	/* Not f and tlv, which are most of its size: present and ntlv say what
	 * in them counts, and nobody reads more. */
	memset(pdu, 0, offsetof(struct smpp_pdu, f));
	pdu->command_id = command_id;
	pdu->sequence_number = sequence_number;
	pdu->ver = ver;
	pdu->present = ((uint64_t)1 << SMPP_F_HEADER_COUNT) - 1;
	pdu->row = smpp_pdu_of(command_id);
	pdu->dictionary = NULL;
}

static struct smpp_val *
claim(struct smpp_pdu *pdu, unsigned name)
{
	assert(name < SMPP_F_BODY_COUNT);
	pdu->present |= (uint64_t)1 << name;
	return &pdu->f[name];
}

void
smpp_pdu_set_num(struct smpp_pdu *pdu, unsigned name, uint32_t num)
{
	if (name < SMPP_F_HEADER_COUNT)
		pdu->header[name] = num;
	else
		*claim(pdu, name) = (struct smpp_val){NULL, 0, num};
}

void
smpp_pdu_set_view(struct smpp_pdu *pdu, unsigned name, struct smpp_view v)
{
	/* num is what the length field before it will say, see encode.c. */
	*claim(pdu, name) = (struct smpp_val){v.p, v.n, v.n};
}

void
smpp_pdu_set_list(
    struct smpp_pdu *pdu, unsigned name, struct smpp_view items, uint32_t n)
{
	*claim(pdu, name) = (struct smpp_val){items.p, items.n, n};
}

/* Sets the number of a TLV that is one, and has a length of one. */
static void
set_num(struct smpp_tlv *t, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(pdu, t->tag);
	uint32_t i;

	t->num = 0;
	if (row != NULL && row->kind == SMPP_KIND_UINT &&
	    smpp_tlv_sized(row, t->n, pdu->ver))
		for (i = 0; i < t->n; i++)
			t->num = t->num << 8 | t->p[i];
}

/* Reads the TLV at p, which is known to be whole, and returns its end. */
static const uint8_t *
read_tlv(struct smpp_tlv *t, const uint8_t *p, const struct smpp_pdu *pdu)
{
	t->tag = smpp_get_u16(p);
	t->n = smpp_get_u16(p + 2);
	t->p = p + 4;
	set_num(t, pdu);
	return t->p + t->n;
}

int
smpp_pdu_set_tlvs(struct smpp_pdu *pdu, struct smpp_view raw)
{
	const uint8_t *p = raw.p, *end = smpp_view_end(raw);
	struct smpp_tlv t;

	/* All of it is walked before anything is set: a list that does not fit
	 * leaves the PDU as it was. */
	while (end - p >= 4 && smpp_get_u16(p + 2) <= end - p - 4)
		p += 4 + smpp_get_u16(p + 2);
	if (p != end)
		return SMPP_ETLV_OVERRUN;
	pdu->tlv_raw = raw;
	pdu->ntlv = 0;
	pdu->ntlv_total = 0;
	for (p = raw.p; p != end; pdu->ntlv_total++) {
		p = read_tlv(&t, p, pdu);
		if (pdu->ntlv < SMPP_TLVS_MAX)
			pdu->tlv[pdu->ntlv++] = t;
	}
	return 0;
}

/*
 * An id that lacks its NUL shares its octets with rest. Where rest moved to
 * another buffer the id moves along, else it would point into the wire it came
 * from, and smpp_pdu_unended() would no longer know it.
 */
void
smpp_pdu_set_rest(struct smpp_pdu *pdu, struct smpp_view rest)
{
	static const uint8_t names[] = {SMPP_F_message_id, SMPP_F_system_id};
	struct smpp_val *v;
	size_t i;

	pdu->cut = true;
	pdu->rest = rest;
	for (i = 0; i < sizeof(names); i++) {
		v = &pdu->f[names[i]];
		if (smpp_pdu_has(pdu, names[i]) && rest.n > 0 &&
		    smpp_view_eq(smpp_view_of(v->p, v->n), rest))
			v->p = rest.p;
	}
}

int
smpp_string_fault(const struct smpp_tlv_row *row, const struct smpp_tlv *tlv)
{
	if (tlv->n == 0)
		return 0;
	/* The last octet is looked at below: it is the one that should be NUL.
	 * An empty value is what some send for an empty string. */
	if (memchr(tlv->p, 0, tlv->n - 1u) != NULL)
		return SMPP_ETLV_EMBEDDED_NUL;
	/* An end time has no room for its NUL in the text of v5.0: tlvs.tsv. */
	if (row->kind == SMPP_KIND_TIME && tlv->n == 16)
		return 0;
	return tlv->p[tlv->n - 1] != 0 ? SMPP_ETLV_UNTERMINATED : 0;
}

int
smpp_pdu_add_tlv(struct smpp_pdu *pdu, uint16_t tag, struct smpp_view value)
{
	struct smpp_tlv *t;

	/*
	 * From here on tlv is what is written, no longer tlv_raw, so it has to
	 * hold them all: adding to a PDU that came with more would lose some.
	 */
	if (pdu->ntlv_total >= SMPP_TLVS_MAX)
		return SMPP_ETLV_TOO_MANY;
	if (value.n > UINT16_MAX)
		return SMPP_ERANGE;
	t = &pdu->tlv[pdu->ntlv++];
	*t = (struct smpp_tlv){value.p, (uint16_t)value.n, tag, 0};
	set_num(t, pdu);
	pdu->ntlv_total++;
	pdu->tlv_raw = (struct smpp_view){NULL, 0};
	return 0;
}

const struct smpp_tlv *
smpp_pdu_tlv(const struct smpp_pdu *pdu, uint16_t tag)
{
	unsigned i;

	for (i = 0; i < pdu->ntlv; i++)
		if (pdu->tlv[i].tag == tag)
			return &pdu->tlv[i];
	return NULL;
}

/* With message_payload sm_length is 0 (versions.md, compatibility rule 9);
 * where a peer fills both, short_message is taken and smpp_check() says so. */
int
smpp_pdu_payload(const struct smpp_pdu *pdu, struct smpp_view *octets)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(pdu, SMPP_T_message_payload);

	*octets = smpp_pdu_view(pdu, SMPP_F_short_message);
	if (octets->n == 0 && t != NULL) {
		*octets = smpp_tlv_view(t);
		return SMPP_F_tlv;
	}
	return smpp_pdu_has(pdu, SMPP_F_short_message) ? SMPP_F_short_message
						       : -1;
}

/* tlv holds the first ones. The others are read from the wire again, right
 * behind the last that it holds: both are in the same order. */
void
smpp_tlv_begin(struct smpp_tlv_it *it, const struct smpp_pdu *pdu)
{
	it->pdu = pdu;
	it->i = 0;
	it->p = it->end = NULL;
	if (pdu->ntlv_total > pdu->ntlv) {
		it->p = pdu->tlv[pdu->ntlv - 1].p + pdu->tlv[pdu->ntlv - 1].n;
		it->end = pdu->tlv_raw.p + pdu->tlv_raw.n;
	}
}

bool
smpp_tlv_next(struct smpp_tlv_it *it, struct smpp_tlv *tlv)
{
	if (it->i >= it->pdu->ntlv_total)
		return false;
	if (it->i < it->pdu->ntlv) {
		*tlv = it->pdu->tlv[it->i++];
		return true;
	}
	/* Only whole TLVs were counted into ntlv_total. */
	assert(it->end - it->p >= 4);
	it->p = read_tlv(tlv, it->p, it->pdu);
	it->i++;
	return true;
}

void
smpp_item_begin(struct smpp_item_it *it, const struct smpp_field *body,
    struct smpp_view octets)
{
	*it = (struct smpp_item_it){.body = body};
	it->p = octets.p;
	it->end = smpp_view_end(octets);
	/* The first step makes it 0. */
	it->item = UINT32_MAX;
}

void
smpp_member_begin(struct smpp_item_it *it, const struct smpp_tlv_row *row,
    struct smpp_view octets)
{
	smpp_item_begin(it, row->members, octets);
	/* A list begins a new item where one ended; a structure is one item,
	 * and octets behind its members are no second one. */
	it->once = true;
}

/* Moves to the next row that is there; false at the end of the body. */
static bool
next_row(struct smpp_item_it *it)
{
	const struct smpp_field *f = it->field;

	for (f = f == NULL ? it->body : f + 1; f->kind != SMPP_KIND_END; f++)
		if (f->arg != SMPP_ARG_WHEN || f->other == it->flag) {
			it->field = f;
			return true;
		}
	return false;
}

/* Takes the value of the current row. False when it is not all there. */
static bool
object_take_value(struct smpp_item_it *it)
{
	struct smpp_rd r = {it->p, it->end, false};
	struct smpp_val *v = &it->val;
	int64_t n;

	v->p = it->p;
	v->num = 0;
	switch (it->field->kind) {
	case SMPP_KIND_CSTR:
		if ((n = smpp_rd_cstr(&r)) < 0)
			return false;
		v->n = (uint32_t)n;
		break;
	case SMPP_KIND_OCTETS:
		/* No length stands before it: such a member is the last of its
		 * structure and takes what is left. */
		v->n = (uint32_t)smpp_rd_left(&r);
		r.p = r.end;
		break;
	case SMPP_KIND_U8:
		v->n = 1;
		v->num = smpp_rd_u8(&r);
		break;
	case SMPP_KIND_U16:
		v->n = 2;
		v->num = smpp_rd_u16(&r);
		break;
	default:
		v->n = 4;
		v->num = smpp_rd_u32(&r);
	}
	it->p = r.p;
	return !r.bad;
}

bool
smpp_item_next(struct smpp_item_it *it)
{
	it->first = false;
	if (it->field == NULL || !next_row(it)) {
		if (it->p == it->end || (it->once && it->field != NULL))
			return false;
		it->field = NULL;
		it->flag = 0;
		it->item++;
		it->first = true;
		if (!next_row(it))
			return false;
	} else if (it->once && it->p == it->end &&
		   it->field->kind != SMPP_KIND_OCTETS) {
		return false;
	}
	if (!object_take_value(it))
		return false;
	if (it->field->name == SMPP_F_dest_flag)
		it->flag = it->val.num;
	return true;
}
