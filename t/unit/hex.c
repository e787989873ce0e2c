/* lib/base/hex: digits to octets and back. */
#include "base/hex.h"
#include "tap.h"

int
main(void)
{
	uint8_t out[8] = {0};
	char hex[8];

	is_int(smpp_hex_decode(out, "00fF7a", 6), 3, "both cases");
	is_mem(out, 3, "\x00\xff\x7a", 3, "octets");
	is_int(smpp_hex_decode(out, "000", 3), -1, "odd");
	is_int(smpp_hex_decode(out, "0g", 2), -1, "no digit");
	is_int(smpp_hex_decode(out, "", 0), 0, "nothing");
	smpp_hex_encode(hex, (const uint8_t *)"\x01\xfe", 2);
	is_mem(hex, 4, "01fe", 4, "lower case");
	return tap_done();
}
