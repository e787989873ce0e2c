/*
 * What tests of the engine share: links over socket pairs whose other end is
 * the test, a clock that the test moves, and a record of what was told.
 */
#ifndef SMPP_T_UNIT_ENGINEKIT_H
#define SMPP_T_UNIT_ENGINEKIT_H

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "fakeclock.h"
#include "net/engine.h"
#include "tap.h"

/* A link, and its other end; told is what its callbacks were told, in words.
 * act, if set, is done instead of answering, by the first callback. */
struct end {
	struct smpp_link l;
	int far;
	bool answers; /* requests, with ESME_ROK */
	void (*act)(struct end *x);
	char told[512];
};

static struct smpp_engine e;

static inline struct end *
end_of(struct smpp_link *l)
{
	return l->user;
}

__attribute__((format(printf, 2, 3))) static inline void
tell(struct end *x, const char *fmt, ...)
{
	size_t n = strlen(x->told);
	va_list ap;

	if (n > sizeof(x->told) - 80)
		return;
	if (n > 0)
		x->told[n++] = ' ';
	va_start(ap, fmt);
	vsnprintf(x->told + n, sizeof(x->told) - n, fmt, ap);
	va_end(ap);
}

/* Does what the test wants done from within a callback. True when done. */
static inline bool
acted(struct end *x)
{
	void (*act)(struct end * x) = x->act;

	if (act == NULL)
		return false;
	x->act = NULL;
	act(x);
	return true;
}

static inline void
on_up(struct smpp_link *l, const struct smpp_pdu *resp)
{
	tell(end_of(l), resp == NULL ? "up" : "bound");
	acted(end_of(l));
}

static inline void
on_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	static const char *const kinds[] = {
	    [SMPP_EV_REQUEST] = "asks",
	    [SMPP_EV_RESPONSE] = "answers",
	    [SMPP_EV_ONEWAY] = "says",
	    [SMPP_EV_ANSWERED] = "answered",
	    [SMPP_EV_UNBIND] = "leaves",
	    [SMPP_EV_REFUSED] = "refused",
	    [SMPP_EV_STRAY] = "stray",
	    [SMPP_EV_ENQUIRE] = "enquire",
	    [SMPP_EV_TIMEOUT] = "timeout",
	    [SMPP_EV_CLOSE] = "close",
	};
	struct end *x = end_of(l);

	(void)issues;
	if (ev->kind == SMPP_EV_CLOSE)
		tell(x, "close(%s:%s)", smpp_err_word(ev->error), ev->text);
	else if (ev->kind == SMPP_EV_TIMEOUT)
		tell(x, "timeout(%u)", (unsigned)ev->request.tag);
	else if (pdu == NULL || pdu->row == NULL)
		tell(x, "%s", kinds[ev->kind]);
	else
		tell(x, "%s:%s", kinds[ev->kind], pdu->row->name);
	if (acted(x))
		return;
	if (x->answers && ev->kind == SMPP_EV_REQUEST)
		smpp_conn_reply(&l->conn, pdu, ESME_ROK);
}

static inline void
on_room(struct smpp_link *l)
{
	tell(end_of(l), "room");
	acted(end_of(l));
}

static inline void
on_alarm(struct smpp_link *l)
{
	tell(end_of(l), "alarm");
	acted(end_of(l));
}

static inline void
on_down(struct smpp_link *l, const struct smpp_err *why)
{
	tell(end_of(l), "down(%s:%s)",
	    why->code == 0 ? "ours" : smpp_err_word(why->code),
	    smpp_link_text(l->was));
	acted(end_of(l));
}

static const struct smpp_link_ops end_ops = {
    .up = on_up,
    .event = on_event,
    .room = on_room,
    .alarm = on_alarm,
    .down = on_down,
};

static inline void
must(bool good, const char *what)
{
	if (good)
		return;
	printf("Bail out! %s\n", what);
	fflush(stdout);
	_exit(1);
}

/* A turn that waits for nothing. */
static inline int
turn(void)
{
	return smpp_engine_turn(&e, 0);
}

