/* smpp smsc: an SMSC for tests, which takes everything and forwards nothing. */
#include "smsc.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kit/fds.h"
#include "kit/sig.h"
#include "words/dictfile.h"
#include "words/fieldopt.h"

enum {
	STOP_MS = 2000,
	STATS_MS = 1000,
	OUT_HIGH = 256 * 1024, /* a peer that reads less is not read either */
};

#define AT(member) offsetof(struct smsc_args, member)

static const struct opt smsc_opts[] = {
    {'L', "listen", OPT_LIST, AT(listen), "ADDR",
	"listen on [smpp://|smpps://]HOST:PORT, port 0 for any free one; may "
	"be repeated (127.0.0.1:2775)"},
    {0, "ready-fd", OPT_UINT, AT(ready_fd), "N",
	"when listening, write HOST:PORT to descriptor N and close it", 1,
	65535},
    {0, "until-eof", OPT_FLAG, AT(until_eof), NULL,
	"end when standard input does"},
    {0, "outbind", OPT_LIST, AT(outbind), "ADDR",
	"connect to an ESME that listens on HOST:PORT and ask it to bind"},
    {0, "stats", OPT_FLAG, AT(stats), NULL,
	"print the counts every second and at the end"},
    OPT_SECTION("Who may bind"),
    {0, "user", OPT_LIST, AT(users), "ID",
	"let only this system_id bind; may be repeated"},
    {0, "password-file", OPT_FILE, AT(password_file), "FILE",
	"the password of --user is the first line of FILE"},
    {0, "accounts", OPT_FILE, AT(accounts), "FILE",
	"let those bind that FILE has a section of"},
    {0, "login-delay", OPT_DURATION, AT(login_delay), "TIME",
	"answer a wrong password so much later (1s)"},
    {0, "bind-timeout", OPT_DURATION, AT(bind_timeout), "TIME",
	"close a connection on which no bind came (60s)"},
    {0, "tls-cert", OPT_FILE, AT(tls_cert), "FILE",
	"speak TLS with this certificate chain"},
    {0, "tls-key", OPT_FILE, AT(tls_key), "FILE",
	"the key of the certificate (the file of --tls-cert)"},
    {0, "tls-ca", OPT_FILE, AT(tls_ca), "FILE",
	"want a certificate of each client, signed by one of FILE"},
    OPT_SECTION("Messages"),
    {0, "receipt", OPT_STR, AT(receipt), "STAT[:TIME]",
	"send receipts that say STAT, TIME after the message; shares as "
	"DELIVRD=90,UNDELIV=10; none for none (DELIVRD:1s)"},
    {0, "receipt-style", OPT_STR, AT(style), "WORD,...",
	"text, tlv, both, no-sub, seconds, no-text, hex, decimal, padded, "
	"upper, nul, other-bind, early, twice, intermediate, data-sm (both)"},
    {0, "receipt-keep", OPT_FLAG, AT(keep), NULL,
	"keep what is for an account until it binds to receive (1m)"},
    {0, "id-format", OPT_ENUM, AT(id_format), "FORM",
	"how message ids look (hex)", .words = smpp_mc_ids},
    {0, "dl", OPT_LIST, AT(lists), "NAME=ADDR,...",
	"a distribution list for submit_multi; may be repeated"},
    {0, "store", OPT_UINT, AT(store), "N",
	"remember the last N messages (100k)", 1, 10000000},
    {0, "echo", OPT_FLAG, AT(echo), NULL,
	"send every message back to who submitted it"},
    {0, "enquire-link", OPT_DURATION, AT(enquire), "TIME",
	"ask whether a peer is alive after TIME without a PDU (0, never)"},
    {0, "time-scale", OPT_UINT, AT(time_scale), "N",
	"the clock of schedules, validities and receipts runs N times as fast "
	"(1)",
	1, 1000000},
    {0, "seed", OPT_UINT, AT(seed), "N", "repeat what is drawn by lot"},
    DICTIONARY_OPT(AT(dictionary)),
    OPT_SECTION("Rules"),
    OPT_BLOCK(rule_opts, AT(rules)),
    OPT_SECTION("Messages from phones"),
    {0, "mo", OPT_FILE, AT(mo), "FILE",
	"deliver the messages of JSON lines, - for stdin, as they come"},
    {0, "mo-rate", OPT_RATE, AT(mo_rate), "RATE",
	"at most so many a second, 600/m for a minute (no limit)"},
    {0, "mo-split", OPT_ENUM, AT(mo_split), "HOW",
	"how long texts are sent (udh)", .words = mo_splits},
    {0, "mo-shuffle", OPT_FLAG, AT(mo_shuffle), NULL,
	"parts of a long text come in any order"},
    {0, "mo-lose", OPT_UINT, AT(mo_lose), "PERCENT",
	"leave out so many of the parts", 0, 100},
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const smsc_examples[] = {
    "smpp smsc -L 127.0.0.1:2775",
    "smpp smsc --receipt UNDELIV:5s -j",
    "smpp smsc -L 127.0.0.1:0 --ready-fd 3 3>port",
    NULL,
};

/* Says how it went so far. */
static void
smsc_report(struct smsc *mc)
{
	rules_print(mc);
	console_stats(mc);
}

void
smsc_timer(struct smsc *mc, struct smpp_timer *t, int64_t at)
{
	centre_check(smpp_timer_set(&mc->e.timers, t, at));
}

/* --- turns --- */

static void
smsc_flush(struct smsc *mc)
{
	if (out_flush(mc->c->out) != 0)
		mc->output_lost = true;
}

/*
 * What the peers asked for is shown before they hear of it. The order matters
 * for logs: a message that a client was told of is in them, even if we are
 * killed after it. Lost output ends the engine's turn before the answers are
 * written: no message is acknowledged that nobody could see.
 */
static int
smsc_settle(struct smpp_engine *e)
{
	struct smsc *mc = e->user;

	smsc_flush(mc);
	return mc->output_lost ? SMPP_EIO : 0;
}

/* One round: everything that is ready, then everything that is to be said. */
static void
smsc_turn(struct smsc *mc, int64_t deadline)
{
	centre_check(smpp_engine_turn(&mc->e, deadline));
	/* Who could not be written to is gone, which nothing else would show
	 * before the next turn. */
	smsc_flush(mc);
	/*
	 * After the turn: signals only wake the loop, here is what they ask
	 * for.
	 */
	if (sig_usr1())
		smsc_report(mc);
	if (sig_hup()) {
		rules_reload(mc);
		accounts_reload(mc);
	}
}

/*
 * Unbinds everybody and waits a little for their answers. Listening ends
 * first, or a client that comes back at once would be bound anew. Two seconds,
 * or a second signal.
 */
static void
smsc_stop(struct smsc *mc)
{
	int64_t until = smpp_clock_ms() + STOP_MS;

	mc->stopping = mc->centre.stopping = true;
	listen_close(mc);
	sig_seen();
	for (struct smpp_link *l = mc->e.links; l != NULL; l = l->next)
		peer_stop(peer_of(l));
	while (mc->e.nlinks > 0 && sig_stop() < 2 && !mc->output_lost &&
	       smpp_clock_ms() < until)
		smsc_turn(mc, until);
}

/*
 * Also after a start that failed half way: each part accepts not to have been
 * made.
 */
static void
smsc_finish(struct smsc *mc)
{
	mc->stopping = mc->centre.stopping = true;
	/* Peers have timers and deliveries, the centre has both. */
	while (mc->e.links != NULL)
		peer_free(peer_of(mc->e.links));
	mo_free(mc);
	smpp_mc_fini(&mc->centre);
	smpp_engine_fini(&mc->e);
	smpp_tls_server_close(mc->tls);
	rules_free(mc);
}

/* --- what there is besides peers --- */

/* From now, not from when it was due: a machine that slept prints one. */
static void
every_second(struct smpp_timer *t, int64_t now)
{
	struct smsc *mc = t->arg;

	console_stats_record(mc);
	smsc_timer(mc, t, now + STATS_MS);
}

/* A signal: smsc_turn() looks what it was. */
static void
on_signal(struct smpp_watch *w, bool in, bool out)
{
	(void)w;
	(void)in;
	(void)out;
}

/*
 * What comes is thrown away: standard input is only held open by who wants us
 * to live.
 */
static void
on_eof(struct smpp_watch *w, bool in, bool out)
{
	struct smsc *mc = w->arg;
	char drop[4096];

	(void)in;
	(void)out;
	if (read(STDIN_FILENO, drop, sizeof(drop)) <= 0)
		mc->ended = true;
}

static void
on_output(struct smpp_watch *w, bool in, bool out)
{
	struct smsc *mc = w->arg;

	(void)in;
	(void)out;
	out_woken(mc->c->out);
}

/* Has fn run when a descriptor can be read. Returns 0 or SMPP_E*. */
static int
smsc_watch(struct smsc *mc, struct smpp_watch *w, int fd,
    void (*fn)(struct smpp_watch *w, bool in, bool out))
{
	*w = (struct smpp_watch){.fd = fd, .fn = fn, .arg = mc};
	return smpp_watch_add(&mc->e, w, true, false);
}

/*
 * Standard input tells when to end; a file or nothing at all is at its end.
 * With --mo - the reader of messages sees the end itself.
 */
static void
watch_eof(struct smsc *mc)
{
	if (mc->a.mo != NULL && strcmp(mc->a.mo, "-") == 0)
		return;
	if (smsc_watch(mc, &mc->eof, STDIN_FILENO, on_eof) != 0)
		mc->ended = true;
}

static int
smsc_start(struct smsc *mc)
{
	int rc, fd;

	fds_allow(UINT32_MAX); /* each connection takes one */
	fd = out_serve(mc->c);
	if (fd == -1)
		return SMPP_EXIT_LOCAL;
	if (smsc_watch(mc, &mc->signals, sig_fd(), on_signal) != 0 ||
	    smsc_watch(mc, &mc->output, fd, on_output) != 0)
		return out_errno(mc->c, SMPP_EXIT_LOCAL, "listen", "epoll");
	/*
	 * Before listening: a file that is not there is told before a test
	 * thinks that we are ready.
	 */
	rc = mo_open(mc);
	if (rc == 0)
		rc = listen_open(mc);
	if (rc == 0)
		rc = outbind_all(mc);
	if (rc == 0 && mc->a.until_eof)
		watch_eof(mc);
	mc->stats_timer = (struct smpp_timer){.fn = every_second, .arg = mc};
	if (mc->a.stats)
		smsc_timer(mc, &mc->stats_timer, mc->e.now + STATS_MS);
	return rc;
}

/* --- the command --- */

/*
 * What the options say, as far as it is more than a value. The centre lies
 * between: it is made of the options before it, and accounts and rules go into
 * it.
 */
static int
set_up(struct smsc *mc)
{
	int rc = fates_read(mc->c, &mc->fates, "--receipt", mc->a.receipt);

	if (rc == 0)
		rc = style_read(mc);
	if (rc == 0)
		rc = lists_open(mc);
	if (rc == 0) {
		centre_open(mc);
		rc = accounts_open(mc);
	}
	if (rc == 0)
		rc = rules_open(mc);
	return rc;
}

static int
smsc_loop(struct smsc *mc)
{
	int rc = smsc_start(mc);

	if (rc != 0)
		return rc;
	while (sig_stop() == 0 && !mc->output_lost && !mc->ended)
		smsc_turn(mc, SMPP_FOREVER);
	if (!mc->output_lost)
		smsc_stop(mc);
	if (mc->a.stats && !mc->output_lost)
		console_stats_record(mc);
	smsc_report(mc);
	return mc->rc;
}

/* Makes the engine, and says what a peer may take. */
static int
smsc_engine(struct smsc *mc)
{
	int rc = smpp_engine_init(&mc->e);

	centre_check(rc);
	if (rc != 0)
		return out_errno(mc->c, SMPP_EXIT_LOCAL, "listen", "epoll");
	mc->e.user = mc;
	mc->e.settle = smsc_settle;
	mc->e.limits.high = OUT_HIGH;
	return 0;
}

static int
smsc_run(struct ctx *c, int argc, char **argv)
{
	struct smsc *mc = cmd_alloc(c, sizeof(*mc));
	int rc;

	*mc = (struct smsc){
	    .c = c,
	    .a = {.receipt = "DELIVRD",
		.time_scale = 1,
		.store = 100000,
		.bind_timeout = 60000,
		.login_delay = 1000,
		/* A different one each time, told with -v, to be repeated. */
		.seed = (uint32_t)smpp_clock_ns()},
	};
	rc = opt_parse(c, argc, argv, &mc->a);
	if (rc >= 0)
		return rc;
	mc->rng.state = mc->a.seed;
	mc->pool.rng = &mc->rng;
	rc = smsc_engine(mc);
	if (rc == 0)
		rc = set_up(mc);
	if (rc == 0) {
		sig_catch();
		sig_reload();
		rc = smsc_loop(mc);
	}
	smsc_finish(mc);
	return rc;
}

const struct cmd cmd_smsc = {
    .name = "smsc",
    .brief = "simulate an SMSC, for tests",
    .args = "[OPTION]...",
    .examples = smsc_examples,
    .opts = smsc_opts,
    .run = smsc_run,
};
