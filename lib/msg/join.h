/* Parts of long messages joined again, within bounds of memory and time. */
#ifndef SMPP_MSG_JOIN_H
#define SMPP_MSG_JOIN_H

#include "base/sbuf.h"
#include "msg/body.h"

SMPP_BEGIN_DECLS

/* How a part says which message it belongs to: smpp_concat.bits of a header,
 * or this for the TLVs sar_*. */
enum { SMPP_CONCAT_SAR = 32 };

/*
 * Finds out whether a message is a part of a longer one: by its user data
 * header, else by the TLVs sar_*. body is that of pdu. Sets *c; returns false
 * when it is whole, or what it says is impossible.
 */
bool smpp_concat_read(struct smpp_concat *c, const struct smpp_pdu *pdu,
    const struct smpp_body *body);

/* One part that came: its octets, without the header. */
struct smpp_piece {
	struct smpp_piece *next;
	struct smpp_coding coding;
	uint8_t seq;
	struct smpp_view octets;
};

/*
 * A message of several parts, to be read only. Its parts are those of one
 * source, destination, reference and total.
 */
struct smpp_joined {
	/* From whom, and to whom. */
	struct smpp_view source, destination;
	uint8_t source_ton, source_npi, dest_ton, dest_npi;
	/* Its reference and how many parts it has; seq is 0. */
	struct smpp_concat concat;
	/* How many of them came, and since when, in ms of the caller's clock.
	 */
	uint8_t have;
	int64_t since;
	/* Those that came, by seq. */
	struct smpp_piece *pieces;

	/* Private. */
	struct smpp_joined *older, *newer, *chain;
	uint32_t bucket;
	size_t size;
};

/* What smpp_join_add did with a message. */
enum smpp_join_result {
	SMPP_JOIN_ALONE,     /* it is no part of anything: not kept */
	SMPP_JOIN_KEPT,      /* other parts are awaited */
	SMPP_JOIN_DUPLICATE, /* this part is here already: not kept */
	SMPP_JOIN_WHOLE,     /* it was the last one */
};

/*
 * Makes a joiner that keeps at most max octets, its own objects counted, and
 * waits timeout milliseconds for the parts of a message. Returns NULL when out
 * of memory. smpp_join_close takes NULL.
 */
struct smpp_join *smpp_join_open(size_t max, int64_t timeout);
void smpp_join_close(struct smpp_join *j);

/*
 * Takes a message, now being milliseconds of a clock that goes forward. With
 * SMPP_JOIN_WHOLE *out is the message, borrowed until the next call on j.
 * Returns what it did, or SMPP_ENOMEM.
 */
int smpp_join_add(struct smpp_join *j, const struct smpp_pdu *pdu,
    const struct smpp_body *body, int64_t now, const struct smpp_joined **out);

/*
 * Gives up on a message: the oldest one if it waited too long, or if there is
 * more kept than max. Call it until it returns false, after each
 * smpp_join_add and at smpp_join_next. Sets *out as above, with parts missing.
 */
bool smpp_join_expire(
    struct smpp_join *j, int64_t now, const struct smpp_joined **out);

/* Gives up on the oldest message, whatever its age; false when none is kept. */
bool smpp_join_drop(struct smpp_join *j, const struct smpp_joined **out);

/* When the oldest message will have waited too long; INT64_MAX for none. */
int64_t smpp_join_next(const struct smpp_join *j);

/*
 * Appends the text of a message as UTF-8, without the parts that are missing.
 * Parts of one coding are decoded as one, so that a character a sender tore
 * apart is whole again. Returns 0, or SMPP_ENOMEM.
 */
int smpp_joined_text(struct smpp_sbuf *out, const struct smpp_joined *m);

/* True when part seq is not there. */
bool smpp_joined_misses(const struct smpp_joined *m, unsigned seq);

SMPP_END_DECLS

#endif
