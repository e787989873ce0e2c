/* smpp init: asks for what a profile needs, writes it, tries it. */
#include <string.h>
#include <unistd.h>

#include "target/profile.h"
#include "kit/prompt.h"
#include "registry.h"
#include "target/target.h"

/* The password has 8 characters on the wire (3.4 5.2.2). */
enum { VALUE_MAX = 256, NAME_MAX_LENGTH = 49, PASSWORD_MAX = 8 };

/* What is asked, in this order; each is a setting of the profile. */
enum answer {
	ASK_HOST,
	ASK_TLS,
	ASK_PORT,
	ASK_ID,
	ASK_VERSION,
	ASK_BIND,
	ASKS
};

struct init_args {
	const char *name;
	bool no_input;
};

struct init {
	struct ctx *c;
	struct init_args a;
	struct prompt tty;
	const char *name;
	const char *from; /* where the profile is, if there is one */
	char value[ASKS][VALUE_MAX];
	char password[VALUE_MAX];
	bool keep; /* the password that is known already */
};

/*
 * The host before TLS, TLS before the port: each sets the default of the next.
 * The version before the bind, which 3.3 restricts.
 */
static const struct question {
	const char *key;
	const char *text;
	const char *usual; /* the default, without an older profile */
	const char *want;  /* said when the answer is none of these */
} questions[ASKS] = {
    [ASK_HOST] = {"host", "host", "",
	"a name or an address, no more: the port comes later"},
    [ASK_TLS] = {"tls", "TLS (yes, no)", "no", "yes or no"},
    [ASK_PORT] = {"port", "port", "", "a number from 1 to 65535"},
    [ASK_ID] = {"system-id", "system_id", "",
	"15 characters at most, and more than a '*'"},
    [ASK_VERSION] = {"smpp-version", "SMPP version (3.3, 3.4, 5.0)", "3.4",
	"3.3, 3.4 or 5.0"},
    [ASK_BIND] = {"bind", "bind (any, tx, rx, trx)", "any",
	"any, tx, rx or, but not with 3.3, trx"},
};

static const struct opt init_opts[] = {
    {0, "NAME", OPT_POS, offsetof(struct init_args, name), NULL,
	"the name of the profile", .offer = profile_offer},
    {0, "no-input", OPT_FLAG, offsetof(struct init_args, no_input), NULL,
	"never ask for anything: fail"},
    OPT_END,
};

static const char *const init_examples[] = {
    "smpp init acme",
    "smpp send @acme -d 491701234567 -m Hello",
    NULL,
};

/* --- asking --- */

/* One in a file of lines would end the line, or hide what stands there. */
static bool
has_control(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

/*
 * Asks until there is a line that could be a value. Returns 0, or an exit
 * class: nothing has been written then.
 */
static int
ask_line(struct init *in, const char *text, bool secret, char out[VALUE_MAX])
{
	int n;

	for (;;) {
		n = prompt_ask(&in->tty, text, secret, out, VALUE_MAX);
		if (n == PROMPT_STOP)
			return SMPP_EXIT_USAGE;
		if (n == PROMPT_END)
			return out_usage(
			    in->c, "end of input: nothing was written");
		if (n == PROMPT_FAILED)
			return out_errno(
			    in->c, SMPP_EXIT_USAGE, "input", "/dev/tty");
		if (n == PROMPT_LONG)
			prompt_say(&in->tty, "  255 characters at most");
		else if (has_control(out))
			prompt_say(&in->tty, "  no control characters");
		else
			return 0;
	}
}

static bool
is_one_of(const char *text, const char *const *words)
{
	for (; *words != NULL; words++)
		if (strcmp(text, *words) == 0)
			return true;
	return false;
}

static bool
yes(const char *text)
{
	static const char *const words[] = {
	    "yes", "y", "true", "on", "1", NULL};

	return is_one_of(text, words);
}

static bool
no(const char *text)
{
	static const char *const words[] = {
	    "no", "n", "false", "off", "0", NULL};

	return is_one_of(text, words);
}

/*
 * Whether there is such a host: what only a URL or a file could hold is none,
 * nor is what would read as a comment of the credentials file. One colon would
 * be HOST:PORT; two and more are an IPv6 address.
 */
static bool
is_host(const char *text)
{
	const char *colon = strchr(text, ':');
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-_:%"
				"ABCDEFGHIJKLMNOPQRSTUVWXYZ");

	return n > 0 && text[n] == '\0' &&
	       (colon == NULL || strchr(colon + 1, ':') != NULL);
}

