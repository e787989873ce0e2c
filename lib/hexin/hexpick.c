/* Which reading of a line is the right one: what fits the PDUs, counts up,
 * looks like the line before, agrees with its text column. */
#include <limits.h>
#include <string.h>

#include "base/hex.h"
#include "base/rd.h"
#include "hexin/hexin_int.h"
#include "smpp/pdu.h"

/*
 * What speaks for a reading. command_length comes first: nothing else adds up
 * to it but an offset that counts up together with the look of a dump.
 */
enum {
	SCORE_FIT = HEXIN_SURE,
	SCORE_END = 2,   /* a PDU ends where the reading ends */
	SCORE_FRESH = 5, /* it would fit, but cuts a PDU short */
	SCORE_WHOLE = 4,
	SCORE_LENGTH = 1,
	SCORE_COUNTS = 4,
	SCORE_NEXT = 1, /* and so does the next line */
	SCORE_TEXT = 4,
	SCORE_LOOK = HEXIN_LIKELY,
	SCORE_LOUD = 2,
	SCORE_FRONT = 2, /* what stands before it is no offset */
	SCORE_ENOUGH = 4,
};

/* How the 8 octets of a header fit, or fewer as far as they go. */
static enum hexin_fit
hexpick_judge(const uint8_t *p, uint32_t n)
{
	uint8_t all[8] = {0};
	uint32_t length;

	/* With less than four octets the rest of the length counts as zeros,
	 * the least that it can be: too large already is too large. */
	memcpy(all, p, n);
	length = smpp_get_u32(all);
	if (length > SMPP_PDU_MAX || (n >= 4 && length < SMPP_HEADER_SIZE))
		return HEXIN_MISFIT;
	if (n < 8)
		return HEXIN_UNKNOWN;
	return smpp_pdu_of(smpp_get_u32(all + 4)) != NULL ? HEXIN_FIT
							  : HEXIN_LENGTH;
}

enum hexin_fit
smpp_hexin_track(struct hexin_track *t, const uint8_t *p, size_t n)
{
	enum hexin_fit fit = HEXIN_UNKNOWN, f;
	size_t k;

	while (n > 0 && !t->lost) {
		if (t->have < 8) {
			k = n < 8 - t->have ? n : 8 - t->have;
			if (k == 8) /* what is most common, in one piece */
				memcpy(t->head, p, 8);
			else
				memcpy(t->head + t->have, p, k);
			t->have += (uint32_t)k;
			f = hexpick_judge(t->head, t->have);
			if (fit == HEXIN_UNKNOWN)
				fit = f;
			t->lost = f == HEXIN_MISFIT;
			t->need = t->have < 8 ? 0 : smpp_get_u32(t->head) - 8;
		} else {
			k = n < t->need ? n : t->need;
			t->need -= (uint32_t)k;
		}
		if (t->have == 8 && t->need == 0 && !t->lost)
			t->have = 0;
		p += k;
		n -= k;
	}
	if (fit == HEXIN_LENGTH && t->have == 0 && !t->lost)
		fit = HEXIN_WHOLE;
	return fit;
}

bool
smpp_hexin_line(const struct smpp_hexin *h, unsigned i, struct hexin_text *t)
{
	const char *p = h->buf + h->at, *end = h->buf + h->n, *nl;

	for (;; i--) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL && (!h->force || p == end))
			return false;
		if (i == 0)
			break;
		p = nl == NULL ? end : nl + 1;
	}
	if (nl == NULL)
		nl = end;
	if (nl > p && nl[-1] == '\r')
		nl--;
	*t = (struct hexin_text){p, (uint32_t)(nl - p)};
	return true;
}

/* The number in digits, in base; false when a digit is none of the base. */
static bool
hexpick_number(const char *s, uint32_t n, unsigned base, uint64_t *v)
{
	uint8_t d;

	for (*v = 0; n > 0; s++, n--) {
		d = smpp_hex_digit[(unsigned char)*s] & 15;
		if (d >= base)
			return false;
		*v = *v * base + d;
	}
	return true;
}

static const unsigned bases[HEXIN_BASES] = {16, 8, 10};

