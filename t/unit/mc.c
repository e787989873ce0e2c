/* lib/mc: accounts and limits, ids, the times of messages, deliveries. */
#include "t/unit/centre.h"

#define LOCAL "127.0.0.1:4000"

/* --- accounts --- */

static void
test_anybody(void)
{
	centre_begin(NULL);
	is_int(centre_join(0, "a", SMPP_C_bind_transmitter, "x", LOCAL),
	    ESME_ROK, "anybody may bind");
	is_str(client[0].s.system_id, "a", "and has a name");
	is_int(
	    centre_join(1, "sixteen_letters_", SMPP_C_bind_receiver, "", LOCAL),
	    ESME_ROK, "a name of 16");
	is_int(centre_join(
		   2, "seventeen_letters", SMPP_C_bind_receiver, "", LOCAL),
	    ESME_RINVSYSID, "one of 17 is too long");
	ok(smpp_mc_receiver(&mc, smpp_view_str("a")) == NULL,
	    "who does not receive is no receiver");
	smpp_mc_receive(&client[0].s);
	ok(smpp_mc_receiver(&mc, smpp_view_str("a")) == client[0].s.account,
	    "who does is one");
	is_int(centre_join(0, "b", SMPP_C_bind_transmitter, "", LOCAL),
	    ESME_ROK, "joining again");
	ok(smpp_mc_receiver(&mc, smpp_view_str("a")) == NULL,
	    "leaves the other account");
	is_int(smpp_mc_leave(&client[0].s), 0, "leaving");
	ok(client[0].s.system_id == NULL && client[0].s.account == NULL,
	    "leaves no name");
	is_int(smpp_mc_leave(&client[0].s), 0, "leaving twice");
}

static void
test_allowed(void)
{
	static const char *const ranges[] = {"192.0.2.0/24", "::1"};
	const struct smpp_mc_allow all[] = {
	    {.system_id = "pw", .asks = true, .password = "secret"},
	    {.system_id = "tx", .modes = SMPP_ST_TX},
	    {.system_id = "two", .max_binds = 2},
	    {.system_id = "net", .from = ranges, .nfrom = 2},
	};
	const uint32_t trx = SMPP_C_bind_transceiver;

	centre_begin(NULL);
	is_int(smpp_mc_set_allow(&mc, all, 4), 0, "four accounts");
	is_int(centre_join(0, "who", trx, "", LOCAL), ESME_RINVPASWD,
	    "nobody else, as if the password were wrong");
	is_int(centre_join(0, "pw", trx, "secret", LOCAL), ESME_ROK,
	    "the right password");
	is_int(centre_join(1, "pw", trx, "secres", LOCAL), ESME_RINVPASWD,
	    "a wrong one");
	is_int(centre_join(1, "pw", trx, "secretx", LOCAL), ESME_RINVPASWD,
	    "one that is longer");
	is_int(centre_join(1, "pw", trx, "", LOCAL), ESME_RINVPASWD, "none");
	is_int(centre_join(1, "tx", SMPP_C_bind_transmitter, "", LOCAL),
	    ESME_ROK, "the mode that is allowed");
	is_int(centre_join(1, "tx", SMPP_C_bind_receiver, "", LOCAL),
	    ESME_RBINDFAIL, "one that is not");
	is_int(centre_join(1, "tx", trx, "", LOCAL), ESME_RBINDFAIL,
	    "nor the two in one");
	is_int(centre_join(1, "net", trx, "", "192.0.2.7:1"), ESME_ROK,
	    "an address of the range");
	is_int(centre_join(1, "net", trx, "", "[::1]:99"), ESME_ROK,
	    "or of the other");
	is_int(centre_join(1, "net", trx, "", "192.0.3.7:1"), ESME_RBINDFAIL,
	    "or of none");
	is_int(centre_join(1, "two", trx, "", LOCAL), ESME_ROK, "one bind");
	is_int(centre_join(2, "two", trx, "", LOCAL), ESME_ROK, "a second");
	is_int(centre_join(3, "two", trx, "", LOCAL), ESME_RALYBND,
	    "a third is one too many");
	smpp_mc_leave(&client[2].s);
	is_int(centre_join(3, "two", trx, "", LOCAL), ESME_ROK,
	    "until one has left");
}

