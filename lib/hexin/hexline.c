/* Readings of a line: columns of equal atoms, with offsets, text, literals. */
#include "hexin/hexline_int.h"

#include <string.h>

#include "base/hex.h"
#include "hexin/hexfront_int.h"

enum {
	SEGMENTS = 32,   /* in one line; prose has more, and no octets */
	TEXT_MAX = 256,  /* octets a line of a dump may show as text */
	OFFSET_MAX = 16, /* digits of an offset */
	GAP = 4,         /* columns between what may not belong together */
};

/* Atoms of one look, one behind the other. */
struct segment {
	uint32_t beg, end;
	uint32_t first;    /* where the digits of its first atom begin */
	uint32_t second;   /* where its second atom begins */
	uint32_t gap;      /* where it ends if a wide gap ends it, or 0 */
	uint32_t last;     /* where the digits of its last atom begin */
	uint32_t last_end; /* and end */
	uint32_t atoms;
	uint32_t width;
	char glue; /* between its atoms */
	char lead;
	char before; /* glue before the first */
	bool joined; /* no word between it and the one before */
	bool off;    /* the one before may be an offset: something is between */
	bool apart;  /* but a wide gap */
	bool thin;   /* some atoms have one digit only */
	bool short_last; /* the last atom is narrower: it was the last */
};

/* One digit is an octet whose zero was left out, and looks like its
 * neighbours. */
static uint32_t
width_of(const struct smpp_hexatom *a)
{
	return a->end - a->beg < 2 ? 2 : a->end - a->beg;
}

/* True when the atom goes on in the look of the segment. */
static bool
hexline_fits(const struct segment *g, const struct smpp_hexatom *a)
{
	if (a->word || a->lead != g->lead || g->short_last)
		return false;
	if (width_of(a) > g->width)
		return false;
	/* Behind a gap half an octet belongs to another column. */
	if (a->space > 1 && a->lead == 0 && (a->end - a->beg) % 2 != 0)
		return false;
	/* A first atom that is wider than the second is an offset. */
	if (width_of(a) < g->width && g->atoms == 1 && !g->joined)
		return false;
	if (g->atoms == 1)
		return a->glue != ':' || a->space == 0;
	return a->glue == g->glue;
}

static void
extend(struct segment *g, const struct smpp_hexatom *a)
{
	if (a->space >= GAP && g->gap == 0)
		g->gap = g->end;
	if (g->atoms++ == 1) {
		g->glue = a->glue;
		g->second = a->from;
	}
	g->end = a->to;
	g->last = a->beg;
	g->last_end = a->end;
	g->thin |= a->end - a->beg == 1;
	g->short_last = width_of(a) < g->width;
}

static struct segment
hexline_begin(const struct smpp_hexatom *a, bool joined)
{
	return (struct segment){
	    .beg = a->from,
	    .first = a->beg,
	    .end = a->to,
	    .last = a->beg,
	    .last_end = a->end,
	    .atoms = 1,
	    .width = width_of(a),
	    .lead = a->lead,
	    .before = a->glue,
	    .joined = joined && !a->word,
	    .off = a->space > 0 || a->glue != 0,
	    .apart = a->space >= GAP,
	    .thin = a->end - a->beg == 1,
	};
}

/*
 * Cuts the line from at on into segments. Returns how many there are; if they
 * are too many, l->used is where they end, but for a pure line.
 */
static uint32_t
segments(struct smpp_hexline *l, struct segment *g, uint32_t at)
{
	struct smpp_hexlex x;
	struct smpp_hexatom a;
	uint32_t n = 0;

	smpp_hexlex_init(&x, l->s, at, l->n);
	while (smpp_hexlex_next(&x, &a)) {
		l->digits += a.end - a.beg;
		l->pure &= !a.word;
		if (n > 0 && hexline_fits(&g[n - 1], &a)) {
			extend(&g[n - 1], &a);
		} else if (n < SEGMENTS) {
			g[n] = hexline_begin(&a, n > 0);
			n++;
		} else if (!l->pure) {
			l->used = g[n - 1].end;
			break;
		}
	}
	l->pure &= !a.word;
	l->stray = x.stray;
	return n;
}

/* Collects digits into octets; half holds the first digit of one, or 0. */
struct octets {
	uint8_t *p;
	size_t n, max;
	uint8_t half;
	uint8_t mode; /* enum smpp_hexmode */
};

/* Turns the n octets at p around. */
static void
hexline_turn(uint8_t *p, size_t n)
{
	uint8_t t;
	size_t i;

	for (i = 0; i < n / 2; i++) {
		t = p[i];
		p[i] = p[n - 1 - i];
		p[n - 1 - i] = t;
	}
}

