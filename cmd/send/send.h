/* What the parts of smpp send share. */
#ifndef SMPP_SEND_SEND_H
#define SMPP_SEND_SEND_H

#include "../link.h"
#include "msg/dlr.h"

enum {
	WINDOW = 10,
	WIRE_MAX = 512,   /* of a submit_sm of one part, TLVs aside */
	STORE_MAX = 4096, /* octets that options set */
	EARLY_MAX = 16,   /* receipts that came before their response */
};

struct send_args {
	struct target target;
	struct opt_list dest;
	const char *source;
	const char *text;
	const char *file;
	const char *hex;
	struct opt_list fields;
	bool receipt;
	bool dry;
	int64_t wait_ms; /* -1: not asked to wait */
};

/* What became of a message. */
enum fate {
	MSG_UNSENT,
	MSG_SENT,
	MSG_ACCEPTED,
	MSG_REFUSED,
	MSG_UNKNOWN,
	MSG_DELIVERED,
	MSG_UNDELIVERED,
};

/*
 * One message to one destination. dest is the address as it is sent, id what
 * the SMSC calls the message. The two times are of smpp_clock_ns().
 */
struct msg {
	const char *word; /* as given with -d */
	const char *dest;
	enum fate fate;
	bool waits; /* for its receipt */
	char id[65];
	uint32_t status;
	uint64_t sent_ns, answered_ns;
};

/* A receipt nobody knows yet: the whole PDU, kept until it is matched. */
struct early {
	uint8_t *wire;
	uint32_t n;
};

/* The octets of the message, the same for every destination. */
struct content {
	struct view octets;
	uint8_t data_coding;
	const char *alphabet;
};

struct send {
	struct ctx *c;
	struct send_args a;
	struct link link;
	struct content content;
	struct msg *msg;
	size_t n, next; /* messages, and the first that is not sent */
	size_t open;    /* that wait for a response */
	size_t waiting; /* that wait for a receipt */
	struct early early[EARLY_MAX];
	size_t nearly;
	bool ending; /* nothing more is sent */
	int exit;
	uint8_t store[STORE_MAX];
};

/* --- content.c: what is sent --- */

/* Reads and encodes the text or the octets. Returns 0 or an exit class. */
int content_make(struct send *s);

/*
 * Builds the submit_sm of a message into *pdu, which borrows from *s. Returns
 * 0, or an exit class after it said what is wrong.
 */
int submit_build(struct send *s, struct msg *m, struct smpp_pdu *pdu);

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

void report_accepted(struct send *s, const struct msg *m);
void report_refused(struct send *s, const struct msg *m);
void report_unknown(struct send *s, const struct msg *m, const char *why);
void report_unsent(struct send *s, const struct msg *m);
void report_receipt(struct send *s, const struct msg *m,
    const struct smpp_receipt *r, enum smpp_id_match match);
void report_dry(struct send *s, struct smpp_pdu *pdu);

#endif
