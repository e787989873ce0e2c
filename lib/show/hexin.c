/* The hex reader: lines out of blocks, octets out of lines. */
#include "show/hexin.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "base/sbuf.h"
#include "show/hexin_int.h"

enum {
	WAIT = 1,        /* a line waits for the ones after it */
	FAST_MIN = 16,   /* octets in a line for the short way */
	BACK_MAX = 4096, /* how far back a long line is cut */
};

/* Sets everything that does not outlive an input. */
static void
restart(struct smpp_hexin *h)
{
	memset(&h->track, 0,
	    offsetof(struct smpp_hexin, now) -
		offsetof(struct smpp_hexin, track));
	h->line = 1;
}

struct smpp_hexin *
smpp_hexin_open(enum smpp_hexform form, smpp_hexin_fn fn, void *arg)
{
	struct smpp_hexin *h = malloc(sizeof(*h));

	if (h == NULL)
		return NULL;
	h->form = form;
	h->fn = fn;
	h->arg = arg;
	restart(h);
	return h;
}

void
smpp_hexin_close(struct smpp_hexin *h)
{
	free(h);
}

/* Tells fn something about a column of the line being read. */
static int
say(struct smpp_hexin *h, enum smpp_hexwhat what, uint64_t line,
    uint32_t column, const char *msg)
{
	struct smpp_hexevent e = {
	    .what = what, .line = line, .column = column, .msg = msg};

	return h->fn(h->arg, &e);
}

static int
give(struct smpp_hexin *h, const uint8_t *p, size_t n, const char *text,
    const struct smpp_hexread *r)
{
	struct smpp_hexevent e = {
	    .what = SMPP_HEXIN_OCTETS,
	    .line = h->line,
	    .column = h->column + r->beg + 1,
	    .p = p,
	    .n = n,
	    .text = text,
	    .read = r,
	};

	h->any = true;
	return n == 0 ? 0 : h->fn(h->arg, &e);
}

/* A digit that was left over at the end of a line and stays alone. */
static int
odd(struct smpp_hexin *h)
{
	if (h->half == 0)
		return 0;
	h->half = 0;
	return say(h, SMPP_HEXIN_ERROR, h->half_line, h->half_column,
	    "odd number of hex digits");
}

/* Hands out the octets that a '*' line stood for. */
static int
fill_gap(struct smpp_hexin *h, uint64_t gap, const struct smpp_hexread *r)
{
	const struct hexin_dump *d = &h->dump;
	int rc = 0;

	for (; gap > 0 && rc == 0; gap -= d->nlast) {
		smpp_hexin_track(&h->track, d->last, d->nlast);
		rc = give(h, d->last, d->nlast, h->now.s, r);
	}
	return rc;
}

/*
 * The last word of a dump of words is filled up when the number of octets is
 * odd: the offset behind it tells.
 */
static bool
is_padded(struct smpp_hexin *h, const struct smpp_hexread *r)
{
	uint64_t count = h->dump.count, gap;
	struct hexin_text t;
	bool padded;

	if (r->mode != SMPP_HEX_SWAP || !smpp_hexin_line(h, 1, &t))
		return false;
	smpp_hexline_read(&h->next, t.s, t.n, 0, false);
	h->dump.count--;
	padded = h->next.nread > 0 &&
		 smpp_hexin_is_end(h, t.s, &h->next.read[0], &gap);
	h->dump.count = padded ? count - 1 : count;
	return padded;
}

/* Keeps the digit that a reading leaves over, for the line that follows. */
static void
keep_half(struct smpp_hexin *h, const struct smpp_hexread *r)
{
	h->half = 0;
	if (!r->odd)
		return;
	h->half = smpp_hex_digit[(unsigned char)h->now.s[r->end - 1]];
	h->half_line = h->line;
	h->half_column = h->column + r->end;
}

/* Takes the octets of a reading. */
static int
take(struct smpp_hexin *h, const struct hexin_choice *c)
{
	const struct smpp_hexread *r = c->read;
	uint64_t gap = 0;
	size_t n;
	int rc = 0;

	if (r->half == 0 || c->fresh)
		rc = odd(h);
	if (c->counts && smpp_hexin_counts(h, h->now.s, r, &gap) != 0 &&
	    rc == 0)
		rc = fill_gap(h, gap, r);
	if (c->fresh && rc == 0) {
		memset(&h->track, 0, sizeof(h->track));
		rc = say(
		    h, SMPP_HEXIN_CUT, h->line, h->column + r->beg + 1, NULL);
	}
	n = smpp_hexread_octets(h->now.s, r, h->out, sizeof(h->out));
	smpp_hexin_accepted(h, c, n);
	if (is_padded(h, r))
		n--;
	smpp_hexin_track(&h->track, h->out, n);
	keep_half(h, r);
	h->found |= n >= 4;
	h->open = r->open;
	return rc != 0 ? rc : give(h, h->out, n, h->now.s, r);
}

