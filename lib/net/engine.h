/*
 * One event loop for sessions of both roles: it dials, listens, binds, keeps
 * time, shares the time out among peers, and ends in order what is over and
 * without ado what does not move.
 *
 * An engine belongs to one thread; several threads are several engines, which
 * share nothing. All that happens is told by callbacks, and those come from
 * smpp_engine_work() (or smpp_engine_turn()) alone: no other call here runs
 * one. A callback may call everything but these two, on any link: it may send,
 * close and free the link it is about, or another, or dial anew.
 *
 * Links, listeners, watches and timers are members of what the caller has, and
 * the caller's memory. None may move, or be freed, between the call that gave
 * it to the engine and smpp_link_close(), smpp_listener_close(),
 * smpp_watch_del() or smpp_timer_stop().
 */
#ifndef SMPP_NET_ENGINE_H
#define SMPP_NET_ENGINE_H

#include <sys/select.h> /* sigset_t, without asking for POSIX */

#include "base/rng.h"
#include "net/conn.h"
#include "net/loop.h"
#include "net/timer.h"

SMPP_BEGIN_DECLS

struct smpp_engine;
struct smpp_link;
struct smpp_lookup;
struct smpp_mail;

/* --- descriptors of others: signals, stdin, pipes, eventfds --- */

/*
 * A descriptor that is watched. fn gets what it is ready for; an error or the
 * end of the stream is in, whatever is watched. fd and fn are set by the
 * caller before smpp_watch_add(), arg is the caller's; the rest is private.
 */
struct smpp_watch {
	int fd;
	void (*fn)(struct smpp_watch *w, bool in, bool out);
	void *arg;
	uint32_t ready; /* place among what is ready now, from 1 */
};

/*
 * Starts, changes and ends the watch; the descriptor stays the caller's, and
 * is closed after the end, not before. Return 0 or, of the first two,
 * SMPP_EIO: a regular file, which is always ready, cannot be watched (errno is
 * EPERM), and the system may be short of memory. After del fn is not called
 * any more, not for what was ready already.
 */
int smpp_watch_add(
    struct smpp_engine *e, struct smpp_watch *w, bool in, bool out);
int smpp_watch_mod(
    struct smpp_engine *e, struct smpp_watch *w, bool in, bool out);
void smpp_watch_del(struct smpp_engine *e, struct smpp_watch *w);

/* --- the engine --- */

/*
 * What a link may take; times in ms, 0 is no limit.
 *
 * slow     for a PDU that has begun to be whole, and for the TLS handshake of
 *          a peer that connected (SMPP_ESLOW)
 * stall    for the peer to read anything of what waits for it (SMPP_ESTALLED)
 * close    for what waits to be written and the peer to close, when a link is
 *          being ended (0: nothing is awaited)
 * high     octets that wait for the peer: beyond that it is not read, since
 *          what it asks would be answered, too
 * turn     PDUs of one link before it is the turn of others
 */
struct smpp_limits {
	int64_t slow_ms, stall_ms, close_ms;
	size_t high;
	uint32_t turn;
};

/* What smpp_engine_init() sets. */
#define SMPP_LIMITS_USUAL \
	((struct smpp_limits){30000, 60000, 2000, 1 << 20, 1000})

/* A PDU is that much work; see work in struct smpp_engine. */
enum { SMPP_WORK_PDU = 100 };

/*
 * now and now_ns are the time of the turn, of smpp_clock_ms() and
 * smpp_clock_ns(): read once when the wait ended, so that all that happens in
 * a turn happens at one time. When a PDU arrived is in now_ns of its
 * connection, a little later.
 *
 * timers is for those of the caller, too. limits hold for all links that have
 * none of their own. links is the first of all that are not idle, in no order,
 * the next one is in link->next; nlinks is how many.
 *
 * work is what the callbacks of a link have done beside the usual, in the
 * present turn: a request that takes as long as ten others adds
 * 9 * SMPP_WORK_PDU to it, and the turn of its link is over sooner.
 *
 * settle, unless NULL, runs once a turn, when all that came has been handled
 * and nothing has been written: the place to send what is due, and to put on
 * disk or stdout what the peers may not hear of before. If it returns other
 * than 0 nothing is written, and the turn returns that; the next turn goes on.
 *
 * mask, unless NULL, is the signal mask while the engine waits, as of
 * epoll_pwait(2). user is the caller's. The rest is private.
 */
