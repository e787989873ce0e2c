/* One receipt of smpp dlr-parse: chosen, counted, printed. */
#include <inttypes.h>
#include <string.h>

#include "dlrparse.h"

static bool
dlrout_same_nocase(struct smpp_view a, struct smpp_view b)
{
	return a.n == b.n && (a.n == 0 || strncasecmp((const char *)a.p,
					      (const char *)b.p, a.n) == 0);
}

/*
 * Whether --only asks for this receipt. By state or by word: DELIVRD finds
 * receipts that say state 2 in a TLV alone.
 */
static bool
dlrout_wanted(const struct only *only, const struct smpp_receipt *r)
{
	size_t i;

	if (only->n == 0 || (r->state >= 0 && only->states >> r->state & 1))
		return true;
	for (i = 0; i < only->n; i++)
		if (dlrout_same_nocase(only->word[i], r->value[SMPP_RF_STAT]))
			return true;
	return false;
}

/*
 * Says what is wrong with the receipt of this line, the first few times. A log
 * may have millions of them: the first few tell the kind, the rest is counted.
 * Without --strict they are no reason to fail.
 */
static void
complain(struct dlr *d, const struct wrong *wrong)
{
	d->malformed++;
	if (d->a.strict)
		d->rc = cmd_worse(d->rc, SMPP_EXIT_DATA);
	if (d->malformed > COMPLAINTS)
		return;
	smpp_jsonw_key_i64(out_more(d->c), "line", d->line);
	out_error(d->c, SMPP_EXIT_DATA, "receipt", "%s:%" PRIu64 ": %s",
	    d->name, d->line, wrong->text);
}

static void
meaning(struct smpp_jsonw *j, const char *key, const char *text)
{
	if (text == NULL)
		return;
	smpp_jsonw_key_cstr(j, key, text);
}

/*
 * The meaning of network_error_code, whose codes are GSM's by their type. The
 * TLV names its network, so its codes are known without --err-set.
 */
static const char *
network_meaning(const struct smpp_receipt *r)
{
	char digits[8];
	struct smpp_sbuf b;

	if (!r->has_network || r->network_type != SMPP_network_error_type_gsm)
		return NULL;
	smpp_sbuf_init(&b, digits, sizeof(digits), NULL, NULL);
	smpp_sbuf_u32(&b, r->network_code);
	return errset_meaning(errset_find("gsm-map"), smpp_view_of(b.p, b.n));
}

static int
dlrout_print_json(
    struct dlr *d, const struct smpp_receipt *r, const struct wrong *wrong)
{
	struct smpp_jsonw *j = out_json(d->c->out);

	smpp_jsonw_open(j, '{');
	smpp_jsonw_key_cstr(j, "type", "receipt");
	smpp_json_receipt(j, r);
	if (d->err_set >= 0)
		meaning(j, "err_meaning",
		    errset_meaning(d->err_set, r->value[SMPP_RF_ERR]));
	meaning(j, "network_error_meaning", network_meaning(r));
	/* A line's number alone does for one file. */
	if (d->a.files.n > 1) {
		smpp_jsonw_key_cstr(j, "file", d->name);
	}
	smpp_jsonw_key_i64(j, "line", d->line);
	if (wrong != NULL) {
		smpp_jsonw_key(j, "errors");
		smpp_jsonw_open(j, '[');
		smpp_jsonw_open(j, '{');
		smpp_jsonw_key_cstr(j, "kind", wrong->kind);
		smpp_jsonw_key_cstr(j, "message", wrong->text);
		smpp_jsonw_close(j, '}');
		smpp_jsonw_close(j, ']');
	}
	if (d->c->out->args.raw) {
		smpp_jsonw_key(j, "hex");
		smpp_jsonw_hex(j, d->raw);
	}
	smpp_jsonw_close(j, '}');
	return out_record(d->c->out);
}

static int
print_human(struct dlr *d, const struct smpp_receipt *r)
{
	struct out *o = d->c->out;
	const char *text = errset_meaning(d->err_set, r->value[SMPP_RF_ERR]);

	smpp_print_receipt(&o->b, r);
	if (text == NULL)
		text = network_meaning(r);
	if (text != NULL) {
		smpp_sbuf_puts(&o->b, "  ");
		smpp_sbuf_puts(&o->b, text);
	}
	smpp_sbuf_putc(&o->b, '\n');
	if (o->args.raw) {
		smpp_sbuf_puts(&o->b, "  ");
		smpp_sbuf_hex(&o->b, d->raw.p, d->raw.n);
		smpp_sbuf_putc(&o->b, '\n');
	}
	return out_line(o);
}

static int
dlrout_print(
    struct dlr *d, const struct smpp_receipt *r, const struct wrong *wrong)
{
	if (d->a.summary)
		return 0;
	d->shown++;
	if (d->tsv.n > 0) {
		tsv_put(&d->c->out->b, &d->tsv, r, d->line);
		smpp_sbuf_putc(&d->c->out->b, '\n');
		/* tail -F is to be seen line by line. */
		return d->c->out->live ? out_flush(d->c->out) : 0;
	}
	if (d->c->out->form != OUT_HUMAN)
		return dlrout_print_json(d, r, wrong);
	return print_human(d, r);
}

/* With --strict a receipt with warnings is malformed; they are the reason. */
static struct wrong
strictly(const struct smpp_receipt *r, char *text, size_t n)
{
	struct smpp_sbuf b;
	unsigned i;

	smpp_sbuf_init(&b, text, n - 1, NULL, NULL);
	smpp_sbuf_puts(&b, "receipt with ");
	for (i = 0; i < SMPP_RECEIPT_WARNINGS; i++)
		if (smpp_receipt_warning_text(&b, r, i))
			smpp_sbuf_putc(&b, ' ');
	while (b.p[b.n - 1] == ' ')
		b.n--;
	b.p[b.n] = '\0';
	return (struct wrong){"warnings", text};
}

int
dlrout_report(struct dlr *d, struct smpp_receipt *r, const struct wrong *wrong)
{
	struct wrong strict;
	char text[512];

	/*
	 * ACCEPTD is final with some operators and a step on the way with
	 * others; the specification counts it as final.
	 */
	if (d->a.strict_states && r->state == SMPP_message_state_ACCEPTED &&
	    r->final == 0)
		r->final = 1;
	if (!dlrout_wanted(&d->only, r))
		return 0;
	/*
	 * Behind --only: what is not wanted needs no zone, which is the costly
	 * part.
	 */
	if (d->zone.given) {
		zone_set(&d->zone, &r->date[0]);
		zone_set(&d->zone, &r->date[1]);
	}
	if (wrong == NULL && d->a.strict && (r->warnings | r->repeated) != 0) {
		strict = strictly(r, text, sizeof(text));
		wrong = &strict;
	}
	if (wrong != NULL) {
		complain(d, wrong);
	} else {
		d->receipts++;
		if (d->a.summary)
			summary_add(d, r);
	}
	return dlrout_print(d, r, wrong);
}
