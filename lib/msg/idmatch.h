/* Which receipt is about which message: ids, addresses, and what is learnt. */
#ifndef SMPP_MSG_IDMATCH_H
#define SMPP_MSG_IDMATCH_H

#include <stdbool.h>

#include "smpp/pdu.h"

SMPP_BEGIN_DECLS

/* How ids are compared: by the ladder of SMPP_ID_AUTO, or by one rule. */
enum smpp_id_rule {
	SMPP_ID_AUTO,
	SMPP_ID_EXACT,    /* equal, outer blanks and NULs aside */
	SMPP_ID_NOCASE,   /* equal in either case */
	SMPP_ID_DEC,      /* equal as decimal numbers */
	SMPP_ID_HEX,      /* equal as hexadecimal numbers */
	SMPP_ID_RESP_HEX, /* the response in hex, the receipt in decimal */
	SMPP_ID_DLR_HEX,  /* the response in decimal, the receipt in hex */
	SMPP_ID_RULES,
};

/* How two ids turned out to be the same, best first. */
enum smpp_id_match {
	SMPP_ID_DIFFERENT,
	SMPP_ID_SAME,   /* exact */
	SMPP_ID_FORM,   /* case or leading zeros */
	SMPP_ID_NUMBER, /* hex against decimal */
};

/*
 * Compares the message_id of a response with the id of a receipt. AUTO tries
 * equality; then both as hex or groups of hex with dashes, without case and
 * leading zeros; then one as hex against the other as decimal, of any size up
 * to 256 digits. Two ids that can be the same are not yet those of one
 * message, see struct smpp_idmatch. Empty ids match nothing.
 */
enum smpp_id_match smpp_id_compare(struct smpp_view response,
    struct smpp_view receipt, enum smpp_id_rule rule);

/* The words for a rule ("auto", "resp-hex") and for a match ("exact"); -1 when
 * there is no rule of that name. */
int smpp_id_rule_find(struct smpp_view name);
const char *smpp_id_match_name(enum smpp_id_match match);

/*
 * Who wrote to whom: source_addr and destination_addr of a message, or of its
 * receipt as it stands there. What says the same is the same number: "+" and
 * "00" before it do not count, nor the 0 before a national one, and letters
 * count in either case. 0 is an address that is missing.
 */
struct smpp_ends {
	uint64_t source, dest;
};

/* Never fails; what is no number of up to 15 digits is known by a hash.
 * smpp_ends_pdu takes those of a PDU, missing if it has none. */
struct smpp_ends smpp_ends_of(struct smpp_view source, struct smpp_view dest);
struct smpp_ends smpp_ends_pdu(const struct smpp_pdu *pdu);

/*
 * A book of the messages of one run, and of the receipts that cannot be told
 * yet. Opaque; used by one thread.
 *
 * A receipt is about a message if, first, their addresses fit: its source is
 * the destination of the message and the reverse. A national form of a number
 * and a missing address fit when nothing fits better; addresses that are not
 * swapped fit when no swapped ones do. And if, second, the ids are the same by
 * the one reading of ids that the run has: alike (equal, or as hex without
 * case and leading zeros), or hex in responses and decimal in receipts, or the
 * reverse. It is learnt from the first receipt that fits one known message, in
 * one reading only; for ids of the TLV and ids of the text it may differ.
 * Nothing is guessed: what fits several messages before that is held, and so
 * is what may be about a message whose id is not known yet.
 *
 * Messages stay in the book when nothing more is awaited about them, so that a
 * receipt that is repeated or late is theirs and no other's.
 */
struct smpp_idmatch;

/*
 * Makes a book that keeps at most so many messages beside those that still
 * wait, the latest ones; each takes 72 octets. rule is SMPP_ID_AUTO, or
 * SMPP_ID_EXACT for equal ids only. Returns NULL when out of memory.
 * smpp_idmatch_close takes NULL.
 */
struct smpp_idmatch *smpp_idmatch_open(enum smpp_id_rule rule, size_t most);
void smpp_idmatch_close(struct smpp_idmatch *b);

