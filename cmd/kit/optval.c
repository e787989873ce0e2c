/* Option values: numbers, durations, rates. */
#include <stdlib.h>
#include <string.h>

#include "opt.h"

static bool
optval_digit(char c)
{
	return c >= '0' && c <= '9';
}

/*
 * Reads a decimal number, with a fraction if fraction is set, that starts with
 * a digit: strtod alone would take "inf", "0x1p3" and blanks.
 */
static const char *
decimal(const char *s, bool fraction, double *v)
{
	double unit = 1;

	if (!optval_digit(*s))
		return NULL;
	for (*v = 0; optval_digit(*s); s++)
		*v = *v * 10 + (*s - '0');
	if (!fraction || s[0] != '.' || !optval_digit(s[1]))
		return s;
	for (s++; optval_digit(*s); s++)
		*v += (*s - '0') * (unit /= 10);
	return s;
}

int
opt_uint(const char *s, uint32_t *v)
{
	double factor = 1, d;
	unsigned long long n;
	const char *rest;
	char *end;

	if (s[0] == '0' && (s[1] == 'x' || s[1] == 'X')) {
		n = strtoull(s + 2, &end, 16);
		/*
		 * strtoull takes blanks, signs and a second 0x, and wraps
		 * around at 64 bits: 18 characters are the most that does not.
		 */
		if (end == s + 2 || end - s > 18 || *end != '\0' ||
		    s[2] == '-' || s[2] == '+' || n > UINT32_MAX)
			return -1;
		*v = (uint32_t)n;
		return 0;
	}
	if ((rest = decimal(s, false, &d)) == NULL)
		return -1;
	if (*rest == 'k' || *rest == 'm')
		factor = *rest++ == 'k' ? 1e3 : 1e6;
	if (*rest != '\0' || d * factor > UINT32_MAX)
		return -1;
	*v = (uint32_t)(d * factor);
	return 0;
}

/*
 * None is 0, which is everywhere "no limit"; a time of 0ms says the same. The
 * bound keeps sums of several far from the end of 64 bits.
 */
int
opt_duration(const char *s, int64_t *ms)
{
	static const struct {
		const char *name;
		double ms;
	} unit[] = {{"", 1e3}, {"ms", 1}, {"s", 1e3}, {"m", 60e3},
	    {"h", 3600e3}, {"d", 86400e3}};
	const char *rest;
	double d;
	size_t i;

	if (strcmp(s, "none") == 0) {
		*ms = 0;
		return 0;
	}
	if ((rest = decimal(s, true, &d)) == NULL)
		return -1;
	for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++)
		if (strcmp(rest, unit[i].name) == 0 && d * unit[i].ms < 1e15) {
			*ms = (int64_t)(d * unit[i].ms + 0.5);
			return 0;
		}
	return -1;
}

/*
 * Bare numbers are per second. The bound is a guard: !(d < x) holds for what
 * is not a number, too.
 */
int
opt_rate(const char *s, double *per_second)
{
	const char *rest;
	double d;

	if ((rest = decimal(s, true, &d)) == NULL || !(d < 1e12))
		return -1;
	if (strcmp(rest, "/m") == 0)
		d /= 60;
	else if (strcmp(rest, "/h") == 0)
		d /= 3600;
	else if (*rest != '\0' && strcmp(rest, "/s") != 0)
		return -1;
	*per_second = d;
	return 0;
}
