/* A run as a page for browsers. */
#include "page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/version.h"
#include "chart.h"
#include "load.h"
#include "words/status.h"

enum { BINS = 8 }; /* bars of the histogram for each power of two */

static const char style[] =
    ":root{--bg:#f6f7f9;--card:#fff;--fg:#1a1f27;--mut:#687182;--rule:#e4e7ec;"
    "--blue:#2563eb;--sky:#9dbcf8;--amber:#e08a00;--red:#d92d20;"
    "--green:#14854a;color-scheme:light dark}\n"
    "@media(prefers-color-scheme:dark){:root{--bg:#0e1116;--card:#171b22;"
    "--fg:#e7eaf0;--mut:#8f99aa;--rule:#272d38;--blue:#6ea2ff;--sky:#35558f;"
    "--amber:#f5b041;--red:#ff7a70;--green:#4cc38a}}\n"
    "*{box-sizing:border-box}body{margin:0 auto;padding:28px 20px;"
    "max-width:1100px;background:var(--bg);color:var(--fg);"
    "font:15px/1.5 system-ui,sans-serif;font-variant-numeric:tabular-nums}\n"
    "header{display:flex;align-items:baseline;gap:12px;flex-wrap:wrap}"
    "h1{font-size:24px;margin:0;letter-spacing:-.01em}"
    "h2{font-size:15px;margin:0 0 8px}p{margin:4px 0 20px;color:var(--mut)}\n"
    ".chip{padding:2px 10px;border-radius:99px;font-size:13px;"
    "border:1px solid currentColor}.run{color:var(--blue)}"
    ".ok{color:var(--green)}.bad{color:var(--red)}.warn{color:var(--amber)}\n"
    ".cards{display:grid;gap:12px;margin-bottom:12px;"
    "grid-template-columns:repeat(auto-fit,minmax(112px,1fr))}"
    "section,.cards>div{background:var(--card);border:1px solid var(--rule);"
    "border-radius:10px;padding:14px 16px}section{margin-bottom:12px}"
    ".cards b{display:block;font-size:22px;line-height:1.3;font-weight:600;"
    "white-space:nowrap}"
    ".cards span,.cards small{color:var(--mut);font-size:13px}\n"
    "svg{width:100%;height:auto;display:block}svg text{font-size:12px;"
    "fill:var(--mut)}.y{text-anchor:end}.x{text-anchor:middle}"
    "path{fill:none;stroke-width:1.8;stroke-linejoin:round}"
    "path.g{stroke:var(--rule);stroke-width:1}"
    "path.m{stroke:var(--mut);stroke-width:1;stroke-dasharray:3 3}"
    "path.fill{fill:var(--blue);opacity:.12;stroke:none}"
    ".c1{stroke:var(--blue)}.c2{stroke:var(--mut);stroke-dasharray:5 4}"
    ".c3{stroke:var(--amber)}.c4{stroke:var(--red)}.c5{stroke:var(--sky)}"
    "rect.bar{fill:var(--blue)}rect.h{fill:transparent}"
    "rect.h:hover{fill:var(--fg);opacity:.07}\n"
    ".key{float:right;font-size:13px;color:var(--mut);font-weight:400}"
    ".key i{display:inline-block;width:18px;margin:0 5px 4px 14px;"
    "border-top:2px solid}.k1{color:var(--blue)}.k2{color:var(--mut);"
    "border-top-style:dashed!important}.k3{color:var(--amber)}"
    ".k4{color:var(--red)}.k5{color:var(--sky)}\n"
    "table{border-collapse:collapse;width:100%}td,th{padding:5px 8px;"
    "text-align:right;border-top:1px solid var(--rule)}th{color:var(--mut);"
    "font-weight:400;font-size:13px}tr:first-child>*{border:0}"
    "td:first-child,th:first-child{text-align:left;padding-left:0}"
    "td i{display:block;height:8px;min-width:2px;border-radius:4px;"
    "background:var(--green)}td.no i{background:var(--red)}"
    "td.w{width:45%}.two{display:grid;gap:0 12px;"
    "grid-template-columns:repeat(auto-fit,minmax(380px,1fr))}"
    "footer{color:var(--mut);font-size:13px;margin-top:16px}\n";

