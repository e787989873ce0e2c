/* The actions of rules: their rows, and the parser of lists of them. */
#include "actlist.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "words/names.h"
#include "base/suggest.h"
#include "text/receipt.h"

enum { WORD = 64, COUNT_MAX = 100000 };

/* What excludes what. */
enum {
	STATUS = 1, /* the status of the answer */
	OCTETS = 2, /* its octets */
	COPIES = 4, /* how often it is sent, and when */
	OTHERS = 8, /* other octets instead of it */
	ENDING = 16,
	INSTEAD = 32, /* of an answer of which nothing is said */
};

static const char *const bind_words[ACT_BIND_COUNT] = {
    [ACT_BIND_BARE] = "bare",
    [ACT_BIND_OTHER] = "other",
    [ACT_BIND_LONG] = "long",
    [ACT_BIND_VERSION] = "version",
};

/* clang-format off */
const struct act_row act_rows[ACT_COUNT] = {
    [ACT_STATUS] = {"status", ACT_ARG_STATUS, "STATUS", NULL,
	STATUS, STATUS, "refuse with this status"},
    [ACT_RECEIPT] = {"receipt", ACT_ARG_FATE, "STAT[:TIME]", NULL,
	0, 0, "what becomes of the message"},
    [ACT_DELAY] = {"delay", ACT_ARG_DELAY, "TIME", NULL,
	0, 0, "answer so much later"},
    [ACT_DROP] = {"drop", ACT_ARG_NONE, NULL, NULL,
	COPIES, COPIES | OCTETS, "do not answer"},
    [ACT_TWICE] = {"twice", ACT_ARG_NONE, NULL, NULL,
	COPIES, COPIES, "answer twice"},
    [ACT_REORDER] = {"reorder", ACT_ARG_NONE, NULL, NULL,
	COPIES, COPIES, "answer after the next answer"},
    [ACT_DRIP] = {"drip", ACT_ARG_TIME, "TIME", "10ms",
	OCTETS, 0, "answer one octet at a time"},
    [ACT_NACK] = {"nack", ACT_ARG_STATUS, "STATUS", "ESME_RINVCMDID",
	STATUS | OCTETS, STATUS, "refuse with generic_nack"},
    [ACT_BIND] = {"bind", ACT_ARG_BIND, "bare|other|long|version", NULL,
	OCTETS, 0, "an odd response to a bind"},
    [ACT_UNTERMINATED] = {"unterminated", ACT_ARG_NONE, NULL, NULL,
	OCTETS, 0, "end inside a C-octet string"},
    [ACT_SM_LENGTH] = {"sm_length", ACT_ARG_SHIFT, "N|+N|-N", NULL,
	OCTETS, 0, "a wrong sm_length"},
    [ACT_TLV] = {"tlv", ACT_ARG_TAG, "TAG", "0x7777",
	OCTETS, 0, "one more TLV, an unknown one"},
    [ACT_TLV_OVERRUN] = {"tlv-overrun", ACT_ARG_NONE, NULL, NULL,
	OCTETS, 0, "one more TLV, longer than the PDU"},
    [ACT_SEQUENCE_NUMBER] = {"sequence_number", ACT_ARG_SHIFT, "N|+N|-N",
	"+1000", OCTETS, 0, "a wrong sequence_number"},
    [ACT_COMMAND_ID] = {"command_id", ACT_ARG_COMMAND, "PDU", "0x80000777",
	OCTETS, 0, "another command_id, or an unknown one"},
    [ACT_GARBLE] = {"garble", ACT_ARG_NUMBER, "N", "4",
	OCTETS, 0, "change octets at random"},
    [ACT_COMMAND_LENGTH] = {"command_length", ACT_ARG_SHIFT, "N|+N|-N",
	NULL, OCTETS, 0, "a wrong command_length"},
    [ACT_HTTP] = {"http", ACT_ARG_NONE, NULL, NULL,
	OCTETS | OTHERS, OTHERS, "a response of HTTP instead"},
    [ACT_TLS] = {"tls", ACT_ARG_NONE, NULL, NULL,
	OCTETS | OTHERS, OTHERS, "an alert of TLS instead"},
    [ACT_HALF] = {"half", ACT_ARG_NONE, NULL, NULL,
	OCTETS, 0, "only the first half"},
    [ACT_CLOSE] = {"close", ACT_ARG_NONE, NULL, NULL,
	ENDING | INSTEAD, ENDING, "close the connection"},
    [ACT_RST] = {"rst", ACT_ARG_NONE, NULL, NULL,
	ENDING | INSTEAD, ENDING, "reset the connection"},
    [ACT_UNBIND] = {"unbind", ACT_ARG_NONE, NULL, NULL,
	ENDING, ENDING, "send unbind"},
    [ACT_FLOOD] = {"flood", ACT_ARG_NUMBER, "N", "1000",
	0, 0, "send so many enquire_link"},
    [ACT_SILENCE] = {"silence", ACT_ARG_NONE, NULL, NULL,
	INSTEAD, ENDING, "send nothing more"},
    [ACT_STOP_READING] = {"stop-reading", ACT_ARG_NONE, NULL, NULL,
	0, ENDING, "read nothing more"},
};
/* clang-format on */

