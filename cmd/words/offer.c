/* The words of the protocol as candidates: for shells and for the prompt. */
#include "offer.h"

#include <string.h>

#include "explain.h"
#include "kit/cmd.h"
#include "names.h"
#include "msg/split.h"
#include "text/text.h"

/* --- fields and TLVs of a PDU --- */

static const char *
offer_type(struct ask *q, unsigned kind, uint32_t min, uint32_t max)
{
	char text[32];

	return cmd_printf(q->c, "%s", explain_type(text, kind, min, max));
}

/* "string 1-21  address of the sender" */
static const char *
offer_describe(struct ask *q, const struct smpp_field *f)
{
	return cmd_printf(q->c, "%-12s  %s",
	    offer_type(q, f->kind, f->min, f->max), smpp_field_brief(f->name));
}

static const char *
offer_describe_tlv(struct ask *q, const struct smpp_tlv_row *t)
{
	return cmd_printf(q->c, "0x%04x  %-12s  %s", t->tag,
	    offer_type(q, t->kind, t->min, t->max), t->brief);
}

/*
 * Whether a line sets a field already. A word at its start, and not a part of
 * a longer name: source_addr is in source_addr_ton. What the cursor is at does
 * not count.
 */
static bool
offer_is_set(const struct ask *q, const char *name)
{
	const char *s = q->text, *end = q->word;
	size_t n = strlen(name);

	while ((s = strstr(s, name)) != NULL && s < end) {
		if (s > q->text && strchr(" !", s[-1]) != NULL && s[n] == '=')
			return true;
		s += n;
	}
	return false;
}

/* Lengths follow from what they count, so only a lie can set them. */
static void
offer_fields(struct ask *q, const struct smpp_field *f, bool lying)
{
	for (; f->kind != SMPP_KIND_END; f++) {
		const char *name = smpp_field_name(f->name);

		if ((lying || f->arg != SMPP_ARG_COUNTS) &&
		    !offer_is_set(q, name))
			ask_offer(q, name, offer_describe(q, f));
	}
}

/* The TLVs that the PDU may have in the version; all others, when the word
 * fits none of those, as far as it fits them. */
static void
offer_tlvs(struct ask *q, const struct smpp_pdu_row *row, enum smpp_ver ver)
{
	const struct smpp_tlv_row *t;
	size_t i;

	q->lead = "tlv.";
	for (i = 0; (t = smpp_dictionary_row(q->c->dictionary, i)) != NULL; i++)
		if (smpp_tlv_fits(t, row, ver) || strlen(q->word) > 6)
			ask_offer(q, t->name, offer_describe_tlv(q, t));
}

static void
offer_values(struct ask *q, unsigned set)
{
	if (smpp_set_is_bits(set))
		ask_behind(q, ",");
	q->trail = "";
	names_of_set(set, ask_offer, q);
}

/* What follows "name=". */
static void
field_value(
    struct ask *q, const struct smpp_pdu_row *row, enum smpp_ver ver, size_t eq)
{
	struct smpp_view name = smpp_view_of(q->word, eq);
	const struct smpp_tlv_row *t = NULL;
	const struct smpp_field *f = NULL;
	int n = smpp_field_find(name);

	if (name.n > 4 && memcmp(name.p, "tlv.", 4) == 0)
		t = smpp_dictionary_find(
		    q->c->dictionary, smpp_view_of(name.p + 4, name.n - 4));
	else if (n >= 0 && n < SMPP_F_HEADER_COUNT)
		f = &smpp_header[n];
	else if (n >= 0)
		f = smpp_field_of(smpp_pdu_body(row, ver), (unsigned)n);
	ask_skip(q, eq + 1);
	/*
	 * The hint is shown even where there are no words to offer: a field of
	 * free text has its type and limit told.
	 */
	if (f != NULL)
		q->hint = cmd_printf(q->c, "%.*s  %s", (int)name.n,
		    (const char *)name.p, offer_describe(q, f));
	if (t != NULL)
		q->hint = cmd_printf(q->c, "%.*s  %s", (int)name.n,
		    (const char *)name.p, offer_describe_tlv(q, t));
	offer_values(q, f != NULL   ? f->set
			: t != NULL ? t->set
				    : SMPP_SET_none);
}

