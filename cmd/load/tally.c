/* What was counted and measured. */
#include "tally.h"

#include <math.h>

/*
 * Bins of a histogram are some thousandths wide: what lies beyond the least or
 * the largest that was seen would look like an error.
 */
double
span_ms(const struct span *s, double q)
{
	uint64_t ns = smpp_hist_quantile(&s->hist, q);

	if (q >= 1 || ns > s->max)
		ns = s->max;
	if (q <= 0 || ns < s->min)
		ns = s->min;
	return (double)ns / 1e6;
}

double
span_mean(const struct span *s)
{
	return s->hist.n == 0 ? 0 : s->sum / (double)s->hist.n;
}

double
span_deviation(const struct span *s)
{
	double mean = span_mean(s), n = (double)s->hist.n, v;

	if (n == 0)
		return 0;
	v = s->squares / n - mean * mean;
	/*
	 * Squares of nanoseconds lose digits: a variance of 0 may come out
	 * below.
	 */
	return v > 0 ? sqrt(v) : 0;
}

/*
 * A short list, in the order of coming: an SMSC has a handful, one that sends
 * random statuses may not take memory for each.
 */
static void
add_status(struct tally *t, uint32_t status, uint64_t n)
{
	unsigned i = 0;

	while (i < t->nstatus && t->status[i].status != status)
		i++;
	if (i == TALLY_STATUSES) {
		t->more_statuses += n;
		return;
	}
	if (i == t->nstatus)
		t->status[t->nstatus++].status = status;
	t->status[i].n += n;
}

void
tally_answer(struct tally *t, uint32_t status)
{
	t->answered++;
	if (status == 0)
		t->ok++;
	else
		add_status(t, status, 1);
}

uint64_t
tally_status(const struct tally *t, uint32_t status)
{
	for (unsigned i = 0; i < t->nstatus; i++)
		if (t->status[i].status == status)
			return t->status[i].n;
	return status == 0 ? t->ok : 0;
}

static void
span_merge(struct span *s, const struct span *from)
{
	if (from->hist.n == 0)
		return;
	if (s->hist.n == 0 || from->min < s->min)
		s->min = from->min;
	if (from->max > s->max)
		s->max = from->max;
	s->sum += from->sum;
	s->squares += from->squares;
	smpp_hist_merge(&s->hist, &from->hist);
}

/*
 * Of an interval into the whole run: everything is a sum, a histogram, or a
 * least and a most, so nothing is lost by it.
 */
void
tally_merge(struct tally *t, const struct tally *from)
{
	t->sent += from->sent;
	t->answered += from->answered;
	t->ok += from->ok;
	t->timeouts += from->timeouts;
	t->lost += from->lost;
	t->late += from->late;
	t->receipts += from->receipts;
	t->overdue += from->overdue;
	t->other += from->other;
	t->sessions_lost += from->sessions_lost;
	t->more_statuses += from->more_statuses;
	for (unsigned i = 0; i < from->nstatus; i++)
		add_status(t, from->status[i].status, from->status[i].n);
	span_merge(&t->latency, &from->latency);
	span_merge(&t->service, &from->service);
	span_merge(&t->receipt, &from->receipt);
}

uint64_t
tally_errors(const struct tally *t)
{
	return t->answered - t->ok + t->timeouts + t->lost;
}

double
tally_share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 0 : (double)part / (double)whole;
}

double
tally_rate(uint64_t n, double seconds)
{
	return seconds > 0 ? (double)n / seconds : 0;
}
