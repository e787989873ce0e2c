/* cmd/load: schedules, and which receipt is about which message. */
#include <stdio.h>

#include "cmd/load/pace.h"
#include "cmd/load/receipts.h"
#include "tap.h"

#define S 1000000000ull

static void
test_pace(void)
{
	struct pace p;

	pace_start(&p, 5 * S, 200, 200, 0);
	ok(pace_due(&p, 0) == 5 * S, "the first at once");
	ok(pace_due(&p, 10000) == 55 * S, "10,000 at 200/s take 50 s");
	ok(pace_due(&p, 200000000) == 1000005 * S, "and never drift");
	ok(pace_count(&p, 6 * S) == 200, "200 within a second");
	ok(pace_count(&p, 4 * S) == 0, "none before it begins");
	pace_change(&p, 6 * S, 100);
	ok(pace_due(&p, 200) == 6 * S, "a change keeps what was due");
	ok(pace_due(&p, 300) == 7 * S, "and counts from there");
	is_int((int)pace_rate(&p, 7 * S), 100, "the new rate");
}

static void
test_ramp(void)
{
	struct pace p;

	pace_start(&p, 0, 0, 100, 10);
	ok(pace_due(&p, 0) == 0, "from rest, the first at once");
	ok(pace_due(&p, 500) == 10 * S, "500 until the ramp ends");
	ok(pace_due(&p, 600) == 11 * S, "then the rate is kept");
	ok(pace_due(&p, 125) == 5 * S, "a quarter of them in half the time");
	is_int((int)pace_rate(&p, 5 * S), 50, "the rate on the way");
	pace_start(&p, 0, 100, 0, 10);
	ok(pace_due(&p, 375) == 5 * S, "downwards");
	ok(pace_due(&p, 501) == UINT64_MAX, "none after rate 0");
	pace_start(&p, 0, 50, 50, 10);
	ok(pace_due(&p, 250) == 5 * S, "level");
}

static void
test_receipts(void)
{
	struct receipts r;
	uint64_t t = 0;
	char id[16];
	int bad = 0;

	receipts_init(&r);
	ok(!receipts_sent(&r, smpp_view_str("00Ab"), 1, &t), "sent");
	ok(receipts_came(&r, smpp_view_str("aB"), 9, 0, &t) && t == 1,
	    "case and zeros do not matter");
	ok(!receipts_came(&r, smpp_view_str("ab"), 9, 0, &t), "once only");
	receipts_sent(&r, smpp_view_str("ff"), 2, &t);
	ok(receipts_came(&r, smpp_view_str("255"), 9, 0, &t) && t == 2,
	    "decimal");
	receipts_sent(&r, smpp_view_str("255"), 3, &t);
	ok(receipts_came(&r, smpp_view_str("ff"), 9, 0, &t) && t == 3, "hex");
	ok(!receipts_came(&r, smpp_view_str("x"), 4, 1, &t), "an early one");
	ok(!receipts_came(&r, smpp_view_str("y"), 4, 1, &t), "one too many");
	ok(receipts_sent(&r, smpp_view_str("x"), 5, &t) && t == 4, "is kept");
	ok(!receipts_sent(&r, smpp_view_str("y"), 5, &t), "is not");
	for (int i = 0; i < 100000; i++) {
		snprintf(id, sizeof(id), "id%d", i);
		receipts_sent(&r, smpp_view_str(id), (uint64_t)i, &t);
	}
	is_int((int)receipts_awaited(&r), 100001, "many");
	for (int i = 0; i < 100000; i++) {
		snprintf(id, sizeof(id), "ID%d", i);
		bad += !receipts_came(&r, smpp_view_str(id), 0, 0, &t) ||
		       t != (uint64_t)i;
	}
	is_int(bad, 0, "each is found");
	is_int((int)receipts_awaited(&r), 1, "and gone then");
	receipts_fini(&r);
}

int
main(void)
{
	test_pace();
	test_ramp();
	test_receipts();
	return tap_done();
}
