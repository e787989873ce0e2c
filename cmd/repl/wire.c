/* smpp repl: the connection, and what happens on it by itself. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "target/addr.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "base/guess.h"
#include "net/listen.h"
#include "repl.h"

/*
 * The session object of lib/net refuses what breaks the protocol, which is
 * what is done here. It still judges what arrives; state, version, numbers and
 * which answer belongs to what are kept by what passes on the wire, whoever
 * made it: \raw can bind, too.
 */

enum { UNBIND_MS = 1500 };

bool
wire_open(const struct repl *r)
{
	return r->link.conn.fd >= 0;
}

const char *
wire_state(const struct repl *r)
{
	if (!wire_open(r))
		return r->listen_fd >= 0 ? "LISTENING" : "CLOSED";
	switch (r->link.conn.s.state) {
	case SMPP_ST_OUT:
		return "OUTBOUND";
	case SMPP_ST_TX:
		return "BOUND_TX";
	case SMPP_ST_RX:
		return "BOUND_RX";
	case SMPP_ST_TRX:
		return "BOUND_TRX";
	case SMPP_ST_UNB:
		return "UNBOUND";
	default:
		return "OPEN";
	}
}

int
wire_required(struct repl *r)
{
	if (wire_open(r))
		return 0;
	out_hint(r->lc, r->listen_fd >= 0
			    ? "nobody has connected yet"
			    : "\\connect HOST[:PORT] or @PROFILE");
	return out_error(r->lc, r->was_lost ? SMPP_EXIT_PEER : SMPP_EXIT_NO,
	    "connection", "not connected");
}

/* A connection has begun. */
static void
wire_begin(struct repl *r)
{
	r->link.conn.defers = r->link.conn.lawless = true;
	r->session++;
	r->next_seq = r->link.conn.s.next;
	r->active = smpp_clock_ms();
	r->was_lost = false;
	r->fresh = true;
}

int
wire_connect(struct repl *r, bool bind)
{
	int rc;

	r->target.password = r->password;
	rc = bind ? link_open(&r->link, r->c, &r->target, 8)
		  : link_connect(&r->link, r->c, &r->target, 8);
	secret_wipe(&r->target.password);
	if (rc == 0)
		wire_begin(r);
	else
		r->link.conn.fd = -1;
	return rc;
}

static void
stop_listening(struct repl *r)
{
	if (r->listen_fd >= 0)
		close(r->listen_fd);
	r->listen_fd = -1;
}

void
wire_close(struct repl *r)
{
	stop_listening(r);
	if (!wire_open(r))
		return;
	r->link.conn.s.state = SMPP_ST_UNB; /* no unbind */
	r->rc = cmd_worse(r->rc, link_close(&r->link));
	r->link.conn.fd = -1;
}

void
wire_reset(struct repl *r)
{
	if (wire_open(r))
		smpp_conn_abort(&r->link.conn);
	wire_close(r);
}

/* The connection has ended, which nobody here asked for. */
static void
wire_lost(struct repl *r, const char *why)
{
	const char *peer = r->link.conn.peer;

	if (r->link.conn.s.state == SMPP_ST_UNB)
		repl_say(r, "== closed");
	else
		repl_say(r, "== connection to %s lost: %s", peer, why);
	smpp_err_clear(&r->link.err);
	smpp_err_set(&r->link.err, SMPP_ECLOSED, "%s", why);
	r->rc = cmd_worse(r->rc, link_close(&r->link));
	r->link.conn.fd = -1;
	r->was_lost = true;
}

void
wire_write(struct repl *r, struct smpp_view octets)
{
	if (smpp_conn_put(&r->link.conn, octets) != 0)
		cmd_nomem();
	/* What the peer sent before it went away is still to be read. */
	smpp_conn_drain(&r->link.conn, NULL);
}

/* The state a bind's response leads to, or 0. */
static enum smpp_state_bit
wire_bound_state(uint32_t id)
{
	switch (id) {
	case SMPP_C_bind_receiver_resp:
		return SMPP_ST_RX;
	case SMPP_C_bind_transmitter_resp:
		return SMPP_ST_TX;
	case SMPP_C_bind_transceiver_resp:
		return SMPP_ST_TRX;
	default:
		return 0;
	}
}

