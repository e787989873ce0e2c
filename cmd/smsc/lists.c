/* Distribution lists: --dl NAME=ADDR,... */
#include <stdlib.h>
#include <string.h>

#include "smsc.h"

/* Without the NUL: dl_name has 21 octets, and so has an address. */
enum { DL_NAME = 20, DL_ADDR = 20 };

/*
 * Says what is wrong with one "NAME=ADDR,...", or nothing. At the start, so
 * list_next() may rely on the form.
 */
static const char *
lists_fault(const char *text)
{
	size_t n = strcspn(text, "=");

	if (n == 0 || text[n] == '\0')
		return "NAME=ADDR,... wanted";
	if (n > DL_NAME)
		return "the name is longer than 20 characters";
	for (text += n; *text != '\0'; text += n) {
		n = strcspn(++text, ",");
		if (n == 0 || n > DL_ADDR)
			return "an address has 1 to 20 characters";
	}
	return NULL;
}

int
lists_open(struct smsc *mc)
{
	const char *why;

	for (size_t i = 0; i < mc->a.lists.n; i++) {
		why = lists_fault(mc->a.lists.v[i]);
		if (why != NULL)
			return out_usage(
			    mc->c, "--dl: '%s': %s", mc->a.lists.v[i], why);
	}
	return 0;
}

/*
 * *at is where the last member ended in the option's text, 0 at first: nothing
 * is kept between calls, the list may be long.
 */
bool
list_next(const struct smsc *mc, struct smpp_view name, size_t *at,
    struct smpp_view *member)
{
	const char *text;
	size_t n;

	for (size_t i = 0; i < mc->a.lists.n; i++) {
		text = mc->a.lists.v[i];
		n = strcspn(text, "=");
		if (!smpp_view_eq(name, smpp_view_of(text, n)))
			continue;
		text += *at == 0 ? n : *at;
		if (*text == '\0')
			return false;
		n = strcspn(text + 1, ",");
		*member = smpp_view_of(text + 1, n);
		*at = (size_t)(text + 1 + n - mc->a.lists.v[i]);
		return true;
	}
	return false;
}
