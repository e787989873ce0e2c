/* cmd/pick: values by dotted key out of one line of JSON. */
#include <stdlib.h>

#include "cmd/kit/pick.h"
#include "tap.h"

static const char line[] =
    "{\"type\":\"pdu\",\"n\":12,\"empty\":\"\",\"no\":null,\"yes\":true,"
    "\"text\":\"a\\tb\\n\\\"c\\\" \\\\ \\u0007 \xC3\xA4\xC2\x9B\","
    "\"end\":\"\\\\\",\"type.x\":1,"
    "\"receipt\":{\"id\":\"5f\",\"more\":{\"id\":7,\"list\":[1,\"]\"]},"
    "\"stat\":\"DELIVRD\"},\"list\":[{\"id\":1},{\"id\":\"}\"}],\"last\":9}";

/* What key is in text, written by pick_put. */
static const char *
get(const char *key, const char *text, enum pick_escape esc)
{
	struct pick p = {key, strlen(key), {NULL, 0}};
	static char out[256];
	struct smpp_sbuf b;

	pick_find(&p, 1, smpp_view_str(text));
	smpp_sbuf_init(&b, out, sizeof(out) - 1, NULL, NULL);
	pick_put(&b, p.value, esc);
	out[b.n] = '\0';
	return out;
}

static void
test_values(void)
{
	static const char *const want[][2] = {
	    {"type", "pdu"},
	    {"n", "12"},
	    {"empty", ""},
	    {"no", "-"},
	    {"yes", "true"},
	    {"end", "\\"},
	    {"last", "9"},
	    {"receipt.id", "5f"},
	    {"receipt.stat", "DELIVRD"},
	    {"receipt.more.id", "7"},
	    {"receipt.more.list", "[1,\"]\"]"},
	    {"list", "[{\"id\":1},{\"id\":\"}\"}]"},
	    {"receipt.more", "{\"id\":7,\"list\":[1,\"]\"]}"},
	    {"id", "-"},
	    {"receipt.", "-"},
	    {"receipt.i", "-"},
	    {"receipt.id.x", "-"},
	    {"list.id", "-"},
	    {"typ", "-"},
	    {"", "-"},
	    {".", "-"},
	};
	size_t i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		is_str(get(want[i][0], line, PICK_RAW), want[i][1], "key '%s'",
		    want[i][0]);
}

static void
test_escapes(void)
{
	is_str(get("text", line, PICK_RAW),
	    "a\tb\n\"c\" \\ \x07 \xC3\xA4\xC2\x9B", "as it is");
	is_str(get("text", line, PICK_TSV),
	    "a\\tb\\n\"c\" \\\\ \\x07 \xC3\xA4\\x9b", "for a table");
	is_str(get("text", line, PICK_TEXT),
	    "a\tb\n\"c\" \\ \\x07 \xC3\xA4\\x9b", "for a pipe");
	is_str(get("text", line, PICK_TERM),
	    "a\\x09b\\x0a\"c\" \\ \\x07 \xC3\xA4\\x9b", "for a terminal");
}

static void
test_many(void)
{
	struct pick p[] = {{"receipt.stat", 12, {NULL, 0}}, {"n", 1, {NULL, 0}},
	    {"receipt", 7, {NULL, 0}}, {"receipt.more.id", 15, {NULL, 0}},
	    {"n", 1, {NULL, 0}}};

	pick_find(p, 5, smpp_view_str(line));
	ok(smpp_view_is(p[0].value, "\"DELIVRD\""), "inner key");
	ok(smpp_view_is(p[1].value, "12"), "outer key");
	is_int(p[2].value.n, 59, "both an object and what is in it");
	ok(smpp_view_is(p[3].value, "7"), "two levels");
	ok(smpp_view_is(p[4].value, "12"), "the same key twice");
}

/* Looks for a key in n octets of line from there, in a block of that size. */
static bool
stays_within(size_t from, size_t n)
{
	struct pick p = {"receipt.more.id", 15, {NULL, 0}};
	uint8_t *copy = malloc(n);
	bool within;

	if (copy == NULL)
		return false;
	memcpy(copy, line + from, n);
	copy[0] = '{';
	pick_find(&p, 1, smpp_view_of(copy, n));
	within = p.value.n == 0 ||
		 (p.value.p >= copy && p.value.p + p.value.n <= copy + n);
	free(copy);
	return within;
}

static void
test_broken(void)
{
	size_t n, from;
	bool fine = true;

	for (from = 0; from < sizeof(line) - 1; from += 7)
		for (n = 1; n < sizeof(line) - 1 - from; n++)
			fine = fine && stays_within(from, n);
	ok(fine, "values stay within a broken line");
	is_str(get("a", "", PICK_RAW), "-", "no line");
	is_str(get("a", "{}", PICK_RAW), "-", "empty object");
	is_str(get("a", "[1]", PICK_RAW), "-", "no object");
}

int
main(void)
{
	test_values();
	test_escapes();
	test_many();
	test_broken();
	return tap_done();
}
