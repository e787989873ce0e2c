/* A receipt as the members of a JSON object, and as a line. */
#include "show/receipttext.h"

#include "smpp/table.h"
#include "text/utf.h"

/* Writes a key, a literal, with one copy. */
#define KEY(j, name) \
	receipttext_put_key(j, ",\"" name "\":", sizeof(",\"" name "\":") - 1)

static inline void
receipttext_put_key(struct smpp_jsonw *j, const char *key, size_t n)
{
	const unsigned skip = !j->comma;

	smpp_sbuf_put(j->b, key + skip, n - skip);
	j->comma = false;
}

/*
 * Bits of the octets in w that a JSON string cannot hold as they are: below
 * 0x20, above 0x7e, quote, backslash. There may be false ones behind a true
 * one.
 */
static uint64_t
odd(uint64_t w)
{
	const uint64_t ones = 0x0101010101010101u, tops = ones << 7;
	uint64_t quote = w ^ ones * '"', backslash = w ^ ones * '\\';

	return ((w - ones * 0x20) | (w + ones) | w | (quote - ones) |
		   (backslash - ones)) &
	       tops;
}

/*
 * True when a JSON string can hold all of v as it is. The last eight octets
 * are looked at as a whole, overlapping those before: no loop for what is left
 * over.
 */
static bool
receipttext_plain(struct smpp_view v)
{
	uint64_t w = 0x2020202020202020u, bits = 0;
	uint32_t i;

	/* w begins as eight blanks, which are plain. */
	if (v.n < 8) {
		for (i = 0; i < v.n; i++)
			w = w << 8 | v.p[i];
		return odd(w) == 0;
	}
	for (i = 0; v.n - i > 8; i += 8) {
		memcpy(&w, v.p + i, 8);
		bits |= odd(w);
	}
	memcpy(&w, v.p + v.n - 8, 8);
	return (bits | odd(w)) == 0;
}

/*
 * A value as sent: UTF-8 where it is that, else octet by octet. One alphabet
 * for the whole value: UTF-8 in parts and Latin 1 in others could not be read
 * back.
 */
static void
receipttext_octets(struct smpp_jsonw *j, struct smpp_view v)
{
	uint32_t i = 0, u;
	size_t len;

	if (receipttext_plain(v)) {
		smpp_jsonw_plain(j, (const char *)v.p, v.n);
		return;
	}
	while (i < v.n && (len = smpp_utf8_get(v.p + i, v.n - i, &u)) > 0)
		i += (uint32_t)len;
	if (i == v.n)
		smpp_jsonw_str(j, (const char *)v.p, v.n);
	else
		smpp_jsonw_latin1(j, v);
}

/* The keys of the fields, which have the names of the table. */
static const struct {
	char text[20];
	uint8_t n;
} keys[SMPP_RF_COUNT] = {
#define SMPP_FIELD(id, name) {",\"" name "\":", sizeof(",\"" name "\":") - 1},
#define SMPP_STAT(word, state)
#define SMPP_WARN(id, word)
#include "text/receipt.def"
#undef SMPP_FIELD
#undef SMPP_STAT
#undef SMPP_WARN
};

static void
receipttext_value(struct smpp_jsonw *j, const struct smpp_receipt *r,
    enum smpp_receipt_field field)
{
	if (r->value[field].n == 0)
		return;
	receipttext_put_key(j, keys[field].text, keys[field].n);
	receipttext_octets(j, r->value[field]);
}

static void
receipttext_count(
    struct smpp_jsonw *j, enum smpp_receipt_field field, int32_t n)
{
	if (n < 0)
		return;
	receipttext_put_key(j, keys[field].text, keys[field].n);
	smpp_jsonw_u32(j, (uint32_t)n);
}

static void
receipttext_date(struct smpp_jsonw *j, const struct smpp_date *d)
{
	char iso[SMPP_DATE_MAX];

	smpp_jsonw_plain(j, iso, smpp_date_iso(iso, d));
}

static void
dates(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	receipttext_value(j, r, SMPP_RF_SUBMIT);
	receipttext_value(j, r, SMPP_RF_DONE);
	if (r->dated[0]) {
		KEY(j, "submit_date_iso");
		receipttext_date(j, &r->date[0]);
	}
	if (r->dated[1]) {
		KEY(j, "done_date_iso");
		receipttext_date(j, &r->date[1]);
	}
}

