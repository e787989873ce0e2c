/* name=value text to the fields of a PDU. */
#include <string.h>

#include "base/hex.h"
#include "base/rd.h"
#include "show/build_int.h"
#include "show/show.h"
#include "base/suggest.h"

/* The text being read, the place where octets go, and who is told. */
struct text {
	const uint8_t *p, *end;
	struct smpp_wr *store;
	struct smpp_err *err;
	const char *what; /* the name before the '=' */
};

static int
syntax(struct text *t, const char *why)
{
	return smpp_err_set(t->err, SMPP_ESYNTAX, "%s: %s", t->what, why);
}

static bool
assign_starts(const struct text *t, const char *s)
{
	size_t n = strlen(s);

	return (size_t)(t->end - t->p) >= n && memcmp(t->p, s, n) == 0;
}

/* One escape, the backslash already taken, as in C. -1 when it is none. */
static int
assign_escape(struct text *t)
{
	static const char letters[] = "n\nr\rt\t0\0\\\\\"\"'\'";
	uint8_t octet;
	size_t i;

	if (t->end - t->p >= 3 && *t->p == 'x') {
		if (smpp_hex_decode(&octet, (const char *)t->p + 1, 2) != 1)
			return -1;
		t->p += 3;
		return octet;
	}
	for (i = 0; i < sizeof(letters) - 1 && t->p < t->end; i += 2)
		if ((uint8_t)letters[i] == *t->p) {
			t->p++;
			return (uint8_t)letters[i + 1];
		}
	return -1;
}

static int
assign_quoted(struct text *t)
{
	int c;

	for (t->p++; t->p < t->end && *t->p != '"';) {
		c = *t->p++;
		if (c == '\\' && (c = assign_escape(t)) < 0)
			return syntax(t, "an escape is \\n \\r \\t \\0 \\xNN");
		smpp_wr_u8(t->store, (uint8_t)c);
	}
	if (t->p == t->end)
		return syntax(t, "the closing quote is missing");
	t->p++;
	return 0;
}

/* Length of what stands before one of the stop characters, or the end. */
static size_t
assign_run(const struct text *t, const char *stop)
{
	const uint8_t *q = t->p;

	/* strchr() finds the NUL at the end of stop, too: as a value NUL is an
	 * octet like others. */
	while (q < t->end && (*q == 0 || strchr(stop, *q) == NULL))
		q++;
	return (size_t)(q - t->p);
}

/*
 * Reads octets up to a stop character: "quoted", hex:0aff, or as they stand.
 * Returns how many went to the store, or an error.
 */
static int64_t
assign_octets(struct text *t, const char *stop)
{
	const size_t start = t->store->n;
	uint8_t *room;
	size_t n;
	int rc;

	if (t->p < t->end && *t->p == '"') {
		if ((rc = assign_quoted(t)) != 0)
			return rc;
	} else if (assign_starts(t, "hex:")) {
		t->p += 4;
		n = assign_run(t, stop);
		/* Half of an odd n is checked below: the digits are read as a
		 * whole, and one too many is refused. */
		room = smpp_wr_room(t->store, n / 2);
		if (room != NULL &&
		    smpp_hex_decode(room, (const char *)t->p, n) < 0)
			return syntax(t, "hex: wants pairs of hex digits");
		t->p += n;
	} else {
		n = assign_run(t, stop);
		smpp_wr_view(t->store, smpp_view_of(t->p, n));
		t->p += n;
	}
	if (t->store->bad)
		return smpp_err_set(t->err, SMPP_ENOSPACE,
		    "%s: the values are too long", t->what);
	return (int64_t)(t->store->n - start);
}

/*
 * Reads "name=value" into a row of the item; its octets go to scratch. Values
 * may come in any order, and on the wire they have one: so an item is gathered
 * in scratch and written when it is whole.
 */
