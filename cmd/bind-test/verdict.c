/* smpp bind-test: results, for people, as JSON, for monitoring. */
#include <stdio.h>
#include <string.h>

#include "words/human.h"
#include "base/clock.h"
#include "text/utf.h"
#include "verdict.h"
#include "words/status.h"

static double
verdict_ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

/* Days until the certificate expires; whether there is one to expire. */
static double
cert_days(const struct test *t)
{
	return (double)t->link.cert_seconds / 86400;
}

static bool
has_cert(const struct test *t)
{
	return t->link.tls != NULL && t->link.cert_seconds != INT64_MAX;
}

/* Critical first: ranges may overlap. */
static enum state
judge_cert(const struct test *t)
{
	if (!has_cert(t))
		return STATE_OK;
	if (range_alerts(&t->cert_critical, cert_days(t)))
		return STATE_CRITICAL;
	return range_alerts(&t->cert_warning, cert_days(t)) ? STATE_WARNING
							    : STATE_OK;
}

static enum state
judge_bind(const struct test *t)
{
	double bind = (double)t->link.bind_ns / 1e9;

	if (range_alerts(&t->critical, bind))
		return STATE_CRITICAL;
	return range_alerts(&t->warning, bind) ? STATE_WARNING : STATE_OK;
}

static enum state
verdict_judge(const struct test *t)
{
	enum state bind = judge_bind(t), cert = judge_cert(t);

	return bind > cert ? bind : cert;
}

/* --- a monitoring plugin --- */

/*
 * Seconds as the base unit, whatever is shown to people: graphs are scaled by
 * it.
 */
static void
put_perf(struct smpp_sbuf *b, const char *name, double v, const char *warning,
    const char *critical)
{
	smpp_sbuf_printf(b, " %s=%.3fs;%.40s;%.40s;0", name, v / 1e3,
	    warning == NULL ? "" : warning, critical == NULL ? "" : critical);
}

/* Words of the peer can neither end the line nor start the figures, and are
 * fit for a terminal and for a page. */
static void
put_plain(struct smpp_sbuf *b, const char *text)
{
	struct smpp_view v = smpp_view_str(text);
	uint32_t u;
	size_t n;

	for (; v.n > 0; v.p += n, v.n -= (uint32_t)n) {
		n = smpp_utf8_get(v.p, v.n, &u);
		if (n == 0)
			smpp_sbuf_printf(b, "\\x%02x", v.p[0]);
		else if (u < 0x20 || (u >= 0x7f && u < 0xa0))
			smpp_sbuf_putc(b, ' ');
		else if (u == '|')
			smpp_sbuf_putc(b, '/');
		else
			smpp_sbuf_put(b, v.p, n);
		n = n == 0 ? 1 : n;
	}
}

/*
 * The one line. Figures are there as far as the test got, in failures, too:
 * graphs then show where the time went.
 */
static void
plugin_line(struct test *t, enum state state, const char *text)
{
	static const char *const words[] = {
	    "OK", "WARNING", "CRITICAL", "UNKNOWN"};
	const struct link *l = &t->link;
	struct smpp_sbuf *b = &t->c->out->b;

	smpp_sbuf_printf(b, "SMPP %s - ", words[state]);
	put_plain(b, text);
	if (l->connect_ns != 0) {
		smpp_sbuf_puts(b, " |");
		put_perf(b, "connect", verdict_ms(l->connect_ns), NULL, NULL);
	}
	if (l->bind_ns != 0)
		put_perf(b, "bind", verdict_ms(l->bind_ns), t->warning.text,
		    t->critical.text);
	if (t->enquire_ms >= 0)
		put_perf(b, "enquire_link", t->enquire_ms, NULL, NULL);
	if (has_cert(t))
		smpp_sbuf_printf(b, " cert_days=%.1f;%.40s;%.40s", cert_days(t),
		    t->cert_warning.text == NULL ? "" : t->cert_warning.text,
		    t->cert_critical.text == NULL ? "" : t->cert_critical.text);
	smpp_sbuf_putc(b, '\n');
	out_line(t->c->out);
	t->state = state;
}

