/* UTF-8 into the alphabets of SMPP: what fits, how much, and the octets. */
#ifndef SMPP_TEXT_ENCODER_H
#define SMPP_TEXT_ENCODER_H

#include "base/err.h"
#include "base/wr.h"
#include "text/text.h"

SMPP_BEGIN_DECLS

/*
 * Sizes count units: septets of GSM 7-bit, packed or not, octets of any other
 * alphabet. Every function refuses what is not valid UTF-8 (SMPP_EBAD_TEXT)
 * and characters that the alphabet lacks (SMPP_ECHARSET, "U+201C at character
 * 18 is not in gsm7"); the offset of *err is then the number of the character,
 * from 1. Binary takes any octets as they are.
 */

/*
 * So much of a text: octets of its UTF-8, and units they encode to, which for
 * GSM 7-bit may be two a character.
 */
struct smpp_fit {
	uint32_t octets;
	uint32_t units;
};

/*
 * Measures how much of text fits into room units. The cut is between
 * graphemes; inside one only when it alone is larger than room, and never
 * inside a character. Sets *fit, octets 0 when not even one fits. Returns 0 or
 * an error as above.
 */
int smpp_text_fit(struct smpp_fit *fit, struct smpp_view text, uint32_t room,
    struct smpp_coding coding, struct smpp_err *err);

/*
 * Appends text to out in its alphabet. Packed text goes behind coding.fill
 * zero bits; seven bits left over are a CR, as is a CR behind one that would
 * pass for such (spec/packing.md). Returns 0; SMPP_ENOSPACE; errors as above.
 */
int smpp_text_encode(struct smpp_wr *out, struct smpp_view text,
    struct smpp_coding coding, struct smpp_err *err);

/*
 * Appends text to out as UTF-8 in which every character the alphabet lacks is
 * the nearest it has: a letter without its accent, a plain quote, the capital
 * of a Greek letter; '?' when there is none. Octets that are not UTF-8 become
 * '?' too. Returns how many characters were replaced.
 */
uint32_t smpp_text_replace(
    struct smpp_sbuf *out, struct smpp_view text, struct smpp_coding coding);

/* Whether anything in text has to be replaced. */
bool smpp_text_encodable(struct smpp_view text, struct smpp_coding coding);

/* National language tables of GSM 7-bit: numbers below this. */
enum { SMPP_NATIONAL_COUNT = 14 };

/* The tag of a language, "tr"; NULL when there is no table of this number. */
const char *smpp_national_tag(unsigned lang);

/* The language of a tag; -1 when there is none. */
int smpp_national_find(struct smpp_view tag);

/* True when the language has a locking table, not only a single shift one. */
bool smpp_national_locks(unsigned lang);

/*
 * The data_coding that says alphabet, and with it a message class: 0 for a
 * text that is shown at once (flash), up to 3; -1 for none. Returns
 * SMPP_ERANGE when GSM cannot express the class for this alphabet.
 */
int smpp_data_coding(enum smpp_alphabet alphabet, int message_class);

/* What a message waiting indication is about. */
enum smpp_waiting {
	SMPP_WAITING_VOICE,
	SMPP_WAITING_FAX,
	SMPP_WAITING_EMAIL,
	SMPP_WAITING_OTHER,
};

/*
 * The data_coding of a message that turns an indicator on or off. store asks
 * the phone to keep the text. Returns SMPP_ERANGE for alphabets other than
 * GSM 7-bit and UCS-2; the latter is always stored.
 */
int smpp_data_coding_waiting(enum smpp_alphabet alphabet,
    enum smpp_waiting what, bool active, bool store);

SMPP_END_DECLS

#endif
