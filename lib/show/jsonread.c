/* A JSON object, as json.c writes it, back to a PDU. */
#include <string.h>

#include "base/hex.h"
#include "show/jsonread_int.h"
#include "show/show.h"

int
smpp_jsonread_wrong(struct smpp_jsonread *x, const char *key, const char *why)
{
	return smpp_err_set(x->err, SMPP_ESYNTAX, "%s: %s", key, why);
}

/* With a full store the size is returned all the same: store->bad is looked at
 * once, when all is read. */
int64_t
smpp_jsonread_hex(struct smpp_jsonread *x, const json_t *v, const char *key)
{
	const char *s = json_string_value(v);
	const size_t n = json_string_length(v);
	uint8_t *room;

	if (s == NULL || n % 2 != 0)
		return smpp_jsonread_wrong(
		    x, key, "a string of pairs of hex digits wanted");
	room = smpp_wr_room(x->store, n / 2);
	if (room != NULL && smpp_hex_decode(room, s, n) < 0)
		return smpp_jsonread_wrong(
		    x, key, "a string of pairs of hex digits wanted");
	return (int64_t)(n / 2);
}

/* The reverse of smpp_jsonw_latin1(). jansson has checked that it is UTF-8, so
 * an octet of 0xC2 or 0xC3 has another one behind it. */
int64_t
smpp_jsonread_latin1(struct smpp_jsonread *x, const json_t *v, const char *key)
{
	const uint8_t *s = (const uint8_t *)json_string_value(v);
	const size_t n = json_string_length(v);
	const size_t start = x->store->n;
	size_t i;

	if (s == NULL)
		return smpp_jsonread_wrong(x, key, "a string wanted");
	for (i = 0; i < n; i++) {
		if (s[i] < 0x80) {
			smpp_wr_u8(x->store, s[i]);
		} else if (s[i] <= 0xC3) {
			smpp_wr_u8(
			    x->store, (uint8_t)(s[i] << 6 | (s[i + 1] & 0x3F)));
			i++;
		} else {
			return smpp_jsonread_wrong(
			    x, key, "a character above U+00FF");
		}
	}
	return (int64_t)(x->store->n - start);
}

static int64_t
jsonread_string(
    struct smpp_jsonread *x, unsigned kind, const json_t *v, const char *key)
{
	return kind == SMPP_KIND_OCTETS ? smpp_jsonread_hex(x, v, key)
					: smpp_jsonread_latin1(x, v, key);
}

int
smpp_jsonread_number(struct smpp_jsonread *x, const json_t *obj,
    const char *name, unsigned set, uint32_t max, uint32_t *num)
{
	const json_t *v = json_object_get(obj, name);
	char key[64];
	int rc;

	/* The number wins over its name: a program that changes the number
	 * need not know the names. */
	if (v == NULL || json_is_null(v)) {
		if (strlen(name) + sizeof("_name") > sizeof(key))
			return 0;
		strcpy(key, name);
		strcat(key, "_name");
		v = json_object_get(obj, key);
		if (v == NULL)
			return 0;
	}
	if (json_is_string(v)) {
		rc = smpp_build_number(
		    smpp_view_of(json_string_value(v), json_string_length(v)),
		    set, max, name, num, x->err);
		return rc == 0 ? 1 : rc;
	}
	if (!json_is_integer(v))
		return smpp_jsonread_wrong(x, name, "a number wanted");
	if (json_integer_value(v) < 0 || json_integer_value(v) > max)
		return smpp_err_set(x->err, SMPP_ERANGE,
		    "%s: %lld is outside 0 to %u", name,
		    (long long)json_integer_value(v), max);
	*num = (uint32_t)json_integer_value(v);
	return 1;
}

