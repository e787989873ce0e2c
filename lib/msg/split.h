/* One text as the parts of a long message (spec/packing.md). */
#ifndef SMPP_MSG_SPLIT_H
#define SMPP_MSG_SPLIT_H

#include "smpp/pdu.h"
#include "text/encoder.h"
#include "text/udh.h"

SMPP_BEGIN_DECLS

/* How the parts are told to belong together. */
enum smpp_split_method {
	SMPP_SPLIT_UDH,     /* user data header, reference of 8 bits */
	SMPP_SPLIT_UDH16,   /* user data header, reference of 16 bits */
	SMPP_SPLIT_SAR,     /* TLVs sar_*; the SMSC makes the header */
	SMPP_SPLIT_PAYLOAD, /* not at all: one message_payload */
	SMPP_SPLIT_NONE,    /* a text that needs several parts is refused */
	SMPP_SPLIT_METHODS,
};

/* Octets of one message on air. */
enum { SMPP_PART_SIZE = 140, SMPP_PARTS_MAX = 255 };

/*
 * How to split. ref is cut to what the method takes; with SAR keep it below
 * 256, so that an SMSC can use the short header, whose room is counted on.
 * elements are further information elements that go into every part;
 * coding.single and coding.locking add theirs, coding.fill is set for you.
 * part_size is 0 for 140; SMSCs that want a spare octet get 139.
 */
struct smpp_split_how {
	enum smpp_split_method method;
	struct smpp_coding coding;
	uint16_t ref;
	uint16_t part_size;
	struct smpp_view elements;
};

/* A text being split; set by smpp_split_begin, read at will. */
struct smpp_split {
	struct smpp_split_how how;
	struct smpp_view text; /* what is not in a part yet */
	uint32_t room;         /* units of text a part holds */
	uint16_t total;
	uint16_t seq; /* of the last part given */
};

/*
 * One part: its piece of the text (UTF-8), the units that takes, and data, the
 * octets of short_message or message_payload, header included.
 */
struct smpp_part {
	struct smpp_view text;
	struct smpp_view data;
	uint32_t units;
	uint8_t total, seq;
	bool udhi;      /* data begins with a header */
	uint8_t sar[4]; /* reference, total, seq as TLV values */
};

/*
 * Starts splitting text, which stays borrowed, as does how->elements. Returns
 * the number of parts, at least 1; SMPP_ERANGE when there would be more than
 * 255, or more than one where the method refuses that, or a part has no room
 * for one character; errors of smpp_text_fit. *err says which.
 */
int smpp_split_begin(struct smpp_split *s, struct smpp_view text,
    const struct smpp_split_how *how, struct smpp_err *err);

/*
 * Makes the next part; its octets are appended to out. Returns 1 and sets
 * *part; 0 when there are no more; SMPP_ENOSPACE when out is full.
 */
int smpp_split_next(struct smpp_split *s, struct smpp_part *part,
    struct smpp_wr *out, struct smpp_err *err);

/*
 * Puts a part into a PDU: short_message, or message_payload when the method or
 * its size says so; the UDH indicator of esm_class; the sar TLVs. The PDU
 * borrows from part. Returns 0, or what smpp_pdu_add_tlv returns.
 */
int smpp_part_set(struct smpp_pdu *pdu, const struct smpp_split *s,
    const struct smpp_part *part);

/* Choices of national tables for smpp_split_choose, beside 1 to 13. */
enum { SMPP_NATIONAL_AUTO = -1, SMPP_NATIONAL_OFF = 0 };

/*
 * Chooses the alphabet of a text: how->coding.alphabet, the default of the
 * SMSC, if that has every character; else UCS-2, but a national table of GSM
 * 7-bit where one is allowed and needs fewer parts. Sets how->coding. Returns
 * the number of parts, or what smpp_split_begin returns for UCS-2.
 */
int smpp_split_choose(struct smpp_split_how *how, struct smpp_view text,
    int national, struct smpp_err *err);

/* The words of --split; -1 when there is no method of that name. */
int smpp_split_find(struct smpp_view name);
const char *smpp_split_name(enum smpp_split_method method);

SMPP_END_DECLS

#endif
