/* Where messages are kept: an interface, and memory as one way to do it. */
#ifndef SMPP_MC_KEEP_INT_H
#define SMPP_MC_KEEP_INT_H

#include "mc/mc.h"

enum {
	SMPP_MC_TEXT = 160, /* octets of a text that are kept */
	SMPP_MC_ADDR = 65,  /* an address and a NUL */
};

/* What a message is; cancel and query tell them apart. */
enum smpp_mc_kind { SMPP_MC_SHORT, SMPP_MC_BROADCAST };

/*
 * One message to one destination; those of a submit_multi have one serial.
 * submitted, starts (schedule or submitted), due and expires are on the clock
 * of smpp_mc_time(); due is when it reaches state, its last. step is what is to
 * be done for it next, see life.c; account is set as long as there is
 * something. What stands before the mark belongs to the keep.
 */
struct smpp_mc_message {
	struct smpp_mc_message *next;          /* in its bucket */
	struct smpp_mc_message *older, *newer; /* of those to be forgotten */
	struct smpp_timer timer;
	uint32_t serial;
	bool listed; /* may be forgotten */
	/* --- */
	uint8_t kind, step;
	uint8_t state, registered;
	bool dpf;         /* set_dpf was 1 */
	uint32_t session; /* number of the one it came from */
	struct smpp_mc_account *account;
	struct smpp_mc_delivery *loop; /* to be delivered when it starts */
	int64_t submitted, starts, due, expires;
	enum smpp_ver ver;
	char stat[16];
	char err[4];
	uint8_t source_ton, source_npi, dest_ton, dest_npi;
	uint8_t protocol, priority, coding;
	char service[7];
	char source[SMPP_MC_ADDR], dest[SMPP_MC_ADDR];
	bool has_reference;
	uint8_t reference[2]; /* user_message_reference */
	uint8_t *areas;       /* of a broadcast: TLVs, on the heap */
	uint32_t nareas;
	uint8_t content[3]; /* its broadcast_content_type */
	uint8_t ntext;
	uint8_t text[SMPP_MC_TEXT];
};

/*
 * put makes a message, all zero but its serial and the octets of its strings:
 * a new one for 0, or another destination of that serial. Sets *m, to NULL
 * when all that are kept have something to be done. Returns 0 or SMPP_ENOMEM.
 *
 * get finds the first message of a serial or, with after, the next one behind
 * that; NULL when there is none.
 *
 * change tells that a message was filled or changed, and when there is
 * something to be done for it (of smpp_mc_time()); SMPP_FOREVER is never, and
 * then it may be forgotten by a later put. Returns 0, or SMPP_ENOMEM, and then
 * there is nothing to be done.
 *
 * due takes a message for which something is to be done by now, the most
 * urgent first, and NULL when there is none: it is the caller's, who tells by
 * change how it goes on. next is the time of the next one.
 *
 * close frees the keep and its messages, what these own too.
 */
struct smpp_keep_ops {
	int (*put)(
	    struct smpp_keep *k, uint32_t serial, struct smpp_mc_message **m);
	struct smpp_mc_message *(*get)(const struct smpp_keep *k,
	    uint32_t serial, const struct smpp_mc_message *after);
	int (*change)(
	    struct smpp_keep *k, struct smpp_mc_message *m, int64_t at);
	struct smpp_mc_message *(*due)(struct smpp_keep *k, int64_t now);
	int64_t (*next)(const struct smpp_keep *k);
	void (*close)(struct smpp_keep *k);
};

/*
 * What all keeps have, at their beginning: how many messages there may be and
 * are, how many of them cannot be forgotten, and the newest serial. drop frees
 * what a message owns, before it is forgotten.
 */
struct smpp_keep {
	const struct smpp_keep_ops *ops;
	void (*drop)(struct smpp_mc_message *m);
	uint32_t max, count, busy;
	uint32_t newest;
};

/* Opens a keep in memory; NULL when there is none. */
struct smpp_keep *smpp_keep_memory(
    uint32_t max, void (*drop)(struct smpp_mc_message *m));

#endif
