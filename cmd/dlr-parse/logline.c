/* One line of smpp dlr-parse: text, JSON or hex that holds receipts. */
#include <string.h>

#include "base/hex.h"
#include "base/rd.h"
#include "dlrparse.h"
#include "msg/dlr.h"
#include "show/show.h"

enum { MIN_DIGITS = 2 * SMPP_HEADER_SIZE };

/*
 * What a receipt lacks; NULL when it is whole. A state of unknown name is
 * still one: the receipt is whole, with a warning.
 */
static const struct wrong *
lacking(const struct smpp_receipt *r)
{
	static const struct wrong stat = {"no_stat", "receipt without stat"};
	static const struct wrong id = {"no_id", "receipt without id"};

	if (r->value[SMPP_RF_STAT].n == 0 && r->state < 0 &&
	    (r->warnings & SMPP_RW_UNKNOWN_STATE) == 0)
		return &stat;
	/* Some peers send a verdict alone. */
	return r->value[SMPP_RF_ID].n == 0 &&
		       (r->state < 0 || r->value[SMPP_RF_ERR].n == 0)
		   ? &id
		   : NULL;
}

/*
 * Reports the receipt of a PDU. Returns 1 when it is one, 0 when not, -1 when
 * the output is lost.
 */
static int
dlr_from_pdu(struct dlr *d, const struct smpp_pdu *pdu)
{
	struct smpp_receipt r;

	if (!smpp_dlr_read(&r, pdu))
		return 0;
	if (pdu->wire.n > 0)
		d->raw = pdu->wire;
	return dlrout_report(d, &r, lacking(&r)) != 0 ? -1 : 1;
}

/*
 * A line of JSON: a PDU, or a receipt as we print it. Returns as above. Our
 * own receipts are tried first: they have no PDU's members.
 */
static int
take_json(struct dlr *d, struct smpp_view line)
{
	struct smpp_receipt r;
	struct smpp_err err;
	struct smpp_wr store;

	smpp_wr_init(&store, d->store, sizeof(d->store));
	if (smpp_json_receipt_parse(&r, line, &store))
		return dlrout_report(d, &r, lacking(&r)) != 0 ? -1 : 1;
	smpp_wr_init(&store, d->store, sizeof(d->store));
	smpp_err_clear(&err);
	if (smpp_json_pdu_parse(&d->pdu, (const char *)line.p, line.n,
		SMPP_VANY, d->c->dictionary, SMPP_ALPHA_GSM7, &store,
		&err) != 0)
		return 0;
	return dlr_from_pdu(d, &d->pdu);
}

static bool
logline_is_digit(uint8_t c)
{
	return smpp_hex_digit[c] != 0;
}

/*
 * Reads pairs of digits from p, one separator allowed between two pairs, into
 * n octets at out. Returns where it stopped; sets *n to the octets it read. A
 * separator counts only between two pairs: behind the last one stands what is
 * not hex.
 */
static const uint8_t *
pairs(const uint8_t *p, const uint8_t *end, uint8_t *out, uint32_t *n)
{
	uint32_t max = *n;

	*n = 0;
	while (*n < max && end - p >= 2 && logline_is_digit(p[0]) &&
	       logline_is_digit(p[1])) {
		smpp_hex_decode(out + (*n)++, (const char *)p, 2);
		p += 2;
		if (end - p >= 3 && memchr(" :-,", *p, 4) != NULL &&
		    logline_is_digit(p[1]) && logline_is_digit(p[2]))
			p++;
	}
	return p;
}

/*
 * A whole PDU in hex at p: decodes it and returns what follows it, or NULL.
 * Eight octets decide, a length and a known command_id; after that all of the
 * length has to be there, or it was chance.
 */
static const uint8_t *
hex_pdu(struct dlr *d, const uint8_t *p, const uint8_t *end)
{
	struct smpp_issues issues;
	uint32_t n = 8;

	pairs(p, end, d->wire, &n);
	if (n < 8 || smpp_get_u32(d->wire) < SMPP_HEADER_SIZE ||
	    smpp_get_u32(d->wire) > SMPP_PDU_MAX ||
	    smpp_pdu_of(smpp_get_u32(d->wire + 4)) == NULL)
		return NULL;
	n = smpp_get_u32(d->wire);
	p = pairs(p, end, d->wire, &n);
	if (n != smpp_get_u32(d->wire))
		return NULL;
	smpp_decode(&d->pdu, smpp_view_of(d->wire, n), SMPP_VANY, 0, &issues);
	return p;
}

/* PDUs in hex anywhere in the line. Returns as dlr_from_pdu. */
static int
take_hex(struct dlr *d, struct smpp_view line)
{
	const uint8_t *p = line.p, *end = line.p + line.n, *next;
	int rc = 0, got;

	for (; end - p >= MIN_DIGITS; p = next) {
		next = p + 1;
		/*
		 * Lengths begin with a zero octet, and not in the middle of
		 * digits.
		 */
		if (*p != '0' || (p > line.p && logline_is_digit(p[-1])))
			continue;
		next = hex_pdu(d, p, end);
		if (next == NULL) {
			next = p + 1;
			continue;
		}
		/* PDUs may follow each other without anything between. */
		do {
			got = dlr_from_pdu(d, &d->pdu);
			if (got < 0)
				return got;
			rc |= got;
			p = next;
			next = end - p >= MIN_DIGITS ? hex_pdu(d, p, end)
						     : NULL;
		} while (next != NULL);
		next = p;
	}
	return rc;
}

static int
other_line(struct dlr *d, struct smpp_view line)
{
	d->other++;
	if (out_says(d->c, 1))
		out_say(d->c, 1, "== %s:%llu: no receipt: %.*s", d->name,
		    (unsigned long long)d->line,
		    (int)(line.n < 200 ? line.n : 200), line.p);
	return 0;
}

/*
 * JSON by its brace, then a receipt's text, then hex: the cheapest guess
 * first. What looks like part of a receipt is believed only when nothing else
 * was found, for "id:" and "err:" stand in many logs.
 */
int
line_take(struct dlr *d, struct smpp_view line)
{
	struct smpp_receipt r;
	struct smpp_view where;
	enum smpp_found found;
	uint32_t i = 0;
	int rc = 0;

	d->line++;
	d->raw = line;
	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	if (i < line.n && line.p[i] == '{')
		rc = take_json(d, line);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	found = smpp_receipt_find(&r, &where, line);
	if (found != SMPP_FOUND_NOTHING)
		d->raw = where;
	if (found == SMPP_FOUND_RECEIPT)
		return dlrout_report(d, &r, NULL);
	rc = take_hex(d, line);
	if (rc != 0)
		return rc < 0 ? rc : 0;
	if (found == SMPP_FOUND_PART &&
	    (lacking(&r) != NULL ||
		(r.warnings & SMPP_RW_STAT_WITHOUT_LABEL) != 0))
		return dlrout_report(d, &r, lacking(&r));
	return other_line(d, line);
}
