/* Two clocks: one that only goes forward, one for people. Tests replace both.
 */
#ifndef SMPP_BASE_CLOCK_H
#define SMPP_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * Nanoseconds of the monotonic clock, from an unspecified start: good for
 * differences within one run of one process. Setting the time of day does not
 * touch it.
 */
uint64_t smpp_clock_ns(void);

/*
 * The same in milliseconds: the unit of every deadline of lib/net, which is
 * this plus how long to wait.
 */
int64_t smpp_clock_ms(void);

/* Microseconds since 1970-01-01T00:00:00Z of the wall clock, which may jump. */
int64_t smpp_clock_wall_us(void);

/*
 * Writes us, microseconds since 1970, as RFC 3339 in UTC with microseconds,
 * 27 characters and a NUL, into out.
 */
void smpp_clock_rfc3339(char out[28], int64_t us);

SMPP_END_DECLS

#endif
