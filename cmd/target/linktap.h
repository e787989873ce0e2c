/* What passes on a connection, for -v and --trace. */
#ifndef SMPP_LINKTAP_H
#define SMPP_LINKTAP_H

#include "net/capture.h"
#include "net/conn.h"
#include "target.h"

enum { LINKTAP_ASKED = 64 }; /* requests whose latency -v can tell */

/*
 * What is known of one connection; asked is when each of its latest requests
 * was sent. Private. A zeroed one has not begun.
 */
struct linktap {
	struct ctx *c;
	struct target *t;
	bool serves; /* we are the SMSC */
	struct smpp_stream stream;
	uint64_t asked[LINKTAP_ASKED];
};

/*
 * Creates the file of --trace, if there is to be one, once for all connections
 * with the target. Returns 0, or an exit class after it said what is wrong.
 */
int linktap_open(struct ctx *c, struct target *t);

/*
 * Begins to show what passes on a connection from now on, where -v or --trace
 * ask for it; tap has to stay where it is as long as the connection. end is
 * that of the connection, for the file.
 */
void linktap_begin(struct linktap *tap, struct ctx *c, struct target *t,
    struct smpp_conn *conn);
void linktap_end(struct linktap *tap);

/* Whether all of it is in the file. Returns 0, or SMPP_EXIT_LOCAL after it said
 * that it could not be written. */
int linktap_check(struct ctx *c, const struct target *t);

#endif
