/* smpp dlr-parse: delivery receipts, wherever they are in lines. */
#include "dlrparse.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "words/names.h"
#include "base/clock.h"
#include "words/dictfile.h"
#include "words/fieldopt.h"

enum { PROGRESS_MS = 200 };

#define AT(member) offsetof(struct dlr_args, member)

static const struct opt dlr_opts[] = {
    {0, "FILE", OPT_POS_LIST, AT(files), NULL,
	"read these files, - for standard input (-)"},
    {0, "summary", OPT_FLAG, AT(summary), NULL,
	"print how many of which kind there are, and nothing else"},
    {0, "only", OPT_STR, AT(only), "STAT,...",
	"take receipts of these states alone", .words = names_stats},
    {0, "tz", OPT_STR, AT(tz), "ZONE",
	"the zone of dates that name none: UTC, +02:00, Europe/Oslo, local"},
    {0, "err-set", OPT_STR, AT(err_set), "SET",
	"say what err means: gsm-map, mt-detail, vonage, 8x8, twilio, goip",
	.words = errset_words},
    DICTIONARY_OPT(AT(dictionary)),
    {0, "strict-states", OPT_FLAG, AT(strict_states), NULL,
	"count ACCEPTD as final"},
    {0, "strict", OPT_FLAG, AT(strict), NULL,
	"fail on malformed receipts, and take warnings for such"},
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const dlr_examples[] = {
    "smpp dlr-parse --summary /var/log/smpp/*.log",
    "tail -F smpp.log | smpp dlr-parse -j",
    "smpp dlr-parse --only UNDELIV,REJECTD --tsv id,err,done_date_iso dlr.log",
    NULL,
};

/* Takes apart --only. */
static int
only_init(struct dlr *d, const char *words)
{
	struct smpp_view w;
	size_t n;
	int state;

	for (;; words += n + 1) {
		n = strcspn(words, ",");
		w = smpp_view_of(words, n);
		if (n == 0 || d->only.n == ONLY_MAX)
			return out_usage(d->c,
			    "--only: up to %d states, as in UNDELIV,REJECTD",
			    ONLY_MAX);
		/*
		 * A word that is no known state is kept as a word: gateways
		 * have their own.
		 */
		state = smpp_stat_state(w);
		if (state >= 0)
			d->only.states |= 1u << state;
		d->only.word[d->only.n++] = w;
		if (words[n] == '\0')
			return -1;
	}
}

/* Checks the options. Returns -1 to go on, or an exit class. */
static int
options(struct dlr *d)
{
	struct dlr_args *a = &d->a;
	int rc = -1;

	d->err_set = -1;
	if (a->only != NULL)
		rc = only_init(d, a->only);
	if (rc < 0 && a->tz != NULL && zone_init(&d->zone, a->tz) != 0)
		rc = out_usage(d->c,
		    "--tz: '%s' is no zone: UTC, +02:00, Europe/Oslo, local",
		    a->tz);
	if (rc < 0 && a->err_set != NULL) {
		d->err_set = errset_find(a->err_set);
		if (d->err_set < 0)
			rc = out_usage(d->c, "--err-set: '%s' is none of %s",
			    a->err_set, errset_names());
	}
	if (d->c->out->form == OUT_TSV && d->c->out->args.tsv != NULL)
		tsv_init(&d->tsv, d->c->out->args.tsv);
	return rc;
}

/*
 * Progress is for terminals, and for files whose size is known. Never where
 * results are on the same terminal: they would be mixed.
 */
static void
progress_init(struct dlr *d)
{
	const struct out *o = d->c->out;
	struct stat st;
	size_t i;

	if (!isatty(STDERR_FILENO) || o->args.quiet || o->form == OUT_JSON ||
	    (o->tty && !d->a.summary))
		return;
	for (i = 0; i < d->a.files.n; i++) {
		if (stat(d->a.files.v[i], &st) != 0 || !S_ISREG(st.st_mode))
			return;
		d->total += (uint64_t)st.st_size;
	}
	if (d->total > 0)
		d->progress_ms = smpp_clock_ms() + PROGRESS_MS;
}

/* Straight to stderr: nobody else writes while a block is taken. */
static void
progress(struct dlr *d)
{
	int64_t now;

	if (d->progress_ms == 0 || (now = smpp_clock_ms()) < d->progress_ms)
		return;
	d->progress_ms = now + PROGRESS_MS;
	fprintf(stderr, "\r%3u %%  %" PRIu64 " receipts",
	    (unsigned)(100 * d->octets / d->total), d->receipts + d->malformed);
}

static void
progress_end(struct dlr *d)
{
	if (d->progress_ms != 0)
		fprintf(stderr, "\r\033[K");
	d->progress_ms = 0;
}

/*
 * Adds to the line that began in an earlier block; what is too long is cut. A
 * line without end must not take memory without end.
 */
static void
dlr_parse_keep(struct dlr *d, const char *p, size_t n)
{
	size_t room = sizeof(d->part) - d->npart;

	d->cut |= n > room;
	if (n > room)
		n = room;
	memcpy(d->part + d->npart, p, n);
	d->npart += n;
}

/* Takes the line that dlr_parse_keep() gathered. */
static int
take_kept(struct dlr *d)
{
	struct smpp_view line = smpp_view_of(d->part, d->npart);

	if (d->cut)
		out_warn(d->c, "%s:%" PRIu64 ": only the first %d octets read",
		    d->name, d->line + 1, LINE_MAX_OCTETS);
	d->npart = 0;
	d->cut = false;
	return line_take(d, line);
}

/*
 * Takes a block of the input apart into lines. Most lines are whole in a block
 * and are read where they are; a copy of each would show in the speed.
 */
static int
block(struct dlr *d, const char *p, size_t n)
{
	const char *end = p + n, *nl;
	int rc = 0;

	for (; rc == 0 && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (nl == NULL) {
			dlr_parse_keep(d, p, (size_t)(end - p));
			break;
		}
		if (d->npart > 0) {
			dlr_parse_keep(d, p, (size_t)(nl - p));
			rc = take_kept(d);
		} else {
			rc = line_take(d, smpp_view_of(p, (size_t)(nl - p)));
		}
	}
	return rc;
}

/* One input. Returns 0, or -1 when nothing more can be done. */
static int
dlr_parse_input(struct dlr *d)
{
	const char *p;
	int64_t n;
	int rc = 0;

	d->name = d->in.name;
	d->line = 0;
	while (rc == 0 && (n = in_read(&d->in, &p)) > 0) {
		d->octets += (uint64_t)n;
		rc = block(d, p, (size_t)n);
		progress(d);
	}
	if (rc == 0 && n < 0) {
		d->rc = cmd_worse(d->rc, SMPP_EXIT_LOCAL);
		return -1;
	}
	/* The last line may have no end. */
	if (rc == 0 && d->npart > 0)
		rc = take_kept(d);
	return rc;
}

/* What is said at the end, and the exit status. */
static int
dlr_parse_finish(struct dlr *d)
{
	progress_end(d);
	if (d->malformed > COMPLAINTS)
		out_error(d->c, SMPP_EXIT_DATA, "receipt",
		    "%" PRIu64 " more malformed receipts",
		    d->malformed - COMPLAINTS);
	if (d->a.summary && summary_print(d) != 0)
		return SMPP_EXIT_LOCAL;
	out_say(d->c, 1,
	    "== %" PRIu64 " receipts, %" PRIu64 " malformed, %" PRIu64
	    " other lines",
	    d->receipts, d->malformed, d->other);
	/* As grep does: 1 when nothing was found. */
	if (d->receipts + d->malformed == 0)
		return cmd_worse(d->rc, SMPP_EXIT_NO);
	return d->rc;
}

static int
dlr_run(struct ctx *c, int argc, char **argv)
{
	struct dlr *d = cmd_alloc(c, sizeof(*d));
	int rc, more;

	d->c = c;
	if ((rc = opt_parse(c, argc, argv, &d->a)) >= 0)
		return rc;
	if ((rc = options(d)) >= 0)
		return rc;
	progress_init(d);
	in_init(&d->in, c, d->a.files);
	rc = 0;
	while (rc == 0 && (more = in_open(&d->in)) != 0) {
		if (more < 0)
			d->rc = cmd_worse(d->rc, SMPP_EXIT_LOCAL);
		else
			rc = dlr_parse_input(d);
	}
	if (rc == 0)
		return dlr_parse_finish(d);
	progress_end(d);
	return cmd_worse(d->rc, SMPP_EXIT_LOCAL);
}

const struct cmd cmd_dlr_parse = {
    .name = "dlr-parse",
    .brief = "read delivery receipts out of logs, JSON or hex",
    .args = "[OPTION]... [FILE]...",
    .examples = dlr_examples,
    .opts = dlr_opts,
    .run = dlr_run,
};
