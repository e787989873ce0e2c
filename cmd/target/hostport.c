/* "HOST:PORT" in two, for those who listen. */
#include "hostport.h"

#include <string.h>

void
hostport_split(char *text, const char **host, const char **port)
{
	char *colon = strrchr(text, ':'), *end = strchr(text, ']');

	*host = text;
	if (colon != NULL && colon > end && colon == strchr(text, ':')) {
		*colon = '\0';
		*port = colon + 1;
	} else if (*text == '[' && end != NULL) {
		if (end[1] == ':')
			*port = end + 2;
		else if (end[1] != '\0')
			*port = "?";
		*host = text + 1;
		*end = '\0';
	}
	if (**host == '\0')
		*host = "127.0.0.1";
}
