/* One PDU made by hand: of words, checked, written with its lies. */
#ifndef SMPP_CRAFT_H
#define SMPP_CRAFT_H

#include "kit/cmd.h"
#include "show/lie.h"
#include "text/text.h"

/*
 * A PDU in the making. pdu borrows from store, which lives as long as c; the
 * lies are made when it is written. bad is the exit class of a word that is
 * no good, or of a PDU that its version does not allow. mc_default is what
 * data_coding 0 means, text what waits for craft_check() to be encoded.
 */
struct craft {
	struct ctx *c;
	int bad;
	enum smpp_alphabet mc_default;
	struct smpp_view text;
	const struct smpp_pdu_row *row;
	struct smpp_pdu pdu;
	struct smpp_lies lies;
	struct smpp_wr store;
};

/* The three fields of an address. */
struct craft_address {
	unsigned ton, npi, addr;
};

extern const struct craft_address craft_source, craft_dest;

/*
 * The calls below return 0, or k->bad after they said what is wrong.
 *
 * begin starts the PDU of a command_id that is in the tables. What the version
 * lacks is refused, here and, should the version change, by check.
 */
int craft_begin(struct craft *k, struct ctx *c, uint32_t command_id,
    enum smpp_ver ver, int bad);

/*
 * Takes "name=value", or a lie. Times may be given as people write them;
 * text=value is the message, in the alphabet of data_coding or, without that,
 * in the first of mc_default and UCS-2 that has its characters.
 */
int craft_word(struct craft *k, const char *word);

/* Sets an address "ADDR[,TON,NPI]", if it was given. */
int craft_addr(
    struct craft *k, const struct craft_address *field, const char *word);

/* Encodes the text, and says what the version does not allow. Lies are not
 * looked at. */
int craft_check(struct craft *k);

/* Whether a PDU may be sent as it is. Returns 0, or an error of lib/smpp, and
 * err says it as to who wrote the PDU: the place, what is wrong. */
int craft_fits(const struct smpp_pdu *pdu, struct smpp_err *err);

/* Sets *wire to the octets of the PDU, lies included, in memory of c. */
int craft_write(struct craft *k, struct smpp_view *wire);

#endif
