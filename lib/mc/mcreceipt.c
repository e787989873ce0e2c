/*
 * Receipts, in the forms that SMSCs write them: the text is of v3.4 appendix B,
 * which says "typically", and everybody did what he took that for.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "mc/mc_int.h"
#include "msg/dlr.h"

enum {
	RECEIPT_TEXT = 20,                /* characters of the message */
	RECEIPT_ID = SMPP_MC_ID_MAX + 16, /* an id with zeros before it */
};

/* --- styles --- */

static const struct {
	const char *word;
	unsigned bits;
} notice_styles[] = {
#define SMPP_STYLE(id, word) {word, SMPP_MC_STYLE_##id},
#define SMPP_ALIAS(word, styles) {word, styles},
#include "mc/styles.def"
#undef SMPP_STYLE
#undef SMPP_ALIAS
};

enum { STYLES = sizeof(notice_styles) / sizeof(notice_styles[0]) };

const char *
smpp_mc_style_name(unsigned n)
{
	return n < STYLES ? notice_styles[n].word : NULL;
}

unsigned
smpp_mc_style_find(struct smpp_view word)
{
	for (unsigned i = 0; i < STYLES; i++)
		if (smpp_view_is(word, notice_styles[i].word))
			return notice_styles[i].bits;
	return 0;
}

/* Whether the receipts of a message have this style: without TEXT and TLV they
 * have both, and v3.3 knows neither TLVs nor data_sm. */
static bool
notice_has(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    enum smpp_mc_style style)
{
	const unsigned forms = SMPP_MC_STYLE_TEXT | SMPP_MC_STYLE_TLV;
	const unsigned newer = SMPP_MC_STYLE_TLV | SMPP_MC_STYLE_DATA_SM;
	unsigned bits = mc->conf.style;

	if ((bits & forms) == 0)
		bits |= forms;
	if (m->ver == SMPP_V33)
		bits = (bits & ~newer) | SMPP_MC_STYLE_TEXT;
	return (bits & style) != 0;
}

/* --- who wants to hear --- */

bool
smpp_mc_receipt_wanted(const struct smpp_mc_message *m)
{
	bool delivered = m->state == SMPP_message_state_DELIVERED;

	if (m->stat[0] == '\0')
		return false;
	switch (m->registered & SMPP_registered_delivery_receipt_always_MASK) {
	case SMPP_registered_delivery_receipt_always:
		return true;
	case SMPP_registered_delivery_receipt_failure:
		return !delivered;
	case SMPP_registered_delivery_receipt_success:
		return delivered;
	default:
		return false;
	}
}

bool
smpp_mc_notice_wanted(const struct smpp_mc_message *m)
{
	return m->stat[0] != '\0' &&
	       SMPP_IS(registered_delivery, intermediate, m->registered);
}

/* --- what is said --- */

/* A moment on the clock of the wall. */
static void
notice_date(struct smpp_date *d, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	/* The specification names no zone for these dates: normally it is the
	 * clock of the message centre (receipts.md). */
	localtime_r(&t, &tm);
	smpp_date_from_seconds(d, (int64_t)t + tm.tm_gmtoff);
}

/* The first characters of the message, where they are plain ones: what is in
 * another alphabet would be read in that of the receipt. */
static struct smpp_view
notice_text(const struct smpp_mc_message *m)
{
	uint32_t n = m->ntext < RECEIPT_TEXT ? m->ntext : RECEIPT_TEXT;

	for (uint32_t i = 0; i < n; i++)
		if (m->text[i] < 0x20 || m->text[i] > 0x7e)
			n = 0;
	return smpp_view_of(m->text, n);
}

/* The id as the text of a receipt has it, which may not be that of the
 * response. */
