/* smpp send: what a journal says, and what is left of it to be done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/hex.h"
#include "send.h"

enum { BUCKETS = 4096 };

/*
 * A journal being read: the messages that are not over, in order and by
 * number.
 */
struct resumption {
	struct send *s;
	struct msg *first, *last;
	struct msg *bucket[BUCKETS];
	uint64_t job;
	bool begun;
};

/*
 * With its NUL, so that "ab" "c" is not "a" "bc"; what is not given is not an
 * empty word.
 */
static uint64_t
hash_word(uint64_t h, const char *word)
{
	if (word == NULL)
		return smpp_hash64(h, "\0", 2);
	return smpp_hash64(smpp_hash64(h, word, strlen(word)), "", 1);
}

static uint64_t
hash_list(uint64_t h, const struct opt_list *l)
{
	for (size_t i = 0; i < l->n; i++)
		h = hash_word(h, l->v[i]);
	return hash_word(h, NULL);
}

/*
 * What makes two commands the same job: everything about what is sent. Where
 * it is sent to and how fast may change between two runs: a batch that failed
 * is continued over another address or with a smaller window.
 */
static uint64_t
job(const struct send *s)
{
	const struct send_args *a = &s->a;
	const char *const words[] = {a->source, a->text, a->file, a->hex,
	    a->batch, a->sheet, a->map, a->template, a->encoding, a->split,
	    a->national};
	const uint32_t numbers[] = {a->lines, a->part_size, a->replace,
	    a->flash, a->waiting, a->receipt || a->wait_ms >= 0, a->copies,
	    s->a.target.ver, a->target.alphabet};
	uint64_t h = 0;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		h = hash_word(h, words[i]);
	h = smpp_hash64(h, numbers, sizeof(numbers));
	h = hash_list(h, &a->dest);
	h = hash_list(h, &a->fields);
	return smpp_hash64(h, s->src.text.p, s->src.text.n);
}

/*
 * Messages that are over are forgotten while reading, so that a journal of
 * millions takes the memory of what is left.
 */
static struct msg *
resume_find(struct resumption *r, uint64_t number)
{
	struct msg *m = r->bucket[number % BUCKETS];

	while (m != NULL && m->number != number)
		m = m->chain;
	return m;
}

static void
resume_keep(struct resumption *r, struct msg *m)
{
	struct msg **bucket = &r->bucket[m->number % BUCKETS];

	m->chain = *bucket;
	*bucket = m;
	m->next = NULL;
	m->prev = r->last;
	if (r->last != NULL)
		r->last->next = m;
	else
		r->first = m;
	r->last = m;
}

static void
resume_forget(struct resumption *r, struct msg *m)
{
	struct msg **at = &r->bucket[m->number % BUCKETS];

	while (*at != m)
		at = &(*at)->chain;
	*at = m->chain;
	if (m->prev != NULL)
		m->prev->next = m->next;
	else
		r->first = m->next;
	if (m->next != NULL)
		m->next->prev = m->prev;
	else
		r->last = m->prev;
	msg_free(r->s, m);
}

/* The PDU of each part, from hexadecimal. */
static bool
read_parts(struct msg *m, struct smpp_view text)
{
	const uint8_t *comma;
	struct smpp_view hex;
	uint8_t *p;

	for (uint32_t i = 0; i < m->parts; i++) {
		comma = text.n == 0 ? NULL : memchr(text.p, ',', text.n);
		hex = text;
		if (comma != NULL)
			hex.n = (uint32_t)(comma - text.p);
		p = msg_room(m, hex.n / 2 + 1);
		if (hex.n < 2 * SMPP_HEADER_SIZE ||
		    smpp_hex_decode(p, (const char *)hex.p, hex.n) < 0)
			return false;
		m->part[i].at = (uint32_t)m->wire_n;
		m->part[i].n = hex.n / 2;
		m->wire_n += hex.n / 2;
		if (comma != NULL)
			text = smpp_view_of(comma + 1,
			    (size_t)(smpp_view_end(text) - comma - 1));
	}
	return true;
}

/*
 * What the record says about the whole message stands in its first PDU. The
 * journal is a file that anybody may have edited: judged as hostile.
 */
static bool
read_envelope(struct send *s, struct msg *m)
{
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;
	struct smpp_view dest;

	if (smpp_decode(&pdu, smpp_view_of(m->wire, m->part[0].n),
		s->a.target.ver, 0, &issues) != 0)
		return false;
	dest = smpp_pdu_view(&pdu, SMPP_F_destination_addr);
	if (pdu.command_id != SMPP_C_submit_sm || dest.n >= sizeof(m->dest))
		return false;
	if (dest.n > 0)
		memcpy(m->dest, dest.p, dest.n);
	m->dest[dest.n] = '\0';
	m->data_coding = (uint8_t)smpp_pdu_num(&pdu, SMPP_F_data_coding);
	m->alphabet = (uint8_t)smpp_alphabet_of(
	    m->data_coding, (enum smpp_alphabet)s->a.target.alphabet);
	return true;
}

