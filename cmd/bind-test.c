/* smpp bind-test: can we log in, and how long does it take? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "human.h"
#include "link.h"
#include "sig.h"

/* Marks our enquire_link among those that the session sends by itself. */
enum { ENQUIRE_TAG = 1 };

/* The exit status of a monitoring plugin, in order of gravity. */
enum state { STATE_OK, STATE_WARNING, STATE_CRITICAL, STATE_UNKNOWN };

struct test_args {
	struct target target;
	const char *warning;
	const char *critical;
	bool nagios;
	bool prometheus;
};

/*
 * A threshold of the plugin API, "[@][start:][end]": a value outside alerts,
 * with '@' one inside. text is NULL when there is none.
 */
struct range {
	const char *text;
	double start, end;
	bool inside;
};

/*
 * A test under way. under_way: connecting has begun, failures are results.
 * state is what a plugin ends with, id the system_id of the SMSC; enquire_ms is
 * below 0 when not known.
 */
struct test {
	struct ctx *c;
	struct test_args a;
	struct range warning, critical;
	struct link link;
	bool under_way;
	enum state state;
	char id[32];
	double enquire_ms;
};

#define AT(member) offsetof(struct test_args, member)

static const struct opt test_opts[] = {
    OPT_SECTION("Test"),
    {'w', "warning", OPT_STR, AT(warning), "RANGE",
	"warn when the bind takes longer: [@][START:][END] in seconds"},
    {'c', "critical", OPT_STR, AT(critical), "RANGE",
	"the same, and it is critical"},
    {0, "nagios", OPT_FLAG, AT(nagios), NULL,
	"print one line and exit as a monitoring plugin (0 to 3)"},
    {0, "prometheus", OPT_FLAG, AT(prometheus), NULL,
	"print metrics in the text format of Prometheus"},
    OPT_BLOCK(target_opts, AT(target)),
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const test_examples[] = {
    "smpp bind-test smpp://acme@localhost",
    "check_smpp -H localhost -i acme -w 1 -c 5",
    "smpp bind-test localhost -i acme --prometheus >smpp.prom",
    NULL,
};

static const char *const bind_words[] = {"tx", "rx", "trx"};

/* A number of a range: n characters, no "inf", no hexadecimal. */
static bool
range_number(const char *p, size_t n, double *v)
{
	char text[32];
	char *end;

	if (n == 0 || n >= sizeof(text) || strspn(p, "-0123456789.") < n)
		return false;
	memcpy(text, p, n);
	text[n] = '\0';
	*v = strtod(text, &end);
	return *end == '\0';
}

static bool
range_read(struct range *r, const char *p)
{
	const char *colon = strchr(p, ':');

	r->start = 0;
	r->end = INFINITY;
	if (colon != NULL) {
		if (colon == p + 1 && *p == '~')
			r->start = -INFINITY;
		else if (colon > p &&
			 !range_number(p, (size_t)(colon - p), &r->start))
			return false;
		p = colon + 1;
		if (*p == '\0')
			return true;
	}
	return range_number(p, strlen(p), &r->end);
}

/* Reads the range that an option has, if it was given. */
static int
range_parse(
    struct ctx *c, struct range *r, const char *option, const char *text)
{
	if (text == NULL)
		return 0;
	r->text = text;
	r->inside = *text == '@';
	if (!range_read(r, text + r->inside))
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "--%s: '%s' is not a range, [@][START:][END] in seconds",
		    option, text);
	if (r->start > r->end)
		return out_error(c, SMPP_EXIT_USAGE, "usage",
		    "--%s: '%s': start is greater than end", option, text);
	return 0;
}

static bool
range_alerts(const struct range *r, double v)
{
	return r->text != NULL && (v < r->start || v > r->end) != r->inside;
}

static double
ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

static enum state
judge(const struct test *t)
{
	double bind = (double)t->link.bind_ns / 1e9;

	if (range_alerts(&t->critical, bind))
		return STATE_CRITICAL;
	return range_alerts(&t->warning, bind) ? STATE_WARNING : STATE_OK;
}

