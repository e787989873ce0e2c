/* Values by key out of one line of our own JSON, for -F and --tsv. */
#include "pick.h"

#include <stdbool.h>

#include "base/hex.h"

/* Where reading stands. Everything below stops at end, whatever it reads. */
struct at {
	const uint8_t *p;
	const uint8_t *end;
};

static bool
is(const struct at *a, char c)
{
	return a->p < a->end && *a->p == (uint8_t)c;
}

/* Moves past a string; a quote after an odd run of backslashes is inside. */
static void
skip_string(struct at *a)
{
	const uint8_t *start = ++a->p, *q;

	for (;;) {
		if (a->p >= a->end || (a->p = memchr(a->p, '"',
					   (size_t)(a->end - a->p))) == NULL) {
			a->p = a->end;
			return;
		}
		for (q = a->p; q > start && q[-1] == '\\'; q--)
			;
		if ((a->p++ - q) % 2 == 0)
			return;
	}
}

/*
 * Brackets inside strings do not count, so strings are skipped as such. No
 * recursion: depth is a number, however deep the text is.
 */
static void
skip_nested(struct at *a)
{
	size_t depth = 0;

	do {
		if (is(a, '"')) {
			skip_string(a);
			continue;
		}
		if (is(a, '{') || is(a, '['))
			depth++;
		else if (is(a, '}') || is(a, ']'))
			depth--;
		a->p++;
	} while (depth > 0 && a->p < a->end);
}

/* Of our own writer, so numbers and words end at ',' or '}': no blanks. */
static void
skip_value(struct at *a)
{
	if (is(a, '"'))
		skip_string(a);
	else if (is(a, '{') || is(a, '['))
		skip_nested(a);
	else
		while (a->p < a->end && !is(a, ',') && !is(a, '}'))
			a->p++;
}

/* What is looked for: left of the n picks have no value yet. */
struct want {
	struct pick *pick;
	size_t n;
	size_t left;
};

/* What follows the prefix of np characters in a key, NULL if it differs. */
static const char *
pick_after(const struct pick *k, const char *prefix, size_t np)
{
	if (np == 0)
		return k->key;
	if (k->n <= np || k->key[np] != '.' || memcmp(k->key, prefix, np) != 0)
		return NULL;
	return k->key + np + 1;
}

/*
 * Gives the value v of member name to the picks that want it. Returns one that
 * wants something inside it, or NULL.
 */
static const struct pick *
pick_give(struct want *w, const char *prefix, size_t np, struct smpp_view name,
    struct smpp_view v)
{
	const struct pick *inner = NULL;
	const char *rest;
	struct pick *k;
	size_t left;

	for (k = w->pick; k < w->pick + w->n; k++) {
		if ((rest = pick_after(k, prefix, np)) == NULL)
			continue;
		left = k->n - (size_t)(rest - k->key);
		if (left < name.n || memcmp(rest, name.p, name.n) != 0)
			continue;
		/*
		 * A key may have dots of its own, and two picks may look
		 * inside the same member: the walk goes on, the last one leads
		 * inside for all.
		 */
		if (left > name.n) {
			if (rest[name.n] == '.')
				inner = k;
			continue;
		}
		w->left -= k->value.n == 0;
		k->value = v;
	}
	return inner;
}

/*
 * Walks the members of an object; as deep as a wanted key has dots. It ends as
 * soon as each pick has a value: the first keys of a record are the usual
 * ones, the rest of the line is not even looked at.
 */
static void
pick_object(
    struct want *w, struct smpp_view text, const char *prefix, size_t np)
{
	struct at a = {text.p, text.p + text.n};
	const struct pick *inner;
	struct smpp_view name, v;

	if (!is(&a, '{'))
		return;
	for (a.p++; is(&a, '"') && w->left > 0; a.p++) {
		name.p = a.p + 1;
		skip_string(&a);
		name.n = (uint32_t)(a.p - name.p) - (a.p > name.p);
		if (!is(&a, ':'))
			return;
		v.p = ++a.p;
		skip_value(&a);
		v.n = (uint32_t)(a.p - v.p);
		inner = pick_give(w, prefix, np, name, v);
		if (inner != NULL)
			pick_object(w, v, inner->key, np + (np > 0) + name.n);
		if (!is(&a, ','))
			return;
	}
}

