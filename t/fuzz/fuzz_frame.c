/* Framing: a whole PDU is never longer than what is there, nor its cap. */
#include <assert.h>

#include "smpp/pdu.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	size_t at = 0;
	int size;

	while ((size = smpp_frame(p + at, n - at, SMPP_PDU_MAX)) > 0) {
		assert((size_t)size <= n - at && size >= SMPP_HEADER_SIZE);
		at += (size_t)size;
		if (at == n)
			break;
	}
	assert(size <= 0 || at == n);
	return 0;
}
