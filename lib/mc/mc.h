/*
 * A message centre without its connections: who may bind and how much may be
 * sent, the messages that are known and what becomes of them, receipts, and
 * what goes to ESMEs. It reads no clock, does no I/O and knows no socket.
 *
 * One struct smpp_mc is a centre; it belongs to one thread. The caller has the
 * connections, speaks the protocol on them (net/session.h) and tells, a call
 * each, what happens on them:
 *
 *	smpp_mc_session_init	a session begins
 *	smpp_mc_join		it wants to bind
 *	smpp_mc_receive		it is bound, and takes deliveries
 *	smpp_mc_request		it asks for something
 *	smpp_mc_answered	it answered a delivery, or did not
 *	smpp_mc_room		it takes more deliveries than just before
 *	smpp_mc_leave		it is over
 *
 * What the centre wants comes back by the table of callbacks, struct
 * smpp_mc_ops, from within these calls and from the timers. A callback may not
 * call smpp_mc_request() nor, but for the session it is about, smpp_mc_leave().
 */
#ifndef SMPP_MC_MC_H
#define SMPP_MC_MC_H

#include "net/timer.h"
#include "smpp/pdu.h"

SMPP_BEGIN_DECLS

struct smpp_mc;
struct smpp_mc_account;
struct smpp_mc_delivery;
struct smpp_mc_session;
struct smpp_keep;

/* --- how it is set up --- */

/* The notations of message ids, and the words for them, NULL behind the last.
 * All of them count up; sessions of v3.3 have eight characters for one. */
enum smpp_mc_id {
	SMPP_MC_ID_HEX,   /* "1f", as short as it can be */
	SMPP_MC_ID_HEX8,  /* "0000001f" */
	SMPP_MC_ID_DEC10, /* "0000000031" */
	SMPP_MC_ID_UUID,
	SMPP_MC_ID_HEX64, /* 64 digits, the longest there is */
};

extern const char *const smpp_mc_ids[8]; /* with room for more */

/* The styles of receipts, bits: SMPP_MC_STYLE_TEXT and so on, mc/styles.def.
 * With neither TEXT nor TLV they have both. */
enum smpp_mc_style {
#define SMPP_STYLE(id, word) SMPP_MC_STYLE_POS_##id,
#define SMPP_ALIAS(word, styles)
#include "mc/styles.def"
#undef SMPP_STYLE
	SMPP_MC_STYLE_COUNT,
#define SMPP_STYLE(id, word) SMPP_MC_STYLE_##id = 1 << SMPP_MC_STYLE_POS_##id,
#include "mc/styles.def"
#undef SMPP_STYLE
#undef SMPP_ALIAS
};

/* The bits that a word of styles.def means; 0 when there is no such word. */
unsigned smpp_mc_style_find(struct smpp_view word);

/* The n-th word, from 0, to list them; NULL behind the last. */
const char *smpp_mc_style_name(unsigned n);

/*
 * How a centre is. now points to the time of the present turn, milliseconds of
 * smpp_clock_ms(), which the caller keeps (of struct smpp_engine, say), and
 * timers to the timers that the caller runs; both are borrowed until
 * smpp_mc_fini().
 *
 * max_messages is how many are remembered: the oldest ones for which nothing
 * is left to be done make room for new ones. wait_ms is how long a delivery
 * waits for somebody to take it, SMPP_FOREVER for as long as it takes.
 *
 * epoch is the time of the wall, ms since 1970, at *now. Times of schedules,
 * validities, receipts and deliveries run scale times as fast as that; 1 is
 * for all but tests.
 *
 * seed is that of ids which look random. style has bits of enum smpp_mc_style.
 */
struct smpp_mc_conf {
	const int64_t *now;
	struct smpp_timers *timers;
	uint32_t max_messages;
	enum smpp_mc_id ids;
	uint32_t seed;
	unsigned style;
	int64_t wait_ms;
	int64_t epoch;
	uint32_t scale;
};

/*
 * Whom an account lets in, and how much. asks: a bind has to have password.
 * modes has bits SMPP_ST_TX, RX, TRX; max_binds is how many sessions there may
 * be at once; from are the nfrom ranges of addresses (net/cidr.h) they may
 * come from. rate is messages a second, burst how many may come at once after
 * a pause (at least 1); window how many requests of a session may wait for
 * their answers. 0 is no limit everywhere.
 */
struct smpp_mc_allow {
	char system_id[17];
	bool asks;
	char password[64];
	unsigned modes;
	uint32_t max_binds;
	const char *const *from;
	size_t nfrom;
	double rate, burst;
	uint32_t window;
};

/* --- what it tells --- */

/*
 * What becomes of a message: its last state (message_state), the word for it
 * and the err in its receipt, after delay_ms. stat is empty for no receipt at
 * all. The life of the message begins later_ms from now: with its answer, when
 * that is put off.
 */
