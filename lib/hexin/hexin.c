/* The hex reader: lines out of blocks, octets out of lines. */
#include "hexin/hexin.h"

#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "hexin/hexin_int.h"

enum {
	FAST_MIN = 16,   /* octets in a line for the short way */
	BACK_MAX = 4096, /* how far back a long line is cut */
};

/*
 * Sets everything that does not outlive an input. By offsets: what belongs to
 * one input lies between the two members, and clearing all would mean the
 * buffers of 4 MiB.
 */
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

/* Where to cut a line that is too long: behind the last space or comma, or
 * between two octets of the digits it ends with. */
static uint32_t
cut_at(const char *s, uint32_t n)
{
	uint32_t i = n;

	while (i > n - BACK_MAX && s[i - 1] != ' ' && s[i - 1] != ',')
		i--;
	if (i > n - BACK_MAX)
		return i;
	i = n;
	while (i > 0 && smpp_hex_digit[(unsigned char)s[i - 1]] != 0)
		i--;
	return n - (n - i) % 2;
}

/* Moves on behind what was read. */
static void
hexin_advance(struct smpp_hexin *h, uint32_t n)
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
hexin_work(struct smpp_hexin *h)
{
	struct hexin_text t;
	uint32_t n;
	int rc;

	while (smpp_hexin_line(h, 0, &t)) {
		n = t.n + (h->at + t.n < h->n && t.s[t.n] == '\r');
		/* A byte order mark is no part of the first line's look. */
		if (h->line == 1 && !h->piece && t.n >= 3 &&
		    memcmp(t.s, "\xef\xbb\xbf", 3) == 0)
			t = (struct hexin_text){t.s + 3, t.n - 3};
		if ((rc = smpp_hexin_read(h, &t)) != 0)
			return rc == HEXIN_WAIT ? 0 : rc;
		hexin_advance(h, n);
	}
	if (h->at == h->n)
		h->at = h->n = 0;
	return 0;
}

/*
 * Makes room in a full buffer: reads without waiting, or a piece of a line.
 * With force set nobody waits for lines that would have to be in the buffer to
 * be looked at: the line is read with what is known.
 */
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
	rc = smpp_hexin_read(h, &t);
	hexin_advance(h, t.n);
	h->force = false;
	return rc;
}

/* True when lines are plain hex so far and nothing waits for a closer look. */
static bool
may_hurry(const struct smpp_hexin *h)
{
	return h->n == 0 && !h->dump.on && h->half == 0 && h->open == 0 &&
	       h->form != SMPP_HEXFORM_DUMP && !h->piece &&
	       h->packet.state == HEXIN_PACKET_NONE && h->look.on &&
	       h->look.read.kind == SMPP_HEX_PLAIN;
}

/*
 * The short way for lines that hold nothing but digits, one behind the other,
 * and where PDUs begin and end as they should. Returns how many
 * characters were read; *rc is what fn returned.
 */
static size_t
hurry(struct smpp_hexin *h, const char *p, size_t n, int *rc)
{
	struct smpp_hexread r = {.kind = SMPP_HEX_PLAIN, .atoms = 1};
	struct hexin_track fresh;
	enum hexin_fit fit;
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
		/*
		 * Where a PDU begins though the last one is not complete, or
		 * none begins where one should, the line needs a closer look.
		 */
		fit = smpp_hexin_track(&fresh, h->out, 8);
		if ((fit == HEXIN_FIT && h->track.have > 0) ||
		    (fit == HEXIN_MISFIT &&
			(h->track.have == 0 || h->track.lost)))
			break;
		r.end = 2 * k;
		r.n = k;
		*rc = smpp_hexin_give(h, h->out, k, p + at, &r);
		h->line++;
	}
	if (at > 0) {
		h->joins = true;
		h->look.read = r;
		h->look.ntext = 0;
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
			rc = hexin_work(h);
	}
	return rc;
}

int
smpp_hexin_end(struct smpp_hexin *h)
{
	int rc;

	h->force = true;
	if ((rc = hexin_work(h)) == 0)
		rc = smpp_hexin_odd(h);
	/* There was nothing better in all of the input: digits that looked
	 * like prose are better than none. */
	if (rc == 0 && !h->found) {
		rc = smpp_hexin_second_look(h);
		if (rc == 0)
			rc = smpp_hexin_odd(h);
		if (rc == 0 && !h->found && h->stray_line != 0)
			rc = smpp_hexin_stray(
			    h, h->stray_line, h->stray_column, h->stray);
	}
	if (rc == 0)
		rc = smpp_hexin_unwrap(h);
	restart(h);
	return rc;
}

uint32_t
smpp_hexin_column(const struct smpp_hexevent *e, size_t i)
{
	if (e->read == NULL)
		return e->column;
	return e->column + smpp_hexread_column(e->text, e->read, i) -
	       e->read->beg - 1;
}