struct smpp_engine {
	int64_t now;
	uint64_t now_ns;
	struct smpp_timers timers;
	struct smpp_limits limits;
	struct smpp_link *links;
	uint32_t nlinks;
	uint32_t work;
	int (*settle)(struct smpp_engine *e);
	const sigset_t *mask;
	void *user;

	struct smpp_loop loop;
	struct smpp_ring touched; /* connections to be written to */
	struct smpp_ring busy;    /* links that go on without being ready */
	struct smpp_link *at;     /* the one in whose callback we may be */
	struct smpp_rng rng;      /* of the pauses before another attempt */
	struct smpp_listener *listeners, *hearing;
	struct smpp_lookup *lookups;
	struct smpp_mail *mail; /* of the threads that look names up */
	struct smpp_watch post;
	struct smpp_pdu pdu;
	struct smpp_issues issues;
	struct smpp_event ev;
};

/*
 * Makes an engine without links. Returns 0, SMPP_EIO or SMPP_ENOMEM; fini may
 * follow either, closes the links and listeners that are left without a word,
 * and does not wait for names that are being looked up.
 */
int smpp_engine_init(struct smpp_engine *e);
void smpp_engine_fini(struct smpp_engine *e);

/*
 * One turn: waits until something is ready or a timer is due, not after the
 * deadline (of smpp_clock_ms(); SMPP_FOREVER never comes), nor when there is
 * something to do already, and does it. Every descriptor that is ready is read
 * before the first one is written to, and what was sent to a link in a turn is
 * written with one call. A signal ends the wait. Returns 0, what settle
 * returned, or SMPP_EIO when the system cannot wait.
 */
int smpp_engine_turn(struct smpp_engine *e, int64_t deadline);

/*
 * The halves of a turn, for who has a lock to let go of between them, or paces
 * finer: the first waits, until deadline of smpp_clock_ns(), UINT64_MAX never
 * comes, and runs no callback; the second does the rest. Return as turn.
 */
int smpp_engine_wait(struct smpp_engine *e, uint64_t deadline);
int smpp_engine_work(struct smpp_engine *e);

/* --- links --- */

/*
 * Where a link is. Those from OPEN on have a connection, and may be sent to up
 * to BOUND; whether the session is bound, and how, is in conn.s.
 */
enum smpp_link_state {
	SMPP_LINK_IDLE,       /* nothing: new, over, or closed */
	SMPP_LINK_WAITING,    /* for the time of another attempt */
	SMPP_LINK_RESOLVING,  /* the name is looked up */
	SMPP_LINK_CONNECTING, /* one address after the other is tried */
	SMPP_LINK_SECURING,   /* the TLS handshake, of either side */
	SMPP_LINK_OPEN,       /* connected; no bind has been sent by us */
	SMPP_LINK_BINDING,    /* our bind waits for its answer */
	SMPP_LINK_BOUND,      /* the session is bound, by either side */
	SMPP_LINK_UNBINDING,  /* our unbind waits for its answer */
	SMPP_LINK_CLOSING,    /* nothing more is taken, the rest is written */
};