/* Text with what HTML would read as markup written so that it does not. */
static void
page_put_text(struct smpp_sbuf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (*s == '<')
			smpp_sbuf_puts(b, "&lt;");
		else if (*s == '&')
			smpp_sbuf_puts(b, "&amp;");
		else if (*s == '"')
			smpp_sbuf_puts(b, "&quot;");
		else if ((unsigned char)*s >= ' ')
			smpp_sbuf_putc(b, *s);
	}
}

/* A count with its thousands apart, by thin spaces that do not break. */
static void
page_put_count(struct smpp_sbuf *b, uint64_t n)
{
	char text[24];
	int len = snprintf(text, sizeof(text), "%llu", (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i > 0 && (len - i) % 3 == 0)
			smpp_sbuf_puts(b, "\xe2\x80\xaf");
		smpp_sbuf_putc(b, text[i]);
	}
}

/* A rate as a person reads it. */
static void
page_put_rate(struct smpp_sbuf *b, double rate)
{
	if (rate < 100)
		smpp_sbuf_printf(b, "%.1f", rate);
	else
		page_put_count(b, (uint64_t)(rate + 0.5));
}

static void
put_ms(struct smpp_sbuf *b, double ms)
{
	chart_number(b, CHART_MS, ms);
}

/* --- the top --- */

static void
page_put_state(
    struct smpp_sbuf *b, struct load *l, const struct figures *f, bool over)
{
	bool failed = f->t->ok == 0 && !f->plan->quiet;

	for (const struct limit *m = l->limit; m != NULL; m = m->next)
		failed |= limit_failed(m, f);
	if (!over)
		smpp_sbuf_puts(b, "<span class=\"chip run\">running</span>");
	else if (failed)
		smpp_sbuf_puts(b, "<span class=\"chip bad\">failed</span>");
	else
		smpp_sbuf_puts(b, "<span class=\"chip ok\">finished</span>");
	if (over && figures_limited(f))
		smpp_sbuf_puts(
		    b, "\n<span class=\"chip warn\">client-limited</span>");
}

static void
put_plan(struct smpp_sbuf *b, struct load *l, const struct figures *f)
{
	const struct plan *p = f->plan;
	char began[28];

	smpp_clock_rfc3339(began, l->began_us);
	smpp_sbuf_printf(b, "<p>%.10s %.8s UTC &middot; ", began, began + 11);
	smpp_sbuf_printf(b, "%u session%s, window %u &middot; ", p->sessions,
	    p->sessions == 1 ? "" : "s", p->window);
	if (p->quiet)
		smpp_sbuf_puts(b, "receiving");
	else if (p->max)
		smpp_sbuf_puts(b, "as fast as it goes");
	else if (p->ramp > 0)
		smpp_sbuf_printf(
		    b, "%.4g/s to %.4g/s within %.4g s", p->a, p->b, p->ramp);
	else
		smpp_sbuf_printf(b, "%.4g/s", p->a);
	if (p->count > 0)
		smpp_sbuf_printf(
		    b, ", %llu messages", (unsigned long long)p->count);
	if (p->duration_ms > 0)
		smpp_sbuf_printf(b, ", %.4g s", (double)p->duration_ms / 1e3);
	smpp_sbuf_puts(b, "</p>\n");
}

