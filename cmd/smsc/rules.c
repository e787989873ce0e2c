/* All rules of a run: where they come from, which one applies, how often. */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "msg/body.h"
#include "rule.h"

enum { INBAND_MAX = 1024 }; /* octets of a text that is looked into */

#define AT(member) offsetof(struct rule_args, member)

const struct opt rule_opts[] = {
    {0, "rule", OPT_LIST, AT(rules), "'EXPR -> ACTION'",
	"do ACTION with the requests for which EXPR holds, smpp-rules(5)"},
    {0, "rules", OPT_FILES, AT(files), "FILE", "read rules, one a line"},
    {0, "in-band", OPT_FLAG, AT(in_band),
	.help = "messages may say what becomes of them: '-> ACTION'"},
    OPT_END,
};

/* n rules, those of options first. act is what the last message said. */
struct rules {
	struct rule *v;
	size_t n;
	struct act act;
	uint64_t messages;
};

/* --- reading --- */

/* Says what is wrong with a rule, and shows where. */
static int
rules_wrong(struct smsc *mc, const char *origin, const char *text,
    const struct smpp_err *err)
{
	struct smpp_jsonw *j = out_more(mc->c);

	smpp_jsonw_key(j, "rule");
	smpp_jsonw_cstr(j, text);
	smpp_jsonw_key(j, "offset");
	smpp_jsonw_i64(j, err->offset);
	out_spot(mc->c, text, (size_t)err->offset);
	return out_error(mc->c, SMPP_EXIT_USAGE,
	    origin == NULL ? "usage" : "config", "%s: %s",
	    origin == NULL ? "--rule" : origin, err->msg);
}

/* A receipt that does not say when comes as late as all others. */
static void
rules_complete(const struct smsc *mc, struct act *a)
{
	if (a->fate.delay_ms < 0)
		a->fate.delay_ms = mc->fates.v[0].delay_ms;
}

static int
rules_add(struct smsc *mc, const char *origin, const char *text)
{
	struct rules *all = mc->rules;
	struct smpp_err err;
	struct rule *r;

	all->v = reallocarray(all->v, all->n + 1, sizeof(*all->v));
	if (all->v == NULL)
		cmd_nomem();
	r = &all->v[all->n];
	smpp_err_clear(&err);
	if (rule_parse(r, text, smpp_rng_next(&mc->rng), &err) == SMPP_ENOMEM)
		cmd_nomem();
	if (r->when == NULL)
		return rules_wrong(mc, origin, text, &err);
	r->origin = origin;
	r->act.number = (unsigned)all->n + 1;
	rules_complete(mc, &r->act);
	all->n++;
	return 0;
}

/* Ends a line before its comment: a '#' that begins a word, not in quotes. */
static void
cut_comment(char *line)
{
	bool quoted = false;
	char *p;

	for (p = line; *p != '\0'; p++) {
		if (*p == '"')
			quoted = !quoted;
		else if (quoted && *p == '\\' && p[1] != '\0')
			p++;
		else if (!quoted && *p == '#' &&
			 (p == line || isspace((unsigned char)p[-1])))
			break;
	}
	while (p > line && isspace((unsigned char)p[-1]))
		p--;
	*p = '\0';
}

static int
add_line(
    struct smsc *mc, const char *path, unsigned number, char *line, size_t n)
{
	const char *origin = cmd_printf(mc->c, "%s:%u", path, number);

	if (strlen(line) != n)
		return out_error(mc->c, SMPP_EXIT_USAGE, "config",
		    "%s: an octet is zero", origin);
	cut_comment(line);
	line += strspn(line, " \t");
	if (*line == '\0')
		return 0;
	return rules_add(mc, origin, cmd_printf(mc->c, "%s", line));
}

static int
unreadable(struct smsc *mc, const char *path)
{
	return out_error(
	    mc->c, SMPP_EXIT_USAGE, "config", "%s: %s", path, strerror(errno));
}

static int
add_file(struct smsc *mc, const char *path)
{
	FILE *f = fopen(path, "re");
	char *line = NULL;
	unsigned number = 0;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	if (f == NULL)
		return unreadable(mc, path);
	while (rc == 0 && (n = getline(&line, &cap, f)) >= 0)
		rc = add_line(mc, path, ++number, line, (size_t)n);
	if (rc == 0 && ferror(f))
		rc = unreadable(mc, path);
	free(line);
	fclose(f);
	return rc;
}

