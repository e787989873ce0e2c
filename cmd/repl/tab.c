/* smpp repl: what may stand at the end of a line. No terminal in here. */
#include <stdio.h>

#include "words/names.h"
#include "words/offer.h"
#include "target/profile.h"
#include "repl.h"

/* --- the first word --- */

/*
 * Requests or responses. Returns whether there was one. Those of the version
 * alone: others could not be sent.
 */
static bool
tab_kind(struct tab *t, bool responses)
{
	const struct smpp_pdu_row *p = smpp_pdus;
	size_t n = strlen(t->q.word);
	bool any = false;

	for (; p < smpp_pdus + smpp_pdu_count; p++) {
		if (!(p->vers & repl_version(t->r)) ||
		    ((p->flags & SMPP_PDU_RESPONSE) != 0) != responses)
			continue;
		any |= strncmp(p->name, t->q.word, n) == 0;
		ask_offer(&t->q, p->name, p->brief);
	}
	return any;
}

/* An ESME rarely types responses: they come when nothing else fits. */
static void
tab_pdus(struct tab *t)
{
	bool mc = wire_open(t->r) && t->r->link.conn.s.conf.role == SMPP_MC;

	if (!tab_kind(t, false) || mc)
		tab_kind(t, true);
}

static void
tab_commands(struct tab *t)
{
	const struct meta *m;

	t->q.lead = "\\";
	for (size_t i = 0; (m = meta_row(i)) != NULL; i++)
		ask_offer(&t->q, m->name,
		    cmd_printf(t->q.c, "%-12s  %s", m->args, m->brief));
	t->q.lead = "";
}

static void
tab_first(struct tab *t)
{
	/* A backslash can only be a command. */
	if (*t->q.word != '\\')
		tab_pdus(t);
	ask_offer(&t->q, "help",
	    "explain a PDU, a field, a TLV, a status, a command");
	ask_offer(&t->q, "quit", "unbind and quit");
	tab_commands(t);
}

/* --- words of commands, all of which are in the word asked about --- */

void
tab_none(struct tab *t)
{
	(void)t;
}

void
tab_file(struct tab *t)
{
	t->q.files = true;
}

void
tab_target(struct tab *t)
{
	profile_offer_target(&t->q, NULL);
}

void
tab_mode(struct tab *t)
{
	ask_words(&t->q, target_binds);
}

void
tab_setting(struct tab *t)
{
	if (strchr(t->q.word, ' ') == NULL) {
		meta_settings(ask_offer, &t->q);
		return;
	}
	ask_behind(&t->q, " ");
	ask_words(&t->q, (const char *const[]){"on", "off", NULL});
}

void
tab_name(struct tab *t)
{
	tab_pdus(t);
	tab_commands(t);
	/* Hundreds of names are no help before the first letter. */
	if (*t->q.word == '\0')
		return;
	names_each(NAMES_FIELD, NULL, ask_offer, &t->q);
	names_each(NAMES_TLV, t->q.c->dictionary, ask_offer, &t->q);
	names_each(NAMES_STATUS, NULL, ask_offer, &t->q);
}

void
tab_expr(struct tab *t)
{
	offer_expr(&t->q);
}

/* The time is nobody's to guess. */
void
tab_wait(struct tab *t)
{
	size_t n = strcspn(t->q.word, " ");

	if (t->q.word[n] == '\0')
		return;
	ask_skip(&t->q, n + 1);
	ask_offer(&t->q, "closed", "the connection is");
	offer_expr(&t->q);
}

/* The name is the user's; keys come behind the '='. */
void
tab_let(struct tab *t)
{
	if (strchr(t->q.word, '=') == NULL)
		return;
	ask_behind(&t->q, "=");
	names_each(NAMES_KEY, t->q.c->dictionary, ask_offer, &t->q);
}

/* Behind a number. */
void
tab_repeat(struct tab *t)
{
	if (strchr(t->q.word, ' ') == NULL)
		return;
	ask_skip(&t->q, strcspn(t->q.word, " ") + 1);
	tab_line(t);
}

/* A line from its first word on. */
void
tab_line(struct tab *t)
{
	const struct smpp_pdu_row *row;
	const struct meta *m = NULL;
	const char *name;
	size_t n;

	ask_skip(&t->q, strspn(t->q.word, " \t"));
	n = strcspn(t->q.word, " \t");
	if (t->q.word[n] == '\0') {
		tab_first(t);
		return;
	}
	name = cmd_printf(t->q.c, "%.*s", (int)n, t->q.word);
	row = smpp_pdu_find(smpp_view_str(name));
	if (*name == '\\')
		m = meta_find(name + 1);
	else if (strcmp(name, "help") == 0)
		m = meta_find("help");
	ask_skip(&t->q, n + strspn(t->q.word + n, " \t"));
	if (m != NULL)
		t->q.hint = cmd_printf(
		    t->q.c, "\\%s %s  %s", m->name, m->args, m->brief);
	if (m != NULL) {
		m->offer(t);
		return;
	}
	/* Words of a PDU are offered one by one, each by itself. */
	ask_behind(&t->q, " \t");
	if (row != NULL)
		offer_field(&t->q, row, repl_version(t->r));
}

bool
complete_line(struct repl *r, struct ctx *c, const char *text, size_t n,
    ask_fn fn, void *arg, size_t *start, const char **hint)
{
	struct tab t = {
	    .q = ask_about(c, cmd_printf(c, "%.*s", (int)n, text), fn, arg),
	    .r = r};

	/* Within quotes stands text, of which nothing is known. */
	if (!line_in_quotes(text, n))
		tab_line(&t);
	*start = (size_t)(t.q.word - t.q.text);
	*hint = t.q.hint;
	return !t.q.files;
}
