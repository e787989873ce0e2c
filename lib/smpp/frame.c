/* Where one PDU ends and the next begins. */
#include "base/rd.h"
#include "smpp/pdu.h"

int
smpp_frame(const uint8_t *p, size_t n, uint32_t cap)
{
	uint32_t length;

	if (n < 4)
		return 0;
	length = smpp_get_u32(p);
	/* Judged before anybody waits for the octets: a length of 4 GiB must
	 * not make a buffer grow, and one below 16 would never end. */
	if (length < SMPP_HEADER_SIZE)
		return SMPP_ELENGTH_TOO_SMALL;
	if (length > cap)
		return SMPP_ELENGTH_TOO_LARGE;
	return length <= n ? (int)length : 0;
}