/* The offset of a reading in each base. Returns the bases it can be in. */
static uint8_t
offsets(const char *s, const struct smpp_hexread *r, uint64_t *v)
{
	uint8_t mask = 0;
	unsigned b;

	for (b = 0; b < HEXIN_BASES; b++)
		if (hexpick_number(s + r->off_beg, r->off_end - r->off_beg,
			bases[b], &v[b]))
			mask |= (uint8_t)(1u << b);
	return mask;
}

uint8_t
smpp_hexin_counts(const struct smpp_hexin *h, const char *s,
    const struct smpp_hexread *r, uint64_t *gap)
{
	uint64_t v[HEXIN_BASES], more;
	uint8_t can, mask = 0;
	unsigned i, b;

	*gap = 0;
	if (!h->dump.on || r->off_end == 0)
		return 0;
	can = h->dump.bases & offsets(s, r, v);
	for (b = 0; b < HEXIN_BASES; b++)
		if (can >> b & 1 && v[b] == h->dump.start[b] + h->dump.count)
			mask |= (uint8_t)(1u << b);
	if (!h->dump.squeezed || h->dump.nlast == 0)
		return mask;
	/* od counts in octal, with seven digits, if nothing tells better. */
	for (i = 0; i < HEXIN_BASES; i++) {
		b = h->look.read.width == 2 && r->off_end - r->off_beg == 7
			? (i + 1) % HEXIN_BASES
			: i;
		more = v[b] - h->dump.start[b] - h->dump.count;
		if (can >> b & 1 && more > 0 && more <= HEXIN_SQUEEZE &&
		    more % h->dump.nlast == 0) {
			*gap = more;
			return (uint8_t)(1u << b);
		}
	}
	return mask;
}

/* True when texts differ in nothing but their digits. */
static bool
alike(const char *a, const char *b, size_t n)
{
	for (; n > 0; a++, b++, n--)
		if (*a != *b && (smpp_hex_digit[(unsigned char)*a] == 0 ||
				    smpp_hex_digit[(unsigned char)*b] == 0))
			return false;
	return true;
}

/* True when a reading of a line looks like the one before. */
static bool
looks_like(const struct smpp_hexin *h, const struct hexin_look *look,
    const char *s, const struct smpp_hexread *r)
{
	const struct smpp_hexread *k = &look->read;

	if (h->piece && r->beg < 16)
		return true;
	if (!look->on || r->mode != k->mode)
		return false;
	if (r->kind == k->kind && r->kind != SMPP_HEX_COLUMN)
		return true;
	if (r->kind == SMPP_HEX_LITERAL || k->kind == SMPP_HEX_LITERAL ||
	    r->lead != k->lead || (r->off_end == 0) != (k->off_end == 0))
		return false;
	if (r->atoms > 1 && k->atoms > 1 &&
	    (r->glue != k->glue || r->width != k->width))
		return false;
	if (r->kind != k->kind && r->lead != 0)
		return true;
	if (r->front && k->front)
		return true;
	if (r->off_end != 0 && (r->beg == k->beg || r->off_beg == k->off_beg))
		return true;
	if (look->before[2] == '\0')
		return r->beg == k->beg;
	/* "len:  47" may stand where "data: 47" did. */
	return (r->beg == k->beg && r->atoms >= 4) ||
	       (r->beg >= 3 && alike(s + r->beg - 3, look->before, 3));
}

static struct hexin_look
look_of(const char *s, const struct smpp_hexread *r)
{
	struct hexin_look look = {.on = true, .read = *r};
	const char *p = s + r->beg - 3;
	uint32_t i;

	/* Spaces and digits are no landmark. */
	for (i = 0; r->beg >= 3 && i < 3; i++)
		if (p[i] != ' ' && smpp_hex_digit[(unsigned char)p[i]] == 0)
			memcpy(look.before, p, 3);
	return look;
}

/*
 * Follows the lines after this one, read as the reading r was, until the first
 * header is complete. *wait is set when more lines may complete it.
 */
static enum hexin_fit
look_on(struct smpp_hexin *h, const struct smpp_hexread *r,
    struct hexin_track *t, bool *wait)
{
	struct hexin_look look = look_of(h->now.s, r);
	enum hexin_fit fit = HEXIN_UNKNOWN;
	struct hexin_text text;
	uint8_t some[16];
	uint32_t i, j;

