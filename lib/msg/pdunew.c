/* PDUs on the heap, with octets of their own. */
#include "msg/pdunew.h"

#include <stdlib.h>

struct smpp_pdu *
smpp_pdu_new(const void *octets, size_t n, enum smpp_ver ver)
{
	struct smpp_issues issues;
	struct smpp_pdu *pdu;

	if (n > SMPP_PDU_MAX)
		return NULL;
	pdu = calloc(1, sizeof(*pdu) + n);
	if (pdu == NULL || n == 0)
		return pdu;
	/* One block: its views point behind the object, so that one free()
	 * ends both. */
	memcpy(pdu + 1, octets, n);
	smpp_decode(pdu, smpp_view_of(pdu + 1, n), ver, 0, &issues);
	return pdu;
}

void
smpp_pdu_free(struct smpp_pdu *pdu)
{
	free(pdu);
}
