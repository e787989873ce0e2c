/* lib/text/udh: the user data header. */
#include "tap.h"
#include "text/udh.h"

static struct smpp_udh udh;

static int64_t
parse(const void *p, size_t n)
{
	return smpp_udh_parse(&udh, smpp_view_of(p, n));
}

static void
whole(void)
{
	struct smpp_ie ie;
	struct smpp_rd rd;

	is_int(parse("\x05\x00\x03\x2a\x03\x02hi", 8), -1, "concat_8");
	is_int(udh.concat.ref, 42, "reference");
	is_int(udh.concat.bits, 8, "of 8 bits");
	is_int(udh.concat.total, 3, "total");
	is_int(udh.concat.seq, 2, "part");
	is_int(udh.size, 6, "size");
	is_mem(udh.text.p, udh.text.n, "hi", 2, "text");
	is_int(parse("\x09\x08\x04\x01\x02\x02\x01\x24\x01\x03", 10), -1,
	    "concat_16 and a national table");
	is_int(udh.concat.ref, 0x102, "reference");
	is_int(udh.concat.bits, 16, "of 16 bits");
	is_int(udh.single, 3, "Portuguese");
	smpp_rd_init(&rd, udh.elements);
	ok(smpp_ie_next(&rd, &ie) && ie.iei == 8, "first element");
	ok(smpp_ie_next(&rd, &ie) && ie.iei == 0x24, "second element");
	ok(!smpp_ie_next(&rd, &ie), "no more");
	is_int(parse("\x05\x00\x03\x2a\x01\x02", 6), -1, "part 2 of 1");
	is_int(udh.concat.total, 0, "is no part");
	is_int(parse("\x00x", 2), -1, "empty header");
	is_mem(udh.text.p, udh.text.n, "x", 1, "text");
}

static void
broken(void)
{
	is_int(parse("", 0), 0, "nothing");
	is_int(parse("\xff\x00\x03\x01\x02\x03"
		     "ABC",
		   9),
	    0, "too long");
	is_int(udh.text.n, 0, "no text");
	is_int(parse("\x05\x00\x09\x01\x02\x03"
		     "A",
		   7),
	    1, "element too long");
	is_mem(udh.text.p, udh.text.n, "A", 1, "text is known");
	is_int(parse("\x06\x00\x03\x01\x02\x01\x00", 7), 6, "half an element");
	is_int(udh.concat.total, 0, "has no effect");
}

static void
tables(void)
{
	is_str(smpp_ie_name(0), "concat_8", "name");
	is_str(smpp_ie_name(0x71), "usim_security", "name of a range");
	is_str(smpp_ie_name(2), NULL, "reserved");
	is_int(smpp_udh_fill(6), 1, "fill bits");
	is_int(smpp_udh_fill(7), 0, "no fill bits");
	is_int(smpp_udh_fill(12), 2, "fill bits");
}

int
main(void)
{
	whole();
	broken();
	tables();
	return tap_done();
}
