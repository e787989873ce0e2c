/* String literals: escapes for octets, other characters for themselves. */
#include "hexin/hexlit_int.h"

#include <string.h>

#include "base/hex.h"
#include "hexin/hexlex_int.h"

/* A cursor over a literal; doubled as in struct smpp_hexlit. */
struct cursor {
	const char *s;
	uint32_t at, end;
	bool doubled;
};

static char
hexlit_peek(const struct cursor *c, uint32_t i)
{
	return c->end - c->at > i ? c->s[c->at + i] : '\0';
}

static uint8_t
hexlit_digit(char c, unsigned base)
{
	uint8_t d = smpp_hex_digit[(unsigned char)c];

	return d != 0 && (d & 15) < base ? d : 0;
}

/* Up to max digits as a number. Returns how many there were. */
static uint32_t
hexlit_number(struct cursor *c, unsigned base, uint32_t max, uint32_t *v)
{
	uint32_t i;
	uint8_t d;

	*v = 0;
	for (i = 0; i < max && (d = hexlit_digit(hexlit_peek(c, 0), base)) != 0;
	     i++) {
		*v = *v * base + (d & 15);
		c->at++;
	}
	return i;
}

/* \x41, \u0041, \x{41}: the cursor is behind the letter. */
static int
hexadecimal(struct cursor *c, char letter)
{
	uint32_t v, max = letter == 'x' ? 2 : 4;
	bool brace = hexlit_peek(c, 0) == '{';

	c->at += brace;
	if (hexlit_number(c, 16, brace ? 6 : max, &v) == 0 || v > 255)
		return -1;
	if (brace && hexlit_peek(c, 0) != '}')
		return -1;
	c->at += brace;
	return (int)v;
}

/*
 * The octet of the escape at the cursor, which is behind its backslash; -1
 * when it is none, and then the backslash stands for itself.
 */
static int
hexlit_escape(struct cursor *c)
{
	static const char letters[] = "n\nr\rt\ta\ab\bf\fv\ve\033E\033";
	static const char selves[] = "\\'\"`$@?";
	uint32_t at = c->at, v;
	char e = hexlit_peek(c, 0);
	const char *l;
	int octet;

	if (hexlit_number(c, 8, 3, &v) > 0)
		return (int)(v & 255);
	c->at++;
	if (e == 'x' || e == 'u') {
		octet = hexadecimal(c, e);
		if (octet == -1)
			c->at = at;
		return octet;
	}
	for (l = letters; *l != '\0'; l += 2)
		if (*l == e)
			return l[1];
	if (e == '\\' && c->doubled && hexlit_peek(c, 0) == '\\')
		c->at++;
	if (e != '\0' && strchr(selves, e) != NULL)
		return e;
	c->at = at;
	return -1;
}

/* Moves over a backslash, or both of a doubled one. */
static bool
backslash(struct cursor *c)
{
	if (hexlit_peek(c, 0) != '\\')
		return false;
	if (c->doubled && hexlit_peek(c, 1) == '\\')
		c->at++;
	c->at++;
	return true;
}

/* True when an escape of an octet by its number stands at s. */
static bool
is_escape(const char *s, uint32_t n)
{
	if (n < 3 || s[0] != '\\')
		return false;
	if (s[1] == 'x' || (s[1] == 'u' && s[2] != 'c'))
		return s[2] == '{' || hexlit_digit(s[2], 16) != 0;
	return s[1] == '0' || (hexlit_digit(s[1], 8) && hexlit_digit(s[2], 8));
}

/* True when the quote at at may open a literal: no apostrophe in a word. */
static bool
opens(const char *s, uint32_t at)
{
	char c = s[at];

	if (c != '"' && c != '\'' && c != '`')
		return false;
	while (at > 0 && memchr("bBrRuULcEe", s[at - 1], 10) != NULL)
		at--;
	return at == 0 || (hexlit_digit(s[at - 1], 10) == 0 &&
			      (uint8_t)((s[at - 1] | 32) - 'a') >= 26);
}

/* The place of the quote that closes the one at at, or n. One that was escaped
 * itself is closed by another such. */
static uint32_t
hexlit_closing(const char *s, uint32_t at, uint32_t n)
{
	bool escaped = at > 0 && s[at - 1] == '\\';
	char quote = s[at++];

	while (at < n && s[at] != quote) {
		if (escaped && s[at] == '\\' && n - at > 1 &&
		    s[at + 1] == quote)
			return at;
		at += s[at] == '\\' ? 2 : 1;
	}
	return at < n ? at : n;
}

/*
 * Finds the literal that holds what is at esc; the inner one, where a literal
 * was quoted once more by other quotes.
 */
static void
enclose(const char *s, uint32_t at, uint32_t n, uint32_t esc,
    struct smpp_hexlit *lit)
{
	uint32_t close;

