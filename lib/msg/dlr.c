/* Reading the receipt of a PDU: TLVs before text. */
#include "msg/dlr.h"

#include "msg/body.h"
#include "msg/idmatch.h"

/* A TLV's id: up to its NUL, which some peers leave out, without blanks. */
static struct smpp_view
tlv_id(struct smpp_receipt *r, const struct smpp_view *tlv)
{
	const uint8_t *nul = tlv->n == 0 ? NULL : memchr(tlv->p, 0, tlv->n);
	struct smpp_view id = *tlv;

	if (tlv->n == 0 || tlv->n > 65)
		r->warnings |= SMPP_RW_BAD_TLV_ID;
	else if (nul == NULL)
		r->warnings |= SMPP_RW_TLV_NOT_TERMINATED;
	if (nul != NULL)
		id.n = (uint32_t)(nul - tlv->p);
	while (id.n > 0 && id.p[id.n - 1] == ' ')
		id.n--;
	return id;
}

/* TLVs win over the text (receipts.md, rule 2): their id is the one the submit
 * response used. The same number in another notation is no conflict. */
static void
merge_id(struct smpp_receipt *r, const struct smpp_view *tlv)
{
	struct smpp_view *text = &r->value[SMPP_RF_ID], id;

	if (tlv == NULL)
		return;
	id = tlv_id(r, tlv);
	if (id.n == 0)
		return;
	if (text->n > 0 && !smpp_view_eq(*text, id)) {
		r->text_id = *text;
		if (smpp_id_compare(id, *text, SMPP_ID_AUTO) ==
		    SMPP_ID_DIFFERENT)
			r->warnings |= SMPP_RW_ID_CONFLICT;
	}
	*text = id;
	r->tlv_id = true;
	r->warnings &= ~(uint32_t)SMPP_RW_NO_ID;
}

static void
merge_state(struct smpp_receipt *r, const struct smpp_view *tlv)
{
	if (tlv == NULL)
		return;
	if (tlv->n != 1) {
		r->warnings |= SMPP_RW_BAD_TLV_STATE;
		return;
	}
	/* The text was judged before the TLVs were looked at. */
	r->warnings &= ~(uint32_t)SMPP_RW_NO_STAT;
	if (tlv->p[0] > 9) {
		r->warnings |= SMPP_RW_UNKNOWN_STATE;
		r->bad_state = tlv->p[0];
		return;
	}
	if (r->state >= 0 && r->state != tlv->p[0])
		r->warnings |= SMPP_RW_STATE_CONFLICT;
	r->state = (int8_t)tlv->p[0];
	r->final = (int8_t)smpp_state_final(r->state);
}

static void
merge_error(struct smpp_receipt *r, const struct smpp_view *tlv)
{
	if (tlv == NULL)
		return;
	if (tlv->n != 3) {
		r->warnings |= SMPP_RW_BAD_TLV_ERROR;
		return;
	}
	r->has_network = true;
	r->network_type = tlv->p[0];
	r->network_code = (uint16_t)(tlv->p[1] << 8 | tlv->p[2]);
}

/* Whether the TLVs make it a receipt. An id beside an ordinary text does not:
 * some peers put one into every message. */
static bool
dlr_by_tlvs(const struct smpp_dlr_parts *parts)
{
	const struct smpp_view *id = parts->id;

	return id != NULL && id->n > 0 && *id->p != '\0' &&
	       (parts->body.n == 0 || parts->state != NULL);
}

bool
smpp_dlr_read_parts(struct smpp_receipt *r, const struct smpp_dlr_parts *parts)
{
	const bool receipt = SMPP_IS(
	    esm_class, type_mc_receipt, parts->esm_class);
	const bool notice = SMPP_IS(
	    esm_class, type_intermediate, parts->esm_class);
	bool text = smpp_receipt_parse(r, parts->body);

	/* esm_class decides if it says so, then the TLV, then the text
	 * (receipts.md, rule 1): many peers forget one or two of the three. */
	if (!receipt && !notice && !text && !dlr_by_tlvs(parts))
		return false;
	if (r->seen == 0)
		r->value[SMPP_RF_TEXT] = parts->body;
	merge_id(r, parts->id);
	merge_state(r, parts->state);
	merge_error(r, parts->error);
	if (parts->body.n == 0 && r->state < 0 && parts->state == NULL)
		r->warnings |= SMPP_RW_NO_STATE;
	/* Whatever state it names: an intermediate notification has others
	 * behind it. */
	if (notice)
		r->final = 0;
	return true;
}

/* The value of a TLV into *room, or NULL when it is not there. */
static const struct smpp_view *
dlr_tlv(const struct smpp_pdu *pdu, uint16_t tag, struct smpp_view *room)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(pdu, tag);

	if (t == NULL)
		return NULL;
	*room = smpp_tlv_view(t);
	return room;
}

/* The text of a receipt in UCS-2 as UTF-8, kept in *r. */
static struct smpp_view
decoded(struct smpp_receipt *r, const struct smpp_body *body)
{
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, r->store, sizeof(r->store), NULL, NULL);
	smpp_text_decode(&b, body->text, body->coding);
	return smpp_view_of(b.p, b.n);
}

