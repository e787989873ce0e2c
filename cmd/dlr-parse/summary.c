/* --summary: how many receipts of which kind, and how long they took. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "dlrparse.h"

enum { TOP = 3 };

/*
 * Counts a word, in upper case. A table of fixed size with open places: words
 * come from peers, and a million different ones must not take memory for each.
 * What has no room is counted together.
 */
static void
tally(struct wordcount *t, struct smpp_view word)
{
	char key[TALLY_KEY] = "";
	uint32_t h, i;
	size_t at;

	for (i = 0; i < word.n && i < TALLY_KEY - 1; i++) {
		key[i] = (char)word.p[i];
		if (key[i] >= 'a' && key[i] <= 'z')
			key[i] = (char)(key[i] - 0x20);
	}
	/*
	 * The upper bits take part, for the low ones alone repeat for words
	 * that differ at their start only.
	 */
	h = smpp_hash32(SMPP_HASH32, key, i);
	at = (h ^ h >> 15) % TALLY_MAX;
	while (t->word[at].n > 0 && memcmp(t->word[at].key, key, i + 1) != 0)
		at = (at + 1) % TALLY_MAX;
	if (t->word[at].n == 0) {
		/* Half of the places stay free, so that a search ends. */
		if (t->used == TALLY_MAX / 2) {
			t->rest++;
			return;
		}
		t->used++;
		memcpy(t->word[at].key, key, TALLY_KEY);
	}
	t->word[at].n++;
}

void
summary_add(struct dlr *d, const struct smpp_receipt *r)
{
	struct smpp_view stat = r->value[SMPP_RF_STAT];
	int64_t delay;

	if (stat.n == 0)
		stat = smpp_view_str(smpp_state_name(r->state));
	tally(&d->stats, stat);
	if (r->value[SMPP_RF_ERR].n > 0)
		tally(&d->errs, r->value[SMPP_RF_ERR]);
	if (!r->dated[0] || !r->dated[1])
		return;
	delay = smpp_date_seconds(&r->date[1]) - smpp_date_seconds(&r->date[0]);
	/*
	 * Clocks of two machines: a message is not delivered before it came.
	 */
	if (delay >= 0)
		smpp_hist_add(&d->delay, (uint64_t)delay);
}

/* By name where numbers are equal, so two runs print the same. */
static int
by_number(const void *a, const void *b)
{
	const struct count *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return strcmp(x->key, y->key);
}

/*
 * Sorts the most frequent words to the front; nothing can be counted then.
 * Empty places have 0 and go to the end.
 */
static void
sort(struct wordcount *t)
{
	qsort(t->word, TALLY_MAX, sizeof(t->word[0]), by_number);
}

/*
 * Keys are words of peers, in Latin-1 or worse: jsonw makes characters of
 * them, and has no call for a key of that kind.
 */
static void
json_tally(struct smpp_jsonw *j, const char *name, const struct wordcount *t)
{
	size_t i;

	smpp_jsonw_key(j, name);
	smpp_jsonw_open(j, '{');
	for (i = 0; i < t->used; i++) {
		smpp_jsonw_latin1(j, smpp_view_str(t->word[i].key));
		smpp_sbuf_putc(j->b, ':');
		j->comma = false;
		smpp_jsonw_i64(j, (int64_t)t->word[i].n);
	}
	smpp_jsonw_close(j, '}');
	if (t->rest > 0) {
		smpp_sbuf_puts(j->b, ",\"");
		smpp_sbuf_puts(j->b, name);
		smpp_sbuf_puts(j->b, "_rest\":");
		j->comma = false;
		smpp_jsonw_i64(j, (int64_t)t->rest);
	}
}

