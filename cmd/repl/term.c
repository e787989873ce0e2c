/* smpp repl: the terminal, by readline; lines are edited while PDUs come. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <readline/readline.h>

#include "kit/sig.h"
#include "base/clock.h"
#include "repl.h"
#include "show/receipttext.h"

enum { NAME_COLUMNS = 24 };

/* readline has one terminal and hands no argument on. shown: a line is being
 * edited; hidden: it is off the screen for the moment. */
static struct {
	struct repl *r;
	bool shown, hidden;
	bool got;   /* a line, NULL for Ctrl-D */
	char *line; /* readline's, to be freed */
	char prompt[128];
	sigset_t normal;
} term;

/* --- signals of job control --- */

static volatile sig_atomic_t resized, stopping, quitting;

/* Flags only: readline may be in the middle of anything. */
static void
term_caught(int n)
{
	if (n == SIGWINCH)
		resized = 1;
	else if (n == SIGTSTP)
		stopping = 1;
	else
		quitting = 1;
}

static const int signals[] = {SIGWINCH, SIGTSTP, SIGQUIT};

/* They come in the wait for something to happen, and nowhere else. */
static void
catch_signals(void)
{
	struct sigaction sa = {.sa_handler = term_caught};
	sigset_t set;

	sigemptyset(&sa.sa_mask);
	sigemptyset(&set);
	for (size_t i = 0; i < 3; i++) {
		sigaddset(&set, signals[i]);
		sigaction(signals[i], &sa, NULL);
	}
	sigprocmask(SIG_BLOCK, &set, &term.normal);
	term.r->engine.mask = &term.normal;
}

/*
 * Stops, as if TSTP had not been caught, until somebody says CONT. TSTP is
 * blocked here, so that raise() only leaves it pending; it stops us when it is
 * let through, at the first sigprocmask, with the terminal as the shell wants
 * it.
 */
static void
term_stop(void)
{
	struct sigaction dfl = {.sa_handler = SIG_DFL}, old;
	sigset_t set;

	rl_deprep_terminal();
	sigemptyset(&dfl.sa_mask);
	sigaction(SIGTSTP, &dfl, &old);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	raise(SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGTSTP, &old, NULL);
	rl_prep_terminal(1);
	rl_resize_terminal();
	if (term.shown)
		rl_forced_update_display();
}

void
term_signals(void)
{
	if (resized) {
		resized = 0;
		rl_resize_terminal();
	}
	if (stopping) {
		stopping = 0;
		term_stop();
	}
	if (quitting) {
		rl_deprep_terminal();
		sig_die(SIGQUIT);
	}
}

/* --- the prompt --- */

/*
 * Who is at the other end, in a few characters. The name of the profile,
 * before that of a host: it is what the user calls it, and tells production
 * from a test.
 */
static const char *
peer_name(const struct repl *r)
{
	const char *word = r->target.word;

	if (r->listens || (wire_open(r) && r->link.conn.s.conf.role == SMPP_MC))
		return "smsc";
	if (word != NULL && *word == '@')
		return word + 1;
	return r->target.host == NULL ? "smpp" : r->target.host;
}

/* Red, yellow, green: closed, open, bound. */
static const char *
state_colour(const struct repl *r)
{
	if (!wire_open(r))
		return "\033[31m";
	return smpp_session_bound(&r->link.conn.s) ? "\033[32m" : "\033[33m";
}

/*
 * \001 and \002 tell readline what takes no column. A quarter of the screen at
 * most, and no octet of a name that the terminal would obey.
 */
static void
make_prompt(char out[128], const struct repl *r, bool more)
{
	bool colour = r->c->out->color_err;
	char name[64];
	struct smpp_sbuf b;
	int rows, columns, most = NAME_COLUMNS;

	rl_get_screen_size(&rows, &columns);
	if (columns > 0 && most > columns / 4)
		most = columns / 4;
	smpp_sbuf_init(&b, name, sizeof(name) - 1, NULL, NULL);
	smpp_print_word(&b, smpp_view_str(peer_name(r)));
	name[b.n] = '\0';
	if (more)
		snprintf(out, 128, "... ");
	else if (colour)
		snprintf(out, 128, "%.*s \001%s\002%s\001\033[0m\002> ", most,
		    name, state_colour(r), wire_state(r));
	else
		snprintf(out, 128, "%.*s %s> ", most, name, wire_state(r));
}

void
term_hide(void)
{
	if (!term.shown || term.hidden)
		return;
	rl_clear_visible_line();
	fflush(rl_outstream);
	term.hidden = true;
}

/* Brings the line back, under a prompt that says what is true now. */
static void
refresh(bool more)
{
	char prompt[sizeof(term.prompt)];

	make_prompt(prompt, term.r, more);
	if (strcmp(prompt, term.prompt) != 0) {
		term_hide();
		memcpy(term.prompt, prompt, sizeof(prompt));
		rl_set_prompt(term.prompt);
	}
	if (!term.hidden)
		return;
	term.hidden = false;
	rl_on_new_line();
	rl_redisplay();
}

