/* Ids and addresses in all their clothes: whether two are the same. */
#include "base/hash.h"
#include "base/hex.h"
#include "msg/idmatch_int.h"

enum { MAX_DIGITS = 256, LIMBS = MAX_DIGITS / 8 };

/*
 * A number of up to 256 hexadecimal digits, the lowest 32 bits first. Ids of
 * 32 hexadecimal digits (UUIDs without dashes) are common, and arithmetic with
 * a limit would call different ids the same.
 */
struct big {
	uint32_t limb[LIMBS];
};

static const char rule_names[SMPP_ID_RULES][12] = {
    "auto", "exact", "nocase", "dec", "hex", "resp-hex", "dlr-hex"};

int
smpp_id_rule_find(struct smpp_view name)
{
	int i;

	for (i = 0; i < SMPP_ID_RULES; i++)
		if (smpp_view_is(name, rule_names[i]))
			return i;
	return -1;
}

const char *
smpp_id_match_name(enum smpp_id_match match)
{
	static const char names[][12] = {"none", "exact", "form", "number"};

	return names[match];
}

/* Without blanks and NULs around it. */
static struct smpp_view
idmatch_trim(struct smpp_view v)
{
	while (v.n > 0 && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\0'))
		v.n--;
	while (v.n > 0 && (*v.p == ' ' || *v.p == '\0')) {
		v.p++;
		v.n--;
	}
	return v;
}

static struct smpp_view
without_zeros(struct smpp_view v)
{
	while (v.n > 0 && *v.p == '0') {
		v.p++;
		v.n--;
	}
	return v;
}

/* True when v is not empty and all digits of the base, or dashes if allowed. */
static bool
digits_only(struct smpp_view v, unsigned base, bool dashes)
{
	uint32_t i;
	uint8_t d;

	for (i = 0; i < v.n; i++) {
		d = smpp_hex_digit[v.p[i]];
		if ((d == 0 || d - 16u >= base) && !(dashes && v.p[i] == '-'))
			return false;
	}
	return v.n > 0;
}

static bool
idmatch_same_nocase(struct smpp_view a, struct smpp_view b)
{
	uint32_t i;
	uint8_t x, y;

	for (i = 0; a.n == b.n && i < a.n; i++) {
		x = a.p[i];
		y = b.p[i];
		if (x >= 'A' && x <= 'Z')
			x |= 0x20;
		if (y >= 'A' && y <= 'Z')
			y |= 0x20;
		if (x != y)
			return false;
	}
	return a.n == b.n;
}

/* SAR-NUMBER-HEX-TOTAL-PART, which one gateway gives to parts. */
static bool
sar_style(struct smpp_view v)
{
	return v.n > 4 &&
	       idmatch_same_nocase(
		   smpp_view_of(v.p, 4), smpp_view_str("sar-")) &&
	       digits_only(smpp_view_of(v.p + 4, v.n - 4), 16, true);
}

/* Equal but for case and leading zeros, as hex or groups of hex. */
static bool
same_form(struct smpp_view a, struct smpp_view b)
{
	if (digits_only(a, 16, true) && digits_only(b, 16, true))
		return idmatch_same_nocase(without_zeros(a), without_zeros(b));
	return sar_style(a) && sar_style(b) && idmatch_same_nocase(a, b);
}

/* Reads v in base 10 or 16 into *out; false when it is no such number. */
static bool
big_read(struct big *out, struct smpp_view v, unsigned base)
{
	uint64_t carry;
	uint32_t i;
	size_t k;

	if (!digits_only(v, base, false))
		return false;
	v = without_zeros(v);
	if (v.n > MAX_DIGITS)
		return false;
	memset(out, 0, sizeof(*out));
	for (i = 0; i < v.n; i++) {
		carry = smpp_hex_digit[v.p[i]] - 16u;
		for (k = 0; k < LIMBS; k++) {
			carry += (uint64_t)out->limb[k] * base;
			out->limb[k] = (uint32_t)carry;
			carry >>= 32;
		}
	}
	return true;
}

static bool
same_number(
    struct smpp_view a, unsigned base_a, struct smpp_view b, unsigned base_b)
{
	struct big x, y;

	return big_read(&x, a, base_a) && big_read(&y, b, base_b) &&
	       memcmp(&x, &y, sizeof(x)) == 0;
}

/* Form before number: all digits are both decimal and hexadecimal, and alike
 * is what most peers are. No sign, no 0x and no blank inside is read. */
static enum smpp_id_match
ladder(struct smpp_view a, struct smpp_view b)
{
	if (same_form(a, b))
		return SMPP_ID_FORM;
	if (same_number(a, 16, b, 10) || same_number(a, 10, b, 16))
		return SMPP_ID_NUMBER;
	return SMPP_ID_DIFFERENT;
}

enum smpp_id_match
smpp_id_compare(
    struct smpp_view response, struct smpp_view receipt, enum smpp_id_rule rule)
{
	struct smpp_view a = idmatch_trim(response), b = idmatch_trim(receipt);
	enum smpp_id_match same = SMPP_ID_FORM;
	bool hit = false;

	if (a.n == 0 || b.n == 0)
		return SMPP_ID_DIFFERENT;
	/* Where the two sides write in different bases, the same digits are
	 * different numbers. */
	if (rule != SMPP_ID_RESP_HEX && rule != SMPP_ID_DLR_HEX &&
	    smpp_view_eq(a, b))
		return SMPP_ID_SAME;
	switch (rule) {
	case SMPP_ID_AUTO:
		return ladder(a, b);
	case SMPP_ID_NOCASE:
		hit = idmatch_same_nocase(a, b);
		break;
	case SMPP_ID_DEC:
		hit = same_number(a, 10, b, 10);
		break;
	case SMPP_ID_HEX:
		hit = same_number(a, 16, b, 16);
		break;
	case SMPP_ID_RESP_HEX:
		same = SMPP_ID_NUMBER;
		hit = same_number(a, 16, b, 10);
		break;
	case SMPP_ID_DLR_HEX:
		same = SMPP_ID_NUMBER;
		hit = same_number(a, 10, b, 16);
		break;
	case SMPP_ID_EXACT:
	case SMPP_ID_RULES:
		break;
	}
	return hit ? same : SMPP_ID_DIFFERENT;
}

/* --- ids as keys --- */

/* What an id is, which its key begins with: ids of two kinds are never the
 * same. */
enum id_kind { ID_TEXT = 1, ID_HEX, ID_SAR };

/* FNV-1a as base/hash.h has it; with fold in lower case. */
static uint64_t
id_hash(struct smpp_view v, enum id_kind kind, bool fold)
{
	uint64_t h = (SMPP_HASH64 ^ kind) * 0x100000001b3u;
	uint32_t i;
	uint8_t c;

	for (i = 0; i < v.n; i++) {
		c = v.p[i];
		if (fold && c >= 'A' && c <= 'Z')
			c |= 0x20;
		h = (h ^ c) * 0x100000001b3u;
	}
	/* The table takes the low bits, which must depend on all. */
	h ^= h >> 32;
	/* 0 says that there is no key. */
	return h == 0 ? 1 : h;
}

uint32_t
smpp_id_exact(struct smpp_view id)
{
	id = idmatch_trim(id);
	return smpp_hash32(SMPP_HASH32, id.p, id.n);
}

/* The digits of a number in base to, lowest first, from those of another.
 * Returns how many; 0 when they are more than a key is made of. */
static uint32_t
digits_long(
    uint8_t out[MAX_DIGITS], struct smpp_view v, unsigned from, unsigned to)
{
	uint32_t i, k, n = 0, carry;

	for (i = 0; i < v.n; i++) {
		carry = smpp_hex_digit[v.p[i]] - 16u;
		for (k = 0; k < n || carry > 0; k++) {
			if (k == MAX_DIGITS)
				return 0;
			if (k == n)
				out[n++] = 0;
			carry += out[k] * from;
			out[k] = (uint8_t)(carry % to);
			carry /= to;
		}
	}
	return n;
}

/* The same of a number that 64 bits hold: nearly all. */
static uint32_t
digits_short(
    uint8_t out[MAX_DIGITS], struct smpp_view v, unsigned from, unsigned to)
{
	uint64_t number = 0;
	uint32_t i, n = 0;

	for (i = 0; i < v.n; i++)
		number = number * from + (smpp_hex_digit[v.p[i]] - 16u);
	/* Two loops: a division by what the compiler knows is cheap. */
	for (; to == 10 && number > 0; number /= 10)
		out[n++] = (uint8_t)(number % 10);
	for (; to == 16 && number > 0; number /= 16)
		out[n++] = (uint8_t)(number % 16);
	return n;
}

/* The key of the number that id is in one base, written in another; 0 when it
 * is none. */
static uint64_t
id_convert(struct smpp_view id, unsigned from, unsigned to)
{
	uint8_t digit[MAX_DIGITS], text[MAX_DIGITS];
	uint32_t k, n;

	id = idmatch_trim(id);
	if (!digits_only(id, from, false))
		return 0;
	id = without_zeros(id);
	if (id.n > MAX_DIGITS)
		return 0;
	/* 16 digits are 64 bits, in hexadecimal. */
	n = id.n <= 16 ? digits_short(digit, id, from, to)
		       : digits_long(digit, id, from, to);
	if (n == 0 && id.n > 0)
		return 0;
	for (k = 0; k < n; k++)
		text[k] = (uint8_t) "0123456789abcdef"[digit[n - 1 - k]];
	return id_hash(smpp_view_of(text, n), ID_HEX, false);
}

bool
smpp_id_reads(struct smpp_view response, enum smpp_id_reading reading)
{
	return reading == SMPP_ID_ALIKE ||
	       digits_only(idmatch_trim(response),
		   reading == SMPP_ID_HEX_TO_DECIMAL ? 16 : 10, false);
}

uint64_t
smpp_id_key(struct smpp_view id, enum smpp_id_reading reading)
{
	if (reading == SMPP_ID_HEX_TO_DECIMAL)
		return id_convert(id, 10, 16);
	if (reading == SMPP_ID_DECIMAL_TO_HEX)
		return id_convert(id, 16, 10);
	id = idmatch_trim(id);
	if (id.n == 0)
		return 0;
	if (digits_only(id, 16, true))
		return id_hash(without_zeros(id), ID_HEX, true);
	return sar_style(id) ? id_hash(id, ID_SAR, true)
			     : id_hash(id, ID_TEXT, false);
}

uint64_t
smpp_id_key_back(struct smpp_view id, enum smpp_id_reading reading)
{
	if (reading == SMPP_ID_HEX_TO_DECIMAL)
		return id_convert(id, 16, 10);
	if (reading == SMPP_ID_DECIMAL_TO_HEX)
		return id_convert(id, 10, 16);
	return smpp_id_key(id, reading);
}

/* --- addresses --- */

/*
 * An address in 64 bits: up to 15 digits, a nibble each, and their number in
 * the highest nibble, so that the end of a number can be compared; anything
 * else is a hash with 0 there.
 */
enum { END_DIGITS = 15, NATIONAL_MIN = 6, COUNTRY_MAX = 4 };

static uint64_t
end_hash(struct smpp_view v)
{
	/* The nibble for the number of digits stays 0; 1 keeps it from being 0
	 * as a whole, which is no address. */
	return (id_hash(v, ID_TEXT, true) >> 4) | 1;
}

static uint64_t
end_pack(struct smpp_view address)
{
	struct smpp_view v = idmatch_trim(address), whole = v;
	uint64_t packed = 0;
	uint32_t i;

	if (v.n == 0)
		return 0;
	/* The same number is written with "+", "00" and the 0 of a national
	 * call, as the TON says or in spite of it. */
	if (*v.p == '+')
		v = smpp_view_of(v.p + 1, v.n - 1);
	else if (v.n > 2 && v.p[0] == '0' && v.p[1] == '0')
		v = smpp_view_of(v.p + 2, v.n - 2);
	else if (v.n > 1 && *v.p == '0')
		v = smpp_view_of(v.p + 1, v.n - 1);
	if (v.n > END_DIGITS || !digits_only(v, 10, false))
		return end_hash(whole);
	for (i = 0; i < v.n; i++)
		packed = packed << 4 | (uint64_t)(v.p[i] - '0');
	return packed | (uint64_t)v.n << 60;
}

struct smpp_ends
smpp_ends_of(struct smpp_view source, struct smpp_view dest)
{
	return (struct smpp_ends){end_pack(source), end_pack(dest)};
}

struct smpp_ends
smpp_ends_pdu(const struct smpp_pdu *pdu)
{
	return smpp_ends_of(smpp_pdu_view(pdu, SMPP_F_source_addr),
	    smpp_pdu_view(pdu, SMPP_F_destination_addr));
}

/* 2 for the same address; 1 if it may be: one is missing, or is the other
 * without a country code. */
static unsigned
end_fit(uint64_t a, uint64_t b)
{
	unsigned na = (unsigned)(a >> 60), nb = (unsigned)(b >> 60);
	unsigned less = na < nb ? na : nb, more = na < nb ? nb : na;

	if (a == b)
		return a == 0 ? 1 : 2;
	if (a == 0 || b == 0)
		return 1;
	/* Short codes are no end of anything: 123 would fit every number that
	 * ends so. Nor is a number that lacks more than a country code. */
	if (less < NATIONAL_MIN || more == less || more - less > COUNTRY_MAX)
		return 0;
	return ((a ^ b) & (((uint64_t)1 << 4 * less) - 1)) == 0;
}

/* How well two pairs fit: 3 both, 2 one and the other maybe, 1 both maybe. */
static unsigned
ends_both(unsigned a, unsigned b)
{
	return a == 0 || b == 0 ? 0 : a + b - 1;
}

enum smpp_ends_fit
smpp_ends_fit(struct smpp_ends message, struct smpp_ends receipt)
{
	unsigned fit = ends_both(end_fit(message.dest, receipt.source),
	    end_fit(message.source, receipt.dest));

	if (fit > 0)
		return fit == 3 ? SMPP_ENDS_SWAPPED : SMPP_ENDS_SWAPPED_MAYBE;
	/* Two that are missing say nothing about the order. */
	fit = ends_both(end_fit(message.source, receipt.source),
	    end_fit(message.dest, receipt.dest));
	return fit == 3   ? SMPP_ENDS_KEPT
	       : fit == 2 ? SMPP_ENDS_KEPT_MAYBE
			  : SMPP_ENDS_DIFFER;
}
