/* Options that come from the tables: fields of a PDU, how records are printed.
 */
#ifndef SMPP_FIELDOPT_H
#define SMPP_FIELDOPT_H

#include "kit/opt.h"

/*
 * An option for each field of a PDU that no row before is named as, and --tlv:
 * for a struct opt_list of "esm_class=0x40" and "tlv.NAME=VALUE", unchecked,
 * as the assign parser of lib/show has them. There is none for passwords,
 * which never come in argv, nor for counts, which follow from what they count.
 */
/* clang-format off */
#define OPT_PDU_ROWS(id, at) \
	{.kind = OPT_MADE, .make = fieldopt_rows, .arg = (id), .off = (at)}
/* clang-format on */
const struct opt *fieldopt_rows(struct ctx *c, uint32_t command_id);

/* The options of commands that print records. */
/* clang-format off */
#define OPT_OUTPUT_ROWS {.kind = OPT_OUTPUT, .block = record_opts}
/* clang-format on */
extern const struct opt record_opts[];

#endif
