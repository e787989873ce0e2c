/* smpp listen: records, for people and as JSON. */
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "receive.h"
#include "msg/body.h"
#include "msg/sendable.h"
#include "msg/dlr.h"
#include "show/receipttext.h"
#include "show/show.h"

/*
 * A receipt by esm_class of which nothing can be read is shown as a message
 * with an error: passed over, it would be acknowledged and lost.
 */
void
record_look(struct record *r)
{
	const struct smpp_receipt *dlr = &r->receipt;
	struct smpp_issue is = {
	    .kind = SMPP_ESYNTAX,
	    .level = SMPP_ERROR,
	    .name = SMPP_F_short_message,
	    .index = -1,
	};

	r->has_receipt = smpp_dlr_read(&r->receipt, r->pdu);
	r->vague = r->has_receipt && dlr->state < 0 &&
		   dlr->value[SMPP_RF_ID].n == 0 &&
		   dlr->value[SMPP_RF_STAT].n == 0;
	if (r->vague)
		smpp_issue_add(r->issues, is);
	smpp_check_message(r->pdu, r->mc_default, r->issues);
}

/* A text beside TLVs of a receipt is somebody's message. */
bool
record_has_text(const struct record *r)
{
	return r->receipt.seen == 0 && r->receipt.value[SMPP_RF_TEXT].n > 0;
}

static void
record_number(struct smpp_jsonw *j, const struct smpp_pdu *pdu, unsigned name)
{
	smpp_jsonw_key_i64(j, smpp_field_name(name), smpp_pdu_num(pdu, name));
}

static void
record_address(struct smpp_jsonw *j, const struct smpp_pdu *pdu, unsigned name)
{
	smpp_jsonw_key(j, smpp_field_name(name));
	smpp_jsonw_latin1(j, smpp_pdu_view(pdu, name));
}

/*
 * The octets of all parts that came, one behind the other. Without the headers
 * of the parts, as if it had come in one.
 */
static void
record_octets(struct smpp_jsonw *j, const struct smpp_joined *m)
{
	const struct smpp_piece *p;

	smpp_jsonw_key(j, "short_message");
	smpp_sbuf_putc(j->b, '"');
	for (p = m->pieces; p != NULL; p = p->next)
		smpp_sbuf_hex(j->b, p->octets.p, p->octets.n);
	smpp_sbuf_putc(j->b, '"');
	j->comma = true;
}

static void
record_missing(struct smpp_jsonw *j, const struct smpp_joined *m)
{
	unsigned i;

	if (m->have == m->concat.total)
		return;
	smpp_jsonw_key(j, "missing");
	smpp_jsonw_open(j, '[');
	for (i = 1; i <= m->concat.total; i++)
		if (smpp_joined_misses(m, i))
			smpp_jsonw_u32(j, i);
	smpp_jsonw_close(j, ']');
}

/*
 * The members of a message of several parts. No PDU is this message, so it has
 * a type of its own and none of a PDU's numbers.
 */
static void
joined_json(struct smpp_jsonw *j, const struct record *r)
{
	const struct smpp_joined *m = r->joined;
	char now[28];

	smpp_clock_rfc3339(now, r->time_us);
	smpp_jsonw_key_cstr(j, "type", "message");
	smpp_jsonw_key_cstr(j, "time", now);
	smpp_jsonw_key_cstr(j, "dir", "in");
	record_number(j, r->pdu, SMPP_F_source_addr_ton);
	record_number(j, r->pdu, SMPP_F_source_addr_npi);
	record_address(j, r->pdu, SMPP_F_source_addr);
	record_number(j, r->pdu, SMPP_F_dest_addr_ton);
	record_number(j, r->pdu, SMPP_F_dest_addr_npi);
	record_address(j, r->pdu, SMPP_F_destination_addr);
	smpp_jsonw_key_i64(j, "ref", m->concat.ref);
	smpp_jsonw_key_i64(j, "parts", m->concat.total);
	record_missing(j, m);
	smpp_jsonw_key_cstr(
	    j, "alphabet", smpp_alphabet_name(m->pieces->coding.alphabet));
	record_octets(j, m);
	smpp_jsonw_key(j, "text");
	smpp_jsonw_str(j, (const char *)r->text.p, r->text.n);
}

/*
 * With errors the octets are there in any case: fields are not to be trusted
 * then.
 */
void
record_json(struct listen *l, struct smpp_jsonw *j, const struct record *r)
{
	const struct out_args *a = &l->c->out->args;
	struct smpp_show show = {
	    .dir = "in",
	    .time_us = r->time_us,
	    .raw = a->raw || r->bad,
	    .secrets = a->show_secrets,
	    .mc_default = r->mc_default,
	};

	smpp_jsonw_open(j, '{');
	if (r->joined != NULL)
		joined_json(j, r);
	else
		smpp_json_pdu(j, r->pdu, r->issues, &show);
	smpp_jsonw_close(j, '}');
}

/* Local time for people, JSON has UTC. */
static void
put_clock(struct smpp_sbuf *b, int64_t time_us)
{
	time_t t = (time_t)(time_us / 1000000);
	char text[16];
	struct tm tm;

	localtime_r(&t, &tm);
	strftime(text, sizeof(text), "%H:%M:%S", &tm);
	smpp_sbuf_printf(b, "%s  ", text);
}