/*
 * The last record of the input that was read counts: up to there it is passed
 * over, and compared by its hash.
 */
static void
resume_place(struct send *s, const struct journal_record *rec)
{
	s->src.skip = rec->record;
	s->src.skip_hash = rec->hash;
	s->src.skip_index = rec->index;
}

static bool
on_read(struct resumption *r, const struct journal_record *rec)
{
	struct msg *m = msg_new(r->s);
	uint32_t parts = 1;

	for (uint32_t i = 0; i < rec->text.n; i++)
		parts += rec->text.p[i] == ',';
	if (parts > SMPP_PARTS_MAX) {
		msg_free(r->s, m);
		return false;
	}
	msg_parts(m, parts);
	m->number = rec->number;
	m->line = rec->line;
	m->index = rec->index;
	if (!read_parts(m, rec->text) || !read_envelope(r->s, m) ||
	    resume_find(r, m->number) != NULL) {
		msg_free(r->s, m);
		return false;
	}
	r->s->tally.read = rec->number;
	resume_place(r->s, rec);
	resume_keep(r, m);
	return true;
}

/* A message that needs nothing more. */
static void
check_over(struct resumption *r, struct msg *m)
{
	struct send *s = r->s;

	if (m->unanswered > 0)
		return;
	/* Counted now, not printed: the run before has printed it. */
	if (!m->reported) {
		m->reported = true;
		report_count(s, m);
		send_exit(s, report_exit(m));
	}
	if (m->waiting > 0)
		return;
	if (msg_fate(m) == MSG_DELIVERED)
		s->tally.delivered++;
	else if (msg_fate(m) == MSG_UNDELIVERED) {
		s->tally.undelivered++;
		send_exit(s, SMPP_EXIT_NO);
	}
	resume_forget(r, m);
}

static bool
on_accepted(struct send *s, struct part *p, struct smpp_view hex)
{
	uint8_t *id = (uint8_t *)part_name_room(p, hex.n / 2);

	if (smpp_hex_decode(id, (const char *)hex.p, hex.n) < 0)
		return false;
	p->fate = MSG_ACCEPTED;
	p->m->unanswered--;
	p->m->waiting += s->a.wait_ms >= 0;
	return true;
}

static bool
on_part(struct resumption *r, const struct journal_record *rec)
{
	struct msg *m = resume_find(r, rec->number);
	struct part *p;
	bool ok = true;

	if (m == NULL || rec->part >= m->parts)
		return false;
	p = &m->part[rec->part];
	switch (rec->type) {
	case JOURNAL_WRITTEN:
		p->fate = MSG_SENT;
		break;
	case JOURNAL_THROTTLED:
		p->fate = MSG_UNSENT;
		break;
	/* An answer to what was never written: such a journal is not ours. */
	case JOURNAL_ACCEPTED:
		ok = p->fate == MSG_SENT && on_accepted(r->s, p, rec->text);
		break;
	case JOURNAL_REFUSED:
		ok = p->fate == MSG_SENT;
		p->fate = MSG_REFUSED;
		p->status = rec->status;
		m->unanswered -= ok;
		break;
	default:
		ok = p->fate == MSG_ACCEPTED && m->waiting > 0;
		p->fate = rec->status == 1 ? MSG_DELIVERED : MSG_UNDELIVERED;
		m->waiting -= ok;
		if (ok)
			receipt_resumed(r->s, p, true);
	}
	if (ok)
		check_over(r, m);
	return ok;
}

/* NULL, or why the journal cannot be used. */
static const char *
resume_record(void *arg, const struct journal_record *rec)
{
	struct resumption *r = arg;
	bool ok = true;

	switch (rec->type) {
	case JOURNAL_JOB:
		return rec->hash == r->job ? NULL : "it is about another job";
	case JOURNAL_READ:
		ok = on_read(r, rec);
		break;
	case JOURNAL_BAD:
		r->s->tally.bad++;
		send_exit(r->s, SMPP_EXIT_DATA);
		resume_place(r->s, rec);
		break;
	default:
		ok = on_part(r, rec);
	}
	return ok ? NULL : "damaged";
}

/*
 * Whether those whose outcome is not known are to be sent again. Sending twice
 * or not at all is not ours to choose: who wants to be asked is asked on the
 * terminal, for standard input may be the batch.
 */
