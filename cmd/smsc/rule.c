/* Rules: which requests are treated otherwise than an SMSC would. */
#include "act.h"
#include "smsc.h"

const struct act *
rule_judge(struct smsc *mc, struct peer *p, const struct smpp_pdu *request)
{
	(void)mc, (void)p, (void)request;
	return NULL;
}

int
rules_open(struct smsc *mc)
{
	(void)mc;
	return 0;
}

void
rules_free(struct smsc *mc)
{
	(void)mc;
}

void
rules_print(struct smsc *mc)
{
	(void)mc;
}
