/* lib/mc: receipts in their styles, and what can be asked about messages. */
#include "t/unit/centre.h"

static struct smpp_receipt receipt;

/* Submits a message that wants a receipt, to a centre of one style and v3.4,
 * or of another version. Returns the n-th delivery, read. */
static struct smpp_pdu
receipt_in(unsigned style, enum smpp_ver ver, unsigned n)
{
	const struct smpp_mc_conf conf = {.max_messages = 10,
	    .wait_ms = 60000,
	    .style = style,
	    .ids = SMPP_MC_ID_DEC10};
	struct smpp_pdu pdu;

	centre_begin(&conf);
	centre_receiver(0, "a");
	client[0].s.ver = ver;
	for (unsigned i = 0; i < 30; i++)
		centre_submit(0, "4917", 0);
	centre_submit(0, "4917", 1);
	pdu = centre_got(0, n);
	memset(&receipt, 0, sizeof(receipt));
	smpp_dlr_read(&receipt, &pdu);
	return pdu;
}

static struct smpp_view
text_of(const struct smpp_pdu *pdu)
{
	return smpp_pdu_view(pdu, SMPP_F_short_message);
}

static bool
begins(struct smpp_view v, const char *with)
{
	size_t n = strlen(with);

	return v.n >= n && memcmp(v.p, with, n) == 0;
}

static bool
ends_with(struct smpp_view v, const char *with)
{
	size_t n = strlen(with);

	return v.n >= n && memcmp(v.p + v.n - n, with, n) == 0;
}

/* --- receipts --- */

static void
test_forms(void)
{
	struct smpp_pdu pdu = receipt_in(0, SMPP_V34, 0);

	ok(begins(text_of(&pdu), "id:0000000031 sub:001 dlvrd:001 "),
	    "both by default: the text");
	ok(ends_with(text_of(&pdu), " stat:DELIVRD err:000 text:hello"),
	    "to its end");
	ok(smpp_pdu_tlv(&pdu, SMPP_T_receipted_message_id) != NULL, "and TLVs");
	ok(smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_source_addr), "4917") &&
		smpp_view_is(
		    smpp_pdu_view(&pdu, SMPP_F_destination_addr), "src"),
	    "from the destination to the source");
	is_int(smpp_pdu_num(&pdu, SMPP_F_esm_class),
	    SMPP_esm_class_type_mc_receipt, "its esm_class");
	pdu = receipt_in(SMPP_MC_STYLE_TEXT, SMPP_V34, 0);
	ok(text_of(&pdu).n > 0 && pdu.ntlv == 0, "text alone");
	pdu = receipt_in(SMPP_MC_STYLE_TLV, SMPP_V34, 0);
	ok(text_of(&pdu).n == 0 &&
		smpp_view_is(receipt.value[SMPP_RF_ID], "0000000031") &&
		receipt.state == SMPP_message_state_DELIVERED,
	    "TLVs alone");
	pdu = receipt_in(SMPP_MC_STYLE_TLV, SMPP_V33, 0);
	ok(begins(text_of(&pdu), "id:0000001f ") && pdu.ntlv == 0,
	    "v3.3 has text all the same");
	pdu = receipt_in(SMPP_MC_STYLE_DATA_SM, SMPP_V34, 0);
	ok(pdu.command_id == SMPP_C_data_sm &&
		smpp_pdu_tlv(&pdu, SMPP_T_message_payload) != NULL,
	    "a data_sm");
	pdu = receipt_in(SMPP_MC_STYLE_DATA_SM, SMPP_V33, 0);
	is_int(pdu.command_id, SMPP_C_deliver_sm, "but not in v3.3");
}

