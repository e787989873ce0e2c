/* What the simulated SMSC shows: PDUs as JSON or lines, and counts. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../human.h"
#include "base/clock.h"
#include "msg/body.h"
#include "show/show.h"
#include "smsc.h"

void
print_json(void *arg, enum smpp_dir dir, struct view wire)
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
	struct jsonw *j = out_json(o);

	smpp_decode(&pdu, wire, SMPP_VANY, 0, &issues);
	jsonw_open(j, '{');
	smpp_json_pdu(j, &pdu, &issues, &show);
	jsonw_close(j, '}');
	if (out_record(o) != 0)
		p->mc->output_lost = true;
}

/* "10:42:07  #1 acme  ": when and whose. */
static void
put_start(struct peer *p, struct sbuf *b, const char *what)
{
	time_t t = (time_t)(smpp_clock_wall_us() / 1000000);
	char text[16];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	smpp_sbuf_printf(b, "%s  #%u ", text, p->number);
	if (p->account != NULL)
		human_words(b, view_str(p->account->system_id));
	else
		sbuf_puts(b, p->conn.peer);
	sbuf_puts(b, "  ");
	sbuf_puts(b, what);
}

/* Whether lines for people are wanted at all. */
static bool
silent(const struct out *o)
{
	return o->form != OUT_HUMAN || o->args.quiet;
}

static void
end_line(struct peer *p, struct sbuf *b)
{
	sbuf_putc(b, '\n');
	if (out_line(p->mc->c->out) != 0)
		p->mc->output_lost = true;
}

void
print_line(struct peer *p, const char *what, const char *fmt, ...)
{
	struct out *o = p->mc->c->out;
	char text[512];
	va_list ap;

	if (silent(o))
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	put_start(p, &o->b, what);
	sbuf_puts(&o->b, "  ");
	human_words(&o->b, view_str(text));
	end_line(p, &o->b);
}

/* The text of a message in quotes. */
static void
put_text(struct sbuf *b, const struct smpp_pdu *pdu)
{
	char text[SMPP_TEXT_MAX(256)];
	struct smpp_body body;
	struct sbuf t;

	if (smpp_body(&body, pdu, SMPP_ALPHA_GSM7) != 0)
		return;
	smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
	smpp_text_decode(&t, body.text, body.coding);
	sbuf_puts(b, "  \"");
	if (t.n > 0)
		human_words(b, view_of(text, t.n));
	sbuf_putc(b, '"');
}

void
print_message(struct peer *p, const struct smpp_pdu *pdu, uint32_t id)
{
	struct sbuf *b = &p->mc->c->out->b;

	if (silent(p->mc->c->out))
		return;
	put_start(p, b, pdu->row->name);
	sbuf_puts(b, "  ");
	human_words(b, smpp_view(pdu, SMPP_F_source_addr));
	sbuf_puts(b, " -> ");
	human_words(b, smpp_view(pdu, SMPP_F_destination_addr));
	put_text(b, pdu);
	if (id != 0)
		smpp_sbuf_printf(b, "  id %x", id);
	end_line(p, b);
}

void
print_stats(struct smsc *mc)
{
	const struct smsc_stats *s = &mc->stats;

	out_say(mc->c, 0,
	    "== sessions %u open, %u in all; messages %u accepted, %u "
	    "requests refused; receipts %u sent, %u waiting, %u dropped",
	    s->open, s->sessions, s->submits, s->refused, s->receipts, mc->held,
	    s->dropped);
}
