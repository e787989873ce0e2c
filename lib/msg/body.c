/* Taking the octets of a message apart. */
#include "msg/body.h"

int
smpp_body_read(struct smpp_body *body, const struct smpp_pdu *pdu,
    enum smpp_alphabet mc_default)
{
	uint8_t data_coding = (uint8_t)smpp_pdu_num(pdu, SMPP_F_data_coding);

	*body = (struct smpp_body){.udh_bad = -1};
	body->field = smpp_pdu_payload(pdu, &body->data);
	if (body->field < 0)
		return SMPP_ENAME;
	body->text = body->data;
	body->coding.alphabet = (uint8_t)smpp_alphabet_of(
	    data_coding, mc_default);
	if ((smpp_pdu_num(pdu, SMPP_F_esm_class) & SMPP_esm_class_udhi) == 0)
		return 0;
	body->has_udh = true;
	/* udh_bad tells the caller where the header is broken; what the parser
	 * could save of it, the text above all, is used in any case. */
	body->udh_bad = smpp_udh_parse(&body->udh, body->data);
	body->text = body->udh.text;
	body->coding.single = body->udh.single;
	body->coding.locking = body->udh.locking;
	body->coding.fill = smpp_udh_fill(body->udh.size);
	return 0;
}
