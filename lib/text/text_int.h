/* What the files of lib/text share and nobody else includes. */
#ifndef SMPP_TEXT_TEXT_INT_H
#define SMPP_TEXT_TEXT_INT_H

#include "base/sbuf.h"
#include "text/text.h"
#include "text/utf.h"

/* Appends one character as UTF-8. */
static inline void
smpp_text_char(struct sbuf *out, uint32_t u)
{
	char tmp[4];

	sbuf_put(out, tmp, utf8_put(tmp, u));
}

/*
 * Decoders, one a family of alphabets. All append valid UTF-8 and return -1,
 * or the offset of the first octet that is not valid.
 */
int64_t smpp_gsm7_decode(
    struct sbuf *out, struct view octets, struct smpp_coding coding);
int64_t smpp_utf8_decode(struct sbuf *out, struct view octets);
int64_t smpp_utf16_decode(struct sbuf *out, struct view octets);
int64_t smpp_charset_decode(
    struct sbuf *out, struct view octets, const char *charset);

#endif
