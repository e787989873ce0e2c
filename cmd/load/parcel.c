/*
 * What is sent. Messages that differ by their addresses alone are encoded
 * once; then the addresses are written over the last ones, as long as they
 * have as many characters.
 */
#include "words/dictfile.h"
#include "parcel.h"

#include <stdlib.h>
#include <string.h>

#include "words/brief.h"
#include "base/clock.h"
#include "msg/split.h"
#include "pattern.h"
#include "show/show.h"

enum {
	TEXT_MAX = 256 * 1024,  /* of a text in UTF-8 */
	ARENA_MAX = 512 * 1024, /* octets of all parts of a message */
	CHECK_MAX = 1000000,    /* lines of a file tried beforehand */
};

/* One part, encoded: n octets in the arena, and where its addresses are. */
struct parcel_part {
	size_t at;
	uint32_t n;
	size_t source_at, dest_at;
};

/* A pattern and what it came to. */
struct varied {
	struct pattern pattern;
	struct smpp_sbuf b;
};

/*
 * number counts messages from 0. again says that every message is encoded
 * anew: its text differs, or it has parts, which need a reference.
 */
struct message {
	struct craft craft;
	const struct target *target;
	struct varied source, dest, text;
	struct smpp_split_how how;
	bool choose; /* the alphabet, by the text */
	int data_coding;
	struct smpp_rng rng;
	uint64_t number;
	bool again;
	unsigned next, parts;
	uint32_t source_n, dest_n;
	struct smpp_split split;
	struct parcel_part part[SMPP_PARTS_MAX];
	char address[2][128];
	char words[TEXT_MAX];
	uint8_t octets[ARENA_MAX], arena[ARENA_MAX];
};

/* --- options --- */

/*
 * Where the number of "NUMBER,TON,NPI" ends; commas in braces do not count.
 * Only within braces that are closed: an open one is an error later.
 */
static size_t
number_length(const char *word)
{
	size_t n = 0;

	while (word[n] != '\0' && word[n] != ',') {
		if (word[n] == '{' && strchr(word + n, '}') != NULL)
			n += strcspn(word + n, "}");
		n++;
	}
	return n;
}

/*
 * An address: the type that is given, or that of the first number that the
 * pattern comes to, and the pattern itself.
 */
static int
parcel_set_address(struct message *m, struct varied *v,
    const struct craft_address *field, const char *what, const char *word)
{
	size_t n = word == NULL ? 0 : number_length(word);
	struct pattern whole;
	int rc;

	if (word == NULL)
		return pattern_parse(m->craft.c, &v->pattern, what, "", 0);
	rc = pattern_parse(m->craft.c, &whole, what, word, n);
	if (rc != 0)
		return rc;
	v->b.n = 0;
	pattern_put(&whole, &v->b, 0, &m->rng);
	rc = craft_addr(&m->craft, field,
	    cmd_printf(m->craft.c, "%.*s%s", (int)v->b.n, v->b.p, word + n));
	/*
	 * craft_addr() took the plus for the type of number; it is not sent.
	 */
	if (*word == '+' && word[n] == '\0') {
		word++;
		n--;
	}
	if (rc == 0)
		rc = pattern_parse(m->craft.c, &v->pattern, what, word, n);
	return rc;
}

static enum smpp_alphabet
parcel_mc_default(const struct message *m)
{
	return (enum smpp_alphabet)m->target->alphabet;
}

/* The alphabet: what -e says, else what a data_coding stands for. */
static int
set_alphabet(struct message *m, const char *word)
{
	int found = -1;

	m->data_coding = smpp_pdu_has(&m->craft.pdu, SMPP_F_data_coding)
			     ? (int)smpp_pdu_num(
				   &m->craft.pdu, SMPP_F_data_coding)
			     : -1;
	if (word != NULL && strcmp(word, "auto") != 0) {
		found = smpp_alphabet_find(smpp_view_str(word));
		if (found < 0)
			return out_usage(
			    m->craft.c, "--encoding: no alphabet '%s'", word);
	} else if (word == NULL && m->data_coding >= 0) {
		found = (int)smpp_alphabet_of(
		    (uint8_t)m->data_coding, parcel_mc_default(m));
	}
	/* With auto, or nothing said: by each text, when it is there. */
	m->choose = found < 0;
	m->how.coding.alphabet =
	    (uint8_t)(m->choose ? parcel_mc_default(m) : (unsigned)found);
	return 0;
}

