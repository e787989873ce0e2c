/* smpp decode-hex: every octet of PDUs explained, in whatever form they come.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/guess.h"
#include "base/hex.h"
#include "base/rd.h"
#include "cmd.h"
#include "in.h"
#include "msg/check.h"
#include "names.h"
#include "pick.h"
#include "show/hexin.h"
#include "show/show.h"
#include "where.h"

enum {
	STOP = -1,       /* what the reader is told when no more is wanted */
	TEXT_ERRORS = 5, /* said of one input */
};

enum form { FORM_AUTO, FORM_PLAIN, FORM_DUMP, FORM_BIN };

static const char *const form_words[] = {"auto", "plain", "dump", "bin", NULL};
static const char *const ver_words[] = {"3.3", "3.4", "5.0", NULL};
static const enum smpp_ver vers[] = {SMPP_V33, SMPP_V34, SMPP_V50, SMPP_VANY};

struct decode_args {
	struct opt_list files;
	struct opt_list words;
	unsigned form;
	unsigned ver;
	unsigned alphabet; /* enum smpp_alphabet */
	const char *where;
	bool keep_going;
	bool strict;
};

#define AT(member) offsetof(struct decode_args, member)

static const struct opt decode_opts[] = {
    {0, "HEX", OPT_POS_LIST, AT(words), NULL,
	"hexadecimal digits, all words together"},
    {'f', "file", OPT_FILES, AT(files), "FILE",
	"read FILE, - for standard input (-)"},
    {0, "in", OPT_ENUM, AT(form), "FORM",
	"what the input is: auto, plain (nothing but digits), dump (lines "
	"start with offsets) or bin (octets) (auto)",
	.words = form_words},
    {0, "smpp-version", OPT_ENUM, AT(ver), "VERSION",
	"decode by 3.3, 3.4 or 5.0 alone (any)", .words = ver_words},
    {0, "default-alphabet", OPT_ENUM, AT(alphabet), "ALPHABET",
	"what data_coding 0 means with this SMSC: gsm7, gsm7-packed, ascii, "
	"latin1, utf8, ... (gsm7)",
	.words = names_alphabets},
    {0, "where", OPT_STR, AT(where), "EXPR",
	"print only PDUs for which EXPR holds; exit 1 if there are none"},
    {0, "keep-going", OPT_FLAG, AT(keep_going), NULL,
	"behind a bad command_length look for the next header"},
    {0, "strict", OPT_FLAG, AT(strict), NULL, "take warnings for errors"},
    OPT_OUTPUT_ROWS,
    OPT_END,
};

static const char *const decode_examples[] = {
    "smpp decode-hex 00000010 00000015 00000000 00000001",
    "xclip -o | smpp decode-hex",
    "grep -A12 'SMPP PDU' bearerbox.log | smpp decode-hex -j",
    "smpp decode-hex -f dump.bin --in bin --tsv command_id_name",
    NULL,
};

/*
 * What is read, and how far. buf holds n octets of a PDU that is not complete
 * yet, the first of them at offset of the input. event is what brought the
 * octets being looked at, NULL when they are not from text.
 */
struct job {
	struct ctx *c;
	struct decode_args a;
	struct smpp_hexin *hex;
	const struct smpp_hexevent *event;
	const char *name;
	struct expr *where;
	uint64_t shown;   /* PDUs for which it held */
	uint64_t index;   /* PDUs so far */
	uint64_t offset;  /* octets of this input so far, but for buf */
	uint64_t skipped; /* of them, while searching */
	uint64_t line;    /* where the next PDU begins, 0 when nowhere */
	uint32_t column;
	size_t before; /* octets of buf that came before the event */
	uint64_t text_errors;
	bool some;      /* there were octets or errors in an input */
	bool searching; /* for the next header */
	bool stopped;   /* this input cannot be followed any further */
	bool begun;     /* the first block of this input came */
	int rc;
	uint32_t n;
	uint8_t buf[2 * SMPP_MAX_PDU];
	uint8_t store[2 * SMPP_MAX_PDU]; /* values read from JSON */
};

static void
more_number(struct ctx *c, const char *key, uint64_t v)
{
	jsonw_key(out_more(c), key);
	smpp_jsonw_i64(out_more(c), (int64_t)v);
}