/*
 * A message goes out: it has no id yet. tag is the caller's; messages of one
 * group may share an id, and a receipt is then about all of them: the parts of
 * a long text where the SMSC gives them one id. Sets *h, the handle of the
 * message until it is gone. Returns 0 or SMPP_ENOMEM.
 */
int smpp_idmatch_sent(struct smpp_idmatch *b, struct smpp_ends ends,
    uint32_t group, uint64_t tag, uint32_t *h);

/* What the id of a message turned out to be. */
enum smpp_id_name {
	SMPP_ID_EMPTY,  /* no id: the message is gone */
	SMPP_ID_UNIQUE, /* as it should be */
	SMPP_ID_SHARED, /* that of a message of another group, to the same */
};

/*
 * The SMSC calls it id. Receipts cannot be told apart where the id is shared.
 * After this, and after smpp_idmatch_gone, receipts may be decided: see
 * smpp_idmatch_next.
 */
enum smpp_id_name smpp_idmatch_known(
    struct smpp_idmatch *b, uint32_t h, struct smpp_view id);

/* It was refused, or never answered, or is to be forgotten: no receipt is about
 * it. Ends h. */
void smpp_idmatch_gone(struct smpp_idmatch *b, uint32_t h);

/*
 * Nothing more is awaited about a message that has an id. It stays, with
 * another tag, until more than most such ones came after it; h ends then.
 */
void smpp_idmatch_over(struct smpp_idmatch *b, uint32_t h, uint64_t tag);

/* What is known of a receipt. The last two mean that the book keeps it. */
enum smpp_id_verdict {
	SMPP_ID_OURS,    /* it is about the message of the hit */
	SMPP_ID_FOREIGN, /* it is about none of ours */
	SMPP_ID_EARLY,   /* about none that has an id by now */
	SMPP_ID_UNSURE,  /* about one of several, which is not known yet */
};

/*
 * A receipt: its id, borrowed, whether that is the one of the TLV, its
 * addresses, a number that stands for all it says, and the caller's tag. What
 * says the same as one that is kept already is not kept again, unless content
 * is 0.
 */
struct smpp_id_receipt {
	struct smpp_view id;
	struct smpp_ends ends;
	bool tlv;
	uint64_t content;
	uint64_t tag;
};

/*
 * What is known of the receipt with the caller's tag receipt. If it is OURS, h
 * and message are handle and tag of the message it is about, the first that is
 * not over if a group shares the id; match is how the ids are the same; and
 * not_swapped says that its addresses stand as in the message. If has_twin is
 * set, the receipt is not kept, for one that says the same is: twin is its tag.
 */
struct smpp_id_hit {
	enum smpp_id_verdict verdict;
	enum smpp_id_match match;
	uint32_t h;
	bool not_swapped;
	bool has_twin;
	uint64_t message, receipt, twin;
};

/*
 * A receipt came. Sets *hit. Returns 0, or SMPP_ENOMEM: then it is not kept.
 * After this others may be decided, too, for a reading was learnt.
 */
int smpp_idmatch_came(struct smpp_idmatch *b, const struct smpp_id_receipt *r,
    struct smpp_id_hit *hit);

/* The next of the receipts that were kept and are decided now: sets *hit, OURS
 * or FOREIGN. Returns false when there is none. */
bool smpp_idmatch_next(struct smpp_idmatch *b, struct smpp_id_hit *hit);

/* Forgets the receipt kept longest, and sets hit->verdict to what is known of
 * it and hit->receipt. Returns false when none is kept. */
bool smpp_idmatch_drop(struct smpp_idmatch *b, struct smpp_id_hit *hit);

/* How many receipts are kept, decided or not. */
size_t smpp_idmatch_kept(const struct smpp_idmatch *b);

/* How many messages have an id and are not over. */
size_t smpp_idmatch_awaited(const struct smpp_idmatch *b);

SMPP_END_DECLS

#endif