/* --- a monitoring plugin --- */

static void
put_perf(struct sbuf *b, const char *name, double v, const char *warning,
    const char *critical)
{
	smpp_sbuf_printf(b, " %s=%.3fs;%.40s;%.40s;0", name, v / 1e3,
	    warning == NULL ? "" : warning, critical == NULL ? "" : critical);
}

static char
plain(char c)
{
	if (c == '|')
		return '/';
	return (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c;
}

/* The one line: words of the peer can neither end it nor start the figures. */
static void
plugin_line(struct test *t, enum state state, const char *text)
{
	static const char *const words[] = {
	    "OK", "WARNING", "CRITICAL", "UNKNOWN"};
	const struct link *l = &t->link;
	struct sbuf *b = &t->c->out->b;

	smpp_sbuf_printf(b, "SMPP %s - ", words[state]);
	for (; *text != '\0'; text++)
		sbuf_putc(b, plain(*text));
	if (l->connect_ns != 0) {
		sbuf_puts(b, " |");
		put_perf(b, "connect", ms(l->connect_ns), NULL, NULL);
	}
	if (l->bind_ns != 0)
		put_perf(b, "bind", ms(l->bind_ns), t->warning.text,
		    t->critical.text);
	if (t->enquire_ms >= 0)
		put_perf(b, "enquire_link", t->enquire_ms, NULL, NULL);
	sbuf_putc(b, '\n');
	out_line(t->c->out);
	t->state = state;
}

static void
plugin_bound(struct test *t)
{
	char text[96];

	snprintf(text, sizeof(text), "bound %s to '%s' in %.3fs",
	    bind_words[t->a.target.bind], t->id, ms(t->link.bind_ns) / 1e3);
	plugin_line(t, judge(t), text);
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
	default:
		return t->link.err.code == SMPP_ERESOLVE ? STATE_UNKNOWN
							 : STATE_CRITICAL;
	}
}

/* --- other forms --- */

static void
put_figure(struct jsonw *j, const char *key, double v)
{
	jsonw_key(j, key);
	if (v >= 0)
		smpp_jsonw_ms(j, v);
	else
		smpp_jsonw_null(j);
}

static void
put_status(struct jsonw *j, uint32_t status)
{
	const struct smpp_status *row = smpp_status(status);

	jsonw_key(j, "command_status");
	smpp_jsonw_u32(j, status);
	if (row == NULL)
		return;
	jsonw_key(j, "command_status_name");
	jsonw_cstr(j, row->name);
}

/* Who answered the bind, if anybody did. */
static void
put_bound(struct test *t, struct jsonw *j)
{
	jsonw_key(j, "bind");
	jsonw_cstr(j, bind_words[t->a.target.bind]);
	if (t->link.bind_ns == 0)
		return;
	jsonw_key(j, "system_id");
	smpp_jsonw_latin1(j, view_str(t->id));
	if (t->link.conn.s.peer_octet == 0)
		return;
	jsonw_key(j, "sc_interface_version");
	smpp_jsonw_u32(j, t->link.conn.s.peer_octet);
}

static double
known_ms(uint64_t ns)
{
	return ns == 0 ? -1 : ms(ns);
}

/* The record of a test; stage is where it failed, NULL when it did not. */
static void
record(struct test *t, const char *stage, int exit, const char *msg)
{
	const struct link *l = &t->link;
	struct jsonw *j = out_json(t->c->out);
	char now[28];

