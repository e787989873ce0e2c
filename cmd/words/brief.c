/* What a PDU says, on one line for people. */
#include "brief.h"

#include "human.h"
#include "msg/body.h"
#include "msg/dlr.h"
#include "show/receipttext.h"
#include "show/show.h"
#include "text/smpptime.h"
#include "status.h"

/*
 * "2026-11-21 10:43", and the zone where it is not UTC. What is no time of
 * either kind is shown as it came: final_date of a peer may be anything, and a
 * wrong one must not look right.
 */
static void
brief_put_date(struct smpp_sbuf *b, struct smpp_view v)
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

/*
 * An error of 0 is shown, too: "error 0" is what the peer said, and a line of
 * which parts come and go cannot be cut by column.
 */
static void
brief_put_state(struct smpp_sbuf *b, const struct smpp_pdu *pdu)
{
	struct smpp_view final = smpp_pdu_view(pdu, SMPP_F_final_date);

	smpp_sbuf_puts(b, "  ");
	human_words(b, smpp_pdu_view(pdu, SMPP_F_message_id));
	smpp_sbuf_printf(b, "  %s",
	    smpp_state_name((int)smpp_pdu_num(pdu, SMPP_F_message_state)));
	if (final.n > 0) {
		smpp_sbuf_puts(b, "  final ");
		brief_put_date(b, final);
	}
	smpp_sbuf_printf(b, "  error %u", smpp_pdu_num(pdu, SMPP_F_error_code));
}

/*
 * The destinations of submit_multi that were refused, a line each. Items come
 * field by field, without an end of their own: the address opens a line, the
 * status closes it.
 */
static void
put_refused(struct smpp_sbuf *b, const struct smpp_pdu *pdu)
{
	struct smpp_view list = smpp_pdu_view(pdu, SMPP_F_unsuccess_sme);
	const struct smpp_field *row = smpp_field_of(
	    smpp_pdu_body(pdu->row, pdu->ver), SMPP_F_unsuccess_sme);
	struct smpp_item_it it;
	char status[STATUS_NAME];

	smpp_item_begin(&it, row->items, list);
	while (smpp_item_next(&it)) {
		if (it.field->name == SMPP_F_destination_addr) {
			smpp_sbuf_puts(b, "\n  ");
			human_words(b, smpp_view_of(it.val.p, it.val.n));
		} else if (it.field->name == SMPP_F_error_status_code) {
			smpp_sbuf_puts(b, "  ");
			smpp_sbuf_puts(b, status_name(status, it.val.num));
		}
	}
}

uint32_t
brief_refused(const struct smpp_pdu *pdu)
{
	return pdu->command_id == SMPP_C_submit_multi_resp &&
		       smpp_pdu_has(pdu, SMPP_F_unsuccess_sme)
		   ? pdu->f[SMPP_F_unsuccess_sme].num
		   : 0;
}

/* Everything in the body as name=value: what follows the first two words. */
void
brief_pairs(struct smpp_sbuf *b, const struct smpp_pdu *pdu, bool secrets)
{
	char text[16384];
	struct smpp_sbuf t;
	size_t skip = 0;

	smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
	smpp_pdu_pairs(&t, pdu, secrets);
	/*
	 * Command and sequence number are said by the caller already; a status
	 * that is not 0 is a third word in front, and is to be seen.
	 */
	for (unsigned words = pdu->command_status == 0; words < 3; words++)
		while (skip < t.n && t.p[skip++] != ' ')
			;
	if (skip == t.n)
		return;
	smpp_sbuf_puts(b, "  ");
	smpp_sbuf_put(b, t.p + skip, t.n - skip);
}

/*
 * True when the answer holds a message_id and nothing else. Only then may the
 * rest be left out: TLVs of the answer are news.
 */
