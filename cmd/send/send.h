/* What the parts of smpp send share. */
#ifndef SMPP_SEND_SEND_H
#define SMPP_SEND_SEND_H

#include "../link.h"
#include "msg/dlr.h"
#include "msg/split.h"

enum {
	WINDOW = 10,
	STORE_MAX = 4096, /* octets that options set */
	EARLY_MAX = 16,   /* receipts that came before their response */
};

/* What --waiting takes. */
extern const char *const send_waiting[];

struct send_args {
	struct target target;
	struct opt_list dest;
	const char *source;
	const char *text;
	const char *file;
	const char *hex;
	const char *encoding;
	const char *split;
	const char *national;
	uint32_t part_size;
	bool replace;
	bool flash;
	unsigned waiting; /* of waiting_words, 0 for none */
	struct opt_list fields;
	bool receipt;
	bool dry;
	int64_t wait_ms; /* -1: not asked to wait */
};

/* What became of a part, from good to bad; that of a message is the worst of
 * its parts. */
enum fate {
	MSG_DELIVERED,
	MSG_ACCEPTED,
	MSG_UNDELIVERED,
	MSG_UNSENT,
	MSG_REFUSED,
	MSG_UNKNOWN,
	MSG_SENT, /* not known yet */
};

/* One submit_sm. id is what the SMSC calls it, waits says that its receipt is
 * awaited. The two times are of smpp_clock_ns(). */
struct part {
	enum fate fate;
	bool waits;
	char id[65];
	uint32_t status;
	uint64_t sent_ns, answered_ns;
};

/* One message to one destination; dest is the address as it is sent. The two
 * flags say that its first and its second record were printed. */
struct msg {
	const char *word; /* as given with -d */
	const char *dest;
	struct part *part;
	bool reported, finished;
};

/* A receipt nobody knows yet: the whole PDU, kept until it is matched. */
struct early {
	uint8_t *wire;
	uint32_t n;
};

/* What is sent, the same to every destination. */
struct content {
	struct smpp_split split;
	struct smpp_part *part;
	int parts;
	uint8_t data_coding;
	const char *alphabet;
};

struct send {
	struct ctx *c;
	struct send_args a;
	struct link link;
	struct content content;
	int data_coding; /* given as a field, or -1 */
	struct msg *msg;
	struct part *part; /* of all messages, one after the other */
	size_t n;          /* messages */
	size_t total;      /* parts */
	size_t next;       /* the first part that is not sent */
	size_t open;       /* parts that wait for a response */
	size_t waiting;    /* parts that wait for a receipt */
	struct early early[EARLY_MAX];
	size_t nearly;
	bool ending; /* nothing more is sent */
	int exit;
	uint8_t store[STORE_MAX];
};

/* --- content.c: what is sent --- */

/* Reads, encodes and cuts the text or data. Returns 0 or an exit class. */
int content_make(struct send *s);

/* --- submit.c: the PDUs --- */

/* Sets s->data_coding from the fields. Returns 0 or an exit class. */
int submit_coding(struct send *s);

/*
 * Builds the submit_sm of a part of a message into *pdu, which borrows from
 * *s. Returns 0, or an exit class after it said what is wrong.
 */
int submit_build(struct send *s, struct msg *m, int part, struct smpp_pdu *pdu);

/* --- track.c: what becomes of it --- */

/* Sends what the window takes. Returns 0 or an exit class. */
int track_send(struct send *s);

/* Takes up what link_next() found. */
void track_event(struct send *s);

/* Ends what waits for a response or receipt that will not come. why is said
 * for each message, NULL when it has been said. */
void track_lost(struct send *s, const char *why);

/* Ends what waits for a receipt: its time is over. */
void track_overdue(struct send *s);

/* --- report.c: results --- */

/* The worst of the parts of a message. */
enum fate report_fate(const struct send *s, const struct msg *m);

/* The first record of a message: whether it was accepted. */
void report_answer(struct send *s, struct msg *m);

/* The second: whether it was delivered; r is about its last part, or one that
 * was not delivered. */
void report_receipt(struct send *s, struct msg *m, const struct part *p,
    const struct smpp_receipt *r, enum smpp_id_match match);

/* Says that the receipt of a part will not be known. */
void report_no_receipt(
    struct send *s, const struct msg *m, const struct part *p, const char *why);

void report_dry(struct send *s, struct smpp_pdu *pdu);

#endif
