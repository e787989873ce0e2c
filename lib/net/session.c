/* One side of an SMPP session as a state object. */
#include <stdlib.h>

#include "net/session_int.h"

#define SEQ_MAX 0x7fffffffu

/* enquire_link, unbind and a bind must find room beside a full window. */
#define SPARE 4

/* The pauses for a peer whose congestion_state is at its end. */
enum { GAP_MIN = 50, GAP_MAX = 2000 };

static uint32_t
session_after(uint32_t seq)
{
	return seq == SEQ_MAX ? 1 : seq + 1;
}

/* The slot of a sequence number; it may hold another. */
static struct smpp_request *
slot_of(struct smpp_session *s, uint32_t seq)
{
	return &s->slot[seq & s->mask];
}

int
smpp_session_init(
    struct smpp_session *s, const struct smpp_session_conf *conf, int64_t now)
{
	uint32_t slots = 8;

	/* A power of two, so that a number finds its slot by a mask, and
	 * consecutive numbers never meet within a window. */
	while (slots < conf->window + SPARE)
		slots *= 2;
	*s = (struct smpp_session){
	    .conf = *conf,
	    .state = SMPP_ST_OPEN,
	    .ver = conf->ver,
	    .congestion = SMPP_CONGESTION_NONE,
	    .allowed = conf->window,
	    .next = 1,
	    .oldest = 1,
	    .mask = slots - 1,
	    .slot = calloc(slots, sizeof(*s->slot)),
	    .began = now,
	    .last = now,
	    .busy = now,
	    .last_in = now,
	};
	return s->slot == NULL ? SMPP_ENOMEM : 0;
}

void
smpp_session_fini(struct smpp_session *s)
{
	free(s->slot);
	s->slot = NULL;
}

uint32_t
smpp_session_room(const struct smpp_session *s)
{
	return s->open < s->allowed ? s->allowed - s->open : 0;
}

/* The state a bind or its response leads to. */
static enum smpp_state_bit
session_bound_state(uint32_t id)
{
	switch (id & ~SMPP_RESPONSE_BIT) {
	case SMPP_C_bind_receiver:
		return SMPP_ST_RX;
	case SMPP_C_bind_transmitter:
		return SMPP_ST_TX;
	case SMPP_C_bind_transceiver:
		return SMPP_ST_TRX;
	default:
		return 0;
	}
}

/* A request under a number, from now on. */
static struct smpp_request
request_new(const struct smpp_session *s, uint32_t number, uint32_t id,
    int64_t now, uint64_t tag)
{
	const int64_t wait = s->conf.response_ms;

	return (struct smpp_request){
	    .sequence_number = number,
	    .command_id = id,
	    .sent = now,
	    .due = wait == 0 ? INT64_MAX : now + wait,
	    .tag = tag,
	    .fate = REQUEST_OPEN,
	};
}

/* Remembers a request that others made and numbered; 0 is not numbered yet. */
static void
request_seen(
    struct smpp_session *s, struct smpp_pdu *pdu, int64_t now, uint64_t tag)
{
	struct smpp_request r;

	if (pdu->sequence_number == 0)
		pdu->sequence_number = s->next;
	if (pdu->sequence_number <= SEQ_MAX)
		s->next = session_after(pdu->sequence_number);
	r = request_new(s, pdu->sequence_number, pdu->command_id, now, tag);
	smpp_observe_open(s, &r);
}

/* Remembers a request, under the next number whose slot is not in use. */
static int
request_open(
    struct smpp_session *s, struct smpp_pdu *pdu, int64_t now, uint64_t tag)
{
	if (s->conf.observes) {
		request_seen(s, pdu, now, tag);
		return 0;
	}
	/* Then all slots are in use, and the loop below would not end. */
	if (s->open > s->mask)
		return SMPP_ENOSPACE;
	/*
	 * Its number is legal only while no other request is open under it
	 * (versions.md, sequence numbers); a request that waits long holds its
	 * slot and is passed over.
	 */
	while (slot_of(s, s->next)->fate == REQUEST_OPEN)
		s->next = session_after(s->next);
	*slot_of(s, s->next) = request_new(
	    s, s->next, pdu->command_id, now, tag);
	pdu->sequence_number = s->next;
	s->next = session_after(s->next);
	s->open++;
	return 0;
}

