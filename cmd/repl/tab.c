/* smpp repl: what may stand at the end of a line. No terminal in here. */
#include <stdio.h>

#include "words/explain.h"
#include "words/names.h"
#include "target/profile.h"
#include "repl.h"

/*
 * One question. A candidate is offered when it begins with word, which stands
 * at text + at; lead goes before it, trail behind it.
 */
struct ask {
	struct repl *r;
	struct ctx *c;
	const char *text, *word;
	size_t at;
	const char *lead, *trail;
	candidate_fn fn;
	void *arg;
	const char *hint;
};

static enum smpp_ver
tab_version(const struct repl *r)
{
	return wire_open(r) ? r->link.conn.s.ver : r->target.ver;
}

static void
tab_offer(void *arg, const char *name, const char *brief)
{
	struct ask *q = arg;
	const char *full = cmd_printf(q->c, "%s%s%s", q->lead, name, q->trail);

	if (strncmp(full, q->word, strlen(q->word)) == 0)
		q->fn(q->arg, full, brief == NULL ? "" : brief);
}

/* The word begins n characters later than it was thought. */
static void
tab_skip(struct ask *q, size_t n)
{
	q->word += n;
	q->at += n;
}

/* Makes what follows the last of these characters the word. */
static void
tab_after_last(struct ask *q, const char *marks)
{
	for (size_t i = strlen(q->word); i > 0; i--)
		if (strchr(marks, q->word[i - 1]) != NULL) {
			tab_skip(q, i);
			return;
		}
}

/* --- fields and TLVs of a PDU --- */

static const char *
type_of(struct ask *q, unsigned kind, uint32_t min, uint32_t max)
{
	char text[32];

	return cmd_printf(q->c, "%s", explain_type(text, kind, min, max));
}

/* "string 1-21  address of the sender" */
static const char *
tab_describe(struct ask *q, const struct smpp_field *f)
{
	return cmd_printf(q->c, "%-12s  %s",
	    type_of(q, f->kind, f->min, f->max), smpp_field_brief(f->name));
}

static const char *
describe_tlv(struct ask *q, const struct smpp_tlv_row *t)
{
	return cmd_printf(q->c, "0x%04x  %-12s  %s", t->tag,
	    type_of(q, t->kind, t->min, t->max), t->brief);
}

/* Whether a line sets a field already. */
static bool
tab_is_set(const struct ask *q, const char *name)
{
	const char *s = q->text, *end = q->text + q->at;
	size_t n = strlen(name);

	while ((s = strstr(s, name)) != NULL && s < end) {
		if (s > q->text && strchr(" !", s[-1]) != NULL && s[n] == '=')
			return true;
		s += n;
	}
	return false;
}

static void
offer_fields(struct ask *q, const struct smpp_field *f, bool lying)
{
	for (; f->kind != SMPP_KIND_END; f++) {
		const char *name = smpp_field_name(f->name);

		if ((lying || f->arg != SMPP_ARG_COUNTS) &&
		    !tab_is_set(q, name))
			tab_offer(q, name, tab_describe(q, f));
	}
}

/* The TLVs that the PDU may have in the version; all others, when the word
 * fits none of those, as far as it fits them. */
static void
offer_tlvs(struct ask *q, const struct smpp_pdu_row *row)
{
	const enum smpp_ver ver = tab_version(q->r) == SMPP_V50 ? SMPP_V50
								: SMPP_V34;
	const struct smpp_tlv_row *t = smpp_tlvs;

	q->lead = "tlv.";
	for (; t < smpp_tlvs + smpp_tlv_count; t++)
		if (smpp_tlv_fits(t, row, ver) || strlen(q->word) > 6)
			tab_offer(q, t->name, describe_tlv(q, t));
}

static void
offer_values(struct ask *q, unsigned set)
{
	if (smpp_set_is_bits(set))
		tab_after_last(q, ",");
	q->trail = "";
	names_of_set(set, tab_offer, q);
}

/* What follows "name=". */
static void
field_value(struct ask *q, const struct smpp_pdu_row *row, size_t eq)
{
	struct smpp_view name = smpp_view_of(q->word, eq);
	const struct smpp_tlv_row *t = NULL;
	const struct smpp_field *f = NULL;
	int n = smpp_field_find(name);

	if (name.n > 4 && memcmp(name.p, "tlv.", 4) == 0)
		t = smpp_tlv_find(smpp_view_of(name.p + 4, name.n - 4));
	else if (n >= 0 && n < SMPP_F_HEADER_COUNT)
		f = &smpp_header[n];
	else if (n >= 0)
		f = smpp_field_of(
		    smpp_pdu_body(row, tab_version(q->r)), (unsigned)n);
	tab_skip(q, eq + 1);
	if (f != NULL)
		q->hint = cmd_printf(q->c, "%.*s  %s", (int)name.n,
		    (const char *)name.p, tab_describe(q, f));
	if (t != NULL)
		q->hint = cmd_printf(q->c, "%.*s  %s", (int)name.n,
		    (const char *)name.p, describe_tlv(q, t));
	offer_values(q, f != NULL   ? f->set
			: t != NULL ? t->set
				    : SMPP_SET_none);
}

