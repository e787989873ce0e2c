/*
 * Which receipt is about which message: every form of an id in responses with
 * every form in receipts, 1,000 messages each, by the public functions alone.
 * What can be decided must be, and rightly; nothing else may be.
 */
#include <stdlib.h>

#include "base/err.h"
#include "base/rng.h"
#include "msg/idmatch.h"
#include "tap.h"

enum { MESSAGES = 1000, OTHERS = 600, WINDOW = 10, ID = 72, ADDRESS = 20 };

typedef unsigned __int128 wide;

/* --- forms of ids --- */

enum response {
	R_DEC,
	R_DEC10,
	R_DEC16,
	R_HEX,
	R_UPPER,
	R_HEX8,
	R_UPPER8,
	R_HEX16,
	R_BIG,
	R_BIGHEX,
	R_UUID,
	R_PREFIX,
	R_POINT,
	R_SAR,
	R_OX,
	RESPONSES
};

enum receipt {
	D_SAME,
	D_DEC,
	D_DEC10,
	D_HEX,
	D_UPPER8,
	D_HEX16,
	D_UPPER,
	D_STRIPPED,
	D_PADDED,
	D_BLANKS,
	D_ABSENT,
	RECEIPTS
};

static const char *const response_words[] = {"dec", "dec10", "dec16", "hex",
    "HEX", "hex8", "HEX8", "hex16", "23 digits", "26 hex digits", "uuid",
    "MSG-dec", "gw.hex", "SAR-", "0xhex"};

static const char *const receipt_words[] = {"as it is", "dec", "dec10", "hex",
    "HEX8", "hex16", "upper case", "no zeros", "more zeros", "blanks", "no id"};

/* The number that a message has, in its id. */
static wide
number_of(enum response form, uint32_t n)
{
	if (form == R_BIG)
		return n + (wide)100000000000 * 100000000000;
	return form == R_BIGHEX ? n + ((wide)1 << 100) : n;
}

static void
put_number(char *out, wide n, unsigned base, unsigned least, bool upper)
{
	const char *digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char back[ID];
	unsigned k = 0;

	for (; n > 0 || k < least; n /= base)
		back[k++] = digits[n % base];
	while (k > 0)
		*out++ = back[--k];
	*out = '\0';
}

static void
put_response(char *out, enum response form, uint32_t n)
{
	static const struct {
		unsigned base, least;
		bool upper;
	} plain[] = {{10, 1, false}, {10, 10, false}, {10, 16, false},
	    {16, 1, false}, {16, 1, true}, {16, 8, false}, {16, 8, true},
	    {16, 16, false}, {10, 1, false}, {16, 1, false}};

	if (form < R_UUID)
		put_number(out, number_of(form, n), plain[form].base,
		    plain[form].least, plain[form].upper);
	else if (form == R_UUID)
		snprintf(out, ID - 8, "%08x-%04x-4%03x-8%03x-%012x", n,
		    n * 40503u & 0xffff, n * 77u & 0xfff, n * 13u & 0xfff,
		    n * 2654435761u);
	else if (form == R_PREFIX)
		snprintf(out, ID - 8, "MSG-%u", n);
	else if (form == R_SAR)
		snprintf(out, ID - 8, "SAR-4915000111222-%x-2-1", n);
	else
		snprintf(out, ID - 8, form == R_POINT ? "gw.%x" : "0x%x", n);
}

static void
put_upper(char *out)
{
	for (; *out != '\0'; out++)
		if (*out >= 'a' && *out <= 'z')
			*out -= 0x20;
}

static void
put_receipt(char *out, enum response response, enum receipt form, uint32_t n)
{
	char id[ID - 8], *p = id;
	wide number = number_of(response, n);

	put_response(id, response, n);
	switch (form) {
	case D_DEC:
	case D_DEC10:
		put_number(out, number, 10, form == D_DEC ? 1 : 10, false);
		break;
	case D_HEX:
	case D_UPPER8:
	case D_HEX16:
		put_number(out, number, 16,
		    form == D_HEX      ? 1
		    : form == D_UPPER8 ? 8
				       : 16,
		    form == D_UPPER8);
		break;
	case D_STRIPPED:
		p += strspn(p, "0");
		snprintf(out, ID, "%s", *p == '\0' ? id : p);
		break;
	case D_PADDED:
		snprintf(out, ID, "00%s", id);
		break;
	case D_BLANKS:
		snprintf(out, ID, " %s ", id);
		break;
	case D_ABSENT:
		*out = '\0';
		break;
	default:
		snprintf(out, ID, "%s", id);
		if (form == D_UPPER)
			put_upper(out);
	}
}

