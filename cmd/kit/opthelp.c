/* Options as rows of a table: the help they print and the faults they have. */
#include <stdio.h>
#include <string.h>

#include "cmd.h"

/* The short help fits a terminal of 80 by 25 without scrolling. */
enum { NAME_WIDTH = 26, PAGE_WIDTH = 79, SHORT_LINES = 25 };

/* "  -p, --port PORT" or "  TARGET" as it stands before the help text. */
static void
opthelp_put_name(struct smpp_sbuf *b, const struct opt *o)
{
	if (opt_is_word(o)) {
		smpp_sbuf_puts(b, "  ");
		smpp_sbuf_puts(b, o->name);
		smpp_sbuf_puts(b, o->kind == OPT_POS_LIST ? "..." : "");
		return;
	}
	if (o->letter != 0)
		smpp_sbuf_printf(
		    b, "  -%c%s", o->letter, o->name != NULL ? ", " : "");
	else
		smpp_sbuf_puts(b, "      ");
	if (o->name != NULL)
		smpp_sbuf_printf(b, "--%s", o->name);
	if (o->alias != NULL)
		smpp_sbuf_printf(b, ", --%s", o->alias);
	if (o->meta != NULL)
		smpp_sbuf_printf(b, " %s", o->meta);
}

static void
put_spaces(struct smpp_sbuf *b, size_t n)
{
	while (n-- > 0)
		smpp_sbuf_putc(b, ' ');
}

void
opt_put_wrapped(struct smpp_sbuf *b, const char *s, size_t column)
{
	size_t n;

	while (*s != '\0') {
		n = strlen(s);
		if (n > PAGE_WIDTH - column) {
			n = PAGE_WIDTH - column;
			while (n > 0 && s[n] != ' ')
				n--;
			/*
			 * A word longer than the line, a URL: it sticks out,
			 * it is not cut.
			 */
			if (n == 0)
				n = strcspn(s, " ");
		}
		smpp_sbuf_put(b, s, n);
		smpp_sbuf_putc(b, '\n');
		s += n + (s[n] == ' ');
		if (*s != '\0')
			put_spaces(b, column);
	}
}

/* A name of n characters and what it means. */
static void
opthelp_put_pair(
    struct smpp_sbuf *b, const char *name, size_t n, const char *help)
{
	smpp_sbuf_put(b, name, n);
	/*
	 * A name with no room for two blanks behind it has the line for
	 * itself.
	 */
	if (n + 2 > NAME_WIDTH) {
		smpp_sbuf_putc(b, '\n');
		n = 0;
	}
	put_spaces(b, NAME_WIDTH - n);
	opt_put_wrapped(b, help, NAME_WIDTH);
}

static void
opthelp_put_row(struct smpp_sbuf *b, const struct opt *o)
{
	char text[128];
	struct smpp_sbuf name;

	smpp_sbuf_init(&name, text, sizeof(text), NULL, NULL);
	opthelp_put_name(&name, o);
	opthelp_put_pair(b, name.p, name.n, o->help);
}

static void
opthelp_put_term(void *arg, const char *term, const char *brief)
{
	char text[128];
	struct smpp_sbuf name;

	smpp_sbuf_init(&name, text, sizeof(text), NULL, NULL);
	smpp_sbuf_printf(&name, "  %s", term);
	opthelp_put_pair(arg, name.p, name.n, brief);
}

static void
put_head(struct smpp_sbuf *b, const struct cmd *cmd)
{
	smpp_sbuf_puts(b, "usage: smpp ");
	if (cmd->name[0] != '\0') {
		smpp_sbuf_puts(b, cmd->name);
		smpp_sbuf_putc(b, ' ');
	}
	smpp_sbuf_puts(b, cmd->args);
	smpp_sbuf_puts(b, "\n\n");
	opt_put_wrapped(b, cmd->brief, 0);
}

static void
put_examples(struct smpp_sbuf *b, const struct cmd *cmd, size_t max)
{
	size_t i;

	smpp_sbuf_puts(b, "\nExamples:\n");
	for (i = 0; i < max && cmd->examples[i] != NULL; i++)
		smpp_sbuf_printf(b, "  %s\n", cmd->examples[i]);
}

/*
 * Lines a row takes in the help. Measured by writing it: the width of names
 * and breaks are decided there alone.
 */
static size_t
row_lines(const struct opt *o)
{
	char text[2048];
	struct smpp_sbuf b;
	size_t i, n = 0;

	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	opthelp_put_row(&b, o);
	for (i = 0; i < b.n; i++)
		n += text[i] == '\n';
	return n;
}

/*
 * The command's own rows, as many as leave room for the rest of 25 lines: those
 * with a letter and the words first, the long-only ones if all fit.
 */
static void
put_common(struct smpp_sbuf *b, const struct opt_row *r, size_t n, size_t room)
{
	size_t i, lines, all = 0;
	const struct opt *o;
	bool some;

	for (i = 0; i < n; i++)
		if (r[i].own)
			all += row_lines(r[i].o);
	some = all > room;
	for (i = 0; i < n; i++) {
		o = r[i].o;
		lines = row_lines(o);
		if (!r[i].own || lines > room ||
		    (some && o->letter == 0 && !opt_is_word(o)))
			continue;
		room -= lines;
		opthelp_put_row(b, o);
	}
}

static void
put_all(struct smpp_sbuf *b, const struct opt_row *r, size_t n)
{
	const char *section = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (section == NULL || strcmp(section, r[i].section) != 0)
			smpp_sbuf_printf(b, "\n%s:\n", r[i].section);
		section = r[i].section;
		opthelp_put_row(b, r[i].o);
	}
	for (i = 0; i < n; i++) {
		if (r[i].o->terms == NULL)
			continue;
		smpp_sbuf_printf(b, "\n%s:\n", r[i].o->terms->title);
		r[i].o->terms->each(NULL, opthelp_put_term, b);
	}
}

void
opt_help(struct ctx *c, const struct cmd *cmd, bool full)
{
	struct smpp_sbuf *b = &c->out->b;
	struct opt_row *row;
	size_t n = opt_rows(c, cmd, NULL, &row);
	bool top = cmd->name[0] == '\0';

	put_head(b, cmd);
	if (cmd->more != NULL)
		cmd->more(b);
	if (full) {
		put_all(b, row, n);
		put_examples(b, cmd, (size_t)-1);
		smpp_sbuf_printf(
		    b, "\nSee man smpp%s%s.\n", top ? "" : "-", cmd->name);
		return;
	}
	if (!top)
		smpp_sbuf_putc(b, '\n');
	/*
	 * Ten lines are for what is not options: usage, brief, examples,
	 * pointers.
	 */
	put_common(b, row, n, top ? 0 : SHORT_LINES - 10);
	put_examples(b, cmd, 2);
	smpp_sbuf_printf(
	    b, "\nAll options: smpp %s%s--help\n", cmd->name, top ? "" : " ");
}
