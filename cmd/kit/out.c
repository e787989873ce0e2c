/* Results: the buffer over stdout, and records in the form that was asked. */
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/clock.h"
#include "cmd.h"
#include "outserve.h"
#include "pick.h"

static const char *const color_words[] = {"auto", "always", "never", NULL};

#define AT(member) offsetof(struct out_args, member)

const struct opt out_global_opts[] = {
    OPT_SECTION("Everywhere"),
    {'q', "quiet", OPT_FLAG, AT(quiet), NULL, "print only data and errors"},
    {'v', "verbose", OPT_COUNT, AT(verbose), NULL,
	"say each step on stderr; -vv fields, -vvv octets"},
    {0, "color", OPT_ENUM, AT(color), "WHEN",
	"colour: auto (on a terminal), always or never", .words = color_words},
    {'h', NULL, OPT_FLAG, AT(short_help), NULL, "print the short help"},
    {0, "help", OPT_FLAG, AT(help), NULL, "print this help"},
    {'V', "version", OPT_FLAG, AT(version), NULL, "print the version"},
    OPT_END,
};

/*
 * A compiled -F or --tsv: pieces in order of printing, each a literal text or
 * the value of a pick. The record they are picked from is written to b, and
 * grows into full when it does not fit.
 */
struct piece {
	const struct pick *pick;
	const char *text;
	size_t n;
};

struct out_plan {
	struct piece *piece;
	size_t npiece;
	struct pick *pick;
	size_t npick;
	enum pick_escape esc;
	struct smpp_sbuf b;
	char *full;
	size_t nfull;
	char buf[16384];
};

/*
 * For a server the buffer is part of the queue, nothing is written here. The
 * first error stays: it is told at the end, when main asks.
 */
static int
out_write_all(void *arg, const char *p, size_t n)
{
	struct out *o = arg;
	int error;

	if (o->serving != NULL && !o->serving->waits)
		return outserve_take(o);
	error = out_write(o->fd, p, n);
	if (error != 0)
		o->error = error;
	return -(error != 0);
}

void
out_more_reset(struct out *o)
{
	smpp_sbuf_init(
	    &o->more_b, o->more_text, sizeof(o->more_text), NULL, NULL);
	o->more = (struct smpp_jsonw){&o->more_b, true};
}

void
out_init(struct out *o)
{
	const char *journal = getenv("JOURNAL_STREAM");
	unsigned long long dev, ino;
	struct stat st;
	char *end;

	/* Not the 64 KiB of the buffer: the prompt does this for each line. */
	memset(o, 0, offsetof(struct out, buf));
	o->fd = STDOUT_FILENO;
	smpp_sbuf_init(&o->b, o->buf, sizeof(o->buf), out_write_all, o);
	out_more_reset(o);
	if (journal == NULL)
		return;
	/*
	 * systemd tells device and inode of the stream it connected: the
	 * variable is inherited by programs whose stderr was redirected since,
	 * so they are compared.
	 */
	dev = strtoull(journal, &end, 10);
	ino = *end == ':' ? strtoull(end + 1, NULL, 10) : 0;
	o->journal = fstat(STDERR_FILENO, &st) == 0 && st.st_dev == dev &&
		     st.st_ino == ino;
}

/* A terminal of unknown size counts as wide. */
bool
out_narrow(const struct out *o)
{
	struct winsize size;

	return o->tty && ioctl(o->fd, TIOCGWINSZ, &size) == 0 &&
	       size.ws_col > 0 && size.ws_col < 100;
}

/*
 * An empty NO_COLOR is as good as none, as no-color.org has it; without TERM
 * nothing is known of the terminal.
 */
static bool
colored(const struct out *o, int fd)
{
	const char *none = getenv("NO_COLOR"), *term = getenv("TERM");

	if (o->args.color != OUT_AUTO)
		return o->args.color == OUT_ALWAYS;
	return isatty(fd) && (none == NULL || *none == '\0') && term != NULL &&
	       strcmp(term, "dumb") != 0;
}

static int
out_open_file(struct ctx *c)
{
	struct out *o = c->out;
	const char *name = o->args.file;

	if (name == NULL || strcmp(name, "-") == 0)
		return 0;
	o->fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (o->fd != -1)
		return 0;
	o->fd = STDOUT_FILENO;
	return out_errno(c, SMPP_EXIT_LOCAL, "output", name);
}