/* --- what can be decided, by another way --- */

/* An id as it is compared: hex without case and leading zeros, or as it is. */
static void
canonical(char *out, const char *id)
{
	size_t n;

	id += strspn(id, " ");
	n = strcspn(id, " ");
	if (strspn(id, "0123456789abcdefABCDEF-") == n) {
		n -= strspn(id, "0");
		id += strspn(id, "0");
	} else if (strncasecmp(id, "sar-", 4) != 0) {
		snprintf(out, ID, "%.*s", (int)n, id);
		return;
	}
	snprintf(out, ID, "%.*s", (int)n, id);
	for (; *out != '\0'; out++)
		if (*out >= 'A' && *out <= 'Z')
			*out |= 0x20;
}

/* The number that an id is, written in the other base; "-" if it is none. */
static void
other_base(char *out, const char *id, unsigned from, unsigned to)
{
	wide n = 0;
	const char *p = id + strspn(id, " ");
	const char *end = p + strcspn(p, " ");

	strcpy(out, "-");
	if (p == end)
		return;
	for (; p < end; p++) {
		unsigned d = *p >= '0' && *p <= '9' ? (unsigned)(*p - '0')
			     : (*p | 0x20) >= 'a' && (*p | 0x20) <= 'f'
				 ? (unsigned)((*p | 0x20) - 'a' + 10)
				 : 16;
		if (d >= from || n > ~(wide)0 / 32)
			return;
		n = n * from + d;
	}
	put_number(out, n, to, 0, false);
}

struct known {
	char id[ID];
	uint32_t dest, i;
};

static int
known_order(const void *a, const void *b)
{
	const struct known *x = a, *y = b;
	int c = strcmp(x->id, y->id);

	return c != 0 ? c : (x->dest > y->dest) - (x->dest < y->dest);
}

/* --- a run --- */

enum order { IN_ORDER, SHUFFLED, EARLY, FLOWING, ORDERS };

struct message {
	char id[ID - 8], receipt[ID];
	uint32_t number, dest, h;
	bool decidable, right;
};

/* A receipt on its way: of message i, or another's. */
struct flying {
	char id[ID];
	uint32_t dest;
	uint64_t tag;
	bool landed;
};

struct run {
	struct message m[MESSAGES];
	struct known known[MESSAGES];
	struct flying fly[2 * MESSAGES + OTHERS];
	size_t nfly;
	struct smpp_idmatch *b;
	struct smpp_rng rng;
	unsigned wrong, lost, guessed, taken;
};

enum { FOREIGN_TAG = 1 << 20, OVER_TAG = 1 << 21 };

static uint32_t
run_random(struct run *r, uint32_t n)
{
	return (uint32_t)(smpp_rng_next(&r->rng) % n);
}

static struct smpp_ends
ends_between(const char *source, uint32_t dest)
{
	char text[ADDRESS];

	snprintf(text, sizeof(text), "%u", dest);
	return smpp_ends_of(smpp_view_str(source), smpp_view_str(text));
}

static struct smpp_ends
ends_back(uint32_t from, const char *to)
{
	char text[ADDRESS];

	snprintf(text, sizeof(text), "%u", from);
	return smpp_ends_of(smpp_view_str(text), smpp_view_str(to));
}

