/* smpp repl: the connection, dialled or waited for, and how it ends. */
#include <errno.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/guess.h"
#include "kit/sig.h"
#include "repl.h"
#include "target/addr.h"
#include "target/dialconf.h"
#include "target/linksay.h"

/*
 * The session observes: what is sent here breaks the protocol on purpose. Its
 * state, its version and which answer belongs to what are kept by what passes
 * on the wire, whoever made it: \raw can bind, too.
 */

enum {
	UNBIND_MS = 1500,
	END_MS = 200, /* for what is still to be written */
	WINDOW = 8,   /* of no meaning to a session that observes */
};

bool
wire_open(const struct repl *r)
{
	return r->up;
}

/* In the words of the specification (3.4 2.2). */
const char *
wire_state(const struct repl *r)
{
	if (!wire_open(r))
		return r->listens ? "LISTENING" : "CLOSED";
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
	out_hint(r->lc, r->listens ? "nobody has connected yet"
				   : "\\connect HOST[:PORT] or @PROFILE");
	return out_error(r->lc, r->was_lost ? SMPP_EXIT_PEER : SMPP_EXIT_NO,
	    "connection", "not connected");
}

/* --- waiting --- */

static void
wire_input(struct smpp_watch *w, bool in, bool out)
{
	bool *ready = w->arg;

	(void)in, (void)out;
	*ready = true;
}

/*
 * A turn of the engine, be -t over or not. What was printed is seen before
 * waiting, and job control has its turn only here, where nothing is half done.
 */
static void
wire_wait(struct repl *r, int64_t until)
{
	out_flush(r->c->out);
	if (smpp_engine_turn(&r->engine, until) != 0)
		r->rc = cmd_worse(r->rc, SMPP_EXIT_LOCAL);
	term_signals();
}

bool
wire_turn(struct repl *r, int64_t until, int fd)
{
	bool ready = false, watched = false;
	struct smpp_watch w = {.fd = fd, .fn = wire_input, .arg = &ready};

	/*
	 * Watched for this turn alone: a script's next line must not be read
	 * while its last one still runs.
	 */
	if (fd >= 0)
		watched = smpp_watch_add(&r->engine, &w, true, false) == 0;
	if (fd >= 0 && !watched) { /* a file: it can always be read */
		ready = true;
		until = 0;
	}
	wire_wait(r, r->deadline < until ? r->deadline : until);
	if (watched)
		smpp_watch_del(&r->engine, &w);
	return ready;
}

/* A signal has come; who waits finds it by sig_stop(). */
static void
wire_signalled(struct smpp_watch *w, bool in, bool out)
{
	(void)w, (void)in, (void)out;
	sig_seen();
}

/* --- how it begins --- */

/* Has the time of the next keep-alive be told. */
static void
wire_keep_alive(struct repl *r, int64_t since)
{
	if (r->target.enquire_ms > 0)
		smpp_link_alarm(&r->link, since + r->target.enquire_ms);
}

/* Numbers go on from those that the bind used. */
static void
wire_begin(struct repl *r)
{
	r->up = true;
	r->dialling = r->listens = r->was_lost = false;
	r->session++;
	r->next_seq = r->link.conn.s.next;
	r->active = smpp_clock_ms();
	wire_keep_alive(r, r->active);
}

static bool
wire_bind(struct smpp_link *link, struct smpp_pdu *pdu)
{
	const struct repl *r = link->user;

	if (r->binds)
		dialconf_bind(&r->target, pdu);
	return r->binds;
}

static void
wire_up(struct smpp_link *link, const struct smpp_pdu *resp)
{
	struct repl *r = link->user;

	if (resp != NULL) {
		linksay_unended(r->c, resp);
		linksay_bound(r->c, &link->conn, resp);
	} else {
		linktap_begin(&r->tap, r->c, &r->target, &link->conn);
		if (link->dial == NULL)
			repl_say(r, "== %s has connected", link->conn.peer);
		else
			linksay_connected(r->c, &link->conn);
		/* The session begins with the response to the bind. */
		if (link->dial != NULL && r->binds)
			return;
	}
	wire_begin(r);
}

/* --- how it ends --- */

/* The capture has all of it. */
static void
wire_over(struct repl *r)
{
	if (r->tap.c == NULL)
		return;
	linktap_end(&r->tap);
	r->tap.c = NULL;
	r->rc = cmd_worse(r->rc, linktap_check(r->c, &r->target));
}

/*
 * The connection has ended, which nobody here asked for. After unbind a close
 * is what was to come, and no loss.
 */
static void
wire_gone(struct repl *r, const char *why)
{
	if (r->link.conn.s.state == SMPP_ST_UNB)
		repl_say(r, "== closed");
	else
		repl_say(
		    r, "== connection to %s lost: %s", r->link.conn.peer, why);
	r->up = false;
	r->was_lost = true;
}

void
wire_lost(struct repl *r, const char *why)
{
	wire_gone(r, why);
	smpp_link_end(&r->link, SMPP_END_WRITTEN);
}

/*
 * It could not be had, and had come to this state: says why. Told here, by the
 * step it failed at; the caller gives the status back.
 */
