/* Rules: the values of actions, read and drawn. */
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "kit/opt.h"
#include "base/suggest.h"
#include "names.h"
#include "rule_int.h"
#include "smpp/table.h"
#include "text/receipt.h"

/* The status that was meant, its "ESME_R" perhaps left out. */
static const char *
nearest_status(const char *word)
{
	static const char *const before[] = {"", "ESME_", "ESME_R"};
	const char *best = NULL;
	char name[RULE_WORD_MAX + 8];

	for (size_t i = 0; i < 3 && best == NULL; i++) {
		snprintf(name, sizeof(name), "%s%s", before[i], word);
		best = names_nearest(NAMES_STATUS, NULL, name);
	}
	return best;
}

static int
take_status(struct rule_list *x, struct rule_value *v)
{
	const struct smpp_status *row = smpp_status_find(
	    smpp_view_str(x->word));
	uint32_t n;

	/* Numbers of no status are taken, too: vendors have their own. */
	if (row != NULL)
		v->a = row->code;
	else if (opt_uint(x->word, &n) == 0)
		v->a = n;
	else
		return rule_unknown(x, "status", nearest_status(x->word));
	return 0;
}

static int
take_command(struct rule_list *x, struct rule_value *v)
{
	const struct smpp_pdu_row *row = smpp_pdu_find(smpp_view_str(x->word));
	uint32_t n;

	if (row != NULL)
		v->a = row->id;
	else if (opt_uint(x->word, &n) == 0)
		v->a = n;
	else
		return rule_unknown(
		    x, "PDU", names_nearest(NAMES_PDU, NULL, x->word));
	return 0;
}

static int
take_tag(struct rule_list *x, struct rule_value *v)
{
	const struct smpp_tlv_row *row = smpp_dictionary_find(
	    NULL, smpp_view_str(x->word));
	uint32_t n;

	if (row != NULL)
		v->a = row->tag;
	else if (opt_uint(x->word, &n) == 0 && n <= UINT16_MAX)
		v->a = n;
	else
		return rule_unknown(
		    x, "TLV", names_nearest(NAMES_TLV, NULL, x->word));
	return 0;
}

/* In the range of the row: a flood shall not fill the memory. */
static int
take_count(
    struct rule_list *x, const struct rule_row *row, struct rule_value *v)
{
	uint32_t n;

	if (opt_uint(x->word, &n) != 0 || n < row->min || n > row->max)
		return rule_wrong(x, x->at, SMPP_ERANGE,
		    "'%s' is not a number from %" PRIu32 " to %" PRIu32,
		    x->word, row->min, row->max);
	v->a = n;
	return 0;
}

/* "200", or with a sign what is added to what is right: "+4". Any 32 bits, for
 * a length is wrong in all ways. */
static int
take_shift(struct rule_list *x, struct rule_value *v)
{
	const bool sign = *x->word == '+' || *x->word == '-';
	uint32_t n;

	if (opt_uint(x->word + sign, &n) != 0)
		return rule_wrong(x, x->at, SMPP_ESYNTAX,
		    "'%s' is not a number, nor one to add, as in +5, -1",
		    x->word);
	v->form = sign ? RULE_RELATIVE : RULE_FIXED;
	v->a = *x->word == '-' ? -(int64_t)n : n;
	return 0;
}

static int
take_word(struct rule_list *x, const struct rule_row *row, struct rule_value *v)
{
	struct smpp_suggest s;

	smpp_suggest_init(&s, x->word);
	for (v->a = 0; row->words[v->a] != NULL; v->a++) {
		if (strcmp(row->words[v->a], x->word) == 0)
			return 0;
		smpp_suggest_try(&s, row->words[v->a]);
	}
	return rule_unknown(x, "value", s.best);
}

/* A time at the start of text, which it ends with NUL. */
static int
time_of(struct rule_list *x, const char *text, int64_t *ms)
{
	if (opt_duration(text, ms) == 0)
		return 0;
	return rule_wrong(x, x->at + (uint32_t)(text - x->word), SMPP_ESYNTAX,
	    "'%s' is not a time, as in 250ms, 5s, 2m", text);
}

/* The laws of chance for delays: what is written, and how many times. */
static const struct {
	const char *name;
	unsigned times;
	enum rule_form form;
} laws[] = {{"uniform", 2, RULE_UNIFORM}, {"normal", 2, RULE_NORMAL},
    {"exponential", 1, RULE_EXPONENTIAL}};

/* The times between the parentheses of a law. The second is read first, since
 * reading one ends it with a NUL where the comma was. */
