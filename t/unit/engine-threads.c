/* lib/net/engine in several threads: one each, connections handed over. */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "net/engine.h"
#include "tap.h"

enum { WORKERS = 3, CLIENTS = 12 };

/* A thread that serves what comes through its pipe: connections, whole. */
struct worker {
	pthread_t thread;
	struct smpp_engine e;
	struct smpp_watch watch;
	int pipe[2];
	struct smpp_link links[CLIENTS];
	unsigned n;
};

static struct worker workers[WORKERS];
static atomic_uint served, ended, clients_done;
static char port[8];

static void
serve(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	(void)issues;
	if (ev->kind != SMPP_EV_REQUEST)
		return;
	atomic_fetch_add(&served, 1);
	smpp_conn_reply(&l->conn, pdu, ESME_ROK);
}

static void
serve_down(struct smpp_link *l, const struct smpp_err *why)
{
	(void)l, (void)why;
	atomic_fetch_add(&ended, 1);
}

static const struct smpp_link_ops serve_ops = {
    .event = serve, .down = serve_down};

/* A connection has been handed over, with what was read of it. */
static void
take_over(struct smpp_watch *w, bool in, bool out)
{
	struct worker *k = w->arg;
	struct smpp_link *l = &k->links[k->n];
	struct smpp_conn conn;

	(void)in, (void)out;
	if (read(w->fd, &conn, sizeof(conn)) != (ssize_t)sizeof(conn))
		return;
	smpp_link_init(l, &k->e, &serve_ops, k);
	l->conn = conn;
	if (smpp_link_adopt(l) == 0)
		k->n++;
}

static void *
work(void *arg)
{
	struct worker *k = arg;

	while (atomic_load(&ended) < CLIENTS)
		if (smpp_engine_turn(&k->e, smpp_clock_ms() + 10) != 0)
			break;
	return NULL;
}

/* --- the thread that listens, and gives away what has bound --- */

static struct smpp_link doors[CLIENTS];
static unsigned ndoors;

static void
door_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	struct worker *k = &workers[(l - doors) % WORKERS];
	struct smpp_conn conn;

	serve(l, pdu, issues, ev);
	if (smpp_session_bound(&l->conn.s) &&
	    smpp_link_release(l, &conn) == 0 &&
	    write(k->pipe[1], &conn, sizeof(conn)) != (ssize_t)sizeof(conn))
		_exit(1);
}

static const struct smpp_link_ops door_ops = {.event = door_event};

static void
come(struct smpp_listener *listener, int fd, const char *peer)
{
	const struct smpp_session_conf conf = {
	    .role = SMPP_MC, .ver = SMPP_V50, .window = 10};
	struct smpp_link *l = &doors[ndoors++];

	(void)peer;
	smpp_link_init(l, listener->e, &door_ops, NULL);
	if (smpp_conn_init(&l->conn, fd, &conf) != 0 || smpp_link_adopt(l) != 0)
		_exit(1);
}

/* --- clients, each with an engine of its own --- */

static bool
client_bind(struct smpp_link *l, struct smpp_pdu *pdu)
{
	(void)l;
	smpp_pdu_init(pdu, SMPP_C_bind_transceiver, 0, SMPP_V50);
	smpp_pdu_set_num(pdu, SMPP_F_interface_version, 0x50);
	return true;
}

static void
client_send(struct smpp_link *l)
{
	struct smpp_pdu pdu;

	while (smpp_link_room(l) > 0) {
		smpp_pdu_init(&pdu, SMPP_C_submit_sm, 0, SMPP_V50);
		smpp_conn_send(&l->conn, &pdu, 0);
	}
}

static void
client_up(struct smpp_link *l, const struct smpp_pdu *resp)
{
	if (resp != NULL)
		client_send(l);
}

static void
client_event(struct smpp_link *l, struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_event *ev)
{
	unsigned *n = l->user;

	(void)pdu, (void)issues;
	if (ev->kind != SMPP_EV_RESPONSE ||
	    ev->request.command_id != SMPP_C_submit_sm)
		return;
	if (++*n == 200)
		smpp_link_unbind(l, smpp_clock_ms() + 5000);
	else if (*n < 200)
		client_send(l);
}

static void *
client(void *arg)
{
	static const struct smpp_link_ops ops = {
	    .bind = client_bind, .up = client_up, .event = client_event};
	struct smpp_dial_conf conf = {
	    .to = {.host = arg != NULL ? "localhost" : "127.0.0.1",
		.port = port},
	    .session = {.role = SMPP_ESME, .ver = SMPP_V50, .window = 5},
	};
	struct smpp_tls_conf tls = {.insecure = true};
	struct smpp_tls_client *ctx = NULL;
	struct smpp_engine e;
	struct smpp_link l;
	struct smpp_err err;
	unsigned n = 0;

	smpp_err_clear(&err);
	smpp_tls_client_open(&ctx, &tls, &err); /* all at the same time */
	if (smpp_engine_init(&e) != 0)
		return NULL;
	smpp_link_init(&l, &e, &ops, &n);
	smpp_link_dial(&l, &conf);
	while (l.state != SMPP_LINK_IDLE)
		if (smpp_engine_turn(&e, smpp_clock_ms() + 1000) != 0)
			break;
	smpp_engine_fini(&e);
	smpp_tls_client_close(ctx);
	atomic_fetch_add(&clients_done, n >= 200);
	return NULL;
}

static bool
begin(struct worker *k)
{
	if (pipe(k->pipe) != 0 || smpp_engine_init(&k->e) != 0)
		return false;
	k->watch = (struct smpp_watch){
	    .fd = k->pipe[0], .fn = take_over, .arg = k};
	return smpp_watch_add(&k->e, &k->watch, true, false) == 0 &&
	       pthread_create(&k->thread, NULL, work, k) == 0;
}

int
main(void)
{
	struct smpp_listener listener = {.accept = come};
	const int64_t end = smpp_clock_ms() + 60000;
	pthread_t threads[CLIENTS];
	struct smpp_engine e;
	struct smpp_err err;
	bool good = true;

	signal(SIGPIPE, SIG_IGN);
	smpp_err_clear(&err);
	ok(smpp_engine_init(&e) == 0, "an engine");
	ok(smpp_listener_open(&e, &listener, "127.0.0.1", "0", &err) == 0,
	    "that listens");
	snprintf(port, sizeof(port), "%s", strrchr(listener.name, ':') + 1);
	for (int i = 0; i < WORKERS; i++)
		good = good && begin(&workers[i]);
	ok(good, "%d that serve", WORKERS);
	for (int i = 0; i < CLIENTS; i++)
		good = good && pthread_create(&threads[i], NULL, client,
				   i % 2 ? NULL : "") == 0;
	ok(good, "%d that send", CLIENTS);
	while (good && atomic_load(&ended) < CLIENTS && smpp_clock_ms() < end)
		smpp_engine_turn(&e, smpp_clock_ms() + 10);
	is_int((int)atomic_load(&ended), CLIENTS, "all came to their end");
	atomic_store(&ended, CLIENTS);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < WORKERS; i++) {
		pthread_join(workers[i].thread, NULL);
		smpp_engine_fini(&workers[i].e);
	}
	is_int((int)atomic_load(&clients_done), CLIENTS, "with all answers");
	ok(atomic_load(&served) >= CLIENTS * 201, "from where they went");
	smpp_engine_fini(&e);
	return tap_done();
}
