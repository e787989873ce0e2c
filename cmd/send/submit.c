/* smpp send: the submit_sm of each part, from options and drafts. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "send.h"
#include "show/show.h"
#include "text/smpptime.h"
#include "words/craft.h"

/* The three fields of an address. */
struct address_names {
	unsigned ton, npi, addr;
};

static const struct address_names source_names = {
    SMPP_F_source_addr_ton, SMPP_F_source_addr_npi, SMPP_F_source_addr};
static const struct address_names dest_names = {
    SMPP_F_dest_addr_ton, SMPP_F_dest_addr_npi, SMPP_F_destination_addr};

static bool
is_digits(struct smpp_view v)
{
	uint32_t i = 0;

	while (i < v.n && v.p[i] >= '0' && v.p[i] <= '9')
		i++;
	return i == v.n;
}

/*
 * A TON or NPI: a number, or the name of one. Cells and words of JSON are no C
 * strings.
 */
static bool
type(unsigned set, struct smpp_view word, uint32_t *num)
{
	char text[24];

	if (word.n == 0 || word.n >= sizeof(text))
		return false;
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	return opt_uint(text, num) == 0 || smpp_enum_value(set, word, num) == 0;
}

/*
 * Takes what stands before a comma, or all, off v. p is NULL behind the last
 * word, and not behind a comma that nothing follows: "A,1," has an empty third
 * word.
 */
static struct smpp_view
submit_word(struct smpp_view *v)
{
	const uint8_t *comma = v->n == 0 ? NULL : memchr(v->p, ',', v->n);
	struct smpp_view out = *v;

	if (comma == NULL) {
		*v = (struct smpp_view){NULL, 0};
		return out;
	}
	out.n = (uint32_t)(comma - v->p);
	*v = smpp_view_of(comma + 1, v->n - out.n - 1);
	return out;
}

/*
 * "ADDR[,TON,NPI]". Without them a leading '+' says international, ISDN and
 * is dropped; letters say alphanumeric; bare digits say nothing. A type that
 * the PDU has goes before what the address looks like.
 */
static int
submit_set_address(struct send *s, struct smpp_pdu *pdu,
    const struct address_names *f, struct smpp_view v)
{
	struct smpp_view whole = v, addr = submit_word(&v), ton = v, npi;
	const bool plus = addr.n > 0 && *addr.p == '+';
	uint32_t t = plus ? 1 : is_digits(addr) ? 0 : 5, n = plus ? 1 : 0;

	if (v.p != NULL) {
		ton = submit_word(&v);
		npi = v;
		if (npi.p == NULL || !type(SMPP_SET_ton, ton, &t) ||
		    !type(SMPP_SET_npi, npi, &n))
			return send_error(s, SMPP_EXIT_USAGE, "usage",
			    "address '%.*s': ADDR, or ADDR,TON,NPI with "
			    "numbers or names",
			    (int)whole.n, (const char *)whole.p);
	} else if (plus) {
		addr = smpp_view_of(addr.p + 1, addr.n - 1);
	}
	if (!smpp_pdu_has(pdu, f->ton))
		smpp_pdu_set_num(pdu, f->ton, t);
	if (!smpp_pdu_has(pdu, f->npi))
		smpp_pdu_set_num(pdu, f->npi, n);
	smpp_pdu_set_view(pdu, f->addr, addr);
	return 0;
}

/*
 * Times may be written as people do. Relative times are made absolute for 3.3,
 * which has none of the other kind.
 */
static int
submit_set_time(struct smpp_pdu *pdu, unsigned name, struct smpp_view v,
    struct smpp_wr *store, struct smpp_err *err)
{
	char *text = (char *)smpp_wr_room(store, SMPP_TIME_SIZE);
	struct smpp_err why;

	smpp_err_clear(&why);
	if (text == NULL)
		return smpp_err_set(
		    err, SMPP_ENOSPACE, "the values are too long");
	if (smpp_time_write(text, v, pdu->ver != SMPP_V33,
		smpp_clock_wall_us() / 1000000, &why) != 0)
		return smpp_err_set(
		    err, why.code, "%s: %s", smpp_field_name(name), why.msg);
	smpp_pdu_set_view(pdu, name, smpp_view_str(text));
	return 0;
}

