/* The answer to a request, for people and as JSON. */
#include "words/brief.h"
#include "base/clock.h"
#include "words/dictfile.h"
#include "request.h"
#include "show/show.h"
#include "words/status.h"

/* A dry run is the same each time: no clock in it. */
static void
answer_record(struct request *r, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const char *dir)
{
	struct out *o = r->c->out;
	struct smpp_show show = {
	    .dir = dir,
	    .time_us = r->a->dry ? 0 : smpp_clock_wall_us(),
	    .raw = o->args.raw,
	    .secrets = o->args.show_secrets,
	    .mc_default = (enum smpp_alphabet)r->a->target.alphabet,
	};
	struct smpp_jsonw *j = out_json(o);

	smpp_jsonw_open(j, '{');
	smpp_json_pdu(j, pdu, issues, &show);
	smpp_jsonw_close(j, '}');
	out_record(o);
}

/* How many destinations a submit_multi had. */
static uint32_t
count_asked(const struct request *r)
{
	const struct smpp_pdu *pdu = &r->craft.pdu;

	return smpp_pdu_has(pdu, SMPP_F_dest_address)
		   ? pdu->f[SMPP_F_dest_address].num
		   : 0;
}

/* "query_sm_resp  ESME_ROK  5f3a9c01  DELIVERED" and so on. */
static void
answer_line(struct request *r)
{
	const struct smpp_pdu *pdu = &r->link.pdu;
	struct out *o = r->c->out;
	struct smpp_sbuf *b = &o->b;
	char name[STATUS_NAME];

	smpp_sbuf_printf(b, "%s  ", pdu->row->name);
	smpp_sbuf_puts(b, status_name(name, pdu->command_status));
	brief_response(b, pdu, count_asked(r), o->args.show_secrets);
	if (o->args.raw) {
		smpp_sbuf_puts(b, "\n  ");
		smpp_show_hex(b, pdu, pdu->wire, o->args.show_secrets);
	}
	smpp_sbuf_putc(b, '\n');
	out_line(o);
}

/*
 * generic_nack with ESME_ROK is no success (3.4 4.3), and status_text() would
 * say that it was.
 */
static int
say_refused(struct request *r)
{
	uint32_t status = r->link.pdu.command_status;
	char text[STATUS_TEXT];

	status_json(out_more(r->c), status);
	if (status == ESME_ROK)
		return out_error(r->c, SMPP_EXIT_NO, "request",
		    "refused: generic_nack that names no error");
	return out_error(r->c, status_exit(status), "request", "refused: %s",
	    status_text(text, status));
}

int
request_answer(struct request *r)
{
	const struct smpp_pdu *pdu = &r->link.pdu;
	const struct out *o = r->c->out;
	bool human = o->form == OUT_HUMAN;

	if (!human)
		answer_record(r, pdu, &r->link.issues, "in");
	if (pdu->command_status != ESME_ROK ||
	    pdu->command_id == SMPP_C_generic_nack)
		return say_refused(r);
	if (human && !o->args.quiet)
		answer_line(r);
	if (brief_refused(pdu) == 0)
		return SMPP_EXIT_OK;
	/*
	 * The line has said so otherwise. Some destinations refused: exit as
	 * for a refusal, or a script would take the message for sent.
	 */
	if (!human || o->args.quiet)
		out_error(r->c, SMPP_EXIT_NO, "request",
		    "%u of %u destinations refused", brief_refused(pdu),
		    count_asked(r));
	return SMPP_EXIT_NO;
}

/*
 * Decoded from the octets, so that lies and all are seen as the SMSC would see
 * them.
 */
void
request_dry(struct request *r, struct smpp_view wire)
{
	struct out *o = r->c->out;
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;

	dictionary_decode(r->craft.c, &pdu, wire, r->craft.pdu.ver, 0, &issues);
	if (o->form != OUT_HUMAN) {
		answer_record(r, &pdu, &issues, "out");
		return;
	}
	smpp_sbuf_printf(&o->b, "%s  %u bytes", r->craft.row->name, wire.n);
	if (o->args.raw) {
		smpp_sbuf_puts(&o->b, "  ");
		smpp_show_hex(&o->b, &pdu, wire, o->args.show_secrets);
	} else {
		brief_pairs(&o->b, &r->craft.pdu, o->args.show_secrets);
	}
	smpp_sbuf_putc(&o->b, '\n');
	out_line(o);
}
