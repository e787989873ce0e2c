/* smpp query, cancel, replace: requests about a message that was submitted. */
#include "request.h"

#include <string.h>

#include "words/fieldopt.h"
#include "words/offer.h"

struct verb_args {
	struct request_args request;
	const char *source;
	const char *dest;
	const char *id;
	const char *text;
	const char *encoding;
	const char *schedule;
	const char *validity;
	struct opt_list fields;
};

#define AT(member) offsetof(struct verb_args, member)

static const struct opt id_opts[] = {
    {0, "message-id", OPT_STR, AT(id), "ID",
	"the message, by the id that the SMSC gave it", .alias = "id"},
    {'s', "source-addr", OPT_STR, AT(source), "ADDR[,TON,NPI]",
	"the address it was sent from", .alias = "from"},
    OPT_END,
};

/* replace_sm has no data_coding: the alphabet stays what it was. */
static int
verbs_set_text(struct request *r, const struct verb_args *a)
{
	enum smpp_alphabet alphabet;
	struct smpp_view octets;
	int rc;

	if (a->text == NULL)
		return 0;
	rc = request_text(r, a->text, a->encoding, false, &octets, &alphabet);
	if (rc == 0)
		smpp_pdu_set_view(&r->craft.pdu, SMPP_F_short_message, octets);
	return rc;
}

/* Makes the request of what was given, and asks; none says what to give when
 * it names no message. What a command has no option for is not given. */
static int
verbs_run(
    struct ctx *c, int argc, char **argv, uint32_t command_id, const char *none)
{
	struct request *r = cmd_alloc(c, sizeof(*r));
	struct verb_args a = {0};
	int rc;

	target_init(&a.request.target);
	rc = opt_parse(c, argc, argv, &a);
	if (rc >= 0)
		return rc;
	/*
	 * cancel_sm without an id cancels all to an address (3.4 4.9): never
	 * by leaving an option out.
	 */
	if (a.id == NULL && a.dest == NULL)
		return out_usage(c, "no message: give --message-id%s", none);
	rc = request_begin(r, c, &a.request, command_id);
	if (rc == 0 && a.id != NULL)
		smpp_pdu_set_view(
		    &r->craft.pdu, SMPP_F_message_id, smpp_view_str(a.id));
	if (rc == 0)
		rc = craft_addr(&r->craft, &craft_source, a.source);
	if (rc == 0)
		rc = craft_addr(&r->craft, &craft_dest, a.dest);
	if (rc == 0)
		rc = verbs_set_text(r, &a);
	if (rc == 0)
		rc = request_value(r, "schedule_delivery_time", a.schedule);
	if (rc == 0)
		rc = request_value(r, "validity_period", a.validity);
	if (rc == 0)
		rc = request_fields(r, &a.fields);
	return rc != 0 ? rc : request_finish(r);
}

/* --- query --- */

static const struct opt query_opts[] = {
    OPT_SECTION("Message"),
    OPT_BLOCK(id_opts, 0),
    OPT_BLOCK(request_opts, AT(request)),
    OPT_SECTION("Fields of query_sm"),
    OPT_PDU_ROWS(SMPP_C_query_sm, AT(fields)),
    OPT_END,
};

static const char *const query_examples[] = {
    "smpp query localhost --message-id 5f3a9c01 -s ACME",
    "smpp query localhost --id 5f3a9c01 -s ACME -F '%{message_state_name}\\n'",
    NULL,
};

static int
query_run(struct ctx *c, int argc, char **argv)
{
	return verbs_run(c, argc, argv, SMPP_C_query_sm, "");
}

const struct cmd cmd_query = {
    .name = "query",
    .brief = "ask what became of a message",
    .args = "[TARGET] --message-id ID -s ADDR [OPTION]...",
    .examples = query_examples,
    .opts = query_opts,
    .run = query_run,
};

/* --- cancel --- */

static const struct opt cancel_opts[] = {
    OPT_SECTION("Message"),
    OPT_BLOCK(id_opts, 0),
    {'d', "destination-addr", OPT_STR, AT(dest), "ADDR[,TON,NPI]",
	"without an id: all messages to this address", .alias = "to"},
    OPT_BLOCK(request_opts, AT(request)),
    OPT_SECTION("Fields of cancel_sm"),
    OPT_PDU_ROWS(SMPP_C_cancel_sm, AT(fields)),
    OPT_END,
};

static const char *const cancel_examples[] = {
    "smpp cancel localhost --message-id 5f3a9c01 -s ACME",
    "smpp cancel localhost -s ACME -d 491701234567 --service-type WAP",
    NULL,
};

static int
cancel_run(struct ctx *c, int argc, char **argv)
{
	return verbs_run(
	    c, argc, argv, SMPP_C_cancel_sm, ", or -d for all to an address");
}

const struct cmd cmd_cancel = {
    .name = "cancel",
    .brief = "take back a message that is not delivered yet",
    .args = "[TARGET] --message-id ID -s ADDR [OPTION]...",
    .examples = cancel_examples,
    .opts = cancel_opts,
    .run = cancel_run,
};

/* --- replace --- */

static const struct opt replace_opts[] = {
    OPT_SECTION("Message"),
    OPT_BLOCK(id_opts, 0),
    {'m', "text", OPT_STR, AT(text), "TEXT", "the new text"},
    {'e', "encoding", OPT_STR, AT(encoding), "NAME",
	"alphabet of the message that is replaced (the default)",
	.offer = offer_encoding},
    {0, "schedule-delivery-time", OPT_STR, AT(schedule), "TIME",
	"when to deliver: 2h, 2026-11-21T20:00", .alias = "schedule"},
    {0, "validity-period", OPT_STR, AT(validity), "TIME", "when to give up",
	.alias = "validity"},
    OPT_BLOCK(request_opts, AT(request)),
    OPT_SECTION("Fields of replace_sm"),
    OPT_PDU_ROWS(SMPP_C_replace_sm, AT(fields)),
    OPT_END,
};

static const char *const replace_examples[] = {
    "smpp replace localhost --message-id 5f3a9c01 -s ACME -m 'At 20:00'",
    "smpp replace localhost --id 7 -s ACME -m 'At 20:00' --schedule 2h",
    NULL,
};

static int
replace_run(struct ctx *c, int argc, char **argv)
{
	return verbs_run(c, argc, argv, SMPP_C_replace_sm, "");
}

const struct cmd cmd_replace = {
    .name = "replace",
    .brief = "change a message that is not delivered yet",
    .args = "[TARGET] --message-id ID -s ADDR -m TEXT [OPTION]...",
    .examples = replace_examples,
    .opts = replace_opts,
    .run = replace_run,
};
