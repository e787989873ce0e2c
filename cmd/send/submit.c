/* smpp send: the submit_sm of each part, from the options. */
#include <string.h>

#include "base/clock.h"
#include "send.h"
#include "show/show.h"
#include "text/smpptime.h"

static bool
is_digits(const char *p)
{
	return *p != '\0' && p[strspn(p, "0123456789")] == '\0';
}

/*
 * "ADDR[,TON,NPI]". Without them a leading '+' says international, ISDN and
 * is dropped; letters say alphanumeric; bare digits say nothing.
 */
static int
address(struct send *s, const char *word, struct smpp_val v[3])
{
	const char *comma = strchr(word, ','), *second = NULL;
	char *addr = cmd_printf(s->c, "%s", word);
	const char *ton = NULL, *npi = NULL;

	if (comma != NULL) {
		addr[comma - word] = '\0';
		ton = addr + (comma - word) + 1;
		second = strchr(ton, ',');
		if (second == NULL)
			return out_error(s->c, SMPP_EXIT_USAGE, "usage",
			    "address '%s': ADDR or ADDR,TON,NPI", word);
		addr[second - addr] = '\0';
		npi = second + 1;
	}
	v[0].num = *addr == '+' ? 1 : is_digits(addr) || *addr == 0 ? 0 : 5;
	v[1].num = *addr == '+' ? 1 : 0;
	if (comma == NULL && *addr == '+')
		addr++;
	v[2].p = (const uint8_t *)addr;
	v[2].n = (uint32_t)strlen(addr);
	if ((ton == NULL || opt_uint(ton, &v[0].num) == 0 ||
		smpp_enum_value(SMPP_SET_ton, view_str(ton), &v[0].num) == 0) &&
	    (npi == NULL || opt_uint(npi, &v[1].num) == 0 ||
		smpp_enum_value(SMPP_SET_npi, view_str(npi), &v[1].num) == 0))
		return 0;
	return out_error(s->c, SMPP_EXIT_USAGE, "usage",
	    "address '%s': TON and NPI are numbers or names", word);
}

static void
set_address(
    struct smpp_pdu *pdu, const struct smpp_val v[3], const unsigned name[3])
{
	smpp_set_num(pdu, name[0], v[0].num);
	smpp_set_num(pdu, name[1], v[1].num);
	smpp_set_view(pdu, name[2], view_of(v[2].p, v[2].n));
}

static int
set_addresses(struct send *s, struct msg *m, struct smpp_pdu *pdu)
{
	static const unsigned source[] = {
	    SMPP_F_source_addr_ton, SMPP_F_source_addr_npi, SMPP_F_source_addr};
	static const unsigned dest[] = {SMPP_F_dest_addr_ton,
	    SMPP_F_dest_addr_npi, SMPP_F_destination_addr};
	struct smpp_val v[3];
	int rc;

	rc = address(s, m->word, v);
	if (rc != 0)
		return rc;
	m->dest = (const char *)v[2].p;
	set_address(pdu, v, dest);
	if (s->a.source == NULL)
		return 0;
	rc = address(s, s->a.source, v);
	if (rc != 0)
		return rc;
	set_address(pdu, v, source);
	return 0;
}

/*
 * Sets a time field from what people write, "2h" or ISO 8601. Returns false
 * when the pair is of another field.
 */
static bool
set_time(struct send *s, struct smpp_pdu *pdu, const char *pair,
    struct smpp_err *err)
{
	size_t n = strcspn(pair, "=");
	int name = smpp_name_find(view_of(pair, n));
	const struct smpp_field *row = smpp_field_find(
	    smpp_fields(pdu->row, pdu->ver), (unsigned)name);
	struct smpp_err why;
	char *text;

	if (row == NULL || row->kind != SMPP_KIND_TIME)
		return false;
	text = cmd_alloc(s->c, SMPP_TIME_SIZE);
	smpp_err_clear(&why);
	if (smpp_time_write(text, view_str(pair + n + 1), pdu->ver != SMPP_V33,
		smpp_clock_wall_us() / 1000000, &why) != 0)
		smpp_err_set(err, why.code, "%s: %s", smpp_name((unsigned)name),
		    why.msg);
	else
		smpp_set_view(pdu, (unsigned)name, view_str(text));
	return true;
}

/* The fields and TLVs that options set. */
static int
set_fields(struct send *s, struct smpp_pdu *pdu)
{
	struct smpp_err err;
	const char *pair;
	struct wr store;

	wr_init(&store, s->store, sizeof(s->store));
	for (size_t i = 0; i < s->a.fields.n; i++) {
		pair = s->a.fields.v[i];
		smpp_err_clear(&err);
		if (!set_time(s, pdu, pair, &err))
			smpp_assign(pdu, view_str(pair), &store, &err);
		if (err.code != 0)
			return out_error(
			    s->c, SMPP_EXIT_USAGE, "usage", "%s", err.msg);
	}
	return 0;
}

/* What an issue is about: a field, or a TLV by its name. */
static const char *
place(struct ctx *c, const struct smpp_issue *is)
{
	const struct smpp_tlv_row *tlv = smpp_tlv_row(is->tag);
	char text[64];

	if (is->name == SMPP_F_tlv && tlv != NULL)
		return tlv->name;
	smpp_issue_place(is, text, sizeof(text));
	return cmd_printf(c, "%s", text);
}

/* What the version does not allow, before anything is sent. */
static int
check(struct send *s, const struct smpp_pdu *pdu)
{
	struct smpp_issues issues = {.n = 0};
	const struct smpp_issue *is = issues.v;
	char text[128];
	struct sbuf b;

	if (smpp_sendable(pdu, &issues) == 0)
		return 0;
	while (is->level != SMPP_ERROR)
		is++;
	if (is->kind == SMPP_ENOT_IN_VERSION)
		return out_error(s->c, SMPP_EXIT_USAGE, "usage",
		    "%s: not in SMPP %s", place(s->c, is),
		    smpp_ver_name(pdu->ver));
	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	smpp_issue_text(&b, pdu, is);
	text[b.n] = '\0';
	return out_error(
	    s->c, SMPP_EXIT_USAGE, "usage", "%s: %s", place(s->c, is), text);
}

/* A data_coding among the fields decides how the text is read. */
int
submit_coding(struct send *s)
{
	struct smpp_pdu pdu;
	int rc;

	smpp_pdu_init(&pdu, SMPP_C_submit_sm, 0, s->a.target.ver);
	rc = set_fields(s, &pdu);
	s->data_coding = smpp_has(&pdu, SMPP_F_data_coding)
			     ? (int)smpp_num(&pdu, SMPP_F_data_coding)
			     : -1;
	return rc;
}

int
submit_build(struct send *s, struct msg *m, int part, struct smpp_pdu *pdu)
{
	bool receipt = s->a.receipt || s->a.wait_ms >= 0;
	int rc;

	smpp_pdu_init(pdu, SMPP_C_submit_sm, 0, s->a.target.ver);
	smpp_set_num(pdu, SMPP_F_data_coding, s->content.data_coding);
	smpp_set_num(pdu, SMPP_F_registered_delivery, receipt);
	rc = set_addresses(s, m, pdu);
	if (rc == 0)
		rc = set_fields(s, pdu);
	if (rc == 0 &&
	    smpp_part_set(pdu, &s->content.split, &s->content.part[part]) != 0)
		rc = out_error(
		    s->c, SMPP_EXIT_USAGE, "usage", "more TLVs than fit");
	return rc != 0 ? rc : check(s, pdu);
}
