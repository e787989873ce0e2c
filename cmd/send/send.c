/* smpp send: submits messages and knows what became of each. */
#include "send.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "words/names.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "words/fieldopt.h"
#include "words/offer.h"

enum { WINDOW = 10 };

static const char *const id_match_words[] = {"auto", "exact", NULL};
static const char *const on_unknown_words[] = {"resend", "skip", "ask", NULL};

#define AT(member) offsetof(struct send_args, member)

static const struct opt send_opts[] = {
    OPT_SECTION("Message"),
    {'d', "destination-addr", OPT_LIST, AT(dest), "ADDR[,TON,NPI]",
	"send to this address; may be repeated", .alias = "to"},
    {'s', "source-addr", OPT_STR, AT(source), "ADDR[,TON,NPI]",
	"send from this address", .alias = "from"},
    {'m', "text", OPT_STR, AT(text), "TEXT", "the text itself"},
    {'f', "file", OPT_FILE, AT(file), "FILE",
	"take the text from FILE, - for stdin"},
    {'l', "lines", OPT_FLAG, AT(lines), NULL,
	"send each line of -f as a message of its own"},
    {'x', "hex", OPT_STR, AT(hex), "HEX", "send these octets as they are"},
    {0, "batch", OPT_FILE, AT(batch), "FILE",
	"send a message for each line of JSON in FILE, - for stdin"},
    {0, "sheet", OPT_FILE, AT(sheet), "FILE",
	"send a message for each row of FILE, CSV or TSV with a header"},
    {0, "map", OPT_STR, AT(map), "FIELD=COLUMN,...",
	"say which columns of --sheet are to, from, text or other fields"},
    {0, "template", OPT_STR, AT(template), "TEXT",
	"take the text of --sheet from TEXT, {name} being a column"},
    {'e', "encoding", OPT_STR, AT(encoding), "ALPHABET",
	"encode the text in ALPHABET: gsm7, ascii, latin1, ucs2, ... (auto)",
	.offer = offer_encoding},
    {0, "split", OPT_STR, AT(split), "METHOD",
	"send long texts as udh, udh16, sar, payload, or none (udh)",
	.offer = offer_split},
    {0, "national", OPT_STR, AT(national), "LANGUAGE",
	"use a national table of GSM if that is shorter: tr, es, ..., auto",
	.words = names_languages},
    {0, "part-size", OPT_UINT, AT(part_size), "N",
	"octets of a part on the air (140)", 20, 140},
    {0, "replace", OPT_FLAG, AT(replace), NULL,
	"replace characters the alphabet lacks by the nearest"},
    {0, "flash", OPT_FLAG, AT(flash), NULL,
	"show the text at once and do not keep it"},
    {0, "waiting", OPT_ENUM, AT(waiting), "WHAT",
	"switch an icon of the phone on: voice, fax, email, other, or off "
	"again: voice-off, ... (none)",
	.words = send_waiting},
    {'r', "receipt", OPT_FLAG, AT(receipt), NULL,
	"ask for a receipt of the final state"},
    {'W', "wait", OPT_DURATION, AT(wait_ms), "TIME",
	"ask for receipts and wait for them, TIME at most"},
    {0, "id-match", OPT_ENUM, AT(id_match), "HOW",
	"match the ids of receipts: auto (case, zeros and hex aside), exact",
	.words = id_match_words},
    {'n', "dry-run", OPT_FLAG, AT(dry), NULL,
	"print what would be sent and connect to nothing"},
    OPT_SECTION("Many messages"),
    {'C', "count", OPT_UINT, AT(copies), "N", "send each message N times (1)",
	1, UINT32_MAX},
    {'R', "rate", OPT_RATE, AT(rate), "RATE",
	"send RATE parts a second at most, 600/m for a minute (no limit)",
	.max = 1000000},
    {0, "window", OPT_UINT, AT(window), "N",
	"have N parts wait for a response at once (10)", 1, 65535},
    {0, "retry-throttled", OPT_UINT, AT(retries), "N",
	"send what is refused for now up to N times again, pausing longer "
	"each time (0)",
	0, 1000000},
    {0, "journal", OPT_FILE, AT(journal), "FILE",
	"keep in FILE what was done, and go on from there"},
    {0, "on-unknown", OPT_ENUM, AT(on_unknown), "WHAT",
	"what a journal leaves unanswered: resend, skip or ask (resend)",
	.words = on_unknown_words},
    OPT_BLOCK(target_opts, AT(target)),
    OPT_OUTPUT_ROWS,
    OPT_SECTION("Fields of submit_sm"),
    OPT_PDU_ROWS(SMPP_C_submit_sm, AT(fields)),
    OPT_END,
};

