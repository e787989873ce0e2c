/* Octets to a PDU object: one walk over the rows of the body, one over TLVs. */
#include "base/rd.h"
#include "smpp/pdu.h"
#include "smpp/seen_int.h"

/*
 * What a decode is about. end is where the octets of this PDU end: by its
 * command_length, or earlier when the wire is short of that.
 */
struct dec {
	struct smpp_pdu *d;
	struct smpp_issues *issues;
	const uint8_t *start, *end;
	bool truncated;
	bool strict;
	bool tolerant; /* what ends the body early is only a warning */
	int result;
};

/* Notes an issue. True when decoding must stop: strict, and it counts. */
static bool
note(struct dec *x, struct smpp_issue is)
{
	smpp_issue_add(x->issues, is);
	if (is.level == SMPP_NOTICE)
		return false;
	if (is.level == SMPP_ERROR || x->strict)
		x->result = x->result == 0 ? is.kind : x->result;
	return x->strict;
}

static uint32_t
decode_offset(const struct dec *x, const uint8_t *p)
{
	return (uint32_t)(p - x->start);
}

/* Decoding ends at p: the octets from there on are kept as they are. */
static void
stop_at(struct dec *x, const uint8_t *p)
{
	x->d->cut = true;
	x->d->rest = (struct smpp_view){p, (uint32_t)(x->end - p)};
}

/*
 * The octets ran out at p, where the field begins: the body ends here. On a
 * wire that is shorter than command_length this is what truncation looks like.
 */
static void
decode_cut(
    struct dec *x, int kind, unsigned name, int32_t index, const uint8_t *p)
{
	struct smpp_issue is = {.kind = (int16_t)kind, .level = SMPP_ERROR};

	is.name = (uint8_t)name;
	is.index = index;
	is.offset = decode_offset(x, p);
	is.end = decode_offset(x, x->end);
	if (x->truncated) {
		is.kind = SMPP_ETRUNCATED;
		is.got = is.end;
		is.want = x->d->command_length;
	} else if (x->tolerant) {
		is.level = SMPP_WARNING;
	}
	stop_at(x, p);
	note(x, is);
}

/* A value that is wrong, though what follows it can still be found. */
static bool
decode_wrong(struct dec *x, int kind, enum smpp_level level, unsigned name,
    int32_t index, const uint8_t *p, const uint8_t *end, uint32_t got,
    uint32_t want)
{
	struct smpp_issue is = {.kind = (int16_t)kind, .level = (uint8_t)level};

	is.name = (uint8_t)name;
	is.index = index;
	is.offset = decode_offset(x, p);
	is.end = decode_offset(x, end);
	is.got = got;
	is.want = want;
	return note(x, is);
}

/*
 * A string at p whose NUL is nowhere, or too far, or where no time has it. n
 * is its length, negative for nowhere. A string that is too long is tolerated:
 * its NUL says where it ends. Returns whether decoding can go on.
 */
static bool
odd_string(struct dec *x, const struct smpp_field *row, const uint8_t *p,
    int32_t index, int64_t n)
{
	const uint8_t *end = p + n + 1;
	bool stop;

	if (n < 0) {
		decode_cut(x,
		    p == x->end ? SMPP_EFIELD_PAST_END : SMPP_EUNTERMINATED,
		    row->name, index, p);
		return false;
	}
	if (row->arg == SMPP_ARG_SHORT && n == 12)
		return true;
	if (n >= row->max)
		stop = decode_wrong(x, SMPP_ESTRING_TOO_LONG, SMPP_WARNING,
		    row->name, index, p, end, (uint32_t)n + 1, row->max);
	else
		stop = decode_wrong(x, SMPP_ESTRING_BAD_LENGTH, SMPP_WARNING,
		    row->name, index, p, end, (uint32_t)n, 16);
	if (stop)
		stop_at(x, p);
	return !stop;
}

