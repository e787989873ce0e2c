/* A connection that speaks SMPP. */
#include "net/conn.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/rd.h"
#include "net/ring_int.h"

#define BUF_FIRST 4096
#define READ_MAX (64 * 1024)
#define NS_PER_MS 1000000

/* Makes room for n octets behind those held. Returns where, or NULL. */
static uint8_t *
buf_room(struct smpp_buf *b, size_t n)
{
	size_t cap = b->cap == 0 ? BUF_FIRST : b->cap;
	uint8_t *p;

	/* Moved only when there is no room behind: a buffer of many small PDUs
	 * would be moved for each of them. */
	if (b->off > 0 && (b->n == 0 || n > b->cap - b->off - b->n)) {
		memmove(b->p, b->p + b->off, b->n);
		b->off = 0;
	}
	if (n <= b->cap - b->off - b->n)
		return b->p + b->off + b->n;
	while (n > cap - b->n)
		cap *= 2;
	p = realloc(b->p, cap);
	if (p == NULL)
		return NULL;
	b->p = p;
	b->cap = cap;
	return p + b->off + b->n;
}

/* Drops the first n octets. */
static void
buf_drop(struct smpp_buf *b, size_t n)
{
	b->n -= n;
	b->off = b->n == 0 ? 0 : b->off + n;
}

int
smpp_conn_init(
    struct smpp_conn *c, int fd, const struct smpp_session_conf *conf)
{
	*c = (struct smpp_conn){.fd = fd, .cap = SMPP_PDU_MAX};
	c->now_ns = smpp_clock_ns();
	c->now = (int64_t)(c->now_ns / NS_PER_MS);
	return smpp_session_init(&c->s, conf, c->now);
}