/*
 * What happens on a link. Every member may be NULL: then it is of no interest,
 * and without bind none is sent.
 *
 * bind makes *pdu the bind that is to be sent now, a connection that was
 * dialled being there (up has been called). Its views have to last for the
 * call alone; the octets are wiped when they have been written. False sends
 * none, which smpp_link_bind() may do later.
 *
 * up: with resp NULL the connection is there, TLS and all, and l->conn may be
 * given its trace, cap, judges, defers and lawless. With resp, the answer to a
 * bind of ours, the session is bound. The other side, which answers binds,
 * knows that by itself.
 *
 * event: what smpp_conn_step() found, in this order: requests that are to be
 * answered, answers, and the rest of enum smpp_event_kind. The answer to a
 * bind of ours comes here before up or down tell what it means. pdu, which
 * borrows from the input until the call returns or the link is closed, may be
 * changed. It and issues are NULL for what is no PDU: SMPP_EV_TIMEOUT, a
 * request of ours was not answered in time, and SMPP_EV_CLOSE, the engine is
 * about to end this connection for ev->error, with ev->text what was awaited
 * (as of struct smpp_event) or, with SMPP_EPROTOCOL, wrong. A link that was
 * neither closed nor ended by the callback is ended in order after an
 * SMPP_EV_CLOSE, and, unless l->stays, after an SMPP_EV_UNBIND.
 *
 * octets makes the link a pipe: it gets all octets as they were read, before
 * event is called for the PDUs that are whole with them, which is for the
 * looking then. No octet waits for the rest of its PDU, none is judged by
 * limits.slow_ms or high, and what cannot be SMPP ends the calls of event, not
 * the link. No octets at all, NULL, are the end of what the peer sends: the
 * other direction goes on until smpp_link_eof(). Its session is one that
 * observes (struct smpp_session_conf). Without event nothing is decoded.
 *
 * room: smpp_link_room() has said 0 and would say more by now. Once, until it
 * says 0 again.
 *
 * alarm: the time of smpp_link_alarm() has come.
 *
 * down: the connection, or an attempt to have one, is over, and its descriptor
 * closed; what the peer said last is in l->conn until the call returns. why,
 * borrowed, has code 0 when we ended it: smpp_link_end(), or
 * smpp_link_unbind() and its answer. l->was is the state it had, before
 * CLOSING. l->state is WAITING when it will be tried again at l->again, which
 * smpp_link_close() prevents, or IDLE. To free a link takes that call, too.
 */
struct smpp_link_ops {
	bool (*bind)(struct smpp_link *l, struct smpp_pdu *pdu);
	void (*up)(struct smpp_link *l, const struct smpp_pdu *resp);
	void (*event)(struct smpp_link *l, struct smpp_pdu *pdu,
	    const struct smpp_issues *issues, const struct smpp_event *ev);
	void (*octets)(struct smpp_link *l, struct smpp_view octets);
	void (*room)(struct smpp_link *l);
	void (*alarm)(struct smpp_link *l);
	void (*down)(struct smpp_link *l, const struct smpp_err *why);
};

/*
 * Back-off: when a lost or refused connection is tried again: never when
 * first_ms is 0; else after first_ms, twice as long each time, and up to a
 * quarter more, by chance, so that those who were cut off together do not come
 * back together; never longer than most_ms. A connection that was bound for 10
 * s makes the next pause the first one again. A bind that is refused for a
 * reason that time does not mend (its status is neither temporary nor
 * ESME_RALYBND) is not tried again, neither is what we ended.
 */
struct smpp_retry {
	int64_t first_ms, most_ms;
};

#define SMPP_RETRY_NEVER ((struct smpp_retry){0, 0})
#define SMPP_RETRY_EVERY(ms) ((struct smpp_retry){(ms), (ms)})
#define SMPP_RETRY_USUAL ((struct smpp_retry){1000, 60000})

/*
 * The same for who connects anew by himself. pause_ms is the pause before this
 * one without its share of chance, 0 at first, and is set to this one. Returns
 * how many ms to wait.
 */
int64_t smpp_retry_pause(
    const struct smpp_retry *retry, int64_t *pause_ms, struct smpp_rng *rng);

/*
 * Whether a bind that was refused with this status may be accepted a little
 * later: the status is a temporary one (class retry of smpp/status.def), or
 * ESME_RALYBND, which one gets whose last session the MC has not missed yet. A
 * wrong password stays wrong, and an account may be locked after some.
 */
bool smpp_retry_mends(uint32_t command_status);

/*
 * Where to connect. host is a name or an address without brackets, port a
 * number, family 4 or 6, or 0 for either, source the local address to connect
 * from or NULL.
 */
struct smpp_addr {
	const char *host;
	const char *port;
	int family;
	const char *source;
};

/*
 * Whom to connect to, and how. connect_ms is for name, connection and TLS
 * together, 0 is no limit; each address gets an equal share of what is left.
 * The answer to the bind has session.response_ms. With tls the certificate has
 * to be for tls_name, or for to.host when that is NULL. Borrowed, with all it
 * refers to, until the link is idle.
 */
struct smpp_dial_conf {
	struct smpp_addr to;
	struct smpp_tls_client *tls;
	const char *tls_name;
	struct smpp_session_conf session;
	int64_t connect_ms;
	struct smpp_retry retry;
};