/* True for the strings odd_string is about. */
static inline bool
is_odd(const struct smpp_field *row, int64_t n)
{
	return n < 0 || n >= row->max ||
	       (row->kind == SMPP_KIND_TIME && n != 0 && n != 16);
}

static inline uint32_t
decode_number(const uint8_t *p, unsigned size)
{
	if (size == 1)
		return *p;
	return size == 2 ? smpp_get_u16(p) : smpp_get_u32(p);
}

/* Octets of an integer kind. */
static inline unsigned
width(unsigned kind)
{
	return kind == SMPP_KIND_U8 ? 1 : kind == SMPP_KIND_U16 ? 2 : 4;
}

/*
 * Reads one field of a list item at p. Returns where it ends, NULL when
 * decoding must stop.
 */
static const uint8_t *
item_field(struct dec *x, const struct smpp_field *row, const uint8_t *p,
    int32_t index, uint32_t *flag)
{
	struct smpp_rd r = {p, x->end, false};
	uint32_t num;
	int64_t len;
	unsigned n;

	if (row->kind == SMPP_KIND_CSTR) {
		len = smpp_rd_cstr(&r);
		if (is_odd(row, len) && !odd_string(x, row, p, index, len))
			return NULL;
		return r.p;
	}
	n = width(row->kind);
	if ((size_t)(x->end - p) < n) {
		decode_cut(x, SMPP_EFIELD_PAST_END, row->name, index, p);
		return NULL;
	}
	num = decode_number(p, n);
	if (row->name != SMPP_F_dest_flag)
		return p + n;
	*flag = num;
	if (num >= row->min && num <= row->max)
		return p + n;
	decode_wrong(x, SMPP_EBAD_DEST_FLAG, SMPP_ERROR, row->name, index, p,
	    p + n, num, 0);
	return NULL;
}

/* Reads count items at p into v. As item_field(). */
static const uint8_t *
decode_list(struct dec *x, const struct smpp_field *row, const uint8_t *p,
    uint32_t count, struct smpp_val *v)
{
	const struct smpp_field *f;
	const uint8_t *start = p;
	const uint8_t *next = p;
	uint32_t i, flag = 0;

	for (i = 0; i < count && next != NULL; i++) {
		p = next;
		for (f = row->items; f->kind != SMPP_KIND_END; f++) {
			/* dest_flag says which of two forms the item has: an
			 * address, or the name of a list. */
			if (f->arg == SMPP_ARG_WHEN && f->other != flag)
				continue;
			next = item_field(x, f, next, (int32_t)i, &flag);
			if (next == NULL)
				break;
		}
	}
	if (next != NULL)
		p = next;
	else
		i--;
	/*
	 * Whole items only: of one that broke off, p is the start and i does
	 * not count it, so that the view can be walked again without checks.
	 */
	*v = (struct smpp_val){start, (uint32_t)(p - start), i};
	if (next == NULL)
		stop_at(x, p);
	return next;
}

/*
 * A count at p is out of its range. Too few is an error of its own: without
 * destinations nothing after them can be told apart. Returns whether decoding
 * can go on.
 */
static bool
odd_count(
    struct dec *x, const struct smpp_field *row, const uint8_t *p, uint32_t num)
{
	const bool few = num < row->min;
	const bool stop = decode_wrong(x, SMPP_EBAD_VALUE,
			      few ? SMPP_ERROR : SMPP_WARNING, row->name, -1, p,
			      p + 1, num, row->max) ||
			  few;

	if (stop)
		stop_at(x, p);
	return !stop;
}

/*
 * The string at p has no NUL: the name that a message or a peer goes by is
 * worth having all the same, where all its octets seem to be there. Returns
 * whether it is, and sets *v.
 */
static bool
decode_unended(struct dec *x, const struct smpp_field *row, const uint8_t *p,
    struct smpp_val *v)
{
	if (x->truncated || p == x->end ||
	    (row->name != SMPP_F_message_id && row->name != SMPP_F_system_id))
		return false;
	*v = (struct smpp_val){p, (uint32_t)(x->end - p), 0};
	return true;
}