int
submit_times(struct smpp_pdu *pdu, struct smpp_wr *store, struct smpp_err *err)
{
	static const unsigned names[] = {
	    SMPP_F_schedule_delivery_time, SMPP_F_validity_period};
	struct smpp_view v;
	int rc = 0;

	for (size_t i = 0; i < 2 && rc == 0; i++) {
		v = smpp_pdu_view(pdu, names[i]);
		if (v.n > 0)
			rc = submit_set_time(pdu, names[i], v, store, err);
	}
	return rc;
}

/*
 * Times are the only fields that are written in another way than they are
 * sent.
 */
int
submit_assign(struct smpp_pdu *pdu, struct smpp_view pair,
    struct smpp_wr *store, struct smpp_err *err)
{
	const uint8_t *eq = pair.n == 0 ? NULL : memchr(pair.p, '=', pair.n);
	const struct smpp_field *row = NULL;
	struct smpp_view value;
	int name;

	if (eq != NULL) {
		value = smpp_view_of(
		    eq + 1, pair.n - (size_t)(eq + 1 - pair.p));
		name = smpp_field_find(
		    smpp_view_of(pair.p, (size_t)(eq - pair.p)));
		row = smpp_field_of(
		    smpp_pdu_body(pdu->row, pdu->ver), (unsigned)name);
	}
	if (row != NULL && row->kind == SMPP_KIND_TIME)
		return submit_set_time(pdu, (unsigned)name, value, store, err);
	return smpp_pdu_assign(pdu, pair, store, err);
}

/*
 * The fields and TLVs that options set. Once for all messages: each begins as
 * a copy of base.
 */
static int
set_fields(struct send *s)
{
	struct smpp_err err;
	struct smpp_wr store;

	smpp_wr_init(&store, s->store, sizeof(s->store));
	for (size_t i = 0; i < s->a.fields.n; i++) {
		smpp_err_clear(&err);
		if (submit_assign(&s->base, smpp_view_str(s->a.fields.v[i]),
			&store, &err) != 0)
			return out_usage(s->c, "%s", err.msg);
	}
	return 0;
}

/* What the version does not allow, before anything is sent. */
static int
submit_check(struct send *s, const struct smpp_pdu *pdu)
{
	struct smpp_err err;

	smpp_err_clear(&err);
	if (craft_fits(pdu, &err) == 0)
		return 0;
	return send_error(s, SMPP_EXIT_USAGE, "usage", "%s", err.msg);
}

/* An empty address is a variable that was never set, not somebody. */
static int
check_somebody(struct send *s, const struct smpp_pdu *pdu, const char *where)
{
	if (smpp_pdu_view(pdu, SMPP_F_destination_addr).n > 0)
		return 0;
	return send_error(
	    s, SMPP_EXIT_USAGE, "usage", "no destination: %s is empty", where);
}

/*
 * What a destination would become; all of them are looked at beforehand.
 * Before anything is sent: five good numbers and a bad one are a bad command,
 * not five messages.
 */
static int
check_destination(struct send *s, const char *dest)
{
	struct smpp_pdu pdu = s->base;
	int rc = submit_set_address(s, &pdu, &dest_names, smpp_view_str(dest));

	if (rc == 0)
		rc = check_somebody(s, &pdu, "-d");
	if (rc == 0)
		rc = submit_check(s, &pdu);
	if (rc == 0)
		out_say(s->c, 1, "== destination %.*s, ton %u, npi %u",
		    (int)smpp_pdu_view(&pdu, SMPP_F_destination_addr).n,
		    (const char *)smpp_pdu_view(&pdu, SMPP_F_destination_addr)
			.p,
		    smpp_pdu_num(&pdu, SMPP_F_dest_addr_ton),
		    smpp_pdu_num(&pdu, SMPP_F_dest_addr_npi));
	return rc;
}

