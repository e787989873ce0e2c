/* lib/text/smpptime: the time strings of SMPP. */
#include <stdlib.h>

#include "tap.h"
#include "text/smpptime.h"

static void
reads(const char *s, int64_t bad, const char *want)
{
	struct smpp_time t;
	char room[64];
	struct smpp_sbuf b;

	is_int(smpp_time_read(&t, smpp_view_str(s)), bad, "'%s': offset", s);
	if (bad >= 0)
		return;
	smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
	smpp_time_text(&b, &t);
	is_mem(b.p, b.n, want, strlen(want), "'%s': %s", s, want);
}

/* Writes at 2026-11-21T10:30:00Z. */
static void
writes(const char *s, bool relative, const char *want)
{
	char out[SMPP_TIME_SIZE] = "untouched";
	struct smpp_err err;
	int rc = smpp_time_write(
	    out, smpp_view_str(s), relative, 1795257000, &err);

	is_int(rc, 0, "'%s'", s);
	is_str(out, want, "'%s': %s", s, want);
}

static void
refuses(const char *s, int code, int64_t offset)
{
	char out[SMPP_TIME_SIZE];
	struct smpp_err err;

	is_int(smpp_time_write(out, smpp_view_str(s), true, 1795257000, &err),
	    code, "'%s' is refused", s);
	is_int(err.offset, offset, "'%s': offset", s);
	is_int(err.code, code, "'%s': %s", s, err.msg);
}

static void
reading(void)
{
	reads("", -1, "");
	reads("261121103000004+", -1, "2026-11-21T10:30:00.0+01:00");
	reads("261121103000520-", -1, "2026-11-21T10:30:00.5-05:00");
	reads("020610233429000R", -1,
	    "after 2 years 6 months 10 d 23 h 34 min 29 s");
	reads("000000013000000R", -1, "after 1 h 30 min");
	reads("000000000000000R", -1, "after 0 s");
	reads("000000020000534R", -1, "after 2 h");
	reads("990228120000", -1, "1999-02-28T12:00:00");
	reads("261121103000056+", -1, "2026-11-21T10:30:00.0+14:00");
	reads("261121103000057+", 13, NULL);
	reads("261321103000000+", 2, NULL);
	reads("260021103000000+", 2, NULL);
	reads("260230103000000+", 4, NULL);
	reads("261121243000000+", 6, NULL);
	reads("261121106000000+", 8, NULL);
	reads("261121103060000+", 10, NULL);
	reads("001300000000000R", 2, NULL);
	reads("26112110300000x+", 14, NULL);
	reads("261121103000000r", 15, NULL);
	reads("261121103000000", 15, NULL);
	reads("261121103000000+0", 16, NULL);
	reads("2h", 1, NULL);
}

static void
writing(void)
{
	writes("", true, "");
	writes("2h", true, "000000020000000R");
	writes("+90m", true, "000000013000000R");
	writes("1d12h", true, "000001120000000R");
	writes("45", true, "000000000045000R");
	writes("31d", true, "000031000000000R");
	writes("32d", true, "261223103000000+");
	writes("2h", false, "261121123000000+");
	writes("2026-11-21T10:30:00+01:00", true, "261121103000004+");
	writes("2026-11-21 10:30Z", true, "261121103000000+");
	writes("2026-11-21T10:30:00.25-05:00", true, "261121103000220-");
	writes("2026-11-21T10:30:00+00:20", true, "261121101000000+");
	writes("2026-11-21T10:30:00+13:00", true, "261120213000000+");
	writes("2026-07-01T12:00", true, "260701120000008+");
	writes("261121103000004+", false, "261121103000004+");
	refuses("2x", SMPP_ESYNTAX, 1);
	refuses("1h30", SMPP_ESYNTAX, 4);
	refuses("+", SMPP_ESYNTAX, 1);
	refuses("h", SMPP_ESYNTAX, 0);
	refuses("2026-02-30", SMPP_ESYNTAX, 0);
	refuses("261321103000000+", SMPP_ESYNTAX, 2);
	refuses("2040-01-01T00:00Z", SMPP_ERANGE, 0);
	refuses("9999999999w", SMPP_ERANGE, 0);
	refuses("99999999999999999w", SMPP_ESYNTAX, 17);
}

int
main(void)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	reading();
	writing();
	return tap_done();
}
