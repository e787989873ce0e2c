/* What could be typed next: for the shells, and for the prompt. */
#include "complete.h"

#include <string.h>

#include "help/help.h"
#include "registry.h"
#include "words/names.h"
#include "target/profile.h"
#include "smpp/table.h"

/*
 * One question. A candidate is printed when it starts with word, between lead,
 * the part of the shell's word before it, and trail.
 */
struct ask {
	struct ctx *c;
	struct smpp_sbuf *b;
	const struct opt_row *row;
	size_t nrow;
	const char *before; /* the positional word before this one */
	const struct smpp_pdu_row *pdu; /* the one that a word before names */
	const char *word;
	const char *lead;
	size_t nlead;
	const char *trail;
};

static void
complete_offer(void *arg, const char *name, const char *brief)
{
	const struct ask *q = arg;

	if (strncmp(name, q->word, strlen(q->word)) != 0)
		return;
	smpp_sbuf_put(q->b, q->lead, q->nlead);
	smpp_sbuf_puts(q->b, name);
	smpp_sbuf_puts(q->b, q->trail);
	smpp_sbuf_putc(q->b, '\t');
	smpp_sbuf_puts(q->b, brief);
	smpp_sbuf_putc(q->b, '\n');
}

static void
offer_files(struct ask *q)
{
	smpp_sbuf_puts(q->b, ":files\n");
}

/* Makes what follows the last mark, if there is one, the word to complete. */
static bool
complete_after_last(struct ask *q, const char *mark)
{
	const char *next, *s = q->word;
	size_t n = strlen(mark);

	while ((next = strstr(s, mark)) != NULL)
		s = next + n;
	q->nlead += (size_t)(s - q->word);
	next = q->word;
	q->word = s;
	return s != next;
}

static void
complete_offer_words(struct ask *q, const char *const *words)
{
	for (; *words != NULL; words++)
		complete_offer(q, *words, "");
}

/* NAME=, and then the values of that TLV. */
static void
offer_tlv(struct ask *q)
{
	const char *eq = strchr(q->word, '=');
	const struct smpp_tlv_row *t;

	if (eq == NULL) {
		q->trail = "=";
		names_each(NAMES_TLV, complete_offer, q);
		return;
	}
	t = smpp_tlv_find(smpp_view_of(q->word, (size_t)(eq - q->word)));
	complete_after_last(q, "=");
	if (t != NULL)
		names_of_set(t->set, complete_offer, q);
}

/* The fields of the PDU in any version, each once, and its TLVs. */
static void
offer_pair_names(struct ask *q)
{
	const struct smpp_field *f;
	uint64_t seen = 0;

	q->trail = "=";
	for (size_t i = 0; i < 4; i++)
		for (f = q->pdu->body[i]; f->kind != SMPP_KIND_END; f++) {
			if (!(seen >> f->name & 1) && f->arg != SMPP_ARG_COUNTS)
				complete_offer(q, smpp_field_name(f->name),
				    smpp_field_brief(f->name));
			seen |= (uint64_t)1 << f->name;
		}
	if (strncmp(q->word, "tlv.", 4) == 0) {
		complete_after_last(q, "tlv.");
		names_each(NAMES_TLV, complete_offer, q);
	}
}

/* The set of values of a field, as the latest version has it, or a TLV. */
static unsigned
pair_set(const struct smpp_pdu_row *pdu, struct smpp_view name)
{
	const struct smpp_tlv_row *t;
	const struct smpp_field *f = NULL;
	int n = smpp_field_find(name);

	if (name.n > 4 && memcmp(name.p, "tlv.", 4) == 0) {
		t = smpp_tlv_find(smpp_view_of(name.p + 4, name.n - 4));
		return t == NULL ? SMPP_SET_none : t->set;
	}
	for (size_t i = 4; n >= 0 && f == NULL && i > 0; i--)
		f = smpp_field_of(pdu->body[i - 1], (unsigned)n);
	return f == NULL ? SMPP_SET_none : f->set;
}

static void
complete_offer_profile(void *arg, const char *name)
{
	complete_offer(arg, name, "");
}

/* Of what a target can be only profiles are known. */
static void
offer_target(void *arg, const char *name)
{
	struct ask *q = arg;

	complete_offer(q, cmd_printf(q->c, "@%s", name), "");
}

