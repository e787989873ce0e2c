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

/* A message to a number; the handle of it. */
static uint32_t
sent_to(struct receipts *r, unsigned to, uint64_t when)
{
	struct smpp_pdu pdu;
	char dest[16];

	snprintf(dest, sizeof(dest), "%u", 491700000 + to);
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, smpp_view_str(dest));
	return receipts_sent(r, &pdu, when);
}

static void
known_as(struct receipts *r, unsigned to, uint64_t when, const char *id)
{
	receipts_known(r, sent_to(r, to, when), smpp_view_str(id));
}

/*
 * A receipt of an id from a number: the time its message was sent, if it is the
 * first; else -1 when it is ours, -2 when it is to come again, -3 when it is
 * not answered yet.
 */
static int
fate_of(const struct receipts_fate *f)
{
	if (!f->answers)
		return -3;
	if (f->status == ESME_RX_T_APPN)
		return -2;
	return f->first ? (int)f->sent : -1;
}

static int
came_from(struct receipts *r, unsigned from, const char *id, int8_t final)
{
	const struct receipts_from where = {.sequence_number = 7};
	struct smpp_receipt dlr;
	struct smpp_pdu pdu;
	struct receipts_fate f;
	char source[16];

	smpp_receipt_clear(&dlr);
	dlr.value[SMPP_RF_ID] = smpp_view_str(id);
	dlr.final = final;
	snprintf(source, sizeof(source), "%u", 491700000 + from);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str(source));
	return receipts_came(r, &dlr, &pdu, &where, 9, &f) ? fate_of(&f) : -3;
}

/* What is next: as above, or -4 for nothing. */
static int
next_at(struct receipts *r, uint64_t now)
{
	struct receipts_fate f;

	return receipts_next(r, now, &f) ? fate_of(&f) : -4;
}

static void
test_receipts(void)
{
	struct receipts_fate f;
	struct receipts r;
	uint32_t h;

	receipts_init(&r);
	known_as(&r, 1, 11, "00Ab");
	is_int(came_from(&r, 1, "aB", 0), -1, "ours, and not the last");
	is_int((int)receipts_awaited(&r), 1, "it is awaited still");
	is_int(came_from(&r, 1, "aB", 1), 11, "case and zeros do not matter");
	is_int(came_from(&r, 1, "aB", 1), -1, "once only");
	is_int(came_from(&r, 2, "aB", 1), -2, "not with another number");
	h = sent_to(&r, 3, 12);
	is_int(came_from(&r, 3, "ff", 1), -3, "an early one is held");
	is_int(next_at(&r, 10), -4, "for a while");
	receipts_known(&r, h, smpp_view_str("ff"));
	is_int(next_at(&r, 10), 12, "until its message is known");
	h = sent_to(&r, 4, 13);
	is_int(came_from(&r, 4, "fe", 1), -3, "another");
	is_int(next_at(&r, 9 + RECEIPTS_HOLD_NS), -2, "is refused after it");
	receipts_known(&r, h, smpp_view_str("fe"));
	ok(receipts_next(&r, 10, &f) && f.first && f.sent == 13 && !f.answers,
	    "what it says counts");
	is_int(came_from(&r, 4, "fe", 1), -1, "when it comes again it is ours");
	h = sent_to(&r, 5, 14);
	is_int(came_from(&r, 5, "fd", 1), -3, "of one that is refused");
	receipts_gone(&r, h);
	is_int(next_at(&r, 10), -2, "it is about none");
	sent_to(&r, 6, 15);
	is_int(came_from(&r, 6, "fd", 1), -3, "of one that is not answered");
	ok(receipts_left(&r, &f) && f.answers && f.status == ESME_RX_T_APPN,
	    "at the end");
	ok(!receipts_left(&r, &f), "that is all");
	receipts_fini(&r);
}

static void
test_many(void)
{
	struct receipts r;
	char id[16];
	int bad = 0;

	receipts_init(&r);
	for (unsigned i = 1; i <= 100000; i++) {
		snprintf(id, sizeof(id), "%x", i);
		known_as(&r, i, i, id);
	}
	is_int((int)receipts_awaited(&r), 100000, "many");
	for (unsigned i = 100000; i > 0; i--) {
		snprintf(id, sizeof(id), "%u", i);
		bad += came_from(&r, i, id, 1) != (int)i;
	}
	is_int(bad, 0, "each is found");
	is_int((int)receipts_awaited(&r), 0, "and is awaited no more");
	receipts_fini(&r);
}

int
main(void)
{
	test_pace();
	test_ramp();
	test_receipts();
	test_many();
	return tap_done();
}