/* Remembers the first character that was neither digit nor separator. */
static void
note_stray(struct smpp_hexin *h)
{
	if (h->stray_line != 0 || h->now.stray == UINT32_MAX)
		return;
	h->stray_line = h->line;
	h->stray_column = h->column + h->now.stray + 1;
	h->stray = h->now.s[h->now.stray];
}

/* The reading of most octets, the first of several. */
static const struct smpp_hexread *
longest(const struct smpp_hexline *l)
{
	const struct smpp_hexread *r = NULL;
	uint32_t i;

	for (i = 0; i < l->nread; i++)
		if (r == NULL || l->read[i].n > r->n)
			r = &l->read[i];
	return r;
}

/*
 * A line whose digits seem to be none of a PDU: a date, a number, a name. It
 * is kept for the case that nothing better comes.
 */
static int
doubt(struct smpp_hexin *h, const struct hexin_text *t)
{
	const struct smpp_hexread *r = longest(&h->now);
	char msg[80];
	struct sbuf b;

	note_stray(h);
	h->prose |= !h->now.pure;
	if (r == NULL || (r->n < 4 && !h->now.pure))
		return odd(h);
	if (!h->found && sizeof(h->held) - h->nheld >=
			     sizeof(h->line) + sizeof(t->n) + t->n) {
		memcpy(h->held + h->nheld, &h->line, sizeof(h->line));
		h->nheld += sizeof(h->line);
		memcpy(h->held + h->nheld, &t->n, sizeof(t->n));
		h->nheld += sizeof(t->n);
		memcpy(h->held + h->nheld, t->s, t->n);
		h->nheld += t->n;
	}
	smpp_sbuf_init(&b, msg, sizeof(msg) - 1, NULL, NULL);
	smpp_sbuf_printf(
	    &b, "passed over %" PRIu32 " octets in hex that fit no PDU", r->n);
	msg[b.n] = '\0';
	return say(h, SMPP_HEXIN_NOTE, h->line,
	    h->column + smpp_hexread_column(t->s, r, 0), msg);
}

/* Takes the doubtful lines after all: those that hold 4 octets, if any does. */
static int
second_look(struct smpp_hexin *h)
{
	struct hexin_choice c = {.score = 0};
	struct hexin_text t;
	uint32_t i = 0;
	int rc = 0;

	while (i < h->nheld && rc == 0) {
		memcpy(&h->line, h->held + i, sizeof(h->line));
		i += sizeof(h->line);
		memcpy(&t.n, h->held + i, sizeof(t.n));
		i += sizeof(t.n);
		t.s = h->held + i;
		i += t.n;
		smpp_hexline_read(&h->now, t.s, t.n, 0, false);
		c.read = longest(&h->now);
		if (c.read->n >= 4 || h->stray_line == 0)
			rc = take(h, &c);
	}
	return rc;
}

/* A line without digits: empty, '*' or prose. */
static int
no_digits(struct smpp_hexin *h, const struct hexin_text *t)
{
	uint32_t i = 0;

	while (i < t->n && (t->s[i] == '*' || t->s[i] == ' '))
		i++;
	if (i == t->n && i > 0 && h->dump.on)
		h->dump.squeezed = true;
	note_stray(h);
	h->prose |= h->now.stray != UINT32_MAX;
	return odd(h);
}

/*
 * Counts the digits of the lines from here on that hold nothing else, to 8 at
 * most; *wait is set when more may come.
 */
static uint32_t
group_digits(struct smpp_hexin *h, bool *wait)
{
	uint32_t digits = h->now.digits, i;
	struct hexin_text t;

	for (i = 1; digits < 8; i++) {
		if (!smpp_hexin_line(h, i, &t)) {
			*wait = !h->force;
			break;
		}
		smpp_hexline_read(&h->next, t.s, t.n, 0, false);
		if (!h->next.pure || h->next.digits == 0) {
			h->prose |= !h->next.pure;
			break;
		}
		digits += h->next.digits;
	}
	return digits;
}

/* True when the line is a word or a number rather than octets: few digits,
 * alone among prose, where no PDU waits for more. */
static bool
is_crumb(struct smpp_hexin *h, const struct hexin_choice *c, bool *wait)
{
	if (c->read->kind != SMPP_HEX_PLAIN || h->form != SMPP_HEXFORM_AUTO ||
	    h->track.have > 0 || (h->joins && h->look.on) || h->now.digits >= 8)
		return false;
	return group_digits(h, wait) < 8 && h->prose;
}

