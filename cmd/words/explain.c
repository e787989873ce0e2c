/* What the tables know about one name or number, for people. */
#include "explain.h"

#include <inttypes.h>
#include <stdio.h>

#include "kit/exit.h"

/* "3.3 3.4 5.0" for the bits of versions. */
static const char *
versions(uint8_t bits, char out[16])
{
	size_t i, n = 0;

	out[0] = '\0';
	for (i = 0; i < 3; i++)
		if (bits & names_ver[i])
			n += (size_t)sprintf(out + n, "%s%s", n > 0 ? " " : "",
			    names_versions[i]);
	return out;
}

/* Exit statuses */

void
explain_exits(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	char name[12];
	unsigned i;

	(void)d;
	for (i = 0; i < EXITS; i++) {
		snprintf(name, sizeof(name), "%u", i);
		fn(arg, name, exit_rows[i].meaning);
	}
}

bool
explain_exit(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number)
{
	(void)d, (void)name;
	if (number == NULL || *number >= EXITS)
		return false;
	smpp_sbuf_printf(b, "exit status %" PRIu32 "\n  %s\n", *number,
	    exit_rows[*number].meaning);
	if (exit_rows[*number].retry[0] != '\0')
		smpp_sbuf_printf(b, "  %s\n", exit_rows[*number].retry);
	return true;
}

/* command_status */

/*
 * What is wrong with the account or the version has an exit status of its own
 * where a bind is refused with it.
 */
static const char *
class_text(uint8_t cls, char out[96])
{
	static const struct {
		const char *text;
		bool bind; /* it has an exit status of its own for a bind */
	} rows[] = {
	    [SMPP_CLASS_OK] = {"success"},
	    [SMPP_CLASS_RETRY] = {"the same PDU may be sent again later"},
	    [SMPP_CLASS_PERMANENT] = {"do not send the same again"},
	    [SMPP_CLASS_AUTH] = {"the account or the bind needs fixing", true},
	    [SMPP_CLASS_PROTOCOL] = {"a bug or a wrong version on one side",
		true},
	};
	int n = snprintf(
	    out, 96, "%s; exit status %d", rows[cls].text, exit_of(cls));

	if (rows[cls].bind)
		snprintf(out + n, 96 - (size_t)n, ", %d for a bind",
		    exit_of(SMPP_CLASS_BIND));
	return out;
}

static void
explain_put_member(struct smpp_sbuf *b, const char *name, const char *value)
{
	if (value != NULL && *value != '\0')
		smpp_sbuf_printf(b, "  %-12s  %s\n", name, value);
}

bool
explain_status(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number)
{
	const struct smpp_status *s = number != NULL ? smpp_status_of(*number)
						     : smpp_status_find(
							   smpp_view_str(name));
	char ver[16], cls[96];

	(void)d;
	if (s == NULL && number != NULL && *number >= 0x400 &&
	    *number <= 0x4FF) {
		smpp_sbuf_printf(b,
		    "0x%08" PRIx32 "  %" PRIu32 "\n"
		    "  an error of this SMSC's vendor; ask its operator\n",
		    *number, *number);
		return true;
	}
	if (s == NULL)
		return false;
	smpp_sbuf_printf(b, "%s  0x%08" PRIx32 "  %" PRIu32 "\n  %s\n\n",
	    s->name, s->code, s->code, s->text);
	explain_put_member(b, "versions", versions(s->vers, ver));
	explain_put_member(b, "name in 3.4", s->name34);
	explain_put_member(b, "name in 3.3", s->name33);
	explain_put_member(b, "sender", class_text(s->cls, cls));
	return true;
}

/* Fields, of PDUs and of TLVs */

/*
 * The body of a PDU in the newest version that has it. People ask what a field
 * is, mostly not in which version: limits of older ones follow it in
 * parentheses.
 */
static const struct smpp_field *
newest_body(const struct smpp_pdu_row *pdu)
{
	static const enum smpp_ver ver[] = {SMPP_V50, SMPP_V34, SMPP_V33};
	size_t i = 0;

	while (i < 2 && (pdu->vers & ver[i]) == 0)
		i++;
	return smpp_pdu_body(pdu, ver[i]);
}

