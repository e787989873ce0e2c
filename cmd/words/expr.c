/* The EXPR language: the parser, by descent. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "expr_int.h"
#include "base/suggest.h"
#include "text/receipt.h"

struct parser {
	const char *text, *p;
	struct expr *e;
	struct smpp_err *err;
	unsigned depth;
};

/* Where the first mistake was stays: later ones follow from it. */
static int
expr_fail(struct parser *x, const char *at, int code, const char *what)
{
	if (x->err->code == 0)
		x->err->offset = at - x->text;
	smpp_err_set(x->err, code, "%s", what);
	return -1;
}

static void
expr_blanks(struct parser *x)
{
	while (isspace((unsigned char)*x->p))
		x->p++;
}

/* Dots belong to names: receipt.id is one, as it is in our JSON. */
static bool
expr_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

/* Takes a keyword when it stands there alone. */
static bool
keyword(struct parser *x, const char *word)
{
	const size_t n = strlen(word);

	expr_blanks(x);
	if (strncmp(x->p, word, n) != 0 || expr_name_char(x->p[n]))
		return false;
	x->p += n;
	return true;
}

/*
 * Nodes are an array of fixed size and children are indexes into it: a
 * condition from a rule file cannot take memory without end.
 */
static int
expr_add(struct parser *x, enum expr_op op, int left, int right)
{
	struct expr_node *n = &x->e->node[x->e->n];

	if (x->e->n == EXPR_NODES)
		return expr_fail(x, x->p, SMPP_ERANGE, "too many conditions");
	memset(n, 0, sizeof(*n));
	n->op = op;
	n->left = (uint16_t)left;
	n->right = (uint16_t)right;
	return (int)x->e->n++;
}

/* A word of name characters into out. Returns its length, 0 for none. */
static size_t
expr_take_name(struct parser *x, char out[EXPR_WORD])
{
	size_t n = 0;

	while (expr_name_char(x->p[n]) && n < EXPR_WORD - 1)
		n++;
	memcpy(out, x->p, n);
	out[n] = '\0';
	x->p += n;
	return n;
}

/* The field, TLV or receipt part of a name, its "_name" taken off. */
static bool
find_plain(
    const struct expr *e, struct expr_node *n, const char *name, bool symbol)
{
	const int f = smpp_field_find(smpp_view_str(name));
	const struct smpp_tlv_row *row = smpp_dictionary_find(
	    e->dictionary, smpp_view_str(name));
	int i;

	/* Fields before TLVs: where both have a name, the body is meant. */
	if (f >= 0 && f < SMPP_F_BODY_COUNT) {
		n->source = symbol ? FIELD_SYMBOL : FIELD;
		n->number = (unsigned)f;
		return true;
	}
	if (row != NULL) {
		n->source = symbol ? TLV_SYMBOL : TLV;
		n->number = row->tag;
		n->tlv = row;
		return true;
	}
	if (symbol || strncmp(name, "receipt.", 8) != 0)
		return false;
	n->source = RECEIPT;
	for (i = 0; i < SMPP_RF_COUNT; i++)
		if (strcmp(name + 8, smpp_receipt_field_name(i)) == 0) {
			n->number = (unsigned)i;
			return true;
		}
	n->source = RECEIPT_STATE;
	return strcmp(name + 8, "message_state") == 0;
}

/* The whole name first: a TLV of a dictionary may itself end in _name. */
static bool
find_source(const struct expr *e, struct expr_node *n, const char *name)
{
	const size_t len = strlen(name);
	char base[EXPR_WORD];

	if (find_plain(e, n, name, false))
		return true;
	if (strcmp(name, "text") == 0) {
		n->source = TEXT;
		return true;
	}
	if (strcmp(name, "dir") == 0 || strcmp(name, "session") == 0) {
		n->source = *name == 'd' ? DIR : SESSION;
		return true;
	}
	if (len <= 5 || strcmp(name + len - 5, "_name") != 0)
		return false;
	memcpy(base, name, len - 5);
	base[len - 5] = '\0';
	return find_plain(e, n, base, true);
}

