/* smpp repl: the commands that begin with a backslash. */
#include <unistd.h>

#include "words/topic.h"
#include "kit/hook.h"
#include "base/clock.h"
#include "repl.h"
#include "show/show.h"
#include "base/suggest.h"

static int
unexpected(struct repl *r, const char *rest)
{
	return repl_bad(r, "usage", "unexpected '%.60s'", rest);
}

int
meta_word(struct repl *r, char *rest, char **word)
{
	char *more;

	*word = line_word(&rest);
	if (*word != NULL)
		line_unquote(*word);
	more = *word == NULL ? NULL : line_word(&rest);
	return more == NULL ? 0 : unexpected(r, more);
}

static int
no_words(struct repl *r, char *rest)
{
	char *word = line_word(&rest);

	return word == NULL ? 0 : unexpected(r, word);
}

int
meta_duration(struct repl *r, const char *word, int64_t *ms)
{
	if (word != NULL && opt_duration(word, ms) == 0)
		return 0;
	return repl_bad(r, "usage", "a time is wanted, as in 250ms, 5s, 2m");
}

int
meta_missing(struct repl *r, const char *what)
{
	return repl_bad(r, "usage", "%s is missing", what);
}

/* --- the connection --- */

/* Another SMSC: what was said about the one before does not go there. */
static int
retarget(struct repl *r, const char *word)
{
	const struct target *old = &r->a.target;
	struct target t;
	int rc;

	/*
	 * Times and the version are how the user works; names, TLS and
	 * passwords are of the one SMSC, and must not be shown to another.
	 */
	target_init(&t);
	t.word = cmd_printf(r->c, "%s", word);
	t.version = old->version;
	t.alphabet = old->alphabet;
	t.connect_ms = old->connect_ms;
	t.response_ms = old->response_ms;
	t.enquire_ms = old->enquire_ms;
	t.total_ms = old->total_ms;
	t.secret.no_input = old->secret.no_input;
	term_lend(r); /* password-command may ask */
	rc = target_resolve(r->c, &t, BIND_ANY);
	term_back(r);
	if (rc == 0)
		rc = target_required(r->c, &t);
	if (rc != 0)
		return rc;
	/* Only now: a mistake in the new target leaves the old session. */
	wire_quit(r);
	t.capture = r->target.capture;
	t.trace = r->target.trace;
	secret_wipe(&r->password);
	r->password = t.password;
	r->target = t;
	return 0;
}

static int
meta_connect(struct repl *r, char *rest)
{
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc == 0 && word != NULL)
		rc = retarget(r, word);
	else if (rc == 0)
		rc = target_required(r->lc, &r->target);
	if (rc != 0)
		return rc;
	wire_quit(r);
	return wire_connect(r, !r->a.no_bind);
}

static int
meta_listen(struct repl *r, char *rest)
{
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc == 0)
		rc = wire_listen(r, word == NULL ? "127.0.0.1:2775" : word);
	/*
	 * A script goes on when somebody is there; at the prompt one may type
	 * meanwhile.
	 */
	while (rc == 0 && !r->interactive && !wire_open(r)) {
		if (repl_stopped(r))
			return SMPP_EXIT_NO;
		wire_turn(r, SMPP_FOREVER, -1);
	}
	return rc;
}

static int
meta_bind(struct repl *r, char *rest)
{
	unsigned mode = r->target.bind;
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc != 0 || word == NULL)
		return rc != 0 ? rc : utter_bind(r, mode);
	for (mode = 0; mode < 3 && strcmp(word, target_binds[mode]) != 0;
	     mode++)
		;
	if (mode == 3)
		return repl_bad(
		    r, "usage", "'%.20s' is none of tx, rx, trx", word);
	return utter_bind(r, mode);
}

static int
meta_close(struct repl *r, char *rest)
{
	int rc = no_words(r, rest);

	if (rc == 0)
		wire_close(r);
	return rc;
}

static int
meta_rst(struct repl *r, char *rest)
{
	int rc = no_words(r, rest);

	if (rc == 0)
		rc = wire_required(r);
	if (rc == 0)
		wire_reset(r);
	return rc;
}

/* --- sending --- */

static int
meta_raw(struct repl *r, char *rest)
{
	return send_raw(r, rest);
}