	smpp_clock_rfc3339(now, smpp_clock_wall_us());
	jsonw_open(j, '{');
	jsonw_key(j, "type");
	jsonw_cstr(j, "check");
	jsonw_key(j, "time");
	jsonw_cstr(j, now);
	jsonw_key(j, "ok");
	smpp_jsonw_bool(j, stage == NULL);
	if (stage != NULL) {
		jsonw_key(j, "stage");
		jsonw_cstr(j, stage);
		jsonw_key(j, "exit");
		smpp_jsonw_u32(j, (uint32_t)exit);
		if (exit == SMPP_EXIT_BIND)
			put_status(j, l->pdu.command_status);
		jsonw_key(j, "message");
		jsonw_cstr(j, msg);
	}
	jsonw_key(j, "target");
	jsonw_cstr(j, t->a.target.name);
	put_bound(t, j);
	put_figure(j, "connect_ms", known_ms(l->connect_ns));
	put_figure(j, "bind_ms", known_ms(l->bind_ns));
	put_figure(j, "enquire_link_ms", t->enquire_ms);
	put_figure(j, "unbind_ms", known_ms(l->unbind_ns));
	jsonw_key(j, "tls");
	smpp_jsonw_null(j);
	jsonw_close(j, '}');
	out_record(t->c->out);
}

static void
put_metric(
    struct test *t, const char *name, const char *help, const char *value)
{
	struct sbuf *b = &t->c->out->b;
	const char *p;

	smpp_sbuf_printf(b, "# HELP %s %s\n# TYPE %s gauge\n%s{target=\"", name,
	    help, name, name);
	for (p = t->a.target.name; *p != '\0'; p++) {
		if (*p == '"' || *p == '\\')
			sbuf_putc(b, '\\');
		sbuf_putc(b, (unsigned char)*p < 0x20 ? ' ' : *p);
	}
	smpp_sbuf_printf(b, "\"} %s\n", value);
}

static void
put_seconds(struct test *t, const char *name, const char *help, double v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.6f", v / 1e3);
	if (v >= 0)
		put_metric(t, name, help, text);
}

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
	out_line(t->c->out);
}

static void
line(struct test *t, const char *word)
{
	struct link *l = &t->link;
	struct sbuf *b = &t->c->out->b;

	smpp_sbuf_printf(b, "%s  %s to '", word, bind_words[t->a.target.bind]);
	human_words(b, view_str(t->id));
	smpp_sbuf_printf(
	    b, "'  smpp %s  connect ", smpp_ver_name(l->conn.s.ver));
	human_ms(b, ms(l->connect_ns));
	sbuf_puts(b, "  bind ");
	human_ms(b, ms(l->bind_ns));
	sbuf_puts(b, "  enquire_link ");
	human_ms(b, t->enquire_ms);
	sbuf_puts(b, "  tls no\n");
	out_line(t->c->out);
}

/* An error is the result where the result is for a machine. */
static bool
on_error(void *arg, int exit, const char *what, const char *msg)
{
	struct test *t = arg;

	if (t->a.nagios) {
		plugin_line(t, plugin_state(t, exit), msg);
		return true;
	}
	if (t->under_way && t->c->out->form != OUT_HUMAN)
		record(t, what, exit, msg);
	else if (t->under_way && t->a.prometheus)
		metrics(t, strcmp(what, "threshold") == 0);
	return false;
}

static int
report(struct test *t)
{
	static const char *const words[] = {"ok", "warning", "critical"};
	const struct out *o = t->c->out;
	enum state state = judge(t);

	if (t->a.nagios) {
		plugin_bound(t);
		return SMPP_EXIT_OK;
	}
	if (o->form == OUT_HUMAN && !t->a.prometheus && !o->args.quiet)
		line(t, words[state]);
	if (state != STATE_OK)
		return out_error(t->c, SMPP_EXIT_NO, "threshold",
		    "the bind took %.3f s: %s is --%s %s",
		    ms(t->link.bind_ns) / 1e3, words[state],
		    state == STATE_CRITICAL ? "critical" : "warning",
		    state == STATE_CRITICAL ? t->critical.text
					    : t->warning.text);
	if (o->form != OUT_HUMAN)
		record(t, NULL, 0, NULL);
	else if (t->a.prometheus)
		metrics(t, true);
	return SMPP_EXIT_OK;
}

/* --- the test --- */

