/* One PDU made by hand. */
#include "craft.h"

#include <string.h>

#include "base/clock.h"
#include "names.h"
#include "show/show.h"
#include "text/encoder.h"
#include "text/smpptime.h"

enum { STORE_MAX = 256 * 1024 }; /* octets that words set */

const struct craft_address craft_source = {
    SMPP_F_source_addr_ton, SMPP_F_source_addr_npi, SMPP_F_source_addr};
const struct craft_address craft_dest = {
    SMPP_F_dest_addr_ton, SMPP_F_dest_addr_npi, SMPP_F_destination_addr};

/*
 * The class is the caller's: a wrong word of the command line is usage, the
 * same word in a script or at the prompt a line that failed.
 */
static int
craft_refuse(struct craft *k, const char *msg)
{
	return out_error(k->c, k->bad, "usage", "%s", msg);
}

static int
not_in_version(struct craft *k, const char *what)
{
	return out_error(k->c, k->bad, "usage", "%s: not in SMPP %s", what,
	    smpp_ver_name(k->pdu.ver));
}

/* Says which version has the PDU, when this one does not. */
static int
check_version(struct craft *k)
{
	size_t i = 0;

	if (k->row->vers & k->pdu.ver)
		return 0;
	while (!(k->row->vers & names_ver[i]))
		i++;
	/* The oldest version that has it. */
	out_hint(k->c, "--smpp-version %s", names_versions[i]);
	return not_in_version(k, k->row->name);
}

int
craft_begin(struct craft *k, struct ctx *c, uint32_t command_id,
    enum smpp_ver ver, int bad)
{
	*k = (struct craft){.c = c, .bad = bad, .row = smpp_pdu_of(command_id)};
	smpp_wr_init(&k->store, cmd_alloc(c, STORE_MAX), STORE_MAX);
	smpp_pdu_init(&k->pdu, command_id, 0, ver);
	k->pdu.dictionary = c->dictionary;
	return check_version(k);
}

/*
 * Whether another version has a field of this name in the PDU. Only to tell
 * "not in SMPP 3.3" from a name that does not exist: the first is mended by
 * another version, the second by correcting it.
 */
static bool
elsewhere(const struct craft *k, struct smpp_view name)
{
	int n = smpp_field_find(name);

	for (size_t i = 0; n >= 0 && i < 4; i++)
		if (smpp_field_of(k->row->body[i], (unsigned)n) != NULL)
			return true;
	return false;
}

/*
 * Sets a time field from what people write, "2h" or ISO 8601. Returns false
 * when the pair is of another field, or its value is quoted or hexadecimal.
 */
static bool
craft_set_time(struct craft *k, struct smpp_view name, const char *value,
    struct smpp_err *err)
{
	int n = smpp_field_find(name);
	const struct smpp_field *row =
	    n < 0
		? NULL
		: smpp_field_of(smpp_pdu_body(k->row, k->pdu.ver), (unsigned)n);
	struct smpp_err why;
	char *text;

	/*
	 * Whoever quotes a value wants those octets on the wire, right or
	 * wrong.
	 */
	if (row == NULL || row->kind != SMPP_KIND_TIME || *value == '"' ||
	    strncmp(value, "hex:", 4) == 0)
		return false;
	text = cmd_alloc(k->c, SMPP_TIME_SIZE);
	smpp_err_clear(&why);
	if (smpp_time_write(text, smpp_view_str(value), k->pdu.ver != SMPP_V33,
		smpp_clock_wall_us() / 1000000, &why) != 0)
		smpp_err_set(err, why.code, "%s: %s",
		    smpp_field_name((unsigned)n), why.msg);
	else
		smpp_pdu_set_view(&k->pdu, (unsigned)n, smpp_view_str(text));
	return true;
}

static bool
has_field(const struct craft *k, unsigned name)
{
	return smpp_field_of(smpp_pdu_body(k->row, k->pdu.ver), name) != NULL;
}

/*
 * replace_sm has a text and cannot say what alphabet it is in. Of a PDU that
 * carries none text= is an unknown name.
 */
static bool
has_text(const struct craft *k)
{
	return has_field(k, SMPP_F_data_coding) ||
	       has_field(k, SMPP_F_short_message);
}

/*
 * Takes the value of text=, read as that of octets without a limit. text= has
 * the same forms as a TLV of octets, so it is read as one, of a PDU that is
 * thrown away. It is encoded later: data_coding may stand behind it on the
 * line.
 */
