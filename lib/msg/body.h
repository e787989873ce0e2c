/* What a message carries: the header and the text in its octets. */
#ifndef SMPP_MSG_BODY_H
#define SMPP_MSG_BODY_H

#include "smpp/pdu.h"
#include "text/text.h"
#include "text/udh.h"

SMPP_BEGIN_DECLS

/* The octets of a message taken apart; all views are borrowed from the PDU. */
struct smpp_body {
	/* Where the octets were: SMPP_F_short_message, or SMPP_F_tlv for the
	 * TLV message_payload. */
	int field;
	/* The UDH indicator of esm_class is set. */
	bool has_udh;
	/* All octets, header included. */
	struct smpp_view data;
	/* The header, if has_udh. */
	struct smpp_udh udh;
	/* The offset in data at which the header goes wrong, or -1. */
	int64_t udh_bad;
	/* What is left behind the header: the text, in its alphabet. */
	struct smpp_view text;
	/* How to read it, for smpp_text_decode(): by data_coding and by what
	 * the header says. */
	struct smpp_coding coding;
};

/*
 * Sets *body, whose views point where those of pdu do. mc_default is the
 * alphabet of data_coding 0, on which the two sides have to agree. Returns 0,
 * for a message without octets, too; SMPP_ENAME when a PDU of this kind
 * carries no message.
 */
int smpp_body_read(struct smpp_body *body, const struct smpp_pdu *pdu,
    enum smpp_alphabet mc_default);

SMPP_END_DECLS

#endif