/* A word behind the name of a PDU. */
static void
pdu_word(struct ask *q, const struct smpp_pdu_row *row)
{
	bool lying = *q->word == '!', omits = *q->word == '~';
	size_t eq;

	if (!(row->vers & tab_version(q->r)))
		return;
	tab_skip(q, lying || omits);
	eq = strcspn(q->word, "=");
	if (q->word[eq] == '=') {
		field_value(q, row, eq);
		return;
	}
	q->trail = omits ? "" : "=";
	if (strncmp(q->word, "tlv.", 4) == 0) {
		offer_tlvs(q, row);
		return;
	}
	offer_fields(q, smpp_pdu_body(row, tab_version(q->r)), lying || omits);
	if (lying || omits) {
		offer_fields(q, smpp_header, true);
		return;
	}
	if (row->id == SMPP_C_replace_sm ||
	    smpp_field_of(smpp_pdu_body(row, tab_version(q->r)),
		SMPP_F_data_coding) != NULL)
		tab_offer(q, "text",
		    "UTF-8         the text, encoded as data_coding says, "
		    "or as fits");
	q->trail = "";
	if (tab_version(q->r) != SMPP_V33)
		tab_offer(q, "tlv.", "a TLV, by its name or 0xTAG");
}

/* --- the first word --- */

/* Requests or responses. Returns whether there was one. */
static bool
offer_kind(struct ask *q, bool responses)
{
	const struct smpp_pdu_row *p = smpp_pdus;
	size_t n = strlen(q->word);
	bool any = false;

	for (; p < smpp_pdus + smpp_pdu_count; p++) {
		if (!(p->vers & tab_version(q->r)) ||
		    ((p->flags & SMPP_PDU_RESPONSE) != 0) != responses)
			continue;
		any |= strncmp(p->name, q->word, n) == 0;
		tab_offer(q, p->name, p->brief);
	}
	return any;
}

/* An ESME rarely types responses: they come when nothing else fits. */
static void
offer_pdus(struct ask *q)
{
	bool mc = wire_open(q->r) && q->r->link.conn.s.conf.role == SMPP_MC;

	if (!offer_kind(q, false) || mc)
		offer_kind(q, true);
}

static void
tab_offer_commands(struct ask *q)
{
	const struct meta *m;

	q->lead = "\\";
	for (size_t i = 0; (m = meta_row(i)) != NULL; i++)
		tab_offer(q, m->name,
		    cmd_printf(q->c, "%-12s  %s", m->args, m->brief));
	q->lead = "";
}

static void
first_word(struct ask *q)
{
	if (*q->word != '\\')
		offer_pdus(q);
	tab_offer(
	    q, "help", "explain a PDU, a field, a TLV, a status, a command");
	tab_offer(q, "quit", "unbind and quit");
	tab_offer_commands(q);
}

/* --- words of commands --- */

static void
tab_offer_profile(void *arg, const char *name)
{
	struct ask *q = arg;

	tab_offer(q, name, "");
}

static bool
drop_error(void *arg, int exit, const char *what, const char *msg)
{
	(void)arg;
	(void)exit;
	(void)what;
	(void)msg;
	return true;
}

static void
offer_profiles(struct ask *q)
{
	q->c->on_error = drop_error; /* the prompt is no place for it */
	q->lead = "@";
	profile_names(q->c, tab_offer_profile, q);
}

static void
tab_offer_words(struct ask *q, const char *const *words)
{
	for (; *words != NULL; words++)
		tab_offer(q, *words, "");
}

static void
offer_help(struct ask *q)
{
	offer_pdus(q);
	tab_offer_commands(q);
	if (*q->word == '\0')
		return;
	names_each(NAMES_FIELD, tab_offer, q);
	names_each(NAMES_TLV, tab_offer, q);
	names_each(NAMES_STATUS, tab_offer, q);
}

