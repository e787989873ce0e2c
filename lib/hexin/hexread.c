/* One line: is there anything in it, which reading is it, is it worth it. */
#include <inttypes.h>
#include <string.h>

#include "base/sbuf.h"
#include "hexin/hexin_int.h"

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

/* Keeps a line for a second look, if there is room. */
static void
hexread_hold(struct smpp_hexin *h, const struct hexin_text *t)
{
	char *p = h->held + h->nheld;
	size_t size = sizeof(h->line) + sizeof(t->n) + t->n;

	if (sizeof(h->held) - h->nheld < size)
		return;
	memcpy(p, &h->line, sizeof(h->line));
	memcpy(p + sizeof(h->line), &t->n, sizeof(t->n));
	memcpy(p + sizeof(h->line) + sizeof(t->n), t->s, t->n);
	h->nheld += (uint32_t)size;
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
	struct smpp_sbuf b;

	note_stray(h);
	h->prose |= !h->now.pure;
	if (!h->found)
		hexread_hold(h, t);
	if (r->n < 4)
		return smpp_hexin_odd(h);
	smpp_sbuf_init(&b, msg, sizeof(msg) - 1, NULL, NULL);
	smpp_sbuf_printf(
	    &b, "passed over %" PRIu32 " octets in hex that fit no PDU", r->n);
	msg[b.n] = '\0';
	return smpp_hexin_say(h, SMPP_HEXIN_NOTE, h->line,
	    h->column + smpp_hexread_column(t->s, r, 0), msg);
}

/* True for what nothing but octets is written like: \x00, 0x00. */
static bool
is_marked(const struct smpp_hexread *r)
{
	return (r->kind == SMPP_HEX_LITERAL && !r->lit.decimal) || r->lead != 0;
}

int
smpp_hexin_second_look(struct smpp_hexin *h)
{
	struct hexin_choice c;
	struct hexin_text t;
	const char *p = h->held;
	int rc = 0;

	while (p < h->held + h->nheld && rc == 0) {
		memcpy(&h->line, p, sizeof(h->line));
		memcpy(&t.n, p + sizeof(h->line), sizeof(t.n));
		t.s = p + sizeof(h->line) + sizeof(t.n);
		p = t.s + t.n;
		smpp_hexline_read(&h->now, t.s, t.n, 0, 0);
		c = smpp_hexin_pick(h);
		if (c.read == NULL || c.score == 0)
			c.read = longest(&h->now);
		if (c.read->n >= 4 || c.score >= HEXIN_LIKELY ||
		    is_marked(c.read) || h->stray_line == 0)
			rc = smpp_hexin_take(h, &c);
	}
	return rc;
}

/* The column, from 1, of the '*' that a line ends with and that stands alone
 * there, or 0: it is put where lines are left out. */
static uint32_t
star(const struct hexin_text *t)
{
	uint32_t n = t->n;

	while (n > 0 && (t->s[n - 1] == ' ' || t->s[n - 1] == '\t'))
		n--;
	if (n == 0 || t->s[n - 1] != '*')
		return 0;
	return n == 1 || memchr(" \t>+|#:-", t->s[n - 2], 8) != NULL ? n : 0;
}

/* A line without digits: empty, '*' or prose. */
static int
no_digits(struct smpp_hexin *h, const struct hexin_text *t)
{
	uint32_t i = star(t);

	if (i > 0 && !h->dump.on && h->joins)
		return smpp_hexin_say(h, SMPP_HEXIN_ERROR, h->line, i,
		    "no offsets tell how many lines '*' stands for");
	note_stray(h);
	h->prose |= h->now.stray != UINT32_MAX;
	return smpp_hexin_odd(h);
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
		smpp_hexline_read(&h->next, t.s, t.n, 0, 0);
		if (!h->next.pure || h->next.digits == 0) {
			h->prose |= !h->next.pure;
			break;
		}
		digits += h->next.digits;
	}
	return digits;
}

/* True for text that can be a word as well. */
static bool
is_wordlike(const struct hexin_text *t, const struct smpp_hexread *r)
{
	uint32_t i;

	for (i = r->beg; i < r->end; i++)
		if (t->s[i] >= '0' && t->s[i] <= '9')
			return false;
	return true;
}

/*
 * True when the line is a word or a number rather than octets: few digits,
 * alone among prose, where no PDU waits for more, or looking like a word.
 */
static bool
is_crumb(struct smpp_hexin *h, const struct hexin_choice *c,
    const struct hexin_text *t, bool *wait)
{
	if (c->read->kind != SMPP_HEX_PLAIN || h->form != SMPP_HEXFORM_AUTO ||
	    (h->joins && h->look.on) || h->now.digits >= 8)
		return false;
	if (h->track.have > 0 && !is_wordlike(t, c->read))
		return false;
	return group_digits(h, wait) < 8 && h->prose;
}

/* True when the line numbers the columns of a dump and holds no PDU. */
static bool
is_ruler(struct smpp_hexin *h, const struct hexin_choice *c)
{
	uint8_t some[64];
	uint32_t i;

	if (h->form != SMPP_HEXFORM_AUTO || h->track.have > 0 ||
	    c->score >= HEXIN_SURE)
		return false;
	for (i = 0; i < h->now.nread; i++)
		if (smpp_hexin_is_ruler(
			some, smpp_hexread_octets(h->now.s, &h->now.read[i],
				  some, sizeof(some))))
			return true;
	return false;
}

