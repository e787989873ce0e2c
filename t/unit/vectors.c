/*
 * The codec against octets made by other implementations (t/vectors): what
 * they decode to, that they encode back, and that nothing is lost on the way
 * through JSON and through name=value text.
 */
#include <jansson.h>
#include <stdlib.h>

#include "base/hex.h"
#include "msg/sendable.h"
#include "show/show.h"
#include "tap.h"

enum { ROOM = 1 << 20 };

static uint8_t wire_block[ROOM], store_block[ROOM], out_block[ROOM];
static char text_block[ROOM];

/* A line of the file and its octets, in a block that ends with them. */
struct vector {
	json_t *root, *expect;
	const char *id;
	uint8_t *octets;
	size_t n;
};

static bool
next_vector(FILE *f, struct vector *v)
{
	static char line[ROOM];
	int64_t n;

	if (fgets(line, sizeof(line), f) == NULL)
		return false;
	v->root = json_loads(line, JSON_ALLOW_NUL, NULL);
	v->expect = json_object_get(v->root, "expect");
	v->id = json_string_value(json_object_get(v->root, "id"));
	n = smpp_hex_decode(wire_block,
	    json_string_value(json_object_get(v->root, "hex")),
	    json_string_length(json_object_get(v->root, "hex")));
	v->n = (size_t)n;
	v->octets = malloc(v->n + (v->n == 0));
	memcpy(v->octets, wire_block, v->n);
	return true;
}

static void
free_vector(struct vector *v)
{
	json_decref(v->root);
	free(v->octets);
}

static json_t *
shown(const struct smpp_pdu *pdu, const struct smpp_issues *issues)
{
	const struct smpp_show show = {.secrets = true};
	struct smpp_jsonw j;
	struct smpp_sbuf b;
	json_t *root;

	smpp_sbuf_init(&b, text_block, sizeof(text_block), NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_pdu(&j, pdu, issues, &show);
	smpp_jsonw_close(&j, '}');
	root = json_loadb(
	    b.p, b.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, NULL);
	text_block[b.n] = '\0';
	return root;
}

static bool
fields_equal(const char *id, json_t *want, json_t *got)
{
	const char *key;
	json_t *value;
	bool equal = true;

	json_object_foreach(want, key, value)
	{
		json_t *mine = json_object_get(got, key);
		json_t *item, *item_mine, *inner;
		const char *inner_key;
		size_t i;

		if (json_is_array(value)) {
			equal &= json_array_size(mine) ==
				 json_array_size(value);
			json_array_foreach(value, i, item)
			{
				item_mine = json_array_get(mine, i);
				json_object_foreach(item, inner_key, inner)
				    equal &= json_equal(inner,
					json_object_get(item_mine, inner_key));
			}
		} else {
			equal &= json_equal(value, mine);
		}
		if (!equal) {
			printf("# %s: %s\n", id, key);
			return false;
		}
	}
	return true;
}

static bool
same_key(json_t *a, const char *key, json_t *b, const char *key_b)
{
	json_t *x = json_object_get(a, key);
	json_t *y = json_object_get(b, key_b);

	return x == NULL || json_is_null(x) || (y != NULL && json_equal(x, y));
}

static bool
tlvs_equal(json_t *want, json_t *got)
{
	json_t *w, *g;
	size_t i;

	if (json_array_size(want) != json_array_size(got))
		return false;
	json_array_foreach(want, i, w)
	{
		g = json_array_get(got, i);
		if (!same_key(w, "tag", g, "tag") ||
		    !same_key(w, "name", g, "tag_name") ||
		    !same_key(w, "length", g, "length") ||
		    !same_key(w, "value", g, "hex") ||
		    !same_key(w, "int", g, "value") ||
		    !same_key(w, "str", g, "value"))
			return false;
	}
	return true;
}

static bool
udh_equal(json_t *want, json_t *got)
{
	json_t *w, *g, *ies = json_object_get(want, "ies");
	size_t i;

	if (want == NULL)
		return true;
	if (!same_key(want, "udhl", got, "udhl") ||
	    !same_key(want, "user_data", got, "user_data"))
		return false;
	json_array_foreach(ies, i, w)
	{
		g = json_array_get(json_object_get(got, "ies"), i);
		if (!same_key(w, "iei", g, "iei") ||
		    !same_key(w, "data", g, "data"))
			return false;
	}
	return true;
}

static bool
as_expected(struct vector *v, json_t *got)
{
	return json_is_object(got) &&
	       same_key(v->expect, "command_length", got, "command_length") &&
	       same_key(v->expect, "command_id", got, "command_id") &&
	       same_key(v->expect, "command", got, "command_id_name") &&
	       same_key(v->expect, "command_status", got, "command_status") &&
	       same_key(v->expect, "sequence_number", got, "sequence_number") &&
	       fields_equal(v->id, json_object_get(v->expect, "fields"), got) &&
	       tlvs_equal(json_object_get(v->expect, "tlvs"),
		   json_object_get(got, "tlvs")) &&
	       same_key(v->expect, "text", got, "text") &&
	       udh_equal(json_object_get(v->expect, "udh"),
		   json_object_get(got, "udh"));
}

static bool
encodes_to(struct smpp_pdu *pdu, const struct vector *v)
{
	const size_t size = smpp_pdu_size(pdu);
	struct smpp_wr w;
	int n;

	smpp_wr_init(&w, out_block, sizeof(out_block));
	n = smpp_encode(&w, pdu);
	return n == (int)v->n && size == v->n &&
	       memcmp(out_block, v->octets, v->n) == 0;
}

/* The JSON in text_block makes the same octets again. */
static bool
json_back(const struct vector *v, enum smpp_ver ver)
{
	struct smpp_err err;
	struct smpp_pdu pdu;
	struct smpp_wr store;

	smpp_err_clear(&err);
	smpp_wr_init(&store, store_block, sizeof(store_block));
	if (smpp_json_pdu_parse(&pdu, text_block, strlen(text_block), ver, NULL,
		SMPP_ALPHA_GSM7, &store, &err) != 0) {
		printf("# %s: %s\n", v->id, err.msg);
		return false;
	}
	return encodes_to(&pdu, v);
}

/* Where a pair ends: at a blank outside quotes, braces and brackets. */
static char *
pair_end(char *p)
{
	int depth = 0;
	bool quote = false;

	for (; *p != '\0' && (*p != ' ' || quote || depth > 0); p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '"')
			quote = !quote;
		else if (!quote)
			depth += (*p == '{' || *p == '[') -
				 (*p == '}' || *p == ']');
	}
	return p;
}