static int
rules_read_all(struct smsc *mc)
{
	const struct rule_args *a = &mc->a.rules;
	int rc = 0;

	mc->rules = calloc(1, sizeof(*mc->rules));
	if (mc->rules == NULL)
		cmd_nomem();
	for (size_t i = 0; i < a->rules.n && rc == 0; i++)
		rc = rules_add(mc, NULL, a->rules.v[i]);
	for (size_t i = 0; i < a->files.n && rc == 0; i++)
		rc = add_file(mc, a->files.v[i]);
	return rc;
}

int
rules_open(struct smsc *mc)
{
	int rc = rules_read_all(mc);

	if (rc == 0 && mc->rules->n > 0)
		out_say(mc->c, 1, "== %zu rules; --seed %u repeats this run",
		    mc->rules->n, mc->a.seed);
	return rc;
}

void
rules_free(struct smsc *mc)
{
	if (mc->rules == NULL)
		return;
	for (size_t i = 0; i < mc->rules->n; i++)
		expr_close(mc->rules->v[i].when);
	free(mc->rules->v);
	free(mc->rules);
	mc->rules = NULL;
}

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
		rules_print(mc);
		rules_free(mc);
		mc->rules = new;
		out_say(mc->c, 0, "== reloaded %zu rules", new->n);
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
read_as(struct act *a, struct smpp_view octets, struct smpp_coding coding,
    struct smpp_err *err)
{
	char text[SMPP_TEXT_MAX(INBAND_MAX)];
	struct smpp_sbuf b;

	smpp_err_clear(err);
	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_text_decode(&b, octets, coding);
	return inband_parse(a, smpp_view_of(b.p, b.n), err);
}

/*
 * The same in the alphabet that data_coding says, or another: there are
 * clients that say ASCII and send the default alphabet, and the reverse.
 */
static int
rules_read_text(
    struct act *a, const struct smpp_body *body, struct smpp_err *err)
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
static const struct act *
ask_text(struct smsc *mc, struct peer *p, const struct smpp_pdu *pdu)
{
	struct rules *all = mc->rules;
	struct smpp_body body;
	struct smpp_err err;
	int rc;

	if (pdu->row == NULL ||
	    smpp_body_read(&body, pdu, SMPP_ALPHA_GSM7) != 0 ||
	    body.text.n > INBAND_MAX)
		return NULL;
	smpp_err_clear(&err);
	rc = rules_read_text(&all->act, &body, &err);
	if (rc < 0)
		console_line(p, "in-band", "not understood: %s", err.msg);
	if (rc <= 0)
		return NULL;
	rules_complete(mc, &all->act);
	all->messages++;
	return &all->act;
}

const struct act *
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
	const struct act *a = NULL;

	if (pdu->row != NULL && pdu->row->flags & SMPP_PDU_ONEWAY && !ours)
		return NULL; /* there is nothing to answer */
	if (mc->a.rules.in_band && !ours)
		a = ask_text(mc, p, pdu);
	for (size_t i = 0; i < all->n && a == NULL; i++)
		if (rule_hits(&all->v[i], &subject, ours))
			a = &all->v[i].act;
	return a;
}

const struct act *
rule_judge(struct smsc *mc, struct peer *p, const struct smpp_pdu *request)
{
	return rules_ask(mc, p, request, false);
}

void
rules_print(struct smsc *mc)
{
	const struct rules *all = mc->rules;
	const struct rule *r;

	for (size_t i = 0; i < all->n; i++) {
		r = &all->v[i];
		out_say(mc->c, 0,
		    "== rule %zu hit %" PRIu64 " of %" PRIu64 " (%s)%s%s",
		    i + 1, r->hits, r->asked, r->act.text,
		    r->origin == NULL ? "" : ", ",
		    r->origin == NULL ? "" : r->origin);
	}
	if (mc->a.rules.in_band)
		out_say(mc->c, 0, "== %" PRIu64 " messages had commands",
		    all->messages);
}

void
rules_json(const struct smsc *mc, struct smpp_jsonw *j)
{
	const struct rules *all = mc->rules;
	const struct rule *r;

	if (all->n == 0)
		return;
	smpp_jsonw_key(j, "rules");
	smpp_jsonw_open(j, '[');
	for (r = all->v; r < all->v + all->n; r++) {
		smpp_jsonw_open(j, '{');
		smpp_jsonw_key(j, "rule");
		smpp_jsonw_u32(j, r->act.number);
		smpp_jsonw_key(j, "hits");
		smpp_jsonw_i64(j, (int64_t)r->hits);
		smpp_jsonw_key(j, "asked");
		smpp_jsonw_i64(j, (int64_t)r->asked);
		smpp_jsonw_key(j, "actions");
		smpp_jsonw_cstr(j, r->act.text);
		smpp_jsonw_close(j, '}');
	}
	smpp_jsonw_close(j, ']');
}