static int
item_pair(struct text *t, struct smpp_item *it, struct smpp_wr *scratch)
{
	const struct smpp_field *row;
	struct text inner = *t;
	struct smpp_val v = {0};
	size_t n = assign_run(t, "= }");
	int rc, r = smpp_item_row(it, smpp_view_of(t->p, n), t->err);

	if (r < 0)
		return r;
	row = &it->body[r];
	/* Else the second would take the place of the first without a word. */
	if (it->set >> r & 1)
		return smpp_err_set(t->err, SMPP_ESYNTAX, "%s: %s twice",
		    t->what, smpp_field_name(row->name));
	t->p += n;
	if (t->p == t->end || *t->p != '=')
		return syntax(t, "an item is {name=value name=value}");
	inner.p = ++t->p;
	inner.store = scratch;
	if (row->kind == SMPP_KIND_CSTR || row->kind == SMPP_KIND_OCTETS) {
		v.p = scratch->p + scratch->n;
		int64_t got = assign_octets(&inner, " }");

		if (got < 0)
			return (int)got;
		v.n = (uint32_t)got;
		t->p = inner.p;
	} else {
		n = assign_run(t, " }");
		rc = smpp_build_number(smpp_view_of(t->p, n), row->set,
		    smpp_kind_max(row->kind), smpp_field_name(row->name),
		    &v.num, t->err);
		if (rc != 0)
			return rc;
		t->p += n;
	}
	smpp_item_set(it, r, v);
	if (t->p < t->end && *t->p != ' ' && *t->p != '}')
		return syntax(t, "blanks stand between the values of an item");
	return 0;
}

/* Reads {name=value ...} and writes it in wire form. */
static int
assign_braces(struct text *t, const struct smpp_field *body, bool whole)
{
	uint8_t block[2048];
	struct smpp_wr scratch;
	struct smpp_item it;
	int rc;

	smpp_wr_init(&scratch, block, sizeof(block));
	smpp_item_init(&it, body);
	for (t->p++; t->p < t->end && *t->p != '}';) {
		if (*t->p == ' ') {
			t->p++;
			continue;
		}
		if ((rc = item_pair(t, &it, &scratch)) != 0)
			return rc;
	}
	if (t->p == t->end)
		return syntax(t, "the closing brace is missing");
	t->p++;
	if ((rc = smpp_item_check(&it, t->err)) != 0)
		return rc;
	smpp_item_write(&it, t->store, whole);
	return 0;
}

/* An item in short: dl:NAME, or an address, or the id it is. */
static int
short_item(struct text *t, const struct smpp_field *body)
{
	uint8_t block[256];
	struct smpp_wr scratch;
	struct smpp_item it;
	struct text inner = *t;
	const bool dl = assign_starts(t, "dl:");
	/* What a word by itself is depends on the list: an id, or a
	 * destination, where dl: says that it names a distribution list. */
	const unsigned name = dl ? SMPP_F_dl_name
			      : body[0].name == SMPP_F_message_id
				  ? SMPP_F_message_id
				  : SMPP_F_destination_addr;
	int64_t n;
	int r;

	smpp_wr_init(&scratch, block, sizeof(block));
	smpp_item_init(&it, body);
	r = smpp_item_row(&it, smpp_view_str(smpp_field_name(name)), t->err);
	if (r < 0)
		return r;
	inner.store = &scratch;
	inner.p += dl ? 3 : 0;
	if ((n = assign_octets(&inner, ",]")) < 0)
		return (int)n;
	/* By what was read, not by what came of it: "" in quotes is an empty
	 * value that was meant. */
	if (inner.p == t->p + (dl ? 3 : 0))
		return syntax(t, "an item is empty");
	t->p = inner.p;
	smpp_item_set(&it, r, (struct smpp_val){block, (uint32_t)n, 0});
	if ((r = smpp_item_check(&it, t->err)) != 0)
		return r;
	smpp_item_write(&it, t->store, true);
	return 0;
}

/* Reads items up to the closing bracket. Returns how many, or an error. */
static int64_t
items(struct text *t, const struct smpp_field *body)
{
	int64_t n = 0;
	int rc;

	if (t->p < t->end && *t->p == ']')
		return 0;
	for (;; t->p++) {
		rc = t->p < t->end && *t->p == '{'
			 ? assign_braces(t, body, true)
			 : short_item(t, body);
		if (rc != 0)
			return rc;
		n++;
		if (t->p == t->end)
			return syntax(t, "the closing bracket is missing");
		if (*t->p == ']')
			return n;
		if (*t->p != ',')
			return syntax(t, "a comma stands between two items");
	}
}

