/* Decodes and encodes what t/26-tables.bats adds to a copy of the tables: rows
 * of vendors' TLVs, and a PDU with fields of its own. */
#include <string.h>

#include "smpp/pdu.h"
#include "t/unit/tap.h"

static uint8_t wire[512];

/* A submit_sm with every added TLV, two octets each. */
static void
grown_tlvs(void)
{
	static const uint8_t two[] = {1, 2};
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct smpp_wr w;
	size_t i, n = 0;

	for (i = 0; i < smpp_tlv_count; i++) {
		if (smpp_tlvs[i].tag < 0x1400)
			continue;
		n++;
		smpp_pdu_init(&pdu, SMPP_C_submit_sm, 1, SMPP_V34);
		smpp_pdu_add_tlv(&pdu, smpp_tlvs[i].tag, smpp_view_of(two, 2));
		smpp_pdu_add_tlv(&pdu, smpp_tlvs[i].tag, smpp_view_of(two, 2));
		smpp_wr_init(&w, wire, sizeof(wire));
		is_int(smpp_encode(&w, &pdu) > 0, 1, "%s is written",
		    smpp_tlvs[i].name);
		smpp_decode(
		    &pdu, smpp_view_of(wire, w.n), SMPP_V34, 0, &issues);
		is_int(pdu.tlv[0].num, 0x102, "read");
		is_int(issues.n, 1, "with one thing to say:");
		is_int(issues.v[0].kind, SMPP_ETLV_DUPLICATE, "it came twice");
	}
	is_int(n, 40, "as many as were added");
	is_int(SMPP_T_grown_40, 0x3FFF, "up to the last tag of vendors");
	ok(smpp_tlv_fits(
	       smpp_tlv_of(SMPP_T_grown_1), smpp_pdu_of(SMPP_C_grow), SMPP_V50),
	    "the added PDU carries one of them");
	ok(!smpp_tlv_fits(smpp_tlv_of(SMPP_T_grown_1),
	       smpp_pdu_of(SMPP_C_query_sm), SMPP_V50),
	    "which others do not");
	ok(!smpp_tlv_fits(smpp_tlv_of(SMPP_T_uncarried),
	       smpp_pdu_of(SMPP_C_grow), SMPP_V50),
	    "a TLV without a row of carries.def is in no PDU");
}

/* The PDU of a vendor, its command_id far from the others. */
static void
grown_pdu(void)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct smpp_wr w;

	smpp_pdu_init(&pdu, SMPP_C_grow, 7, SMPP_V34);
	is_int(pdu.command_id, 0x10234, "the id of a vendor");
	is_str(pdu.row->name, "grow", "is found");
	smpp_pdu_set_num(&pdu, SMPP_F_height, 42);
	smpp_pdu_set_view(&pdu, SMPP_F_colour, smpp_view_str("green"));
	smpp_wr_init(&w, wire, sizeof(wire));
	is_int(smpp_encode(&w, &pdu), 23, "the PDU is written");
	is_int(smpp_decode(&pdu, smpp_view_of(wire, w.n), SMPP_V34, 0, &issues),
	    0, "and read");
	is_int(issues.n, 0, "without an issue");
	is_int(smpp_pdu_num(&pdu, SMPP_F_height), 42, "its number");
	ok(smpp_view_is(smpp_pdu_view(&pdu, SMPP_F_colour), "green"),
	    "its string");
	is_str(smpp_pdu_of(pdu.row->counterpart)->name, "grow_resp",
	    "its response");
}

int
main(void)
{
	grown_tlvs();
	grown_pdu();
	return tap_done();
}
