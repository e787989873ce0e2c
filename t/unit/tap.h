/* Test programs that print TAP: ok(), is_int(), is_str(), is_mem(), done(). */
#ifndef SMPP_T_UNIT_TAP_H
#define SMPP_T_UNIT_TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * Every check takes a printf-style name and returns whether it held, so that
 * a loop may stop early. A failed one tells file and line, and what it got:
 *
 *	ok(cond, "name %d", i);
 *	is_int(got, want, "name");          integers, as intmax_t
 *	is_str(got, want, "name");          C strings, either may be NULL
 *	is_mem(got, ngot, want, nwant, "name");
 *	return tap_done();                  the plan; 1 if anything failed
 */
#define ok(cond, ...) tap_ok(__FILE__, __LINE__, (cond), __VA_ARGS__)
#define is_int(got, want, ...)                                            \
	tap_is_int(__FILE__, __LINE__, (intmax_t)(got), (intmax_t)(want), \
	    __VA_ARGS__)
#define is_str(got, want, ...) \
	tap_is_str(__FILE__, __LINE__, (got), (want), __VA_ARGS__)
#define is_mem(got, ngot, want, nwant, ...) \
	tap_is_mem(                         \
	    __FILE__, __LINE__, (got), (ngot), (want), (nwant), __VA_ARGS__)

static int tap_run;
static int tap_failed;

static inline bool
tap_vok(const char *file, int line, bool cond, const char *fmt, va_list ap)
{
	if (!cond)
		tap_failed++;
	printf("%sok %d - ", cond ? "" : "not ", ++tap_run);
	vprintf(fmt, ap);
	putchar('\n');
	if (!cond)
		printf("# %s:%d\n", file, line);
	fflush(stdout); /* so that a crash tells how far it came */
	return cond;
}

__attribute__((format(printf, 4, 5))) static inline bool
tap_ok(const char *file, int line, bool cond, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_vok(file, line, cond, fmt, ap);
	va_end(ap);
	return cond;
}

__attribute__((format(printf, 5, 6))) static inline bool
tap_is_int(const char *file, int line, intmax_t got, intmax_t want,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_vok(file, line, got == want, fmt, ap);
	va_end(ap);
	if (got != want)
		printf("#  got %jd\n# want %jd\n", got, want);
	return got == want;
}

__attribute__((format(printf, 5, 6))) static inline bool
tap_is_str(const char *file, int line, const char *got, const char *want,
    const char *fmt, ...)
{
	bool same = got == want || (got && want && strcmp(got, want) == 0);
	va_list ap;

	va_start(ap, fmt);
	tap_vok(file, line, same, fmt, ap);
	va_end(ap);
	if (!same)
		printf("#  got %s\n# want %s\n", got ? got : "(null)",
		    want ? want : "(null)");
	return same;
}

static inline void
tap_hex(const char *label, const void *p, size_t n)
{
	const unsigned char *c = p;
	size_t i;

	printf("# %4s ", label);
	for (i = 0; i < n; i++)
		printf("%02x", c[i]);
	putchar('\n');
}

__attribute__((format(printf, 7, 8))) static inline bool
tap_is_mem(const char *file, int line, const void *got, size_t ngot,
    const void *want, size_t nwant, const char *fmt, ...)
{
	bool same = ngot == nwant && (ngot == 0 || !memcmp(got, want, ngot));
	va_list ap;

	va_start(ap, fmt);
	tap_vok(file, line, same, fmt, ap);
	va_end(ap);
	if (!same) {
		tap_hex("got", got, ngot);
		tap_hex("want", want, nwant);
	}
	return same;
}

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed > 0;
}

#endif
