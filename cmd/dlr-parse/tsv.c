/* --tsv of receipts, straight from what was read. */
#include <string.h>

#include "dlrparse.h"
#include "text/utf.h"

enum tsv_column {
	COL_ID,
	COL_SUB,
	COL_DLVRD,
	COL_SUBMIT,
	COL_DONE,
	COL_STAT,
	COL_ERR,
	COL_TEXT,
	COL_SUBMIT_ISO,
	COL_DONE_ISO,
	COL_STATE,
	COL_STATE_NAME,
	COL_FINAL,
	COL_TYPE,
	COL_LINE,
	COLUMNS,
};

/* The first ones are in the order of enum smpp_receipt_field. */
static const char names[COLUMNS][20] = {"id", "sub", "dlvrd", "submit_date",
    "done_date", "stat", "err", "text", "submit_date_iso", "done_date_iso",
    "message_state", "message_state_name", "final", "type", "line"};

/*
 * A key that has no column here leaves n at 0: then the slower way by way of
 * JSON does all of them, so that both print the same.
 */
void
tsv_init(struct tsv *t, const char *keys)
{
	size_t n, i;

	for (t->n = 0; t->n < TSV_MAX; keys += n + 1) {
		n = strcspn(keys, ",");
		for (i = 0; i < COLUMNS; i++)
			if (strlen(names[i]) == n &&
			    memcmp(names[i], keys, n) == 0)
				break;
		if (i == COLUMNS)
			break;
		t->column[t->n++] = (uint8_t)i;
		if (keys[n] == '\0')
			return;
	}
	t->n = 0;
}

/* Characters that are written as they are. */
static size_t
tsv_plain(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= 0x20 && p[i] < 0x7f && p[i] != '\\')
		i++;
	return i;
}

static bool
valid_utf8(struct smpp_view v)
{
	uint32_t i = 0, u;
	size_t len;

	while (i < v.n && (len = smpp_utf8_get(v.p + i, v.n - i, &u)) > 0)
		i += (uint32_t)len;
	return i == v.n;
}

/*
 * One character that is not plain; in Latin-1 every octet is one. A value that
 * is UTF-8 is taken as that, any other as Latin-1: traces have both.
 */
static size_t
special(struct smpp_sbuf *b, const uint8_t *p, size_t n, bool latin1)
{
	static const char from[] = "\t\n\r\\", to[] = "tnr\\";
	const char *s = *p == 0 ? NULL : strchr(from, *p);
	char tmp[4];
	uint32_t u;

	if (s != NULL) {
		smpp_sbuf_putc(b, '\\');
		smpp_sbuf_putc(b, to[s - from]);
		return 1;
	}
	u = *p;
	n = u < 0x80 || latin1 ? 1 : smpp_utf8_get(p, n, &u);
	if (u < 0xa0)
		smpp_sbuf_printf(b, "\\x%02x", u);
	else
		smpp_sbuf_put(b, tmp, smpp_utf8_put(tmp, u));
	return n;
}

/* Nearly all values are plain from start to end: one copy. */
static void
tsv_put_value(struct smpp_sbuf *b, struct smpp_view v)
{
	size_t run = tsv_plain(v.p, v.n), i;
	bool latin1;

	if (run > 0)
		smpp_sbuf_put(b, v.p, run);
	if (run == v.n)
		return;
	latin1 = !valid_utf8(v);
	for (i = run; i < v.n;) {
		run = tsv_plain(v.p + i, v.n - i);
		if (run > 0)
			smpp_sbuf_put(b, v.p + i, run);
		else
			run = special(b, v.p + i, v.n - i, latin1);
		i += run;
	}
}

static void
tsv_put_count(struct smpp_sbuf *b, int64_t n)
{
	if (n < 0)
		smpp_sbuf_putc(b, '-');
	else if (n <= UINT32_MAX)
		smpp_sbuf_u32(b, (uint32_t)n);
	else
		smpp_sbuf_printf(b, "%llu", (unsigned long long)n);
}

static void
tsv_put_date(struct smpp_sbuf *b, const struct smpp_receipt *r, unsigned i)
{
	char iso[SMPP_DATE_MAX];

	if (r->dated[i])
		smpp_sbuf_put(b, iso, smpp_date_iso(iso, &r->date[i]));
	else
		smpp_sbuf_putc(b, '-');
}

static void
put_column(struct smpp_sbuf *b, enum tsv_column col,
    const struct smpp_receipt *r, uint64_t line)
{
	switch (col) {
	case COL_SUB:
		tsv_put_count(b, r->sub);
		break;
	case COL_DLVRD:
		tsv_put_count(b, r->dlvrd);
		break;
	case COL_SUBMIT_ISO:
	case COL_DONE_ISO:
		tsv_put_date(b, r, col - COL_SUBMIT_ISO);
		break;
	case COL_STATE:
		tsv_put_count(b, r->state);
		break;
	case COL_STATE_NAME:
		smpp_sbuf_puts(b, smpp_state_name(r->state));
		break;
	case COL_FINAL:
		smpp_sbuf_puts(b, r->final < 0 ? "-"
				  : r->final   ? "true"
					       : "false");
		break;
	case COL_TYPE:
		smpp_sbuf_puts(b, "receipt");
		break;
	case COL_LINE:
		tsv_put_count(b, (int64_t)line);
		break;
	default:
		/*
		 * A text that is there and empty is empty; all else without a
		 * value is '-'.
		 */
		if (r->value[col].n > 0)
			tsv_put_value(b, r->value[col]);
		else if (col != COL_TEXT || (r->seen & 1 << col) == 0)
			smpp_sbuf_putc(b, '-');
	}
}

void
tsv_put(struct smpp_sbuf *b, const struct tsv *t, const struct smpp_receipt *r,
    uint64_t line)
{
	size_t i;

	for (i = 0; i < t->n; i++) {
		if (i > 0)
			smpp_sbuf_putc(b, '\t');
		put_column(b, t->column[i], r, line);
	}
}
