/* Where to connect and how: the options all connecting commands share. */
#include "target_int.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "words/dictfile.h"
#include "words/names.h"
#include "words/offer.h"
#include "profile.h"
#include "base/suggest.h"

#define UNSET UINT32_MAX
#define NO_TIME INT64_MIN

const char *const target_binds[] = {"tx", "rx", "trx", NULL};

#define AT(member) offsetof(struct target, member)

const struct opt target_opts[] = {
    OPT_SECTION("Connection"),
    {0, "TARGET", OPT_POS, AT(word), NULL,
	"smpp[s]://[SYSTEM_ID@]HOST[:PORT][?OPTION=VALUE&...], HOST[:PORT] or "
	"@PROFILE",
	.offer = profile_offer_target},
    {'H', "host", OPT_STR, AT(host), "HOST", "the SMSC, a name or address"},
    {'p', "port", OPT_UINT, AT(port), "PORT",
	"its TCP port (2775, with TLS 3550)", 1, 65535},
    {'i', "system-id", OPT_STR, AT(system_id), "ID", "log in as ID"},
    {0, "system-type", OPT_STR, AT(system_type), "TYPE",
	"kind of client, as agreed with the SMSC"},
    {0, "smpp-version", OPT_ENUM, AT(version), "VERSION",
	"highest version to speak: 3.3, 3.4 or 5.0 (3.4)",
	.words = names_versions},
    {'b', "bind", OPT_ENUM, AT(bind), "MODE",
	"bind to send (tx), receive (rx) or both (trx)", .words = target_binds},
    {0, "addr-ton", OPT_STR, AT(addr_ton), "TON",
	"type of number of the address range", .offer = offer_set,
	.arg = SMPP_SET_ton},
    {0, "addr-npi", OPT_STR, AT(addr_npi), "NPI",
	"numbering plan of the address range", .offer = offer_set,
	.arg = SMPP_SET_npi},
    {0, "address-range", OPT_STR, AT(address_range), "RANGE",
	"addresses this client serves"},
    {0, "default-alphabet", OPT_ENUM, AT(alphabet), "ALPHABET",
	"what data_coding 0 means with this SMSC: gsm7, gsm7-packed, ascii, "
	"latin1, utf8, ... (gsm7)",
	.words = names_alphabets},
    DICTIONARY_OPT(AT(dictionary)),
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
    {0, "trace", OPT_FILE, AT(trace), "FILE",
	"write the session to FILE in pcap form, passwords masked"},
    OPT_BLOCK(secret_opts, AT(secret)),
    OPT_END,
};

/*
 * Values that no option can give, so that what is set is known by looking, and
 * options need no flags beside them.
 */
void
target_init(struct target *t)
{
	*t = (struct target){
	    .port = UNSET,
	    .version = UNSET,
	    .bind = UNSET,
	    .alphabet = UNSET,
	    .connect_ms = NO_TIME,
	    .response_ms = NO_TIME,
	    .enquire_ms = NO_TIME,
	    .total_ms = NO_TIME,
	};
}

/* Whether a row has a value; the rows without one are not settings. */
static bool
target_is_set(const struct target *t, const struct opt *o)
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

/* Rows without a long name cannot be in a profile or a URL: -4 and -6. */
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

/* A flag that is given without a value is set. */
static int
flag_of(const char *text, bool *v)
{
	static const char *const words[] = {
	    "false", "true", "no", "yes", "off", "on", "0", "1"};

	*v = *text == '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0) {
			*v = i & 1;
			return 0;
		}
	return *v ? 0 : -1;
}