static void
put_atom(struct octets *o, const char *s, const struct smpp_hexatom *a)
{
	uint32_t i, n = a->end - a->beg;
	size_t from = o->n;
	uint8_t d;

	if (o->mode == SMPP_HEX_EACH && n % 2 != 0)
		o->half = 16; /* as if a zero stood before it */
	for (i = a->beg; i < a->end && o->n < o->max; i++) {
		d = smpp_hex_digit[(unsigned char)s[i]];
		if (o->half == 0) {
			o->half = d;
			continue;
		}
		o->p[o->n++] = (uint8_t)(o->half << 4 | (d & 15));
		o->half = 0;
	}
	if (o->mode == SMPP_HEX_SWAP)
		hexline_turn(o->p + from, o->n - from);
}

size_t
smpp_hexread_octets(
    const char *s, const struct smpp_hexread *r, uint8_t *out, size_t max)
{
	struct octets o = {out, 0, max, r->half, r->mode};
	struct smpp_hexlit lit = r->lit;
	struct smpp_hexlex x;
	struct smpp_hexatom a;

	if (r->kind == SMPP_HEX_LITERAL)
		return smpp_hexlit_octets(s, &lit, out, max);
	smpp_hexlex_init(&x, s, r->beg, r->end);
	while (o.n < max && smpp_hexlex_next(&x, &a))
		put_atom(&o, s, &a);
	return o.n;
}

uint32_t
smpp_hexread_column(const char *s, const struct smpp_hexread *r, size_t i)
{
	struct smpp_hexlex x;
	struct smpp_hexatom a = {0};
	size_t n;

	if (r->kind == SMPP_HEX_LITERAL)
		return r->beg + 1;
	smpp_hexlex_init(&x, s, r->beg, r->end);
	while (smpp_hexlex_next(&x, &a)) {
		n = r->mode == SMPP_HEX_EACH ? 1 : (a.end - a.beg) / 2;
		if (i < n)
			break;
		i -= n;
	}
	return a.beg + 1 + (uint32_t)(r->mode == SMPP_HEX_JOIN ? 2 * i : 0);
}

/* Whether a text column shows an octet as c: itself when it can be printed,
 * else anything but a letter or digit of ASCII; but 0 may stand for 0. */
static bool
shows(uint8_t octet, char c)
{
	if (octet > ' ' && octet < 0x7f)
		return c == (char)octet;
	if (octet == 0 && c == '0')
		return true;
	return smpp_hex_digit[(unsigned char)c] == 0 &&
	       (uint8_t)((c | 32) - 'a') >= 26;
}

/* The place behind i and any frames drawn there in boxes. */
static uint32_t
skip_boxes(const char *s, uint32_t i, uint32_t end)
{
	while (end - i >= 3 && s[i] == '\xe2' &&
	       (s[i + 1] == '\x94' || s[i + 1] == '\x95'))
		i += 3;
	return i;
}

/* True when the text from i on shows the n octets and nothing else follows. */
static bool
shown_at(const char *s, uint32_t i, uint32_t end, const struct octets *o)
{
	size_t k;

	for (k = 0; k < o->n; k++) {
		if (i >= end ? o->p[k] != ' ' : !shows(o->p[k], s[i]))
			return false;
		for (i++; i < end && (s[i] & 0xc0) == 0x80; i++)
			;
		if (i < end)
			i = skip_boxes(s, i, end);
	}
	while (i < end && strchr(" \t|<*/\"';", s[i]) != NULL)
		i = skip_boxes(s, i + 1, end);
	return i >= end;
}

/*
 * True when behind the blank at i a text column shows the octets: it may begin
 * with spaces of its own, be framed, and lack spaces at its end.
 */
static bool
shown(const char *s, uint32_t i, uint32_t end, const struct octets *o)
{
	for (i = skip_boxes(s, i + 1, end); i < end;
	     i = skip_boxes(s, i + 1, end)) {
		if (shown_at(s, i, end, o))
			return true;
		if (s[i] == '\0' || strchr(" \t|>*/\"';#-", s[i]) == NULL)
			return false;
	}
	return false;
}

static bool
hexline_is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/*
 * Looks for a text column behind any wide gap of the reading, and behind its
 * end; if one shows the octets before it, the reading ends there.
 */
static void
find_text(const struct smpp_hexline *l, struct smpp_hexread *r)
{
	uint8_t out[TEXT_MAX + OFFSET_MAX];
	struct octets o = {out, 0, sizeof(out), 0, r->mode};
	struct smpp_hexlex x;
	struct smpp_hexatom a = {0};
	uint32_t end = 0;
	bool more;

	smpp_hexlex_init(&x, l->s, r->beg, l->n);
	do {
		more = smpp_hexlex_next(&x, &a);
		if (end > 0 &&
		    (!more || a.word || a.space > 1 || a.glue == '|') &&
		    o.half == 0 && end < l->n && hexline_is_blank(l->s[end]) &&
		    shown(l->s, end, l->n, &o)) {
			r->text = true;
			r->end = end;
			return;
		}
		put_atom(&o, l->s, &a);
		end = a.to;
	} while (more && !a.word && end <= r->end && o.n < o.max);
}