void
offer_field(struct ask *q, const struct smpp_pdu_row *row, enum smpp_ver ver)
{
	bool lying = *q->word == '!', omits = *q->word == '~';
	size_t eq;

	/*
	 * The PDU does not exist in this version: no word for it could be
	 * right.
	 */
	if (!(row->vers & ver))
		return;
	ask_skip(q, lying || omits);
	eq = strcspn(q->word, "=");
	if (q->word[eq] == '=') {
		field_value(q, row, ver, eq);
		return;
	}
	/* A field that is left out has no value, others await one. */
	q->trail = omits ? "" : "=";
	if (strncmp(q->word, "tlv.", 4) == 0) {
		offer_tlvs(q, row, ver);
		return;
	}
	offer_fields(q, smpp_pdu_body(row, ver), lying || omits);
	/* The header can be lied about; it is set by the session otherwise. */
	if (lying || omits) {
		offer_fields(q, smpp_header, true);
		return;
	}
	if (row->id == SMPP_C_replace_sm ||
	    smpp_field_of(smpp_pdu_body(row, ver), SMPP_F_data_coding) != NULL)
		ask_offer(q, "text",
		    "UTF-8         the text, encoded as data_coding says, "
		    "or as fits");
	q->trail = "";
	if (ver != SMPP_V33)
		ask_offer(q, "tlv.", "a TLV, by its name or 0xTAG");
}

/* --- values of options --- */

void
offer_set(struct ask *q, const struct opt *o)
{
	offer_values(q, o->arg);
}

void
offer_tlv(struct ask *q, const struct opt *o)
{
	size_t eq = strcspn(q->word, "=");
	const struct smpp_tlv_row *t = smpp_dictionary_find(
	    q->c->dictionary, smpp_view_of(q->word, eq));

	(void)o;
	if (q->word[eq] == '\0') {
		q->trail = "=";
		names_each(NAMES_TLV, q->c->dictionary, ask_offer, q);
		return;
	}
	ask_skip(q, eq + 1);
	offer_values(q, t == NULL ? SMPP_SET_none : t->set);
}

/* Statuses are of the specification alone, no dictionary has any. */
void
offer_status(struct ask *q, const struct opt *o)
{
	(void)o;
	names_each(NAMES_STATUS, NULL, ask_offer, q);
}

void
offer_keys(struct ask *q, const struct opt *o)
{
	(void)o;
	ask_behind(q, ",");
	names_each(NAMES_KEY, q->c->dictionary, ask_offer, q);
}

/*
 * The word begins behind the last "%{"; one that is closed has nothing left to
 * offer.
 */
void
offer_format(struct ask *q, const struct opt *o)
{
	const char *next;
	bool key = false;

	(void)o;
	for (; (next = strstr(q->word, "%{")) != NULL; key = true)
		q->word = next + 2;
	q->trail = "}";
	if (key && strchr(q->word, '}') == NULL)
		names_each(NAMES_KEY, q->c->dictionary, ask_offer, q);
}

void
offer_encoding(struct ask *q, const struct opt *o)
{
	(void)o;
	ask_offer(q, "auto", "that of the SMSC, or ucs2");
	for (int i = 0; i < SMPP_ALPHA_COUNT; i++)
		ask_offer(q, smpp_alphabet_name((enum smpp_alphabet)i),
		    smpp_alphabet_brief((enum smpp_alphabet)i));
}

void
offer_split(struct ask *q, const struct opt *o)
{
	(void)o;
	for (int i = 0; i < SMPP_SPLIT_METHODS; i++)
		ask_offer(q, smpp_split_name((enum smpp_split_method)i), NULL);
}

/* --- expressions --- */

/* The name before an operator, and what it can be compared with. */
static void
offer_compared(struct ask *q, size_t n)
{
	struct smpp_view name = smpp_view_of(q->word, n);
	const struct smpp_tlv_row *t = smpp_dictionary_find(
	    q->c->dictionary, name);
	bool pdu = smpp_view_is(name, "command_id");
	bool status = smpp_view_is(name, "command_status");
	int f = smpp_field_find(name);
	const struct smpp_field *row = NULL;

	for (size_t i = 0; f >= 0 && row == NULL && i < smpp_pdu_count; i++)
		row = smpp_field_of(
		    smpp_pdu_body(&smpp_pdus[i], SMPP_VANY), (unsigned)f);
	ask_skip(q, n + strspn(q->word + n, "=!<>~"));
	if (pdu)
		names_each(NAMES_PDU, NULL, ask_offer, q);
	else if (status)
		names_each(NAMES_STATUS, NULL, ask_offer, q);
	else
		offer_values(q, row != NULL ? row->set
				: t != NULL ? t->set
					    : SMPP_SET_none);
}

/* An expression: the last condition in it. */
void
offer_expr(struct ask *q)
{
	size_t n;

	ask_behind(q, " (");
	n = strcspn(q->word, "=!<>~");
	if (q->word[n] != '\0')
		offer_compared(q, n);
	else
		names_each(NAMES_KEY, q->c->dictionary, ask_offer, q);
}