const char *
smpp_state_name(int state)
{
	const struct smpp_enum *row = smpp_enum_of(
	    SMPP_SET_message_state, (uint32_t)state, SMPP_VANY);

	return row == NULL ? "-" : row->symbol;
}

static void
receipttext_state(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	if (r->state >= 0) {
		KEY(j, "message_state");
		smpp_jsonw_u32(j, (uint32_t)r->state);
		KEY(j, "message_state_name");
		smpp_jsonw_cstr(j, smpp_state_name(r->state));
	}
	if (r->final >= 0) {
		KEY(j, "final");
		smpp_jsonw_bool(j, r->final > 0);
	}
}

/* What TLVs add to the text. */
static void
from_tlvs(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	if (r->text_id.n > 0) {
		KEY(j, "text_id");
		receipttext_octets(j, r->text_id);
	}
	if (!r->has_network)
		return;
	KEY(j, "network_error");
	smpp_jsonw_open(j, '{');
	KEY(j, "type");
	smpp_jsonw_u32(j, r->network_type);
	KEY(j, "code");
	smpp_jsonw_u32(j, r->network_code);
	smpp_jsonw_close(j, '}');
}

/* Names in lower case; they are letters, digits, '_' and '-' only. */
static void
receipttext_extra(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	char name[SMPP_EXTRA_NAME];
	uint32_t i, k, n;

	if (r->nextra == 0)
		return;
	KEY(j, "extra");
	smpp_jsonw_open(j, '{');
	for (i = 0; i < r->nextra; i++) {
		n = r->extra[i].name.n;
		for (k = 0; k < n; k++) {
			name[k] = (char)r->extra[i].name.p[k];
			if (name[k] >= 'A' && name[k] <= 'Z')
				name[k] = (char)(name[k] | 0x20);
		}
		smpp_jsonw_key_n(j, name, k);
		receipttext_octets(j, r->extra[i].value);
	}
	smpp_jsonw_close(j, '}');
}

bool
smpp_receipt_warning_text(
    struct smpp_sbuf *out, const struct smpp_receipt *r, unsigned pos)
{
	unsigned field = pos - SMPP_RW_COUNT;

	if (pos < SMPP_RW_COUNT) {
		if ((r->warnings >> pos & 1) == 0)
			return false;
		smpp_sbuf_puts(out, smpp_receipt_warning_name(pos));
		if (pos != SMPP_RW_POS_UNKNOWN_STATE)
			return true;
		smpp_sbuf_putc(out, ':');
		smpp_sbuf_u32(out, r->bad_state);
		return true;
	}
	if ((r->repeated >> field & 1) == 0)
		return false;
	smpp_sbuf_puts(out, "repeated:");
	smpp_sbuf_puts(out,
	    field == SMPP_RF_EXTRA ? "extra" : smpp_receipt_field_name(field));
	return true;
}

static void
warnings(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	char tmp[64];
	struct smpp_sbuf b;
	unsigned i;

	if (r->warnings == 0 && r->repeated == 0)
		return;
	KEY(j, "warnings");
	smpp_jsonw_open(j, '[');
	for (i = 0; i < SMPP_RECEIPT_WARNINGS; i++) {
		smpp_sbuf_init(&b, tmp, sizeof(tmp), NULL, NULL);
		if (smpp_receipt_warning_text(&b, r, i))
			smpp_jsonw_plain(j, b.p, b.n);
	}
	smpp_jsonw_close(j, ']');
}

void
smpp_json_receipt(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	KEY(j, "id");
	if (r->value[SMPP_RF_ID].n > 0)
		receipttext_octets(j, r->value[SMPP_RF_ID]);
	else
		smpp_jsonw_null(j);
	receipttext_count(j, SMPP_RF_SUB, r->sub);
	receipttext_count(j, SMPP_RF_DLVRD, r->dlvrd);
	dates(j, r);
	receipttext_value(j, r, SMPP_RF_STAT);
	receipttext_state(j, r);
	receipttext_value(j, r, SMPP_RF_ERR);
	/* A text that is empty is told from one that is missing: many SMSCs
	 * send the label alone. */
	if ((r->seen & 1 << SMPP_RF_TEXT) != 0 ||
	    r->value[SMPP_RF_TEXT].n > 0) {
		KEY(j, "text");
		receipttext_octets(j, r->value[SMPP_RF_TEXT]);
	}
	from_tlvs(j, r);
	receipttext_extra(j, r);
	warnings(j, r);
}

