/* The TLVs of a JSON object, as json.c writes them, in wire form. */
#include <string.h>

#include "show/jsonread_int.h"

/* A number where text is usual: an id of digits that lost its quotes. */
static void
jsontlv_digits(struct smpp_jsonread *x, json_int_t n)
{
	char digits[24];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, digits, sizeof(digits), NULL, NULL);
	smpp_sbuf_printf(&b, "%lld", (long long)n);
	smpp_wr_view(x->store, smpp_view_of(b.p, b.n));
}

/* The value of a TLV in any of the forms json_tlv_value of json.c writes. */
static int
jsontlv_value(struct smpp_jsonread *x, uint16_t tag,
    const struct smpp_tlv_row *row, const json_t *v, const char *key)
{
	const size_t start = smpp_build_tlv_begin(x->store, tag);
	uint8_t block[2048];
	struct smpp_item it;
	struct smpp_wr scratch;
	const bool text = row != NULL && row->kind == SMPP_KIND_TEXT;
	int64_t n = 0;
	int rc;

	if (json_is_integer(v) && text) {
		jsontlv_digits(x, json_integer_value(v));
	} else if (json_is_integer(v)) {
		if (json_integer_value(v) < 0 ||
		    json_integer_value(v) > UINT32_MAX)
			return smpp_jsonread_wrong(x, key, "out of range");
		n = smpp_build_uint(row, (uint32_t)json_integer_value(v), key,
		    x->store, x->err);
	} else if (json_is_object(v) && row != NULL &&
		   row->kind == SMPP_KIND_STRUCT) {
		smpp_wr_init(&scratch, block, sizeof(block));
		rc = smpp_jsonread_item(x, v, row->members, &it, &scratch);
		if (rc != 0)
			return rc;
		smpp_item_write(&it, x->store, false);
	} else if (json_is_string(v) && row != NULL &&
		   smpp_kind_is_string(row->kind)) {
		n = smpp_jsonread_latin1(x, v, key);
		smpp_wr_u8(x->store, 0);
	} else if (json_is_string(v) && text) {
		smpp_wr_view(x->store,
		    smpp_view_of(json_string_value(v), json_string_length(v)));
	} else if (json_is_string(v)) {
		n = smpp_jsonread_hex(x, v, key);
	} else if (!json_is_null(v)) {
		return smpp_jsonread_wrong(x, key, "not a value of this TLV");
	}
	if (n < 0)
		return (int)n;
	return smpp_build_tlv_end(x->store, start, x->err);
}

/* The keys of an element of the tlvs array. */
static int
tlv_keys_known(struct smpp_jsonread *x, json_t *obj)
{
	static const char *const known[] = {
	    "tag", "tag_name", "length", "value", "hex"};
	const char *key;
	json_t *v;
	size_t i;

	json_object_foreach(obj, key, v)
	{
		for (i = 0; i < 5 && strcmp(key, known[i]) != 0; i++)
			;
		if (i == 5)
			return smpp_err_set(x->err, SMPP_ENAME,
			    "no key '%.60s' in a TLV, but tag, tag_name, "
			    "length, value, hex",
			    key);
	}
	return 0;
}

