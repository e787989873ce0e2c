/* A time that is written can be read; reading points into what was given. */
#include <assert.h>

#include "text/smpptime.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	char out[SMPP_TIME_SIZE], room[128];
	struct smpp_view v = smpp_view_of(p, n);
	struct smpp_date d;
	struct smpp_time t;
	struct smpp_err err;
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
	if (smpp_time_read(&t, v) < 0)
		smpp_time_text(&b, &t);
	assert(!b.bad);
	if (smpp_time_write(out, v, n % 2 == 0, 1795257000, &err) == 0)
		assert(smpp_time_read(&t, smpp_view_str(out)) < 0);
	else
		assert(err.offset >= 0 && err.offset <= (int64_t)n);
	if (smpp_date_read(&d, v) == 1) {
		assert(smpp_date_exists(&d));
		assert(smpp_date_iso(room, &d) < SMPP_DATE_MAX);
	}
	return 0;
}
