/* smpp send: results, for people and as JSON. */
#include <stdio.h>
#include <string.h>

#include "words/human.h"
#include "base/clock.h"
#include "send.h"
#include "show/receipttext.h"
#include "show/show.h"
#include "words/status.h"

static const char *
fate_word(enum send_fate fate)
{
	static const char *const words[] = {
	    [MSG_UNSENT] = "unsent",
	    [MSG_ACCEPTED] = "accepted",
	    [MSG_REFUSED] = "refused",
	    [MSG_UNKNOWN] = "unknown",
	    [MSG_DELIVERED] = "delivered",
	    [MSG_UNDELIVERED] = "undelivered",
	};

	return words[fate];
}

static double
result_ms(uint64_t from, uint64_t to)
{
	return (double)(to - from) / 1e6;
}

/* Lines for people are no data: -q drops them. */
static bool
silent(const struct out *o)
{
	return o->form == OUT_HUMAN && o->args.quiet;
}

/*
 * Of whom a record is; line is 0 for none. An address is the user's or a
 * peer's: any octet may be in it.
 */
static void
result_put_who(struct smpp_jsonw *j, uint32_t line, struct smpp_view dest)
{
	if (line > 0)
		smpp_jsonw_key_i64(j, "line", line);
	smpp_jsonw_key(j, "destination_addr");
	smpp_jsonw_latin1(j, dest);
}

/* Opens a record and writes what all have. */
static struct smpp_jsonw *
record_open(struct send *s, const char *type, uint32_t line,
    struct smpp_view dest, enum send_fate fate)
{
	struct smpp_jsonw *j = out_begin(s->c->out, type);

	result_put_who(j, line, dest);
	smpp_jsonw_key_cstr(j, "outcome", fate_word(fate));
	return j;
}

static void
record_close(struct send *s, struct smpp_jsonw *j)
{
	smpp_jsonw_close(j, '}');
	out_record(s->c->out);
}

/*
 * The ids of all parts, the first one by itself too. message_id for who has
 * one part, message_ids for all: a reader need not know which it will be.
 */
static void
put_ids(struct smpp_jsonw *j, const struct msg *m)
{
	smpp_jsonw_key(j, "message_id");
	smpp_jsonw_latin1(j, smpp_view_str(part_name(&m->part[0])));
	smpp_jsonw_key(j, "message_ids");
	smpp_jsonw_open(j, '[');
	for (uint32_t i = 0; i < m->parts; i++) {
		smpp_jsonw_latin1(j, smpp_view_str(part_name(&m->part[i])));
		j->comma = true;
	}
	smpp_jsonw_close(j, ']');
}

/* The fate of a message by its responses alone: receipts of some parts may have
 * come before it. */
static enum send_fate
answer_fate(const struct msg *m)
{
	enum send_fate fate = msg_fate(m);

	return fate == MSG_DELIVERED || fate == MSG_UNDELIVERED ? MSG_ACCEPTED
								: fate;
}

/* The part that decided the fate of a message. */
static const struct part *
decisive(const struct msg *m)
{
	enum send_fate worst = msg_fate(m);
	const struct part *p = m->part;

	while (p->fate != worst)
		p++;
	return p;
}

/*
 * Milliseconds from the first part sent to the last one answered. The clock of
 * the monotonic kind: 0 means that nothing was answered.
 */
static double
latency(const struct msg *m)
{
	uint64_t last = 0;

	for (uint32_t i = 0; i < m->parts; i++)
		if (m->part[i].answered_ns > last)
			last = m->part[i].answered_ns;
	return last == 0 ? 0 : result_ms(m->part[0].sent_ns, last);
}

/* Whether the message may have gone twice. */
static bool
any_again(const struct msg *m)
{
	uint32_t i = 0;

	while (i < m->parts && !m->part[i].again)
		i++;
	return i < m->parts;
}

static void
record_answer(struct send *s, const struct msg *m)
{
	const struct part *p = decisive(m);
	enum send_fate fate = answer_fate(m);
	struct smpp_jsonw *j = record_open(
	    s, "result", m->line, smpp_view_str(m->dest), fate);

	if (fate == MSG_ACCEPTED)
		put_ids(j, m);
	if (p->answered_ns != 0)
		status_json(j, p->status);
	smpp_jsonw_key_i64(j, "parts", m->parts);
	smpp_jsonw_key_i64(j, "data_coding", m->data_coding);
	if (p->answered_ns != 0) {
		smpp_jsonw_key(j, "latency_ms");
		smpp_jsonw_ms(j, latency(m));
	}
	/* For bills: this message may have been sent twice. */
	if (any_again(m)) {
		smpp_jsonw_key(j, "resent");
		smpp_jsonw_bool(j, true);
	}
	record_close(s, j);
}