static int
assign_list(struct text *t, struct smpp_pdu *pdu, const struct smpp_field *row)
{
	const size_t start = t->store->n;
	int64_t n;
	int rc;

	if (t->p == t->end || *t->p != '[')
		return syntax(t, "a list is [item,item]");
	t->p++;
	if ((n = items(t, row->items)) < 0)
		return (int)n;
	t->p++;
	rc = smpp_build_count(pdu, row->name, (size_t)n, "items", t->err);
	if (rc != 0)
		return rc;
	if (t->store->bad)
		return smpp_err_set(
		    t->err, SMPP_ENOSPACE, "%s: the list is too long", t->what);
	smpp_pdu_set_list(pdu, row->name,
	    smpp_view_of(t->store->p + start, t->store->n - start),
	    (uint32_t)n);
	return 0;
}

static int
whole_value(struct text *t)
{
	return t->p == t->end ? 0 : syntax(t, "something follows the value");
}

static int
assign_field(struct text *t, struct smpp_pdu *pdu, const struct smpp_field *row)
{
	uint32_t num;
	int64_t n;
	int rc;

	/* A dump masks passwords: sent again, the asterisks would be tried as
	 * one. */
	if (smpp_field_secret(row->name) &&
	    smpp_secret_masked(smpp_view_of(t->p, (size_t)(t->end - t->p))))
		return syntax(
		    t, "masked; --show-secrets keeps it, quotes if it is that");

	switch (row->kind) {
	case SMPP_KIND_LIST:
		if ((rc = assign_list(t, pdu, row)) != 0)
			return rc;
		return whole_value(t);
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
	case SMPP_KIND_OCTETS:
		if ((n = assign_octets(t, "")) < 0)
			return (int)n;
		if ((rc = whole_value(t)) != 0)
			return rc;
		return smpp_build_octets(pdu, row, t->store, (size_t)n, t->err);
	default:
		rc = smpp_build_number(
		    smpp_view_of(t->p, (size_t)(t->end - t->p)), row->set,
		    smpp_kind_max(row->kind), t->what, &num, t->err);
		if (rc == 0)
			smpp_pdu_set_num(pdu, row->name, num);
		return rc;
	}
}

/* The TLV of a name or of 0xTAG. */
static int
tlv_tag(struct text *t, const struct smpp_pdu *pdu, struct smpp_view name,
    uint16_t *tag, const struct smpp_tlv_row **row)
{
	struct smpp_suggest s;
	uint32_t num;
	size_t i;

	/* No name begins with a digit. */
	if (name.n > 2 && name.p[0] == '0') {
		int rc = smpp_build_number(
		    name, SMPP_SET_none, UINT16_MAX, "tlv", &num, t->err);

		*tag = (uint16_t)num;
		*row = rc == 0 ? smpp_pdu_tlv_row(pdu, *tag) : NULL;
		return rc;
	}
	*row = smpp_dictionary_find(pdu->dictionary, name);
	if (*row != NULL) {
		*tag = (*row)->tag;
		return 0;
	}
	/* Behind "tlv.". */
	smpp_suggest_init(&s, t->what + 4);
	for (i = 0; (*row = smpp_dictionary_row(pdu->dictionary, i)) != NULL;
	     i++)
		smpp_suggest_try(&s, (*row)->name);
	if (s.best == NULL)
		return smpp_err_set(
		    t->err, SMPP_ENAME, "no TLV '%s'", t->what + 4);
	return smpp_err_set(t->err, SMPP_ENAME,
	    "no TLV '%s'; did you mean '%s'?", t->what + 4, s.best);
}

/* Whether what stands there is 0x and digits. */
static bool
assign_is_hex(const struct text *t)
{
	const uint8_t *p = t->p + 2;

	if (!assign_starts(t, "0x") || p == t->end)
		return false;
	while (p < t->end && strchr("0123456789abcdefABCDEF", *p) != NULL &&
	       *p != 0)
		p++;
	return p == t->end;
}

/*
 * Whether a value that stands bare is a number: where the TLV is one. What
 * vendors put into their TLVs is text as a rule, of digits alone, too; there
 * only 0x is a number.
 */
static bool
assign_is_number(const struct text *t, const struct smpp_tlv_row *row)
{
	if (t->p == t->end || *t->p == '"' || assign_starts(t, "hex:"))
		return false;
	if (row == NULL || row->kind == SMPP_KIND_TEXT)
		return assign_is_hex(t);
	return row->kind == SMPP_KIND_UINT;
}