	for (i = 1; i < HEXIN_LOOK && fit == HEXIN_UNKNOWN; i++) {
		if (!smpp_hexin_line(h, i, &text)) {
			*wait = true;
			break;
		}
		smpp_hexline_read(&h->next, text.s, text.n, 0, 0);
		for (j = 0; j < h->next.nread; j++)
			if (looks_like(h, &look, text.s, &h->next.read[j]))
				break;
		if (j == h->next.nread)
			break;
		fit = smpp_hexin_track(t, some,
		    smpp_hexread_octets(
			text.s, &h->next.read[j], some, sizeof(some)));
	}
	return fit;
}

/*
 * True when the next line has an offset in the same column, n octets further
 * on than that of r, or is nothing but that, or a '*'. In words whose octets
 * are turned around the last one may be filled up, so that the offset counts
 * one octet less.
 */
static bool
counts_on(
    struct smpp_hexin *h, const struct smpp_hexread *r, uint32_t n, bool *wait)
{
	uint64_t v[HEXIN_BASES], w[HEXIN_BASES];
	struct smpp_hexread next;
	struct hexin_text t;
	uint8_t can;
	unsigned b;

	if (!smpp_hexin_line(h, 1, &t)) {
		*wait = true;
		return false;
	}
	if (t.n > 0 && t.s[0] == '*')
		return true;
	next = *r;
	for (next.off_end = r->off_beg; next.off_end < t.n; next.off_end++)
		if (smpp_hex_digit[(unsigned char)t.s[next.off_end]] == 0)
			break;
	if (next.off_end <= r->off_beg || next.off_end > r->off_beg + 16)
		return false;
	can = offsets(h->now.s, r, v) & offsets(t.s, &next, w);
	for (b = 0; b < HEXIN_BASES; b++)
		if (can >> b & 1 && w[b] - v[b] <= n &&
		    w[b] - v[b] + (r->mode == SMPP_HEX_SWAP) >= n)
			return true;
	return false;
}

/*
 * True when the n octets at p begin a PDU, though another is not complete. In
 * lines that follow each other, or look the same and are short, they must be
 * whole PDUs: among many zeros there is soon something that looks like a
 * header.
 */
static bool
hexpick_starts(
    const struct smpp_hexin *h, const uint8_t *p, size_t n, bool look)
{
	struct hexin_track t = {.have = 0};

	if (smpp_hexin_track(&t, p, n) != HEXIN_FIT)
		return false;
	if ((h->joins && h->now.pure) || (look && n < SMPP_HEADER_SIZE))
		return t.have == 0 && !t.lost;
	return n < SMPP_HEADER_SIZE ||
	       (smpp_get_u32(p + 4) & SMPP_RESPONSE_BIT) != 0 ||
	       smpp_get_u32(p + 8) == 0;
}

/* What the header that a reading brings is worth. */
static int
fit_score(struct smpp_hexin *h, const struct smpp_hexread *r, size_t n,
    bool look, struct hexin_choice *c)
{
	static const int score[] = {0, 0, SCORE_LENGTH, SCORE_WHOLE, SCORE_FIT};
	struct hexin_track t = h->track;
	bool mid = t.lost || t.have > 0;
	enum hexin_fit fit = smpp_hexin_track(&t, h->out, n);
	int end = 0;

	if (fit == HEXIN_UNKNOWN && t.have > 0 && t.have < 8 && !t.lost)
		fit = look_on(h, r, &t, &c->wait);
	/* So does one that may begin behind the end of the one before. */
	if (!t.lost &&
	    (fit == HEXIN_FIT ? t.have == 0 : h->track.have == 8 && t.have < 8))
		end = SCORE_END;
	if (fit == HEXIN_FIT)
		return SCORE_FIT + end;
	if (mid && !c->counts && hexpick_starts(h, h->out, n, look)) {
		c->fresh = true;
		return SCORE_FRESH;
	}
	/* What has nothing else for it must fit better than by its length. */
	if (r->mode == SMPP_HEX_SWAP ||
	    (fit == HEXIN_LENGTH && r->off_end != 0 && !r->loud))
		return end;
	return score[fit] + end;
}

