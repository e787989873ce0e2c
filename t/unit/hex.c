/* lib/base/hex: digits to octets and back. */
#include "base/hex.h"
#include "tap.h"

/* Every place in a long run where a digit may be wrong. */
static void
runs(void)
{
	uint8_t all[256], out[256];
	char hex[512];
	unsigned i, bad = 0;

	for (i = 0; i < 256; i++)
		all[i] = (uint8_t)i;
	smpp_hex_encode(hex, all, 256);
	is_int(smpp_hex_run(out, hex, 512), 256, "all octets");
	is_mem(out, 256, all, 256, "all octets back");
	for (i = 0; i < 512; i++) {
		hex[i] = (char)(i % 2 ? 'g' : '/');
		bad += smpp_hex_run(out, hex, 512) != i / 2;
		bad += smpp_hex_run(out, hex, i) != i / 2;
		smpp_hex_encode(hex, all, 256);
	}
	is_int(bad, 0, "stops before what is no digit");
	for (i = 0; i < 256; i++) {
		hex[20] = (char)i;
		bad += (smpp_hex_run(out, hex, 64) == 32) !=
		       (smpp_hex_digit[i] != 0);
	}
	is_int(bad, 0, "no other character is a digit");
	for (i = 0; i < 256; i += 7) {
		smpp_hex_encode(hex, all + i, 256 - i);
		bad += smpp_hex_decode(out, hex, 512 - 2 * i) != 256 - i ||
		       memcmp(out, all + i, 256 - i) != 0;
	}
	is_int(bad, 0, "any length");
}

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
	runs();
	return tap_done();
}
