/* Numbers and texts that differ from message to message. */
#include "pattern.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kit/input.h"

/* 18 digits are below 2^63, 19 need not be. */
enum {
	DIGITS_MAX = 18,
	FILE_MAX = 64 << 20,
};

enum piece_kind { TEXT, NUMBER, RANDOM, SEQUENCE, LINES };

/*
 * text is that of TEXT; width the digits of RANDOM and SEQUENCE; SEQUENCE has
 * count numbers from first on, LINES as many lines.
 */
struct pattern_piece {
	enum piece_kind kind;
	struct smpp_view text;
	unsigned width;
	uint64_t first, count;
	const struct smpp_view *line;
};

/* What is being compiled, for errors. */
struct feed {
	struct ctx *c;
	const char *what;
};

static int
pattern_wrong(const struct feed *s, struct smpp_view word, const char *why)
{
	out_hint(s->c, "{n}, {rand:8}, {seq:0000..0999}, {file:PATH}; {{ for "
		       "a brace");
	return out_usage(s->c, "%s: '{%.*s}': %s", s->what, (int)word.n,
	    (const char *)word.p, why);
}

/*
 * Reads n digits. Returns whether they are that, and not too many. Wraps
 * around for more than that, which is refused below.
 */
static bool
pattern_digits(const char *p, size_t n, uint64_t *v)
{
	*v = 0;
	for (size_t i = 0; i < n; i++) {
		if (p[i] < '0' || p[i] > '9')
			return false;
		*v = *v * 10 + (uint64_t)(p[i] - '0');
	}
	return n > 0 && n <= DIGITS_MAX;
}

static int
random_piece(
    const struct feed *s, struct pattern_piece *p, struct smpp_view word)
{
	uint64_t width;

	if (!pattern_digits((const char *)word.p + 5, word.n - 5, &width) ||
	    width < 1 || width > DIGITS_MAX)
		return pattern_wrong(
		    s, word, "from 1 to 18 digits, as in {rand:8}");
	p->kind = RANDOM;
	p->width = (unsigned)width;
	return 0;
}

static int
sequence_piece(
    const struct feed *s, struct pattern_piece *p, struct smpp_view word)
{
	const char *from = (const char *)word.p + 4;
	const char *end = (const char *)word.p + word.n;
	const char *to = memmem(from, (size_t)(end - from), "..", 2);
	uint64_t last;

	if (to == NULL ||
	    !pattern_digits(from, (size_t)(to - from), &p->first) ||
	    !pattern_digits(to + 2, (size_t)(end - to - 2), &last) ||
	    last < p->first)
		return pattern_wrong(
		    s, word, "two numbers, as in {seq:0000..0999}");
	p->kind = SEQUENCE;
	p->width = (unsigned)(to - from);
	p->count = last - p->first + 1;
	return 0;
}

/* Reads a whole file. Returns 0, or -1 and errno. */
static int
pattern_read_file(struct ctx *c, const char *path, struct smpp_view *v)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	int64_t n = -1;
	char *p;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) != 0)
		goto done;
	/* A file is kept in memory: 64 MiB are some five million numbers. */
	errno = EFBIG;
	if (st.st_size > FILE_MAX)
		goto done;
	p = cmd_alloc(c, (size_t)st.st_size + 1);
	n = input_whole(fd, p, (size_t)st.st_size);
	*v = smpp_view_of(p, n < 0 ? 0 : (size_t)n);
done:
	close(fd);
	return n < 0 ? -1 : 0;
}

/*
 * Cuts a text into its lines that are not empty. Called twice, to count and to
 * cut: one piece of memory of the right size.
 */
static size_t
cut_lines(struct smpp_view text, struct smpp_view *line)
{
	const uint8_t *p = text.p, *end = p + text.n, *stop;
	size_t n = 0;

	for (; p < end; p = stop + 1) {
		stop = memchr(p, '\n', (size_t)(end - p));
		if (stop == NULL)
			stop = end;
		if (stop == p)
			continue;
		if (line != NULL)
			line[n] = smpp_view_of(p, (size_t)(stop - p));
		n++;
	}
	return n;
}

static int
lines_piece(
    const struct feed *s, struct pattern_piece *p, struct smpp_view word)
{
	const char *path = cmd_printf(
	    s->c, "%.*s", (int)word.n - 5, (const char *)word.p + 5);
	struct smpp_view text, *line;

	if (pattern_read_file(s->c, path, &text) != 0)
		return out_errno(s->c, SMPP_EXIT_LOCAL, "file", path);
	p->kind = LINES;
	p->count = cut_lines(text, NULL);
	if (p->count == 0)
		return out_error(
		    s->c, SMPP_EXIT_DATA, "file", "%s: no lines", path);
	line = cmd_alloc(s->c, p->count * sizeof(*line));
	cut_lines(text, line);
	p->line = line;
	return 0;
}