/* Looks for more PDUs in the line behind the first reading. */
static int
take_rest(struct smpp_hexin *h, const struct hexin_text *t, uint32_t at)
{
	struct hexin_choice c;
	int rc = 0;

	while (at < t->n && rc == 0) {
		smpp_hexline_rest(&h->now, t->s, at, t->n);
		at = h->now.n;
		c = smpp_hexin_pick(h);
		if (c.read != NULL && (c.fresh || c.score >= HEXIN_SURE)) {
			at = c.read->end;
			rc = take(h, &c);
		}
	}
	return rc;
}

/* Lets a digit that the line before left over come before the first one. */
static int
join_half(struct smpp_hexin *h)
{
	struct smpp_hexread *r;
	uint32_t i;

	if (h->half == 0)
		return 0;
	if (!h->joins || smpp_hexin_begins(h))
		return odd(h);
	for (i = 0; i < h->now.nread; i++) {
		r = &h->now.read[i];
		if (r->kind != SMPP_HEX_PLAIN || r->mode != SMPP_HEX_JOIN)
			continue;
		r->half = h->half;
		r->n += r->odd;
		r->odd = !r->odd;
	}
	return 0;
}

/* Reads a line that holds digits. */
static int
digits(struct smpp_hexin *h, const struct hexin_text *t)
{
	struct hexin_choice c;
	struct hexin_text next;
	uint64_t gap;
	bool wait = false, text;
	uint32_t end;
	int rc;

	if (smpp_hexin_is_end(h, t->s, &h->now.read[0], &gap)) {
		rc = fill_gap(h, gap, &h->now.read[0]);
		h->dump.on = false;
		return rc;
	}
	if ((rc = join_half(h)) != 0)
		return rc;
	c = smpp_hexin_pick(h);
	if (c.read != NULL && is_crumb(h, &c, &wait))
		c.read = NULL;
	wait |= c.wait || (c.read != NULL && c.read->mode == SMPP_HEX_SWAP &&
			      !smpp_hexin_line(h, 1, &next));
	if (wait && !h->force)
		return WAIT;
	if (c.read == NULL)
		return doubt(h, t);
	end = c.read->end;
	text = c.read->text || h->now.pure;
	rc = take(h, &c);
	return rc != 0 || text ? rc : take_rest(h, t, end);
}

static int
stray(struct smpp_hexin *h, uint64_t line, uint32_t column, char c)
{
	char msg[40];
	struct sbuf b;

	smpp_sbuf_init(&b, msg, sizeof(msg) - 1, NULL, NULL);
	smpp_sbuf_printf(&b,
	    c > ' ' && c < 0x7f ? "'%c' is not a hex digit"
				: "octet 0x%02x is not a hex digit",
	    c & 0xff);
	msg[b.n] = '\0';
	return say(h, SMPP_HEXIN_ERROR, line, column, msg);
}

/* Where every digit counts, anything else is an error and ends the line. */
static int
all_plain(struct smpp_hexin *h, struct hexin_text *t)
{
	if (h->form != SMPP_HEXFORM_PLAIN || h->now.stray == UINT32_MAX)
		return 0;
	t->n = h->now.stray;
	smpp_hexline_read(&h->now, t->s, t->n, 0, false);
	return stray(h, h->line, h->column + t->n + 1, t->s[t->n]);
}

/* Reads a line. Returns 0, WAIT or what fn returned to stop. */
static int
one_line(struct smpp_hexin *h, struct hexin_text *t)
{
	struct smpp_hexevent e = {.what = SMPP_HEXIN_OBJECT};
	int rc;

	if (h->form == SMPP_HEXFORM_AUTO && t->n > 0 && t->s[0] == '{' &&
	    !h->piece) {
		e.line = h->line;
		e.column = 1;
		e.p = (const uint8_t *)t->s;
		e.n = t->n;
		if ((rc = h->fn(h->arg, &e)) != 0) {
			h->found = true;
			return rc < 0 ? rc : 0;
		}
	}
	smpp_hexline_read(&h->now, t->s, t->n, h->open,
	    h->look.on && h->look.read.kind == SMPP_HEX_LITERAL &&
		h->track.have > 0);
	if ((rc = all_plain(h, t)) == 0)
		rc = h->now.nread == 0 ? no_digits(h, t) : digits(h, t);
	if (rc != WAIT)
		h->joins = h->now.pure && h->now.nread > 0;
	if (t->n > 0 && t->s[t->n - 1] != '\\' && !h->more)
		h->open = 0;
	return rc;
}

/* Where to cut a line that is too long: behind a separator near its end, or
 * between two octets of the digits it ends with. */
static uint32_t
cut_at(const char *s, uint32_t n)
{
	uint32_t i = n;

	while (i > n - BACK_MAX && smpp_hex_digit[(unsigned char)s[i - 1]] != 0)
		i--;
	if (i > n - BACK_MAX)
		return i;
	while (i > 0 && smpp_hex_digit[(unsigned char)s[i - 1]] != 0)
		i--;
	return n - (n - i) % 2;
}