int
smpp_jsonread_item(struct smpp_jsonread *x, const json_t *obj,
    const struct smpp_field *body, struct smpp_item *it,
    struct smpp_wr *scratch)
{
	const struct smpp_field *row;
	struct smpp_jsonread inner = *x;
	struct smpp_val v;
	const char *key;
	json_t *s;
	int64_t n;
	int i, rc;

	if (!json_is_object(obj))
		return smpp_jsonread_wrong(
		    x, smpp_field_name(body[0].name), "an object wanted");
	/* A key that is misspelt is refused, or a value that was meant would
	 * be missing without a word. */
	json_object_foreach((json_t *)obj, key, s)
	{
		if ((rc = smpp_key_check_body(body, key, x->err)) != 0)
			return rc;
	}
	inner.store = scratch;
	smpp_item_init(it, body);
	for (i = 0; body[i].kind != SMPP_KIND_END; i++) {
		row = &body[i];
		v = (struct smpp_val){scratch->p + scratch->n, 0, 0};
		if (row->kind == SMPP_KIND_CSTR ||
		    row->kind == SMPP_KIND_OCTETS) {
			s = json_object_get(obj, smpp_field_name(row->name));
			if (s == NULL)
				continue;
			n = jsonread_string(
			    &inner, row->kind, s, smpp_field_name(row->name));
			if (n < 0)
				return (int)n;
			v.n = (uint32_t)n;
		} else {
			rc = smpp_jsonread_number(x, obj,
			    smpp_field_name(row->name), row->set,
			    smpp_kind_max(row->kind), &v.num);
			if (rc < 0)
				return rc;
			if (rc == 0)
				continue;
		}
		smpp_item_set(it, i, v);
	}
	if (scratch->bad)
		return smpp_jsonread_wrong(
		    x, smpp_field_name(body[0].name), "too long");
	return smpp_item_check(it, x->err);
}

static int
jsonread_list(
    struct smpp_jsonread *x, const struct smpp_field *row, const json_t *array)
{
	const size_t start = x->store->n;
	uint8_t block[2048];
	struct smpp_item it;
	struct smpp_wr scratch;
	uint32_t n = 0;
	size_t i;
	int rc;

	if (!json_is_array(array))
		return smpp_jsonread_wrong(
		    x, smpp_field_name(row->name), "an array wanted");
	rc = smpp_build_count(
	    x->pdu, row->name, json_array_size(array), "items", x->err);
	if (rc != 0)
		return rc;
	for (i = 0; i < json_array_size(array); i++, n++) {
		smpp_wr_init(&scratch, block, sizeof(block));
		rc = smpp_jsonread_item(
		    x, json_array_get(array, i), row->items, &it, &scratch);
		if (rc != 0)
			return rc;
		smpp_item_write(&it, x->store, true);
	}
	if (x->store->bad)
		return smpp_err_set(x->err, SMPP_ENOSPACE,
		    "%s: the list is too long", smpp_field_name(row->name));
	smpp_pdu_set_list(x->pdu, row->name,
	    smpp_view_of(x->store->p + start, x->store->n - start), n);
	return 0;
}

static int
jsonread_field(struct smpp_jsonread *x, const struct smpp_field *row)
{
	const char *name = smpp_field_name(row->name);
	const json_t *v = json_object_get(x->root, name);
	uint32_t num;
	int64_t n;
	int rc;

	switch (row->kind) {
	case SMPP_KIND_LIST:
		return v == NULL ? 0 : jsonread_list(x, row, v);
	case SMPP_KIND_CSTR:
	case SMPP_KIND_TIME:
	case SMPP_KIND_OCTETS:
		if (v == NULL)
			return 0;
		if ((n = jsonread_string(x, row->kind, v, name)) < 0)
			return (int)n;
		if (smpp_field_secret(row->name) &&
		    smpp_secret_masked(smpp_view_of(
			json_string_value(v), json_string_length(v))))
			return smpp_jsonread_wrong(x, name,
			    "all asterisks: it was masked, --show-secrets "
			    "keeps it");
		return smpp_build_octets(
		    x->pdu, row, x->store, (size_t)n, x->err);
	default:
		rc = smpp_jsonread_number(
		    x, x->root, name, row->set, smpp_kind_max(row->kind), &num);
		if (rc > 0)
			smpp_pdu_set_num(x->pdu, row->name, num);
		return rc < 0 ? rc : 0;
	}
}