/* Looks for more PDUs in the line behind the first reading. */
static int
take_rest(struct smpp_hexin *h, const struct hexin_text *t, uint32_t at)
{
	struct hexin_choice c;
	bool inside;
	int rc = 0;

	while (at < t->n && rc == 0) {
		inside = h->track.have > 0 && !h->track.lost;
		smpp_hexline_rest(&h->now, t->s, at, t->n);
		at = h->now.used;
		c = smpp_hexin_pick(h);
		/* A header that is not complete fits too much. */
		if (c.read != NULL &&
		    (c.fresh || (c.score >= HEXIN_SURE && !inside))) {
			at = c.read->end;
			rc = smpp_hexin_take(h, &c);
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
	if (!h->joins || !h->now.pure || smpp_hexin_begins(h))
		return smpp_hexin_odd(h);
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
hexread_digits(struct smpp_hexin *h, const struct hexin_text *t)
{
	const struct smpp_hexread *end_of;
	struct hexin_choice c;
	struct hexin_text next;
	uint64_t gap;
	bool wait = false, text;
	uint32_t end;
	int rc;

	if ((end_of = smpp_hexin_end_of(h, &h->now, &gap)) != NULL) {
		rc = smpp_hexin_gap(h, gap, end_of);
		h->dump.on = false;
		return rc;
	}
	if (h->now.bare && h->form == SMPP_HEXFORM_AUTO &&
	    (h->look.read.front || h->now.read[0].odd))
		return no_digits(h, t);
	if ((rc = join_half(h)) != 0)
		return rc;
	c = smpp_hexin_pick(h);
	if (c.read != NULL && (is_crumb(h, &c, t, &wait) || is_ruler(h, &c)))
		c.read = NULL;
	wait |= c.wait || (c.read != NULL && smpp_hexin_padded(c.read) &&
			      !smpp_hexin_line(h, 1, &next));
	/* Nothing has been handed out yet: the same line is read again when
	 * there are more behind it. */
	if (wait && !h->force)
		return HEXIN_WAIT;
	if (c.read == NULL)
		return doubt(h, t);
	end = c.read->end;
	text = c.read->text || h->now.pure;
	rc = smpp_hexin_take(h, &c);
	return rc != 0 || text ? rc : take_rest(h, t, end);
}

int
smpp_hexin_stray(struct smpp_hexin *h, uint64_t line, uint32_t column, char c)
{
	char msg[40];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, msg, sizeof(msg) - 1, NULL, NULL);
	smpp_sbuf_printf(&b,
	    c > ' ' && c < 0x7f ? "'%c' is not a hex digit"
				: "octet 0x%02x is not a hex digit",
	    c & 0xff);
	msg[b.n] = '\0';
	return smpp_hexin_say(h, SMPP_HEXIN_ERROR, line, column, msg);
}

/* Where every digit counts, anything else is an error and ends the line. What
 * stands before it is read all the same, so that its PDUs are shown. */
static int
all_plain(struct smpp_hexin *h, struct hexin_text *t)
{
	if (h->form != SMPP_HEXFORM_PLAIN || h->now.stray == UINT32_MAX)
		return 0;
	t->n = h->now.stray;
	smpp_hexline_read(&h->now, t->s, t->n, 0, 0);
	return smpp_hexin_stray(h, h->line, h->column + t->n + 1, t->s[t->n]);
}

/*
 * Hands out a line that may be a JSON object. Half of one is dropped whole: its
 * digits are none of a PDU. Returns 0 when it is to be read for octets.
 */
static int
hexread_object(struct smpp_hexin *h, const struct hexin_text *t)
{
	struct smpp_hexevent e = {
	    .what = SMPP_HEXIN_OBJECT,
	    .line = h->line,
	    .column = 1,
	    .p = (const uint8_t *)t->s,
	    .n = t->n,
	};
	int rc;

	if (!h->more)
		return h->fn(h->arg, &e);
	if (t->s[1] != '"')
		return 0;
	h->dropped = true;
	rc = smpp_hexin_say(h, SMPP_HEXIN_ERROR, h->line, 1,
	    "a JSON object longer than 4 MiB is passed over");
	return rc != 0 ? rc : 1;
}

int
smpp_hexin_read(struct smpp_hexin *h, struct hexin_text *t)
{
	struct hexin_choice c;
	int rc;

	if (h->dropped && h->piece)
		return 0;
	h->dropped = false;
	if (h->form == SMPP_HEXFORM_AUTO && t->n > 1 && t->s[0] == '{' &&
	    !h->piece && (rc = hexread_object(h, t)) != 0) {
		h->found = true;
		return rc < 0 ? rc : 0;
	}
	if (!h->piece && smpp_hexin_same(h, t, &c)) {
		h->joins = h->now.pure;
		return smpp_hexin_take(h, &c);
	}
	if (star(t) > 0)
		h->dump.squeezed = h->dump.on;
	smpp_hexline_read(&h->now, t->s, t->n, h->open,
	    h->look.on && h->look.read.kind == SMPP_HEX_LITERAL &&
		    h->track.have > 0
		? h->look.read.beg
		: 0);
	if ((rc = all_plain(h, t)) == 0)
		rc = h->now.nread == 0 ? no_digits(h, t) : hexread_digits(h, t);
	if (rc != HEXIN_WAIT)
		h->joins = h->now.pure && h->now.nread > 0;
	if (t->n > 0 && t->s[t->n - 1] != '\\' && !h->more)
		h->open = 0;
	return rc;
}
