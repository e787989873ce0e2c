/* What the files of the engine share and nobody else includes. */
#ifndef SMPP_NET_ENGINE_INT_H
#define SMPP_NET_ENGINE_INT_H

#include "net/engine.h"
#include "net/ring_int.h"

/*
 * While a link is worked on e->at points to it. smpp_link_close() clears that,
 * so that whoever has called back knows whether the link is still his: it may
 * have been freed, or be another session already.
 */
static inline bool
smpp_link_alive(const struct smpp_engine *e, const struct smpp_link *l)
{
	return e->at == l;
}

/* Whether there is a connection that PDUs pass on. */
static inline bool
smpp_link_talks(const struct smpp_link *l)
{
	return l->state >= SMPP_LINK_OPEN && l->state <= SMPP_LINK_UNBINDING;
}

/* Has the next turn go on with a link, be it ready or not. */
static inline void
smpp_link_busy(struct smpp_link *l)
{
	smpp_ring_add(&l->e->busy, &l->busy);
}

static inline const struct smpp_limits *
smpp_link_limits(const struct smpp_link *l)
{
	return l->limits != NULL ? l->limits : &l->e->limits;
}

/* Whether the link hands octets on as they come. */
static inline bool
smpp_link_is_pipe(const struct smpp_link *l)
{
	return l->ops->octets != NULL;
}

static inline bool
smpp_link_held(const struct smpp_link *l)
{
	return l->held > l->e->now;
}

/* Whether the next octet waits for its time. */
static inline bool
smpp_link_drips(const struct smpp_link *l)
{
	return l->drip > 0 && l->drip_at > l->e->now;
}

/* Whether answers to what the peer asks still find room. */
static inline bool
smpp_link_takes(const struct smpp_link *l)
{
	const size_t high = smpp_link_limits(l)->high;

	return !l->paused && !smpp_link_held(l) &&
	       (high == 0 || l->conn.out.n < high || smpp_link_is_pipe(l));
}

/* Whether decrypted octets wait that the loop does not know of. */
static inline bool
smpp_link_pending(const struct smpp_link *l)
{
	return l->conn.tls != NULL && smpp_tls_pending(l->conn.tls);
}

static inline bool
smpp_link_is_bind(uint32_t id)
{
	return id == SMPP_C_bind_receiver || id == SMPP_C_bind_transmitter ||
	       id == SMPP_C_bind_transceiver;
}

/* --- linklife.c --- */

/* Makes an idle link one of the engine's. Returns 0 or SMPP_ENOMEM. */
int smpp_life_begin(struct smpp_link *l);

/* Takes a link down, for l->err, and tells; it may be gone afterwards. */
void smpp_life_lose(struct smpp_link *l);

/* Has a link end in order, l->err saying why. */
void smpp_life_end(struct smpp_link *l, enum smpp_link_how how);

/* --- linkflow.c, linkout.c, linktime.c --- */

/*
 * Has the loop watch the link for this. That is a call of the system only when
 * it is not what is watched already, which it mostly is: what is written in a
 * turn is taken in that turn. Returns whether the link is still there.
 */
bool smpp_flow_watch(struct smpp_link *l, bool in, bool out);

/* What the engine calls, having set e->at: a link in the ring of the busy
 * ones, one in that of those to be written to, its descriptor, its timer. */
void smpp_flow_go(struct smpp_link *l);
void smpp_flow_settle(struct smpp_link *l);
void smpp_flow_ready(struct smpp_watch *w, bool in, bool out);
void smpp_flow_timer(struct smpp_timer *t, int64_t now);

/* The connection is there: tells, binds, and looks at what was read before. */
void smpp_flow_open(struct smpp_link *l);

/* Tells that the connection is about to be ended for l->err, text being what
 * was awaited. Returns whether that is still to be done. */
bool smpp_flow_tell_close(struct smpp_link *l, const char *text);

/* Tells of room that was asked for in vain, if there is any. */
void smpp_flow_tell_room(struct smpp_link *l);

/* Takes the link down for what cannot be helped. */
void smpp_flow_fail(struct smpp_link *l, int code);

/* Has the timer of the link run in time for what is due next. */
void smpp_flow_due(struct smpp_link *l);

/* --- dialer.c --- */

/* The steps of dialling: the name, the next address, a connection that was
 * made or not, one that took too long, the handshake. */
void smpp_dialer_start(struct smpp_link *l);
void smpp_dialer_found(struct smpp_link *l);
void smpp_dialer_connected(struct smpp_link *l);
void smpp_dialer_late(struct smpp_link *l);
void smpp_dialer_secure(struct smpp_link *l);

/* Drops what is only of use while dialling. */
void smpp_dialer_drop(struct smpp_link *l);

/* --- resolve.c --- */

/*
 * One name that is being looked up, or was, for one or more links; refs is how
 * many. done: rc is 0 and list the addresses, or rc is SMPP_E* with err.
 */
struct smpp_lookup {
	struct smpp_lookup *next;
	struct smpp_mail_job *job; /* of the thread, while there is one */
	unsigned refs;
	bool done;
	int rc;
	struct smpp_err err;
	struct addrinfo *list;
	int family;
	char port[8];
	char host[256];
};

/* Has l->lookup be that of the name to dial, done or not. Returns 0, or
 * SMPP_E* with l->err set. drop lets go of it. */
int smpp_resolve(struct smpp_link *l);
void smpp_resolve_drop(struct smpp_link *l);

/* Ends what the engine has of it; threads end by themselves. */
void smpp_resolve_fini(struct smpp_engine *e);

/* --- accept.c --- */

/* A descriptor has become free. */
void smpp_accept_resume(struct smpp_engine *e);

#endif
