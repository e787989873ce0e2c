/*
 * PDUs for other languages: octets and C strings alone, no structures. A
 * version is an interface_version, 0x33, 0x34 or 0x50.
 */
#ifndef SMPP_SHOW_FOREIGN_H
#define SMPP_SHOW_FOREIGN_H

#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * Writes the PDU at the start of n octets as JSON (smpp-json(7)), one object
 * without a newline, with what is wrong with it; passwords are masked. A
 * version of 0 is any: what one of the three allows is right. Octets behind
 * command_length are ignored.
 *
 * out holds cap characters and gets what fits, always with a NUL when cap is
 * not 0. Returns how many characters there are, the NUL not counted: when that
 * is not below cap, call it again with more; with out NULL and cap 0 it
 * measures. SMPP_EEMPTY when n is 0.
 */
int smpp_json_from_octets(
    const void *octets, size_t n, unsigned version, char *out, size_t cap);

/*
 * Makes the octets of the PDU that is a C string of such JSON: whatever of it
 * follows from the rest may be missing. A version of 0 is 3.4.
 *
 * out holds cap octets, of which SMPP_PDU_MAX (131072) are enough. Returns how
 * many there are, or SMPP_ESYNTAX, SMPP_ENAME, SMPP_ERANGE, SMPP_ECHARSET,
 * SMPP_ENOSPACE or SMPP_ENOMEM. why, 200 characters, says what is wrong, or
 * is empty; it may be NULL.
 */
int smpp_json_to_octets(
    const char *json, unsigned version, void *out, size_t cap, char why[200]);

SMPP_END_DECLS

#endif
