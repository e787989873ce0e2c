/* Connecting: a name or address and a port to a connected socket. */
#ifndef SMPP_NET_DIAL_H
#define SMPP_NET_DIAL_H

#include "net/io.h"

SMPP_BEGIN_DECLS

/*
 * Where to connect. host is a name or an address without brackets, port a
 * number, family 4 or 6, or 0 for either, source the local address to connect
 * from or NULL.
 */
struct smpp_addr {
	const char *host;
	const char *port;
	int family;
	const char *source;
};

/*
 * Connects over TCP, trying every address of the name in turn; each gets an
 * equal share of the time left. Sets peer to the numeric address reached.
 * Returns the descriptor, which is non-blocking and the caller's, or, with
 * err set: SMPP_ERESOLVE, SMPP_ECONNECT, SMPP_EINTERRUPTED, SMPP_ENOMEM.
 */
int smpp_dial(const struct smpp_addr *to, int wake, int64_t deadline,
    char peer[SMPP_PEER_MAX], struct smpp_err *err);

SMPP_END_DECLS

#endif
