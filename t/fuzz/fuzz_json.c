/* Any text as JSON: read or refused with a reason, and what was read encodes.
 * The store is a block of half its size: often too small, never overrun. */
#include <assert.h>
#include <stdlib.h>

#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t out[1 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *store = malloc(n / 2 + 1);
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct smpp_wr w;
	int rc;

	smpp_err_clear(&err);
	smpp_wr_init(&w, store, n / 2);
	rc = smpp_json_pdu_parse(&pdu, (const char *)p, n, SMPP_VANY, NULL,
	    SMPP_ALPHA_GSM7, &w, &err);
	assert((rc == 0) == (err.code == 0));
	assert(rc == 0 || err.msg[0] != '\0');
	smpp_wr_init(&w, out, sizeof(out));
	if (rc == 0)
		assert(smpp_encode(&w, &pdu) == (int)smpp_pdu_size(&pdu));
	free(store);
	return 0;
}
