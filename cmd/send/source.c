/* Where messages come from: the command line, or the records of an input. */
#include "source.h"

#include <stdlib.h>
#include <string.h>

#include "send.h"
#include "sheet.h"
#include "show/show.h"

/* Records that are passed over before others have a turn. */
enum { TURN = 10000 };

/* The index of a record that is no good as a whole. */
#define NO_INDEX UINT32_MAX

/*
 * Which kind the options ask for; -1 after saying what contradicts what.
 * Negative exit classes are errors, so they cannot be taken for a kind.
 */
static int
source_kind_of(struct send *s)
{
	const struct send_args *a = &s->a;
	const bool text = a->text != NULL || a->file != NULL || a->hex != NULL;

	if (a->lines + (a->batch != NULL) + (a->sheet != NULL) > 1)
		return -out_usage(s->c, "-l, --batch and --sheet exclude each "
					"other");
	if (a->lines && (a->file == NULL || a->text || a->hex))
		return -out_usage(s->c, "-l is about the lines of -f");
	if (a->sheet == NULL && (a->map != NULL || a->template != NULL))
		return -out_usage(
		    s->c, "--map and --template are about --sheet");
	if (a->journal == NULL && a->on_unknown != UNKNOWN_RESEND)
		return -out_usage(s->c, "--on-unknown is about --journal");
	if (a->template != NULL && text)
		return -out_usage(
		    s->c, "the text is -m, -f or -x, or --template");
	if (a->batch != NULL)
		return SOURCE_BATCH;
	if (a->sheet != NULL)
		return SOURCE_SHEET;
	return a->lines ? SOURCE_LINES : SOURCE_ONE;
}

static int
input_failed(struct send *s, const struct smpp_err *err)
{
	s->src.over = true;
	return send_exit(
	    s, out_error(s->c, SMPP_EXIT_LOCAL, "input", "%s", err->msg));
}

/*
 * Reads more. False when it is not there yet, or never will be. A pipe is read
 * only when poll says so: the session goes on meanwhile. Starved tells the
 * loop to wait for it.
 */
static bool
source_more(struct send *s)
{
	struct source *src = &s->src;
	struct smpp_err err;

	src->starved = src->in.waits && !src->ready && !src->in.end;
	if (src->starved || src->in.end)
		return false;
	src->ready = false;
	smpp_err_clear(&err);
	if (input_fill(&src->in, &err) == 0)
		return true;
	input_failed(s, &err);
	return false;
}

/*
 * Feeds a line to the sheet: 1 when that makes a row. Errors name the line
 * where a row begins, not where it ends.
 */
static int
source_row(struct send *s, struct smpp_view line, struct smpp_err *err)
{
	struct source *src = &s->src;

	if (!sheet_inside(src->sheet))
		src->line = src->in.line;
	return sheet_line(src->sheet, line, err);
}

/* A record is there: 1, 0 when the line is none, or what is wrong. */
static int
source_take_line(struct send *s, struct smpp_view line, struct smpp_err *err)
{
	struct source *src = &s->src;

	if (src->kind == SOURCE_SHEET)
		return source_row(s, line, err);
	src->line = src->in.line;
	while (line.n > 0 && strchr(" \t\r", line.p[line.n - 1]) != NULL)
		line.n--;
	return line.n > 0;
}

/*
 * The next line, waited for: 1, 0 when there is none, or what is wrong. Before
 * the connection is made waiting harms nobody.
 */
static int
wait_line(struct send *s, struct smpp_view *line)
{
	struct source *src = &s->src;
	int rc;

	while ((rc = input_line(&src->in, line)) == 0) {
		source_readable(src);
		if (!source_more(s))
			break;
	}
	src->ready = false;
	return rc;
}

/* The header is read before anything else. */
static int
read_header(struct send *s)
{
	struct source *src = &s->src;
	struct smpp_err err;
	struct smpp_view line;
	int rc;

	smpp_err_clear(&err);
	while ((rc = wait_line(s, &line)) == 1) {
		rc = source_row(s, line, &err);
		if (rc != 0)
			break;
	}
	if (rc == 1)
		return columns_header(s);
	if (s->exit != 0)
		return s->exit;
	if (rc == 0)
		return out_error(s->c, SMPP_EXIT_DATA, "sheet", "%s: no header",
		    src->in.name);
	return out_error(s->c, SMPP_EXIT_DATA, "sheet", "%s:%u: %s",
	    src->in.name, src->line,
	    err.code != 0 ? err.msg : "the header is too long");
}

