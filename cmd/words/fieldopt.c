/* Options that come from the tables: fields of a PDU, how records are printed.
 */
#include "fieldopt.h"

#include <string.h>

#include "kit/cmd.h"
#include "offer.h"
#include "smpp/table.h"

#define AT(member) offsetof(struct out_args, member)

const struct opt record_opts[] = {
    OPT_SECTION("Output"),
    {'j', "json", OPT_FLAG, AT(json), NULL,
	"print one JSON object per line, see smpp-json(7)"},
    {'F', "format", OPT_STR, AT(format), "FORMAT",
	"print each record as FORMAT says: %{key}, \\n \\t \\0 \\xNN",
	.offer = offer_format},
    {0, "tsv", OPT_STR, AT(tsv), "KEY,...",
	"print these keys of each record, tab-separated", .offer = offer_keys},
    {0, "raw", OPT_FLAG, AT(raw), NULL, "add the octets of each PDU in hex"},
    {'o', "output", OPT_FILE, AT(file), "FILE",
	"write results to FILE instead of stdout (-)"},
    {0, "show-secrets", OPT_FLAG, AT(show_secrets), NULL,
	"do not mask passwords"},
    OPT_END,
};

/* What the value of a field is called in help. */
static const char *
fieldopt_meta(const struct smpp_field *f)
{
	if (f->set != SMPP_SET_none)
		return "VALUE";
	switch (f->kind) {
	case SMPP_KIND_CSTR:
		return "TEXT";
	case SMPP_KIND_TIME:
		return "TIME";
	case SMPP_KIND_OCTETS:
	case SMPP_KIND_LIST:
		return "DATA";
	default:
		return "NUMBER";
	}
}

/*
 * Options for fields become the words of a PDU made by hand, and are read in
 * one place with those.
 */
static const char *
fieldopt_value(struct ctx *c, const struct opt *o, const char *text)
{
	return cmd_printf(c, "%s=%s", (const char *)o->data, text);
}

/* Without '=' there is no value to set: refused by the row's meta. */
static const char *
fieldopt_tlv(struct ctx *c, const struct opt *o, const char *text)
{
	(void)o;
	return strchr(text, '=') == NULL ? NULL : cmd_printf(c, "tlv.%s", text);
}

static struct opt
fieldopt_row(struct ctx *c, const struct smpp_field *f)
{
	char *name = cmd_printf(c, "%s", smpp_field_name(f->name)), *s = name;

	while ((s = strchr(s, '_')) != NULL)
		*s = '-';
	return (struct opt){.name = name,
	    .kind = OPT_LIST,
	    .meta = fieldopt_meta(f),
	    .help = smpp_field_brief(f->name),
	    .value = fieldopt_value,
	    .offer = offer_set,
	    .arg = f->set,
	    .data = smpp_field_name(f->name)};
}

const struct opt *
fieldopt_rows(struct ctx *c, uint32_t command_id)
{
	const struct smpp_field *f = smpp_pdu_body(
	    smpp_pdu_of(command_id), SMPP_VANY);
	struct opt *rows = cmd_alloc(c, OPT_MAX_ROWS * sizeof(*rows)),
		   *o = rows;

	/*
	 * What is counted is set by what it counts; secrets have no option
	 * since command lines are seen by every user of the machine.
	 */
	for (; f->kind != SMPP_KIND_END; f++)
		if (f->arg != SMPP_ARG_COUNTS && !smpp_field_secret(f->name))
			*o++ = fieldopt_row(c, f);
	*o++ = (struct opt){.name = "tlv",
	    .kind = OPT_LIST,
	    .meta = "NAME=VALUE",
	    .help = "add a TLV by name or 0xTAG; VALUE: 7, text, \"text\", "
		    "hex:0aff",
	    .value = fieldopt_tlv,
	    .offer = offer_tlv};
	*o = (struct opt)OPT_END;
	return rows;
}
