/* smpp load: what an SMSC can take, and how it behaves then. */
#include "load.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "words/names.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "words/fieldopt.h"
#include "words/offer.h"

enum {
	WAIT_MS = 10000, /* for receipts */
	DURATION_MS = 10000,
	STEP_MS = 2000, /* of --find-max */
	WINDOW = 10,
	WINDOW_MAX = 1000000,
	SESSIONS_MAX = 60000,
	CAREFUL = 100, /* messages a second that nobody has to confirm */
};

#define AT(member) offsetof(struct load_args, member)

static const struct opt load_opts[] = {
    OPT_SECTION("Load"),
    {'R', "rate", OPT_STR, AT(rate), "RATE",
	"messages a second, 600/m for a minute, or max (10)"},
    {0, "ramp", OPT_STR, AT(ramp), "A..B:TIME",
	"go from rate A to B within TIME"},
    {0, "duration", OPT_DURATION, AT(duration_ms), "TIME",
	"send for so long (10s)"},
    {'C', "count", OPT_UINT, AT(count), "N", "send so many messages", 1,
	UINT32_MAX},
    {0, "sessions", OPT_UINT, AT(sessions), "N", "over so many sessions (1)", 1,
	SESSIONS_MAX},
    {0, "window", OPT_UINT, AT(window), "N",
	"with so many requests open in each (10)", 1, WINDOW_MAX},
    {0, "fail-if", OPT_LIST, AT(fail_if), "EXPR",
	"fail if a figure is so: p99>250ms, errors>1%, rate<400/s; may be "
	"repeated"},
    {0, "every", OPT_DURATION, AT(every_ms), "TIME",
	"print the figures of each TIME", 10, 86400000},
    {0, "find-max", OPT_FLAG, AT(find_max), NULL,
	"try windows, sessions and rates to find out how much goes"},
    {0, "report", OPT_FILE, AT(report), "FILE",
	"write a page for browsers, new every second"},
    {0, "csv", OPT_FILE, AT(csv), "FILE",
	"write the figures of each interval as comma-separated values"},
    {0, "hdr", OPT_FILE, AT(hdr), "FILE",
	"write the percentiles of latency, as HdrHistogram does"},
    {0, "yes", OPT_FLAG, AT(yes), NULL,
	"do not ask before more than 100/s go to another machine"},
    OPT_SECTION("Messages"),
    {'d', "destination-addr", OPT_STR, AT(message.dest), "ADDR[,TON,NPI]",
	"send to these addresses: 49{rand:8}, {seq:0000..0999}, {n}, "
	"{file:PATH}",
	.alias = "to"},
    {'s', "source-addr", OPT_STR, AT(message.source), "ADDR[,TON,NPI]",
	"send from these addresses", .alias = "from"},
    {'m', "text", OPT_STR, AT(message.text), "TEXT",
	"the text, in which {n} and the like count, too"},
    {'e', "encoding", OPT_STR, AT(message.encoding), "ALPHABET",
	"encode the text in ALPHABET: gsm7, ascii, latin1, ucs2, ... (auto)",
	.offer = offer_encoding},
    {0, "split", OPT_STR, AT(message.split), "METHOD",
	"send long texts as udh, udh16, sar, payload, or none (udh)",
	.offer = offer_split},
    {'r', "receipt", OPT_FLAG, AT(message.receipt), NULL,
	"ask for receipts and match them"},
    {'W', "wait", OPT_DURATION, AT(wait_ms), "TIME",
	"the same, and wait so long for the last ones (10s)"},
    {'n', "dry-run", OPT_FLAG, AT(dry), NULL,
	"print the first message and connect to nothing"},
    OPT_BLOCK(target_opts, AT(target)),
    OPT_OUTPUT_ROWS,
    OPT_SECTION("Fields of submit_sm"),
    OPT_PDU_ROWS(SMPP_C_submit_sm, AT(message.fields)),
    OPT_END,
};

static const char *const load_examples[] = {
    "smpp load localhost -s ACME -d '49170{rand:7}' -m 'test {n}' -R 50",
    "smpp load localhost -s A -d 1 -m x -R max --window 100 --fail-if "
    "'p99>20ms'",
    "smpp load localhost -s A -d 1 -m x -R 200 -C 10k -j --every 1s",
    NULL,
};

