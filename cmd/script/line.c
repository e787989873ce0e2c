/* A line of a script as text: variables, comments, words. */
#include "line.h"

#include <ctype.h>

/* A carriage return is one: scripts come from other systems, too. */
static bool
blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool
name_start(char c)
{
	return isalpha((unsigned char)c) || c == '_';
}

static bool
line_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/*
 * Characters that mean themselves wherever a value stands. Everything else is
 * put in quotes, so that a value never becomes two words, a list or a comment.
 */
static bool
line_plain(const char *value)
{
	const char *s = value;

	while (isalnum((unsigned char)*s) ||
	       (*s != '\0' && strchr("_-.+/@%", *s) != NULL))
		s++;
	return s > value && *s == '\0';
}

static void
line_escaped(struct smpp_sbuf *out, const char *value)
{
	for (const unsigned char *s = (const unsigned char *)value; *s != '\0';
	     s++) {
		if (*s < 0x20 || *s == 0x7f) {
			smpp_sbuf_printf(out, "\\x%02x", *s);
			continue;
		}
		if (*s == '"' || *s == '\\')
			smpp_sbuf_putc(out, '\\');
		smpp_sbuf_putc(out, (char)*s);
	}
}

void
line_quote(struct smpp_sbuf *out, const char *value)
{
	smpp_sbuf_putc(out, '"');
	line_escaped(out, value);
	smpp_sbuf_putc(out, '"');
}

static void
line_put_value(struct smpp_sbuf *out, const char *value, bool quoted)
{
	if (quoted)
		line_escaped(out, value);
	else if (line_plain(value))
		smpp_sbuf_puts(out, value);
	else
		line_quote(out, value);
}

/*
 * Replaces what stands at s, a '$'. Returns how many characters that were, or
 * an error.
 */
static int
line_variable(struct smpp_sbuf *out, const char *s, bool quoted,
    line_var_fn var, void *arg, struct smpp_err *err)
{
	const bool braces = s[1] == '{';
	const char *start = s + 1 + braces;
	char name[LINE_NAME];
	const char *value;
	size_t n = 0;

	/* A dollar that begins no name is a dollar: texts have prices. */
	if (!name_start(*start)) {
		smpp_sbuf_putc(out, '$');
		return 1;
	}
	while (line_name_char(start[n]))
		n++;
	if (braces && start[n] != '}')
		return smpp_err_set(err, SMPP_ESYNTAX, "'${%.*s' wants a '}'",
		    n > 40 ? 40 : (int)n, start);
	/* A name that is too long is that of no variable. */
	if (n < sizeof(name)) {
		memcpy(name, start, n);
		name[n] = '\0';
	}
	value = n < sizeof(name) ? var(arg, name) : NULL;
	if (value == NULL)
		return smpp_err_set(err, SMPP_ENAME,
		    "no variable '%.*s'; \\$ is a dollar sign",
		    n > 40 ? 40 : (int)n, start);
	line_put_value(out, value, quoted);
	return (int)(n + 1 + 2 * (size_t)braces);
}

int
line_expand(struct smpp_sbuf *out, const char *text, line_var_fn var, void *arg,
    struct smpp_err *err)
{
	bool quoted = false, fresh = true;
	const char *s = text;
	int n;

	/*
	 * A '#' begins a comment where a word begins, outside of quotes:
	 * within a word it belongs to addresses, *100#.
	 */
	while (*s != '\0' && !(fresh && !quoted && *s == '#')) {
		fresh = blank(*s);
		if (*s == '$') {
			n = line_variable(out, s, quoted, var, arg, err);
			if (n < 0)
				return n;
			s += n;
			continue;
		}
		/* The character behind it is taken as it is, a quote too. */
		if (s[0] == '\\' && s[1] == '$') {
			s++;
		} else if (quoted && s[0] == '\\' && s[1] != '\0') {
			smpp_sbuf_putc(out, *s++);
		} else if (*s == '"') {
			quoted = !quoted;
		}
		smpp_sbuf_putc(out, *s++);
	}
	return 0;
}

/* For completion: within quotes blanks do not end the word. */
bool
line_in_quotes(const char *text, size_t n)
{
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		if (quoted && text[i] == '\\')
			i++;
		else if (text[i] == '"')
			quoted = !quoted;
	}
	return quoted;
}

/*
 * Blanks within quotes, and within the brackets of a value, belong to the
 * word. Brackets count only behind a '=': a target may be [::1]:2775.
 */
char *
line_word(char **p)
{
	bool quoted = false, value = false;
	char *s = *p, *word;
	unsigned depth = 0;

	while (blank(*s))
		s++;
	word = s;
	for (; *s != '\0' && (quoted || depth > 0 || !blank(*s)); s++) {
		if (quoted && s[0] == '\\' && s[1] != '\0')
			s++;
		else if (*s == '"')
			quoted = !quoted;
		else if (*s == '=' && !quoted)
			value = true;
		else if (value && !quoted && (*s == '[' || *s == '{'))
			depth++;
		else if (!quoted && depth > 0 && (*s == ']' || *s == '}'))
			depth--;
	}
	*p = s;
	if (*s != '\0') {
		*s = '\0';
		*p = s + 1;
	}
	return *word == '\0' ? NULL : word;
}

/* The backslash goes, and what follows is joined without a blank. */
bool
line_continues(char *text, size_t *n)
{
	if (*n == 0 || text[*n - 1] != '\\')
		return false;
	text[--*n] = '\0';
	return true;
}

/* In place, since the text only gets shorter. */
void
line_unquote(char *word)
{
	char *in = word + 1, *out = word;

	if (*word != '"')
		return;
	for (; *in != '\0' && *in != '"'; *out++ = *in++)
		if (in[0] == '\\' && (in[1] == '"' || in[1] == '\\'))
			in++;
	*out = '\0';
}
