/* lib/net/session: states, numbers, matching, timers, without a socket. */
#include "net/session.h"
#include "tap.h"

static struct smpp_session s;
static struct smpp_event ev;
static struct smpp_pdu pdu;

static void
begin(enum smpp_role role, enum smpp_ver ver, uint32_t window)
{
	struct smpp_session_conf conf = {
	    .role = role,
	    .ver = ver,
	    .window = window,
	    .response_ms = 1000,
	    .enquire_ms = 5000,
	    .init_ms = role == SMPP_MC ? 3000 : 0,
	};

	smpp_session_fini(&s);
	is_int(smpp_session_init(&s, &conf, 0), 0, "init");
}

static uint32_t
out(uint32_t id, int64_t now)
{
	smpp_pdu_init(&pdu, id, 0, s.ver);
	return smpp_session_out(&s, &pdu, now, id) == 0 ? pdu.sequence_number
							: 0;
}

static enum smpp_event_kind
in_status(uint32_t id, uint32_t seq, uint32_t status, int64_t now)
{
	smpp_pdu_init(&pdu, id, seq, s.ver);
	pdu.command_status = status;
	smpp_session_in(&s, &pdu, 0, now, &ev);
	return ev.kind;
}

static enum smpp_event_kind
in(uint32_t id, uint32_t seq, int64_t now)
{
	return in_status(id, seq, ESME_ROK, now);
}

static enum smpp_event_kind
bind_in(uint32_t id, uint32_t interface_version)
{
	smpp_pdu_init(&pdu, id, 1, SMPP_V34);
	smpp_pdu_set_num(&pdu, SMPP_F_interface_version, interface_version);
	smpp_session_in(&s, &pdu, 0, 0, &ev);
	return ev.kind;
}

/* The bind of an SMSC that names its version, 0 for one that does not. */
static void
bound(uint32_t id, uint8_t octet)
{
	uint32_t seq = out(id, 0);

	smpp_pdu_init(&pdu, id | 0x80000000u, seq, s.ver);
	if (octet != 0)
		smpp_pdu_add_tlv(
		    &pdu, SMPP_T_sc_interface_version, smpp_view_of(&octet, 1));
	smpp_session_in(&s, &pdu, 0, 0, &ev);
}

static void
test_versions(void)
{
	begin(SMPP_ESME, SMPP_V50, 10);
	bound(SMPP_C_bind_transceiver, 0x34);
	is_int(ev.kind, SMPP_EV_RESPONSE, "bind answered");
	is_int(s.state, SMPP_ST_TRX, "bound");
	is_int(s.ver, SMPP_V34, "5.0 with an SMSC of 3.4 is 3.4");
	is_int(s.peer_octet, 0x34, "its octet");

	begin(SMPP_ESME, SMPP_V34, 10);
	bound(SMPP_C_bind_transmitter, 0);
	is_int(s.state, SMPP_ST_TX, "bound to transmit");
	is_int(s.peer_octet, 0, "an SMSC that named no version");

	begin(SMPP_MC, SMPP_V50, 10);
	is_int(bind_in(SMPP_C_bind_receiver, 0x33), SMPP_EV_REQUEST, "3.3");
	is_int(s.ver, SMPP_V33, "an ESME of 3.3");
	is_int(bind_in(SMPP_C_bind_transceiver, 0x33), SMPP_EV_REFUSED,
	    "bind_transceiver is not in 3.3");
	is_int(ev.reply_id, SMPP_C_generic_nack, "nack");
	is_int(ev.reply_status, ESME_RINVCMDID, "unknown command");
	is_int(bind_in(SMPP_C_bind_transceiver, 0x34), SMPP_EV_REQUEST,
	    "another bind after a refused one");
	is_int(s.ver, SMPP_V34, "an ESME of 3.4");
}