static int
enquire_failed(struct test *t)
{
	struct link *l = &t->link;

	if (l->ev.kind == SMPP_EV_CLOSE) {
		smpp_err_clear(&l->err);
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "no answer");
	}
	return link_failed(l, SMPP_EXIT_PEER, "enquire_link",
	    "enquire_link_resp", t->a.target.response_ms);
}

/*
 * Sends one enquire_link and waits for its answer. Messages that come
 * meanwhile are put off: somebody else will want them.
 */
static int
enquire(struct test *t)
{
	struct link *l = &t->link;
	uint64_t began = smpp_clock_ns();
	int64_t until = smpp_io_deadline(
	    smpp_clock_ms(), t->a.target.response_ms);

	smpp_pdu_init(&l->pdu, SMPP_C_enquire_link, 0, l->conn.s.ver);
	if (smpp_conn_send(&l->conn, &l->pdu, ENQUIRE_TAG) != 0)
		cmd_nomem();
	do {
		if (link_next(l, until) != 0)
			return enquire_failed(t);
		if (l->ev.kind == SMPP_EV_REQUEST)
			smpp_conn_reply(&l->conn, &l->pdu, ESME_RX_T_APPN);
		if (l->ev.kind == SMPP_EV_UNBIND) {
			smpp_err_set(&l->err, SMPP_ECLOSED, "it sent unbind");
			return enquire_failed(t);
		}
	} while (l->ev.kind != SMPP_EV_RESPONSE);
	t->enquire_ms = ms(smpp_clock_ns() - began);
	if (l->pdu.command_status == 0)
		return 0;
	link_more_status(t->c, l->pdu.command_status);
	return out_error(t->c, SMPP_EXIT_NO, "enquire_link",
	    "enquire_link refused: %s",
	    link_status(t->c, l->pdu.command_status));
}

static int
probe(struct test *t)
{
	struct link *l = &t->link;
	struct view id;
	int rc;

	sig_catch();
	t->under_way = true;
	rc = link_open(l, t->c, &t->a.target, 2);
	if (rc != 0)
		return rc;
	id = smpp_view(&l->pdu, SMPP_F_system_id);
	snprintf(t->id, sizeof(t->id), "%.*s", (int)id.n, (const char *)id.p);
	rc = enquire(t);
	link_close(l);
	return rc != 0 ? rc : report(t);
}

static int
usage(struct ctx *c, const char *what)
{
	return out_error(c, SMPP_EXIT_USAGE, "usage", "%s", what);
}

static int
prepare(struct test *t)
{
	struct test_args *a = &t->a;
	int rc = range_parse(t->c, &t->warning, "warning", a->warning);

	if (rc == 0)
		rc = range_parse(t->c, &t->critical, "critical", a->critical);
	if (rc == 0 &&
	    a->nagios + a->prometheus + (t->c->out->form != OUT_HUMAN) > 1)
		rc = usage(t->c, "--nagios, --prometheus, and the other forms "
				 "of output exclude each other");
	if (rc == 0)
		rc = target_resolve(t->c, &a->target, BIND_ANY);
	return rc == 0 ? target_required(t->c, &a->target) : rc;
}

static int
bind_test_run(struct ctx *c, int argc, char **argv)
{
	struct test *t = cmd_alloc(c, sizeof(*t));
	int rc;

	t->c = c;
	t->state = STATE_UNKNOWN;
	t->enquire_ms = -1;
	c->on_error = on_error;
	c->on_error_arg = t;
	target_init(&t->a.target);
	t->a.target.limit = "10s";
	rc = opt_parse(c, argc, argv, &t->a);
	if (rc < 0) {
		rc = prepare(t);
		if (rc == 0)
			rc = probe(t);
	}
	return t->a.nagios ? (int)t->state : rc;
}

const struct cmd cmd_bind_test = {
    .name = "bind-test",
    .brief = "log in, ask whether the link works, log out",
    .args = "[TARGET] [-w RANGE] [-c RANGE] [OPTION]...",
    .examples = test_examples,
    .opts = test_opts,
    .run = bind_test_run,
};