const char *
explain_type(char out[32], unsigned kind, uint32_t min, uint32_t max)
{
	static const char *const what[] = {
	    [SMPP_KIND_U8] = "u8",
	    [SMPP_KIND_U16] = "u16",
	    [SMPP_KIND_U32] = "u32",
	    [SMPP_KIND_CSTR] = "string",
	    [SMPP_KIND_TIME] = "time",
	    [SMPP_KIND_OCTETS] = "octets",
	    [SMPP_KIND_LIST] = "list",
	    [SMPP_KIND_UINT] = "number",
	    [SMPP_KIND_STRUCT] = "structure",
	    [SMPP_KIND_TEXT] = "text",
	};
	/* The whole range of a type is no limit, so it is not told. */
	bool full = kind == SMPP_KIND_U32 || kind == SMPP_KIND_LIST ||
		    (kind == SMPP_KIND_U8 && min == 0 && max == 255) ||
		    (kind == SMPP_KIND_U16 && min == 0 && max == 65535);

	if (full)
		snprintf(out, 32, "%s", what[kind]);
	else if (min == max)
		snprintf(out, 32, "%s %" PRIu32, what[kind], min);
	else
		snprintf(
		    out, 32, "%s %" PRIu32 "-%" PRIu32, what[kind], min, max);
	return out;
}

/* Where an older version has other limits: " (3.3: 1-9)". */
static void
put_older(struct smpp_sbuf *b, const struct smpp_pdu_row *pdu,
    const struct smpp_field *now)
{
	static const enum smpp_ver ver[] = {SMPP_V34, SMPP_V33};
	const struct smpp_field *f;
	bool any = false;
	size_t i;

	for (i = 0; i < 2; i++) {
		f = smpp_field_of(smpp_pdu_body(pdu, ver[i]), now->name);
		if ((pdu->vers & ver[i]) == 0 || f == NULL ||
		    (f->min == now->min && f->max == now->max))
			continue;
		smpp_sbuf_printf(b, "%s%s: %" PRIu32 "-%" PRIu32,
		    any ? ", " : " (", smpp_ver_name(ver[i]), f->min, f->max);
		any = true;
	}
	if (any)
		smpp_sbuf_putc(b, ')');
}

static void
explain_put_field(struct smpp_sbuf *b, const struct smpp_field *f)
{
	char type[32];

	smpp_sbuf_printf(b, "  %-24s  %-12s  %s", smpp_field_name(f->name),
	    explain_type(type, f->kind, f->min, f->max),
	    smpp_field_brief(f->name));
}

static void
put_set(struct smpp_sbuf *b, unsigned set)
{
	const struct smpp_enum *e = smpp_sets[set];
	char value[32];

	for (; e != NULL && e->match != SMPP_MATCH_END; e++) {
		if (e->match == SMPP_MATCH_TEXT)
			snprintf(value, sizeof(value), "\"%s\"", e->text);
		else if (e->match == SMPP_MATCH_RANGE)
			snprintf(value, sizeof(value),
			    "0x%02" PRIx32 "-0x%02" PRIx32, e->value, e->arg);
		else if (e->match == SMPP_MATCH_BITS)
			snprintf(value, sizeof(value),
			    "0x%02" PRIx32 " of 0x%02" PRIx32, e->value,
			    e->arg);
		else
			snprintf(value, sizeof(value), "%" PRIu32, e->value);
		smpp_sbuf_printf(b, "  %-14s  %-22s  %s\n", value, e->symbol,
		    e->brief == NULL ? "" : e->brief);
	}
}

static void
put_values(struct smpp_sbuf *b, unsigned set, const char *of)
{
	if (set == SMPP_SET_none || set >= SMPP_SET_command_id)
		return;
	smpp_sbuf_printf(b, "\nValues%s:\n", of);
	put_set(b, set);
}