/* Lets ms pass, and has the engine notice. */
static inline void
pass(int64_t ms)
{
	fake_pass(ms);
	turn();
}

static inline void
engine_new(void)
{
	smpp_engine_fini(&e);
	must(smpp_engine_init(&e) == 0, "an engine");
}

static const struct smpp_session_conf mc_conf = {
    .role = SMPP_MC, .ver = SMPP_V50, .window = 4, .response_ms = 5000};
static const struct smpp_session_conf esme_conf = {
    .role = SMPP_ESME, .ver = SMPP_V50, .window = 4, .response_ms = 5000};

/* Adopts one end of a socket pair; up has not been told yet. */
static inline void
end_open(struct end *x, const struct smpp_session_conf *conf)
{
	int fd[2];

	memset(x, 0, sizeof(*x));
	must(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd) == 0,
	    "a socket pair");
	x->far = fd[1];
	smpp_link_init(&x->l, &e, &end_ops, x);
	must(smpp_conn_init(&x->l.conn, fd[0], conf) == 0, "a connection");
	must(smpp_link_adopt(&x->l) == 0, "a link");
}

static inline void
end_close(struct end *x)
{
	smpp_link_close(&x->l);
	if (x->far >= 0)
		close(x->far);
	x->far = -1;
}

/* What was told since the last time. */
static inline const char *
told(struct end *x)
{
	static char text[sizeof(x->told)];

	memcpy(text, x->told, sizeof(text));
	x->told[0] = '\0';
	return text;
}

static inline void
say(struct end *x, const void *p, size_t n)
{
	must(write(x->far, p, n) == (ssize_t)n, "a write");
}

/* Says a PDU of a header alone. */
static inline void
say_header(struct end *x, uint32_t id, uint32_t status, uint32_t seq)
{
	uint8_t pdu[16];
	struct smpp_wr w;

	smpp_wr_init(&w, pdu, sizeof(pdu));
	smpp_wr_u32(&w, 16);
	smpp_wr_u32(&w, id);
	smpp_wr_u32(&w, status);
	smpp_wr_u32(&w, seq);
	say(x, pdu, 16);
}

/* Says a PDU whose body is all zero. */
static inline void
say_pdu(struct end *x, uint32_t id, uint32_t seq)
{
	struct smpp_pdu pdu;
	uint8_t octets[64];
	struct smpp_wr w;

	smpp_pdu_init(&pdu, id, seq, SMPP_V34);
	if (id == SMPP_C_bind_transceiver)
		smpp_pdu_set_num(&pdu, SMPP_F_interface_version, 0x50);
	smpp_wr_init(&w, octets, sizeof(octets));
	must(smpp_encode(&w, &pdu) >= 0, "a PDU");
	say(x, octets, w.n);
}

/* Reads what is there; -1 at the end, 0 for nothing. */
static inline int
heard(struct end *x, void *p, size_t n)
{
	ssize_t got = read(x->far, p, n);

	return got == 0 ? -1 : got < 0 ? 0 : (int)got;
}

/* The commands of the PDUs that are there, their numbers behind, in words. */
static inline const char *
heard_words(struct end *x)
{
	static char text[512];
	uint8_t in[4096];
	int n = heard(x, in, sizeof(in));
	const struct smpp_pdu_row *row;
	size_t at = 0;

	text[0] = '\0';
	if (n < 0)
		return "end";
	for (int i = 0; i + 16 <= n && at < 400;
	     i += (int)smpp_get_u32(in + i)) {
		row = smpp_pdu_of(smpp_get_u32(in + i + 4));
		at += (size_t)snprintf(text + at, sizeof(text) - at, "%s%s:%u",
		    at > 0 ? " " : "", row == NULL ? "?" : row->name,
		    smpp_get_u32(in + i + 8));
	}
	return text;
}

/* An MC whose ESME is bound. */
static inline void
end_bound(struct end *x)
{
	end_open(x, &mc_conf);
	x->answers = true;
	say_pdu(x, SMPP_C_bind_transceiver, 1);
	turn();
	turn();
	must(smpp_session_bound(&x->l.conn.s), "a bind");
	heard_words(x);
	told(x);
}

#endif
