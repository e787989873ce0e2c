/* smpp repl: help, from the tables. */
#include "words/explain.h"
#include "repl.h"
#include "base/suggest.h"

enum { NAME_WIDTH = 24 };

/*
 * The PDUs of the version that one side sends, responses left out or not. By
 * the table of states: what this side may never send is not listed, though it
 * can be sent.
 */
static void
list_pdus(struct repl *r, unsigned states_of_mc)
{
	enum smpp_ver ver = repl_version(r);
	const struct smpp_pdu_row *p = smpp_pdus;
	unsigned i = ver == SMPP_V33 ? 0 : ver == SMPP_V34 ? 1 : 2;

	for (; p < smpp_pdus + smpp_pdu_count; p++) {
		unsigned states = states_of_mc
				      ? p->states[i] >> SMPP_ST_MC_SHIFT
				      : p->states[i] & 63;

		if (p->vers & ver && states != 0 &&
		    !(p->flags & SMPP_PDU_RESPONSE))
			smpp_sbuf_printf(&r->c->out->b, "  %-*s  %s\n",
			    NAME_WIDTH, p->name, p->brief);
	}
}

static void
list_commands(struct smpp_sbuf *b)
{
	const struct meta *m;
	char text[64];

	for (size_t i = 0; (m = meta_row(i)) != NULL; i++) {
		struct smpp_sbuf t;

		smpp_sbuf_init(&t, text, sizeof(text) - 1, NULL, NULL);
		smpp_sbuf_printf(&t, "\\%s %s", m->name, m->args);
		text[t.n] = '\0';
		smpp_sbuf_printf(b, "  %-*s  %s\n", NAME_WIDTH, text, m->brief);
	}
}

static void
usage_overview(struct repl *r)
{
	struct smpp_sbuf *b = &r->c->out->b;
	bool mc = wire_open(r) ? r->link.conn.s.conf.role == SMPP_MC
			       : r->listens;

	smpp_sbuf_printf(b,
	    "A PDU is sent by its name, with name=value for what is not "
	    "empty;\nTab shows what fits. These are of SMPP %s:\n",
	    smpp_ver_name(repl_version(r)));
	list_pdus(r, mc);
	smpp_sbuf_puts(b,
	    "and their responses, as submit_sm_resp.\n\n"
	    "  name=text  name=\"text \\x41\"  name=hex:0aff  "
	    "tlv.NAME=value\n"
	    "  !name=value writes a field unchecked, ~name leaves "
	    "it out,\n"
	    "  +hex:00ff adds octets, tlv.NAME.!length=9\n\n"
	    "Commands:\n");
	list_commands(b);
	smpp_sbuf_puts(b,
	    "\nhelp NAME explains any of them, a field, a TLV or a "
	    "status.\n");
}

static bool
help_meta(struct smpp_sbuf *b, const char *name)
{
	const struct meta *m = meta_find(name);

	if (m != NULL)
		smpp_sbuf_printf(
		    b, "\\%s %s\n  %s\n", m->name, m->args, m->brief);
	return m != NULL;
}

/* In the order in which they are typed most. */
static int
no_help(struct repl *r, const char *name)
{
	static const enum names kinds[] = {
	    NAMES_PDU, NAMES_FIELD, NAMES_TLV, NAMES_STATUS};
	const char *near = NULL;

	for (size_t i = 0; near == NULL && i < 4; i++)
		near = names_nearest(kinds[i], r->c->dictionary, name);
	if (near != NULL)
		return repl_bad(r, "usage",
		    "nothing is called '%.60s'; did you mean '%s'?", name,
		    near);
	out_hint(r->lc, "help lists what there is");
	return repl_bad(r, "usage", "nothing is called '%.60s'", name);
}

int
meta_help(struct repl *r, const char *name)
{
	struct smpp_sbuf *b = &r->c->out->b;
	const struct smpp_pdu_row *row;
	uint32_t number;
	bool known;

	if (name == NULL) {
		usage_overview(r);
		return 0;
	}
	if (*name == '\\')
		return help_meta(b, name + 1) ? 0 : repl_unknown(r, name);
	if (strncmp(name, "tlv.", 4) == 0)
		name += 4;
	row = smpp_pdu_find(smpp_view_str(name));
	known = row != NULL;
	if (row != NULL)
		explain_pdu_in(b, r->c->dictionary, row, repl_version(r));
	/* A name may be several things, and all of them are told. */
	known |= explain_field(b, r->c->dictionary, name, NULL);
	known |= explain_tlv(b, r->c->dictionary, name, NULL);
	if (opt_uint(name, &number) == 0)
		known |= explain_status(b, r->c->dictionary, name, &number);
	else
		known |= explain_status(b, r->c->dictionary, name, NULL);
	if (!known)
		known = help_meta(b, name);
	return known ? 0 : no_help(r, name);
}
