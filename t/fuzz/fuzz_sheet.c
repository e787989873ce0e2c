/* Any lines as a sheet: rows whose cells lie within what was fed. */
#include <assert.h>
#include <string.h>

#include "cmd/kit/cmd.h"
#include "../../cmd/send/sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	const uint8_t *end = p + n, *lf;
	struct sheet *sh = sheet_open(0);
	struct smpp_err err;
	size_t total;
	int rc;

	for (; p < end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(end - p));
		if (lf == NULL)
			lf = end;
		smpp_err_clear(&err);
		rc = sheet_line(sh, smpp_view_of(p, (size_t)(lf - p)), &err);
		assert(rc >= 0 || err.msg[0] != '\0');
		total = 0;
		for (unsigned i = 0; rc == 1 && i < sheet_cells(sh); i++)
			total += sheet_cell(sh, i).n;
		assert(total <= n && (rc != 1 || !sheet_inside(sh)));
	}
	smpp_err_clear(&err);
	sheet_end(sh, &err);
	assert(!sheet_inside(sh));
	sheet_close(sh);
	return 0;
}