static void
test_texts(void)
{
	const unsigned text = SMPP_MC_STYLE_TEXT;
	struct smpp_pdu pdu;

	pdu = receipt_in(text | SMPP_MC_STYLE_NO_SUB, SMPP_V34, 0);
	ok(begins(text_of(&pdu), "id:0000000031 submit date:"), "no sub");
	pdu = receipt_in(text, SMPP_V34, 0);
	is_int(text_of(&pdu).n, 107, "ten digits a date");
	pdu = receipt_in(text | SMPP_MC_STYLE_SECONDS, SMPP_V34, 0);
	is_int(text_of(&pdu).n, 111, "or twelve");
	pdu = receipt_in(text | SMPP_MC_STYLE_NO_TEXT, SMPP_V34, 0);
	ok(ends_with(text_of(&pdu), " err:000"), "without the text");
	pdu = receipt_in(text | SMPP_MC_STYLE_NUL, SMPP_V34, 0);
	is_int(text_of(&pdu).p[text_of(&pdu).n - 1], 0, "with a NUL");
	receipt_in(text | SMPP_MC_STYLE_HEX, SMPP_V34, 0);
	ok(smpp_view_is(receipt.value[SMPP_RF_ID], "1f"), "an id in hex");
	receipt_in(text | SMPP_MC_STYLE_HEX | SMPP_MC_STYLE_UPPER, SMPP_V34, 0);
	ok(smpp_view_is(receipt.value[SMPP_RF_ID], "1F"), "in upper case");
	receipt_in(text | SMPP_MC_STYLE_DECIMAL, SMPP_V34, 0);
	ok(smpp_view_is(receipt.value[SMPP_RF_ID], "31"), "a decimal one");
	receipt_in(
	    text | SMPP_MC_STYLE_HEX | SMPP_MC_STYLE_PADDED, SMPP_V34, 0);
	ok(smpp_view_is(receipt.value[SMPP_RF_ID], "000000001f"), "padded");
}

static void
test_how_often(void)
{
	struct smpp_pdu pdu;

	receipt_in(SMPP_MC_STYLE_TWICE, SMPP_V34, 1);
	ok(client[0].ngot == 2 &&
		smpp_view_is(receipt.value[SMPP_RF_STAT], "DELIVRD"),
	    "twice");
	pdu = receipt_in(SMPP_MC_STYLE_INTERMEDIATE, SMPP_V34, 0);
	ok(client[0].ngot == 2 &&
		smpp_pdu_num(&pdu, SMPP_F_esm_class) ==
		    SMPP_esm_class_type_intermediate &&
		smpp_view_is(receipt.value[SMPP_RF_STAT], "ENROUTE"),
	    "a notification before");
	receipt_in(SMPP_MC_STYLE_OTHER_BIND, SMPP_V34, 0);
	is_int(client[0].ngot, 1, "to another bind, but there is none");
	centre_receiver(1, "a");
	centre_submit(0, "4917", 1);
	ok(client[0].ngot == 1 && client[1].ngot == 1, "now there is");
	mc.conf.style = SMPP_MC_STYLE_EARLY;
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 60000, 0};
	centre_submit(0, "4917", 1);
	is_int(client[0].ngot + client[1].ngot, 3,
	    "early: however late it would be");
}

/* Who wants to hear what: registered_delivery. */
static void
test_wanted(void)
{
	static const struct {
		uint32_t registered;
		uint8_t state;
		unsigned n;
	} t[] = {
	    {0, 2, 0},
	    {1, 2, 1},
	    {1, 5, 1},
	    {2, 2, 0},
	    {2, 5, 1},
	    {3, 2, 1},
	    {3, 5, 0},
	    {0x10, 2, 1},
	    {0x11, 2, 2},
	};

	for (size_t i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		centre_begin(NULL);
		centre_receiver(0, "a");
		fate_wanted = (struct smpp_mc_fate){
		    "WORD", t[i].state, "042", 1000, 0};
		centre_submit(0, "1", t[i].registered);
		centre_wait(1000);
		is_int(client[0].ngot, t[i].n, "registered %u, state %u",
		    t[i].registered, t[i].state);
		fate_wanted.stat[0] = '\0';
		centre_submit(0, "1", t[i].registered);
		centre_wait(1000);
		is_int(client[0].ngot, t[i].n, "none without a word");
	}
}

