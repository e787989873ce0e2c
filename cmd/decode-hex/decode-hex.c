/* smpp decode-hex: every octet of PDUs explained, whatever form they have. */
#include "decode-hex.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "kit/in.h"
#include "words/names.h"
#include "kit/pick.h"
#include "base/hex.h"
#include "show/show.h"
#include "words/dictfile.h"
#include "words/fieldopt.h"

/* A file that is no hex at all has an error a line. */
enum { TEXT_ERRORS = 5 }; /* said of one input */

enum form { FORM_AUTO, FORM_PLAIN, FORM_DUMP, FORM_BIN };

static const char *const form_words[] = {"auto", "plain", "dump", "bin", NULL};

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
	"decode by 3.3, 3.4 or 5.0 alone (any)", .words = names_versions},
    {0, "default-alphabet", OPT_ENUM, AT(alphabet), "ALPHABET",
	"what data_coding 0 means with this SMSC: gsm7, gsm7-packed, ascii, "
	"latin1, utf8, ... (gsm7)",
	.words = names_alphabets},
    DICTIONARY_OPT(AT(dictionary)),
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

/* Reads a PDU from its hex or its fields to buf. Returns its size. */
static int64_t
from_json(struct job *job, const struct smpp_hexevent *e, struct smpp_view hex,
    struct smpp_err *err)
{
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct smpp_wr w, s;
	int64_t n = -1;
	int rc;

	if (hex.n > 2 && hex.n < 2 * sizeof(job->buf))
		n = smpp_hex_decode(
		    job->buf, (const char *)hex.p + 1, hex.n - 2);
	/*
	 * The octets as they were are better than the fields: they have what
	 * is wrong with them, too. Without them the PDU is made of its fields.
	 */
	if (n < 0) {
		smpp_wr_init(&w, job->buf, sizeof(job->buf));
		smpp_wr_init(&s, job->store, sizeof(job->store));
		rc = smpp_json_pdu_parse(&pdu, (const char *)e->p, e->n,
		    job->ver, job->c->dictionary,
		    (enum smpp_alphabet)job->a.alphabet, &s, err);
		if (rc != 0)
			return rc;
		if ((n = smpp_encode(&w, &pdu)) < 0)
			return smpp_err_set(
			    err, (int)n, "%s", smpp_err_text((int)n));
	}
	smpp_decode(
	    &pdu, smpp_view_of(job->buf, (size_t)n), job->ver, 0, &issues);
	/* Asterisks would be decoded as if they had been the password. */
	if (smpp_secret_masked(smpp_pdu_secret(&pdu)))
		return smpp_err_set(err, SMPP_ESYNTAX,
		    "password: all asterisks: it was masked, --show-secrets "
		    "keeps it");
	return n;
}

/* Takes a line of our own JSON: returns 1, 0 for other lines, or STOP. */
static int
decode_hex_object(struct job *job, const struct smpp_hexevent *e)
{
	struct pick k[] = {{"type", 4}, {"hex", 3}};
	struct smpp_err err;
	int64_t n;

	pick_find(k, 2, smpp_view_of(e->p, e->n));
	if (!smpp_view_is(k[0].value, "\"pdu\""))
		return 0;
	/*
	 * Hex before the object has no more octets: a PDU does not go on
	 * behind it.
	 */
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

/*
 * Says what is wrong with the text. Where it is no hex at all, five lines of
 * that are enough. Some is set, so an input of errors alone is not called
 * empty as well.
 */
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
		rc = frames_octets(job, e->p, e->n);
		job->event = NULL;
		break;
	/*
	 * What follows begins anew, as behind an empty line or the head of a
	 * dump.
	 */
	case SMPP_HEXIN_CUT:
		rc = leftover(job);
		break;
	/* What the reader passed over, for those who ask with -v. */
	case SMPP_HEXIN_NOTE:
		out_say(job->c, 1, "== %s:%" PRIu64 ":%" PRIu32 ": %s",
		    job->name, e->line, e->column, e->msg);
		break;
	case SMPP_HEXIN_ERROR:
		say_text_error(job, e);
		break;
	case SMPP_HEXIN_OBJECT:
		rc = decode_hex_object(job, e);
		break;
	}
	return rc;
}

/*
 * Begins an input. Nothing goes on from one file to the next: not half a PDU
 * either.
 */
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
	/* The same octets, not copied. */
	return frames_octets(job, (const uint8_t *)p, n);
}

/*
 * Ends it. Returns 0, or STOP when the output is lost. Stopped is not lost: a
 * bad command_length ends this input, others follow.
 */
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
decode_hex_words(struct job *job)
{
	size_t i;
	int rc = 0;

	input_begin(job, "HEX");
	for (i = 0; i < job->a.words.n && rc == 0; i++) {
		rc = input_block(
		    job, job->a.words.v[i], strlen(job->a.words.v[i]));
		/* A word's end separates digits, as a blank would. */
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
		/*
		 * A file that cannot be opened does not keep the others from
		 * being read.
		 */
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
	job->a.ver = 3; /* none of the words: any */
	if ((rc = opt_parse(c, argc, argv, &job->a)) >= 0)
		return rc;
	job->ver = names_ver[job->a.ver];
	if ((rc = where_open(c, "--where", job->a.where, &job->where)) != 0)
		return rc;
	rc = job->a.words.n > 0 ? decode_hex_words(job) : 0;
	if (rc == 0 && (job->a.files.n > 0 || job->a.words.n == 0))
		rc = files(job);
	/*
	 * Nothing at all: shown as a PDU without octets, so that an empty pipe
	 * is an error in the same words as half a header.
	 */
	if (rc == 0 && !job->some && job->rc != SMPP_EXIT_LOCAL) {
		job->offset = 0;
		show_pdu(job, smpp_view_of(NULL, 0));
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