/*
 * \drip HEX TIME: the time is the last word. Blanks may stand among the
 * digits, so the time is found from the end.
 */
static int
meta_drip(struct repl *r, char *rest)
{
	size_t n;
	int64_t ms;
	int rc;

	rest += strspn(rest, " \t");
	n = strlen(rest);
	while (n > 0 && strchr(" \t\r", rest[n - 1]) != NULL)
		rest[--n] = '\0';
	while (n > 0 && strchr(" \t", rest[n - 1]) == NULL)
		n--;
	rc = meta_duration(r, rest + n, &ms);
	if (rc != 0 || n == 0)
		return rc != 0 ? rc : meta_missing(r, "HEX");
	rest[n - 1] = '\0';
	return send_drip(r, rest, ms);
}

/*
 * The newest entry that a line sent, of this sequence number if it is not 0.
 * What is sent by itself, keep-alives and answers, has no line, and is not
 * sent again.
 */
static struct seen *
typed(struct repl *r, uint32_t seq)
{
	struct seen *s = NULL;

	if (seq == 0)
		return seen_get(r, r->last);
	for (uint64_t i = r->nseen; i > 0; i--) {
		s = seen_get(r, i);
		if (s == NULL || (s->line != NULL && s->seq == seq))
			break;
	}
	if (s == NULL)
		s = seen_get(r, r->last);
	return s != NULL && s->line != NULL && s->seq == seq ? s : NULL;
}

static int
meta_again(struct repl *r, char *rest)
{
	uint32_t seq = 0;
	struct seen *s;
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc != 0)
		return rc;
	if (word != NULL && (opt_uint(word, &seq) != 0 || seq == 0))
		return repl_bad(
		    r, "usage", "'%.20s' is no sequence number", word);
	s = typed(r, seq);
	if (s == NULL)
		return repl_bad(r, "usage", "nothing was sent%s%s",
		    seq == 0 ? " yet" : " with seq ", seq == 0 ? "" : word);
	/*
	 * Copied: the entry may be forgotten while the line runs. Variables
	 * are put in anew.
	 */
	return repl_line(r, cmd_printf(r->lc, "%s", s->line));
}

/* The line is kept as it was typed: $i differs each time. */
static int
meta_repeat(struct repl *r, char *rest)
{
	char *word = line_word(&rest), number[16];
	uint32_t times, i;
	int rc = 0;

	if (word == NULL || opt_uint(word, &times) != 0)
		return meta_missing(r, "how many times");
	if (*rest == '\0')
		return meta_missing(r, "the line to repeat");
	for (i = 1; rc == 0 && i <= times && !repl_stopped(r); i++) {
		struct smpp_sbuf b;

		smpp_sbuf_init(&b, number, sizeof(number) - 1, NULL, NULL);
		smpp_sbuf_u32(&b, i);
		number[b.n] = '\0';
		rc = repl_set(r, "i", number);
		if (rc == 0)
			rc = repl_line(r, rest);
	}
	return rc;
}

bool
meta_pass(struct repl *r, int64_t ms)
{
	int64_t until = smpp_clock_ms() + ms;

	while (!repl_stopped(r) && smpp_clock_ms() < until)
		wire_turn(r, until, -1);
	return !repl_stopped(r);
}

static int
meta_watch(struct repl *r, char *rest)
{
	struct seen *s = typed(r, 0);
	int64_t ms = 2000;
	char *word, *again;
	int rc = meta_word(r, rest, &word);

	if (rc == 0 && word != NULL)
		rc = meta_duration(r, word, &ms);
	if (rc == 0 && s == NULL)
		rc = repl_bad(r, "usage", "nothing was sent yet");
	if (rc != 0)
		return rc;
	/* The entry may be forgotten by then. */
	again = cmd_printf(r->lc, "%s", s->line);
	while (rc == 0 && meta_pass(r, ms))
		rc = repl_line(r, again);
	return rc;
}

/* --- settings --- */

static int
meta_x(struct repl *r, char *rest)
{
	r->set.expanded = !r->set.expanded;
	repl_say(r, "== %s", r->set.expanded ? "fields" : "one line");
	return no_words(r, rest);
}

static int
meta_timing(struct repl *r, char *rest)
{
	r->set.timing = !r->set.timing;
	repl_say(r, "== timing %s", r->set.timing ? "on" : "off");
	return no_words(r, rest);
}