static void
test_alert(void)
{
	struct smpp_pdu pdu = centre_message("4917", 0);
	const uint8_t yes = 1;

	centre_begin(NULL);
	centre_receiver(0, "a");
	fate_wanted = (struct smpp_mc_fate){"UNDELIV", 5, "001", 0, 0};
	smpp_pdu_add_tlv(&pdu, SMPP_T_set_dpf, smpp_view_of(&yes, 1));
	centre_request(0, &pdu);
	pdu = centre_got(0, 0);
	ok(client[0].ngot == 1 && pdu.command_id == SMPP_C_alert_notification &&
		smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_source_addr), "4917"),
	    "set_dpf asks for an alert_notification");
}

static void
test_style_names(void)
{
	const char *word;
	unsigned n = 0;

	for (; (word = smpp_mc_style_name(n)) != NULL; n++)
		ok(smpp_mc_style_find(smpp_view_str(word)) != 0, "%s", word);
	is_int(n, SMPP_MC_STYLE_COUNT + 1, "each style, and both");
	is_int(smpp_mc_style_find(smpp_view_str("both")),
	    SMPP_MC_STYLE_TEXT | SMPP_MC_STYLE_TLV, "two styles");
	is_int(smpp_mc_style_find(smpp_view_str("texts")), 0, "no style");
}

/* --- asking --- */

static uint32_t
ask(uint32_t command_id, const char *id, const char *from, const char *to)
{
	struct smpp_pdu pdu = centre_about(command_id, id);

	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str(from));
	smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, smpp_view_str(to));
	return centre_request(0, &pdu);
}

static void
test_query(void)
{
	centre_begin(NULL);
	centre_receiver(0, "a");
	fate_wanted = (struct smpp_mc_fate){"UNDELIV", 5, "042", 1000, 0};
	centre_submit(0, "1", 0);
	is_int(centre_state(0, "1"), SMPP_message_state_ENROUTE, "on its way");
	is_int(smpp_pdu_view(&client[0].resp, SMPP_F_final_date).n, 0,
	    "without a final date");
	centre_wait(1000);
	is_int(centre_state(0, "1"), SMPP_message_state_UNDELIVERABLE,
	    "at its end");
	ok(smpp_view_is(smpp_pdu_view(&client[0].resp, SMPP_F_final_date),
	       "010909014641000+"),
	    "which was then");
	is_int(smpp_pdu_num(&client[0].resp, SMPP_F_error_code), 42,
	    "for this reason");
	is_int(
	    ask(SMPP_C_query_sm, "2", "src", ""), ESME_RINVMSGID, "no such id");
	is_int(ask(SMPP_C_query_sm, "", "src", ""), ESME_RINVMSGID, "none");
	is_int(ask(SMPP_C_query_sm, "1", "other", ""), ESME_RQUERYFAIL,
	    "somebody else's");
}

static void
test_cancel(void)
{
	const uint32_t cancel = SMPP_C_cancel_sm;

	centre_begin(NULL);
	centre_receiver(0, "a");
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 1000, 0};
	for (unsigned i = 0; i < 5; i++)
		centre_submit(0, i == 4 ? "b" : "c", 1);
	is_int(ask(cancel, "1", "src", "c"), ESME_ROK, "by its id");
	is_int(centre_state(0, "1"), SMPP_message_state_DELETED, "deleted");
	is_int(client[0].ngot, 1, "its receipt says so");
	is_int(ask(cancel, "1", "src", "c"), ESME_RCANCELFAIL, "not twice");
	is_int(ask(cancel, "", "src", "d"), ESME_RCANCELFAIL,
	    "nothing went there");
	is_int(ask(cancel, "", "src", "c"), ESME_ROK, "three did");
	is_int(client[0].ngot, 4, "say three receipts");
	is_int(centre_state(0, "5"), SMPP_message_state_ENROUTE,
	    "another goes on");
	centre_wait(1000);
	is_int(client[0].ngot, 5, "to its end");
	is_int(ask(cancel, "5", "src", ""), ESME_RCANCELFAIL,
	    "where it is too late");
	ok(mc.work >= 10, "what was looked at is told");
}