struct smpp_mc_fate {
	char stat[16];
	uint8_t state;
	char err[4];
	int64_t delay_ms;
	int64_t later_ms;
};

/* How a delivery ended. */
enum smpp_mc_end {
	SMPP_MC_TAKEN,   /* the receiver took it */
	SMPP_MC_SENT,    /* it needs no answer */
	SMPP_MC_REFUSED, /* for good, or no PDU of the receiver's version */
	SMPP_MC_EXPIRED, /* nobody was there, or it was tried too often */
	SMPP_MC_DROPPED, /* there was no room for it, or it was not sent */
};

/*
 * What the centre wants of its caller, and tells it. Of the first three none
 * may be NULL, of the others any.
 *
 * answer: sends the answer to a request, which may be a refusal. Every request
 * has exactly one, within smpp_mc_request(). Both PDUs, and what the answer
 * borrows, end when it returns.
 *
 * send: sends a request, a delivery, to a session. Its answer, or that there
 * was none in time, is told by smpp_mc_answered() with that tag; not so for
 * PDUs that have no answer (alert_notification). Returns 0 or SMPP_E*: with
 * SMPP_ENOMEM it will be tried again, else it is dropped.
 *
 * room: whether send would take one now. When that becomes true of a session
 * smpp_mc_room() or smpp_mc_answered() are to be called.
 *
 * fate: sets what becomes of the message of a request, for each destination
 * anew. *fate says that it is delivered at once, with a receipt. NULL leaves
 * that.
 *
 * list: sets the member of a distribution list that follows *at, which is 0 at
 * first and the callee's then. False at its end, or when there is no such list;
 * a list without members is none. NULL knows no lists.
 *
 * accepted: a request with messages was accepted under this message_id; its
 * answer, and with SMPP_MC_STYLE_EARLY its receipt, are about to be sent.
 *
 * over: a delivery to the account of this system_id ended; wire has its octets.
 *
 * failed: what was due could not be done, and will be tried again; SMPP_ENOMEM.
 */
struct smpp_mc_ops {
	void (*answer)(struct smpp_mc_session *s,
	    const struct smpp_pdu *request, struct smpp_pdu *response);
	int (*send)(
	    struct smpp_mc_session *s, struct smpp_pdu *pdu, uint64_t tag);
	bool (*room)(const struct smpp_mc_session *s);
	void (*fate)(struct smpp_mc_session *s, const struct smpp_pdu *request,
	    struct smpp_mc_fate *fate);
	bool (*list)(struct smpp_mc *mc, struct smpp_view name, size_t *at,
	    struct smpp_view *member);
	void (*accepted)(struct smpp_mc_session *s,
	    const struct smpp_pdu *request, const char *id);
	void (*over)(struct smpp_mc *mc, const char *system_id,
	    struct smpp_view wire, enum smpp_mc_end how);
	void (*failed)(struct smpp_mc *mc, int code);
};

/*
 * Counts, since the beginning: messages accepted, a destination each; requests
 * refused for the rate; receipts and other deliveries that were sent, the same
 * one each time; deliveries taken, and those that never were.
 */
struct smpp_mc_stats {
	uint64_t messages, throttled;
	uint64_t receipts, deliveries, taken, dropped;
};

/*
 * A centre. stats, stored and held, the number of messages that are known and
 * of deliveries that wait, are to be read. style and wait_ms of conf may be
 * changed at any time. user is the caller's.
 *
 * work is what requests took beside the usual, 100 being as much as one PDU:
 * they may have looked at ten thousand messages. The caller sets it to 0, and
 * looks at it to give others their turn.
 *
 * stopping is set by the caller when it is about to end all sessions: what
 * they leave unanswered is not given to others any more.
 *
 * The rest is private.
 */
struct smpp_mc {
	struct smpp_mc_conf conf;
	const struct smpp_mc_ops *ops;
	void *user;
	struct smpp_mc_stats stats;
	uint32_t stored, held;
	uint32_t work;
	bool stopping;

	struct smpp_keep *keep;
	struct smpp_timer due; /* of the next message for which there is */
	int64_t began;
	struct smpp_mc_account **accounts; /* by a hash of system_id */
	size_t octets;                     /* of all deliveries */
	bool listed;   /* only accounts that are there may bind */
	bool answered; /* the present request */
};

/*
 * Makes a centre that lets anybody bind. conf is copied, ops and user are
 * borrowed. Returns 0 or SMPP_ENOMEM; fini may follow either, accepts a zeroed
 * object, and wants all sessions to have left.
 */
int smpp_mc_init(struct smpp_mc *mc, const struct smpp_mc_conf *conf,
    const struct smpp_mc_ops *ops, void *user);
void smpp_mc_fini(struct smpp_mc *mc);

