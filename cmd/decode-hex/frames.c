/* PDUs out of octets: where each ends, what it is, what is wrong with it. */
#include "words/dictfile.h"
#include "decode-hex.h"

#include <inttypes.h>
#include <string.h>

#include "base/guess.h"
#include "base/rd.h"
#include "msg/sendable.h"
#include "show/show.h"

/* Says what is wrong with a PDU. */
static void
say_issue(struct job *job, const struct smpp_pdu *pdu,
    const struct smpp_issue *is, uint64_t offset)
{
	const char *name = job->a.files.n > 1 ? job->name : NULL;
	char text[256], place[64];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	/*
	 * Places are told where the PDU is whole; the first four octets are
	 * its length, of which the text speaks.
	 */
	if (pdu->wire.n >= pdu->command_length && is->offset >= 4) {
		smpp_issue_place(is, place, sizeof(place));
		smpp_sbuf_printf(&b, "%s at %" PRIu32 ": ", place, is->offset);
	}
	smpp_issue_text(&b, pdu, is);
	text[b.n] = '\0';
	smpp_jsonw_key_i64(out_more(job->c), "index", job->index);
	smpp_jsonw_key_i64(out_more(job->c), "offset", offset);
	out_error(job->c, SMPP_EXIT_DATA, smpp_err_word(is->kind),
	    "%s%sPDU %" PRIu64 " at offset %" PRIu64 ": %s: %s",
	    name != NULL ? name : "", name != NULL ? ": " : "", job->index,
	    offset, smpp_err_word(is->kind), text);
}

/* Errors to stderr, and into the exit status. */
static void
say_issues(struct job *job, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, uint64_t offset)
{
	unsigned i;

	job->rc = cmd_worse(job->rc, SMPP_EXIT_DATA);
	out_flush(job->c->out); /* what is wrong follows what it is about */
	for (i = 0; i < issues->n; i++)
		if (issues->v[i].level == SMPP_ERROR)
			say_issue(job, pdu, &issues->v[i], offset);
}

/*
 * With --strict every warning is an error. Before it is printed: what is shown
 * and what is told agree.
 */
static void
judge_strictly(struct smpp_issues *issues)
{
	unsigned i;

	for (i = 0; i < issues->n; i++)
		if (issues->v[i].level == SMPP_WARNING)
			issues->v[i].level = SMPP_ERROR;
	issues->count[SMPP_ERROR] += issues->count[SMPP_WARNING];
	issues->count[SMPP_WARNING] = 0;
}

/*
 * Notes where in the text octet i stands, of those that frames() looks at: the
 * first before of them came with events that are over.
 */
static void
find_place(struct job *job, size_t i)
{
	const struct smpp_hexevent *e = job->event;

	if (e == NULL || !out_says(job->c, 1) || i < job->before)
		return;
	job->line = e->line;
	job->column = smpp_hexin_column(e, i - job->before);
}

/* Prints a PDU, unless --where leaves it out. Returns -1 without output. */
static int
frames_print(struct job *job, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_show *show)
{
	struct expr_subject subject = {
	    .pdu = pdu, .mc_default = show->mc_default};
	struct out *o = job->c->out;
	struct smpp_jsonw *j;

	/* Not counted as shown: exit 1 says that nothing matched. */
	if (job->where != NULL && !expr_match(job->where, &subject))
		return 0;
	job->shown++;
	if (o->form == OUT_HUMAN) {
		smpp_print_pdu(&o->b, pdu, issues, show);
		return out_line(o);
	}
	j = out_json(o);
	smpp_jsonw_open(j, '{');
	smpp_json_pdu(j, pdu, issues, show);
	smpp_jsonw_close(j, '}');
	return out_record(o);
}

/*
 * Errors are told even of a PDU that --where leaves out: it is part of the
 * input, and the exit status speaks of all of it.
 */
int
show_pdu(struct job *job, struct smpp_view wire)
{
	struct out *o = job->c->out;
	struct smpp_show show = {
	    .index = ++job->index,
	    .offset = job->offset,
	    .raw = o->args.raw,
	    .secrets = o->args.show_secrets,
	    .colour = o->color,
	    .narrow = out_narrow(o),
	    .mc_default = (enum smpp_alphabet)job->a.alphabet,
	};
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	int rc;

	job->some = true;
	if (job->line != 0)
		out_say(job->c, 1,
		    "== PDU %" PRIu64 " begins at %s:%" PRIu64 ":%" PRIu32,
		    job->index, job->name, job->line, job->column);
	dictionary_decode(job->c, &pdu, wire, job->ver, SMPP_CHECK, &issues);
	smpp_check_message(&pdu, show.mc_default, &issues);
	if (job->a.strict)
		judge_strictly(&issues);
	rc = frames_print(job, &pdu, &issues, &show);
	/* That nothing is there needs no word after why that is so. */
	if (issues.count[SMPP_ERROR] > 0 && (wire.n > 0 || job->rc == 0))
		say_issues(job, &pdu, &issues, show.offset);
	return rc == 0 ? 0 : STOP;
}

