/* What the files of lib/text share and nobody else includes. */
#ifndef SMPP_TEXT_TEXT_INT_H
#define SMPP_TEXT_TEXT_INT_H

#include "base/err.h"
#include "base/sbuf.h"
#include "text/text.h"
#include "text/utf.h"

/* Who reads and writes an alphabet. */
enum smpp_family {
	SMPP_FAMILY_GSM7,
	SMPP_FAMILY_ASCII,
	SMPP_FAMILY_LATIN1,
	SMPP_FAMILY_UTF16,
	SMPP_FAMILY_UTF8,
	SMPP_FAMILY_ICONV,
	SMPP_FAMILY_NOTEXT,
};

/* One row of alphabets.def; charset is empty unless it is iconv's. */
struct smpp_alphabet_row {
	char name[12];
	char charset[12];
	uint8_t family;
	uint8_t data_coding;
	char brief[48];
};

const struct smpp_alphabet_row *smpp_alphabet_row(enum smpp_alphabet alphabet);

/* Appends one character as UTF-8. */
static inline void
smpp_text_char(struct smpp_sbuf *out, uint32_t u)
{
	char tmp[4];

	smpp_sbuf_put(out, tmp, smpp_utf8_put(tmp, u));
}

/*
 * Decoders, one a family of alphabets. All append valid UTF-8 and return -1,
 * or the offset of the first octet that is not valid.
 */
int64_t smpp_gsm7_decode(
    struct smpp_sbuf *out, struct smpp_view octets, struct smpp_coding coding);
int64_t smpp_utf8_decode(struct smpp_sbuf *out, struct smpp_view octets);
int64_t smpp_utf16_decode(struct smpp_sbuf *out, struct smpp_view octets);
int64_t smpp_charset_decode(
    struct smpp_sbuf *out, struct smpp_view octets, const char *charset);

/*
 * Encoders, one a family: the units of the character u go to out, which holds
 * SMPP_UNITS_MAX octets. Return how many; 0 when the alphabet lacks it.
 */
enum { SMPP_UNITS_MAX = 16 };

unsigned smpp_gsm7_put(
    uint8_t *out, uint32_t u, const struct smpp_coding *coding);

/* A conversion by iconv under way; cd is opaque to others. */
struct smpp_charset {
	void *cd;
	bool stateful;
	bool shifted; /* out of the initial state, to which a text returns */
};

int smpp_charset_open(struct smpp_charset *cs, const char *charset);
unsigned smpp_charset_put(struct smpp_charset *cs, uint8_t *out, uint32_t u);
unsigned smpp_charset_reset(struct smpp_charset *cs, uint8_t *out);
void smpp_charset_close(struct smpp_charset *cs);

/* A locale and a conversion that know the nearest ASCII of a character. */
struct smpp_nearest {
	void *cd;
	void *locale;
};

void smpp_nearest_open(struct smpp_nearest *n);
void smpp_nearest_close(struct smpp_nearest *n);

/* Writes the nearest ASCII of u, at most SMPP_UNITS_MAX octets; returns how
 * many, also 0 for a mark that is best left out; -1 when there is none. */
int smpp_nearest(struct smpp_nearest *n, char *out, uint32_t u);

#endif
