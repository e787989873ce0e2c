/* Any text as a record of a journal: what was read is written and read again
 * the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/kit/cmd.h"
#include "cmd/journal/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct journal j = {.fd = 0}; /* nothing is committed */
	struct journal_record r, again;

	assert(journal_parse(&r, smpp_view_of(p, n)) != 0 || n > 10);
	if (memchr(p, '\n', n) != NULL ||
	    journal_read(&r, smpp_view_of(p, n)) != 0)
		return 0;
	journal_note(&j, &r);
	assert(j.p[j.n - 1] == '\n');
	assert(journal_parse(&again, smpp_view_of(j.p, j.n - 1)) == 0);
	assert(again.type == r.type && again.number == r.number &&
	       again.line == r.line && again.record == r.record &&
	       again.index == r.index && again.hash == r.hash &&
	       again.part == r.part && again.status == r.status &&
	       smpp_view_eq(again.text, r.text));
	free(j.p);
	return 0;
}