/* "A..B:TIME", two rates and a time. */
static int
read_ramp(struct load *l)
{
	char *a = cmd_printf(l->c, "%s", l->a.ramp);
	char *b = strstr(a, ".."), *time = strrchr(a, ':');
	struct plan *p = &l->plan;
	int64_t ms = 0;

	if (l->a.rate != NULL)
		return out_usage(l->c, "--rate and --ramp exclude each other");
	/* The last colon: rates have none, but the time is behind it. */
	if (b != NULL && time != NULL && time > b) {
		*b = *time = '\0';
		if (opt_rate(a, &p->a) == 0 && opt_rate(b + 2, &p->b) == 0 &&
		    opt_duration(time + 1, &ms) == 0 && ms > 0 &&
		    p->a + p->b > 0) {
			p->ramp = (double)ms / 1e3;
			return 0;
		}
	}
	return out_usage(
	    l->c, "--ramp: '%s' is not A..B:TIME, as 10..500:1m", l->a.ramp);
}

static int
read_rate(struct load *l)
{
	const char *rate = l->a.rate == NULL ? "10" : l->a.rate;
	struct plan *p = &l->plan;

	if (l->a.ramp != NULL)
		return read_ramp(l);
	p->max = strcmp(rate, "max") == 0;
	if (p->max || (opt_rate(rate, &p->a) == 0 && p->a > 0)) {
		p->b = p->a;
		return 0;
	}
	return out_usage(
	    l->c, "--rate: '%s' is not a rate, as 50, 600/m or max", rate);
}

/*
 * How long it goes: what was given, or the ramp, or 10 s. With a count it goes
 * on until all are sent, with a ramp until its top. --time-limit bounds
 * everything else.
 */
static void
load_set_end(struct load *l)
{
	const int64_t total = l->a.target.total_ms;
	struct plan *p = &l->plan;

	p->count = l->a.count;
	p->duration_ms = l->a.duration_ms;
	if (p->duration_ms < 0 && p->ramp > 0 && p->count == 0)
		p->duration_ms = (int64_t)(p->ramp * 1e3);
	else if (p->duration_ms < 0)
		p->duration_ms = p->count > 0    ? 0
				 : l->a.find_max ? STEP_MS
						 : DURATION_MS;
	if (total > 0 && (p->duration_ms == 0 || total < p->duration_ms))
		p->duration_ms = total;
}

static int
load_make_plan(struct load *l)
{
	struct load_args *a = &l->a;
	struct plan *p = &l->plan;
	int rc = read_rate(l);

	for (size_t i = 0; rc == 0 && i < a->fail_if.n; i++)
		rc = limit_parse(l->c, &l->limit, a->fail_if.v[i]);
	if (rc != 0)
		return rc;
	load_set_end(l);
	p->sessions = a->sessions > 0 ? a->sessions : 1;
	p->window = a->window > 0 ? a->window : WINDOW;
	p->wait_ms = a->wait_ms >= 0      ? a->wait_ms
		     : a->message.receipt ? WAIT_MS
					  : -1;
	a->message.receipt = p->wait_ms >= 0;
	p->quiet = a->target.bind == BIND_RX;
	if (a->find_max &&
	    (a->rate != NULL || a->ramp != NULL || a->count > 0 || p->quiet ||
		a->every_ms > 0 || a->report != NULL || a->csv != NULL ||
		a->hdr != NULL))
		return out_usage(l->c,
		    "--find-max: not with --rate, --ramp, "
		    "--count, --every, --report, --csv, --hdr "
		    "or -b rx");
	if (a->target.bind == BIND_TRX && a->target.ver == SMPP_V33)
		return out_usage(l->c,
		    "SMPP 3.3 has no transceiver: load it with "
		    "-b tx, without receipts, or -b rx");
	/* A trace is a sequence of octets of one connection. */
	if (p->sessions > 1 && a->target.trace != NULL)
		return out_usage(l->c, "--trace: of one session only");
	if (!p->quiet && a->message.dest == NULL)
		return out_usage(l->c, "no destination: give -d");
	if (!p->quiet && a->message.text == NULL)
		return out_usage(l->c, "no text: give -m");
	return 0;
}

/* Whether a target is this machine. A name other than localhost may be any. */
static bool
is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 ||
	       strncmp(host, "127.", 4) == 0 || strcmp(host, "::1") == 0;
}

/*
 * Asks on the terminal. Returns whether the answer was yes. On the terminal
 * itself: standard input may be something else.
 */
static bool
confirmed(struct load *l)
{
	int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char answer[16] = "";
	const char *question;
	ssize_t n = -1;

	if (fd < 0)
		return false;
	question = cmd_printf(l->c,
	    "Send more than %d messages a second to "
	    "%s? [y/N] ",
	    CAREFUL, l->a.target.name);
	if (write(fd, question, strlen(question)) > 0)
		n = read(fd, answer, sizeof(answer));
	close(fd);
	return n > 0 && (answer[0] == 'y' || answer[0] == 'Y');
}

