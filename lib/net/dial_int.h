/* The steps of connecting, none of which waits, for the files of lib/net. */
#ifndef SMPP_NET_DIAL_INT_H
#define SMPP_NET_DIAL_INT_H

#include "net/engine.h"

struct addrinfo;

/*
 * The addresses of a host that is one itself, or "localhost". Sets list, the
 * caller's to free, and hints, for the look-up of a name. Returns 0 or an
 * EAI_*, EAI_NONAME for a name.
 */
int smpp_dial_numeric(
    const struct smpp_addr *to, struct addrinfo *hints, struct addrinfo **list);

/* Begins to connect to an address, peer in text. Returns the descriptor, which
 * becomes writable, or SMPP_E* with err set. */
int smpp_dial_begin(const struct addrinfo *ai, const char *source,
    const char *peer, struct smpp_err *err);

/* What became of it then: 0, or -1 and errno. */
int smpp_dial_result(int fd);

#endif
