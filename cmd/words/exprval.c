/* The EXPR language: what an expression says of a PDU. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kit/cmd.h"
#include "expr_int.h"
#include "msg/body.h"
#include "msg/dlr.h"
#include "show/show.h"

/* A value of a subject: a number, characters, or neither. */
struct value {
	bool there;
	bool is_num;
	double num;
	struct smpp_view s;
};

/*
 * One buffer that only grows, for all values: a condition is asked for each
 * PDU, and only one value is in use at a time.
 */
static void
exprval_room(struct expr *e, size_t n)
{
	char *p;

	if (n <= e->cap)
		return;
	if ((p = realloc(e->scratch, n)) == NULL)
		cmd_nomem();
	e->scratch = p;
	e->cap = n;
}

static bool
exprval_matches(const struct expr_node *n, const char *text)
{
	int rc = regexec(&n->regex, text, 0, NULL, 0);

	if (rc == REG_ESPACE)
		cmd_nomem();
	return rc == 0;
}

static struct value
exprval_number(uint32_t num)
{
	return (struct value){.there = true, .is_num = true, .num = num};
}

static struct value
exprval_string(struct smpp_view s)
{
	return (struct value){.there = true, .s = s};
}

/*
 * Octets as the JSON has them, in hexadecimal. What is seen in a trace can be
 * copied into a condition.
 */
static struct value
exprval_hex(struct expr *e, struct smpp_view octets)
{
	struct smpp_sbuf b;

	exprval_room(e, 2 * (size_t)octets.n + 1);
	smpp_sbuf_init(&b, e->scratch, e->cap, NULL, NULL);
	smpp_sbuf_hex(&b, octets.p, octets.n);
	return exprval_string(smpp_view_of(b.p, b.n));
}

/* No symbol is no value, and a value that is not there equals nothing. */
static struct value
symbols(struct expr *e, unsigned set, uint32_t num, enum smpp_ver ver)
{
	struct smpp_sbuf b;

	exprval_room(e, EXPR_WORD);
	smpp_sbuf_init(&b, e->scratch, e->cap, NULL, NULL);
	if (!smpp_enum_symbols(&b, set, num, ver))
		return (struct value){0};
	return exprval_string(smpp_view_of(b.p, b.n));
}

static struct value
exprval_field(
    struct expr *e, const struct expr_node *n, const struct smpp_pdu *pdu)
{
	const struct smpp_field *row;

	if (!smpp_pdu_has(pdu, n->number))
		return (struct value){0};
	row = n->number < SMPP_F_HEADER_COUNT
		  ? &smpp_header[n->number]
		  : smpp_field_of(smpp_pdu_body(pdu->row, pdu->ver), n->number);
	if (n->source == FIELD_SYMBOL)
		return symbols(
		    e, row->set, smpp_pdu_num(pdu, n->number), pdu->ver);
	if (smpp_kind_is_string(row->kind))
		return exprval_string(smpp_pdu_view(pdu, n->number));
	if (row->kind == SMPP_KIND_OCTETS)
		return exprval_hex(e, smpp_pdu_view(pdu, n->number));
	return exprval_number(smpp_pdu_num(pdu, n->number));
}

static struct value
exprval_tlv(
    struct expr *e, const struct expr_node *n, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv_row *row = n->tlv;
	const struct smpp_tlv *t = smpp_pdu_tlv(pdu, (uint16_t)n->number);
	struct smpp_view v;

	/* A guess holds in some PDUs only. */
	if (t == NULL || smpp_pdu_tlv_row(pdu, t->tag) == NULL)
		return (struct value){0};
	v = smpp_tlv_view(t);
	if (n->source == TLV_SYMBOL)
		return symbols(e, row->set, t->num, pdu->ver);
	if (row->kind == SMPP_KIND_UINT)
		return exprval_number(t->num);
	if (!smpp_kind_is_string(row->kind) && row->kind != SMPP_KIND_TEXT)
		return exprval_hex(e, v);
	/*
	 * A C-string's NUL is no part of what is compared. Some peers send it,
	 * some do not.
	 */
	v.n -= v.n > 0 && v.p[v.n - 1] == 0;
	return exprval_string(v);
}

static struct value
text(struct expr *e, const struct expr_subject *s)
{
	struct smpp_body body;
	struct smpp_sbuf b;

	if (s->pdu->row == NULL ||
	    smpp_body_read(&body, s->pdu, s->mc_default) != 0 ||
	    body.coding.alphabet == SMPP_ALPHA_BINARY)
		return (struct value){0};
	exprval_room(e, SMPP_TEXT_MAX(body.text.n) + 1);
	smpp_sbuf_init(&b, e->scratch, e->cap, NULL, NULL);
	smpp_text_decode(&b, body.text, body.coding);
	return exprval_string(smpp_view_of(b.p, b.n));
}

