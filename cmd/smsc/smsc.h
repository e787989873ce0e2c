/* What the parts of the simulated SMSC share. */
#ifndef SMPP_SMSC_SMSC_H
#define SMPP_SMSC_SMSC_H

#include "../cmd.h"
#include "net/conn.h"
#include "net/loop.h"

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
};

/* One connection. in and out are what the loop watches it for. */
struct peer {
	struct peer *next;
	struct smpp_conn conn;
	uint32_t number;
	struct account *account; /* once bound */
	bool in, out;
	bool closing; /* reads nothing more, goes at close_at */
	bool gone;    /* to be freed */
	bool touched; /* is in the list of those to be written to */
	struct peer *next_touched;
	int64_t close_at;
	struct smsc *mc;
};

struct smsc_stats {
	uint32_t sessions, submits, refused, receipts, dropped;
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
	int64_t due; /* the next timer of all, or earlier */
	struct smsc_stats stats;

	/* What --receipt says; stat is empty for none. */
	char stat[16];
	uint8_t state;
	int64_t delay_ms;
};

/* Notes that a timer runs out at this time. */
static inline void
smsc_due(struct smsc *mc, int64_t when)
{
	if (when < mc->due)
		mc->due = when;
}

/* --- peer.c: sessions --- */

/* Takes a connection on; the descriptor is its from here on. */
void peer_open(struct smsc *mc, int fd, const char name[SMPP_PEER_MAX]);

/* Reads what came and answers; nothing is written yet. */
void peer_read(struct peer *p);

/* Does what is due by now, and says when it wants to be called again. */
void peer_tick(struct peer *p, int64_t now);

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