static void
add_text(struct out_plan *p, const char *text, size_t n)
{
	p->piece[p->npiece++] = (struct piece){NULL, text, n};
}

/* Keys are borrowed from the option's text, which is argv and stays. */
static void
add_key(struct out_plan *p, const char *key, size_t n)
{
	struct pick *k = &p->pick[p->npick++];

	*k = (struct pick){key, n, {NULL, 0}};
	p->piece[p->npiece++] = (struct piece){k, NULL, 0};
}

/*
 * The length of the escape at s, and in *c the octet it stands for; 0 when it
 * is not one, and the backslash is printed as it is.
 */
static size_t
out_escape(const char *s, char *c)
{
	static const char letters[] = "n\nt\tr\r\\\\";
	const char *l;
	uint8_t hi, lo;

	if (s[1] == '0') {
		*c = '\0';
		return 2;
	}
	for (l = letters; *l != '\0'; l += 2)
		if (s[1] == *l) {
			*c = l[1];
			return 2;
		}
	if (s[1] != 'x' || (hi = smpp_hex_digit[(unsigned char)s[2]]) == 0 ||
	    (lo = smpp_hex_digit[(unsigned char)s[3]]) == 0)
		return 0;
	*c = (char)((hi & 15) << 4 | (lo & 15));
	return 4;
}

/* Pieces of "a %{key} b\n". Text is unescaped into the octets of store. */
static int
plan_format(struct ctx *c, struct out_plan *p, const char *f, char *store)
{
	char *text = store;
	const char *end;
	size_t n;

	while (*f != '\0') {
		if (f[0] == '%' && f[1] == '{') {
			if ((end = strchr(f, '}')) == NULL)
				return out_usage(
				    c, "--format: '%s' has no '}'", f);
			add_text(p, text, (size_t)(store - text));
			text = store;
			add_key(p, f + 2, (size_t)(end - f - 2));
			f = end + 1;
			continue;
		}
		n = *f == '\\' ? out_escape(f, store) : 0;
		if (n == 0) {
			*store = *f;
			n = f[0] == '%' && f[1] == '%' ? 2 : 1;
		}
		store++;
		f += n;
	}
	add_text(p, text, (size_t)(store - text));
	return 0;
}

static void
plan_tsv(struct out_plan *p, const char *keys)
{
	size_t n;

	for (;; keys += n + 1) {
		n = strcspn(keys, ",");
		add_key(p, keys, n);
		if (keys[n] == '\0')
			break;
		add_text(p, "\t", 1);
	}
	add_text(p, "\n", 1);
}

/* A record that does not fit the plan's buffer moves on to full. */
static int
out_grow(void *arg, const char *text, size_t n)
{
	struct out_plan *p = arg;
	char *full = realloc(p->full, p->nfull + n);

	if (full == NULL)
		cmd_nomem();
	memcpy(full + p->nfull, text, n);
	p->full = full;
	p->nfull += n;
	return 0;
}

static int
out_make_plan(struct ctx *c)
{
	struct out *o = c->out;
	const char *f = o->args.format, *t = o->args.tsv;
	size_t n = strlen(f != NULL ? f : t);
	struct out_plan *p;

	if (f != NULL && t != NULL)
		return out_usage(c, "--format and --tsv exclude each other");
	/*
	 * A key takes at least one character of the text, and between two keys
	 * is one literal: the bounds of both arrays, so that nothing grows.
	 */
	p = cmd_alloc(c, sizeof(*p));
	p->pick = cmd_alloc(c, (n + 1) * sizeof(*p->pick));
	p->piece = cmd_alloc(c, (2 * n + 2) * sizeof(*p->piece));
	smpp_sbuf_init(&p->b, p->buf, sizeof(p->buf), out_grow, p);
	o->plan = p;
	if (t != NULL) {
		o->form = OUT_TSV;
		p->esc = PICK_TSV;
		plan_tsv(p, t);
		return 0;
	}
	o->form = OUT_FORMAT;
	/*
	 * Control characters of a peer are harmless in a file, and may be what
	 * is wanted there: line ends and tabs are kept unless a terminal shows
	 * them.
	 */
	p->esc = o->tty ? PICK_TERM : PICK_TEXT;
	return plan_format(c, p, f, cmd_alloc(c, n + 1));
}

