/* PDUs on the heap, with octets of their own. */
#ifndef SMPP_MSG_PDUNEW_H
#define SMPP_MSG_PDUNEW_H

#include "smpp/pdu.h"

SMPP_BEGIN_DECLS

/*
 * Makes a PDU that can be kept, by those who cannot know how large a struct
 * smpp_pdu is, too: it gets a copy of n octets and is decoded from it, for
 * version ver, as smpp_decode() does without flags. With pdu->wire and
 * pdu->ver of another one it is that one, for longer than its octets live.
 * Without octets, n being 0, it is one of zeros, for smpp_pdu_init().
 *
 * Returns NULL when out of memory, and takes no more than SMPP_PDU_MAX octets:
 * NULL, too. It is the caller's, and ends with smpp_pdu_free(), which accepts
 * NULL; what was read of it is borrowed until then.
 */
struct smpp_pdu *smpp_pdu_new(const void *octets, size_t n, enum smpp_ver ver);
void smpp_pdu_free(struct smpp_pdu *pdu);

SMPP_END_DECLS

#endif