/* A TLV's value: text, octets, a structure, or a number where it is one. */
static int
assign_tlv_value(struct text *t, const struct smpp_tlv_row *row)
{
	const bool octets = t->p == t->end || *t->p == '"' ||
			    assign_starts(t, "hex:");
	const bool ends = row != NULL && smpp_kind_is_string(row->kind) &&
			  !assign_starts(t, "hex:");
	uint32_t num;
	int64_t n;
	int rc;

	if (!octets && row != NULL && row->kind == SMPP_KIND_STRUCT) {
		if (*t->p != '{')
			return syntax(t, "{name=value ...} or hex: wanted");
		return assign_braces(t, row->members, false);
	}
	if (!assign_is_number(t, row)) {
		if ((n = assign_octets(t, "")) < 0)
			return (int)n;
		/* The NUL is part of the value of a TLV of this kind; with
		 * hex: the octets are meant as they stand. */
		if (ends)
			smpp_wr_u8(t->store, 0);
		return 0;
	}
	rc = smpp_build_number(smpp_view_of(t->p, (size_t)(t->end - t->p)),
	    row == NULL ? SMPP_SET_none : row->set, UINT32_MAX, t->what, &num,
	    t->err);
	t->p = t->end;
	return rc != 0 ? rc
		       : smpp_build_uint(row, num, t->what, t->store, t->err);
}

/*
 * Adds the TLV that stands in wire form at start of the store. Beyond those
 * the object keeps all TLVs must stand together: then they are written again,
 * once if no field comes between the ones that follow.
 */
static int
assign_add_tlv(struct text *t, struct smpp_pdu *pdu, size_t start)
{
	struct smpp_wr *store = t->store;
	const uint8_t *p = store->p + start;
	struct smpp_view raw = pdu->tlv_raw,
			 new = smpp_view_of(p, store->n - start);
	struct smpp_tlv_it it;
	struct smpp_tlv tlv;

	if (pdu->ntlv_total < SMPP_TLVS_MAX)
		return smpp_pdu_add_tlv(
		    pdu, smpp_get_u16(p), smpp_view_of(p + 4, new.n - 4));
	/* It stands right behind the others in the store: all of them are one
	 * list as it is. */
	if (raw.p != NULL && smpp_view_end(raw) == p) {
		raw.n += new.n;
		return smpp_pdu_set_tlvs(pdu, raw);
	}
	start = store->n;
	smpp_tlv_begin(&it, pdu);
	while (smpp_tlv_next(&it, &tlv)) {
		smpp_wr_u16(store, tlv.tag);
		smpp_wr_u16(store, tlv.n);
		smpp_wr_view(store, smpp_tlv_view(&tlv));
	}
	smpp_wr_view(store, new);
	if (store->bad)
		return smpp_err_set(t->err, SMPP_ENOSPACE,
		    "%s: the values are too long", t->what);
	return smpp_pdu_set_tlvs(
	    pdu, smpp_view_of(store->p + start, store->n - start));
}

static int
assign_tlv(struct text *t, struct smpp_pdu *pdu, struct smpp_view name)
{
	const struct smpp_tlv_row *row = NULL;
	uint16_t tag = 0;
	size_t start;
	int rc = tlv_tag(t, pdu, name, &tag, &row);

	if (rc != 0)
		return rc;
	start = smpp_build_tlv_begin(t->store, tag);
	if ((rc = assign_tlv_value(t, row)) != 0 || (rc = whole_value(t)) != 0)
		return rc;
	rc = smpp_build_tlv_end(t->store, start, t->err);
	return rc != 0 ? rc : assign_add_tlv(t, pdu, start);
}

/*
 * The row of a name in the PDU's version, the header included. Of a command
 * that nothing is known of only the header has fields; its body is octets,
 * "undecoded".
 */
static const struct smpp_field *
find_row(const struct smpp_pdu *pdu, struct smpp_view name)
{
	const int n = smpp_field_find(name);

	if (n < 0)
		return NULL;
	if (n < SMPP_F_HEADER_COUNT)
		return &smpp_header[n];
	if (pdu->row == NULL)
		return NULL;
	return smpp_field_of(smpp_pdu_body(pdu->row, pdu->ver), (unsigned)n);
}

