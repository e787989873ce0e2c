/* smpp broadcast: a text to all handsets of an area (SMPP 5.0). */
#include "request.h"

#include <string.h>

#include "text/encoder.h"
#include "words/fieldopt.h"
#include "words/offer.h"

struct broadcast_args {
	struct request_args request;
	const char *source;
	struct opt_list areas;
	const char *type;
	uint32_t repeat;
	int64_t interval_ms;
	const char *text;
	const char *encoding;
	const char *schedule;
	const char *validity;
	struct opt_list fields;
};

#define AT(member) offsetof(struct broadcast_args, member)

static const struct opt broadcast_opts[] = {
    OPT_SECTION("Broadcast"),
    {0, "area", OPT_LIST, AT(areas), "FORMAT:AREA",
	"where: name:Oslo, polygon:hex:0aff; may be repeated"},
    {0, "content-type", OPT_STR, AT(type), "NETWORK:TYPE",
	"kind of content: 1:index, gsm:weather (generic:index)"},
    {0, "repeat", OPT_UINT, AT(repeat), "N", "broadcast it N times (1)", 0,
	65535},
    {0, "interval", OPT_DURATION, AT(interval_ms), "TIME",
	"from one broadcast to the next (0: as soon as possible)"},
    {'m', "text", OPT_STR, AT(text), "TEXT", "the text"},
    {'e', "encoding", OPT_STR, AT(encoding), "NAME",
	"its alphabet (auto: the default if it fits, else ucs2)",
	.offer = offer_encoding},
    {'s', "source-addr", OPT_STR, AT(source), "ADDR[,TON,NPI]",
	"broadcast from this address", .alias = "from"},
    {0, "schedule-delivery-time", OPT_STR, AT(schedule), "TIME",
	"when to begin: 2h, 2026-11-21T20:00", .alias = "schedule"},
    {0, "validity-period", OPT_STR, AT(validity), "TIME", "when to end",
	.alias = "validity"},
    OPT_BLOCK(request_opts, AT(request)),
    OPT_SECTION("Fields of broadcast_sm"),
    OPT_PDU_ROWS(SMPP_C_broadcast_sm, AT(fields)),
    OPT_END,
};

static const char *const broadcast_examples[] = {
    "smpp broadcast localhost --smpp-version 5.0 --area name:Oslo -m 'Storm'",
    "smpp broadcast localhost --smpp-version 5.0 --area 1:hex:0a -m x -n --raw",
    NULL,
};

/* "FORMAT:AREA"; without a format it is a name. */
static int
add_area(struct request *r, const char *word)
{
	size_t n = strcspn(word, ":"), start = r->craft.store.n;
	const char *area = word[n] == ':' ? word + n + 1 : word;
	const char *format =
	    word[n] == ':' ? cmd_printf(r->c, "%.*s", (int)n, word) : "name";
	const uint8_t hex = strncmp(area, "hex:", 4) == 0;
	uint32_t code;

	if (opt_uint(format, &code) != 0 &&
	    smpp_enum_value(SMPP_SET_broadcast_area_format,
		smpp_view_str(format), &code) != 0)
		return out_usage(r->c,
		    "--area: '%s' is none of name, ellipsoid_arc, polygon",
		    format);
	/* Octets go the way of --tlv; text would have to be quoted for it. */
	if (hex)
		return request_word(
		    r, cmd_printf(r->c,
			   "tlv.broadcast_area_identifier={format=%u area=%s}",
			   code, area));
	smpp_wr_u8(&r->craft.store, (uint8_t)code);
	smpp_wr_view(&r->craft.store, smpp_view_str(area));
	if (r->craft.store.bad ||
	    smpp_pdu_add_tlv(&r->craft.pdu, SMPP_T_broadcast_area_identifier,
		smpp_view_of(
		    r->craft.store.p + start, r->craft.store.n - start)) != 0)
		return out_usage(r->c, "--area: too many");
	return 0;
}

/*
 * "NETWORK:TYPE", numbers or names; without a network it is 0, generic. By way
 * of a word as --tlv has it: names and numbers are read in one place.
 */
static int
set_type(struct request *r, const char *word)
{
	size_t n = strcspn(word, ":");

	if (word[n] == '\0')
		return request_word(
		    r, cmd_printf(r->c,
			   "tlv.broadcast_content_type={network_type=0 "
			   "content_type=%s}",
			   word));
	return request_word(
	    r, cmd_printf(r->c,
		   "tlv.broadcast_content_type={network_type=%.*s "
		   "content_type=%s}",
		   (int)n, word, word + n + 1));
}

