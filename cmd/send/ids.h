/* Message ids: those of responses found by those of receipts. */
#ifndef SMPP_SEND_IDS_H
#define SMPP_SEND_IDS_H

#include "msg/dlr.h"
#include "msg/idmatch.h"

/* In a table: id, borrowed, of what owner is. */
struct id_node {
	struct id_node *chain;
	struct smpp_view id;
	uint32_t hash;
	void *owner;
};

/* n nodes in mask + 1 chains. A zeroed object is empty. */
struct ids {
	struct id_node **slot;
	uint32_t mask;
	size_t n;
};

/* Adds a node of an id. Returns 0 or SMPP_ENOMEM. */
int ids_add(
    struct ids *t, struct id_node *node, struct smpp_view id, void *owner);
void ids_del(struct ids *t, struct id_node *node);
void ids_fini(struct ids *t);

/*
 * The owner of the id that is the same as this one by the rule, which is AUTO
 * or EXACT; the one that was added first when there are several. Sets *match.
 * NULL when there is none, or a match of hex against decimal is not the only
 * one.
 */
void *ids_find(const struct ids *t, struct smpp_view id, enum smpp_id_rule rule,
    enum smpp_id_match *match);

#endif
