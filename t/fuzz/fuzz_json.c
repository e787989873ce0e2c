/* Any text as JSON: read or refused with a reason, and what was read encodes.
 */
#include <assert.h>

#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t store[1 << 16], out[1 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct wr w;
	int rc;

	smpp_err_clear(&err);
	wr_init(&w, store, sizeof(store));
	rc = smpp_json_parse(
	    &pdu, (const char *)p, n, SMPP_VANY, SMPP_ALPHA_GSM7, &w, &err);
	assert((rc == 0) == (err.code == 0));
	assert(rc == 0 || err.msg[0] != '\0');
	if (rc != 0)
		return 0;
	wr_init(&w, out, sizeof(out));
	assert(smpp_encode(&w, &pdu) == (int)smpp_size(&pdu));
	return 0;
}
