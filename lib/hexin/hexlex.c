/* Cuts a line into runs of hexadecimal digits and what stands between. */
#include "hexin/hexlex_int.h"

#include <string.h>

#include "base/hex.h"

/* True for what a digit must not touch: letters, digits, the underscore, and
 * octets of UTF-8 beyond ASCII. */
static bool
is_word(char c)
{
	unsigned char u = (unsigned char)c;

	return smpp_hex_digit[u] != 0 || (uint8_t)((u | 32) - 'a') < 26 ||
	       u == '_' || u >= 0x80;
}

static bool
hexlex_is_digit(char c)
{
	return smpp_hex_digit[(unsigned char)c] != 0;
}

/* The character at at + i, NUL behind the end. */
static char
hexlex_peek(const struct smpp_hexlex *x, uint32_t i)
{
	return x->n - x->at > i ? x->s[x->at + i] : '\0';
}

uint32_t
smpp_hexlex_space(const char *s, uint32_t n)
{
	const unsigned char *u = (const unsigned char *)s;

	if (u[0] == ' ' || (u[0] >= '\t' && u[0] <= '\r'))
		return 1;
	if (u[0] == 0xc2 && n > 1 && u[1] == 0xa0)
		return 2;
	if (n < 3)
		return 0;
	if (memcmp(s, "\xef\xbb\xbf", 3) == 0 ||
	    memcmp(s, "\xe3\x80\x80", 3) == 0)
		return 3;
	if (u[0] == 0xe2 && u[1] == 0x80 && (u[2] <= 0x8f || u[2] == 0xaf))
		return 3;
	return 0;
}

/* Dashes and quotation marks as word processors put them for - and ", and the
 * lines of a frame. */
static uint32_t
typographic(const char *s, uint32_t n, char *as)
{
	if (n < 3 || s[0] != '\xe2')
		return 0;
	if (s[1] == '\x94' || s[1] == '\x95') {
		*as = '|';
		return 3;
	}
	if (s[1] != '\x80')
		return 0;
	*as = (s[2] & 0xf8) == 0x90 ? '-' : '"';
	return (s[2] & 0xf0) == 0x90 ? 3 : 0;
}

/*
 * True when what stands at at + i goes on with the word or number before.
 * Digits that touch a letter are part of a word, "decade" or "face"; the
 * spaces and quotes of word processors are no ASCII and yet no letters.
 */
static bool
touches(const struct smpp_hexlex *x, uint32_t i)
{
	const char *s = x->s + x->at + i;
	uint32_t n = x->n - x->at - i;
	char as;

	return n > 0 && is_word(*s) &&
	       (*s >= 0 || (smpp_hexlex_space(s, n) == 0 &&
			       typographic(s, n, &as) == 0));
}

/* The length of a comment at the cursor. It must be closed in this line, or
 * be all that the line holds: a path with a wildcard opens none. */
static uint32_t
comment(const struct smpp_hexlex *x)
{
	uint32_t i;

	if (hexlex_peek(x, 0) != '/' || hexlex_peek(x, 1) != '*')
		return 0;
	for (i = 2; i < x->n - x->at; i++)
		if (hexlex_peek(x, i) == '*' && hexlex_peek(x, i + 1) == '/')
			return i + 2;
	for (i = 0; i < x->at; i++)
		if (smpp_hexlex_space(x->s + i, 1) == 0)
			return 0;
	return x->n - x->at;
}

/* The length of a cast before a number, "(byte) 0x9d", or of a conversion
 * behind one, "0x9d.toByte()": neither says anything about octets. */
static uint32_t
cast(const struct smpp_hexlex *x)
{
	uint32_t i = 1;

	if (hexlex_peek(x, 0) == '.') {
		while (is_word(hexlex_peek(x, i)))
			i++;
		return i > 1 && hexlex_peek(x, i) == '(' &&
			       hexlex_peek(x, i + 1) == ')'
			   ? i + 2
			   : 0;
	}
	if (hexlex_peek(x, 0) != '(')
		return 0;
	while (
	    i < 24 && (is_word(hexlex_peek(x, i)) || hexlex_peek(x, i) == ' '))
		i++;
	if (hexlex_peek(x, i++) != ')')
		return 0;
	while (hexlex_peek(x, i) == ' ')
		i++;
	return hexlex_peek(x, i) == '0' && (hexlex_peek(x, i + 1) | 32) == 'x'
		   ? i
		   : 0;
}

/* The bracket that c closes. */
static char
opening(char c)
{
	return c == ']' ? '[' : c == '>' ? '<' : '(';
}

