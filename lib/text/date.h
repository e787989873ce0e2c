/* The dates of delivery receipts, in every form that SMSCs write. */
#ifndef SMPP_TEXT_DATE_H
#define SMPP_TEXT_DATE_H

#include <stdbool.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

enum {
	SMPP_ZONE_NONE = INT16_MIN, /* the source does not tell */
	SMPP_ZONE_Z = INT16_MAX,    /* UTC, printed as Z */
	SMPP_DATE_MAX = 40,         /* characters of a date as text */
};

/* A moment of the proleptic Gregorian calendar. */
struct smpp_date {
	/* As they are written: January is month 1. */
	uint16_t year;
	uint8_t month, day, hour, minute, second;
	/* The fraction of the second has so many digits, 0 is none: it is
	 * fraction / 10^digits. */
	uint8_t digits;
	uint32_t fraction;
	/* Minutes east of UTC, or SMPP_ZONE_NONE, SMPP_ZONE_Z. */
	int16_t zone;
	/* No time of day was given; it is 0:00 then. */
	bool day_only;
};

/*
 * Reads a date as receipts carry it: 8, 10, 12, 13, 14 or 16 digits, a full
 * SMPP time, ISO 8601. Two-digit years are 1969 to 2068. Returns 1 and sets
 * *d; 0 when it is empty or zeros, which say that there is no date; -1 when it
 * is no date or no such moment exists.
 */
int smpp_date_read(struct smpp_date *d, struct smpp_view v);

/*
 * True when the moment exists: month 1 to 12, day of that month, hour below
 * 24, minute and second below 60.
 */
bool smpp_date_exists(const struct smpp_date *d);

/*
 * Writes d as ISO 8601, with the zone if it has one, and a NUL. Returns the
 * number of characters.
 */
size_t smpp_date_iso(char out[SMPP_DATE_MAX], const struct smpp_date *d);

/* Seconds since 1970-01-01T00:00Z; a date without zone counts as UTC. */
int64_t smpp_date_seconds(const struct smpp_date *d);

/* Sets the moment that is so many seconds after 1970, in UTC; up to the end of
 * 9999. */
void smpp_date_from_seconds(struct smpp_date *d, int64_t seconds);

SMPP_END_DECLS

#endif
