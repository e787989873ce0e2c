/* What the parts of smpp listen share. */
#ifndef SMPP_LISTEN_LISTEN_H
#define SMPP_LISTEN_LISTEN_H

#include "kit/hook.h"
#include "target/link.h"
#include "words/where.h"
#include "msg/join.h"
#include "text/receipt.h"

enum {
	BACKLOG_MAX = 1000,        /* PDUs that wait for a command to end */
	BACKLOG_OCTETS = 8 << 20,  /* and their octets */
	HELD_MAX = 1000,           /* parts that wait for the others */
	HOLD_MS = 1000,            /* so long, then they are answered */
	JOIN_MS = 60000,           /* parts are missing after that */
	JOIN_OCTETS = 16 << 20,    /* kept of messages that lack some */
	JOINED_MAX = 255 * 140,    /* octets of a whole message */
	TEXT_MAX = 4 * JOINED_MAX, /* and of its text */
};

enum { OUT_HIGH = 256 * 1024 }; /* octets of answers nobody takes */

enum listen_only { ONLY_ALL, ONLY_MESSAGES, ONLY_RECEIPTS };

struct listen_args {
	struct target target;
	uint32_t count;
	int64_t wait_ms; /* 0: no end */
	unsigned only;
	const char *where;
	const char *exec;
	int64_t exec_ms;
	const char *ack;
	bool join;
	bool reconnect;
	bool outbind;
	const char *address; /* of --listen */
	const char *outbind_id;
	const char *outbind_password;
	uint32_t ready_fd; /* 0: none */
	bool dry;
};

/* A request of the peer that is to be answered. */
struct due {
	uint32_t command_id, sequence_number;
};

/* A part that is not answered before the others came, or since + HOLD_MS. */
struct held {
	struct due due;
	int64_t since;
	uint64_t key;
};

/* A PDU that came while a command ran: n octets at wire. */
struct waiting {
	struct waiting *next;
	int64_t time_us;
	uint32_t n;
	uint8_t wire[];
};

/*
 * Something to be shown: a PDU with what is wrong with it, or joined, and then
 * pdu holds addresses and the text alone. bad: it could not be decoded.
 * has_receipt: it is one; vague: which says nothing.
 */
struct record {
	const struct smpp_pdu *pdu;
	struct smpp_issues *issues;
	const struct smpp_joined *joined;
	struct smpp_view text; /* of joined, UTF-8 */
	int64_t time_us;
	enum smpp_alphabet mc_default;
	bool bad, has_receipt, vague;
	struct smpp_receipt receipt;
};

struct listen_stats {
	uint32_t records, left_out, refused;
};

struct listen {
	struct ctx *c;
	struct listen_args a;
	struct link link;
	bool linked;
	struct secret password; /* for the next connection */

	/* --outbind: where it is waited for, who came, his descriptor or -1,
	 * and what the password of the outbind must be. */
	struct smpp_listener listener;
	char peer[SMPP_PEER_MAX];
	int came;
	struct secret wanted;

	struct expr *where;
	struct smpp_join *join;

	/* --ack: whether to answer, and with what. */
	bool answers;
	uint32_t status;

	/* What is answered when the record at hand is done. */
	struct due due[HELD_MAX + 1];
	size_t ndue;

	struct held held[HELD_MAX];
	size_t nheld;

	struct hook hook;
	struct waiting *first, **last;
	size_t nwaiting, octets;
	char *json; /* the record the command gets */
	size_t njson;

	struct listen_stats stats;
	bool ending;      /* take nothing new */
	bool output_lost; /* acknowledge nothing more */
	int64_t stop_at;  /* -W and -t */
	int64_t grace;    /* a command that runs then is killed */
	int64_t pause_ms; /* before the last attempt to connect, 0 is none */
	int exit;         /* of a wait that failed, else 0 */
};

/* --- take.c: what becomes of a PDU --- */

/* Takes up a request or notification that link_next() found. */
void take_event(struct listen *l);

/* Does what is to be done by now: commands that ended, PDUs that waited for
 * that, parts that waited long enough. */
void take_due(struct listen *l);

/* When take_due() next has something to do. */
int64_t take_when(const struct listen *l);

/*
 * Takes one message that lacks parts, as the end is near. Returns false when
 * there is none.
 */
bool take_leftover(struct listen *l);

/* The connection is gone: nothing can be answered any more. */
void take_lost(struct listen *l);

/* Says that nothing new is to be taken, and until when a command may run. */
void take_end(struct listen *l, int64_t grace);

/* Frees what is left. */
void take_free(struct listen *l);

/* --- outbind.c: an SMSC that connects to us --- */

/* Checks the options of --outbind; listens, and says so. Return 0 or an exit
 * class. */
int outbind_check(struct listen *l);
int outbind_open(struct listen *l);

/* Waits for the outbind on it and binds back. Returns as link_open(). */
int outbind_link(struct listen *l, int fd);

/* --- record.c: what is seen --- */

/* Whether a PDU is a message or receipt, and which. Completes the record. */
void record_look(struct record *r);

/* Whether what is taken for a receipt has a text that is none. */
bool record_has_text(const struct record *r);

/* Prints a record. Returns 0, or -1 when the output is lost. */
int record_print(struct listen *l, const struct record *r);

/* Writes its JSON object. */
void record_json(
    struct listen *l, struct smpp_jsonw *j, const struct record *r);

#endif
