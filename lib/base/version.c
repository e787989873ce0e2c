/* The version that was built. */
#include "base/version.h"

const char *
smpp_version(void)
{
	return SMPP_VERSION;
}