static void
put_top(struct smpp_sbuf *b, struct load *l, const struct figures *f, bool over)
{
	smpp_sbuf_puts(
	    b, "<!doctype html>\n<html lang=en><meta charset=utf-8>\n");
	if (!over)
		smpp_sbuf_puts(b, "<meta http-equiv=refresh content=1>\n");
	smpp_sbuf_puts(b,
	    "<meta name=viewport content=\"width=device-width\">\n"
	    "<title>smpp load ");
	page_put_text(b, l->a.target.name);
	smpp_sbuf_puts(b, "</title>\n<style>");
	smpp_sbuf_puts(b, style);
	smpp_sbuf_puts(b, "</style>\n<header><h1>smpp load &rarr; ");
	page_put_text(b, l->a.target.name);
	smpp_sbuf_puts(b, "</h1>\n");
	page_put_state(b, l, f, over);
	smpp_sbuf_puts(b, "</header>\n");
	put_plan(b, l, f);
}

/* --- figures on cards --- */

static void
card_begin(struct smpp_sbuf *b, const char *title, const char *class)
{
	smpp_sbuf_printf(
	    b, "<div><span>%s</span><b class=\"%s\">", title, class);
}

static void
card_note(struct smpp_sbuf *b, const char *note)
{
	smpp_sbuf_printf(b, "</b><small>%s</small></div>\n", note);
}

static void
card_ms(struct smpp_sbuf *b, const char *title, const struct span *s, double q)
{
	card_begin(b, title, "");
	if (s->hist.n > 0)
		put_ms(b, span_ms(s, q));
	else
		smpp_sbuf_puts(b, "&ndash;");
	card_note(b, "latency");
}

static void
put_cards(struct smpp_sbuf *b, const struct figures *f)
{
	const struct tally *t = f->t;
	uint64_t errors = tally_errors(t);
	char note[64];

	smpp_sbuf_puts(b, "<div class=cards>\n");
	card_begin(b, "Answered/s", "");
	page_put_rate(
	    b, tally_rate(f->plan->quiet ? t->other : t->answered, f->seconds));
	snprintf(note, sizeof(note),
	    f->asked < 0 ? "no limit asked" : "%.1f asked", f->asked);
	card_note(b, note);
	card_begin(b, "Sent", "");
	page_put_count(b, t->sent);
	snprintf(note, sizeof(note), "in %.1f s", f->seconds);
	card_note(b, note);
	card_begin(b, "Accepted", "");
	smpp_sbuf_printf(b, "%.3g %%", 100 * tally_share(t->ok, t->sent));
	snprintf(
	    note, sizeof(note), "%llu messages", (unsigned long long)t->ok);
	card_note(b, note);
	card_begin(b, "Errors", errors > 0 ? "bad" : "");
	page_put_count(b, errors);
	snprintf(note, sizeof(note), "%llu unanswered",
	    (unsigned long long)(t->timeouts + t->lost));
	card_note(b, note);
	card_ms(b, "Median", &t->latency, 0.5);
	card_ms(b, "99 %", &t->latency, 0.99);
	card_ms(b, "Longest", &t->latency, 1);
	smpp_sbuf_puts(b, "</div>\n");
}

/* --- charts over time --- */

/* The value of a point that is drawn; below 0 is none. */
typedef double (*value_fn)(const struct point *p);

static double
point_asked(const struct point *p)
{
	return p->asked;
}

static double
point_rate(const struct point *p)
{
	return p->rate;
}

static double
point_errors(const struct point *p)
{
	return p->errors > 0 ? p->errors : -1;
}

static double
point_p50(const struct point *p)
{
	return p->p50 > 0 ? p->p50 : -1;
}

static double
point_p90(const struct point *p)
{
	return p->p90 > 0 ? p->p90 : -1;
}

static double
point_p99(const struct point *p)
{
	return p->p99 > 0 ? p->p99 : -1;
}

static double
point_max(const struct point *p)
{
	return p->max > 0 ? p->max : -1;
}

/* A line through the middles of the intervals, from edge to edge. */
static void
put_series(
    struct chart *c, const struct history *h, const char *class, value_fn value)
{
	const struct point *p;

