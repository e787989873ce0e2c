/* Where to connect and how: the options all connecting commands share. */
#include "target.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hex.h"
#include "show/suggest.h"

#define UNSET UINT32_MAX
#define NO_TIME INT64_MIN

static const char *const version_words[] = {"3.3", "3.4", "5.0", NULL};
static const enum smpp_ver versions[] = {SMPP_V33, SMPP_V34, SMPP_V50};
static const char *const bind_words[] = {"tx", "rx", "trx", NULL};

#define AT(member) offsetof(struct target, member)

const struct opt target_opts[] = {
    OPT_SECTION("Connection"),
    {0, "TARGET", OPT_POS, AT(word), NULL,
	"smpp[s]://[SYSTEM_ID@]HOST[:PORT][?OPTION=VALUE&...] or HOST[:PORT]"},
    {'H', "host", OPT_STR, AT(host), "HOST", "the SMSC, a name or address"},
    {'p', "port", OPT_UINT, AT(port), "PORT",
	"its TCP port (2775, with TLS 3550)", 1, 65535},
    {'i', "system-id", OPT_STR, AT(system_id), "ID", "log in as ID"},
    {0, "system-type", OPT_STR, AT(system_type), "TYPE",
	"kind of client, as agreed with the SMSC"},
    {0, "smpp-version", OPT_ENUM, AT(version), "VERSION",
	"highest version to speak: 3.3, 3.4 or 5.0 (3.4)",
	.words = version_words},
    {'b', "bind", OPT_ENUM, AT(bind), "MODE",
	"bind to send (tx), receive (rx) or both (trx)", .words = bind_words},
    {0, "addr-ton", OPT_STR, AT(addr_ton), "TON",
	"type of number of the address range"},
    {0, "addr-npi", OPT_STR, AT(addr_npi), "NPI",
	"numbering plan of the address range"},
    {0, "address-range", OPT_STR, AT(address_range), "RANGE",
	"addresses this client serves"},
    {0, "source-ip", OPT_STR, AT(source_ip), "ADDRESS",
	"connect from this local address"},
    {'4', NULL, OPT_FLAG, AT(ip4), NULL, "use IPv4 only"},
    {'6', NULL, OPT_FLAG, AT(ip6), NULL, "use IPv6 only"},
    {0, "tls", OPT_FLAG, AT(tls), NULL, "use TLS, as smpps:// does"},
    {0, "cacert", OPT_FILE, AT(cacert), "FILE",
	"trust the certificates in FILE (those of the system)"},
    {0, "cert", OPT_FILE, AT(cert), "FILE", "show this certificate"},
    {0, "key", OPT_FILE, AT(key), "FILE",
	"private key of --cert, if it is not in the same file"},
    {0, "sni", OPT_STR, AT(sni), "NAME",
	"ask for NAME, which the certificate must then be for (the host)"},
    {'k', "insecure", OPT_FLAG, AT(insecure), NULL,
	"do not verify the certificate"},
    {0, "connect-timeout", OPT_DURATION, AT(connect_ms), "TIME",
	"give up connecting after TIME (5s)"},
    {0, "response-timeout", OPT_DURATION, AT(response_ms), "TIME",
	"give up waiting for a response after TIME (10s)"},
    {0, "enquire-link", OPT_DURATION, AT(enquire_ms), "TIME",
	"ask whether the SMSC is alive when idle for TIME (30s)"},
    {'t', "time-limit", OPT_DURATION, AT(total_ms), "TIME",
	"end after TIME, whatever happens (none; bind-test 10s)"},
    OPT_BLOCK(secret_opts, AT(secret)),
    OPT_END,
};

void
target_init(struct target *t)
{
	*t = (struct target){
	    .port = UNSET,
	    .version = UNSET,
	    .bind = UNSET,
	    .connect_ms = NO_TIME,
	    .response_ms = NO_TIME,
	    .enquire_ms = NO_TIME,
	    .total_ms = NO_TIME,
	};
}