/* Only fields and TLVs are suggested: the other names are few and short. */
static int
unknown_name(struct parser *x, const char *at, const char *name)
{
	const struct smpp_tlv_row *row;
	struct smpp_suggest s;
	char why[EXPR_WORD];
	unsigned i;

	smpp_suggest_init(&s, name);
	for (i = 0; i < SMPP_F_BODY_COUNT; i++)
		smpp_suggest_try(&s, smpp_field_name(i));
	for (i = 0; (row = smpp_dictionary_row(x->e->dictionary, i)) != NULL;
	     i++)
		smpp_suggest_try(&s, row->name);
	if (s.best != NULL)
		snprintf(why, sizeof(why),
		    "no name '%.60s'; did you mean '%s'?", name, s.best);
	else
		snprintf(why, sizeof(why), "no name '%.60s'", name);
	return expr_fail(x, at, SMPP_ENAME, why);
}

/* The longer ones first, or <= would be read as < and a value "=5". */
static const struct {
	char text[3];
	enum expr_op op;
} operators[] = {{"==", EQ}, {"!=", NE}, {"<=", LE}, {">=", GE}, {"<", LT},
    {">", GT}, {"~", RE}};

static int
take_operator(struct parser *x)
{
	size_t i;

	expr_blanks(x);
	for (i = 0; i < sizeof(operators) / sizeof(operators[0]); i++)
		if (strncmp(x->p, operators[i].text,
			strlen(operators[i].text)) == 0) {
			x->p += strlen(operators[i].text);
			return (int)operators[i].op;
		}
	return expr_fail(
	    x, x->p, SMPP_ESYNTAX, "an operator wanted: == != < <= > >= ~");
}

/* A value: "quoted", with \" and \\, or everything up to a blank or ')'. */
static int
expr_take_value(struct parser *x, struct expr_node *n)
{
	const char *at = x->p;
	const bool quoted = *x->p == '"';
	size_t len = 0;

	for (x->p += quoted; *x->p != '\0'; x->p++) {
		if (quoted ? *x->p == '"'
			   : isspace((unsigned char)*x->p) || *x->p == ')')
			break;
		/*
		 * Other escapes stay: they are those of the regular
		 * expression.
		 */
		if (quoted && *x->p == '\\' &&
		    (x->p[1] == '"' || x->p[1] == '\\'))
			x->p++;
		if (len == EXPR_WORD - 1)
			return expr_fail(
			    x, at, SMPP_ERANGE, "the value is too long");
		n->text[len++] = *x->p;
	}
	n->text[len] = '\0';
	if (quoted && *x->p != '"')
		return expr_fail(
		    x, at, SMPP_ESYNTAX, "the closing quote is missing");
	x->p += quoted;
	/* An empty value is written "": otherwise it is a forgotten one. */
	if (len == 0 && !quoted)
		return expr_fail(x, at, SMPP_ESYNTAX, "a value wanted");
	return 0;
}

/* The row of a field: those of other versions and PDUs differ in neither kind
 * nor set. */
static const struct smpp_field *
expr_field(unsigned number)
{
	const struct smpp_field *f = NULL;

	if (number < SMPP_F_HEADER_COUNT)
		return &smpp_header[number];
	for (size_t i = 0; i < smpp_pdu_count && f == NULL; i++)
		f = smpp_field_of(
		    smpp_pdu_body(&smpp_pdus[i], SMPP_VANY), number);
	return f;
}

/* The set of a coded field or TLV. */
static unsigned
set_of(const struct expr_node *n)
{
	const struct smpp_field *f;

	if (n->source == TLV)
		return n->tlv->set;
	if (n->source == RECEIPT_STATE)
		return SMPP_SET_message_state;
	f = n->source == FIELD ? expr_field(n->number) : NULL;
	return f == NULL ? SMPP_SET_none : f->set;
}

/*
 * Whether values are numbers, which have 32 bits at most, and nothing else. A
 * value beyond 32 bits could never be equal: a condition that never holds is a
 * mistake of its author, told when it is read.
 */
