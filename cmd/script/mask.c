/* A line of a script for others' eyes: its passwords are masked. */
#include "mask.h"

#include <string.h>

#include "base/hex.h"
#include "show/show.h"

/*
 * The end of the value that begins at s. As line_word() ends it, so nothing of
 * a password with a blank remains.
 */
static const char *
value_end(const char *s)
{
	bool quoted = *s == '"';

	for (s += quoted; *s != '\0'; s++) {
		if (quoted && s[0] == '\\' && s[1] != '\0')
			s++;
		else if (quoted ? *s == '"' : (*s == ' ' || *s == '\t'))
			break;
	}
	return s + (quoted && *s == '"');
}

/* Where in a URL the password begins, and its end; NULL when it has none. */
static const char *
url_password(const char *s, const char **end)
{
	size_t n = strcspn(s, " \t/?#");
	const char *at = memchr(s, '@', n);
	const char *colon = at == NULL ? NULL
				       : memchr(s, ':', (size_t)(at - s));

	*end = at;
	return colon == NULL ? NULL : colon + 1;
}

/*
 * The next secret in a line, from s on; NULL when there is none. Also in the
 * middle of a word, as in !password=: rather too much is masked.
 */
static const char *
next_secret(const char *s, const char **end)
{
	const char *found;

	for (; *s != '\0'; s++) {
		if (strncmp(s, "password=", 9) == 0) {
			*end = value_end(s + 9);
			return s + 9;
		}
		if (strncmp(s, "://", 3) == 0 &&
		    (found = url_password(s + 3, end)) != NULL)
			return found;
	}
	return NULL;
}

/*
 * Whether octets that a line has in hexadecimal, or an object, hold one.
 * Octets of a bind have the password in the middle, in digits that cannot be
 * masked one by one: such a line is not kept at all.
 */
static bool
hides_secret(struct ctx *c, const char *line)
{
	size_t n = strlen(line), len = 0;
	uint8_t *octets = cmd_alloc(c, n + 1);
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	if (*line == '{')
		return strstr(line, "\"password\"") != NULL;
	if (strncmp(line, "\\raw", 4) != 0 && strncmp(line, "\\drip", 5) != 0)
		return false;
	for (line += strcspn(line, " \t"); *line != '\0'; line++)
		if (smpp_hex_digit[(unsigned char)*line] != 0)
			octets[len++] = (uint8_t)*line;
	/* An odd digit at the end is cut, as it is not sent either. */
	if (smpp_hex_decode(octets, (char *)octets, len & ~(size_t)1) < 0)
		return false;
	smpp_decode(&pdu, smpp_view_of(octets, len / 2), SMPP_VANY, 0, &issues);
	return smpp_pdu_secret(&pdu).n > 0;
}

/*
 * Twice the length and a little: each mask has 8 characters, for a secret of
 * one at least behind the 4 and more of its name.
 */
const char *
mask_line(struct ctx *c, const char *line)
{
	const char *s = line, *secret, *end;
	size_t cap = 2 * strlen(line) + 64;
	char *text = cmd_alloc(c, cap + 1);
	struct smpp_sbuf b;

	if (hides_secret(c, line))
		return NULL;
	smpp_sbuf_init(&b, text, cap, NULL, NULL);
	while ((secret = next_secret(s, &end)) != NULL) {
		smpp_sbuf_put(&b, s, (size_t)(secret - s));
		if (end > secret)
			smpp_sbuf_puts(&b, "********");
		s = end;
	}
	smpp_sbuf_puts(&b, s);
	text[b.n] = '\0';
	return b.bad ? NULL : text;
}
