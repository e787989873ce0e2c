/* The answer to a request, for people and as JSON. */
#include "../human.h"
#include "base/clock.h"
#include "request.h"
#include "show/receipt.h"
#include "show/show.h"
#include "text/smpptime.h"

static void
record(struct request *r, const struct smpp_pdu *pdu,
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
	struct jsonw *j = out_json(o);

	jsonw_open(j, '{');
	smpp_json_pdu(j, pdu, issues, &show);
	jsonw_close(j, '}');
	out_record(o);
}

/* "2026-11-21 10:43", and the zone where it is not UTC. */
static void
put_date(struct sbuf *b, struct view v)
{
	struct smpp_time t;

	if (smpp_time_read(&t, v) != -1 ||
	    (t.kind != SMPP_TIME_ABSOLUTE && t.kind != SMPP_TIME_SHORT)) {
		human_words(b, v);
		return;
	}
	smpp_sbuf_printf(b, "%04u-%02u-%02u %02u:%02u", t.date.year,
	    t.date.month, t.date.day, t.date.hour, t.date.minute);
	if (t.kind == SMPP_TIME_ABSOLUTE && t.date.zone != 0 &&
	    t.date.zone != SMPP_ZONE_Z)
		smpp_sbuf_printf(b, "%c%02d:%02d", t.date.zone < 0 ? '-' : '+',
		    (t.date.zone < 0 ? -t.date.zone : t.date.zone) / 60,
		    (t.date.zone < 0 ? -t.date.zone : t.date.zone) % 60);
}

static void
put_state(struct sbuf *b, const struct smpp_pdu *pdu)
{
	struct view final = smpp_view(pdu, SMPP_F_final_date);

	sbuf_puts(b, "  ");
	human_words(b, smpp_view(pdu, SMPP_F_message_id));
	smpp_sbuf_printf(b, "  %s",
	    smpp_state_name((int)smpp_num(pdu, SMPP_F_message_state)));
	if (final.n > 0) {
		sbuf_puts(b, "  final ");
		put_date(b, final);
	}
	smpp_sbuf_printf(b, "  error %u", smpp_num(pdu, SMPP_F_error_code));
}

static const char *
status_name(struct ctx *c, uint32_t status)
{
	const struct smpp_status *row = smpp_status(status);

	return row != NULL ? row->name : cmd_printf(c, "0x%08x", status);
}

/* The destinations of submit_multi that were refused, a line each. */
static void
put_refused(struct request *r, struct sbuf *b)
{
	struct view list = smpp_view(&r->link.pdu, SMPP_F_unsuccess_sme);
	const struct smpp_field *row = smpp_field_find(
	    smpp_fields(r->link.pdu.row, r->link.pdu.ver),
	    SMPP_F_unsuccess_sme);
	struct smpp_item_it it;

	smpp_item_begin(&it, row->items, list);
	while (smpp_item_next(&it)) {
		if (it.field->name == SMPP_F_destination_addr) {
			sbuf_puts(b, "\n  ");
			human_words(b, view_of(it.val.p, it.val.n));
		} else if (it.field->name == SMPP_F_error_status_code) {
			smpp_sbuf_printf(
			    b, "  %s", status_name(r->c, it.val.num));
		}
	}
}

static uint32_t
count(const struct smpp_pdu *pdu, unsigned list)
{
	return smpp_has(pdu, list) ? pdu->f[list].num : 0;
}

/* How many destinations of a submit_multi were refused. */
static uint32_t
refused(const struct request *r)
{
	return r->link.pdu.command_id == SMPP_C_submit_multi_resp
		   ? count(&r->link.pdu, SMPP_F_unsuccess_sme)
		   : 0;
}

/* Everything in the body as name=value: what follows the first two words. */
static void
put_pairs(struct sbuf *b, const struct smpp_pdu *pdu, bool secrets)
{
	char text[16384];
	struct sbuf t;
	size_t skip = 0;

	smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
	smpp_pairs(&t, pdu, secrets);
	for (unsigned words = 0; words < 2; words++)
		while (skip < t.n && t.p[skip++] != ' ')
			;
	if (skip == t.n)
		return;
	sbuf_puts(b, "  ");
	sbuf_put(b, t.p + skip, t.n - skip);
}