static bool
pairs_back(const struct vector *v, const struct smpp_pdu *from)
{
	struct smpp_err err;
	struct smpp_pdu pdu;
	struct smpp_wr store;
	struct smpp_sbuf b;
	char *p, *end;

	smpp_sbuf_init(&b, text_block, sizeof(text_block) - 1, NULL, NULL);
	smpp_pdu_pairs(&b, from, true);
	text_block[b.n] = '\0';
	smpp_err_clear(&err);
	smpp_wr_init(&store, store_block, sizeof(store_block));
	end = pair_end(text_block);
	smpp_pdu_init(&pdu, from->command_id, 0, from->ver);
	for (p = end; *p == ' '; p = end) {
		end = pair_end(++p);
		if (smpp_pdu_assign(&pdu, smpp_view_of(p, (size_t)(end - p)),
			&store, &err) != 0) {
			printf("# %s: %s\n", v->id, err.msg);
			return false;
		}
	}
	return encodes_to(&pdu, v);
}

/*
 * Octets of other implementations draw no verdict, except that some made up
 * a message whose esm_class promises a header which is not there.
 */
static bool
accepted(const struct smpp_issues *issues)
{
	unsigned i;

	for (i = 0; i < issues->n; i++)
		if (issues->v[i].level != SMPP_NOTICE &&
		    issues->v[i].kind != SMPP_EUDH_OVERRUN)
			return false;
	return true;
}

/* Nothing is lost either where a version is told, though it may object. */
static bool
every_version(const struct vector *v)
{
	static const enum smpp_ver vers[] = {SMPP_V33, SMPP_V34, SMPP_V50};
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	int i;

	for (i = 0; i < 3; i++) {
		smpp_decode(&pdu, smpp_view_of(v->octets, v->n), vers[i],
		    SMPP_CHECK, &issues);
		json_decref(shown(&pdu, &issues));
		if (!json_back(v, vers[i]) || !encodes_to(&pdu, v) ||
		    !pairs_back(v, &pdu)) {
			printf("# %s: in %s\n", v->id, smpp_ver_name(vers[i]));
			return false;
		}
	}
	return true;
}

