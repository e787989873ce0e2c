/*
 * What puts the load on: one thread that sends over all sessions by a
 * schedule, takes the answers and measures. Whoever started it looks on, and
 * shows what there is, without holding it up.
 */
#ifndef SMPP_LOAD_ENGINE_H
#define SMPP_LOAD_ENGINE_H

#include <pthread.h>

#include "target/link.h"
#include "parcel.h"
#include "net/loop.h"
#include "pace.h"
#include "receipts.h"
#include "tally.h"

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
 * the nspare free ones. A lane that was lost is not live any more, and why
 * says what happened, until somebody sets lost to false.
 */
struct lane {
	struct link link;
	struct engine *e;
	struct flight *flight;
	uint32_t *spare, nspare;
	uint32_t life; /* how often it was opened */
	bool live, queued, dirty;
	bool in, out; /* what the loop watches it for */
	struct lane *next_dirty;
	bool lost;
	char why[LANE_WHY];
};

enum phase { SENDING, DRAINING, LEAVING, OVER };

/*
 * All is guarded by lock from engine_start() to engine_join(). tally is where
 * things are counted: who looks on exchanges it for an empty one. stop asks to
 * end: 1 in order, 2 at once. The times are of smpp_clock_ns().
 */
struct engine {
	pthread_t thread;
	pthread_mutex_t lock;
	struct smpp_loop loop;
	int wake;   /* becomes readable when stop or pace changed */
	int notice; /* when a lane is lost, and at the end */
	struct plan plan;
	struct message *message;
	struct receipts receipts;
	struct lane *lane;
	struct lane **ring; /* lanes with room, the first at ring_at */
	uint32_t ring_at, ring_n;
	struct lane *dirty;
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
	bool deserted; /* no lane was left before it was over */
	int exit;      /* an exit class, and why, for a bad message */
	struct smpp_err err;
};

/*
 * Makes an engine for a plan. lanes are to be opened, and added, before it
 * starts. Returns 0, or an exit class after it said what is wrong; fini may
 * follow either.
 */
int engine_init(struct engine *e, struct ctx *c, const struct plan *plan,
    struct message *message, int64_t response_ms, struct tally *tally);
void engine_fini(struct engine *e);

/* Adds a lane whose link is bound. Also while the engine runs, locked. */
void engine_add(struct engine *e, struct lane *lane);

/* Starts to send now. Returns 0, or -1 when there is no thread to be had. */
int engine_start(struct engine *e);

/* Has it look at what was changed. */
void engine_wake(struct engine *e);

/* Forgets that notice was readable. */
void engine_seen(struct engine *e);

/* Waits until it is over. */
void engine_join(struct engine *e);

/* --- lane.c: one session, for engine.c --- */

/* Sends the next message, due at that time. Returns whether it was. */
bool lane_send(struct lane *lane, uint64_t due, uint64_t now);

/* Reads what came, and counts it. */
void lane_read(struct lane *lane);

/* Writes what is to be written. */
void lane_write(struct lane *lane);

/* Looks at the timers. */
void lane_tick(struct lane *lane);

/* Says unbind. */
void lane_leave(struct lane *lane);

/* Takes up the receipts that could not be told at once, as far as they can be
 * now; at the end, all that are left. */
void lane_receipts(struct engine *e, uint64_t now);
void lane_receipts_left(struct engine *e);

/* Ends a session, with what was under way; why is NULL when that is meant. */
void lane_end(struct lane *lane, const char *why);

/* Puts a lane into the line of those with room. */
void engine_queue(struct engine *e, struct lane *lane);

/* Notes that a lane has something to be written. */
void engine_touch(struct engine *e, struct lane *lane);

/* Sends what is due now, and writes. */
void engine_pump(struct engine *e);

/* Tells who looks on. */
void engine_notify(struct engine *e);

#endif
