/* Addresses to listen on. */
#include "addr.h"

#include <string.h>

/*
 * One colon separates a port; more of them are an IPv6 address, which needs
 * brackets to have one.
 */
int
addr_split(struct ctx *c, const char *option, const char *addr,
    const char **host, const char **port)
{
	char *text = cmd_printf(c, "%s", addr);
	char *colon = strrchr(text, ':'), *end = strchr(text, ']');
	uint32_t n;

	*host = text;
	if (colon != NULL && colon > end && colon == strchr(text, ':')) {
		*colon = '\0';
		*port = colon + 1;
	} else if (*text == '[' && end != NULL) {
		/*
		 * No port can be that: what stands behind the bracket is
		 * refused below.
		 */
		if (end[1] == ':')
			*port = end + 2;
		else if (end[1] != '\0')
			*port = "?";
		*host = text + 1;
		*end = '\0';
	}
	if (**host == '\0')
		*host = "127.0.0.1";
	if (*port == NULL || (opt_uint(*port, &n) == 0 && n <= 65535))
		return 0;
	return out_usage(c, "%s: '%s' is not a port", option, *port);
}