/* Which messages an id fits in each reading: how many, and the first. */
static unsigned
oracle_fits(struct run *r, const char *id, uint32_t dest, uint32_t *first)
{
	const struct known *k = r->known;
	struct known key = {.dest = dest};
	size_t lo = 0, hi = MESSAGES, mid;
	unsigned n = 0;

	strcpy(key.id, id);
	while (lo < hi) {
		mid = (lo + hi) / 2;
		if (known_order(&k[mid], &key) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	for (; lo < MESSAGES && known_order(&k[lo], &key) == 0; lo++, n++)
		*first = k[lo].i;
	return n;
}

/*
 * Sets what can be decided: what one message alone fits, in whatever reading
 * that the ids of all messages allow; and if such a receipt fits in one reading
 * alone, all that fits one message in this reading.
 */
static void
oracle(struct run *r)
{
	static uint32_t fit[MESSAGES][3];
	char text[3][ID];
	unsigned n[3], k, hits, taught = 0;
	bool never[3] = {false, false, false};
	uint32_t first = 0;

	for (uint32_t i = 0; i < MESSAGES; i++) {
		canonical(r->known[i].id, r->m[i].id);
		r->known[i].dest = r->m[i].dest;
		r->known[i].i = i;
		other_base(text[1], r->m[i].id, 16, 10);
		other_base(text[2], r->m[i].id, 10, 16);
		never[1] = never[1] || strcmp(text[1], "-") == 0;
		never[2] = never[2] || strcmp(text[2], "-") == 0;
	}
	qsort(r->known, MESSAGES, sizeof(r->known[0]), known_order);
	for (uint32_t i = 0; i < MESSAGES; i++) {
		struct message *m = &r->m[i];

		canonical(text[0], m->receipt);
		other_base(text[1], m->receipt, 10, 16);
		other_base(text[2], m->receipt, 16, 10);
		hits = 0;
		for (k = 0; k < 3; k++) {
			n[k] = 0;
			fit[i][k] = MESSAGES;
			if (m->receipt[0] == '\0' || never[k] ||
			    (k > 0 && strcmp(text[k], text[0]) == 0))
				continue;
			n[k] = oracle_fits(r, text[k], m->dest, &first);
			if (n[k] == 1)
				fit[i][k] = first;
			hits += n[k] > 0;
		}
		for (k = 0; k < 3; k++)
			if (hits == 1 && n[k] == 1) {
				m->decidable = fit[i][k] == i;
				if (k > 0 ||
				    ((never[1] || strcmp(text[1], text[0])) &&
					(never[2] || strcmp(text[2], text[0]))))
					taught |= 1u << k;
			}
	}
	for (uint32_t i = 0; i < MESSAGES; i++)
		for (k = 0; k < 3; k++)
			if (taught == 1u << k && fit[i][k] == i)
				r->m[i].decidable = true;
	/* One digit reads the same in all ways. */
	for (uint32_t i = 0; i < MESSAGES; i++)
		if (taught > 1 && fit[i][0] == i) {
			other_base(text[1], r->m[i].receipt, 10, 16);
			canonical(text[0], r->m[i].receipt);
			r->m[i].decidable |= strcmp(text[0], text[1]) == 0;
		}
}

/* What the book says about a receipt. */
static void
run_hit(struct run *r, const struct smpp_id_hit *hit)
{
	uint32_t i = (uint32_t)(hit->message & (FOREIGN_TAG - 1));

	if (hit->verdict != SMPP_ID_OURS)
		return;
	if (hit->receipt >= FOREIGN_TAG) {
		r->taken++;
	} else if (hit->receipt != i) {
		r->wrong++;
	} else {
		r->guessed += !r->m[i].decidable;
		r->m[i].right = true;
	}
	smpp_idmatch_over(r->b, hit->h, OVER_TAG | i);
}

static void
run_settle(struct run *r)
{
	struct smpp_id_hit hit;

	while (smpp_idmatch_next(r->b, &hit))
		run_hit(r, &hit);
}

static void
run_came(struct run *r, struct flying *f)
{
	struct smpp_id_receipt receipt = {.id = smpp_view_str(f->id),
	    .ends = ends_back(f->dest, "ACME"),
	    .tag = f->tag};
	struct smpp_id_hit hit;

	if (f->landed)
		return;
	f->landed = true;
	smpp_idmatch_came(r->b, &receipt, &hit);
	run_hit(r, &hit);
	run_settle(r);
}

static void
run_fly(struct run *r, const char *id, uint32_t dest, uint64_t tag)
{
	struct flying *f = &r->fly[r->nfly++];

	strcpy(f->id, id);
	f->dest = dest;
	f->tag = tag;
	f->landed = false;
}

/*
 * Receipts of others: of the same SMSC to other numbers; of our ids to other
 * numbers; and to ours, of ids that are nobody's.
 */
static void
run_foreign(struct run *r, enum response response, enum receipt form,
    const uint32_t *number)
{
	char id[ID];
	uint32_t i;

	for (i = 0; i < OTHERS / 3; i++) {
		put_receipt(id, response, form, number[i]);
		run_fly(r, id, 499900000 + i, FOREIGN_TAG);
		run_fly(r, r->m[run_random(r, MESSAGES)].receipt, 499800000 + i,
		    FOREIGN_TAG);
		put_receipt(id, response, form, 3000000000u + i);
		run_fly(r, id, r->m[run_random(r, MESSAGES)].dest, FOREIGN_TAG);
	}
}

static void
run_shuffle(struct run *r)
{
	struct flying f;

	for (size_t i = r->nfly; i > 1; i--) {
		size_t k = run_random(r, (uint32_t)i);

		f = r->fly[k];
		r->fly[k] = r->fly[i - 1];
		r->fly[i - 1] = f;
	}
}

/* Sends, answers with the lag of a window, and lets receipts come. */
static void
run_play(struct run *r, enum order order)
{
	struct message *m;
	uint32_t i;

	for (i = 0; i < MESSAGES + WINDOW; i++) {
		if (i < MESSAGES) {
			m = &r->m[i];
			smpp_idmatch_sent(
			    r->b, ends_between("ACME", m->dest), i, i, &m->h);
		}
		if (i >= WINDOW) {
			m = &r->m[i - WINDOW];
			if (order == EARLY && i % 2 == 0)
				run_came(r, &r->fly[i - WINDOW]);
			if (order == EARLY)
				run_came(r, &r->fly[run_random(r, OTHERS) +
						    r->nfly - OTHERS]);
			smpp_idmatch_known(r->b, m->h, smpp_view_str(m->id));
			run_settle(r);
			if (order == FLOWING && i > 50)
				run_came(r, &r->fly[run_random(r, i - 50)]);
		}
	}
	if (order != IN_ORDER)
		run_shuffle(r);
	for (i = 0; i < r->nfly; i++)
		run_came(r, &r->fly[i]);
}

/* Ids of the numbers from 1 on, or of random ones. */
static void
run_numbers(struct run *r, bool dense, uint32_t number[MESSAGES + OTHERS])
{
	const bool mixed = run_random(r, 2);
	uint32_t at = 1;

	for (uint32_t i = 0; i < MESSAGES + OTHERS; i++) {
		/* Serials of two senders lie one behind the other. */
		number[i] = at;
		at += dense ? 1 : 1 + run_random(r, 2000000);
	}
	for (uint32_t i = 0; mixed && i < OTHERS; i++) {
		at = number[2 * i % MESSAGES];
		number[2 * i % MESSAGES] = number[MESSAGES + i];
		number[MESSAGES + i] = at;
	}
}

static void
run_one(struct run *r, enum response response, enum receipt form, bool dense,
    uint32_t dests, enum order order, bool doubled)
{
	static uint32_t number[MESSAGES + OTHERS];
	struct smpp_id_hit hit;
	uint32_t i;

	r->nfly = 0;
	run_numbers(r, dense, number);
	for (i = 0; i < MESSAGES; i++) {
		struct message *m = &r->m[i];

		m->number = number[i];
		m->dest = 491700000 + i % dests;
		m->decidable = m->right = false;
		put_response(m->id, response, m->number);
		put_receipt(m->receipt, response, form, m->number);
		run_fly(r, m->receipt, m->dest, i);
	}
	oracle(r);
	for (i = 0; doubled && i < MESSAGES; i++)
		run_fly(r, r->m[i].receipt, r->m[i].dest, i);
	run_foreign(r, response, form, number + MESSAGES);
	r->b = smpp_idmatch_open(SMPP_ID_AUTO, MESSAGES);
	run_play(r, order);
	while (smpp_idmatch_drop(r->b, &hit))
		;
	for (i = 0; i < MESSAGES; i++)
		r->lost += r->m[i].decidable && !r->m[i].right;
	smpp_idmatch_close(r->b);
}

static void
kinds(void)
{
	static const uint32_t dests[] = {MESSAGES, 10, 1};
	static struct run r;

	for (unsigned a = 0; a < RESPONSES; a++)
		for (unsigned d = 0; d < RECEIPTS; d++) {
			r.rng.state = a << 8 | d;
			r.wrong = r.lost = r.guessed = r.taken = 0;
			for (unsigned k = 0; k < 2 * ORDERS; k++)
				run_one(&r, a, d, k & 1, dests[(a + d + k) % 3],
				    k / 2, (a + k / 2) & 1);
			ok(r.wrong + r.lost + r.guessed + r.taken == 0,
			    "%s, receipts %s: wrong %u, lost %u, guessed %u, "
			    "of others %u",
			    response_words[a], receipt_words[d], r.wrong,
			    r.lost, r.guessed, r.taken);
		}
}

/* --- single cases --- */

enum { FOREIGN = 0, EARLY_ONE = -1, UNSURE = -2 };

static const char ann[] = "491700000001", bob[] = "491700000002";

/* A message from ACME, which is number tag; not answered yet. */
static uint32_t
case_open(struct smpp_idmatch *b, const char *dest, uint64_t tag)
{
	uint32_t h;

	smpp_idmatch_sent(b,
	    smpp_ends_of(smpp_view_str("ACME"), smpp_view_str(dest)),
	    (uint32_t)tag, tag, &h);
	return h;
}

static uint32_t
case_sent(
    struct smpp_idmatch *b, const char *dest, const char *id, uint64_t tag)
{
	uint32_t h = case_open(b, dest, tag);

	smpp_idmatch_known(b, h, smpp_view_str(id));
	return h;
}

static int
case_verdict(const struct smpp_id_hit *hit)
{
	static const int words[] = {0, FOREIGN, EARLY_ONE, UNSURE};

	return hit->verdict == SMPP_ID_OURS ? (int)hit->message
					    : words[hit->verdict];
}

/* The number of the message that a receipt is about, or a word of above. */
static int
case_from(struct smpp_idmatch *b, const char *source, const char *dest,
    const char *id, struct smpp_id_hit *hit)
{
	struct smpp_id_receipt r = {.id = smpp_view_str(id),
	    .ends = smpp_ends_of(smpp_view_str(source), smpp_view_str(dest)),
	    .content = 1,
	    .tag = 77};

	if (smpp_idmatch_came(b, &r, hit) != 0)
		return -99;
	return case_verdict(hit);
}

static int
case_came(struct smpp_idmatch *b, const char *source, const char *id)
{
	struct smpp_id_hit hit;

	return case_from(b, source, "ACME", id, &hit);
}

/* The next of those that were kept, or -9. */
static int
case_next(struct smpp_idmatch *b)
{
	struct smpp_id_hit hit;

	return smpp_idmatch_next(b, &hit) ? case_verdict(&hit) : -9;
}

static void
addresses(void)
{
	static const struct {
		const char *to, *source, *dest;
		bool fits, not_swapped;
	} rows[] = {
	    {"491700000001", "491700000001", "ACME", true, false},
	    {"491700000001", "+491700000001", "acme", true, false},
	    {"+491700000001", "00491700000001", "ACME", true, false},
	    {"491700000001", "01700000001", "ACME", true, false},
	    {"491700000001", "1700000001", "ACME", true, false},
	    {"01700000001", "491700000001", "ACME", true, false},
	    {"491700000001", "", "ACME", true, false},
	    {"491700000001", "491700000001", "", true, false},
	    {"491700000001", "", "", true, false},
	    {"491700000001", "ACME", "491700000001", true, true},
	    {"491700000001", "ACME", "01700000001", true, true},
	    {"491700000001", "491700000002", "ACME", false, false},
	    {"491700000001", "491700000001", "OTHER", false, false},
	    {"491700000001", "4491700000001234", "ACME", false, false},
	    {"491700000001", "700001", "ACME", false, false},
	    {"491700000001", "1", "ACME", false, false},
	    {"", "491700000001", "ACME", true, false},
	    {"", "ACME", "491700000001", true, true},
	    {"", "491700000001", "", true, false},
	    {"491700000001", "0000001", "ACME", false, false},
	    {"4917", "004917", "ACME", true, false},
	    {"4917", "17", "ACME", false, false},
	    {"12345678901234567890", "12345678901234567890", "ACME", true,
		false},
	    {"12345678901234567890", "12345678901234567891", "ACME", false,
		false},
	    {"Shop", "sHOP", "ACME", true, false},
	};
	struct smpp_idmatch *b;
	struct smpp_id_hit hit;

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (int rule = SMPP_ID_AUTO; rule <= SMPP_ID_EXACT; rule++) {
			b = smpp_idmatch_open(rule, 10);
			case_sent(b, rows[i].to, "5f3a9c01", 1);
			is_int(case_from(b, rows[i].source, rows[i].dest,
				   "5f3a9c01", &hit),
			    rows[i].fits, "to %s, receipt from %s to %s",
			    rows[i].to, rows[i].source, rows[i].dest);
			ok(hit.not_swapped == rows[i].not_swapped,
			    "swapped or not");
			smpp_idmatch_close(b);
		}
}

/* What fits better goes before what may fit. */
static void
best_address(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	struct smpp_id_hit hit;
	uint32_t h;

	case_sent(b, "1700000001", "10", 1);
	case_sent(b, ann, "16", 2);
	is_int(case_came(b, ann, "10"), 2, "the number as a whole");
	is_int(case_came(b, "", "aa"), FOREIGN, "no id of ours");
	case_sent(b, "ACME", "20", 3);
	is_int(case_from(b, "ACME", ann, "10", &hit), 2, "as sent: no better");
	smpp_idmatch_close(b);
	b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	case_sent(b, "1700000001", "16", 1);
	case_sent(b, ann, "10", 2);
	is_int(case_came(b, ann, "10"), 2, "whatever the reading");
	smpp_idmatch_close(b);
	/* What is missing on either side says nothing about the order. */
	b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	smpp_idmatch_sent(
	    b, smpp_ends_of(smpp_view_str(""), smpp_view_str(ann)), 1, 1, &h);
	smpp_idmatch_known(b, h, smpp_view_str("77"));
	is_int(case_from(b, bob, "", "77", &hit), FOREIGN, "another number");
	is_int(case_from(b, ann, "", "77", &hit), 1, "the number");
	smpp_idmatch_close(b);
}

static void
readings(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);

	case_sent(b, ann, "10", 1);
	case_sent(b, ann, "16", 2);
	case_sent(b, ann, "1f", 3);
	case_sent(b, ann, "7", 4);
	is_int(case_came(b, ann, "7"), 4, "one digit teaches nothing");
	is_int(case_came(b, ann, "16"), UNSURE, "hex of one, id of another");
	is_int(case_came(b, ann, "22"), 2, "only of one, in one reading");
	is_int(case_next(b), 1, "which tells the one before");
	is_int(case_next(b), -9, "and there are no more");
	is_int(case_came(b, ann, "1f"), FOREIGN, "decimal is decimal now");
	is_int(case_came(b, ann, "31"), 3, "another");
	is_int(case_came(b, bob, "31"), FOREIGN, "of another's");
	smpp_idmatch_close(b);
	b = smpp_idmatch_open(SMPP_ID_EXACT, 10);
	case_sent(b, ann, "1f", 1);
	is_int(case_came(b, ann, "1F"), FOREIGN, "exact: case");
	is_int(case_came(b, ann, "31"), FOREIGN, "exact: base");
	is_int(case_came(b, ann, " 1f"), 1, "exact but for blanks");
	smpp_idmatch_close(b);
}

/* The very id goes before what is the same but for case and zeros; nothing
 * tells two of the latter apart. */
static void
alike(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	struct smpp_id_hit hit;

	case_sent(b, ann, "ab", 1);
	case_sent(b, ann, "AB", 2);
	is_int(case_came(b, ann, "AB"), 2, "the very id");
	is_int(case_came(b, ann, "00aB"), UNSURE, "either of two");
	is_int(case_came(b, bob, "ab"), FOREIGN, "an id of ours, not to us");
	case_sent(b, bob, "5f3a9c01", 3);
	is_int(case_from(b, bob, "ACME", "5F3A9C01", &hit), 3, "case");
	is_int(hit.match, SMPP_ID_FORM, "is told");
	ok(smpp_idmatch_drop(b, &hit) && hit.verdict == SMPP_ID_UNSURE &&
		hit.receipt == 77,
	    "what stays unsure");
	ok(!smpp_idmatch_drop(b, &hit), "is one");
	smpp_idmatch_close(b);
}

/* Receipts before their responses. */
static void
early(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	struct smpp_id_hit hit;
	uint32_t a, c;

	a = case_open(b, ann, 1);
	c = case_open(b, bob, 2);
	is_int(case_came(b, ann, "5f3a"), EARLY_ONE, "before its response");
	ok(!smpp_idmatch_drop(b, &hit) || hit.receipt == 77, "is kept");
	is_int(case_from(b, ann, "ACME", "5f3a", &hit), EARLY_ONE, "again");
	ok(!hit.has_twin, "there is no other");
	is_int(case_from(b, ann, "ACME", "5f3a", &hit), EARLY_ONE, "and again");
	ok(hit.has_twin && hit.twin == 77, "now there is");
	is_int(case_came(b, "4999", "5f3a"), FOREIGN, "nobody we wrote to");
	smpp_idmatch_known(b, a, smpp_view_str("5F3A"));
	is_int(case_next(b), 1, "once its id is known");
	is_int(case_next(b), -9, "just once");
	is_int(case_came(b, bob, "77aa"), EARLY_ONE, "of one still open");
	smpp_idmatch_gone(b, c);
	is_int(case_next(b), FOREIGN, "which was refused");
	is_int(case_next(b), -9, "no more");
	/* Later messages cannot explain it. */
	a = case_open(b, ann, 3);
	is_int(case_came(b, ann, "abcd"), EARLY_ONE, "early again");
	case_open(b, ann, 4);
	smpp_idmatch_known(b, a, smpp_view_str("1234"));
	is_int(case_next(b), FOREIGN, "sent after it: not its message");
	smpp_idmatch_close(b);
}

/* While nothing is learnt, a message without id may be the one. */
static void
early_unlearnt(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	uint32_t a, c;

	case_sent(b, ann, "10", 1);
	a = case_open(b, ann, 2);
	c = case_open(b, bob, 3);
	is_int(case_came(b, ann, "10"), EARLY_ONE, "its id; or of the next");
	smpp_idmatch_known(b, a, smpp_view_str("a"));
	is_int(case_next(b), -9, "of either, in fact");
	is_int(case_came(b, ann, "a"), 2, "only hex has letters");
	is_int(case_next(b), 1, "which tells them apart");
	smpp_idmatch_known(b, c, smpp_view_str("10"));
	is_int(case_came(b, bob, "10"), 3, "the same id to another");
	is_int(case_came(b, ann, "10"), 1, "as before");
	/* The last one was sent after the receipt came. */
	a = case_open(b, "4930", 4);
	is_int(case_came(b, "4930", "20"), EARLY_ONE, "early");
	c = case_open(b, "4930", 5);
	smpp_idmatch_known(b, c, smpp_view_str("20"));
	is_int(case_next(b), -9, "and not of a later one");
	smpp_idmatch_known(b, a, smpp_view_str("0020"));
	is_int(case_next(b), 4, "but of this");
	/* No need to wait for all that were sent before. */
	case_open(b, ann, 6);
	a = case_open(b, ann, 7);
	is_int(case_came(b, ann, "41"), EARLY_ONE, "of one of two");
	smpp_idmatch_known(b, a, smpp_view_str("41"));
	is_int(case_next(b), 7, "of the second");
	smpp_idmatch_close(b);
}

/* Messages that are over are known, as long as there is room. */
static void
over(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 2);
	uint32_t h;

	is_int(smpp_idmatch_awaited(b), 0, "none");
	h = case_sent(b, ann, "10", 1);
	case_sent(b, ann, "16", 2);
	case_sent(b, ann, "ff", 3);
	is_int(smpp_idmatch_awaited(b), 3, "three");
	is_int(case_came(b, ann, "255"), 3, "taught");
	smpp_idmatch_over(b, h, 101);
	is_int(smpp_idmatch_awaited(b), 2, "two");
	is_int(case_came(b, ann, "16"), 101, "repeated: of the one over");
	smpp_idmatch_over(b, case_sent(b, bob, "20", 4), 104);
	is_int(case_came(b, ann, "16"), 101, "still");
	smpp_idmatch_over(b, case_sent(b, bob, "21", 5), 105);
	is_int(case_came(b, ann, "16"), FOREIGN, "forgotten: nobody's");
	is_int(case_came(b, bob, "32"), 104, "the others are not");
	is_int(case_came(b, bob, "33"), 105, "nor this");
	is_int(smpp_idmatch_awaited(b), 2, "two still");
	h = case_sent(b, bob, "", 6);
	is_int(case_came(b, bob, ""), FOREIGN, "no id");
	is_int(smpp_idmatch_awaited(b), 2, "is not awaited");
	smpp_idmatch_close(b);
	smpp_idmatch_close(NULL);
}

