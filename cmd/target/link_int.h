/* What the files of the link share and nobody else includes. */
#ifndef SMPP_LINK_INT_H
#define SMPP_LINK_INT_H

#include "link.h"
#include "linksay.h"

/* How the connection of l->from ended, or a wait for it, for l->err. */
static inline struct linkend
link_ending(const struct link *l)
{
	return (struct linkend){.c = l->c,
	    .t = l->t,
	    .peer = l->from->peer,
	    .left = smpp_conn_leftover(l->from),
	    .err = &l->err,
	    .deadline = l->deadline};
}

#endif