static const struct {
	const char *name;
	size_t at;
	const char *brief;
} settings[] = {
    {"auto_enquire", offsetof(struct settings, auto_enquire),
	"answer enquire_link by itself"},
    {"auto_deliver", offsetof(struct settings, auto_deliver),
	"answer deliver_sm and data_sm of an SMSC by itself"},
    {"auto_unbind", offsetof(struct settings, auto_unbind),
	"answer unbind by itself"},
    {"expanded", offsetof(struct settings, expanded),
	"show fields, not one line, as \\x says"},
    {"timing", offsetof(struct settings, timing),
	"show how long answers took, as \\timing says"},
};

enum { SETTINGS = sizeof(settings) / sizeof(settings[0]) };

void
meta_settings(ask_fn fn, void *arg)
{
	for (size_t i = 0; i < SETTINGS; i++)
		fn(arg, settings[i].name, settings[i].brief);
}

static bool *
setting(struct repl *r, size_t i)
{
	return (bool *)((char *)&r->set + settings[i].at);
}

static void
show_setting(struct repl *r, size_t i)
{
	smpp_sbuf_printf(&r->c->out->b, "%-14s  %-3s  %s\n", settings[i].name,
	    *setting(r, i) ? "on" : "off", settings[i].brief);
}

static int
no_setting(struct repl *r, const char *name)
{
	struct smpp_suggest s;

	smpp_suggest_init(&s, name);
	for (size_t i = 0; i < SETTINGS; i++)
		smpp_suggest_try(&s, settings[i].name);
	if (s.best != NULL)
		return repl_bad(r, "usage",
		    "no setting '%.40s'; did you mean '%s'?", name, s.best);
	out_hint(r->lc, "\\set lists them");
	return repl_bad(r, "usage", "no setting '%.40s'", name);
}

static int
meta_set(struct repl *r, char *rest)
{
	char *name = line_word(&rest), *value;
	size_t i;
	int rc;

	for (i = 0; name == NULL && i < SETTINGS; i++)
		show_setting(r, i);
	if (name == NULL)
		return 0;
	rc = meta_word(r, rest, &value);
	for (i = 0; i < SETTINGS && strcmp(settings[i].name, name) != 0; i++)
		;
	if (rc != 0 || i == SETTINGS)
		return rc != 0 ? rc : no_setting(r, name);
	/* "on" or "off", as was made sure: the second letter tells. */
	if (value == NULL)
		show_setting(r, i);
	else if (strcmp(value, "on") == 0 || strcmp(value, "off") == 0)
		*setting(r, i) = value[1] == 'n';
	else
		return repl_bad(
		    r, "usage", "%s: on or off, not '%.20s'", name, value);
	return 0;
}

/* --- files and the shell --- */

static int
meta_i(struct repl *r, char *rest)
{
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc == 0 && word == NULL)
		rc = meta_missing(r, "FILE");
	return rc != 0 ? rc : scripts_run(r, cmd_printf(r->lc, "%s", word));
}

static int
meta_o(struct repl *r, char *rest)
{
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc == 0)
		rc = out_redirect(
		    r->lc, word == NULL ? NULL : cmd_printf(r->c, "%s", word));
	return rc;
}

static int
meta_trace(struct repl *r, char *rest)
{
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc == 0)
		rc = wire_trace(
		    r, word == NULL ? NULL : cmd_printf(r->c, "%s", word));
	return rc;
}

static int
meta_record(struct repl *r, char *rest)
{
	char *word;
	int rc = meta_word(r, rest, &word);

	return rc != 0 ? rc : scripts_record(r, word);
}

static int
meta_shell(struct repl *r, char *rest)
{
	int rc;

	rest += strspn(rest, " \t");
	if (*rest == '\0')
		return meta_missing(r, "CMD");
	/* What was printed belongs above what the command prints. */
	out_flush(r->c->out);
	term_lend(r);
	rc = hook_shell(rest);
	term_back(r);
	if (rc <= 0)
		return rc == 0 ? 0
			       : repl_bad(r, "shell", "it could not be run");
	return repl_bad(r, "shell", "exit status %d", rc);
}

