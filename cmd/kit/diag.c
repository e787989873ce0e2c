/* Talk: errors, hints, warnings and steps, each one write to stderr. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"
#include "outserve.h"

enum { LINE = 1024 };

/* Priorities of syslog, which the journal reads from "<3>" before a line. */
enum priority { PRI_ERROR = 3, PRI_WARNING = 4, PRI_INFO = 6 };

/* Starts a line of stderr in the caller's text. */
static void
line_init(struct smpp_sbuf *b, char text[LINE], const struct out *o,
    enum priority pri)
{
	smpp_sbuf_init(b, text, LINE, NULL, NULL);
	if (o->journal)
		smpp_sbuf_printf(b, "<%d>", (int)pri);
}

/* One write, after what stdout shows before it. */
static void
put_err(struct out *o, const char *p, size_t n)
{
	if (o->live)
		out_flush(o);
	if (o->serving != NULL)
		outserve_talk(o, p, n);
	else
		out_write(STDERR_FILENO, p, n);
}

/*
 * A line too long for its buffer is cut and ended all the same: two writes
 * could be torn apart by those of another process on the same stderr.
 */
static void
diag_line_end(struct smpp_sbuf *b, struct out *o)
{
	if (b->bad)
		b->n = b->cap - 1;
	b->bad = false;
	smpp_sbuf_putc(b, '\n');
	put_err(o, b->p, b->n);
}

/*
 * The octets of the character at s. A peer's words must not look like a line
 * of ours, nor reach the terminal: *odd is what a control character, one of
 * two octets in UTF-8 too, or an octet that is no UTF-8 is shown as, \x1b, and
 * negative for what is fit to be shown.
 */
static size_t
diag_char(const char *s, int *odd)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t n = p[0] < 0x80 ? 1 : smpp_utf8_len(p, 4);

	if (n == 2 && p[0] == 0xc2 && p[1] < 0xa0)
		*odd = p[1];
	else if (n == 0 || p[0] < 0x20 || p[0] == 0x7f)
		*odd = p[0];
	else
		*odd = -1;
	return n == 0 ? 1 : n;
}

/* Ends before a character that has no room. */
static void
put_clean(struct smpp_sbuf *b, const char *s)
{
	enum { CHAR = 4, END = 1 };
	size_t n;
	int odd;

	for (; *s != '\0' && b->cap - b->n >= CHAR + END; s += n) {
		n = diag_char(s, &odd);
		if (odd < 0)
			smpp_sbuf_put(b, s, n);
		else
			smpp_sbuf_printf(b, "\\x%02x", (unsigned)odd);
	}
}

/*
 * Members from out_more() are JSON already and are copied in as they are; if
 * they did not fit they are left out whole, the object stays valid.
 */
static void
error_json(struct out *o, int exit, const char *what, const char *msg)
{
	char text[LINE * 12]; /* each of its characters may take six */
	struct smpp_sbuf b;
	struct smpp_jsonw j;

	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_jsonw_key_cstr(&j, "type", "error");
	smpp_jsonw_key_i64(&j, "exit", exit);
	smpp_jsonw_key_cstr(&j, "what", what);
	if (!o->more_b.bad)
		smpp_sbuf_put(&b, o->more_text, o->more_b.n);
	smpp_jsonw_key_cstr(&j, "message", msg);
	if (o->hint[0] != '\0') {
		smpp_jsonw_key_cstr(&j, "hint", o->hint);
	}
	smpp_jsonw_close(&j, '}');
	diag_line_end(&b, o);
}

/*
 * The text that the error is about, and where in it. The caret has to stand
 * under what is shown, not under what was given: a character that became \x1b
 * is four columns wide.
 */
static void
spot(struct out *o)
{
	char text[LINE];
	struct smpp_sbuf b;
	size_t i;
	int odd;

	line_init(&b, text, o, PRI_ERROR);
	smpp_sbuf_puts(&b, "  ");
	put_clean(&b, o->spot);
	diag_line_end(&b, o);
	line_init(&b, text, o, PRI_ERROR);
	smpp_sbuf_puts(&b, "  ");
	for (i = 0; i < o->spot_at && o->spot[i] != '\0';) {
		i += diag_char(o->spot + i, &odd);
		smpp_sbuf_puts(&b, odd < 0 ? " " : "    ");
	}
	smpp_sbuf_putc(&b, '^');
	diag_line_end(&b, o);
}

/*
 * Error, spot and hint are lines of their own, each with its priority: the
 * journal would file the second and third as mere information.
 */
static void
error_text(struct ctx *c, const char *msg)
{
	struct out *o = c->out;
	char text[LINE];
	struct smpp_sbuf b;

	line_init(&b, text, o, PRI_ERROR);
	smpp_sbuf_puts(&b, c->label);
	put_clean(&b, msg);
	diag_line_end(&b, o);
	if (o->spot != NULL)
		spot(o);
	if (o->hint[0] == '\0')
		return;
	line_init(&b, text, o, PRI_ERROR);
	smpp_sbuf_puts(&b, "  hint: ");
	put_clean(&b, o->hint);
	diag_line_end(&b, o);
}

