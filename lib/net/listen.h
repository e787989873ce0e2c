/* Accepting connections. */
#ifndef SMPP_NET_LISTEN_H
#define SMPP_NET_LISTEN_H

#include "net/io.h"

SMPP_BEGIN_DECLS

/*
 * Listens for TCP connections on the first address of host, a name or an
 * address without brackets, and port, a number; 0 lets the system choose.
 * Sets name to the numeric address it listens on. Returns the descriptor,
 * non-blocking and the caller's, or, with err set, SMPP_ERESOLVE or SMPP_EIO.
 */
int smpp_listen(const char *host, const char *port, char name[SMPP_PEER_MAX],
    struct smpp_err *err);

/*
 * Accepts one connection. Sets peer to its numeric address. Returns its
 * descriptor, non-blocking and the caller's; SMPP_EEMPTY when nobody waits,
 * or, with err set, SMPP_EIO: no more descriptors are to be had.
 */
int smpp_accept(int fd, char peer[SMPP_PEER_MAX], struct smpp_err *err);

SMPP_END_DECLS

#endif
