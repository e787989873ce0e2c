/* smpp send: the text or data, encoded and cut into parts. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hex.h"
#include "send.h"
#include "text/encoder.h"

enum { FILE_MAX = 64 * 1024 };

/* Reads a whole text, without its last newline. */
static int
content_read_text(struct ctx *c, const char *name, struct smpp_view *v)
{
	bool std = strcmp(name, "-") == 0;
	char *p = cmd_alloc(c, FILE_MAX + 1);
	int fd = std ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
	int64_t n = fd < 0 ? -1 : input_whole(fd, p, FILE_MAX + 1);

	if (n < 0)
		return out_errno(c, SMPP_EXIT_LOCAL, "file", name);
	if (!std)
		close(fd);
	if (n > FILE_MAX)
		return out_error(
		    c, SMPP_EXIT_DATA, "text", "%s: larger than 64 KiB", name);
	/* One newline, which editors put there; further ones are text. */
	if (n > 0 && p[n - 1] == '\n')
		n--;
	*v = smpp_view_of(p, (size_t)n);
	return 0;
}

static int
from_hex(struct send *s, struct smpp_view *v)
{
	size_t n = strlen(s->a.hex);
	uint8_t *out = cmd_alloc(s->c, n / 2 + 1);

	if (smpp_hex_decode(out, s->a.hex, n) < 0)
		return out_error(s->c, SMPP_EXIT_DATA, "hex",
		    "--hex: not pairs of hex digits");
	*v = smpp_view_of(out, n / 2);
	return 0;
}

int
content_default(struct send *s, struct smpp_view *text)
{
	const struct send_args *a = &s->a;

	*text = (struct smpp_view){NULL, 0};
	if ((a->text != NULL) + (a->file != NULL) + (a->hex != NULL) > 1)
		return out_usage(s->c, "-m, -f and -x exclude each other");
	if (a->hex != NULL)
		return from_hex(s, text);
	if (a->file != NULL && !a->lines)
		return content_read_text(s->c, a->file, text);
	if (a->text != NULL)
		*text = smpp_view_str(a->text);
	return 0;
}

/* What data_coding 0 means with this SMSC. */
static enum smpp_alphabet
content_mc_default(const struct send *s)
{
	return (enum smpp_alphabet)s->a.target.alphabet;
}

/* The alphabet that -e names, or -1 to choose. */
static int
alphabet(struct send *s, int *out)
{
	const char *word = s->a.encoding;

	*out = -1;
	if (word == NULL || strcmp(word, "auto") == 0)
		return 0;
	*out = smpp_alphabet_find(smpp_view_str(word));
	if (*out >= 0)
		return 0;
	return out_usage(s->c, "--encoding: no alphabet '%s'", word);
}

/*
 * How the parts will be told to belong together. The reference begins with the
 * clock, so that two runs to one phone are unlikely to have their parts mixed.
 */
static int
method(struct send *s, struct smpp_split_how *how)
{
	int found = SMPP_SPLIT_UDH;

	if (s->a.split != NULL)
		found = smpp_split_find(smpp_view_str(s->a.split));
	if (found < 0)
		return out_usage(s->c,
		    "--split: '%s' is none of udh, udh16, sar, payload, none",
		    s->a.split);
	how->method = (enum smpp_split_method)found;
	how->part_size = (uint16_t)s->a.part_size;
	how->ref = (uint16_t)(smpp_clock_wall_us() / 1000);
	return 0;
}

/* Which national tables may be used, as smpp_split_choose wants it. */
static int
national(struct send *s, int *out)
{
	const char *word = s->a.national;

	*out = SMPP_NATIONAL_OFF;
	if (word == NULL)
		return 0;
	if (strcmp(word, "auto") == 0) {
		*out = SMPP_NATIONAL_AUTO;
		return 0;
	}
	*out = smpp_national_find(smpp_view_str(word));
	if (*out > 0)
		return 0;
	return out_usage(s->c, "--national: no table for '%s'", word);
}

int
content_options(struct send *s)
{
	struct text_how *t = &s->text_how;
	int rc;

	t->how = (struct smpp_split_how){
	    .coding.alphabet = (uint8_t)content_mc_default(s)};
	rc = alphabet(s, &t->fixed);
	if (rc == 0)
		rc = method(s, &t->how);
	return rc != 0 ? rc : national(s, &t->tables);
}

/* The text with the nearest characters that the alphabet has. */
static struct smpp_view
content_replaced(
    struct send *s, struct smpp_view text, struct smpp_coding coding)
{
	/*
	 * A character may become several: the ellipsis three dots, and more.
	 */
	size_t cap = 4 * (size_t)text.n + 1;
	char *p = room_for(&s->replaced, cap);
	struct smpp_sbuf b;
	uint32_t n;

	smpp_sbuf_init(&b, p, cap, NULL, NULL);
	n = smpp_text_replace(&b, text, coding);
	if (n > 0)
		out_say(s->c, s->src.kind == SOURCE_ONE ? 0 : 1,
		    "== %u characters replaced", n);
	return smpp_view_of(p, b.n);
}

/*
 * A text that does not fit its alphabet, and what would help. The hint has
 * figures: how many parts it would be decides what people do.
 */