/* Ends an open request and gives the caller what was known about it. */
static void
request_end(struct smpp_session *s, struct smpp_request *r,
    enum request_fate fate, struct smpp_request *out)
{
	r->fate = (uint8_t)fate;
	s->open--;
	if (r->command_id == SMPP_C_enquire_link)
		s->enquiring = false;
	*out = *r;
}

/*
 * The open request that was sent first, or NULL. All wait equally long, so the
 * one sent first is due first: no heap of requests is needed. oldest only
 * moves forward, which makes the walk cheap.
 */
static struct smpp_request *
request_oldest(struct smpp_session *s)
{
	struct smpp_request *r;

	if (s->conf.observes)
		return smpp_observe_first(s);
	if (s->open == 0)
		s->oldest = s->next;
	for (; s->oldest != s->next; s->oldest = session_after(s->oldest)) {
		r = slot_of(s, s->oldest);
		if (r->fate == REQUEST_OPEN && r->sequence_number == s->oldest)
			return r;
	}
	return NULL;
}

/* Notes that a PDU passed; enquire_link is no sign of work. */
static void
touch(struct smpp_session *s, uint32_t id, int64_t now)
{
	s->last = now;
	if ((id & ~SMPP_RESPONSE_BIT) != SMPP_C_enquire_link)
		s->busy = now;
}

/* After an outbind v5.0 has a state of its own, v3.4 calls it OPEN still. */
static void
outbound(struct smpp_session *s, uint32_t id)
{
	if (id == SMPP_C_outbind && s->state == SMPP_ST_OPEN &&
	    s->conf.ver == SMPP_V50)
		s->state = SMPP_ST_OUT;
}

/* A response is sent: the other side of a bind or unbind moves the state. */
static void
response_out(struct smpp_session *s, const struct smpp_pdu *pdu)
{
	const enum smpp_state_bit to = session_bound_state(pdu->command_id);

	if (pdu->command_id == SMPP_C_unbind_resp)
		s->state = SMPP_ST_UNB;
	else if (s->conf.role == SMPP_MC && pdu->command_status == 0 && to != 0)
		s->state = to;
}

int
smpp_session_out(
    struct smpp_session *s, struct smpp_pdu *pdu, int64_t now, uint64_t tag)
{
	const uint32_t id = pdu->command_id;
	int rc = 0;

	if (id & SMPP_RESPONSE_BIT) {
		response_out(s, pdu);
	} else if (pdu->row != NULL && pdu->row->flags & SMPP_PDU_ONEWAY) {
		if (!s->conf.observes || pdu->sequence_number == 0) {
			pdu->sequence_number = s->next;
			s->next = session_after(s->next);
		}
		outbound(s, id);
	} else {
		rc = request_open(s, pdu, now, tag);
	}
	touch(s, id, now);
	return rc;
}

/* Has the event carry an answer that is a header alone. */
static void
session_answer(struct smpp_event *ev, enum smpp_event_kind kind, uint32_t id,
    uint32_t status, uint32_t seq)
{
	ev->kind = kind;
	ev->send = true;
	ev->reply_id = id;
	ev->reply_status = status;
	ev->reply_seq = seq;
}

/*
 * Refuses a request with its own response, or generic_nack if it has none. An
 * unknown command has no response of its own (compatibility rule 1), and
 * neither has one that the version of the session does not know.
 */
static void
refuse_with(struct smpp_event *ev, const struct smpp_pdu *pdu, uint32_t status)
{
	bool named = pdu->row != NULL && pdu->row->counterpart != UINT32_MAX &&
		     status != ESME_RINVCMDID;

	session_answer(ev, SMPP_EV_REFUSED,
	    named ? pdu->row->counterpart : SMPP_C_generic_nack, status,
	    pdu->sequence_number);
}

/* The lower of two versions. */
static enum smpp_ver
lower(enum smpp_ver a, enum smpp_ver b)
{
	return a < b ? a : b;
}

/*
 * Whether this may be sent in our state, by the side of that role. The tables
 * of v3.4 and v5.0 differ where v3.4's prose allows more; accept what either
 * does.
 */
static bool
session_allowed(const struct smpp_session *s, const struct smpp_pdu_row *row,
    enum smpp_role by)
{
	unsigned states = (unsigned)row->states[1] | row->states[2];