static int
meta_help_one(struct repl *r, char *rest)
{
	char *word = line_word(&rest), *name;
	int rc = meta_word(r, rest, &name);

	if (rc != 0)
		return rc;
	if (word != NULL)
		line_unquote(word);
	if (name == NULL)
		return meta_help(r, word);
	if (topic_explain(
		topic_find(word), &r->c->out->b, r->c->dictionary, name))
		return 0;
	return repl_bad(
	    r, "usage", "nothing is called '%.60s %.60s'", word, name);
}

static int
meta_q(struct repl *r, char *rest)
{
	int rc = no_words(r, rest);

	r->quit = rc == 0;
	return rc;
}

/* --- the table --- */

static const struct meta metas[] = {
    {"connect", "[TARGET]", "connect, and bind unless --no-bind", tab_target,
	true, meta_connect},
    {"listen", "[ADDR]", "be the SMSC of the next one who connects", tab_none,
	true, meta_listen},
    {"bind", "[tx|rx|trx]", "log in as the target says", tab_mode, true,
	meta_bind},
    {"close", "", "end the connection without unbind", tab_none, true,
	meta_close},
    {"rst", "", "end it by a reset", tab_none, true, meta_rst},
    {"raw", "HEX", "send octets as they are", tab_none, true, meta_raw},
    {"drip", "HEX TIME", "send octets one by one, TIME apart", tab_none, true,
	meta_drip},
    {"again", "[N]", "send the last line once more, or that of seq N", tab_none,
	true, meta_again},
    {"repeat", "N LINE", "run a line N times; $i counts", tab_repeat, true,
	meta_repeat, true},
    {"watch", "[TIME]", "send the last line each TIME (2s) until Ctrl-C",
	tab_none, false, meta_watch},
    {"wait", "TIME [EXPR|closed]",
	"let time pass, or until a PDU comes that EXPR holds for", tab_wait,
	true, judge_wait},
    {"expect", "EXPR", "fail unless EXPR holds for the last answer", tab_expr,
	true, judge_expect},
    {"let", "NAME=KEY", "keep a value of the last answer as $NAME; or \"text\"",
	tab_let, true, judge_let},
    {"show", "[last|N]", "show the last PDU, or those of seq N, by fields",
	tab_none, false, judge_show},
    {"x", "", "show fields or one line", tab_none, false, meta_x},
    {"timing", "", "show how long answers took, or not", tab_none, false,
	meta_timing},
    {"set", "[NAME [on|off]]", "list or change settings", tab_setting, true,
	meta_set},
    {"i", "FILE", "run the lines of a file", tab_file, true, meta_i},
    {"o", "[FILE]", "write results to FILE, or here again", tab_file, false,
	meta_o},
    {"trace", "[FILE]", "capture the session in FILE (pcap), or end that",
	tab_file, false, meta_trace},
    {"record", "[FILE]", "write a script of what is typed, or end that",
	tab_file, false, meta_record},
    {"!", "CMD", "run a command of the shell", tab_file, false, meta_shell,
	true},
    {"help", "[[TOPIC] NAME]",
	"explain a PDU, a field, a TLV, a status, a command", tab_name, false,
	meta_help_one},
    {"q", "", "unbind and quit", tab_none, false, meta_q},
};

enum { METAS = sizeof(metas) / sizeof(metas[0]) };

const struct meta *
meta_row(size_t n)
{
	return n < METAS ? &metas[n] : NULL;
}

const struct meta *
meta_find(const char *name)
{
	for (size_t i = 0; i < METAS; i++)
		if (strcmp(metas[i].name, name) == 0)
			return &metas[i];
	return NULL;
}

int
meta_run(struct repl *r, bool *keep)
{
	const char *s = r->line + strspn(r->line, " \t") + 1;
	/* \!CMD needs no blank, as in other shells of the kind. */
	size_t n = *s == '!' ? 1 : strcspn(s, " \t\r");
	const char *name = cmd_printf(r->lc, "%.*s", (int)n, s);
	const struct meta *m = meta_find(name);
	char *rest;

	if (m == NULL)
		return repl_unknown(r, cmd_printf(r->lc, "\\%s", name));
	*keep = m->keep;
	/*
	 * Some take the line as it is: a $ is the shell's, or that of the line
	 * to be repeated.
	 */
	rest = m->whole ? cmd_printf(r->lc, "%s", s + n)
			: repl_expand(r, s + n);
	return rest == NULL ? SMPP_EXIT_NO : m->run(r, rest);
}
