/* Prints libFuzzer's dictionary: every number and name of the tables. */
#include <stdio.h>

#include "base/wr.h"
#include "smpp/table.h"

static void
octets(uint32_t value, size_t n)
{
	uint8_t wire[4];

	smpp_put_u32(wire, value);
	putchar('"');
	for (size_t i = sizeof(wire) - n; i < sizeof(wire); i++)
		printf("\\x%02x", wire[i]);
	printf("\"\n");
}

int
main(void)
{
	size_t i;

	for (i = 0; i < smpp_pdu_count; i++) {
		octets(smpp_pdus[i].id, 4);
		printf("\"%s\"\n", smpp_pdus[i].name);
	}
	for (i = 0; i < smpp_tlv_count; i++) {
		octets(smpp_tlvs[i].tag, 2);
		printf("\"%s\"\n", smpp_tlvs[i].name);
	}
	for (i = 0; i < smpp_status_count; i++)
		octets(smpp_statuses[i].code, 4);
	for (i = 0; i < SMPP_F_COUNT; i++)
		printf("\"%s\"\n", smpp_field_name((unsigned)i));
	return 0;
}