/* Whether a row has a value; the rows without one are not settings. */
static bool
is_set(const struct target *t, const struct opt *o)
{
	const char *at = (const char *)t + o->off;

	switch (o->kind) {
	case OPT_FLAG:
		return *(const bool *)at;
	case OPT_UINT:
	case OPT_ENUM:
		return *(const uint32_t *)(const void *)at != UNSET;
	case OPT_DURATION:
		return *(const int64_t *)(const void *)at != NO_TIME;
	default:
		return *(const char *const *)(const void *)at != NULL;
	}
}

static bool
is_setting(const struct opt *o)
{
	return o->name != NULL && o->kind >= OPT_FLAG && o->kind < OPT_POS;
}

static int
enum_of(const struct opt *o, const char *text, uint32_t *v)
{
	for (uint32_t i = 0; o->words[i] != NULL; i++)
		if (strcmp(text, o->words[i]) == 0) {
			*v = i;
			return 0;
		}
	return -1;
}

static int
uint_of(const struct opt *o, const char *text, uint32_t *v)
{
	uint32_t n;

	if (opt_uint(text, &n) != 0)
		return -1;
	if (o->max != 0 && (n < o->min || n > o->max))
		return -1;
	*v = n;
	return 0;
}

/* Sets a row from text, which lives as long as the command. */
static int
set_text(struct target *t, const struct opt *o, const char *text)
{
	char *at = (char *)t + o->off;

	switch (o->kind) {
	case OPT_FLAG:
		*(bool *)at = true;
		return *text == '\0' || strcmp(text, "true") == 0 ? 0 : -1;
	case OPT_UINT:
		return uint_of(o, text, (uint32_t *)(void *)at);
	case OPT_ENUM:
		return enum_of(o, text, (uint32_t *)(void *)at);
	case OPT_DURATION:
		return opt_duration(text, (int64_t *)(void *)at);
	default:
		*(const char **)(void *)at = text;
		return 0;
	}
}

/* Sets a row that no earlier source has set, and notes the source. */
static int
offer(struct ctx *c, struct target *t, size_t row, const char *text,
    const char *from)
{
	const struct opt *o = &target_opts[row];

	if (t->from[row] != NULL)
		return 0;
	t->from[row] = from;
	if (set_text(t, o, text) == 0)
		return 0;
	return out_error(c, SMPP_EXIT_USAGE, "usage",
	    "%s: '%s' is not a %s for %s", from, text,
	    o->kind == OPT_DURATION ? "time" : "value", o->name);
}