static void
test_reload(void)
{
	const struct smpp_mc_allow a[] = {{.system_id = "a"}};
	const struct smpp_mc_allow b[] = {{.system_id = "b"}};
	const uint32_t trx = SMPP_C_bind_transceiver;

	centre_begin(NULL);
	smpp_mc_set_allow(&mc, a, 1);
	is_int(centre_join(0, "a", trx, "", LOCAL), ESME_ROK, "a may bind");
	is_int(smpp_mc_set_allow(&mc, b, 1), 0, "b instead");
	is_str(client[0].s.system_id, "a", "a stays while it is there");
	is_int(centre_submit(0, "1", 0), ESME_ROK, "and may submit");
	is_int(centre_join(1, "a", trx, "", LOCAL), ESME_RINVPASWD,
	    "a may not bind any more");
	is_int(centre_join(1, "b", trx, "", LOCAL), ESME_ROK, "b may");
	is_int(smpp_mc_set_allow(&mc, NULL, 0), 0, "nobody");
	is_int(centre_join(2, "b", trx, "", LOCAL), ESME_RINVPASWD, "may bind");
}

/* --- how much --- */

static void
test_rate(void)
{
	const struct smpp_mc_allow all[] = {
	    {.system_id = "slow", .rate = 10, .burst = 3},
	    {.system_id = "tenth", .rate = 0.1},
	};
	unsigned n = 0;

	centre_begin(NULL);
	smpp_mc_set_allow(&mc, all, 2);
	centre_receiver(0, "slow");
	centre_receiver(1, "tenth");
	while (n < 10 && centre_submit(0, "1", 0) == ESME_ROK)
		n++;
	is_int(n, 3, "a burst is let in");
	is_int(client[0].resp.command_status, ESME_RTHROTTLED, "no more");
	is_int(mc.stats.throttled, 1, "which is counted");
	now += 99;
	is_int(centre_submit(0, "1", 0), ESME_RTHROTTLED, "nor in 99 ms");
	now += 1;
	is_int(centre_submit(0, "1", 0), ESME_ROK, "but in 100");
	is_int(centre_submit(0, "1", 0), ESME_RTHROTTLED, "one");
	now += 100000;
	for (n = 0; n < 10 && centre_submit(0, "1", 0) == ESME_ROK;)
		n++;
	is_int(n, 3, "a pause saves up no more than the burst");
	is_int(centre_submit(1, "1", 0), ESME_ROK, "one in ten seconds");
	is_int(centre_submit(1, "1", 0), ESME_RTHROTTLED, "is one");
	is_int(centre_state(0, "1"), SMPP_message_state_DELIVERED,
	    "asking is no message");
}

static void
test_window(void)
{
	const struct smpp_mc_allow all[] = {{.system_id = "w", .window = 2}};
	const struct smpp_tlv *t;

	centre_begin(NULL);
	smpp_mc_set_allow(&mc, all, 1);
	centre_receiver(0, "w");
	client[0].s.ver = SMPP_V50;
	client[0].s.open = 1;
	is_int(centre_submit(0, "1", 0), ESME_ROK, "one of two");
	t = smpp_pdu_tlv(&client[0].resp, SMPP_T_congestion_state);
	ok(t != NULL && t->num == 50, "is half of it");
	client[0].s.open = 2;
	is_int(centre_submit(0, "1", 0), ESME_ROK, "two of two");
	client[0].s.open = 3;
	is_int(centre_submit(0, "1", 0), ESME_RMSGQFUL, "three of two");
	client[0].s.ver = SMPP_V34;
	client[0].s.open = 1;
	centre_submit(0, "1", 0);
	ok(smpp_pdu_tlv(&client[0].resp, SMPP_T_congestion_state) == NULL,
	    "v3.4 is not told");
}

/* --- what is remembered --- */

