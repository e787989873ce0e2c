/* smpp send: the session: what goes, what comes, and when. */
#include "kit/sig.h"
#include "base/clock.h"
#include "words/dictfile.h"
#include "send.h"

enum { GRACE_MS = 2000 }; /* for open responses after a signal */

/*
 * Notes what a message is, once. The PDUs as they will be sent, so that a run
 * that goes on sends the same octets, the same reference of parts among them.
 */
static void
note_read(struct send *s, const struct msg *m)
{
	struct journal_record r = {.type = JOURNAL_READ,
	    .number = m->number,
	    .line = m->line,
	    .record = s->src.record,
	    .index = m->index,
	    .hash = s->src.in.hash};
	const size_t cap = 2 * m->wire_n + m->parts;
	struct smpp_sbuf b;

	if (s->journal.fd < 0)
		return;
	smpp_sbuf_init(&b, room_for(&s->encoded, cap), cap, NULL, NULL);
	for (uint32_t i = 0; i < m->parts; i++) {
		if (i > 0)
			smpp_sbuf_putc(&b, ',');
		smpp_sbuf_hex(&b, m->wire + m->part[i].at, m->part[i].n);
	}
	r.text = smpp_view_of(b.p, b.n);
	journal_note(&s->journal, &r);
}

/* Whether the input is to be read. What a journal knows of it comes before
 * anything is sent, so that it is known to be the same. */
static bool
wants_input(const struct send *s)
{
	return !s->src.over &&
	       (s->pending.n == 0 || s->src.record < s->src.skip);
}

/* The part that is to go next, read if there is none. */
static struct part *
next_part(struct send *s)
{
	struct msg *m;

	if (!wants_input(s))
		return s->pending.first;
	m = source_next(s);
	if (m != NULL) {
		note_read(s, m);
		for (uint32_t i = 0; i < m->parts; i++)
			parts_add(&s->pending, &m->part[i]);
	}
	/* Another turn reads on, while a journal is ahead of the input. */
	return wants_input(s) ? NULL : s->pending.first;
}

/*
 * Picks the parts that the window and the pace allow. Noted as written before
 * it is: after a kill it may have gone or not, and is told as unknown. The
 * other order would lose a message that went, and send it twice.
 */
static void
pick(struct send *s)
{
	int64_t hold;
	uint32_t room = link_room(&s->link, &hold);
	uint64_t now = smpp_clock_ns();
	struct part *p;

	for (; room > 0 && !s->broken && tempo_due(&s->tempo) <= now; room--) {
		p = next_part(s);
		if (p == NULL)
			return;
		parts_del(&s->pending, p);
		parts_add(&s->leaving, p);
		journal_part(&s->journal, JOURNAL_WRITTEN, p->m->number,
		    (uint32_t)(p - p->m->part), 0, smpp_view_of(NULL, 0));
		tempo_sent(&s->tempo, now);
	}
}

/* Sends what was picked. */
static void
submit(struct send *s)
{
	struct smpp_conn *conn = s->link.conn;
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct part *p;

	while ((p = s->leaving.first) != NULL) {
		issues.n = 0;
		smpp_decode(&pdu, smpp_view_of(p->m->wire + p->at, p->n),
		    conn->s.ver, 0, &issues);
		if (smpp_conn_send(conn, &pdu, (uintptr_t)p) != 0)
			cmd_nomem();
		parts_del(&s->leaving, p);
		parts_add(&s->open, p);
		/* Before anything can come back for it. */
		receipt_sent(s, p, &pdu);
		p->fate = MSG_SENT;
		s->sent++;
		p->sent_ns = smpp_clock_ns();
	}
}

/* A message that still waits for receipts stays. */
static void
report_settled(struct send *s)
{
	struct msg *m;

	while ((m = s->settled) != NULL) {
		s->settled = m->next;
		report_answer(s, m);
		if (m->waiting == 0)
			msg_free(s, m);
	}
	s->settled_end = &s->settled;
}

/* The journal could not be written: what it does not know is not done. */
static void
journal_failed(struct send *s, const struct smpp_err *err)
{
	struct part *p;

	while ((p = s->leaving.last) != NULL) {
		parts_del(&s->leaving, p);
		parts_insert(&s->pending, p);
	}
	progress_wipe(s);
	send_exit(
	    s, out_error(s->c, SMPP_EXIT_LOCAL, "journal", "%s", err->msg));
	s->broken = true;
}

/*
 * What happened since the last turn is noted, then told, then acted upon: a
 * kill between any two of these loses nothing.
 */
