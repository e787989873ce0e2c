/* smpp repl: a session by hand; what its files share. */
#ifndef SMPP_REPL_REPL_H
#define SMPP_REPL_REPL_H

#include <signal.h>

#include "kit/ask.h"
#include "target/linktap.h"
#include "script/line.h"
#include "script/subject.h"
#include "script/vars.h"
#include "net/engine.h"

enum {
	SEEN_MAX = 128,  /* PDUs that are remembered */
	KEPT = 5,        /* and longer than that, see seen_wanted() */
	DEPTH_MAX = 16,  /* scripts in scripts */
	ANSWER_MS = 300, /* an answer is awaited before the prompt returns */
	UNANSWERED = -1, /* of struct seen.ms */
};

struct repl_args {
	struct target target;
	bool no_bind;
	bool dry;
	bool keep_going;
	const char *script;
};

/*
 * A PDU that passed, or octets that are none: then whole is false, and id and
 * seq are 0. A request asks until it is answered or its time is over; asked is
 * the number of what a response answers, or 0. line is what sent it, NULL for
 * what came or was sent by itself; ms is how long the answer took. quiet: of
 * the keep-alive, not shown. found: by \wait. line and wire are ours.
 */
struct seen {
	uint64_t number; /* from 1 */
	unsigned session;
	enum smpp_dir dir;
	int64_t time_us;
	uint64_t ns;
	bool whole, asks, late, quiet, found;
	uint32_t id, seq;
	double ms;
	uint64_t answer; /* the number of what answered it, or 0 */
	uint64_t asked;
	char *line;
	uint8_t *wire;
	uint32_t n;
};

/* What \set knows. */
struct settings {
	bool auto_enquire, auto_deliver, auto_unbind;
	bool expanded, timing;
};

/* Where lines come from; see scripts.c. */
struct script;

/*
 * c is the command's, with memory that lives as long as it; lc is that of the
 * line being run.
 *
 * up: there is a connection, bound if it was to be, of which the lines know;
 * listens: somebody is waited for. dialling until it is known whether there
 * will be one, failed is the exit class then, refusal the command that a bind
 * was refused by. binds: dialled to be bound.
 *
 * seen are the latest entries by their numbers, kept those that have left them
 * and are wanted yet. last is the number of what the last line sent, answer
 * that of the PDU that \expect and \let are about, 0 while none has come. rc is
 * what the end of a connection adds to the exit status.
 */
struct repl {
	struct ctx *c, *lc;
	struct repl_args a;
	struct target target;
	struct secret password;
	struct smpp_engine engine;
	struct smpp_watch signals;
	struct smpp_link link;
	struct smpp_listener listener;
	struct smpp_dial_conf dial;
	struct smpp_tls_client *tls;
	struct linktap tap;
	bool up, listens, dialling, binds;
	int failed;
	uint32_t refusal;
	bool interactive, quit, was_lost;
	int64_t deadline; /* the end of -t */
	struct settings set;

	struct seen seen[SEEN_MAX], kept[KEPT];
	uint64_t nseen;
	unsigned session; /* number of the connection */
	uint64_t last, answer;
	uint32_t next_seq;
	int64_t active; /* when a PDU passed last, in ms */
	uint64_t heard; /* when one came last, in ns */

	const char *line; /* being run, as typed */
	unsigned depth;   /* of lines that run lines */
	struct script *source;
	int rc;
	struct vars vars;
	int record_fd;
	uint64_t recorded; /* the last line in the record sent this, or 0 */
};

/* --- repl.c --- */

