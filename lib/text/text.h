/* Texts and the alphabets in which SMPP carries them (spec/packing.md). */
#ifndef SMPP_TEXT_TEXT_H
#define SMPP_TEXT_TEXT_H

#include "base/sbuf.h"

SMPP_BEGIN_DECLS

/*
 * The alphabets: SMPP_ALPHA_GSM7, a septet an octet; GSM7_PACKED, eight in
 * seven octets; ASCII, LATIN1, UCS2 and the others of alphabets.def. BINARY is
 * no text.
 */
enum smpp_alphabet {
#define SMPP_ALPHABET(id, name, family, charset, dc, brief) SMPP_ALPHA_##id,
#include "text/alphabets.def"
#undef SMPP_ALPHABET
	SMPP_ALPHA_COUNT,
};

/*
 * How the octets of a text are to be read. single and locking are the national
 * language tables of GSM 7-bit, 0 for none; fill is the number of zero bits
 * before the first septet of packed data.
 */
struct smpp_coding {
	uint8_t alphabet; /* enum smpp_alphabet */
	uint8_t single;
	uint8_t locking;
	uint8_t fill;
};

/* Longest UTF-8 that n octets can decode to, whatever the alphabet. */
#define SMPP_TEXT_MAX(n) (4 * (size_t)(n))

/*
 * Appends octets to out as UTF-8, which is valid whatever they hold: U+FFFD
 * stands for what cannot be read. Binary data appends nothing. Octets of
 * UTF-16 may have either order: a byte order mark counts and is left out, and
 * ASCII with the low octet first is recognised. Returns -1 when all was valid,
 * else the offset of the first octet that was not (issue bad_text).
 */
int64_t smpp_text_decode(
    struct smpp_sbuf *out, struct smpp_view octets, struct smpp_coding coding);

/* What smpp_text_decode would return, without the text. */
int64_t smpp_text_check(struct smpp_view octets, struct smpp_coding coding);

/*
 * The alphabet a data_coding stands for. 0 is mc_default, which depends on the
 * SMSC. Values that SMPP reserves are read as the data coding scheme of GSM
 * (spec/enums.tsv, gsm_dcs); its 7-bit groups are packed if mc_default is.
 */
enum smpp_alphabet smpp_alphabet_of(
    uint8_t data_coding, enum smpp_alphabet mc_default);

/* The name of an alphabet, as options and output have it, and what it is. */
const char *smpp_alphabet_name(enum smpp_alphabet alphabet);
const char *smpp_alphabet_brief(enum smpp_alphabet alphabet);

/*
 * The alphabet of a name: its own, that of a data_coding or a common spelling,
 * in either case. Returns -1 when there is none.
 */
int smpp_alphabet_find(struct smpp_view name);

SMPP_END_DECLS

#endif
