/* What is wrong with a message beyond the fields that carry it. */
#include "msg/check.h"

#include "msg/body.h"
#include "text/smpptime.h"

static void
add(struct smpp_issues *issues, const struct smpp_pdu *pdu, int kind,
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

static void
times(const struct smpp_pdu *pdu, struct smpp_issues *issues)
{
	const struct smpp_field *row = smpp_fields(pdu->row, pdu->ver);
	struct smpp_time t;
	struct view v;

	for (; row->kind != SMPP_KIND_END; row++) {
		if (row->kind != SMPP_KIND_TIME)
			continue;
		v = smpp_view(pdu, row->name);
		/* A wrong length the decoder has named already. */
		if (v.n == 16 && smpp_time_read(&t, v) >= 0)
			add(issues, pdu, SMPP_EBAD_VALUE, SMPP_WARNING,
			    row->name, -1, v.p, v.p + v.n);
	}
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
	if (smpp_body(&body, pdu, mc_default) != 0)
		return;
	payload = smpp_tlv_get(pdu, SMPP_T_message_payload);
	if (body.field == SMPP_F_tlv)
		index = (int32_t)(payload - pdu->tlv);
	if (body.has_udh && body.udh_bad >= 0) {
		add(issues, pdu, SMPP_EUDH_OVERRUN, SMPP_WARNING,
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
		add(issues, pdu, SMPP_EBAD_TEXT, level, (unsigned)body.field,
		    index, body.text.p + bad, body.text.p + body.text.n);
}