int
out_start(struct ctx *c, bool stream)
{
	struct out *o = c->out;
	int rc = out_open_file(c);

	if (rc != 0)
		return rc;
	o->tty = isatty(o->fd);
	/* In a pipe a stream's record must not wait for 64 KiB of others. */
	o->live = o->tty || stream;
	o->color = colored(o, o->fd);
	o->color_err = colored(o, STDERR_FILENO);
	o->form = o->args.json ? OUT_JSON : OUT_HUMAN;
	if (o->args.format != NULL || o->args.tsv != NULL)
		return out_make_plan(c);
	return 0;
}

struct smpp_jsonw *
out_json(struct out *o)
{
	smpp_jsonw_init(&o->j, o->plan != NULL ? &o->plan->b : &o->b);
	return &o->j;
}

struct smpp_jsonw *
out_begin(struct out *o, const char *type)
{
	struct smpp_jsonw *j = out_json(o);
	char now[28];

	smpp_clock_rfc3339(now, smpp_clock_wall_us());
	smpp_jsonw_open(j, '{');
	smpp_jsonw_key_cstr(j, "type", type);
	smpp_jsonw_key_cstr(j, "time", now);
	return j;
}

static void
print_picks(struct out *o, struct smpp_view line)
{
	const struct out_plan *p = o->plan;
	size_t i;

	pick_find(p->pick, p->npick, line);
	for (i = 0; i < p->npiece; i++) {
		if (p->piece[i].pick != NULL)
			pick_put(&o->b, p->piece[i].pick->value, p->esc);
		else
			smpp_sbuf_put(&o->b, p->piece[i].text, p->piece[i].n);
	}
}

int
out_record(struct out *o)
{
	struct out_plan *p = o->plan;

	if (p == NULL) {
		smpp_sbuf_putc(&o->b, '\n');
		return out_line(o);
	}
	if (p->nfull == 0) {
		print_picks(o, smpp_view_of(p->b.p, p->b.n));
	} else {
		/*
		 * What is left in the buffer is the end of what went to full
		 * before.
		 */
		smpp_sbuf_flush(&p->b);
		print_picks(o, smpp_view_of(p->full, p->nfull));
		free(p->full);
		p->full = NULL;
		p->nfull = 0;
	}
	p->b.n = 0;
	return out_line(o);
}

int
out_line(struct out *o)
{
	if (o->serving != NULL)
		return outserve_line(o);
	return o->live ? smpp_sbuf_flush(&o->b) : -(int)o->b.bad;
}

int
out_flush(struct out *o)
{
	if (o->serving != NULL)
		return outserve_flush(o);
	return smpp_sbuf_flush(&o->b);
}

/* What was printed belongs to the old file: flushed before the switch. */
int
out_redirect(struct ctx *c, const char *file)
{
	struct out *o = c->out;
	const char *name = o->args.file;
	int old = o->fd, rc;

	out_flush(o);
	o->args.file = file;
	o->fd = STDOUT_FILENO;
	rc = out_open_file(c);
	if (rc != 0) {
		o->args.file = name;
		o->fd = old;
		return rc;
	}
	if (old != STDOUT_FILENO)
		close(old);
	o->tty = isatty(o->fd);
	o->color = colored(o, o->fd);
	return 0;
}

/*
 * close() may be the first to tell that a disk is full (NFS, quotas): its
 * error counts like that of a write.
 */
int
out_close(struct out *o)
{
	int rc = o->serving != NULL ? outserve_close(o)
				    : smpp_sbuf_flush(&o->b);

	if (close(o->fd) != 0 && rc == 0) {
		o->error = errno;
		rc = -1;
	}
	return rc;
}

/* The escape sequence of each style, as ECMA-48 has them. */
static const char *const sgr[] = {
    [OUT_PLAIN] = "\033[0m",
    [OUT_BOLD] = "\033[1m",
    [OUT_DIM] = "\033[2m",
    [OUT_RED] = "\033[31m",
    [OUT_GREEN] = "\033[32m",
    [OUT_YELLOW] = "\033[33m",
};

void
out_style(struct out *o, enum out_style style)
{
	if (o->color)
		smpp_sbuf_puts(&o->b, sgr[style]);
}
