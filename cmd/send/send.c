/* smpp send: submits messages and knows what became of each. */
#include "send.h"

#include <string.h>

#include "../sig.h"
#include "base/clock.h"

enum { GRACE_MS = 2000 }; /* for open responses after a signal */

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
    {'x', "hex", OPT_STR, AT(hex), "HEX", "send these octets as they are"},
    {'e', "encoding", OPT_STR, AT(encoding), "ALPHABET",
	"encode the text in ALPHABET: gsm7, ascii, latin1, ucs2, ... (auto)"},
    {0, "split", OPT_STR, AT(split), "METHOD",
	"send long texts as udh, udh16, sar, payload, or none (udh)"},
    {0, "national", OPT_STR, AT(national), "LANGUAGE",
	"use a national table of GSM if that is shorter: tr, es, ..., auto"},
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
    {'n', "dry-run", OPT_FLAG, AT(dry), NULL,
	"print what would be sent and connect to nothing"},
    OPT_BLOCK(target_opts, AT(target)),
    OPT_OUTPUT_ROWS,
    OPT_SECTION("Fields of submit_sm"),
    {.kind = OPT_FIELDS, .off = AT(fields), .arg = SMPP_C_submit_sm},
    OPT_END,
};

static const char *const send_examples[] = {
    "smpp send smpp://acme@localhost -s ACME -d +491701234567 -m Hello",
    "smpp send localhost -i acme -s ACME -d 4917 -m Hello -W 30s",
    "smpp send localhost -s ACME -d 4917 -m Hello -n --raw",
    NULL,
};

/* One message a destination, and its parts. */
static void
make_messages(struct send *s)
{
	size_t parts = (size_t)s->content.parts;

	s->n = s->a.dest.n;
	s->total = s->n * parts;
	s->msg = cmd_alloc(s->c, s->n * sizeof(*s->msg));
	s->part = cmd_alloc(s->c, s->total * sizeof(*s->part));
	for (size_t i = 0; i < s->total; i++)
		s->part[i].fate = MSG_UNSENT;
	for (size_t i = 0; i < s->n; i++) {
		s->msg[i].word = s->a.dest.v[i];
		s->msg[i].part = &s->part[i * parts];
	}
}

static int
prepare(struct send *s)
{
	struct ctx *c = s->c;
	struct smpp_pdu pdu;
	int rc;

	if (s->a.dest.n == 0)
		return out_error(
		    c, SMPP_EXIT_USAGE, "usage", "no destination: give -d");
	rc = submit_coding(s);
	if (rc == 0)
		rc = content_make(s);
	if (rc != 0)
		return rc;
	make_messages(s);
	for (size_t i = 0; rc == 0 && i < s->n; i++) {
		rc = submit_build(s, &s->msg[i], 0, &pdu);
		if (rc == 0)
			out_say(c, 1, "== destination %s, ton %u, npi %u",
			    s->msg[i].dest,
			    smpp_num(&pdu, SMPP_F_dest_addr_ton),
			    smpp_num(&pdu, SMPP_F_dest_addr_npi));
	}
	return rc;
}

/* Prints one PDU as it would be sent. */
static int
dry_part(struct send *s, size_t i)
{
	int parts = s->content.parts;
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu, sent;
	struct wr w;
	int rc;

	rc = submit_build(
	    s, &s->msg[i / (size_t)parts], (int)(i % (size_t)parts), &pdu);
	if (rc != 0)
		return rc;
	pdu.sequence_number = (uint32_t)i + 2; /* the bind is number 1 */
	wr_init(&w, cmd_alloc(s->c, smpp_size(&pdu)), smpp_size(&pdu));
	smpp_encode(&w, &pdu);
	smpp_decode(&sent, view_of(w.p, w.n), s->a.target.ver, 0, &issues);
	report_dry(s, &sent);
	return 0;
}

static int
dry_run(struct send *s)
{
	int rc = SMPP_EXIT_OK;

	target_show(s->c, &s->a.target);
	out_say(s->c, 0, "== %-16s %s  (data_coding %u, %d part%s)", "alphabet",
	    s->content.alphabet, s->content.data_coding, s->content.parts,
	    s->content.parts == 1 ? "" : "s");
	for (size_t i = 0; rc == 0 && i < s->total; i++)
		rc = dry_part(s, i);
	return rc;
}