static void
test_states(void)
{
	begin(SMPP_MC, SMPP_V50, 10);
	is_int(in(SMPP_C_submit_sm, 9, 0), SMPP_EV_REFUSED, "too early");
	is_int(ev.reply_id, SMPP_C_submit_sm_resp, "by its own response");
	is_int(ev.reply_status, ESME_RINVBNDSTS, "wrong state");
	is_int(ev.reply_seq, 9, "same number");
	is_int(in(SMPP_C_enquire_link, 1, 0), SMPP_EV_ANSWERED,
	    "enquire_link before the bind");
	is_int(in(SMPP_C_unbind, 1, 0), SMPP_EV_REFUSED, "unbind before it");
	bind_in(SMPP_C_bind_transmitter, 0x34);
	out(SMPP_C_bind_transmitter_resp, 0);
	is_int(s.state, SMPP_ST_TX, "bound");
	is_int(bind_in(SMPP_C_bind_receiver, 0x34), SMPP_EV_REFUSED, "again");
	is_int(ev.reply_status, ESME_RALYBND, "already bound");
	is_int(in(SMPP_C_submit_sm, 2, 0), SMPP_EV_REQUEST, "submit_sm");
	is_int(in(SMPP_C_deliver_sm, 3, 0), SMPP_EV_REFUSED, "not from it");
	is_int(in(SMPP_C_replace_sm, 3, 0), SMPP_EV_REQUEST, "replace_sm");
	is_int(in(SMPP_C_broadcast_sm, 3, 0), SMPP_EV_REFUSED, "5.0 only");
	is_int(ev.reply_id, SMPP_C_generic_nack, "unknown in 3.4");
	is_int(in(0x77, 4, 0), SMPP_EV_REFUSED, "unknown everywhere");
	is_int(ev.reply_seq, 4, "its number");
	is_int(in(0x80000077, 4, 0), SMPP_EV_STRAY, "unknown response");
	ok(!ev.send, "is not answered");
	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 5, s.ver);
	smpp_session_in(&s, &pdu, ESME_RINVMSGLEN, 0, &ev);
	is_int(ev.kind, SMPP_EV_REFUSED, "what could not be decoded");
	is_int(ev.reply_status, ESME_RINVMSGLEN, "is told why");
	is_int(in(SMPP_C_unbind, 6, 0), SMPP_EV_UNBIND, "unbind");
	is_int(s.state, SMPP_ST_UNB, "unbound");
	is_int(in(SMPP_C_submit_sm, 7, 0), SMPP_EV_REFUSED, "too late");

	begin(SMPP_ESME, SMPP_V34, 10);
	is_int(in(SMPP_C_alert_notification, 1, 0), SMPP_EV_ONEWAY, "oneway");
	bound(SMPP_C_bind_transceiver, 0x34);
	is_int(in(SMPP_C_deliver_sm, 1, 0), SMPP_EV_REQUEST, "deliver_sm");
	is_int(in(SMPP_C_submit_sm, 2, 0), SMPP_EV_REFUSED, "wrong way");
}

static void
test_matching(void)
{
	uint32_t a, b;

	begin(SMPP_ESME, SMPP_V34, 2);
	bound(SMPP_C_bind_transceiver, 0x34);
	a = out(SMPP_C_submit_sm, 10);
	b = out(SMPP_C_submit_sm, 11);
	is_int(a, 2, "numbers go up");
	is_int(b, 3, "by one");
	is_int(smpp_session_room(&s), 0, "the window is full");
	is_int(in(SMPP_C_submit_sm_resp, 0, 12), SMPP_EV_STRAY, "number 0");
	is_int(in(SMPP_C_submit_sm_resp, 99, 12), SMPP_EV_STRAY, "99");
	is_int(ev.stray, SMPP_STRAY_UNKNOWN, "never sent");
	is_int(in(SMPP_C_query_sm_resp, a, 12), SMPP_EV_STRAY, "command");
	is_int(ev.stray, SMPP_STRAY_COMMAND, "of another request");
	is_int(in(SMPP_C_submit_sm_resp, b, 12), SMPP_EV_RESPONSE, "b first");
	is_int(ev.request.sent, 11, "its request");
	is_int(in(SMPP_C_submit_sm_resp, b, 13), SMPP_EV_STRAY, "b again");
	is_int(ev.stray, SMPP_STRAY_REPEATED, "repeated");
	is_int(in_status(SMPP_C_generic_nack, a, ESME_RINVCMDLEN, 14),
	    SMPP_EV_RESPONSE, "a nack answers too");
	is_int(smpp_session_room(&s), 2, "the window is free");

	a = out(SMPP_C_submit_sm, 100);
	is_int(smpp_session_due(&s), 1100, "its time is up at");
	smpp_session_tick(&s, 1099, &ev);
	is_int(ev.kind, SMPP_EV_NONE, "not yet");
	smpp_session_tick(&s, 1100, &ev);
	is_int(ev.kind, SMPP_EV_TIMEOUT, "time is up");
	is_int(ev.request.sequence_number, a, "of that request");
	is_int(in(SMPP_C_submit_sm_resp, a, 1101), SMPP_EV_STRAY, "late");
	is_int(ev.stray, SMPP_STRAY_LATE, "late");
}

