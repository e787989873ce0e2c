/* PDUs for other languages: octets and C strings alone, no structures. */
#include "show/foreign.h"

#include <stdlib.h>

#include "msg/sendable.h"
#include "show/show.h"

/* cap characters at p are the caller's, n were written or would have been. */
struct foreign_string {
	char *p;
	size_t n, cap;
};

static int
string_take(void *arg, const char *p, size_t n)
{
	struct foreign_string *s = arg;
	/* n counts on when nothing fits any more: the caller learns how much
	 * room he needs, as with snprintf(3). */
	size_t fits = s->n < s->cap ? s->cap - s->n : 0;

	if (fits > 0)
		memcpy(s->p + s->n, p, n < fits ? n : fits);
	s->n += n;
	return 0;
}

static enum smpp_ver
foreign_ver(unsigned version, enum smpp_ver usual)
{
	return version == 0 ? usual : smpp_ver_of((uint8_t)version);
}

int
smpp_json_from_octets(
    const void *octets, size_t n, unsigned version, char *out, size_t cap)
{
	const struct smpp_show show = {.mc_default = SMPP_ALPHA_GSM7};
	struct foreign_string s = {out, 0, cap};
	struct smpp_issues issues;
	struct smpp_pdu pdu;
	struct smpp_sbuf b;
	struct smpp_jsonw j;
	char room[1024];

	if (n == 0)
		return SMPP_EEMPTY;
	/* A PDU is no longer, and a view has a length of 32 bits. */
	if (n > SMPP_PDU_MAX)
		n = SMPP_PDU_MAX;
	smpp_decode(&pdu, smpp_view_of(octets, n),
	    foreign_ver(version, SMPP_VANY), SMPP_CHECK, &issues);
	smpp_check_message(&pdu, show.mc_default, &issues);
	smpp_sbuf_init(&b, room, sizeof(room), string_take, &s);
	smpp_jsonw_init(&j, &b);
	smpp_jsonw_open(&j, '{');
	smpp_json_pdu(&j, &pdu, &issues, &show);
	smpp_jsonw_close(&j, '}');
	smpp_sbuf_flush(&b);
	if (cap > 0)
		out[s.n < cap ? s.n : cap - 1] = '\0';
	return (int)s.n;
}

int
smpp_json_to_octets(
    const char *json, unsigned version, void *out, size_t cap, char why[200])
{
	struct smpp_err err = SMPP_ERR_INIT;
	uint8_t *octets = malloc(SMPP_PDU_MAX);
	struct smpp_wr store, wire;
	struct smpp_pdu pdu;
	int rc;

	if (octets == NULL) {
		rc = smpp_err_set(&err, SMPP_ENOMEM, "out of memory");
		goto done;
	}
	/* Two buffers: the PDU borrows its values from one while it is encoded
	 * into the other. */
	smpp_wr_init(&store, octets, SMPP_PDU_MAX);
	smpp_wr_init(&wire, out, cap);
	rc = smpp_json_pdu_parse(&pdu, json, strlen(json),
	    foreign_ver(version, SMPP_V34), NULL, SMPP_ALPHA_GSM7, &store,
	    &err);
	if (rc == 0)
		rc = smpp_encode(&wire, &pdu);
	if (rc < 0)
		smpp_err_set(&err, rc, "%s", smpp_err_text(rc));
done:
	if (why != NULL)
		memcpy(why, err.msg, sizeof(err.msg));
	free(octets);
	return rc;
}