static int
take_text(struct craft *k, const char *value)
{
	const char *pair = cmd_printf(k->c, "tlv.message_payload=%s", value);
	struct smpp_pdu octets;
	struct smpp_err err;

	smpp_err_clear(&err);
	smpp_pdu_init(&octets, SMPP_C_data_sm, 0, SMPP_V34);
	if (smpp_pdu_assign(&octets, smpp_view_str(pair), &k->store, &err) != 0)
		return craft_refuse(k, err.msg);
	k->text = smpp_tlv_view(&octets.tlv[0]);
	return 0;
}

int
craft_word(struct craft *k, const char *word)
{
	struct smpp_view v = smpp_view_str(word);
	struct smpp_view name = smpp_view_of(word, strcspn(word, "="));
	struct smpp_err err;

	/* Before the fields: text is no field of any PDU. */
	if (strncmp(word, "text=", 5) == 0 && has_text(k))
		return take_text(k, word + 5);
	smpp_err_clear(&err);
	if (smpp_lie_is(v))
		smpp_lie_parse(&k->lies, &k->pdu, v, &k->store, &err);
	else if (name.n == v.n ||
		 !craft_set_time(k, name, word + name.n + 1, &err))
		smpp_pdu_assign(&k->pdu, v, &k->store, &err);
	if (err.code == 0)
		return 0;
	/* Another version has the field: that is the better answer. */
	if (err.code == SMPP_ENAME && elsewhere(k, name))
		return not_in_version(
		    k, cmd_printf(k->c, "%.*s of %s", (int)name.n,
			   (const char *)name.p, k->row->name));
	return craft_refuse(k, err.msg);
}

/* A type of number or a numbering plan: a number, or a word of its set. */
static bool
craft_coded(const char *text, unsigned set, uint32_t *v)
{
	return (opt_uint(text, v) == 0 && *v <= 255) ||
	       smpp_enum_value(set, smpp_view_str(text), v) == 0;
}

/*
 * A leading '+' says international, letters alphanumeric, digits nothing. The
 * same guess for every command that takes an address; 5 is alphanumeric, 1
 * international (3.4 5.2.5).
 */
static uint32_t
guess_ton(const char *addr)
{
	if (*addr == '+')
		return 1;
	return addr[strspn(addr, "0123456789")] == '\0' ? 0 : 5;
}

/* "TON,NPI", which is cut in two. */
static bool
split_type(char *text, uint32_t *ton, uint32_t *npi)
{
	char *comma = strchr(text, ',');

	if (comma == NULL)
		return false;
	*comma = '\0';
	return craft_coded(text, SMPP_SET_ton, ton) &&
	       craft_coded(comma + 1, SMPP_SET_npi, npi);
}

int
craft_addr(struct craft *k, const struct craft_address *field, const char *word)
{
	uint32_t ton, npi;
	char *addr, *type;

	if (word == NULL)
		return 0;
	addr = cmd_printf(k->c, "%s", word);
	ton = guess_ton(addr);
	npi = *addr == '+';
	type = strchr(addr, ',');
	/*
	 * The plus is notation: on the wire TON says international. With a
	 * type given the address is taken as it is written, plus included.
	 */
	if (type != NULL) {
		*type = '\0';
		if (!split_type(type + 1, &ton, &npi))
			return craft_refuse(k,
			    cmd_printf(k->c,
				"address '%s': ADDR or ADDR,TON,NPI, numbers "
				"or names",
				word));
	} else if (*addr == '+') {
		addr++;
	}
	smpp_pdu_set_num(&k->pdu, field->ton, ton);
	smpp_pdu_set_num(&k->pdu, field->npi, npi);
	smpp_pdu_set_view(&k->pdu, field->addr, smpp_view_str(addr));
	return 0;
}

/* What an issue is about: a field, or a TLV by its name. */
static const char *
craft_place(
    const struct smpp_pdu *pdu, const struct smpp_issue *is, char text[64])
{
	const struct smpp_tlv_row *tlv = smpp_pdu_tlv_row(pdu, is->tag);

	if (is->name == SMPP_F_tlv && tlv != NULL)
		return tlv->name;
	smpp_issue_place(is, text, 64);
	return text;
}

/*
 * One reason, the first error: send, load and requests by hand say it in the
 * same words. Lengths on the wire count the NUL, people do not.
 */
