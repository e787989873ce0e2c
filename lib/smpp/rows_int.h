/* Numbers of the rows of pdus.def, for the tables made of them. Private to
 * lib/smpp. */
#ifndef SMPP_SMPP_ROWS_INT_H
#define SMPP_SMPP_ROWS_INT_H

#include "smpp/table.h"

enum {
#define SMPP_PDU(name, id, vers, body, peer, flags, st33, st34, st50, brief) \
	ROW_##name,
#include "smpp/pdus.def"
#undef SMPP_PDU
};

/*
 * The bit of a PDU if it is of this word of a struct smpp_pduset, else 0. A
 * .def with sets of PDUs is read once for each word, P being that bit.
 */
#define PDU_BIT(name, word) \
	(ROW_##name / 64 == (word) ? (uint64_t)1 << ROW_##name % 64 : 0)

#endif