/* A PDU, and once there is one, its name=value. */
static void
offer_pair(struct ask *q)
{
	const char *eq;
	unsigned set;

	if (q->pdu == NULL) {
		profile_names(q->c, offer_target, q);
		names_each(NAMES_REQUEST, complete_offer, q);
		return;
	}
	if (*q->word == '!' || *q->word == '~') {
		q->word++;
		q->nlead++;
	}
	eq = strchr(q->word, '=');
	if (eq == NULL) {
		offer_pair_names(q);
		return;
	}
	set = pair_set(q->pdu, smpp_view_of(q->word, (size_t)(eq - q->word)));
	complete_after_last(q, "=");
	if (smpp_set_is_bits(set))
		complete_after_last(q, ",");
	names_of_set(set, complete_offer, q);
}

static void
complete_offer_commands(struct ask *q)
{
	size_t i;

	for (i = 0; i < cmd_count; i++)
		complete_offer(q, cmd_list[i]->name, cmd_list[i]->brief);
}

static void
offer_format(struct ask *q)
{
	q->trail = "}";
	if (complete_after_last(q, "%{") && strchr(q->word, '}') == NULL)
		names_each(NAMES_KEY, complete_offer, q);
}

static void
offer_hint(struct ask *q, enum opt_hint hint)
{
	switch (hint) {
	case OPT_HINT_NONE:
		break;
	case OPT_HINT_PDU:
		names_each(NAMES_PDU, complete_offer, q);
		break;
	case OPT_HINT_TLV:
		offer_tlv(q);
		break;
	case OPT_HINT_STATUS:
		names_each(NAMES_STATUS, complete_offer, q);
		break;
	case OPT_HINT_KEYS:
		complete_after_last(q, ",");
		names_each(NAMES_KEY, complete_offer, q);
		break;
	case OPT_HINT_FORMAT:
		offer_format(q);
		break;
	case OPT_HINT_TOPIC:
		complete_offer_commands(q);
		help_topics(complete_offer, q);
		break;
	case OPT_HINT_PAIR:
		offer_pair(q);
		break;
	case OPT_HINT_PROFILE:
		profile_names(q->c, complete_offer_profile, q);
		break;
	case OPT_HINT_TARGET:
		profile_names(q->c, offer_target, q);
		break;
	case OPT_HINT_NAME:
		if (q->before != NULL)
			help_names(q->before, complete_offer, q);
		break;
	}
}

/* A term, without the value that it may have, with the '=' of one it must. */
static void
complete_offer_term(void *arg, const char *term, const char *brief)
{
	struct ask *q = arg;
	const size_t n = strcspn(term, "=[");

	complete_offer(q,
	    cmd_printf(q->c, "%.*s", (int)n + (term[n] == '='), term), brief);
}

/* The terms of a sentence, and what may stand behind the '=' of one. */
static void
offer_terms(struct ask *q, const struct opt_terms *t)
{
	size_t n;

	if (!complete_after_last(q, t->after))
		return;
	complete_after_last(q, ",");
	n = strspn(q->word, " ");
	q->word += n;
	q->nlead += n;
	n = strcspn(q->word, "=");
	if (q->word[n] == '\0') {
		t->each(NULL, complete_offer_term, q);
		return;
	}
	q->before = cmd_printf(q->c, "%.*s", (int)n, q->word);
	complete_after_last(q, "=");
	t->each(q->before, complete_offer, q);
}

/* A number and what may follow it. */
static void
offer_units(struct ask *q, const char *const *units)
{
	size_t n = strspn(q->word, "0123456789");

	for (; n > 0 && *units != NULL; units++)
		complete_offer(
		    q, cmd_printf(q->c, "%.*s%s", (int)n, q->word, *units), "");
}

static void
offer_value(struct ask *q, const struct opt *o)
{
	static const char *const times[] = {"ms", "s", "m", "h", NULL};
	static const char *const rates[] = {"/s", "/m", NULL};

	if (smpp_set_is_bits(o->set) ||
	    (o->words != NULL && strstr(o->meta, ",...") != NULL))
		complete_after_last(q, ",");
	if (o->words != NULL)
		complete_offer_words(q, o->words);
	if (o->set != SMPP_SET_none)
		names_of_set(o->set, complete_offer, q);
	if (o->kind == OPT_FILE || o->kind == OPT_FILES)
		offer_files(q);
	else if (o->kind == OPT_DURATION)
		complete_offer(q, "none", "no limit"), offer_units(q, times);
	else if (o->kind == OPT_RATE)
		offer_units(q, rates);
	offer_hint(q, o->hint);
	if (o->terms != NULL)
		offer_terms(q, o->terms);
}