	if (!(row->vers & s->ver)) /* which is wrong, but not the state */
		states |= row->states[0];
	else if (s->ver == SMPP_V33)
		states = row->states[0];
	if (by == SMPP_MC)
		states >>= SMPP_ST_MC_SHIFT;
	/* In any state, as v5.0 has it (versions.md, timers); v3.4 has it in
	 * bound ones only. */
	return row->id == SMPP_C_enquire_link || states & s->state;
}

int
smpp_session_may(const struct smpp_session *s, const struct smpp_pdu *pdu)
{
	const uint32_t id = pdu->command_id;

	if (s->conf.observes || id & SMPP_RESPONSE_BIT)
		return 0;
	if (pdu->row == NULL ? !smpp_session_bound(s)
			     : !session_allowed(s, pdu->row, s->conf.role))
		return SMPP_ESTATE;
	/* A session whose window is full has to be able to ask whether the
	 * peer lives, and to end. */
	if (s->open < s->conf.window || id == SMPP_C_enquire_link ||
	    id == SMPP_C_unbind || session_bound_state(id) != 0)
		return 0;
	return pdu->row != NULL && pdu->row->flags & SMPP_PDU_ONEWAY
		   ? 0
		   : SMPP_ENOSPACE;
}

/* A bind begins: the session runs at the lower of both versions. */
static void
bind_begin(struct smpp_session *s, const struct smpp_pdu *pdu)
{
	s->peer_octet = (uint8_t)smpp_pdu_num(pdu, SMPP_F_interface_version);
	s->ver = lower(s->conf.ver, smpp_ver_of(s->peer_octet));
}

/*
 * The status a request of the peer deserves before anybody looks at what it
 * says; refuse is what the decoder thinks of it.
 */
static uint32_t
request_status(
    struct smpp_session *s, const struct smpp_pdu *pdu, uint32_t refuse)
{
	const struct smpp_pdu_row *row = pdu->row;
	bool bind;

	if (row == NULL)
		return ESME_RINVCMDID;
	bind = session_bound_state(row->id) != 0 && s->conf.role == SMPP_MC;
	/* versions.md, compatibility rule 8; before bind_begin(), so that a
	 * second bind cannot change the version. */
	if (bind && smpp_session_bound(s))
		return ESME_RALYBND;
	if (bind)
		bind_begin(s, pdu);
	if ((bind || smpp_session_bound(s)) && !(row->vers & s->ver))
		return ESME_RINVCMDID;
	return session_allowed(
		   s, row, s->conf.role == SMPP_MC ? SMPP_ESME : SMPP_MC)
		   ? refuse
		   : ESME_RINVBNDSTS;
}

static void
session_request_in(struct smpp_session *s, const struct smpp_pdu *pdu,
    uint32_t refuse, struct smpp_event *ev)
{
	uint32_t seq = pdu->sequence_number;
	uint32_t status = request_status(s, pdu, refuse);

	if (pdu->row != NULL && pdu->row->flags & SMPP_PDU_ONEWAY) {
		ev->kind = SMPP_EV_ONEWAY;
		outbound(s, pdu->command_id);
	} else if (status != ESME_ROK)
		refuse_with(ev, pdu, status);
	else if (pdu->command_id == SMPP_C_enquire_link)
		session_answer(ev, SMPP_EV_ANSWERED, SMPP_C_enquire_link_resp,
		    ESME_ROK, seq);
	else if (pdu->command_id == SMPP_C_unbind) {
		session_answer(
		    ev, SMPP_EV_UNBIND, SMPP_C_unbind_resp, ESME_ROK, seq);
		s->state = SMPP_ST_UNB;
	} else
		ev->kind = SMPP_EV_REQUEST;
}

/* A bind of ours succeeded: take over state and version. */
static void
bind_end(struct smpp_session *s, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *tlv = smpp_pdu_tlv(
	    pdu, SMPP_T_sc_interface_version);

	s->state = session_bound_state(pdu->command_id);
	/*
	 * The specification takes such an MC for one without TLVs
	 * (versions.md); many of v3.4 leave it out all the same, so the
	 * version stays as configured.
	 */
	if (tlv == NULL || tlv->n == 0)
		return;
	s->peer_octet = tlv->p[tlv->n - 1];
	s->ver = lower(s->conf.ver, smpp_ver_of(s->peer_octet));
}

