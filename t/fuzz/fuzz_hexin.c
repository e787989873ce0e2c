/* Pasted text in any form: the same octets whatever the size of its blocks. */
#include <assert.h>

#include "hexin/hexin.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* What came, in one number: the octets, and the events between them. */
static int
take(void *arg, const struct smpp_hexevent *e)
{
	uint64_t *sum = arg;
	size_t i, n = e->what == SMPP_HEXIN_OCTETS ? e->n : 0;

	assert((e->msg != NULL) ==
	       (e->what == SMPP_HEXIN_NOTE || e->what == SMPP_HEXIN_ERROR));
	for (i = 0; i < n; i++)
		*sum = (*sum ^ e->p[i]) * 0x100000001b3u;
	if (e->what != SMPP_HEXIN_OCTETS)
		*sum = (*sum ^ (0x100u + e->what)) * 0x100000001b3u;
	return 0;
}

static uint64_t
read_by(enum smpp_hexform form, const char *p, size_t n, size_t block)
{
	static struct smpp_hexin *readers[3];
	static uint64_t sum;
	struct smpp_hexin *h = readers[form];
	size_t i, part;

	if (h == NULL)
		h = readers[form] = smpp_hexin_open(form, take, &sum);
	assert(h != NULL);
	sum = 0;
	for (i = 0; i < n; i += part) {
		part = n - i < block ? n - i : block;
		assert(smpp_hexin_feed(h, p + i, part) == 0);
	}
	assert(smpp_hexin_end(h) == 0);
	return sum;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const char *text = (const char *)p;
	int form;

	for (form = SMPP_HEXFORM_AUTO; form <= SMPP_HEXFORM_DUMP; form++)
		assert(read_by(form, text, n, 7) == read_by(form, text, n, n));
	return 0;
}
