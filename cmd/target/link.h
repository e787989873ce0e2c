/* One SMSC at the other end: connect, bind, wait, unbind, and say so. */
#ifndef SMPP_LINK_H
#define SMPP_LINK_H

#include "linktap.h"
#include "net/conn.h"
#include "target.h"

/*
 * A session of a one-shot command. ev, pdu and issues are what the last
 * link_next() found; err is why it failed. deadline is the end of -t.
 * connect_ns, bind_ns and unbind_ns are how long those took, 0 is not (yet).
 * Two binds of SMPP 3.3 in place of a transceiver are one session: conn sends,
 * rx receives and is there only when pair is set; from is the one that the
 * last event or failure is about.
 */
struct link {
	struct ctx *c;
	struct target *t;
	struct smpp_conn conn, rx;
	struct smpp_conn *from;
	bool pair;
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
	struct linktap tap[2];
};

/*
 * Connects and binds as t says. window is how many requests may be open.
 * Returns 0, or an exit class after it said what is wrong; then the link is
 * closed. Signals must have been caught before.
 */
int link_open(struct link *l, struct ctx *c, struct target *t, uint32_t window);

/* The first half of that: connects and does not bind. Returns as link_open. */
int link_connect(
    struct link *l, struct ctx *c, struct target *t, uint32_t window);

/*
 * The first half on a connection that the SMSC made: waits for the outbind on
 * it, which is then in l->pdu. peer is its numeric address. link_bind() is the
 * second half, which binds. Both return as link_open, link_accept() owns fd.
 */
int link_accept(struct link *l, struct ctx *c, struct target *t, int fd,
    const char *peer, uint32_t window);
int link_bind(struct link *l);

/*
 * Has what passes on the connection, if there is one, be captured in a file
 * from now on; NULL ends that. Returns 0, or SMPP_EXIT_LOCAL after it said
 * what is wrong with this file or the one before.
 */
int link_trace(struct link *l, const char *file);

/*
 * Waits for the next event. Answers that the session gives by itself are
 * reported with -v only, as are those to an enquire_link of tag 0. Returns 0,
 * or SMPP_E* with l->err set.
 */
int link_next(struct link *l, int64_t deadline);

/*
 * Answers a request of the SMSC with a status and no body, on the connection
 * that such requests come on; request needs no more than its command_id, row
 * and sequence_number.
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
