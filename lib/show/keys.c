/* The keys a PDU may have as JSON: those that are neither ours nor the
 * specification's are misspelt, and what they say would be lost. */
#include <string.h>

#include "show/build_int.h"
#include "show/show.h"
#include "base/suggest.h"

/* What is known beside a PDU or follows from it: smpp-json(7). */
static const char *const derived[] = {"type", "time", "index", "offset",
    "session", "dir", "text", "udh", "receipt", "tlvs", "stray", "undecoded",
    "hex", "errors", "warnings", "notices", "latency_ms"};

enum { DERIVED = sizeof(derived) / sizeof(derived[0]) };

/* What is looked for: found when a candidate is it, else the nearest one. */
struct search {
	const char *key;
	bool found;
	struct smpp_suggest near;
};

static void
try_derived(struct search *s)
{
	size_t i;

	for (i = 0; i < DERIVED && !s->found; i++)
		s->found = strcmp(s->key, derived[i]) == 0;
}

/* A name is also a key with _name behind it. */
static void
keys_try(struct search *s, const char *name)
{
	size_t n;

	/* Nearly all names end here: there is a loop over all of them for each
	 * key. */
	if (*name != *s->key)
		return;
	n = strlen(name);
	if (strncmp(s->key, name, n) == 0 &&
	    (s->key[n] == '\0' || strcmp(s->key + n, "_name") == 0))
		s->found = true;
}

static void
try_body(struct search *s, const struct smpp_field *row)
{
	for (; row->kind != SMPP_KIND_END && !s->found; row++)
		keys_try(s, smpp_field_name(row->name));
}

static void
try_tlvs(struct search *s, const struct smpp_dictionary *d)
{
	const struct smpp_tlv_row *row;
	size_t i;

	for (i = 0; !s->found && (row = smpp_dictionary_row(d, i)) != NULL;
	     i++) {
		keys_try(s, row->name);
		if (row->alias != NULL)
			keys_try(s, row->alias);
	}
}

static void
near_body(struct search *s, const struct smpp_field *row)
{
	for (; row->kind != SMPP_KIND_END; row++)
		smpp_suggest_try(&s->near, smpp_field_name(row->name));
}

static int
keys_refuse(const struct search *s, const char *where, struct smpp_err *err)
{
	if (s->near.best == NULL)
		return smpp_err_set(
		    err, SMPP_ENAME, "no key '%.60s' in %s", s->key, where);
	return smpp_err_set(err, SMPP_ENAME,
	    "no key '%.60s' in %s; did you mean '%s'?", s->key, where,
	    s->near.best);
}

int
smpp_key_check_body(
    const struct smpp_field *body, const char *key, struct smpp_err *err)
{
	struct search s = {.key = key};

	try_body(&s, body);
	if (s.found)
		return 0;
	smpp_suggest_init(&s.near, key);
	near_body(&s, body);
	return keys_refuse(&s, "an item", err);
}

/* For those who give TLVs names of their own: such a name would mean two
 * things in one object. */
bool
smpp_json_key_reserved(const char *key)
{
	struct search s = {.key = key};
	const struct smpp_tlv_row *row = smpp_tlvs;
	unsigned i;

	try_derived(&s);
	for (i = 0; i < SMPP_F_COUNT && !s.found; i++)
		keys_try(&s, smpp_field_name(i));
	for (; row < smpp_tlvs + smpp_tlv_count && !s.found; row++)
		keys_try(&s, row->name);
	return s.found;
}

/* Names of fields of other PDUs are no keys: smpp_pdu_set_view() would take
 * them, and nothing would send them. */
int
smpp_key_check(
    const struct smpp_pdu *pdu, const char *key, struct smpp_err *err)
{
	const struct smpp_field *body = NULL;
	const struct smpp_tlv_row *tlv;
	struct search s = {.key = key};
	size_t i;

	if (pdu->row != NULL)
		try_body(&s, body = smpp_pdu_body(pdu->row, pdu->ver));
	try_derived(&s);
	try_body(&s, smpp_header);
	try_tlvs(&s, pdu->dictionary);
	if (s.found)
		return 0;
	smpp_suggest_init(&s.near, key);
	if (body != NULL)
		near_body(&s, body);
	for (i = 0; i < DERIVED; i++)
		smpp_suggest_try(&s.near, derived[i]);
	near_body(&s, smpp_header);
	for (i = 0; (tlv = smpp_dictionary_row(pdu->dictionary, i)) != NULL;
	     i++)
		smpp_suggest_try(&s.near, tlv->name);
	return keys_refuse(
	    &s, pdu->row == NULL ? "this PDU" : pdu->row->name, err);
}