static void
valid(const char *dir)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct vector v;
	char path[4096];
	json_t *got;
	FILE *f;
	int rc;

	snprintf(path, sizeof(path), "%s/valid.jsonl", dir);
	if (!ok((f = fopen(path, "r")) != NULL, "%s", path))
		return;
	while (next_vector(f, &v)) {
		rc = smpp_decode(&pdu, smpp_view_of(v.octets, v.n), SMPP_VANY,
		    SMPP_CHECK, &issues);
		smpp_check_message(&pdu, SMPP_ALPHA_GSM7, &issues);
		got = shown(&pdu, &issues);
		ok(rc == 0 && accepted(&issues) && as_expected(&v, got) &&
			json_back(&v, SMPP_VANY) && encodes_to(&pdu, &v) &&
			pairs_back(&v, &pdu) && every_version(&v),
		    "%s", v.id);
		json_decref(got);
		free_vector(&v);
	}
	fclose(f);
}

static json_t *
want(const struct vector *v, const char *key)
{
	return json_object_get(v->expect, key);
}

static bool
kind_is(const struct vector *v, const char *word)
{
	json_t *other;
	size_t i;

	if (strcmp(json_string_value(want(v, "kind")), word) == 0)
		return true;
	json_array_foreach(want(v, "also"), i,
	    other) if (strcmp(json_string_value(other), word) == 0) return true;
	return false;
}

/* The first issue that is no notice is the one expected, and as bad. */
static bool
verdict(const struct vector *v, const struct smpp_issues *issues)
{
	const struct smpp_issue *is = issues->v;
	const json_t *end = want(v, "end");
	const char *field = json_string_value(want(v, "field"));
	char place[64];

	while (is < issues->v + issues->n && is->level == SMPP_NOTICE)
		is++;
	if (is == issues->v + issues->n)
		return false;
	smpp_issue_place(is, place, sizeof(place));
	return kind_is(v, smpp_err_word(is->kind)) &&
	       is->offset == json_integer_value(want(v, "offset")) &&
	       (end == NULL || is->end == json_integer_value(end)) &&
	       (field == NULL || want(v, "field_may_be_null") != NULL ||
		   strcmp(field, place) == 0) &&
	       is->level == (json_is_true(want(v, "lenient_ok")) ? SMPP_WARNING
								 : SMPP_ERROR);
}

static bool
reply_is(const struct vector *v, const struct smpp_issues *issues)
{
	const json_t *status = want(v, "reply_status");
	unsigned i;

	for (i = 0; i < issues->n; i++)
		if (issues->v[i].level != SMPP_NOTICE)
			break;
	/* A PDU without a body is of a wrong length, whatever follows. */
	return status == NULL || i == issues->n ||
	       json_integer_value(status) == ESME_RINVCMDLEN ||
	       json_integer_value(status) == smpp_issue_status(&issues->v[i]);
}

static void
malformed(const char *dir)
{
	struct smpp_issues issues, strict;
	struct smpp_pdu pdu;
	struct vector v;
	char path[4096];
	json_t *got;
	FILE *f;

	snprintf(path, sizeof(path), "%s/malformed.jsonl", dir);
	if (!ok((f = fopen(path, "r")) != NULL, "%s", path))
		return;
	while (next_vector(f, &v)) {
		if (want(&v, "pdu") == NULL) {
			if (smpp_decode(&pdu, smpp_view_of(v.octets, v.n),
				SMPP_VANY, SMPP_STRICT | SMPP_CHECK,
				&strict) == 0)
				smpp_check_message(
				    &pdu, SMPP_ALPHA_GSM7, &strict);
			smpp_decode(&pdu, smpp_view_of(v.octets, v.n),
			    SMPP_VANY, SMPP_CHECK, &issues);
			smpp_check_message(&pdu, SMPP_ALPHA_GSM7, &issues);
			got = shown(&pdu, &issues);
			ok(json_is_object(got) && verdict(&v, &issues) &&
				reply_is(&v, &issues) &&
				strict.count[SMPP_ERROR] +
					strict.count[SMPP_WARNING] >
				    0,
			    "%s", v.id);
			json_decref(got);
		}
		free_vector(&v);
	}
	fclose(f);
}

int
main(void)
{
	const char *dir = getenv("VECTORS");

	if (dir == NULL)
		dir = "t/vectors";
	valid(dir);
	malformed(dir);
	return tap_done();
}
