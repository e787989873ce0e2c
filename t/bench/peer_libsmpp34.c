/* The same PDUs through libsmpp34, for comparison; built where it is there. */
#include <stdlib.h>

#include "base/rd.h"

#include <smpp34.h>
#include <smpp34_structs.h>

/* No header of the library declares this. */
int destroy_tlv(tlv_t *list);

void peer_decode(const uint8_t *p, size_t n);

static union {
	submit_sm_t submit_sm;
	deliver_sm_t deliver_sm;
	submit_sm_resp_t submit_sm_resp;
	enquire_link_t enquire_link;
	bind_transceiver_resp_t bind_resp;
} u;

/* Where the library will hang the list of TLVs, which it never empties. */
static tlv_t **
tlvs(uint32_t command_id)
{
	switch (command_id) {
	case SUBMIT_SM:
		return &u.submit_sm.tlv;
	case DELIVER_SM:
		return &u.deliver_sm.tlv;
	case BIND_TRANSCEIVER_RESP:
		return &u.bind_resp.tlv;
	default:
		return NULL;
	}
}

void
peer_decode(const uint8_t *p, size_t n)
{
	tlv_t **list = tlvs(smpp_get_u32(p + 4));

	if (list != NULL)
		*list = NULL;
	if (smpp34_unpack2(&u, p, (int)n) != 0)
		abort();
	if (list != NULL)
		destroy_tlv(*list);
}
