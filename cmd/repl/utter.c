/* smpp repl: lines that become octets on the wire. */
#include "words/craft.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "base/hex.h"
#include "repl.h"
#include "target/dialconf.h"
#include "show/show.h"
#include "words/status.h"

enum {
	GRACE_MS = 2000, /* for an answer after a signal */
	NOTE_MAX = 512,
};

/* The version that PDUs are built for. */
static enum smpp_ver
utter_version(const struct repl *r)
{
	return wire_open(r) ? r->link.conn.s.ver : r->target.ver;
}

/* 1 to 0x7fffffff, then around (3.4 5.1.4). */
static uint32_t
next_number(struct repl *r)
{
	uint32_t n = r->next_seq;

	r->next_seq = n >= 0x7fffffff ? 1 : n + 1;
	return n;
}

/*
 * A response answers the newest request of its kind, unless told which. 0 is
 * "not given": it can be written by a lie, !sequence_number=0.
 */
static int
utter_number(struct repl *r, struct smpp_pdu *pdu)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(
	    pdu->command_id & ~SMPP_RESPONSE_BIT);
	bool nack = pdu->command_id == SMPP_C_generic_nack;
	struct seen *s;

	if (pdu->sequence_number != 0)
		return 0;
	if (!(pdu->command_id & SMPP_RESPONSE_BIT)) {
		pdu->sequence_number = next_number(r);
		return 0;
	}
	s = seen_unanswered(r, nack ? 0 : pdu->command_id & ~SMPP_RESPONSE_BIT);
	if (s != NULL)
		pdu->sequence_number = s->seq;
	if (s != NULL || nack)
		return 0;
	out_hint(r->lc, "sequence_number=N answers none on purpose");
	return repl_bad(r, "usage", "no %s waits for an answer",
	    row == NULL ? "request" : row->name);
}

/* --- answers --- */

static struct seen *
last(struct repl *r)
{
	return seen_get(r, r->last);
}

/* Whether nothing more will come of what was sent last. */
static bool
settled(struct repl *r)
{
	struct seen *s = last(r);

	return s == NULL || s->answer != 0 || s->late || !wire_open(r);
}

/* At the prompt the user has stopped it, and needs no word. */
static int
unanswered(struct repl *r)
{
	struct seen *s = last(r);
	const struct smpp_pdu_row *row =
	    s == NULL ? NULL : smpp_pdu_of(s->id | SMPP_RESPONSE_BIT);
	const char *what = s != NULL && s->whole && row != NULL ? row->name
								: "answer";
	char text[24];

	if (repl_stopped(r))
		return r->interactive
			   ? SMPP_EXIT_UNKNOWN
			   : out_error(r->lc, SMPP_EXIT_UNKNOWN, "request",
				 "stopped before %s came", what);
	if (!wire_open(r))
		return out_error(r->lc, SMPP_EXIT_UNKNOWN, "request",
		    "no %s: the connection is lost", what);
	return out_error(r->lc, SMPP_EXIT_UNKNOWN, "request",
	    "no %s within %s from %s", what,
	    target_duration(text, r->target.response_ms), r->link.conn.peer);
}

int
send_wait(struct repl *r)
{
	int64_t until = smpp_io_deadline(
	    smpp_clock_ms(), r->target.response_ms);
	struct subject subject;
	bool hurried = false;

	if (last(r) == NULL)
		return repl_bad(r, "expect", "nothing was sent yet");
	echo_subject(r, last(r), &subject);
	/* One-way PDUs, and those that nobody knows the answer of. */
	if (last(r)->whole && !last(r)->asks && !settled(r))
		return repl_bad(r, "expect",
		    "%s gets no answer; \\wait finds what comes",
		    subject_brief(&subject, r->lc));
	while (!settled(r) && smpp_clock_ms() < until) {
		if (repl_stopped(r) && (r->interactive || sig_stop() > 1))
			break;
		if (repl_stopped(r) && !hurried) {
			hurried = true;
			sig_seen();
			until = smpp_clock_ms() + GRACE_MS;
		}
		wire_turn(r, until, -1);
	}
	if (last(r) == NULL || last(r)->answer == 0)
		return unanswered(r);
	r->answer = last(r)->answer;
	return 0;
}

/*
 * At the prompt nobody is made to wait: the answer is shown when it comes. A
 * short while even at the prompt, so that the usual answer is above the next
 * one.
 */
static int
answered(struct repl *r, bool waits)
{
	int64_t until = smpp_clock_ms() + ANSWER_MS;
	struct seen *s = last(r);

	if (s == NULL || (s->whole && !s->asks && s->answer == 0))
		return 0;
	if (waits && !r->interactive)
		return send_wait(r);
	while (r->interactive && !settled(r) && !repl_stopped(r) &&
	       smpp_clock_ms() < until)
		wire_turn(r, until, -1);
	return 0;
}

/* What was sent last is this, and it has no answer yet. */
static void
utter_sent(struct repl *r, uint64_t number)
{
	r->last = number;
	r->answer = 0;
}

/* --- the kinds of lines --- */

/* The lies in words, for behind the arrow. */
static const char *
lies(struct repl *r, const struct craft *k)
{
	char text[NOTE_MAX];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	for (unsigned i = 0; i < k->lies.n; i++) {
		if (i > 0)
			smpp_sbuf_puts(&b, ", ");
		smpp_lie_text(&b, &k->pdu, &k->lies.v[i]);
	}
	text[b.n] = '\0';
	return cmd_printf(r->lc, "%s", text);
}

/*
 * Numbers, writes and sends what was built. Numbered after it was found good:
 * a line with a mistake uses up none.
 */
