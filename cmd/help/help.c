/* smpp help: what a command, a name or a code means, from the tables. */
#include <string.h>

#include "registry.h"
#include "words/dictfile.h"
#include "words/topic.h"
#include "base/suggest.h"

static void
help_put_row(void *arg, const char *name, const char *brief)
{
	smpp_sbuf_printf(arg, "  %-22s  %s\n", name, brief);
}

/* Where the last column of a line begins: behind two blanks. */
static size_t
last_column(const char *line)
{
	size_t i = strlen(line);

	while (i > 2 && (line[i - 1] != ' ' || line[i - 2] != ' '))
		i--;
	return i;
}

/*
 * Prints the lines of a page. On a terminal text that is too long goes on in
 * its column; grep is better served by whole lines.
 */
static void
help_put_page(struct ctx *c, struct smpp_sbuf *page)
{
	char *line = page->p, *nl;
	size_t column;

	if (!c->out->tty) {
		smpp_sbuf_put(&c->out->b, page->p, page->n);
		return;
	}
	/* ROOM is far more than any page, and so there is room for it. */
	smpp_sbuf_putc(page, '\0');
	for (; (nl = strchr(line, '\n')) != NULL; line = nl + 1) {
		*nl = '\0';
		column = last_column(line);
		smpp_sbuf_put(&c->out->b, line, column);
		if (line[column] == '\0')
			smpp_sbuf_putc(&c->out->b, '\n');
		opt_put_wrapped(&c->out->b, line + column, column);
	}
}

/* Starts a page. */
static void
begin_page(struct ctx *c, struct smpp_sbuf *page)
{
	enum { ROOM = 64 * 1024 }; /* the longest, all TLVs, takes 6 KiB */

	smpp_sbuf_init(page, cmd_alloc(c, ROOM), ROOM, NULL, NULL);
}

static int
list_names(struct ctx *c, const struct topic *t)
{
	struct smpp_sbuf page;

	begin_page(c, &page);
	t->names(c->dictionary, help_put_row, &page);
	help_put_page(c, &page);
	return SMPP_EXIT_OK;
}

/* Not found is 1, as with grep: a script may ask whether a code is known. */
static int
explain(struct ctx *c, const struct topic *t, const char *name)
{
	struct smpp_suggest s;
	struct smpp_sbuf page;

	begin_page(c, &page);
	if (topic_explain(t, &page, c->dictionary, name)) {
		help_put_page(c, &page);
		return SMPP_EXIT_OK;
	}
	smpp_suggest_init(&s, name);
	t->names(c->dictionary, ask_suggest, &s);
	if (s.best != NULL)
		return out_error(c, SMPP_EXIT_NO, t->name,
		    "no %s '%s'; did you mean '%s'?", t->name, name, s.best);
	out_hint(c, "smpp help %s lists them", t->name);
	return out_error(c, SMPP_EXIT_NO, t->name, "no %s '%s'", t->name, name);
}

/* The command */

struct help_args {
	const char *topic;
	const char *name;
	const char *dictionary;
};

static void
help_offer(struct ask *q, const struct opt *o)
{
	(void)o;
	cmd_each(ask_offer, q);
	topic_each(ask_offer, q);
}

/*
 * The names of the topic before. This row is asked for the second word, so
 * there is one before.
 */
static void
help_offer_name(struct ask *q, const struct opt *o)
{
	const struct topic *t = topic_find(q->before[q->nbefore - 1]);

	(void)o;
	if (t != NULL)
		t->names(q->c->dictionary, ask_offer, q);
}

static const struct opt help_opts[] = {
    {0, "COMMAND", OPT_POS, offsetof(struct help_args, topic), NULL,
	"a command, or one of status, pdu, tlv, field, exit",
	.offer = help_offer},
    {0, "NAME", OPT_POS, offsetof(struct help_args, name), NULL,
	"the name or number to explain; without one all are listed",
	.offer = help_offer_name},
    DICTIONARY_OPT(offsetof(struct help_args, dictionary)),
    OPT_END,
};

static const char *const help_examples[] = {
    "smpp help send",
    "smpp help status 0x58",
    "smpp help pdu submit_sm",
    "smpp help tlv 0x1e",
    NULL,
};

static void
help_overview(struct ctx *c)
{
	struct smpp_sbuf *b = &c->out->b;

	opt_help(c, &cmd_top, false);
	smpp_sbuf_puts(b,
	    "\nsmpp help COMMAND explains one, and these take a name "
	    "or a number:\n");
	topic_each(help_put_row, b);
}

/*
 * The topic that explains exactly this name, or NULL. Who types smpp help
 * ESME_RTHROTTLED knows the name but not its topic.
 */
static const struct topic *
topic_of(const struct ctx *c, const char *name)
{
	struct smpp_suggest s;

	for (const struct topic *t = topics; t->name != NULL; t++) {
		smpp_suggest_init(&s, name);
		t->names(c->dictionary, ask_suggest, &s);
		if (s.best != NULL && s.distance == 0)
			return t;
	}
	return NULL;
}

/* An exact name in another topic is a better guess than a similar command. */
static int
no_topic(struct ctx *c, const char *name)
{
	const struct topic *t = topic_of(c, name);
	struct smpp_suggest s;

	smpp_suggest_init(&s, name);
	cmd_each(ask_suggest, &s);
	topic_each(ask_suggest, &s);
	if (t != NULL)
		out_hint(c, "smpp help %s %s", t->name, name);
	else if (s.best != NULL)
		return out_usage(c, "unknown command '%s'; did you mean '%s'?",
		    name, s.best);
	return out_usage(c, "unknown command '%s'", name);
}

static int
help_run(struct ctx *c, int argc, char **argv)
{
	struct help_args a = {0};
	int rc = opt_parse(c, argc, argv, &a);
	const struct topic *t;
	const struct cmd *cmd;

	if (rc >= 0)
		return rc;
	if (a.topic == NULL) {
		help_overview(c);
		return SMPP_EXIT_OK;
	}
	/* Topics first: no command has the name of one. */
	if ((t = topic_find(a.topic)) != NULL) {
		if (a.name != NULL)
			return explain(c, t, a.name);
		return list_names(c, t);
	}
	if ((cmd = cmd_find(a.topic)) == NULL)
		return no_topic(c, a.topic);
	if (a.name != NULL)
		return out_usage(c, "unexpected argument '%s'", a.name);
	opt_help(c, cmd, true);
	return SMPP_EXIT_OK;
}

const struct cmd cmd_help = {
    .name = "help",
    .brief = "explain a command, a status, a PDU, a TLV or a field",
    .args = "[COMMAND | status|pdu|tlv|field|exit [NAME]]",
    .examples = help_examples,
    .opts = help_opts,
    .run = help_run,
};
