/* Commands in the text of a message: what becomes of it. */
#ifndef SMPP_SMSC_INBAND_H
#define SMPP_SMSC_INBAND_H

#include "words/rule.h"

/*
 * Reads the commands that the text of a message holds for us, smpp-rules(5).
 * Returns 1 and sets *a; 0 when it is an ordinary text; or as
 * rule_acts_parse(), the offset of err counted from the start of text.
 */
int inband_parse(struct rule_acts *a, const struct rule_row *rows,
    struct smpp_view text, struct smpp_err *err);

#endif