static void
plugin_bound(struct test *t)
{
	char text[160];
	int n;

	n = snprintf(text, sizeof(text), "bound %s to '%s' in %.3fs",
	    target_binds[t->a.target.bind], t->id,
	    verdict_ms(t->link.bind_ns) / 1e3);
	if (judge_cert(t) != STATE_OK)
		snprintf(text + n, sizeof(text) - (size_t)n,
		    ", the certificate expires in %.1f days", cert_days(t));
	plugin_line(t, verdict_judge(t), text);
}

/* What is not the peer's fault is unknown, not critical. */
static enum state
plugin_state(const struct test *t, int exit)
{
	switch (exit) {
	case SMPP_EXIT_USAGE:
	case SMPP_EXIT_DATA:
	case SMPP_EXIT_LOCAL:
	case SMPP_EXIT_BUG:
		return STATE_UNKNOWN;
	/* A name that cannot be resolved is our resolver's fault as likely. */
	default:
		return t->link.err.code == SMPP_ERESOLVE ? STATE_UNKNOWN
							 : STATE_CRITICAL;
	}
}

/* --- other forms --- */

static void
verdict_put_figure(struct smpp_jsonw *j, const char *key, double v)
{
	smpp_jsonw_key(j, key);
	if (v >= 0)
		smpp_jsonw_ms(j, v);
	else
		smpp_jsonw_null(j);
}

/* Who answered the bind, if anybody did. */
static void
put_bound(struct test *t, struct smpp_jsonw *j)
{
	smpp_jsonw_key_cstr(j, "bind", target_binds[t->a.target.bind]);
	if (t->link.bind_ns == 0)
		return;
	smpp_jsonw_key(j, "system_id");
	smpp_jsonw_latin1(j, smpp_view_str(t->id));
	/* Without the TLV nothing is known of its version. */
	if (t->link.conn->s.peer_octet == 0)
		return;
	smpp_jsonw_key_i64(
	    j, "sc_interface_version", t->link.conn->s.peer_octet);
}

/* 0 is "did not happen"; no step takes no time at all. */
static double
known_ms(uint64_t ns)
{
	return ns == 0 ? -1 : verdict_ms(ns);
}

/* The record of a test; stage is where it failed, NULL when it did not. */
static void
verdict_record(struct test *t, const char *stage, int exit, const char *msg)
{
	const struct link *l = &t->link;
	struct smpp_jsonw *j = out_begin(t->c->out, "check");

	smpp_jsonw_key(j, "ok");
	smpp_jsonw_bool(j, stage == NULL);
	if (stage != NULL) {
		smpp_jsonw_key_cstr(j, "stage", stage);
		smpp_jsonw_key_i64(j, "exit", (uint32_t)exit);
		if (exit == SMPP_EXIT_BIND)
			status_json(j, l->pdu.command_status);
		smpp_jsonw_key_cstr(j, "message", msg);
	}
	smpp_jsonw_key_cstr(j, "target", t->a.target.name);
	put_bound(t, j);
	verdict_put_figure(j, "connect_ms", known_ms(l->connect_ns));
	verdict_put_figure(j, "bind_ms", known_ms(l->bind_ns));
	verdict_put_figure(j, "enquire_link_ms", t->enquire_ms);
	verdict_put_figure(j, "unbind_ms", known_ms(l->unbind_ns));
	smpp_jsonw_key(j, "tls");
	if (l->tls == NULL)
		smpp_jsonw_null(j);
	else
		smpp_jsonw_cstr(j, l->tls);
	if (has_cert(t)) {
		smpp_jsonw_key(j, "cert_days");
		smpp_jsonw_ms(j, cert_days(t));
	}
	smpp_jsonw_close(j, '}');
	out_record(t->c->out);
}

/* A label's value ends at a quote; a target's name may have one. */
static void
put_metric(
    struct test *t, const char *name, const char *help, const char *value)
{
	struct smpp_sbuf *b = &t->c->out->b;
	const char *p;

