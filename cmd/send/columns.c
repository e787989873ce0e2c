/* smpp send: the columns of a sheet, and what a row says. */
#include <stdlib.h>
#include <string.h>

#include "send.h"
#include "sheet.h"
#include "base/suggest.h"

/* What people call the fields they need most. */
static const char *const alias[][2] = {
    {"to", "destination_addr"},
    {"from", "source_addr"},
};

/* What a name sets: "text", a field of submit_sm or "tlv.NAME"; NULL for none
 * of them. */
static const char *
field_of(const struct send *s, const char *name)
{
	const struct smpp_field *rows = smpp_pdu_body(
	    smpp_pdu_of(SMPP_C_submit_sm), s->a.target.ver);
	int n;

	for (size_t i = 0; i < sizeof(alias) / sizeof(alias[0]); i++)
		if (strcmp(name, alias[i][0]) == 0)
			return alias[i][1];
	n = smpp_field_find(smpp_view_str(name));
	if (strcmp(name, "text") == 0 || strncmp(name, "tlv.", 4) == 0 ||
	    (n >= 0 && smpp_field_of(rows, (unsigned)n) != NULL))
		return name;
	return NULL;
}

/*
 * The number of the column of this name; -1 after saying that there is none.
 * Columns are asked for by their exact names: "To" and "to" may both be there.
 */
static int
find_column(struct send *s, const char *option, struct smpp_view name)
{
	struct source *src = &s->src;
	struct smpp_suggest near;
	char *word = cmd_printf(
	    s->c, "%.*s", (int)name.n, (const char *)name.p);

	smpp_suggest_init(&near, word);
	for (unsigned i = 0; i < src->columns; i++) {
		if (strcmp(src->column[i].name, word) == 0)
			return (int)i;
		smpp_suggest_try(&near, src->column[i].name);
	}
	if (near.best != NULL)
		out_usage(s->c, "%s: %s has no column '%s'; did you mean '%s'?",
		    option, src->in.name, word, near.best);
	else
		out_usage(s->c, "%s: %s has no column '%s'", option,
		    src->in.name, word);
	return -1;
}

/* One "to=phone" of --map. */
static int
map_one(struct send *s, const char *pair, size_t n)
{
	const char *eq = memchr(pair, '=', n);
	const char *field;
	char *name;
	int i;

	if (eq == NULL)
		return out_usage(
		    s->c, "--map: '%.*s' is not FIELD=COLUMN", (int)n, pair);
	name = cmd_printf(s->c, "%.*s", (int)(eq - pair), pair);
	field = field_of(s, name);
	if (field == NULL)
		return out_usage(s->c,
		    "--map: '%s' is neither to, from, text nor a field", name);
	i = find_column(
	    s, "--map", smpp_view_of(eq + 1, n - (size_t)(eq + 1 - pair)));
	if (i < 0)
		return SMPP_EXIT_USAGE;
	/*
	 * What is mapped takes the place of a column that has the name by
	 * chance.
	 */
	for (unsigned k = 0; k < s->src.columns; k++)
		if (s->src.column[k].field != NULL &&
		    strcmp(s->src.column[k].field, field) == 0)
			s->src.column[k].field = NULL;
	s->src.column[i].field = field;
	return 0;
}

static int
map(struct send *s)
{
	const char *p = s->a.map;
	size_t n;
	int rc = 0;

	while (p != NULL && rc == 0) {
		n = strcspn(p, ",");
		rc = map_one(s, p, n);
		p = p[n] == ',' ? p + n + 1 : NULL;
	}
	return rc;
}

/* Names become numbers of columns here, before any row. */
static int
bind_template(struct send *s)
{
	struct template *t = &s->src.template;
	struct smpp_err err;
	int rc, i;

	if (s->a.template == NULL)
		return 0;
	smpp_err_clear(&err);
	rc = template_parse(t, s->a.template, &err);
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc != 0) {
		out_spot(s->c, s->a.template, (size_t)err.offset);
		return out_usage(s->c, "--template: %s", err.msg);
	}
	for (size_t k = 0; k < t->n; k++) {
		if (!t->v[k].name)
			continue;
		i = find_column(s, "--template", t->v[k].text);
		if (i < 0)
			return SMPP_EXIT_USAGE;
		t->v[k].value = (unsigned)i;
	}
	return 0;
}