static bool
expr_counts(const struct expr_node *n)
{
	const struct smpp_field *f;

	if (n->source == TLV)
		return n->tlv->kind == SMPP_KIND_UINT;
	f = n->source == FIELD ? expr_field(n->number) : NULL;
	if (f != NULL)
		return !smpp_kind_is_string(f->kind) &&
		       f->kind != SMPP_KIND_OCTETS;
	return n->source == SESSION || n->source == RECEIPT_STATE;
}

/*
 * strtod alone takes "inf", "nan", signs and blanks; a double holds every
 * number of a PDU exactly. An overflow becomes infinite, which is greater than
 * everything, as it should be.
 */
bool
expr_number(const char *text, double *num)
{
	const bool hex = *text == '0' && (text[1] | 0x20) == 'x';
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	*num = hex ? (double)strtoull(text, &end, 16) : strtod(text, &end);
	if (hex && errno == ERANGE)
		*num = HUGE_VAL;
	return *end == '\0';
}

/*
 * What the value at at is as a number: itself, or the number of a symbol.
 * Symbols are looked up once, here, and not for each PDU.
 */
static int
resolve(struct parser *x, struct expr_node *n, const char *at)
{
	uint32_t num;

	n->is_num = expr_number(n->text, &n->num);
	if (!n->is_num &&
	    smpp_enum_value(set_of(n), smpp_view_str(n->text), &num) == 0) {
		n->is_num = true;
		n->num = num;
	}
	if (n->is_num && n->num > UINT32_MAX && expr_counts(n))
		return expr_fail(
		    x, at, SMPP_ERANGE, "a number from 0 to 4294967295 wanted");
	return 0;
}

static int
compile(struct parser *x, struct expr_node *n, const char *at)
{
	char why[EXPR_WORD];
	const int rc = regcomp(&n->regex, n->text, REG_EXTENDED | REG_NOSUB);

	if (rc == 0) {
		/*
		 * Only now is there something to free when a later part is
		 * wrong.
		 */
		n->has_regex = true;
		return 0;
	}
	if (rc == REG_ESPACE)
		return expr_fail(x, at, SMPP_ENOMEM, "out of memory");
	regerror(rc, &n->regex, why, sizeof(why));
	return expr_fail(x, at, SMPP_ESYNTAX, why);
}

/* p=SHARE or every=N, the '=' next. */
static int
chance(struct parser *x, struct expr_node *n, bool share)
{
	const char *at = ++x->p;

	expr_blanks(x);
	n->op = share ? SHARE : EVERY;
	if (expr_take_value(x, n) != 0)
		return -1;
	/*
	 * -1 is outside of both ranges below: one message for all mistakes. A
	 * count is whole and has 32 bits: every=1e30 ended by SIGFPE once, for
	 * it became 0 and was divided by.
	 */
	if (!expr_number(n->text, &n->num))
		n->num = -1;
	if (share ? n->num >= 0 && n->num <= 1
		  : n->num >= 1 && n->num <= UINT32_MAX &&
			n->num == floor(n->num))
		return 0;
	return expr_fail(x, at, SMPP_ERANGE,
	    share ? "a share is 0 to 1"
		  : "a count from 1 to 4294967295 wanted");
}

static int
comparison(struct parser *x)
{
	const char *at = x->p;
	struct expr_node *n;
	char name[EXPR_WORD];
	int i, op;

	if (expr_take_name(x, name) == 0)
		return expr_fail(x, at, SMPP_ESYNTAX,
		    *at == '\0' ? "a condition is missing" : "a name wanted");
	if ((i = expr_add(x, EQ, 0, 0)) < 0)
		return -1;
	n = &x->e->node[i];
	expr_blanks(x);
	/* "p" and "every" are names otherwise: p == 1 is about a field p. */
	if (*x->p == '=' && x->p[1] != '=' &&
	    (strcmp(name, "p") == 0 || strcmp(name, "every") == 0))
		return chance(x, n, *name == 'p') == 0 ? i : -1;
	if (!find_source(x->e, n, name))
		return unknown_name(x, at, name);
	if ((op = take_operator(x)) < 0)
		return -1;
	n->op = (enum expr_op)op;
	expr_blanks(x);
	at = x->p;
	if (expr_take_value(x, n) != 0)
		return -1;
	/* A pattern is no number, even where it looks like one. */
	if (n->op == RE)
		return compile(x, n, at) == 0 ? i : -1;
	return resolve(x, n, at) == 0 ? i : -1;
}

