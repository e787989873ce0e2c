/* Where a text may be cut: between what a user would call letters. */
#ifndef SMPP_TEXT_GRAPHEME_H
#define SMPP_TEXT_GRAPHEME_H

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * The octets of the first grapheme of n octets of UTF-8 at p, n at least 1: a
 * character with its combining marks, an Indic conjunct, a Hangul syllable of
 * letters, an emoji sequence, a flag, CR LF. An octet that is not valid UTF-8
 * is one by itself. Unicode's rules (UAX 29) with ranges in place of some of
 * their tables.
 */
size_t smpp_grapheme(const uint8_t *p, size_t n);

SMPP_END_DECLS

#endif
