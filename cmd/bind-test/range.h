/* Thresholds of the plugin API of Nagios. */
#ifndef SMPP_BIND_TEST_RANGE_H
#define SMPP_BIND_TEST_RANGE_H

#include <stdbool.h>

/*
 * A threshold of the plugin API, "[@][start:][end]": a value outside alerts,
 * with '@' one inside. text is NULL when there is none.
 */
struct range {
	const char *text;
	double start, end;
	bool inside;
};

/* Reads a range. False when text, which is borrowed, is none. */
bool range_read(struct range *r, const char *text);

/* Whether v is one to alert about; never without a range. */
bool range_alerts(const struct range *r, double v);

#endif
