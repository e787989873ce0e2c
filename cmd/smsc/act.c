/* What rules do to a request and its answer. */
#include "act.h"
#include "smsc.h"

bool
act_request(struct peer *p, const struct act *a, const struct smpp_pdu *request)
{
	(void)p, (void)a, (void)request;
	return false;
}

void
act_answer(struct peer *p, const struct act *a, const struct smpp_pdu *request,
    struct smpp_pdu *response)
{
	(void)a, (void)request;
	peer_send(p, response, 0);
}

const struct fate *
act_fate(const struct act *a)
{
	(void)a;
	return NULL;
}

void
act_forget(struct peer *p)
{
	(void)p;
}
