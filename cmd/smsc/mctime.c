/* The clock of messages: that of the wall, faster by --time-scale. */
#include "smsc.h"

int64_t
smsc_time(const struct smsc *mc)
{
	return mc->epoch + (mc->now - mc->began) * mc->a.time_scale;
}

/* Rounded up, so that the time has come when the timer runs. */
int64_t
smsc_when(const struct smsc *mc, int64_t time)
{
	int64_t scale = mc->a.time_scale, left = time - mc->epoch;

	if (left > INT64_MAX / 2)
		return SMPP_FOREVER;
	return mc->began + (left + scale - 1) / scale;
}