/*
 * Reads the fields of row, and on, at p. Returns where they end, NULL when
 * decoding must stop. This loop is what decoding costs: one branch for each
 * kind, what is rare in functions of its own.
 */
static const uint8_t *
decode_body(struct dec *x, const struct smpp_field *row, const uint8_t *p)
{
	const uint8_t *const end = x->end;
	struct smpp_val *const f = x->d->f;
	uint64_t present = x->d->present;
	struct smpp_val *v;
	struct smpp_rd r;
	int64_t n;

	for (; row->kind != SMPP_KIND_END; row++) {
		v = &f[row->name];
		if (row->kind == SMPP_KIND_U8) {
			if (p == end) {
				decode_cut(
				    x, SMPP_EFIELD_PAST_END, row->name, -1, p);
				goto stop;
			}
			*v = (struct smpp_val){p, 1, *p};
			p++;
			if (row->arg == SMPP_ARG_COUNTS) {
				f[row->other].num = v->num;
				if ((v->num < row->min || v->num > row->max) &&
				    !odd_count(x, row, v->p, v->num))
					goto stop;
			}
		} else if (row->kind == SMPP_KIND_OCTETS) {
			if (v->num > (size_t)(end - p)) {
				decode_cut(x, SMPP_ESM_LENGTH_OVERRUN,
				    row->name, -1, p);
				goto stop;
			}
			v->p = p;
			v->n = v->num;
			p += v->n;
		} else if (row->kind == SMPP_KIND_LIST) {
			present |= (uint64_t)1 << row->name;
			if ((p = decode_list(x, row, p, v->num, v)) == NULL)
				goto stop;
		} else {
			r = (struct smpp_rd){p, end, false};
			n = smpp_rd_cstr(&r);
			if (is_odd(row, n) && !odd_string(x, row, p, -1, n)) {
				if (n < 0 && decode_unended(x, row, p, v))
					present |= (uint64_t)1 << row->name;
				goto stop;
			}
			*v = (struct smpp_val){p, (uint32_t)n, 0};
			p = r.p;
		}
		present |= (uint64_t)1 << row->name;
	}
	x->d->present = present;
	return p;
stop:
	x->d->present = present;
	return NULL;
}

/* Judges one TLV and sets its num. True when decoding must stop. */
static bool
tlv_judge(struct dec *x, struct smpp_tlv *t, struct tlvs_seen *seen)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(x->d, t->tag);
	int kind = SMPP_EUNKNOWN_TLV;
	enum smpp_level level = SMPP_NOTICE;
	bool again;

	t->num = 0;
	if (row != NULL) {
		again = seen_again(seen, row);
		kind = smpp_tlv_fault(row, t, x->d->ver);
		if (row->kind == SMPP_KIND_UINT && kind == 0 && t->n != 0)
			t->num = decode_number(t->p, t->n);
		level = SMPP_WARNING;
		if (kind == 0 && again) {
			kind = SMPP_ETLV_DUPLICATE;
		} else if (kind == 0 && x->d->row != NULL &&
			   !smpp_tlv_fits(row, x->d->row, x->d->ver)) {
			kind = SMPP_EUNEXPECTED_TLV;
			level = SMPP_NOTICE;
		}
		if (kind == 0)
			return false;
	}
	return note(x, (struct smpp_issue){.kind = (int16_t)kind,
			   .level = (uint8_t)level,
			   .name = SMPP_F_tlv,
			   .index = (int32_t)x->d->ntlv_total,
			   .tag = t->tag,
			   .offset = decode_offset(x, t->p) - 4,
			   .end = decode_offset(x, t->p) + t->n,
			   .got = t->n});
}

/* True when whole TLVs fill the octets from p to the end exactly. */
static bool
tlvs_fit(const uint8_t *p, const uint8_t *end)
{
	uint16_t n;

	while (end - p >= 4) {
		n = smpp_get_u16(p + 2);
		if (n > end - p - 4)
			return false;
		p += 4 + n;
	}
	return p == end;
}

