/*
 * A connection that speaks SMPP: it owns the socket, an input and an output
 * buffer, and drives a session. No call here waits: net/engine.h does, for any
 * number of them.
 */
#ifndef SMPP_NET_CONN_H
#define SMPP_NET_CONN_H

#include "net/io.h"
#include "net/session.h"
#include "net/tls.h"

SMPP_BEGIN_DECLS

/* n octets at p + off; what lies before off was used. */
struct smpp_buf {
	uint8_t *p;
	size_t off, n, cap;
};

enum smpp_dir { SMPP_IN, SMPP_OUT };

/* Called with each whole PDU when it was read or is about to be written. */
typedef void (*smpp_trace_fn)(
    void *arg, enum smpp_dir dir, struct smpp_view wire);

/* A place in a ring, or the head of one; all zero is in none. */
struct smpp_ring {
	struct smpp_ring *next, *prev;
};

/*
 * fd is -1 when closed. peer is the numeric address of the other side. cap
 * bounds command_length. judges: what is sent to us and does not decode is the
 * caller's to answer, as SMPP_EV_REQUEST. defers: smpp_conn_step queues no
 * answer of the session, the caller sends what ev->send asks for. lawless:
 * requests are sent in any state of the session, as long as its table takes
 * them. All of them, tls and trace may be set between calls.
 *
 * s is the session: its state, version, room. now_ns is when the last octets
 * were read, of smpp_clock_ns(); now is that in ms, or when the first of those
 * that wait to be written was queued. in and out hold what was read and what
 * waits to be written. touched is the head of the ring that the connection
 * joins, by touch, when something is queued; NULL for none. The rest is
 * private.
 */
struct smpp_conn {
	int fd;
	struct smpp_tls *tls; /* owned; NULL for plain TCP */
	uint32_t cap;
	bool judges;
	bool defers;
	bool lawless;
	smpp_trace_fn trace;
	void *trace_arg;
	char peer[SMPP_PEER_MAX];
	struct smpp_session s;
	struct smpp_buf in, out;
	uint32_t used; /* octets of in that the last PDU borrowed */
	int64_t now;
	uint64_t now_ns;
	struct smpp_ring touch, *touched;
	bool full; /* the last read filled the buffer: more may wait */
};

/*
 * Takes over a connected, non-blocking socket; -1 is a connection that was
 * never there. Returns 0 or SMPP_ENOMEM; close may follow either.
 */
int smpp_conn_init(
    struct smpp_conn *c, int fd, const struct smpp_session_conf *conf);

/* Closes the socket and frees everything. Accepts a zeroed object. */
void smpp_conn_close(struct smpp_conn *c);

/*
 * Puts a PDU behind the others that wait to be written. What the session does
 * with it stands at smpp_session_out.
 * Returns 0, SMPP_ESTATE or SMPP_ENOSPACE when the session does not allow it
 * (smpp_session_may; of a lawless one only SMPP_ENOSPACE, when its table is
 * full), SMPP_ENOMEM, or what smpp_encode returns; then nothing was queued,
 * and the session has not heard of it.
 */
int smpp_conn_send(struct smpp_conn *c, struct smpp_pdu *pdu, uint64_t tag);

/*
 * Puts a request behind the others that wait to be written, one encoded
 * before: its sequence number is written into the copy. Returns as
 * smpp_conn_send, SMPP_ENOSPACE too when wire is shorter than a header.
 */
int smpp_conn_request(struct smpp_conn *c, struct smpp_view wire, uint64_t tag);

/*
 * Puts a whole PDU behind the others as it is, number and all, and tells the
 * session, which has to be one that observes (struct smpp_session_conf): what
 * a proxy hands on, and what a person made. Returns 0, SMPP_ENOMEM, SMPP_ESTATE
 * when there is no session, or SMPP_ESHORT_HEADER when wire is shorter than a
 * header.
 */
int smpp_conn_pass(struct smpp_conn *c, struct smpp_view wire, uint64_t tag);

/*
 * Puts octets behind the others that wait to be written, whatever they say:
 * the session does not hear of it. Returns 0 or SMPP_ENOMEM.
 */
int smpp_conn_put(struct smpp_conn *c, struct smpp_view octets);

/* Sends the response to a request, with a status and no body. */
int smpp_conn_reply(
    struct smpp_conn *c, const struct smpp_pdu *request, uint32_t status);

/*
 * Takes the next event from the PDUs that were read; answers of the session
 * are queued on the way. Sets *ev, *pdu, which borrows from the input buffer
 * until the next call on c, and *issues, what was wrong with it. Returns 1; 0
 * when no whole PDU is there; SMPP_ENOMEM; with err set SMPP_EPROTOCOL when
 * what arrives cannot be SMPP (a generic_nack is queued, unless the session
 * observes).
 */
int smpp_conn_step(struct smpp_conn *c, struct smpp_pdu *pdu,
    struct smpp_issues *issues, struct smpp_event *ev, struct smpp_err *err);

/*
 * Takes the next event from the timers; enquire_link is queued on the way.
 * Returns 1 with *ev set, 0 when nothing is due, or SMPP_ENOMEM. Call it when
 * nothing has arrived, or PDUs keep arriving without a pause.
 */
int smpp_conn_tick(struct smpp_conn *c, struct smpp_event *ev);

/* When smpp_conn_tick next has something to say; SMPP_FOREVER is never. */
int64_t smpp_conn_due(struct smpp_conn *c);

/*
 * Reads what has arrived, once. Returns how many octets, 0 for none yet, or
 * with err set SMPP_ECLOSED, SMPP_ERESET, SMPP_EIO, SMPP_ENOMEM.
 */
int64_t smpp_conn_fill(struct smpp_conn *c, struct smpp_err *err);

/*
 * Writes what waits, as far as the peer takes it. Returns how many octets
 * still wait, or as smpp_conn_fill.
 */
int64_t smpp_conn_drain(struct smpp_conn *c, struct smpp_err *err);

/* The same, but writes one octet at most. */
int64_t smpp_conn_drip(struct smpp_conn *c, struct smpp_err *err);

/* Tells the peer that nothing more will be sent; it can still send. What waits
 * is not sent any more. */
void smpp_conn_shut(struct smpp_conn *c);

/* Drops what was read. */
void smpp_conn_forget(struct smpp_conn *c);

/* Has the next close cut the connection off (RST): nothing that waits is sent.
 */
void smpp_conn_abort(struct smpp_conn *c);

/*
 * Frees buffers that hold nothing; what the last PDU borrowed is over. For
 * many connections that are idle most of the time.
 */
void smpp_conn_trim(struct smpp_conn *c);

/* The octets read that are not a whole PDU, to say what they are instead. */
struct smpp_view smpp_conn_leftover(const struct smpp_conn *c);

SMPP_END_DECLS

#endif
