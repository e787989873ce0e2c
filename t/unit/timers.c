/* The timers of the simulated SMSC: order, moving, stopping, a crowd. */
#include <stdint.h>

#include "cmd/kit/cmd.h"
#include "cmd/smsc/timer.h"
#include "base/rng.h"
#include "tap.h"

enum { CROWD = 2000 };

static struct timers all;
static int64_t last;
static unsigned ran, early;

static void
note(struct timer *t, int64_t now)
{
	early += t->at > now || t->at < last;
	last = t->at;
	ran++;
}

/* Sets itself again, twice. */
static void
again(struct timer *t, int64_t now)
{
	if (++ran < 3)
		timer_set(&all, t, now + 10);
}

static void
crowd(void)
{
	static struct timer t[CROWD];
	struct smpp_rng rng = {7};
	unsigned i;

	for (i = 0; i < CROWD; i++) {
		t[i].fn = note;
		timer_set(&all, &t[i], (int64_t)(smpp_rng_next(&rng) % 1000));
	}
	for (i = 0; i < CROWD; i += 3)
		timer_set(&all, &t[i], (int64_t)(smpp_rng_next(&rng) % 1000));
	for (i = 0; i < CROWD; i += 2)
		timer_stop(&all, &t[i]);
	timer_stop(&all, &t[0]);
	ok(all.n == CROWD / 2, "half of them are stopped, once");
	timers_run(&all, 499, 10);
	ok(ran == 10, "no more run than asked for");
	timers_run(&all, 499, CROWD);
	ok(early == 0 && timers_due(&all) > 499, "those due run in order");
	timers_run(&all, 1000, CROWD);
	ok(ran == CROWD / 2 && early == 0, "and the rest");
}

int
main(void)
{
	struct timer t = {.fn = again};

	ok(timers_due(&all) == INT64_MAX, "none is due when none is set");
	crowd();
	ran = 0;
	timer_set(&all, &t, 5);
	timers_run(&all, 5, 100);
	ok(ran == 1 && timers_due(&all) == 15, "one that sets itself");
	timers_run(&all, 15, 100);
	timers_run(&all, 25, 100);
	ok(ran == 3 && timers_due(&all) == INT64_MAX, "until it does not");
	timers_free(&all);
	return tap_done();
}
