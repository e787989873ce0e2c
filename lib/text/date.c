/* Reading and printing the dates of receipts, by arithmetic alone. */
#include "text/date.h"

static bool
all_digits(const uint8_t *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (p[i] < '0' || p[i] > '9')
			return false;
	return true;
}

/* The number of n digits, at most 19, at p. */
static uint64_t
date_number(const uint8_t *p, size_t n)
{
	uint64_t v = 0;
	size_t i;

	for (i = 0; i < n; i++)
		v = v * 10 + (uint64_t)(p[i] - '0');
	return v;
}

static uint8_t
date_two(const uint8_t *p)
{
	return (uint8_t)((p[0] - '0') * 10 + (p[1] - '0'));
}

static bool
leap(unsigned year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool
smpp_date_exists(const struct smpp_date *d)
{
	static const uint8_t days[13] = {
	    0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (d->month - 1u > 11 || d->hour > 23 || d->minute > 59 ||
	    d->second > 59 || d->day == 0)
		return false;
	return d->day <= days[d->month] ||
	       (d->month == 2 && d->day == 29 && leap(d->year));
}

/*
 * Days from 1970-01-01 to a day; years start in March to put February last. An
 * era is 400 years or 146097 days, after which the calendar repeats; five
 * months from March on have 153 days; 719468 days lie between 0000-03-01 and
 * 1970-01-01. No mktime(): it asks for the local zone, which has no part in
 * this.
 */
static int64_t
days_from(int64_t y, unsigned m, unsigned d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * ((int64_t)m + (m > 2 ? -3 : 9)) + 2) / 5 + (int64_t)d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int64_t
smpp_date_seconds(const struct smpp_date *d)
{
	int64_t t = days_from(d->year, d->month, d->day) * 86400 +
		    d->hour * 3600 + d->minute * 60 + d->second;

	if (d->zone != SMPP_ZONE_NONE && d->zone != SMPP_ZONE_Z)
		t -= d->zone * 60;
	return t;
}

/* The same backwards: doe is the day of the era, yoe its year, doy the day of
 * a year that starts in March, mp the month from March on. */
void
smpp_date_from_seconds(struct smpp_date *d, int64_t seconds)
{
	int64_t days = seconds / 86400, rest = seconds % 86400;
	int64_t era, doe, yoe, doy, mp;

	if (rest < 0) {
		rest += 86400;
		days--;
	}
	days += 719468;
	era = (days >= 0 ? days : days - 146096) / 146097;
	doe = days - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*d = (struct smpp_date){.zone = SMPP_ZONE_Z};
	d->day = (uint8_t)(doy - (153 * mp + 2) / 5 + 1);
	d->month = (uint8_t)(mp < 10 ? mp + 3 : mp - 9);
	d->year = (uint16_t)(yoe + era * 400 + (d->month <= 2));
	d->hour = (uint8_t)(rest / 3600);
	d->minute = (uint8_t)(rest / 60 % 60);
	d->second = (uint8_t)(rest % 60);
}

/*
 * Reads digits: the year in yn digits, 2 or 4, then MMDD and as many of
 * hhmmss as fields says.
 */
static bool
compact(struct smpp_date *d, const uint8_t *p, unsigned yn, unsigned fields)
{
	unsigned year = (unsigned)date_number(p, yn);

	/* The pivot of POSIX for two digits; receipts have none of their own
	 * (receipts.md). That of times in SMPP is SMPP_TIME_PIVOT. */
	if (yn == 2)
		year += year < 69 ? 2000 : 1900;
	*d = (struct smpp_date){.zone = SMPP_ZONE_NONE};
	d->year = (uint16_t)year;
	d->month = date_two(p + yn);
	d->day = date_two(p + yn + 2);
	d->day_only = fields == 0;
	if (fields > 1) {
		d->hour = date_two(p + yn + 4);
		d->minute = date_two(p + yn + 6);
	}
	if (fields > 2)
		d->second = date_two(p + yn + 8);
	return smpp_date_exists(d);
}

static bool
unix_time(struct smpp_date *d, const uint8_t *p, size_t n)
{
	uint64_t v = date_number(p, n);

	smpp_date_from_seconds(d, (int64_t)(n == 13 ? v / 1000 : v));
	if (n == 13) {
		d->digits = 3;
		d->fraction = (uint32_t)(v % 1000);
	}
	return true;
}

/* Digits alone: their number tells the form. */
static bool
date_digits(struct smpp_date *d, struct smpp_view v)
{
	switch (v.n) {
	case 8:
		return compact(d, v.p, 4, 0);
	case 10:
		/*
		 * YYMMDDhhmm is what v3.4 appendix B prints. Seconds since
		 * 1970 have a 1 in front until 2033 and are seldom a date as
		 * well: 1712312359 is, and is taken for one.
		 */
		return compact(d, v.p, 2, 2) ||
		       (v.p[0] == '1' && unix_time(d, v.p, 10));
	case 12:
		/* No full year from 2013 on is misread, for its last two
		 * digits are no month; 2001 to 2012 would be years of 2020. */
		return compact(d, v.p, 2, 3) || compact(d, v.p, 4, 2);
	case 13:
		return unix_time(d, v.p, 13);
	case 14:
	case 16:
		return compact(d, v.p, 4, 3);
	}
	return false;
}

/* YYMMDDhhmmsstnnp, spec/time.md; offsets up to 14 hours occur. */
static bool
smpp_form(struct smpp_date *d, struct smpp_view v)
{
	unsigned quarters = date_two(v.p + 13);

	if (quarters > 56 || !compact(d, v.p, 2, 3))
		return false;
	d->digits = 1;
	d->fraction = (uint32_t)(v.p[12] - '0');
	d->zone = (int16_t)(quarters * 15);
	if (v.p[15] == '-')
		d->zone = (int16_t)-d->zone;
	return true;
}

/* Takes two digits behind the character sep, at *p. */
static bool
part(const uint8_t **p, const uint8_t *end, char sep, uint8_t *out)
{
	if (end - *p < 3 || **p != sep || !all_digits(*p + 1, 2))
		return false;
	*out = date_two(*p + 1);
	*p += 3;
	return true;
}

/* Takes Z, +hh, +hhmm or +hh:mm at *p. */
static bool
zone(struct smpp_date *d, const uint8_t **p, const uint8_t *end)
{
	uint8_t hours, minutes = 0;
	bool west = **p == '-';

	if ((**p | 0x20) == 'z') {
		d->zone = SMPP_ZONE_Z;
		++*p;
		return true;
	}
	if (!part(p, end, west ? '-' : '+', &hours))
		return false;
	if (end - *p == 2 && all_digits(*p, 2)) {
		minutes = date_two(*p);
		*p += 2;
	} else if (*p < end && !part(p, end, ':', &minutes)) {
		return false;
	}
	d->zone = (int16_t)(hours * 60 + minutes);
	if (west)
		d->zone = (int16_t)-d->zone;
	return hours < 24 && minutes < 60;
}

/* The time of day of ISO 8601: hh:mm, seconds, fraction, zone. */
static bool
iso_time(struct smpp_date *d, const uint8_t *p, const uint8_t *end)
{
	if (!part(&p, end, (char)*p, &d->hour) ||
	    !part(&p, end, ':', &d->minute))
		return false;
	if (p < end && *p == ':' && !part(&p, end, ':', &d->second))
		return false;
	if (p < end && (*p == '.' || *p == ',')) {
		for (p++; p < end && all_digits(p, 1); p++) {
			/* Nanoseconds are what fraction holds; more digits are
			 * no error. */
			if (d->digits == 9)
				continue;
			d->fraction = d->fraction * 10 + (uint32_t)(*p - '0');
			d->digits++;
		}
	}
	while (p < end && *p == ' ')
		p++;
	if (p < end && !zone(d, &p, end))
		return false;
	return p == end;
}

/* YYYY-MM-DD, alone or with T or a blank and a time. */
static bool
iso(struct smpp_date *d, struct smpp_view v)
{
	const uint8_t *p, *end;

	*d = (struct smpp_date){.zone = SMPP_ZONE_NONE};
	if (v.n < 10 || !all_digits(v.p, 4))
		return false;
	p = v.p + 4;
	end = smpp_view_end(v);
	d->year = (uint16_t)date_number(v.p, 4);
	if (!part(&p, end, '-', &d->month) || !part(&p, end, '-', &d->day))
		return false;
	d->day_only = p == end;
	if (p < end && (*p != ' ' && (*p | 0x20) != 't'))
		return false;
	return (p == end || iso_time(d, p, end)) && smpp_date_exists(d);
}

/* True when a value is empty or all zeros: no date. */
static bool
nothing(struct smpp_view v)
{
	uint32_t i = 0;

	while (i < v.n && v.p[i] == '0')
		i++;
	return i == v.n;
}

static bool
read_one(struct smpp_date *d, struct smpp_view v)
{
	if (all_digits(v.p, v.n))
		return date_digits(d, v);
	if (v.n == 16 && (v.p[15] == '+' || v.p[15] == '-') &&
	    all_digits(v.p, 15))
		return smpp_form(d, v);
	return iso(d, v);
}

/* All of it first, for ISO dates hold a blank. What fails as a whole may have
 * something behind its first word, which then is the date. */
int
smpp_date_read(struct smpp_date *d, struct smpp_view v)
{
	uint32_t n = 0;

	*d = (struct smpp_date){.zone = SMPP_ZONE_NONE};
	if (nothing(v))
		return 0;
	if (read_one(d, v))
		return 1;
	while (n < v.n && v.p[n] != ' ')
		n++;
	if (n == v.n)
		return -1;
	v.n = n;
	return nothing(v) ? 0 : read_one(d, v) ? 1 : -1;
}

/* Writes v in n digits with leading zeros; returns the place behind them. */
static char *
date_put(char *p, uint32_t v, unsigned n)
{
	unsigned i;

	for (i = n; i-- > 0; v /= 10)
		p[i] = (char)('0' + v % 10);
	return p + n;
}

static char *
put_zone(char *p, int16_t zone)
{
	uint32_t minutes = (uint32_t)(zone < 0 ? -zone : zone);

	if (zone == SMPP_ZONE_Z) {
		*p = 'Z';
		return p + 1;
	}
	*p = zone < 0 ? '-' : '+';
	p = date_put(p + 1, minutes / 60, 2);
	*p = ':';
	return date_put(p + 1, minutes % 60, 2);
}

size_t
smpp_date_iso(char out[SMPP_DATE_MAX], const struct smpp_date *d)
{
	char *p = date_put(out, d->year, 4);

	*p++ = '-';
	p = date_put(p, d->month, 2);
	*p++ = '-';
	p = date_put(p, d->day, 2);
	if (!d->day_only) {
		*p++ = 'T';
		p = date_put(p, d->hour, 2);
		*p++ = ':';
		p = date_put(p, d->minute, 2);
		*p++ = ':';
		p = date_put(p, d->second, 2);
		if (d->digits > 0) {
			*p++ = '.';
			p = date_put(p, d->fraction, d->digits);
		}
		if (d->zone != SMPP_ZONE_NONE)
			p = put_zone(p, d->zone);
	}
	*p = '\0';
	return (size_t)(p - out);
}
