/* lib/net/timer: order, moving, stopping, a crowd. */
#include <stdint.h>

#include "base/rng.h"
#include "net/timer.h"
#include "tap.h"

enum { CROWD = 2000 };

static struct smpp_timers all;
static int64_t last;
static unsigned ran, early;

static void
note(struct smpp_timer *t, int64_t now)
{
	early += t->at > now || t->at < last;
	last = t->at;
	ran++;
}

/* Sets itself again, twice. */
static void
again(struct smpp_timer *t, int64_t now)
{
	if (++ran < 3)
		smpp_timer_set(&all, t, now + 10);
}

static void
crowd(void)
{
	static struct smpp_timer t[CROWD];
	struct smpp_rng rng = {7};
	unsigned i;

	for (i = 0; i < CROWD; i++) {
		t[i].fn = note;
		smpp_timer_set(
		    &all, &t[i], (int64_t)(smpp_rng_next(&rng) % 1000));
	}
	for (i = 0; i < CROWD; i += 3)
		smpp_timer_set(
		    &all, &t[i], (int64_t)(smpp_rng_next(&rng) % 1000));
	for (i = 0; i < CROWD; i += 2)
		smpp_timer_stop(&all, &t[i]);
	smpp_timer_stop(&all, &t[0]);
	ok(all.n == CROWD / 2, "half of them are stopped, once");
	smpp_timers_run(&all, 499, 10);
	ok(ran == 10, "no more run than asked for");
	smpp_timers_run(&all, 499, CROWD);
	ok(early == 0 && smpp_timers_due(&all) > 499, "those due run in order");
	smpp_timers_run(&all, 1000, CROWD);
	ok(ran == CROWD / 2 && early == 0, "and the rest");
}

int
main(void)
{
	struct smpp_timer t = {.fn = again};

	ok(smpp_timers_due(&all) == INT64_MAX, "none is due when none is set");
	crowd();
	ran = 0;
	smpp_timer_set(&all, &t, 5);
	smpp_timers_run(&all, 5, 100);
	ok(ran == 1 && smpp_timers_due(&all) == 15, "one that sets itself");
	smpp_timers_run(&all, 15, 100);
	smpp_timers_run(&all, 25, 100);
	ok(ran == 3 && smpp_timers_due(&all) == INT64_MAX, "until it does not");
	ok(smpp_timer_set(&all, &t, 7) == 0, "a timer is set");
	ok(smpp_timer_set(&all, &t, 9) == 0 && all.n == 1, "and moved");
	smpp_timers_free(&all);
	ok(t.slot == 0, "it is not set when all are gone");
	return tap_done();
}
