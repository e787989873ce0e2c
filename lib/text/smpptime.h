/* The time strings of SMPP (spec/time.md), read and written. */
#ifndef SMPP_TEXT_SMPPTIME_H
#define SMPP_TEXT_SMPPTIME_H

#include "base/err.h"
#include "base/sbuf.h"
#include "text/date.h"

SMPP_BEGIN_DECLS

enum {
	SMPP_TIME_SIZE = 17,  /* characters of a time and a NUL */
	SMPP_TIME_PIVOT = 38, /* years below are 20xx (v3.4 appendix C) */
};

enum smpp_time_kind {
	SMPP_TIME_EMPTY,    /* now, the default, not yet: as the field says */
	SMPP_TIME_ABSOLUTE, /* YYMMDDhhmmsstnnp */
	SMPP_TIME_RELATIVE, /* YYMMDDhhmmss000R */
	SMPP_TIME_SHORT,    /* YYMMDDhhmmss, in reports only, zone unknown */
};

/*
 * A time string. Of a relative one the members of date are numbers of years,
 * months, days, hours, minutes and seconds.
 */
struct smpp_time {
	enum smpp_time_kind kind;
	struct smpp_date date;
};

/*
 * Reads a time string without its NUL. Sets *t and returns -1; or returns the
 * offset of the first character that is wrong, v.n when characters lack.
 * Offsets from UTC up to 14 hours are accepted; tenths and offset of a
 * relative time are ignored.
 */
int64_t smpp_time_read(struct smpp_time *t, struct smpp_view v);

/*
 * Writes what a time says, for people: "2026-11-21T10:30:00.0+01:00",
 * "after 2 h 30 min"; nothing for an empty one.
 */
void smpp_time_text(struct smpp_sbuf *out, const struct smpp_time *t);

/*
 * Makes the time string for what a user wrote: a duration ("2h", "+90m",
 * "1d12h", "45" seconds), ISO 8601 (with no zone, the local one), a time
 * string, or nothing. now is the time in seconds since 1970. A duration
 * becomes a relative time, or an absolute one where relative is false (v3.3)
 * or it is longer than 31 days. Offsets that are no quarter hours, or over 12
 * hours, become UTC.
 *
 * Returns 0 and sets out, NUL included; SMPP_ESYNTAX or SMPP_ERANGE and sets
 * *err, its offset the character of text that is wrong.
 */
int smpp_time_write(char out[SMPP_TIME_SIZE], struct smpp_view text,
    bool relative, int64_t now, struct smpp_err *err);

SMPP_END_DECLS

#endif
