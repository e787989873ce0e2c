/* Any text as a condition: refused with a place, or asked about a PDU. */
#include <assert.h>
#include <stdlib.h>

#include "cmd/kit/cmd.h"
#include "cmd/words/expr.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct expr_subject subject = {.dir = "in"};
	char *text = malloc(n + 1);
	struct smpp_err err;
	struct smpp_pdu pdu;
	struct expr *e;

	if (n > 0)
		memcpy(text, p, n);
	text[n] = '\0';
	smpp_err_clear(&err);
	smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
	smpp_pdu_set_view(
	    &pdu, SMPP_F_short_message, smpp_view_str("id:1 stat:DELIVRD"));
	smpp_pdu_set_view(&pdu, SMPP_F_source_addr, smpp_view_str("49"));
	subject.pdu = &pdu;
	e = expr_open(text, NULL, 1, &err);
	assert((e == NULL) == (err.code != 0));
	assert(e != NULL || (err.offset >= 0 && (size_t)err.offset <= n));
	if (e != NULL)
		expr_match(e, &subject);
	expr_close(e);
	free(text);
	return 0;
}
