/* smpp repl: how a PDU that passed is shown. */
#include "words/brief.h"
#include "words/human.h"
#include "repl.h"
#include "show/show.h"
#include "words/status.h"

/*
 * A PDU with errors always has its octets: its fields are not to be trusted,
 * and the error speaks of places in them.
 */
static struct smpp_show
show_of(const struct repl *r, const struct seen *s, bool bad)
{
	return (struct smpp_show){
	    .dir = s->dir == SMPP_IN ? "in" : "out",
	    .time_us = s->time_us,
	    .raw = r->c->out->args.raw || bad,
	    .secrets = r->c->out->args.show_secrets,
	    .colour = r->c->out->color,
	    .mc_default = (enum smpp_alphabet)r->target.alphabet,
	};
}

void
echo_subject(struct repl *r, const struct seen *s, struct subject *subject)
{
	seen_decode(r, s, &subject->pdu, &subject->issues);
	subject->show = show_of(r, s, subject->issues.count[SMPP_ERROR] > 0);
}

/* The errors found in a PDU, each after a comma. */
static void
put_errors(struct smpp_sbuf *b, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues)
{
	char place[64];

	for (unsigned i = 0; i < issues->n; i++) {
		if (issues->v[i].level != SMPP_ERROR)
			continue;
		smpp_issue_place(&issues->v[i], place, sizeof(place));
		smpp_sbuf_printf(b, ", %s: ", place);
		smpp_issue_text(b, pdu, &issues->v[i]);
	}
}

/* How many destinations the submit_multi had that this answers. */
static uint32_t
echo_asked(struct repl *r, const struct seen *response)
{
	const struct seen *s = seen_get(r, response->asked);
	struct smpp_issues issues;
	struct smpp_pdu pdu;

	if (s == NULL || s->id != SMPP_C_submit_multi)
		return 0;
	seen_decode(r, s, &pdu, &issues);
	return smpp_pdu_has(&pdu, SMPP_F_dest_address)
		   ? pdu.f[SMPP_F_dest_address].num
		   : 0;
}

/*
 * What a PDU that came says, behind its name and number. By what it is: a
 * message has its text, a request its fields, an answer what was asked for.
 */
static void
echo_put_content(struct repl *r, struct smpp_sbuf *b, const struct seen *s,
    const struct smpp_pdu *pdu)
{
	const struct out_args *a = &r->c->out->args;
	enum smpp_alphabet mc = (enum smpp_alphabet)r->target.alphabet;
	char line[8192];
	struct smpp_sbuf t;

	smpp_sbuf_init(&t, line, sizeof(line), NULL, NULL);
	if (brief_message(&t, pdu, mc)) {
		smpp_sbuf_puts(b, "  ");
		smpp_sbuf_put(b, t.p, t.n);
	} else if (!(pdu->command_id & SMPP_RESPONSE_BIT)) {
		brief_pairs(b, pdu, a->show_secrets);
	} else if (pdu->wire.n > SMPP_HEADER_SIZE) {
		brief_response(b, pdu, echo_asked(r, s), a->show_secrets);
	}
}

static void
echo_put_octets(struct repl *r, struct smpp_sbuf *b, const struct seen *s)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;

	seen_decode(r, s, &pdu, &issues);
	smpp_show_hex(
	    b, &pdu, smpp_view_of(s->wire, s->n), r->c->out->args.show_secrets);
}

/* "<- submit_sm_resp seq 3 ESME_ROK  id 1  3.1 ms" */
static void
put_pdu(
    struct repl *r, struct smpp_sbuf *b, const struct seen *s, const char *note)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	char status[STATUS_NAME];

	seen_decode(r, s, &pdu, &issues);
	subject_name(b, s->id);
	smpp_sbuf_printf(b, " seq %u", s->seq);
	if (s->id & SMPP_RESPONSE_BIT || pdu.command_status != 0) {
		smpp_sbuf_putc(b, ' ');
		smpp_sbuf_puts(b, status_name(status, pdu.command_status));
	}
	/*
	 * What is sent was just typed: its length tells that it went, the
	 * words need no repetition.
	 */
	if (s->dir == SMPP_OUT)
		smpp_sbuf_printf(b, ", %u bytes", s->n);
	else if (issues.count[SMPP_ERROR] == 0)
		echo_put_content(r, b, s, &pdu);
	if (s->dir == SMPP_IN)
		put_errors(b, &pdu, &issues);
	if (s->ms >= 0 && r->set.timing) {
		smpp_sbuf_puts(b, "  ");
		human_ms(b, s->ms);
	}
	if (note != NULL && *note != '\0')
		smpp_sbuf_printf(b, ", %s", note);
}

/* The arrow says which way; <! that something is odd. */
static void
put_arrow(struct repl *r, const struct seen *s, bool odd)
{
	struct out *o = r->c->out;

	out_style(o, odd ? OUT_RED : s->dir == SMPP_IN ? OUT_GREEN : OUT_DIM);
	smpp_sbuf_puts(&o->b, odd ? "<! " : s->dir == SMPP_IN ? "<- " : "-> ");
	out_style(o, OUT_PLAIN);
}

static void
echo_put_line(struct repl *r, const struct seen *s, const char *note)
{
	struct out *o = r->c->out;
	/* No PDU, or an answer that nobody asked for. */
	bool stray = s->dir == SMPP_IN &&
		     (!s->whole || (s->id & SMPP_RESPONSE_BIT && note != NULL));

	put_arrow(r, s, stray);
	if (s->whole && s->n >= SMPP_HEADER_SIZE) {
		put_pdu(r, &o->b, s, note);
	} else {
		smpp_sbuf_printf(&o->b, "%u octets ", s->n);
		echo_put_octets(r, &o->b, s);
		if (note != NULL && *note != '\0')
			smpp_sbuf_printf(&o->b, ", %s", note);
	}
	smpp_sbuf_putc(&o->b, '\n');
	if (!o->args.raw || !s->whole)
		return;
	smpp_sbuf_puts(&o->b, "   ");
	echo_put_octets(r, &o->b, s);
	smpp_sbuf_putc(&o->b, '\n');
}

void
echo_fields(struct repl *r, const struct seen *s)
{
	struct smpp_issues issues;
	struct smpp_show show;
	struct smpp_pdu pdu;

	seen_decode(r, s, &pdu, &issues);
	show = show_of(r, s, false);
	show.raw = false;
	smpp_print_pdu(&r->c->out->b, &pdu, &issues, &show);
}

void
print_seen(struct repl *r, const struct seen *s, const char *note)
{
	struct out *o = r->c->out;
	struct subject subject;

	/* The line that is being typed comes back below it. */
	term_hide();
	if (o->form != OUT_HUMAN) {
		echo_subject(r, s, &subject);
		subject_json(&subject, out_json(o));
		out_record(o);
	} else if (!o->args.quiet) {
		echo_put_line(r, s, note);
		if (r->set.expanded)
			echo_fields(r, s);
	}
	/* Before the answer to it leaves: shown first, acknowledged then. */
	out_flush(o);
}