static void
test_numbers(void)
{
	uint32_t seq = 0, stuck, i;

	begin(SMPP_ESME, SMPP_V34, 4);
	s.next = s.oldest = 0x7ffffffe;
	stuck = out(SMPP_C_submit_sm, 0);
	is_int(stuck, 0x7ffffffe, "the last but one");
	for (i = 0; i < 100; i++) {
		seq = out(SMPP_C_submit_sm, 1);
		if (seq == stuck || seq == 0 || seq > 0x7fffffff)
			break;
		in(SMPP_C_submit_sm_resp, seq, 1);
		if (ev.kind != SMPP_EV_RESPONSE)
			break;
	}
	is_int(i, 100, "numbers wrap and pass by one that is still open");
	is_int(smpp_session_due(&s), 1000, "which is still waited for");
	for (i = 0; out(SMPP_C_submit_sm, 2) != 0; i++)
		;
	is_int(i, 7, "no more than there are slots");
	is_int(in(SMPP_C_submit_sm_resp, stuck, 3), SMPP_EV_RESPONSE,
	    "the first one at last");
	is_int(smpp_session_due(&s), 1002, "then the next one");
}

static void
test_timers(void)
{
	begin(SMPP_MC, SMPP_V50, 10);
	is_int(smpp_session_due(&s), 3000, "no bind yet");
	smpp_session_tick(&s, 3000, &ev);
	is_int(ev.kind, SMPP_EV_CLOSE, "nobody binds");
	is_int(ev.error, SMPP_ETIMEOUT, "in time");

	begin(SMPP_ESME, SMPP_V34, 10);
	is_int(smpp_session_due(&s), INT64_MAX, "nothing to wait for");
	bound(SMPP_C_bind_receiver, 0x34);
	is_int(smpp_session_due(&s), 5000, "then enquire_link");
	smpp_session_tick(&s, 5000, &ev);
	is_int(ev.kind, SMPP_EV_ENQUIRE, "time to ask");
	out(SMPP_C_enquire_link, 5000);
	is_int(in(SMPP_C_enquire_link_resp, 2, 5001), SMPP_EV_RESPONSE, "ok");
	is_int(smpp_session_due(&s), 10001, "again later");
	smpp_session_tick(&s, 10001, &ev);
	out(SMPP_C_enquire_link, 10001);
	in(SMPP_C_deliver_sm, 1, 10500);
	smpp_session_tick(&s, 11001, &ev);
	is_int(ev.kind, SMPP_EV_NONE, "any PDU is a sign of life");
	smpp_session_tick(&s, 15500, &ev);
	is_int(ev.kind, SMPP_EV_ENQUIRE, "ask again");
	out(SMPP_C_enquire_link, 15500);
	smpp_session_tick(&s, 16500, &ev);
	is_int(ev.kind, SMPP_EV_CLOSE, "dead");
	is_str(ev.text, "enquire_link_resp", "what was awaited");
}