static void
round_turn(struct send *s)
{
	struct smpp_err err;

	smpp_err_clear(&err);
	if (!s->ending && !s->broken)
		pick(s);
	if (!s->broken && journal_commit(&s->journal, &err) != 0)
		journal_failed(s, &err);
	report_settled(s);
	receipt_report(s);
	if (out_flush(s->c->out) != 0)
		s->broken = true;
	if (s->broken)
		return;
	/*
	 * Acknowledged behind the flush: an SMSC forgets a receipt once it is.
	 */
	receipt_answer(s);
	submit(s);
}

/* True when nothing is left to be done. */
static bool
round_over(const struct send *s)
{
	if (s->broken)
		return true;
	if (s->open.n > 0 || s->waiting.n > 0 || s->taken.n > 0 ||
	    s->settled != NULL || s->leaving.n > 0)
		return false;
	return s->ending || (s->pending.n == 0 && s->src.over);
}

static void
round_readable(struct smpp_watch *w, bool in, bool out)
{
	struct send *s = w->arg;

	(void)in, (void)out;
	source_readable(&s->src);
	link_wake(&s->link);
}

/*
 * Has the input wake us when, and only when, it is wanted. A pipe that has
 * something is always readable: watched while nothing is wanted of it, it
 * would wake us without end.
 */
static void
watch_input(struct send *s)
{
	const bool want = wants_input(s) && !s->ending && s->src.starved;

	if (want == s->watching)
		return;
	s->input = (struct smpp_watch){
	    .fd = s->src.in.fd, .fn = round_readable, .arg = s};
	if (!want)
		smpp_watch_del(&s->link.e, &s->input);
	else if (smpp_watch_add(&s->link.e, &s->input, true, false) != 0)
		source_readable(&s->src); /* what can wait can be watched */
	s->watching = want && s->src.starved;
}

static int64_t
earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When there is something to do, even if nothing happens. */
static int64_t
next_time(const struct send *s)
{
	int64_t until = earlier(
	    earlier(s->stop_at, progress_due(s)), receipt_due(s));
	uint64_t pace = tempo_due(&s->tempo);
	int64_t hold;

	if (link_more(&s->link))
		return 0; /* which may be nothing we hear of */
	if (s->waiting.n > 0)
		until = earlier(until, s->waiting.first->due);
	if (s->ending || link_room(&s->link, &hold) == 0)
		return earlier(until, s->ending ? SMPP_FOREVER : hold);
	/*
	 * Rounded up: a wait that ends before the time would be followed by
	 * another of 0 ms.
	 */
	if (pace > smpp_clock_ns())
		return earlier(until, (int64_t)(pace / 1000000) + 1);
	if (s->pending.n > 0 || (!s->src.over && !s->src.starved))
		return 0;
	return until;
}

/*
 * After a signal: nothing new, and a little time for what is open. A second
 * signal ends it at once; what is open is unknown then.
 */
static void
stopped(struct send *s)
{
	sig_seen();
	s->ending = true;
	s->stop_at = sig_stop() == 1 ? smpp_clock_ms() + GRACE_MS : 0;
}

/* Something beside the link woke us. */
static void
woken(struct send *s)
{
	if (sig_usr1())
		progress_stats(s);
	if (sig_stop() > 0)
		stopped(s);
}

/*
 * The connection ended, or the time given with -t. With nothing open the
 * outcome of all is known: the SMSC has left, and the rest is unsent. Else
 * nobody knows of those.
 */
static void
round_lost(struct send *s)
{
	const bool known = s->open.n == 0 && s->waiting.n == 0;
	const bool late = s->link.err.code == SMPP_ETIMEOUT;
	int exit = known ? SMPP_EXIT_PEER : SMPP_EXIT_UNKNOWN;
	char text[24];

	progress_wipe(s);
	if (known && late)
		out_error(s->c, exit, "submit",
		    "the time limit of %s is over, and not all was sent",
		    target_duration(text, s->a.target.total_ms));
	else
		link_failed(&s->link, exit, "submit",
		    s->open.n > 0 || known ? "submit_sm_resp" : "receipt",
		    s->a.target.total_ms);
	send_exit(s, exit);
	track_lost(s, NULL);
	s->ending = true;
}

static const char stopped_early[] = "stopped before its outcome was known";

/* A time has come: of a signal, of -t, or of something smaller. */
static void
timed_out(struct send *s)
{
	int64_t now = smpp_clock_ms();

	if (now >= s->stop_at) {
		track_lost(s, stopped_early);
		return;
	}
	if (now >= s->link.deadline) {
		round_lost(s);
		return;
	}
	smpp_err_clear(&s->link.err);
	track_overdue(s, now);
}