static void
test_full(void)
{
	const struct smpp_mc_conf conf = {.max_messages = 8, .wait_ms = 1};
	unsigned n = 0;

	centre_begin(&conf);
	centre_receiver(0, "a");
	centre_receiver(1, "b");
	for (n = 0; n < 20; n++)
		centre_submit(0, "1", 0);
	is_int(mc.stored, 8, "no more than there may be");
	is_int(centre_state(0, "c"), UINT32_MAX, "the oldest are forgotten");
	is_int(centre_state(0, "d"), SMPP_message_state_DELIVERED,
	    "the others are not");
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 60000, 0};
	for (n = 0; n < 20 && centre_submit(0, "1", 1) == ESME_ROK;)
		n++;
	is_int(n, 7, "what is to be done still is not");
	is_int(client[0].resp.command_status, ESME_RMSGQFUL, "but refused");
	is_int(centre_submit(1, "1", 1), ESME_ROK,
	    "and something is left for others");
	centre_wait(60000);
	is_int(centre_submit(0, "1", 1), ESME_ROK, "until it was done");
}

static void
test_ids(void)
{
	static const struct {
		enum smpp_mc_id form;
		const char *first;
		size_t length;
	} t[] = {
	    {SMPP_MC_ID_HEX, "1", 1},
	    {SMPP_MC_ID_HEX8, "00000001", 8},
	    {SMPP_MC_ID_DEC10, "0000000001", 10},
	    {SMPP_MC_ID_UUID, NULL, 36},
	    {SMPP_MC_ID_HEX64, NULL, 64},
	};
	struct smpp_mc_conf conf = {.max_messages = 10, .seed = 7};
	char id[66];

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		conf.ids = t[i].form;
		centre_begin(&conf);
		centre_receiver(0, "a");
		client[0].s.ver = SMPP_V34;
		centre_submit(0, "1", 0);
		strcpy(id, accepted_id);
		is_int(strlen(id), t[i].length, "id %s", id);
		if (t[i].first != NULL)
			is_str(id, t[i].first, "the first");
		is_int(centre_state(0, id), SMPP_message_state_DELIVERED,
		    "is found");
		id[0] = '9';
		is_int(centre_state(0, id), UINT32_MAX, "another is not");
		client[0].s.ver = SMPP_V33;
		centre_submit(0, "1", 0);
		ok(strlen(accepted_id) <= 8, "in v3.3 %s", accepted_id);
		is_int(centre_state(0, accepted_id),
		    SMPP_message_state_DELIVERED, "is found");
	}
	ok(smpp_mc_ids[SMPP_MC_ID_HEX64] != NULL &&
		smpp_mc_ids[SMPP_MC_ID_HEX64 + 1] == NULL,
	    "each has a word");
}

/* --- the times of a message --- */

static uint32_t
submit_timed(const char *schedule, const char *validity, uint32_t registered)
{
	struct smpp_pdu pdu = centre_message("1", registered);

	smpp_pdu_set_view(
	    &pdu, SMPP_F_schedule_delivery_time, smpp_view_str(schedule));
	smpp_pdu_set_view(
	    &pdu, SMPP_F_validity_period, smpp_view_str(validity));
	return centre_request(0, &pdu);
}

static const char *
stat_got(unsigned n)
{
	static struct smpp_receipt r;
	static char stat[16];
	static struct smpp_pdu pdu;

	pdu = centre_got(0, n);
	if (n >= client[0].ngot || !smpp_dlr_read(&r, &pdu))
		return NULL;
	snprintf(stat, sizeof(stat), "%.*s", (int)r.value[SMPP_RF_STAT].n,
	    (const char *)r.value[SMPP_RF_STAT].p);
	return stat;
}

static void
test_times(void)
{
	centre_begin(NULL);
	centre_receiver(0, "a");
	client[0].s.ver = SMPP_V50;
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 1000, 0};
	is_int(
	    submit_timed("000000000100000R", "", 1), ESME_ROK, "in a minute");
	is_int(
	    centre_state(0, "1"), SMPP_message_state_SCHEDULED, "is scheduled");
	client[0].s.ver = SMPP_V34;
	is_int(centre_state(0, "1"), SMPP_message_state_ENROUTE,
	    "which v3.4 has no word for");
	centre_wait(60500);
	is_int(centre_state(0, "1"), SMPP_message_state_ENROUTE, "on its way");
	is_int(client[0].ngot, 0, "without a receipt yet");
	centre_wait(500);
	is_int(centre_state(0, "1"), SMPP_message_state_DELIVERED, "there");
	is_str(stat_got(0), "DELIVRD", "says the receipt");
	fate_wanted.delay_ms = 10000;
	is_int(submit_timed("", "000000000005000R", 1), ESME_ROK,
	    "good for five seconds");
	centre_wait(5000);
	is_str(stat_got(1), "EXPIRED", "which were not enough");
	is_int(centre_state(0, "2"), SMPP_message_state_EXPIRED, "expired");
}

