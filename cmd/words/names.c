/* The names of the protocol, table by table, for completion and hints. */
#include "names.h"

#include "base/suggest.h"
#include "smpp/table.h"

const char *const names_alphabets[] = {
#define SMPP_ALPHABET(id, name, family, charset, dc, brief) name,
#include "text/alphabets.def"
#undef SMPP_ALPHABET
    NULL};

const char *const names_versions[] = {"3.3", "3.4", "5.0", NULL};
const enum smpp_ver names_ver[] = {SMPP_V33, SMPP_V34, SMPP_V50, SMPP_VANY};

const char *const names_languages[] = {"auto", "tr", "es", "pt", "bn", "gu",
    "hi", "kn", "ml", "or", "pa", "ta", "te", "ur", NULL};

const char *const names_stats[] = {
#define SMPP_FIELD(id, name)
#define SMPP_STAT(word, state) word,
#define SMPP_WARN(id, word)
#include "text/receipt.def"
#undef SMPP_FIELD
#undef SMPP_STAT
#undef SMPP_WARN
    NULL};

static void
each_pdu(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	size_t i;

	(void)d;
	for (i = 0; i < smpp_pdu_count; i++)
		fn(arg, smpp_pdus[i].name, smpp_pdus[i].brief);
}

/*
 * Requests that have an answer: alert_notification and outbind have none, and
 * generic_nack is none.
 */
static void
each_request(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	const struct smpp_pdu_row *row = smpp_pdus;

	(void)d;
	for (; row < smpp_pdus + smpp_pdu_count; row++)
		if (!(row->flags & SMPP_PDU_RESPONSE) &&
		    row->counterpart != UINT32_MAX)
			fn(arg, row->name, row->brief);
}

/*
 * Of the dictionary in use, so that a vendor's TLVs are completed like the
 * others.
 */
static void
each_tlv(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	const struct smpp_tlv_row *row;
	size_t i;

	for (i = 0; (row = smpp_dictionary_row(d, i)) != NULL; i++)
		fn(arg, row->name, row->brief);
}

static void
each_status(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	size_t i;

	(void)d;
	for (i = 0; i < smpp_status_count; i++)
		fn(arg, smpp_statuses[i].name, smpp_statuses[i].text);
}

static void
each_field(const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	unsigned i;

	(void)d;
	for (i = 0; i < SMPP_F_BODY_COUNT; i++)
		fn(arg, smpp_field_name(i), smpp_field_brief(i));
}

/* Keys of records that are no fields, see smpp-json(7). */
static void
each_key(const struct smpp_dictionary *d, ask_fn fn, void *arg)
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
	each_field(d, fn, arg);
	each_tlv(d, fn, arg);
}

void
names_each(
    enum names kind, const struct smpp_dictionary *d, ask_fn fn, void *arg)
{
	static void (*const each[])(
	    const struct smpp_dictionary *, ask_fn, void *) = {
	    [NAMES_PDU] = each_pdu,
	    [NAMES_REQUEST] = each_request,
	    [NAMES_TLV] = each_tlv,
	    [NAMES_STATUS] = each_status,
	    [NAMES_FIELD] = each_field,
	    [NAMES_KEY] = each_key,
	};

	each[kind](d, fn, arg);
}

void
names_of_set(unsigned set, ask_fn fn, void *arg)
{
	const struct smpp_enum *e = smpp_sets[set];

	for (; e != NULL && e->match != SMPP_MATCH_END; e++)
		fn(arg, e->symbol, e->brief);
}

/*
 * From the same lists that are completed: a suggestion is always a name that
 * would have been taken.
 */
const char *
names_nearest(
    enum names kind, const struct smpp_dictionary *d, const char *name)
{
	struct smpp_suggest s;

	smpp_suggest_init(&s, name);
	names_each(kind, d, ask_suggest, &s);
	return s.best;
}