/* A bind succeeded: the session runs at the lower of both versions. */
static void
set_version(struct smpp_session *s, const struct smpp_pdu *pdu)
{
	const struct smpp_tlv *tlv = smpp_pdu_tlv(
	    pdu, SMPP_T_sc_interface_version);
	enum smpp_ver ver = s->conf.ver;

	if (tlv != NULL && tlv->n > 0)
		ver = smpp_ver_of(tlv->p[tlv->n - 1]);
	s->ver = ver < s->conf.ver ? ver : s->conf.ver;
}

/* What a PDU that passed, either way, does to the state. */
static void
follow(struct repl *r, enum smpp_state_bit before, const struct seen *s)
{
	struct smpp_session *session = &r->link.conn.s;
	bool ours = session->conf.role == SMPP_ESME;
	enum smpp_state_bit bound = wire_bound_state(s->id);
	struct smpp_issues issues;
	struct smpp_pdu pdu;

	session->state = before;
	if (s->id == SMPP_C_unbind_resp)
		session->state = SMPP_ST_UNB;
	if (s->id == SMPP_C_outbind && before == SMPP_ST_OPEN)
		session->state = SMPP_ST_OUT;
	if (bound == 0 || ours != (s->dir == SMPP_IN))
		return;
	seen_decode(r, s, &pdu, &issues);
	if (pdu.command_status != ESME_ROK)
		return;
	session->state = bound;
	if (ours)
		set_version(session, &pdu);
}

/* Has a response answer its request. Returns what is odd about it, or NULL. */
static const char *
wire_answer(struct repl *r, struct seen *s)
{
	const char *stray;
	struct seen *asked = seen_asked(r, s, &stray);

	if (asked == NULL || stray != NULL)
		return stray;
	asked->asks = false;
	asked->answer = s->number;
	s->ms = (double)(s->ns - asked->ns) / 1e6;
	s->quiet = asked->quiet;
	return NULL;
}

/* Remembers one PDU, or what is none, as sent. */
static struct seen *
wire_sent(struct repl *r, struct smpp_view octets, const char *line, bool quiet)
{
	struct seen *s = seen_add(r, SMPP_OUT, octets);

	s->quiet = quiet;
	if (line != NULL && (s->line = strdup(line)) == NULL)
		cmd_nomem();
	if (s->whole && s->id & SMPP_RESPONSE_BIT) {
		wire_answer(r, s);
		s->ms = UNANSWERED;
	}
	if (s->whole)
		follow(r, r->link.conn.s.state, s);
	return s;
}

uint64_t
wire_note(struct repl *r, struct smpp_view octets, const char *line,
    const char *note, bool quiet)
{
	struct smpp_view left = octets;
	struct seen *s;
	bool last;
	int n;

	do {
		n = smpp_frame(left.p, left.n, SMPP_PDU_MAX);
		if (n <= 0 || (uint32_t)n > left.n)
			n = (int)left.n;
		last = (uint32_t)n == left.n;
		s = wire_sent(r, smpp_view_of(left.p, (size_t)n), line, quiet);
		if (!quiet)
			print_seen(r, s, last ? note : NULL);
		left = smpp_view_of(left.p + n, left.n - (uint32_t)n);
	} while (left.n > 0);
	return s->number;
}

uint64_t
wire_put(struct repl *r, struct smpp_view octets, const char *line,
    const char *note, bool quiet)
{
	uint64_t number = wire_note(r, octets, line, note, quiet);

	wire_write(r, octets);
	return number;
}

/* Sends the PDU of a header alone. */
static uint64_t
wire_put_header(
    struct repl *r, uint32_t id, uint32_t status, uint32_t seq, bool quiet)
{
	uint8_t octets[64];
	struct smpp_pdu pdu;
	struct smpp_wr w;

	smpp_pdu_init(&pdu, id, seq, r->link.conn.s.ver);
	pdu.command_status = status;
	smpp_wr_init(&w, octets, sizeof(octets));
	smpp_encode(&w, &pdu);
	return wire_put(r, smpp_view_of(octets, w.n), NULL, NULL, quiet);
}

/* Whether a request is one that is answered without being asked. */
static bool
automatic(const struct repl *r, const struct smpp_event *ev, uint32_t id)
{
	switch (id) {
	case SMPP_C_enquire_link:
		return r->set.auto_enquire;
	case SMPP_C_unbind:
		return r->set.auto_unbind;
	case SMPP_C_deliver_sm:
	case SMPP_C_data_sm:
		return r->set.auto_deliver &&
		       r->link.conn.s.conf.role == SMPP_ESME &&
		       ev->kind != SMPP_EV_NONE;
	default:
		return false;
	}
}