void
pick_find(struct pick *picks, size_t n, struct smpp_view line)
{
	struct want w = {picks, n, n};
	size_t i;

	for (i = 0; i < n; i++)
		picks[i].value = (struct smpp_view){NULL, 0};
	if (line.n > 0)
		pick_object(&w, line, "", 0);
}

/* Of \uXXXX alone, so three octets are the most. */
static void
put_utf8(struct smpp_sbuf *b, uint32_t u)
{
	char s[3];

	if (u < 0x800) {
		s[0] = (char)(0xC0 | u >> 6);
		s[1] = (char)(0x80 | (u & 0x3F));
		smpp_sbuf_put(b, s, 2);
		return;
	}
	s[0] = (char)(0xE0 | u >> 12);
	s[1] = (char)(0x80 | (u >> 6 & 0x3F));
	s[2] = (char)(0x80 | (u & 0x3F));
	smpp_sbuf_put(b, s, 3);
}

static bool
pick_is_control(uint32_t u, enum pick_escape esc)
{
	if (u == '\n' || u == '\t')
		return esc == PICK_TERM;
	return (u < 0x20 || (u >= 0x7F && u < 0xA0)) && esc != PICK_RAW;
}

/* One character of a string, control characters as esc wants them. */
static void
put_char(struct smpp_sbuf *b, uint32_t u, enum pick_escape esc)
{
	static const char tsv[] = "\tt\nn\rr\\\\";
	const char *s;

	if (esc == PICK_TSV)
		for (s = tsv; *s != '\0'; s += 2)
			if (u == (uint8_t)*s) {
				smpp_sbuf_putc(b, '\\');
				smpp_sbuf_putc(b, s[1]);
				return;
			}
	if (pick_is_control(u, esc))
		smpp_sbuf_printf(b, "\\x%02x", u);
	else if (u < 0x80)
		smpp_sbuf_putc(b, (char)u);
	else
		put_utf8(b, u);
}

/*
 * Writes what the escape at p, a backslash with n octets following, stands
 * for. Returns its length. jsonw escapes control characters only, so there are
 * no surrogates.
 */
static size_t
put_escape(
    struct smpp_sbuf *b, const uint8_t *p, size_t n, enum pick_escape esc)
{
	static const char letters[] = "b\bf\fn\nr\rt\t";
	uint32_t u = 0;
	const char *s;
	size_t i;

	if (n >= 5 && p[1] == 'u') {
		for (i = 2; i < 6; i++)
			u = u << 4 | (smpp_hex_digit[p[i]] & 15);
		put_char(b, u, esc);
		return 6;
	}
	if (n == 0)
		return 1;
	for (s = letters; *s != '\0' && *s != (char)p[1]; s += 2)
		;
	put_char(b, *s != '\0' ? (uint8_t)s[1] : p[1], esc);
	return 2;
}

/*
 * The octets at p that may be copied as they are. C1 controls have two octets
 * in UTF-8, and a terminal obeys them as it obeys ESC [ : they are stopped at
 * as well.
 */
static size_t
pick_plain_run(const uint8_t *p, size_t n, enum pick_escape esc)
{
	size_t i;

	for (i = 0; i < n && p[i] != '\\'; i++)
		if (esc != PICK_RAW && i + 1 < n && p[i] == 0xC2 &&
		    p[i + 1] < 0xA0)
			break;
	return i;
}

/* No value is shown as '-', so that columns of a line keep their places. */
void
pick_put(struct smpp_sbuf *b, struct smpp_view v, enum pick_escape esc)
{
	size_t i, end, run;

	if (v.n == 0 || smpp_view_is(v, "null")) {
		smpp_sbuf_putc(b, '-');
		return;
	}
	if (v.p[0] != '"') {
		smpp_sbuf_put(b, v.p, v.n);
		return;
	}
	end = v.n - 1;
	for (i = 1; i < end; i += run) {
		run = pick_plain_run(v.p + i, end - i, esc);
		smpp_sbuf_put(b, v.p + i, run);
		if (run > 0)
			continue;
		if (v.p[i] == '\\') {
			run = put_escape(b, v.p + i, end - i - 1, esc);
		} else {
			put_char(b, v.p[i + 1], esc);
			run = 2;
		}
	}
}
