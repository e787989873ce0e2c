/* The list of what is wrong with a PDU. */
#include <string.h>

#include "smpp/pdu.h"

void
smpp_issue_add(struct smpp_issues *issues, struct smpp_issue issue)
{
	unsigned i;

	/* Counted even if it is not kept: a verdict must not depend on
	 * room. */
	issues->count[issue.level]++;
	if (issues->n < SMPP_ISSUES_MAX) {
		issues->v[issues->n++] = issue;
		return;
	}
	/* Full: an error may push out the last lesser one, and so on. */
	for (i = SMPP_ISSUES_MAX; i-- > 0;) {
		if (issues->v[i].level >= issue.level)
			continue;
		memmove(&issues->v[i], &issues->v[i + 1],
		    (SMPP_ISSUES_MAX - 1 - i) * sizeof(issue));
		issues->v[SMPP_ISSUES_MAX - 1] = issue;
		return;
	}
}

/* Appends s to the string in out, cut at n octets with the NUL. */
static void
issue_append(char *out, size_t n, const char *s)
{
	size_t have = strlen(out);
	size_t more = strlen(s);

	if (more > n - 1 - have)
		more = n - 1 - have;
	memcpy(out + have, s, more);
	out[have + more] = '\0';
}

/* By hand, for nothing in lib/smpp refers to printf (make purity). 16
 * characters hold the brackets and ten digits. */
void
smpp_issue_place(const struct smpp_issue *issue, char *out, size_t n)
{
	char digits[16] = "[";
	char *p = digits + sizeof(digits) - 1;
	uint32_t i = (uint32_t)issue->index;

	out[0] = '\0';
	issue_append(out, n,
	    issue->name == SMPP_F_tlv ? "tlv" : smpp_field_name(issue->name));
	if (issue->index < 0)
		return;
	*--p = ']';
	do {
		*--p = (char)('0' + i % 10);
		i /= 10;
	} while (i > 0);
	*--p = '[';
	issue_append(out, n, p);
}

uint32_t
smpp_issue_status(const struct smpp_issue *issue)
{
	switch (issue->kind) {
	case SMPP_EUNKNOWN_COMMAND:
		return ESME_RINVCMDID;
	case SMPP_ESM_LENGTH_OVERRUN:
	case SMPP_EUDH_OVERRUN:
	case SMPP_EBAD_TEXT:
	case SMPP_EBOTH_PAYLOADS:
		return ESME_RINVMSGLEN;
	case SMPP_ETLV_HEADER_SHORT:
	case SMPP_ETLV_OVERRUN:
		return ESME_RINVTLVSTREAM;
	case SMPP_ETLV_BAD_LENGTH:
	case SMPP_ETLV_UNTERMINATED:
		return ESME_RINVTLVLEN;
	case SMPP_ETLV_EMBEDDED_NUL:
		return ESME_RINVTLVVAL;
	case SMPP_ETLV_DUPLICATE:
	case SMPP_EUNEXPECTED_TLV:
		return ESME_RTLVNOTALLWD;
	case SMPP_EMISSING_TLV:
		return ESME_RMISSINGTLV;
	case SMPP_EBAD_DEST_FLAG:
	case SMPP_EBAD_VALUE:
	case SMPP_ERESERVED_VALUE:
	case SMPP_ESTRING_TOO_LONG:
	case SMPP_ESTRING_BAD_LENGTH:
		/*
		 * v3.4 has ESME_RINVPARLEN for fields that are too long, v5.0
		 * the status of the field (versions.md, compatibility rule 4);
		 * that one tells more.
		 */
		return issue->name < SMPP_F_COUNT
			   ? smpp_field_status(issue->name)
			   : ESME_RINVTLVVAL;
	default:
		/* What is left are bodies that end too early or too late, and
		 * headers: the length of the PDU is what is wrong. */
		return ESME_RINVCMDLEN;
	}
}
