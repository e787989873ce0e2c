/* smpp repl: a session by hand, or from a script. */
#include "repl.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kit/sig.h"
#include "base/clock.h"
#include "base/suggest.h"
#include "words/fieldopt.h"

#define AT(member) offsetof(struct repl_args, member)

static const struct opt repl_opts[] = {
    OPT_SECTION("Session"),
    {'f', "file", OPT_FILE, AT(script), "SCRIPT",
	"run the lines of SCRIPT, - for stdin, instead of asking for them"},
    {0, "keep-going", OPT_FLAG, AT(keep_going), NULL,
	"run a script to its end although a line failed"},
    {0, "no-bind", OPT_FLAG, AT(no_bind), NULL,
	"connect only, to make the bind by hand"},
    {'n', "dry-run", OPT_FLAG, AT(dry), NULL,
	"say the settings and connect to nothing"},
    OPT_BLOCK(target_opts, AT(target)),
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const repl_examples[] = {
    "smpp repl @acme",
    "smpp repl localhost --no-bind",
    "smpp repl @lab -f checks.smpp --keep-going",
    "printf 'enquire_link\\n\\\\expect command_status==0\\n' | smpp repl @lab "
    "-j",
    NULL,
};

/* The line that is being typed is taken off the screen first. */
void
repl_say(struct repl *r, const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	term_hide();
	out_say(r->c, 0, "%s", text);
}

/*
 * 1 for all that a line did not do: a script ends there, the prompt goes on.
 */
int
repl_bad(struct repl *r, const char *what, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return out_error(r->lc, SMPP_EXIT_NO, what, "%s", text);
}

/*
 * That of the session once there is one, since the bind may have lowered it.
 */
enum smpp_ver
repl_version(const struct repl *r)
{
	return wire_open(r) ? r->link.conn.s.ver : r->target.ver;
}

/* A signal, a lost output, or the time limit: the three ends of every wait. */
bool
repl_stopped(const struct repl *r)
{
	return sig_stop() > 0 || r->c->out->b.bad ||
	       smpp_clock_ms() >= r->deadline;
}

int
repl_unknown(struct repl *r, const char *word)
{
	const struct meta *m;
	struct smpp_suggest s;

	smpp_suggest_init(&s, word + (*word == '\\'));
	for (size_t i = 0; i < smpp_pdu_count; i++)
		smpp_suggest_try(&s, smpp_pdus[i].name);
	for (size_t i = 0; (m = meta_row(i)) != NULL; i++)
		smpp_suggest_try(&s, m->name);
	out_hint(r->lc, "help lists what there is");
	if (s.best == NULL)
		return repl_bad(r, "usage", "no PDU or command '%.60s'", word);
	/* The suggestion is hint enough. */
	out_hint(r->lc, "%s", "");
	return repl_bad(r, "usage",
	    "no PDU or command '%.60s'; did you mean '%s%s'?", word,
	    meta_find(s.best) != NULL ? "\\" : "", s.best);
}

int
repl_set(struct repl *r, const char *name, const char *value)
{
	struct smpp_err err;

	smpp_err_clear(&err);
	if (vars_set(&r->vars, name, value, &err) == 0)
		return 0;
	return repl_bad(r, "usage", "%s", err.msg);
}

char *
repl_expand(struct repl *r, const char *text)
{
	struct smpp_err err;
	char *line;

	smpp_err_clear(&err);
	line = vars_expand(&r->vars, r->lc, text, &err);
	if (line == NULL)
		repl_bad(r, "usage", "%s", err.msg);
	return line;
}

/* help, quit and exit stand for \help and \q. */
static bool
bare(struct repl *r, const char *word, char *rest, int *rc)
{
	if (strcmp(word, "help") == 0)
		*rc = meta_find("help")->run(r, rest);
	else if (strcmp(word, "quit") == 0 || strcmp(word, "exit") == 0)
		*rc = meta_find("q")->run(r, rest);
	else
		return false;
	return true;
}

/*
 * By its first character: JSON, a backslash command, or words of a PDU. Only
 * those that send are kept for \record.
 */
static int
repl_loop(struct repl *r, bool *keep)
{
	const char *text = r->line + strspn(r->line, " \t\r");
	const struct smpp_pdu_row *row;
	char *rest, *word;
	int rc;

	*keep = *text == '{';
	if (*text == '{')
		return send_json(r, text);
	if (*text == '\\')
		return meta_run(r, keep);
	rest = repl_expand(r, text);
	if (rest == NULL)
		return SMPP_EXIT_NO;
	word = line_word(&rest);
	if (word == NULL || bare(r, word, rest, &rc))
		return word == NULL ? 0 : rc;
	row = smpp_pdu_find(smpp_view_str(word));
	if (row == NULL)
		return repl_unknown(r, word);
	*keep = true;
	return send_pdu(r, row, rest);
}

int
repl_line(struct repl *r, const char *text)
{
	struct ctx lc = *r->c, *outer = r->lc;
	const char *line = r->line;
	bool keep = false;
	int rc;

	if (r->depth == DEPTH_MAX)
		return repl_bad(
		    r, "usage", "lines in lines, %d deep", DEPTH_MAX);
	/*
	 * Memory of its own for each line, freed behind it: a shell may be
	 * open for days. Lines run lines (\repeat, \i), hence the depth.
	 */
	lc.mem = NULL;
	r->lc = &lc;
	r->line = text;
	r->depth++;
	rc = repl_loop(r, &keep);
	r->depth--;
	/* The outermost line only: what it ran is done again by it. */
	if (keep && rc == 0 && r->depth == 0)
		scripts_keep(r, text);
	r->line = line;
	r->lc = outer;
	cmd_free(&lc);
	return rc;
}

/* Connects, if it is known where to. The shell stays when that fails. */
static int
repl_start(struct repl *r)
{
	int rc;

	if (r->target.host == NULL)
		return 0;
	rc = wire_connect(r, !r->a.no_bind);
	/* Options that are wrong end the shell all the same. */
	if (!r->interactive || rc == SMPP_EXIT_USAGE)
		return rc;
	return 0;
}

/*
 * Lines of the user's for the beginning of each session. A failure in it is
 * told, and the shell begins: it may be what is to be mended.
 */
static void
run_replrc(struct repl *r)
{
	const char *dir = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *path = NULL;

	if (dir != NULL && *dir == '/')
		path = cmd_printf(r->c, "%s/smpp/replrc", dir);
	else if (home != NULL && *home != '\0')
		path = cmd_printf(r->c, "%s/.config/smpp/replrc", home);
	if (path != NULL && access(path, F_OK) == 0)
		scripts_run(r, path);
}

static int
repl_session(struct repl *r)
{
	int rc;

	if (r->interactive) {
		term_open(r);
		run_replrc(r);
	}
	rc = repl_start(r);
	if (rc != 0)
		return rc;
	if (r->interactive)
		rc = term_run(r);
	else
		rc = scripts_run(r, r->a.script == NULL ? "-" : r->a.script);
	wire_quit(r);
	scripts_record(r, NULL);
	return cmd_worse(rc, r->rc);
}

static int
repl_run(struct ctx *c, int argc, char **argv)
{
	struct repl *r = cmd_alloc(c, sizeof(*r));
	int rc;

	r->c = r->lc = c;
	r->record_fd = -1;
	r->next_seq = 1;
	r->set = (struct settings){.auto_enquire = true,
	    .auto_deliver = true,
	    .auto_unbind = true,
	    .timing = true};
	target_init(&r->a.target);
	rc = opt_parse(c, argc, argv, &r->a);
	if (rc >= 0)
		return rc;
	r->target = r->a.target;
	rc = target_resolve(c, &r->target, BIND_ANY);
	if (rc == 0 && r->a.dry)
		target_show(c, &r->target);
	if (rc != 0 || r->a.dry)
		return rc;
	r->password = r->target.password;
	/* In one place only, from where a bind takes it and wipes its copy. */
	secret_wipe(&r->target.password);
	r->deadline = smpp_io_deadline(smpp_clock_ms(), r->target.total_ms);
	/* Both must be terminals: echo lines | smpp repl is a script. */
	r->interactive = r->a.script == NULL && isatty(STDIN_FILENO) &&
			 isatty(STDOUT_FILENO);
	sig_catch();
	wire_init(r);
	rc = repl_session(r);
	wire_fini(r);
	secret_wipe(&r->password);
	vars_free(&r->vars);
	seen_free(r);
	return rc;
}

const struct cmd cmd_repl = {
    .name = "repl",
    .brief = "a session by hand: any PDU, right or wrong",
    .args = "[TARGET] [--no-bind] [-f SCRIPT [--keep-going]] [OPTION]...",
    .examples = repl_examples,
    .opts = repl_opts,
    .stream = true,
    .run = repl_run,
};
