/* lib/msg/join: random texts split, shuffled and joined are the texts. */
#include "msg/join.h"
#include "msg/split.h"
#include "tap.h"
#include "text/utf.h"

enum { ROUNDS = 40, PARTS = 64, TEXT = 16384 };

static uint64_t seed = 0x9e3779b97f4a7c15;

static uint32_t
rnd(uint32_t below)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 33) % below;
}

/* A character of some script, half of the time of ASCII. */
static uint32_t
any_char(void)
{
	static const uint32_t from[] = {0x20, 0xa0, 0x391, 0x410, 0x5d0, 0x600,
	    0x905, 0x20a0, 0x3041, 0x4e00, 0xac00, 0x1f600, 0x300};
	static const uint32_t range[] = {0x5f, 0x160, 0x40, 0x40, 0x1b, 0xf0,
	    0x70, 0x10, 0x50, 0x500, 0x2ba0, 0x40, 0x10};
	uint32_t i = rnd(2) == 0 ? 1 + rnd(12) : 0;

	return from[i] + rnd(range[i]);
}

/* True when the alphabet has the character, and for itself alone: some charsets
 * write two characters as one. */
static bool
has(struct smpp_view one, struct smpp_coding c)
{
	struct smpp_err err;
	uint8_t octets[16];
	char room[16];
	struct smpp_sbuf b;
	struct smpp_wr w;

	smpp_wr_init(&w, octets, sizeof(octets));
	if (smpp_text_encode(&w, one, c, &err) != 0)
		return false;
	smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
	smpp_text_decode(&b, smpp_view_of(w.p, w.n), c);
	return smpp_view_eq(smpp_view_of(b.p, b.n), one);
}

/* A random text that the alphabet has. */
static struct smpp_view
random_text(char *room, struct smpp_coding c)
{
	uint32_t n = rnd(1200), len = 0;
	size_t one;

	while (n-- > 0) {
		one = smpp_utf8_put(room + len, any_char());
		if (has(smpp_view_of(room + len, one), c))
			len += (uint32_t)one;
	}
	return smpp_view_of(room, len);
}

/* The wires of a message's parts, in the order they come in. */
static uint8_t wires[PARTS][TEXT];
static struct smpp_view parts[PARTS];

static int
make_parts(struct smpp_view text, const struct smpp_split_how *how)
{
	static uint8_t room[PARTS * 2048];
	struct smpp_part part[PARTS];
	struct smpp_split s;
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct smpp_wr w, out;
	int i, n = smpp_split_begin(&s, text, how, &err);

	if (n < 0 || n > PARTS)
		return -1;
	smpp_wr_init(&w, room, sizeof(room));
	for (i = 0; smpp_split_next(&s, &part[i], &w, &err) == 1; i++) {
		smpp_pdu_init(&pdu, SMPP_C_deliver_sm, 1, SMPP_V34);
		smpp_pdu_set_view(
		    &pdu, SMPP_F_source_addr, smpp_view_str("4917"));
		smpp_pdu_set_view(
		    &pdu, SMPP_F_destination_addr, smpp_view_str("ACME"));
		smpp_pdu_set_num(&pdu, SMPP_F_data_coding,
		    (uint32_t)smpp_data_coding(how->coding.alphabet, -1));
		smpp_part_set(&pdu, &s, &part[i]);
		smpp_wr_init(&out, wires[i], sizeof(wires[i]));
		if (smpp_encode(&out, &pdu) < 0)
			return -1;
		parts[i] = smpp_view_of(out.p, out.n);
	}
	return i == n ? n : -1;
}

static void
shuffle(int n)
{
	struct smpp_view v;
	int i, k;

	for (i = n - 1; i > 0; i--) {
		k = (int)rnd((uint32_t)i + 1);
		v = parts[i];
		parts[i] = parts[k];
		parts[k] = v;
	}
}

/* Feeds a part, read as the alphabet that was sent. */
static int
feed(struct smpp_join *j, struct smpp_view wire, struct smpp_coding c,
    int64_t now, const struct smpp_joined **m)
{
	struct smpp_issues issues;
	struct smpp_body body;
	struct smpp_pdu pdu;

	smpp_decode(&pdu, wire, SMPP_V34, SMPP_STRICT, &issues);
	smpp_body_read(&body, &pdu, SMPP_ALPHA_GSM7);
	body.coding.alphabet = c.alphabet;
	return smpp_join_add(j, &pdu, &body, now, m);
}

static bool
is_text(const struct smpp_joined *m, struct smpp_view text)
{
	static char room[4 * TEXT];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, room, sizeof(room), NULL, NULL);
	smpp_joined_text(&b, m);
	return smpp_view_eq(smpp_view_of(b.p, b.n), text);
}

