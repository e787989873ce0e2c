/* Receipts in the forms that single peers give them. */
#include "text/receipt_int.h"

/* True when v has so many digits and nothing else. */
static bool
digits_between(struct smpp_view v, uint32_t least, uint32_t most)
{
	uint32_t i = 0;

	while (i < v.n && v.p[i] >= '0' && v.p[i] <= '9')
		i++;
	return i == v.n && i >= least && i <= most;
}

/* A reference: printable, without blanks. */
static bool
one_word(struct smpp_view v)
{
	uint32_t i = 0;

	while (i < v.n && v.p[i] > ' ' && v.p[i] < 0x7f)
		i++;
	return i == v.n && i > 0;
}

/*
 * STATUS,DONE,SUBMITTED,ERR,RECIPIENT,SENDER,ID as one operator has it, times
 * of ten digits, 00 for delivered. It has no labels to be known by, so all of
 * it must be as it should.
 */
bool
smpp_receipt_positional(struct smpp_receipt *r, struct smpp_view body)
{
	enum { STATUS, DONE, SUBMITTED, ERR, RECIPIENT, SENDER, ID, VALUES };
	struct smpp_view v[VALUES];
	const uint8_t *p = body.p, *end = smpp_view_end(body), *comma;
	unsigned i;

	for (i = 0; i < VALUES; i++) {
		comma = p == end ? NULL : memchr(p, ',', (size_t)(end - p));
		if ((comma == NULL) != (i == ID))
			return false;
		v[i] = smpp_view_of(
		    p, (size_t)((comma == NULL ? end : comma) - p));
		p = comma == NULL ? end : comma + 1;
	}
	if (!digits_between(v[STATUS], 2, 2) ||
	    !digits_between(v[DONE], 10, 10) ||
	    !digits_between(v[SUBMITTED], 10, 10) ||
	    !digits_between(v[ERR], 0, 4) ||
	    !digits_between(v[RECIPIENT], 5, 20) || !one_word(v[SENDER]) ||
	    !one_word(v[ID]))
		return false;
	smpp_receipt_store(r, SMPP_RF_ID, v[ID]);
	smpp_receipt_store(r, SMPP_RF_STAT, v[STATUS]);
	smpp_receipt_store(r, SMPP_RF_DONE, v[DONE]);
	smpp_receipt_store(r, SMPP_RF_SUBMIT, v[SUBMITTED]);
	smpp_receipt_store(r, SMPP_RF_ERR, v[ERR]);
	smpp_receipt_judge(r);
	if (!smpp_view_is(v[STATUS], "00"))
		return true;
	r->state = 2;
	r->final = 1;
	r->warnings &= ~(uint32_t)SMPP_RW_UNKNOWN_STAT;
	return true;
}

/* The value of [name:value] in a line; n is 0 when there is none. */
static struct smpp_view
bracket_value(struct smpp_view line, const char *name)
{
	const uint8_t *end = smpp_view_end(line), *p, *close;
	size_t n = strlen(name);

	p = memmem(line.p, line.n, name, n);
	if (p == NULL)
		return smpp_view_of(NULL, 0);
	p += n;
	close = memchr(p, ']', (size_t)(end - p));
	return smpp_view_of(p, close == NULL ? 0 : (size_t)(close - p));
}

/* "001/002" of sub and dlvrd. */
static void
store_counts(struct smpp_receipt *r, struct smpp_view v)
{
	const uint8_t *slash = v.n == 0 ? NULL : memchr(v.p, '/', v.n);

	if (slash == NULL)
		return;
	smpp_receipt_store(
	    r, SMPP_RF_SUB, smpp_view_of(v.p, (size_t)(slash - v.p)));
	smpp_receipt_store(r, SMPP_RF_DLVRD,
	    smpp_view_of(slash + 1, (size_t)(smpp_view_end(v) - slash - 1)));
}

/* The log of Jasmin: "DLR [cid:x] [smpp-msgid:1] [status:DELIVRD] ...". */
bool
smpp_receipt_bracketed(
    struct smpp_receipt *r, struct smpp_view *where, struct smpp_view line)
{
	static const struct {
		const char *name;
		uint8_t field;
	} rows[] = {
	    {"[smpp-msgid:", SMPP_RF_ID},
	    {"[status:", SMPP_RF_STAT},
	    {"[submit date:", SMPP_RF_SUBMIT},
	    {"[done date:", SMPP_RF_DONE},
	    {"[err:", SMPP_RF_ERR},
	};
	struct smpp_view v, text;
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		v = bracket_value(line, rows[i].name);
		if (v.n == 0 && i < 2)
			return false;
		if (i == 0)
			*where = smpp_view_of(v.p - strlen(rows[0].name),
			    (size_t)(smpp_view_end(line) - v.p) +
				strlen(rows[0].name));
		if (v.n > 0)
			smpp_receipt_store(r, rows[i].field, v);
	}
	store_counts(r, bracket_value(line, "[sub/dlvrd messages:"));
	text = bracket_value(line, "[content:");
	if (text.n >= 2 && text.p[0] == '\'' && text.p[text.n - 1] == '\'')
		text = smpp_view_of(text.p + 1, text.n - 2);
	if (text.n > 0)
		smpp_receipt_store(r, SMPP_RF_TEXT, text);
	smpp_receipt_judge(r);
	return true;
}
