/* smpp request: any request of the protocol, from words. */
#include "request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "target/profile.h"
#include "words/names.h"
#include "words/offer.h"

struct words_args {
	struct request_args request;
	struct opt_list words;
	const char *pairs;
};

#define AT(member) offsetof(struct words_args, member)

/* A target and a PDU, and once there is that, its name=value. */
static void
request_offer(struct ask *q, const struct opt *o)
{
	const struct smpp_pdu_row *row = NULL;

	for (size_t i = 0; i < q->nbefore && row == NULL; i++)
		row = smpp_pdu_find(smpp_view_str(q->before[i]));
	if (row != NULL) {
		offer_field(q, row, SMPP_VANY);
		return;
	}
	profile_offer_target(q, o);
	names_each(NAMES_REQUEST, NULL, ask_offer, q);
}

static const struct opt words_opts[] = {
    OPT_SECTION("Request"),
    {0, "PDU", OPT_POS_LIST, AT(words), NULL,
	"[TARGET] PDU [name=value]...; lies: !name=value ~name +hex:0aff",
	.offer = request_offer},
    {0, "pairs", OPT_FILE, AT(pairs), "FILE",
	"take more name=value from FILE, one a line, - for stdin"},
    OPT_BLOCK(request_opts, AT(request)),
    OPT_END,
};

static const char *const words_examples[] = {
    "smpp request localhost query_sm message_id=5f3a9c01 source_addr=ACME",
    "smpp request localhost enquire_link",
    "smpp request localhost submit_multi 'dest_address=[4917,dl:staff]'",
    NULL,
};

/*
 * "name=value", or a lie. A target can hold '=', too, but only behind one of
 * the characters that no name has.
 */
static bool
request_is_pair(const char *word)
{
	return strchr("!~+", *word) != NULL ||
	       word[strcspn(word, "=:/?@[")] == '=';
}

static int
no_pdu(struct ctx *c, const char *word)
{
	const char *near =
	    word == NULL ? NULL : names_nearest(NAMES_REQUEST, NULL, word);

	if (near != NULL)
		return out_usage(
		    c, "no PDU '%s'; did you mean '%s'?", word, near);
	out_hint(c, "smpp help pdu lists them");
	return out_usage(c, "no PDU given");
}

/*
 * Sorts the words: one TARGET at most, one PDU, the rest pairs in order. In
 * any order, since people type them so: a word that is a PDU's name is that,
 * the first time; what has a '=' where a name ends is a pair.
 */
static int
sort_words(struct ctx *c, struct words_args *a, const struct smpp_pdu_row **row)
{
	const struct smpp_pdu_row *found;
	size_t n = 0;

	*row = NULL;
	for (size_t i = 0; i < a->words.n; i++) {
		const char *word = a->words.v[i];

		found = *row == NULL ? smpp_pdu_find(smpp_view_str(word))
				     : NULL;
		/*
		 * A second unknown word: if it is nearly a PDU, that was
		 * meant.
		 */
		if (found != NULL)
			*row = found;
		else if (*word != '\0' && request_is_pair(word))
			a->words.v[n++] = word;
		else if (a->request.target.word == NULL)
			a->request.target.word = word;
		else if (*row == NULL &&
			 names_nearest(NAMES_REQUEST, NULL, word) != NULL)
			return no_pdu(c, word);
		else
			return out_usage(c, "unexpected argument '%s'", word);
	}
	a->words.n = n;
	return 0;
}

/* A response is nothing to begin with. */
static int
check_pdu(struct ctx *c, const struct smpp_pdu_row *row)
{
	if (row->flags & SMPP_PDU_RESPONSE)
		return out_usage(c, "%s is no request", row->name);
	return 0;
}

/*
 * Takes the pairs of a file, a line each; '#' begins a comment. Kept by the
 * PDU, so each line is copied.
 */
static int
read_pairs(struct request *r, const char *name)
{
	bool std = strcmp(name, "-") == 0;
	FILE *f = std ? stdin : fopen(name, "re");
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int rc = 0;

	if (f == NULL)
		return out_errno(r->c, SMPP_EXIT_LOCAL, "file", name);
	while (rc == 0 && (n = getline(&line, &cap, f)) > 0) {
		if (line[n - 1] == '\n')
			line[n - 1] = '\0';
		if (*line != '\0' && *line != '#')
			rc = request_word(r, cmd_printf(r->c, "%s", line));
	}
	if (rc == 0 && ferror(f))
		rc = out_errno(r->c, SMPP_EXIT_LOCAL, "file", name);
	free(line);
	if (!std)
		fclose(f);
	return rc;
}

static int
request_run(struct ctx *c, int argc, char **argv)
{
	struct request *r = cmd_alloc(c, sizeof(*r));
	const struct smpp_pdu_row *row;
	struct words_args a = {0};
	int rc;

	target_init(&a.request.target);
	rc = opt_parse(c, argc, argv, &a);
	if (rc >= 0)
		return rc;
	rc = sort_words(c, &a, &row);
	if (rc == 0)
		rc = row == NULL ? no_pdu(c, a.request.target.word)
				 : check_pdu(c, row);
	if (rc == 0)
		rc = request_begin(r, c, &a.request, row->id);
	if (rc == 0)
		rc = request_fields(r, &a.words);
	if (rc == 0 && a.pairs != NULL)
		rc = read_pairs(r, a.pairs);
	return rc != 0 ? rc : request_finish(r);
}

const struct cmd cmd_request = {
    .name = "request",
    .brief = "send any request and print its answer",
    .args = "[TARGET] PDU [name=value]... [--pairs FILE] [OPTION]...",
    .examples = words_examples,
    .opts = words_opts,
    .run = request_run,
};