static int
summary_print_json(struct dlr *d)
{
	struct smpp_jsonw *j = out_json(d->c->out);

	smpp_jsonw_open(j, '{');
	smpp_jsonw_key_cstr(j, "type", "summary");
	smpp_jsonw_key_i64(j, "receipts", d->receipts);
	json_tally(j, "stat", &d->stats);
	json_tally(j, "err", &d->errs);
	smpp_jsonw_key_i64(j, "other_lines", d->other);
	smpp_jsonw_key_i64(j, "malformed", d->malformed);
	if (d->delay.n > 0) {
		smpp_jsonw_key(j, "delay_s");
		smpp_jsonw_open(j, '{');
		smpp_jsonw_key_i64(
		    j, "p50", (smpp_hist_quantile(&d->delay, 0.5)));
		smpp_jsonw_key_i64(
		    j, "p95", (smpp_hist_quantile(&d->delay, 0.95)));
		smpp_jsonw_close(j, '}');
	}
	smpp_jsonw_close(j, '}');
	return out_record(d->c->out);
}

/*
 * A duration in the unit a person would choose. One decimal, cut and not
 * rounded: 59.9 min do not become an hour.
 */
static void
put_duration(struct smpp_sbuf *b, uint64_t s)
{
	static const struct {
		uint64_t s;
		const char *name;
	} units[] = {{86400, "d"}, {3600, "h"}, {60, "min"}};
	size_t i;

	for (i = 0; i < 3; i++) {
		if (s < units[i].s)
			continue;
		smpp_sbuf_printf(b, "%" PRIu64, s / units[i].s);
		if (s % units[i].s * 10 / units[i].s > 0)
			smpp_sbuf_printf(
			    b, ".%" PRIu64, s % units[i].s * 10 / units[i].s);
		smpp_sbuf_printf(b, " %s", units[i].name);
		return;
	}
	smpp_sbuf_printf(b, "%" PRIu64 " s", s);
}

static void
print_stats(struct smpp_sbuf *b, const struct dlr *d)
{
	const struct count *w = d->stats.word;
	size_t i;

	smpp_sbuf_printf(b, "receipts %" PRIu64, d->receipts);
	for (i = 0; i < d->stats.used; i++) {
		smpp_sbuf_puts(b, "   ");
		smpp_print_word(b, smpp_view_str(w[i].key));
		smpp_sbuf_printf(b, " %" PRIu64 " %.1f %%", w[i].n,
		    100.0 * (double)w[i].n / (double)d->receipts);
	}
	if (d->stats.rest > 0)
		smpp_sbuf_printf(b, "   others %" PRIu64, d->stats.rest);
	smpp_sbuf_printf(b, "   other lines %" PRIu64 "   malformed %" PRIu64,
	    d->other, d->malformed);
}

static void
print_errs(struct smpp_sbuf *b, const struct dlr *d)
{
	const struct count *w = d->errs.word;
	const char *means;
	size_t i;

	smpp_sbuf_puts(b, "top err");
	for (i = 0; i < TOP && i < d->errs.used; i++) {
		smpp_sbuf_puts(b, i == 0 ? "  " : "   ");
		smpp_print_word(b, smpp_view_str(w[i].key));
		smpp_sbuf_printf(b, " %" PRIu64, w[i].n);
		means = errset_meaning(d->err_set, smpp_view_str(w[i].key));
		if (means != NULL)
			smpp_sbuf_printf(b, " %s", means);
	}
}

/* Median and 95 %: means of receipts are ruled by phones that were off. */
int
summary_print(struct dlr *d)
{
	struct out *o = d->c->out;

	sort(&d->stats);
	sort(&d->errs);
	if (o->form != OUT_HUMAN)
		return summary_print_json(d);
	print_stats(&o->b, d);
	smpp_sbuf_putc(&o->b, '\n');
	if (d->errs.used > 0)
		print_errs(&o->b, d);
	if (d->delay.n > 0) {
		smpp_sbuf_puts(&o->b, d->errs.used > 0
					  ? "   done-submit median "
					  : "done-submit median ");
		put_duration(&o->b, smpp_hist_quantile(&d->delay, 0.5));
		smpp_sbuf_puts(&o->b, "  p95 ");
		put_duration(&o->b, smpp_hist_quantile(&d->delay, 0.95));
	}
	if (d->errs.used > 0 || d->delay.n > 0)
		smpp_sbuf_putc(&o->b, '\n');
	return out_line(o);
}