static int
decide(struct send *s, size_t n, bool *resend)
{
	char word[16] = "";
	FILE *tty;

	*resend = s->a.on_unknown == UNKNOWN_RESEND;
	if (s->a.on_unknown != UNKNOWN_ASK)
		return 0;
	tty = s->a.target.secret.no_input ? NULL : fopen("/dev/tty", "r+");
	if (tty == NULL)
		return out_error(s->c, SMPP_EXIT_USAGE, "journal",
		    "--on-unknown ask: there is no terminal");
	fprintf(tty, "Send %s again, at the risk of sending %s twice? [y/N] ",
	    n == 1 ? "it" : "them", n == 1 ? "it" : "them");
	fflush(tty);
	if (fgets(word, sizeof(word), tty) == NULL)
		word[0] = '\0';
	fclose(tty);
	*resend = word[0] == 'y' || word[0] == 'Y';
	return 0;
}

/* Lists the parts whose outcome is not known. Returns how many. */
static size_t
list_unknown(const struct resumption *r)
{
	size_t n = 0;

	for (const struct msg *m = r->first; m != NULL; m = m->next)
		for (uint32_t i = 0; i < m->parts; i++) {
			if (m->part[i].fate != MSG_SENT)
				continue;
			n++;
			out_warn(r->s->c,
			    "%s: written but not answered (line %u, part %u "
			    "of %u)",
			    m->dest, m->line, i + 1, m->parts);
		}
	return n;
}

/* Takes up a message where it was left. */
static void
take_up(struct send *s, struct msg *m, bool resend)
{
	struct part *p;

	m->waiting = 0;
	for (p = m->part; p < m->part + m->parts; p++) {
		/* Written, and no answer: as unknown as when it happened. */
		if (p->fate == MSG_ACCEPTED && s->a.wait_ms >= 0) {
			/*
			 * The clock of the run before means nothing: the wait
			 * begins anew.
			 */
			p->sent_ns = smpp_clock_ns();
			track_wait(s, p);
			receipt_resumed(s, p, false);
		} else if (p->fate == MSG_SENT && !resend) {
			track_settle(s, p, MSG_UNKNOWN);
		} else if (p->fate == MSG_SENT || p->fate == MSG_UNSENT) {
			p->again = p->fate == MSG_SENT;
			s->tally.again += p->again;
			p->fate = MSG_UNSENT;
			parts_add(&s->pending, p);
		}
	}
}

static int
take_up_all(struct resumption *r)
{
	struct send *s = r->s;
	struct msg *m, *next;
	size_t n = list_unknown(r);
	bool resend = true;
	int rc = n == 0 ? 0 : decide(s, n, &resend);

	if (rc != 0)
		return rc;
	if (n > 0)
		out_warn(s->c, "%zu of unknown outcome: %s", n,
		    resend ? "sent again" : "not sent again");
	for (m = r->first; m != NULL; m = next) {
		next = m->next;
		take_up(s, m, resend);
	}
	return 0;
}

/* A new journal says what it is about before the first message is sent. */
static int
resume_begin(struct resumption *r)
{
	struct send *s = r->s;
	struct smpp_err err;

	if (r->begun) {
		out_say(s->c, 0,
		    "== %s: %llu messages were read, %llu accepted, %llu "
		    "refused",
		    s->a.journal, (unsigned long long)s->tally.read,
		    (unsigned long long)s->tally.accepted,
		    (unsigned long long)s->tally.refused);
		return take_up_all(r);
	}
	smpp_err_clear(&err);
	journal_note(&s->journal,
	    &(struct journal_record){.type = JOURNAL_JOB, .hash = r->job});
	if (journal_commit(&s->journal, &err) == 0)
		return 0;
	return out_error(s->c, SMPP_EXIT_LOCAL, "journal", "%s", err.msg);
}

/* Reads the journal, and begins where it ends. */
static int
resume_from(struct resumption *r)
{
	struct send *s = r->s;
	int rc;

	r->job = job(s);
	rc = journal_replay(&s->journal, s->c, resume_record, r, &r->begun);
	return rc != 0 ? rc : resume_begin(r);
}

int
resume(struct send *s)
{
	struct resumption *r;
	struct smpp_err err;
	int rc;

	if (s->a.journal == NULL)
		return 0;
	smpp_err_clear(&err);
	if (journal_open(&s->journal, s->a.journal, &err) != 0)
		return out_error(
		    s->c, SMPP_EXIT_LOCAL, "journal", "%s", err.msg);
	r = cmd_alloc(s->c, sizeof(*r));
	r->s = s;
	rc = resume_from(r);
	/* After an error nothing of the journal is taken up. */
	while (rc != 0 && r->first != NULL)
		resume_forget(r, r->first);
	return rc;
}