/* Counts what the reading gives. */
static void
hexline_measure(const char *s, struct smpp_hexread *r)
{
	struct smpp_hexlex x;
	struct smpp_hexatom a;
	uint32_t digits = 0;

	r->atoms = 0;
	smpp_hexlex_init(&x, s, r->beg, r->end);
	while (smpp_hexlex_next(&x, &a)) {
		digits += a.end - a.beg;
		if (r->mode == SMPP_HEX_EACH)
			digits += (a.end - a.beg) % 2;
		r->atoms++;
		r->end = a.to;
	}
	r->n = digits / 2;
	r->odd = digits % 2 != 0;
}

/* Adds a reading, if there is room. */
static void
hexline_add(
    struct smpp_hexline *l, struct smpp_hexread r, enum smpp_hexmode mode)
{
	if (l->nread == SMPP_HEXLINE_MAX)
		return;
	r.mode = (uint8_t)mode;
	if (r.kind == SMPP_HEX_COLUMN)
		find_text(l, &r);
	hexline_measure(l->s, &r);
	l->read[l->nread++] = r;
}

/*
 * Adds a reading in all modes that its atoms allow. Of readings that speak
 * equally for themselves the first is taken, so the likelier one is added
 * first: numbers with 0x or commas have an octet each.
 */
static void
add_modes(
    struct smpp_hexline *l, struct smpp_hexread r, const struct segment *g)
{
	bool each = g->thin && g->width == 2;

	if (each && (g->lead == 'x' || g->glue == ','))
		hexline_add(l, r, SMPP_HEX_EACH);
	hexline_add(l, r, SMPP_HEX_JOIN);
	if (each && g->lead != 'x' && g->glue != ',')
		hexline_add(l, r, SMPP_HEX_EACH);
	if (!g->thin && g->width > 2 && g->width <= 16 && g->width % 2 == 0)
		hexline_add(l, r, SMPP_HEX_SWAP);
}

/* Adds a reading that ends at the first wide gap. */
static void
add_cut(struct smpp_hexline *l, struct smpp_hexread r, const struct segment *g)
{
	r.end = g->gap;
	if (r.end > r.beg)
		add_modes(l, r, g);
}

/* True when an atom of so many digits before a segment looks different from
 * what the segment holds. */
static bool
is_loud(const struct segment *g, uint32_t digits)
{
	if (g->before == ':' && g->glue != ':')
		return g->atoms > 1 || g->width > digits;
	return g->atoms >= 4 && digits > g->width;
}

/*
 * Adds the readings that begin at the first atom of g[i]: to the end of the
 * segments that follow with atoms as wide, and to the end of this one.
 */
static void
add_columns(
    struct smpp_hexline *l, const struct segment *g, uint32_t i, uint32_t n)
{
	struct smpp_hexread r = {
	    .kind = SMPP_HEX_COLUMN,
	    .beg = g[i].beg,
	    .end = g[i].end,
	    .width = g[i].width,
	    .glue = g[i].glue,
	    .lead = g[i].lead,
	};
	uint32_t j = i;

	/* A word such as "db" before the first atom hides where they begin. */
	if (g[i].joined && g[i - 1].atoms == 2 && g[i - 1].width == r.width &&
	    g[i - 1].lead == r.lead)
		r.beg = g[i - 1].second;
	else if (g[i].joined && g[i].off && g[i - 1].lead != '\\' &&
		 (r.lead != '\\' || r.width > 2) &&
		 g[i - 1].last_end - g[i - 1].last <= OFFSET_MAX) {
		r.off_beg = g[i - 1].last;
		r.off_end = g[i - 1].last_end;
		r.loud = is_loud(&g[i], r.off_end - r.off_beg);
	}
	while (j + 1 < n && g[j + 1].joined && !g[j + 1].apart &&
	       g[j + 1].width == g[i].width && g[j + 1].lead == g[i].lead)
		j++;
	if (j > i) {
		r.end = g[j].end;
		add_modes(l, r, &g[i]);
		r.end = g[i].end;
	}
	add_modes(l, r, &g[i]);
	add_cut(l, r, &g[i]);
}