/* Keeps a text that others will encode. A copy, since the JSON is freed before
 * anybody encodes it. */
static int
keep_text(struct smpp_jsonread *x, const json_t *v)
{
	const size_t n = json_string_length(v);
	uint8_t *p = smpp_wr_room(x->store, n);

	if (p == NULL)
		return smpp_err_set(
		    x->err, SMPP_ENOSPACE, "text: longer than %zu octets", n);
	memcpy(p, json_string_value(v), n);
	*x->text = smpp_view_of(p, n);
	return 0;
}

/* The text of a message, if the object has one and the PDU can. */
static int
message_text(struct smpp_jsonread *x)
{
	const json_t *v = json_object_get(x->root, "text");
	const bool header =
	    json_object_get(x->root, "udh") != NULL ||
	    (smpp_pdu_num(x->pdu, SMPP_F_esm_class) & SMPP_esm_class_udhi) != 0;
	struct smpp_view octets;

	/* What could not be decoded comes back by its octets alone. */
	if (v == NULL || x->pdu->row == NULL || x->pdu->cut)
		return 0;
	if (!json_is_string(v))
		return smpp_jsonread_wrong(x, "text", "a string wanted");
	if (x->text != NULL && !header && smpp_pdu_payload(x->pdu, &octets) < 0)
		return keep_text(x, v);
	return smpp_build_text(x->pdu,
	    smpp_view_of(json_string_value(v), json_string_length(v)),
	    x->mc_default, header, x->store, x->tlvs, x->err);
}

static int
undecoded(struct smpp_jsonread *x)
{
	const json_t *v = json_object_get(x->root, "undecoded");
	int64_t n;

	if (v == NULL)
		return 0;
	if ((n = smpp_jsonread_hex(x, v, "undecoded")) < 0)
		return (int)n;
	smpp_pdu_set_rest(
	    x->pdu, smpp_view_of(x->store->p + x->store->n - n, (size_t)n));
	return 0;
}

static int
stray(struct smpp_jsonread *x)
{
	const json_t *v = json_object_get(x->root, "stray");
	int64_t n;

	if (v == NULL)
		return 0;
	if ((n = smpp_jsonread_hex(x, v, "stray")) < 0)
		return (int)n;
	if (x->store->bad)
		return 0;
	/* Nothing borrows these octets: they are only looked at. */
	x->store->n -= (size_t)n;
	return smpp_build_stray(
	    x->pdu, smpp_view_of(x->store->p + x->store->n, (size_t)n), x->err);
}

static int
keys(struct smpp_jsonread *x)
{
	const char *key;
	json_t *v;
	int rc;

	/* An empty string of a field this PDU lacks says nothing that could be
	 * lost: programs write it for PDUs of any kind. */
	json_object_foreach(x->root, key, v)
	{
		if (json_is_null(v) ||
		    (json_is_string(v) && json_string_length(v) == 0))
			continue;
		if ((rc = smpp_key_check(x->pdu, key, x->err)) != 0)
			return rc;
	}
	return 0;
}

/*
 * The command_id of the object. A message to be sent is a submit_sm without
 * saying so; one that came becomes it.
 */
static int
command(struct smpp_jsonread *x, uint32_t *id)
{
	int rc = smpp_jsonread_number(
	    x, x->root, "command_id", SMPP_SET_command_id, UINT32_MAX, id);

	if (rc < 0)
		return rc;
	if (x->text == NULL)
		return rc > 0 ? 0
			      : smpp_jsonread_wrong(x, "command_id",
				    "missing, and command_id_name");
	if (rc > 0 && *id != SMPP_C_submit_sm && *id != SMPP_C_deliver_sm)
		return smpp_jsonread_wrong(
		    x, "command_id", "neither submit_sm nor deliver_sm");
	*id = SMPP_C_submit_sm;
	return 0;
}

