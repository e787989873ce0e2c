/*
 * What puts the load on: one thread that sends over all sessions by a
 * schedule, takes the answers and measures. Whoever started it looks on, and
 * shows what there is, without holding it up.
 */
#ifndef SMPP_LOAD_PUMP_H
#define SMPP_LOAD_PUMP_H

#include <pthread.h>

#include "net/engine.h"
#include "parcel.h"
#include "pace.h"
#include "receipts.h"
#include "tally.h"
#include "target/dialconf.h"
#include "target/linktap.h"

/*
 * What is asked for. Without max the rate goes from a to b within ramp
 * seconds. duration_ms and count end the run, 0 does not. quiet says that
 * nothing is sent: the SMSC does. wait_ms is how long receipts are waited for,
 * below 0 not at all.
 */
struct plan {
	uint32_t sessions, window;
	bool max, quiet;
	double a, b, ramp;
	int64_t duration_ms;
	uint64_t count;
	int64_t wait_ms;
};

enum { LANE_WHY = 200 }; /* characters of why a session was lost */

/* A message on its way: when it was due, when it was sent, and its handle among
 * those whose receipts are awaited. */
struct flight {
	uint64_t due, sent;
	uint32_t receipt;
};

/*
 * One session. flight has a place for each request of the window, spare are
 * the nspare free ones; life is how often it was bound, taken how many PDUs
 * the last read brought so far, which was at the time read. A lane that was
 * lost is not live any more, and why says what happened, until somebody sets
 * lost to false; one that is back says so the same way. refused is the
 * command_id and status of the answer that refused its bind.
 */
struct lane {
	struct smpp_link link;
	struct linktap tap;
	struct pump *pump;
	struct flight *flight;
	uint32_t *spare, nspare;
	uint32_t life, taken;
	uint64_t read;
	bool live, queued;
	bool lost, back;
	uint32_t refused[2];
	char why[LANE_WHY];
};

enum phase { OPENING, SENDING, DRAINING, LEAVING, OVER };

/*
 * All is guarded by lock from pump_start() to pump_join(). tally is where
 * things are counted: who looks on exchanges it for an empty one. stop asks to
 * end: 1 in order, 2 at once. The times are of smpp_clock_ns().
 */
struct pump {
	pthread_t thread;
	pthread_mutex_t lock;
	struct smpp_engine engine;
	struct smpp_dial_conf dial;
	struct smpp_tls_client *tls;
	struct ctx *c;
	struct target *t;
	int wake;   /* becomes readable when stop or pace changed */
	int notice; /* when a lane is lost or back, and at the end */
	struct smpp_watch waker;
	struct plan plan;
	struct message *message;
	struct receipts receipts;
	struct lane *lane;
	struct lane **ring; /* lanes with room, the first at ring_at */
	uint32_t ring_at, ring_n;
	struct tally *tally;
	struct pace pace;
	enum phase phase;
	int stop;
	bool blocked;  /* a message is due, and no window has room */
	uint64_t next; /* number of the next message */
	uint64_t t0, end, limit, tick;
	uint64_t ended;    /* when sending was over, 0 is not yet */
	uint64_t answered; /* when the last answer came */
	uint64_t open;     /* requests not answered */
	uint32_t live;     /* lanes that are */
	uint64_t cpu_ns;   /* of the thread, at its end */
	int64_t response_ms;
	int64_t deadline; /* for all to be bound: the end of -t */
	int failed;    /* an exit class: one could not be, or nothing works */
	bool deserted; /* no lane was left before it was over */
	int exit;      /* an exit class, and why, for a bad message */
	struct smpp_err err;
};

/*
 * Makes a pump for a plan, with sessions for t. Returns 0, or an exit class
 * after it said what is wrong; fini may follow either.
 */
int pump_init(struct pump *p, struct ctx *c, struct target *t,
    const struct plan *plan, struct message *message, struct tally *tally);
void pump_fini(struct pump *p);

/*
 * Opens and binds all sessions, at the same time. Returns 0, or an exit class
 * after it said what is wrong with the first that could not be bound; then the
 * others have logged out again.
 */
int pump_open(struct pump *p);

/* Starts to send now. Returns 0, or -1 when there is no thread to be had. */
int pump_start(struct pump *p);

/* Has it look at what was changed. */
void pump_wake(struct pump *p);

/* Forgets that notice was readable. */
void pump_seen(struct pump *p);

/* Waits until it is over. */
void pump_join(struct pump *p);

/* --- lane.c: one session, for pump.c --- */

/* Begins to connect and bind. */
void lane_open(struct lane *lane, struct pump *p);

/* The end of -t has come: says so of one that is not bound. */
void lane_expire(struct lane *lane);

/* Sends the next message, due at that time. Returns whether it was. */
bool lane_send(struct lane *lane, uint64_t due, uint64_t now);

/* Takes up the receipts that could not be told at once, as far as they can be
 * now; at the end, all that are left. */
void lane_receipts(struct pump *p, uint64_t now);
void lane_receipts_left(struct pump *p);

/* Puts a lane into the line of those with room. */
void pump_queue(struct pump *p, struct lane *lane);

/* Sends what is due now. */
void pump_send(struct pump *p);

/* Tells who looks on. */
void pump_notify(struct pump *p);

#endif
