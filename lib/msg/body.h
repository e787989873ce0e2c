/* What a message carries: the header and the text in its octets. */
#ifndef SMPP_MSG_BODY_H
#define SMPP_MSG_BODY_H

#include "smpp/pdu.h"
#include "text/text.h"
#include "text/udh.h"

SMPP_BEGIN_DECLS

/*
 * The octets of a message taken apart. field is where they were,
 * SMPP_F_short_message or SMPP_F_tlv (message_payload). With the UDH indicator
 * has_udh is set and udh is the header, udh_bad the offset in data at which it
 * goes wrong or -1. text is what is left, coding how to read it.
 */
struct smpp_body {
	int field;
	bool has_udh;
	struct smpp_view data;
	struct smpp_udh udh;
	int64_t udh_bad;
	struct smpp_view text;
	struct smpp_coding coding;
};

/*
 * Sets *body, whose views point where those of pdu do. mc_default is the
 * alphabet of data_coding 0. Returns 0; SMPP_ENAME when a PDU of this kind
 * carries no message.
 */
int smpp_body_read(struct smpp_body *body, const struct smpp_pdu *pdu,
    enum smpp_alphabet mc_default);

SMPP_END_DECLS

#endif
