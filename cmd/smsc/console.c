/* What the simulated SMSC shows: PDUs as JSON or lines, and counts. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "words/dictfile.h"
#include "words/human.h"
#include "base/clock.h"
#include "msg/body.h"
#include "msg/dlr.h"
#include "show/show.h"
#include "smsc.h"

/* As the octets were, decoded anew: what a rule did to them is seen. */
void
console_json(void *arg, enum smpp_dir dir, struct smpp_view wire)
{
	struct peer *p = arg;
	struct out *o = p->mc->c->out;
	struct smpp_show show = {
	    .dir = dir == SMPP_IN ? "in" : "out",
	    .time_us = smpp_clock_wall_us(),
	    .session = p->number,
	    .raw = o->args.raw,
	    .secrets = o->args.show_secrets,
	};
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;
	struct smpp_jsonw *j = out_json(o);

	dictionary_decode(p->mc->c, &pdu, wire, SMPP_VANY, 0, &issues);
	smpp_jsonw_open(j, '{');
	smpp_json_pdu(j, &pdu, &issues, &show);
	smpp_jsonw_close(j, '}');
	/* Noted only, for this is called in the middle of a peer's turn. */
	if (out_record(o) != 0)
		p->mc->output_lost = true;
}

/* "10:42:07  #1 acme  ": when and whose. */
static void
put_start(struct peer *p, struct smpp_sbuf *b, const char *what)
{
	time_t t = (time_t)(smpp_clock_wall_us() / 1000000);
	char text[16];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	smpp_sbuf_printf(b, "%s  #%u ", text, p->number);
	/* Before the bind a peer has no name but its address. */
	if (p->client.system_id != NULL)
		human_words(b, smpp_view_str(p->client.system_id));
	else
		smpp_sbuf_puts(b, p->link.conn.peer);
	smpp_sbuf_puts(b, "  ");
	smpp_sbuf_puts(b, what);
}

bool
console_wanted(const struct smsc *mc)
{
	const struct out *o = mc->c->out;

	return o->form == OUT_HUMAN && !o->args.quiet;
}

static void
console_end_line(struct peer *p, struct smpp_sbuf *b)
{
	smpp_sbuf_putc(b, '\n');
	if (out_line(p->mc->c->out) != 0)
		p->mc->output_lost = true;
}

void
console_line(struct peer *p, const char *what, const char *fmt, ...)
{
	struct out *o = p->mc->c->out;
	char text[512];
	va_list ap;

	if (!console_wanted(p->mc))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_start(p, &o->b, what);
	smpp_sbuf_puts(&o->b, "  ");
	/*
	 * Words of peers are among them: none may reach the terminal as
	 * octets.
	 */
	human_words(&o->b, smpp_view_str(text));
	console_end_line(p, &o->b);
}

/* The text of a message in quotes. */
static void
console_put_text(struct smpp_sbuf *b, const struct smpp_pdu *pdu)
{
	char text[SMPP_TEXT_MAX(256)];
	struct smpp_body body;
	struct smpp_sbuf t;

	if (smpp_body_read(&body, pdu, SMPP_ALPHA_GSM7) != 0)
		return;
	smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
	smpp_text_decode(&t, body.text, body.coding);
	/* Quotes even around nothing: an empty text is a text. */
	smpp_sbuf_puts(b, "  \"");
	if (t.n > 0)
		human_words(b, smpp_view_of(text, t.n));
	smpp_sbuf_putc(b, '"');
}

/* What a receipt says, or the text of the message. */
static void
console_put_content(struct smpp_sbuf *b, const struct smpp_pdu *pdu)
{
	struct smpp_receipt r;

	if (!smpp_dlr_read(&r, pdu)) {
		console_put_text(b, pdu);
		return;
	}
	smpp_sbuf_puts(b, "  receipt ");
	human_words(b, r.value[SMPP_RF_ID]);
	smpp_sbuf_putc(b, ' ');
	human_words(b, r.value[SMPP_RF_STAT]);
}