int
source_open(struct send *s)
{
	struct source *src = &s->src;
	const struct send_args *a = &s->a;
	const char *name = a->lines ? a->file
				    : (a->batch != NULL ? a->batch : a->sheet);
	struct smpp_err err;
	int kind = source_kind_of(s);

	if (kind < 0)
		return -kind;
	src->kind = (enum source_kind)kind;
	if (kind != SOURCE_BATCH && kind != SOURCE_SHEET && a->dest.n == 0)
		return out_usage(s->c, "no destination: give -d");
	if (kind == SOURCE_ONE)
		return 0;
	smpp_err_clear(&err);
	/* Values of one record at a time; made messages have their own. */
	src->store = malloc(DRAFT_MAX);
	if (src->store == NULL)
		cmd_nomem();
	kind = input_open(&src->in, name, INPUT_MAX, &err);
	if (kind == SMPP_ENOMEM)
		cmd_nomem();
	if (kind != 0)
		return input_failed(s, &err);
	if (src->in.tty)
		out_say(s->c, 0, "reading from the terminal, end with Ctrl-D");
	if (src->kind != SOURCE_SHEET)
		return 0;
	src->sheet = sheet_open(
	    strlen(name) > 4 && strcmp(name + strlen(name) - 4, ".tsv") == 0
		? '\t'
		: 0);
	if (src->sheet == NULL)
		cmd_nomem();
	return read_header(s);
}

void
source_close(struct send *s)
{
	struct source *src = &s->src;

	if (src->store != NULL)
		input_close(&src->in);
	free(src->store);
	sheet_close(src->sheet);
	template_fini(&src->template);
}

/* Where the journal is to go on after this. */
static void
note_bad(struct send *s)
{
	s->tally.bad++;
	journal_bad(&s->journal, s->src.line, s->src.record, s->src.index,
	    s->src.in.hash);
}

/*
 * The record is no good: it is told, and the rest of it passed over. In the
 * journal, too: a run that goes on does not tell it again.
 */
static void
bad_record(struct send *s, const char *what, const char *why)
{
	if (why != NULL)
		send_error(s, SMPP_EXIT_DATA, what, "%s", why);
	s->src.have = false;
	s->src.index = NO_INDEX;
	note_bad(s);
}

/* The fields and the text of a line of JSON. */
static int
json_draft(struct send *s, struct smpp_view line, struct smpp_err *err)
{
	struct source *src = &s->src;
	struct draft *d = &src->draft;
	struct smpp_view octets;
	struct smpp_wr store;
	int rc;

	smpp_wr_init(&store, src->store, DRAFT_MAX);
	rc = smpp_json_message_parse(&d->pdu, &d->text, (const char *)line.p,
	    line.n, s->a.target.ver, s->c->dictionary,
	    (enum smpp_alphabet)s->a.target.alphabet, &store, err);
	if (rc == 0)
		rc = submit_times(&d->pdu, &store, err);
	if (rc == 0 && d->text.p == NULL &&
	    smpp_pdu_payload(&d->pdu, &octets) < 0)
		d->text = src->text;
	return rc;
}

/* Makes the draft of a record. */
static void
make_draft(struct send *s, struct smpp_view line)
{
	struct source *src = &s->src;
	struct draft *d = &src->draft;
	struct smpp_err err;

	smpp_err_clear(&err);
	src->have = true;
	src->dest = 0;
	src->copy = src->index = 0;
	d->octets = false;
	d->text = src->text;
	switch (src->kind) {
	case SOURCE_BATCH:
		if (json_draft(s, line, &err) != 0)
			bad_record(s, "batch", err.msg);
		break;
	/* Told where it was found: columns have names. */
	case SOURCE_SHEET:
		if (columns_draft(s) != 0)
			bad_record(s, "sheet", NULL);
		break;
	default:
		smpp_pdu_init(&d->pdu, SMPP_C_submit_sm, 0, s->a.target.ver);
		if (src->kind != SOURCE_LINES)
			break;
		if (line.n > 0 && line.p[line.n - 1] == '\r')
			line.n--;
		d->text = line;
	}
	/* -x gives octets for all records that bring no text of their own. */
	if (src->have && d->text.p == src->text.p)
		d->octets = s->a.hex != NULL;
}

/*
 * The next message of the draft is another one; after the last it is over. A
 * record makes copies times destinations; one that has its own address makes
 * one of each.
 */
static void
source_advance(struct send *s)
{
	struct source *src = &s->src;
	const bool one = smpp_pdu_has(&src->draft.pdu, SMPP_F_destination_addr);

	src->index++;
	if (++src->copy < s->a.copies)
		return;
	src->copy = 0;
	if (++src->dest >= s->a.dest.n || one)
		src->have = false;
}

