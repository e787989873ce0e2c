/* The parts that a text is split into join to that text. */
#include <assert.h>

#include "msg/join.h"
#include "msg/split.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static uint8_t room[1 << 20];
static char text[1 << 16];

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct smpp_split_how how = {.coding.alphabet = SMPP_ALPHA_UTF8};
	struct smpp_join *j = smpp_join_open(1 << 20, 1);
	const struct smpp_joined *m = NULL;
	struct smpp_body body;
	struct smpp_split s;
	struct smpp_part part;
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct smpp_sbuf b;
	struct smpp_wr w;

	how.method = n > 1 ? p[0] % 3 : 0;
	how.part_size = n > 1 ? p[1] : 0;
	smpp_wr_init(&w, room, sizeof(room));
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	if (smpp_split_begin(&s, smpp_view_of(p, n), &how, &err) > 1) {
		while (smpp_split_next(&s, &part, &w, &err) == 1) {
			smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
			assert(smpp_part_set(&pdu, &s, &part) == 0);
			smpp_body_read(&body, &pdu, SMPP_ALPHA_UTF8);
			smpp_join_add(j, &pdu, &body, 0, &m);
		}
		smpp_joined_text(&b, m);
		assert(
		    smpp_view_eq(smpp_view_of(b.p, b.n), smpp_view_of(p, n)));
	}
	smpp_join_close(j);
	return 0;
}