/*
 * Whether 8 octets at p are the start of the header of a PDU. A length and a
 * known command_id: together they are rarely there by chance.
 */
static bool
is_header(const uint8_t *p)
{
	uint32_t length = smpp_get_u32(p);

	return length >= SMPP_HEADER_SIZE && length <= SMPP_PDU_MAX &&
	       smpp_pdu_of(smpp_get_u32(p + 4)) != NULL;
}

/*
 * Looks for a PDU that is followed by another, or by the end, in the n octets
 * at p. Returns how many can be left behind; *found says that one begins there.
 */
static size_t
search(const uint8_t *p, size_t n, bool end, bool *found)
{
	size_t i, next;

	for (i = 0; n - i >= 8; i++) {
		if (!is_header(p + i))
			continue;
		next = i + smpp_get_u32(p + i);
		/*
		 * Its end lies beyond what was read: more is needed to judge
		 * it, at the end of the input it is taken.
		 */
		if (next > n || n - next < 8) {
			*found = end;
			if (!end)
				break;
		} else {
			*found = is_header(p + next);
		}
		if (*found)
			break;
	}
	return end && !*found ? n : i;
}

/* Leaves octets behind until a header is found. */
static size_t
frames_skip(struct job *job, const uint8_t *p, size_t n, bool end)
{
	bool found = false;
	size_t k = search(p, n, end, &found);

	job->skipped += k;
	if (!found && !end)
		return k;
	job->searching = false;
	out_warn(job->c,
	    "%" PRIu64 " octets before offset %" PRIu64 " passed over",
	    job->skipped, job->offset + k);
	return k;
}

/*
 * A command_length that leads nowhere: shows the header, then gives up, or
 * starts to search behind its first octet. Returns how many octets that takes.
 */
static size_t
frames_lost(struct job *job, const uint8_t *p, size_t n, int *rc)
{
	const char *what = NULL;

	/*
	 * At the very start it is mostly another protocol, later a lost octet.
	 */
	if (job->offset == 0)
		what = smpp_guess_protocol(smpp_view_of(p, n));
	if (what != NULL)
		out_hint(job->c, "this looks like %s", what);
	else if (!job->a.keep_going)
		out_hint(job->c, "--keep-going looks for the next header");
	*rc = show_pdu(job, smpp_view_of(p, SMPP_HEADER_SIZE));
	job->searching = job->a.keep_going;
	job->stopped = !job->a.keep_going;
	job->skipped = 1;
	return job->stopped ? n : 1;
}

/*
 * Takes one PDU from the n octets at p; at the end also what is left of one.
 * Returns how many octets it took, 0 when more are needed. *rc becomes STOP
 * when the output is lost. Half a PDU at the end is shown, too: traces are
 * often cut there.
 */
static size_t
one(struct job *job, const uint8_t *p, size_t n, bool end, int *rc)
{
	int size = 0;

	if (n >= SMPP_HEADER_SIZE)
		size = smpp_frame(p, n, SMPP_PDU_MAX);
	if (size < 0)
		return frames_lost(job, p, n, rc);
	if (size > 0)
		n = (size_t)size;
	else if (!end)
		return 0;
	*rc = show_pdu(job, smpp_view_of(p, n));
	return n;
}

/*
 * Takes as many PDUs as there are in the n octets at p. Adds to *used what it
 * took. Returns 0 or STOP.
 */
static int
frames(struct job *job, const uint8_t *p, size_t n, bool end, size_t *used)
{
	bool searching;
	size_t k = 1;
	int rc = 0;

	while (n > 0 && rc == 0 && !job->stopped) {
		searching = job->searching;
		if (!searching)
			find_place(job, *used);
		k = searching ? frames_skip(job, p, n, end)
			      : one(job, p, n, end, &rc);
		/*
		 * The search ended without moving: then there is something to
		 * take now.
		 */
		if (k == 0 && searching == job->searching)
			break;
		job->offset += k;
		*used += k;
		p += k;
		n -= k;
	}
	return rc != 0 || job->stopped ? STOP : 0;
}

/*
 * PDUs that are whole in the block are decoded where they are; only what is
 * cut by its end is copied. buf has twice the longest PDU, so one always fits.
 */
int
frames_octets(struct job *job, const uint8_t *p, size_t n)
{
	size_t used = 0, k;
	int rc = 0;

	if (job->n == 0) {
		rc = frames(job, p, n, false, &used);
		p += used;
		n -= used;
	}
	while (n > 0 && rc == 0) {
		k = sizeof(job->buf) - job->n;
		k = n < k ? n : k;
		memcpy(job->buf + job->n, p, k);
		p += k;
		n -= k;
		job->before = job->n;
		job->n += (uint32_t)k;
		used = 0;
		rc = frames(job, job->buf, job->n, false, &used);
		job->n -= (uint32_t)used;
		memmove(job->buf, job->buf + used, job->n);
		job->before = 0;
	}
	return rc;
}

/* n is 0 before the octets are shown: whoever calls again has nothing left. */
int
leftover(struct job *job)
{
	size_t n = job->n, used = 0;

	job->before = job->n;
	job->n = 0;
	return frames(job, job->buf, n, true, &used);
}
