/* What is wrong with a message beyond the fields that carry it. */
#include "msg/sendable.h"

#include "msg/body.h"
#include "msg/dlr.h"
#include "text/smpptime.h"

static void
sendable_add(struct smpp_issues *issues, const struct smpp_pdu *pdu, int kind,
    enum smpp_level level, unsigned name, int32_t index, const uint8_t *p,
    const uint8_t *end)
{
	const uint8_t *start = pdu->wire.p;

	smpp_issue_add(
	    issues, (struct smpp_issue){.kind = (int16_t)kind,
			.level = (uint8_t)level,
			.name = (uint8_t)name,
			.index = index,
			.offset = start == NULL ? 0 : (uint32_t)(p - start),
			.end = start == NULL ? 0 : (uint32_t)(end - start)});
}

/* Quarters of an hour from UTC beyond what a sender may write (time.md 2). */
static bool
far_offset(struct smpp_view v)
{
	return v.n == 16 && v.p[15] != 'R' &&
	       (v.p[13] - '0') * 10 + (v.p[14] - '0') > 48;
}

/* What a time is that stands where relative ones may, or may not: a warning
 * when it is none, a notice when it should not be this one. */
static void
one_time(const struct smpp_pdu *pdu, struct smpp_view v, bool relative,
    unsigned name, int32_t index, struct smpp_issues *issues)
{
	struct smpp_time t;

	/* A wrong length the decoder has named already. */
	if (v.n != 16 && v.n != 12)
		return;
	if (smpp_time_read(&t, v) >= 0)
		sendable_add(issues, pdu, SMPP_EBAD_VALUE, SMPP_WARNING, name,
		    index, v.p, smpp_view_end(v));
	else if (far_offset(v) || (t.kind == SMPP_TIME_RELATIVE &&
				      (!relative || pdu->ver == SMPP_V33)))
		sendable_add(issues, pdu, SMPP_ERESERVED_VALUE, SMPP_NOTICE,
		    name, index, v.p, smpp_view_end(v));
}

static void
times(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const struct smpp_field *row = smpp_pdu_body(pdu->row, pdu->ver);
	const struct smpp_tlv_row *tlv;
	struct smpp_tlv_it it;
	struct smpp_tlv t;
	struct smpp_view v;
	int32_t i;

	for (; row->kind != SMPP_KIND_END; row++)
		if (row->kind == SMPP_KIND_TIME)
			one_time(pdu, smpp_pdu_view(pdu, row->name),
			    row->arg != SMPP_ARG_SHORT, row->name, -1, issues);
	smpp_tlv_begin(&it, pdu);
	for (i = 0; smpp_tlv_next(&it, &t); i++) {
		tlv = smpp_pdu_tlv_row(pdu, t.tag);
		if (tlv == NULL || tlv->kind != SMPP_KIND_TIME)
			continue;
		v = smpp_tlv_view(&t);
		v.n -= v.n > 0 && v.p[v.n - 1] == 0;
		one_time(pdu, v, false, SMPP_F_tlv, i, issues);
	}
}

/* The id of a receipt in what is none: a notice, so that nobody waits for more
 * of it. */
static void
stray_receipt_id(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const struct smpp_tlv *id = smpp_pdu_tlv(
	    pdu, SMPP_T_receipted_message_id);
	struct smpp_issue is = {.kind = SMPP_EUNEXPECTED_TLV,
	    .level = SMPP_NOTICE,
	    .name = SMPP_F_tlv,
	    .tag = SMPP_T_receipted_message_id};
	struct smpp_receipt r;

	if (id == NULL || pdu->wire.p == NULL ||
	    (pdu->command_id != SMPP_C_deliver_sm &&
		pdu->command_id != SMPP_C_data_sm) ||
	    smpp_dlr_read(&r, pdu))
		return;
	is.index = (int32_t)(id - pdu->tlv);
	is.offset = (uint32_t)(id->p - pdu->wire.p) - 4;
	is.end = is.offset + 4 + id->n;
	is.got = id->n;
	smpp_issue_add(issues, is);
}

void
smpp_check_message(const struct smpp_pdu *pdu, enum smpp_alphabet mc_default,
    struct smpp_issues *issues)
{
	const struct smpp_tlv *payload;
	struct smpp_body body;
	enum smpp_level level;
	int32_t index = -1;
	int64_t bad;

	if (pdu->row == NULL)
		return;
	times(pdu, issues);
	stray_receipt_id(pdu, issues);
	if (smpp_body_read(&body, pdu, mc_default) != 0)
		return;
	payload = smpp_pdu_tlv(pdu, SMPP_T_message_payload);
	if (body.field == SMPP_F_tlv)
		index = (int32_t)(payload - pdu->tlv);
	/* Behind a broken header nobody knows where the text begins. */
	if (body.has_udh && body.udh_bad >= 0) {
		sendable_add(issues, pdu, SMPP_EUDH_OVERRUN, SMPP_WARNING,
		    (unsigned)body.field, index, body.data.p + body.udh_bad,
		    body.data.p + body.data.n);
		return;
	}
	bad = smpp_text_check(body.text, body.coding);
	/* Peers differ in what they put under the other alphabets, 0 above all:
	 * what reads as wrong there may be right in theirs. */
	level = body.coding.alphabet == SMPP_ALPHA_UCS2 ? SMPP_WARNING
							: SMPP_NOTICE;
	if (bad >= 0)
		sendable_add(issues, pdu, SMPP_EBAD_TEXT, level,
		    (unsigned)body.field, index, body.text.p + bad,
		    body.text.p + body.text.n);
}
