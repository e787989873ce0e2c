/* What is decoded, strictly or not, in any version, encodes back to the same
 * octets: directly, through JSON, and through name=value text. */
#include <assert.h>
#include <stdlib.h>

#include "show/show.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static char text[4 << 20];
static uint8_t store[1 << 20], out[1 << 20];

static void
same(struct smpp_pdu *pdu, struct smpp_view wire)
{
	struct smpp_wr w;

	smpp_wr_init(&w, out, sizeof(out));
	if (smpp_encode(&w, pdu) != (int)wire.n ||
	    memcmp(out, wire.p, wire.n) != 0)
		abort();
}

static void
json(const struct smpp_pdu *pdu, const struct smpp_issues *issues)
{
	const struct smpp_show show = {.secrets = true};
	struct smpp_pdu back;
	struct smpp_err err;
	struct smpp_jsonw j;
	struct smpp_sbuf b;
	struct smpp_wr w;

	smpp_sbuf_init(&b, text, sizeof(text), NULL, NULL);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_pdu(&j, pdu, issues, &show);
	smpp_jsonw_close(&j, '}');
	smpp_err_clear(&err);
	smpp_wr_init(&w, store, pdu->wire.n);
	if (b.bad || smpp_json_pdu_parse(&back, b.p, b.n, pdu->ver, NULL,
			 SMPP_ALPHA_GSM7, &w, &err) != 0)
		abort();
	same(&back, pdu->wire);
}

/* Where a pair ends: at a blank outside quotes, braces and brackets. */
static char *
pair_end(char *p)
{
	int depth = 0;
	bool quote = false;

	for (; *p != '\0' && (*p != ' ' || quote || depth > 0); p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '"')
			quote = !quote;
		else if (!quote)
			depth += (*p == '{' || *p == '[') -
				 (*p == '}' || *p == ']');
	}
	return p;
}

static void
pairs(const struct smpp_pdu *pdu)
{
	struct smpp_pdu back;
	struct smpp_err err;
	struct smpp_sbuf b;
	struct smpp_wr w;
	char *p, *end;

	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	smpp_pdu_pairs(&b, pdu, true);
	text[b.n] = '\0';
	smpp_pdu_init(&back, pdu->command_id, 0, pdu->ver);
	smpp_wr_init(&w, store, sizeof(store));
	for (p = pair_end(text); *p == ' '; p = end) {
		end = pair_end(++p);
		smpp_err_clear(&err);
		if (smpp_pdu_assign(&back, smpp_view_of(p, (size_t)(end - p)),
			&w, &err) != 0)
			abort();
	}
	same(&back, pdu->wire);
}

/* Octets of asterisks are refused as a masked password. */
static bool
looks_masked(const struct smpp_pdu *pdu)
{
	struct smpp_view v = smpp_pdu_view(pdu, SMPP_F_password);

	return v.n > 0 && v.p[0] == '*';
}

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static const enum smpp_ver vers[] = {
	    SMPP_VANY, SMPP_V33, SMPP_V34, SMPP_V50};
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	int i;

	for (i = 0; i < 8; i++) {
		smpp_decode(&pdu, smpp_view_of(p, n), vers[i % 4],
		    i < 4 ? SMPP_STRICT | SMPP_CHECK : SMPP_CHECK, &issues);
		if (pdu.wire.n < SMPP_HEADER_SIZE ||
		    pdu.wire.n != pdu.command_length)
			continue;
		same(&pdu, pdu.wire);
		if (!looks_masked(&pdu))
			json(&pdu, &issues);
		pairs(&pdu);
	}
	return 0;
}
