/* Reading and writing the time strings of SMPP. */
#include "text/smpptime.h"

#include <time.h>

enum {
	LONG = 16,
	SHORT = 12,
	DAY = 86400,
	/* More quarters are read than sent: UTC+13 and +14 occur, though the
	 * specification ends at 12 hours (time.md, edge case 2). */
	MAX_QUARTERS = 48, /* sent */
	READ_QUARTERS = 56,
	CENTURY = 100,
};

/* The number of the two digits at p. */
static uint8_t
smpptime_two(const uint8_t *p)
{
	return (uint8_t)((p[0] - '0') * 10 + (p[1] - '0'));
}

static void
set_date(struct smpp_date *d, const uint8_t *p, bool relative)
{
	unsigned year = smpptime_two(p);

	if (!relative)
		year += year < SMPP_TIME_PIVOT ? 2000 : 1900;
	*d = (struct smpp_date){.zone = SMPP_ZONE_NONE};
	d->year = (uint16_t)year;
	d->month = smpptime_two(p + 2);
	d->day = smpptime_two(p + 4);
	d->hour = smpptime_two(p + 6);
	d->minute = smpptime_two(p + 8);
	d->second = smpptime_two(p + 10);
}

/*
 * The offset of the first pair of digits that is out of range; -1 when none
 * is. Months and days of a relative time begin at 0.
 */
static int64_t
bad_pair(const uint8_t *p, const struct smpp_date *d, bool relative)
{
	static const uint8_t max[6] = {99, 12, 31, 23, 59, 59};
	static const uint8_t min[6] = {0, 1, 1, 0, 0, 0};
	int i;

	for (i = 0; i < 6; i++)
		if (smpptime_two(p + 2 * i) > max[i] ||
		    (!relative && smpptime_two(p + 2 * i) < min[i]))
			return 2 * i;
	return relative || smpp_date_exists(d) ? -1 : 4;
}

/* Tenths and offset from UTC of an absolute time. */
static int64_t
set_zone(struct smpp_date *d, const uint8_t *p)
{
	unsigned quarters = smpptime_two(p + 13);

	d->digits = 1;
	d->fraction = (uint32_t)(p[12] - '0');
	d->zone = (int16_t)(quarters * 15);
	if (p[15] == '-')
		d->zone = (int16_t)-d->zone;
	return quarters > READ_QUARTERS ? 13 : -1;
}

static int64_t
bad_character(struct smpp_view v)
{
	uint32_t i;

	for (i = 0; i < v.n && i < LONG - 1; i++)
		if (v.p[i] < '0' || v.p[i] > '9')
			return i;
	if (v.n > LONG)
		return LONG;
	if (v.n != 0 && v.n != SHORT && v.n != LONG)
		return v.n;
	if (v.n == LONG && memchr("+-R", v.p[LONG - 1], 3) == NULL)
		return LONG - 1;
	return -1;
}

int64_t
smpp_time_read(struct smpp_time *t, struct smpp_view v)
{
	int64_t bad = bad_character(v);
	bool relative;

	*t = (struct smpp_time){.kind = SMPP_TIME_EMPTY};
	if (bad >= 0 || v.n == 0)
		return bad;
	relative = v.n == LONG && v.p[LONG - 1] == 'R';
	t->kind = v.n == SHORT ? SMPP_TIME_SHORT
		  : relative   ? SMPP_TIME_RELATIVE
			       : SMPP_TIME_ABSOLUTE;
	set_date(&t->date, v.p, relative);
	bad = bad_pair(v.p, &t->date, relative);
	if (bad < 0 && t->kind == SMPP_TIME_ABSOLUTE)
		bad = set_zone(&t->date, v.p);
	return bad;
}

static void
relative_text(struct smpp_sbuf *out, const struct smpp_date *d)
{
	const unsigned count[6] = {
	    d->year, d->month, d->day, d->hour, d->minute, d->second};
	static const char unit[6][7] = {
	    "years", "months", "d", "h", "min", "s"};
	bool any = false;
	int i;

	smpp_sbuf_puts(out, "after");
	for (i = 0; i < 6; i++) {
		/* Zeros say nothing, but a time that is all zeros is "0 s". */
		if (count[i] == 0 && (any || i < 5))
			continue;
		smpp_sbuf_printf(out, " %u %s", count[i], unit[i]);
		any = true;
	}
}

void
smpp_time_text(struct smpp_sbuf *out, const struct smpp_time *t)
{
	char iso[SMPP_DATE_MAX];

	if (t->kind == SMPP_TIME_RELATIVE)
		relative_text(out, &t->date);
	else if (t->kind != SMPP_TIME_EMPTY)
		smpp_sbuf_put(out, iso, smpp_date_iso(iso, &t->date));
}

static void
put_two(char *p, unsigned v)
{
	p[0] = (char)('0' + v / 10 % 10);
	p[1] = (char)('0' + v % 10);
}

static void
smpptime_put_pairs(char *out, unsigned year, const struct smpp_date *d)
{
	put_two(out, year % CENTURY);
	put_two(out + 2, d->month);
	put_two(out + 4, d->day);
	put_two(out + 6, d->hour);
	put_two(out + 8, d->minute);
	put_two(out + 10, d->second);
}

