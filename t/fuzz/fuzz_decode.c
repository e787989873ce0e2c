/* Decoding reads nothing outside, and what it makes can always be shown. */
#include <assert.h>
#include <jansson.h>

#include "msg/sendable.h"
#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char out[8 << 20];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const struct smpp_show show = {.index = 1, .raw = true};
	const enum smpp_ver ver = n > 20 ? 1u << (p[n - 1] & 3) : SMPP_VANY;
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct smpp_jsonw j;
	struct smpp_sbuf b;
	json_t *root;

	smpp_decode(&pdu, smpp_view_of(p, n), ver, SMPP_CHECK, &issues);
	smpp_check_message(&pdu, SMPP_ALPHA_GSM7, &issues);
	smpp_sbuf_init(&b, out, sizeof(out), NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_pdu(&j, &pdu, &issues, &show);
	smpp_jsonw_close(&j, '}');
	root = json_loadb(
	    b.p, b.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	assert(b.bad || root != NULL);
	json_decref(root);
	b.n = 0;
	smpp_print_pdu(&b, &pdu, &issues, &show);
	return 0;
}