static int
bad_text(struct send *s, struct smpp_view text,
    const struct smpp_split_how *how, const struct smpp_err *err)
{
	struct smpp_split_how other = *how;
	struct smpp_err ignored;
	int parts;

	if (err->code == SMPP_ECHARSET) {
		smpp_err_clear(&ignored);
		other.coding = (struct smpp_coding){
		    .alphabet = (uint8_t)content_mc_default(s)};
		parts = smpp_split_choose(
		    &other, text, SMPP_NATIONAL_OFF, &ignored);
		if (parts > 0)
			out_hint(s->c,
			    "-e auto would use %s (%d part%s), --replace "
			    "sends the nearest characters instead",
			    smpp_alphabet_name(other.coding.alphabet), parts,
			    parts == 1 ? "" : "s");
	}
	return send_error(s, SMPP_EXIT_DATA, "text", "text: %s", err->msg);
}

/* Makes the parts of a text that has been begun to be split. */
static int
content_cut(struct send *s, struct smpp_view text)
{
	struct content *content = &s->content;
	/*
	 * Octets of all parts with their headers, by the worst of all
	 * alphabets.
	 */
	size_t cap = 4 * (size_t)text.n + 32 * (size_t)content->parts + 64;
	struct smpp_err err;
	struct smpp_wr w;
	int rc = 1;

	smpp_wr_init(&w, room_for(&s->encoded, cap), cap);
	smpp_err_clear(&err);
	for (int i = 0; i < content->parts && rc == 1; i++)
		rc = smpp_split_next(
		    &content->split, &content->part[i], &w, &err);
	return rc == 1 ? 0 : bad_text(s, text, &content->split.how, &err);
}

const char *const send_waiting[] = {"none", "voice", "fax", "email", "other",
    "voice-off", "fax-off", "email-off", "other-off", NULL};

/*
 * The data_coding that --flash or --waiting asks for; negative where the
 * alphabet has none. A text that is there is kept with the icon. Those
 * data_codings are of GSM's alone (3GPP TS 23.038, 4), and have fewer
 * alphabets.
 */
static int
special_coding(const struct send *s, enum smpp_alphabet alphabet)
{
	const unsigned n = s->a.waiting - 1;
	const bool text = s->content.split.text.n > 0;

	if (s->a.waiting == 0)
		return smpp_data_coding(alphabet, 0);
	return smpp_data_coding_waiting(
	    alphabet, (enum smpp_waiting)(n % 4), n / 4 == 0, text);
}

/* The data_coding of the alphabet, unless one was given. */
static int
coding(struct send *s, const struct smpp_coding *coding, int given)
{
	const bool special = s->a.flash || s->a.waiting > 0;
	int dc = special ? special_coding(s, coding->alphabet)
			 : smpp_data_coding(coding->alphabet, -1);

	/* With this SMSC 0 means something else, so ours cannot be said. */
	if (given >= 0)
		dc = given;
	else if (coding->alphabet == content_mc_default(s) && !special)
		dc = 0;
	else if (dc == 0)
		return send_error(s, SMPP_EXIT_USAGE, "usage",
		    "--encoding: with data_coding 0 as %s there is none for %s",
		    smpp_alphabet_name(content_mc_default(s)),
		    smpp_alphabet_name(coding->alphabet));
	if (dc < 0)
		return send_error(s, SMPP_EXIT_USAGE, "usage",
		    "--%s: not with %s", s->a.flash ? "flash" : "waiting",
		    smpp_alphabet_name(coding->alphabet));
	s->content.data_coding = (uint8_t)dc;
	s->content.alphabet = coding->alphabet;
	return 0;
}

/* The alphabet the text must have: -1 to choose. */
static int
fixed_alphabet(const struct send *s, bool octets, int data_coding)
{
	if (octets)
		return SMPP_ALPHA_BINARY;
	/*
	 * -e is stronger than a data_coding: it is said on purpose that the
	 * two differ.
	 */
	if (s->a.encoding != NULL || data_coding < 0)
		return s->text_how.fixed;
	return (int)smpp_alphabet_of(
	    (uint8_t)data_coding, content_mc_default(s));
}

int
content_make(
    struct send *s, struct smpp_view text, bool octets, int data_coding)
{
	struct smpp_split_how how = s->text_how.how;
	const int fixed = fixed_alphabet(s, octets, data_coding);
	struct content *content = &s->content;
	struct smpp_err err;
	int n = 1, rc;

	smpp_err_clear(&err);
	if (fixed >= 0)
		how.coding.alphabet = (uint8_t)fixed;
	/* 8 bits in all other forms: the count goes around there. */
	if (how.method != SMPP_SPLIT_UDH16)
		how.ref &= 0xff;
	if (s->a.replace && fixed != SMPP_ALPHA_BINARY)
		text = content_replaced(s, text, how.coding);
	if (fixed < 0)
		n = smpp_split_choose(&how, text, s->text_how.tables, &err);
	if (n > 0)
		n = smpp_split_begin(&content->split, text, &how, &err);
	if (n < 0)
		return bad_text(s, text, &how, &err);
	/* A message in one part uses up no reference. */
	if (n > 1)
		s->text_how.how.ref++;
	content->parts = n;
	rc = coding(s, &how.coding, data_coding);
	return rc != 0 ? rc : content_cut(s, text);
}