/* The largest unit in which the interval is a whole number. */
static int
set_interval(struct request *r, int64_t ms)
{
	static const struct {
		int64_t ms;
		const char *name;
	} units[] = {{86400000, "days"}, {3600000, "hours"}, {60000, "minutes"},
	    {1000, "seconds"}};
	size_t i = 0;

	if (ms == 0)
		return request_word(
		    r, "tlv.broadcast_frequency_interval={unit=asap count=0}");
	while (i < 3 && ms % units[i].ms != 0)
		i++;
	if (ms % units[i].ms != 0 || ms / units[i].ms > 65535)
		return out_usage(r->c,
		    "--interval: whole seconds, minutes, hours or days, 65535 "
		    "at most");
	return request_word(
	    r, cmd_printf(r->c,
		   "tlv.broadcast_frequency_interval={unit=%s count=%lld}",
		   units[i].name, (long long)(ms / units[i].ms)));
}

static int
broadcast_set_text(struct request *r, const struct broadcast_args *a)
{
	enum smpp_alphabet alphabet;
	struct smpp_view octets;
	int rc;

	if (a->text == NULL)
		return 0;
	rc = request_text(r, a->text, a->encoding, true, &octets, &alphabet);
	/* broadcast_sm has no short_message. */
	if (rc != 0)
		return rc;
	smpp_pdu_set_num(&r->craft.pdu, SMPP_F_data_coding,
	    alphabet == r->a->target.alphabet
		? 0
		: (uint32_t)smpp_data_coding(alphabet, -1));
	if (smpp_pdu_add_tlv(&r->craft.pdu, SMPP_T_message_payload, octets) !=
	    0)
		return out_usage(r->c, "text: too long");
	return 0;
}

/*
 * What broadcast_sm must carry (spec/tlvs.tsv), by options or by --tlv. Last,
 * so that what --tlv has set is not set twice.
 */
static int
set_required(struct request *r, const struct broadcast_args *a)
{
	const struct smpp_pdu *pdu = &r->craft.pdu;
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < a->areas.n; i++)
		rc = add_area(r, a->areas.v[i]);
	if (rc == 0 && !smpp_pdu_tlv(pdu, SMPP_T_broadcast_area_identifier))
		rc = out_usage(r->c, "no area: give --area");
	if (rc == 0 && !smpp_pdu_tlv(pdu, SMPP_T_broadcast_content_type))
		rc = set_type(r, a->type);
	if (rc == 0 && !smpp_pdu_tlv(pdu, SMPP_T_broadcast_rep_num))
		rc = request_word(
		    r, cmd_printf(r->c, "tlv.broadcast_rep_num=%u", a->repeat));
	if (rc == 0 && !smpp_pdu_tlv(pdu, SMPP_T_broadcast_frequency_interval))
		rc = set_interval(r, a->interval_ms);
	return rc;
}

static int
build(struct request *r, const struct broadcast_args *a)
{
	int rc = craft_addr(&r->craft, &craft_source, a->source);

	if (rc == 0)
		rc = broadcast_set_text(r, a);
	if (rc == 0)
		rc = request_value(r, "schedule_delivery_time", a->schedule);
	if (rc == 0)
		rc = request_value(r, "validity_period", a->validity);
	if (rc == 0)
		rc = request_fields(r, &a->fields);
	return rc == 0 ? set_required(r, a) : rc;
}

static int
broadcast_run(struct ctx *c, int argc, char **argv)
{
	struct request *r = cmd_alloc(c, sizeof(*r));
	struct broadcast_args a = {.repeat = 1, .type = "generic:index"};
	int rc;

	target_init(&a.request.target);
	rc = opt_parse(c, argc, argv, &a);
	if (rc >= 0)
		return rc;
	rc = request_begin(r, c, &a.request, SMPP_C_broadcast_sm);
	if (rc == 0)
		rc = build(r, &a);
	return rc != 0 ? rc : request_finish(r);
}

const struct cmd cmd_broadcast = {
    .name = "broadcast",
    .brief = "send a text to all handsets of an area (SMPP 5.0)",
    .args = "[TARGET] --area AREA... -m TEXT [OPTION]...",
    .examples = broadcast_examples,
    .opts = broadcast_opts,
    .run = broadcast_run,
};
