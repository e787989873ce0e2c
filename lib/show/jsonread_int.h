/* Reading a JSON object: what its fields (jsonread.c) and TLVs (jsontlv.c) have
 * in common. Private to lib/show. */
#ifndef SMPP_SHOW_JSONREAD_INT_H
#define SMPP_SHOW_JSONREAD_INT_H

#include <jansson.h>

#include "show/build_int.h"

/* What is being made, from what, and who is told when it cannot be. */
struct smpp_jsonread {
	struct smpp_pdu *pdu;
	json_t *root;
	struct smpp_wr *store;
	struct smpp_err *err;
	const struct smpp_dictionary *dictionary;
	enum smpp_alphabet mc_default;
	size_t tlvs; /* where in the store they begin, in wire form */
	struct smpp_view *text; /* set for a message to be sent: its text */
};

/* Says that what stands under a key is wrong, and why. SMPP_ESYNTAX. */
int smpp_jsonread_wrong(
    struct smpp_jsonread *x, const char *key, const char *why);

/*
 * Appends a JSON string to the store: hexadecimal as octets, or text whose
 * characters up to U+00FF are one octet each. Returns how many, or an error.
 */
int64_t smpp_jsonread_hex(
    struct smpp_jsonread *x, const json_t *v, const char *key);
int64_t smpp_jsonread_latin1(
    struct smpp_jsonread *x, const json_t *v, const char *key);

/*
 * Reads the number under name in obj or, where that is missing, the symbol
 * under name_name. Returns 1 when there was one, 0 when not, or an error.
 */
int smpp_jsonread_number(struct smpp_jsonread *x, const json_t *obj,
    const char *name, unsigned set, uint32_t max, uint32_t *num);

/* Reads an object into an item; strings of it go to scratch. Returns 0 or an
 * error. */
int smpp_jsonread_item(struct smpp_jsonread *x, const json_t *obj,
    const struct smpp_field *body, struct smpp_item *it,
    struct smpp_wr *scratch);

/* Reads the TLVs into the end of the store, where x->tlvs is set to; from the
 * array, else from the keys that are their names. Returns 0 or an error. */
int smpp_jsonread_tlvs(struct smpp_jsonread *x);

#endif
