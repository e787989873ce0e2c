/* base/hash.h: known values, pieces, and where they count. */
#include "base/hash.h"
#include "tap.h"

static uint32_t
hash32(const char *text)
{
	return smpp_hash32(SMPP_HASH32, text, strlen(text));
}

static uint64_t
hash64(const char *text)
{
	return smpp_hash64(SMPP_HASH64, text, strlen(text));
}

int
main(void)
{
	const char text[] = "eight octets and more";

	ok(smpp_hash32(SMPP_HASH32, NULL, 0) == SMPP_HASH32, "nothing");
	ok(hash32("a") == 0xe40c292cu, "FNV-1a of a letter");
	ok(hash32("foobar") == 0xbf9cf968u, "of a word");
	ok(smpp_hash32(hash32("foo"), "bar", 3) == hash32("foobar"),
	    "in pieces");
	ok(hash64("foobar") == 0x85944171f73967e8u, "in 64 bits");
	ok(hash64(text) == smpp_hash64(hash64("eight oc"), text + 8, 13),
	    "cut at the eighth octet");
	ok(hash64("eight octets and morf") != hash64(text), "the last octet");
	ok(hash64("Eight octets and more") != hash64(text), "the first");
	return tap_done();
}
