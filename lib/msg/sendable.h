/* What is wrong with a message beyond the fields that carry it. */
#ifndef SMPP_MSG_SENDABLE_H
#define SMPP_MSG_SENDABLE_H

#include "smpp/pdu.h"
#include "text/text.h"

SMPP_BEGIN_DECLS

/*
 * Adds to *issues what smpp_check cannot see: times that are none
 * (spec/time.md), a user data header that does not fit (spec/udh.tsv), a text
 * that is not valid in its data_coding. The last is a notice unless it is
 * UCS-2, the rest are warnings. mc_default is the alphabet of data_coding 0.
 * issues is that of smpp_decode(), or one that is all zero.
 */
void smpp_check_message(const struct smpp_pdu *pdu,
    enum smpp_alphabet mc_default, struct smpp_issues *issues);

SMPP_END_DECLS

#endif
