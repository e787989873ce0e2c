/* What the word TARGET says: a URL, or a host and a port. */
#include <string.h>
#include <strings.h>

#include "base/hex.h"
#include "target_int.h"

static int
bad_url(struct ctx *c, const char *why)
{
	out_hint(c, "smpp[s]://[SYSTEM_ID@]HOST[:PORT][?OPTION=VALUE&...]");
	return out_usage(c, "target: %s", why);
}

/* A copy of n characters with %XX decoded; NULL when one is not valid. */
static char *
percent(struct ctx *c, const char *p, size_t n)
{
	char *out = cmd_alloc(c, n + 1), *o = out;
	const char *end = p + n;

	while (p < end) {
		if (*p != '%') {
			*o++ = *p++;
			continue;
		}
		/*
		 * %00 is refused: the text would end there for everybody
		 * behind us.
		 */
		if (end - p < 3 ||
		    smpp_hex_decode((uint8_t *)o, p + 1, 2) != 1 || *o == 0)
			return NULL;
		o++;
		p += 3;
	}
	return out;
}

/* "KEY=VALUE" of n characters. */
static int
url_option(struct ctx *c, struct target *t, const char *p, size_t n)
{
	size_t key = strcspn(p, "=");
	const char *value;
	char *name;
	int row;

	key = key < n ? key : n;
	row = target_row(p, key);
	/* A key without '=' is a flag that is set, as in ?tls. */
	value = key < n ? percent(c, p + key + 1, n - key - 1) : "";
	if (value == NULL)
		return bad_url(c, "'%' without two hex digits");
	if (row >= 0)
		return target_offer(c, t, (size_t)row, value, "URL");
	name = cmd_printf(c, "%.*s", (int)key, p);
	return target_unknown(c, "target", name);
}

static int
url_query(struct ctx *c, struct target *t, const char *p)
{
	size_t n;
	int rc = 0;

	for (; rc == 0 && *p != '\0'; p += n + (p[n] == '&')) {
		n = strcspn(p, "&");
		if (n > 0)
			rc = url_option(c, t, p, n);
	}
	return rc;
}

/* "HOST[:PORT]" of n characters; an IPv6 address stands in brackets. */
static int
host_port(struct ctx *c, struct target *t, const char *p, size_t n)
{
	const char *end = p + n, *stop;
	char *host;
	int rc;

	if (n > 0 && *p == '[') {
		stop = memchr(p, ']', n);
		if (stop == NULL)
			return bad_url(c, "'[' without ']'");
		host = percent(c, p + 1, (size_t)(stop - p - 1));
		stop++;
	} else {
		stop = memchr(p, ':', n);
		stop = stop == NULL ? end : stop;
		host = percent(c, p, (size_t)(stop - p));
	}
	if (host == NULL)
		return bad_url(c, "'%' without two hex digits");
	if (stop < end && memchr(stop + 1, ':', (size_t)(end - stop - 1)))
		return bad_url(c, "an IPv6 address stands in [brackets]");
	if (stop < end && *stop != ':')
		return bad_url(c, "a port must follow ']'");
	if (*host == '\0')
		return bad_url(c, "no host in it");
	rc = target_offer_named(c, t, "host", host, "TARGET");
	/* A colon without a port is none given. */
	if (rc == 0 && end - stop > 1)
		rc = target_offer_named(c, t, "port",
		    percent(c, stop + 1, (size_t)(end - stop - 1)), "TARGET");
	return rc;
}

/*
 * "SYSTEM_ID[:PASSWORD]" of n characters. A password is wiped where it
 * stands, in argv, where every user of the machine can see it.
 */
static int
user_part(struct ctx *c, struct target *t, char *p, size_t n)
{
	/*
	 * The first colon: a password may have further ones, a system_id must
	 * have them as %3A.
	 */
	char *colon = memchr(p, ':', n);
	size_t id = colon == NULL ? n : (size_t)(colon - p);
	char *text = percent(c, p, id);
	int rc = 0;

	if (text == NULL)
		return bad_url(c, "'%' without two hex digits");
	if (id > 0)
		rc = target_offer_named(c, t, "system-id", text, "TARGET");
	if (colon == NULL)
		return rc;
	t->secret.url = percent(c, colon + 1, n - id - 1);
	memset(colon + 1, '*', n - id - 1);
	out_warn(c, "a password in a URL shows in ps and shell histories; "
		    "use --password-file");
	if (t->secret.url == NULL)
		return bad_url(c, "'%' without two hex digits");
	return rc;
}

static int
url(struct ctx *c, struct target *t, char *p)
{
	/* The last '@' is not looked for: one in a password has to be %40. */
	size_t n = strcspn(p, "/?#");
	const char *query = p + n;
	char *at = memchr(p, '@', n);
	int rc = 0;

	if (*query == '/')
		query++;
	if (*query == '#' || (*query != '\0' && *query != '?'))
		return bad_url(c, "something stands between host and '?'");
	if (at != NULL) {
		rc = user_part(c, t, p, (size_t)(at - p));
		n -= (size_t)(at + 1 - p);
		p = at + 1;
	}
	if (rc == 0)
		rc = host_port(c, t, p, n);
	if (rc == 0 && *query == '?')
		rc = url_query(c, t, query + 1);
	return rc;
}

int
target_word(struct ctx *c, struct target *t)
{
	char *word = (char *)t->word;
	int rc;

	if (strncasecmp(word, "smpp://", 7) == 0)
		return url(c, t, word + 7);
	if (strncasecmp(word, "smpps://", 8) == 0) {
		rc = target_offer_named(c, t, "tls", "true", "TARGET");
		return rc != 0 ? rc : url(c, t, word + 8);
	}
	if (strstr(word, "://") != NULL)
		return bad_url(c, "only smpp:// and smpps:// are known");
	/*
	 * A half URL, which would otherwise be a host that cannot be resolved.
	 */
	if (strpbrk(word, "@?/") != NULL)
		return bad_url(
		    c, "more than HOST:PORT needs smpp:// before it");
	return host_port(c, t, word, strlen(word));
}