static int64_t
session_min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* The peer is not busy enough: first no more pauses, then a wider window. */
static void
speed_up(struct smpp_session *s)
{
	if (s->gap > 0)
		s->gap = s->gap / 2 < GAP_MIN ? 0 : s->gap / 2;
	else if (s->allowed < s->conf.window)
		s->allowed++;
}

/* It is too busy: a narrower window; at its end half of it, and pauses. */
static void
slow_down(struct smpp_session *s, uint8_t congestion)
{
	if (congestion == SMPP_congestion_state_congested) {
		s->gap = s->gap == 0 ? GAP_MIN
				     : session_min64(2 * s->gap, GAP_MAX);
		/* Never below 1. */
		s->allowed -= s->allowed / 2;
	} else if (s->allowed > 1) {
		s->allowed--;
	}
}

/* Heeds the congestion_state of a response, if it has one. */
static void
heed(struct smpp_session *s, const struct smpp_pdu *pdu, int64_t now)
{
	const struct smpp_tlv *tlv = smpp_pdu_tlv(pdu, SMPP_T_congestion_state);

	if (tlv == NULL || tlv->n != 1 ||
	    tlv->p[0] > SMPP_congestion_state_congested)
		return;
	s->congestion = tlv->p[0];
	if (s->congestion < SMPP_congestion_state_optimum)
		speed_up(s);
	else if (s->congestion >= SMPP_congestion_state_nearing)
		slow_down(s, s->congestion);
	s->hold = s->gap == 0 ? 0 : now + s->gap;
}

/* What a response of the peer does to the state. */
static void
response_moves(struct smpp_session *s, const struct smpp_pdu *pdu)
{
	if (pdu->command_id == SMPP_C_unbind_resp)
		s->state = SMPP_ST_UNB;
	else if (pdu->command_status == 0 && s->conf.role == SMPP_ESME &&
		 session_bound_state(pdu->command_id) != 0)
		bind_end(s, pdu);
}

/* The request that a response has the number of, whatever became of it; one
 * of another number for none. */
static struct smpp_request *
request_of(struct smpp_session *s, uint32_t seq)
{
	struct smpp_request *r = NULL;

	if (s->conf.observes)
		r = smpp_observe_find(s, seq);
	return r == NULL ? slot_of(s, seq) : r;
}

static void
response_in(struct smpp_session *s, const struct smpp_pdu *pdu, int64_t now,
    struct smpp_event *ev)
{
	struct smpp_request *r = request_of(s, pdu->sequence_number);
	uint32_t id = pdu->command_id;

	/*
	 * Slots keep what became of a request until another takes them, so
	 * that an answer that comes late or twice can be told from one that
	 * answers nothing.
	 */
	ev->kind = SMPP_EV_STRAY;
	if (r->fate == REQUEST_NONE ||
	    r->sequence_number != pdu->sequence_number)
		ev->stray = SMPP_STRAY_UNKNOWN;
	else if (id != SMPP_C_generic_nack &&
		 id != (r->command_id | SMPP_RESPONSE_BIT))
		ev->stray = SMPP_STRAY_COMMAND;
	else if (r->fate == REQUEST_LATE)
		ev->stray = SMPP_STRAY_LATE;
	else if (r->fate == REQUEST_ANSWERED)
		ev->stray = SMPP_STRAY_REPEATED;
	else
		ev->kind = SMPP_EV_RESPONSE;
	if (ev->kind == SMPP_EV_RESPONSE)
		request_end(s, r, REQUEST_ANSWERED, &ev->request);
	else
		ev->request = *r;
	/* A stray bind response must not bind us; who observes may have come
	 * too late to see the request. */
	if (ev->kind == SMPP_EV_RESPONSE || s->conf.observes)
		response_moves(s, pdu);
	if (ev->kind == SMPP_EV_RESPONSE && pdu->ntlv > 0 && s->ver == SMPP_V50)
		heed(s, pdu, now);
}

/* A session that observes says what it would have answered, and leaves it to
 * others: what they answer moves the state. */
