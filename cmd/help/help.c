/* smpp help: what a command, a name or a code means, from the tables. */
#include "help.h"

#include <string.h>

#include "registry.h"
#include "words/explain.h"
#include "base/suggest.h"

static void
help_put_row(void *arg, const char *name, const char *brief)
{
	smpp_sbuf_printf(arg, "  %-22s  %s\n", name, brief);
}

static void
status_names(names_fn fn, void *arg)
{
	names_each(NAMES_STATUS, fn, arg);
}

static void
field_names(names_fn fn, void *arg)
{
	names_each(NAMES_FIELD, fn, arg);
}

static void
tlv_names(names_fn fn, void *arg)
{
	names_each(NAMES_TLV, fn, arg);
}

static void
pdu_names(names_fn fn, void *arg)
{
	names_each(NAMES_PDU, fn, arg);
}

/*
 * names lists what there is; help explains one, given by name and, if the name
 * is one, by number, and returns false when there is no such thing.
 */
static const struct topic {
	const char *name;
	const char *brief;
	void (*names)(names_fn fn, void *arg);
	bool (*help)(
	    struct smpp_sbuf *b, const char *name, const uint32_t *number);
} topics[] = {
    {"status", "what a command_status means", status_names, explain_status},
    {"pdu", "what a PDU holds, and who sends it", pdu_names, explain_pdu},
    {"tlv", "what a TLV means, and where it goes", tlv_names, explain_tlv},
    {"field", "what a field means, and its values", field_names, explain_field},
    {"exit", "what an exit status of smpp means", explain_exits, explain_exit},
};

enum { TOPICS = sizeof(topics) / sizeof(topics[0]) };

static const struct topic *
find_topic(const char *name)
{
	size_t i;

	for (i = 0; i < TOPICS; i++)
		if (strcmp(topics[i].name, name) == 0)
			return &topics[i];
	return NULL;
}

void
help_topics(names_fn fn, void *arg)
{
	size_t i;

	for (i = 0; i < TOPICS; i++)
		fn(arg, topics[i].name, topics[i].brief);
}

void
help_names(const char *topic, names_fn fn, void *arg)
{
	const struct topic *t = find_topic(topic);

	if (t != NULL)
		t->names(fn, arg);
}

static void
help_try(void *arg, const char *name, const char *brief)
{
	(void)brief;
	smpp_suggest_try(arg, name);
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
	t->names(help_put_row, &page);
	help_put_page(c, &page);
	return SMPP_EXIT_OK;
}

bool
help_explain(struct smpp_sbuf *b, const char *topic, const char *name)
{
	const struct topic *t = find_topic(topic);
	uint32_t number;

	return t != NULL &&
	       t->help(b, name, opt_uint(name, &number) == 0 ? &number : NULL);
}

static int
explain(struct ctx *c, const struct topic *t, const char *name)
{
	struct smpp_suggest s;
	struct smpp_sbuf page;

	begin_page(c, &page);
	if (help_explain(&page, t->name, name)) {
		help_put_page(c, &page);
		return SMPP_EXIT_OK;
	}
	smpp_suggest_init(&s, name);
	t->names(help_try, &s);
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
};

static const struct opt help_opts[] = {
    {0, "COMMAND", OPT_POS, offsetof(struct help_args, topic), NULL,
	"a command, or one of status, pdu, tlv, field, exit",
	.hint = OPT_HINT_TOPIC},
    {0, "NAME", OPT_POS, offsetof(struct help_args, name), NULL,
	"the name or number to explain; without one all are listed",
	.hint = OPT_HINT_NAME},
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
	help_topics(help_put_row, b);
}

/* The topic that explains exactly this name, or NULL. */
static const struct topic *
topic_of(const char *name)
{
	struct smpp_suggest s;
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		smpp_suggest_init(&s, name);
		topics[i].names(help_try, &s);
		if (s.best != NULL && s.distance == 0)
			return &topics[i];
	}
	return NULL;
}

static int
no_topic(struct ctx *c, const char *name)
{
	const struct topic *t = topic_of(name);
	struct smpp_suggest s;
	size_t i;

	smpp_suggest_init(&s, name);
	for (i = 0; i < cmd_count; i++)
		smpp_suggest_try(&s, cmd_list[i]->name);
	help_topics(help_try, &s);
	if (t != NULL)
		out_hint(c, "smpp help %s %s", t->name, name);
	else if (s.best != NULL)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "unknown command '%s'; did you mean '%s'?", name, s.best);
	return out_error(
	    c, SMPP_EXIT_USAGE, "usage", "unknown command '%s'", name);
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
	if ((t = find_topic(a.topic)) != NULL) {
		if (a.name != NULL)
			return explain(c, t, a.name);
		return list_names(c, t);
	}
	if ((cmd = cmd_find(a.topic)) == NULL)
		return no_topic(c, a.topic);
	if (a.name != NULL)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "unexpected argument '%s'", a.name);
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