/* How a link ends: in each case after what waits was written, but not later
 * than limits.close_ms, which begins when it is not held any more. */
enum smpp_link_how {
	SMPP_END_WRITTEN, /* then */
	SMPP_END_LINGER,  /* when the peer has closed */
	SMPP_END_SHUT,    /* the same, having been told that we send no more */
};

/*
 * One session, or the attempt to have one.
 *
 * conn is the connection from OPEN to CLOSING, and is sent on with the calls
 * of net/conn.h: what these queue, from within callbacks or without, is
 * written at the end of the turn. Its peer is set while it is being connected,
 * too. Do not fill, drain or close it, and do not step or tick it.
 *
 * limits is NULL for those of the engine, else borrowed. stays leaves it to
 * the caller to end the link after the peer's unbind. To be read are state,
 * was, again; err, why it is going down; refused, the status of the answer to
 * a bind of ours that led to SMPP_EREFUSED; hung_up, the peer has closed its
 * side. The rest is private.
 */
struct smpp_link {
	struct smpp_conn conn;
	struct smpp_engine *e;
	const struct smpp_link_ops *ops;
	void *user;
	const struct smpp_limits *limits;
	bool stays;
	enum smpp_link_state state, was;
	int64_t again;
	struct smpp_err err;
	uint32_t refused;
	bool hung_up;

	struct smpp_link *next, *prev;
	struct smpp_watch watch;
	struct smpp_timer timer; /* of whatever is due first */
	struct smpp_ring busy;
	const struct smpp_dial_conf *dial;
	struct smpp_lookup *lookup;
	const struct addrinfo *address; /* being tried, of lookup */
	int64_t until;                  /* of the present state */
	int64_t share;                  /* of the present address */
	int64_t pause_ms;               /* before the last attempt */
	int64_t bound_at;
	int64_t held, alarm_at;
	int64_t part_at, stall_at; /* since when, 0 is not */
	int64_t late_at;           /* since when timers are put off */
	int64_t drip_ms, drip_at;
	size_t drip;
	enum smpp_link_how how;
	bool in, out; /* what the loop watches it for */
	bool fresh;   /* up has not been called */
	bool more;    /* PDUs were read that it is to look at now */
	bool behind;  /* or when it takes some again */
	bool broken;  /* to be taken down */
	bool ours;    /* we have ended it */
	bool paused, wanting, secret, blind, deaf, eof, shuts, shut;
};

/*
 * Makes a link, idle, of zeroed or unused memory. ops are borrowed for as long
 * as it is used, user is the caller's.
 */
void smpp_link_init(struct smpp_link *l, struct smpp_engine *e,
    const struct smpp_link_ops *ops, void *user);

/*
 * Begins to connect, an idle link, and to bind when ops->bind says so. Nothing
 * here waits: a name, unless numeric or "localhost", is looked up by another
 * thread, once for all links that want the same at the same time. How it goes
 * is told by up and down. Returns 0 or SMPP_ENOMEM.
 */
int smpp_link_dial(struct smpp_link *l, const struct smpp_dial_conf *conf);

/*
 * Takes on a connection that is there: l->conn, which the caller made with
 * smpp_conn_init() of an accepted socket, setting peer, and tls of
 * smpp_tls_accept(); or copied from what smpp_link_release() gave. up follows.
 * Returns 0, or SMPP_EIO or SMPP_ENOMEM, and then conn is the caller's still.
 */
int smpp_link_adopt(struct smpp_link *l);

/*
 * The reverse: a link in OPEN or BOUND becomes idle and its connection *conn,
 * with all that was read and waits to be written, for another link, engine or
 * thread. That is how a connection changes threads; an accepted descriptor may
 * also go to another thread before it is made a connection. Returns 0, or
 * SMPP_ESTATE in another state, without effect.
 */
int smpp_link_release(struct smpp_link *l, struct smpp_conn *conn);

/*
 * Sends the bind that ops->bind makes, the state being OPEN: on a connection
 * that was dialled without one, or that an MC made (outbind). Returns 0,
 * SMPP_ESTATE when it cannot be sent or bind made none, or SMPP_E* of
 * smpp_conn_send().
 */
int smpp_link_bind(struct smpp_link *l);

