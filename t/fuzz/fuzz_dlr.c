/* Any octets as the text of a receipt: readable, printable, valid JSON. */
#include <assert.h>
#include <jansson.h>

#include "msg/dlr.h"
#include "show/receipttext.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char out[1 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct smpp_view tlv = smpp_view_of(p, n > 3 ? p[0] % 4 : 0);
	struct smpp_dlr_parts parts = {
	    .body = smpp_view_of(p + tlv.n, n - tlv.n),
	    .esm_class = n > 0 ? p[n - 1] & 0x3c : 0};
	struct smpp_receipt r;
	struct smpp_view where;
	struct smpp_jsonw j;
	struct smpp_sbuf b;
	json_t *root;

	if (smpp_receipt_find(&r, &where, smpp_view_of(p, n)) ==
	    SMPP_FOUND_RECEIPT)
		assert(where.p >= p && where.p + where.n <= p + n);
	if (n > 3 && p[0] % 4 > 0)
		parts.id = parts.state = parts.error = &tlv;
	if (!smpp_dlr_read_parts(&r, &parts))
		return 0;
	smpp_sbuf_init(&b, out, sizeof(out), NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_receipt(&j, &r);
	smpp_jsonw_close(&j, '}');
	root = json_loadb(
	    b.p, b.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	assert(b.bad || root != NULL);
	json_decref(root);
	b.n = 0;
	smpp_print_receipt(&b, &r);
	return 0;
}