/* --- one line --- */

/* Handler and line go together: readline gives the terminal back then. */
static void
leave_line(void)
{
	rl_callback_handler_remove();
	term.shown = false;
}

static void
term_take_line(char *line)
{
	leave_line();
	term.got = true;
	term.line = line;
}

/* Ctrl-C: what was typed stays on the screen and counts for nothing, be it
 * that the line was just ended. */
static void
interrupted(void)
{
	sig_forget();
	free(term.line);
	term.line = NULL;
	if (term.shown) {
		rl_callback_sigcleanup();
		rl_point = rl_end;
		rl_redisplay();
	}
	fputs("^C\n", rl_outstream);
	leave_line();
}

/*
 * Edits a line. Returns true and sets term.line; false when there will be none
 * any more. *cleared: it was given up, and so are those that it goes on from.
 */
static bool
term_read_line(struct repl *r, bool more, bool *cleared)
{
	*cleared = false;
	term.got = false;
	term.line = NULL;
	make_prompt(term.prompt, r, more);
	rl_callback_handler_install(term.prompt, term_take_line);
	term.shown = true;
	while (!term.got) {
		if (wire_turn(r, SMPP_FOREVER, STDIN_FILENO))
			rl_callback_read_char();
		/*
		 * Before the end of all: Ctrl-C gives up this line, TERM the
		 * shell.
		 */
		if (sig_which() == SIGINT) {
			interrupted();
			*cleared = true;
			return true;
		}
		if (repl_stopped(r)) {
			leave_line();
			free(term.line);
			return false;
		}
		if (term.shown)
			refresh(more);
	}
	return term.line != NULL;
}

/* --- completion --- */

/* The candidates of the last Tab; those that are found have a meaning. */
static struct {
	char **word;
	char **brief;
	size_t n, cap;
	size_t cut; /* characters that readline does not want to hear again */
} offers;

static char *
copy(const char *s)
{
	char *p = strdup(s);

	if (p == NULL)
		cmd_nomem();
	return p;
}

static void
drop_offers(void)
{
	for (size_t i = 0; i < offers.n; i++) {
		free(offers.word[i]);
		free(offers.brief[i]);
	}
	offers.n = 0;
}

/* A name can be field and TLV: it is offered once. */
static void
hint_offer(void *arg, const char *word, const char *brief)
{
	size_t size;

	(void)arg;
	for (size_t i = 0; i < offers.n; i++)
		if (strcmp(offers.word[i], word) == 0)
			return;
	if (offers.n == offers.cap) {
		offers.cap = offers.cap * 2 + 64;
		size = offers.cap * sizeof(char *);
		offers.word = realloc(offers.word, size);
		offers.brief = realloc(offers.brief, size);
		if (offers.word == NULL || offers.brief == NULL)
			cmd_nomem();
	}
	offers.word[offers.n] = copy(word);
	offers.brief[offers.n++] = copy(brief);
}

/* How many characters all candidates have in common. */
static size_t
common(void)
{
	size_t n = strlen(offers.word[0]), k;

	for (size_t i = 1; i < offers.n; i++) {
		for (k = 0; k < n; k++)
			if (offers.word[i][k] != offers.word[0][k])
				break;
		n = k;
	}
	return n;
}

/* As readline wants them: first what is common, then all, unless one. */
static char **
as_matches(void)
{
	char **m = calloc(offers.n + 2, sizeof(*m));
	size_t n = common();

	if (m == NULL)
		cmd_nomem();
	m[0] = strndup(offers.word[0], n);
	if (m[0] == NULL)
		cmd_nomem();
	for (size_t i = 0; offers.n > 1 && i < offers.n; i++)
		m[i + 1] = copy(offers.word[i]);
	/* Behind '=' and '.' the word goes on, so no blank is appended. */
	if (offers.n == 1 && n > 0 && strchr("=.", m[0][n - 1]) != NULL)
		rl_completion_suppress_append = 1;
	return m;
}

/* Shows what is known about the value that is wanted, there being no list. */
static void
show_hint(const char *hint)
{
	term_hide();
	fprintf(rl_outstream, "%s\n", hint);
	fflush(rl_outstream);
	refresh(false);
}