__attribute__((format(printf, 4, 0))) static void
say_error(
    struct ctx *c, int exit, const char *what, const char *fmt, va_list ap)
{
	struct out *o = c->out;
	char msg[LINE];

	vsnprintf(msg, sizeof(msg), fmt, ap);
	/*
	 * The owner of the error has it before any form is chosen: what the
	 * prompt or a probe expects is not printed at all.
	 */
	if (c->on_error != NULL &&
	    c->on_error(c->on_error_arg, exit, what, msg))
		;
	else if (o->args.json)
		error_json(o, exit, what, msg);
	else
		error_text(c, msg);
	/*
	 * Hint, spot and members belong to one error: left over, they would be
	 * told with the next one, which they are not about.
	 */
	o->hint[0] = '\0';
	o->spot = NULL;
	out_more_reset(o);
}

bool
cmd_unsaid(void *arg, int exit, const char *what, const char *msg)
{
	(void)arg, (void)exit, (void)what, (void)msg;
	return true;
}

int
out_error(struct ctx *c, int exit, const char *what, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_error(c, exit, what, fmt, ap);
	va_end(ap);
	return exit;
}

int
out_errno(struct ctx *c, int exit, const char *what, const char *name)
{
	return out_error(c, exit, what, "%s: %s", name, strerror(errno));
}

int
out_usage(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say_error(c, SMPP_EXIT_USAGE, "usage", fmt, ap);
	va_end(ap);
	return SMPP_EXIT_USAGE;
}

void
out_hint(struct ctx *c, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(c->out->hint, sizeof(c->out->hint), fmt, ap);
	va_end(ap);
}

void
out_spot(struct ctx *c, const char *text, size_t offset)
{
	c->out->spot = text;
	c->out->spot_at = offset;
}

struct smpp_jsonw *
out_more(struct ctx *c)
{
	return &c->out->more;
}

static void
diag_warning(struct ctx *c, const char *msg)
{
	char text[LINE];
	struct smpp_sbuf b;

	line_init(&b, text, c->out, PRI_WARNING);
	smpp_sbuf_puts(&b, c->label);
	put_clean(&b, msg);
	diag_line_end(&b, c->out);
}

void
out_warn(struct ctx *c, const char *fmt, ...)
{
	char msg[LINE];
	va_list ap;

	if (c->out->args.quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	diag_warning(c, msg);
}

/* Not silenced by -q: records that were dropped are a loss of data. */
void
out_alert(struct ctx *c, const char *fmt, ...)
{
	char msg[LINE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	diag_warning(c, msg);
}

bool
out_says(const struct ctx *c, unsigned level)
{
	const struct out_args *a = &c->out->args;

	return level == 0 ? !a->quiet : a->verbose >= level;
}

void
out_say(struct ctx *c, unsigned level, const char *fmt, ...)
{
	char msg[LINE], text[LINE];
	struct smpp_sbuf b;
	va_list ap;

	if (!out_says(c, level))
		return;
	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	line_init(&b, text, c->out, PRI_INFO);
	put_clean(&b, msg);
	diag_line_end(&b, c->out);
}

/* The journal wants the priority before each line. */
static void
talk_journal(struct out *o, const char *p, size_t n)
{
	char text[LINE];
	struct smpp_sbuf b;
	const char *end;
	size_t line;

	for (; n > 0; p += line, n -= line) {
		end = memchr(p, '\n', n);
		line = end == NULL ? n : (size_t)(end + 1 - p);
		line_init(&b, text, o, PRI_INFO);
		/*
		 * Text that goes on in the middle of a line must not get "<6>"
		 * within.
		 */
		if (o->midway)
			b.n = 0;
		if (line > b.cap - b.n) {
			put_err(o, b.p, b.n);
			put_err(o, p, line);
		} else {
			smpp_sbuf_put(&b, p, line);
			put_err(o, b.p, b.n);
		}
		o->midway = end == NULL;
	}
}

int
out_talk(void *arg, const char *p, size_t n)
{
	struct out *o = ((struct ctx *)arg)->out;

	if (o->journal)
		talk_journal(o, p, n);
	else
		put_err(o, p, n);
	return 0;
}

/*
 * The descriptor is closed after the text: whoever waits for readiness may
 * read to the end. Standard descriptors stay, the command still needs them.
 */
int
out_ready(struct ctx *c, uint32_t fd, const char *text)
{
	ssize_t n = (ssize_t)strlen(text);
	int rc;

	if (fd == 0)
		return 0;
	rc = write((int)fd, text, (size_t)n) == n ? 0 : errno;
	if (fd > STDERR_FILENO)
		close((int)fd);
	if (rc == 0)
		return 0;
	return out_error(c, SMPP_EXIT_LOCAL, "ready-fd", "descriptor %u: %s",
	    fd, strerror(rc));
}