/* Says what is wrong with a PDU. */
static void
say_issue(struct job *job, const struct smpp_pdu *pdu,
    const struct smpp_issue *is, uint64_t offset)
{
	const char *name = job->a.files.n > 1 ? job->name : NULL;
	char text[256], place[64];
	struct sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	if (pdu->wire.n >= pdu->command_length && is->offset >= 4) {
		smpp_issue_place(is, place, sizeof(place));
		smpp_sbuf_printf(&b, "%s at %" PRIu32 ": ", place, is->offset);
	}
	smpp_issue_text(&b, pdu, is);
	text[b.n] = '\0';
	more_number(job->c, "index", job->index);
	more_number(job->c, "offset", offset);
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

/* With --strict every warning is an error. */
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
	job->column = e->column;
	if (e->read != NULL)
		job->column += smpp_hexread_column(
				   e->text, e->read, i - job->before) -
			       e->read->beg - 1;
}

/* Prints a PDU, unless --where leaves it out. Returns -1 without output. */
static int
print(struct job *job, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues, const struct smpp_show *show)
{
	struct expr_subject subject = {
	    .pdu = pdu, .mc_default = show->mc_default};
	struct out *o = job->c->out;
	struct jsonw *j;

	if (job->where != NULL && !expr_match(job->where, &subject))
		return 0;
	job->shown++;
	if (o->form == OUT_HUMAN) {
		smpp_print_pdu(&o->b, pdu, issues, show);
		return out_line(o);
	}
	j = out_json(o);
	jsonw_open(j, '{');
	smpp_json_pdu(j, pdu, issues, show);
	jsonw_close(j, '}');
	return out_record(o);
}

/*
 * Decodes and shows the PDU that begins with the octets of wire, which may be
 * fewer or more than it has. Returns 0, or STOP when the output is lost.
 */
static int
show_pdu(struct job *job, struct view wire)
{
	struct out *o = job->c->out;
	struct smpp_show show = {
	    .index = ++job->index,
	    .offset = job->offset,
	    .raw = o->args.raw,
	    .secrets = o->args.show_secrets,
	    .colour = o->color,
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
	smpp_decode(&pdu, wire, vers[job->a.ver], SMPP_CHECK, &issues);
	smpp_check_message(&pdu, show.mc_default, &issues);
	if (job->a.strict)
		judge_strictly(&issues);
	rc = print(job, &pdu, &issues, &show);
	/* That nothing is there needs no word after why that is so. */
	if (issues.count[SMPP_ERROR] > 0 && (wire.n > 0 || job->rc == 0))
		say_issues(job, &pdu, &issues, show.offset);
	return rc == 0 ? 0 : STOP;
}

/* Whether 8 octets at p are the start of the header of a PDU. */
static bool
is_header(const uint8_t *p)
{
	uint32_t length = get_u32(p);

	return length >= SMPP_HEADER_SIZE && length <= SMPP_MAX_PDU &&
	       smpp_pdu_row(get_u32(p + 4)) != NULL;
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
		next = i + get_u32(p + i);
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
skip(struct job *job, const uint8_t *p, size_t n, bool end)
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
lost(struct job *job, const uint8_t *p, size_t n, int *rc)
{
	const char *what = NULL;

	if (job->offset == 0)
		what = smpp_guess_protocol(view_of(p, n));
	if (what != NULL)
		out_hint(job->c, "this looks like %s", what);
	else if (!job->a.keep_going)
		out_hint(job->c, "--keep-going looks for the next header");
	*rc = show_pdu(job, view_of(p, SMPP_HEADER_SIZE));
	job->searching = job->a.keep_going;
	job->stopped = !job->a.keep_going;
	job->skipped = 1;
	return job->stopped ? n : 1;
}

/*
 * Takes one PDU from the n octets at p; at the end also what is left of one.
 * Returns how many octets it took, 0 when more are needed. *rc becomes STOP
 * when the output is lost.
 */
static size_t
one(struct job *job, const uint8_t *p, size_t n, bool end, int *rc)
{
	int size = 0;

	if (n >= SMPP_HEADER_SIZE)
		size = smpp_frame(p, n, SMPP_MAX_PDU);
	if (size < 0)
		return lost(job, p, n, rc);
	if (size > 0)
		n = (size_t)size;
	else if (!end)
		return 0;
	*rc = show_pdu(job, view_of(p, n));
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
		k = searching ? skip(job, p, n, end) : one(job, p, n, end, &rc);
		if (k == 0 && searching == job->searching)
			break;
		job->offset += k;
		*used += k;
		p += k;
		n -= k;
	}
	return rc != 0 || job->stopped ? STOP : 0;
}

/* Takes octets of the input. Returns 0 or STOP. */
static int
octets(struct job *job, const uint8_t *p, size_t n)
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

/* Shows what is left of a PDU that will get no more octets. */
static int
leftover(struct job *job)
{
	size_t n = job->n, used = 0;

	job->before = job->n;
	job->n = 0;
	return frames(job, job->buf, n, true, &used);
}

/* Reads a PDU from its hex or its fields to buf. Returns its size. */
static int64_t
from_json(struct job *job, const struct smpp_hexevent *e, struct view hex,
    struct smpp_err *err)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct wr w, s;
	int64_t n = -1;
	int rc;

	if (hex.n > 2 && hex.n < 2 * sizeof(job->buf))
		n = smpp_hex_decode(
		    job->buf, (const char *)hex.p + 1, hex.n - 2);
	if (n < 0) {
		wr_init(&w, job->buf, sizeof(job->buf));
		wr_init(&s, job->store, sizeof(job->store));
		rc = smpp_json_parse(&pdu, (const char *)e->p, e->n,
		    vers[job->a.ver], (enum smpp_alphabet)job->a.alphabet, &s,
		    err);
		if (rc != 0)
			return rc;
		if ((n = smpp_encode(&w, &pdu)) < 0)
			return smpp_err_set(
			    err, (int)n, "%s", smpp_err_text((int)n));
	}
	smpp_decode(
	    &pdu, view_of(job->buf, (size_t)n), vers[job->a.ver], 0, &issues);
	if (smpp_masked(smpp_secret(&pdu)))
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "password: all asterisks: it was masked, --show-secrets "
		    "keeps it");
	return n;
}