static void
request_observed(
    struct smpp_session *s, enum smpp_state_bit before, struct smpp_event *ev)
{
	if (ev->kind == SMPP_EV_ONEWAY)
		return;
	s->state = before;
	ev->kind = SMPP_EV_REQUEST;
	ev->send = false;
}

void
smpp_session_in(struct smpp_session *s, const struct smpp_pdu *pdu,
    uint32_t refuse, int64_t now, struct smpp_event *ev)
{
	const enum smpp_state_bit before = s->state;

	*ev = (struct smpp_event){.kind = SMPP_EV_NONE};
	touch(s, pdu->command_id, now);
	s->last_in = now;
	if (pdu->command_id & SMPP_RESPONSE_BIT)
		response_in(s, pdu, now, ev);
	else
		session_request_in(s, pdu, refuse, ev);
	if (s->conf.observes && !(pdu->command_id & SMPP_RESPONSE_BIT))
		request_observed(s, before, ev);
}

static void
close_for(struct smpp_event *ev, const char *text)
{
	ev->kind = SMPP_EV_CLOSE;
	ev->error = SMPP_ETIMEOUT;
	ev->text = text;
}

/* When a timer of ms that began at since ends. */
static int64_t
timer(int64_t since, int64_t ms)
{
	return ms == 0 ? INT64_MAX : since + ms;
}

static int64_t
init_due(const struct smpp_session *s)
{
	return s->state & (SMPP_ST_OPEN | SMPP_ST_OUT)
		   ? timer(s->began, s->conf.init_ms)
		   : INT64_MAX;
}

static int64_t
inactivity_due(const struct smpp_session *s)
{
	return smpp_session_bound(s) ? timer(s->busy, s->conf.inactivity_ms)
				     : INT64_MAX;
}

static int64_t
enquire_due(const struct smpp_session *s)
{
	return smpp_session_bound(s) && !s->enquiring
		   ? timer(s->last, s->conf.enquire_ms)
		   : INT64_MAX;
}

int64_t
smpp_session_due(struct smpp_session *s)
{
	const struct smpp_request *r = request_oldest(s);
	int64_t due = r == NULL ? INT64_MAX : r->due;

	due = session_min64(due, init_due(s));
	due = session_min64(due, inactivity_due(s));
	return session_min64(due, enquire_due(s));
}

/* Whether an enquire_link is a request as any other: one that others sent, and
 * what follows from it is theirs to say. */
static bool
enquire_is_theirs(const struct smpp_session *s)
{
	return s->conf.observes && s->conf.enquire_ms == 0;
}

/*
 * The oldest request ran out of time. An enquire_link without its response is
 * forgiven when anything else came since: any valid PDU is a sign of life.
 */
static void
request_expire(
    struct smpp_session *s, struct smpp_request *r, struct smpp_event *ev)
{
	request_end(s, r, REQUEST_LATE, &ev->request);
	if (r->command_id != SMPP_C_enquire_link || enquire_is_theirs(s))
		ev->kind = SMPP_EV_TIMEOUT;
	else if (s->last_in <= r->sent)
		close_for(ev, "enquire_link_resp");
}

void
smpp_session_tick(struct smpp_session *s, int64_t now, struct smpp_event *ev)
{
	struct smpp_request *r;

	*ev = (struct smpp_event){.kind = SMPP_EV_NONE};
	/* One event a call; the caller asks until there is none. */
	while ((r = request_oldest(s)) != NULL && now >= r->due) {
		request_expire(s, r, ev);
		if (ev->kind != SMPP_EV_NONE)
			return;
	}
	if (now >= init_due(s)) {
		close_for(ev, s->conf.role == SMPP_MC ? "bind" : "outbind");
	} else if (now >= inactivity_due(s)) {
		close_for(ev, "anything but enquire_link");
	} else if (now >= enquire_due(s)) {
		ev->kind = SMPP_EV_ENQUIRE;
		s->enquiring = true;
	}
}

const char *
smpp_stray_text(enum smpp_stray why)
{
	static const char *const text[] = {
	    [SMPP_STRAY_UNKNOWN] = "answers no request",
	    [SMPP_STRAY_LATE] = "came too late",
	    [SMPP_STRAY_REPEATED] = "answers a request again",
	    [SMPP_STRAY_COMMAND] = "is not the response of its request",
	};

	return text[why];
}