static int
no_field(struct text *t, const struct smpp_pdu *pdu)
{
	const struct smpp_field *row;
	struct smpp_suggest s;
	const char *pdu_name = pdu->row == NULL ? "this PDU" : pdu->row->name;

	smpp_suggest_init(&s, t->what);
	if (pdu->row != NULL) {
		row = smpp_pdu_body(pdu->row, pdu->ver);
		for (; row->kind != SMPP_KIND_END; row++)
			smpp_suggest_try(&s, smpp_field_name(row->name));
	}
	if (s.best == NULL)
		return smpp_err_set(t->err, SMPP_ENAME, "no field '%s' in %s",
		    t->what, pdu_name);
	return smpp_err_set(t->err, SMPP_ENAME,
	    "no field '%s' in %s; did you mean '%s'?", t->what, pdu_name,
	    s.best);
}

/* Octets that belong to no field. Without them what came damaged could not be
 * sent again as it came. */
static int
loose(struct text *t, struct smpp_pdu *pdu)
{
	struct smpp_view v;
	int64_t n = assign_octets(t, "");
	int rc;

	if (n < 0)
		return (int)n;
	if ((rc = whole_value(t)) != 0)
		return rc;
	v = smpp_view_of(t->store->p + t->store->n - n, (size_t)n);
	if (t->what[0] == 's')
		return smpp_build_stray(pdu, v, t->err);
	smpp_pdu_set_rest(pdu, v);
	return 0;
}

int
smpp_pdu_assign(struct smpp_pdu *pdu, struct smpp_view pair,
    struct smpp_wr *store, struct smpp_err *err)
{
	const struct smpp_field *row;
	const uint8_t *eq = pair.n == 0 ? NULL : memchr(pair.p, '=', pair.n);
	struct text t = {.store = store, .err = err};
	struct smpp_view name = pair;
	char what[64] = "";

	name.n = eq == NULL ? pair.n : (uint32_t)(eq - pair.p);
	if (eq == NULL || name.n == 0 || name.n >= sizeof(what))
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "'%.*s' is not name=value",
		    (int)(pair.n < 40 ? pair.n : 40),
		    pair.n == 0 ? "" : (const char *)pair.p);
	memcpy(what, name.p, name.n);
	t.what = what;
	t.p = eq + 1;
	t.end = smpp_view_end(pair);
	if (strncmp(what, "tlv.", 4) == 0)
		return assign_tlv(
		    &t, pdu, smpp_view_of(name.p + 4, name.n - 4));
	if (strcmp(what, "undecoded") == 0 || strcmp(what, "stray") == 0)
		return loose(&t, pdu);
	if ((row = find_row(pdu, name)) == NULL)
		return no_field(&t, pdu);
	if (row == &smpp_header[SMPP_F_command_length] ||
	    row == &smpp_header[SMPP_F_command_id])
		return syntax(&t, "follows from the PDU and is not set");
	return assign_field(&t, pdu, row);
}

/* For lie.c, which has the names without their values; the same words for a
 * name that is none. */
const struct smpp_field *
smpp_build_row(
    const struct smpp_pdu *pdu, struct smpp_view name, struct smpp_err *err)
{
	const struct smpp_field *row = find_row(pdu, name);
	char what[64] = "";
	struct text t = {.err = err, .what = what};

	if (row != NULL)
		return row;
	if (name.n > 0)
		memcpy(what, name.p,
		    name.n < sizeof(what) ? name.n : sizeof(what) - 1);
	no_field(&t, pdu);
	return NULL;
}

int
smpp_build_tag(const struct smpp_pdu *pdu, struct smpp_view name, uint16_t *tag,
    struct smpp_err *err)
{
	char what[64] = "tlv.";
	struct text t = {.err = err, .what = what};
	const struct smpp_tlv_row *row;

	if (name.n >= sizeof(what) - 4)
		return smpp_err_set(err, SMPP_ENAME, "no such TLV");
	if (name.n > 0)
		memcpy(what + 4, name.p, name.n);
	return tlv_tag(&t, pdu, name, tag, &row);
}

int64_t
smpp_build_value(struct smpp_view text, const char *what, struct smpp_wr *store,
    struct smpp_err *err)
{
	struct text t = {text.p, smpp_view_end(text), store, err, what};
	int64_t n = assign_octets(&t, "");
	int rc = n < 0 ? 0 : whole_value(&t);

	return rc != 0 ? rc : n;
}
