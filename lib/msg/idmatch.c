/* Whether the id of a receipt is that of a response, in other clothes. */
#include "base/hex.h"
#include "msg/dlr.h"

enum { MAX_DIGITS = 256, LIMBS = MAX_DIGITS / 8 };

/* A number of up to 256 hexadecimal digits, the lowest 32 bits first. */
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