/*
 * Columns as wide as the longest fate that can come: with receipts that is
 * delivered.
 */
static void
line_answer(struct send *s, const struct msg *m)
{
	struct smpp_sbuf *b = &s->c->out->b;
	enum send_fate fate = answer_fate(m);

	human_words(b, smpp_view_str(m->dest));
	smpp_sbuf_printf(
	    b, "  %-*s", s->a.wait_ms >= 0 ? 9 : 8, fate_word(fate));
	for (uint32_t i = 0; fate == MSG_ACCEPTED && i < m->parts; i++) {
		smpp_sbuf_puts(b, i == 0 ? "  " : ",");
		human_words(b, smpp_view_str(part_name(&m->part[i])));
	}
	smpp_sbuf_printf(b, "  %u part%s  %s", m->parts,
	    m->parts == 1 ? "" : "s", smpp_alphabet_name(m->alphabet));
	if (latency(m) > 0) {
		smpp_sbuf_puts(b, "  ");
		human_ms(b, latency(m));
	}
	smpp_sbuf_putc(b, '\n');
	out_line(s->c->out);
}

/* Says why a message was refused. */
static void
result_refused(struct send *s, const struct msg *m)
{
	uint32_t status = decisive(m)->status;
	struct smpp_jsonw *j = out_more(s->c);
	char text[STATUS_TEXT];

	progress_wipe(s);
	result_put_who(j, m->line, smpp_view_str(m->dest));
	status_json(j, status);
	out_error(s->c, report_exit(m), "submit", "%s: refused: %s", m->dest,
	    status_text(text, status));
}

void
report_count(struct send *s, const struct msg *m)
{
	struct send_tally *t = &s->tally;
	enum send_fate fate = msg_fate(m);

	t->settled++;
	/* All else is accepted, whatever its receipt says. */
	if (fate == MSG_REFUSED)
		t->refused++;
	else if (fate == MSG_UNKNOWN)
		t->unknown++;
	else if (fate == MSG_UNSENT)
		t->unsent++;
	else
		t->accepted++;
}

/*
 * Nothing of an unsent part was under way, so it may be sent again: that is
 * what the class says.
 */
int
report_exit(const struct msg *m)
{
	switch (msg_fate(m)) {
	case MSG_REFUSED:
		return status_exit(decisive(m)->status);
	case MSG_UNKNOWN:
		return SMPP_EXIT_UNKNOWN;
	case MSG_UNSENT:
		return SMPP_EXIT_PEER;
	case MSG_UNDELIVERED:
		return SMPP_EXIT_NO;
	default:
		return SMPP_EXIT_OK;
	}
}

void
report_answer(struct send *s, struct msg *m)
{
	progress_aside(s);
	m->reported = true;
	report_count(s, m);
	if (s->c->out->form != OUT_HUMAN)
		record_answer(s, m);
	else if (!silent(s->c->out))
		line_answer(s, m);
	if (msg_fate(m) == MSG_REFUSED)
		result_refused(s, m);
	send_exit(s, report_exit(m));
}

void
report_no_receipt(struct send *s, const struct part *p, const char *why)
{
	struct smpp_jsonw *j;

	p->m->untold--;
	s->tally.no_receipt++;
	send_exit(s, SMPP_EXIT_UNKNOWN);
	/* The loss of the connection was told already, for all of them. */
	if (why == NULL)
		return;
	progress_wipe(s);
	j = out_more(s->c);
	smpp_jsonw_key(j, "destination_addr");
	smpp_jsonw_latin1(j, smpp_view_str(p->m->dest));
	smpp_jsonw_key(j, "message_id");
	smpp_jsonw_latin1(j, smpp_view_str(part_name(p)));
	out_error(s->c, SMPP_EXIT_UNKNOWN, "receipt", "%s", why);
}

/* The state of a receipt that is final, which is one of the table. */
static const char *
state_name(const struct smpp_receipt *r)
{
	return smpp_enum_of(
	    SMPP_SET_message_state, (uint32_t)r->state, SMPP_V50)
	    ->symbol;
}

static void
put_name(struct smpp_jsonw *j, struct smpp_view id)
{
	smpp_jsonw_key(j, "message_id");
	smpp_jsonw_latin1(j, id);
}

