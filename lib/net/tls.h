/* TLS on a connected socket. Only tls.c knows OpenSSL. */
#ifndef SMPP_NET_TLS_H
#define SMPP_NET_TLS_H

#include <stdbool.h>

#include "net/io.h"

SMPP_BEGIN_DECLS

/*
 * Whom to trust, and who we are. cacert is a file of certificates to trust,
 * NULL for those of the system; cert and key are files of our own, or NULL.
 * insecure trusts anybody.
 */
struct smpp_tls_conf {
	const char *cacert;
	const char *cert;
	const char *key;
	bool insecure;
};

struct smpp_tls;

/*
 * What the connections of a client have in common, TLS 1.2 or newer: whom to
 * trust, read once, and who we are. Several threads may use one. conf is
 * needed for the call alone. Returns 0 and sets *client or, with err set:
 * SMPP_ETLS, SMPP_ENOMEM; SMPP_EIO when a file cannot be used. close accepts
 * NULL; connections may outlive it.
 */
struct smpp_tls_client;
int smpp_tls_client_open(struct smpp_tls_client **client,
    const struct smpp_tls_conf *conf, struct smpp_err *err);
void smpp_tls_client_close(struct smpp_tls_client *client);

/*
 * Begins TLS on a connected socket, without waiting: smpp_tls_handshake()
 * follows. The peer is asked for name, and its certificate has to be for that.
 * fd stays the caller's and must outlive the result. Returns 0 and sets *tls,
 * to be closed by the caller, or SMPP_ENOMEM.
 */
int smpp_tls_connect(struct smpp_tls **tls, struct smpp_tls_client *client,
    int fd, const char *name);

/*
 * Goes on with the handshake, of either side, as far as that is possible
 * without waiting. Returns 1 when it is done, 0 when it waits for
 * smpp_tls_wants(), or SMPP_ETLS with err set.
 */
int smpp_tls_handshake(struct smpp_tls *tls, struct smpp_err *err);

/*
 * What the handshake, the reading or the writing that returned 0 waits for, as
 * poll(2) names it: POLLIN, POLLOUT or both. A write may wait for octets to be
 * read, and a read for room to write.
 */
short smpp_tls_wants(const struct smpp_tls *tls);

/*
 * The other side: a certificate chain and its key in files, key NULL for the
 * file of the chain; ca, a file of certificates one of which has to have
 * signed that of a client, NULL to ask for none. Returns 0 and sets *server,
 * or, with err set, SMPP_ETLS, SMPP_ENOMEM, SMPP_EIO when a file cannot be
 * used. close accepts NULL; connections may outlive it.
 */
struct smpp_tls_server;
int smpp_tls_server_open(struct smpp_tls_server **server, const char *cert,
    const char *key, const char *ca, struct smpp_err *err);
void smpp_tls_server_close(struct smpp_tls_server *server);

/*
 * Begins TLS on an accepted connection, without waiting: the handshake is part
 * of the first smpp_tls_read(), which returns 0 until it is done. fd stays the
 * caller's. Returns 0 and sets *tls, or SMPP_ENOMEM.
 */
int smpp_tls_accept(
    struct smpp_tls **tls, struct smpp_tls_server *server, int fd);

/* Says goodbye, if that does not block, and frees. Accepts NULL. */
void smpp_tls_close(struct smpp_tls *tls);

/* Has smpp_tls_close() say nothing. */
void smpp_tls_abort(struct smpp_tls *tls);

/* Says that nothing more will be written, if that does not block; reading goes
 * on. */
void smpp_tls_shut(struct smpp_tls *tls);

/*
 * As smpp_io_read and smpp_io_write; also SMPP_ETLS. A peer that closes
 * without having said so (close_notify) may have been cut off: it is
 * SMPP_ECLOSED with a text of its own. SIGPIPE has to be ignored.
 */
int64_t smpp_tls_read(
    struct smpp_tls *tls, void *p, size_t n, struct smpp_err *err);
int64_t smpp_tls_write(
    struct smpp_tls *tls, const void *p, size_t n, struct smpp_err *err);

/* Whether octets wait that poll(2) does not know of. */
bool smpp_tls_pending(const struct smpp_tls *tls);

/* The version, "TLSv1.3", and the cipher agreed on; borrowed. */
const char *smpp_tls_version(const struct smpp_tls *tls);
const char *smpp_tls_cipher(const struct smpp_tls *tls);

/* Seconds until the peer's certificate expires, below 0 when it has; INT64_MAX
 * when there is none. */
int64_t smpp_tls_expires(const struct smpp_tls *tls);

SMPP_END_DECLS

#endif