	smpp_sbuf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n%s{target=\"", name,
	    help, name, name);
	for (p = t->a.target.name; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			smpp_sbuf_putc(b, '\\');
		smpp_sbuf_putc(b, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
	smpp_sbuf_printf(b, "\"} %s\n", value);
}

/* What was not measured has no metric: 0 would be a good time. */
static void
put_seconds(struct test *t, const char *name, const char *help, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6f", v / 1e3);
	if (v >= 0)
		put_metric(t, name, help, text);
}

/* The up metric is there in any case, so an alert has something to see. */
static void
metrics(struct test *t, bool up)
{
	put_metric(
	    t, "smpp_bind_up", "Whether the bind succeeded.", up ? "1" : "0");
	put_seconds(t, "smpp_bind_connect_seconds", "Time to connect.",
	    known_ms(t->link.connect_ns));
	put_seconds(
	    t, "smpp_bind_seconds", "Time to bind.", known_ms(t->link.bind_ns));
	put_seconds(t, "smpp_bind_enquire_link_seconds",
	    "Time until enquire_link was answered.", t->enquire_ms);
	if (has_cert(t))
		put_metric(t, "smpp_bind_cert_expiry_seconds",
		    "Time until the certificate expires.",
		    cmd_printf(t->c, "%lld", (long long)t->link.cert_seconds));
	out_line(t->c->out);
}

static void
verdict_line(struct test *t, const char *word)
{
	struct link *l = &t->link;
	struct smpp_sbuf *b = &t->c->out->b;

	smpp_sbuf_printf(
	    b, "%s  %s to '", word, target_binds[t->a.target.bind]);
	human_words(b, smpp_view_str(t->id));
	smpp_sbuf_printf(
	    b, "'  smpp %s  connect ", smpp_ver_name(l->conn->s.ver));
	human_ms(b, verdict_ms(l->connect_ns));
	smpp_sbuf_puts(b, "  bind ");
	human_ms(b, verdict_ms(l->bind_ns));
	smpp_sbuf_puts(b, "  enquire_link ");
	human_ms(b, t->enquire_ms);
	smpp_sbuf_printf(b, "  tls %s\n", l->tls == NULL ? "no" : l->tls);
	out_line(t->c->out);
}

/*
 * An error is the result where the result is for a machine. Before the test is
 * under way it is about options, which no result is for: it is printed as
 * every error is. A threshold fails with the bind up.
 */
bool
test_error(void *arg, int exit, const char *what, const char *msg)
{
	struct test *t = arg;

	if (t->a.nagios) {
		plugin_line(t, plugin_state(t, exit), msg);
		return true;
	}
	if (t->under_way && t->c->out->form != OUT_HUMAN)
		verdict_record(t, what, exit, msg);
	else if (t->under_way && t->a.prometheus)
		metrics(t, strcmp(what, "threshold") == 0);
	return false;
}

/*
 * One reason is enough for the exit status; the bind's first, if it is as bad.
 */
int
test_report(struct test *t)
{
	static const char *const words[] = {"ok", "warning", "critical"};
	const struct out *o = t->c->out;
	enum state state = verdict_judge(t);

	if (t->a.nagios) {
		plugin_bound(t);
		return SMPP_EXIT_OK;
	}
	if (o->form == OUT_HUMAN && !t->a.prometheus && !o->args.quiet)
		verdict_line(t, words[state]);
	if (judge_bind(t) == state && state != STATE_OK)
		return out_error(t->c, SMPP_EXIT_NO, "threshold",
		    "the bind took %.3f s: %s is --%s %s",
		    verdict_ms(t->link.bind_ns) / 1e3, words[state],
		    state == STATE_CRITICAL ? "critical" : "warning",
		    state == STATE_CRITICAL ? t->critical.text
					    : t->warning.text);
	if (state != STATE_OK)
		return out_error(t->c, SMPP_EXIT_NO, "threshold",
		    "the certificate expires in %.1f days: %s is --cert-days "
		    "%s",
		    cert_days(t), words[state], t->a.cert_days);
	if (o->form != OUT_HUMAN)
		verdict_record(t, NULL, 0, NULL);
	else if (t->a.prometheus)
		metrics(t, true);
	return SMPP_EXIT_OK;
}