static void
notice_id(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    char out[RECEIPT_ID])
{
	const unsigned style = mc->conf.style;
	char id[SMPP_MC_ID_MAX];
	int pad;

	smpp_mc_id_write(mc, m->serial, m->ver, id);
	if (style & SMPP_MC_STYLE_HEX)
		snprintf(id, sizeof(id), "%x", m->serial);
	if (style & SMPP_MC_STYLE_DECIMAL)
		snprintf(id, sizeof(id), "%u", m->serial);
	/* To the ten digits of appendix B; an id that has them gets two more,
	 * since padding is what was asked for. */
	pad = (int)strlen(id) < 10 ? 10 - (int)strlen(id) : 2;
	snprintf(out, RECEIPT_ID, "%.*s%s",
	    style & SMPP_MC_STYLE_PADDED ? pad : 0, "0000000000", id);
	for (; style & SMPP_MC_STYLE_UPPER && *out != '\0'; out++)
		*out = (char)toupper((unsigned char)*out);
}

/* What a receipt says; what it borrows is of m. */
static void
notice_fill(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    bool notice, struct smpp_receipt *out)
{
	uint8_t state = notice ? SMPP_message_state_ENROUTE : m->state;

	smpp_receipt_clear(out);
	out->value[SMPP_RF_STAT] = smpp_view_str(notice ? "ENROUTE" : m->stat);
	out->value[SMPP_RF_ERR] = smpp_view_str(notice ? "000" : m->err);
	out->value[SMPP_RF_TEXT] = notice_text(m);
	if ((mc->conf.style & SMPP_MC_STYLE_NO_SUB) == 0) {
		out->sub = 1;
		out->dlvrd = state == SMPP_message_state_DELIVERED;
	}
	out->state = (int8_t)state;
	notice_date(&out->date[0], m->submitted);
	notice_date(&out->date[1], smpp_mc_time(mc));
	out->dated[0] = out->dated[1] = true;
}

/* --- how --- */

/* From the destination of the message to its source. */
static void
notice_address(struct smpp_pdu *pdu, const struct smpp_mc_message *m)
{
	smpp_pdu_set_num(pdu, SMPP_F_source_addr_ton, m->dest_ton);
	smpp_pdu_set_num(pdu, SMPP_F_source_addr_npi, m->dest_npi);
	smpp_pdu_set_view(pdu, SMPP_F_source_addr, smpp_view_str(m->dest));
	smpp_pdu_set_num(pdu, SMPP_F_dest_addr_ton, m->source_ton);
	smpp_pdu_set_num(pdu, SMPP_F_dest_addr_npi, m->source_npi);
	smpp_pdu_set_view(
	    pdu, SMPP_F_destination_addr, smpp_view_str(m->source));
}

/* Puts the text, with or without a stray NUL behind it. */
static void
notice_put_text(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    struct smpp_pdu *pdu, struct smpp_receipt *r, struct smpp_wr *store)
{
	unsigned form = SMPP_DLR_TEXT;
	size_t start = store->n;
	char id[RECEIPT_ID];

	if (mc->conf.style & SMPP_MC_STYLE_SECONDS)
		form |= SMPP_DLR_SECONDS;
	if (mc->conf.style & SMPP_MC_STYLE_NO_TEXT)
		form |= SMPP_DLR_BARE;
	notice_id(mc, m, id);
	r->value[SMPP_RF_ID] = smpp_view_str(id);
	smpp_dlr_set(pdu, r, form, store);
	if (mc->conf.style & SMPP_MC_STYLE_NUL)
		smpp_wr_u8(store, 0);
	smpp_pdu_set_view(pdu, SMPP_F_short_message,
	    smpp_view_of(store->p + start, store->n - start));
}

static void
notice_put_tlvs(const struct smpp_mc *mc, const struct smpp_mc_message *m,
    struct smpp_pdu *pdu, struct smpp_receipt *r, struct smpp_wr *store)
{
	char id[SMPP_MC_ID_MAX];

	smpp_mc_id_write(mc, m->serial, m->ver, id);
	r->value[SMPP_RF_ID] = smpp_view_str(id);
	smpp_dlr_set(pdu, r, SMPP_DLR_TLVS, store);
}