static int alternatives(struct parser *x);

static int
negation(struct parser *x)
{
	int i;

	/*
	 * The parser recurses for each parenthesis and each not: the bound
	 * keeps a hostile rule from taking the stack. match() is as deep as
	 * this.
	 */
	if (++x->depth > EXPR_DEPTH)
		return expr_fail(x, x->p, SMPP_ERANGE, "nested too deep");
	if (keyword(x, "not")) {
		i = negation(x);
		/* NOT has one child, the right one is never looked at. */
		i = i < 0 ? i : expr_add(x, NOT, i, i);
	} else if (expr_blanks(x), *x->p == '(') {
		x->p++;
		if ((i = alternatives(x)) < 0)
			return i;
		expr_blanks(x);
		if (*x->p != ')')
			return expr_fail(x, x->p, SMPP_ESYNTAX, "')' wanted");
		x->p++;
	} else {
		i = comparison(x);
	}
	x->depth--;
	return i;
}

/*
 * Left to right: every= counts what it is asked about, so "a and every=2"
 * counts those for which a holds, and no others.
 */
static int
conjunction(struct parser *x)
{
	int right, left = negation(x);

	while (left >= 0 && keyword(x, "and")) {
		right = negation(x);
		left = right < 0 ? right : expr_add(x, AND, left, right);
	}
	return left;
}

static int
alternatives(struct parser *x)
{
	int right, left = conjunction(x);

	while (left >= 0 && keyword(x, "or")) {
		right = conjunction(x);
		left = right < 0 ? right : expr_add(x, OR, left, right);
	}
	return left;
}

struct expr *
expr_open(const char *text, const struct smpp_dictionary *d, uint64_t seed,
    struct smpp_err *err)
{
	struct parser x = {.text = text, .p = text, .err = err};
	struct expr *e = calloc(1, sizeof(*e));
	int root;

	if (e != NULL)
		e->node = calloc(EXPR_NODES, sizeof(*e->node));
	if (e == NULL || e->node == NULL) {
		smpp_err_set(err, SMPP_ENOMEM, "out of memory");
		goto fail;
	}
	x.e = e;
	e->dictionary = d;
	e->rng.state = seed;
	if ((root = alternatives(&x)) < 0)
		goto fail;
	e->root = (unsigned)root;
	expr_blanks(&x);
	/* The condition ended, and so has to be the text. */
	if (*x.p == '\0')
		return e;
	expr_fail(&x, x.p, SMPP_ESYNTAX, "'and' or 'or' wanted");
fail:
	expr_close(e);
	return NULL;
}

/* The name a source has, whether it is its number or its symbols. */
static enum expr_source
expr_plain(enum expr_source source)
{
	switch (source) {
	case FIELD_SYMBOL:
		return FIELD;
	case TLV_SYMBOL:
		return TLV;
	case RECEIPT_STATE:
		return RECEIPT;
	default:
		return source;
	}
}

/* Shares and counts (op above RE) are about no name. */
bool
expr_asks(const struct expr *e, const char *name)
{
	struct expr_node n = {0};
	const struct expr_node *at;

	if (!find_source(e, &n, name))
		return false;
	for (at = e->node; at < e->node + e->n; at++)
		if (at->op <= RE && expr_plain(at->source) == n.source &&
		    (at->number == n.number || n.source == RECEIPT))
			return true;
	return false;
}

void
expr_close(struct expr *e)
{
	unsigned i;

	if (e == NULL)
		return;
	for (i = 0; i < e->n; i++)
		if (e->node[i].has_regex)
			regfree(&e->node[i].regex);
	free(e->node);
	free(e->scratch);
	free(e);
}