/* A submit_sm, and its answer that says how busy the peer is. */
static void
busy(uint8_t congestion, int64_t now)
{
	uint32_t seq = out(SMPP_C_submit_sm, now);

	smpp_pdu_init(&pdu, SMPP_C_submit_sm_resp, seq, s.ver);
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_congestion_state, smpp_view_of(&congestion, 1));
	smpp_session_in(&s, &pdu, 0, now, &ev);
}

static void
test_congestion(void)
{
	begin(SMPP_ESME, SMPP_V50, 4);
	bound(SMPP_C_bind_transmitter, 0x50);
	is_int(s.congestion, SMPP_CONGESTION_NONE, "nothing known");
	busy(50, 10);
	is_int(s.congestion, 50, "high load");
	is_int(smpp_session_room(&s), 4, "not more than the window");
	busy(90, 10);
	is_int(smpp_session_room(&s), 4, "optimum: as it is");
	busy(91, 10);
	is_int(smpp_session_room(&s), 3, "nearing congestion: one less");
	ok(smpp_session_hold(&s) <= 10, "but no pause");
	busy(100, 20);
	is_int(smpp_session_room(&s), 2, "congested: half");
	is_int(smpp_session_hold(&s), 70, "and a pause");
	busy(100, 80);
	is_int(smpp_session_room(&s), 1, "half again");
	is_int(smpp_session_hold(&s), 180, "a longer pause");
	for (int i = 0; i < 9; i++)
		busy(100, 200);
	is_int(smpp_session_hold(&s), 2200, "not longer than 2 s");
	is_int(smpp_session_room(&s), 1, "one may always be open");
	busy(101, 300);
	is_int(s.congestion, 100, "values that are reserved are none");
	for (int i = 0; i < 6; i++)
		busy(79, 400);
	is_int(smpp_session_hold(&s), 0, "then no pauses at first");
	is_int(smpp_session_room(&s), 1, "and the window as it is");
	for (int i = 0; i < 9; i++)
		busy(0, 500);
	is_int(smpp_session_room(&s), 4, "and all of it in the end");

	begin(SMPP_ESME, SMPP_V34, 4);
	bound(SMPP_C_bind_transmitter, 0x34);
	busy(100, 10);
	is_int(s.congestion, SMPP_CONGESTION_NONE, "not in 3.4");
	is_int(smpp_session_room(&s), 4, "where only the window counts");
}

static void
test_outbind(void)
{
	begin(SMPP_ESME, SMPP_V50, 4);
	is_int(in(SMPP_C_outbind, 1, 0), SMPP_EV_ONEWAY, "outbind");
	is_int(s.state, SMPP_ST_OUT, "5.0 has a state for it");
	bound(SMPP_C_bind_receiver, 0x50);
	is_int(s.state, SMPP_ST_RX, "bound back");
	is_int(in(SMPP_C_outbind, 2, 0), SMPP_EV_ONEWAY, "another");
	is_int(s.state, SMPP_ST_RX, "changes nothing");

	begin(SMPP_ESME, SMPP_V34, 4);
	in(SMPP_C_outbind, 1, 0);
	is_int(s.state, SMPP_ST_OPEN, "3.4 has none");

	begin(SMPP_MC, SMPP_V50, 4);
	out(SMPP_C_outbind, 0);
	is_int(s.state, SMPP_ST_OUT, "the other side");
	is_int(bind_in(SMPP_C_bind_receiver, 0x50), SMPP_EV_REQUEST, "bind");
}

/* --- what may be sent --- */

static int
may(uint32_t id)
{
	smpp_pdu_init(&pdu, id, 0, s.ver);
	return smpp_session_may(&s, &pdu);
}

