/* PDUs on the heap and for other languages. */
#include <stdlib.h>

#include "msg/pdunew.h"
#include "show/foreign.h"
#include "tap.h"

static const uint8_t link_wire[16] = {
    0, 0, 0, 16, 0, 0, 0, 0x15, 0, 0, 0, 0, 0, 0, 0, 7};

/* The octets it was made of may go. */
static void
test_pdu_new(void)
{
	uint8_t *wire = malloc(sizeof(link_wire));
	struct smpp_pdu *pdu;

	memcpy(wire, link_wire, sizeof(link_wire));
	pdu = smpp_pdu_new(wire, sizeof(link_wire), SMPP_VANY);
	free(wire);
	ok(pdu != NULL && pdu->sequence_number == 7, "decoded");
	is_mem(pdu->wire.p, pdu->wire.n, link_wire, 16, "with a copy");
	smpp_pdu_free(pdu);

	pdu = smpp_pdu_new(NULL, 0, SMPP_V34);
	ok(pdu != NULL && pdu->row == NULL && pdu->present == 0, "empty");
	smpp_pdu_free(pdu);
	smpp_pdu_free(NULL);
	ok(smpp_pdu_new(link_wire, SMPP_PDU_MAX + 1, SMPP_VANY) == NULL,
	    "too large for a PDU");
}

/* Whatever room there is, as much as fits, and how much it would be. */
static void
test_foreign_room(void)
{
	char all[400], out[400];
	int n, cap, bad = 0;

	n = smpp_json_from_octets(link_wire, 16, 0x34, all, sizeof(all));
	ok(n > 0 && (size_t)n == strlen(all), "the whole of it");
	for (cap = 0; cap <= n + 1; cap++) {
		memset(out, 'x', sizeof(out));
		if (smpp_json_from_octets(
			link_wire, 16, 0x34, out, (size_t)cap) != n)
			bad++;
		if (cap > 0 && (strlen(out) != (size_t)cap - 1 ||
				   strncmp(out, all, strlen(out)) != 0))
			bad++;
		if (out[cap] != 'x')
			bad++;
	}
	is_int(bad, 0, "cut to any length");
	is_int(smpp_json_from_octets(link_wire, 16, 0x34, NULL, 0), n,
	    "measured without a place");
	is_int(smpp_json_from_octets(NULL, 0, 0, NULL, 0), SMPP_EEMPTY,
	    "no octets");
}

static void
test_foreign_back(void)
{
	const char *json = "{\"command_id\":21,\"sequence_number\":7}";
	uint8_t out[32];
	char why[200];

	is_int(smpp_json_to_octets(json, 0, out, sizeof(out), why), 16, "PDU");
	is_mem(out, 16, link_wire, 16, "its octets");
	is_str(why, "", "nothing wrong");
	is_int(smpp_json_to_octets(json, 0, out, 15, why), SMPP_ENOSPACE,
	    "no room");
	is_str(why, "the output does not fit", "says so");
	is_int(smpp_json_to_octets("{", 0, out, sizeof(out), NULL),
	    SMPP_ESYNTAX, "no JSON, and no words asked for");
}

int
main(void)
{
	test_pdu_new();
	test_foreign_room();
	test_foreign_back();
	return tap_done();
}
