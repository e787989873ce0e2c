/*
 * Faults at work on a link: what is sent there passes a line, which sends it
 * later, twice, damaged or not at all where a rule says so.
 *
 * A line is one direction. It stands between an owner and the link that the
 * octets go to: the simulated SMSC has one for each of its peers, a proxy has
 * two for each pair. It knows links and octets, not what the owner is.
 */
#ifndef SMPP_FAULTLINE_H
#define SMPP_FAULTLINE_H

#include "fault.h"
#include "net/engine.h"

struct fault_line;
struct fault_parcel;

/*
 * What fault_send() was given, and what became of it: tag, command_id and
 * command_status as they were before any damage. sent says whether anything
 * was queued, be it damaged, or whether it will never be.
 */
struct fault_sent {
	uint64_t tag;
	uint32_t id, status;
	bool sent;
};

/*
 * What the owner is asked. left: octets have been queued, or dropped, now;
 * never from within a call with which they were given, unless they are sent at
 * once. pause: whoever asks for what is sent here is not to be read, or is to
 * be again: too much waits, or a rule has us stop reading.
 */
struct fault_ops {
	void (*left)(struct fault_line *f, const struct fault_sent *what);
	void (*pause)(struct fault_line *f, bool paused);
};

/* What lines share: their chance, and how many parcels wait in all. */
struct fault_pool {
	struct smpp_rng *rng;
	uint32_t late;
};

/*
 * The line to a link. over is why a rule has ended the link, NULL when none
 * has; the engine calls down all the same. mute: nothing is sent any more, by
 * nobody. Both are to be read, user is the owner's, the rest is private.
 */
struct fault_line {
	struct smpp_link *link;
	const struct fault_ops *ops;
	struct fault_pool *pool;
	void *user;
	const char *over;
	bool mute;

	bool deaf, paused;
	struct smpp_timer timer;           /* of the first that is due */
	struct fault_parcel *first, *last; /* as they are due */
	unsigned n;
	struct fault_parcel *held; /* for the next one to overtake */
};

/* Makes a line to a link; all of them are borrowed until fini, which is for
 * when the link is over: what waits then is forgotten. */
void fault_line_init(struct fault_line *f, struct smpp_link *link,
    const struct fault_ops *ops, struct fault_pool *pool, void *user);
void fault_line_fini(struct fault_line *f);

/*
 * Sends a whole PDU as a rule wants it: plan says how, of fault_plan() with
 * the same actions. The session of the link does not hear of it. What left()
 * tells has the tag.
 */
void fault_send(struct fault_line *f, const struct rule_acts *acts,
    const struct fault_plan *plan, struct smpp_view pdu, uint64_t tag);

/* Sends octets as they are, unless nothing is sent any more, and then what
 * waited for them to overtake. */
void fault_pass(struct fault_line *f, struct smpp_view octets);

/* The owner has queued something on the link by itself: what waited for that
 * follows. */
void fault_overtaken(struct fault_line *f);

/* Whether a response that answers no request is to what a line sent of itself:
 * an enquire_link of a flood, an unbind. */
bool fault_expects(const struct smpp_pdu *response);

#endif
