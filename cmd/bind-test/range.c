/* Thresholds of the plugin API of Nagios. */
#include "range.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A number of a range: n characters, no "inf", no hexadecimal. */
static bool
range_number(const char *p, size_t n, double *v)
{
	char text[32];
	char *end;

	if (n == 0 || n >= sizeof(text) || strspn(p, "-0123456789.") < n)
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	*v = strtod(text, &end);
	return *end == '\0';
}

/*
 * "10" is 0 to 10, "10:" from 10, "~:10" up to 10, as the guidelines of the
 * plugin API have it.
 */
static bool
read_bounds(struct range *r, const char *p)
{
	const char *colon = strchr(p, ':');

	r->start = 0;
	r->end = INFINITY;
	if (colon != NULL) {
		if (colon == p + 1 && *p == '~')
			r->start = -INFINITY;
		else if (colon > p &&
			 !range_number(p, (size_t)(colon - p), &r->start))
			return false;
		p = colon + 1;
		if (*p == '\0')
			return true;
	}
	return range_number(p, strlen(p), &r->end);
}

bool
range_read(struct range *r, const char *text)
{
	r->text = text;
	r->inside = *text == '@';
	return read_bounds(r, text + r->inside);
}

/* Outside is the alert; "@" turns it round. */
bool
range_alerts(const struct range *r, double v)
{
	return r->text != NULL && (v < r->start || v > r->end) != r->inside;
}