static bool
id_alone(const struct smpp_pdu *pdu)
{
	const struct smpp_field *body = smpp_pdu_body(pdu->row, pdu->ver);

	return pdu->ntlv == 0 && body[0].name == SMPP_F_message_id &&
	       body[1].kind == SMPP_KIND_END;
}

void
brief_response(struct smpp_sbuf *b, const struct smpp_pdu *pdu, uint32_t asked,
    bool secrets)
{
	uint32_t refused = brief_refused(pdu);

	/*
	 * A command_id the tables do not have: there is no body to speak of.
	 */
	if (pdu->row == NULL) {
		brief_pairs(b, pdu, secrets);
	} else if (pdu->command_id == SMPP_C_query_sm_resp) {
		brief_put_state(b, pdu);
	} else if (pdu->command_id == SMPP_C_submit_multi_resp) {
		smpp_sbuf_puts(b, "  id ");
		human_words(b, smpp_pdu_view(pdu, SMPP_F_message_id));
		if (refused == 0)
			return;
		smpp_sbuf_printf(b, "  %u of %u refused", refused, asked);
		put_refused(b, pdu);
	} else if (id_alone(pdu)) {
		smpp_sbuf_puts(b, "  id ");
		human_words(b, smpp_pdu_view(pdu, SMPP_F_message_id));
	} else {
		brief_pairs(b, pdu, secrets);
	}
}

/* "receipt 5f3a9c01  DELIVRD  err 000" */
static void
brief_put_receipt(struct smpp_sbuf *b, const struct smpp_receipt *r)
{
	struct smpp_view stat = r->value[SMPP_RF_STAT];
	struct smpp_view err = r->value[SMPP_RF_ERR];

	smpp_sbuf_puts(b, "receipt ");
	human_words(b, r->value[SMPP_RF_ID]);
	smpp_sbuf_puts(b, "  ");
	/*
	 * A receipt without text has its state in the TLV message_state alone.
	 */
	if (stat.n == 0 && r->state >= 0)
		stat = smpp_view_str(smpp_state_name(r->state));
	human_words(b, stat);
	if (err.n > 0) {
		smpp_sbuf_puts(b, "  err ");
		human_words(b, err);
	}
}

/* The text in quotes; octets that are none in hexadecimal. */
static void
brief_put_text(struct smpp_sbuf *b, const struct smpp_body *body)
{
	char text[SMPP_TEXT_MAX(1024)];
	struct smpp_view octets = body->text;
	struct smpp_sbuf t;

	/*
	 * A line is for looking: what is cut is marked by dots behind the
	 * quotes. JSON has all of it.
	 */
	if (octets.n > 1024)
		octets.n = 1024;
	smpp_sbuf_init(&t, text, sizeof(text), NULL, NULL);
	smpp_text_decode(&t, octets, body->coding);
	/* Binary, or an alphabet that is not known. */
	if (t.n == 0 && octets.n > 0) {
		smpp_sbuf_puts(b, "  hex:");
		smpp_sbuf_hex(b, octets.p, octets.n);
		return;
	}
	smpp_sbuf_puts(b, "  \"");
	smpp_print_word(b, smpp_view_of(text, t.n));
	smpp_sbuf_puts(b, octets.n < body->text.n ? "...\"" : "\"");
}

bool
brief_message(struct smpp_sbuf *b, const struct smpp_pdu *pdu,
    enum smpp_alphabet mc_default)
{
	struct smpp_receipt r;
	struct smpp_body body;

	if (pdu->row == NULL || smpp_body_read(&body, pdu, mc_default) != 0)
		return false;
	if (smpp_dlr_read(&r, pdu)) {
		brief_put_receipt(b, &r);
		return true;
	}
	human_words(b, smpp_pdu_view(pdu, SMPP_F_source_addr));
	smpp_sbuf_puts(b, " -> ");
	human_words(b, smpp_pdu_view(pdu, SMPP_F_destination_addr));
	brief_put_text(b, &body);
	return true;
}