/*
 * Lets only these n accounts bind, from now on; each system_id may stand there
 * once. Borrowed until the next call or fini; n is 0 for nobody. Sessions and
 * deliveries of those that are there stay. Returns 0, or SMPP_ENOMEM and then
 * all is as it was.
 */
int smpp_mc_set_allow(
    struct smpp_mc *mc, const struct smpp_mc_allow *all, size_t n);

/* --- sessions --- */

/* Deliveries, in order; private. */
struct smpp_mc_queue {
	struct smpp_mc_delivery *first, *last;
};

/*
 * One session, a member of what the caller has for it; it may not move between
 * join and leave.
 *
 * number tells sessions apart, user is the caller's; both are set by init. ver,
 * the version it speaks, is to be set by the caller before receive and request.
 * So is, before request, open: how many requests of it have no answer yet that
 * was written, the present one among them; for the limit of the window.
 * system_id and account are NULL before join and after leave.
 *
 * The rest is private.
 */
struct smpp_mc_session {
	struct smpp_mc *mc;
	void *user;
	uint32_t number;
	enum smpp_ver ver;
	uint32_t open;
	const char *system_id;
	struct smpp_mc_account *account;

	struct smpp_mc_session *next, *prev; /* receivers of the account */
	struct smpp_mc_queue sent;           /* and not answered */
	bool receives;
};

/* Makes a session that has not joined; number is not 0. */
void smpp_mc_session_init(
    struct smpp_mc_session *s, struct smpp_mc *mc, uint32_t number, void *user);

/*
 * Has a session join the account that its bind names; it may have joined
 * before. peer is the numeric address it comes from, "host:port". Sets *status
 * to the status that the bind deserves: ESME_ROK, or the session has joined
 * nothing. Returns 0 or SMPP_ENOMEM.
 */
int smpp_mc_join(struct smpp_mc_session *s, const struct smpp_pdu *bind,
    const char *peer, uint32_t *status);

/* The session, which has joined, is bound and takes deliveries from now on, or
 * has done so before. Returns 0 or SMPP_ENOMEM. */
int smpp_mc_receive(struct smpp_mc_session *s);

/*
 * Does what a request asks for and answers it: submit_sm, data_sm,
 * submit_multi, broadcast_sm, query, cancel and replace of all kinds; others
 * are refused. It was decoded, without an error, and the session is bound.
 * Returns 0, or SMPP_ENOMEM, and then its answer may have been ESME_RSYSERR,
 * or a message that was accepted will have no receipt.
 */
int smpp_mc_request(struct smpp_mc_session *s, const struct smpp_pdu *request);

/*
 * A request that was sent with this tag, not 0, has its answer, a status, or
 * had none in time (SMPP_MC_LATE). What was refused for a reason that passes,
 * or is late, is tried again. Returns 0 or SMPP_ENOMEM.
 */
#define SMPP_MC_LATE UINT32_MAX
int smpp_mc_answered(struct smpp_mc_session *s, uint64_t tag, uint32_t status);

/* There is room for a delivery again. Returns 0 or SMPP_ENOMEM. */
int smpp_mc_room(struct smpp_mc_session *s);

/* The session is over: what it did not answer goes to others. Accepts one that
 * has not joined. Returns 0 or SMPP_ENOMEM. */
int smpp_mc_leave(struct smpp_mc_session *s);

/* --- deliveries --- */

/*
 * The account of this system_id, if one of its sessions takes deliveries, or
 * NULL. It is there until that session leaves.
 */
struct smpp_mc_account *smpp_mc_receiver(
    const struct smpp_mc *mc, struct smpp_view system_id);

/*
 * Makes a delivery of a PDU: a deliver_sm, data_sm or alert_notification of
 * v5.0. It counts for the share of an account; NULL is nobody's. Sets *d, to
 * NULL when so much is held already that it is dropped, or it cannot be
 * encoded. Returns 0 or SMPP_ENOMEM.
 */
int smpp_mc_delivery_new(struct smpp_mc *mc, struct smpp_mc_account *a,
    struct smpp_pdu *pdu, struct smpp_mc_delivery **d);
void smpp_mc_delivery_free(struct smpp_mc *mc, struct smpp_mc_delivery *d);

/* The octets of a delivery, as of v5.0. */
struct smpp_view smpp_mc_delivery_wire(const struct smpp_mc_delivery *d);

/* Gives a delivery to an account, which owns it from here on. Returns 0 or
 * SMPP_ENOMEM. */
int smpp_mc_deliver(struct smpp_mc_account *a, struct smpp_mc_delivery *d);

/* Sets *pdu to the deliver_sm that hands on a submit_sm or data_sm; it borrows
 * what that does. */
void smpp_mc_hand_on(struct smpp_pdu *pdu, const struct smpp_pdu *submit);

SMPP_END_DECLS

#endif
