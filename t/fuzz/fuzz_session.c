/* A session fed with PDUs: each octet pair says when, then frames follow. */
#include <assert.h>

#include "net/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	struct smpp_session_conf conf = {
	    n > 0 && p[0] & 1 ? SMPP_MC : SMPP_ESME, SMPP_V50, 4, 1000, 3000,
	    9000, 2000};
	struct smpp_issues issues;
	struct smpp_session s;
	struct smpp_event ev;
	struct smpp_pdu pdu;
	int64_t now = 0;
	int size;

	assert(smpp_session_init(&s, &conf, now) == 0);
	for (; n > 2; p += size, n -= (size_t)size) {
		now += p[1] * 10;
		smpp_pdu_init(&pdu, p[0] % 10, 0, s.ver);
		if (smpp_session_room(&s) > 0)
			assert(smpp_session_out(&s, &pdu, now, 0) == 0);
		do
			smpp_session_tick(&s, now, &ev);
		while (ev.kind == SMPP_EV_TIMEOUT);
		assert(s.open <= 4 && smpp_session_due(&s) >= 0);
		size = smpp_frame(p += 2, n -= 2, SMPP_PDU_MAX);
		if (size <= 0)
			break;
		smpp_decode(
		    &pdu, smpp_view_of(p, (size_t)size), s.ver, 0, &issues);
		smpp_session_in(&s, &pdu, 0, now, &ev);
		assert(!ev.send || ev.reply_id >> 31);
	}
	smpp_session_fini(&s);
	return 0;
}
