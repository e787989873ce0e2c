/* The words of the protocol as candidates: for shells and for the prompt. */
#ifndef SMPP_OFFER_H
#define SMPP_OFFER_H

#include "kit/ask.h"
#include "smpp/table.h"

/*
 * Candidates of rows: the values of the set that o->arg is, an SMPP_SET_*;
 * NAME= of a TLV and then its values; the names of statuses; keys of our
 * JSON, joined by commas, or as %{key}; what --encoding and --split take.
 */
void offer_set(struct ask *q, const struct opt *o);
void offer_tlv(struct ask *q, const struct opt *o);
void offer_status(struct ask *q, const struct opt *o);
void offer_keys(struct ask *q, const struct opt *o);
void offer_format(struct ask *q, const struct opt *o);
void offer_encoding(struct ask *q, const struct opt *o);
void offer_split(struct ask *q, const struct opt *o);

/*
 * A word behind the name of a PDU: name=value of the version, name= alone, a
 * lie; the fields that q->text has already are left out. Sets q->hint.
 */
void offer_field(
    struct ask *q, const struct smpp_pdu_row *row, enum smpp_ver ver);

/* An expression (expr.h): the last comparison in it. */
void offer_expr(struct ask *q);

#endif