static int
set_split(struct message *m, const char *word)
{
	int found = word == NULL ? SMPP_SPLIT_UDH
				 : smpp_split_find(smpp_view_str(word));

	if (found < 0)
		return out_usage(m->craft.c,
		    "--split: none of udh, udh16, sar, payload, none: '%s'",
		    word);
	m->how.method = (enum smpp_split_method)found;
	return 0;
}

/* --- encoding --- */

static struct smpp_view
parcel_put(struct message *m, struct varied *v)
{
	v->b.n = 0;
	pattern_put(&v->pattern, &v->b, m->number, &m->rng);
	return smpp_view_of(v->b.p, v->b.n);
}

/* The data_coding that says which alphabet the text is in. */
static int
set_coding(struct message *m, struct smpp_pdu *pdu, struct smpp_err *err)
{
	enum smpp_alphabet alphabet = m->how.coding.alphabet;
	int dc = smpp_data_coding(alphabet, -1);

	/*
	 * 0 means the default alphabet of the SMSC (3.4 5.2.19), whichever
	 * that is.
	 */
	if (m->data_coding >= 0)
		dc = m->data_coding;
	else if (alphabet == parcel_mc_default(m))
		dc = 0;
	else if (dc == 0) {
		smpp_err_set(err, SMPP_ERANGE,
		    "--encoding: with data_coding 0 as %s there is none for %s",
		    smpp_alphabet_name(parcel_mc_default(m)),
		    smpp_alphabet_name(alphabet));
		return SMPP_EXIT_USAGE;
	}
	smpp_pdu_set_num(pdu, SMPP_F_data_coding, (uint32_t)dc);
	return 0;
}

/* Encodes a part, and has the decoder tell where its addresses are. */
static int
encode_part(struct message *m, struct smpp_pdu *pdu, struct smpp_wr *w,
    struct parcel_part *part, struct smpp_err *err)
{
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu back;
	int rc;

	/*
	 * Judged once for each encoding, not for each message: addresses that
	 * are written over it later have the same length.
	 */
	if (craft_fits(pdu, err) != 0)
		return SMPP_EXIT_USAGE;
	part->at = w->n;
	rc = smpp_encode(w, pdu);
	if (rc < 0) {
		smpp_err_set(err, rc, "the message is too long");
		return SMPP_EXIT_DATA;
	}
	part->n = (uint32_t)rc;
	smpp_decode(&back, smpp_view_of(w->p + part->at, part->n), pdu->ver, 0,
	    &issues);
	part->source_at = part->dest_at = part->at;
	if (m->source.b.n > 0)
		part->source_at =
		    (size_t)(smpp_pdu_view(&back, SMPP_F_source_addr).p - w->p);
	if (m->dest.b.n > 0)
		part->dest_at =
		    (size_t)(smpp_pdu_view(&back, SMPP_F_destination_addr).p -
			     w->p);
	return 0;
}

/* Finds out how many parts the text is, in which alphabet. */
static int
divide(struct message *m, struct smpp_view text, struct smpp_err *err)
{
	struct smpp_split_how *how = &m->how;
	int n = 1;

	if (m->choose) {
		how->coding = (struct smpp_coding){
		    .alphabet = (uint8_t)parcel_mc_default(m)};
		n = smpp_split_choose(how, text, SMPP_NATIONAL_OFF, err);
	}
	/*
	 * 8 bits of a reference in all methods but one, so it counts around.
	 */
	how->ref = (uint16_t)(how->method == SMPP_SPLIT_UDH16
				  ? m->number
				  : m->number & 0xff);
	if (n > 0)
		n = smpp_split_begin(&m->split, text, how, err);
	m->parts = n > 0 ? (unsigned)n : 0;
	m->again = m->text.pattern.varies || n > 1;
	return n > 0 ? 0 : SMPP_EXIT_DATA;
}

