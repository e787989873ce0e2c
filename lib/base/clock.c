/* Two clocks: one that only goes forward, one for people. */
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

/* Deadlines are told by this one: setting the clock of the machine must not
 * end a session or keep it for ever. */
uint64_t
smpp_clock_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

int64_t
smpp_clock_ms(void)
{
	return (int64_t)(smpp_clock_ns() / 1000000u);
}

int64_t
smpp_clock_wall_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* In UTC with six digits always: lines of one log sort as text. */
void
smpp_clock_rfc3339(char out[28], int64_t us)
{
	time_t t = (time_t)(us / 1000000);
	struct tm tm;

	gmtime_r(&t, &tm);
	strftime(out, 21, "%Y-%m-%dT%H:%M:%S.", &tm);
	snprintf(out + 20, 8, "%06uZ", (unsigned)(us % 1000000) % 1000000u);
}
