/* Thresholds. */
#include "limit.h"

#include <stdlib.h>
#include <string.h>

#include "load.h"

enum kind { TIME, COUNT, RATE };
enum op { LT, LE, GT, GE, OPS };

static const char *const op_words[OPS] = {
    [LT] = "<", [LE] = "<=", [GT] = ">", [GE] = ">="};

/* What can be compared; of a TIME, off is where its span is in a tally. */
struct limit_metric {
	const char *name;
	enum kind kind;
	double (*get)(const struct figures *f);
	size_t off;
};

static double
get_errors(const struct figures *f)
{
	return (double)tally_errors(f->t);
}

static double
get_throttled(const struct figures *f)
{
	return (double)tally_status(f->t, ESME_RTHROTTLED);
}

static double
get_timeouts(const struct figures *f)
{
	return (double)f->t->timeouts;
}

/* Without an answer: whether it was accepted is not known of either. */
static double
get_lost(const struct figures *f)
{
	return (double)(f->t->lost + f->t->timeouts);
}

static double
get_unsent(const struct figures *f)
{
	return (double)f->unsent;
}

static double
get_receipts(const struct figures *f)
{
	return (double)f->t->receipts;
}

static double
get_no_receipt(const struct figures *f)
{
	return (double)f->awaited;
}

static double
get_late_receipts(const struct figures *f)
{
	return (double)f->t->overdue;
}

static double
get_ok(const struct figures *f)
{
	return (double)f->t->ok;
}

static double
get_sent(const struct figures *f)
{
	return (double)f->t->sent;
}

static double
get_rate(const struct figures *f)
{
	return tally_rate(f->t->answered, f->seconds);
}

static const struct limit_metric metrics[] = {
    {"errors", COUNT, get_errors, 0},
    {"throttled", COUNT, get_throttled, 0},
    {"timeouts", COUNT, get_timeouts, 0},
    {"lost", COUNT, get_lost, 0},
    {"unsent", COUNT, get_unsent, 0},
    {"ok", COUNT, get_ok, 0},
    {"sent", COUNT, get_sent, 0},
    {"receipts", COUNT, get_receipts, 0},
    {"receipts_lost", COUNT, get_no_receipt, 0},
    {"receipts_late", COUNT, get_late_receipts, 0},
    {"rate", RATE, get_rate, 0},
    /* Times: these with min, mean, max or pN behind them, the last alone. */
    {"service.", TIME, NULL, offsetof(struct tally, service)},
    {"receipt.", TIME, NULL, offsetof(struct tally, receipt)},
    {"", TIME, NULL, offsetof(struct tally, latency)},
};

enum { MEAN = -1 };

/* The share that "p99.9", "min", "max" stand for, MEAN, or -2. */
static double
quantile(struct smpp_view word)
{
	char text[16], *end;
	double q;

	if (smpp_view_is(word, "min"))
		return 0;
	if (smpp_view_is(word, "max"))
		return 1;
	if (smpp_view_is(word, "mean"))
		return MEAN;
	/* A digit first, since strtod takes "pnan", "pinf" and "p-5". */
	if (word.n < 2 || word.n > 9 || word.p[0] != 'p' || word.p[1] < '0' ||
	    word.p[1] > '9')
		return -2;
	memcpy(text, word.p + 1, word.n - 1);
	text[word.n - 1] = '\0';
	q = strtod(text, &end);
	return *end != '\0' || !(q <= 100) ? -2 : q / 100;
}

/*
 * Finds the metric of a name. The empty prefix is last, for it fits every
 * name.
 */
static bool
set_metric(struct limit *m, struct smpp_view name)
{
	size_t n;

	for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++) {
		m->metric = &metrics[i];
		n = strlen(m->metric->name);
		if (m->metric->kind != TIME &&
		    smpp_view_is(name, m->metric->name))
			return true;
		if (m->metric->kind != TIME || name.n < n ||
		    memcmp(name.p, m->metric->name, n) != 0)
			continue;
		m->quantile = quantile(smpp_view_of(name.p + n, name.n - n));
		if (m->quantile >= MEAN)
			return true;
	}
	return false;
}