/* Options by their long names; those with a letter only, by that. */
static void
offer_options(struct ask *q)
{
	char letter[3] = "-";
	const struct opt *o;
	size_t i;

	for (i = 0; i < q->nrow; i++) {
		o = q->row[i].o;
		if (opt_is_word(o))
			continue;
		letter[1] = o->letter;
		if (o->name == NULL)
			complete_offer(q, letter, o->help);
		else
			complete_offer(
			    q, cmd_printf(q->c, "--%s", o->name), o->help);
	}
}

static void
offer_word(struct ask *q, int nth)
{
	size_t i;

	for (i = 0; i < q->nrow; i++) {
		if (!opt_is_word(q->row[i].o))
			continue;
		if (nth-- > 0 && q->row[i].o->kind == OPT_POS)
			continue;
		offer_value(q, q->row[i].o);
		return;
	}
}

/* The last word, as part of a command whose rows are known. */
static void
complete_last(struct ask *q, const struct opt_row *want, int nth, bool ended)
{
	size_t n = strcspn(q->word, "=");
	const struct opt_row *r;

	if (want != NULL) {
		offer_value(q, want->o);
		return;
	}
	if (ended || q->word[0] != '-') {
		offer_word(q, nth);
		return;
	}
	if (strncmp(q->word, "--", 2) != 0 || q->word[n] == '\0') {
		offer_options(q);
		return;
	}
	r = opt_long(q->row, q->nrow, q->word + 2, n - 2);
	q->nlead = n + 1;
	q->word += n + 1;
	if (r != NULL)
		offer_value(q, r->o);
}

static void
complete_command(struct ask *q, const struct cmd *cmd, int n, char **words)
{
	const struct opt_row *want = NULL;
	bool ended = false;
	struct opt_row *row;
	int i, nth = 0;

	q->nrow = opt_rows(q->c, cmd, NULL, &row);
	q->row = row;
	for (i = 0; i < n; i++) {
		if (want != NULL) {
			want = NULL;
		} else if (ended || words[i][0] != '-' || words[i][1] == '\0') {
			q->before = words[i];
			if (q->pdu == NULL)
				q->pdu = smpp_pdu_find(smpp_view_str(words[i]));
			nth++;
		} else if (strcmp(words[i], "--") == 0) {
			ended = true;
		} else {
			want = opt_awaits(q->row, q->nrow, words[i]);
		}
	}
	complete_last(q, want, nth, ended);
}

void
complete_words(struct ctx *c, struct smpp_sbuf *b, int argc, char **argv)
{
	struct ask q = {.c = c, .b = b, .trail = ""};
	const struct cmd *cmd;
	int at, last = argc - 1;

	if (argc < 2)
		return;
	q.lead = q.word = argv[last];
	at = opt_command_at(c, &cmd_top, argc, argv);
	if (at < last) {
		if ((cmd = cmd_find(argv[at])) != NULL)
			complete_command(&q, cmd, last - at - 1, argv + at + 1);
		return;
	}
	complete_command(&q, &cmd_top, last - 1, argv + 1);
	if (at == last && q.word[0] != '-')
		complete_offer_commands(&q);
}

struct complete_args {
	struct opt_list words;
};

static const struct opt complete_opts[] = {
    {0, "WORD", OPT_POS_LIST, offsetof(struct complete_args, words), NULL,
	"the words after smpp, the last one unfinished"},
    OPT_END,
};

static int
complete_run(struct ctx *c, int argc, char **argv)
{
	struct complete_args a = {0};
	int rc = opt_parse(c, argc, argv, &a);
	char **words;

	if (rc >= 0)
		return rc;
	words = cmd_alloc(c, (a.words.n + 2) * sizeof(*words));
	if (a.words.n > 0)
		memcpy(words + 1, a.words.v, a.words.n * sizeof(*words));
	complete_words(c, &c->out->b, (int)a.words.n + 1, words);
	return SMPP_EXIT_OK;
}

const struct cmd cmd_complete = {
    .name = "__complete",
    .brief = "print what the last word could become",
    .args = "-- WORD...",
    .examples = (const char *const[]){NULL},
    .opts = complete_opts,
    .run = complete_run,
};