static void
test_may(void)
{
	begin(SMPP_ESME, SMPP_V50, 2);
	is_int(may(SMPP_C_submit_sm), SMPP_ESTATE, "nothing before the bind");
	is_int(may(SMPP_C_unbind), SMPP_ESTATE, "nor unbind");
	is_int(may(0x77), SMPP_ESTATE, "nor what nobody knows");
	is_int(may(SMPP_C_enquire_link), 0, "but enquire_link");
	is_int(may(SMPP_C_bind_transmitter), 0, "and a bind");
	bound(SMPP_C_bind_transmitter, 0x50);
	is_int(may(SMPP_C_bind_transmitter), SMPP_ESTATE, "one");
	is_int(may(SMPP_C_deliver_sm), SMPP_ESTATE, "that is the MC's");
	is_int(may(SMPP_C_submit_sm), 0, "a transmitter submits");
	out(SMPP_C_submit_sm, 0);
	out(SMPP_C_submit_sm, 0);
	is_int(may(SMPP_C_submit_sm), SMPP_ENOSPACE, "as the window has it");
	is_int(may(SMPP_C_unbind), 0, "unbind needs no room in it");
	is_int(may(SMPP_C_enquire_link), 0, "nor enquire_link");
	is_int(may(SMPP_C_deliver_sm_resp), 0, "nor an answer");
	in(SMPP_C_submit_sm_resp, 2, 0);
	is_int(may(SMPP_C_submit_sm), 0, "room again");
	in(SMPP_C_unbind, 1, 0);
	is_int(may(SMPP_C_submit_sm), SMPP_ESTATE, "not after unbind");

	begin(SMPP_MC, SMPP_V34, 2);
	is_int(may(SMPP_C_outbind), 0, "an MC says outbind");
	is_int(may(SMPP_C_alert_notification), SMPP_ESTATE, "not yet");
	bind_in(SMPP_C_bind_receiver, 0x34);
	out(SMPP_C_bind_receiver_resp, 0);
	out(SMPP_C_deliver_sm, 0);
	out(SMPP_C_deliver_sm, 0);
	is_int(may(SMPP_C_deliver_sm), SMPP_ENOSPACE, "its window");
	is_int(may(SMPP_C_alert_notification), 0, "which that needs not");
	is_int(may(SMPP_C_submit_sm), SMPP_ESTATE, "it does not submit");

	begin(SMPP_ESME, SMPP_V33, 2);
	is_int(may(SMPP_C_bind_transceiver), 0, "not in 3.3: not the state");
	bound(SMPP_C_bind_receiver, 0);
	is_int(may(SMPP_C_query_sm), SMPP_ESTATE, "3.3 is strict");
}

/* --- a session that others make --- */

static void
begin_observer(enum smpp_role role)
{
	begin(role, SMPP_V50, 1);
	s.conf.observes = true;
}

static int
out_as(uint32_t id, uint32_t seq, uint32_t status, int64_t now, uint64_t tag)
{
	smpp_pdu_init(&pdu, id, seq, s.ver);
	pdu.command_status = status;
	return smpp_session_out(&s, &pdu, now, tag);
}

static void
test_observer(void)
{
	begin_observer(SMPP_ESME);
	out_as(SMPP_C_bind_transceiver, 0xffffffff, 0, 0, 1);
	in(SMPP_C_bind_transceiver_resp, 0xffffffff, 0);
	is_int(ev.kind, SMPP_EV_RESPONSE, "whatever its number");
	is_int(s.state, SMPP_ST_TRX, "a bind binds");
	is_int(may(SMPP_C_deliver_sm), 0, "all is allowed");
	is_int(in(SMPP_C_submit_sm, 3, 0), SMPP_EV_REQUEST, "and taken");
	is_int(ev.reply_status, ESME_RINVBNDSTS, "with what it deserves");
	ok(!ev.send, "which is not sent");
	is_int(
	    in(SMPP_C_deliver_sm, 4, 0), SMPP_EV_REQUEST, "one that is good");
	is_int((int)ev.reply_id, 0, "has no answer yet");
	is_int(in(SMPP_C_unbind, 5, 0), SMPP_EV_REQUEST, "even unbind");
	is_int(ev.reply_id, SMPP_C_unbind_resp, "has one");
	is_int(s.state, SMPP_ST_TRX, "it is the answer that counts");
	out_as(SMPP_C_unbind_resp, 5, 0, 0, 0);
	is_int(s.state, SMPP_ST_UNB, "which is that");
	is_int(in(SMPP_C_bind_receiver_resp, 77, 0), SMPP_EV_STRAY, "a bind");
	is_int(s.state, SMPP_ST_RX, "moves it without being asked");

	begin_observer(SMPP_MC);
	bind_in(SMPP_C_bind_transmitter, 0x34);
	out_as(SMPP_C_bind_transmitter_resp, 1, 0x0d, 0, 0);
	is_int(s.state, SMPP_ST_OPEN, "refused");
	out_as(SMPP_C_bind_transmitter_resp, 1, 0, 0, 0);
	is_int(s.state, SMPP_ST_TX, "bound, by us");
	is_int(s.ver, SMPP_V34, "at its version");
	out_as(SMPP_C_outbind, 9, 0, 0, 0);
	is_int(pdu.sequence_number, 9, "a oneway keeps its number");
}

