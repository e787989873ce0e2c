/* One SMSC at the other end: connect, bind, wait, unbind, and say so. */
#include "link.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/guess.h"
#include "base/rd.h"
#include "net/capture.h"
#include "show/show.h"
#include "sig.h"

enum {
	UNBIND_MS = 1500, /* with the flush before it below 2 s */
	SILENT_MS = 200,  /* for a peer that has just let a time pass */
	ASKED_MAX = 64,   /* requests whose latency -v can tell */
};

const char *
link_status(struct ctx *c, uint32_t status)
{
	const struct smpp_status *row = smpp_status(status);

	if (row == NULL)
		return cmd_printf(
		    c, "status 0x%08x, not in the tables", status);
	return cmd_printf(c, "%s (0x%08x), %s", row->name, status, row->text);
}

void
link_more_status(struct ctx *c, uint32_t status)
{
	const struct smpp_status *row = smpp_status(status);
	struct jsonw *j = out_more(c);

	jsonw_key(j, "command_status");
	smpp_jsonw_u32(j, status);
	if (row == NULL)
		return;
	jsonw_key(j, "command_status_name");
	jsonw_cstr(j, row->name);
}

/* " 12 ms" since the request that this response answers was sent. */
static void
put_latency(struct link *l, const struct smpp_pdu *pdu, char out[32])
{
	uint64_t *asked = &l->asked[pdu->sequence_number % ASKED_MAX];

	out[0] = '\0';
	if (*asked != 0)
		snprintf(out, 32, " %.1f ms",
		    (double)(smpp_clock_ns() - *asked) / 1e6);
	*asked = 0;
}

/* -v: each PDU as one line. */
static void
say_pdu(struct link *l, enum smpp_dir dir, const struct smpp_pdu *pdu)
{
	const struct smpp_status *row = smpp_status(pdu->command_status);
	bool response = pdu->command_id >> 31;
	char name[16], took[32] = "";
	const char *status = "";

	snprintf(name, sizeof(name), "0x%08x", pdu->command_id);
	if (response && row != NULL)
		status = pdu->command_status == 0 ? "ok" : row->name;
	if (response && dir == SMPP_IN)
		put_latency(l, pdu, took);
	else if (!response && dir == SMPP_OUT)
		l->asked[pdu->sequence_number % ASKED_MAX] = smpp_clock_ns();
	out_say(l->c, 1, "%s %s seq %u%s%s%s", dir == SMPP_IN ? "<-" : "->",
	    pdu->row == NULL ? name : pdu->row->name, pdu->sequence_number,
	    *status == '\0' ? "" : " ", status, took);
}

/* -vv: what the fields of a PDU are, -vvv: and all its octets. */
static void
say_fields(struct link *l, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues)
{
	struct out *o = l->c->out;
	const struct smpp_show show = {
	    .raw = out_says(l->c, 3),
	    .secrets = o->args.show_secrets,
	    .colour = o->color_err,
	    .bare = true,
	    .mc_default = l->t->alphabet,
	};
	char text[4096];
	struct sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text), out_talk, l->c);
	smpp_print_pdu(&b, pdu, issues, &show);
	smpp_sbuf_flush(&b);
}

/* --trace: the PDU, its password masked. */
static void
capture_pdu(struct link *l, enum smpp_dir dir, const struct smpp_pdu *pdu)
{
	struct view secret = smpp_secret(pdu);
	struct view wire = pdu->wire;
	uint8_t *copy = NULL;

	if (secret.n > 0 && !l->c->out->args.show_secrets) {
		copy = cmd_alloc(l->c, wire.n);
		memcpy(copy, wire.p, wire.n);
		memset(copy + (secret.p - wire.p), '*', secret.n);
		wire.p = copy;
	}
	smpp_capture_pdu(l->t->capture, dir, wire, smpp_clock_wall_us());
}

