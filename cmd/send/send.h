/* What the parts of smpp send share. */
#ifndef SMPP_SEND_SEND_H
#define SMPP_SEND_SEND_H

#include "target/link.h"
#include "journal/journal.h"
#include "msg/dlr.h"
#include "msg/idmatch.h"
#include "msg/split.h"
#include "tempo.h"
#include "source.h"

enum { STORE_MAX = 4096 }; /* octets that options set */

/* What --waiting, --id-match and --on-unknown take. */
extern const char *const send_waiting[];
enum on_unknown { UNKNOWN_RESEND, UNKNOWN_SKIP, UNKNOWN_ASK };

struct send_args {
	struct target target;
	struct opt_list dest;
	const char *source;
	const char *text;
	const char *file;
	bool lines;
	const char *hex;
	const char *batch;
	const char *sheet;
	const char *map;
	const char *template;
	const char *encoding;
	const char *split;
	const char *national;
	uint32_t part_size;
	bool replace;
	bool flash;
	unsigned waiting; /* of send_waiting, 0 for none */
	struct opt_list fields;
	bool receipt;
	bool dry;
	int64_t wait_ms; /* -1: not asked to wait */
	uint32_t copies;
	double rate; /* 0: no limit */
	uint32_t window;
	uint32_t retries;
	unsigned id_match;
	const char *journal;
	unsigned on_unknown;
};

/* What became of a part, from good to bad; that of a message is the worst of
 * its parts. */
enum send_fate {
	MSG_DELIVERED,
	MSG_ACCEPTED,
	MSG_UNDELIVERED,
	MSG_UNSENT,
	MSG_REFUSED,
	MSG_UNKNOWN,
	MSG_SENT, /* not known yet */
};

/*
 * One submit_sm, its n octets at m->wire + at. It is in the list that its fate
 * says: pending, leaving, open, waiting, or none. id_at is where in m->wire
 * the name stands that the SMSC gives it, 0 for none yet; h is its handle in
 * the book of receipts, if booked; again that it may go twice. The times are
 * of smpp_clock_ns() and, due, of smpp_clock_ms().
 */
struct part {
	struct part *prev, *next;
	struct msg *m;
	enum send_fate fate;
	uint32_t at, n;
	uint32_t id_at;
	uint32_t h;
	uint32_t status;
	uint32_t tries;
	bool again;
	bool waits;
	bool booked;
	uint64_t sent_ns, answered_ns;
	int64_t due;
};

struct list {
	struct part *first, *last;
	size_t n;
};

/*
 * One message to one destination, which is the address as it is sent. It owns
 * its PDUs and is used again when it is over. line is where it came from, 0
 * for the command line; number and index are those of the journal. unanswered
 * and waiting count its parts whose response and whose receipt is not dealt
 * with, untold those whose receipt is not reported. The flags say that its
 * first and its second record were printed.
 */
struct msg {
	struct msg *prev, *next, *chain;
	uint64_t number;
	uint32_t line, index;
	uint32_t parts, unanswered, waiting, untold;
	struct part *part;
	size_t part_cap;
	struct note *bad; /* the receipt that decided it, while others come */
	uint8_t *wire;
	size_t wire_n, wire_cap;
	char dest[24];
	uint8_t data_coding;
	uint8_t alphabet;
	bool reported, finished;
};

/*
 * A receipt, n octets at wire, and the part it is about, NULL for none. It is
 * in the list held until due, when it is refused for a time; in taken, until it
 * is reported and answered; or, refused, known to the book of receipts alone.
 * again are others that say the same and are answered with it. late says that
 * its part was given up before, keep that it stays when it is answered.
 */
struct note {
	struct note *prev, *next, *again;
	struct part *part;
	int64_t due;
	enum smpp_id_match match;
	uint32_t command_id, sequence_number;
	int8_t state, final;
	bool answered, late, not_swapped, keep;
	uint32_t n;
	uint8_t wire[];
};

struct notes {
	struct note *first, *last;
	size_t n;
};

/* A block that grows; what it held is lost then. */
struct room {
	uint8_t *p;
	size_t cap;
};

/* How texts are encoded: what the options say, the same for all. fixed is the
 * alphabet that -e names, or -1. */
