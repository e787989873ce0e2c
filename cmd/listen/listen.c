/* smpp listen: prints what an SMSC delivers, and acknowledges it then. */
#include "receive.h"

#include <string.h>
#include <unistd.h>

#include "kit/sig.h"
#include "base/clock.h"
#include "words/fieldopt.h"
#include "words/offer.h"

enum {
	GRACE_MS = 2000,   /* for a command that runs when a signal comes */
	STEADY_MS = 10000, /* a connection that held so long was a good one */
};

#define AT(member) offsetof(struct listen_args, member)

static const char *const only_words[] = {"all", "messages", "receipts", NULL};

/* Beside the names of statuses. */
static const char *const ack_words[] = {"after-write", "none", NULL};

static const struct opt listen_opts[] = {
    OPT_SECTION("What to take"),
    {'C', "count", OPT_UINT, AT(count), "N", "stop after N records", 1,
	UINT32_MAX},
    {'W', "wait", OPT_DURATION, AT(wait_ms), "TIME",
	"stop after TIME; exit 1 if nothing came"},
    {0, "only", OPT_ENUM, AT(only), "KIND",
	"print messages or receipts alone (all)", .words = only_words},
    {0, "where", OPT_STR, AT(where), "EXPR",
	"print only that for which EXPR holds"},
    {0, "join", OPT_FLAG, AT(join), NULL,
	"print a message of several parts as one"},
    OPT_SECTION("What to do with it"),
    {0, "exec", OPT_STR, AT(exec), "CMD",
	"run CMD by the shell for each record, its JSON on stdin"},
    {0, "exec-timeout", OPT_DURATION, AT(exec_ms), "TIME",
	"end a CMD that takes longer than TIME (60s)"},
    {0, "ack", OPT_STR, AT(ack), "HOW",
	"answer after-write, with a STATUS of its own, or none (after-write)",
	.words = ack_words, .offer = offer_status},
    {0, "reconnect", OPT_FLAG, AT(reconnect), NULL,
	"connect again when the connection is lost or not to be had"},
    {'n', "dry-run", OPT_FLAG, AT(dry), NULL,
	"say the settings and connect to nothing"},
    OPT_SECTION("An SMSC that connects to us"),
    {0, "outbind", OPT_FLAG, AT(outbind), NULL,
	"wait for an SMSC to connect and send outbind, then bind"},
    {'L', "listen", OPT_STR, AT(address), "ADDR",
	"wait on HOST:PORT, port 0 for any free one"},
    {0, "outbind-id", OPT_STR, AT(outbind_id), "ID",
	"take the outbind of this system_id alone"},
    {0, "outbind-password-file", OPT_FILE, AT(outbind_password), "FILE",
	"take an outbind with the password in FILE alone"},
    {0, "ready-fd", OPT_UINT, AT(ready_fd), "N",
	"when listening, write the address to descriptor N and close it", 1,
	65535},
    OPT_BLOCK(target_opts, AT(target)),
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const listen_examples[] = {
    "smpp listen smpp://acme@localhost",
    "smpp listen localhost -i acme --exec ./handle.sh --reconnect",
    "smpp listen localhost -C 1 -W 30s -F '%{text}\\n'",
    "smpp listen localhost --only receipts --tsv receipt.id,receipt.stat",
    "smpp listen --outbind -L 0.0.0.0:2776 -i acme",
    "smpp listen localhost -j --join --where 'destination_addr==\"12345\"'",
    NULL,
};

/* --ack */
static int
read_ack(struct listen *l)
{
	const struct smpp_status *row;
	const char *ack = l->a.ack;

	l->answers = strcmp(ack, "none") != 0;
	l->status = ESME_ROK;
	if (strcmp(ack, "after-write") == 0)
		return 0;
	/* The command's exit status says how it is answered. */
	if (l->a.exec != NULL)
		return out_usage(
		    l->c, "--ack %s and --exec exclude each other", ack);
	if (!l->answers)
		return 0;
	row = smpp_status_find(smpp_view_str(ack));
	if (row != NULL)
		l->status = row->code;
	if (row != NULL || opt_uint(ack, &l->status) == 0)
		return 0;
	return out_usage(
	    l->c, "--ack: '%s' is neither after-write, none nor a status", ack);
}

/* Before the bind, since a message that comes with it wants to be judged. */
static int
listen_prepare(struct listen *l)
{
	struct ctx *c = l->c;
	int rc = read_ack(l);

	if (rc == 0 && l->a.target.bind == BIND_TX)
		rc = out_usage(
		    c, "a transmitter receives nothing: -b rx or trx");
	if (rc == 0)
		rc = outbind_check(l);
	if (rc == 0)
		rc = where_open(c, "--where", l->a.where, &l->where);
	if (rc == 0 && l->a.join &&
	    (l->join = smpp_join_open(JOIN_OCTETS, JOIN_MS)) == NULL)
		cmd_nomem();
	return rc;
}

static int64_t
listen_min64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static void
say_stats(struct listen *l)
{
	out_say(l->c, 0, "== %u records, %u left out, %u refused, %zu waiting",
	    l->stats.records, l->stats.left_out, l->stats.refused, l->nwaiting);
}

/* Takes notice of signals, and of the time. */
static void
listen_look(struct listen *l)
{
	int64_t now = smpp_clock_ms();

	sig_seen();
	if (sig_usr1())
		say_stats(l);
	/*
	 * A signal cuts short an end that had no limit so far, that of -C or
	 * -W.
	 */
	if (sig_stop() > 0 && (!l->ending || l->grace == SMPP_FOREVER))
		take_end(l, now + GRACE_MS);
	else if (now >= l->stop_at && !l->ending)
		take_end(l, SMPP_FOREVER);
	/*
	 * The command is not waited for any more; its message is not answered,
	 * so the SMSC keeps it.
	 */
	if (sig_stop() > 1)
		hook_kill(&l->hook);
}

/*
 * Whether everything that had to be finished is. At the end messages of which
 * parts are missing are printed as they are, one after the other if a command
 * has to run for each.
 */
static bool
finished(struct listen *l)
{
	if (l->output_lost || sig_stop() > 1)
		return true;
	if (!l->ending)
		return false;
	while (l->hook.pid == 0 && smpp_clock_ms() < l->grace)
		if (!take_leftover(l))
			break;
	return l->hook.pid == 0;
}

/*
 * A peer that takes no answers shall not have us collect them for ever.
 * Answers are small, and a window bounds them; a peer that sends without
 * reading is waited for, and given up when its time is over.
 */
static int
unload(struct listen *l)
{
	struct link *link = &l->link;
	int64_t until;
	int rc;

	if (link->conn->out.n < OUT_HIGH)
		return 0;
	until = smpp_io_deadline(smpp_clock_ms(), l->a.target.response_ms);
	rc = link_flush(link, until);
	if (rc == SMPP_EINTERRUPTED)
		smpp_err_clear(&link->err);
	return rc == SMPP_EINTERRUPTED ? 0 : rc;
}

/* Waits for one event and takes it. Returns 0, or why there will be none. */
static int
serve_one(struct listen *l)
{
	struct link *link = &l->link;
	int64_t until = l->ending ? SMPP_FOREVER : l->stop_at;
	int rc = unload(l);

	if (rc != 0)
		return rc;
	rc = link_next(link, listen_min64(until, take_when(l)));
	/* Both only say that there is something else to look at. */
	if (rc == SMPP_EINTERRUPTED || rc == SMPP_ETIMEOUT) {
		smpp_err_clear(&link->err);
		return 0;
	}
	if (rc != 0)
		return rc;
	if (link->ev.kind == SMPP_EV_UNBIND)
		return smpp_err_set(
		    &link->err, SMPP_ECLOSED, "the peer sent unbind");
	if (link->ev.kind == SMPP_EV_REQUEST || link->ev.kind == SMPP_EV_ONEWAY)
		take_event(l);
	return 0;
}

/* Takes what comes until it is time to end. Returns 0, or why the connection
 * is lost. */
static int
serve(struct listen *l)
{
	int rc = 0;

	while (rc == 0) {
		listen_look(l);
		take_due(l);
		if (finished(l))
			break;
		rc = serve_one(l);
	}
	return rc;
}

static bool
ended(const struct listen *l)
{
	return l->ending || l->output_lost || l->exit != 0 || sig_stop() > 0;
}

/* Waits without a connection: for a signal, for what is due, or until then. */
static void
listen_wait(struct listen *l, int64_t until)
{
	l->exit = link_wait(&l->link, listen_min64(until, take_when(l)));
}

/* Waits until an SMSC connects. Returns a descriptor, or -1 at the end. */
static int
await_smsc(struct listen *l)
{
	int fd;

	smpp_listener_pause(&l->listener, false);
	while (l->came < 0) {
		listen_look(l);
		take_due(l);
		if (ended(l))
			return -1;
		listen_wait(l, l->stop_at);
	}
	fd = l->came;
	l->came = -1;
	return fd;
}

/*
 * Has the connection made with the password, by the time there is, or takes
 * the one that an SMSC made. Kept for the next connection where there may be
 * one, wiped where there is none. The time limit bounds the opening, and the
 * wait of -W begins when it is bound.
 */
static int
open_link(struct listen *l, int fd)
{
	struct target *t = &l->a.target;
	int64_t now = smpp_clock_ms();
	int rc;

	t->password = l->password;
	if (!l->a.reconnect && !l->a.outbind)
		secret_wipe(&l->password);
	if (l->stop_at != SMPP_FOREVER)
		t->total_ms = l->stop_at > now ? l->stop_at - now : 1;
	rc = fd >= 0 ? outbind_link(l, fd) : link_open(&l->link, 1);
	if (rc != 0)
		return rc;
	l->linked = true;
	l->link.deadline = SMPP_FOREVER;
	if (l->a.wait_ms > 0)
		l->stop_at = listen_min64(
		    l->stop_at, smpp_clock_ms() + l->a.wait_ms);
	l->a.wait_ms = 0;
	return 0;
}

/* Whether another connection may be a better one. */
static bool
may_pass(const struct listen *l, int exit)
{
	if (l->a.outbind)
		return true;
	if (exit != SMPP_EXIT_BIND)
		return exit == SMPP_EXIT_CONNECT || exit == SMPP_EXIT_PEER;
	return smpp_retry_mends(l->link.pdu.command_status);
}

/*
 * Says that the connection was lost, and closes what is left of it. What was
 * not answered is not lost: the SMSC sends it again.
 */
static int
listen_lost(struct listen *l)
{
	const char *peer = l->link.conn->peer, *why = l->link.err.msg;

	if (l->a.reconnect || l->a.outbind)
		out_say(l->c, 0, "== connection to %s lost: %s", peer, why);
	else
		out_error(l->c, SMPP_EXIT_PEER, "link",
		    "connection to %s lost: %s", peer, why);
	take_lost(l);
	return cmd_worse(SMPP_EXIT_PEER, link_close(&l->link));
}

/* As grep does: 1 when nothing came. */
static int
listen_outcome(const struct listen *l)
{
	return l->stats.records > 0 ? SMPP_EXIT_OK : SMPP_EXIT_NO;
}

/* One connection. Returns an exit class; *again says that another may help. */
static int
listen_session(struct listen *l, bool *again)
{
	int64_t began = smpp_clock_ms();
	int fd = -1, rc;

	*again = false;
	if (l->a.outbind && (fd = await_smsc(l)) < 0)
		return listen_outcome(l);
	rc = open_link(l, fd);
	*again = rc != 0 && may_pass(l, rc);
	if (rc != 0)
		return rc;
	rc = serve(l);
	/*
	 * A connection that held begins the pauses anew; one that breaks at
	 * once makes them longer.
	 */
	if (smpp_clock_ms() - began >= STEADY_MS)
		l->pause_ms = 0;
	*again = rc != 0;
	if (rc != 0)
		return listen_lost(l);
	if (sig_stop() < 2)
		sig_seen(); /* so that a command that ended wakes nobody */
	take_lost(l);
	return cmd_worse(listen_outcome(l), link_close(&l->link));
}

/* Without a connection: what a command says is of no use to anybody now, but
 * it is let finish before the next one begins. */
static void
await_hook(struct listen *l)
{
	for (;;) {
		listen_look(l);
		take_due(l);
		if (l->hook.pid == 0 || l->exit != 0)
			break;
		listen_wait(l, SMPP_FOREVER);
	}
}

/* Waits before the next attempt to connect, longer each time. Returns false
 * when it is time to end. */
static bool
pause_a_while(struct listen *l)
{
	const int64_t ms = smpp_retry_pause(
	    &SMPP_RETRY_USUAL, &l->pause_ms, &l->link.e.rng);
	int64_t until = listen_min64(smpp_clock_ms() + ms, l->stop_at);

	listen_look(l);
	if (ended(l))
		return false;
	out_say(l->c, 0, "== trying again in %.1f s", (double)ms / 1e3);
	while (!ended(l) && smpp_clock_ms() < until) {
		listen_wait(l, until);
		listen_look(l);
		take_due(l);
	}
	return !ended(l);
}

/*
 * One connection after the other. Returns an exit class. With --outbind it is
 * the SMSC that decides when to come, so there is no pause.
 */
static int
listen_loop(struct listen *l)
{
	bool again;
	int rc;

	do {
		rc = listen_session(l, &again);
		await_hook(l);
		again = again && (l->a.reconnect || l->a.outbind);
	} while (again && (l->a.outbind || pause_a_while(l)));
	while (!l->output_lost && sig_stop() < 2 &&
	       smpp_clock_ms() < l->grace && take_leftover(l))
		await_hook(l);
	if (l->exit != 0)
		return l->exit;
	return again ? listen_outcome(l) : rc;
}

/* Listens, for --outbind; the time of -W begins. */
static int
begin_outbind(struct listen *l)
{
	int64_t now = smpp_clock_ms();
	int rc = 0;

	/* Without a host no password was looked for yet. */
	if (l->a.target.host == NULL)
		rc = target_password(l->c, &l->a.target);
	if (rc != 0)
		return rc;
	l->stop_at = listen_min64(
	    l->stop_at, smpp_io_deadline(now, l->a.wait_ms));
	l->a.wait_ms = 0;
	return outbind_open(l);
}

/* Everything is known: does it. */
static int
listen_go(struct listen *l)
{
	struct target *t = &l->a.target;
	int rc;

	l->stop_at = smpp_io_deadline(smpp_clock_ms(), t->total_ms);
	sig_catch();
	sig_child();
	rc = link_init(&l->link, l->c, t);
	l->link.judges = true;
	if (rc == 0)
		rc = l->a.outbind ? begin_outbind(l) : target_required(l->c, t);
	l->password = t->password;
	return rc != 0 ? rc : listen_loop(l);
}

static int
listen_run(struct ctx *c, int argc, char **argv)
{
	struct listen *l = cmd_alloc(c, sizeof(*l));
	struct target *t = &l->a.target;
	int rc;

	l->c = c;
	l->came = -1;
	l->a.exec_ms = 60000;
	l->a.ack = "after-write";
	l->last = &l->first;
	l->grace = SMPP_FOREVER;
	target_init(t);
	rc = opt_parse(c, argc, argv, &l->a);
	if (rc >= 0)
		return rc;
	/*
	 * As a receiver: nothing is sent, and another session may be the
	 * transmitter.
	 */
	rc = target_resolve(c, t, BIND_RX);
	if (rc == 0)
		rc = listen_prepare(l);
	if (rc == 0 && l->a.dry)
		target_show(c, t);
	else if (rc == 0)
		rc = listen_go(l);
	secret_wipe(&l->password);
	secret_wipe(&l->wanted);
	if (l->came >= 0)
		close(l->came);
	link_fini(&l->link);
	take_free(l);
	return rc;
}

const struct cmd cmd_listen = {
    .name = "listen",
    .brief = "print what an SMSC delivers",
    .args = "[TARGET] [OPTION]...",
    .examples = listen_examples,
    .opts = listen_opts,
    .stream = true,
    .run = listen_run,
};
