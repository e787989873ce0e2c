/* Commands in the text of a message: which outcome it wants for itself. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/sbuf.h"
#include "inband.h"

/* A list longer than this is no outcome that somebody wrote by hand. */
enum { LIST_MAX = 128, SCALAR = 32 };

/* A text in the notation of smppsink on its way to a list of actions. */
struct sink {
	struct smpp_view text;
	uint32_t next;
	struct smpp_err *err;
	char list[LIST_MAX];
	struct smpp_sbuf out;
};

static int
inband_fail(struct sink *k, const char *why)
{
	if (k->err->code == 0)
		k->err->offset = k->next;
	return smpp_err_set(k->err, SMPP_ESYNTAX, "%s", why);
}

static void
inband_blanks(struct sink *k)
{
	while (k->next < k->text.n && isspace(k->text.p[k->next]))
		k->next++;
}

/* Takes a character when it is next, blanks aside. */
static bool
inband_take(struct sink *k, char c)
{
	inband_blanks(k);
	if (k->next == k->text.n || k->text.p[k->next] != (uint8_t)c)
		return false;
	k->next++;
	return true;
}

/*
 * A word of letters and digits into out. Returns its length. Letters and
 * digits only: nothing of a message can become an action of its own, with a
 * comma or an '='.
 */
static size_t
scalar(struct sink *k, char out[SCALAR])
{
	size_t n = 0;

	inband_blanks(k);
	while (k->next < k->text.n && n < SCALAR - 1 &&
	       isalnum(k->text.p[k->next]))
		out[n++] = (char)tolower(k->text.p[k->next++]);
	out[n] = '\0';
	return n;
}

/*
 * What smppsink calls the states, as receipts spell them. Other words stay,
 * and are refused by the list if they are no state.
 */
static const char *
stat_of(const char *word)
{
	static const char *const words[][2] = {{"delivered", "DELIVRD"},
	    {"undeliverable", "UNDELIV"}, {"accepted", "ACCEPTD"},
	    {"rejected", "REJECTD"}};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i][0], word) == 0)
			return words[i][1];
	return word;
}

/* "WORD" or "{status:WORD,delay:SECONDS}". */
static int
inband_outcome(struct sink *k, char status[SCALAR], char delay[SCALAR])
{
	char key[SCALAR];

	*status = *delay = '\0';
	if (!inband_take(k, '{'))
		return scalar(k, status) > 0
			   ? 0
			   : inband_fail(k, "a status wanted");
	do {
		scalar(k, key);
		if (!inband_take(k, ':'))
			return inband_fail(k, "':' wanted");
		if (strcmp(key, "status") == 0)
			scalar(k, status);
		else if (strcmp(key, "delay") == 0 ||
			 strcmp(key, "timeout") == 0)
			scalar(k, delay);
		else
			return inband_fail(k, "what is set is status or delay");
	} while (inband_take(k, ','));
	return inband_take(k, '}') ? 0 : inband_fail(k, "'}' wanted");
}

static bool
for_ever(const char *delay)
{
	return strncmp(delay, "inf", 3) == 0;
}

static void
put_submit(struct smpp_sbuf *b, const char *status, const char *delay)
{
	if (*status != '\0')
		smpp_sbuf_printf(b, ",status=%s", status);
	if (for_ever(delay))
		smpp_sbuf_puts(b, ",drop");
	else if (*delay != '\0')
		smpp_sbuf_printf(b, ",delay=%ss", delay);
}

static void
inband_put_receipt(struct smpp_sbuf *b, const char *status, const char *delay)
{
	if (for_ever(delay)) {
		smpp_sbuf_puts(b, ",receipt=none");
		return;
	}
	smpp_sbuf_printf(
	    b, ",receipt=%s", *status == '\0' ? "DELIVRD" : stat_of(status));
	if (*delay != '\0')
		smpp_sbuf_printf(b, ":%ss", delay);
}

/*
 * "submit:OUTCOME", "receipt:OUTCOME" or both, perhaps in braces. Into the
 * notation of rules, and read as such: there is one reader of actions, and
 * what it refuses is refused here, too.
 */
static int
translate(struct sink *k)
{
	char key[SCALAR], status[SCALAR], delay[SCALAR];
	const bool braces = inband_take(k, '{');

	do {
		scalar(k, key);
		if (!inband_take(k, ':'))
			return inband_fail(k, "':' wanted");
		if (inband_outcome(k, status, delay) != 0)
			return -1;
		if (strcmp(key, "submit") == 0)
			put_submit(&k->out, status, delay);
		else if (strcmp(key, "receipt") == 0)
			inband_put_receipt(&k->out, status, delay);
		else
			return inband_fail(
			    k, "what there is is submit and receipt");
	} while (inband_take(k, ','));
	if (braces && !inband_take(k, '}'))
		return inband_fail(k, "'}' wanted");
	inband_blanks(k);
	if (k->next != k->text.n)
		return inband_fail(k, "the end wanted");
	return k->out.n > 0 && !k->out.bad ? 0
					   : inband_fail(k, "a status wanted");
}

/*
 * Whether the text begins as one for smppsink does. Only what begins so: a
 * text that merely has "submit" in it is one.
 */
static bool
is_sink(struct smpp_view text)
{
	struct sink k = {.text = text};
	char key[SCALAR];

	inband_take(&k, '{');
	scalar(&k, key);
	return (strcmp(key, "submit") == 0 || strcmp(key, "receipt") == 0) &&
	       inband_take(&k, ':');
}

static int
parse_sink(struct rule_acts *a, const struct rule_row *rows,
    struct smpp_view text, struct smpp_err *err)
{
	struct sink k = {.text = text, .err = err};

	smpp_sbuf_init(&k.out, k.list, sizeof(k.list), NULL, NULL);
	if (translate(&k) != 0)
		return err->code;
	/* Each piece begins with a comma. */
	if (rule_acts_parse(
		a, rows, smpp_view_of(k.list + 1, k.out.n - 1), err) == 0)
		return 1;
	/* The place is of the translated list, which nobody has seen. */
	err->offset = 0;
	return err->code;
}

int
inband_parse(struct rule_acts *a, const struct rule_row *rows,
    struct smpp_view text, struct smpp_err *err)
{
	uint32_t i;

	if (is_sink(text))
		return parse_sink(a, rows, text, err);
	/*
	 * The last arrow: what stands before it is the message, arrows
	 * included.
	 */
	for (i = text.n; i >= 2; i--)
		if (memcmp(text.p + i - 2, "->", 2) == 0)
			break;
	if (i < 2)
		return 0;
	if (rule_acts_parse(
		a, rows, smpp_view_of(text.p + i, text.n - i), err) == 0)
		return 1;
	err->offset += i;
	return err->code;
}