/* One element of the tlvs array: its hex is exact, its value will do. */
static int
jsontlv_element(struct smpp_jsonread *x, json_t *obj)
{
	const struct smpp_tlv_row *row = NULL;
	const json_t *name = json_object_get(obj, "tag_name");
	const json_t *hex = json_object_get(obj, "hex");
	uint32_t tag = 0;
	size_t start;
	int64_t n;
	int rc;

	if (!json_is_object(obj))
		return smpp_jsonread_wrong(
		    x, "tlvs", "an array of objects wanted");
	if ((rc = tlv_keys_known(x, obj)) != 0)
		return rc;
	if (json_is_string(name) &&
	    !json_is_integer(json_object_get(obj, "tag"))) {
		row = smpp_dictionary_find(
		    x->pdu->dictionary, smpp_view_str(json_string_value(name)));
		if (row == NULL)
			return smpp_err_set(x->err, SMPP_ENAME, "no TLV '%s'",
			    json_string_value(name));
		tag = row->tag;
	} else {
		rc = smpp_jsonread_number(
		    x, obj, "tag", SMPP_SET_none, UINT16_MAX, &tag);
		if (rc < 0)
			return rc;
		if (rc == 0)
			return smpp_jsonread_wrong(
			    x, "tlvs", "a tag or a tag_name wanted");
		row = smpp_pdu_tlv_row(x->pdu, (uint16_t)tag);
	}
	if (hex == NULL)
		return jsontlv_value(x, (uint16_t)tag, row,
		    json_object_get(obj, "value"), "value");
	start = smpp_build_tlv_begin(x->store, (uint16_t)tag);
	if ((n = smpp_jsonread_hex(x, hex, "hex")) < 0)
		return (int)n;
	return smpp_build_tlv_end(x->store, start, x->err);
}

/* The TLV that a key names, but for those that share it with a field. */
static const struct smpp_tlv_row *
tlv_of_key(const struct smpp_jsonread *x, const char *key, size_t n)
{
	const struct smpp_pdu *pdu = x->pdu;
	const struct smpp_tlv_row *row = smpp_dictionary_find(
	    pdu->dictionary, smpp_view_of(key, n));
	int name = row == NULL ? -1 : smpp_field_find(smpp_view_str(row->name));

	if (name >= 0 && pdu->row != NULL &&
	    smpp_field_of(smpp_pdu_body(pdu->row, pdu->ver), (unsigned)name) !=
		NULL)
		return NULL;
	return row;
}

/* A key that is the name of a TLV, or name_name where the name is missing. */
static int
tlv_key(struct smpp_jsonread *x, const char *key, const json_t *v)
{
	const size_t n = strlen(key), tail = sizeof("_name") - 1;
	const struct smpp_tlv_row *row = tlv_of_key(x, key, n);
	uint32_t num;
	size_t start;
	int rc;

	if (row != NULL)
		return jsontlv_value(x, row->tag, row, v, key);
	if (n <= tail || strcmp(key + n - tail, "_name") != 0)
		return 0;
	/* Only where the number itself is missing: else it would be there
	 * twice. */
	row = tlv_of_key(x, key, n - tail);
	if (row == NULL || row->kind != SMPP_KIND_UINT ||
	    json_object_get(x->root, row->name) != NULL)
		return 0;
	rc = smpp_jsonread_number(
	    x, x->root, row->name, row->set, UINT32_MAX, &num);
	if (rc <= 0)
		return rc;
	start = smpp_build_tlv_begin(x->store, row->tag);
	rc = smpp_build_uint(row, num, row->name, x->store, x->err);
	return rc != 0 ? rc : smpp_build_tlv_end(x->store, start, x->err);
}

/* Without a tlvs array: the TLVs that stand under their own names. */
static int
jsontlv_keys(struct smpp_jsonread *x)
{
	const char *key;
	json_t *v;
	int rc;

	json_object_foreach(
	    x->root, key, v) if ((rc = tlv_key(x, key, v)) != 0) return rc;
	return 0;
}

/*
 * The array is all there is, with order and repetitions; the keys beside it
 * say the same in part, and are read only where there is none, in what people
 * write.
 */
int
smpp_jsonread_tlvs(struct smpp_jsonread *x)
{
	json_t *array = json_object_get(x->root, "tlvs");
	size_t i;
	int rc;

	/* From here on the store has nothing but TLVs in wire form, so that
	 * they are one piece in the end. */
	x->tlvs = x->store->n;
	if (array == NULL)
		return jsontlv_keys(x);
	if (!json_is_array(array))
		return smpp_jsonread_wrong(x, "tlvs", "an array wanted");
	for (i = 0; i < json_array_size(array); i++)
		if ((rc = jsontlv_element(x, json_array_get(array, i))) != 0)
			return rc;
	return 0;
}