/*
 * Some peers leave the NUL of a text behind it, outside sm_length. If the TLVs
 * fit after it and do not with it, that is what happened. Returns where the
 * TLVs begin; NULL when decoding must stop.
 */
static const uint8_t *
stray_nul(struct dec *x, const uint8_t *p)
{
	bool lone = x->end - p == 1;

	if (p == x->end || *p != 0 ||
	    !smpp_pdu_has(x->d, SMPP_F_short_message) || x->truncated ||
	    tlvs_fit(p, x->end) || !tlvs_fit(p + 1, x->end))
		return p;
	/* One octet alone may also be the first of a lost TLV: only v3.3, which
	 * has no TLVs and once said 161 for 160, lets us tell. */
	if (lone && x->d->ver != SMPP_V33)
		return p;
	if (decode_wrong(x, SMPP_ETLV_HEADER_SHORT, SMPP_WARNING, SMPP_F_tlv, 0,
		p, p + 1, 1, 4)) {
		stop_at(x, p);
		return NULL;
	}
	x->d->stray = true;
	return p + 1;
}

/* Reads the TLVs from p to the end. */
static void
decode_tlvs(struct dec *x, const uint8_t *p)
{
	struct smpp_pdu *d = x->d;
	struct tlvs_seen seen = {{0}};
	struct smpp_tlv t;

	if (p != x->end && (p = stray_nul(x, p)) == NULL)
		return;
	d->tlv_raw = (struct smpp_view){p, (uint32_t)(x->end - p)};
	while (x->end - p >= 4) {
		t.tag = smpp_get_u16(p);
		t.n = smpp_get_u16(p + 2);
		t.p = p + 4;
		if (t.n > x->end - t.p)
			break;
		if (tlv_judge(x, &t, &seen)) {
			d->tlv_raw.n = (uint32_t)(p - d->tlv_raw.p);
			stop_at(x, p);
			return;
		}
		if (d->ntlv < SMPP_TLVS_MAX)
			d->tlv[d->ntlv++] = t;
		d->ntlv_total++;
		p = t.p + t.n;
	}
	d->tlv_raw.n = (uint32_t)(p - d->tlv_raw.p);
	if (p != x->end || x->truncated)
		decode_cut(x,
		    x->end - p < 4 ? SMPP_ETLV_HEADER_SHORT : SMPP_ETLV_OVERRUN,
		    SMPP_F_tlv, (int32_t)d->ntlv_total, p);
}

/* A header of which only whole fields are there, or a bad length. */
static void
odd_header(struct dec *x, struct smpp_view wire, unsigned whole)
{
	struct smpp_pdu *d = x->d;
	struct smpp_issue is = {.level = SMPP_ERROR, .index = -1};

	is.end = wire.n;
	is.got = wire.n;
	is.want = whole > 0 ? d->command_length : SMPP_HEADER_SIZE;
	if (whole < 4) {
		is.kind = wire.n == 0 ? SMPP_EEMPTY : SMPP_ESHORT_HEADER;
		is.name = (uint8_t)whole;
		is.offset = 4 * whole;
	} else if (d->command_length < SMPP_HEADER_SIZE) {
		is.kind = SMPP_ELENGTH_TOO_SMALL;
	} else {
		is.kind = SMPP_ELENGTH_TOO_LARGE;
	}
	d->cut = true;
	if (wire.n > 0)
		d->rest = (struct smpp_view){
		    wire.p + whole * 4, wire.n - whole * 4};
	note(x, is);
}

/* What there is of a header. */
static void
short_header(struct dec *x, struct smpp_view wire)
{
	unsigned i, whole = wire.n / 4;

	for (i = 0; i < 4; i++)
		x->d->header[i] = i < whole ? smpp_get_u32(wire.p + 4u * i) : 0;
	x->d->present = ((uint64_t)1 << whole) - 1;
	odd_header(x, wire, whole);
}