/* Whether this answers the question; puts it into the form that is written. */
static bool
accept(struct init *in, enum answer q, char *v)
{
	uint32_t port;

	switch (q) {
	case ASK_HOST:
		return is_host(v);
	case ASK_TLS:
		if (!yes(v) && !no(v))
			return false;
		strcpy(v, yes(v) ? "yes" : "no");
		return true;
	case ASK_PORT:
		if (!target_takes("port", v) || opt_uint(v, &port) != 0)
			return false;
		strcpy(v, cmd_printf(in->c, "%u", port));
		return true;
	case ASK_ID:
		/* '*' stands for any system_id in the credentials file. */
		return strlen(v) <= 15 && strcmp(v, "*") != 0;
	case ASK_BIND:
		if (strcmp(v, "trx") == 0 &&
		    strcmp(in->value[ASK_VERSION], "3.3") == 0)
			return false;
		return strcmp(v, "any") == 0 || target_takes("bind", v);
	default:
		return target_takes(questions[q].key, v);
	}
}

/* Asks one question until its answer can be written; Enter is the default. */
static int
ask(struct init *in, enum answer q)
{
	const struct question *row = &questions[q];
	const char *usual = in->value[q];
	char line[VALUE_MAX];
	const char *text;
	int rc;

	if (*usual == '\0' && q == ASK_PORT)
		usual = yes(in->value[ASK_TLS]) ? "3550" : "2775";
	else if (*usual == '\0')
		usual = row->usual;
	text = *usual == '\0'
		   ? cmd_printf(in->c, "%s: ", row->text)
		   : cmd_printf(in->c, "%s [%s]: ", row->text, usual);
	while ((rc = ask_line(in, text, false, line)) == 0) {
		if (*line == '\0')
			strcpy(line, usual);
		/*
		 * Read back as the file will be: what inih would cut is told
		 * now.
		 */
		if (!accept(in, q, line))
			prompt_say(
			    &in->tty, cmd_printf(in->c, "  %s", row->want));
		else if (!profile_holds(in->c, row->key, line))
			prompt_say(&in->tty,
			    "  no blanks at its ends, no ';' after a blank");
		else
			break;
	}
	if (rc == 0)
		strcpy(in->value[q], line);
	return rc;
}

static struct secret_key
init_key_of(const struct init *in)
{
	return (struct secret_key){
	    in->value[ASK_HOST], in->value[ASK_PORT], in->value[ASK_ID]};
}

/*
 * Asks for the password; one that is stored already is the default. A password
 * that was found needs not be typed again to change a port.
 */
static int
ask_password(struct init *in)
{
	const struct secret_key key = init_key_of(in);
	struct secret known = {.from = NULL};
	const char *text = "password: ";
	int rc = credentials_find(in->c, &key, &known);

	/* Only whether there is one, and where, is of interest. */
	secret_wipe(&known);
	if (rc == 0 && known.from != NULL)
		text = cmd_printf(in->c, "password [that of %s]: ", known.from);
	while (rc == 0) {
		rc = ask_line(in, text, true, in->password);
		if (rc != 0 || strlen(in->password) <= PASSWORD_MAX)
			break;
		prompt_say(&in->tty, "  8 characters at most");
	}
	in->keep = known.from != NULL && *in->password == '\0';
	return rc;
}

/* --- the profile --- */

static bool
is_name(const char *name)
{
	size_t n = strlen(name);

	if (n == 0 || n > NAME_MAX_LENGTH || *name == '-')
		return false;
	for (; *name != '\0'; name++)
		if (((unsigned char)*name & 0x80) == 0 &&
		    strchr("abcdefghijklmnopqrstuvwxyz0123456789._+-"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
			*name) == NULL)
			return false;
	return true;
}

/* The name as it was given, or asked for. */
static int
choose_name(struct init *in)
{
	static const char want[] =
	    "at most 49 letters, digits, '.', '_', '+' and '-'";
	char line[VALUE_MAX];
	int rc;

	if (in->a.name != NULL) {
		in->name = in->a.name + (*in->a.name == '@');
		if (is_name(in->name))
			return 0;
		return out_usage(in->c,
		    "'%s' cannot be the name of a profile: %s", in->name, want);
	}
	while ((rc = ask_line(in, "profile [default]: ", false, line)) == 0) {
		if (*line == '\0')
			strcpy(line, "default");
		in->name = cmd_printf(in->c, "%s", line + (*line == '@'));
		if (is_name(in->name))
			return 0;
		prompt_say(&in->tty, cmd_printf(in->c, "  %s", want));
	}
	return rc;
}

/*
 * A line of a profile that is there: its values are the defaults. The first
 * value counts, as it does when a profile is read.
 */
static int
older_line(void *arg, const char *key, const char *value, const char *from)
{
	struct init *in = arg;

	if (in->from == NULL)
		in->from = from;
	for (size_t q = 0; q < ASKS; q++)
		if (strcmp(key, questions[q].key) == 0 &&
		    *in->value[q] == '\0' && strlen(value) < VALUE_MAX)
			strcpy(in->value[q], value);
	return 0;
}