/*
 * Sends unbind and ends the link with the answer, or at the deadline of
 * smpp_clock_ms(), which down tells as SMPP_ETIMEOUT. Meanwhile events come as
 * before. A session that is not bound is ended at once, as by
 * smpp_link_end(l, SMPP_END_WRITTEN), and what was not yet connected, too.
 */
void smpp_link_unbind(struct smpp_link *l, int64_t deadline);

/*
 * Ends a link in order: nothing that arrives is looked at any more, and down
 * is called at last. Of two calls the first counts, unless the second is
 * SMPP_END_WRITTEN.
 */
void smpp_link_end(struct smpp_link *l, enum smpp_link_how how);

/*
 * Ends it now: what waits is dropped, the descriptor closed, and nothing is
 * called any more. The link is idle, and its memory the caller's. Accepts one
 * that is idle. smpp_conn_abort(&l->conn) before makes it a reset.
 */
void smpp_link_close(struct smpp_link *l);

/*
 * Has the engine look at the link at the end of the turn, after the caller
 * changed limits. Sending does that by itself.
 */
void smpp_link_touch(struct smpp_link *l);

/*
 * Writes now what waits: when much of it does, so that the peer can begin.
 * Returns how many octets still wait, or SMPP_E*: that the connection is lost
 * is told by down, later.
 */
int64_t smpp_link_flush(struct smpp_link *l);

/*
 * How many more requests may be sent now: what the window takes, 0 while a
 * congested peer has us pause, limits.high octets wait, or the link is not
 * OPEN or BOUND. For a pipe, and a session that observes, it is UINT32_MAX as
 * long as fewer octets wait. When it is 0 room() tells of the end of that.
 */
uint32_t smpp_link_room(struct smpp_link *l);

/* Has the peer not be read, until the reverse; its octets wait at its side
 * then. PDUs that were read already wait, too. */
void smpp_link_pause(struct smpp_link *l, bool paused);

/* Has nothing be read or written before that time, of smpp_clock_ms(). */
void smpp_link_hold(struct smpp_link *l, int64_t until);

/* Has the first n octets of what waits be written one at a time, ms apart. */
void smpp_link_drip(struct smpp_link *l, size_t n, int64_t ms);

/* Has ops->alarm run at that time, once; SMPP_FOREVER is never. */
void smpp_link_alarm(struct smpp_link *l, int64_t at);

/*
 * Tells the peer, when what waits was written, that nothing more comes, and
 * goes on reading: for pipes (ops->octets). When both sides have said so, the
 * link goes down with SMPP_ECLOSED.
 */
void smpp_link_eof(struct smpp_link *l);

/* "connecting", for people. */
const char *smpp_link_text(enum smpp_link_state state);

/* --- listening --- */

/*
 * Where connections are accepted. accept gets a connected, non-blocking
 * descriptor, which is the callee's, and the numeric address of the peer. It
 * ends in smpp_link_adopt(), here or in another thread, or in close(2).
 *
 * full, which may be NULL, is told once that no more connections can be
 * accepted: the process or the system is short of descriptors or memory.
 * Accepting is tried again as soon as a link of this engine is closed, be it
 * by full, and each second. It is told again after one has succeeded.
 *
 * accept, full and user are set by the caller; name is the numeric address
 * that is listened on. The rest is private.
 */
struct smpp_listener {
	void (*accept)(struct smpp_listener *l, int fd, const char *peer);
	void (*full)(struct smpp_listener *l, const struct smpp_err *why);
	void *user;
	char name[SMPP_PEER_MAX];

	struct smpp_engine *e;
	struct smpp_listener *next;
	struct smpp_watch watch;
	struct smpp_timer timer;
	bool paused, short_of, told;
};

/*
 * Listens as smpp_listen() does. Returns 0, or with err set SMPP_ERESOLVE,
 * SMPP_EIO or SMPP_ENOMEM. close accepts a zeroed or closed one.
 */
int smpp_listener_open(struct smpp_engine *e, struct smpp_listener *l,
    const char *host, const char *port, struct smpp_err *err);
void smpp_listener_close(struct smpp_listener *l);

/* Has nobody be accepted, until the reverse: who comes waits in the queue of
 * the system. */
void smpp_listener_pause(struct smpp_listener *l, bool paused);

SMPP_END_DECLS

#endif
