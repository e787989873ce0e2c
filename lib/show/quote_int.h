/* Text for a terminal: nothing in it can command one. Private to lib/show. */
#ifndef SMPP_SHOW_QUOTE_INT_H
#define SMPP_SHOW_QUOTE_INT_H

#include "base/sbuf.h"
#include "base/view.h"

/*
 * Appends n characters of UTF-8 to the sbuf arg, quotes and backslashes, C0
 * and C1 controls and those that turn the direction of writing escaped. A
 * flush function, for text in the making. Returns 0.
 */
int smpp_quote_piece(void *arg, const char *p, size_t n);

/* Whether octets are UTF-8 without control characters. If so *v loses the NUL
 * that ends it. */
bool smpp_quote_is_text(struct smpp_view *v);

/* Appends octets in quotes, those above 0x7f as \xNN. */
void smpp_quote_octets(struct smpp_sbuf *out, struct smpp_view v);

#endif
