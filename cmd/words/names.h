/* The names of the protocol, table by table, for completion and hints. */
#ifndef SMPP_NAMES_H
#define SMPP_NAMES_H

#include "kit/ask.h"
#include "smpp/dictionary.h"

/* Which names. REQUEST are the PDUs that get an answer, KEY the keys of our
 * JSON: fields and a few of our own. */
enum names {
	NAMES_PDU,
	NAMES_REQUEST,
	NAMES_TLV,
	NAMES_STATUS,
	NAMES_FIELD,
	NAMES_KEY,
};

/* The names of the alphabets, in the order of enum smpp_alphabet, then NULL. */
extern const char *const names_alphabets[];

/* The versions of SMPP, then NULL and SMPP_VANY. */
extern const char *const names_versions[];
extern const enum smpp_ver names_ver[];

/* What languages of national tables and states of receipts can be, then NULL.
 */
extern const char *const names_languages[];
extern const char *const names_stats[];

/* Calls fn for every name of a kind, in the order of the table; d adds TLVs,
 * NULL is the usual dictionary. */
void names_each(
    enum names kind, const struct smpp_dictionary *d, ask_fn fn, void *arg);

/* Calls fn for every symbol of a set of values, an SMPP_SET_*. */
void names_of_set(unsigned set, ask_fn fn, void *arg);

/* The name of a kind that was probably meant, or NULL. */
const char *names_nearest(
    enum names kind, const struct smpp_dictionary *d, const char *name);

#endif