static void
put_match(struct smpp_jsonw *j, const struct note *n)
{
	smpp_jsonw_key(j, "id_match");
	smpp_jsonw_cstr(j, smpp_id_match_name(n->match));
}

/* A receipt in the result of its message. */
static void
put_receipt(struct smpp_jsonw *j, const struct smpp_receipt *r)
{
	smpp_jsonw_key(j, "message_state");
	smpp_jsonw_i64(j, r->state);
	smpp_jsonw_key(j, "message_state_name");
	smpp_jsonw_cstr(j, state_name(r));
	smpp_jsonw_key(j, "receipt");
	smpp_jsonw_open(j, '{');
	smpp_json_receipt(j, r);
	smpp_jsonw_close(j, '}');
}

static void
put_after(struct smpp_jsonw *j, double after)
{
	smpp_jsonw_key(j, "after_ms");
	smpp_jsonw_ms(j, after);
}

/* n and r are NULL if a run before this one had the receipt. */
static void
record_over(struct send *s, const struct msg *m, enum send_fate fate,
    const struct note *n, const struct smpp_receipt *r, double after)
{
	struct smpp_jsonw *j = record_open(
	    s, "result", m->line, smpp_view_str(m->dest), fate);

	put_name(j, smpp_view_str(part_name(&m->part[0])));
	if (n != NULL) {
		put_match(j, n);
		put_receipt(j, r);
	}
	put_after(j, after);
	record_close(s, j);
}

static void
record_part(struct send *s, const struct part *p, const struct note *n,
    const struct smpp_receipt *r, double after)
{
	struct smpp_jsonw *j = record_open(
	    s, "receipt", p->m->line, smpp_view_str(p->m->dest), p->fate);

	put_name(j, smpp_view_str(part_name(p)));
	put_match(j, n);
	smpp_jsonw_key(j, "part");
	smpp_jsonw_u32(j, (uint32_t)(p - p->m->part) + 1);
	smpp_jsonw_key(j, "parts");
	smpp_jsonw_u32(j, p->m->parts);
	smpp_json_receipt(j, r);
	put_after(j, after);
	record_close(s, j);
}

/* stat, or the name of the state where a receipt has no text. */
static void
put_stat(struct smpp_sbuf *b, const struct smpp_receipt *r)
{
	struct smpp_view err = r->value[SMPP_RF_ERR];

	human_words(b, r->value[SMPP_RF_STAT]);
	if (err.n == 0)
		return;
	smpp_sbuf_puts(b, "  err ");
	human_words(b, err);
}

/* The line of a receipt up to where it is about a part, or after how long. */
static void
receipt_line_begin(struct smpp_sbuf *b, struct smpp_view dest,
    enum send_fate fate, struct smpp_view id)
{
	human_words(b, dest);
	smpp_sbuf_printf(b, "  %s  ", fate_word(fate));
	human_words(b, id);
}

static void
line_end(struct send *s, enum send_fate fate, const struct smpp_receipt *r,
    double after)
{
	struct smpp_sbuf *b = &s->c->out->b;

	if (fate != MSG_DELIVERED && r != NULL) {
		smpp_sbuf_puts(b, "  ");
		put_stat(b, r);
	}
	smpp_sbuf_puts(b, "  after ");
	human_ms(b, after);
	smpp_sbuf_putc(b, '\n');
	out_line(s->c->out);
}

static void
report_part(struct send *s, const struct part *p, const struct note *n,
    const struct smpp_receipt *r)
{
	double after = result_ms(p->sent_ns, smpp_clock_ns());
	struct smpp_sbuf *b = &s->c->out->b;

	progress_aside(s);
	if (s->c->out->form != OUT_HUMAN) {
		record_part(s, p, n, r, after);
	} else if (!silent(s->c->out)) {
		receipt_line_begin(b, smpp_view_str(p->m->dest), p->fate,
		    smpp_view_str(part_name(p)));
		smpp_sbuf_printf(b, "  part %u of %u",
		    (uint32_t)(p - p->m->part) + 1, p->m->parts);
		line_end(s, p->fate, r, after);
	}
}