static bool
begins(struct smpp_view word, const char *with)
{
	size_t n = strlen(with);

	return word.n >= n && memcmp(word.p, with, n) == 0;
}

/* What stands between two braces. */
static int
pattern_variable(
    const struct feed *s, struct pattern_piece *p, struct smpp_view word)
{
	p->kind = NUMBER;
	if (smpp_view_is(word, "n"))
		return 0;
	if (begins(word, "rand:"))
		return random_piece(s, p, word);
	if (begins(word, "seq:"))
		return sequence_piece(s, p, word);
	if (begins(word, "file:"))
		return lines_piece(s, p, word);
	return pattern_wrong(s, word, "no such variable");
}

/* Adds text. */
static void
pattern_plain(struct pattern *p, const char *text, size_t n)
{
	p->piece[p->n++] = (struct pattern_piece){
	    .kind = TEXT, .text = smpp_view_of(text, n)};
}

/* Adds the variable whose brace stands at *at, and moves *at behind it. */
static int
pattern_braces(
    const struct feed *s, struct pattern *p, const char **at, const char *end)
{
	struct pattern_piece *piece = &p->piece[p->n++];
	const char *word = *at + 1;
	const char *close = memchr(word, '}', (size_t)(end - word));
	int rc;

	if (close == NULL)
		return pattern_wrong(s,
		    smpp_view_of(word, (size_t)(end - word)), "'}' is missing");
	rc = pattern_variable(
	    s, piece, smpp_view_of(word, (size_t)(close - word)));
	/*
	 * So many messages until each line had its turn: that many are tried.
	 */
	if (piece->kind == LINES && piece->count > p->period)
		p->period = piece->count;
	p->varies = true;
	*at = close + 1;
	return rc;
}

int
pattern_parse(struct ctx *c, struct pattern *p, const char *what,
    const char *text, size_t n)
{
	const struct feed s = {c, what};
	const char *at = text, *end = text + n, *stop;
	int rc = 0;

	*p = (struct pattern){.period = 1};
	/* A piece takes a character of text at least. */
	p->piece = cmd_alloc(c, (n + 1) * sizeof(*p->piece));
	while (rc == 0 && at < end) {
		stop = memchr(at, '{', (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		if (stop > at) {
			pattern_plain(p, at, (size_t)(stop - at));
			at = stop;
		} else if (at + 1 < end && at[1] == '{') {
			pattern_plain(p, at, 1);
			at += 2;
		} else {
			rc = pattern_braces(&s, p, &at, end);
		}
	}
	return rc;
}

static void
pattern_put_number(struct smpp_sbuf *b, uint64_t v, unsigned width)
{
	char text[24], *end = text + sizeof(text), *p = end;
	uint32_t small;

	for (; v > UINT32_MAX; v /= 10)
		*--p = (char)('0' + v % 10);
	for (small = (uint32_t)v; small > 0; small /= 10)
		*--p = (char)('0' + small % 10); /* divides faster */
	while (end - p < (ptrdiff_t)width)
		*--p = '0';
	smpp_sbuf_put(b, p, (size_t)(end - p));
}

void
pattern_put(const struct pattern *p, struct smpp_sbuf *b, uint64_t n,
    struct smpp_rng *rng)
{
	static const uint64_t power[] = {1, 10, 100, 1000, 10000, 100000,
	    1000000, 10000000, 100000000, 1000000000};
	const struct pattern_piece *e;

	for (e = p->piece; e < p->piece + p->n; e++) {
		switch (e->kind) {
		case TEXT:
			smpp_sbuf_put(b, e->text.p, e->text.n);
			break;
		/* People count from 1, the first message is {n} = 1. */
		case NUMBER:
			pattern_put_number(b, n + 1, 1);
			break;
		case RANDOM:
			pattern_put_number(b,
			    smpp_rng_next(rng) %
				(e->width > 9 ? power[9] * power[e->width - 9]
					      : power[e->width]),
			    e->width);
			break;
		case SEQUENCE:
			pattern_put_number(
			    b, e->first + n % e->count, e->width);
			break;
		/*
		 * Around again after the last: a short file does for a long
		 * run.
		 */
		case LINES:
			smpp_sbuf_put(b, e->line[n % e->count].p,
			    e->line[n % e->count].n);
			break;
		}
	}
}