static const char *const send_examples[] = {
    "smpp send smpp://acme@localhost -s ACME -d +491701234567 -m Hello",
    "smpp send localhost -i acme -s ACME -d 4917 -m Hello -W 30s",
    "smpp send localhost -s ACME -d 4917 -m Hello -n --raw",
    "smpp send @acme -s ACME --batch jobs.jsonl -R 20 --journal jobs.state",
    "smpp send @acme -s ACME --sheet people.csv --template 'Dear {name}'",
    NULL,
};

int
send_exit(struct send *s, int exit)
{
	s->exit = cmd_worse(s->exit, exit);
	return exit;
}

int
send_error(struct send *s, int exit, const char *what, const char *fmt, ...)
{
	const struct source *src = &s->src;
	char msg[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	if (src->kind == SOURCE_ONE || src->line == 0)
		return send_exit(s, out_error(s->c, exit, what, "%s", msg));
	progress_wipe(s);
	smpp_jsonw_key_i64(out_more(s->c), "line", src->line);
	/*
	 * Of an input the fault is in the data, whatever class it would have
	 * on the command line; the run goes on.
	 */
	return send_exit(s, out_error(s->c, SMPP_EXIT_DATA, what, "%s:%u: %s",
				src->in.name, src->line, msg));
}

/*
 * Everything of the command line is looked at before anything is sent. Made
 * for real and thrown away, then the source is put back: five good numbers
 * must not have been sent to when the sixth is found wrong.
 */
static int
check_all(struct send *s)
{
	struct source *src = &s->src, kept = *src;
	const uint32_t copies = s->a.copies;
	struct msg *m;

	if (src->kind != SOURCE_ONE)
		return 0;
	s->a.copies = 1;
	while ((m = source_next(s)) != NULL)
		msg_free(s, m);
	s->a.copies = copies;
	*src = kept;
	s->tally = (struct send_tally){0};
	return s->exit;
}

static int
send_prepare(struct send *s)
{
	int rc = submit_options(s);

	if (rc == 0)
		rc = content_options(s);
	if (rc == 0)
		rc = content_default(s, &s->src.text);
	if (rc == 0)
		rc = source_open(s);
	return rc == 0 ? check_all(s) : rc;
}

static int
connect_and_run(struct send *s)
{
	int rc = target_required(s->c, &s->a.target);

	/* Before the bind: a journal of another job should cost no login. */
	if (rc == 0)
		rc = resume(s);
	if (rc != 0)
		return rc;
	sig_catch();
	rc = link_init(&s->link, s->c, &s->a.target);
	if (rc == 0)
		rc = link_open(&s->link, s->a.window);
	if (rc != 0)
		return rc;
	tempo_init(&s->tempo, s->a.rate, smpp_clock_ns());
	run_session(s);
	return cmd_worse(s->exit, link_close(&s->link));
}

static int
send_run(struct ctx *c, int argc, char **argv)
{
	struct send *s = cmd_alloc(c, sizeof(*s));
	struct send_args *a = &s->a;
	int rc;

	s->c = c;
	s->settled_end = &s->settled;
	s->journal.fd = -1;
	a->wait_ms = -1;
	a->copies = 1;
	a->window = WINDOW;
	target_init(&a->target);
	/*
	 * SMPP 3.3 has no transceiver: receipts come over a second connection.
	 */
	a->target.pairs = true;
	rc = opt_parse(c, argc, argv, a);
	if (rc >= 0)
		return rc;
	/*
	 * A receiver only when receipts are wanted: messages that are waiting
	 * for the account would be delivered to us otherwise.
	 */
	rc = target_resolve(
	    c, &a->target, a->wait_ms >= 0 ? BIND_TRX : BIND_TX);
	if (rc == 0)
		rc = send_prepare(s);
	if (rc == 0)
		rc = a->dry ? run_dry(s) : connect_and_run(s);
	link_fini(&s->link);
	source_close(s);
	journal_close(&s->journal);
	msg_fini(s);
	return rc;
}

const struct cmd cmd_send = {
    .name = "send",
    .brief = "submit short messages",
    .args = "[TARGET] -d ADDR -s ADDR (-m TEXT | --batch FILE) [OPTION]...",
    .examples = send_examples,
    .opts = send_opts,
    .run = send_run,
};
