/* One SMSC at the other end: connect, bind, wait, unbind, and say so. */
#ifndef SMPP_LINK_H
#define SMPP_LINK_H

#include "linkqueue.h"
#include "linktap.h"
#include "net/engine.h"
#include "target.h"

/*
 * A session of a one-shot command, and the engine that the command waits with,
 * which may have more to do: e is for watches, timers and listeners of the
 * caller, too, whose callbacks have link_next() return by link_wake().
 *
 * ev, pdu and issues are what the last link_next() found; err is why it
 * failed. deadline is the end of -t. connect_ns, bind_ns and unbind_ns are how
 * long those took, 0 is not (yet). Two binds of SMPP 3.3 in place of a
 * transceiver are one session: conn sends, rx receives and is there only when
 * pair is set; from is the one that the last event or failure is about. judges
 * is for both of them, and is set by the caller (see struct smpp_conn).
 */
struct link {
	struct ctx *c;
	struct target *t;
	struct smpp_engine e;
	struct smpp_conn *conn, *rx;
	struct smpp_conn *from;
	bool pair;
	bool judges;
	const char *tls;      /* its version, NULL without TLS */
	int64_t cert_seconds; /* until the certificate of the SMSC expires */
	struct smpp_event ev;
	struct smpp_pdu pdu;
	struct smpp_issues issues;
	struct smpp_err err;
	int64_t deadline;
	uint64_t connect_ns, bind_ns, unbind_ns;
	bool silent;  /* the peer did not answer in time */
	bool unended; /* it was said that it leaves out a NUL */

	/* Private. end are the connections. When the session is over, ended
	 * was lost, for lost, in the state was; left is what it had sent last,
	 * overdue that something had not come in time. */
	struct smpp_link end[2];
	struct smpp_dial_conf dial[2];
	struct smpp_tls_client *client;
	struct linktap tap[2];
	struct linkqueue queue;
	struct smpp_watch stop, any; /* signals */
	bool wants_any, hears_any;
	bool woken;
	bool there[2], bound[2];
	bool held; /* a bind was answered: nothing is done until that is seen */
	bool leaving; /* our unbind is on its way */
	uint32_t bind_id;
	int64_t late; /* since when the deadline is over, 0 is not */
	bool over, overdue;
	enum smpp_link_state was;
	struct smpp_conn *ended;
	struct smpp_err lost;
	uint8_t *left;
	uint32_t nleft;
};

/*
 * Makes a link, and its engine, which hears of signals: they must have been
 * caught before. Returns 0, or an exit class after it said what is wrong. fini
 * may follow either, and accepts a zeroed link.
 */
int link_init(struct link *l, struct ctx *c, struct target *t);
void link_fini(struct link *l);

/*
 * Connects and binds as t says; a link may be opened again when it was closed.
 * window is how many requests may be open. Returns 0, or an exit class after
 * it said what is wrong; then the link is closed.
 */
int link_open(struct link *l, uint32_t window);

/*
 * The first half on a connection that the SMSC made: waits for the outbind on
 * it, which is then in l->pdu. peer is its numeric address. link_bind() is the
 * second half, which binds. Both return as link_open, link_accept() owns fd.
 */
int link_accept(struct link *l, int fd, const char *peer, uint32_t window);
int link_bind(struct link *l);

/*
 * Waits for the next event. Answers that the session gives by itself are
 * reported with -v only, as are those to an enquire_link of tag 0. Returns 0,
 * or SMPP_E* with l->err set; SMPP_EINTERRUPTED after a signal or link_wake().
 * What was sent before is written at once, with one call.
 */
int link_next(struct link *l, int64_t deadline);

/* Whether more events are there, for link_next() to return without waiting. */
bool link_more(const struct link *l);

/* Waits for a signal, a link_wake() or that time, without a connection. Returns
 * 0, or an exit class after it said what is wrong. */
int link_wait(struct link *l, int64_t until);

/* Has the wait that a callback is in end. */
void link_wake(struct link *l);

/* Which signals end a wait, from now on until another link_open(): all that
 * were caught, or, as while it opens, those alone that ask to stop. */
void link_signals(struct link *l, bool all);

/*
 * Answers a request of the SMSC with a status and no body, on the connection
 * that such requests come on, if that is there still; request needs no more
 * than its command_id, row and sequence_number.
 */
void link_reply(
    struct link *l, const struct smpp_pdu *request, uint32_t status);

/*
 * How many more requests may be sent now: what the window takes, and none
 * while a congested SMSC (congestion_state, SMPP 5.0) has us pause. Sets *when
 * to the end of that pause, or to SMPP_FOREVER: the latest deadline to give to
 * link_next() while requests are left.
 */
uint32_t link_room(const struct link *l, int64_t *when);

/* Waits until all that was sent is written. Returns as link_next(). */
int link_flush(struct link *l, int64_t until);

/*
 * Logs out, waiting below 2 s for the answer and for what is still to be
 * written, and closes. Does only the latter when the connection is lost.
 * Returns 0, or SMPP_EXIT_LOCAL after it said that --trace could not be
 * written.
 */
int link_close(struct link *l);

/*
 * Says why link_next() failed while it waited for what is awaited, and how
 * long it did. what is the word for JSON ("bind"). Returns exit.
 */
int link_failed(struct link *l, int exit, const char *what, const char *awaited,
    int64_t waited_ms);

#endif