/* Every PDU passes by here when somebody wants to see it. */
static void
on_pdu(void *arg, enum smpp_dir dir, struct view wire)
{
	struct link *l = arg;
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	smpp_decode(&pdu, wire, SMPP_VANY, 0, &issues);
	if (l->asked != NULL)
		say_pdu(l, dir, &pdu);
	if (out_says(l->c, 2))
		say_fields(l, &pdu, &issues);
	if (l->t->capture != NULL)
		capture_pdu(l, dir, &pdu);
}

/* Starts to show PDUs, where -v or --trace ask for it. */
static void
watch(struct link *l)
{
	if (out_says(l->c, 1))
		l->asked = cmd_alloc(l->c, ASKED_MAX * sizeof(*l->asked));
	if (l->t->capture != NULL)
		smpp_capture_begin(l->t->capture, smpp_clock_wall_us());
	if (l->asked == NULL && l->t->capture == NULL)
		return;
	l->conn.trace = on_pdu;
	l->conn.trace_arg = l;
}

/* Creates the file of --trace, once for all connections. */
static int
open_capture(struct link *l)
{
	struct target *t = l->t;

	if (t->trace == NULL || t->capture != NULL)
		return 0;
	t->capture = cmd_alloc(l->c, sizeof(*t->capture));
	if (smpp_capture_open(t->capture, t->trace, &l->err) == 0)
		return 0;
	t->capture = NULL;
	return out_error(
	    l->c, SMPP_EXIT_LOCAL, "trace", "--trace: %s", l->err.msg);
}

int
link_trace(struct link *l, const char *file)
{
	struct smpp_capture *old = l->t->capture;
	int rc = 0;

	if (old != NULL) {
		smpp_capture_end(old, smpp_clock_wall_us());
		if (old->error != 0)
			rc = out_error(l->c, SMPP_EXIT_LOCAL, "trace", "%s: %s",
			    l->t->trace, strerror(old->error));
		close(old->fd);
	}
	l->t->capture = NULL;
	l->t->trace = file;
	smpp_err_clear(&l->err);
	if (rc == 0)
		rc = open_capture(l);
	if (rc == 0 && l->conn.fd >= 0)
		watch(l);
	return rc;
}

/* The connection was not made. */
static int
not_reached(struct link *l, const char *peer)
{
	const struct target *t = l->t;
	struct ctx *c = l->c;
	char text[24];

	if (l->err.code == SMPP_EINTERRUPTED)
		return SMPP_EXIT_CONNECT;
	if (l->err.sys == ECONNREFUSED && t->tls && target_default(t, "port"))
		out_hint(c, "3550 is the port of smpps by default; give the "
			    "port if this SMSC has another");
	if (l->err.sys == ETIMEDOUT)
		return out_error(c, SMPP_EXIT_CONNECT, "connect",
		    "connect to %s: no answer within %s", peer,
		    target_duration(text, t->connect_ms));
	return out_error(
	    c, smpp_err_exit(l->err.code), "connect", "%s", l->err.msg);
}

/* The TLS handshake on a connected socket. */
static int
secure(struct link *l, int fd, int64_t until, struct smpp_tls **tls)
{
	const struct target *t = l->t;
	struct smpp_tls_conf conf = {
	    t->host, t->sni, t->cacert, t->cert, t->key, t->insecure};
	char text[24];
	int rc;

	if (t->insecure)
		out_warn(l->c, "the certificate is not verified (-k): this "
			       "may be anybody");
	rc = smpp_tls_open(tls, fd, &conf, sig_fd(), until, &l->err);
	if (rc == 0 || rc == SMPP_EINTERRUPTED)
		return rc == 0 ? 0 : SMPP_EXIT_CONNECT;
	if (rc == SMPP_EIO)
		return out_error(
		    l->c, SMPP_EXIT_USAGE, "tls", "%s", l->err.msg);
	if (rc == SMPP_ETIMEOUT)
		return out_error(l->c, SMPP_EXIT_CONNECT, "tls",
		    "%s: no TLS handshake within %s", t->name,
		    target_duration(text, t->connect_ms));
	return out_error(
	    l->c, SMPP_EXIT_CONNECT, "tls", "%s: %s", t->name, l->err.msg);
}

