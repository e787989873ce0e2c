/* What a connection is made of: the settings of a target as lib/net has them.
 */
#ifndef SMPP_DIALCONF_H
#define SMPP_DIALCONF_H

#include "net/engine.h"
#include "target.h"

/* A session with the target; window is how many requests may be open. */
struct smpp_session_conf dialconf_session(
    const struct ctx *c, const struct target *t, uint32_t window);

/*
 * How to dial the target, once; all in it is borrowed from c and t. tls is
 * what dialconf_tls() made. connect_ms is that of --connect-timeout: -t is the
 * caller's to keep.
 */
struct smpp_dial_conf dialconf_of(const struct ctx *c, const struct target *t,
    uint32_t window, struct smpp_tls_client *tls);

/*
 * Reads the certificates, and says with -k that they do not count. Sets *tls,
 * the caller's to close, one for any number of connections; NULL where the
 * target does without TLS. Returns 0, or an exit class after it said what is
 * wrong.
 */
int dialconf_tls(
    struct ctx *c, const struct target *t, struct smpp_tls_client **tls);

/* Makes *pdu, which borrows from t, the bind that t asks for, and its
 * command_id. */
void dialconf_bind(const struct target *t, struct smpp_pdu *pdu);
uint32_t dialconf_bind_id(const struct target *t);

/* SMPP 3.3 has no transceiver: whether a transmitter and a receiver are to do
 * instead. */
bool dialconf_pair(const struct target *t);

#endif