struct text_how {
	struct smpp_split_how how;
	int fixed;
	int tables;
};

/* One text, encoded and cut; borrows from the rooms of struct send. */
struct content {
	struct smpp_split split;
	struct smpp_part part[SMPP_PARTS_MAX];
	int parts;
	uint8_t data_coding;
	uint8_t alphabet;
};

/* How many messages came to what. accepted ones are further delivered and so
 * on; bad counts lines of the input that are no messages. */
struct send_tally {
	uint64_t read, settled, parts;
	uint64_t accepted, refused, unknown, unsent;
	uint64_t delivered, undelivered, no_receipt;
	uint64_t bad, throttled, again;
};

struct send {
	struct ctx *c;
	struct send_args a;
	struct link link;
	struct source src;
	struct smpp_pdu base; /* what options set */
	struct text_how text_how;
	struct content content;
	struct room replaced, encoded;
	struct list pending; /* read, not sent; in order */
	struct list leaving; /* to be sent at the end of this turn */
	struct list open;    /* waiting for a response, in order */
	struct list waiting; /* for a receipt, in order of due */
	struct msg *free;
	struct msg *settled, **settled_end; /* to be reported */
	struct smpp_idmatch *book;          /* with -W */
	struct notes held, taken;
	uint64_t unsure;  /* receipts that were about one of several parts */
	bool not_swapped; /* it was said that the SMSC sends some so */
	bool long_id;     /* that its ids are too long */
	bool shared_id;   /* and that it gave one twice */
	uint64_t sent;    /* parts, ever */
	struct tempo tempo;
	struct journal journal;
	struct send_tally tally;
	struct smpp_watch input;
	bool watching; /* the input wakes us */
	bool ending;   /* nothing more is sent */
	bool broken;   /* a local failure: nothing more is done */
	int64_t stop_at;
	uint64_t began_ns;
	struct progress {
		bool on, on_stdout, shown;
		int64_t next;
	} progress;
	int exit;
	uint8_t store[STORE_MAX];
};

/* Notes that the command will end with exit or worse. Returns exit. */
int send_exit(struct send *s, int exit);

/*
 * Says what is wrong with what is read, with the line of the input when there
 * is one: then it is that line that is bad, whatever exit says. Returns the
 * exit class.
 */
