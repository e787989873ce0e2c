/* Files that a run leaves. */
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "kit/outqueue.h"
#include "load.h"

enum { TICKS = 5 }; /* percentiles for each half of what is left */

static int
file_write(void *arg, const char *p, size_t n)
{
	struct file *f = arg;

	f->error = out_write(f->fd, p, n);
	return f->error == 0 ? 0 : -1;
}

int
file_open(struct ctx *c, struct file *f, const char *path)
{
	f->path = path;
	f->fd = -1;
	f->error = 0;
	if (path == NULL)
		return 0;
	smpp_sbuf_init(&f->b, f->buf, sizeof(f->buf), file_write, f);
	f->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (f->fd >= 0)
		return 0;
	return out_errno(c, SMPP_EXIT_LOCAL, "file", path);
}

/* The first error counts, and a close may be the only one to tell (NFS). */
int
file_close(struct ctx *c, struct file *f)
{
	if (f->fd < 0)
		return 0;
	smpp_sbuf_flush(&f->b);
	if (close(f->fd) != 0 && f->error == 0)
		f->error = errno;
	f->fd = -1;
	if (f->error == 0)
		return 0;
	return out_error(
	    c, SMPP_EXIT_LOCAL, "file", "%s: %s", f->path, strerror(f->error));
}

void
file_csv_names(struct file *f)
{
	if (f->fd < 0)
		return;
	smpp_sbuf_puts(&f->b,
	    "time,seconds,sent,ok,errors,in_flight,rate_asked,rate,min_ms,"
	    "p50_ms,p90_ms,p95_ms,p99_ms,p99_9_ms,max_ms,receipts\n");
}

void
file_csv_row(struct file *f, const struct figures *fig, double at)
{
	static const double q[] = {0, 0.5, 0.9, 0.95, 0.99, 0.999, 1};
	const struct tally *t = fig->t;
	char now[28];

	if (f->fd < 0)
		return;
	smpp_clock_rfc3339(now, smpp_clock_wall_us());
	smpp_sbuf_printf(&f->b, "%s,%.3f,%llu,%llu,%llu,%llu,", now, at,
	    (unsigned long long)t->sent, (unsigned long long)t->ok,
	    (unsigned long long)tally_errors(t), (unsigned long long)fig->open);
	if (fig->asked >= 0)
		smpp_sbuf_printf(&f->b, "%.1f", fig->asked);
	smpp_sbuf_printf(&f->b, ",%.1f", tally_rate(t->answered, fig->seconds));
	for (size_t i = 0; i < sizeof(q) / sizeof(*q); i++) {
		smpp_sbuf_putc(&f->b, ',');
		/*
		 * An empty cell, and no 0: in this interval nothing was
		 * answered.
		 */
		if (t->latency.hist.n > 0)
			smpp_sbuf_printf(
			    &f->b, "%.3f", span_ms(&t->latency, q[i]));
	}
	smpp_sbuf_printf(&f->b, ",%llu\n", (unsigned long long)t->receipts);
	/*
	 * Each row at once: others follow the file, and a run may be killed.
	 */
	smpp_sbuf_flush(&f->b);
}

/* One line: a share of all, and the time within which it was answered. */
static uint64_t
hdr_line(struct file *f, const struct span *s, double q)
{
	double ms = span_ms(s, q);
	/*
	 * Counted for the value as it is printed, as HdrHistogram's tools do;
	 * they would find the columns to contradict each other otherwise.
	 */
	uint64_t upto = smpp_hist_upto(&s->hist, (uint64_t)(ms * 1e6 + 0.5));

	smpp_sbuf_printf(
	    &f->b, "%12.3f %2.12f %10llu", ms, q, (unsigned long long)upto);
	if (q < 1)
		smpp_sbuf_printf(&f->b, " %14.2f", 1 / (1 - q));
	smpp_sbuf_putc(&f->b, '\n');
	return upto;
}

void
file_hdr(struct file *f, const struct figures *fig)
{
	const struct span *s = &fig->t->latency;
	double q = 0;

	if (f->fd < 0)
		return;
	smpp_sbuf_printf(&f->b, "%12s %14s %10s %14s\n\n", "Value",
	    "Percentile", "TotalCount", "1/(1-Percentile)");
	/*
	 * Steps halve with what is left: five percentiles to 50 %, five to 75
	 * %, five to 87.5 % and so on, as far as there are values.
	 */
	while (s->hist.n > 0 && hdr_line(f, s, q) < s->hist.n)
		q += 1 / (TICKS * exp2(floor(-log2(1 - q)) + 1));
	if (s->hist.n > 0)
		hdr_line(f, s, 1);
	/* The last two figures are read by no tool, but have to be there. */
	smpp_sbuf_printf(&f->b,
	    "#[Mean    = %12.3f, StdDeviation   = %12.3f]\n"
	    "#[Max     = %12.3f, Total count    = %12llu]\n"
	    "#[Buckets = %12d, SubBuckets     = %12d]\n",
	    span_mean(s), span_deviation(s), span_ms(s, 1),
	    (unsigned long long)s->hist.n, 54, 512);
}
