/* Any text as a template: refused with a place, or pieces of it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/kit/cmd.h"
#include "../../cmd/send/template.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = calloc(1, n + 1);
	struct template t;
	struct smpp_err err;
	size_t total = 0;
	int rc;

	if (n > 0)
		memcpy(text, p, n);
	smpp_err_clear(&err);
	rc = template_parse(&t, text, &err);
	assert(rc == 0 || (err.offset >= 0 && (size_t)err.offset <= n));
	for (size_t i = 0; rc == 0 && i < t.n; i++) {
		assert(t.v[i].text.n > 0);
		total += t.v[i].text.n;
	}
	assert(total <= n);
	template_fini(&t);
	free(text);
	return 0;
}