/* A profile that is there is changed only if that is wanted. */
static int
look_for_older(struct init *in)
{
	char line[VALUE_MAX];
	bool found;
	int rc = profile_read(in->c, in->name, older_line, in, &found);

	if (rc != 0 || !found)
		return rc;
	rc = ask_line(in,
	    cmd_printf(in->c,
		"profile '%s' is there%s%s: change it? [no]: ", in->name,
		in->from == NULL ? "" : ", ", in->from == NULL ? "" : in->from),
	    false, line);
	if (rc != 0 || yes(line))
		return rc;
	return out_error(in->c, SMPP_EXIT_NO, "profile",
	    "profile '%s' stays as it is", in->name);
}

static int
ask_all(struct init *in)
{
	int rc = choose_name(in);

	if (rc == 0)
		rc = look_for_older(in);
	for (size_t q = 0; rc == 0 && q < ASKS; q++)
		rc = ask(in, (enum answer)q);
	return rc == 0 ? ask_password(in) : rc;
}

/* What stood there about the password, or about a TLS that is none now, must
 * not outlive the answers. */
static int
write_profile(struct init *in)
{
	static const char *const stale[] = {"password-file", "password-command",
	    "cacert", "cert", "key", "sni", "insecure"};
	enum { STALE = sizeof(stale) / sizeof(stale[0]) };
	struct profile_pair pair[ASKS + STALE];
	size_t n = 0, gone = yes(in->value[ASK_TLS]) ? 2 : STALE;

	for (size_t q = 0; q < ASKS; q++)
		pair[n++] = (struct profile_pair){
		    questions[q].key, in->value[q]};
	/*
	 * "any" is what no setting says: each command then binds as it needs.
	 */
	if (strcmp(in->value[ASK_BIND], "any") == 0)
		pair[ASK_BIND].value = NULL;
	for (size_t i = 0; i < gone; i++)
		pair[n++] = (struct profile_pair){stale[i], NULL};
	return profile_write(in->c, in->name, pair, n);
}

/*
 * The password first: a profile without one would fail, while a password
 * without a profile harms nobody.
 */
static int
init_write_all(struct init *in)
{
	const struct secret_key key = init_key_of(in);
	const char *file;
	int rc = 0;

	if (!in->keep) {
		rc = credentials_store(in->c, &key, in->password, &file);
		if (rc == 0)
			out_say(in->c, 0, "== password in %s", file);
	}
	if (rc == 0)
		rc = write_profile(in);
	if (rc == 0)
		out_say(in->c, 0, "== profile '%s' in %s", in->name,
		    profile_path(in->c));
	return rc;
}

/* --- trying it --- */

/*
 * Not a failure of init: what was asked for is written. The status is that of
 * the test, for whoever scripts it.
 */
static int
try_it(struct init *in)
{
	struct ctx *c = in->c;
	char *words[] = {"bind-test", cmd_printf(c, "@%s", in->name), NULL};
	int rc;

	out_say(c, 0, "== smpp bind-test @%s", in->name);
	c->cmd = cmd_find("bind-test");
	c->label = "smpp bind-test: ";
	rc = c->cmd->run(c, 2, words);
	out_flush(c->out);
	if (rc != 0)
		out_say(c, 0,
		    "== next: smpp init %s changes it, smpp bind-test @%s "
		    "tries it again",
		    in->name, in->name);
	else if (strcmp(in->value[ASK_BIND], "rx") == 0)
		out_say(c, 0, "== next: smpp listen @%s", in->name);
	else
		out_say(c, 0, "== next: smpp send @%s -d NUMBER -m 'Hello'",
		    in->name);
	return rc;
}

static int
nobody(struct ctx *c)
{
	out_hint(c, "write the profile into %s by hand, see smpp-config(5)",
	    profile_path(c) == NULL ? "~/.config/smpp/config"
				    : profile_path(c));
	return out_usage(c,
	    "there is nobody to ask: stdin is not a terminal, or "
	    "--no-input was given");
}

static int
init_run(struct ctx *c, int argc, char **argv)
{
	struct init *in = cmd_alloc(c, sizeof(*in));
	int rc = opt_parse(c, argc, argv, &in->a);

	if (rc >= 0)
		return rc;
	in->c = c;
	if (in->a.no_input || !isatty(STDIN_FILENO))
		return nobody(c);
	if (profile_path(c) == NULL)
		return out_usage(c, "neither HOME nor XDG_CONFIG_HOME is set");
	if (prompt_open(&in->tty) != 0)
		return out_errno(c, SMPP_EXIT_USAGE, "input", "/dev/tty");
	rc = ask_all(in);
	prompt_close(&in->tty);
	if (rc == 0)
		rc = init_write_all(in);
	/* Before bind-test runs, which reads it from its file. */
	explicit_bzero(in->password, sizeof(in->password));
	return rc == 0 ? try_it(in) : rc;
}

const struct cmd cmd_init = {
    .name = "init",
    .brief = "ask for an SMSC's settings, write a profile, try it",
    .args = "[NAME]",
    .examples = init_examples,
    .opts = init_opts,
    .run = init_run,
};
