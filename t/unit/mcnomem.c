/* lib/mc without memory: each allocation fails once, and nothing is lost but
 * what it was for. The program is linked with --wrap, see the Makefile. */
#include <stdlib.h>

#include "t/unit/centre.h"

static unsigned long left; /* allocations until one fails; 0 is never */
static bool failed;        /* one has */

void *__real_malloc(size_t n);
void *__real_calloc(size_t count, size_t n);
void *__real_reallocarray(void *p, size_t count, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t count, size_t n);
void *__wrap_reallocarray(void *p, size_t count, size_t n);

static bool
fails(void)
{
	if (left == 0 || --left > 0)
		return false;
	return failed = true;
}

void *
__wrap_malloc(size_t n)
{
	return fails() ? NULL : __real_malloc(n);
}

void *
__wrap_calloc(size_t count, size_t n)
{
	return fails() ? NULL : __real_calloc(count, n);
}

void *
__wrap_reallocarray(void *p, size_t count, size_t n)
{
	return fails() ? NULL : __real_reallocarray(p, count, n);
}

/* What went wrong, beside the allocation. */
static unsigned odd, told;

static void
note(int rc)
{
	told += rc == SMPP_ENOMEM;
	odd += rc != 0 && rc != SMPP_ENOMEM;
}

/* A request has one answer, memory or not. */
static void
request(unsigned i, struct smpp_pdu *pdu)
{
	struct smpp_issues issues = {0};
	const unsigned before = client[i].answers;
	uint8_t wire[4096];
	struct smpp_wr w;
	int rc;

	pdu->ver = client[i].s.ver;
	smpp_wr_init(&w, wire, sizeof(wire));
	smpp_encode(&w, pdu);
	smpp_decode(pdu, smpp_view_of(w.p, w.n), client[i].s.ver, 0, &issues);
	rc = smpp_mc_request(&client[i].s, pdu);
	note(rc);
	odd += client[i].answers != before + 1;
	odd += rc == 0 && client[i].resp.command_status == ESME_RSYSERR;
}

static void
join(unsigned i, const char *system_id)
{
	struct smpp_pdu bind;
	uint32_t status = ESME_RSYSERR;
	int rc;

	smpp_pdu_init(&bind, SMPP_C_bind_transceiver, 1, SMPP_V34);
	smpp_pdu_set_view(&bind, SMPP_F_system_id, smpp_view_str(system_id));
	rc = smpp_mc_join(&client[i].s, &bind, "127.0.0.1:5", &status);
	note(rc);
	odd += rc == 0 && status != ESME_ROK;
	if (status == ESME_ROK)
		note(smpp_mc_receive(&client[i].s));
}

static void
deliver(const struct smpp_pdu *submit)
{
	struct smpp_mc_delivery *d;
	struct smpp_pdu pdu;

	smpp_mc_hand_on(&pdu, submit);
	note(smpp_mc_delivery_new(&mc, NULL, &pdu, &d));
	if (d != NULL)
		note(smpp_mc_deliver(client[1].s.account, d));
}

/* Has a message expire before it is delivered; true when memory ran out, and
 * it stays as it was. */
static bool
replace_lost(void)
{
	struct smpp_pdu pdu = centre_about(SMPP_C_replace_sm, accepted_id);

	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_str("new"));
	smpp_pdu_set_view(
	    &pdu, SMPP_F_validity_period, smpp_view_str("000000000100000R"));
	request(0, &pdu);
	return client[0].resp.command_status == ESME_RSYSERR;
}

static unsigned replaces_lost;

/* The last message ended as it was to before. */
static void
replace_undone(void)
{
	struct smpp_pdu pdu = centre_about(SMPP_C_query_sm, accepted_id);

	replaces_lost++;
	centre_wait(70000);
	request(0, &pdu);
	odd += smpp_pdu_num(&client[0].resp, SMPP_F_message_state) !=
	       SMPP_message_state_DELIVERED;
}

/* A day of a centre: everything that allocates. */
static void
day(void)
{
	static const struct smpp_mc_allow all[] = {
	    {.system_id = "a"}, {.system_id = "b"}, {.system_id = "c"}};
	static const char dests[] = "\1\1\1"
				    "1\0"
				    "\1\1\1"
				    "b";
	struct smpp_pdu pdu;

	note(smpp_mc_set_allow(&mc, all, 3));
	mc.listed = false; /* for the rest, if that failed */
	join(0, "a");
	join(1, "b");
	if (client[0].s.account == NULL || client[1].s.account == NULL)
		return;
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 1000, 0};
	for (unsigned i = 0; i < 70; i++) {
		pdu = centre_message(i % 8 == 0 ? "b" : "1", i % 2);
		request(0, &pdu);
	}
	smpp_pdu_init(&pdu, SMPP_C_submit_multi, 9, SMPP_V34);
	smpp_pdu_set_list(
	    &pdu, SMPP_F_dest_address, smpp_view_of(dests, sizeof(dests)), 2);
	request(0, &pdu);
	pdu = centre_message("b", 1);
	smpp_pdu_set_view(&pdu, SMPP_F_schedule_delivery_time,
	    smpp_view_str("000000000100000R"));
	request(0, &pdu);
	if (replace_lost())
		replace_undone();
	pdu = centre_message("b", 0);
	deliver(&pdu);
	centre_wait(1000);
	client[0].s.ver = SMPP_V50;
	smpp_pdu_init(&pdu, SMPP_C_broadcast_sm, 3, SMPP_V50);
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_broadcast_area_identifier, smpp_view_of("\0town", 5));
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_broadcast_content_type, smpp_view_of("\0\0\2", 3));
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_broadcast_rep_num, smpp_view_of("\0\1", 2));
	smpp_pdu_add_tlv(&pdu, SMPP_T_broadcast_frequency_interval,
	    smpp_view_of("\x9\0\5", 3));
	request(0, &pdu);
	note(smpp_mc_leave(&client[0].s));
	centre_wait(100000);
}

int
main(void)
{
	unsigned long n = 0;
	uint64_t receipts = 0;

	do {
		left = 0;
		odd = told = 0;
		centre_begin(NULL); /* ends the last day */
		smpp_mc_fini(&mc);
		smpp_timers_free(&timers);
		left = ++n;
		failed = false;
		if (centre_begin(NULL) == 0)
			day();
		else
			told++;
		told += failures;
		receipts = mc.stats.receipts;
		if (failed && (odd > 0 || told != 1))
			is_int(odd + 100 * told, 100, "allocation %lu", n);
	} while (failed && n < 1000);
	ok(n > 50 && n < 1000, "each of %lu allocations failed", n - 1);
	ok(odd == 0 && told == 0, "at last none did");
	ok(replaces_lost > 0, "a replace_sm among them");
	is_int(receipts, 35, "and every receipt was sent");
	centre_end();
	return tap_done();
}