/*
 * The input is not the one of the journal. Nothing is sent then: with another
 * input numbers would not mean the same messages.
 */
static void
refuse_input(struct send *s, const char *why)
{
	out_hint(s->c, "the same command takes the same input again, from its "
		       "beginning");
	send_exit(s, out_error(s->c, SMPP_EXIT_USAGE, "journal", "%s: %s",
			 s->a.journal, why));
	s->src.over = s->broken = true;
	s->src.have = false;
}

/*
 * A record that was read before: the last such may have messages left. Only
 * the last one is compared: the hash is over everything up to it.
 */
static void
skip_record(struct send *s, struct smpp_view line)
{
	struct source *src = &s->src;

	src->have = false;
	if (src->record < src->skip)
		return;
	if (src->in.hash != src->skip_hash) {
		refuse_input(s, "this is not the input it is about");
		return;
	}
	if (src->skip_index == NO_INDEX)
		return;
	make_draft(s, line);
	while (src->have && src->index < src->skip_index)
		source_advance(s);
}

static void
end_of_input(struct send *s)
{
	struct source *src = &s->src;
	struct smpp_err err;

	smpp_err_clear(&err);
	src->over = true;
	if (src->kind == SOURCE_SHEET && sheet_end(src->sheet, &err) != 0) {
		src->record++;
		bad_record(s, "sheet", err.msg);
	}
	/*
	 * An empty input is no shorter one: it may be a pipe that is not fed.
	 */
	if (src->record > 0 && src->record < src->skip)
		refuse_input(s, "the input is shorter than it was");
}

/* Goes on to the next record. False when there is none (yet). */
static bool
next_record(struct send *s)
{
	struct source *src = &s->src;
	struct smpp_err err;
	struct smpp_view line = {NULL, 0};
	int rc;

	if (src->kind == SOURCE_ONE && src->record > 0)
		src->over = true;
	if (src->over)
		return false;
	smpp_err_clear(&err);
	rc = src->kind == SOURCE_ONE ? 1 : input_line(&src->in, &line);
	if (rc == 0) {
		if (src->in.end)
			end_of_input(s);
		return source_more(s);
	}
	/* A line too long is still a record, so that numbers stay. */
	if (rc == 1 && src->kind != SOURCE_ONE)
		rc = source_take_line(s, line, &err);
	else if (rc == SMPP_ERANGE)
		src->line = src->in.line;
	if (rc == 0)
		return true;
	src->record++;
	if (src->record <= src->skip)
		skip_record(s, line);
	else if (rc > 0)
		make_draft(s, line);
	else
		bad_record(s, "input",
		    err.code != 0 ? err.msg : "the line is too long");
	return true;
}

/* Makes the next message of the draft; NULL after it was told what is wrong. */
static struct msg *
make(struct send *s)
{
	struct source *src = &s->src;
	struct smpp_view dest = {NULL, 0};
	struct msg *m;

	if (!smpp_pdu_has(&src->draft.pdu, SMPP_F_destination_addr)) {
		if (s->a.dest.n == 0) {
			bad_record(s, "input", "no destination");
			return NULL;
		}
		dest = smpp_view_str(s->a.dest.v[src->dest]);
	}
	/*
	 * A message that cannot be made ends its record: the other copies
	 * would fail alike.
	 */
	m = msg_new(s);
	if (submit_make(s, m, &src->draft, dest) != 0) {
		msg_free(s, m);
		bad_record(s, NULL, NULL);
		return NULL;
	}
	source_advance(s);
	m->line = src->kind == SOURCE_ONE ? 0 : src->line;
	/* Where to go on in the record after this one. */
	m->index = src->index;
	m->number = ++s->tally.read;
	return m;
}

/* A million bad lines in a row must not keep the session from its timers. */
struct msg *
source_next(struct send *s)
{
	struct source *src = &s->src;
	struct msg *m;

	for (unsigned n = 0; n < TURN; n++) {
		if (src->have && (m = make(s)) != NULL)
			return m;
		if (!src->have && !next_record(s))
			return NULL;
	}
	return NULL;
}

void
source_readable(struct source *src)
{
	src->ready = true;
	src->starved = false;
}

/*
 * Without reading: whether an end is known already decides if the loop still
 * has something to wait for.
 */
bool
source_done(const struct source *src)
{
	const struct input *in = &src->in;

	if (src->over || src->have)
		return src->over;
	if (src->kind == SOURCE_ONE)
		return src->record > 0;
	return input_over(in) || (in->size > 0 && in->taken >= in->size);
}
