/* What strict decoding accepts encodes back to the same octets, directly and
 * through JSON. */
#include <assert.h>
#include <stdlib.h>

#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char text[4 << 20];
static uint8_t store[1 << 20], out[1 << 20];

static void
same(struct smpp_pdu *pdu, struct view wire)
{
	struct wr w;

	wr_init(&w, out, sizeof(out));
	if (smpp_encode(&w, pdu) != (int)wire.n ||
	    memcmp(out, wire.p, wire.n) != 0)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct smpp_show show = {.secrets = true};
	struct smpp_issues issues;
	struct smpp_pdu pdu, back;
	struct smpp_err err;
	struct jsonw j;
	struct sbuf b;
	struct wr w;

	if (smpp_decode(&pdu, view_of(p, n), SMPP_VANY,
		SMPP_STRICT | SMPP_CHECK, &issues) != 0 ||
	    pdu.ntlv_total > SMPP_MAX_TLVS)
		return 0;
	same(&pdu, pdu.wire);
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	jsonw_init(&j, &b);
	jsonw_open(&j, '{');
	smpp_json_pdu(&j, &pdu, &issues, &show);
	jsonw_close(&j, '}');
	smpp_err_clear(&err);
	wr_init(&w, store, sizeof(store));
	if (b.bad || smpp_json_parse(&back, b.p, b.n, SMPP_VANY,
			 SMPP_ALPHA_GSM7, &w, &err) != 0)
		abort();
	same(&back, pdu.wire);
	return 0;
}