/* Thousands pass; the latest of them are known. */
static void
passing(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 50);
	char id[16], old[16];
	int bad = 0;

	for (unsigned i = 0; i < 20000; i++) {
		snprintf(id, sizeof(id), "x%u", i);
		smpp_idmatch_over(b, case_sent(b, ann, id, i + 1), i + 1);
		bad += case_came(b, ann, id) != (int)i + 1;
		snprintf(old, sizeof(old), "x%u", i - 49);
		bad += i >= 49 && case_came(b, ann, old) != (int)i - 48;
		snprintf(old, sizeof(old), "x%u", i - 50);
		bad += i >= 50 && case_came(b, ann, old) != FOREIGN;
	}
	is_int(bad, 0, "each is known while 50 others follow");
	smpp_idmatch_close(b);
}

/* One id for several messages: of those of one group it is about all. */
static void
groups(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	struct smpp_ends ends = smpp_ends_of(
	    smpp_view_str("ACME"), smpp_view_str(ann));
	uint32_t h[2];

	for (int i = 0; i < 2; i++) {
		smpp_idmatch_sent(b, ends, 9, 1 + (uint64_t)i, &h[i]);
		smpp_idmatch_known(b, h[i], smpp_view_str("77x"));
	}
	ok(case_came(b, ann, "77x") > 0, "either part");
	smpp_idmatch_over(b, h[1], 102);
	is_int(case_came(b, ann, "77x"), 1, "the one not over");
	case_sent(b, ann, "77x", 3);
	is_int(case_came(b, ann, "77x"), UNSURE, "another message: not told");
	smpp_idmatch_close(b);
}