int send_error(struct send *s, int exit, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* --- run.c: the session --- */

/* Sends, waits and reports until everything is known or lost. */
void run_session(struct send *s);

/* Reads, and prints what would be sent. */
int run_dry(struct send *s);

/* --- content.c: what is sent --- */

/* Makes s->text_how. Returns 0 or an exit class. */
int content_options(struct send *s);

/* Reads what -m, -f or -x say, the text of every message that has none; *text
 * is empty with a NULL when they say nothing. Returns 0 or an exit class. */
int content_default(struct send *s, struct smpp_view *text);

/*
 * Encodes and cuts a text, or octets, into s->content. data_coding is what the
 * message must have, or -1. Returns 0 or an exit class.
 */
int content_make(
    struct send *s, struct smpp_view text, bool octets, int data_coding);

/* --- submit.c: the PDUs --- */

/* Sets s->base from the options. Returns 0 or an exit class. */
int submit_options(struct send *s);

/*
 * Sets one field of a PDU from name=value as options have it; times as people
 * write them. Returns 0, or err is set.
 */
int submit_assign(struct smpp_pdu *pdu, struct smpp_view pair,
    struct smpp_wr *store, struct smpp_err *err);

/* The same of the times that are set already, as people write them. */
int submit_times(
    struct smpp_pdu *pdu, struct smpp_wr *store, struct smpp_err *err);

/*
 * Makes the PDUs of a message to one address, a NULL one being that of the
 * draft. Returns 0, or an exit class after it said what is wrong.
 */
int submit_make(struct send *s, struct msg *m, const struct draft *d,
    struct smpp_view dest);

/* --- msg.c: messages and lists --- */

/* A message with no parts. msg_parts() makes room for n, unsent. */
struct msg *msg_new(struct send *s);
void msg_parts(struct msg *m, uint32_t n);

/* Takes a message back. */
void msg_free(struct send *s, struct msg *m);

/* Room for n more octets at the end of m->wire. */
uint8_t *msg_room(struct msg *m, size_t n);

/* The worst of the parts of a message. */
enum send_fate msg_fate(const struct msg *m);

/* Room for the name of a part, of n characters; a NUL stands behind it. The
 * name, "" before it is known, is borrowed until the next one is put. */
char *part_name_room(struct part *p, size_t n);
const char *part_name(const struct part *p);

/* Forgets everything, at the end. */
void msg_fini(struct send *s);

void parts_add(struct list *l, struct part *p);
void parts_del(struct list *l, struct part *p);

/* Puts a part where it belongs by the numbers of the messages. */
void parts_insert(struct list *l, struct part *p);

void *room_for(struct room *r, size_t n);

/* --- track.c: what becomes of a part --- */

/* Takes up what link_next() found. */
void track_event(struct send *s);

/* Has a part that has its id wait for its receipt. */
void track_wait(struct send *s, struct part *p);

/* A part has its fate: once all of a message have, it is to be reported. */
void track_settle(struct send *s, struct part *p, enum send_fate fate);

/* Ends what waits for a response or receipt that will not come. why is said
 * for each message, NULL when it has been said. */
void track_lost(struct send *s, const char *why);

/* Ends what waited for its receipt until now. */
void track_overdue(struct send *s, int64_t now);

/* --- await.c: receipts --- */

/* Takes up a request of the SMSC. */
void receipt_take(struct send *s, const struct smpp_pdu *pdu);

/* With -W: a part goes out, whose submit_sm this is; it has got its id; no
 * receipt will be about it; nothing more is awaited about it, but a receipt
 * that is late. */
void receipt_sent(struct send *s, struct part *p, const struct smpp_pdu *pdu);
void receipt_known(struct send *s, struct part *p);
void receipt_gone(struct send *s, struct part *p);
void receipt_over(struct send *s, struct part *p);

/* All that of a part that a journal knows; over says that its receipt came. */
void receipt_resumed(struct send *s, struct part *p, bool over);

/* Refuses for now what could not be told until now; when it is next due. */
void receipt_stale(struct send *s, int64_t now);
int64_t receipt_due(const struct send *s);

/* The end: refuses what is left. */
void receipt_end(struct send *s);

/* Reports the receipts that were taken. receipt_answer() answers them. */
void receipt_report(struct send *s);
void receipt_answer(struct send *s);

/* Reads a note again; *r borrows from it. */
void receipt_read(
    const struct send *s, const struct note *n, struct smpp_receipt *r);

/* Lets go of a note that was kept. */
void receipt_release(struct note *n);

/* --- result.c: results --- */

/* The first record of a message: whether it was accepted. */
void report_answer(struct send *s, struct msg *m);

/* Counts it, without a word; the exit class its fate stands for. */
void report_count(struct send *s, const struct msg *m);
int report_exit(const struct msg *m);

/*
 * The receipt of a part, which is reported by itself if there are others; and,
 * once no receipt is awaited any more, the second record of the message. The
 * latter is to be called by itself when no receipt ended the wait.
 */
void report_receipt(struct send *s, struct part *p, struct note *n);
void report_over(struct send *s, struct msg *m, const struct note *n);

/* Says that the receipt of a part will not be known; and what it is if it comes
 * when its part, which was sent to dest, has been given up. */
void report_no_receipt(struct send *s, const struct part *p, const char *why);
void report_late(struct send *s, const struct note *n, struct smpp_view dest);

void report_dry(struct send *s, struct smpp_pdu *pdu);

/* --- progress.c: how it goes --- */

void progress_start(struct send *s);

/* Draws or wipes the line on the terminal; aside makes way for a record where
 * stdout is the terminal, too. due is when the line next changes. */
void progress_draw(struct send *s);
void progress_wipe(struct send *s);
void progress_aside(struct send *s);
int64_t progress_due(const struct send *s);

/* USR1, and the end of a batch. */
void progress_stats(struct send *s);
void progress_summary(struct send *s);

/* --- resume.c: what a journal says --- */

/* Opens --journal, and takes up what was left. Returns 0 or an exit class. */
int resume(struct send *s);

#endif
