/* lib/text: octets to UTF-8, by data_coding. */
#include "tap.h"
#include "text/text.h"

static void
reads(unsigned dc, const char *octets, size_t n, const char *want, int bad)
{
	struct smpp_coding c = {.alphabet = (uint8_t)smpp_alphabet_of(
				    (uint8_t)dc, SMPP_ALPHA_GSM7)};
	char room[256];
	struct smpp_sbuf out;

	smpp_sbuf_init(&out, room, sizeof(room), NULL, NULL);
	is_int(smpp_text_decode(&out, smpp_view_of(octets, n), c), bad,
	    "data_coding %u: offset", dc);
	is_mem(
	    out.p, out.n, want, strlen(want), "data_coding %u: %s", dc, want);
}

#define READS(dc, octets, want, bad) \
	reads(dc, octets, sizeof(octets) - 1, want, bad)

static void
packed(struct smpp_coding c, const char *octets, size_t n, const char *want)
{
	char room[64];
	struct smpp_sbuf out;

	smpp_sbuf_init(&out, room, sizeof(room), NULL, NULL);
	is_int(
	    smpp_text_decode(&out, smpp_view_of(octets, n), c), -1, "packed");
	is_mem(out.p, out.n, want, strlen(want), "packed: %s", want);
}

static void
gsm7(void)
{
	struct smpp_coding tr = {SMPP_ALPHA_GSM7, 1, 1, 0};
	struct smpp_coding p = {.alphabet = SMPP_ALPHA_GSM7_PACKED};

	READS(0, "Hello", "Hello", -1);
	READS(0, "\x00 \x1b\x65 \x1b<", "@ \u20ac [", -1);
	READS(0, "\x1b", " ", -1);
	READS(0,
	    "\x1b\x1b"
	    "a",
	    " a", -1);
	READS(0,
	    "\x1b"
	    "a",
	    "a", -1);
	READS(0,
	    "ab\x80"
	    "c\xff",
	    "ab\ufffdc\ufffd", 2);
	READS(0, "a\x1b\x80", "a \ufffd", 2);
	READS(0xf1, "\x7c", "\u00f6", -1);
	packed(tr, "\x1b\x53\x07\x1c", 4, "\u015e\u0131\u015e");
	packed(p, "\xe8\x32\x9b\xfd\x06", 5, "hello");
	packed(p, "\x31\xd9\x8c\x56\xb3\xdd\x1a", 7, "1234567");
	packed(p, "\x31\xd9\x8c\x56\xb3\xdd\x70", 7, "12345678");
	p.fill = 1;
	packed(p, "\x62", 1, "1");
	p.fill = 6;
	packed(p, "\x00", 1, "");
}

static void
utf16(void)
{
	READS(8, "\x04\x1f\x04\x40", "\u041f\u0440", -1);
	READS(8, "\xd8\x3d\xde\x00", "\U0001f600", -1);
	READS(8,
	    "\x00"
	    "a\xd8\x3d",
	    "a\ufffd", 2);
	READS(8,
	    "\xd8\x3d\x00"
	    "a",
	    "\ufffda", 0);
	READS(8,
	    "\xde\x00\x00"
	    "a",
	    "\ufffda", 0);
	READS(8,
	    "\x00"
	    "A\x00"
	    "B\x43",
	    "AB\ufffd", 4);
	READS(8,
	    "\xfe\xff\x00"
	    "A",
	    "A", -1);
	READS(8,
	    "\xff\xfe"
	    "A\x00",
	    "A", -1);
	READS(8, "H\0e\0l\0l\0", "Hell", -1);
	READS(8, "N\0N\0N\0N\0", "\u4e00\u4e00\u4e00\u4e00", -1);
	READS(0x18, "\x00!", "!", -1);
}

static void
charsets(void)
{
	READS(1, "a\x80", "a\ufffd", 1);
	READS(3, "\xe9t\xe9\x80", "\u00e9t\u00e9\xc2\x80", -1);
	READS(4, "\x01\x02", "", -1);
	READS(5, "\x93\xfa~\\\xd7", "\u65e5~\\\uff97", -1);
	READS(5, "\x1b$BF|\x1b(B", "\u65e5", -1);
	READS(6, "\xbf\xe0", "\u041f\u0440", -1);
	READS(7, "\xf9", "\u05e9", -1);
	READS(10, "\x1b$BF|\x1b(B", "\u65e5", -1);
	READS(14, "\xc7\xd1", "\ud55c", -1);
	READS(14,
	    "\x8c\x63"
	    "a",
	    "\ub620a", -1);
	READS(14, "a\xc7", "a\ufffd", 1);
	READS(14,
	    "\xff"
	    "a",
	    "\ufffda", 0);
}

static void
names(void)
{
	unsigned i;

	for (i = 0; i < SMPP_ALPHA_COUNT; i++)
		is_int(smpp_alphabet_find(smpp_view_str(smpp_alphabet_name(i))),
		    i, "%s: %s", smpp_alphabet_name(i), smpp_alphabet_brief(i));
	is_int(smpp_alphabet_find(smpp_view_str("KSC5601")), SMPP_ALPHA_KSC5601,
	    "alias");
	is_int(smpp_alphabet_find(smpp_view_str("morse")), -1, "no such name");
	is_int(smpp_alphabet_of(0, SMPP_ALPHA_UTF8), SMPP_ALPHA_UTF8, "0");
	is_int(smpp_alphabet_of(0xf0, SMPP_ALPHA_UTF8), SMPP_ALPHA_GSM7,
	    "a GSM group is GSM's");
	is_int(smpp_alphabet_of(0xf0, SMPP_ALPHA_GSM7_PACKED),
	    SMPP_ALPHA_GSM7_PACKED, "packed where the default is");
	is_int(smpp_alphabet_of(0xf5, 0), SMPP_ALPHA_BINARY, "class 1, 8 bit");
	is_int(smpp_alphabet_of(0xe8, 0), SMPP_ALPHA_UCS2, "waiting, UCS-2");
	is_int(smpp_alphabet_of(0xc8, 0), SMPP_ALPHA_GSM7, "waiting");
}

int
main(void)
{
	gsm7();
	utf16();
	charsets();
	names();
	return tap_done();
}