/* Takes a line of our own JSON: returns 1, 0 for other lines, or STOP. */
static int
object(struct job *job, const struct smpp_hexevent *e)
{
	struct pick k[] = {{"type", 4}, {"hex", 3}};
	struct smpp_err err;
	int64_t n;

	pick_find(k, 2, view_of(e->p, e->n));
	if (!view_is(k[0].value, "\"pdu\""))
		return 0;
	if (leftover(job) != 0)
		return STOP;
	job->some = true;
	smpp_err_clear(&err);
	n = from_json(job, e, k[1].value, &err);
	if (n >= 0) {
		job->n = (uint32_t)n;
		return leftover(job) != 0 ? STOP : 1;
	}
	job->rc = cmd_worse(job->rc, SMPP_EXIT_DATA);
	out_error(job->c, SMPP_EXIT_DATA, "json", "%s:%" PRIu64 ": %s",
	    job->name, e->line, err.msg);
	return 1;
}

/* Says what is wrong with the text. Where it is no hex at all, five lines of
 * that are enough. */
static void
say_text_error(struct job *job, const struct smpp_hexevent *e)
{
	job->some |= job->c->out->form == OUT_HUMAN;
	job->rc = cmd_worse(job->rc, SMPP_EXIT_DATA);
	if (++job->text_errors > TEXT_ERRORS)
		return;
	out_error(job->c, SMPP_EXIT_DATA, "hex",
	    "%s:%" PRIu64 ":%" PRIu32 ": %s", job->name, e->line, e->column,
	    e->msg);
}

/* What the hex reader found. */
static int
found(void *arg, const struct smpp_hexevent *e)
{
	struct job *job = arg;
	int rc = 0;

	switch (e->what) {
	case SMPP_HEXIN_OCTETS:
		job->event = e;
		rc = octets(job, e->p, e->n);
		job->event = NULL;
		break;
	case SMPP_HEXIN_CUT:
		rc = leftover(job);
		break;
	case SMPP_HEXIN_NOTE:
		out_say(job->c, 1, "== %s:%" PRIu64 ":%" PRIu32 ": %s",
		    job->name, e->line, e->column, e->msg);
		break;
	case SMPP_HEXIN_ERROR:
		say_text_error(job, e);
		break;
	case SMPP_HEXIN_OBJECT:
		rc = object(job, e);
		break;
	}
	return rc;
}