/* The receipt as a data_sm: its text is a message_payload. */
static void
notice_move_text(struct smpp_pdu *pdu)
{
	struct smpp_view text = smpp_pdu_view(pdu, SMPP_F_short_message);

	if (pdu->command_id == SMPP_C_data_sm && text.n > 0)
		smpp_pdu_add_tlv(pdu, SMPP_T_message_payload, text);
}

static int
notice_send(struct smpp_mc *mc, const struct smpp_mc_message *m, bool notice)
{
	struct smpp_receipt receipt;
	struct smpp_mc_delivery *d;
	struct smpp_pdu pdu;
	struct smpp_wr store;
	uint8_t octets[768];
	int rc;

	notice_fill(mc, m, notice, &receipt);
	smpp_wr_init(&store, octets, sizeof(octets));
	smpp_pdu_init(&pdu,
	    notice_has(mc, m, SMPP_MC_STYLE_DATA_SM) ? SMPP_C_data_sm
						     : SMPP_C_deliver_sm,
	    0, SMPP_V50);
	notice_address(&pdu, m);
	if (notice_has(mc, m, SMPP_MC_STYLE_TEXT))
		notice_put_text(mc, m, &pdu, &receipt, &store);
	if (notice_has(mc, m, SMPP_MC_STYLE_TLV))
		notice_put_tlvs(mc, m, &pdu, &receipt, &store);
	if (m->has_reference)
		smpp_pdu_add_tlv(&pdu, SMPP_T_user_message_reference,
		    smpp_view_of(m->reference, 2));
	smpp_pdu_set_num(&pdu, SMPP_F_esm_class,
	    notice ? SMPP_esm_class_type_intermediate
		   : SMPP_esm_class_type_mc_receipt);
	notice_move_text(&pdu);
	rc = smpp_mc_delivery_new(mc, m->account, &pdu, &d);
	if (d == NULL)
		return rc;
	d->receipt = true;
	if (mc->conf.style & SMPP_MC_STYLE_OTHER_BIND)
		d->not_to = m->session;
	return smpp_mc_deliver(m->account, d);
}

int
smpp_mc_receipt(
    struct smpp_mc *mc, const struct smpp_mc_message *m, bool notice)
{
	int rc = 0;

	if (mc->conf.style & SMPP_MC_STYLE_INTERMEDIATE && !notice)
		rc = notice_send(mc, m, true);
	if (rc == 0)
		rc = notice_send(mc, m, notice);
	if (rc == 0 && mc->conf.style & SMPP_MC_STYLE_TWICE && !notice)
		rc = notice_send(mc, m, false);
	return rc;
}

int
smpp_mc_alert(struct smpp_mc *mc, const struct smpp_mc_message *m)
{
	struct smpp_mc_delivery *d;
	struct smpp_pdu pdu;
	uint8_t available = 0;
	int rc;

	/* set_dpf is about a delivery that was tried and failed. */
	if (m->state == SMPP_message_state_DELIVERED ||
	    m->state == SMPP_message_state_DELETED)
		return 0;
	smpp_pdu_init(&pdu, SMPP_C_alert_notification, 0, SMPP_V50);
	smpp_pdu_set_num(&pdu, SMPP_F_source_addr_ton, m->dest_ton);
	smpp_pdu_set_num(&pdu, SMPP_F_source_addr_npi, m->dest_npi);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str(m->dest));
	smpp_pdu_set_num(&pdu, SMPP_F_esme_addr_ton, m->source_ton);
	smpp_pdu_set_num(&pdu, SMPP_F_esme_addr_npi, m->source_npi);
	smpp_pdu_set_view(&pdu, SMPP_F_esme_addr, smpp_view_str(m->source));
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_ms_availability_status, smpp_view_of(&available, 1));
	rc = smpp_mc_delivery_new(mc, m->account, &pdu, &d);
	return d == NULL ? rc : smpp_mc_deliver(m->account, d);
}
