/* lib/text: UTF-8 into every alphabet, and back. */
#include <stdlib.h>

#include "tap.h"
#include "text/encoder.h"
#include "text/grapheme.h"

static const struct smpp_coding gsm = {.alphabet = SMPP_ALPHA_GSM7};

static struct smpp_coding
coding(enum smpp_alphabet alphabet)
{
	return (struct smpp_coding){.alphabet = (uint8_t)alphabet};
}

static void
writes(struct smpp_coding c, const char *text, const char *want, size_t n)
{
	uint8_t room[256];
	struct smpp_err err;
	struct smpp_wr w;

	smpp_wr_init(&w, room, sizeof(room));
	is_int(smpp_text_encode(&w, smpp_view_str(text), c, &err), 0, "%s: %s",
	    smpp_alphabet_name(c.alphabet), text);
	is_mem(w.p, w.n, want, n, "octets");
}

#define WRITES(c, text, want) writes(c, text, want, sizeof(want) - 1)

static void
refuses(struct smpp_coding c, const char *text, int64_t at, const char *msg)
{
	uint8_t room[256];
	struct smpp_err err;
	struct smpp_wr w;

	smpp_wr_init(&w, room, sizeof(room));
	ok(smpp_text_encode(&w, smpp_view_str(text), c, &err) < 0, "%s", text);
	is_int(err.offset, at, "offset");
	is_str(err.msg, msg, "message");
}

static void
alphabets(void)
{
	struct smpp_coding packed = coding(SMPP_ALPHA_GSM7_PACKED);
	struct smpp_coding tr = {SMPP_ALPHA_GSM7, 1, 1, 0};

	WRITES(gsm, "@ \u20ac[", "\x00 \x1b\x65\x1b<");
	WRITES(tr, "\u015e\u0131\u20ac", "\x1c\x07\x04");
	WRITES(packed, "hello", "\xe8\x32\x9b\xfd\x06");
	WRITES(packed, "1234567", "\x31\xd9\x8c\x56\xb3\xdd\x1a");
	WRITES(packed, "1234567\r", "\x31\xd9\x8c\x56\xb3\xdd\x1a\x0d");
	WRITES(packed, "", "");
	packed.fill = 1;
	WRITES(packed, "1", "\x62");
	WRITES(coding(SMPP_ALPHA_ASCII), "~", "~");
	WRITES(coding(SMPP_ALPHA_LATIN1), "\u00e9", "\xe9");
	WRITES(coding(SMPP_ALPHA_UCS2), "a\U0001f600", "\0a\xd8\x3d\xde\x00");
	WRITES(coding(SMPP_ALPHA_UTF8), "\u00e9", "\xc3\xa9");
	WRITES(coding(SMPP_ALPHA_JIS), "\u65e5", "\x93\xfa");
	WRITES(coding(SMPP_ALPHA_CYRILLIC), "\u041f\u0440", "\xbf\xe0");
	WRITES(coding(SMPP_ALPHA_HEBREW), "\u05e9", "\xf9");
	WRITES(coding(SMPP_ALPHA_ISO2022JP), "a\u65e5", "a\x1b$BF|\x1b(B");
	WRITES(coding(SMPP_ALPHA_KSC5601), "\ud55c", "\xc7\xd1");
	WRITES(coding(SMPP_ALPHA_CP949), "\ub620", "\x8c\x63");
	WRITES(coding(SMPP_ALPHA_BINARY), "\xff", "\xff");
}

static void
errors(void)
{
	refuses(gsm, "it\u2019s", 3, "U+2019 at character 3 is not in gsm7");
	refuses(gsm, "\u00e9\u00e7", 2, "U+00E7 at character 2 is not in gsm7");
	refuses(gsm, "a\xff", 2, "character 2 is not valid UTF-8");
	refuses(coding(SMPP_ALPHA_ASCII), "\u00e9", 1,
	    "U+00E9 at character 1 is not in ascii");
	refuses(coding(SMPP_ALPHA_LATIN1), "\u20ac", 1,
	    "U+20AC at character 1 is not in latin1");
	refuses(coding(SMPP_ALPHA_KSC5601), "\ud55c\ub620", 2,
	    "U+B620 at character 2 is not in ks_c_5601");
}

/* Every cell of every national table that can be sent reads as itself. */
static void
tables(void)
{
	struct smpp_coding c = gsm;
	uint8_t code[2], back[2];
	char room[8], room2[8];
	struct smpp_err err;
	struct smpp_sbuf b, again;
	struct smpp_wr w;
	unsigned i, n, wrong = 0;

	for (i = 0; i < 4 * 14 * 256; i++) {
		c.single = (uint8_t)(i / 256 % 14);
		c.locking = i / 256 / 14 % 2 ? c.single : 0;
		n = i % 256 < 128 ? 1 : 2;
		code[0] = n == 1 ? i % 128 : 0x1b;
		code[1] = i % 128;
		smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
		smpp_text_decode(&b, smpp_view_of(code, n), c);
		smpp_wr_init(&w, back, sizeof(back));
		if (smpp_text_encode(&w, smpp_view_of(b.p, b.n), c, &err) != 0)
			continue;
		smpp_sbuf_init(&again, room2, sizeof(room2), NULL, NULL);
		smpp_text_decode(&again, smpp_view_of(back, w.n), c);
		wrong += b.n != again.n || memcmp(b.p, again.p, b.n) != 0 ||
			 w.n > n;
	}
	is_int(wrong, 0, "all cells of the national tables");
	is_str(smpp_national_tag(1), "tr", "tag");
	is_str(smpp_national_tag(14), NULL, "no such table");
	is_int(smpp_national_find(smpp_view_str("es")), 2, "language");
	ok(!smpp_national_locks(2), "Spanish has no locking table");
	ok(smpp_national_locks(11), "Tamil has");
}

