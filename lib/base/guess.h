/* What octets are that are no SMPP. */
#ifndef SMPP_BASE_GUESS_H
#define SMPP_BASE_GUESS_H

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * The protocol that octets at the start of a connection or a file belong to,
 * in words for a sentence such as "this looks like ...": "an HTTP request",
 * "a TLS handshake". Returns a constant, or NULL when they are like none that
 * is known here; a few octets may be too few to tell.
 */
const char *smpp_guess_protocol(struct smpp_view octets);

SMPP_END_DECLS

#endif
