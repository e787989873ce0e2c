/* What could be typed next, for the shells. */
#include <string.h>

#include "registry.h"

/* A question about a word of a command with these rows. */
struct complete {
	struct ask q;
	const struct opt_row *row;
	size_t nrow;
};

/* Options by their long names; those with a letter only, by that. */
static void
complete_options(struct complete *p)
{
	char letter[3] = "-";
	const struct opt *o;

	for (size_t i = 0; i < p->nrow; i++) {
		o = p->row[i].o;
		letter[1] = o->letter;
		p->q.lead = o->name == NULL ? "" : "--";
		if (!opt_is_word(o))
			ask_offer(
			    &p->q, o->name == NULL ? letter : o->name, o->help);
	}
}

/*
 * A word that is no option: the first row that takes as many. A row of one
 * word is used up by a word before, one of many never is.
 */
static void
complete_word(struct complete *p)
{
	size_t nth = p->q.nbefore;

	for (size_t i = 0; i < p->nrow; i++) {
		if (!opt_is_word(p->row[i].o))
			continue;
		if (nth > 0 && p->row[i].o->kind == OPT_POS) {
			nth--;
			continue;
		}
		ask_value(&p->q, p->row[i].o);
		return;
	}
}

/* The last word, as part of a command whose rows are known. */
static void
complete_last(struct complete *p, const struct opt_row *want, bool ended)
{
	const char *word = p->q.word;
	size_t n = strcspn(word, "=");

	if (want != NULL) {
		ask_value(&p->q, want->o);
	} else if (ended || word[0] != '-') {
		complete_word(p);
	} else if (strncmp(word, "--", 2) != 0 || word[n] == '\0') {
		complete_options(p);
	} else {
		/*
		 * --name=value is one word to the shell, so what is offered
		 * keeps its start.
		 */
		want = opt_long(p->row, p->nrow, word + 2, n - 2);
		ask_skip(&p->q, n + 1);
		if (want != NULL)
			ask_value(&p->q, want->o);
	}
}

/* Has an option that was typed take effect, if it does: what it names is
 * offered. What is wrong with it is not said. */
static void
complete_use(struct complete *p, const struct opt *o, const char *value)
{
	if (o->use != NULL)
		o->use(p->q.c, value);
}

/* An option before the last word: the row whose value the next word is. */
static const struct opt_row *
complete_passed(struct complete *p, const char *word)
{
	const char *eq = strchr(word, '=');
	const struct opt_row *r;

	if (strncmp(word, "--", 2) == 0 && eq != NULL) {
		r = opt_long(
		    p->row, p->nrow, word + 2, (size_t)(eq - word) - 2);
		if (r != NULL)
			complete_use(p, r->o, eq + 1);
		return NULL;
	}
	return opt_awaits(p->row, p->nrow, word);
}

/*
 * As opt_parse() reads them, but without errors: a command line that is being
 * typed is wrong most of the time.
 */
static void
complete_command(struct complete *p, const struct cmd *cmd, int n, char **words)
{
	const struct opt_row *want = NULL;
	bool ended = false;
	struct opt_row *row;

	p->nrow = opt_rows(p->q.c, cmd, NULL, &row);
	p->row = row;
	p->q.before = cmd_alloc(p->q.c, (size_t)n * sizeof(*words));
	for (int i = 0; i < n; i++) {
		if (want != NULL) {
			complete_use(p, want->o, words[i]);
			want = NULL;
		} else if (ended || words[i][0] != '-' || words[i][1] == '\0')
			p->q.before[p->q.nbefore++] = words[i];
		else if (strcmp(words[i], "--") == 0)
			ended = true;
		else
			want = complete_passed(p, words[i]);
	}
	complete_last(p, want, ended);
}

/* One candidate a line: the whole word, a tab, what it means. */
static void
complete_put(void *arg, const char *name, const char *brief)
{
	struct complete *p = arg;

	smpp_sbuf_printf(&p->q.c->out->b, "%.*s%s\t%s\n",
	    (int)(p->q.word - p->q.text), p->q.text, name, brief);
}

/* What the last of argc words, perhaps empty, could become. argv[0] is not
 * looked at, the words are those after "smpp". */
static void
complete_words(struct complete *p, int argc, char **argv)
{
	const int last = argc - 1;
	int at = opt_command_at(p->q.c, &cmd_top, argc, argv);
	const struct cmd *cmd;

	/* An unknown command has nothing to offer. */
	if (at < last) {
		if ((cmd = cmd_find(argv[at])) != NULL)
			complete_command(p, cmd, last - at - 1, argv + at + 1);
		return;
	}
	complete_command(p, &cmd_top, last - 1, argv + 1);
	if (at == last && p->q.word[0] != '-')
		cmd_each(ask_offer, &p->q);
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
	struct complete p = {0};
	char **words;

	if (rc >= 0 || a.words.n == 0)
		return rc >= 0 ? rc : SMPP_EXIT_OK;
	words = cmd_alloc(c, (a.words.n + 2) * sizeof(*words));
	memcpy(words + 1, a.words.v, a.words.n * sizeof(*words));
	p.q = ask_about(c, words[a.words.n], complete_put, &p);
	/*
	 * An error in the middle of a prompt would be written into the line.
	 */
	c->on_error = cmd_unsaid;
	complete_words(&p, (int)a.words.n + 1, words);
	if (p.q.files)
		smpp_sbuf_puts(&c->out->b, ":files\n");
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