/* Sets a row from text, which lives as long as the command. */
static int
target_set_text(struct target *t, const struct opt *o, const char *text)
{
	char *at = (char *)t + o->off;

	switch (o->kind) {
	case OPT_FLAG:
		return flag_of(text, (bool *)at);
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

/* Tried on a target that is thrown away: the same rules as for profiles. */
bool
target_takes(const char *name, const char *text)
{
	struct target t;

	target_init(&t);
	return target_set_text(
		   &t, &target_opts[target_row(name, strlen(name))], text) == 0;
}

/* " tx, rx, trx" */
static const char *
choices(struct ctx *c, const char *const *words)
{
	const char *all = cmd_printf(c, " %s", *words);

	while (*++words != NULL)
		all = cmd_printf(c, "%s, %s", all, *words);
	return all;
}

int
target_offer(struct ctx *c, struct target *t, size_t row, const char *text,
    const char *from)
{
	const struct opt *o = &target_opts[row];

	/*
	 * Sources are asked in order of rank; the first that has a value wins.
	 */
	if (t->from[row] != NULL)
		return 0;
	t->from[row] = from;
	if (target_set_text(t, o, text) == 0)
		return 0;
	if (o->kind == OPT_ENUM && o->words != names_alphabets)
		out_hint(c, "%s is one of%s", o->name, choices(c, o->words));
	return out_usage(c, "%s: '%s' is not a %s for %s", from, text,
	    o->kind == OPT_DURATION ? "time" : "value", o->name);
}

int
target_row(const char *name, size_t n)
{
	for (int i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (is_setting(&target_opts[i]) &&
		    strlen(target_opts[i].name) == n &&
		    memcmp(target_opts[i].name, name, n) == 0)
			return i;
	return -1;
}

int
target_offer_named(struct ctx *c, struct target *t, const char *name,
    const char *text, const char *from)
{
	return target_offer(
	    c, t, (size_t)target_row(name, strlen(name)), text, from);
}

int
target_unknown(struct ctx *c, const char *from, const char *name)
{
	struct smpp_suggest s;

	smpp_suggest_init(&s, name);
	for (size_t i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (is_setting(&target_opts[i]))
			smpp_suggest_try(&s, target_opts[i].name);
	if (s.best == NULL)
		return out_usage(c, "%s: unknown option '%s'", from, name);
	return out_usage(c, "%s: unknown option '%s'; did you mean '%s'?", from,
	    name, s.best);
}

struct profile_use {
	struct ctx *c;
	struct target *t;
};

/* One line of a profile: a setting, or where its password is. */
static int
profile_line(void *arg, const char *key, const char *value, const char *from)
{
	struct profile_use *u = arg;
	struct secret_args *s = &u->t->secret;
	int row = target_row(key, strlen(key));

	if (row >= 0)
		return target_offer(u->c, u->t, (size_t)row, value, from);
	/* A file that people copy and check in must not hold one. */
	if (strcmp(key, "password") == 0) {
		out_hint(u->c, "password-file, password-command, or "
			       "~/.config/smpp/credentials");
		return out_error(u->c, SMPP_EXIT_USAGE, "config",
		    "%s: no password may stand here", from);
	}
	if (strcmp(key, "password-file") == 0) {
		if (s->file == NULL)
			s->file = value;
	} else if (strcmp(key, "password-command") == 0) {
		if (s->command == NULL)
			s->command = value, s->command_from = from;
	} else {
		return target_unknown(u->c, from, key);
	}
	return 0;
}

static int
no_profile(struct ctx *c, const char *name)
{
	const char *path = profile_path(c);
	struct smpp_suggest s;

	smpp_suggest_init(&s, name);
	profile_names(c, ask_suggest, &s);
	if (s.best != NULL)
		return out_usage(c,
		    "target: there is no profile '%s'; did you mean '@%s'?",
		    name, s.best);
	if (path != NULL)
		out_hint(c, "it would be in %s: smpp init writes one", path);
	return out_usage(c, "target: there is no profile '%s'", name);
}

static int
profile(struct ctx *c, struct target *t, const char *name, bool needed)
{
	struct profile_use u = {c, t};
	bool found;
	int rc = profile_read(c, name, profile_line, &u, &found);

	return rc != 0 || found || !needed ? rc : no_profile(c, name);
}

/* $SMPP_SYSTEM_ID and so on, the names made from the rows. */
static int
target_environment(struct ctx *c, struct target *t)
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
		/* Empty is unset, as shells and units write it. */
		if (value != NULL && *value != '\0')
			rc = target_offer(
			    c, t, i, value, cmd_printf(c, "$%s", name));
	}
	return rc;
}

static int
built_in(struct ctx *c, struct target *t, enum target_bind bind)
{
	static const char *const defaults[][2] = {
	    {"smpp-version", "3.4"},
	    {"default-alphabet", "gsm7"},
	    {"connect-timeout", "5s"},
	    {"response-timeout", "10s"},
	    {"enquire-link", "30s"},
	    {"time-limit", "none"},
	    {"system-id", ""},
	    {"system-type", ""},
	    {"tls", "no"},
	    {"addr-ton", "0"},
	    {"addr-npi", "0"},
	    {"address-range", ""},
	};

	if (t->limit != NULL)
		target_offer_named(c, t, "time-limit", t->limit, "built-in");
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		target_offer_named(
		    c, t, defaults[i][0], defaults[i][1], "built-in");
	/*
	 * Behind the others: the port follows from TLS, the bind from the
	 * version.
	 */
	target_offer_named(c, t, "port", t->tls ? "3550" : "2775", "built-in");
	if (bind == BIND_ANY)
		bind = names_ver[t->version] == SMPP_V33 ? BIND_TX : BIND_TRX;
	return target_offer_named(c, t, "bind", target_binds[bind], "built-in");
}

/* A coded value: a number, or a word of its set. */
static int
target_coded(struct ctx *c, const char *name, const char *text, unsigned set,
    uint32_t *v)
{
	if ((opt_uint(text, v) == 0 && *v <= 255) ||
	    smpp_enum_value(set, smpp_view_str(text), v) == 0)
		return 0;
	return out_usage(
	    c, "--%s: '%s' is neither a number to 255 nor a name", name, text);
}

/*
 * A C-octet string of the bind must fit its field. Told here with its name,
 * instead of by the SMSC with a status.
 */
static int
target_fits(struct ctx *c, const char *name, const char *text, size_t max)
{
	if (strlen(text) <= max)
		return 0;
	return out_usage(
	    c, "%s: %zu characters, the limit is %zu", name, strlen(text), max);
}

int
target_required(struct ctx *c, const struct target *t)
{
	if (t->host != NULL)
		return 0;
	out_hint(c, "give HOST[:PORT], smpp://SYSTEM_ID@HOST or @PROFILE");
	return out_usage(c, "no target given");
}

/* Has rows take effect that do so by themselves, whose value is from
 * elsewhere than an option: those opt_parse() has seen. */
static int
target_use(struct ctx *c, const struct target *t)
{
	const struct opt *o = target_opts;
	int rc = 0;

	for (; rc == 0 && o->kind != OPT_KIND_END; o++)
		if (o->use != NULL && t->from[o - target_opts] != NULL &&
		    strcmp(t->from[o - target_opts], "option") != 0)
			rc = o->use(c, *(const char *const *)(const void
					       *)((const char *)t + o->off));
	return rc;
}

/* What can only be judged when everything is known. */
static int
target_check(struct ctx *c, struct target *t)
{
	int rc;

	t->ver = names_ver[t->version];
	if (t->ver == SMPP_V33 && t->bind == BIND_TRX &&
	    !(t->pairs && target_default(t, "bind")))
		return out_usage(c, "SMPP 3.3 has no transceiver bind");
	if (t->ip4 && t->ip6)
		return out_usage(c, "-4 and -6 exclude each other");
	/* A certificate that is given and not used would be a false safety. */
	if (!t->tls && (t->cacert != NULL || t->cert != NULL ||
			   t->key != NULL || t->sni != NULL || t->insecure))
		return out_usage(c, "options of TLS without --tls or smpps://");
	if (t->key != NULL && t->cert == NULL)
		return out_usage(c, "--key without --cert");
	rc = target_coded(c, "addr-ton", t->addr_ton, SMPP_SET_ton, &t->ton);
	if (rc == 0)
		rc = target_coded(
		    c, "addr-npi", t->addr_npi, SMPP_SET_npi, &t->npi);
	if (rc == 0)
		rc = target_fits(c, "system_id", t->system_id, 15);
	if (rc == 0)
		rc = target_fits(c, "system_type", t->system_type, 12);
	if (rc == 0)
		rc = target_fits(c, "address_range", t->address_range, 40);
	return rc;
}

/* 8 characters and a NUL in the bind (3.4 5.2.2). */
int
target_password(struct ctx *c, struct target *t)
{
	struct secret_key key = {t->host, t->port_text, t->system_id};
	int rc = secret_find(c, &t->secret, &key, &t->password);

	return rc != 0 ? rc : target_fits(c, "password", t->password.text, 8);
}

int
target_resolve(struct ctx *c, struct target *t, enum target_bind bind)
{
	int rc = 0;

	for (size_t i = 0; target_opts[i].kind != OPT_KIND_END; i++)
		if (is_setting(&target_opts[i]) &&
		    target_is_set(t, &target_opts[i]))
			t->from[i] = "option";
	if (t->word == NULL && t->host == NULL)
		t->word = getenv("SMPP_TARGET");
	if (t->word != NULL && *t->word == '\0')
		t->word = NULL;
	if (t->word != NULL && *t->word == '@')
		rc = profile(c, t, t->word + 1, true);
	else if (t->word != NULL)
		rc = target_word(c, t);
	if (rc == 0)
		rc = target_environment(c, t);
	/*
	 * A target that is named stands for itself: settings of another SMSC
	 * must not get into it.
	 */
	if (rc == 0 && t->word == NULL)
		rc = profile(c, t, "default", false);
	if (rc == 0)
		rc = built_in(c, t, bind);
	if (rc == 0)
		rc = target_check(c, t);
	if (rc == 0)
		rc = target_use(c, t);
	if (rc != 0)
		return rc;
	snprintf(t->port_text, sizeof(t->port_text), "%u", t->port);
	if (t->host == NULL)
		return 0;
	/*
	 * In brackets where the host has colons, so that it can be given back.
	 */
	t->name = cmd_printf(c,
	    strchr(t->host, ':') != NULL ? "[%s]:%u" : "%s:%u", t->host,
	    t->port);
	return target_password(c, t);
}

const char *
target_from(const struct target *t, const char *name)
{
	const char *from = t->from[target_row(name, strlen(name))];

	if (target_default(t, name))
		return "nowhere: none given";
	return strcmp(from, "option") == 0 ? "an option" : from;
}

bool
target_default(const struct target *t, const char *name)
{
	return strcmp(t->from[target_row(name, strlen(name))], "built-in") == 0;
}

/* The largest unit that says it exactly. */
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
		return *(const bool *)at ? "yes" : "no";
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

/* Each value with where it is from: that is what a dry run is for. */
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
