/* Which rule a request meets: of options and files, or in its own text. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "faults/fault.h"
#include "inband.h"
#include "msg/body.h"
#include "smsc.h"
#include "words/ruleset.h"

enum { INBAND_MAX = 1024 }; /* octets of a text that is looked into */

/* What only a message centre can do, and what any peer can. */
static const struct rule_row smsc_actions[] = {
    {"receipt", RULE_STAT, "STAT[:TIME]", NULL, "what becomes of the message"},
    RULE_BLOCK(fault_rows),
    RULE_END,
};

static void
smsc_actions_each(const char *of, ask_fn fn, void *arg)
{
	rule_terms(smsc_actions, of, fn, arg);
}

static const struct opt_terms smsc_action_terms = {
    "Actions of rules", "->", smsc_actions_each};

#define AT(member) offsetof(struct rule_args, member)

const struct opt rule_opts[] = {
    {0, "rule", OPT_LIST, AT(rules), "'EXPR -> ACTION'",
	"do ACTION with the requests for which EXPR holds, smpp-rules(5)",
	.terms = &smsc_action_terms},
    {0, "rules", OPT_FILES, AT(files), "FILE", "read rules, one a line"},
    {0, "in-band", OPT_FLAG, AT(in_band),
	.help = "messages may say what becomes of them: '-> ACTION'"},
    OPT_END,
};

/* said is what the last message with commands said, fate what the last one
 * asked about wants. */
struct rules {
	struct rule_set set;
	struct rule said;
	struct smpp_mc_fate fate;
	uint64_t messages;
};

/* --- reading --- */

static int
rules_read_all(struct smsc *mc)
{
	const struct rule_args *a = &mc->a.rules;

	mc->rules = calloc(1, sizeof(*mc->rules));
	if (mc->rules == NULL)
		cmd_nomem();
	mc->rules->set = (struct rule_set){
	    .rows = smsc_actions, .c = mc->c, .seeds = &mc->rng};
	return rule_set_read(&mc->rules->set, "--rule", &a->rules, &a->files);
}

int
rules_open(struct smsc *mc)
{
	int rc = rules_read_all(mc);

	if (rc == 0 && mc->rules->set.n > 0)
		out_say(mc->c, 1, "== %zu rules; --seed %u repeats this run",
		    mc->rules->set.n, mc->a.seed);
	return rc;
}

void
rules_free(struct smsc *mc)
{
	if (mc->rules == NULL)
		return;
	rule_set_free(&mc->rules->set);
	free(mc->rules);
	mc->rules = NULL;
}

/*
 * The new ones are read beside the old ones, which go on when a line is wrong:
 * a typing error must not take all rules away from a test that runs.
 */
void
rules_reload(struct smsc *mc)
{
	struct rules *old = mc->rules, *new;
	bool good;

	if (mc->a.rules.files.n == 0)
		return;
	good = rules_read_all(mc) == 0;
	new = mc->rules;
	mc->rules = old;
	if (good) {
		/* Counts end with the rules that they are of. */
		rules_print(mc);
		rules_free(mc);
		mc->rules = new;
		out_say(mc->c, 0, "== reloaded %zu rules", new->set.n);
		return;
	}
	mc->rules = new;
	rules_free(mc);
	mc->rules = old;
	out_say(mc->c, 0, "== the rules stay as they were");
}

/* --- asking --- */

/* Reads the commands in octets of an alphabet, see inband_parse(). */
static int
read_as(struct rule_acts *a, struct smpp_view octets, struct smpp_coding coding,
    struct smpp_err *err)
{
	char text[SMPP_TEXT_MAX(INBAND_MAX)];
	struct smpp_sbuf b;

	smpp_err_clear(err);
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_text_decode(&b, octets, coding);
	return inband_parse(a, smsc_actions, smpp_view_of(b.p, b.n), err);
}

/*
 * The same in the alphabet that data_coding says, or another: there are
 * clients that say ASCII and send the default alphabet, and the reverse.
 */
static int
rules_read_text(
    struct rule_acts *a, const struct smpp_body *body, struct smpp_err *err)
{
	static const struct smpp_coding others[] = {
	    {.alphabet = SMPP_ALPHA_GSM7}, {.alphabet = SMPP_ALPHA_ASCII}};
	struct smpp_err second;
	int rc = read_as(a, body->text, body->coding, err);

	for (size_t i = 0; i < 2 && rc <= 0; i++)
		if (read_as(a, body->text, others[i], &second) > 0)
			rc = 1;
	return rc;
}

/* The commands in the text of a message, or NULL. */
static const struct rule *
ask_text(struct smsc *mc, struct peer *p, const struct smpp_pdu *pdu)
{
	struct rules *all = mc->rules;
	struct smpp_body body;
	struct smpp_err err;
	int rc;

	/*
	 * Texts of that length are no commands; a hostile one is not decoded
	 * three times.
	 */
	if (pdu->row == NULL ||
	    smpp_body_read(&body, pdu, SMPP_ALPHA_GSM7) != 0 ||
	    body.text.n > INBAND_MAX)
		return NULL;
	smpp_err_clear(&err);
	rc = rules_read_text(&all->said.acts, &body, &err);
	if (rc < 0)
		console_line(p, "in-band", "not understood: %s", err.msg);
	if (rc <= 0)
		return NULL;
	all->messages++;
	return &all->said;
}

const struct rule *
rules_ask(
    struct smsc *mc, struct peer *p, const struct smpp_pdu *pdu, bool ours)
{
	struct expr_subject subject = {
	    .pdu = pdu,
	    .dir = ours ? "out" : "in",
	    .session = p->number,
	    .mc_default = SMPP_ALPHA_GSM7,
	};
	struct rules *all = mc->rules;
	const struct rule *r = NULL;

	if (pdu->row != NULL && pdu->row->flags & SMPP_PDU_ONEWAY && !ours)
		return NULL; /* there is nothing to answer */
	/* The message's own wish comes before the rules. */
	if (mc->a.rules.in_band && !ours)
		r = ask_text(mc, p, pdu);
	return r != NULL ? r : rule_set_ask(&all->set, &subject, ours);
}

const struct rule *
rule_judge(struct smsc *mc, struct peer *p, const struct smpp_pdu *request)
{
	return rules_ask(mc, p, request, false);
}

/* Of the last request: it is copied by who asks, before the next one. */
const struct smpp_mc_fate *
act_fate(const struct peer *p)
{
	struct smpp_mc_fate *f = &p->mc->rules->fate;
	const struct rule_value *v;

	if (p->act == NULL ||
	    (v = rule_act(&p->act->acts, &smsc_actions[0])) == NULL)
		return NULL;
	*f = (struct smpp_mc_fate){
	    .state = (uint8_t)v->a, .err = "000", .delay_ms = v->b};
	memcpy(f->stat, v->word, sizeof(f->stat));
	if (f->delay_ms < 0) /* as late as all others */
		f->delay_ms = p->mc->fates.v[0].delay_ms;
	return f;
}

void
rules_print(struct smsc *mc)
{
	rule_set_print(&mc->rules->set);
	if (mc->a.rules.in_band)
		out_say(mc->c, 0, "== %" PRIu64 " messages had commands",
		    mc->rules->messages);
}

void
rules_json(const struct smsc *mc, struct smpp_jsonw *j)
{
	rule_set_json(&mc->rules->set, j);
}
