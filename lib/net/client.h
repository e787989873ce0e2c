/*
 * An ESME in a few calls that wait: connect and bind, send and get the answer,
 * wait for what the message centre sends, unbind. It stands on the engine,
 * which is for all that does more than one thing at a time.
 */
#ifndef SMPP_NET_CLIENT_H
#define SMPP_NET_CLIENT_H

#include "net/engine.h"

SMPP_BEGIN_DECLS

/*
 * Whom to connect to, and as whom. What is 0 or NULL is as usual. Needed for
 * the call of smpp_client_open() alone, with all it refers to.
 */
struct smpp_client_conf {
	/* A name or an address without brackets, "localhost", and a port,
	 * "2775". */
	const char *host;
	const char *port;
	/* Of the bind: empty, if NULL. */
	const char *system_id;
	const char *password;
	const char *system_type;
	/* Which bind: SMPP_C_bind_transceiver, unless it is another. */
	uint32_t bind;
	/* The version of the session, v3.4. */
	enum smpp_ver ver;
	/* How long connecting may take, and then each answer: 10 s. */
	int64_t timeout_ms;
	/* The peer is asked whether it is there after so long without a PDU,
	 * if there is a call that waits: 30 s. */
	int64_t enquire_ms;
	/* TLS, with a certificate for host; has to live as long as the
	 * client, and SIGPIPE to be ignored. NULL is plain TCP. */
	struct smpp_tls_client *tls;
	/* Where the command_status of the answer goes when the bind is refused,
	 * ESME_RINVPASWD or so (SMPP_EREFUSED); ESME_ROK goes there else. */
	uint32_t *refused;
};

/*
 * A session; private. It belongs to one thread at a time. Between calls nothing
 * happens: what the peer asks, enquire_link too, is answered while a call
 * waits, so that smpp_client_wait() is the place to be when there is nothing
 * to do. A signal does not end a wait.
 *
 * err may be NULL. Opening, asking and waiting clear it first: after a success
 * its code is 0, after a failure it tells of that one. Closing leaves an error
 * that is there alone, so that what made a program stop is not lost.
 */
struct smpp_client;

/*
 * Connects and binds. Returns the session, bound, to be closed by the caller;
 * or NULL with err set: SMPP_ERESOLVE, SMPP_ECONNECT, SMPP_ETLS,
 * SMPP_ETIMEOUT, SMPP_EREFUSED (the text of err names the status, and
 * conf->refused has it), or what
 * else ends a connection; SMPP_ENOMEM, SMPP_EIO. conf may be NULL. There is no
 * second attempt.
 */
struct smpp_client *smpp_client_open(
    const struct smpp_client_conf *conf, struct smpp_err *err);

/*
 * Sends a request, whose sequence_number is set, and waits for its answer,
 * which *pdu is then, whatever its command_status; a generic_nack is one, too.
 * Its views are borrowed until the next call on c. What else arrives meanwhile
 * waits for smpp_client_wait().
 *
 * Returns 0 or, with err set: SMPP_ETIMEOUT, and the session goes on, though
 * the request may have been heard; what smpp_encode() returns or SMPP_ESTATE,
 * a request that does not belong into this session, and nothing was sent; what
 * ended the connection (SMPP_E_FATAL): then only closing is left.
 */
int smpp_client_ask(
    struct smpp_client *c, struct smpp_pdu *pdu, struct smpp_err *err);

/*
 * Waits for what the peer sends of itself, a deliver_sm or so, until the
 * deadline, of smpp_clock_ms(). Sets *pdu, whose views are borrowed until the
 * next call on c. That call answers it with ESME_ROK: what has to survive is
 * to be put away before. smpp_client_reply() answers otherwise.
 *
 * Requests wait in memory, 1 MiB of them; those beyond that are answered with
 * ESME_RMSGQFUL, for the peer to try again. Returns 0 or, with err set,
 * SMPP_ETIMEOUT or what ended the connection.
 */
int smpp_client_wait(struct smpp_client *c, struct smpp_pdu *pdu,
    int64_t deadline, struct smpp_err *err);

/*
 * Answers what smpp_client_wait() returned with a status, now. Returns 0;
 * SMPP_ESTATE when there is nothing to be answered (any more); SMPP_ENOMEM.
 */
int smpp_client_reply(struct smpp_client *c, uint32_t command_status);

/*
 * Unbinds, waits for the answer to that, closes the connection and frees c,
 * which may be NULL. Returns 0 or, with err set unless it holds an error, why
 * the session did not end in order, or had not before.
 */
int smpp_client_close(struct smpp_client *c, struct smpp_err *err);

SMPP_END_DECLS

#endif