bool
smpp_dlr_read(struct smpp_receipt *r, const struct smpp_pdu *pdu)
{
	struct smpp_view id, state, error;
	struct smpp_body body;
	struct smpp_dlr_parts parts;
	bool is;

	if (pdu->command_id != SMPP_C_deliver_sm &&
	    pdu->command_id != SMPP_C_data_sm)
		return false;
	smpp_body_read(&body, pdu, SMPP_ALPHA_GSM7);
	parts = (struct smpp_dlr_parts){
	    .esm_class = (uint8_t)smpp_pdu_num(pdu, SMPP_F_esm_class),
	    .body = body.text,
	    .id = dlr_tlv(pdu, SMPP_T_receipted_message_id, &id),
	    .state = dlr_tlv(pdu, SMPP_T_message_state, &state),
	    .error = dlr_tlv(pdu, SMPP_T_network_error_code, &error),
	};
	/* Some say UCS-2 and send ASCII, some do as they say. */
	is = smpp_dlr_read_parts(r, &parts);
	if (r->seen != 0 || body.coding.alphabet != SMPP_ALPHA_UCS2)
		return is;
	parts.body = decoded(r, &body);
	return smpp_dlr_read_parts(r, &parts);
}

static void
dlr_put_word(struct smpp_sbuf *b, const char *label, struct smpp_view v)
{
	if (v.n == 0)
		return;
	if (b->n > 0)
		smpp_sbuf_putc(b, ' ');
	smpp_sbuf_puts(b, label);
	smpp_sbuf_put(b, v.p, v.n);
}

static void
dlr_put_count(struct smpp_sbuf *b, const char *label, int32_t n)
{
	if (n >= 0)
		smpp_sbuf_printf(
		    b, "%s%s%03d", b->n > 0 ? " " : "", label, (int)n);
}

static void
dlr_put_date(struct smpp_sbuf *b, const char *label, const struct smpp_date *d,
    bool dated, bool seconds)
{
	if (!dated)
		return;
	smpp_sbuf_printf(b, " %s%02u%02u%02u%02u%02u", label, d->year % 100u,
	    d->month, d->day, d->hour, d->minute);
	if (seconds)
		smpp_sbuf_printf(b, "%02u", d->second);
}

/* The id, decimal digits in hexadecimal if asked for. */
static void
put_id(struct smpp_sbuf *b, struct smpp_view id, bool hex)
{
	uint64_t n = 0;
	uint32_t i;

	/* n may wrap here; more than 19 digits, which 64 bits need not hold,
	 * are not converted below. */
	for (i = 0; i < id.n && id.p[i] >= '0' && id.p[i] <= '9'; i++)
		n = n * 10 + (uint64_t)(id.p[i] - '0');
	if (hex && i == id.n && id.n > 0 && id.n < 20)
		smpp_sbuf_printf(b, "id:%llx", (unsigned long long)n);
	else
		dlr_put_word(b, "id:", id);
}

static void
dlr_put_text(struct smpp_sbuf *b, const struct smpp_receipt *r, unsigned form)
{
	bool seconds = (form & SMPP_DLR_SECONDS) != 0;

	put_id(b, r->value[SMPP_RF_ID], (form & SMPP_DLR_HEX) != 0);
	dlr_put_count(b, "sub:", r->sub);
	dlr_put_count(b, "dlvrd:", r->dlvrd);
	dlr_put_date(b, "submit date:", &r->date[0], r->dated[0], seconds);
	dlr_put_date(b, "done date:", &r->date[1], r->dated[1], seconds);
	dlr_put_word(b, "stat:", r->value[SMPP_RF_STAT]);
	dlr_put_word(b, "err:", r->value[SMPP_RF_ERR]);
	if ((form & SMPP_DLR_BARE) == 0) {
		smpp_sbuf_puts(b, " text:");
		smpp_sbuf_put(
		    b, r->value[SMPP_RF_TEXT].p, r->value[SMPP_RF_TEXT].n);
	}
}

/* Adds a TLV whose value is kept in store. */
static int
add_kept(
    struct smpp_pdu *pdu, uint16_t tag, struct smpp_wr *store, size_t start)
{
	if (store->bad)
		return SMPP_ENOSPACE;
	return smpp_pdu_add_tlv(
	    pdu, tag, smpp_view_of(store->p + start, store->n - start));
}

static int
dlr_put_tlvs(
    struct smpp_pdu *pdu, const struct smpp_receipt *r, struct smpp_wr *store)
{
	size_t start = store->n;
	int rc = 0;

	if (r->value[SMPP_RF_ID].n > 0) {
		smpp_wr_cstr(store, r->value[SMPP_RF_ID]);
		rc = add_kept(pdu, SMPP_T_receipted_message_id, store, start);
	}
	start = store->n;
	if (rc == 0 && r->state >= 0) {
		smpp_wr_u8(store, (uint8_t)r->state);
		rc = add_kept(pdu, SMPP_T_message_state, store, start);
	}
	start = store->n;
	if (rc == 0 && r->has_network) {
		smpp_wr_u8(store, r->network_type);
		smpp_wr_u16(store, r->network_code);
		rc = add_kept(pdu, SMPP_T_network_error_code, store, start);
	}
	return rc;
}

/* The PDU borrows all of it from store, which must live until it is
 * encoded. */
int
smpp_dlr_set(struct smpp_pdu *pdu, const struct smpp_receipt *r, unsigned form,
    struct smpp_wr *store)
{
	char text[255];
	struct smpp_sbuf b;
	size_t start = store->n;

	smpp_pdu_set_num(pdu, SMPP_F_esm_class, SMPP_esm_class_type_mc_receipt);
	if ((form & SMPP_DLR_TEXT) != 0) {
		/* 254 octets are what short_message holds in v3.4; a longer
		 * receipt is an error, not a cut one. */
		smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
		dlr_put_text(&b, r, form);
		smpp_wr_view(store, smpp_view_of(b.p, b.n));
		if (store->bad || b.bad)
			return SMPP_ENOSPACE;
		smpp_pdu_set_view(pdu, SMPP_F_short_message,
		    smpp_view_of(store->p + start, b.n));
	}
	return (form & SMPP_DLR_TLVS) != 0 ? dlr_put_tlvs(pdu, r, store) : 0;
}