/* The ids of TLVs and those of texts are learnt one by one. */
static void
carriers(void)
{
	struct smpp_idmatch *b = smpp_idmatch_open(SMPP_ID_AUTO, 10);
	struct smpp_id_receipt r = {
	    .ends = smpp_ends_of(smpp_view_str(ann), smpp_view_str("ACME"))};
	struct smpp_id_hit hit;

	case_sent(b, ann, "10", 1);
	case_sent(b, ann, "16", 2);
	case_sent(b, ann, "ff", 3);
	is_int(case_came(b, ann, "255"), 3, "texts are decimal");
	r.tlv = true;
	r.id = smpp_view_str("16");
	smpp_idmatch_came(b, &r, &hit);
	is_int(case_verdict(&hit), UNSURE, "TLVs need not be");
	r.id = smpp_view_str("ff");
	smpp_idmatch_came(b, &r, &hit);
	is_int(case_verdict(&hit), 3, "and are not");
	is_int(case_next(b), 2, "so it was that one");
	is_int(case_came(b, ann, "16"), 1, "and decimal this");
	smpp_idmatch_close(b);
}

int
main(void)
{
	addresses();
	best_address();
	readings();
	alike();
	early();
	early_unlearnt();
	over();
	passing();
	groups();
	carriers();
	kinds();
	return tap_done();
}