static void
wire_failed(
    struct repl *r, enum smpp_link_state was, const struct smpp_err *why)
{
	const struct linkend end = {r->c, &r->target, r->link.conn.peer,
	    smpp_conn_leftover(&r->link.conn), why, r->deadline};
	struct smpp_pdu bind;

	r->dialling = false;
	dialconf_bind(&r->target, &bind);
	if (was < SMPP_LINK_SECURING)
		r->failed = linksay_connect(&end);
	else if (was == SMPP_LINK_SECURING)
		r->failed = linksay_tls(&end);
	else if (why->code == SMPP_EREFUSED)
		r->failed = linksay_refused(
		    r->c, &r->target, r->refusal, r->link.refused);
	else
		r->failed = linksay_bind(&end,
		    smpp_pdu_of(bind.command_id | SMPP_RESPONSE_BIT)->name);
}

static void
wire_down(struct smpp_link *link, const struct smpp_err *why)
{
	struct repl *r = link->user;

	if (why->code == SMPP_ENOMEM)
		cmd_nomem();
	if (r->up)
		wire_gone(r, why->msg);
	else if (r->dialling)
		wire_failed(r, link->was, why);
	wire_over(r);
}

/* --- what happens on it --- */

/*
 * The stream cannot be followed: shows what came instead of a PDU. 64 octets
 * are enough to see what it is; the rest may be a whole web page.
 */
static void
wire_garbage(struct repl *r, const char *why)
{
	struct smpp_view v = smpp_conn_leftover(&r->link.conn);
	const char *guess = smpp_guess_protocol(v);

	if (v.n > 64)
		v.n = 64;
	print_seen(r, seen_add(r, SMPP_IN, v), why);
	if (guess != NULL)
		repl_say(r, "== this looks like %s", guess);
	wire_put_header(r, SMPP_C_generic_nack, ESME_RINVCMDLEN, 0, true);
	wire_lost(r, "what it sends is no SMPP");
}

/* The bind is not answered yet. What else comes meanwhile is answered as far
 * as a session does that by itself. */
static void
wire_binding(
    struct repl *r, const struct smpp_pdu *pdu, const struct smpp_event *ev)
{
	struct smpp_pdu reply;

	if (pdu == NULL && ev->kind == SMPP_EV_CLOSE) {
		/* while what came instead is still there */
		const struct smpp_err why = r->link.err;

		wire_failed(r, r->link.state, &why);
		return;
	}
	if (pdu == NULL)
		return;
	r->refusal = pdu->command_id;
	if (ev->kind != SMPP_EV_REQUEST || ev->reply_id == 0)
		return;
	smpp_pdu_init(&reply, ev->reply_id, ev->reply_seq, r->link.conn.s.ver);
	reply.command_status = ev->reply_status;
	if (smpp_conn_send(&r->link.conn, &reply, 0) != 0)
		cmd_nomem();
}

static void
wire_event(struct smpp_link *link, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct repl *r = link->user;

	(void)issues;
	if (!r->up)
		wire_binding(r, pdu, ev);
	else if (pdu != NULL)
		wire_arrived(r, pdu, ev);
	else if (ev->kind == SMPP_EV_TIMEOUT)
		wire_late(r, &ev->request);
	else if (ev->kind == SMPP_EV_CLOSE)
		wire_garbage(r, ev->text);
}

/* Asks whether the peer is alive, if nothing has passed for so long. */
static void
wire_alarm(struct smpp_link *link)
{
	struct repl *r = link->user;
	const int64_t now = link->e->now;

	if (!r->up)
		return;
	if (!smpp_session_bound(&link->conn.s)) {
		wire_keep_alive(r, now);
		return;
	}
	if (now >= r->active + r->target.enquire_ms)
		wire_put_header(
		    r, SMPP_C_enquire_link, ESME_ROK, r->next_seq++, true);
	wire_keep_alive(r, r->active);
}

static const struct smpp_link_ops wire_ops = {
    .bind = wire_bind,
    .up = wire_up,
    .event = wire_event,
    .alarm = wire_alarm,
    .down = wire_down,
};

/* --- what is asked for --- */

void
wire_init(struct repl *r)
{
	if (smpp_engine_init(&r->engine) != 0)
		cmd_nomem();
	/* It is a person, or a test of limits, who ends what does not move.
	 * Fewer PDUs are taken in a turn than are remembered, so that \wait
	 * looks at each. */
	r->engine.limits = (struct smpp_limits){
	    .close_ms = END_MS, .high = 1 << 20, .turn = SEEN_MAX / 4};
	smpp_link_init(&r->link, &r->engine, &wire_ops, r);
	r->signals = (struct smpp_watch){.fd = sig_fd(), .fn = wire_signalled};
	if (smpp_watch_add(&r->engine, &r->signals, true, false) != 0)
		cmd_nomem();
}

/* The context of TLS last: connections use it to the end. */
void
wire_fini(struct repl *r)
{
	smpp_engine_fini(&r->engine);
	smpp_tls_client_close(r->tls);
}