/* The row of a long option name, -1 for none. */
static int
row_of(const char *name, size_t n)
{
	for (int i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (is_setting(&target_opts[i]) &&
		    strlen(target_opts[i].name) == n &&
		    memcmp(target_opts[i].name, name, n) == 0)
			return i;
	return -1;
}

/* Offers the setting of this name, which is one of ours. */
static int
offer_named(struct ctx *c, struct target *t, const char *name, const char *text,
    const char *from)
{
	return offer(c, t, (size_t)row_of(name, strlen(name)), text, from);
}

static int
bad_url(struct ctx *c, const char *why)
{
	out_hint(c, "smpp[s]://[SYSTEM_ID@]HOST[:PORT][?OPTION=VALUE&...]");
	return out_error(c, SMPP_EXIT_USAGE, "usage", "target: %s", why);
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
	struct smpp_suggest s;
	const char *value;
	char *name;
	int row;

	key = key < n ? key : n;
	row = row_of(p, key);
	value = key < n ? percent(c, p + key + 1, n - key - 1) : "";
	if (value == NULL)
		return bad_url(c, "'%' without two hex digits");
	if (row >= 0)
		return offer(c, t, (size_t)row, value, "URL");
	name = cmd_printf(c, "%.*s", (int)key, p);
	smpp_suggest_init(&s, name);
	for (size_t i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (is_setting(&target_opts[i]))
			smpp_suggest_try(&s, target_opts[i].name);
	if (s.best == NULL)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "target: unknown option '%s'", name);
	return out_error(c, SMPP_EXIT_USAGE, "usage",
	    "target: unknown option '%s'; did you mean '%s'?", name, s.best);
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
	rc = offer_named(c, t, "host", host, "TARGET");
	if (rc == 0 && end - stop > 1)
		rc = offer_named(c, t, "port",
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
	char *colon = memchr(p, ':', n);
	size_t id = colon == NULL ? n : (size_t)(colon - p);
	char *text = percent(c, p, id);
	int rc = 0;

	if (text == NULL)
		return bad_url(c, "'%' without two hex digits");
	if (id > 0)
		rc = offer_named(c, t, "system-id", text, "TARGET");
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

/* What the TARGET word says. The word is one of argv, or of the environment:
 * both are ours to write to. */
static int
target_word(struct ctx *c, struct target *t)
{
	char *word = (char *)t->word;
	int rc;

	if (strncmp(word, "smpp://", 7) == 0)
		return url(c, t, word + 7);
	if (strncmp(word, "smpps://", 8) == 0) {
		rc = offer_named(c, t, "tls", "true", "TARGET");
		return rc != 0 ? rc : url(c, t, word + 8);
	}
	if (strstr(word, "://") != NULL)
		return bad_url(c, "only smpp:// and smpps:// are known");
	if (*word == '@')
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "target: there is no profile '%s'", word + 1);
	if (strchr(word, '@') != NULL)
		return bad_url(c, "a system_id before the host needs smpp://");
	return host_port(c, t, word, strlen(word));
}

/* $SMPP_SYSTEM_ID and so on, the names made from the rows. */
static int
environment(struct ctx *c, struct target *t)
{
	char name[64] = "SMPP_";
	const char *value;
	size_t i, k;
	int rc = 0;

	for (i = 0; rc == 0 && target_opts[i].kind != OPT_KIND_END; i++) {
		if (!is_setting(&target_opts[i]))
			continue;
		for (k = 0; target_opts[i].name[k] != '\0'; k++)
			name[5 + k] = target_opts[i].name[k] == '-'
					  ? '_'
					  : (char)toupper(
						target_opts[i].name[k]);
		name[5 + k] = '\0';
		value = getenv(name);
		if (value != NULL && *value != '\0')
			rc = offer(c, t, i, value, cmd_printf(c, "$%s", name));
	}
	return rc;
}

static int
built_in(struct ctx *c, struct target *t, enum target_bind bind)
{
	static const char *const defaults[][2] = {
	    {"smpp-version", "3.4"},
	    {"connect-timeout", "5s"},
	    {"response-timeout", "10s"},
	    {"enquire-link", "30s"},
	    {"time-limit", "none"},
	    {"system-id", ""},
	    {"system-type", ""},
	    {"addr-ton", "0"},
	    {"addr-npi", "0"},
	    {"address-range", ""},
	};

	if (t->limit != NULL)
		offer_named(c, t, "time-limit", t->limit, "built-in");
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		offer_named(c, t, defaults[i][0], defaults[i][1], "built-in");
	offer_named(c, t, "port", t->tls ? "3550" : "2775", "built-in");
	if (bind == BIND_ANY)
		bind = versions[t->version] == SMPP_V33 ? BIND_TX : BIND_TRX;
	return offer_named(c, t, "bind", bind_words[bind], "built-in");
}

/* A coded value: a number, or a word of its set. */
static int
coded(struct ctx *c, const char *name, const char *text, unsigned set,
    uint32_t *v)
{
	if ((opt_uint(text, v) == 0 && *v <= 255) ||
	    smpp_enum_value(set, view_str(text), v) == 0)
		return 0;
	return out_error(c, SMPP_EXIT_USAGE, "usage",
	    "--%s: '%s' is neither a number to 255 nor a name", name, text);
}

/* A C-octet string of the bind must fit its field. */
static int
fits(struct ctx *c, const char *name, const char *text, size_t max)
{
	if (strlen(text) <= max)
		return 0;
	return out_error(c, SMPP_EXIT_USAGE, "usage",
	    "%s: %zu characters, the limit is %zu", name, strlen(text), max);
}

int
target_required(struct ctx *c, const struct target *t)
{
	if (t->host != NULL)
		return 0;
	out_hint(c, "give HOST[:PORT] or smpp://SYSTEM_ID@HOST, "
		    "or set SMPP_TARGET");
	return out_error(c, SMPP_EXIT_USAGE, "usage", "no target given");
}

/* What can only be judged when everything is known. */
static int
check(struct ctx *c, struct target *t)
{
	int rc;

	t->ver = versions[t->version];
	if (t->ver == SMPP_V33 && t->bind == BIND_TRX)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "SMPP 3.3 has no transceiver bind");
	if (t->ip4 && t->ip6)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "-4 and -6 exclude each other");
	if (!t->tls && (t->cacert != NULL || t->cert != NULL ||
			   t->key != NULL || t->sni != NULL || t->insecure))
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "options of TLS without --tls or smpps://");
	if (t->key != NULL && t->cert == NULL)
		return out_error(
		    c, SMPP_EXIT_USAGE, "usage", "--key without --cert");
	rc = coded(c, "addr-ton", t->addr_ton, SMPP_SET_ton, &t->ton);
	if (rc == 0)
		rc = coded(c, "addr-npi", t->addr_npi, SMPP_SET_npi, &t->npi);
	if (rc == 0)
		rc = fits(c, "system_id", t->system_id, 15);
	if (rc == 0)
		rc = fits(c, "system_type", t->system_type, 12);
	if (rc == 0)
		rc = fits(c, "address_range", t->address_range, 40);
	return rc;
}