static int
connect_to(struct link *l, uint32_t window)
{
	const struct target *t = l->t;
	struct smpp_session_conf conf = {
	    .role = SMPP_ESME,
	    .ver = t->ver,
	    .window = window,
	    .response_ms = t->response_ms,
	    .enquire_ms = t->enquire_ms,
	};
	struct smpp_addr to = {
	    .host = t->host,
	    .port = t->port_text,
	    .family = t->ip4   ? 4
		      : t->ip6 ? 6
			       : 0,
	    .source = t->source_ip,
	};
	uint64_t began = smpp_clock_ns();
	int64_t until = smpp_io_deadline(smpp_clock_ms(), t->connect_ms);
	char peer[SMPP_PEER_MAX] = "";
	struct smpp_tls *tls = NULL;
	int fd, rc;

	if (until > l->deadline)
		until = l->deadline;
	fd = smpp_dial(&to, sig_fd(), until, peer, &l->err);
	if (fd < 0)
		return not_reached(l, peer);
	rc = t->tls ? secure(l, fd, until, &tls) : 0;
	if (smpp_conn_init(&l->conn, fd, &conf) != 0)
		cmd_nomem();
	l->conn.tls = tls;
	if (rc != 0) {
		smpp_conn_close(&l->conn);
		return rc;
	}
	memcpy(l->conn.peer, peer, sizeof(peer));
	l->conn.wake = sig_fd();
	l->connect_ns = smpp_clock_ns() - began;
	watch(l);
	if (tls != NULL) {
		l->tls = smpp_tls_version(tls);
		l->cert_seconds = smpp_tls_expires(tls);
		out_say(l->c, 1, "== connected to %s, %s, %s", peer, l->tls,
		    smpp_tls_cipher(tls));
	} else {
		out_say(l->c, 1, "== connected to %s", peer);
	}
	return 0;
}

static const char *
bind_name(uint32_t id)
{
	return smpp_pdu_row(id)->name;
}

static uint32_t
bind_id(const struct target *t)
{
	switch (t->bind) {
	case BIND_TX:
		return SMPP_C_bind_transmitter;
	case BIND_RX:
		return SMPP_C_bind_receiver;
	default:
		return SMPP_C_bind_transceiver;
	}
}

void
link_bind_pdu(const struct target *t, struct smpp_pdu *p)
{
	smpp_pdu_init(p, bind_id(t), 0, t->ver);
	smpp_set_view(p, SMPP_F_system_id, view_str(t->system_id));
	smpp_set_view(p, SMPP_F_password, view_str(t->password.text));
	smpp_set_view(p, SMPP_F_system_type, view_str(t->system_type));
	smpp_set_num(p, SMPP_F_interface_version, smpp_ver_octet(t->ver));
	smpp_set_num(p, SMPP_F_addr_ton, t->ton);
	smpp_set_num(p, SMPP_F_addr_npi, t->npi);
	smpp_set_view(p, SMPP_F_address_range, view_str(t->address_range));
}

static void
send_bind(struct link *l)
{
	link_bind_pdu(l->t, &l->pdu);
	if (smpp_conn_send(&l->conn, &l->pdu, 0) != 0)
		cmd_nomem();
	smpp_conn_drain(&l->conn, NULL);
	if (l->conn.out.n == 0)
		explicit_bzero(l->conn.out.p, l->conn.out.cap);
}

