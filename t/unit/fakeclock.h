/*
 * A clock that a test moves: it takes the place of lib/base/clock.c, for the
 * linker takes a member of the library only for what nobody has. It is read
 * by this thread alone.
 */
#ifndef SMPP_T_UNIT_FAKECLOCK_H
#define SMPP_T_UNIT_FAKECLOCK_H

#include "base/clock.h"

static uint64_t fake_ns = 1000000000000;

uint64_t
smpp_clock_ns(void)
{
	return fake_ns;
}

int64_t
smpp_clock_ms(void)
{
	return (int64_t)(fake_ns / 1000000);
}

int64_t
smpp_clock_wall_us(void)
{
	return (int64_t)(fake_ns / 1000);
}

void
smpp_clock_rfc3339(char out[28], int64_t us)
{
	(void)us;
	out[0] = '\0';
}

/* Lets ms pass, at once. */
static inline void
fake_pass(int64_t ms)
{
	fake_ns += (uint64_t)ms * 1000000;
}

#endif