/* A list being read: next is where the next character is. word is a value as a
 * C string, at where it stands. */
struct list {
	struct smpp_view text;
	uint32_t next;
	struct act *a;
	struct smpp_err *err;
	const struct act_row *row;
	uint32_t at;
	char word[WORD];
};

__attribute__((format(printf, 4, 5))) static int
actlist_fail(struct list *x, uint32_t at, int code, const char *fmt, ...)
{
	char why[sizeof(x->err->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	if (x->err->code == 0)
		x->err->offset = at;
	return smpp_err_set(x->err, code, "%s", why);
}

/* --- values --- */

/* The name that was meant, if it is near, behind what is wrong. */
static int
actlist_unknown(struct list *x, uint32_t at, const char *what, const char *best)
{
	if (best == NULL)
		return actlist_fail(
		    x, at, SMPP_ENAME, "no %s '%s'", what, x->word);
	return actlist_fail(x, at, SMPP_ENAME, "no %s '%s'; did you mean '%s'?",
	    what, x->word, best);
}

/* The status that was meant, its "ESME_R" perhaps left out. */
static const char *
nearest_status(const char *word)
{
	static const char *const before[] = {"", "ESME_", "ESME_R"};
	const char *best = NULL;
	char name[WORD + 8];

	for (size_t i = 0; i < 3 && best == NULL; i++) {
		snprintf(name, sizeof(name), "%s%s", before[i], word);
		best = names_nearest(NAMES_STATUS, name);
	}
	return best;
}

static int
take_status(struct list *x, struct act_value *v)
{
	const struct smpp_status *row = smpp_status_find(
	    smpp_view_str(x->word));
	uint32_t n;

	if (row != NULL)
		v->a = row->code;
	else if (opt_uint(x->word, &n) == 0)
		v->a = n;
	else
		return actlist_unknown(
		    x, x->at, "status", nearest_status(x->word));
	return 0;
}

static int
take_command(struct list *x, struct act_value *v)
{
	const struct smpp_pdu_row *row = smpp_pdu_find(smpp_view_str(x->word));
	uint32_t n;

	if (row != NULL)
		v->a = row->id;
	else if (opt_uint(x->word, &n) == 0)
		v->a = n;
	else
		return actlist_unknown(
		    x, x->at, "PDU", names_nearest(NAMES_PDU, x->word));
	return 0;
}

static int
take_tag(struct list *x, struct act_value *v)
{
	const struct smpp_tlv_row *row = smpp_tlv_find(smpp_view_str(x->word));
	uint32_t n;

	if (row != NULL)
		v->a = row->tag;
	else if (opt_uint(x->word, &n) == 0 && n <= UINT16_MAX)
		v->a = n;
	else
		return actlist_unknown(
		    x, x->at, "TLV", names_nearest(NAMES_TLV, x->word));
	return 0;
}

static int
take_count(struct list *x, struct act_value *v)
{
	uint32_t n;

	if (opt_uint(x->word, &n) != 0 || n < 1 || n > COUNT_MAX)
		return actlist_fail(x, x->at, SMPP_ERANGE,
		    "'%s' is not a number from 1 to %d", x->word, COUNT_MAX);
	v->a = n;
	return 0;
}

static int
take_shift(struct list *x, struct act_value *v)
{
	const bool sign = *x->word == '+' || *x->word == '-';
	uint32_t n;

	if (opt_uint(x->word + sign, &n) != 0)
		return actlist_fail(x, x->at, SMPP_ESYNTAX,
		    "'%s' is not a number, nor one to add, as in +5, -1",
		    x->word);
	v->form = sign ? ACT_RELATIVE : ACT_FIXED;
	v->a = *x->word == '-' ? -(int64_t)n : n;
	return 0;
}

static int
take_bind(struct list *x, struct act_value *v)
{
	struct smpp_suggest s;

	smpp_suggest_init(&s, x->word);
	for (v->a = 0; v->a < ACT_BIND_COUNT; v->a++) {
		if (strcmp(bind_words[v->a], x->word) == 0)
			return 0;
		smpp_suggest_try(&s, bind_words[v->a]);
	}
	return actlist_unknown(x, x->at, "bind response", s.best);
}

/* A time at the start of text, which it ends with NUL. */
static int
time_of(struct list *x, const char *text, int64_t *ms)
{
	if (opt_duration(text, ms) == 0)
		return 0;
	return actlist_fail(x, x->at + (uint32_t)(text - x->word), SMPP_ESYNTAX,
	    "'%s' is not a time, as in 250ms, 5s, 2m", text);
}

static int
take_time(struct list *x, struct act_value *v)
{
	return time_of(x, x->word, &v->a);
}

/* The laws of chance for delays: what is written, and how many times. */
static const struct {
	const char *name;
	unsigned times;
	enum act_form form;
} laws[] = {{"uniform", 2, ACT_UNIFORM}, {"normal", 2, ACT_NORMAL},
    {"exponential", 1, ACT_EXPONENTIAL}};

/* The times between the parentheses of a law. */
static int
take_times(struct list *x, char *p, unsigned want, struct act_value *v)
{
	char *end = p + strlen(p) - 1, *comma;

	if (*end != ')')
		return actlist_fail(x, x->at + (uint32_t)(end + 1 - x->word),
		    SMPP_ESYNTAX, "')' wanted");
	*end = '\0';
	comma = strchr(p, ',');
	if ((comma != NULL) != (want == 2))
		return actlist_fail(x, x->at + (uint32_t)(p - x->word),
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
	if (v->form == ACT_UNIFORM && v->b < v->a)
		return actlist_fail(x, x->at + (uint32_t)(comma - x->word),
		    SMPP_ERANGE, "the end is before the start");
	return 0;
}

static int
take_delay(struct list *x, struct act_value *v)
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
	return actlist_fail(x, x->at, SMPP_ENAME,
	    "no '%s' delay; there are uniform, normal, exponential", x->word);
}

/* "STAT[:TIME]", or "none"; by default after as long as --receipt says. */
static int
take_fate(struct list *x, struct act_value *v)
{
	char *colon = strchr(x->word, ':');
	struct fate *f = &x->a->fate;
	size_t i;
	int state;

	(void)v;
	*f = (struct fate){
	    .state = SMPP_message_state_DELIVERED, .delay_ms = -1};
	strcpy(f->err, "000");
	if (strcmp(x->word, "none") == 0)
		return 0;
	if (colon != NULL)
		*colon++ = '\0';
	state = smpp_stat_state(smpp_view_str(x->word));
	if (state < 0 || strlen(x->word) >= sizeof(f->stat))
		return actlist_fail(x, x->at, SMPP_ENAME,
		    "'%s' is no state, as DELIVRD, UNDELIV, EXPIRED, REJECTD, "
		    "or none",
		    x->word);
	for (i = 0; x->word[i] != '\0'; i++)
		f->stat[i] = (char)toupper((unsigned char)x->word[i]);
	f->state = (uint8_t)state;
	return colon == NULL ? 0 : time_of(x, colon, &f->delay_ms);
}

static int (*const takers[ACT_ARG_KINDS])(struct list *, struct act_value *) = {
    [ACT_ARG_STATUS] = take_status,
    [ACT_ARG_FATE] = take_fate,
    [ACT_ARG_DELAY] = take_delay,
    [ACT_ARG_TIME] = take_time,
    [ACT_ARG_NUMBER] = take_count,
    [ACT_ARG_SHIFT] = take_shift,
    [ACT_ARG_TAG] = take_tag,
    [ACT_ARG_COMMAND] = take_command,
    [ACT_ARG_BIND] = take_bind,
};

/* --- lists --- */

static bool
actlist_name_char(uint8_t c)
{
	return isalnum(c) || c == '_' || c == '-';
}

static bool
at_end(const struct list *x)
{
	return x->next == x->text.n;
}

static void
actlist_blanks(struct list *x)
{
	while (!at_end(x) && isspace(x->text.p[x->next]))
		x->next++;
}

/* Makes the characters from at to end the word. */
static int
actlist_set_word(struct list *x, uint32_t at, uint32_t end)
{
	while (end > at && isspace(x->text.p[end - 1]))
		end--;
	x->at = at;
	if (end - at >= WORD)
		return actlist_fail(x, at, SMPP_ERANGE, "this is too long");
	if (end > at)
		memcpy(x->word, x->text.p + at, end - at);
	x->word[end - at] = '\0';
	return 0;
}

static enum act_id
unknown_action(struct list *x)
{
	struct smpp_suggest s;

	if (x->word[0] == '\0')
		return (enum act_id)actlist_fail(
		    x, x->at, SMPP_ESYNTAX, "an action wanted");
	smpp_suggest_init(&s, x->word);
	for (unsigned i = 0; i < ACT_COUNT; i++)
		smpp_suggest_try(&s, act_rows[i].name);
	return (enum act_id)actlist_unknown(x, x->at, "action", s.best);
}

/* The action whose name is next, or a negative error. */
static int
actlist_take_name(struct list *x)
{
	const uint32_t at = x->next;
	int i;

	while (!at_end(x) && actlist_name_char(x->text.p[x->next]))
		x->next++;
	if (actlist_set_word(x, at, x->next) != 0)
		return -1;
	for (i = 0; i < ACT_COUNT; i++)
		if (strcmp(act_rows[i].name, x->word) == 0)
			return i;
	return unknown_action(x);
}

/* The value that is next, up to a comma or blank not in parentheses. */
static int
actlist_take_value(struct list *x)
{
	const uint32_t at = ++x->next;
	unsigned depth = 0;
	uint8_t c;

	for (; !at_end(x); x->next++) {
		c = x->text.p[x->next];
		if ((c == ',' || isspace(c)) && depth == 0)
			break;
		depth += c == '(';
		depth -= c == ')' && depth > 0;
	}
	return actlist_set_word(x, at, x->next);
}

/* Refuses what stands there twice or does not go together. */
static int
actlist_check(struct list *x, uint32_t at, int id)
{
	const struct act_row *row = &act_rows[id];
	int i;

	if (act_has(x->a, (enum act_id)id))
		return actlist_fail(
		    x, at, SMPP_ESYNTAX, "'%s' stands here twice", row->name);
	for (i = 0; i < ACT_COUNT; i++)
		if (act_has(x->a, (enum act_id)i) &&
		    ((row->is & act_rows[i].not_with) != 0 ||
			(row->not_with & act_rows[i].is) != 0))
			return actlist_fail(x, at, SMPP_ESYNTAX,
			    "'%s' and '%s' exclude each other",
			    act_rows[i].name, row->name);
	return 0;
}

static int
take_action(struct list *x)
{
	const struct act_row *row;
	uint32_t at;
	bool given;
	int id;

	actlist_blanks(x);
	at = x->next;
	if ((id = actlist_take_name(x)) < 0 || actlist_check(x, at, id) != 0)
		return -1;
	row = &act_rows[id];
	x->a->has |= 1u << id;
	given = !at_end(x) && x->text.p[x->next] == '=';
	if (row->arg == ACT_ARG_NONE)
		return given ? actlist_fail(x, x->next, SMPP_ESYNTAX,
				   "'%s' takes no value", row->name)
			     : 0;
	if (given && actlist_take_value(x) != 0)
		return -1;
	if (given ? x->word[0] == '\0' : row->preset == NULL)
		return actlist_fail(x, x->next, SMPP_ESYNTAX,
		    "a value wanted: %s=%s", row->name, row->meta);
	if (!given)
		snprintf(x->word, WORD, "%s", row->preset);
	return takers[row->arg](x, &x->a->v[id]);
}

int
act_parse(struct act *a, struct smpp_view text, struct smpp_err *err)
{
	struct list x = {.text = text, .a = a, .err = err};

	memset(a, 0, sizeof(*a));
	for (;;) {
		if (take_action(&x) != 0)
			return err->code;
		actlist_blanks(&x);
		if (at_end(&x))
			return 0;
		if (text.p[x.next] != ',')
			return actlist_fail(
			    &x, x.next, SMPP_ESYNTAX, "',' wanted");
		x.next++;
	}
}

/* --- what a list comes to --- */

bool
act_answers(const struct act *a)
{
	unsigned is = 0;

	for (unsigned i = 0; i < ACT_COUNT; i++)
		if (act_has(a, (enum act_id)i))
			is |= act_rows[i].is;
	if (act_has(a, ACT_DROP))
		return false;
	return !(is & INSTEAD) || is & (STATUS | OCTETS | COPIES);
}

/* A draw of the standard normal distribution (Box and Muller). */
static double
normal(struct smpp_rng *rng)
{
	const double u = 1 - smpp_rng_unit(rng), v = smpp_rng_unit(rng);

	return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

int64_t
act_delay(const struct act *a, struct smpp_rng *rng)
{
	const struct act_value *v = &a->v[ACT_DELAY];
	double ms = (double)v->a;

	switch (v->form) {
	case ACT_UNIFORM:
		ms += smpp_rng_unit(rng) * (double)(v->b - v->a);
		break;
	case ACT_NORMAL:
		ms += normal(rng) * (double)v->b;
		break;
	case ACT_EXPONENTIAL:
		ms *= -log(1 - smpp_rng_unit(rng));
		break;
	default:
		break;
	}
	return ms < 0 ? 0 : (int64_t)(ms + 0.5);
}
