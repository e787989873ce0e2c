/* What the parts of the simulated SMSC share. */
#ifndef SMPP_SMSC_SMSC_H
#define SMPP_SMSC_SMSC_H

#include "../cmd.h"
#include "act.h"
#include "base/rng.h"
#include "net/conn.h"
#include "net/loop.h"
#include "timer.h"

enum {
	OUT_HIGH = 256 * 1024, /* a peer that reads less is not read either */
	RECEIPT_WINDOW = 100,  /* receipts that wait for their response */
	RECEIPT_MAX = 100000,  /* receipts held for all accounts together */
	CLOSE_MS = 2000,       /* for a peer to close after unbind */
	ADDR_MAX = 66,         /* an address and a NUL */
};

struct smsc_args {
	const char *listen;
	const char *receipt;
	uint32_t ready_fd;
};

/* What becomes of a message: the final state, its word in the receipt and the
 * err there, and how long that takes. stat is empty for no receipt. */
struct fate {
	char stat[16];
	uint8_t state;
	char err[4];
	int64_t delay_ms;
};

/* One message that gets a receipt, at due. */
struct receipt {
	struct receipt *next;
	int64_t due;
	int64_t submitted; /* seconds since 1970 */
	uint32_t id;
	uint8_t source_ton, source_npi, dest_ton, dest_npi;
	char source[ADDR_MAX], dest[ADDR_MAX];
	char text[21];
};

/* Everything that shares a system_id: its sessions and waiting receipts. */
struct account {
	struct account *next;
	char system_id[17];
	unsigned sessions;
	struct receipt *first, **last;
	struct timer timer; /* of the first receipt */
	struct smsc *mc;
};

/*
 * One connection. in and out are what the loop watches it for. act is what the
 * rules have for the request that is being handled, waits what act.c holds
 * back for this peer.
 */
struct peer {
	struct peer *next, *prev;
	struct smpp_conn conn;
	uint32_t number;
	struct account *account; /* once bound */
	const struct act *act;
	struct act_wait *waits;
	bool in, out;
	bool deaf;    /* is not read any more */
	bool closing; /* goes when all is written, or at close_at */
	bool hang_up; /* closing, and not waiting for the peer to do it */
	bool gone;    /* to be freed */
	bool touched; /* is in the list of those to be written to */
	struct peer *next_touched;
	int64_t close_at;
	struct timer timer; /* the next thing that may be due */
	struct smsc *mc;
};

struct smsc_stats {
	uint32_t sessions, open, submits, refused, receipts, dropped;
};

struct smsc {
	struct ctx *c;
	struct smsc_args a;
	struct smpp_loop loop;
	int listen_fd;
	char name[SMPP_PEER_MAX];
	bool accepting;
	bool stopping;
	bool output_lost; /* stdout cannot be written any more */
	struct peer *peers, *touched;
	struct account *accounts;
	unsigned held; /* receipts in all accounts */
	uint32_t next_id;
	struct timers timers;
	struct rng rng;      /* of --seed; one draw changes all that follow */
	struct rules *rules; /* of rule.c */
	struct smsc_stats stats;
	struct fate fate; /* what --receipt says */
};

/* --- peer.c: sessions --- */

/* Takes a connection on; the descriptor is its from here on. */
void peer_open(struct smsc *mc, int fd, const char name[SMPP_PEER_MAX]);

/* Reads what came and answers; nothing is written yet. */
void peer_read(struct peer *p);

/* Sends the answer to a request, as the rules want it; see act.h. */
void peer_answer(
    struct peer *p, const struct smpp_pdu *request, struct smpp_pdu *response);

/* The same of an answer that is a header with a status; refusals are counted
 * and shown. */
void peer_refuse(
    struct peer *p, const struct smpp_pdu *request, uint32_t status);

/*
 * The ways around peer_answer(), for act.c; none writes at once. A response to
 * a bind moves the state of the session when it is sent, not before.
 *
 * send queues a PDU; a request gets its sequence number. wire does the same
 * with one in wire form, kept from peer_answer() for later. put queues octets
 * that the session does not hear of.
 */
void peer_send(struct peer *p, struct smpp_pdu *pdu, uint64_t tag);
void peer_wire(struct peer *p, struct view wire);
void peer_put(struct peer *p, struct view octets);

/*
 * Ends a connection: close does when what waits was written, reset at once and
 * with RST. why is shown. deafen stops reading, for good.
 */
void peer_close(struct peer *p, const char *why);
void peer_reset(struct peer *p, const char *why);
void peer_deafen(struct peer *p);

/* Sends unbind, if bound, and sees that the connection ends soon. */
void peer_stop(struct peer *p);

/* Closes the connection and frees the peer. */
void peer_free(struct peer *p);

/* Writes to all peers that have something to be written, and frees those that
 * are gone. */
void peers_flush(struct smsc *mc);

/* Has peers_flush() look at this peer. */
void peer_touch(struct peer *p);

/* --- receipt.c: accounts and receipts --- */

/* Sets what --receipt asks for. Returns 0, or an exit class after it said
 * what is wrong. */
int receipt_option(struct smsc *mc, const char *text);

/* The account of a system_id gets, or loses, a session. */
struct account *account_join(struct smsc *mc, struct view system_id);
void account_leave(struct smsc *mc, struct account *a);

/* Plans the receipt that a message asks for, if it does. */
void receipt_plan(
    struct smsc *mc, struct peer *p, const struct smpp_pdu *pdu, uint32_t id);

/* Sends the receipts of an account that are due, as far as its receivers can
 * take them. Says when the next one is. */
void receipts_send(struct smsc *mc, struct account *a, int64_t now);

/* --- print.c: what is seen --- */

/* One PDU as JSON: the trace of a connection. */
void print_json(void *arg, enum smpp_dir dir, struct view wire);

/* One line about a PDU of a peer for people; fmt says the rest of it. */
void print_line(struct peer *p, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* The line of a message: who, to whom, what. id is 0 for none. */
void print_message(struct peer *p, const struct smpp_pdu *pdu, uint32_t id);

/* The counts, on stderr. */
void print_stats(struct smsc *mc);

#endif
