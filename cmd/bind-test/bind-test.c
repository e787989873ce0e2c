/* smpp bind-test: can we log in, and how long does it take? */
#include <stdio.h>
#include <string.h>

#include "kit/sig.h"
#include "base/clock.h"
#include "verdict.h"
#include "words/fieldopt.h"
#include "words/status.h"

/* Marks our enquire_link among those that the session sends by itself. */
enum { ENQUIRE_TAG = 1 };

#define AT(member) offsetof(struct test_args, member)

static const struct opt test_opts[] = {
    OPT_SECTION("Test"),
    {'w', "warning", OPT_STR, AT(warning), "RANGE",
	"warn when the bind takes longer: [@][START:][END] in seconds"},
    {'c', "critical", OPT_STR, AT(critical), "RANGE",
	"the same, and it is critical"},
    {0, "cert-days", OPT_STR, AT(cert_days), "WARN[,CRIT]",
	"warn when the certificate expires in fewer days"},
    {0, "nagios", OPT_FLAG, AT(nagios), NULL,
	"print one line and exit as a monitoring plugin (0 to 3)"},
    {0, "prometheus", OPT_FLAG, AT(prometheus), NULL,
	"print metrics in the text format of Prometheus"},
    {'n', "dry-run", OPT_FLAG, AT(dry), NULL,
	"say the settings and connect to nothing"},
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

/*
 * Reads the range that an option has, if it was given. The API of plugins
 * wants start at most end.
 */
static int
range_parse(
    struct ctx *c, struct range *r, const char *option, const char *text)
{
	if (text == NULL)
		return 0;
	if (!range_read(r, text))
		return out_usage(c,
		    "--%s: '%s' is not a range, [@][START:][END] in seconds",
		    option, text);
	if (r->start > r->end)
		return out_usage(
		    c, "--%s: '%s': start is greater than end", option, text);
	return 0;
}

/*
 * "WARN[,CRIT]", whole days: the ranges "WARN:" and "CRIT:". Alerts below a
 * number of days, which is what the range "30:" says.
 */
static int
cert_parse(struct test *t, const char *text)
{
	struct range *range[] = {&t->cert_warning, &t->cert_critical};
	const char *word = text;
	size_t n;

	for (size_t i = 0; text != NULL && i < 2; i++) {
		n = strspn(word, "0123456789");
		range[i]->text = cmd_printf(t->c, "%.*s:", (int)n, word);
		if (n == 0 || !range_read(range[i], range[i]->text))
			break;
		if (word[n] == '\0')
			return 0;
		if (word[n] != ',' || i == 1)
			break;
		word += n + 1;
	}
	return text == NULL ? 0
			    : out_usage(t->c,
				  "--cert-days: '%s' is not DAYS[,DAYS]", text);
}

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
 * meanwhile are put off: somebody else will want them. A bind proves that the
 * account is known, the answer to this that the session works.
 */
static int
enquire(struct test *t)
{
	struct link *l = &t->link;
	uint64_t began = smpp_clock_ns();
	int64_t until = smpp_io_deadline(
	    smpp_clock_ms(), t->a.target.response_ms);
	char text[STATUS_TEXT];

	smpp_pdu_init(&l->pdu, SMPP_C_enquire_link, 0, l->conn->s.ver);
	/* The session's own enquire_link would only come after idle time. */
	/* When it cannot be sent the session is over, which is told then. */
	if (smpp_conn_send(l->conn, &l->pdu, ENQUIRE_TAG) == SMPP_ENOMEM)
		cmd_nomem();
	do {
		if (link_next(l, until) != 0)
			return enquire_failed(t);
		if (l->ev.kind == SMPP_EV_REQUEST)
			link_reply(l, &l->pdu, ESME_RX_T_APPN);
		if (l->ev.kind == SMPP_EV_UNBIND) {
			smpp_err_set(&l->err, SMPP_ECLOSED, "it sent unbind");
			return enquire_failed(t);
		}
	} while (l->ev.kind != SMPP_EV_RESPONSE);
	t->enquire_ms = (double)(smpp_clock_ns() - began) / 1e6;
	/*
	 * A generic_nack is an answer, too: the link lives and the peer is
	 * odd.
	 */
	if (l->pdu.command_id == SMPP_C_enquire_link_resp &&
	    l->pdu.command_status == ESME_ROK)
		return 0;
	status_json(out_more(t->c), l->pdu.command_status);
	return out_error(t->c, SMPP_EXIT_NO, "enquire_link",
	    "enquire_link refused: %s",
	    status_text(text, l->pdu.command_status));
}

static int
bind_test_probe(struct test *t)
{
	struct link *l = &t->link;
	struct smpp_view id;
	int rc = link_open(l, 2), closed;

	if (rc != 0)
		return rc;
	link_signals(l, false); /* USR1 has nothing to tell */
	/* Copied: the next PDU takes the place of the response. */
	id = smpp_pdu_view(&l->pdu, SMPP_F_system_id);
	snprintf(t->id, sizeof(t->id), "%.*s", (int)id.n, (const char *)id.p);
	rc = enquire(t);
	/*
	 * Unbind first, so that its time is part of the report; an account
	 * with few sessions must not lose one to a test.
	 */
	closed = link_close(l);
	if (rc == 0)
		rc = test_report(t);
	return cmd_worse(rc, closed);
}

static int
bind_test_go(struct test *t)
{
	int rc;

	sig_catch();
	t->under_way = true;
	rc = link_init(&t->link, t->c, &t->a.target);
	if (rc == 0)
		rc = bind_test_probe(t);
	link_fini(&t->link);
	return rc;
}

/*
 * All of the options before the target: a password is not asked for in vain.
 */
static int
bind_test_prepare(struct test *t)
{
	struct test_args *a = &t->a;
	int rc = range_parse(t->c, &t->warning, "warning", a->warning);

	if (rc == 0)
		rc = range_parse(t->c, &t->critical, "critical", a->critical);
	if (rc == 0)
		rc = cert_parse(t, a->cert_days);
	if (rc == 0 &&
	    a->nagios + a->prometheus + (t->c->out->form != OUT_HUMAN) > 1)
		rc = out_usage(t->c,
		    "--nagios, --prometheus, and the other forms "
		    "of output exclude each other");
	if (rc == 0)
		rc = target_resolve(t->c, &a->target, BIND_ANY);
	return rc == 0 ? target_required(t->c, &a->target) : rc;
}

/* Says what would be tested with: no plugin takes that for a fault. */
static int
bind_test_dry_run(struct test *t)
{
	target_show(t->c, &t->a.target);
	t->state = STATE_OK;
	return 0;
}

static int
bind_test_run(struct ctx *c, int argc, char **argv)
{
	struct test *t = cmd_alloc(c, sizeof(*t));
	int rc;

	t->c = c;
	/*
	 * Until something is known: a plugin that stops early reports unknown
	 * (3).
	 */
	t->state = STATE_UNKNOWN;
	t->enquire_ms = -1;
	c->on_error = test_error;
	c->on_error_arg = t;
	target_init(&t->a.target);
	/*
	 * A plugin has to end by itself, and within the time that monitoring
	 * grants it: ten seconds as a rule.
	 */
	t->a.target.limit = "10s";
	rc = opt_parse(c, argc, argv, &t->a);
	if (rc < 0) {
		rc = bind_test_prepare(t);
		if (rc == 0)
			rc = t->a.dry ? bind_test_dry_run(t) : bind_test_go(t);
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