int
submit_options(struct send *s)
{
	const bool receipt = s->a.receipt || s->a.wait_ms >= 0;
	int rc;

	smpp_pdu_init(&s->base, SMPP_C_submit_sm, 0, s->a.target.ver);
	s->base.dictionary = s->c->dictionary;
	rc = set_fields(s);
	/* What is said of the field itself goes before -r and -W. */
	if (!smpp_pdu_has(&s->base, SMPP_F_registered_delivery))
		smpp_pdu_set_num(&s->base, SMPP_F_registered_delivery, receipt);
	if (rc == 0 && s->a.source != NULL) {
		struct smpp_pdu pdu = s->base;

		rc = submit_set_address(
		    s, &pdu, &source_names, smpp_view_str(s->a.source));
		if (rc == 0)
			rc = submit_check(s, &pdu);
	}
	for (size_t i = 0; rc == 0 && i < s->a.dest.n; i++)
		rc = check_destination(s, s->a.dest.v[i]);
	return rc;
}

/*
 * The TLVs of the draft, and those of the options that it has not. By tag: a
 * record that has one takes the place of all of that tag, since several of one
 * tag belong together.
 */
static int
merge_tlvs(struct smpp_pdu *pdu, const struct smpp_pdu *draft)
{
	struct smpp_pdu options = *pdu;
	int rc = 0;

	if (draft->ntlv_total > SMPP_TLVS_MAX)
		return SMPP_ETLV_TOO_MANY;
	pdu->ntlv = 0;
	pdu->ntlv_total = 0;
	pdu->tlv_raw = (struct smpp_view){NULL, 0};
	for (unsigned i = 0; i < draft->ntlv && rc == 0; i++)
		rc = smpp_pdu_add_tlv(
		    pdu, draft->tlv[i].tag, smpp_tlv_view(&draft->tlv[i]));
	for (unsigned i = 0; i < options.ntlv && rc == 0; i++)
		if (smpp_pdu_tlv(draft, options.tlv[i].tag) == NULL)
			rc = smpp_pdu_add_tlv(pdu, options.tlv[i].tag,
			    smpp_tlv_view(&options.tlv[i]));
	return rc;
}

/*
 * Sets what the draft sets, the addresses as such left out. Addresses are read
 * as words with a type, which a plain copy would skip.
 */
static int
submit_merge(struct smpp_pdu *pdu, const struct smpp_pdu *draft)
{
	uint64_t left = draft->present >> SMPP_F_HEADER_COUNT
					      << SMPP_F_HEADER_COUNT;
	unsigned name;

	for (; left != 0; left &= left - 1) {
		name = (unsigned)__builtin_ctzll(left);
		if (name == SMPP_F_source_addr ||
		    name == SMPP_F_destination_addr)
			continue;
		pdu->f[name] = draft->f[name];
		pdu->present |= 1ull << name;
	}
	pdu->stray |= draft->stray;
	return draft->ntlv_total == 0 ? 0 : merge_tlvs(pdu, draft);
}

/*
 * An address of a draft that says its type is taken as it is. TON or NPI in
 * the record says that the address is as it shall go, with its plus if it has
 * one.
 */
static int
set_draft_address(struct send *s, struct smpp_pdu *pdu,
    const struct smpp_pdu *draft, const struct address_names *f,
    struct smpp_view other)
{
	struct smpp_view v = smpp_pdu_view(draft, f->addr);

	if (smpp_pdu_has(draft, f->addr) &&
	    (smpp_pdu_has(draft, f->ton) || smpp_pdu_has(draft, f->npi))) {
		smpp_pdu_set_view(pdu, f->addr, v);
		return 0;
	}
	if (!smpp_pdu_has(draft, f->addr))
		v = other;
	return v.p == NULL ? 0 : submit_set_address(s, pdu, f, v);
}

/*
 * Everything but the content. Options first, then the record over them: what
 * is said of one message is stronger than what is said of all.
 */