/* Every PDU that has the field, with its limits there. */
static bool
put_users(struct smpp_sbuf *b, unsigned name)
{
	const struct smpp_field *f;
	bool any = false;
	char type[32];
	size_t i;

	for (i = 0; i < smpp_pdu_count; i++) {
		f = smpp_field_of(newest_body(&smpp_pdus[i]), name);
		if (f == NULL)
			continue;
		if (!any)
			smpp_sbuf_puts(b, "\nIn:\n");
		any = true;
		smpp_sbuf_printf(b, "  %-24s  %s", smpp_pdus[i].name,
		    explain_type(type, f->kind, f->min, f->max));
		put_older(b, &smpp_pdus[i], f);
		smpp_sbuf_putc(b, '\n');
	}
	return any;
}

/* The values the field has in the newest version and, if others, in v3.3. */
static void
put_field_values(struct smpp_sbuf *b, unsigned name)
{
	const struct smpp_field *f, *old;
	size_t i;

	for (i = 0; i < smpp_pdu_count; i++) {
		f = smpp_field_of(newest_body(&smpp_pdus[i]), name);
		if (f == NULL)
			continue;
		put_values(b, f->set, "");
		old = smpp_field_of(
		    smpp_pdu_body(&smpp_pdus[i], SMPP_V33), name);
		if (old != NULL && old->set != f->set)
			put_values(b, old->set, " in 3.3");
		return;
	}
}

bool
explain_field(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number)
{
	int id = smpp_field_find(smpp_view_str(name));

	(void)d;
	(void)number;
	if (id < 0)
		return false;
	smpp_sbuf_printf(b, "%s\n  %s\n", name, smpp_field_brief((unsigned)id));
	put_users(b, (unsigned)id);
	put_field_values(b, (unsigned)id);
	return true;
}

/* TLVs */

/* "3.4 5.0, required in 5.0" */
static void
put_carried(struct smpp_sbuf *b, const struct smpp_tlv_row *t,
    const struct smpp_pdu_row *p)
{
	smpp_sbuf_printf(b, "%s%s%s",
	    smpp_tlv_fits(t, p, SMPP_V34) ? "3.4 " : "",
	    smpp_tlv_fits(t, p, SMPP_V50) ? "5.0" : "",
	    smpp_pduset_has(&t->carry.must50, p) ? ", required in 5.0" : "");
}

static void
put_carriers(struct smpp_sbuf *b, const struct smpp_tlv_row *t)
{
	/* Of others than the specification's it is not known. */
	const bool repeats = t->carry.repeat && smpp_tlv_of(t->tag) == t;
	const struct smpp_pdu_row *p = smpp_pdus;

	while (p < smpp_pdus + smpp_pdu_count && smpp_tlv_fits(t, p, SMPP_VANY))
		p++;
	if (p == smpp_pdus + smpp_pdu_count) {
		explain_put_member(b, "in", "any PDU");
		return;
	}
	smpp_sbuf_puts(b, "\nIn:\n");
	for (p = smpp_pdus; p < smpp_pdus + smpp_pdu_count; p++) {
		if (!smpp_tlv_fits(t, p, SMPP_VANY))
			continue;
		smpp_sbuf_printf(b, "  %-22s  ", p->name);
		put_carried(b, t, p);
		smpp_sbuf_puts(b, repeats ? ", may be repeated\n" : "\n");
	}
}

static void
explain_put_members(struct smpp_sbuf *b, const struct smpp_field *f)
{
	if (f == NULL || f->kind == SMPP_KIND_END)
		return;
	smpp_sbuf_puts(b, "\nMembers:\n");
	for (; f->kind != SMPP_KIND_END; f++) {
		explain_put_field(b, f);
		smpp_sbuf_putc(b, '\n');
	}
}

/* The row of a tag, in whatever PDU. */
static const struct smpp_tlv_row *
tagged(const struct smpp_dictionary *d, uint32_t tag)
{
	const struct smpp_tlv_row *t;
	size_t i;

	for (i = 0; (t = smpp_dictionary_row(d, i)) != NULL; i++)
		if (t->tag == tag)
			break;
	return t;
}