static char **
attempt(const char *word, int start, int end)
{
	struct ctx c = *term.r->c;
	size_t at, cut;
	const char *hint;
	bool named;

	(void)word;
	c.mem = NULL;
	drop_offers();
	named = complete_line(term.r, &c, rl_line_buffer, (size_t)end,
	    hint_offer, NULL, &at, &hint);
	rl_attempted_completion_over = named;
	/*
	 * readline has cut the word at its own breaks, and wants candidates
	 * from there on.
	 */
	cut = (size_t)start > at ? (size_t)start - at : 0;
	for (size_t i = 0; i < offers.n; i++)
		if (strlen(offers.word[i]) >= cut)
			memmove(offers.word[i], offers.word[i] + cut,
			    strlen(offers.word[i] + cut) + 1);
	if (named && offers.n == 0 && hint != NULL)
		show_hint(hint);
	cmd_free(&c);
	return named && offers.n > 0 ? as_matches() : NULL;
}

static const char *
brief_of(const char *word)
{
	for (size_t i = 0; i < offers.n; i++)
		if (strcmp(offers.word[i], word) == 0)
			return offers.brief[i];
	return "";
}

/*
 * A list with meanings, a line each where that fits the screen. With meanings
 * only while it fits the screen: the list would push away what is being worked
 * on.
 */
static void
show_matches(char **matches, int n, int longest)
{
	int rows, columns, width;

	rl_get_screen_size(&rows, &columns);
	if (n > rows - 2 || *brief_of(matches[1]) == '\0') {
		rl_display_match_list(matches, n, longest);
		rl_forced_update_display();
		return;
	}
	rl_crlf();
	for (int i = 1; i <= n; i++) {
		width = columns - 3 - longest;
		fprintf(
		    rl_outstream, "%-*s", width < 10 ? 0 : longest, matches[i]);
		if (width >= 10)
			fprintf(rl_outstream, "  %.*s", width,
			    brief_of(matches[i]));
		fputc('\n', rl_outstream);
	}
	rl_forced_update_display();
}

static void
open_readline(struct repl *r)
{
	static const char breaks[] = " \t=,!~()<>";

	rl_readline_name = "smpp";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	/* What is typed while a line runs is for the next one, Ctrl-D too, and
	 * is shown there: the terminal stays as readline has it. */
	rl_deprep_term_function = NULL;
	rl_variable_bind("show-all-if-ambiguous", "on");
	rl_completer_word_break_characters = breaks;
	rl_completer_quote_characters = "\"";
	rl_sort_completion_matches = 0;
	rl_attempted_completion_function = attempt;
	rl_completion_display_matches_hook = show_matches;
	history_open(r->c);
}

/* --- the session --- */

/*
 * Runs what was typed, or pasted: then it may be more than a line. Pasted
 * lines run as if they were typed one after the other.
 */
static void
run_text(struct repl *r, char *text)
{
	char *next;

	for (; text != NULL && !r->quit && !repl_stopped(r); text = next) {
		next = strchr(text, '\n');
		if (next != NULL)
			*next++ = '\0';
		history_keep(r, text);
		repl_line(r, text);
		out_flush(r->c->out);
	}
}

/* Appends a line, its backslash taken off, to those before it. Returns whether
 * it goes on. */
static bool
join(char **text, char *line)
{
	size_t n = strlen(line), had = *text == NULL ? 0 : strlen(*text);
	bool goes_on = line_continues(line, &n);

	*text = realloc(*text, had + n + 1);
	if (*text == NULL)
		cmd_nomem();
	memcpy(*text + had, line, n + 1);
	return goes_on;
}

static void
term_session(struct repl *r)
{
	bool more = false, cleared;
	char *text = NULL;

	while (!r->quit && term_read_line(r, more, &cleared)) {
		if (cleared) {
			free(text);
			text = NULL;
			more = false;
			continue;
		}
		more = join(&text, term.line);
		free(term.line);
		term.line = NULL;
		if (more)
			continue;
		run_text(r, text);
		free(text);
		text = NULL;
		/* It ended the wait of the line, not the shell. */
		if (sig_which() == SIGINT) {
			sig_forget();
			fputs("^C\n", stderr);
		}
	}
	free(text);
}

void
term_open(struct repl *r)
{
	term.r = r;
	open_readline(r);
	catch_signals();
}

int
term_run(struct repl *r)
{
	r->c->label = "? ";
	if (!r->c->out->args.quiet)
		out_say(r->c, 0,
		    "help lists what can be typed, Tab shows what fits, \\q "
		    "quits");
	term_session(r);
	if (smpp_clock_ms() >= r->deadline)
		repl_say(r, "== the time limit is over");
	rl_deprep_terminal();
	history_close();
	drop_offers();
	free(offers.word);
	free(offers.brief);
	return 0;
}

/*
 * To a program that asks on the terminal, which has to be as the shell had it,
 * and signals too: a child inherits the mask.
 */
void
term_lend(const struct repl *r)
{
	if (r->engine.mask == NULL)
		return;
	rl_deprep_terminal();
	sigprocmask(SIG_SETMASK, r->engine.mask, NULL);
}

void
term_back(const struct repl *r)
{
	if (r->engine.mask == NULL)
		return;
	catch_signals();
	rl_prep_terminal(1);
}