/* Receipts come from peers: nothing in them may command a terminal. */
void
smpp_print_word(struct smpp_sbuf *out, struct smpp_view v)
{
	uint32_t i, u = 0;
	size_t len;

	if (receipttext_plain(v)) {
		smpp_sbuf_put(out, v.p, v.n);
		return;
	}
	for (i = 0; i < v.n; i += (uint32_t)len) {
		len = smpp_utf8_get(v.p + i, v.n - i, &u);
		if (len > 0 && u >= 0x20 && (u < 0x7f || u > 0x9f)) {
			smpp_sbuf_put(out, v.p + i, len);
			continue;
		}
		smpp_sbuf_printf(out, "\\x%02x", len == 0 ? v.p[i] : u);
		len = len == 0 ? 1 : len;
	}
}

/*
 * The day, if asked for, and time of a date, without seconds nobody gave and
 * fractions of them.
 */
static void
print_date(struct smpp_sbuf *out, const struct smpp_date *d, bool day)
{
	enum { DAY = 10, MINUTE = 16, SECOND = 19 };
	char iso[SMPP_DATE_MAX];
	size_t n = smpp_date_iso(iso, d);

	iso[DAY] = ' ';
	if (day)
		smpp_sbuf_put(out, iso, DAY + !d->day_only);
	if (d->day_only)
		return;
	smpp_sbuf_put(out, iso + DAY + 1, MINUTE - DAY - 1);
	if (d->second != 0)
		smpp_sbuf_put(out, iso + MINUTE, SECOND - MINUTE);
	n -= SECOND + (d->digits > 0 ? d->digits + 1u : 0);
	smpp_sbuf_put(
	    out, iso + SECOND + (d->digits > 0 ? d->digits + 1u : 0), n);
}

static void
print_dates(struct smpp_sbuf *out, const struct smpp_receipt *r)
{
	const struct smpp_date *a = &r->date[0], *b = &r->date[1];
	/* Most messages are done on the day they were sent, which need not be
	 * said twice. */
	bool same = r->dated[0] && a->year == b->year && a->month == b->month &&
		    a->day == b->day;

	if (!r->dated[0] && !r->dated[1])
		return;
	smpp_sbuf_puts(out, "  ");
	if (r->dated[0])
		print_date(out, a, true);
	if (!r->dated[1])
		return;
	smpp_sbuf_puts(out, r->dated[0] ? " -> " : "-> ");
	print_date(out, b, !same || b->day_only);
}

/* The word of the text, and what the TLV says where that is something else. */
static void
print_state(struct smpp_sbuf *out, const struct smpp_receipt *r)
{
	struct smpp_view stat = r->value[SMPP_RF_STAT];

	smpp_print_word(out, stat);
	if (r->state >= 0 && smpp_stat_state(stat) != r->state) {
		if (stat.n > 0)
			smpp_sbuf_puts(out, ", really ");
		smpp_sbuf_puts(out, smpp_state_name(r->state));
	} else if (stat.n == 0) {
		smpp_sbuf_putc(out, '-');
	}
}

void
smpp_print_receipt(struct smpp_sbuf *out, const struct smpp_receipt *r)
{
	const struct smpp_view *v = r->value;
	char tmp[64];
	struct smpp_sbuf b;
	unsigned i;

	if (v[SMPP_RF_ID].n > 0)
		smpp_print_word(out, v[SMPP_RF_ID]);
	else
		smpp_sbuf_putc(out, '-');
	smpp_sbuf_puts(out, "  ");
	print_state(out, r);
	if (v[SMPP_RF_ERR].n > 0) {
		smpp_sbuf_puts(out, "  err ");
		smpp_print_word(out, v[SMPP_RF_ERR]);
	}
	print_dates(out, r);
	if (v[SMPP_RF_TEXT].n > 0) {
		smpp_sbuf_puts(out, "  \"");
		smpp_print_word(out, v[SMPP_RF_TEXT]);
		smpp_sbuf_putc(out, '"');
	}
	if (r->warnings == 0 && r->repeated == 0)
		return;
	for (i = 0; i < SMPP_RECEIPT_WARNINGS; i++) {
		smpp_sbuf_init(&b, tmp, sizeof(tmp), NULL, NULL);
		if (!smpp_receipt_warning_text(&b, r, i))
			continue;
		smpp_sbuf_puts(out, "  ");
		smpp_sbuf_put(out, b.p, b.n);
	}
}