/* An absolute time from a date whose zone is known; *d may change to UTC. */
static int
put_absolute(char *out, struct smpp_date *d, struct smpp_err *err)
{
	int quarters = d->zone == SMPP_ZONE_Z ? 0 : d->zone / 15;
	uint32_t tenth = d->fraction;
	uint8_t i;

	/* SMPP has tenths; the rest of a fraction is cut, not rounded, which
	 * could carry into the next day. */
	for (i = d->digits; i > 1; i--)
		tenth /= 10;
	/* What nn cannot say, other minutes or more than 12 hours, goes as UTC
	 * (time.md, edge cases 1 and 2). */
	if (d->zone != SMPP_ZONE_Z &&
	    (d->zone % 15 != 0 || quarters > MAX_QUARTERS ||
		quarters < -MAX_QUARTERS)) {
		smpp_date_from_seconds(d, smpp_date_seconds(d));
		quarters = 0;
	}
	if (d->year < 1900 + SMPP_TIME_PIVOT ||
	    d->year >= 2000 + SMPP_TIME_PIVOT) {
		err->offset = 0;
		return smpp_err_set(err, SMPP_ERANGE,
		    "year %u does not fit into a time of SMPP", d->year);
	}
	smpptime_put_pairs(out, d->year, d);
	out[12] = (char)('0' + tenth);
	put_two(out + 13, (unsigned)(quarters < 0 ? -quarters : quarters));
	out[15] = quarters < 0 ? '-' : '+';
	out[16] = '\0';
	return 0;
}

/*
 * Each pair keeps to the range of a clock, for the table of the specification
 * says so; days do it alone, as months have no length (time.md, edge case 5).
 */
static int
put_relative(char *out, int64_t seconds)
{
	struct smpp_date d = {0};

	d.day = (uint8_t)(seconds / DAY);
	d.hour = (uint8_t)(seconds / 3600 % 24);
	d.minute = (uint8_t)(seconds / 60 % 60);
	d.second = (uint8_t)(seconds % 60);
	smpptime_put_pairs(out, 0, &d);
	memcpy(out + 12, "000R", 5);
	return 0;
}

/* Seconds of one unit; 0 when the letter is none. */
static int64_t
unit_seconds(uint8_t c)
{
	switch (c) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return DAY;
	case 'w':
		return 7 * DAY;
	}
	return 0;
}

/*
 * Reads numbers with units. Returns -1 and sets *seconds, or the offset of
 * what is not understood.
 */
static int64_t
read_duration(struct smpp_view v, int64_t *seconds)
{
	uint32_t i = v.n > 0 && v.p[0] == '+', from;
	int64_t n, unit;

	*seconds = 0;
	if (i == v.n)
		return i;
	while (i < v.n) {
		from = i;
		for (n = 0; i < v.n && v.p[i] >= '0' && v.p[i] <= '9'; i++)
			/* Ten digits of the largest unit fit into 63 bits many
			 * times over; longer numbers are refused below. */
			if (i - from < 10)
				n = n * 10 + (v.p[i] - '0');
		if (i == from || i - from > 10)
			return i;
		/* A number without unit is seconds only if it stands alone: in
		 * "2h30" it may be minutes. */
		if (i == v.n && from > 1)
			return i;
		unit = i == v.n ? 1 : unit_seconds(v.p[i]);
		if (unit == 0)
			return i;
		*seconds += n * unit;
		i++;
	}
	return -1;
}

/* Takes a date with no zone as one of the local zone. */
static void
localize(struct smpp_date *d)
{
	struct tm tm = {.tm_year = d->year - 1900,
	    .tm_mon = d->month - 1,
	    .tm_mday = d->day,
	    .tm_hour = d->hour,
	    .tm_min = d->minute,
	    .tm_sec = d->second,
	    .tm_isdst = -1};

	if (mktime(&tm) == (time_t)-1)
		d->zone = SMPP_ZONE_Z;
	else
		d->zone = (int16_t)(tm.tm_gmtoff / 60);
}

static int
not_understood(struct smpp_err *err, int64_t offset)
{
	err->offset = offset;
	return smpp_err_set(err, SMPP_ESYNTAX,
	    "not a time: expected 2h, +90m, 2026-11-21T10:30, a time of 16 "
	    "characters");
}

static int
write_duration(char *out, struct smpp_view text, bool relative, int64_t now,
    struct smpp_err *err)
{
	struct smpp_date d;
	int64_t seconds, bad = read_duration(text, &seconds);

	if (bad >= 0)
		return not_understood(err, bad);
	/*
	 * Days end at 31 in a relative time; what is longer, or stands in a
	 * field or version that has no relative times, is reckoned from now.
	 */
	if (relative && seconds < 32 * (int64_t)DAY)
		return put_relative(out, seconds);
	if (seconds > CENTURY * 366 * (int64_t)DAY) {
		err->offset = 0;
		return smpp_err_set(err, SMPP_ERANGE,
		    "a time of SMPP is less than 100 years away");
	}
	smpp_date_from_seconds(&d, now + seconds);
	return put_absolute(out, &d, err);
}

int
smpp_time_write(char out[SMPP_TIME_SIZE], struct smpp_view text, bool relative,
    int64_t now, struct smpp_err *err)
{
	struct smpp_time t;
	struct smpp_date d;
	int64_t bad;

	smpp_err_clear(err);
	if (text.n == 0) {
		out[0] = '\0';
		return 0;
	}
	/* An ISO date of 16 characters has its dash there. */
	if (text.n == LONG && text.p[4] != '-') {
		bad = smpp_time_read(&t, text);
		if (bad >= 0)
			return not_understood(err, bad);
		memcpy(out, text.p, LONG);
		out[LONG] = '\0';
		return 0;
	}
	if (text.n < 10 || text.p[4] != '-')
		return write_duration(out, text, relative, now, err);
	if (smpp_date_read(&d, text) != 1)
		return not_understood(err, 0);
	if (d.zone == SMPP_ZONE_NONE)
		localize(&d);
	return put_absolute(out, &d, err);
}
