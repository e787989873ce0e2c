/* --tz: what the dates of receipts, which name no zone, are offset by. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "dlrparse.h"

/*
 * Reads +hh, +hhmm, +hh:mm or the same with a minus. %n tells how far each
 * form got: only all of the word is taken.
 */
static bool
fixed_offset(const char *s, int16_t *minutes)
{
	unsigned h, m = 0;
	int n = 0;

	if (s[0] != '+' && s[0] != '-')
		return false;
	if (sscanf(s + 1, "%2u:%2u%n", &h, &m, &n) != 2 &&
	    sscanf(s + 1, "%2u%2u%n", &h, &m, &n) != 2) {
		m = 0;
		if (sscanf(s + 1, "%2u%n", &h, &n) != 1)
			return false;
	}
	if (s[1 + n] != '\0' || h > 23 || m > 59)
		return false;
	*minutes = (int16_t)(h * 60 + m);
	if (s[0] == '-')
		*minutes = (int16_t) - *minutes;
	return true;
}

int
zone_init(struct zone *z, const char *name)
{
	char path[256];

	z->given = true;
	z->fixed = true;
	if (strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0) {
		z->minutes = SMPP_ZONE_Z;
		return 0;
	}
	if (fixed_offset(name, &z->minutes))
		return 0;
	z->fixed = false;
	if (strcmp(name, "local") == 0)
		return 0;
	/* tzset() takes any word for a zone: only files are believed. */
	snprintf(path, sizeof(path), "/usr/share/zoneinfo/%s", name);
	if (name[0] == '\0' || strstr(name, "..") != NULL ||
	    access(path, R_OK) != 0)
		return -1;
	setenv("TZ", name, 1);
	tzset();
	return 0;
}

/*
 * Asks the C library, but not twice in a row about one hour. Rules of summer
 * time change at whole hours, and lines of a log mostly are of the same hour
 * as the one before: mktime() for each would be most of the time.
 */
static void
look_up(struct zone *z, const struct smpp_date *d)
{
	struct tm tm = {.tm_year = d->year - 1900,
	    .tm_mon = d->month - 1,
	    .tm_mday = d->day,
	    .tm_hour = d->hour,
	    .tm_min = d->minute,
	    .tm_isdst = -1};

	if (z->cached && z->hour == d->hour && z->day == d->day &&
	    z->month == d->month && z->year == d->year)
		return;
	z->cached = true;
	z->year = d->year;
	z->month = d->month;
	z->day = d->day;
	z->hour = d->hour;
	mktime(&tm);
	z->minutes = (int16_t)(tm.tm_gmtoff / 60);
}

/*
 * A date that names its zone is believed, and a day without a time cannot be
 * moved.
 */
void
zone_set(struct zone *z, struct smpp_date *date)
{
	if (date->zone != SMPP_ZONE_NONE || date->day_only)
		return;
	if (!z->fixed)
		look_up(z, date);
	date->zone = z->minutes;
}