static void
record_put_word(struct smpp_sbuf *b, struct smpp_view v)
{
	if (v.n == 0)
		smpp_sbuf_putc(b, '-');
	smpp_print_word(b, v);
}

static void
put_route(struct smpp_sbuf *b, struct smpp_view from, struct smpp_view to)
{
	record_put_word(b, from);
	smpp_sbuf_puts(b, " -> ");
	record_put_word(b, to);
}

/* The text of a message in quotes, or its octets when it is none. */
static void
record_put_text(struct smpp_sbuf *b, const struct record *r)
{
	static char text[SMPP_TEXT_MAX(64 * 1024)];
	struct smpp_body body;
	struct smpp_view v = r->text;
	struct smpp_sbuf t;

	if (r->joined == NULL) {
		if (smpp_body_read(&body, r->pdu, r->mc_default) != 0)
			return;
		smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
		smpp_text_decode(&t, body.text, body.coding);
		v = smpp_view_of(text, t.n);
		if (v.n == 0 && body.text.n > 0) {
			smpp_sbuf_puts(b, "  hex:");
			smpp_sbuf_hex(b, body.text.p, body.text.n);
			return;
		}
	}
	smpp_sbuf_puts(b, "  \"");
	smpp_print_word(b, v);
	smpp_sbuf_putc(b, '"');
}

/* "receipt 5f3a9c01  DELIVRD  err 000  491701234567" */
static void
record_put_receipt(struct smpp_sbuf *b, const struct record *r)
{
	struct smpp_view stat = r->receipt.value[SMPP_RF_STAT];
	struct smpp_view err = r->receipt.value[SMPP_RF_ERR];

	smpp_sbuf_puts(b, "receipt ");
	record_put_word(b, r->receipt.value[SMPP_RF_ID]);
	smpp_sbuf_puts(b, "  ");
	if (stat.n == 0 && r->receipt.state >= 0)
		stat = smpp_view_str(smpp_state_name(r->receipt.state));
	record_put_word(b, stat);
	if (err.n > 0) {
		smpp_sbuf_puts(b, "  err ");
		record_put_word(b, err);
	}
	smpp_sbuf_puts(b, "  ");
	record_put_word(b, smpp_pdu_view(r->pdu, SMPP_F_source_addr));
	if (record_has_text(r))
		record_put_text(b, r);
}

static void
put_missing(struct smpp_sbuf *b, const struct smpp_joined *m)
{
	const char *comma = "  missing ";
	unsigned i;

	for (i = 1; i <= m->concat.total; i++) {
		if (!smpp_joined_misses(m, i))
			continue;
		smpp_sbuf_printf(b, "%s%u", comma, i);
		comma = ",";
	}
	smpp_sbuf_printf(b, " of %u parts", m->concat.total);
}

/* The octets of a PDU that could not be decoded, and why. */
static void
put_raw(struct smpp_sbuf *b, const struct record *r)
{
	const struct smpp_issue *is;
	char place[64];
	unsigned i;

	smpp_sbuf_puts(b, r->pdu->row->name);
	smpp_sbuf_puts(b, "  ");
	smpp_show_hex(b, r->pdu, r->pdu->wire, false);
	for (i = 0; i < r->issues->n; i++) {
		is = &r->issues->v[i];
		if (is->level != SMPP_ERROR)
			continue;
		smpp_issue_place(is, place, sizeof(place));
		smpp_sbuf_printf(
		    b, "  %s: %s: ", place, smpp_err_word(is->kind));
		smpp_issue_text(b, r->pdu, is);
	}
}

/* By what it is: damaged, a receipt, an alert, a message. */
static void
record_put_line(struct smpp_sbuf *b, const struct record *r, bool raw)
{
	const struct smpp_pdu *pdu = r->pdu;

	put_clock(b, r->time_us);
	if (r->bad) {
		put_raw(b, r);
		raw = false;
	} else if (r->has_receipt && !r->vague) {
		record_put_receipt(b, r);
	} else if (pdu->command_id == SMPP_C_alert_notification) {
		smpp_sbuf_puts(b, "alert ");
		put_route(b, smpp_pdu_view(pdu, SMPP_F_source_addr),
		    smpp_pdu_view(pdu, SMPP_F_esme_addr));
	} else {
		put_route(b, smpp_pdu_view(pdu, SMPP_F_source_addr),
		    smpp_pdu_view(pdu, SMPP_F_destination_addr));
		record_put_text(b, r);
	}
	if (r->vague)
		smpp_sbuf_puts(b, "  receipt not understood");
	if (r->joined != NULL && r->joined->have < r->joined->concat.total)
		put_missing(b, r->joined);
	if (raw && r->joined == NULL) {
		smpp_sbuf_puts(b, "  ");
		smpp_show_hex(b, pdu, pdu->wire, false);
	}
	smpp_sbuf_putc(b, '\n');
}

/* Flushed each time: it is acknowledged next. */
int
record_print(struct listen *l, const struct record *r)
{
	struct out *o = l->c->out;

	if (o->form == OUT_HUMAN) {
		record_put_line(&o->b, r, o->args.raw);
		return out_flush(o);
	}
	record_json(l, out_json(o), r);
	if (out_record(o) != 0)
		return -1;
	return out_flush(o);
}
