/* Which TLVs of a PDU came already. Private to lib/smpp. */
#ifndef SMPP_SMPP_SEEN_INT_H
#define SMPP_SMPP_SEEN_INT_H

#include "smpp/table.h"

/* Bit n of the words together is row n of smpp_tlvs; zeroed for each PDU. */
struct tlvs_seen {
	uint64_t w[(SMPP_TLV_COUNT + 63) / 64];
};

/*
 * Notes a TLV. True when it came already and may not come again. Those that
 * may are not noted, which all rows of a dictionary are: they have no bit.
 */
static inline bool
seen_again(struct tlvs_seen *seen, const struct smpp_tlv_row *row)
{
	size_t i;
	bool again;

	if (row->carry.repeat)
		return false;
	i = (size_t)(row - smpp_tlvs);
	again = seen->w[i / 64] >> i % 64 & 1;
	seen->w[i / 64] |= (uint64_t)1 << i % 64;
	return again;
}

#endif
