/* Pairs and lies, one a line, after the number of a PDU. */
#include <assert.h>

#include "show/lie.h"
#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t store[1 << 16], truth[1 << 20], out[1 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n;
	struct smpp_lies lies = {0};
	struct smpp_err err;
	struct smpp_pdu pdu;
	struct smpp_wr w, t, o;
	struct smpp_view line;
	int rc;

	smpp_pdu_init(&pdu, smpp_pdus[n == 0 ? 0 : *p++ % smpp_pdu_count].id, 1,
	    SMPP_VANY);
	smpp_wr_init(&w, store, sizeof(store));
	for (; p < end; p += line.n + 1) {
		const uint8_t *nl = memchr(p, '\n', (size_t)(end - p));

		line = smpp_view_of(p, (size_t)((nl == NULL ? end : nl) - p));
		smpp_err_clear(&err);
		if (smpp_lie_is(line))
			smpp_lie_parse(&lies, &pdu, line, &w, &err);
		else
			smpp_pdu_assign(&pdu, line, &w, &err);
	}
	smpp_wr_init(&t, truth, sizeof(truth));
	smpp_wr_init(&o, out, sizeof(out));
	smpp_encode(&t, &pdu);
	rc = smpp_lie_write(&o, &pdu, smpp_view_of(t.p, t.n), &lies);
	assert(rc == (int)o.n || rc == SMPP_ENAME);
	assert(lies.n > 0 ||
	       smpp_view_eq(smpp_view_of(t.p, t.n), smpp_view_of(o.p, o.n)));
	return 0;
}