/* One random text; false when it did not come out as it went in. */
static bool
round_trip(struct smpp_join *j, struct smpp_split_how how)
{
	static char room[TEXT];
	const struct smpp_joined *m = NULL;
	struct smpp_view text = random_text(room, how.coding);
	int i, n, rc = SMPP_JOIN_KEPT;

	how.ref = (uint16_t)rnd(256);
	n = make_parts(text, &how);
	if (n < 0)
		return false;
	if (n == 1)
		return feed(j, parts[0], how.coding, 0, &m) == SMPP_JOIN_ALONE;
	shuffle(n);
	for (i = 0; i < n && rc == SMPP_JOIN_KEPT; i++) {
		rc = feed(j, parts[i], how.coding, 0, &m);
		if (rc == SMPP_JOIN_KEPT &&
		    feed(j, parts[i], how.coding, 0, &m) != SMPP_JOIN_DUPLICATE)
			return false;
	}
	return i == n && rc == SMPP_JOIN_WHOLE && is_text(m, text);
}

static void
property(
    struct smpp_join *j, enum smpp_split_method method, struct smpp_coding c)
{
	struct smpp_split_how how = {.method = method, .coding = c};
	int i, good = 0;

	for (i = 0; i < ROUNDS; i++)
		good += round_trip(j, how);
	is_int(good, ROUNDS, "%s %u/%u by %s", smpp_alphabet_name(c.alphabet),
	    c.single, c.locking, smpp_split_name(method));
}

static void
properties(void)
{
	struct smpp_join *j = smpp_join_open(1 << 20, 60000);
	struct smpp_coding c = {0};
	unsigned method, alphabet;

	for (method = 0; method <= SMPP_SPLIT_SAR; method++) {
		for (alphabet = 0; alphabet < SMPP_ALPHA_COUNT; alphabet++) {
			if (alphabet == SMPP_ALPHA_BINARY)
				continue;
			c = (struct smpp_coding){.alphabet = (uint8_t)alphabet};
			property(j, method, c);
		}
		for (c.single = 1; c.single < SMPP_NATIONAL_COUNT; c.single++) {
			c.alphabet = SMPP_ALPHA_GSM7;
			c.locking = rnd(2) == 0 ? c.single : 0;
			property(j, method, c);
			c.alphabet = SMPP_ALPHA_GSM7_PACKED;
			property(j, method, c);
		}
	}
	smpp_join_close(j);
}

/* Two messages at once, one of which never becomes whole. */
static void
interleaved(void)
{
	struct smpp_split_how how = {.method = SMPP_SPLIT_UDH, .ref = 1};
	struct smpp_join *j = smpp_join_open(4096, 1000);
	const struct smpp_joined *m;
	char text[400];

	memset(text, 'x', sizeof(text));
	is_int(make_parts(smpp_view_of(text, 400), &how), 3, "three parts");
	is_int(feed(j, parts[2], how.coding, 5, &m), SMPP_JOIN_KEPT, "3 of 3");
	is_int(feed(j, parts[0], how.coding, 9, &m), SMPP_JOIN_KEPT, "1 of 3");
	is_int(smpp_join_next(j), 1005, "waits a second");
	ok(!smpp_join_expire(j, 1004, &m), "not yet");
	ok(smpp_join_expire(j, 1005, &m), "now");
	ok(smpp_joined_misses(m, 2) && !smpp_joined_misses(m, 1), "2 lacks");
	ok(is_text(m, smpp_view_of(text, 400 - 153)), "the rest is there");
	ok(smpp_view_is(m->source, "4917") &&
		smpp_view_is(m->destination, "ACME"),
	    "addresses");
	ok(!smpp_join_expire(j, 9999, &m), "nothing more");
	is_int(smpp_join_next(j), INT64_MAX, "nothing to wait for");
	smpp_join_close(j);
}

static void
bounded(void)
{
	struct smpp_split_how how = {.method = SMPP_SPLIT_UDH16};
	struct smpp_join *j = smpp_join_open(20000, 60000);
	const struct smpp_joined *m;
	char text[200];
	int dropped = 0, i;

	memset(text, 'x', sizeof(text));
	for (i = 0; i < 1000; i++) {
		how.ref = (uint16_t)i;
		make_parts(smpp_view_of(text, 200), &how);
		feed(j, parts[0], how.coding, i, &m);
		while (smpp_join_expire(j, i, &m))
			dropped++;
	}
	ok(dropped > 900, "%d of 1000 halves were dropped", dropped);
	is_int(feed(j, parts[1], how.coding, i, &m), SMPP_JOIN_WHOLE,
	    "the newest was kept");
	smpp_join_close(j);
	smpp_join_close(NULL);
}

int
main(void)
{
	properties();
	interleaved();
	bounded();
	return tap_done();
}
