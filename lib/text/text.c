/* Which alphabet a text has, and who reads it. */
#include <strings.h>

#include "text/encoder.h"
#include "text/text_int.h"

static const struct smpp_alphabet_row alphabets[SMPP_ALPHA_COUNT] = {
#define SMPP_ALPHABET(id, name, family, charset, dc, brief) \
	[SMPP_ALPHA_##id] = {name, charset, SMPP_FAMILY_##family, dc, brief},
#include "text/alphabets.def"
#undef SMPP_ALPHABET
};

/* Other spellings: the symbols of data_coding in spec/enums.tsv, and habit. */
static const struct {
	char name[12];
	uint8_t alphabet;
} aliases[] = {
    {"gsm", SMPP_ALPHA_GSM7},
    {"gsm0338", SMPP_ALPHA_GSM7},
    {"gsm7packed", SMPP_ALPHA_GSM7_PACKED},
    {"ia5", SMPP_ALPHA_ASCII},
    {"us-ascii", SMPP_ALPHA_ASCII},
    {"iso-8859-1", SMPP_ALPHA_LATIN1},
    {"octet_1", SMPP_ALPHA_BINARY},
    {"octet_2", SMPP_ALPHA_BINARY},
    {"8bit", SMPP_ALPHA_BINARY},
    {"utf16", SMPP_ALPHA_UCS2},
    {"utf-16", SMPP_ALPHA_UCS2},
    {"utf-16be", SMPP_ALPHA_UCS2},
    {"ucs-2", SMPP_ALPHA_UCS2},
    {"utf-8", SMPP_ALPHA_UTF8},
    {"shift_jis", SMPP_ALPHA_JIS},
    {"sjis", SMPP_ALPHA_JIS},
    {"iso-8859-5", SMPP_ALPHA_CYRILLIC},
    {"iso-8859-8", SMPP_ALPHA_HEBREW},
    {"cp932", SMPP_ALPHA_PICTOGRAM},
    {"iso-2022-jp", SMPP_ALPHA_ISO2022JP},
    {"euc-jp", SMPP_ALPHA_JIS_X0212},
    {"eucjp", SMPP_ALPHA_JIS_X0212},
    {"ksc5601", SMPP_ALPHA_KSC5601},
    {"ks_c_5601", SMPP_ALPHA_KSC5601},
    {"euc-kr", SMPP_ALPHA_KSC5601},
    {"euckr", SMPP_ALPHA_KSC5601},
    {"uhc", SMPP_ALPHA_CP949},
};

/*
 * data_coding by range, the first that fits; spec/enums.tsv, data_coding and
 * gsm_dcs. From 0x0f on the octet is GSM's, where reserved values are read as
 * its default alphabet.
 */
static const struct {
	uint8_t from, to;
	uint8_t mask, value; /* further condition: (octet & mask) == value */
	uint8_t alphabet;
} codings[] = {
    {0x01, 0x01, 0, 0, SMPP_ALPHA_ASCII},
    {0x02, 0x02, 0, 0, SMPP_ALPHA_BINARY},
    {0x03, 0x03, 0, 0, SMPP_ALPHA_LATIN1},
    {0x04, 0x04, 0, 0, SMPP_ALPHA_BINARY},
    {0x05, 0x05, 0, 0, SMPP_ALPHA_JIS},
    {0x06, 0x06, 0, 0, SMPP_ALPHA_CYRILLIC},
    {0x07, 0x07, 0, 0, SMPP_ALPHA_HEBREW},
    {0x08, 0x08, 0, 0, SMPP_ALPHA_UCS2},
    {0x09, 0x09, 0, 0, SMPP_ALPHA_PICTOGRAM},
    {0x0a, 0x0a, 0, 0, SMPP_ALPHA_ISO2022JP},
    {0x0d, 0x0d, 0, 0, SMPP_ALPHA_JIS_X0212},
    {0x0e, 0x0e, 0, 0, SMPP_ALPHA_KSC5601},
    {0x10, 0x7f, 0x20, 0x20, SMPP_ALPHA_BINARY}, /* compressed */
    {0x10, 0x7f, 0x0c, 0x04, SMPP_ALPHA_BINARY},
    {0x10, 0x7f, 0x0c, 0x08, SMPP_ALPHA_UCS2},
    {0xe0, 0xef, 0, 0, SMPP_ALPHA_UCS2},
    {0xf0, 0xff, 0x04, 0x04, SMPP_ALPHA_BINARY},
};

/* 0 is the default alphabet of the message centre, which only its operator
 * knows. Where that is packed, the reserved values of GSM are, too. */
enum smpp_alphabet
smpp_alphabet_of(uint8_t data_coding, enum smpp_alphabet mc_default)
{
	size_t i;

	if (data_coding == 0)
		return mc_default;
	for (i = 0; i < sizeof(codings) / sizeof(codings[0]); i++)
		if (data_coding >= codings[i].from &&
		    data_coding <= codings[i].to &&
		    (data_coding & codings[i].mask) == codings[i].value)
			return codings[i].alphabet;
	if (mc_default == SMPP_ALPHA_GSM7_PACKED)
		return SMPP_ALPHA_GSM7_PACKED;
	return SMPP_ALPHA_GSM7;
}

const struct smpp_alphabet_row *
smpp_alphabet_row(enum smpp_alphabet alphabet)
{
	return &alphabets[alphabet];
}

const char *
smpp_alphabet_name(enum smpp_alphabet alphabet)
{
	return alphabets[alphabet].name;
}

const char *
smpp_alphabet_brief(enum smpp_alphabet alphabet)
{
	return alphabets[alphabet].brief;
}

static bool
text_same_name(struct smpp_view v, const char *name)
{
	return v.n == strlen(name) &&
	       strncasecmp((const char *)v.p, name, v.n) == 0;
}

int
smpp_alphabet_find(struct smpp_view name)
{
	size_t i;

	for (i = 0; i < SMPP_ALPHA_COUNT; i++)
		if (text_same_name(name, alphabets[i].name))
			return (int)i;
	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (text_same_name(name, aliases[i].name))
			return aliases[i].alphabet;
	return -1;
}

/* A class needs a value of GSM's: group 0xf for 7 bits and octets, which has
 * no UCS-2, so that takes the general group 0x1 with its bit for a class. */
int
smpp_data_coding(enum smpp_alphabet alphabet, int message_class)
{
	if (message_class < 0)
		return alphabets[alphabet].data_coding;
	switch (alphabet) {
	case SMPP_ALPHA_GSM7:
	case SMPP_ALPHA_GSM7_PACKED:
		return 0xf0 | message_class;
	case SMPP_ALPHA_BINARY:
		return 0xf4 | message_class;
	case SMPP_ALPHA_UCS2:
		return 0x18 | message_class;
	default:
		return SMPP_ERANGE;
	}
}

int
smpp_data_coding_waiting(enum smpp_alphabet alphabet, enum smpp_waiting what,
    bool active, bool store)
{
	int dcs = (int)what | (active ? 0x08 : 0);

	if (alphabet == SMPP_ALPHA_UCS2)
		return 0xe0 | dcs;
	if (alphabet != SMPP_ALPHA_GSM7 && alphabet != SMPP_ALPHA_GSM7_PACKED)
		return SMPP_ERANGE;
	return (store ? 0xd0 : 0xc0) | dcs;
}

/* One octet a character, up to limit. */
static int64_t
latin_decode(struct smpp_sbuf *out, struct smpp_view v, uint8_t limit)
{
	int64_t bad = -1;
	uint32_t i, from;

	for (i = 0; i < v.n; i++) {
		from = i;
		while (i < v.n && v.p[i] < 0x80)
			i++;
		if (i > from)
			smpp_sbuf_put(out, v.p + from, i - from);
		if (i == v.n)
			break;
		if (v.p[i] > limit && bad < 0)
			bad = i;
		smpp_text_char(out, v.p[i] > limit ? SMPP_UTF_BAD : v.p[i]);
	}
	return bad;
}

/*
 * The charset that reads octets which came as this alphabet. Korean phones
 * send all syllables as KS C 5601, and JIS has no octet form of its own: an
 * escape tells ISO-2022-JP from Shift JIS.
 */
static const char *
reading(struct smpp_view octets, enum smpp_alphabet alphabet)
{
	if (alphabet == SMPP_ALPHA_KSC5601)
		alphabet = SMPP_ALPHA_CP949;
	else if (alphabet == SMPP_ALPHA_JIS && octets.n > 0 &&
		 memchr(octets.p, 0x1b, octets.n) != NULL)
		alphabet = SMPP_ALPHA_ISO2022JP;
	return alphabets[alphabet].charset;
}

int64_t
smpp_text_decode(
    struct smpp_sbuf *out, struct smpp_view octets, struct smpp_coding coding)
{
	switch (alphabets[coding.alphabet].family) {
	case SMPP_FAMILY_GSM7:
		return smpp_gsm7_decode(out, octets, coding);
	case SMPP_FAMILY_ASCII:
		return latin_decode(out, octets, 0x7f);
	case SMPP_FAMILY_LATIN1:
		return latin_decode(out, octets, 0xff);
	case SMPP_FAMILY_UTF16:
		return smpp_utf16_decode(out, octets);
	case SMPP_FAMILY_UTF8:
		return smpp_utf8_decode(out, octets);
	case SMPP_FAMILY_ICONV:
		return smpp_charset_decode(
		    out, octets, reading(octets, coding.alphabet));
	}
	return -1;
}

/* The first octet above 0x7f, or -1. Eight octets at once, since this is all
 * that checking most texts costs. */
static int64_t
first_high(struct smpp_view v)
{
	uint32_t i = 0;
	uint64_t w;

	for (; v.n - i >= 8; i += 8) {
		memcpy(&w, v.p + i, 8);
		if (w & 0x8080808080808080u)
			break;
	}
	for (; i < v.n; i++)
		if (v.p[i] > 0x7f)
			return i;
	return -1;
}

int64_t
smpp_text_check(struct smpp_view octets, struct smpp_coding coding)
{
	const int family = alphabets[coding.alphabet].family;
	struct smpp_sbuf nowhere;
	char tmp[256];

	/* Unpacked GSM has a character or a blank for every code of 7 bits. */
	if (family == SMPP_FAMILY_ASCII || coding.alphabet == SMPP_ALPHA_GSM7)
		return first_high(octets);
	if (family == SMPP_FAMILY_LATIN1)
		return -1;
	smpp_sbuf_init(&nowhere, tmp, sizeof(tmp), smpp_sbuf_drop, NULL);
	return smpp_text_decode(&nowhere, octets, coding);
}
