/* lib/base/hist: quantiles. */
#include <string.h>

#include "base/hist.h"
#include "tap.h"

static struct smpp_hist h, other;

int
main(void)
{
	uint64_t i;

	is_int(smpp_hist_quantile(&h, 0.5), 0, "empty");
	for (i = 1; i <= 1000; i++)
		smpp_hist_add(&h, i);
	is_int(smpp_hist_quantile(&h, 0.5), 500, "median");
	is_int(smpp_hist_quantile(&h, 0.99), 990, "99 %%");
	is_int(smpp_hist_quantile(&h, 0), 1, "least");
	memset(&h, 0, sizeof(h));
	for (i = 0; i < 64; i++)
		smpp_hist_add(&h, (uint64_t)1 << i);
	ok(smpp_hist_quantile(&h, 1) == (uint64_t)1 << 63, "largest");
	is_int(smpp_hist_quantile(&h, 0.25), 1 << 15, "a power of two");
	memset(&h, 0, sizeof(h));
	smpp_hist_add(&h, 86399);
	i = smpp_hist_quantile(&h, 0.5);
	ok(i <= 86399 && i > 86399 - 256, "three digits of a day");
	memset(&h, 0, sizeof(h));
	for (i = 1; i <= 1000; i++)
		smpp_hist_add(&h, i);
	is_int(smpp_hist_upto(&h, 0), 0, "none below");
	is_int(smpp_hist_upto(&h, 250), 250, "a quarter below");
	is_int(smpp_hist_upto(&h, UINT64_MAX), 1000, "all below");
	smpp_hist_add(&other, 5000);
	smpp_hist_merge(&h, &other);
	is_int(h.n, 1001, "merged");
	is_int(smpp_hist_upto(&h, 5000), 1001, "what was merged");
	return tap_done();
}