/* Shows a request and answers it, if that is automatic: shown is acknowledged,
 * not the other way round. */
static void
wire_request_in(
    struct repl *r, const struct seen *s, const struct smpp_event *ev)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(s->id);
	bool refused = ev->kind == SMPP_EV_REFUSED;
	uint32_t status = refused ? ev->reply_status : ESME_ROK;
	bool human = r->c->out->form == OUT_HUMAN && !r->set.expanded;
	uint32_t id = s->id, seq = s->seq;
	char note[64] = "answered";

	if (!automatic(r, ev, id)) {
		print_seen(r, s, NULL);
		return;
	}
	if (status != ESME_ROK)
		snprintf(note, sizeof(note), "answered %s",
		    smpp_status_of(status)->name);
	print_seen(r, s, human ? note : NULL);
	wire_put_header(
	    r, refused ? ev->reply_id : row->counterpart, status, seq, human);
}

static void
arrived(struct repl *r, const struct smpp_pdu *pdu, const struct smpp_event *ev,
    enum smpp_state_bit before)
{
	struct seen *s = seen_add(r, SMPP_IN, pdu->wire);
	const char *stray;

	follow(r, before, s);
	if (!(s->id & SMPP_RESPONSE_BIT)) {
		wire_request_in(r, s, ev);
		return;
	}
	stray = wire_answer(r, s);
	if (!s->quiet)
		print_seen(r, s, stray);
}

/* The stream cannot be followed: shows what came instead of a PDU. */
static void
garbage(struct repl *r, const char *why)
{
	struct smpp_view v = smpp_conn_leftover(&r->link.conn);
	const char *guess = smpp_guess_protocol(v);

	if (v.n > 64)
		v.n = 64;
	print_seen(r, seen_add(r, SMPP_IN, v), why);
	if (guess != NULL)
		repl_say(r, "== this looks like %s", guess);
	wire_lost(r, "what it sends is no SMPP");
}

/* Takes the PDUs that were read. */
static void
wire_take(struct repl *r)
{
	struct smpp_issues issues;
	enum smpp_state_bit before;
	struct smpp_event ev;
	struct smpp_err err;
	struct smpp_pdu pdu;
	int rc = 1;

	smpp_err_clear(&err);
	while (rc > 0 && wire_open(r) && !r->c->out->b.bad) {
		before = r->link.conn.s.state;
		rc = smpp_conn_step(&r->link.conn, &pdu, &issues, &ev, &err);
		if (rc > 0)
			arrived(r, &pdu, &ev, before);
	}
	if (rc == SMPP_ENOMEM)
		cmd_nomem();
	if (rc < 0)
		garbage(r, err.msg);
}

static void
receive(struct repl *r)
{
	struct smpp_err err;
	int64_t n;

	smpp_err_clear(&err);
	n = smpp_conn_fill(&r->link.conn, &err);
	if (n == SMPP_ENOMEM)
		cmd_nomem();
	if (n < 0)
		wire_lost(r, err.msg);
	else
		wire_take(r);
}

/* Somebody has come to the address that is listened on. */
static void
accept_one(struct repl *r)
{
	struct smpp_session_conf conf = {.role = SMPP_MC,
	    .ver = r->target.ver,
	    .window = 8,
	    .dictionary = r->c->dictionary};
	char peer[SMPP_PEER_MAX];
	struct smpp_err err;
	int fd;

	smpp_err_clear(&err);
	fd = smpp_accept(r->listen_fd, peer, &err);
	if (fd < 0)
		return;
	stop_listening(r);
	if (smpp_conn_init(&r->link.conn, fd, &conf) != 0)
		cmd_nomem();
	memcpy(r->link.conn.peer, peer, sizeof(peer));
	if (r->target.trace != NULL && r->target.capture == NULL)
		link_trace(&r->link, r->target.trace);
	wire_begin(r);
	repl_say(r, "== %s has connected", peer);
}

int
wire_listen(struct repl *r, const char *addr)
{
	const char *host, *port = "2775";
	struct smpp_err err;
	int rc = addr_split(r->lc, "\\listen", addr, &host, &port);

	if (rc != 0)
		return rc;
	smpp_err_clear(&err);
	wire_quit(r);
	r->listen_fd = smpp_listen(host, port, r->listening, &err);
	if (r->listen_fd < 0)
		return out_error(
		    r->lc, SMPP_EXIT_LOCAL, "listen", "%s", err.msg);
	r->link = (struct link){.c = r->c, .t = &r->target, .conn.fd = -1};
	repl_say(r, "== listening on %s", r->listening);
	return 0;
}