/* A session that follows what passes, with the timers of the target; the
 * keep-alive is not one of them: it is numbered as what is typed. */
static void
wire_observe(struct repl *r, struct smpp_session_conf *conf)
{
	*conf = dialconf_session(r->c, &r->target, WINDOW);
	conf->observes = true;
	conf->enquire_ms = 0;
}

/*
 * Makes all ready to dial. Returns 0, or an exit class after it said what is
 * wrong. Made anew each time: \connect may be to another target, and files of
 * certificates may have been renewed.
 */
static int
wire_prepare(struct repl *r)
{
	int rc = linktap_open(r->c, &r->target);

	smpp_tls_client_close(r->tls);
	r->tls = NULL;
	if (rc == 0)
		rc = dialconf_tls(r->c, &r->target, &r->tls);
	r->dial = dialconf_of(r->c, &r->target, WINDOW, r->tls);
	wire_observe(r, &r->dial.session);
	return rc;
}

/* Waited long enough: for a signal, or -t. */
static void
wire_give_up(struct repl *r)
{
	const struct smpp_err late = {.code = SMPP_ETIMEOUT, .sys = ETIMEDOUT};
	const struct smpp_err stopped = {.code = SMPP_EINTERRUPTED};

	wire_failed(r, r->link.state, sig_stop() > 0 ? &stopped : &late);
}

int
wire_connect(struct repl *r, bool bind)
{
	int rc = wire_prepare(r);

	if (rc != 0)
		return rc;
	/* Only while it connects: what is shown or traced later has none. */
	r->target.password = r->password;
	r->binds = bind;
	r->failed = 0;
	r->dialling = true;
	if (smpp_link_dial(&r->link, &r->dial) != 0)
		cmd_nomem();
	while (r->dialling && !repl_stopped(r))
		wire_turn(r, SMPP_FOREVER, -1);
	if (r->dialling)
		wire_give_up(r);
	secret_wipe(&r->target.password);
	if (r->failed != 0) {
		smpp_link_close(&r->link);
		wire_over(r);
	}
	return r->failed;
}

/* One connection: who listens by hand speaks with one peer. */
static void
wire_accept(struct smpp_listener *listener, int fd, const char *peer)
{
	struct repl *r = listener->user;
	struct smpp_session_conf conf;

	smpp_listener_close(listener);
	wire_observe(r, &conf);
	conf.role = SMPP_MC;
	if (smpp_conn_init(&r->link.conn, fd, &conf) != 0)
		cmd_nomem();
	memcpy(r->link.conn.peer, peer, strlen(peer) + 1);
	if (smpp_link_adopt(&r->link) != 0)
		cmd_nomem();
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
	rc = linktap_open(r->c, &r->target);
	if (rc != 0)
		return rc;
	r->listener = (struct smpp_listener){.accept = wire_accept, .user = r};
	if (smpp_listener_open(&r->engine, &r->listener, host, port, &err) != 0)
		return out_error(
		    r->lc, SMPP_EXIT_LOCAL, "listen", "%s", err.msg);
	r->listens = true;
	repl_say(r, "== listening on %s", r->listener.name);
	return 0;
}

/* The old capture is ended first: both may be the same file. */
int
wire_trace(struct repl *r, const char *file)
{
	struct target *t = &r->target;
	struct smpp_capture *old = t->capture;
	int rc;

	linktap_end(&r->tap);
	rc = linktap_check(r->c, t);
	if (old != NULL)
		close(old->fd);
	t->capture = NULL;
	t->trace = file;
	if (rc == 0)
		rc = linktap_open(r->c, t);
	if (rc == 0 && wire_open(r))
		linktap_begin(&r->tap, r->c, &r->target, &r->link.conn);
	return rc;
}

/* Without unbind, but what was written leaves. */
void
wire_close(struct repl *r)
{
	smpp_listener_close(&r->listener);
	r->up = r->listens = false;
	smpp_link_end(&r->link, SMPP_END_WRITTEN);
	while (r->link.state != SMPP_LINK_IDLE && sig_stop() < 2)
		wire_wait(r, SMPP_FOREVER);
	smpp_link_close(&r->link);
	wire_over(r);
}

/* At once, and nothing more is told of it: it was asked for. */
void
wire_reset(struct repl *r)
{
	r->up = false;
	smpp_conn_abort(&r->link.conn);
	smpp_link_close(&r->link);
	wire_over(r);
}

/*
 * Politely, for a second and a half: an SMSC may count sessions until they
 * unbind.
 */
void
wire_quit(struct repl *r)
{
	const int64_t until = smpp_clock_ms() + UNBIND_MS;
	uint64_t unbind;
	struct seen *s;

	if (wire_open(r) && smpp_session_bound(&r->link.conn.s)) {
		unbind = wire_put_header(
		    r, SMPP_C_unbind, ESME_ROK, r->next_seq++, true);
		do {
			wire_wait(r, until);
			s = seen_get(r, unbind);
		} while (wire_open(r) && s != NULL && s->answer == 0 &&
			 smpp_clock_ms() < until && sig_stop() < 2);
	}
	wire_close(r);
}