/* Begins an input. */
static void
input_begin(struct job *job, const char *name)
{
	static const enum smpp_hexform forms[] = {
	    SMPP_HEXFORM_AUTO, SMPP_HEXFORM_PLAIN, SMPP_HEXFORM_DUMP};

	job->name = name;
	job->offset = 0;
	job->line = 0;
	job->text_errors = 0;
	job->n = 0;
	job->searching = job->stopped = job->begun = false;
	job->hex = NULL;
	if (job->a.form == FORM_BIN)
		return;
	job->hex = smpp_hexin_open(forms[job->a.form], found, job);
	if (job->hex == NULL)
		cmd_nomem();
}

/* Takes a block of it. A first block with NULs in it is no text. */
static int
input_block(struct job *job, const char *p, size_t n)
{
	if (job->a.form == FORM_AUTO && !job->begun &&
	    memchr(p, 0, n) != NULL) {
		out_say(job->c, 1, "== %s: octets, not text", job->name);
		smpp_hexin_close(job->hex);
		job->hex = NULL;
	}
	job->begun = true;
	if (job->hex != NULL)
		return smpp_hexin_feed(job->hex, p, n);
	return octets(job, (const uint8_t *)p, n);
}

/* Ends it. Returns 0, or STOP when the output is lost. */
static int
input_end(struct job *job, int rc)
{
	if (rc == 0 && job->hex != NULL)
		rc = smpp_hexin_end(job->hex);
	if (rc == 0)
		rc = leftover(job);
	smpp_hexin_close(job->hex);
	if (job->text_errors > TEXT_ERRORS)
		out_warn(job->c, "%s: %" PRIu64 " more of these", job->name,
		    job->text_errors - TEXT_ERRORS);
	return job->stopped ? 0 : rc;
}

/* The words of the command line, as if they stood in one line. */
static int
words(struct job *job)
{
	size_t i;
	int rc = 0;

	input_begin(job, "HEX");
	for (i = 0; i < job->a.words.n && rc == 0; i++) {
		rc = input_block(
		    job, job->a.words.v[i], strlen(job->a.words.v[i]));
		if (rc == 0)
			rc = input_block(job, " ", 1);
	}
	return input_end(job, rc);
}

/* The files, or standard input. */
static int
files(struct job *job)
{
	struct in *in = cmd_alloc(job->c, sizeof(*in));
	const char *p;
	int64_t n;
	int rc = 0, more;

	in_init(in, job->c, job->a.files);
	while (rc == 0 && (more = in_open(in)) != 0) {
		if (more < 0) {
			job->rc = cmd_worse(job->rc, SMPP_EXIT_LOCAL);
			continue;
		}
		input_begin(job, in->name);
		while (rc == 0 && (n = in_read(in, &p)) > 0)
			rc = input_block(job, p, (size_t)n);
		if (n < 0) {
			job->rc = cmd_worse(job->rc, SMPP_EXIT_LOCAL);
			rc = -1;
		}
		rc = input_end(job, rc);
	}
	return rc;
}

static int
decode_run(struct ctx *c, int argc, char **argv)
{
	struct job *job = cmd_alloc(c, sizeof(*job));
	int rc;

	job->c = c;
	job->a.ver = 3; /* none of ver_words: any */
	if ((rc = opt_parse(c, argc, argv, &job->a)) >= 0)
		return rc;
	if ((rc = where_open(c, "--where", job->a.where, &job->where)) != 0)
		return rc;
	rc = job->a.words.n > 0 ? words(job) : 0;
	if (rc == 0 && (job->a.files.n > 0 || job->a.words.n == 0))
		rc = files(job);
	if (rc == 0 && !job->some && job->rc != SMPP_EXIT_LOCAL) {
		job->offset = 0;
		show_pdu(job, view_of(NULL, 0));
	}
	if (job->where != NULL && job->shown == 0)
		job->rc = cmd_worse(job->rc, SMPP_EXIT_NO);
	expr_close(job->where);
	return job->rc;
}

const struct cmd cmd_decode_hex = {
    .name = "decode-hex",
    .brief = "show every octet of PDUs given as hex",
    .args = "[OPTION]... [HEX]...",
    .examples = decode_examples,
    .opts = decode_opts,
    .run = decode_run,
};