/* What speaks for a reading by itself. */
static int
own_score(const struct smpp_hexread *r, bool look, bool counts)
{
	uint32_t digits = r->off_end - r->off_beg;
	int score = 0;

	if (r->text)
		score += r->n >= 4 || digits > 0 || look ? SCORE_TEXT : 1;
	if (digits > 0 && r->loud)
		score += SCORE_LOUD;
	if (r->front && r->lead != '\\')
		score += SCORE_FRONT;
	/* od and hexdump turn words around, where they do not say so; further
	 * down in a dump the lines before tell. */
	if (r->mode == SMPP_HEX_SWAP)
		score += !counts && (digits == 6 || digits == 7) ? SCORE_LOUD
								 : -1;
	/* "\\x" before many digits is no escape of the first two. */
	if (r->kind != SMPP_HEX_LITERAL && r->lead == '\\' && r->width >= 8)
		score++;
	return score;
}

/* Judges one reading. */
static struct hexin_choice
consider(struct smpp_hexin *h, const struct smpp_hexread *r)
{
	struct hexin_choice c = {.read = r};
	bool look = looks_like(h, &h->look, h->now.s, r);
	uint64_t gap;
	size_t n;

	n = smpp_hexread_octets(h->now.s, r, h->out, sizeof(h->out));
	c.counts = smpp_hexin_counts(h, h->now.s, r, &gap) != 0;
	if (c.counts)
		c.score += SCORE_COUNTS;
	c.score += fit_score(h, r, n, look, &c);
	c.score += own_score(r, look, c.counts);
	if (look)
		c.score += SCORE_LOOK;
	if (r->off_end - r->off_beg > 2 && (c.counts || n >= 4) &&
	    counts_on(h, r, r->n, &c.wait))
		c.score += c.counts ? SCORE_NEXT : SCORE_COUNTS;
	return c;
}

/* Whether octets in prose are worth a reading. */
static bool
will_do(const struct smpp_hexin *h, const struct hexin_choice *c)
{
	if (h->now.pure || c->score >= SCORE_ENOUGH)
		return true;
	return c->score >= SCORE_LOOK &&
	       (h->track.have > 0 || h->track.lost || c->read->n >= 16);
}

/* A digit left over joins what comes next; other readings wait for another
 * time. */
static bool
hexpick_allowed(const struct smpp_hexin *h, const struct smpp_hexread *r)
{
	if (h->half != 0 && r->half == 0)
		return false;
	if (h->form == SMPP_HEXFORM_PLAIN)
		return r->kind == SMPP_HEX_PLAIN;
	return h->form == SMPP_HEXFORM_AUTO || r->off_end != 0;
}

/*
 * True when another reading is as good, or fits as well, and is not the same.
 * Such a pair has the lines after it looked at, if they are not here yet,
 * before one of them is taken.
 */
static bool
rivals(const struct hexin_choice *a, const struct hexin_choice *b)
{
	if (a->read == NULL ||
	    (a->read->n == b->read->n && a->read->mode == b->read->mode))
		return false;
	return a->score == b->score ||
	       (a->score >= SCORE_FIT && b->score >= SCORE_FIT);
}

struct hexin_choice
smpp_hexin_pick(struct smpp_hexin *h)
{
	struct hexin_choice best = {.score = INT_MIN}, c;
	bool wait = false, doubt = false;
	uint32_t i;

	for (i = 0; i < h->now.nread; i++) {
		if (!hexpick_allowed(h, &h->now.read[i]))
			continue;
		c = consider(h, &h->now.read[i]);
		wait |= c.wait;
		if (rivals(&best, &c))
			doubt = true;
		else if (c.score > best.score)
			doubt = false;
		if (c.score > best.score)
			best = c;
	}
	best.wait = wait && (doubt || best.score < SCORE_ENOUGH);
	if (best.read != NULL && !will_do(h, &best) &&
	    h->form == SMPP_HEXFORM_AUTO)
		best.read = NULL;
	return best;
}

bool
smpp_hexin_is_ruler(const uint8_t *p, size_t n)
{
	size_t i;

	/* Behind 0f the columns of a text may be numbered as well. */
	for (i = 0; i < n && i < 16 && p[i] == i; i++)
		;
	return n >= 8 && (i == n || i == 16);
}

bool
smpp_hexin_begins(struct smpp_hexin *h)
{
	const struct smpp_hexread *r = &h->now.read[0];

	return h->now.nread > 0 && !r->odd &&
	       hexpick_starts(h, h->out,
		   smpp_hexread_octets(h->now.s, r, h->out, sizeof(h->out)),
		   false);
}