/* Encodes the whole message. */
static int
parcel_encode(struct message *m, struct smpp_view source, struct smpp_view dest,
    struct smpp_err *err)
{
	struct smpp_view text = parcel_put(m, &m->text);
	struct smpp_wr octets, arena;
	struct smpp_part part;
	struct smpp_pdu pdu;
	int rc = divide(m, text, err);

	smpp_wr_init(&octets, m->octets, sizeof(m->octets));
	smpp_wr_init(&arena, m->arena, sizeof(m->arena));
	m->source_n = source.n;
	m->dest_n = dest.n;
	for (unsigned i = 0; rc == 0 && i < m->parts; i++) {
		/* A copy: what one part sets must not be in the next. */
		pdu = m->craft.pdu;
		smpp_pdu_set_view(&pdu, SMPP_F_source_addr, source);
		smpp_pdu_set_view(&pdu, SMPP_F_destination_addr, dest);
		rc = set_coding(m, &pdu, err);
		if (rc != 0)
			break;
		if (smpp_split_next(&m->split, &part, &octets, err) != 1 ||
		    smpp_part_set(&pdu, &m->split, &part) != 0)
			return SMPP_EXIT_DATA;
		rc = encode_part(m, &pdu, &arena, &m->part[i], err);
	}
	return rc;
}

/*
 * Whether every message is as the last one. Then nothing at all is done for a
 * message: its number is the connection's to write.
 */
static bool
constant(const struct message *m)
{
	return m->parts > 0 && !m->again && !m->source.pattern.varies &&
	       !m->dest.pattern.varies;
}

/* The next message: as the last one but for its addresses, or encoded. */
static int
parcel_advance(struct message *m, struct smpp_err *err)
{
	struct smpp_view source, dest;
	int rc = 0;

	m->next = 0;
	if (constant(m)) {
		m->number++;
		return 0;
	}
	source = parcel_put(m, &m->source);
	dest = parcel_put(m, &m->dest);
	if (m->source.b.bad || m->dest.b.bad || m->text.b.bad) {
		smpp_err_set(err, SMPP_ERANGE, "an address is too long");
		return SMPP_EXIT_DATA;
	}
	/*
	 * Encoding is what a core spends most on at full speed. Addresses of
	 * the same length lie where the last ones did, so they are written
	 * over them.
	 */
	if (m->parts == 0 || m->again || source.n != m->source_n ||
	    dest.n != m->dest_n) {
		rc = parcel_encode(m, source, dest, err);
	} else {
		memcpy(m->arena + m->part[0].source_at, source.p, source.n);
		memcpy(m->arena + m->part[0].dest_at, dest.p, dest.n);
	}
	m->number++;
	return rc;
}

int
message_next(struct message *m, struct smpp_view *wire, struct smpp_err *err)
{
	const struct parcel_part *part;
	int rc = m->next == m->parts ? parcel_advance(m, err) : 0;

	if (rc != 0)
		return rc;
	part = &m->part[m->next++];
	*wire = smpp_view_of(m->arena + part->at, part->n);
	return 0;
}

/* --- beginning --- */

/*
 * Makes each message that can be had by the lines of files, once. A file's
 * line that cannot be sent is found before the run, and not at its end after
 * hours. The first messages of files are the ones that will be sent, as
 * numbers and draws begin again.
 */