/* The receipt may hold its own characters, so they are copied. */
static struct value
exprval_receipt(
    struct expr *e, const struct expr_node *n, const struct smpp_pdu *pdu)
{
	struct smpp_receipt r;
	struct smpp_view v;

	if (pdu->row == NULL || !smpp_dlr_read(&r, pdu))
		return (struct value){0};
	if (n->source == RECEIPT_STATE)
		return r.state < 0 ? (struct value){0}
				   : exprval_number((uint32_t)r.state);
	v = r.value[n->number];
	/* A key that was there without a value is empty, not absent. */
	if ((r.seen >> n->number & 1) == 0 && v.n == 0)
		return (struct value){0};
	exprval_room(e, v.n + (size_t)1);
	if (v.n > 0)
		memcpy(e->scratch, v.p, v.n);
	return exprval_string(smpp_view_of(e->scratch, v.n));
}

static struct value
fetch(struct expr *e, const struct expr_node *n, const struct expr_subject *s)
{
	switch (n->source) {
	case FIELD:
	case FIELD_SYMBOL:
		return exprval_field(e, n, s->pdu);
	case TLV:
	case TLV_SYMBOL:
		return exprval_tlv(e, n, s->pdu);
	case TEXT:
		return text(e, s);
	case RECEIPT:
	case RECEIPT_STATE:
		return exprval_receipt(e, n, s->pdu);
	case DIR:
		return s->dir == NULL ? (struct value){0}
				      : exprval_string(smpp_view_str(s->dir));
	default:
		return s->session == 0 ? (struct value){0}
				       : exprval_number(s->session);
	}
}

/* A value as a C string in the scratch, for regular expressions. */
static const char *
exprval_as_text(struct expr *e, struct value v)
{
	const char *from = (const char *)v.s.p;
	const bool ours = from != NULL && from == e->scratch;

	exprval_room(e, v.s.n + (size_t)32);
	if (v.is_num) {
		snprintf(e->scratch, e->cap, "%.0f", v.num);
		return e->scratch;
	}
	/*
	 * realloc may have moved the scratch, and the value with it: where it
	 * was ours, it is at the start of the new one.
	 */
	if (v.s.n > 0)
		memmove(e->scratch, ours ? e->scratch : from, v.s.n);
	e->scratch[v.s.n] = '\0';
	return e->scratch;
}

/* Less, equal or greater: as numbers where both are, else as characters. */
static int
order(struct expr *e, const struct expr_node *n, struct value v)
{
	/* Strings are equal by their characters: 0049 is not 49. */
	const bool exact = !v.is_num && (n->op == EQ || n->op == NE);
	const size_t len = strlen(n->text);
	double num = v.num;
	int c;

	if (n->is_num && !exact &&
	    (v.is_num || expr_number(exprval_as_text(e, v), &num)))
		return (num > n->num) - (num < n->num);
	/* The number is compared with a word that is no symbol: as text. */
	if (v.is_num)
		return strcmp(exprval_as_text(e, v), n->text);
	c = memcmp(v.s.n > 0 ? (const char *)v.s.p : "", n->text,
	    v.s.n < len ? v.s.n : len);
	return c != 0 ? c : (v.s.n > len) - (v.s.n < len);
}

static bool
exprval_compare(
    struct expr *e, struct expr_node *n, const struct expr_subject *s)
{
	const struct value v = fetch(e, n, s);
	int c;

	/*
	 * != is the opposite of == for what is absent, too; all others are
	 * false.
	 */
	if (!v.there)
		return n->op == NE;
	if (n->op == RE)
		return exprval_matches(n, exprval_as_text(e, v));
	c = order(e, n, v);
	switch (n->op) {
	case EQ:
		return c == 0;
	case NE:
		return c != 0;
	case LT:
		return c < 0;
	case LE:
		return c <= 0;
	case GT:
		return c > 0;
	default:
		return c >= 0;
	}
}

/*
 * Both sides are only asked when they matter: that decides what every= and p=
 * count and draw.
 */
static bool
match(struct expr *e, unsigned i, const struct expr_subject *s)
{
	struct expr_node *n = &e->node[i];

	switch (n->op) {
	case AND:
		return match(e, n->left, s) && match(e, n->right, s);
	case OR:
		return match(e, n->left, s) || match(e, n->right, s);
	case NOT:
		return !match(e, n->left, s);
	case SHARE:
		return smpp_rng_unit(&e->rng) < n->num;
	case EVERY:
		return ++n->every % (uint64_t)n->num == 0;
	default:
		return exprval_compare(e, n, s);
	}
}

bool
expr_match(struct expr *e, const struct expr_subject *subject)
{
	return match(e, e->root, subject);
}
