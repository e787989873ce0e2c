/* Any text as name=value, one pair a line, after the name of a PDU. */
#include <assert.h>
#include <stdlib.h>

#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t out[1 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	uint8_t *store = malloc(n + 1); /* of that size: never overrun */
	const uint8_t *end = p + n, *nl;
	const struct smpp_pdu_row *row = &smpp_pdus[3];
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct smpp_wr w, e;
	int rc;

	if (n > 0)
		row = &smpp_pdus[*p++ % smpp_pdu_count];
	smpp_pdu_init(&pdu, row->id, 1, SMPP_VANY);
	smpp_wr_init(&w, store, n);
	for (; n > 0 && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		nl = nl == NULL ? end : nl;
		smpp_err_clear(&err);
		rc = smpp_pdu_assign(
		    &pdu, smpp_view_of(p, (size_t)(nl - p)), &w, &err);
		assert((rc == 0) == (err.code == 0));
	}
	smpp_wr_init(&e, out, sizeof(out));
	assert(smpp_encode(&e, &pdu) == (int)smpp_pdu_size(&pdu));
	free(store);
	return 0;
}