static int
try_all(struct message *m)
{
	const struct smpp_rng rng = m->rng;
	uint64_t period = m->source.pattern.period;
	struct smpp_err err;
	int rc;

	if (m->dest.pattern.period > period)
		period = m->dest.pattern.period;
	if (m->text.pattern.period > period)
		period = m->text.pattern.period;
	if (period > CHECK_MAX)
		period = CHECK_MAX;
	smpp_err_clear(&err);
	for (m->number = 0; m->number < period;) {
		rc = parcel_advance(m, &err);
		if (rc == 0)
			continue;
		return out_error(m->craft.c, rc, "message", "message %llu: %s",
		    (unsigned long long)m->number, err.msg);
	}
	m->number = 0;
	m->next = m->parts;
	m->rng = rng;
	return 0;
}

/* The request that every message starts from. */
static int
parcel_start(
    struct message *m, struct ctx *c, const struct target *t, bool receipt)
{
	int rc;

	m->target = t;
	rc = craft_begin(
	    &m->craft, c, SMPP_C_submit_sm, t->ver, SMPP_EXIT_USAGE);
	smpp_pdu_set_num(&m->craft.pdu, SMPP_F_registered_delivery, receipt);
	m->rng.state = smpp_clock_ns();
	smpp_sbuf_init(
	    &m->source.b, m->address[0], sizeof(m->address[0]), NULL, NULL);
	smpp_sbuf_init(
	    &m->dest.b, m->address[1], sizeof(m->address[1]), NULL, NULL);
	smpp_sbuf_init(&m->text.b, m->words, sizeof(m->words), NULL, NULL);
	return rc;
}

int
message_open(struct ctx *c, const struct target *t,
    const struct message_args *a, struct message **out)
{
	struct message *m = cmd_alloc(c, sizeof(*m));
	const char *text = a->text == NULL ? "" : a->text;
	int rc;

	*out = m;
	rc = parcel_start(m, c, t, a->receipt);
	if (rc == 0)
		rc = parcel_set_address(
		    m, &m->source, &craft_source, "--source-addr", a->source);
	if (rc == 0)
		rc = parcel_set_address(
		    m, &m->dest, &craft_dest, "--destination-addr", a->dest);
	for (size_t i = 0; rc == 0 && i < a->fields.n; i++)
		rc = craft_word(&m->craft, a->fields.v[i]);
	if (rc == 0)
		rc = set_alphabet(m, a->encoding);
	if (rc == 0)
		rc = set_split(m, a->split);
	if (rc == 0)
		rc = pattern_parse(
		    c, &m->text.pattern, "--text", text, strlen(text));
	return rc != 0 ? rc : try_all(m);
}

/* As the session would send it: with the sequence number after the bind's. */
int
message_dry(struct message *m)
{
	struct out *o = m->craft.c->out;
	struct smpp_show show = {.dir = "out", .raw = o->args.raw};
	struct smpp_issues issues = {.n = 0};
	struct smpp_pdu pdu;
	struct smpp_err err;
	struct smpp_view wire;
	struct smpp_jsonw *j;
	int rc;

	smpp_err_clear(&err);
	rc = message_next(m, &wire, &err);
	if (rc != 0)
		return rc;
	smpp_wire_renumber(m->arena + m->part[0].at, 2); /* the bind is 1 */
	dictionary_decode(m->craft.c, &pdu, wire, m->target->ver, 0, &issues);
	if (o->form != OUT_HUMAN) {
		j = out_json(o);
		smpp_jsonw_open(j, '{');
		smpp_json_pdu(j, &pdu, &issues, &show);
		smpp_jsonw_close(j, '}');
		out_record(o);
		return 0;
	}
	smpp_sbuf_printf(&o->b, "%s  %u bytes", pdu.row->name, wire.n);
	if (o->args.raw) {
		smpp_sbuf_puts(&o->b, "  ");
		smpp_sbuf_hex(&o->b, wire.p, wire.n);
	} else {
		brief_pairs(&o->b, &pdu, true);
	}
	smpp_sbuf_putc(&o->b, '\n');
	out_line(o);
	return 0;
}