/* Reads the header. True when the body can be looked at. */
static bool
decode_header(struct dec *x, struct smpp_view wire)
{
	struct smpp_pdu *d = x->d;
	uint32_t length;

	if (wire.n < SMPP_HEADER_SIZE) {
		short_header(x, wire);
		return false;
	}
	length = smpp_get_u32(wire.p);
	d->command_length = length;
	d->command_id = smpp_get_u32(wire.p + 4);
	d->command_status = smpp_get_u32(wire.p + 8);
	d->sequence_number = smpp_get_u32(wire.p + 12);
	d->present = 0xf;
	if (length >= SMPP_HEADER_SIZE && length <= SMPP_PDU_MAX)
		return true;
	odd_header(x, wire, 4);
	return false;
}

/* Reads the body of a known command, its fields and its TLVs. */
static void
known(struct dec *x, const uint8_t *p)
{
	const struct smpp_pdu_row *row = x->d->row;
	const struct smpp_field *fields = smpp_pdu_body(row, x->d->ver);
	bool bodyless = row->flags & SMPP_PDU_BODYLESS;
	bool failed = x->d->command_status != ESME_ROK;

	/*
	 * Peers put octets where no body should be: behind PDUs that have
	 * none, and into responses that refuse. Both are accepted, and nothing
	 * is lost with them (versions.md, compatibility rule 7).
	 */
	x->tolerant = fields->kind == SMPP_KIND_END ||
		      (bodyless && (failed || p == x->end));
	if (bodyless && failed && p == x->end && !x->truncated)
		return;
	p = decode_body(x, fields, p);
	if (p != NULL)
		decode_tlvs(x, p);
}

/* Keeps the body of a command that this version does not have. */
static void
decode_unknown(struct dec *x, const uint8_t *p)
{
	struct smpp_pdu *d = x->d;

	d->row = NULL;
	stop_at(x, p + SMPP_HEADER_SIZE);
	decode_wrong(x, SMPP_EUNKNOWN_COMMAND, SMPP_ERROR, SMPP_F_command_id,
	    -1, p + 4, p + 8, d->command_id, 0);
	if (x->truncated)
		decode_wrong(x, SMPP_ETRUNCATED, SMPP_ERROR,
		    SMPP_F_command_length, -1, x->end, x->end, d->wire.n,
		    d->command_length);
}

int
smpp_decode(struct smpp_pdu *pdu, struct smpp_view wire, enum smpp_ver ver,
    unsigned flags, struct smpp_issues *issues)
{
	struct dec x = {.d = pdu, .issues = issues, .start = wire.p};

	x.strict = flags & SMPP_STRICT;
	issues->n = 0;
	memset(issues->count, 0, sizeof(issues->count));
	pdu->ver = ver;
	pdu->cut = false;
	pdu->stray = false;
	pdu->ntlv = 0;
	pdu->ntlv_total = 0;
	pdu->row = NULL;
	if (!(flags & SMPP_DICTIONARY))
		pdu->dictionary = NULL;
	/* Not a = b = ...: reading back what was just stored in two halves
	 * stalls the processor, 10 ns a PDU. */
	pdu->tlv_raw = (struct smpp_view){NULL, 0};
	pdu->rest = (struct smpp_view){NULL, 0};
	pdu->wire = wire;
	if (!decode_header(&x, wire))
		return x.result;
	x.truncated = wire.n < pdu->command_length;
	if (!x.truncated)
		/* What lies behind belongs to the next PDU. */
		pdu->wire.n = pdu->command_length;
	x.end = wire.p + pdu->wire.n;
	pdu->row = smpp_pdu_of(pdu->command_id);
	if (pdu->row != NULL && pdu->row->vers & ver)
		known(&x, wire.p + SMPP_HEADER_SIZE);
	else
		decode_unknown(&x, wire.p);
	if (flags & SMPP_CHECK && (x.result == 0 || !x.strict))
		smpp_check(pdu, issues);
	return x.result;
}