/* The name before an operator, and what it can be compared with. */
static void
offer_compared(struct ask *q, size_t n)
{
	struct smpp_view name = smpp_view_of(q->word, n);
	const struct smpp_tlv_row *t = smpp_tlv_find(name);
	bool pdu = smpp_view_is(name, "command_id");
	bool status = smpp_view_is(name, "command_status");
	int f = smpp_field_find(name);
	const struct smpp_field *row = NULL;

	for (size_t i = 0; f >= 0 && row == NULL && i < smpp_pdu_count; i++)
		row = smpp_field_of(
		    smpp_pdu_body(&smpp_pdus[i], SMPP_VANY), (unsigned)f);
	tab_skip(q, n + strspn(q->word + n, "=!<>~"));
	if (pdu)
		names_each(NAMES_PDU, tab_offer, q);
	else if (status)
		names_each(NAMES_STATUS, tab_offer, q);
	else
		offer_values(q, row != NULL ? row->set
				: t != NULL ? t->set
					    : SMPP_SET_none);
}

/* An expression: the last condition in it. */
static void
offer_expr(struct ask *q)
{
	size_t n;

	tab_after_last(q, " (");
	n = strcspn(q->word, "=!<>~");
	if (q->word[n] != '\0')
		offer_compared(q, n);
	else
		names_each(NAMES_KEY, tab_offer, q);
}

static const char *const modes[] = {"tx", "rx", "trx", NULL};
static const char *const on_off[] = {"on", "off", NULL};

/* \wait TIME EXPR: the time is nobody's to guess. */
static bool
behind_time(struct ask *q, const char *name)
{
	size_t n = strcspn(q->word, " ");

	if (strcmp(name, "wait") != 0)
		return true;
	if (q->word[n] == '\0')
		return false;
	tab_skip(q, n + 1);
	tab_offer(q, "closed", "the connection is");
	return true;
}

static bool rest_of_line(struct ask *q);

/* The words of a command, all of which are in q->word. */
static bool
command_words(struct ask *q, const struct meta *m)
{
	switch (m->arg) {
	case ARG_FILE:
		return false;
	case ARG_TARGET:
		offer_profiles(q);
		return true;
	case ARG_MODE:
		tab_offer_words(q, modes);
		return true;
	case ARG_SETTING:
		if (strchr(q->word, ' ') == NULL) {
			meta_settings(tab_offer, q);
		} else {
			tab_after_last(q, " ");
			tab_offer_words(q, on_off);
		}
		return true;
	case ARG_NAME:
		offer_help(q);
		return true;
	case ARG_EXPR:
		if (behind_time(q, m->name))
			offer_expr(q);
		return true;
	case ARG_LINE:
		if (*m->name == '!')
			return false;
		if (strchr(q->word, ' ') == NULL)
			return true;
		tab_skip(q, strcspn(q->word, " ") + 1);
		return rest_of_line(q);
	default:
		if (strchr(q->word, '=') != NULL) {
			tab_after_last(q, "=");
			names_each(NAMES_KEY, tab_offer, q);
		}
		return true;
	}
}

/* A line from its first word on. */
static bool
rest_of_line(struct ask *q)
{
	const struct smpp_pdu_row *row;
	const struct meta *m = NULL;
	const char *name;
	size_t n;

	tab_skip(q, strspn(q->word, " \t"));
	n = strcspn(q->word, " \t");
	if (q->word[n] == '\0') {
		first_word(q);
		return true;
	}
	name = cmd_printf(q->c, "%.*s", (int)n, q->word);
	row = smpp_pdu_find(smpp_view_str(name));
	if (*name == '\\')
		m = meta_find(name + 1);
	else if (strcmp(name, "help") == 0)
		m = meta_find("help");
	tab_skip(q, n + strspn(q->word + n, " \t"));
	if (m != NULL)
		q->hint = cmd_printf(
		    q->c, "\\%s %s  %s", m->name, m->args, m->brief);
	if (m != NULL)
		return command_words(q, m);
	tab_after_last(q, " \t");
	if (row != NULL)
		pdu_word(q, row);
	return true;
}

bool
complete_line(struct repl *r, struct ctx *c, const char *text, size_t n,
    candidate_fn fn, void *arg, size_t *start, const char **hint)
{
	struct ask q = {.r = r,
	    .c = c,
	    .text = cmd_printf(c, "%.*s", (int)n, text),
	    .lead = "",
	    .trail = "",
	    .fn = fn,
	    .arg = arg};
	bool named = true;

	q.word = q.text;
	if (!line_in_quotes(text, n))
		named = rest_of_line(&q);
	*start = q.at;
	*hint = q.hint;
	return named;
}