/* The status a refused bind came with, and what may help. */
static int
bind_refused(struct link *l)
{
	struct ctx *c = l->c;
	uint32_t status = l->pdu.command_status;

	if (l->pdu.command_id == SMPP_C_generic_nack && l->t->bind == BIND_TRX)
		out_hint(c, "the SMSC may be one of 3.3, or want -b tx or rx");
	else if (status == ESME_RALYBND)
		out_hint(c, "another session holds this system_id; the SMSC "
			    "may need its inactivity time to notice a lost "
			    "one");
	else
		out_hint(c, "system_id '%s', password from %s", l->t->system_id,
		    l->t->password.from == NULL ? "nowhere: none found"
						: l->t->password.from);
	link_more_status(c, status);
	return out_error(c, SMPP_EXIT_BIND, "bind", "bind refused by %s: %s",
	    l->t->name, link_status(c, status));
}

/* The bind was not answered: says why. */
static int
bind_failed(struct link *l, const char *what)
{
	if ((l->err.code == SMPP_ECLOSED || l->err.code == SMPP_ERESET) &&
	    !l->t->tls && smpp_conn_leftover(&l->conn).n == 0)
		out_hint(
		    l->c, "a port of TLS may do so, too: then --tls helps");
	return link_failed(l, SMPP_EXIT_PEER, "bind", what, l->t->response_ms);
}

static int
bind_wait(struct link *l)
{
	uint32_t id = bind_id(l->t);
	const char *what = bind_name(id | 0x80000000u);

	do {
		if (link_next(l, SMPP_FOREVER) != 0)
			return bind_failed(l, what);
	} while (l->ev.request.command_id != id);
	if (l->ev.kind == SMPP_EV_TIMEOUT) {
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "no answer");
		return bind_failed(l, what);
	}
	return l->pdu.command_status != 0 ? bind_refused(l) : 0;
}

/* A command that runs on says at once that it has begun to. */
static void
say_bound(struct link *l)
{
	unsigned level = l->c->cmd->stream ? 0 : 1;
	static const char *const words[] = {"tx", "rx", "trx"};
	struct view id = smpp_view(&l->pdu, SMPP_F_system_id);

	out_say(l->c, level, "== bound %s to '%.*s', SMPP %s",
	    words[l->t->bind], (int)id.n, (const char *)id.p,
	    smpp_ver_name(l->conn.s.ver));
}

int
link_connect(struct link *l, struct ctx *c, struct target *t, uint32_t window)
{
	int rc;

	*l = (struct link){.c = c, .t = t};
	smpp_err_clear(&l->err);
	l->deadline = smpp_io_deadline(smpp_clock_ms(), t->total_ms);
	rc = open_capture(l);
	return rc != 0 ? rc : connect_to(l, window);
}

int
link_open(struct link *l, struct ctx *c, struct target *t, uint32_t window)
{
	uint64_t began;
	int rc = link_connect(l, c, t, window);

	if (rc != 0)
		return rc;
	began = smpp_clock_ns();
	send_bind(l);
	secret_wipe(&t->password);
	rc = bind_wait(l);
	if (rc != 0) {
		link_close(l);
		return rc;
	}
	l->bind_ns = smpp_clock_ns() - began;
	say_bound(l);
	return 0;
}

/* Events that only -v shows. True when the caller wants to see this one. */
static bool
report(struct link *l)
{
	const struct smpp_event *ev = &l->ev;

	switch (ev->kind) {
	case SMPP_EV_TIMEOUT:
		l->silent = true;
		return true;
	case SMPP_EV_REQUEST:
	case SMPP_EV_ONEWAY:
	case SMPP_EV_UNBIND:
		return true;
	case SMPP_EV_RESPONSE:
		return ev->request.command_id != SMPP_C_enquire_link ||
		       ev->request.tag != 0;
	case SMPP_EV_STRAY:
		out_say(l->c, 1, "<! seq %u %s", l->pdu.sequence_number,
		    smpp_stray_text(ev->stray));
		return false;
	default:
		return false;
	}
}

