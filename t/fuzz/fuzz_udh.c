/* Elements never leave their header, nor the header its data. */
#include <assert.h>

#include "text/udh.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct smpp_udh udh;
	struct smpp_ie ie;
	struct smpp_rd r;
	int64_t bad = smpp_udh_parse(&udh, smpp_view_of(p, n));
	size_t sum = 0;

	assert(bad < (int64_t)n || n == 0);
	assert(udh.size + udh.text.n == n || bad == 0);
	smpp_rd_init(&r, udh.elements);
	while (smpp_ie_next(&r, &ie)) {
		sum += 2 + ie.data.n;
		(void)smpp_ie_name(ie.iei);
	}
	assert(bad >= 0 || sum == udh.elements.n);
	assert(udh.concat.seq <= udh.concat.total);
	return 0;
}
