/* How many descriptors the process may have. */
#include "fds.h"

#include <sys/resource.h>

/*
 * No error when it cannot: how many are needed is a guess, and the open that
 * really fails says so itself.
 */
void
fds_allow(uint32_t want)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= want)
		return;
	r.rlim_cur = r.rlim_max < want ? r.rlim_max : want;
	setrlimit(RLIMIT_NOFILE, &r);
}