	for (; at <= esc; at++) {
		if (!opens(s, at))
			continue;
		close = hexlit_closing(s, at, n);
		if (close <= esc) {
			at = close;
		} else if (lit->quote == 0 || close < n) {
			lit->beg = at + 1;
			lit->quote = s[at];
			n = close;
			if (at > 0 && s[at - 1] == '\\')
				lit->end = close;
		}
	}
}

/* Where a literal opens that goes on with the one that began at inside in the
 * line before: at the start, or at the same place; n when none does. */
static uint32_t
opens_again(const char *s, uint32_t n, uint32_t inside)
{
	uint32_t at = 0;

	while (
	    at < n && s[at] != '\0' && strchr("bBrRuULc \t(+.", s[at]) != NULL)
		at++;
	if (at < n && opens(s, at))
		return at;
	return inside <= n && opens(s, inside - 1) ? inside - 1 : n;
}

bool
smpp_hexlit_find(
    const char *s, uint32_t n, uint32_t inside, struct smpp_hexlit *lit)
{
	uint32_t at = inside > 0 ? opens_again(s, n, inside) : n, esc = at;

	if (at == n) {
		at = esc = 0;
		while (esc < n && !is_escape(s + esc, n - esc))
			esc++;
		if (esc == n)
			return false;
	}
	*lit = (struct smpp_hexlit){
	    .beg = esc, .end = n, .doubled = esc > 0 && s[esc - 1] == '\\'};
	lit->beg -= lit->doubled;
	enclose(s, at, n, esc, lit);
	return true;
}

/* The octet of the character or escape at the cursor. */
static uint8_t
octet(struct cursor *c)
{
	uint32_t at = c->at;
	int v;

	if (backslash(c) && (v = hexlit_escape(c)) >= 0)
		return (uint8_t)v;
	c->at = at + 1;
	return (uint8_t)c->s[at];
}

/* True where the literal ends: at its quote, or bare escapes at a space; and
 * at a backslash that ends the line, for the literal goes on in the next. */
static bool
ends(const struct cursor *c, char quote)
{
	char ch = hexlit_peek(c, 0);

	if (ch == '\\' && c->at + 1 == c->end)
		return true;
	if (quote != 0)
		return ch == quote;
	return ch == '"' || ch == '\'' ||
	       smpp_hexlex_space(c->s + c->at, c->end - c->at) > 0;
}

/* Moves into a literal in the same quotes that follows with only separators
 * between. */
static char
next_literal(struct cursor *c, char quote)
{
	uint32_t at = c->at;

	while (at < c->end && memchr(" \t,+.b", c->s[at], 6) != NULL)
		at++;
	if (at == c->end || c->s[at] != quote || !opens(c->s, at))
		return 0;
	c->at = at + 1;
	return c->s[at];
}

/*
 * Reads decimal numbers from the cursor on into out, max at most; out may be
 * NULL. Returns how many there were; the cursor is behind the last.
 */
static size_t
hexlit_numbers(struct cursor *c, uint8_t *out, size_t max)
{
	uint32_t at = c->at, v;
	bool minus;
	size_t n;

	for (n = 0; n < max; n++, at = c->at) {
		while (hexlit_peek(c, 0) == ' ' ||
		       (n > 0 && hexlit_peek(c, 0) == ','))
			c->at++;
		minus = hexlit_peek(c, 0) == '-';
		c->at += minus;
		if ((n > 0 && c->at == at) ||
		    hexlit_number(c, 10, 3, &v) == 0 || v > (minus ? 128 : 255))
			break;
		if (out != NULL)
			out[n] = (uint8_t)(minus ? 256 - v : v);
	}
	c->at = at;
	return n;
}

bool
smpp_hexlit_numbers(const char *s, uint32_t n, struct smpp_hexlit *lit)
{
	enum { HEADER = 16 };
	struct cursor c = {s, 0, n, false};
	uint32_t beg;

	while (c.at < n) {
		if (memchr("[{(<", s[c.at++], 4) == NULL)
			continue;
		beg = c.at;
		if (hexlit_numbers(&c, NULL, SIZE_MAX) < HEADER ||
		    memchr("]})>", hexlit_peek(&c, 0), 4) == NULL)
			continue;
		*lit = (struct smpp_hexlit){
		    .beg = beg, .end = c.at, .decimal = true};
		return true;
	}
	return false;
}

size_t
smpp_hexlit_octets(
    const char *s, struct smpp_hexlit *lit, uint8_t *out, size_t max)
{
	struct cursor c = {s, lit->beg, lit->end, lit->doubled};
	char quote = lit->quote;
	size_t n = 0;
	uint8_t o;

	if (lit->decimal)
		return hexlit_numbers(&c, out, max);
	while (quote != 0 || c.at == lit->beg) {
		while (c.at < c.end && n < max && !ends(&c, quote)) {
			o = octet(&c);
			if (out != NULL)
				out[n] = o;
			n++;
		}
		lit->end = c.at;
		if (quote == 0 || c.at == c.end || c.s[c.at] != quote)
			break;
		c.at++;
		quote = next_literal(&c, quote);
	}
	lit->quote = quote;
	return n;
}