/* Reads what it is compared with: "250ms", "1%", "10", "400/s". */
static bool
set_value(struct limit *m, const char *text)
{
	size_t n = strlen(text);
	uint32_t count;
	int64_t ms;
	char *end;

	m->value = strtod(text, &end);
	if (end == text || *text < '0' || *text > '9')
		return false;
	switch (m->metric->kind) {
	case TIME:
		/*
		 * A unit of this place alone: on a loopback latencies are
		 * below 1 ms.
		 */
		if (strcmp(end, "us") == 0)
			m->value /= 1e3;
		else if (strcmp(end, "ms") == 0)
			;
		else if (opt_duration(text, &ms) == 0)
			m->value = (double)ms;
		else
			return false;
		return true;
	case RATE:
		return opt_rate(text, &m->value) == 0;
	default:
		m->share = text[n - 1] == '%';
		if (m->share) {
			m->value /= 100;
			return end == text + n - 1;
		}
		if (opt_uint(text, &count) != 0)
			return false;
		m->value = count;
		return true;
	}
}

static int
limit_wrong(struct ctx *c, const char *text, size_t at, const char *why)
{
	out_spot(c, text, at);
	return out_usage(c, "--fail-if: %s", why);
}

int
limit_parse(struct ctx *c, struct limit **list, const char *text)
{
	struct limit *m = cmd_alloc(c, sizeof(*m));
	size_t n = strcspn(text, "<>= "), at = n + strspn(text + n, " ");
	const char *op = text + at;

	m->text = text;
	if (!set_metric(m, smpp_view_of(text, n))) {
		out_hint(c, "p50, p99.9, min, mean, max, service.p99, "
			    "receipt.p99, errors, throttled, timeouts, lost, "
			    "unsent, ok, sent, receipts, receipts_lost, "
			    "receipts_late, rate");
		return limit_wrong(c, text, 0, "no such figure");
	}
	if (*op != '<' && *op != '>')
		return limit_wrong(c, text, at, "one of < <= > >= is missing");
	m->op = *op == '<' ? LT : GT;
	m->op += op[1] == '=';
	at += 1 + (op[1] == '=');
	at += strspn(text + at, " ");
	if (!set_value(m, text + at))
		return limit_wrong(c, text, at,
		    m->metric->kind == TIME   ? "not a time, as 250ms or 2s"
		    : m->metric->kind == RATE ? "not a rate, as 400/s"
					      : "not a count or share, as 10 "
						"or 1%");
	/* In the order given: failures are told in it. */
	while (*list != NULL)
		list = &(*list)->next;
	*list = m;
	return 0;
}

static double
limit_value(const struct limit *m, const struct figures *f)
{
	const struct span *s =
	    (const struct span *)(const void *)((const char *)f->t +
						m->metric->off);
	double v;

	if (m->metric->kind == TIME)
		return m->quantile == MEAN ? span_mean(s)
					   : span_ms(s, m->quantile);
	v = m->metric->get(f);
	/*
	 * A share is of what was sent; of nothing it is 0, and no NaN, which
	 * would fail no threshold.
	 */
	return m->share ? v / (double)(f->t->sent > 0 ? f->t->sent : 1) : v;
}

bool
limit_failed(const struct limit *m, const struct figures *f)
{
	double v = limit_value(m, f);

	switch (m->op) {
	case LT:
		return v < m->value;
	case LE:
		return v <= m->value;
	case GT:
		return v > m->value;
	default:
		return v >= m->value;
	}
}

static void
limit_put(struct smpp_sbuf *b, const struct limit *m, double v)
{
	if (m->share)
		smpp_sbuf_printf(b, "%.4g %%", v * 100);
	else if (m->metric->kind == TIME)
		smpp_sbuf_printf(b, "%.4g ms", v);
	else if (m->metric->kind == RATE)
		smpp_sbuf_printf(b, "%.1f/s", v);
	else
		smpp_sbuf_printf(b, "%.0f", v);
}

void
limit_found(const struct limit *m, const struct figures *f, struct smpp_sbuf *b)
{
	limit_put(b, m, limit_value(m, f));
}

void
limit_explain(
    const struct limit *m, const struct figures *f, struct smpp_sbuf *b)
{
	size_t n = strcspn(m->text, "<>= ");

	smpp_sbuf_put(b, m->text, n);
	smpp_sbuf_putc(b, ' ');
	limit_found(m, f, b);
	smpp_sbuf_printf(b, " %s ", op_words[m->op]);
	limit_put(b, m, m->value);
}
