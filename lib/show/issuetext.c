/* Issues and coded values in words. */
#include "base/rd.h"
#include "show/show.h"

/* The name of a TLV, or its tag where it has none. */
static void
tag(struct smpp_sbuf *out, const struct smpp_pdu *pdu, uint16_t t)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(pdu, t);

	if (row != NULL)
		smpp_sbuf_puts(out, row->name);
	else
		smpp_sbuf_printf(out, "tag 0x%04x", t);
}

static void
tlv_length(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issue *is)
{
	const struct smpp_tlv_row *row = smpp_pdu_tlv_row(pdu, is->tag);

	tag(out, pdu, is->tag);
	smpp_sbuf_printf(out, " with %u octets, it has %u", is->got, row->min);
	if (row->max > row->min)
		smpp_sbuf_printf(
		    out, row->step > 1 ? " or %u" : " to %u", row->max);
}

/* The tag and length that cannot be right begin what was not decoded. */
static void
issuetext_tlv_overrun(struct smpp_sbuf *out, const struct smpp_pdu *pdu)
{
	const uint8_t *p = pdu->rest.p;

	tag(out, pdu, smpp_get_u16(p));
	smpp_sbuf_printf(out, " of length %u, %u octets are left",
	    smpp_get_u16(p + 2), pdu->rest.n - 4);
}

static void
unknown_command(struct smpp_sbuf *out, const struct smpp_pdu *pdu)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(pdu->command_id);

	if (row != NULL)
		smpp_sbuf_printf(out, "%s is not in version %s", row->name,
		    smpp_ver_name(pdu->ver));
	else
		smpp_sbuf_printf(
		    out, "command_id 0x%08x is in no version", pdu->command_id);
}

/* The octet at fault is named, but not that of a password: where it lies is
 * enough. */
static void
bad_value(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issue *is)
{
	const struct smpp_field *row = NULL;

	if (is->name == SMPP_F_sequence_number) {
		smpp_sbuf_printf(
		    out, "0x%08x is outside 1 to 0x7fffffff", is->got);
		return;
	}
	if (pdu->row != NULL)
		row = smpp_field_of(
		    smpp_pdu_body(pdu->row, pdu->ver), is->name);
	if (row != NULL && row->kind == SMPP_KIND_U8)
		smpp_sbuf_printf(
		    out, "%u is outside %u to %u", is->got, row->min, row->max);
	else if (row != NULL && row->kind == SMPP_KIND_TIME)
		smpp_sbuf_puts(out, "not a time");
	else if (is->name < SMPP_F_COUNT && smpp_field_secret(is->name))
		smpp_sbuf_puts(out, "an octet is not printable ASCII");
	else
		smpp_sbuf_printf(
		    out, "octet 0x%02x is not printable ASCII", is->got);
}

/* The words for a TLV issue. False when the kind is not one of those. */
static bool
tlv_text(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issue *is)
{
	const char *pdu_name = pdu->row == NULL ? "this PDU" : pdu->row->name;

	switch (is->kind) {
	case SMPP_ETLV_HEADER_SHORT:
		smpp_sbuf_printf(out, "%u left over, a TLV begins with 4",
		    is->end - is->offset);
		return true;
	case SMPP_ETLV_OVERRUN:
		issuetext_tlv_overrun(out, pdu);
		return true;
	case SMPP_ETLV_BAD_LENGTH:
		tlv_length(out, pdu, is);
		return true;
	case SMPP_ETLV_UNTERMINATED:
	case SMPP_ETLV_EMBEDDED_NUL:
	case SMPP_ETLV_DUPLICATE:
	case SMPP_EUNKNOWN_TLV:
		tag(out, pdu, is->tag);
		smpp_sbuf_printf(out, ": %s", smpp_err_text(is->kind));
		return true;
	case SMPP_EUNEXPECTED_TLV:
		tag(out, pdu, is->tag);
		if (is->tag == SMPP_T_receipted_message_id &&
		    pdu->command_id == SMPP_C_deliver_sm)
			smpp_sbuf_puts(
			    out, ": only a receipt has one, this is none");
		else
			smpp_sbuf_printf(
			    out, " does not belong in %s", pdu_name);
		return true;
	case SMPP_EMISSING_TLV:
		smpp_sbuf_printf(out, "%s should carry ", pdu_name);
		tag(out, pdu, is->tag);
		return true;
	default:
		return false;
	}
}