static void
fits(struct smpp_coding c, const char *text, uint32_t room, uint32_t octets,
    uint32_t units)
{
	struct smpp_err err;
	struct smpp_fit f;

	is_int(smpp_text_fit(&f, smpp_view_str(text), room, c, &err), 0,
	    "%s into %u", text, room);
	is_int(f.octets, octets, "octets");
	is_int(f.units, units, "units");
}

static void
fitting(void)
{
	struct smpp_coding ucs2 = coding(SMPP_ALPHA_UCS2);

	fits(gsm, "ab\u20ac", 4, 5, 4);
	fits(gsm, "ab\u20ac", 3, 2, 2);
	fits(ucs2, "a\U0001f600", 5, 1, 2);
	fits(ucs2, "e\u0301e\u0301", 6, 3, 4);
	fits(ucs2, "e\u0301", 2, 1, 2);
	fits(ucs2, "\U0001f468\u200d\U0001f469", 9, 7, 6);
	fits(coding(SMPP_ALPHA_ISO2022JP), "\u65e5\u65e5", 9, 3, 8);
	fits(coding(SMPP_ALPHA_ISO2022JP), "\u65e5a", 9, 4, 9);
	fits(coding(SMPP_ALPHA_KSC5601), "\ud55c\ud55c", 3, 3, 2);
	fits(coding(SMPP_ALPHA_GSM7_PACKED), "1234567\r", 8, 7, 7);
	fits(coding(SMPP_ALPHA_BINARY), "abc", 2, 2, 2);
	fits(gsm, "", 0, 0, 0);
}

static void
replaces(struct smpp_coding c, const char *text, const char *want)
{
	char room[256];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
	smpp_text_replace(&b, smpp_view_str(text), c);
	is_mem(b.p, b.n, want, strlen(want), "%s -> %s", text, want);
}

static void
replacing(void)
{
	replaces(gsm, "\u201cit\u2019s\u201d", "\"it's\"");
	replaces(gsm, "\u00e7\u00e9\u0142\u2026`\t", "c\u00e9l...' ");
	replaces(gsm, "\u03b1\u03c3\u03ac", "A\u03a3A");
	replaces(gsm, "e\u0301", "e");
	replaces(gsm, "\U0001f600\xff", "??");
	replaces(coding(SMPP_ALPHA_LATIN1), "\u20ac\u00e9", "EUR\u00e9");
	ok(smpp_text_encodable(smpp_view_str("abc"), gsm),
	    "nothing to replace");
}

static void
graphemes(void)
{
	static const char *const one[] = {"a", "e\u0301", "\r\n",
	    "\u0915\u094d\u0937\u093f", "\U0001f1e9\U0001f1ea",
	    "\U0001f44d\U0001f3fd", "\U0001f468\u200d\U0001f469",
	    "\u1112\u1161\u11ab", "\u2764\ufe0f", "\xff"};
	size_t i;

	for (i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		char two[64];
		int n = snprintf(two, sizeof(two), "%sx", one[i]);

		is_int(smpp_grapheme((uint8_t *)two, (size_t)n), strlen(one[i]),
		    "grapheme %zu is one", i);
	}
	is_int(smpp_grapheme(
		   (const uint8_t *)"\U0001f1e9\U0001f1ea\U0001f1e9", 12),
	    8, "two flags are two");
	is_int(smpp_grapheme((const uint8_t *)"\n\u0301", 3), 1,
	    "nothing joins a newline");
}

static void
data_codings(void)
{
	is_int(smpp_data_coding(SMPP_ALPHA_GSM7, -1), 0, "gsm7");
	is_int(smpp_data_coding(SMPP_ALPHA_GSM7, 0), 0xf0, "flash");
	is_int(smpp_data_coding(SMPP_ALPHA_UCS2, 0), 0x18, "flash, UCS-2");
	is_int(smpp_data_coding(SMPP_ALPHA_BINARY, 1), 0xf5, "class 1");
	is_int(smpp_data_coding(SMPP_ALPHA_LATIN1, 0), SMPP_ERANGE, "none");
	is_int(smpp_data_coding_waiting(
		   SMPP_ALPHA_GSM7, SMPP_WAITING_VOICE, true, false),
	    0xc8, "voice mail on");
	is_int(smpp_data_coding_waiting(
		   SMPP_ALPHA_GSM7, SMPP_WAITING_EMAIL, false, true),
	    0xd2, "e-mail off, stored");
	is_int(smpp_data_coding_waiting(
		   SMPP_ALPHA_UCS2, SMPP_WAITING_OTHER, true, false),
	    0xeb, "other, UCS-2");
}

int
main(void)
{
	alphabets();
	errors();
	tables();
	fitting();
	replacing();
	graphemes();
	data_codings();
	return tap_done();
}
