/* The text of a message that is made from JSON. */
#include <string.h>

#include "msg/body.h"
#include "show/build_int.h"
#include "text/encoder.h"

/* Takes what the octets say, piece by piece: what is left of the text. */
static int
buildtext_compare(void *arg, const char *p, size_t n)
{
	struct smpp_view *left = arg;

	/* A piece at a time, so that a payload of 64 KiB needs no buffer of
	 * three times that. */
	if (n > left->n || memcmp(left->p, p, n) != 0)
		return -1;
	*left = smpp_view_of(left->p + n, left->n - n);
	return 0;
}

/* A text beside the octets must be what they say. */
static int
same_text(
    const struct smpp_body *body, struct smpp_view text, struct smpp_err *err)
{
	char piece[256];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, piece, sizeof(piece), buildtext_compare, &text);
	smpp_text_decode(&b, body->text, body->coding);
	/* The last piece is compared by flushing; a difference in any of them
	 * stays in b. */
	if (smpp_sbuf_flush(&b) == 0 && text.n == 0)
		return 0;
	return smpp_err_set(
	    err, SMPP_ESYNTAX, "text: contradicts the octets beside it");
}

/* Appends a message_payload with the text to the TLVs. */
static int
buildtext_payload(struct smpp_pdu *pdu, struct smpp_view text,
    struct smpp_coding coding, struct smpp_wr *store, size_t tlvs,
    struct smpp_err *err)
{
	const size_t start = smpp_build_tlv_begin(
	    store, SMPP_T_message_payload);
	int rc = smpp_text_encode(store, text, coding, err);

	if (rc == 0)
		rc = smpp_build_tlv_end(store, start, err);
	return rc != 0 ? rc : smpp_build_tlvs(pdu, store, tlvs, err);
}

static int
short_message(struct smpp_pdu *pdu, const struct smpp_field *row,
    struct smpp_view text, struct smpp_coding coding, struct smpp_wr *store,
    struct smpp_err *err)
{
	const uint32_t max = smpp_build_max(pdu, row->name);
	const size_t start = store->n;
	int rc = smpp_text_encode(store, text, coding, err);

	if (rc != 0)
		return rc;
	if (store->n - start > max)
		return smpp_err_set(err, SMPP_ERANGE,
		    "text: %zu octets, the limit is %u", store->n - start, max);
	return smpp_build_octets(pdu, row, store, store->n - start, err);
}

/* The alphabet of the PDU, which is told when it is UCS-2 for want of one. */
static struct smpp_coding
buildtext_coding_of(
    struct smpp_pdu *pdu, struct smpp_view text, enum smpp_alphabet mc_default)
{
	struct smpp_coding coding = {.alphabet = (uint8_t)mc_default};

	if (smpp_pdu_has(pdu, SMPP_F_data_coding)) {
		coding.alphabet = (uint8_t)smpp_alphabet_of(
		    (uint8_t)smpp_pdu_num(pdu, SMPP_F_data_coding), mc_default);
	} else if (!smpp_text_encodable(text, coding)) {
		coding.alphabet = SMPP_ALPHA_UCS2;
		smpp_pdu_set_num(
		    pdu, SMPP_F_data_coding, SMPP_data_coding_ucs2);
	}
	return coding;
}

/*
 * What is printed as JSON has the octets and the text of a message; who
 * changes one of them and sends it on must hear that they differ, or would not
 * know which was sent.
 */
int
smpp_build_text(struct smpp_pdu *pdu, struct smpp_view text,
    enum smpp_alphabet mc_default, bool header, struct smpp_wr *store,
    size_t tlvs, struct smpp_err *err)
{
	const struct smpp_field *fields = smpp_pdu_body(pdu->row, pdu->ver),
				*row;
	struct smpp_coding coding;
	struct smpp_body body;

	/* The octets win where there are any: they are exact, and what they
	 * say follows. */
	if (smpp_body_read(&body, pdu, mc_default) == 0)
		return same_text(&body, text, err);
	if (smpp_field_of(fields, SMPP_F_data_coding) == NULL)
		return smpp_err_set(
		    err, SMPP_ESYNTAX, "text: this PDU carries no text");
	if (header ||
	    (smpp_pdu_num(pdu, SMPP_F_esm_class) & SMPP_esm_class_udhi) != 0)
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "text: a user data header is octets: give short_message");
	coding = buildtext_coding_of(pdu, text, mc_default);
	row = smpp_field_of(fields, SMPP_F_short_message);
	return row == NULL
		   ? buildtext_payload(pdu, text, coding, store, tlvs, err)
		   : short_message(pdu, row, text, coding, store, err);
}
