/* A connection in words: that it is there, and why not. */
#ifndef SMPP_LINKSAY_H
#define SMPP_LINKSAY_H

#include "net/engine.h"
#include "target.h"

/* -v: that a connection is there. */
void linksay_connected(struct ctx *c, const struct smpp_conn *conn);

/* That a bind was answered, and resp is the answer: with -v, or at once by
 * commands that run on. */
void linksay_bound(
    struct ctx *c, const struct smpp_conn *conn, const struct smpp_pdu *resp);

/*
 * That what somebody is called in a PDU lacks its end, and is taken as it is:
 * refused, an id or a bind would be lost for want of a NUL. Returns whether it
 * said so; once a session will do, as it is how this SMSC is.
 */
bool linksay_unended(struct ctx *c, const struct smpp_pdu *pdu);

/*
 * How a connection ended, or was not made. peer is its numeric address, left
 * what it sent that is no whole PDU, err why; what did not come in time is
 * SMPP_ETIMEOUT there. deadline is the end of -t, or SMPP_FOREVER.
 */
struct linkend {
	struct ctx *c;
	const struct target *t;
	const char *peer;
	struct smpp_view left;
	const struct smpp_err *err;
	int64_t deadline;
};

/*
 * The calls below say so as an error, with a hint where there is one, and
 * return the exit class. What a signal ended (SMPP_EINTERRUPTED) is no news.
 *
 * connect is about name and connection, tls about the handshake; bind about a
 * bind that was not answered, awaited being the name of the answer. wait is
 * about any other wait for what is awaited, which was to last waited_ms: exit
 * is what it returns, what the word for JSON.
 */
int linksay_connect(const struct linkend *end);
int linksay_tls(const struct linkend *end);
int linksay_bind(const struct linkend *end, const char *awaited);
int linksay_wait(const struct linkend *end, int exit, const char *what,
    const char *awaited, int64_t waited_ms);

/* A bind was refused: by an answer of this command_id and status. */
int linksay_refused(struct ctx *c, const struct target *t, uint32_t command_id,
    uint32_t status);

#endif