static void
test_replace(void)
{
	struct smpp_pdu pdu = centre_about(SMPP_C_replace_sm, "1");

	centre_begin(NULL);
	centre_receiver(0, "a");
	centre_receiver(1, "b");
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 1000, 0};
	pdu = centre_message("b", 0);
	smpp_pdu_set_view(&pdu, SMPP_F_schedule_delivery_time,
	    smpp_view_str("000000000100000R"));
	centre_request(0, &pdu);
	pdu = centre_about(SMPP_C_replace_sm, "1");
	smpp_pdu_set_view(&pdu, SMPP_F_short_message, smpp_view_str("new"));
	smpp_pdu_set_view(&pdu, SMPP_F_schedule_delivery_time,
	    smpp_view_str("000000000030000R"));
	smpp_pdu_set_num(&pdu, SMPP_F_registered_delivery, 1);
	is_int(centre_request(0, &pdu), ESME_ROK, "another text and time");
	centre_wait(30000);
	pdu = centre_got(1, 0);
	ok(client[1].ngot == 1 && smpp_view_is(text_of(&pdu), "new"),
	    "is delivered instead");
	centre_wait(1000);
	pdu = centre_got(0, 0);
	ok(client[0].ngot == 1 && ends_with(text_of(&pdu), "text:new"),
	    "and has a receipt");
	pdu = centre_about(SMPP_C_replace_sm, "1");
	is_int(centre_request(0, &pdu), ESME_RREPLACEFAIL, "not at its end");
	centre_submit(0, "1", 0);
	pdu = centre_about(SMPP_C_replace_sm, "2");
	smpp_pdu_set_view(
	    &pdu, SMPP_F_validity_period, smpp_view_str("700101000000000+"));
	is_int(centre_request(0, &pdu), ESME_RINVEXPIRY, "nor with bad times");
	centre_wait(1000);
	is_int(centre_state(0, "2"), SMPP_message_state_DELIVERED,
	    "which change nothing");
}

static void
test_replace_if_present(void)
{
	struct smpp_pdu pdu = centre_message("1", 1);

	centre_begin(NULL);
	centre_receiver(0, "a");
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 1000, 0};
	centre_submit(0, "1", 1);
	smpp_pdu_set_num(&pdu, SMPP_F_replace_if_present_flag, 1);
	centre_request(0, &pdu);
	is_int(centre_state(0, "1"), SMPP_message_state_DELETED,
	    "the first is gone");
	centre_wait(1000);
	is_int(client[0].ngot, 1, "without a receipt");
	is_int(centre_state(0, "2"), SMPP_message_state_DELIVERED,
	    "the second took its place");
}

static void
test_multi(void)
{
	static const char dests[] = "\1\1\1"
				    "11\0"
				    "\2"
				    "two\0"
				    "\2"
				    "none\0"
				    "\1\1\1";
	struct smpp_pdu pdu;

	centre_begin(NULL);
	centre_receiver(0, "a");
	smpp_pdu_init(&pdu, SMPP_C_submit_multi, 9, SMPP_V34);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("src"));
	smpp_pdu_set_list(
	    &pdu, SMPP_F_dest_address, smpp_view_of(dests, sizeof(dests)), 4);
	smpp_pdu_set_num(&pdu, SMPP_F_registered_delivery, 1);
	is_int(centre_request(0, &pdu), ESME_ROK, "some of them are good");
	is_int(smpp_pdu_num(&client[0].resp, SMPP_F_unsuccess_sme), 2,
	    "two are not");
	is_int(mc.stats.messages, 3, "three messages");
	is_int(client[0].ngot, 3, "and three receipts");
	is_int(accepts, 1, "of one id");
	is_int(ask(SMPP_C_query_sm, "1", "src", "22"), ESME_ROK,
	    "a member of a list");
	smpp_pdu_init(&pdu, SMPP_C_submit_multi, 9, SMPP_V34);
	smpp_pdu_set_list(
	    &pdu, SMPP_F_dest_address, smpp_view_of(dests + 11, 6), 1);
	is_int(centre_request(0, &pdu), ESME_RINVDLNAME, "none is good");
}

