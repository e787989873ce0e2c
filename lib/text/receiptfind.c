/* Receipts inside lines of anything. */
#include "text/receipt_int.h"

/*
 * Where a receipt that starts at p ends, if the word it starts in began with a
 * quote or a bracket: "[msg:130:id:...]" is the form of one gateway. A quote
 * may be escaped, and a tag is closed by another one.
 */
static const uint8_t *
receipt_closing(const uint8_t *line, const uint8_t *p, const uint8_t *end)
{
	static const char pairs[] = "\"\"''[](){}<>";
	const char *open = NULL, *two = NULL;
	const uint8_t *found;
	unsigned depth = 1;

	if (p > line && p[-1] == '>')
		two = "</";
	else if (p - line >= 2 && memcmp(p - 2, "\\\"", 2) == 0)
		two = "\\\"";
	if (two != NULL) {
		found = memmem(p, (size_t)(end - p), two, 2);
		return found == NULL ? end : found;
	}
	while (open == NULL && p > line &&
	       !smpp_receipt_is(p[-1], SMPP_RC_BLANK)) {
		p--;
		open = *p == 0 ? NULL : strchr(pairs, *p);
	}
	if (open == NULL || (open - pairs) % 2 != 0)
		return end;
	while (++p < end) {
		if (*p == (uint8_t)open[1] && --depth == 0)
			return p;
		depth += *p == (uint8_t)open[0] && open[0] != open[1];
	}
	return end;
}

/* The next label from p on that does not stand inside a word; NULL for none. */
static const uint8_t *
next_start(const uint8_t *line, const uint8_t *p, const uint8_t *end)
{
	uint8_t field;

	for (; p < end; p++)
		if (smpp_receipt_is(*p, SMPP_RC_LABEL) &&
		    (p == line || !smpp_receipt_is(p[-1], SMPP_RC_WORD)) &&
		    smpp_receipt_label(p, end, &field) != NULL)
			return p;
	return NULL;
}

enum smpp_found
smpp_receipt_find(
    struct smpp_receipt *r, struct smpp_view *where, struct smpp_view line)
{
	/*
	 * A line of a log may hold any number of words that look like labels,
	 * and each try reads to the end: the limit keeps work linear. Three
	 * fields, one of them telling, are no chance any more.
	 */
	enum { TRIES = 16, FIELDS = 3 };
	const uint16_t telling = 1 << SMPP_RF_DLVRD | 1 << SMPP_RF_SUBMIT |
				 1 << SMPP_RF_DONE;
	const uint8_t *end = line.p + line.n, *p = line.p;
	struct smpp_view part = {NULL, 0};
	unsigned tries;

	for (tries = 0; tries < TRIES && line.n > 0; tries++) {
		if ((p = next_start(line.p, p, end)) == NULL)
			break;
		*where = smpp_view_of(
		    p, (size_t)(receipt_closing(line.p, p, end) - p));
		if (smpp_receipt_parse(r, *where))
			return SMPP_FOUND_RECEIPT;
		if (part.n == 0 && (r->seen & telling) != 0 &&
		    __builtin_popcount(r->seen) >= FIELDS)
			part = *where;
		p++;
	}
	/* The forms without labels of their own come last, for they are known
	 * by less. */
	smpp_receipt_clear(r);
	*where = smpp_receipt_trim(line.p, end);
	if (smpp_receipt_positional(r, *where))
		return SMPP_FOUND_RECEIPT;
	if (smpp_receipt_bracketed(r, where, line))
		return SMPP_FOUND_RECEIPT;
	if (part.n == 0)
		return SMPP_FOUND_NOTHING;
	*where = part;
	smpp_receipt_parse(r, part);
	return SMPP_FOUND_PART;
}