static void
test_observer_numbers(void)
{
	unsigned right = 0;

	begin_observer(SMPP_ESME);
	out_as(SMPP_C_submit_sm, 5, 0, 10, 1);
	out_as(SMPP_C_submit_sm, 5, 0, 20, 2);
	out_as(SMPP_C_submit_sm, 0, 0, 30, 3);
	is_int(pdu.sequence_number, 6, "0 gets the next number");
	is_int(in(SMPP_C_submit_sm_resp, 5, 40), SMPP_EV_RESPONSE, "of two");
	is_int((int)ev.request.tag, 2, "the newer one is answered");
	is_int(in(SMPP_C_submit_sm_resp, 5, 40), SMPP_EV_RESPONSE, "then");
	is_int((int)ev.request.tag, 1, "the other");
	is_int(in(SMPP_C_submit_sm_resp, 5, 40), SMPP_EV_STRAY, "a third");
	is_int(ev.stray, SMPP_STRAY_REPEATED, "is one too many");
	is_int((int)s.open, 1, "one is open");
	is_int((int)smpp_session_due(&s), 1030, "and due");
	smpp_session_tick(&s, 1030, &ev);
	is_int(ev.kind, SMPP_EV_TIMEOUT, "it is late");
	is_int((int)ev.request.tag, 3, "that one");

	begin_observer(SMPP_ESME);
	s.conf.enquire_ms = 0;
	out_as(SMPP_C_enquire_link, 8, 0, 0, 4);
	smpp_session_tick(&s, 1000, &ev);
	is_int(ev.kind, SMPP_EV_TIMEOUT, "an enquire_link of others is late");
	is_int((int)ev.request.tag, 4, "and theirs to judge");

	begin_observer(SMPP_ESME);
	for (uint32_t i = 0; i < 3000; i++)
		out_as(SMPP_C_submit_sm, i * 1024 + 7, 0, i, i);
	is_int((int)s.open, 3000, "a table grows");
	is_int((int)smpp_session_due(&s), 1000, "the first is due first");
	for (uint32_t i = 0; i < 3000; i += 2)
		right += in(SMPP_C_submit_sm_resp, i * 1024 + 7, 5000) ==
			     SMPP_EV_RESPONSE &&
			 ev.request.tag == i;
	is_int((int)right, 1500, "every number is found");
	for (uint32_t i = 1; i < 3000; i += 2) {
		smpp_session_tick(&s, 10000, &ev);
		right += ev.kind == SMPP_EV_TIMEOUT && ev.request.tag == i;
	}
	is_int((int)right, 3000, "or runs out of time, in turn");
	for (uint32_t i = 1; i < 20; i++)
		out_as(SMPP_C_submit_sm, i << 20, 0, i, i);
	ok(s.open == 19 || s.mask == 0xffff, "it does not grow for ever");
}

int
main(void)
{
	test_may();
	test_observer();
	test_observer_numbers();
	test_versions();
	test_states();
	test_matching();
	test_numbers();
	test_timers();
	test_congestion();
	test_outbind();
	smpp_session_fini(&s);
	return tap_done();
}