void
smpp_issue_text(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    const struct smpp_issue *is)
{
	switch (is->kind) {
	case SMPP_ESHORT_HEADER:
	case SMPP_ETRUNCATED:
		smpp_sbuf_printf(
		    out, "%u of %u octets present", is->got, is->want);
		break;
	case SMPP_ELENGTH_TOO_SMALL:
		smpp_sbuf_printf(out, "command_length %u, a header has %u",
		    pdu->command_length, (unsigned)SMPP_HEADER_SIZE);
		break;
	case SMPP_ELENGTH_TOO_LARGE:
		smpp_sbuf_printf(out, "command_length %u, the limit is %u",
		    pdu->command_length, (unsigned)SMPP_PDU_MAX);
		break;
	case SMPP_EUNKNOWN_COMMAND:
		unknown_command(out, pdu);
		break;
	case SMPP_ESTRING_TOO_LONG:
		smpp_sbuf_printf(out, "%u octets with the NUL, the limit is %u",
		    is->got, is->want);
		break;
	case SMPP_ESTRING_BAD_LENGTH:
		smpp_sbuf_printf(
		    out, "%u characters, a time has none or 16", is->got);
		break;
	case SMPP_ESM_LENGTH_OVERRUN:
		smpp_sbuf_printf(out, "sm_length is %u, %u octets are left",
		    smpp_pdu_num(pdu, SMPP_F_sm_length), is->end - is->offset);
		break;
	case SMPP_EBAD_DEST_FLAG:
		smpp_sbuf_printf(
		    out, "%u is neither 1 (address) nor 2 (list)", is->got);
		break;
	case SMPP_EBAD_VALUE:
		bad_value(out, pdu, is);
		break;
	case SMPP_ERESERVED_VALUE:
		if (is->name == SMPP_F_tlv)
			tag(out, pdu, is->tag);
		smpp_sbuf_printf(out,
		    is->name == SMPP_F_tlv ? ": %u is reserved"
					   : "%u is reserved",
		    is->got);
		break;
	default:
		if (!tlv_text(out, pdu, is))
			smpp_sbuf_puts(out, smpp_err_text(is->kind));
	}
}

/* The symbols of a bit set, one for each group of bits that is not zero. */
static void
bit_symbols(struct smpp_sbuf *out, const struct smpp_enum *e, uint32_t value,
    unsigned ver)
{
	bool some = false;

	for (; e->match != SMPP_MATCH_END; e++) {
		if ((value & e->arg) != e->value || e->value == 0 ||
		    (e->vers & ver) == 0)
			continue;
		if (some)
			smpp_sbuf_putc(out, ',');
		smpp_sbuf_put(out, e->symbol, e->len);
		some = true;
	}
}

/* All or nothing: symbols for some of the bits would be read back as another
 * number. */
bool
smpp_enum_symbols(
    struct smpp_sbuf *out, unsigned set, uint32_t value, enum smpp_ver ver)
{
	const struct smpp_enum *e = smpp_sets[set];

	if (e == NULL)
		return false;
	if (smpp_set_is_bits(set) && value != 0) {
		if (!smpp_bits_known(set, value, ver))
			return false;
		bit_symbols(out, e, value, ver);
		return true;
	}
	if (!smpp_set_is_bits(set)) {
		e = smpp_enum_of(set, value, ver);
	} else {
		while (e->match != SMPP_MATCH_END && e->value != 0)
			e++;
	}
	if (e == NULL || e->match == SMPP_MATCH_END)
		return false;
	smpp_sbuf_put(out, e->symbol, e->len);
	return true;
}

/* Of any version, and of a PDU that could not be decoded as far as its
 * password: then that is somewhere in what is left, all of which is hidden. */
struct smpp_view
smpp_pdu_secret(const struct smpp_pdu *pdu)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(pdu->command_id);
	const struct smpp_field *f;

	if (row == NULL)
		return (struct smpp_view){NULL, 0};
	for (f = smpp_pdu_body(row, SMPP_VANY); f->kind != SMPP_KIND_END; f++) {
		if (!smpp_field_secret(f->name))
			continue;
		if (smpp_pdu_has(pdu, f->name))
			return smpp_pdu_view(pdu, f->name);
		/* Half a header is no secret. */
		if (pdu->wire.p == NULL || pdu->wire.n > SMPP_HEADER_SIZE)
			return pdu->rest;
	}
	return (struct smpp_view){NULL, 0};
}

void
smpp_show_hex(struct smpp_sbuf *out, const struct smpp_pdu *pdu,
    struct smpp_view octets, bool secrets)
{
	const struct smpp_view hide = smpp_pdu_secret(pdu);
	uint32_t i;

	if (secrets || hide.n == 0 || octets.n == 0 ||
	    octets.p >= smpp_view_end(hide) ||
	    smpp_view_end(octets) <= hide.p) {
		smpp_sbuf_hex(out, octets.p, octets.n);
		return;
	}
	/* The two overlap in part, in a row of a dump say: octet by octet. */
	for (i = 0; i < octets.n; i++)
		if (octets.p + i >= hide.p &&
		    octets.p + i < smpp_view_end(hide))
			smpp_sbuf_put(out, "2a", 2);
		else
			smpp_sbuf_hex(out, octets.p + i, 1);
}
