/* What can be explained: the topics, and the names of each. */
#include "topic.h"

#include <string.h>

#include "explain.h"
#include "kit/opt.h"

/*
 * Functions of one form, so that topics are rows and nothing asks which topic
 * it is.
 */
static void
status_names(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	names_each(NAMES_STATUS, d, fn, arg);
}

static void
field_names(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	names_each(NAMES_FIELD, d, fn, arg);
}

static void
tlv_names(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	names_each(NAMES_TLV, d, fn, arg);
}

static void
pdu_names(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	names_each(NAMES_PDU, d, fn, arg);
}

const struct topic topics[] = {
    {"status", "what a command_status means", status_names, explain_status},
    {"pdu", "what a PDU holds, and who sends it", pdu_names, explain_pdu},
    {"tlv", "what a TLV means, and where it goes", tlv_names, explain_tlv},
    {"field", "what a field means, and its values", field_names, explain_field},
    {"exit", "what an exit status of smpp means", explain_exits, explain_exit},
    {NULL},
};

const struct topic *
topic_find(const char *name)
{
	const struct topic *t = topics;

	while (t->name != NULL && strcmp(t->name, name) != 0)
		t++;
	return t->name == NULL ? NULL : t;
}

void
topic_each(ask_fn fn, void *arg)
{
	for (const struct topic *t = topics; t->name != NULL; t++)
		fn(arg, t->name, t->brief);
}

/*
 * Numbers are read once, in any form that options take: 88 and 0x58 are the
 * same status.
 */
bool
topic_explain(const struct topic *t, struct smpp_sbuf *b,
    const struct smpp_dictionary *d, const char *name)
{
	uint32_t number;

	return t != NULL && t->explain(b, d, name,
				opt_uint(name, &number) == 0 ? &number : NULL);
}