int
craft_fits(const struct smpp_pdu *pdu, struct smpp_err *err)
{
	struct smpp_issues issues = {.n = 0};
	const struct smpp_issue *is = issues.v;
	char text[128], place[64];
	struct smpp_sbuf b;

	if (smpp_sendable(pdu, &issues) == 0)
		return 0;
	while (is->level != SMPP_ERROR)
		is++;
	if (is->kind == SMPP_ENOT_IN_VERSION)
		return smpp_err_set(err, is->kind, "%s: not in SMPP %s",
		    craft_place(pdu, is, place), smpp_ver_name(pdu->ver));
	if (is->kind == SMPP_ESTRING_TOO_LONG && is->got > 0)
		return smpp_err_set(err, is->kind,
		    "%s: %u characters, the limit is %u",
		    craft_place(pdu, is, place), is->got - 1, is->want - 1);
	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	smpp_issue_text(&b, pdu, is);
	text[b.n] = '\0';
	return smpp_err_set(
	    err, is->kind, "%s: %s", craft_place(pdu, is, place), text);
}

/*
 * The alphabet of the text; the PDU is told when it is UCS-2 for want of one.
 * A data_coding that was given decides, even against the text; UCS-2 is only
 * chosen where nobody did, and where the PDU can say so.
 */
static struct smpp_coding
craft_coding_of(struct craft *k)
{
	struct smpp_coding coding = {.alphabet = (uint8_t)k->mc_default};

	if (smpp_pdu_has(&k->pdu, SMPP_F_data_coding)) {
		coding.alphabet = (uint8_t)smpp_alphabet_of(
		    (uint8_t)smpp_pdu_num(&k->pdu, SMPP_F_data_coding),
		    k->mc_default);
	} else if (has_field(k, SMPP_F_data_coding) &&
		   !smpp_text_encodable(k->text, coding)) {
		coding.alphabet = SMPP_ALPHA_UCS2;
		smpp_pdu_set_num(
		    &k->pdu, SMPP_F_data_coding, SMPP_data_coding_ucs2);
	}
	return coding;
}

static int
encode_text(struct craft *k)
{
	size_t start = k->store.n;
	struct smpp_view octets;
	struct smpp_err err;

	/*
	 * The header would have to come first in the text, which is
	 * characters.
	 */
	if (smpp_pdu_num(&k->pdu, SMPP_F_esm_class) & SMPP_esm_class_udhi)
		return craft_refuse(k,
		    "text: a user data header is octets: give "
		    "short_message");
	/*
	 * short_message and message_payload exclude each other (3.4 5.3.2.32).
	 */
	if (smpp_pdu_payload(&k->pdu, &octets) >= 0 && octets.n > 0)
		return craft_refuse(k, "text: the message has octets, too");
	smpp_err_clear(&err);
	if (smpp_text_encode(&k->store, k->text, craft_coding_of(k), &err) != 0)
		return out_error(k->c,
		    k->bad == SMPP_EXIT_USAGE ? SMPP_EXIT_DATA : k->bad, "text",
		    "text: %s", err.msg);
	k->text = smpp_view_of(NULL, 0);
	octets = smpp_view_of(k->store.p + start, k->store.n - start);
	if (has_field(k, SMPP_F_short_message))
		smpp_pdu_set_view(&k->pdu, SMPP_F_short_message, octets);
	else if (smpp_pdu_add_tlv(&k->pdu, SMPP_T_message_payload, octets) != 0)
		return craft_refuse(k, "text: it does not fit");
	return 0;
}

/* The version once more: what was set since may have changed it. */
int
craft_check(struct craft *k)
{
	struct smpp_err err;
	int rc = check_version(k);

	if (rc == 0 && k->text.n > 0)
		rc = encode_text(k);
	if (rc != 0)
		return rc;
	smpp_err_clear(&err);
	return craft_fits(&k->pdu, &err) == 0 ? 0 : craft_refuse(k, err.msg);
}

/*
 * The truth is encoded first, then the lies are told on a copy of it. Lies
 * make it longer by what they hold, which store bounds, and little else.
 */
int
craft_write(struct craft *k, struct smpp_view *wire)
{
	size_t n = smpp_pdu_size(&k->pdu), most = n + k->store.n + 64;
	uint8_t *truth = cmd_alloc(k->c, n), *out = cmd_alloc(k->c, most);
	struct smpp_wr t, w;
	int size;

	smpp_wr_init(&t, truth, n);
	smpp_wr_init(&w, out, most);
	smpp_encode(&t, &k->pdu);
	size = smpp_lie_write(&w, &k->pdu, smpp_view_of(truth, t.n), &k->lies);
	if (size == SMPP_ENAME)
		return craft_refuse(k,
		    "a lie is about the length of a TLV that the "
		    "PDU does not have");
	if (size < 0)
		return craft_refuse(k, "the PDU is too long");
	*wire = smpp_view_of(out, (size_t)size);
	return 0;
}