/*
 * Nobody floods an SMSC by forgetting an option. -R max and a search have no
 * bound at all, and a digit too many in a rate is typed soon.
 */
static int
be_careful(struct load *l)
{
	const struct plan *p = &l->plan;
	const struct target *t = &l->a.target;

	if (l->a.yes || p->quiet || is_loopback(t->host) ||
	    (!l->a.find_max && !p->max && p->a <= CAREFUL && p->b <= CAREFUL))
		return 0;
	if (!t->secret.no_input && isatty(STDIN_FILENO) && confirmed(l))
		return 0;
	out_hint(l->c, "--yes, if that SMSC is meant to take it");
	return out_usage(l->c,
	    "more than %d messages a second to %s, which is another machine",
	    CAREFUL, t->name);
}

/* Makes sure that what is to be written can be, before anything is sent. */
static int
open_files(struct load *l, const struct figures *none)
{
	int csv = file_open(l->c, &l->csv, l->a.csv);
	int hdr = file_open(l->c, &l->hdr, l->a.hdr);

	file_csv_names(&l->csv);
	l->no_page = page_write(l, none, false) != 0;
	return l->no_page ? SMPP_EXIT_LOCAL : cmd_worse(csv, hdr);
}

/*
 * All are closed even after an error, and the worst is told: a report that is
 * missing must not hide one that is cut.
 */
static int
close_files(struct load *l, const struct figures *f, int rc)
{
	if (rc == 0)
		file_hdr(&l->hdr, f);
	if (!l->no_page)
		rc = cmd_worse(rc, page_write(l, f, true));
	rc = cmd_worse(rc, file_close(l->c, &l->csv));
	rc = cmd_worse(rc, file_close(l->c, &l->hdr));
	return l->no_page ? cmd_worse(rc, SMPP_EXIT_LOCAL) : rc;
}

static int
load_measure(struct load *l)
{
	struct tally *total = cmd_alloc(l->c, sizeof(*total));
	struct figures f = {.t = total, .plan = &l->plan};
	int rc;

	l->began_us = smpp_clock_wall_us();
	rc = open_files(l, &f);
	if (rc == 0) {
		/* With --every on a terminal the lines are there already. */
		live_begin(
		    &l->live, l->c, l->a.every_ms == 0 || !l->c->out->tty);
		rc = run_plan(l, &l->plan, total, &f);
		live_end(&l->live);
	}
	l->exit = cmd_worse(l->exit, close_files(l, &f, rc));
	if (rc != 0)
		return rc;
	report_summary(l, &f);
	return l->exit;
}

/*
 * Receipts come to a receiver: whoever wants them needs to bind as both,
 * unless the profile or -b says something else.
 */
static int
load_prepare(struct load *l)
{
	struct load_args *a = &l->a;
	int rc;

	rc = target_resolve(l->c, &a->target,
	    a->message.receipt || a->wait_ms >= 0 ? BIND_TRX : BIND_TX);
	if (rc == 0)
		rc = load_make_plan(l);
	if (rc == 0)
		rc = message_open(l->c, &a->target, &a->message, &l->message);
	return rc;
}

static int
load_run(struct ctx *c, int argc, char **argv)
{
	struct load *l = cmd_alloc(c, sizeof(*l));
	struct load_args *a = &l->a;
	int rc;

	l->c = c;
	a->duration_ms = a->wait_ms = -1;
	l->csv.fd = l->hdr.fd = -1;
	target_init(&a->target);
	rc = opt_parse(c, argc, argv, a);
	if (rc >= 0)
		return rc;
	/*
	 * Everything that can be wrong with options is found before anything
	 * is connected to, and -n ends here.
	 */
	rc = load_prepare(l);
	if (rc == 0 && a->dry) {
		target_show(c, &a->target);
		return message_dry(l->message);
	}
	if (rc == 0)
		rc = target_required(c, &a->target);
	if (rc == 0)
		rc = be_careful(l);
	if (rc != 0)
		return rc;
	sig_catch();
	rc = a->find_max ? find_max(l) : load_measure(l);
	secret_wipe(&a->target.password);
	return rc;
}

const struct cmd cmd_load = {
    .name = "load",
    .brief = "find out what an SMSC can take",
    .args = "[TARGET] -d PATTERN -m TEXT [-R RATE] [OPTION]...",
    .examples = load_examples,
    .opts = load_opts,
    .run = load_run,
};