/* True when the octets of a line without offset begin or go on as PDUs do. */
static bool
goes_on(const struct smpp_hexin *h)
{
	struct hexin_track t = {.have = 0};
	uint8_t head[8];
	size_t n;

	n = smpp_hexread_octets(h->now.s, &h->look.read, head, sizeof(head));
	return h->joins && !h->track.lost &&
	       smpp_hexin_track(&t, head, n) !=
		   (h->track.have > 0 ? HEXIN_FIT : HEXIN_MISFIT);
}

/*
 * Most lines of a dump are like the one before, character by character but for
 * the digits. Comparing them is all that is done then; readings are not
 * sought.
 */
bool
smpp_hexin_same(
    struct smpp_hexin *h, const struct hexin_text *t, struct hexin_choice *c)
{
	const struct hexin_look *look = &h->look;
	const struct smpp_hexread *r = &look->read;
	uint32_t i;
	uint64_t gap;

	if (!look->on || look->ntext == 0 || t->n != look->n || h->half != 0 ||
	    h->dump.squeezed)
		return false;
	for (i = r->off_end; i < look->ntext; i++)
		if (smpp_hex_digit[(unsigned char)look->text[i]] == 0
			? t->s[i] != look->text[i]
			: smpp_hex_digit[(unsigned char)t->s[i]] == 0)
			return false;
	h->now.s = t->s;
	h->now.pure = r->kind == SMPP_HEX_PLAIN;
	h->now.nread = 1;
	*c = (struct hexin_choice){.read = r};
	if (r->off_end == 0)
		return goes_on(h);
	c->counts = smpp_hexin_counts(h, t->s, r, &gap) != 0;
	return c->counts;
}

/* Goes on with a dump, or starts one. */
static void
follow_dump(struct smpp_hexin *h, const struct hexin_choice *c, size_t n)
{
	struct hexin_dump *d = &h->dump;
	uint64_t gap;

	if (c->read->off_end == 0) {
		d->on = false;
		return;
	}
	if (c->counts) {
		d->bases = smpp_hexin_counts(h, h->now.s, c->read, &gap);
		d->count += gap;
	} else {
		d->bases = offsets(h->now.s, c->read, d->start);
		d->count = 0;
		d->on = true;
	}
	d->squeezed = false;
	d->count += n;
	d->nlast = n <= sizeof(d->last) ? (uint32_t)n : 0;
	memcpy(d->last, h->out, d->nlast);
}

void
smpp_hexin_accepted(
    struct smpp_hexin *h, const struct hexin_choice *c, size_t n)
{
	const struct smpp_hexread *r = c->read;
	uint32_t ntext = 0;

	follow_dump(h, c, n);
	if (r == &h->look.read)
		return;
	h->look = look_of(h->now.s, r);
	h->look.n = h->now.n;
	if (r->kind == SMPP_HEX_PLAIN)
		ntext = h->now.n;
	else if (r->kind == SMPP_HEX_COLUMN && r->off_end != 0)
		ntext = r->end + (r->end < h->now.n);
	if (r->mode != SMPP_HEX_JOIN || r->odd || r->half != 0 || h->piece ||
	    h->more || smpp_hexin_padded(r) || ntext > sizeof(h->look.text))
		return;
	h->look.ntext = ntext;
	memcpy(h->look.text, h->now.s, ntext);
}

const struct smpp_hexread *
smpp_hexin_end_of(
    const struct smpp_hexin *h, const struct smpp_hexline *l, uint64_t *gap)
{
	const struct smpp_hexread *found = NULL;
	struct smpp_hexread end;
	uint64_t end_gap = 0;
	uint32_t i;

	if (!h->dump.on)
		return NULL;
	for (i = 0; i < l->nread; i++) {
		end = l->read[i];
		if (smpp_hexin_counts(h, l->s, &end, gap) != 0)
			return NULL; /* there is more behind the offset */
		if (end.kind == SMPP_HEX_LITERAL || end.atoms != 1 ||
		    end.n > 8 || end.end != l->n)
			continue;
		end.off_beg = end.beg;
		end.off_end = end.end;
		if (smpp_hexin_counts(h, l->s, &end, &end_gap) != 0)
			found = &l->read[i];
	}
	*gap = end_gap;
	return found;
}