/* Whether a column sets this field. */
static bool
sets(const struct source *src, const char *field)
{
	for (unsigned i = 0; i < src->columns; i++)
		if (src->column[i].field != NULL &&
		    strcmp(src->column[i].field, field) == 0)
			return true;
	return false;
}

int
columns_header(struct send *s)
{
	struct source *src = &s->src;
	struct smpp_view v;
	int rc;

	src->columns = sheet_cells(src->sheet);
	src->column = cmd_alloc(s->c, src->columns * sizeof(*src->column));
	for (unsigned i = 0; i < src->columns; i++) {
		v = sheet_cell(src->sheet, i);
		src->column[i].name = cmd_printf(
		    s->c, "%.*s", (int)v.n, (const char *)v.p);
		src->column[i].field = field_of(s, src->column[i].name);
	}
	rc = map(s);
	if (rc == 0)
		rc = bind_template(s);
	for (unsigned i = 0; rc == 0 && i < src->columns; i++)
		if (src->column[i].field != NULL)
			out_say(s->c, 1, "== column '%s' is %s",
			    src->column[i].name, src->column[i].field);
	/* -d gives the address for all rows. */
	if (rc != 0 || s->a.dest.n > 0 || sets(src, "destination_addr"))
		return rc;
	out_hint(s->c, "--map to=COLUMN says where the addresses are");
	return out_usage(
	    s->c, "%s: no column 'to' or 'destination_addr'", src->in.name);
}

/* Sets what one cell says; nothing when it is empty. */
static int
set_cell(struct send *s, const struct column *col, struct smpp_view cell,
    struct smpp_wr *store)
{
	struct draft *d = &s->src.draft;
	struct smpp_err err;
	size_t start = store->n;
	int rc;

	/* An empty cell leaves the field to the options. */
	if (col->field == NULL || cell.n == 0)
		return 0;
	if (strcmp(col->field, "text") == 0) {
		d->text = cell;
		return 0;
	}
	smpp_err_clear(&err);
	/*
	 * Addresses are taken as they are: words may be quoted, or in
	 * hexadecimal.
	 */
	if (strcmp(col->field, "destination_addr") == 0 ||
	    strcmp(col->field, "source_addr") == 0) {
		smpp_pdu_set_view(&d->pdu,
		    (unsigned)smpp_field_find(smpp_view_str(col->field)), cell);
		return 0;
	}
	smpp_wr_view(store, smpp_view_str(col->field));
	smpp_wr_u8(store, '=');
	smpp_wr_view(store, cell);
	rc = submit_assign(&d->pdu,
	    smpp_view_of(store->p + start, store->n - start), store, &err);
	return rc == 0 ? 0
		       : send_error(s, SMPP_EXIT_DATA, "sheet", "%s", err.msg);
}

/* The text of the template, with the values of the row. */
static void
fill_template(struct send *s, struct smpp_wr *store)
{
	const struct template *t = &s->src.template;
	const size_t start = store->n;
	struct smpp_view v;

	for (size_t i = 0; i < t->n; i++) {
		v = t->v[i].text;
		if (t->v[i].name)
			v = sheet_cell(s->src.sheet, t->v[i].value);
		smpp_wr_view(store, v);
	}
	s->src.draft.text = smpp_view_of(store->p + start, store->n - start);
}

int
columns_draft(struct send *s)
{
	struct source *src = &s->src;
	const unsigned n = sheet_cells(src->sheet);
	struct smpp_view octets;
	struct smpp_wr store;

	smpp_pdu_init(&src->draft.pdu, SMPP_C_submit_sm, 0, s->a.target.ver);
	src->draft.pdu.dictionary = s->c->dictionary;
	/*
	 * A row with a comma too many would send one's text to another's
	 * number.
	 */
	if (n != src->columns)
		return send_error(s, SMPP_EXIT_DATA, "sheet",
		    "%u values, the header has %u", n, src->columns);
	smpp_wr_init(&store, src->store, DRAFT_MAX);
	src->draft.text.p = NULL;
	for (unsigned i = 0; i < n; i++)
		if (set_cell(s, &src->column[i], sheet_cell(src->sheet, i),
			&store) != 0)
			return SMPP_EXIT_DATA;
	if (s->a.template != NULL)
		fill_template(s, &store);
	if (store.bad)
		return send_error(
		    s, SMPP_EXIT_DATA, "sheet", "the values are too long");
	if (src->draft.text.p == NULL &&
	    smpp_pdu_payload(&src->draft.pdu, &octets) < 0)
		src->draft.text = src->text;
	return 0;
}