/* True when the answer holds a message_id and nothing else. */
static bool
id_alone(const struct smpp_pdu *pdu)
{
	const struct smpp_field *body = smpp_fields(pdu->row, pdu->ver);

	return pdu->ntlv == 0 && body[0].name == SMPP_F_message_id &&
	       body[1].kind == SMPP_KIND_END;
}

static void
put_body(struct request *r, struct sbuf *b)
{
	const struct smpp_pdu *pdu = &r->link.pdu;

	switch (pdu->command_id) {
	case SMPP_C_query_sm_resp:
		put_state(b, pdu);
		return;
	case SMPP_C_submit_multi_resp:
		sbuf_puts(b, "  id ");
		human_words(b, smpp_view(pdu, SMPP_F_message_id));
		if (refused(r) == 0)
			return;
		smpp_sbuf_printf(b, "  %u of %u refused", refused(r),
		    count(&r->craft.pdu, SMPP_F_dest_address));
		put_refused(r, b);
		return;
	default:
		break;
	}
	if (pdu->row != NULL && id_alone(pdu)) {
		sbuf_puts(b, "  id ");
		human_words(b, smpp_view(pdu, SMPP_F_message_id));
	} else {
		put_pairs(b, pdu, r->c->out->args.show_secrets);
	}
}

/* "query_sm_resp  ESME_ROK  5f3a9c01  DELIVERED" and so on. */
static void
line(struct request *r)
{
	const struct smpp_pdu *pdu = &r->link.pdu;
	struct out *o = r->c->out;
	struct sbuf *b = &o->b;

	smpp_sbuf_printf(b, "%s  %s", pdu->row->name,
	    status_name(r->c, pdu->command_status));
	put_body(r, b);
	if (o->args.raw) {
		sbuf_puts(b, "\n  ");
		smpp_show_hex(b, pdu, pdu->wire, o->args.show_secrets);
	}
	sbuf_putc(b, '\n');
	out_line(o);
}

static int
say_refused(struct request *r)
{
	uint32_t status = r->link.pdu.command_status;
	const struct smpp_status *row = smpp_status(status);
	bool later = row != NULL && row->cls == SMPP_CLASS_RETRY;

	link_more_status(r->c, status);
	return out_error(r->c, later ? SMPP_EXIT_RETRY : SMPP_EXIT_NO,
	    "request", "refused: %s", link_status(r->c, status));
}

int
request_answer(struct request *r)
{
	const struct smpp_pdu *pdu = &r->link.pdu;
	const struct out *o = r->c->out;
	bool human = o->form == OUT_HUMAN;

	if (!human)
		record(r, pdu, &r->link.issues, "in");
	if (pdu->command_status != ESME_ROK)
		return say_refused(r);
	if (human && !o->args.quiet)
		line(r);
	if (refused(r) == 0)
		return SMPP_EXIT_OK;
	if (!human || o->args.quiet)
		out_error(r->c, SMPP_EXIT_NO, "request",
		    "%u of %u destinations refused", refused(r),
		    count(&r->craft.pdu, SMPP_F_dest_address));
	return SMPP_EXIT_NO;
}

void
request_dry(struct request *r, struct view wire)
{
	struct out *o = r->c->out;
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;

	smpp_decode(&pdu, wire, r->craft.pdu.ver, 0, &issues);
	if (o->form != OUT_HUMAN) {
		record(r, &pdu, &issues, "out");
		return;
	}
	smpp_sbuf_printf(&o->b, "%s  %u bytes", r->craft.row->name, wire.n);
	if (o->args.raw) {
		sbuf_puts(&o->b, "  ");
		smpp_show_hex(&o->b, &pdu, wire, o->args.show_secrets);
	} else {
		put_pairs(&o->b, &r->craft.pdu, o->args.show_secrets);
	}
	sbuf_putc(&o->b, '\n');
	out_line(o);
}