/* The end of a message that was or was not delivered; n as record_over(). */
static void
report_end(struct send *s, const struct msg *m, enum send_fate fate,
    const struct note *n)
{
	double after = result_ms(m->part[0].sent_ns, smpp_clock_ns());
	struct smpp_receipt r, *known = n == NULL ? NULL : &r;

	if (n != NULL)
		receipt_read(s, n, &r);
	progress_aside(s);
	if (s->c->out->form != OUT_HUMAN) {
		record_over(s, m, fate, n, known, after);
	} else if (!silent(s->c->out)) {
		receipt_line_begin(&s->c->out->b, smpp_view_str(m->dest), fate,
		    smpp_view_str(part_name(&m->part[0])));
		line_end(s, fate, known, after);
	}
	if (fate == MSG_DELIVERED)
		return;
	progress_wipe(s);
	send_exit(s,
	    out_error(s->c, SMPP_EXIT_NO, "receipt", "%s: not delivered: %s",
		m->dest, known != NULL ? state_name(known) : "as was known"));
}

/*
 * Told once, when every part has its receipt or will have none: a part that
 * was not delivered decides, however early it came.
 */
void
report_over(struct send *s, struct msg *m, const struct note *n)
{
	bool bad = false;

	for (uint32_t i = 0; i < m->parts; i++)
		bad |= m->part[i].fate == MSG_UNDELIVERED;
	if (m->untold > 0 || m->unanswered > 0 || m->finished ||
	    (!bad && msg_fate(m) != MSG_DELIVERED))
		return;
	m->finished = true;
	if (bad)
		s->tally.undelivered++;
	else
		s->tally.delivered++;
	report_end(
	    s, m, bad ? MSG_UNDELIVERED : MSG_DELIVERED, bad ? m->bad : n);
}

void
report_receipt(struct send *s, struct part *p, struct note *n)
{
	struct smpp_receipt r;
	struct msg *m = p->m;

	m->untold--;
	/*
	 * Kept, for the end of the message has to say what the receipt said.
	 */
	if (p->fate == MSG_UNDELIVERED && m->bad == NULL) {
		m->bad = n;
		n->keep = true;
	}
	if (m->parts > 1) {
		receipt_read(s, n, &r);
		report_part(s, p, n, &r);
	}
	report_over(s, m, n);
}

/*
 * Its message was told as without a receipt, which stays counted so: a summary
 * must not change behind what was printed.
 */
void
report_late(struct send *s, const struct note *n, struct smpp_view dest)
{
	enum send_fate fate = n->state == SMPP_message_state_DELIVERED
				  ? MSG_DELIVERED
				  : MSG_UNDELIVERED;
	struct smpp_sbuf *b = &s->c->out->b;
	struct smpp_receipt r;
	struct smpp_jsonw *j;

	receipt_read(s, n, &r);
	progress_aside(s);
	if (s->c->out->form != OUT_HUMAN) {
		j = record_open(s, "receipt", 0, dest, fate);
		put_name(j, r.value[SMPP_RF_ID]);
		smpp_jsonw_key(j, "late");
		smpp_jsonw_bool(j, true);
		smpp_json_receipt(j, &r);
		record_close(s, j);
	} else if (!silent(s->c->out)) {
		receipt_line_begin(b, dest, fate, r.value[SMPP_RF_ID]);
		smpp_sbuf_puts(b, "  late\n");
		out_line(s->c->out);
	}
}

/*
 * The fields as name=value, without the name of the PDU. A text in words may
 * have eight characters an octet: \x00 and quotes.
 */
static void
result_put_pairs(struct send *s, const struct smpp_pdu *pdu)
{
	size_t cap = 8 * (size_t)pdu->command_length + 1024;
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, room_for(&s->replaced, cap), cap, NULL, NULL);
	smpp_pdu_pairs(&b, pdu, false);
	cap = strlen(pdu->row->name) + 1;
	smpp_sbuf_put(&s->c->out->b, b.p + cap, b.n - cap);
}

void
report_dry(struct send *s, struct smpp_pdu *pdu)
{
	struct out *o = s->c->out;
	struct smpp_show show = {.dir = "out",
	    .raw = o->args.raw,
	    .mc_default = (enum smpp_alphabet)s->a.target.alphabet};
	struct smpp_jsonw *j;

	if (o->form != OUT_HUMAN) {
		j = out_json(o);
		smpp_jsonw_open(j, '{');
		smpp_json_pdu(j, pdu, NULL, &show);
		smpp_jsonw_close(j, '}');
		out_record(o);
		return;
	}
	smpp_sbuf_printf(
	    &o->b, "%s  %u bytes  ", pdu->row->name, pdu->command_length);
	if (o->args.raw)
		smpp_show_hex(&o->b, pdu, pdu->wire, false);
	else
		result_put_pairs(s, pdu);
	smpp_sbuf_putc(&o->b, '\n');
	out_line(o);
}