	chart_line(c, class);
	for (p = h->point; p < h->point + h->n; p++) {
		double v = value(p);

		if (v < 0) {
			chart_gap(c);
			continue;
		}
		if (p == h->point || value(p - 1) < 0)
			chart_point(c, p->at - p->seconds, v);
		chart_point(c, p->at - p->seconds / 2, v);
		if (p == h->point + h->n - 1 || value(p + 1) < 0)
			chart_point(c, p->at, v);
	}
	chart_line_end(c);
}

/* The same, filled down to the axis. */
static void
put_filled(struct chart *c, const struct history *h, value_fn value)
{
	const struct point *p;

	chart_line(c, "fill");
	for (p = h->point; p < h->point + h->n; p++) {
		if (p == h->point) {
			chart_point(c, p->at - p->seconds, c->y.low);
			chart_point(c, p->at - p->seconds, value(p));
		}
		chart_point(c, p->at - p->seconds / 2, value(p));
		if (p == h->point + h->n - 1) {
			chart_point(c, p->at, value(p));
			chart_point(c, p->at, c->y.low);
		}
	}
	chart_line_end(c);
}

/* What the mouse finds over each interval. */
static void
put_tips(struct chart *c, const struct history *h)
{
	const struct point *p;

	for (p = h->point; p < h->point + h->n; p++) {
		chart_tip(c, p->at - p->seconds, p->at);
		chart_number(c->b, CHART_SECONDS, p->at);
		smpp_sbuf_printf(c->b, ": %.1f/s answered", p->rate);
		if (p->asked >= 0)
			smpp_sbuf_printf(c->b, ", %.1f/s asked", p->asked);
		if (p->max > 0) {
			smpp_sbuf_puts(c->b, "\np50 ");
			put_ms(c->b, p->p50);
			smpp_sbuf_puts(c->b, "  p90 ");
			put_ms(c->b, p->p90);
			smpp_sbuf_puts(c->b, "  p99 ");
			put_ms(c->b, p->p99);
			smpp_sbuf_puts(c->b, "  max ");
			put_ms(c->b, p->max);
		}
		smpp_sbuf_printf(c->b, "\n%.0f in flight", p->open);
		chart_tip_end(c);
	}
}

static struct chart_axis
time_axis(const struct history *h)
{
	return (struct chart_axis){
	    CHART_SECONDS, 0, h->n > 0 ? h->point[h->n - 1].at : 1, false};
}

static void
put_rates(struct smpp_sbuf *b, const struct history *h, bool asked)
{
	struct chart c = {.b = b, .x = time_axis(h)};

	for (unsigned i = 0; i < h->n; i++)
		c.y.high = fmax(
		    c.y.high, fmax(h->point[i].rate, h->point[i].asked));
	chart_axis_round(&c.y);
	smpp_sbuf_puts(b, "<section><h2>Messages per second<span class=key>");
	if (asked)
		smpp_sbuf_puts(b, "<i class=k2></i>asked");
	smpp_sbuf_puts(b,
	    "<i class=k1></i>answered<i class=k4></i>errors</span>"
	    "</h2>\n");
	chart_begin(&c, "Messages per second over time");
	put_filled(&c, h, point_rate);
	put_series(&c, h, "c1", point_rate);
	put_series(&c, h, "c2", point_asked);
	put_series(&c, h, "c4", point_errors);
	put_tips(&c, h);
	chart_end(&c);
	smpp_sbuf_puts(b, "</section>\n");
}

