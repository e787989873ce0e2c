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

enum {
	/* Octets of one message on air, header included. */
	SMPP_PART_SIZE = 140,
	/* Parts of one message, since seq is an octet. */
	SMPP_PARTS_MAX = 255,
};

/* How to split. */
struct smpp_split_how {
	enum smpp_split_method method;
	/* The alphabet, and the national tables, whose elements of the header
	 * are added; fill is set for you. */
	struct smpp_coding coding;
	/* What the parts have in common, cut to what the method takes. Keep it
	 * below 256 with SAR, so that an SMSC can use the short header, whose
	 * room is counted on. The next message has another one. */
	uint16_t ref;
	/* Octets of a part on air, 0 for 140. SMSCs that want a spare one get
	 * 139. */
	uint16_t part_size;
	/* Further information elements that go into every part, or none. */
	struct smpp_view elements;
};

/* A text being split; set by smpp_split_begin, to be read at will. */
struct smpp_split {
	struct smpp_split_how how;
	/* What is not in a part yet. */
	struct smpp_view text;
	/* Units of text a part holds (text/encoder.h). */
	uint32_t room;
	/* How many parts there are, and the number of the last one given. */
	uint16_t total;
	uint16_t seq;
};

/* One part. */
struct smpp_part {
	/* Its piece of the text, UTF-8, borrowed from the text. */
	struct smpp_view text;
	/* The octets of short_message or message_payload, header included,
	 * borrowed from where smpp_split_next() wrote them. */
	struct smpp_view data;
	/* The units that the piece takes. */
	uint32_t units;
	/* Which one it is, from 1, of how many. */
	uint8_t total, seq;
	/* data begins with a header, which the UDH indicator has to say. */
	bool udhi;
	/* Reference, total and seq as values of the TLVs sar_*. */
	uint8_t sar[4];
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

/*
 * Choices of national tables for smpp_split_choose, beside the numbers 1 to 13
 * of text/encoder.h: any that helps, or none.
 */
enum { SMPP_NATIONAL_AUTO = -1, SMPP_NATIONAL_OFF = 0 };

/*
 * Chooses the alphabet of a text: how->coding.alphabet, the default of the
 * SMSC, if that has every character; else UCS-2, but a national table of GSM
 * 7-bit where one is allowed and needs fewer parts. Sets how->coding. Returns
 * the number of parts, or what smpp_split_begin returns for UCS-2.
 */
int smpp_split_choose(struct smpp_split_how *how, struct smpp_view text,
    int national, struct smpp_err *err);

/*
 * The method of a name, "udh16", -1 when there is none; and the name of a
 * method. The words are those of option --split.
 */
int smpp_split_find(struct smpp_view name);
const char *smpp_split_name(enum smpp_split_method method);

SMPP_END_DECLS

#endif