/* --- time --- */

/* Requests whose time is over, and a peer that is no longer alive. */
static void
expire(struct repl *r, int64_t now)
{
	const struct smpp_pdu_row *row;
	char text[24];

	for (size_t i = 0; i < SEEN_MAX; i++) {
		struct seen *s = &r->seen[i];

		if (!s->asks || s->due > now || s->session != r->session)
			continue;
		s->asks = false;
		s->late = true;
		if (s->quiet && r->heard < s->ns) {
			wire_lost(r, "no enquire_link_resp in time");
			return;
		}
		row = smpp_pdu_of(s->id | SMPP_RESPONSE_BIT);
		if (r->interactive)
			repl_say(r, "<! no %s for seq %u within %s",
			    row == NULL ? "answer" : row->name, s->seq,
			    target_duration(text, r->target.response_ms));
	}
}

static bool
keeps_alive(const struct repl *r)
{
	return wire_open(r) && smpp_session_bound(&r->link.conn.s) &&
	       r->target.enquire_ms > 0;
}

/* When something has to be done that nobody asked for. */
static int64_t
wire_due(struct repl *r)
{
	int64_t when = wire_open(r) ? seen_due(r) : SMPP_FOREVER;

	if (keeps_alive(r) && r->active + r->target.enquire_ms < when)
		when = r->active + r->target.enquire_ms;
	return when < r->deadline ? when : r->deadline;
}

static void
wire_tick(struct repl *r)
{
	int64_t now = smpp_clock_ms();

	if (wire_open(r))
		expire(r, now);
	if (keeps_alive(r) && now >= r->active + r->target.enquire_ms)
		wire_put_header(
		    r, SMPP_C_enquire_link, ESME_ROK, r->next_seq++, true);
}

/* --- waiting --- */

static int
wait_ready(struct repl *r, struct pollfd p[3], int64_t until)
{
	struct timespec ts;
	int ms = smpp_io_poll_ms(until);

	ts.tv_sec = ms / 1000;
	ts.tv_nsec = ms % 1000 * 1000000L;
	return ppoll(p, 3, ms < 0 ? NULL : &ts, r->mask);
}

bool
wire_turn(struct repl *r, int64_t until, int fd)
{
	struct smpp_conn *conn = &r->link.conn;
	bool open = wire_open(r);
	struct pollfd p[3];

	if (r->fresh) { /* some may have come along with the bind's response */
		r->fresh = false;
		wire_take(r);
	}
	wire_tick(r);
	if (open && !wire_open(r))
		return false; /* that is what happened */
	p[0] = (struct pollfd){.fd = sig_fd(), .events = POLLIN};
	p[1] = (struct pollfd){.fd = fd, .events = POLLIN};
	p[2] = (struct pollfd){.events = POLLIN};
	p[2].fd = wire_open(r) ? conn->fd : r->listen_fd;
	if (wire_open(r) && conn->out.n > 0 && smpp_conn_drain(conn, NULL) > 0)
		p[2].events |= POLLOUT;
	if (wire_open(r) && conn->tls != NULL && smpp_tls_pending(conn->tls))
		until = 0; /* decrypted octets do not wake poll */
	if (wire_due(r) < until)
		until = wire_due(r);
	out_flush(r->c->out);
	if (wait_ready(r, p, until) < 0) {
		term_signals();
		return false;
	}
	if (wire_open(r) && (p[2].revents & ~POLLOUT || until == 0))
		receive(r);
	else if (!wire_open(r) && p[2].revents != 0)
		accept_one(r);
	return p[1].revents != 0;
}

void
wire_quit(struct repl *r)
{
	int64_t until = smpp_clock_ms() + UNBIND_MS;
	uint64_t unbind;
	struct seen *s;

	if (wire_open(r) && smpp_session_bound(&r->link.conn.s)) {
		unbind = wire_put_header(
		    r, SMPP_C_unbind, ESME_ROK, r->next_seq++, true);
		do {
			wire_turn(r, until, -1);
			s = seen_get(r, unbind);
		} while (wire_open(r) && s != NULL && s->answer == 0 &&
			 smpp_clock_ms() < until && sig_stop() < 2);
	}
	wire_close(r);
}
