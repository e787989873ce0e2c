/*
 * One side of an SMPP session as a state object: what may be sent, what an
 * arriving PDU means, which timer runs next. It does no I/O and reads no
 * clock; times are milliseconds of smpp_clock_ms(). Spec: versions.md.
 */
#ifndef SMPP_NET_SESSION_H
#define SMPP_NET_SESSION_H

#include "smpp/pdu.h"

SMPP_BEGIN_DECLS

enum smpp_role { SMPP_ESME, SMPP_MC };

/*
 * ver is the highest version this side speaks. window is how many requests
 * may wait for a response at once. The timers are in ms, 0 turns one off:
 * response ends a request, enquire sends enquire_link after that long without
 * a PDU, inactivity closes after that long without one other than
 * enquire_link, init closes when no bind came. dictionary says what the tags of
 * vendors mean in what the peer sends (pdu.h), NULL is the usual one.
 *
 * observes: others make what is sent, a person or the peer of a proxy, and the
 * session follows it. It takes every request as it is numbered (0 gets the
 * next number), the same number twice, in any state and beyond the window, and
 * matches the answers; what passes moves the state, be it asked for or not. It
 * answers nothing and refuses nothing: whatever the peer asks, unbind and
 * enquire_link too, is an SMPP_EV_REQUEST, which the caller may answer; when a
 * session that does not only observe would do so itself, that answer is in
 * reply_id, reply_status and reply_seq, else reply_id is 0. Unless it sends
 * enquire_link itself (enquire_ms), one that gets no answer is SMPP_EV_TIMEOUT
 * as for any request, and no reason to close. Of more than some thousand open
 * requests it may forget an older one.
 */
struct smpp_session_conf {
	enum smpp_role role;
	enum smpp_ver ver;
	uint32_t window;
	int64_t response_ms;
	int64_t enquire_ms;
	int64_t inactivity_ms;
	int64_t init_ms;
	bool observes;
	const struct smpp_dictionary *dictionary;
};

/* The peer has not said how busy it is; the TLV is of SMPP 5.0. */
enum { SMPP_CONGESTION_NONE = 255 };

/* A request of ours. tag is the caller's, due when its time is over. */
struct smpp_request {
	uint32_t sequence_number;
	uint32_t command_id;
	int64_t sent, due;
	uint64_t tag;
	uint8_t fate;
};

/*
 * state is one of SMPP_ST_OPEN, OUT, TX, RX, TRX, UNB; ver the version the
 * session runs at; peer_octet the sc_interface_version or interface_version
 * the peer named, 0 when it named none; congestion the congestion_state of its
 * last response that had one. The rest is private.
 */
struct smpp_session {
	struct smpp_session_conf conf;
	enum smpp_state_bit state;
	enum smpp_ver ver;
	uint8_t peer_octet;
	uint8_t congestion;    /* 0 to 100, or SMPP_CONGESTION_NONE */
	uint32_t allowed;      /* of the window, by what congestion asks for */
	int64_t gap, hold;     /* between requests; none before hold */
	uint32_t next, oldest; /* sequence numbers */
	uint32_t open;
	uint32_t mask; /* slots - 1; request n is in slot n & mask */
	struct smpp_request *slot;
	int64_t began, last, busy, last_in;
	bool enquiring;
};

/* What happened. */
enum smpp_event_kind {
	SMPP_EV_NONE,
	SMPP_EV_REQUEST,  /* the peer asks, the caller has to answer */
	SMPP_EV_RESPONSE, /* the answer to request */
	SMPP_EV_ONEWAY,   /* alert_notification or outbind */
	SMPP_EV_ANSWERED, /* enquire_link, answered here */
	SMPP_EV_UNBIND,   /* the peer logs out, answered here */
	SMPP_EV_REFUSED,  /* a request that is no good, answered here */
	SMPP_EV_STRAY,    /* a response that answers nothing; see stray */
	SMPP_EV_ENQUIRE,  /* time to ask whether the peer is alive */
	SMPP_EV_TIMEOUT,  /* request was not answered in time */
	SMPP_EV_CLOSE,    /* the connection must be closed; see error */
};

enum smpp_stray {
	SMPP_STRAY_UNKNOWN,  /* no request ever had this number */
	SMPP_STRAY_LATE,     /* its request had timed out */
	SMPP_STRAY_REPEATED, /* its request had been answered */
	SMPP_STRAY_COMMAND,  /* its request was another command */
};

/*
 * What the session says about a PDU or a point in time. When send is true the
 * caller sends the PDU of a header alone made of reply_id, reply_status and
 * reply_seq. text says what an SMPP_EV_CLOSE waited for.
 */
struct smpp_event {
	enum smpp_event_kind kind;
	enum smpp_stray stray;
	int error;
	const char *text;
	struct smpp_request request;
	bool send;
	uint32_t reply_id, reply_status, reply_seq;
};

/*
 * Starts a session at time now, the connection being there. Returns 0 or
 * SMPP_ENOMEM; fini may follow either and accepts a zeroed object.
 */
int smpp_session_init(
    struct smpp_session *s, const struct smpp_session_conf *conf, int64_t now);
void smpp_session_fini(struct smpp_session *s);

/*
 * Tells that pdu is being sent. A request gets its sequence_number and is
 * remembered, with tag, until it is answered or its time is over; a response
 * to a bind or unbind moves the state. Returns 0; SMPP_ENOSPACE when too many
 * requests are open.
 */
int smpp_session_out(
    struct smpp_session *s, struct smpp_pdu *pdu, int64_t now, uint64_t tag);

/*
 * Whether a PDU may be sent now: requests that our role has no business with
 * in this state get SMPP_ESTATE (spec/commands.tsv, where v3.4 and
 * v5.0 differ the one that allows more), those beyond the window
 * SMPP_ENOSPACE. enquire_link, unbind and binds need no room in it, responses
 * may always be sent. smpp_session_out() does not ask.
 */
int smpp_session_may(const struct smpp_session *s, const struct smpp_pdu *pdu);

/*
 * Tells that pdu arrived. refuse is ESME_ROK, or the status a request that
 * could not be decoded deserves. Sets *ev.
 */
void smpp_session_in(struct smpp_session *s, const struct smpp_pdu *pdu,
    uint32_t refuse, int64_t now, struct smpp_event *ev);

/*
 * Tells the time. Sets *ev to one thing that is due, or to SMPP_EV_NONE;
 * call again until then.
 */
void smpp_session_tick(
    struct smpp_session *s, int64_t now, struct smpp_event *ev);

/* When smpp_session_tick next has something to say; INT64_MAX is never. */
int64_t smpp_session_due(struct smpp_session *s);

/*
 * How many more requests the window takes. Where the peer tells how busy it
 * is, what may be open grows below congestion_state 80, stays up to 90 and
 * shrinks above, never under 1 (spec/versions.md, Window and congestion).
 */
uint32_t smpp_session_room(const struct smpp_session *s);

/*
 * When the next request should be sent at the earliest: in the past, unless
 * the peer is congested. One that is sent earlier is sent all the same.
 */
static inline int64_t
smpp_session_hold(const struct smpp_session *s)
{
	return s->hold;
}

/* True in the three bound states. */
static inline bool
smpp_session_bound(const struct smpp_session *s)
{
	return s->state & (SMPP_ST_TX | SMPP_ST_RX | SMPP_ST_TRX);
}

/* The word for what is wrong with a stray response. */
const char *smpp_stray_text(enum smpp_stray why);

SMPP_END_DECLS

#endif