void
smpp_conn_close(struct smpp_conn *c)
{
	smpp_tls_close(c->tls);
	c->tls = NULL;
	/* cap is 0 in an object that was never initialised, whose fd is 0:
	 * that is somebody's standard input. */
	if (c->cap != 0 && c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	smpp_session_fini(&c->s);
	free(c->in.p);
	if (c->out.p != NULL) /* a bind that never left has a password in it */
		explicit_bzero(c->out.p, c->out.cap);
	free(c->out.p);
	c->in = c->out = (struct smpp_buf){0};
	c->used = 0; /* or a later attempt would have a PDU of this one */
}

/* Counts octets as waiting that were put behind the others at p. */
static inline void
conn_queued(struct smpp_conn *c, const uint8_t *p, size_t n)
{
	if (c->trace != NULL)
		c->trace(c->trace_arg, SMPP_OUT, smpp_view_of(p, n));
	c->out.n += n;
	if (c->touched != NULL)
		smpp_ring_add(c->touched, &c->touch);
}

/*
 * The time at which what is gathered for one write is sent. PDUs that are
 * written together are sent together: the first one reads the clock, the
 * others have its time.
 */
static int64_t
gathered(struct smpp_conn *c)
{
	if (c->out.n == 0)
		c->now = smpp_clock_ms();
	return c->now;
}

/* Of a PDU in wire form what the session looks at: that is much less than there
 * is to be cleared in a whole one, for each message of a load. */
static void
conn_peek(struct smpp_pdu *pdu, const uint8_t *wire)
{
	pdu->command_id = smpp_wire_id(wire);
	pdu->command_status = smpp_get_u32(wire + 8);
	pdu->sequence_number = smpp_wire_number(wire);
	pdu->row = smpp_pdu_of(pdu->command_id);
}

/* Whether a PDU may be sent: not before there is a session. */
static int
conn_may(const struct smpp_conn *c, const struct smpp_pdu *pdu)
{
	if (c->s.slot == NULL)
		return SMPP_ESTATE;
	return c->lawless ? 0 : smpp_session_may(&c->s, pdu);
}

int
smpp_conn_send(struct smpp_conn *c, struct smpp_pdu *pdu, uint64_t tag)
{
	const uint32_t number = pdu->sequence_number;
	struct smpp_wr w;
	size_t size;
	uint8_t *p;
	int rc = conn_may(c, pdu);

	if (rc != 0)
		return rc;
	/*
	 * Encoded before the session hears of it: a PDU that cannot be written
	 * must not take a number and a place in the window. The number is put
	 * into the octets afterwards.
	 */
	size = smpp_pdu_size(pdu);
	p = buf_room(&c->out, size);
	if (p == NULL)
		return SMPP_ENOMEM;
	smpp_wr_init(&w, p, size);
	rc = smpp_encode(&w, pdu);
	if (rc < 0)
		return rc;
	rc = smpp_session_out(&c->s, pdu, gathered(c), tag);
	if (rc != 0)
		return rc;
	if (pdu->sequence_number != number)
		smpp_wire_renumber(p, pdu->sequence_number);
	conn_queued(c, p, w.n);
	return 0;
}

int
smpp_conn_request(struct smpp_conn *c, struct smpp_view wire, uint64_t tag)
{
	struct smpp_pdu pdu;
	uint8_t *p;
	int rc;

	if (wire.n < SMPP_HEADER_SIZE)
		return SMPP_ENOSPACE;
	conn_peek(&pdu, wire.p);
	rc = conn_may(c, &pdu);
	if (rc != 0)
		return rc;
	p = buf_room(&c->out, wire.n);
	if (p == NULL)
		return SMPP_ENOMEM;
	rc = smpp_session_out(&c->s, &pdu, gathered(c), tag);
	if (rc != 0)
		return rc;
	memcpy(p, wire.p, wire.n);
	smpp_wire_renumber(p, pdu.sequence_number);
	conn_queued(c, p, wire.n);
	return 0;
}

int
smpp_conn_put(struct smpp_conn *c, struct smpp_view octets)
{
	uint8_t *p = buf_room(&c->out, octets.n);

	if (p == NULL)
		return SMPP_ENOMEM;
	if (octets.n > 0)
		memcpy(p, octets.p, octets.n);
	conn_queued(c, p, octets.n);
	return 0;
}

/* For those between two peers, whose numbers stay: the session follows what
 * passes and has no say in it. */
int
smpp_conn_pass(struct smpp_conn *c, struct smpp_view wire, uint64_t tag)
{
	struct smpp_pdu pdu;
	uint8_t *p;

	if (wire.n < SMPP_HEADER_SIZE)
		return SMPP_ESHORT_HEADER;
	if (c->s.slot == NULL)
		return SMPP_ESTATE;
	p = buf_room(&c->out, wire.n);
	if (p == NULL)
		return SMPP_ENOMEM;
	conn_peek(&pdu, wire.p);
	smpp_session_out(&c->s, &pdu, gathered(c), tag);
	memcpy(p, wire.p, wire.n);
	conn_queued(c, p, wire.n);
	return 0;
}

/* Sends a PDU that is a header alone. */
static int
send_header(struct smpp_conn *c, uint32_t id, uint32_t status, uint32_t seq)
{
	struct smpp_pdu pdu;

	smpp_pdu_init(&pdu, id, seq, c->s.ver);
	pdu.command_status = status;
	return smpp_conn_send(c, &pdu, 0);
}

int
smpp_conn_reply(
    struct smpp_conn *c, const struct smpp_pdu *request, uint32_t status)
{
	uint32_t id = request->row != NULL ? request->row->counterpart
					   : SMPP_C_generic_nack;

	return send_header(c, id, status, request->sequence_number);
}

/*
 * What a PDU that does not decode is answered with. An SMSC takes no string
 * that is longer than its field, either: it could not hand it on.
 */
static uint32_t
conn_refusal(const struct smpp_conn *c, const struct smpp_issues *issues)
{
	const struct smpp_issue *is = issues->v;

	for (unsigned i = 0; i < issues->n; i++, is++)
		if (is->level == SMPP_ERROR ||
		    (c->s.conf.role == SMPP_MC &&
			is->kind == SMPP_ESTRING_TOO_LONG))
			return smpp_issue_status(is);
	return ESME_ROK;
}

/* The stream is out of step: say so to the peer, read no further. */
static int
not_smpp(struct smpp_conn *c, struct smpp_err *err)
{
	const uint8_t *p = c->in.p + c->in.off;

	/* With number 0, since nothing in that header can be trusted
	 * (versions.md, compatibility rule 2). */
	if (!c->s.conf.observes)
		send_header(c, SMPP_C_generic_nack, ESME_RINVCMDLEN, 0);
	return smpp_err_set(err, SMPP_EPROTOCOL,
	    "command_length %u is not that of a PDU", smpp_get_u32(p));
}

int
smpp_conn_step(struct smpp_conn *c, struct smpp_pdu *pdu,
    struct smpp_issues *issues, struct smpp_event *ev, struct smpp_err *err)
{
	struct smpp_view wire;
	enum smpp_ver ver;
	int n;

	buf_drop(&c->in, c->used);
	c->used = 0;
	if (c->in.n == 0)
		return 0;
	wire.p = c->in.p + c->in.off;
	n = smpp_frame(wire.p, c->in.n, c->cap);
	if (n < 0)
		return not_smpp(c, err);
	if (n == 0)
		return 0;
	wire.n = c->used = (uint32_t)n;
	if (c->trace != NULL)
		c->trace(c->trace_arg, SMPP_IN, wire);
	/* Before the bind nobody knows the version, and a bind has to be read
	 * in order to learn it. */
	ver = smpp_session_bound(&c->s) ? c->s.ver : SMPP_VANY;
	*issues = (struct smpp_issues){.n = 0};
	pdu->dictionary = c->s.conf.dictionary;
	smpp_decode(pdu, wire, ver, SMPP_DICTIONARY, issues);
	smpp_session_in(&c->s, pdu,
	    c->judges ? ESME_ROK : conn_refusal(c, issues), c->now, ev);
	n = ev->send && !c->defers
		? send_header(c, ev->reply_id, ev->reply_status, ev->reply_seq)
		: 0;
	return n == 0 ? 1 : n;
}

int
smpp_conn_tick(struct smpp_conn *c, struct smpp_event *ev)
{
	int rc = 0;

	smpp_session_tick(&c->s, smpp_clock_ms(), ev);
	if (ev->kind == SMPP_EV_NONE)
		return 0;
	if (ev->kind == SMPP_EV_ENQUIRE)
		rc = send_header(c, SMPP_C_enquire_link, ESME_ROK, 0);
	if (rc == SMPP_ENOSPACE) { /* so much is awaited; ask later */
		c->s.enquiring = false;
		c->s.last = smpp_clock_ms();
		rc = 0;
	}
	return rc == 0 ? 1 : rc;
}

int64_t
smpp_conn_due(struct smpp_conn *c)
{
	return smpp_session_due(&c->s);
}

int64_t
smpp_conn_fill(struct smpp_conn *c, struct smpp_err *err)
{
	/* A connection that filled its buffer last time gets a large one;
	 * thousands that are idle do with little. */
	size_t want = c->full ? READ_MAX : BUF_FIRST;
	int64_t got;
	uint8_t *p;

	buf_drop(&c->in, c->used);
	c->used = 0;
	p = buf_room(&c->in, want);
	if (p == NULL)
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	want = c->in.cap - c->in.off - c->in.n;
	got = c->tls != NULL ? smpp_tls_read(c->tls, p, want, err)
			     : smpp_io_read(c->fd, p, want, err);
	c->full = got == (int64_t)want;
	c->now_ns = smpp_clock_ns();
	c->now = (int64_t)(c->now_ns / NS_PER_MS);
	if (got > 0)
		c->in.n += (size_t)got;
	return got;
}

static int64_t
conn_put_octets(
    struct smpp_conn *c, const uint8_t *p, size_t n, struct smpp_err *err)
{
	return c->tls != NULL ? smpp_tls_write(c->tls, p, n, err)
			      : smpp_io_write(c->fd, p, n, err);
}

int64_t
smpp_conn_drain(struct smpp_conn *c, struct smpp_err *err)
{
	int64_t put;

	while (c->out.n > 0) {
		put = conn_put_octets(c, c->out.p + c->out.off, c->out.n, err);
		if (put < 0)
			return put;
		if (put == 0)
			break;
		buf_drop(&c->out, (size_t)put);
	}
	if (c->out.n > 0)
		c->now = smpp_clock_ms();
	return (int64_t)c->out.n;
}

int64_t
smpp_conn_drip(struct smpp_conn *c, struct smpp_err *err)
{
	int64_t put = 0;

	if (c->out.n > 0)
		put = conn_put_octets(c, c->out.p + c->out.off, 1, err);
	if (put < 0)
		return put;
	buf_drop(&c->out, (size_t)put);
	return (int64_t)c->out.n;
}

void
smpp_conn_shut(struct smpp_conn *c)
{
	if (c->tls != NULL)
		smpp_tls_shut(c->tls);
	shutdown(c->fd, SHUT_WR);
}

void
smpp_conn_forget(struct smpp_conn *c)
{
	buf_drop(&c->in, c->in.n);
	c->used = 0;
}

void
smpp_conn_abort(struct smpp_conn *c)
{
	/* Lingering for no time at all has close(2) send a reset. */
	struct linger none = {.l_onoff = 1};

	setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
	if (c->tls != NULL)
		smpp_tls_abort(c->tls);
}

static void
buf_trim(struct smpp_buf *b)
{
	if (b->n > 0 || b->p == NULL)
		return;
	free(b->p);
	*b = (struct smpp_buf){0};
}

void
smpp_conn_trim(struct smpp_conn *c)
{
	buf_drop(&c->in, c->used);
	c->used = 0;
	buf_trim(&c->in);
	buf_trim(&c->out);
}

struct smpp_view
smpp_conn_leftover(const struct smpp_conn *c)
{
	return smpp_view_of(c->in.p + c->in.off + c->used, c->in.n - c->used);
}