static int
take_times(struct rule_list *x, char *p, unsigned want, struct rule_value *v)
{
	char *end = p + strlen(p) - 1, *comma;

	if (*end != ')')
		return rule_wrong(x, x->at + (uint32_t)(end + 1 - x->word),
		    SMPP_ESYNTAX, "')' wanted");
	*end = '\0';
	comma = strchr(p, ',');
	if ((comma != NULL) != (want == 2))
		return rule_wrong(x, x->at + (uint32_t)(p - x->word),
		    SMPP_ESYNTAX,
		    want == 2 ? "two times wanted" : "one time wanted");
	if (comma != NULL) {
		*comma++ = '\0';
		comma += strspn(comma, " ");
		if (time_of(x, comma, &v->b) != 0)
			return -1;
	}
	if (time_of(x, p, &v->a) != 0)
		return -1;
	if (v->form == RULE_UNIFORM && v->b < v->a)
		return rule_wrong(x, x->at + (uint32_t)(comma - x->word),
		    SMPP_ERANGE, "the end is before the start");
	return 0;
}

static int
take_delay(struct rule_list *x, struct rule_value *v)
{
	char *open = strchr(x->word, '(');
	size_t i;

	if (open == NULL)
		return time_of(x, x->word, &v->a);
	*open = '\0';
	for (i = 0; i < sizeof(laws) / sizeof(laws[0]); i++)
		if (strcmp(x->word, laws[i].name) == 0) {
			v->form = laws[i].form;
			return take_times(x, open + 1, laws[i].times, v);
		}
	return rule_wrong(x, x->at, SMPP_ENAME,
	    "no '%s' delay; there are uniform, normal, exponential", x->word);
}

/*
 * "STAT[:TIME]", or "none", of a message that is delivered without a word. The
 * word is kept beside the state that it means: several mean the same, and the
 * receipt says the one that was asked for.
 */
static int
take_stat(struct rule_list *x, struct rule_value *v)
{
	char *colon = strchr(x->word, ':');
	size_t i;

	v->b = -1;
	if (strcmp(x->word, "none") == 0) {
		v->a = SMPP_message_state_DELIVERED;
		return 0;
	}
	if (colon != NULL)
		*colon++ = '\0';
	v->a = smpp_stat_state(smpp_view_str(x->word));
	if (v->a < 0 || strlen(x->word) >= sizeof(v->word))
		return rule_wrong(x, x->at, SMPP_ENAME,
		    "'%s' is no state, as DELIVRD, UNDELIV, EXPIRED, REJECTD, "
		    "or none",
		    x->word);
	for (i = 0; x->word[i] != '\0'; i++)
		v->word[i] = (char)toupper((unsigned char)x->word[i]);
	return colon == NULL ? 0 : time_of(x, colon, &v->b);
}

int
rule_take_value(
    struct rule_list *x, const struct rule_row *row, struct rule_value *v)
{
	switch (row->kind) {
	case RULE_STATUS:
		return take_status(x, v);
	case RULE_COMMAND:
		return take_command(x, v);
	case RULE_TAG:
		return take_tag(x, v);
	case RULE_COUNT:
		return take_count(x, row, v);
	case RULE_SHIFT:
		return take_shift(x, v);
	case RULE_TIME:
		return time_of(x, x->word, &v->a);
	case RULE_DELAY:
		return take_delay(x, v);
	case RULE_WORD:
		return take_word(x, row, v);
	default:
		return take_stat(x, v);
	}
}

/* A draw of the standard normal distribution (Box and Muller). */
static double
normal(struct smpp_rng *rng)
{
	const double u = 1 - smpp_rng_unit(rng), v = smpp_rng_unit(rng);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

/* All in doubles and rounded once: ms of a day are exact in them. */
int64_t
rule_draw(const struct rule_value *v, struct smpp_rng *rng)
{
	double ms = (double)v->a;

	/* 1 - u is never 0, as log() needs it: u is below 1. */
	switch (v->form) {
	case RULE_UNIFORM:
		ms += smpp_rng_unit(rng) * (double)(v->b - v->a);
		break;
	case RULE_NORMAL:
		ms += normal(rng) * (double)v->b;
		break;
	case RULE_EXPONENTIAL:
		ms *= -log(1 - smpp_rng_unit(rng));
		break;
	default:
		break;
	}
	/* A normal law goes below 0: before the request nothing is sent. */
	return ms < 0 ? 0 : (int64_t)(ms + 0.5);
}
