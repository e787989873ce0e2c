/* What the files of the session share and nobody else includes. */
#ifndef SMPP_NET_SESSION_INT_H
#define SMPP_NET_SESSION_INT_H

#include "net/session.h"

/* What became of the request in a slot; a new one may take any but OPEN. */
enum request_fate {
	REQUEST_NONE,
	REQUEST_OPEN,
	REQUEST_ANSWERED,
	REQUEST_LATE,
};

/*
 * The requests of a session that observes have numbers that others chose: any,
 * in any order, the same one twice. Each is in one of a few slots that belong
 * to its number, and the table grows while it can when they are all open.
 */

/* Remembers a request under the number it has. Without memory an older one is
 * forgotten. */
void smpp_observe_open(
    struct smpp_session *s, const struct smpp_request *request);

/* The newest request of that number, one that is open first; NULL for none. */
struct smpp_request *smpp_observe_find(struct smpp_session *s, uint32_t number);

/* The open request that is due first, or NULL. */
struct smpp_request *smpp_observe_first(struct smpp_session *s);

#endif