/* Prints "== ..." on stderr, above the line being typed; not with -q. */
void repl_say(struct repl *r, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Says what is wrong with a line. Returns SMPP_EXIT_NO. */
int repl_bad(struct repl *r, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The version that is spoken, or would be. */
enum smpp_ver repl_version(const struct repl *r);

/* Whether a signal or -t asks to stop what is being done. */
bool repl_stopped(const struct repl *r);

/* What does not fit elsewhere: a word nobody knows, and what may be meant. */
int repl_unknown(struct repl *r, const char *word);

/* Runs one line. Returns 0, or an exit class after it said what is wrong. */
int repl_line(struct repl *r, const char *text);

/* --- wire.c: the connection --- */

/* Whether there is a connection. */
bool wire_open(const struct repl *r);

/* "BOUND_TRX", "CLOSED" and so on. */
const char *wire_state(const struct repl *r);

/* Makes the engine, signals having been caught, and ends it. */
void wire_init(struct repl *r);
void wire_fini(struct repl *r);

/* Connects as r->target says; binds unless told not to. Returns 0, or an exit
 * class after it said what is wrong. */
int wire_connect(struct repl *r, bool bind);

/* Waits for one connection. Returns 0 or an exit class. */
int wire_listen(struct repl *r, const char *addr);

/* Ends the connection, and the listening: politely, or by a reset. */
void wire_close(struct repl *r);
void wire_reset(struct repl *r);

/* The connection has ended for a reason that nobody here asked for. */
void wire_lost(struct repl *r, const char *why);

/* Has what passes be captured in a file from now on; NULL ends that. Returns
 * 0, or SMPP_EXIT_LOCAL after it said what is wrong. */
int wire_trace(struct repl *r, const char *file);

/* Logs out, if logged in, and ends the connection. */
void wire_quit(struct repl *r);

/* Says that there is no connection, when so. */
int wire_required(struct repl *r);

/*
 * One round: waits until something happens, or until. What arrives is shown,
 * remembered, and answered as far as that is automatic. Returns whether fd, -1
 * for none, can be read.
 */
bool wire_turn(struct repl *r, int64_t until, int fd);

/* --- passing.c: what passes on it --- */

/*
 * Puts octets on the connection, remembers and shows them; each PDU in them by
 * itself. line, copied, is what was typed, or NULL; note follows what is shown
 * of the last of them. Returns the number of that one.
 */
uint64_t wire_put(struct repl *r, struct smpp_view octets, const char *line,
    const char *note, bool quiet);

/* The same in three: note remembers and shows, write puts, and noted has the
 * session hear of an entry that was put. */
uint64_t wire_note(struct repl *r, struct smpp_view octets, const char *line,
    const char *note);
void wire_write(struct repl *r, struct smpp_view octets);
void wire_noted(struct repl *r, uint64_t number);

/* Sends the PDU of a header alone. Returns as wire_put. */
uint64_t wire_put_header(
    struct repl *r, uint32_t id, uint32_t status, uint32_t seq, bool quiet);

/* What the engine tells: a PDU has come, an answer has not. */
void wire_arrived(
    struct repl *r, const struct smpp_pdu *pdu, const struct smpp_event *ev);
void wire_late(struct repl *r, const struct smpp_request *request);

/* --- seen.c: what passed --- */

/* Remembers octets. Returns the entry, which stays there for SEEN_MAX more. */
struct seen *seen_add(
    struct repl *r, enum smpp_dir dir, struct smpp_view octets);

/* The entry of a number; NULL when it is forgotten, or number is 0. */
struct seen *seen_get(struct repl *r, uint64_t number);

/* The request of the peer that a response of ours answers, or NULL: the newest
 * one with its sequence_number, of its command, without an answer. */
struct seen *seen_asked(struct repl *r, const struct seen *response);

/* The newest request of the peer that is not answered; id 0 is any. */
struct seen *seen_unanswered(struct repl *r, uint32_t id);

/* Takes an entry apart. */
void seen_decode(const struct repl *r, const struct seen *s,
    struct smpp_pdu *pdu, struct smpp_issues *issues);

void seen_free(struct repl *r);

/* --- print.c --- */

/* Shows an entry as a line or record, or with its fields; note may be NULL. */
void print_seen(struct repl *r, const struct seen *s, const char *note);
void echo_fields(struct repl *r, const struct seen *s);

/* Takes an entry apart, to be judged. */
void echo_subject(
    struct repl *r, const struct seen *s, struct subject *subject);

/* --- send.c: lines that are PDUs --- */

/* Each sends what the line at hand says, and waits for the answer: a script
 * until it comes, the prompt a moment. Return 0 or an exit class. */
int send_pdu(struct repl *r, const struct smpp_pdu_row *row, char *words);
int send_json(struct repl *r, const char *text);
int send_raw(struct repl *r, char *hex);
int send_drip(struct repl *r, char *hex, int64_t ms);
int utter_bind(struct repl *r, unsigned mode);

/* Waits for the answer to what the last line sent, and says so when it does
 * not come. Sets r->answer. */
int send_wait(struct repl *r);

/* --- meta.c: lines that begin with a backslash --- */

/* What is wrong with the words of a command. */
int meta_missing(struct repl *r, const char *what);

/* Takes the one word that a command wants; NULL when there is none. Returns 0,
 * or SMPP_EXIT_NO after it said that there are more. */
int meta_word(struct repl *r, char *rest, char **word);

/* A time, as in 5s. Returns 0, or SMPP_EXIT_NO when it is none. */
int meta_duration(struct repl *r, const char *word, int64_t *ms);

/* Lets time pass. Returns false when it was cut short. */
bool meta_pass(struct repl *r, int64_t ms);

/* Runs a line whose first character is a backslash. Sets *keep when \record
 * writes such lines. */
int meta_run(struct repl *r, bool *keep);

/* Explains a name, or with NULL lists what there is. */
int meta_help(struct repl *r, const char *name);

/* What may stand where a line ends at the prompt. */
struct tab {
	struct ask q;
	struct repl *r;
};

/*
 * One row of the table of commands. offer offers its words, see tab.c. keep:
 * \record writes it. whole: variables in its words are left alone.
 */
struct meta {
	const char *name;
	const char *args;
	const char *brief;
	void (*offer)(struct tab *t);
	bool keep;
	int (*run)(struct repl *r, char *rest);
	bool whole;
};

/* The row n, NULL behind the last one; the row of a name, or NULL. */
const struct meta *meta_row(size_t n);
const struct meta *meta_find(const char *name);

/* Calls fn for every setting. */
void meta_settings(ask_fn fn, void *arg);

/* --- judge.c --- */

int judge_wait(struct repl *r, char *rest);
int judge_expect(struct repl *r, char *rest);
int judge_let(struct repl *r, char *rest);
int judge_show(struct repl *r, char *rest);

/* Sets a variable. Returns 0, or SMPP_EXIT_NO after it said what is wrong. */
int repl_set(struct repl *r, const char *name, const char *value);

/* A line with its variables replaced, in memory of lc; NULL after an error. */
char *repl_expand(struct repl *r, const char *text);

/* --- scripts.c --- */

/* Runs the lines of a file, - for standard input, up to the first that fails,
 * or all with --keep-going. Returns 0 or an exit class. */
int scripts_run(struct repl *r, const char *name);

/* Begins, or with NULL ends, writing a script. */
int scripts_record(struct repl *r, const char *file);

/* Writes a line that was run into the script, and what \expect would say. */
void scripts_keep(struct repl *r, const char *line);

/* --- term.c: the terminal --- */

/* Makes the terminal ready, then reads lines from it and runs them until the
 * end. Returns 0. */
void term_open(struct repl *r);
int term_run(struct repl *r);

/* Does what signals that came ask of the terminal. */
void term_signals(void);

/* Takes the line being typed off the screen, so that something can be printed;
 * it comes back by itself. */
void term_hide(void);

/* Gives the terminal to a program for a while, as that would find it in a
 * shell, and takes it back. */
void term_lend(const struct repl *r);
void term_back(const struct repl *r);

/* --- history.c --- */

/* Reads what earlier sessions left, from a file for nobody else's eyes; drops
 * it again; adds a line, without its passwords. */
void history_open(struct ctx *c);
void history_close(void);
void history_keep(struct repl *r, const char *line);

/* --- tab.c --- */

/* What the words of a command may be. */
void tab_none(struct tab *t);
void tab_file(struct tab *t);
void tab_target(struct tab *t);
void tab_mode(struct tab *t);
void tab_setting(struct tab *t);
void tab_name(struct tab *t); /* what help explains */
void tab_expr(struct tab *t);
void tab_wait(struct tab *t);
void tab_let(struct tab *t);
void tab_repeat(struct tab *t);
void tab_line(struct tab *t); /* a line from its first word on */

/*
 * Calls fn for everything that may stand at the end of a line of n characters.
 * Sets *start to where the word begins that the candidates replace, and *hint,
 * in memory of c, to what is known about it. Returns false when it is the name
 * of a file.
 */
bool complete_line(struct repl *r, struct ctx *c, const char *text, size_t n,
    ask_fn fn, void *arg, size_t *start, const char **hint);

#endif