/*
 * The SMSC logs out: what is open may still be answered. Not an end of ours:
 * an SMSC that logs out for maintenance may answer what it has, and then
 * close.
 */
static void
unbound(struct send *s)
{
	const bool done = s->ending ||
			  (s->pending.n == 0 && source_done(&s->src));

	s->ending = true;
	if (done)
		return;
	progress_wipe(s);
	send_exit(s, out_error(s->c, SMPP_EXIT_PEER, "submit",
			 "%s ended the session (unbind), and not all was sent",
			 s->link.from->peer));
}

static void
wait_one(struct send *s)
{
	int rc;

	watch_input(s);
	rc = link_next(&s->link, next_time(s));
	if (rc == 0) {
		track_event(s);
		if (s->link.ev.kind == SMPP_EV_UNBIND)
			unbound(s);
		return;
	}
	if (rc == SMPP_EINTERRUPTED) {
		smpp_err_clear(&s->link.err);
		woken(s);
	} else if (rc == SMPP_ETIMEOUT) {
		timed_out(s);
	} else {
		round_lost(s);
	}
	/*
	 * After a signal only responses are waited for, and no receipts: the
	 * user wants to go.
	 */
	if (s->stop_at != SMPP_FOREVER && s->open.n == 0)
		track_lost(s, stopped_early);
}

/*
 * What was not sent stays so; addresses given with -d are messages that were,
 * read or not. Those of -d that were not read yet are made, too, so that the
 * result has a line for each address that was given.
 */
static void
leave_unsent(struct send *s)
{
	const bool all = s->src.kind == SOURCE_ONE && s->a.copies == 1;
	struct msg *m;
	struct part *p;

	while (all && !s->broken && (m = source_next(s)) != NULL)
		for (uint32_t i = 0; i < m->parts; i++)
			parts_add(&s->pending, &m->part[i]);
	while ((p = s->leaving.first) != NULL) {
		parts_del(&s->leaving, p);
		track_settle(s, p, MSG_UNSENT);
	}
	while ((p = s->pending.first) != NULL) {
		parts_del(&s->pending, p);
		track_settle(s, p, MSG_UNSENT);
	}
}

void
run_session(struct send *s)
{
	struct smpp_err err;

	s->stop_at = SMPP_FOREVER;
	progress_start(s);
	while (!round_over(s)) {
		/* What is there is taken first: then more is known before it is
		 * time to write, to the journal, to stdout and to the SMSC. */
		if (!link_more(&s->link))
			round_turn(s);
		if (round_over(s))
			break;
		progress_draw(s);
		wait_one(s);
	}
	leave_unsent(s);
	track_lost(s, NULL);
	smpp_err_clear(&err);
	/*
	 * What was settled since the last turn; refused once, the journal
	 * stays refused.
	 */
	if (journal_commit(&s->journal, &err) != 0 && !s->broken)
		journal_failed(s, &err);
	report_settled(s);
	progress_summary(s);
	if (s->watching)
		smpp_watch_del(&s->link.e, &s->input);
}

/* Prints a message as it would be sent. */
static void
print_dry(struct send *s, const struct msg *m)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct smpp_wr w;

	out_say(s->c, 0, "== %-16s %s  (data_coding %u, %u part%s)", "alphabet",
	    smpp_alphabet_name(m->alphabet), m->data_coding, m->parts,
	    m->parts == 1 ? "" : "s");
	for (uint32_t i = 0; i < m->parts; i++) {
		issues.n = 0;
		smpp_wr_init(&w, m->wire + m->part[i].at, m->part[i].n);
		/* The bind is 1. */
		smpp_wire_renumber(w.p, (uint32_t)s->sent++ + 2);
		dictionary_decode(s->c, &pdu, smpp_view_of(w.p, w.cap),
		    s->a.target.ver, 0, &issues);
		report_dry(s, &pdu);
	}
}

/* As many as the input has, without a window or a pace. */
int
run_dry(struct send *s)
{
	struct msg *m;

	target_show(s->c, &s->a.target);
	while (!s->src.over && !s->broken && !s->c->out->b.bad) {
		m = source_next(s);
		if (m != NULL) {
			print_dry(s, m);
			msg_free(s, m);
		} else if (!s->src.over && out_flush(s->c->out) != 0) {
			break;
		}
		source_readable(&s->src); /* or a read waits */
	}
	progress_start(s);
	return s->exit;
}
