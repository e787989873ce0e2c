/* Receipts of the simulated SMSC, in the forms that others write them. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "msg/dlr.h"
#include "ledger.h"

enum { RECEIPT_TEXT = 20 };

/* The words of --receipt-style. */
enum style {
	STYLE_TEXT = 1 << 0,
	STYLE_TLV = 1 << 1,
	STYLE_NO_SUB = 1 << 2,
	STYLE_SECONDS = 1 << 3,
	STYLE_NO_TEXT = 1 << 4,
	STYLE_HEX = 1 << 5,
	STYLE_DECIMAL = 1 << 6,
	STYLE_PADDED = 1 << 7,
	STYLE_UPPER = 1 << 8,
	STYLE_NUL = 1 << 9,
	STYLE_OTHER_BIND = 1 << 10,
	STYLE_EARLY = 1 << 11,
	STYLE_TWICE = 1 << 12,
	STYLE_INTERMEDIATE = 1 << 13,
	STYLE_DATA_SM = 1 << 14,
};

static const struct {
	const char *word;
	unsigned bits;
} styles[] = {
    {"text", STYLE_TEXT},
    {"tlv", STYLE_TLV},
    {"both", STYLE_TEXT | STYLE_TLV},
    {"no-sub", STYLE_NO_SUB},
    {"seconds", STYLE_SECONDS},
    {"no-text", STYLE_NO_TEXT},
    {"hex", STYLE_HEX},
    {"decimal", STYLE_DECIMAL},
    {"padded", STYLE_PADDED},
    {"upper", STYLE_UPPER},
    {"nul", STYLE_NUL},
    {"other-bind", STYLE_OTHER_BIND},
    {"early", STYLE_EARLY},
    {"twice", STYLE_TWICE},
    {"intermediate", STYLE_INTERMEDIATE},
    {"data-sm", STYLE_DATA_SM},
};

enum { STYLES = sizeof(styles) / sizeof(styles[0]) };

static unsigned
style_bits(struct smpp_view word)
{
	for (unsigned i = 0; i < STYLES; i++)
		if (smpp_view_is(word, styles[i].word))
			return styles[i].bits;
	return 0;
}

int
style_read(struct smsc *mc)
{
	const char *p = mc->a.style;
	unsigned bits;
	size_t n;

	for (; p != NULL && *p != '\0'; p += n + (p[n] == ',')) {
		n = strcspn(p, ",");
		bits = style_bits(smpp_view_of(p, n));
		if (bits == 0)
			return out_error(mc->c, SMPP_EXIT_USAGE, "usage",
			    "--receipt-style: '%.*s' is none of text, tlv, "
			    "both, no-sub, seconds, no-text, hex, decimal, "
			    "padded, upper, nul, other-bind, early, twice, "
			    "intermediate, data-sm",
			    (int)n, p);
		mc->style |= bits;
	}
	if ((mc->style & (STYLE_TEXT | STYLE_TLV)) == 0)
		mc->style |= STYLE_TEXT | STYLE_TLV;
	return 0;
}

bool
receipt_early(const struct smsc *mc)
{
	return (mc->style & STYLE_EARLY) != 0;
}

bool
receipt_wanted(const struct message *m)
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
notice_wanted(const struct message *m)
{
	return m->stat[0] != '\0' &&
	       SMPP_IS(registered_delivery, intermediate, m->registered);
}

/* A moment on the clock of the wall. */
static void
notice_date(struct smpp_date *d, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	localtime_r(&t, &tm);
	smpp_date_from_seconds(d, (int64_t)t + tm.tm_gmtoff);
}

/* The first characters of the message, where they are plain ones. */
static struct smpp_view
first_text(const struct message *m)
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
text_id(const struct smsc *mc, const struct message *m, char out[ID_MAX + 16])
{
	char id[ID_MAX];
	int pad;

	id_write(mc, m->serial, m->ver, id);
	if (mc->style & STYLE_HEX)
		snprintf(id, sizeof(id), "%x", m->serial);
	if (mc->style & STYLE_DECIMAL)
		snprintf(id, sizeof(id), "%u", m->serial);
	pad = (int)strlen(id) < 10 ? 10 - (int)strlen(id) : 2;
	snprintf(out, ID_MAX + 16, "%.*s%s", mc->style & STYLE_PADDED ? pad : 0,
	    "0000000000", id);
	for (; mc->style & STYLE_UPPER && *out != '\0'; out++)
		*out = (char)toupper((unsigned char)*out);
}

/* What a receipt says; what it borrows is of m. */
static void
notice_fill(const struct smsc *mc, const struct message *m, bool notice,
    struct smpp_receipt *out)
{
	uint8_t state = notice ? SMPP_message_state_ENROUTE : m->state;

	smpp_receipt_clear(out);
	out->value[SMPP_RF_STAT] = smpp_view_str(notice ? "ENROUTE" : m->stat);
	out->value[SMPP_RF_ERR] = smpp_view_str(notice ? "000" : m->err);
	out->value[SMPP_RF_TEXT] = first_text(m);
	if ((mc->style & STYLE_NO_SUB) == 0) {
		out->sub = 1;
		out->dlvrd = state == SMPP_message_state_DELIVERED;
	}
	out->state = (int8_t)state;
	notice_date(&out->date[0], m->submitted);
	notice_date(&out->date[1], smsc_time(mc));
	out->dated[0] = out->dated[1] = true;
}