bool
explain_tlv(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number)
{
	const struct smpp_tlv_row *t =
	    number == NULL ? smpp_dictionary_find(d, smpp_view_str(name))
			   : tagged(d, *number);
	const struct smpp_field *f;
	char ver[16], type[32];

	if (t == NULL)
		return false;
	smpp_sbuf_printf(
	    b, "%s  0x%04x  %u\n  %s\n\n", t->name, t->tag, t->tag, t->brief);
	explain_put_member(b, "versions", versions(t->vers, ver));
	explain_put_member(b, "also called", t->alias);
	explain_put_member(
	    b, "value", explain_type(type, t->kind, t->min, t->max));
	put_carriers(b, t);
	explain_put_members(b, t->members);
	put_values(b, t->set, "");
	for (f = t->members; f != NULL && f->kind != SMPP_KIND_END; f++)
		put_values(
		    b, f->set, f->set == SMPP_SET_none ? "" : " of a member");
	return true;
}

/* PDUs */

static void
put_states(struct smpp_sbuf *b, const char *who, unsigned states)
{
	static const char *const text[] = {"before a bind", "after outbind",
	    "bound tx", "bound rx", "bound trx", "after unbind"};
	bool any = false;
	size_t i;

	for (i = 0; i < 6; i++)
		if (states >> i & 1) {
			smpp_sbuf_printf(b, any ? ", %s" : "  %-12s  %s",
			    any ? text[i] : who, text[i]);
			any = true;
		}
	if (any)
		smpp_sbuf_putc(b, '\n');
}

static void
put_pdu_head(struct smpp_sbuf *b, const struct smpp_pdu_row *p)
{
	const struct smpp_pdu_row *peer = smpp_pdu_of(p->counterpart);
	unsigned states = p->states[0] | p->states[1] | p->states[2];
	char ver[16];

	smpp_sbuf_printf(
	    b, "%s  0x%08" PRIx32 "\n  %s\n\n", p->name, p->id, p->brief);
	explain_put_member(b, "versions", versions(p->vers, ver));
	if (peer != NULL)
		explain_put_member(b,
		    p->flags & SMPP_PDU_RESPONSE ? "answers" : "answer",
		    peer->name);
	put_states(b, "from ESME", states & 63);
	put_states(b, "from SMSC", states >> SMPP_ST_MC_SHIFT);
	if (p->flags & SMPP_PDU_BODYLESS)
		explain_put_member(
		    b, "body", "none when command_status is not 0");
}

static void
put_pdu_tlvs(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const struct smpp_pdu_row *p, enum smpp_ver ver)
{
	const struct smpp_tlv_row *t;
	bool any = false;
	size_t i;

	for (i = 0; (t = smpp_dictionary_row(d, i)) != NULL; i++) {
		if (!smpp_tlv_fits(t, p, ver))
			continue;
		if (!any)
			smpp_sbuf_puts(b, "\nTLVs:\n");
		any = true;
		smpp_sbuf_printf(b, "  0x%04x  %-28s  ", t->tag, t->name);
		if (ver == SMPP_VANY)
			put_carried(b, t, p);
		else if (ver == SMPP_V50 &&
			 smpp_pduset_has(&t->carry.must50, p))
			smpp_sbuf_puts(b, "required");
		smpp_sbuf_putc(b, '\n');
	}
}

void
explain_pdu_in(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const struct smpp_pdu_row *p, enum smpp_ver ver)
{
	const struct smpp_field *f;

	put_pdu_head(b, p);
	f = ver != SMPP_VANY && ver & p->vers ? smpp_pdu_body(p, ver)
					      : newest_body(p);
	if (f->kind != SMPP_KIND_END && ver == SMPP_VANY)
		smpp_sbuf_puts(b, "\nFields:\n");
	else if (f->kind != SMPP_KIND_END)
		smpp_sbuf_printf(b, "\nFields in %s:\n", smpp_ver_name(ver));
	for (; f->kind != SMPP_KIND_END; f++) {
		explain_put_field(b, f);
		if (ver == SMPP_VANY)
			put_older(b, p, f);
		smpp_sbuf_putc(b, '\n');
	}
	put_pdu_tlvs(b, d, p, ver);
}

bool
explain_pdu(struct smpp_sbuf *b, const struct smpp_dictionary *d,
    const char *name, const uint32_t *number)
{
	const struct smpp_pdu_row *p = number != NULL
					   ? smpp_pdu_of(*number)
					   : smpp_pdu_find(smpp_view_str(name));

	if (p == NULL)
		return false;
	explain_pdu_in(b, d, p, SMPP_VANY);
	return true;
}