static void
test_bad_times(void)
{
	static const char year[] = "991231235959000+",
			  past[] = "700101000000000+";

	centre_begin(NULL);
	centre_receiver(0, "a");
	is_int(submit_timed("991301000000000+", "", 0), ESME_RINVSCHED,
	    "no such month");
	is_int(submit_timed(past, "", 0), ESME_RINVSCHED, "long ago");
	is_int(submit_timed("", past, 0), ESME_RINVEXPIRY, "over already");
	is_int(submit_timed("000001000000000R", "000000010000000R", 0),
	    ESME_RINVEXPIRY, "over before it begins");
	is_int(submit_timed(year, "", 0), ESME_RINVSCHED, "1999 is past");
	client[0].s.ver = SMPP_V33;
	is_int(submit_timed("000000000100000R", "", 0), ESME_RINVSCHED,
	    "v3.3 has no relative times");
	is_int(mc.stats.messages, 0, "nothing was accepted");
}

static void
test_clock(void)
{
	const struct smpp_mc_conf conf = {
	    .max_messages = 10, .wait_ms = 60000, .scale = 1000};

	centre_begin(&conf);
	centre_receiver(0, "a");
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 3600000, 0};
	centre_submit(0, "1", 1);
	centre_wait(3599);
	is_int(client[0].ngot, 0, "an hour is not over");
	centre_wait(1);
	is_int(client[0].ngot, 1, "it takes 3.6 s a thousand times as fast");
	fate_wanted.later_ms = 100;
	centre_submit(0, "1", 1);
	centre_wait(3699);
	is_int(client[0].ngot, 1, "a life that begins later");
	centre_wait(1);
	is_int(client[0].ngot, 2, "ends later");
}

/* --- deliveries --- */

static void
test_retry(void)
{
	centre_begin(NULL);
	centre_receiver(0, "a");
	centre_submit(0, "1", 1);
	is_int(client[0].ngot, 1, "a receipt at once");
	centre_reply(0, 0, SMPP_MC_LATE);
	is_int(client[0].ngot, 1, "not answered");
	centre_wait(5000);
	is_int(client[0].ngot, 2, "it comes again");
	centre_reply(0, 1, ESME_RX_T_APPN);
	centre_wait(4999);
	is_int(client[0].ngot, 2, "refused for now");
	centre_wait(1);
	is_int(client[0].ngot, 3, "it comes again");
	centre_reply(0, 2, ESME_RTHROTTLED);
	ok(ends == 1 && last_end == SMPP_MC_EXPIRED, "three times are enough");
	centre_wait(60000);
	is_int(client[0].ngot, 3, "it is over");
	centre_submit(0, "1", 1);
	centre_reply(0, 3, ESME_RX_P_APPN);
	ok(ends == 2 && last_end == SMPP_MC_REFUSED, "refused for good");
	centre_submit(0, "1", 1);
	centre_reply(0, 4, ESME_ROK);
	ok(ends == 3 && last_end == SMPP_MC_TAKEN, "taken");
	is_int(mc.held, 0, "nothing is held");
	ok(mc.stats.receipts == 5 && mc.stats.taken == 1 &&
		mc.stats.dropped == 1,
	    "all of it counted");
}

static void
test_waiting(void)
{
	centre_begin(NULL);
	is_int(centre_join(0, "a", SMPP_C_bind_transmitter, "", LOCAL),
	    ESME_ROK, "a sender");
	centre_submit(0, "1", 1);
	is_int(mc.held, 1, "its receipt waits");
	centre_wait(59000);
	centre_receiver(1, "a");
	is_int(client[1].ngot, 1, "for who takes it");
	centre_reply(1, 0, ESME_ROK);
	smpp_mc_leave(&client[1].s);
	centre_submit(0, "1", 1);
	smpp_mc_leave(&client[0].s);
	centre_wait(59999);
	is_int(mc.held, 1, "without anybody, too");
	centre_wait(1);
	ok(mc.held == 0 && last_end == SMPP_MC_EXPIRED, "but a minute only");
	mc.conf.wait_ms = SMPP_FOREVER;
	centre_join(0, "a", SMPP_C_bind_transmitter, "", LOCAL);
	centre_submit(0, "1", 1);
	smpp_mc_leave(&client[0].s);
	centre_wait((int64_t)1000 * 86400 * 1000);
	centre_receiver(1, "a");
	is_int(client[1].ngot, 2, "or for ever");
}