/* Moves on behind what was read. */
static void
advance(struct smpp_hexin *h, uint32_t n)
{
	h->at += n;
	h->piece = h->more;
	if (h->more) {
		h->column += n;
		h->more = false;
		return;
	}
	h->column = 0;
	h->line++;
	if (h->at < h->n)
		h->at++; /* the newline */
}

/* Reads what lines there are in the buffer. */
static int
work(struct smpp_hexin *h)
{
	struct hexin_text t;
	uint32_t n;
	int rc;

	while (smpp_hexin_line(h, 0, &t)) {
		n = t.n + (h->at + t.n < h->n && t.s[t.n] == '\r');
		if ((rc = one_line(h, &t)) != 0)
			return rc == WAIT ? 0 : rc;
		advance(h, n);
	}
	if (h->at == h->n)
		h->at = h->n = 0;
	return 0;
}

/* Makes room in a full buffer: reads without waiting, or a piece of a line. */
static int
make_room(struct smpp_hexin *h)
{
	struct hexin_text t;
	int rc;

	if (h->at > 0) {
		memmove(h->buf, h->buf + h->at, h->n - h->at);
		h->n -= h->at;
		h->at = 0;
		return 0;
	}
	h->force = true;
	if (memchr(h->buf, '\n', h->n) != NULL) {
		smpp_hexin_line(h, 0, &t);
	} else {
		t = (struct hexin_text){h->buf, cut_at(h->buf, h->n)};
		h->more = true;
	}
	rc = one_line(h, &t);
	advance(h, t.n);
	h->force = false;
	return rc;
}

/* True when lines may be plain hex and nothing waits for a closer look. */
static bool
may_hurry(const struct smpp_hexin *h)
{
	return h->n == 0 && !h->dump.on && h->half == 0 && h->open == 0 &&
	       h->form != SMPP_HEXFORM_DUMP && !h->piece &&
	       (!h->look.on || h->look.read.kind == SMPP_HEX_PLAIN);
}

/*
 * The short way for lines that hold nothing but digits, one behind the other,
 * and do not begin a PDU before another is complete. Returns how many
 * characters were read; *rc is what fn returned.
 */
static size_t
hurry(struct smpp_hexin *h, const char *p, size_t n, int *rc)
{
	struct smpp_hexread r = {.kind = SMPP_HEX_PLAIN, .atoms = 1};
	struct hexin_track fresh;
	size_t at = 0, end, max;
	uint32_t k;

	for (*rc = 0; at < n && *rc == 0; at = end + 1) {
		max = n - at < sizeof(h->out) ? n - at : sizeof(h->out);
		k = (uint32_t)smpp_hex_run(h->out, p + at, max);
		end = at + 2 * (size_t)k;
		if (end < n && p[end] == '\r')
			end++;
		if (k < FAST_MIN || end >= n || p[end] != '\n')
			break;
		fresh = (struct hexin_track){.have = 0};
		if (h->track.have > 0 &&
		    smpp_hexin_track(&fresh, h->out, 8) == HEXIN_FIT)
			break;
		smpp_hexin_track(&h->track, h->out, k);
		r.end = 2 * k;
		r.n = k;
		*rc = give(h, h->out, k, p + at, &r);
		h->line++;
	}
	if (at > 0) {
		h->found = h->joins = h->look.on = true;
		h->look.read = r;
	}
	return at;
}

int
smpp_hexin_feed(struct smpp_hexin *h, const char *p, size_t n)
{
	const char *nl;
	size_t k;
	int rc = 0;

	while (n > 0 && rc == 0) {
		if (may_hurry(h)) {
			k = hurry(h, p, n, &rc);
			p += k;
			n -= k;
			if (rc != 0 || n == 0)
				break;
		}
		nl = memchr(p, '\n', n);
		k = nl == NULL ? n : (size_t)(nl - p) + 1;
		if (k > sizeof(h->buf) - h->n)
			k = sizeof(h->buf) - h->n;
		memcpy(h->buf + h->n, p, k);
		h->n += (uint32_t)k;
		p += k;
		n -= k;
		if (h->n == sizeof(h->buf))
			rc = make_room(h);
		else if (nl != NULL)
			rc = work(h);
	}
	return rc;
}

int
smpp_hexin_end(struct smpp_hexin *h)
{
	int rc;

	h->force = true;
	if ((rc = work(h)) == 0)
		rc = odd(h);
	if (rc == 0 && !h->found) {
		rc = second_look(h);
		if (rc == 0)
			rc = odd(h);
		if (rc == 0 && !h->found && h->stray_line != 0)
			rc = stray(h, h->stray_line, h->stray_column, h->stray);
	}
	restart(h);
	return rc;
}
