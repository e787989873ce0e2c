/* Any file as a dictionary: refused, or rows that the codec can take. */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cmd/words/dictfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
judge(const struct smpp_dictionary *d)
{
	const struct smpp_tlv_row *row = d->rows;

	for (; row < d->rows + d->n; row++) {
		assert(row == d->rows || row[-1].tag < row->tag);
		assert(smpp_tlv_of(row->tag) == NULL);
		assert(
		    smpp_dictionary_find(d, smpp_view_str(row->name)) == row);
		assert(row->min <= row->max && row->brief != NULL);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct out out;
	struct ctx c = {.out = &out, .on_error = cmd_unsaid};
	int fd = memfd_create("dictionary", 0);
	char path[32];

	assert(fd >= 0 && write(fd, p, n) == (ssize_t)n);
	out_init(&out);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (dictionary_use(&c, path) == 0)
		judge(c.dictionary);
	close(fd);
	cmd_free(&c);
	return 0;
}
