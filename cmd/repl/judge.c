/* smpp repl: what came is waited for, judged, kept and shown. */
#include "words/where.h"
#include "base/clock.h"
#include "repl.h"

/* --- judging --- */

/*
 * A PDU that \wait has not looked at: what the peer asks stays news. An answer
 * counts only after the last line sent: the one before it was about something
 * else.
 */
static bool
news(const struct repl *r, const struct seen *s)
{
	return s->dir == SMPP_IN && s->session == r->session && !s->found &&
	       s->whole &&
	       (s->number > r->last || !(s->id & SMPP_RESPONSE_BIT));
}

static bool
judge_matches(struct repl *r, const struct seen *s, struct expr *e)
{
	struct subject subject;

	echo_subject(r, s, &subject);
	return subject_holds(&subject, e);
}

/*
 * The oldest news that e holds for, or NULL. All that is remembered, since it
 * may have come before \wait was typed.
 */
static struct seen *
find_news(struct repl *r, struct expr *e)
{
	uint64_t i = r->nseen > SEEN_MAX ? r->nseen - SEEN_MAX + 1 : 1;
	struct seen *s;

	for (; i <= r->nseen; i++) {
		s = seen_get(r, i);
		if (news(r, s) && judge_matches(r, s, e))
			return s;
	}
	return NULL;
}

/* \wait TIME EXPR, the expression being text. */
static int
wait_expr(struct repl *r, int64_t ms, const char *text)
{
	int64_t until = smpp_io_deadline(smpp_clock_ms(), ms);
	struct expr *e;
	struct seen *s;
	char took[24];
	int rc = where_open(r->lc, "\\wait", text, &e);

	if (rc != 0)
		return rc;
	while ((s = find_news(r, e)) == NULL && !repl_stopped(r) &&
	       (wire_open(r) || r->listens) && smpp_clock_ms() < until)
		wire_turn(r, until, -1);
	expr_close(e);
	if (s != NULL) {
		/*
		 * Found once: the next \wait waits for the next one. \expect
		 * then judges what was found.
		 */
		s->found = true;
		r->answer = s->number;
		return 0;
	}
	if (repl_stopped(r))
		return SMPP_EXIT_NO;
	if (!wire_open(r))
		return out_error(r->lc, SMPP_EXIT_PEER, "wait",
		    "no PDU with %s: the connection is lost", text);
	return repl_bad(r, "wait", "no PDU with %s within %s", text,
	    target_duration(took, ms));
}

/* \wait TIME closed */
static int
wait_closed(struct repl *r, int64_t ms)
{
	int64_t until = smpp_io_deadline(smpp_clock_ms(), ms);
	char took[24];

	while (wire_open(r) && !repl_stopped(r) && smpp_clock_ms() < until)
		wire_turn(r, until, -1);
	if (!wire_open(r))
		return 0;
	if (repl_stopped(r))
		return SMPP_EXIT_NO;
	return repl_bad(
	    r, "wait", "not closed within %s", target_duration(took, ms));
}

/* A time alone is just waited: scripts have no sleep. */
int
judge_wait(struct repl *r, char *rest)
{
	char *word = line_word(&rest);
	int64_t ms;
	int rc = meta_duration(r, word, &ms);

	if (rc != 0)
		return rc;
	rest += strspn(rest, " \t");
	if (strcmp(rest, "closed") == 0)
		return wait_closed(r, ms);
	if (*rest != '\0')
		return wait_expr(r, ms, rest);
	meta_pass(r, ms);
	return 0;
}

/*
 * The entry that is judged: the answer to the last line, or what \wait found.
 * A script waits for the answer here, if it did not do so after the line.
 */
static int
judge_entry(struct repl *r, struct seen **s)
{
	int rc = seen_get(r, r->answer) == NULL ? send_wait(r) : 0;

	*s = rc == 0 ? seen_get(r, r->answer) : NULL;
	return rc;
}

int
judge_expect(struct repl *r, char *rest)
{
	struct subject subject;
	struct expr *e;
	struct seen *s;
	bool good;
	int rc;

	rest += strspn(rest, " \t");
	/*
	 * The expression is all of the line, its quotes included: no words are
	 * cut off it.
	 */
	for (size_t n = strlen(rest); n > 0 && strchr(" \t\r", rest[n - 1]);)
		rest[--n] = '\0';
	rc = where_open(r->lc, "\\expect", rest, &e);
	if (rc == 0)
		rc = judge_entry(r, &s);
	if (rc != 0) {
		expr_close(e);
		return rc;
	}
	echo_subject(r, s, &subject);
	good = subject_holds(&subject, e);
	expr_close(e);
	if (good)
		return 0;
	return repl_bad(r, "expect", "expected %s, got %s", rest,
	    subject_got(&subject, r->lc, rest));
}

/*
 * A value given as it is: a number, or in quotes. Names of keys begin with
 * letters, so digits and quotes are no key.
 */
static const char *
literal(char *value)
{
	if (*value != '"' && (*value < '0' || *value > '9'))
		return NULL;
	line_unquote(value);
	return value;
}

int
judge_let(struct repl *r, char *rest)
{
	char *word, *eq;
	struct subject subject;
	const char *value;
	struct seen *s;
	int rc = meta_word(r, rest, &word);

	if (rc != 0)
		return rc;
	eq = word == NULL ? NULL : strchr(word, '=');
	if (eq == NULL)
		return meta_missing(r, "NAME=KEY, as in id=message_id,");
	*eq++ = '\0';
	value = literal(eq);
	if (value != NULL)
		return repl_set(r, word, value);
	rc = judge_entry(r, &s);
	if (rc != 0)
		return rc;
	echo_subject(r, s, &subject);
	value = subject_value(&subject, r->lc, eq);
	if (value == NULL)
		return repl_bad(r, "let", "no %s in %s", eq,
		    subject_brief(&subject, r->lc));
	return repl_set(r, word, value);
}

/* --- showing --- */

static void
show_one(struct repl *r, const struct seen *s)
{
	if (r->c->out->form == OUT_HUMAN)
		echo_fields(r, s);
	else
		print_seen(r, s, NULL);
}

int
judge_show(struct repl *r, char *rest)
{
	uint64_t i = r->nseen > SEEN_MAX ? r->nseen - SEEN_MAX + 1 : 1;
	bool any = false;
	uint32_t seq;
	char *word;
	int rc = meta_word(r, rest, &word);

	if (rc != 0)
		return rc;
	if (r->nseen == 0)
		return repl_bad(r, "usage", "nothing has passed yet");
	if (word == NULL || strcmp(word, "last") == 0) {
		show_one(r, seen_get(r, r->nseen));
		return 0;
	}
	if (opt_uint(word, &seq) != 0)
		return repl_bad(r, "usage",
		    "'%.20s' is neither last nor a sequence number", word);
	/* Both directions: a request and its answer have one number. */
	for (; i <= r->nseen; i++)
		if (seen_get(r, i)->seq == seq && seen_get(r, i)->whole) {
			show_one(r, seen_get(r, i));
			any = true;
		}
	return any ? 0
		   : repl_bad(
			 r, "usage", "nothing with seq %u is remembered", seq);
}