/* After a signal: nothing new, and a little time for what is open. */
static void
interrupted(struct send *s, int64_t *until)
{
	if (sig_usr1())
		out_say(s->c, 0,
		    "== %zu of %zu sent, %zu unanswered, "
		    "%zu receipts awaited",
		    s->next, s->n, s->open, s->waiting);
	if (sig_stop() == 0)
		return;
	sig_seen();
	smpp_err_clear(&s->link.err);
	s->ending = true;
	*until = sig_stop() == 1 ? smpp_clock_ms() + GRACE_MS : 0;
}

/* The connection ended, or the time given with -t. */
static void
lost(struct send *s)
{
	bool known = s->open == 0 && s->waiting == 0;
	int exit = known ? SMPP_EXIT_PEER : SMPP_EXIT_UNKNOWN;

	s->exit = cmd_worse(
	    s->exit, link_failed(&s->link, exit, "submit",
			 s->open > 0 ? "submit_sm_resp" : "receipt",
			 s->a.target.total_ms));
	track_lost(s, NULL);
}

/* Waits for one more event. Returns false when there is no point in it. */
static bool
wait_one(struct send *s, int64_t *stop_at, int64_t *receipts_at)
{
	int64_t until = *stop_at;
	int rc;

	if (s->open == 0 && *receipts_at == SMPP_FOREVER)
		*receipts_at = smpp_io_deadline(smpp_clock_ms(), s->a.wait_ms);
	if (s->open == 0 && *receipts_at < until)
		until = *receipts_at;
	rc = link_next(&s->link, until);
	if (rc == 0) {
		track_event(s);
		s->ending |= s->link.ev.kind == SMPP_EV_UNBIND;
		return true;
	}
	if (rc == SMPP_EINTERRUPTED) {
		interrupted(s, stop_at);
		return true;
	}
	if (rc == SMPP_ETIMEOUT && sig_stop() > 0)
		track_lost(s, "stopped before its outcome was known");
	else if (rc == SMPP_ETIMEOUT && s->open == 0 && until == *receipts_at)
		track_overdue(s);
	else
		lost(s);
	return false;
}

static void
exchange(struct send *s)
{
	int64_t stop_at = SMPP_FOREVER, receipts_at = SMPP_FOREVER;

	do {
		if (!s->ending && track_send(s) != 0)
			break;
		if (s->open == 0 && s->waiting == 0 &&
		    (s->ending || s->next == s->total))
			break;
	} while (!s->c->out->b.bad && wait_one(s, &stop_at, &receipts_at));
	for (size_t i = 0; i < s->n; i++)
		if (!s->msg[i].reported)
			report_answer(s, &s->msg[i]);
}

static int
send_run(struct ctx *c, int argc, char **argv)
{
	struct send *s = cmd_alloc(c, sizeof(*s));
	struct send_args *a = &s->a;
	int rc;

	s->c = c;
	a->wait_ms = -1;
	target_init(&a->target);
	rc = opt_parse(c, argc, argv, a);
	if (rc >= 0)
		return rc;
	rc = target_resolve(
	    c, &a->target, a->wait_ms >= 0 ? BIND_TRX : BIND_TX);
	if (rc == 0)
		rc = prepare(s);
	if (rc == 0 && a->dry)
		return dry_run(s);
	if (rc == 0)
		rc = target_required(c, &a->target);
	if (rc != 0)
		return rc;
	sig_catch();
	rc = link_open(&s->link, c, &a->target, WINDOW);
	if (rc != 0)
		return rc;
	exchange(s);
	return cmd_worse(s->exit, link_close(&s->link));
}

const struct cmd cmd_send = {
    .name = "send",
    .brief = "submit short messages",
    .args = "[TARGET] -d ADDR... -s ADDR -m TEXT [OPTION]...",
    .examples = send_examples,
    .opts = send_opts,
    .run = send_run,
};