int
link_next(struct link *l, int64_t deadline)
{
	int rc;

	if (deadline > l->deadline)
		deadline = l->deadline;
	for (;;) {
		rc = smpp_recv(
		    &l->conn, &l->pdu, &l->issues, &l->ev, deadline, &l->err);
		if (rc == SMPP_ENOMEM)
			cmd_nomem();
		if (rc < 0)
			return rc;
		if (l->ev.kind == SMPP_EV_CLOSE)
			return smpp_err_set(
			    &l->err, SMPP_ECLOSED, "no %s in time", l->ev.text);
		if (report(l))
			return 0;
	}
}

uint32_t
link_room(const struct link *l, int64_t *when)
{
	int64_t hold = smpp_session_hold(&l->conn.s);

	*when = SMPP_FOREVER;
	if (smpp_clock_ms() >= hold)
		return smpp_session_room(&l->conn.s);
	*when = hold;
	return 0;
}

/* Octets that are no SMPP, in words; and what may help. */
static const char *
foreign(struct link *l)
{
	const char *guess = smpp_guess_protocol(smpp_conn_leftover(&l->conn));

	if (guess == NULL)
		return "";
	if (strstr(guess, "TLS") != NULL && !l->t->tls)
		out_hint(l->c, "--tls, or smpps:// in place of smpp://");
	return cmd_printf(l->c, ": this looks like %s", guess);
}

/* What arrived instead of a PDU, for people. */
static const char *
instead(struct link *l)
{
	struct view v = smpp_conn_leftover(&l->conn);

	if (l->err.code == SMPP_EPROTOCOL)
		return foreign(l);
	if (v.n == 0)
		return "";
	if (v.n < SMPP_HEADER_SIZE || get_u32(v.p) > v.n)
		return cmd_printf(
		    l->c, " in the middle of a PDU, after %u octets", v.n);
	return "";
}

int
link_failed(struct link *l, int exit, const char *what, const char *awaited,
    int64_t waited_ms)
{
	struct ctx *c = l->c;
	const char *peer = l->conn.peer;
	char text[24];

	if (l->err.code == SMPP_EINTERRUPTED)
		return exit;
	if (l->err.code != SMPP_ETIMEOUT)
		return out_error(c, exit, what, "no %s from %s: %s%s", awaited,
		    peer, l->err.msg, instead(l));
	if (smpp_clock_ms() >= l->deadline)
		waited_ms = l->t->total_ms;
	return out_error(c, exit, what, "no %s within %s from %s", awaited,
	    target_duration(text, waited_ms), peer);
}

/* Waits for unbind_resp, or the end of the connection. */
static void
unbind(struct link *l)
{
	int64_t until = smpp_clock_ms() + (l->silent ? SILENT_MS : UNBIND_MS);
	uint64_t began = smpp_clock_ns();

	smpp_pdu_init(&l->pdu, SMPP_C_unbind, 0, l->t->ver);
	if (smpp_conn_send(&l->conn, &l->pdu, 0) != 0)
		return;
	while (l->conn.s.state != SMPP_ST_UNB && link_next(l, until) == 0)
		if (l->ev.kind == SMPP_EV_REQUEST)
			smpp_conn_reply(&l->conn, &l->pdu, ESME_RX_T_APPN);
	if (l->conn.s.state == SMPP_ST_UNB)
		l->unbind_ns = smpp_clock_ns() - began;
}

int
link_close(struct link *l)
{
	struct smpp_capture *capture = l->t->capture;
	bool lost = l->err.code != 0 && l->err.code != SMPP_ETIMEOUT &&
		    l->err.code != SMPP_EINTERRUPTED;

	smpp_err_clear(&l->err);
	l->deadline = SMPP_FOREVER;
	if (!lost && smpp_session_bound(&l->conn.s))
		unbind(l);
	smpp_flush(&l->conn, smpp_clock_ms() + SILENT_MS, NULL);
	smpp_conn_close(&l->conn);
	if (capture == NULL)
		return 0;
	smpp_capture_end(capture, smpp_clock_wall_us());
	if (capture->error == 0)
		return 0;
	return out_error(l->c, SMPP_EXIT_LOCAL, "trace", "%s: %s", l->t->trace,
	    strerror(capture->error));
}
