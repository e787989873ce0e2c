/* A receipt back from the JSON that receipt.c writes. */
#include <jansson.h>

#include "show/receipttext.h"

/* Keeps a copy of a string; empty when it is none. */
static struct smpp_view
receiptread_string(const json_t *v, struct smpp_wr *store)
{
	struct smpp_view copy = {NULL, 0};
	size_t n = json_string_length(v);
	uint8_t *room;

	if (!json_is_string(v) || (room = smpp_wr_room(store, n)) == NULL)
		return copy;
	memcpy(room, json_string_value(v), n);
	return smpp_view_of(room, n);
}

static void
receiptread_fields(
    struct smpp_receipt *r, const json_t *o, struct smpp_wr *store)
{
	const json_t *v;
	unsigned i;

	for (i = 0; i < SMPP_RF_COUNT; i++) {
		v = json_object_get(o, smpp_receipt_field_name(i));
		if (!json_is_string(v))
			continue;
		/* An empty value was there as well, which seen tells from a
		 * missing one. */
		r->value[i] = receiptread_string(v, store);
		r->seen |= (uint16_t)(1 << i);
	}
}

/* A number from 0 to max, or -1. */
static int32_t
receiptread_number(const json_t *o, const char *key, int32_t max)
{
	const json_t *v = json_object_get(o, key);
	json_int_t n = json_integer_value(v);

	return json_is_integer(v) && n >= 0 && n <= max ? (int32_t)n : -1;
}

static void
receiptread_numbers(struct smpp_receipt *r, const json_t *o)
{
	const json_t *final = json_object_get(o, "final");
	const json_t *net = json_object_get(o, "network_error");

	r->sub = receiptread_number(o, "sub", 999999999);
	r->dlvrd = receiptread_number(o, "dlvrd", 999999999);
	r->state = (int8_t)receiptread_number(o, "message_state", 9);
	if (json_is_boolean(final))
		r->final = json_is_true(final);
	r->has_network = receiptread_number(net, "type", 255) >= 0 &&
			 receiptread_number(net, "code", 65535) >= 0;
	if (!r->has_network)
		return;
	r->network_type = (uint8_t)receiptread_number(net, "type", 255);
	r->network_code = (uint16_t)receiptread_number(net, "code", 65535);
}

/* The date as it was printed, which has the zone that was given for it. */
static void
receiptread_date(
    struct smpp_receipt *r, const json_t *o, const char *key, unsigned i)
{
	const json_t *v = json_object_get(o, key);

	r->dated[i] =
	    json_is_string(v) &&
	    smpp_date_read(&r->date[i],
		smpp_view_of(json_string_value(v), json_string_length(v))) > 0;
}

static void
receiptread_extra(struct smpp_receipt *r, json_t *o, struct smpp_wr *store)
{
	const char *key;
	json_t *v;

	json_object_foreach(o, key, v)
	{
		size_t n = strlen(key);
		uint8_t *room;

		if (r->nextra == SMPP_RECEIPT_EXTRAS || n > SMPP_EXTRA_NAME ||
		    (room = smpp_wr_room(store, n)) == NULL)
			return;
		memcpy(room, key, n);
		r->extra[r->nextra++] = (struct smpp_extra){
		    smpp_view_of(room, n), receiptread_string(v, store)};
	}
}

/* The receipt in an object: itself, or what it has under that name. */
static json_t *
receipt_of(json_t *root)
{
	const char *type = json_string_value(json_object_get(root, "type"));
	json_t *inner = json_object_get(root, "receipt");

	/* A PDU has its receipt in its own octets, where it is read from
	 * anew. */
	if (type == NULL || strcmp(type, "pdu") == 0)
		return NULL;
	if (strcmp(type, "receipt") == 0)
		return root;
	return json_is_object(inner) ? inner : NULL;
}

bool
smpp_json_receipt_parse(
    struct smpp_receipt *r, struct smpp_view text, struct smpp_wr *store)
{
	json_t *root = json_loadb(
	    (const char *)text.p, text.n, JSON_ALLOW_NUL, NULL);
	json_t *o = receipt_of(root);

	if (o != NULL) {
		smpp_receipt_clear(r);
		receiptread_fields(r, o, store);
		receiptread_numbers(r, o);
		receiptread_date(r, o, "submit_date_iso", 0);
		receiptread_date(r, o, "done_date_iso", 1);
		r->text_id = receiptread_string(
		    json_object_get(o, "text_id"), store);
		receiptread_extra(r, json_object_get(o, "extra"), store);
	}
	json_decref(root);
	return o != NULL && !store->bad;
}
