/* The PDUs of deliveries: made of other ones, and as each version has them. */
#include "mc/mc_int.h"

enum { SHORT_33 = 160 };

/* Copies a field that both PDUs have. Not by smpp_pdu_set_view(), which has to
 * find out what kind of field it is. */
static void
handon_copy(struct smpp_pdu *out, const struct smpp_pdu *in, unsigned name)
{
	if (!smpp_pdu_has(in, name))
		return;
	out->f[name] = in->f[name];
	out->present |= (uint64_t)1 << name;
}

void
smpp_mc_hand_on(struct smpp_pdu *pdu, const struct smpp_pdu *submit)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(SMPP_C_deliver_sm);
	const struct smpp_tlv_row *t;
	struct smpp_tlv_it it;
	struct smpp_tlv tlv;
	static const uint8_t names[] = {SMPP_F_service_type,
	    SMPP_F_source_addr_ton, SMPP_F_source_addr_npi, SMPP_F_source_addr,
	    SMPP_F_dest_addr_ton, SMPP_F_dest_addr_npi, SMPP_F_destination_addr,
	    SMPP_F_esm_class, SMPP_F_protocol_id, SMPP_F_priority_flag,
	    SMPP_F_data_coding, SMPP_F_sm_length, SMPP_F_short_message};

	smpp_pdu_init(pdu, SMPP_C_deliver_sm, 0, SMPP_V50);
	for (size_t i = 0; i < sizeof(names); i++)
		handon_copy(pdu, submit, names[i]);
	/* The mode of a message is between its sender and the SMSC. */
	smpp_pdu_set_num(pdu, SMPP_F_esm_class,
	    smpp_pdu_num(submit, SMPP_F_esm_class) &
		~(uint32_t)SMPP_esm_class_mode_default_MASK);
	smpp_tlv_begin(&it, submit);
	while (smpp_tlv_next(&it, &tlv)) {
		t = smpp_tlv_of(tlv.tag);
		/* What no table has may mean something to the receiver. */
		if (t == NULL || smpp_tlv_fits(t, row, SMPP_V50))
			smpp_pdu_add_tlv(pdu, tlv.tag, smpp_tlv_view(&tlv));
	}
}

/* A session of v3.3 knows no TLVs: a long text is cut. */
static void
handon_without_tlvs(struct smpp_pdu *pdu)
{
	struct smpp_view text;

	if (smpp_pdu_payload(pdu, &text) == SMPP_F_tlv) {
		text.n = text.n < SHORT_33 ? text.n : SHORT_33;
		smpp_pdu_set_view(pdu, SMPP_F_short_message, text);
	}
	pdu->ntlv = 0;
	pdu->ntlv_total = 0;
	pdu->tlv_raw = (struct smpp_view){NULL, 0};
}

bool
smpp_mc_in_version(
    struct smpp_pdu *pdu, const struct smpp_mc_delivery *d, enum smpp_ver ver)
{
	struct smpp_issues issues = {0};
	struct smpp_pdu whole;

	smpp_decode(pdu, smpp_mc_delivery_wire(d), SMPP_VANY, 0, &issues);
	/* v3.3 has no data_sm: the text goes as a deliver_sm. */
	if (ver == SMPP_V33 && pdu->command_id == SMPP_C_data_sm) {
		whole = *pdu;
		smpp_mc_hand_on(pdu, &whole);
	}
	pdu->ver = ver;
	if (ver == SMPP_V33)
		handon_without_tlvs(pdu);
	/* What the version does not have at all, an alert_notification in
	 * v3.3, is not sent. */
	return pdu->row->vers & ver;
}

int
smpp_mc_delivery_text(
    struct smpp_mc *mc, struct smpp_mc_delivery **d, struct smpp_view text)
{
	struct smpp_mc_delivery *other;
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;
	int rc;

	smpp_decode(&pdu, smpp_mc_delivery_wire(*d), SMPP_VANY, 0, &issues);
	pdu.ver = SMPP_V50;
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, text);
	rc = smpp_mc_delivery_new(mc, (*d)->account, &pdu, &other);
	if (rc < 0)
		return rc;
	smpp_mc_delivery_free(mc, *d);
	*d = other;
	return 0;
}
