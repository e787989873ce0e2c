/* smpp send: how it goes, on a terminal, on demand and at the end. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "send.h"

enum {
	FIRST_MS = 100, /* by then a person wants to see something */
	EVERY_MS = 200,
};

/*
 * Not where lines are typed on the same terminal, and not beside -v, which
 * tells each step.
 */
void
progress_start(struct send *s)
{
	const struct out_args *a = &s->c->out->args;

	s->began_ns = smpp_clock_ns();
	s->progress.on = isatty(STDERR_FILENO) && !s->src.in.tty && !a->quiet &&
			 !a->json && a->verbose == 0;
	s->progress.on_stdout = isatty(STDOUT_FILENO) && a->file == NULL;
	s->progress.next = smpp_clock_ms() + FIRST_MS;
}

int64_t
progress_due(const struct send *s)
{
	return s->progress.on ? s->progress.next : SMPP_FOREVER;
}

static void
progress_put_line(const char *line)
{
	ssize_t ignored = write(STDERR_FILENO, line, strlen(line));

	(void)ignored;
}

void
progress_wipe(struct send *s)
{
	if (!s->progress.shown)
		return;
	s->progress.shown = false;
	progress_put_line("\r\033[K");
}

/* Only when results go to the terminal, too: into a file the line stays. */
void
progress_aside(struct send *s)
{
	if (s->progress.on_stdout)
		progress_wipe(s);
}

static double
progress_seconds(const struct send *s)
{
	double t = (double)(smpp_clock_ns() - s->began_ns) / 1e9;

	return t > 0.001 ? t : 0.001;
}

/* "  20.0/s", once there is something to say. */
static void
progress_put_rate(char out[32], const struct send *s)
{
	const double t = progress_seconds(s);

	out[0] = '\0';
	if (t >= 0.1)
		snprintf(out, 32, "  %.1f/s", (double)s->sent / t);
}

/*
 * " 12 %" of an input whose size is known. Of the octets read, the only thing
 * known of an input beforehand.
 */
static void
put_share(char out[16], const struct input *in)
{
	out[0] = '\0';
	if (in->size > 0 && in->taken <= in->size)
		snprintf(out, 16, "  %.0f %%",
		    100.0 * (double)in->taken / (double)in->size);
}

/* At most five times a second: a terminal is slower than a batch. */
void
progress_draw(struct send *s)
{
	const struct send_tally *t = &s->tally;
	int64_t now = smpp_clock_ms();
	char line[256], share[16], rate[32] = "";

	if (now < progress_due(s))
		return;
	s->progress.next = now + EVERY_MS;
	s->progress.shown = true;
	put_share(share, &s->src.in);
	if (t->read > 1)
		progress_put_rate(rate, s);
	snprintf(line, sizeof(line),
	    "\raccepted %llu  refused %llu  unanswered %zu  receipts awaited "
	    "%zu%s%s  %.0f s\033[K",
	    (unsigned long long)t->accepted, (unsigned long long)t->refused,
	    s->open.n, s->waiting.n, share, rate, progress_seconds(s));
	progress_put_line(line);
}

void
progress_stats(struct send *s)
{
	const struct send_tally *t = &s->tally;

	progress_wipe(s);
	out_say(s->c, 0,
	    "== %llu read, %llu accepted, %llu refused, %llu unknown, %zu "
	    "unanswered, %zu receipts awaited, %llu parts sent, %.1f/s",
	    (unsigned long long)t->read, (unsigned long long)t->accepted,
	    (unsigned long long)t->refused, (unsigned long long)t->unknown,
	    s->open.n, s->waiting.n, (unsigned long long)s->sent,
	    (double)s->sent / progress_seconds(s));
}

/* The counts of a summary, in the order in which they are told. */
struct figure {
	const char *key;
	uint64_t n;
	bool always;
};

enum { FIGURES = 11 };

static void
figures(const struct send *s, struct figure out[FIGURES])
{
	const struct send_tally *t = &s->tally;
	const struct figure all[FIGURES] = {
	    {"messages", t->read, true},
	    {"accepted", t->accepted, true},
	    {"refused", t->refused, true},
	    {"unknown", t->unknown, true},
	    {"unsent", t->unsent, true},
	    {"delivered", t->delivered, s->a.wait_ms >= 0},
	    {"undelivered", t->undelivered, s->a.wait_ms >= 0},
	    {"no_receipt", t->no_receipt, s->a.wait_ms >= 0},
	    {"bad_lines", t->bad, false},
	    {"throttled", t->throttled, false},
	    {"resent", t->again, false},
	};

	memcpy(out, all, sizeof(all));
}

/* On stderr, since stdout has a record for each message and no other. */
static void
progress_summary_json(const struct send *s, const struct figure f[FIGURES])
{
	char text[1024];
	struct smpp_sbuf b;
	struct smpp_jsonw j;

	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_jsonw_key_cstr(&j, "type", "summary");
	for (int i = 0; i < FIGURES; i++) {
		smpp_jsonw_key_i64(&j, f[i].key, f[i].n);
	}
	smpp_jsonw_key_i64(&j, "lines", s->src.in.line);
	smpp_jsonw_key_i64(&j, "parts", s->sent);
	smpp_jsonw_key(&j, "seconds");
	smpp_jsonw_ms(&j, progress_seconds(s));
	smpp_jsonw_key(&j, "rate");
	smpp_jsonw_ms(&j, (double)s->sent / progress_seconds(s));
	smpp_jsonw_close(&j, '}');
	smpp_sbuf_putc(&b, '\n');
	text[b.n] = '\0';
	progress_put_line(text);
}

/* "2 bad lines": a count and its key, for people. */
static void
progress_put_count(struct smpp_sbuf *b, const struct figure *f)
{
	size_t n = strlen(f->key) -
		   (f->n == 1 && f->key[strlen(f->key) - 1] == 's');

	smpp_sbuf_printf(b, "%llu ", (unsigned long long)f->n);
	for (size_t i = 0; i < n; i++)
		smpp_sbuf_putc(b, f->key[i] == '_' ? ' ' : f->key[i]);
}

void
progress_summary(struct send *s)
{
	struct figure f[FIGURES];
	char text[512], rate[32];
	struct smpp_sbuf b;

	progress_wipe(s);
	/* Of messages from the command line each is told already. */
	if (s->src.kind == SOURCE_ONE || s->c->out->args.quiet)
		return;
	figures(s, f);
	if (s->c->out->args.json) {
		progress_summary_json(s, f);
		return;
	}
	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	for (int i = 0; i < FIGURES; i++) {
		if (!f[i].always && f[i].n == 0)
			continue;
		if (i > 0)
			smpp_sbuf_puts(&b, i == 1 ? ": " : ", ");
		progress_put_count(&b, &f[i]);
	}
	text[b.n] = '\0';
	progress_put_rate(rate, s);
	if (!s->src.over)
		out_say(s->c, 0, "== %s was read up to line %u", s->src.in.name,
		    s->src.line);
	out_say(s->c, 0, "== %s; %llu part%s in %.1f s%s", text,
	    (unsigned long long)s->sent, s->sent == 1 ? "" : "s",
	    progress_seconds(s), rate);
}