static void
test_broadcast(void)
{
	struct smpp_pdu pdu;
	const struct smpp_tlv *t;

	centre_begin(NULL);
	centre_receiver(0, "a");
	client[0].s.ver = SMPP_V50;
	smpp_pdu_init(&pdu, SMPP_C_broadcast_sm, 3, SMPP_V50);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("src"));
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_broadcast_area_identifier, smpp_view_of("\0town", 5));
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_broadcast_content_type, smpp_view_of("\0\0\2", 3));
	is_int(centre_request(0, &pdu), ESME_RMISSINGTLV, "TLVs are missing");
	smpp_pdu_add_tlv(
	    &pdu, SMPP_T_broadcast_rep_num, smpp_view_of("\0\1", 2));
	smpp_pdu_add_tlv(&pdu, SMPP_T_broadcast_frequency_interval,
	    smpp_view_of("\x9\0\5", 3));
	fate_wanted = (struct smpp_mc_fate){"DELIVRD", 2, "000", 1000, 0};
	is_int(centre_request(0, &pdu), ESME_ROK, "now they are there");
	is_int(ask(SMPP_C_query_sm, "1", "src", ""), ESME_RINVMSGID,
	    "it is no short message");
	pdu = centre_about(SMPP_C_query_broadcast_sm, "1");
	is_int(centre_request(0, &pdu), ESME_ROK, "but a broadcast");
	t = smpp_pdu_tlv(&client[0].resp, SMPP_T_broadcast_area_identifier);
	ok(t != NULL && t->n == 5 && memcmp(t->p, "\0town", 5) == 0,
	    "in this area");
	pdu = centre_about(SMPP_C_cancel_broadcast_sm, "1");
	is_int(centre_request(0, &pdu), ESME_ROK, "cancelled");
	pdu = centre_about(SMPP_C_cancel_broadcast_sm, "1");
	is_int(centre_request(0, &pdu), ESME_RBCASTCANCELFAIL, "once");
}

static void
test_old(void)
{
	struct smpp_pdu pdu;

	centre_begin(NULL);
	centre_receiver(0, "a");
	client[0].s.ver = SMPP_V33;
	centre_submit(0, "1", 0);
	centre_submit(0, "2", 0);
	smpp_pdu_init(&pdu, SMPP_C_query_last_msgs, 3, SMPP_V33);
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("src"));
	smpp_pdu_set_num(&pdu, SMPP_F_no_of_msgs, 5);
	is_int(centre_request(0, &pdu), ESME_ROK, "the last messages");
	is_int(smpp_pdu_num(&client[0].resp, SMPP_F_message_ids), 2, "two");
	smpp_pdu_init(&pdu, SMPP_C_query_msg_details, 3, SMPP_V33);
	smpp_pdu_set_view(&pdu, SMPP_F_message_id, smpp_view_str("2"));
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("src"));
	smpp_pdu_set_num(&pdu, SMPP_F_sm_length, 4);
	is_int(centre_request(0, &pdu), ESME_ROK, "all about one");
	ok(smpp_view_is(text_of(&client[0].resp), "hell"),
	    "as much of the text as was asked for");
	smpp_pdu_init(&pdu, SMPP_C_enquire_link, 3, SMPP_V33);
	is_int(centre_request(0, &pdu), ESME_RINVCMDID,
	    "sessions are not its business");
}

int
main(void)
{
	test_forms();
	test_texts();
	test_how_often();
	test_wanted();
	test_alert();
	test_style_names();
	test_query();
	test_cancel();
	test_replace();
	test_replace_if_present();
	test_multi();
	test_broadcast();
	test_old();
	centre_end();
	return tap_done();
}
