/* What the files of the link share and nobody else includes. */
#ifndef SMPP_LINK_INT_H
#define SMPP_LINK_INT_H

#include "link.h"

/* Creates the file of --trace, once for all connections. Returns 0, or an exit
 * class after it said what is wrong. */
int link_capture(struct link *l);

/* Starts to show what passes on a connection of the link, where -v or --trace
 * ask for it. */
void link_watch(struct link *l, struct smpp_conn *conn);

/* Ends the streams of the capture. Returns as link_close(). */
int link_watch_end(struct link *l);

#endif