static int
whole(struct smpp_jsonread *x, enum smpp_ver ver)
{
	const struct smpp_field *row;
	uint32_t id, seq = 0, status = 0;
	int rc;

	rc = command(x, &id);
	if (rc == 0)
		rc = smpp_jsonread_number(x, x->root, "sequence_number",
		    SMPP_SET_none, UINT32_MAX, &seq);
	if (rc >= 0)
		rc = smpp_jsonread_number(x, x->root, "command_status",
		    SMPP_SET_command_status, UINT32_MAX, &status);
	if (rc < 0)
		return rc;
	smpp_pdu_init(x->pdu, id, seq, ver);
	/* Before the keys are looked at, some of which it may name. */
	x->pdu->dictionary = x->dictionary;
	x->pdu->command_status = status;
	if ((rc = keys(x)) != 0)
		return rc;
	if (x->pdu->row != NULL) {
		row = smpp_pdu_body(x->pdu->row, ver);
		for (; row->kind != SMPP_KIND_END; row++)
			if ((rc = jsonread_field(x, row)) != 0)
				return rc;
	}
	/* The text last: it has to know alphabet, header and payload, and adds
	 * to the TLVs. */
	if ((rc = stray(x)) != 0 || (rc = smpp_jsonread_tlvs(x)) != 0 ||
	    (rc = smpp_build_tlvs(x->pdu, x->store, x->tlvs, x->err)) != 0 ||
	    (rc = undecoded(x)) != 0)
		return rc;
	if (x->store->bad)
		return smpp_err_set(
		    x->err, SMPP_ENOSPACE, "the values are too long");
	return message_text(x);
}

static int
jsonread_parse(
    struct smpp_jsonread *x, const char *text, size_t n, enum smpp_ver ver)
{
	json_error_t why;
	int rc;

	/*
	 * Of a key that comes twice nobody knows which value was meant. A NUL
	 * may be a character of a text; in the string of a field it is refused
	 * later.
	 */
	x->root = json_loadb(
	    text, n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &why);
	if (x->root == NULL) {
		x->err->offset = why.position;
		return smpp_err_set(x->err, SMPP_ESYNTAX, "JSON: column %d: %s",
		    why.column, why.text);
	}
	rc = json_is_object(x->root)
		 ? whole(x, ver)
		 : smpp_err_set(x->err, SMPP_ESYNTAX, "an object wanted");
	json_decref(x->root);
	return rc;
}

int
smpp_json_pdu_parse(struct smpp_pdu *pdu, const char *text, size_t n,
    enum smpp_ver ver, const struct smpp_dictionary *dictionary,
    enum smpp_alphabet mc_default, struct smpp_wr *store, struct smpp_err *err)
{
	struct smpp_jsonread x = {.pdu = pdu,
	    .store = store,
	    .err = err,
	    .dictionary = dictionary,
	    .mc_default = mc_default};

	return jsonread_parse(&x, text, n, ver);
}

int
smpp_json_message_parse(struct smpp_pdu *pdu, struct smpp_view *text,
    const char *json, size_t n, enum smpp_ver ver,
    const struct smpp_dictionary *dictionary, enum smpp_alphabet mc_default,
    struct smpp_wr *store, struct smpp_err *err)
{
	struct smpp_jsonread x = {.pdu = pdu,
	    .store = store,
	    .err = err,
	    .dictionary = dictionary,
	    .mc_default = mc_default,
	    .text = text};

	*text = (struct smpp_view){NULL, 0};
	return jsonread_parse(&x, json, n, ver);
}