static int
set_envelope(struct send *s, struct smpp_pdu *pdu, const struct draft *d,
    struct smpp_view dest)
{
	const char *source = s->a.source;
	struct smpp_view from = {NULL, 0};
	int rc;

	*pdu = s->base;
	if (submit_merge(pdu, &d->pdu) != 0)
		return send_error(
		    s, SMPP_EXIT_USAGE, "usage", "more TLVs than fit");
	if (source != NULL)
		from = smpp_view_str(source);
	rc = set_draft_address(s, pdu, &d->pdu, &source_names, from);
	if (rc == 0)
		rc = set_draft_address(s, pdu, &d->pdu, &dest_names, dest);
	return rc != 0 ? rc : check_somebody(s, pdu, "destination_addr");
}

/*
 * Adds a part to the message. Judged with its content, for lengths and TLVs of
 * parts count, too.
 */
static int
submit_add_part(struct send *s, struct msg *m, uint32_t i, struct smpp_pdu *pdu)
{
	struct part *p = &m->part[i];
	const size_t size = smpp_pdu_size(pdu);
	struct smpp_wr w;
	int rc = submit_check(s, pdu);

	if (rc != 0)
		return rc;
	smpp_wr_init(&w, msg_room(m, size), size);
	smpp_encode(&w, pdu);
	p->at = (uint32_t)m->wire_n;
	p->n = (uint32_t)w.n;
	m->wire_n += w.n;
	return 0;
}

/*
 * Octets that are to be sent as they are. Octets of a field are one part:
 * whoever sets the field cuts them himself.
 */
static int
make_octets(struct send *s, struct msg *m, struct smpp_pdu *pdu)
{
	uint32_t dc = smpp_pdu_num(pdu, SMPP_F_data_coding);
	struct smpp_view octets;

	if (smpp_pdu_payload(pdu, &octets) < 0)
		return send_error(s, SMPP_EXIT_USAGE, "usage",
		    s->src.kind == SOURCE_ONE ? "no text: give -m, -f or -x"
					      : "no text");
	msg_parts(m, 1);
	m->data_coding = (uint8_t)dc;
	m->alphabet = (uint8_t)smpp_alphabet_of(
	    m->data_coding, (enum smpp_alphabet)s->a.target.alphabet);
	return submit_add_part(s, m, 0, pdu);
}

static int
make_text(
    struct send *s, struct msg *m, const struct draft *d, struct smpp_pdu *pdu)
{
	struct content *content = &s->content;
	struct smpp_pdu one;
	int dc = -1, rc;

	if (smpp_pdu_has(pdu, SMPP_F_data_coding))
		dc = (int)smpp_pdu_num(pdu, SMPP_F_data_coding);
	rc = content_make(s, d->text, d->octets, dc);
	if (rc != 0)
		return rc;
	smpp_pdu_set_num(pdu, SMPP_F_data_coding, content->data_coding);
	m->data_coding = content->data_coding;
	m->alphabet = content->alphabet;
	msg_parts(m, (uint32_t)content->parts);
	for (int i = 0; rc == 0 && i < content->parts; i++) {
		/* A copy: what one part sets must not be in the next. */
		one = *pdu;
		if (smpp_part_set(&one, &content->split, &content->part[i]) !=
		    0)
			return send_error(
			    s, SMPP_EXIT_USAGE, "usage", "more TLVs than fit");
		rc = submit_add_part(s, m, (uint32_t)i, &one);
	}
	return rc;
}

int
submit_make(
    struct send *s, struct msg *m, const struct draft *d, struct smpp_view dest)
{
	struct smpp_pdu pdu;
	struct smpp_view to;
	int rc = set_envelope(s, &pdu, d, dest);

	if (rc != 0)
		return rc;
	rc = d->text.p != NULL ? make_text(s, m, d, &pdu)
			       : make_octets(s, m, &pdu);
	if (rc != 0)
		return rc;
	to = smpp_pdu_view(&pdu, SMPP_F_destination_addr);
	memcpy(m->dest, to.p, to.n);
	m->dest[to.n] = '\0';
	return 0;
}