static void
put_latencies(struct smpp_sbuf *b, const struct history *h)
{
	struct chart c = {.b = b, .x = time_axis(h)};
	const struct point *p;

	c.y = (struct chart_axis){CHART_MS, INFINITY, 0, true};
	for (p = h->point; p < h->point + h->n; p++) {
		c.y.high = fmax(c.y.high, p->max);
		if (p->p50 > 0)
			c.y.low = fmin(c.y.low, p->p50);
	}
	if (c.y.high == 0)
		return;
	chart_axis_round(&c.y);
	smpp_sbuf_puts(b,
	    "<section><h2>Latency over time<span class=key>"
	    "<i class=k5></i>longest<i class=k4></i>99 %"
	    "<i class=k3></i>90 %<i class=k1></i>median</span></h2>\n");
	chart_begin(&c, "Percentiles of latency over time");
	put_series(&c, h, "c5", point_max);
	put_series(&c, h, "c4", point_p99);
	put_series(&c, h, "c3", point_p90);
	put_series(&c, h, "c1", point_p50);
	put_tips(&c, h);
	chart_end(&c);
	smpp_sbuf_puts(b, "</section>\n");
}

/* --- how latency is spread --- */

/* How many lie from one time in ns to another. */
static double
between(const struct span *s, double from, double to)
{
	uint64_t low = (uint64_t)from, high = (uint64_t)to;

	return (double)(smpp_hist_upto(&s->hist, high - 1) -
			(low > 0 ? smpp_hist_upto(&s->hist, low - 1) : 0));
}

static void
put_spread(struct smpp_sbuf *b, const struct span *s)
{
	struct chart c = {.b = b, .x = {CHART_MS, 0, 0, true}};
	double from, to, first, factor = exp2(1.0 / BINS);

	if (s->hist.n == 0)
		return;
	first = exp2(floor(log2((double)s->min + 1) * BINS) / BINS);
	c.x.low = first / 1e6;
	c.x.high = (double)s->max / 1e6;
	chart_axis_round(&c.x);
	for (from = first; from <= (double)s->max; from *= factor)
		c.y.high = fmax(c.y.high, between(s, from, from * factor));
	chart_axis_round(&c.y);
	smpp_sbuf_puts(b, "<section><h2>Latency of all messages</h2>\n");
	chart_begin(&c, "Histogram of latency");
	for (from = first; from <= (double)s->max; from = to) {
		to = from * factor;
		chart_bar(&c, "bar", from / 1e6, to / 1e6 * 0.99,
		    between(s, from, to));
	}
	chart_mark(&c, span_ms(s, 0.5), "50 %");
	chart_mark(&c, span_ms(s, 0.99), "99 %");
	for (from = first; from <= (double)s->max; from = to) {
		to = from * factor;
		chart_tip(&c, from / 1e6, to / 1e6);
		put_ms(b, from / 1e6);
		smpp_sbuf_puts(b, " to ");
		put_ms(b, to / 1e6);
		smpp_sbuf_printf(b, ": %.0f", between(s, from, to));
		chart_tip_end(&c);
	}
	chart_end(&c);
	smpp_sbuf_puts(b, "</section>\n");
}

/* --- tables --- */

static void
span_row(struct smpp_sbuf *b, const char *name, const struct span *s)
{
	static const double q[] = {0, 0.5, 0.9, 0.95, 0.99, 0.999, 1};

	if (s->hist.n == 0)
		return;
	smpp_sbuf_printf(b, "<tr><td>%s", name);
	for (size_t i = 0; i < sizeof(q) / sizeof(*q); i++) {
		smpp_sbuf_puts(b, "<td>");
		put_ms(b, span_ms(s, q[i]));
	}
	smpp_sbuf_puts(b, "<td>");
	put_ms(b, span_mean(s));
	smpp_sbuf_putc(b, '\n');
}

static void
page_put_times(struct smpp_sbuf *b, const struct tally *t)
{
	if (t->latency.hist.n + t->receipt.hist.n == 0)
		return;
	smpp_sbuf_puts(b, "<section><h2>Times</h2><table>\n"
			  "<tr><th><th>least<th>50 %<th>90 %<th>95 %<th>99 %"
			  "<th>99.9 %<th>longest<th>mean\n");
	span_row(b, "Latency, from when due", &t->latency);
	span_row(b, "Service, from when sent", &t->service);
	span_row(b, "Receipt, from when sent", &t->receipt);
	smpp_sbuf_puts(b, "</table></section>\n");
}

