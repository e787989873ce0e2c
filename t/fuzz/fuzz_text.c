/* Whatever the octets, their text is valid UTF-8; what encodes reads back. */
#include <assert.h>

#include "text/encoder.h"
#include "text/utf.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char utf8[1 << 17], again[1 << 18], replaced[1 << 18];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct smpp_coding c = {0};
	struct smpp_err err;
	struct smpp_sbuf b, r;
	struct smpp_wr w;
	size_t i, len;
	uint32_t u;

	if (n < 4 || n > 4096)
		return 0;
	c = (struct smpp_coding){
	    p[0] % SMPP_ALPHA_COUNT, p[1] % 16, p[2] % 16, p[3] % 7};
	smpp_sbuf_init(&b, utf8, sizeof(utf8), NULL, NULL);
	smpp_text_decode(&b, smpp_view_of(p + 4, n - 4), c);
	assert(!b.bad && b.n <= SMPP_TEXT_MAX(n) * 2);
	for (i = 0; i < b.n; i += len) {
		len = smpp_utf8_get((uint8_t *)utf8 + i, b.n - i, &u);
		assert(len > 0);
	}
	smpp_sbuf_init(&r, replaced, sizeof(replaced), NULL, NULL);
	smpp_text_replace(&r, smpp_view_of(p + 4, n - 4), c);
	smpp_wr_init(&w, again, sizeof(again));
	if (c.alphabet != SMPP_ALPHA_BINARY)
		assert(
		    smpp_text_encode(&w, smpp_view_of(r.p, r.n), c, &err) == 0);
	return 0;
}