static void
test_turns(void)
{
	centre_begin(NULL);
	for (unsigned i = 0; i < 3; i++)
		centre_receiver(i, "a");
	for (unsigned i = 0; i < 6; i++)
		centre_submit(0, "1", 1);
	ok(client[0].ngot == 2 && client[1].ngot == 2 && client[2].ngot == 2,
	    "receivers take turns");
	client[0].full = client[2].full = true;
	centre_submit(0, "1", 1);
	centre_submit(0, "1", 1);
	is_int(client[1].ngot, 4, "who has no room has none");
	client[1].full = true;
	centre_submit(0, "1", 1);
	is_int(client[1].ngot, 4, "nobody has");
	client[2].full = false;
	smpp_mc_room(&client[2].s);
	is_int(client[2].ngot, 3, "until one says so");
	smpp_mc_leave(&client[2].s);
	client[0].full = false;
	centre_wait(5000);
	is_int(client[0].ngot, 5, "what one leaves goes to another");
	mc.stopping = true;
	smpp_mc_leave(&client[1].s);
	centre_wait(60000);
	is_int(client[0].ngot, 5, "but not at the end");
}

static void
test_broken(void)
{
	struct smpp_mc_delivery *d;
	struct smpp_pdu pdu;

	centre_begin(NULL);
	centre_receiver(0, "a");
	client[0].broken = SMPP_ERANGE;
	centre_submit(0, "1", 1);
	ok(last_end == SMPP_MC_DROPPED && mc.held == 0,
	    "what cannot be sent is dropped");
	client[0].broken = SMPP_ENOMEM;
	centre_submit(0, "1", 1);
	is_int(mc.held, 1, "but not for want of memory");
	client[0].broken = 0;
	smpp_mc_room(&client[0].s);
	is_int(client[0].ngot, 1, "it is sent later");
	smpp_pdu_init(&pdu, SMPP_C_alert_notification, 0, SMPP_V50);
	smpp_mc_delivery_new(&mc, client[0].s.account, &pdu, &d);
	is_int(smpp_mc_delivery_wire(d).n, smpp_pdu_size(&pdu), "its octets");
	smpp_mc_deliver(client[0].s.account, d);
	ok(last_end == SMPP_MC_SENT && mc.held == 1, "one without an answer");
	client[0].s.ver = SMPP_V33;
	smpp_mc_delivery_new(&mc, client[0].s.account, &pdu, &d);
	smpp_mc_deliver(client[0].s.account, d);
	ok(last_end == SMPP_MC_REFUSED && client[0].ngot == 2,
	    "v3.3 has no alert_notification");
}

/* A message to who has its destination as a name. */
static void
test_loop(void)
{
	struct smpp_pdu pdu;

	centre_begin(NULL);
	centre_receiver(0, "a");
	centre_receiver(1, "b");
	client[1].s.ver = SMPP_V33;
	pdu = centre_message("b", 0);
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_user_message_reference, smpp_view_of("\1\2", 2));
	centre_request(0, &pdu);
	is_int(client[1].ngot, 1, "is delivered to it");
	pdu = centre_got(1, 0);
	ok(smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_short_message), "hello") &&
		pdu.ntlv == 0,
	    "as v3.3 has it");
	is_int(mc.stats.deliveries, 1, "which is no receipt");
}

int
main(void)
{
	test_anybody();
	test_allowed();
	test_reload();
	test_rate();
	test_window();
	test_full();
	test_ids();
	test_times();
	test_bad_times();
	test_clock();
	test_retry();
	test_waiting();
	test_turns();
	test_broken();
	test_loop();
	centre_end();
	return tap_done();
}
