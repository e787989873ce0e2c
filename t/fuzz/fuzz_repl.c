/* Lines of the repl: continued, expanded, cut into words. */
#include <assert.h>
#include <stdlib.h>

#include "cmd/script/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char out[1 << 20];

/* A variable has whatever the line begins with as its value; some have none. */
static const char *
value(void *arg, const char *name)
{
	return *name == 'z' ? NULL : arg;
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char *text = malloc(n + 1), first[8] = "", *word, *at = out;
	struct smpp_err err;
	struct smpp_sbuf b;

	if (n > 0)
		memcpy(text, p, n);
	text[n] = '\0';
	n = strlen(text);
	memcpy(first, text, n < 7 ? n : 7);
	while (line_continues(text, &n))
		assert(text[n] == '\0');
	smpp_sbuf_init(&b, out, sizeof(out) - 1, NULL, NULL);
	smpp_err_clear(&err);
	assert((line_expand(&b, text, value, first, &err) == 0) ==
	       (err.code == 0));
	out[b.n] = '\0';
	line_in_quotes(out, b.n);
	while ((word = line_word(&at)) != NULL)
		assert(*word != '\0' && word >= out && at <= out + b.n);
	free(text);
	return 0;
}
