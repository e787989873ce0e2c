/* What the files of the link share and nobody else includes. */
#ifndef SMPP_LINK_INT_H
#define SMPP_LINK_INT_H

#include "link.h"
#include "linksay.h"

enum {
	/* For a peer that has just let a time pass, and for the last octets. */
	LINK_SILENT_MS = 200,
};

/* How the connection of l->from ended, or a wait for it, for l->err. */
static inline struct linkend
link_ending(const struct link *l)
{
	return (struct linkend){.c = l->c,
	    .t = l->t,
	    .peer = l->from->peer,
	    .left = smpp_view_of(l->left, l->nleft),
	    .err = &l->err,
	    .deadline = l->deadline};
}

/*
 * Writes what is to be written, and waits, until that time, for anything to
 * happen: to the connections, and then it is in the queue or l->over is set,
 * or beside them. Returns 0, or with l->err set SMPP_EINTERRUPTED or SMPP_EIO.
 */
int link_turn(struct link *l, int64_t until);

/* Takes what is there, for somebody else: it is to come again later. */
void link_put_off(struct link *l);

/* Says that there is no connection any more: l->err is why. */
void link_tell_over(struct link *l);

/* Lets go of the connections, as they are. */
void link_drop(struct link *l);

#endif