static void
count_row(
    struct smpp_sbuf *b, const char *name, bool bad, uint64_t n, uint64_t all)
{
	double percent = 100 * tally_share(n, all);

	if (n == 0)
		return;
	smpp_sbuf_puts(b, "<tr><td>");
	page_put_text(b, name);
	smpp_sbuf_puts(b, "<td>");
	page_put_count(b, n);
	smpp_sbuf_printf(b,
	    "<td>%.3g %%<td class=\"w%s\"><i style=\"width:%.1f%%\"></i>\n",
	    percent, bad ? " no" : "", percent);
}

static void
put_answers(struct smpp_sbuf *b, const struct figures *f)
{
	const struct tally *t = f->t;
	char name[STATUS_NAME];

	smpp_sbuf_puts(
	    b, "<section><h2>What became of the messages</h2><table>\n");
	count_row(b, "ESME_ROK", false, t->ok, t->sent);
	for (unsigned i = 0; i < t->nstatus; i++) {
		count_row(b, status_name(name, t->status[i].status), true,
		    t->status[i].n, t->sent);
	}
	count_row(b, "other statuses", true, t->more_statuses, t->sent);
	count_row(b, "no answer in time", true, t->timeouts, t->sent);
	count_row(b, "lost with the connection", true, t->lost, t->sent);
	count_row(b, "in flight", false, f->open, t->sent);
	count_row(b, "receipts", false, t->receipts, t->sent);
	count_row(b, "receipts awaited", false, f->awaited, t->sent);
	smpp_sbuf_puts(b, "</table></section>\n");
}

static void
put_limits(struct smpp_sbuf *b, struct load *l, const struct figures *f)
{
	const struct limit *m;
	bool failed;

	if (l->limit == NULL)
		return;
	smpp_sbuf_puts(b, "<section><h2>Thresholds</h2><table>\n");
	for (m = l->limit; m != NULL; m = m->next) {
		failed = limit_failed(m, f);
		smpp_sbuf_puts(b, "<tr><td>fail if ");
		page_put_text(b, m->text);
		smpp_sbuf_printf(b, "<td class=%s>%s: ", failed ? "bad" : "ok",
		    failed ? "fails" : "passes");
		limit_found(m, f, b);
		smpp_sbuf_putc(b, '\n');
	}
	smpp_sbuf_puts(b, "</table></section>\n");
}

static void
page_put_page(
    struct smpp_sbuf *b, struct load *l, const struct figures *f, bool over)
{
	put_top(b, l, f, over);
	put_cards(b, f);
	put_rates(b, &l->history, f->asked >= 0);
	put_latencies(b, &l->history);
	put_spread(b, &f->t->latency);
	page_put_times(b, f->t);
	smpp_sbuf_puts(b, "<div class=two>\n");
	put_answers(b, f);
	put_limits(b, l, f);
	smpp_sbuf_puts(b, "</div>\n<footer>smpp load " SMPP_VERSION
			  " &middot; latency counts from when a message was due"
			  "</footer>\n");
}

int
page_write(struct load *l, const struct figures *f, bool over)
{
	const char *path = l->a.report;
	struct file file;
	char *part;
	int rc;

	if (path == NULL)
		return 0;
	if (l->part == NULL)
		l->part = cmd_printf(l->c, "%s.part", path);
	part = l->part;
	rc = file_open(l->c, &file, part);
	if (rc != 0)
		return rc;
	page_put_page(&file.b, l, f, over);
	rc = file_close(l->c, &file);
	if (rc == 0 && rename(part, path) != 0)
		rc = out_errno(l->c, SMPP_EXIT_LOCAL, "file", path);
	return rc;
}
