/* Any text as a rule and as a message with commands; what it does to a PDU. */
#include <assert.h>
#include <stdlib.h>

#include "cmd/kit/cmd.h"
#include "cmd/faults/fault.h"
#include "cmd/smsc/inband.h"

static const struct rule_row rows[] = {
    {"receipt", RULE_STAT, "STAT[:TIME]", NULL, "what becomes of it"},
    RULE_BLOCK(fault_rows),
    RULE_END,
};

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const uint8_t wire[] = "\0\0\0\x13\x80\0\0\4\0\0\0\0\0\0\0\2"
				      "77";
	char *text = malloc(n + 1);
	uint8_t room[sizeof(wire) + FAULT_GROWTH];
	struct smpp_err err;
	struct smpp_rng rng = {1};
	struct rule_acts acts;
	struct fault_plan plan;
	struct rule r;
	struct smpp_wr w;
	int rc;

	/* Regular expressions are libc's, which takes gigabytes for a++++. */
	if (n == 0 || memchr(p, '~', n) != NULL)
		n = 0;
	if (n > 0)
		memcpy(text, p, n);
	text[n] = '\0';
	smpp_err_clear(&err);
	rc = rule_parse(&r, rows, text, NULL, 1, &err);
	assert(rc == 0 || (err.offset >= 0 && (size_t)err.offset <= n));
	smpp_wr_init(&w, room, sizeof(room));
	if (rc == 0)
		fault_damage(
		    &w, &r.acts, smpp_view_of(wire, sizeof(wire)), &rng);
	assert(!w.bad);
	if (rc == 0) {
		fault_plan(&plan, &r.acts, &rng);
		assert(plan.delay_ms >= 0 && plan.copies <= 2);
	}
	expr_close(r.when);
	smpp_err_clear(&err);
	rc = inband_parse(&acts, rows, smpp_view_of(p, n), &err);
	assert(rc >= 0 || (err.offset >= 0 && (size_t)err.offset <= n));
	free(text);
	return 0;
}