static int
utter_finish(struct repl *r, struct craft *k)
{
	struct smpp_view wire;
	int rc = craft_check(k);

	if (rc == 0)
		rc = wire_required(r);
	if (rc == 0)
		rc = utter_number(r, &k->pdu);
	if (rc == 0)
		rc = craft_write(k, &wire);
	if (rc != 0)
		return rc;
	utter_sent(r, wire_put(r, wire, r->line, lies(r, k), false));
	return answered(r, true);
}

int
send_pdu(struct repl *r, const struct smpp_pdu_row *row, char *words)
{
	struct craft *k = cmd_alloc(r->lc, sizeof(*k));
	int rc = craft_begin(k, r->lc, row->id, utter_version(r), SMPP_EXIT_NO);
	char *word;

	k->mc_default = (enum smpp_alphabet)r->target.alphabet;
	/* A bind that forgets it would be one of 3.3. */
	if (rc == 0 && smpp_field_of(smpp_pdu_body(row, k->pdu.ver),
			   SMPP_F_interface_version) != NULL)
		smpp_pdu_set_num(&k->pdu, SMPP_F_interface_version,
		    smpp_ver_octet(k->pdu.ver));
	while (rc == 0 && (word = line_word(&words)) != NULL)
		rc = craft_word(k, word);
	return rc != 0 ? rc : utter_finish(r, k);
}

/* enquire_link is only to begin with: the line says which it is. */
int
send_json(struct repl *r, const char *text)
{
	struct craft *k = cmd_alloc(r->lc, sizeof(*k));
	int rc = craft_begin(
	    k, r->lc, SMPP_C_enquire_link, utter_version(r), SMPP_EXIT_NO);
	struct smpp_err err;

	if (rc != 0)
		return rc;
	smpp_err_clear(&err);
	if (smpp_json_pdu_parse(&k->pdu, text, strlen(text), k->pdu.ver,
		r->c->dictionary, (enum smpp_alphabet)r->target.alphabet,
		&k->store, &err) != 0)
		return repl_bad(r, "usage", "%s", err.msg);
	k->row = k->pdu.row;
	if (k->row == NULL)
		return repl_bad(r, "usage", "no PDU has command_id 0x%08x",
		    k->pdu.command_id);
	return utter_finish(r, k);
}

/*
 * Octets from digits, blanks among them; in the text itself. Two digits become
 * one octet, so it fits where they stood.
 */
static int
utter_octets(struct repl *r, char *hex, struct smpp_view *v)
{
	char *in = hex, *out = hex;
	int64_t n;

	for (; *in != '\0'; in++)
		if (*in != ' ' && *in != '\t')
			*out++ = *in;
	n = smpp_hex_decode((uint8_t *)hex, hex, (size_t)(out - hex));
	if (n <= 0)
		return repl_bad(
		    r, "usage", "octets are pairs of hexadecimal digits");
	*v = smpp_view_of(hex, (size_t)n);
	return 0;
}

/* Not waited for: half a PDU has no answer, and that may be the test. */
int
send_raw(struct repl *r, char *hex)
{
	struct smpp_view v;
	int rc = utter_octets(r, hex, &v);

	if (rc == 0)
		rc = wire_required(r);
	if (rc != 0)
		return rc;
	utter_sent(r, wire_put(r, v, r->line, NULL, false));
	return answered(r, false);
}

/* Lets ms pass, unless the connection ends or somebody is in a hurry. */
static void
drip_pause(struct repl *r, int64_t ms)
{
	int64_t until = smpp_clock_ms() + ms;

	do
		wire_turn(r, until, -1);
	while (wire_open(r) && !repl_stopped(r) && smpp_clock_ms() < until);
}

int
send_drip(struct repl *r, char *hex, int64_t ms)
{
	const uint64_t before = r->nseen;
	struct smpp_view v;
	char text[24];
	int rc = utter_octets(r, hex, &v);

	if (rc == 0)
		rc = wire_required(r);
	if (rc != 0)
		return rc;
	utter_sent(r, wire_note(r, v, r->line,
			  cmd_printf(r->lc, "an octet each %s",
			      target_duration(text, ms))));
	for (uint32_t i = 0; i < v.n && wire_open(r) && !repl_stopped(r); i++) {
		wire_write(r, smpp_view_of(v.p + i, 1));
		if (i + 1 < v.n)
			drip_pause(r, ms);
	}
	/* Times run from the last octet: an SMSC cannot answer before. */
	for (uint64_t i = before + 1; i <= r->last; i++)
		wire_noted(r, i);
	return answered(r, false);
}

static int
utter_bind_refused(struct repl *r, uint32_t status)
{
	char text[STATUS_TEXT];

	status_json(out_more(r->lc), status);
	return out_error(r->lc, SMPP_EXIT_BIND, "bind", "bind refused: %s",
	    status_text(text, status));
}

/* The bind of the target by hand: refused is exit 4, as everywhere. */
int
utter_bind(struct repl *r, unsigned mode)
{
	struct craft *k = cmd_alloc(r->lc, sizeof(*k));
	struct target t = r->target;
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct seen *s;
	int rc;

	t.bind = mode;
	t.password = r->password;
	k->c = r->lc;
	k->bad = SMPP_EXIT_NO;
	dialconf_bind(&t, &k->pdu);
	k->row = k->pdu.row;
	rc = utter_finish(r, k);
	secret_wipe(&t.password);
	s = seen_get(r, r->last);
	s = rc == 0 && s != NULL ? seen_get(r, s->answer) : NULL;
	if (s == NULL)
		return rc;
	seen_decode(r, s, &pdu, &issues);
	return pdu.command_status == 0
		   ? 0
		   : utter_bind_refused(r, pdu.command_status);
}