/* Adds the readings that take the first atom of a segment for an offset. */
static void
add_offset(struct smpp_hexline *l, const struct segment *g)
{
	struct smpp_hexread r = {
	    .kind = SMPP_HEX_COLUMN,
	    .beg = g->second,
	    .end = g->end,
	    .off_beg = g->first,
	    .off_end = g->first + g->width,
	    .width = g->width,
	    .glue = g->glue,
	    .lead = g->lead,
	};

	if (g->atoms > 1 && g->width > 2 && g->width <= OFFSET_MAX &&
	    g->lead != '\\') {
		add_modes(l, r, g);
		add_cut(l, r, g);
	}
}

/* Adds the reading that takes all digits of a line that holds only digits. */
static void
add_plain(struct smpp_hexline *l, const struct segment *g, uint32_t n)
{
	struct smpp_hexread r = {
	    .kind = SMPP_HEX_PLAIN,
	    .beg = g[0].beg,
	    .end = l->n,
	    .width = g[0].width,
	    .glue = g[0].glue,
	    .lead = g[0].lead,
	};
	struct segment all = g[0];
	uint32_t i;

	for (i = 1; i < n; i++) {
		all.thin |= g[i].thin;
		if (g[i].width != all.width)
			all.width = 0;
	}
	add_modes(l, r, &all);
}

static void
add_literal(struct smpp_hexline *l, char open, uint32_t inside)
{
	struct smpp_hexread r = {.kind = SMPP_HEX_LITERAL};
	struct smpp_hexlit lit = {.end = l->n, .quote = open};

	if (open == 0 && !smpp_hexlit_find(l->s, l->n, inside, &lit))
		return;
	r.lit = lit;
	r.n = (uint32_t)smpp_hexlit_octets(l->s, &lit, NULL, SIZE_MAX);
	r.beg = r.lit.beg;
	r.end = lit.end;
	r.open = lit.quote;
	l->read[l->nread++] = r;
}

/* Adds the readings that begin in the first segments of n. */
static void
add_segments(
    struct smpp_hexline *l, const struct segment *g, uint32_t first, uint32_t n)
{
	uint32_t i;

	for (i = 0; i < first; i++) {
		add_columns(l, g, i, n);
		add_offset(l, &g[i]);
	}
}

/*
 * Finds the segments right behind line numbers, dates and times. A word before
 * them parts them from those anyway.
 */
static uint32_t
hexline_behind(struct smpp_hexline *l, struct segment *g)
{
	uint32_t front = smpp_hexfront(l->s, l->n), i, n;
	struct smpp_hexlex x;
	struct smpp_hexatom a;

	if (front == 0)
		return 0;
	smpp_hexlex_init(&x, l->s, front, l->n);
	l->bare = !smpp_hexlex_next(&x, &a);
	if (l->bare || a.word)
		return 0;
	n = segments(l, g, front);
	for (i = 1; i < n && g[i].joined; i++)
		;
	return i;
}

/* Adds the readings of those segments: octets, or an offset and octets. */
static void
add_behind(struct smpp_hexline *l, const struct segment *g, uint32_t n)
{
	uint32_t i = l->nread;

	add_segments(l, g, n < 2 ? n : 2, n);
	for (; i < l->nread; i++)
		l->read[i].front = true;
}

/* Adds the reading of a list of decimal numbers. */
static void
add_numbers(struct smpp_hexline *l)
{
	struct smpp_hexread r = {.kind = SMPP_HEX_LITERAL};

	if (!smpp_hexlit_numbers(l->s, l->n, &r.lit))
		return;
	r.n = (uint32_t)smpp_hexlit_octets(l->s, &r.lit, NULL, SIZE_MAX);
	r.beg = r.lit.beg;
	r.end = r.lit.end;
	l->read[l->nread++] = r;
}

/* Finds the readings from at on. */
static void
read_from(struct smpp_hexline *l, uint32_t at, char open, uint32_t inside)
{
	struct segment g[SEGMENTS], back[SEGMENTS];
	bool pure = l->pure;
	uint32_t n, nback;

	l->bare = false;
	nback = at == 0 ? hexline_behind(l, back) : 0;
	l->pure = pure;
	l->digits = 0;
	l->nread = 0;
	l->used = l->n;
	n = segments(l, g, at);
	if (at == 0) {
		add_literal(l, open, inside);
		add_numbers(l);
	}
	if (l->pure && n > 0)
		add_plain(l, g, n);
	add_behind(l, back, nback);
	add_segments(l, g, n, n);
}

void
smpp_hexline_read(struct smpp_hexline *l, const char *s, uint32_t n, char open,
    uint32_t inside)
{
	l->s = s;
	l->n = n;
	l->pure = true;
	read_from(l, 0, open, inside);
}

void
smpp_hexline_rest(
    struct smpp_hexline *l, const char *s, uint32_t at, uint32_t n)
{
	l->s = s;
	l->n = n;
	l->pure = false;
	read_from(l, at, 0, 0);
}