/* From the destination of the message to its source. */
static void
notice_address(struct smpp_pdu *pdu, const struct message *m)
{
	smpp_pdu_set_num(pdu, SMPP_F_source_addr_ton, m->dest_ton);
	smpp_pdu_set_num(pdu, SMPP_F_source_addr_npi, m->dest_npi);
	smpp_pdu_set_view(pdu, SMPP_F_source_addr, smpp_view_str(m->dest));
	smpp_pdu_set_num(pdu, SMPP_F_dest_addr_ton, m->source_ton);
	smpp_pdu_set_num(pdu, SMPP_F_dest_addr_npi, m->source_npi);
	smpp_pdu_set_view(
	    pdu, SMPP_F_destination_addr, smpp_view_str(m->source));
}

/* Puts the text, with or without a stray NUL behind it, and the TLVs. */
static void
notice_put_receipt(const struct smsc *mc, const struct message *m,
    struct smpp_pdu *pdu, struct smpp_receipt *r, struct smpp_wr *store)
{
	char id[ID_MAX], other[ID_MAX + 16];
	unsigned form = SMPP_DLR_TEXT;
	size_t start = store->n;

	id_write(mc, m->serial, m->ver, id);
	if (mc->style & STYLE_SECONDS)
		form |= SMPP_DLR_SECONDS;
	if (mc->style & STYLE_NO_TEXT)
		form |= SMPP_DLR_BARE;
	if (mc->style & STYLE_TEXT || m->ver == SMPP_V33) {
		text_id(mc, m, other);
		r->value[SMPP_RF_ID] = smpp_view_str(other);
		smpp_dlr_set(pdu, r, form, store);
		if (mc->style & STYLE_NUL)
			smpp_wr_u8(store, 0);
		smpp_pdu_set_view(pdu, SMPP_F_short_message,
		    smpp_view_of(store->p + start, store->n - start));
	}
	if (mc->style & STYLE_TLV && m->ver != SMPP_V33) {
		r->value[SMPP_RF_ID] = smpp_view_str(id);
		smpp_dlr_set(pdu, r, SMPP_DLR_TLVS, store);
	}
	if (m->has_reference)
		smpp_pdu_add_tlv(pdu, SMPP_T_user_message_reference,
		    smpp_view_of(m->reference, 2));
}

/* The receipt as a data_sm: its text is a message_payload. */
static void
move_text(struct smpp_pdu *pdu)
{
	struct smpp_view text = smpp_pdu_view(pdu, SMPP_F_short_message);

	if (pdu->command_id == SMPP_C_data_sm && text.n > 0)
		smpp_pdu_add_tlv(pdu, SMPP_T_message_payload, text);
}

static void
send_one(struct smsc *mc, const struct message *m, bool notice)
{
	bool data = mc->style & STYLE_DATA_SM && m->ver != SMPP_V33;
	struct smpp_receipt receipt;
	struct smpp_pdu pdu;
	struct delivery *d;
	uint8_t octets[768];
	struct smpp_wr store;

	notice_fill(mc, m, notice, &receipt);
	smpp_wr_init(&store, octets, sizeof(octets));
	smpp_pdu_init(
	    &pdu, data ? SMPP_C_data_sm : SMPP_C_deliver_sm, 0, SMPP_V50);
	notice_address(&pdu, m);
	notice_put_receipt(mc, m, &pdu, &receipt, &store);
	smpp_pdu_set_num(&pdu, SMPP_F_esm_class,
	    notice ? SMPP_esm_class_type_intermediate
		   : SMPP_esm_class_type_mc_receipt);
	move_text(&pdu);
	d = delivery_new(mc, m->account, &pdu);
	if (d == NULL)
		return;
	d->receipt = true;
	if (mc->style & STYLE_OTHER_BIND)
		d->not_to = m->session;
	account_deliver(m->account, d);
}

void
receipt_send(struct smsc *mc, const struct message *m, bool notice)
{
	if (mc->style & STYLE_INTERMEDIATE && !notice)
		send_one(mc, m, true);
	send_one(mc, m, notice);
	if (mc->style & STYLE_TWICE && !notice)
		send_one(mc, m, false);
}

void
alert_send(struct smsc *mc, const struct message *m)
{
	struct smpp_pdu pdu;
	struct delivery *d;
	uint8_t available = 0;

	if (m->state == SMPP_message_state_DELIVERED ||
	    m->state == SMPP_message_state_DELETED)
		return;
	smpp_pdu_init(&pdu, SMPP_C_alert_notification, 0, SMPP_V50);
	smpp_pdu_set_num(&pdu, SMPP_F_source_addr_ton, m->dest_ton);
	smpp_pdu_set_num(&pdu, SMPP_F_source_addr_npi, m->dest_npi);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str(m->dest));
	smpp_pdu_set_num(&pdu, SMPP_F_esme_addr_ton, m->source_ton);
	smpp_pdu_set_num(&pdu, SMPP_F_esme_addr_npi, m->source_npi);
	smpp_pdu_set_view(&pdu, SMPP_F_esme_addr, smpp_view_str(m->source));
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_ms_availability_status, smpp_view_of(&available, 1));
	d = delivery_new(mc, m->account, &pdu);
	if (d != NULL)
		account_deliver(m->account, d);
}