/* Skips one piece of what stands between atoms; false when it is a word. */
static bool
separator(struct smpp_hexlex *x, struct smpp_hexatom *a)
{
	char c = hexlex_peek(x, 0), as = '"';
	uint32_t n = smpp_hexlex_space(x->s + x->at, x->n - x->at);

	if (n > 0) {
		x->at += n;
		a->space += c == '\t' ? 8 : 1;
		return true;
	}
	if ((n = typographic(x->s + x->at, x->n - x->at, &as)) > 0)
		c = as;
	else if ((n = cast(x)) == 0)
		n = 1;
	switch (c) {
	case ',':
	case ':':
	case '-':
	case ';':
	case '|':
		if (a->glue == 0)
			a->glue = c;
		/* fallthrough */
	case '"':
	case '\'':
	case '+':
		break;
	case '\\': /* at the end of a line that goes on */
		if (is_word(hexlex_peek(x, 1)) || hexlex_peek(x, 1) == c)
			return false;
		break;
	case '.': /* joins strings, or digits */
		if (n > 1)
			break;
		if (hexlex_peek(x, 1) == c)
			return false;
		if (hexlex_is_digit(hexlex_peek(x, 1)) && a->glue == 0)
			a->glue = c;
		break;
	case '(':
		if (n > 1)
			break;
		return false;
	case ']':
	case '>':
	case ')': /* [00][00] */
		if (hexlex_peek(x, 1) != opening(c) ||
		    !hexlex_is_digit(hexlex_peek(x, 2)))
			return false;
		n = 2;
		break;
	default:
		return false;
	}
	x->at += n;
	return true;
}

/* The length of what introduces an atom here, and which lead that is. */
static uint32_t
prefix(const struct smpp_hexlex *x, char *lead)
{
	char c = hexlex_peek(x, 0);

	*lead = 0;
	if ((c == '0' || c == '\\') && (hexlex_peek(x, 1) | 32) == 'x' &&
	    hexlex_is_digit(hexlex_peek(x, 2))) {
		*lead = c == '0' ? 'x' : '\\';
		return 2;
	}
	if (c == '&' && (hexlex_peek(x, 1) | 32) == 'h' &&
	    hexlex_is_digit(hexlex_peek(x, 2))) {
		*lead = c;
		return 2;
	}
	if ((c == '%' || c == '$') && hexlex_is_digit(hexlex_peek(x, 1))) {
		*lead = c;
		return 1;
	}
	return 0;
}

/* The length of the ending of a number at s[i]: 00h, 0x00u, 0x00u8. */
static uint32_t
suffix(const struct smpp_hexlex *x, char lead, uint32_t i)
{
	uint32_t n = 0;
	char c = (char)(hexlex_peek(x, i) | 32);

	if (lead == 0 && c == 'h')
		n = 1;
	else if (lead == 'x' && (c == 'u' || c == 'l'))
		while (n < 4 && is_word(hexlex_peek(x, i + n)))
			n++;
	return touches(x, i + n) ? 0 : n;
}

/* Takes an atom at the cursor if there is one. */
static bool
atom(struct smpp_hexlex *x, struct smpp_hexatom *a)
{
	uint32_t from = prefix(x, &a->lead), i = from, end;

	while (hexlex_is_digit(hexlex_peek(x, i)))
		i++;
	if (i == from)
		return false;
	end = i;
	i += suffix(x, a->lead, i);
	if (touches(x, i))
		return false;
	if (i > end && a->lead == 0 && end % 2 != 0 && hexlex_peek(x, 0) == '0')
		from++; /* 0f4h is how assemblers want f4h */
	a->from = x->at;
	a->beg = x->at + from;
	a->end = x->at + end;
	a->to = x->at + i;
	x->at = a->to;
	return true;
}

/* Skips a word: prose, a bracket, a comment, an escape such as \n. */
static void
hexlex_word(struct smpp_hexlex *x, struct smpp_hexatom *a)
{
	uint32_t i = comment(x);

	a->word = true;
	a->space = 0;
	a->glue = 0;
	if (i == 0 && is_word(hexlex_peek(x, 0))) {
		while (hexlex_is_digit(hexlex_peek(x, i)))
			i++;
		if (x->stray == UINT32_MAX)
			x->stray = x->at + i;
		while (touches(x, i))
			i++;
	} else if (i == 0) {
		i = hexlex_peek(x, 0) == '\\' && is_word(hexlex_peek(x, 1)) ? 2
									    : 1;
	}
	if (x->stray == UINT32_MAX)
		x->stray = x->at;
	x->at += i;
}

bool
smpp_hexlex_next(struct smpp_hexlex *x, struct smpp_hexatom *a)
{
	*a = (struct smpp_hexatom){0};
	while (x->at < x->n) {
		if (atom(x, a))
			return true;
		if (!separator(x, a))
			hexlex_word(x, a);
	}
	return false;
}
