/* Dictionaries: files that name the TLVs of vendors, smpp-config(5). */
#ifndef SMPP_DICTFILE_H
#define SMPP_DICTFILE_H

#include "kit/cmd.h"
#include "smpp/pdu.h"

/*
 * Reads a dictionary, which c->dictionary is from then on. Returns 0, or an
 * exit class after it said what is wrong and in which line; then nothing has
 * changed. That of a row: it reads the file when the options are known.
 */
int dictionary_use(struct ctx *c, const char *path);

/* The row of --dictionary; at is the offset of a const char *. */
/* clang-format off */
#define DICTIONARY_OPT(at) \
	{0, "dictionary", OPT_FILE, (at), "FILE", \
	    "name TLVs of vendors as FILE says, see smpp-config(5)", \
	    .use = dictionary_use}
/* clang-format on */

/*
 * smpp_decode() with the dictionary of the command, which the PDU points to.
 */
int dictionary_decode(const struct ctx *c, struct smpp_pdu *pdu,
    struct smpp_view wire, enum smpp_ver ver, unsigned flags,
    struct smpp_issues *issues);

#endif
