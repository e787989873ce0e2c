/* The names of the protocol, table by table, for completion and hints. */
#include "names.h"

#include "base/suggest.h"
#include "smpp/table.h"

const char *const names_alphabets[] = {
#define ALPHABET(id, name, family, charset, dc, brief) name,
#include "text/alphabets.def"
#undef ALPHABET
    NULL};

const char *const names_versions[] = {"3.3", "3.4", "5.0", NULL};
const enum smpp_ver names_ver[] = {SMPP_V33, SMPP_V34, SMPP_V50, SMPP_VANY};

const char *const names_languages[] = {"auto", "tr", "es", "pt", "bn", "gu",
    "hi", "kn", "ml", "or", "pa", "ta", "te", "ur", NULL};

const char *const names_stats[] = {
#define FIELD(id, name)
#define STAT(word, state) word,
#define WARN(id, word)
#include "text/receipt.def"
#undef FIELD
#undef STAT
#undef WARN
    NULL};

static void
each_pdu(ask_fn fn, void *arg)
{
	size_t i;

	for (i = 0; i < smpp_pdu_count; i++)
		fn(arg, smpp_pdus[i].name, smpp_pdus[i].brief);
}

static void
each_request(ask_fn fn, void *arg)
{
	const struct smpp_pdu_row *row = smpp_pdus;

	for (; row < smpp_pdus + smpp_pdu_count; row++)
		if (!(row->flags & SMPP_PDU_RESPONSE) &&
		    row->counterpart != UINT32_MAX)
			fn(arg, row->name, row->brief);
}

static void
each_tlv(ask_fn fn, void *arg)
{
	size_t i;

	for (i = 0; i < smpp_tlv_count; i++)
		fn(arg, smpp_tlvs[i].name, smpp_tlvs[i].brief);
}

static void
each_status(ask_fn fn, void *arg)
{
	size_t i;

	for (i = 0; i < smpp_status_count; i++)
		fn(arg, smpp_statuses[i].name, smpp_statuses[i].text);
}

static void
each_field(ask_fn fn, void *arg)
{
	unsigned i;

	for (i = 0; i < SMPP_F_BODY_COUNT; i++)
		fn(arg, smpp_field_name(i), smpp_field_brief(i));
}

/* Keys of records that are no fields, see smpp-json(7). */
static void
each_key(ask_fn fn, void *arg)
{
	static const char *const own[][2] = {
	    {"type", "what the record is"},
	    {"time", "when, in UTC"},
	    {"dir", "in or out"},
	    {"index", "number of the PDU in the input"},
	    {"offset", "of the PDU in the input"},
	    {"command_id_name", "name of the PDU"},
	    {"command_status_name", "name of the status"},
	    {"text", "the decoded text"},
	    {"hex", "all octets, with --raw"},
	    {"receipt.id", "message id of a receipt"},
	    {"receipt.stat", "state in a receipt"},
	    {"receipt.err", "error in a receipt"},
	};
	size_t i;

	for (i = 0; i < sizeof(own) / sizeof(own[0]); i++)
		fn(arg, own[i][0], own[i][1]);
	each_field(fn, arg);
	each_tlv(fn, arg);
}

void
names_each(enum names kind, ask_fn fn, void *arg)
{
	static void (*const each[])(ask_fn, void *) = {
	    [NAMES_PDU] = each_pdu,
	    [NAMES_REQUEST] = each_request,
	    [NAMES_TLV] = each_tlv,
	    [NAMES_STATUS] = each_status,
	    [NAMES_FIELD] = each_field,
	    [NAMES_KEY] = each_key,
	};

	each[kind](fn, arg);
}

void
names_of_set(unsigned set, ask_fn fn, void *arg)
{
	const struct smpp_enum *e = smpp_sets[set];

	for (; e != NULL && e->match != SMPP_MATCH_END; e++)
		fn(arg, e->symbol, e->brief);
}

const char *
names_nearest(enum names kind, const char *name)
{
	struct smpp_suggest s;

	smpp_suggest_init(&s, name);
	names_each(kind, ask_suggest, &s);
	return s.best;
}