static int
password(struct ctx *c, struct target *t)
{
	struct secret_key key = {t->host, t->port_text, t->system_id};
	int rc = secret_find(c, &t->secret, &key, &t->password);

	return rc != 0 ? rc : fits(c, "password", t->password.text, 8);
}

int
target_resolve(struct ctx *c, struct target *t, enum target_bind bind)
{
	int rc = 0;

	for (size_t i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (is_setting(&target_opts[i]) && is_set(t, &target_opts[i]))
			t->from[i] = "option";
	if (t->word == NULL && t->host == NULL)
		t->word = getenv("SMPP_TARGET");
	if (t->word != NULL)
		rc = target_word(c, t);
	if (rc == 0)
		rc = environment(c, t);
	if (rc == 0)
		rc = built_in(c, t, bind);
	if (rc == 0)
		rc = check(c, t);
	if (rc != 0)
		return rc;
	snprintf(t->port_text, sizeof(t->port_text), "%u", t->port);
	if (t->host == NULL)
		return 0;
	t->name = cmd_printf(c,
	    strchr(t->host, ':') != NULL ? "[%s]:%u" : "%s:%u", t->host,
	    t->port);
	return password(c, t);
}

bool
target_default(const struct target *t, const char *name)
{
	return strcmp(t->from[row_of(name, strlen(name))], "built-in") == 0;
}

const char *
target_duration(char out[24], int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *unit;
	} units[] = {{3600000, "h"}, {60000, "m"}, {1000, "s"}, {1, "ms"}};
	size_t i = 0;

	if (ms == 0)
		return "none";
	while (ms % units[i].ms != 0)
		i++;
	snprintf(
	    out, 24, "%lld%s", (long long)(ms / units[i].ms), units[i].unit);
	return out;
}

/* The value of a row in words. */
static const char *
value_text(struct ctx *c, const struct target *t, const struct opt *o)
{
	const void *at = (const char *)t + o->off;
	char text[24];

	switch (o->kind) {
	case OPT_FLAG:
		return "yes";
	case OPT_UINT:
		return cmd_printf(c, "%u", *(const uint32_t *)at);
	case OPT_ENUM:
		return o->words[*(const unsigned *)at];
	case OPT_DURATION:
		return cmd_printf(
		    c, "%s", target_duration(text, *(const int64_t *)at));
	default:
		return cmd_printf(c, "'%s'", *(const char *const *)at);
	}
}

void
target_show(struct ctx *c, const struct target *t)
{
	for (size_t i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (t->from[i] != NULL)
			out_say(c, 0, "== %-16s %s  (%s)", target_opts[i].name,
			    value_text(c, t, &target_opts[i]), t->from[i]);
	out_say(c, 0, "== %-16s %s  (%s)", "password",
	    t->password.from == NULL ? "''" : "********",
	    t->password.from == NULL ? "none found" : t->password.from);
}