/* One line a message: requests that are no message have console_line(). */
void
console_message(struct peer *p, const struct smpp_pdu *pdu, const char *id)
{
	struct smpp_sbuf *b = &p->mc->c->out->b;
	unsigned to = pdu->command_id == SMPP_C_alert_notification
			  ? SMPP_F_esme_addr
			  : SMPP_F_destination_addr;

	if (!console_wanted(p->mc))
		return;
	put_start(p, b, pdu->row->name);
	smpp_sbuf_puts(b, "  ");
	human_words(b, smpp_pdu_view(pdu, SMPP_F_source_addr));
	smpp_sbuf_puts(b, " -> ");
	if (pdu->command_id == SMPP_C_submit_multi)
		smpp_sbuf_printf(b, "%u destinations",
		    smpp_pdu_num(pdu, SMPP_F_dest_address));
	else
		human_words(b, smpp_pdu_view(pdu, to));
	console_put_content(b, pdu);
	if (id != NULL) {
		smpp_sbuf_puts(b, "  id ");
		smpp_sbuf_puts(b, id);
	}
	console_end_line(p, b);
}

void
console_stats(struct smsc *mc)
{
	const struct smsc_stats *s = &mc->stats;
	const struct smpp_mc_stats *m = &mc->centre.stats;

	out_say(mc->c, 0,
	    "== sessions %u open, %u in all; messages %llu accepted, %llu "
	    "requests refused; receipts %llu sent, %u waiting, %llu dropped",
	    s->open, s->sessions, (unsigned long long)m->messages,
	    (unsigned long long)s->refused, (unsigned long long)m->receipts,
	    mc->centre.held, (unsigned long long)m->dropped);
}

static void
stats_json(struct smsc *mc)
{
	const struct smsc_stats *s = &mc->stats;
	const struct smpp_mc_stats *m = &mc->centre.stats;
	struct smpp_jsonw *j = out_begin(mc->c->out, "stats");

	smpp_jsonw_key_i64(j, "open", s->open);
	smpp_jsonw_key_i64(j, "bound", s->bound);
	smpp_jsonw_key_i64(j, "sessions", s->sessions);
	smpp_jsonw_key_i64(j, "binds_refused", s->binds_refused);
	smpp_jsonw_key_i64(j, "pdus", s->pdus);
	smpp_jsonw_key_i64(j, "accepted", m->messages);
	smpp_jsonw_key_i64(j, "refused", s->refused);
	smpp_jsonw_key_i64(j, "throttled", m->throttled);
	smpp_jsonw_key_i64(j, "receipts", m->receipts);
	smpp_jsonw_key_i64(j, "deliveries", m->deliveries);
	smpp_jsonw_key_i64(j, "delivered", m->taken);
	smpp_jsonw_key_i64(j, "waiting", mc->centre.held);
	smpp_jsonw_key_i64(j, "dropped", m->dropped);
	smpp_jsonw_key_i64(j, "stored", mc->centre.stored);
	rules_json(mc, j);
	smpp_jsonw_close(j, '}');
	if (out_record(mc->c->out) != 0)
		mc->output_lost = true;
}

void
console_stats_record(struct smsc *mc)
{
	const struct smsc_stats *s = &mc->stats;
	const struct smpp_mc_stats *m = &mc->centre.stats;

	if (mc->c->out->form != OUT_HUMAN) {
		stats_json(mc);
		return;
	}
	smpp_sbuf_printf(&mc->c->out->b,
	    "stats  open %u  bound %u  accepted %llu  refused %llu  throttled "
	    "%llu  receipts %llu  deliveries %llu  waiting %u  dropped %llu\n",
	    s->open, s->bound, (unsigned long long)m->messages,
	    (unsigned long long)s->refused, (unsigned long long)m->throttled,
	    (unsigned long long)m->receipts, (unsigned long long)m->deliveries,
	    mc->centre.held, (unsigned long long)m->dropped);
	if (out_line(mc->c->out) != 0)
		mc->output_lost = true;
}
