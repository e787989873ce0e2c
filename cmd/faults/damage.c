/* The faults that change octets: a whole PDU in, what is sent instead out. */
#include "fault.h"

#include <string.h>

#include "base/rd.h"

enum {
	AT_ID = 4,
	AT_STATUS = 8,
	AT_SEQUENCE = 12,
	LONG_ID = 64, /* the system_id of bind=long */
	ODD_VERSION = 0x99,
};

typedef void damage_fn(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng);

/*
 * Has command_length say what is there. Faults that are about a body leave the
 * framing right: only so does the peer get to the fault.
 */
static void
damage_fit(struct smpp_wr *w)
{
	smpp_put_u32(w->p, (uint32_t)w->n);
}

/*
 * A number in the PDU, right now was, as the action wants it. Wraps around
 * like the field itself: -1 of 0 is 0xffffffff.
 */
static uint32_t
shifted(const struct rule_value *v, uint32_t was)
{
	return v->form == RULE_RELATIVE ? was + (uint32_t)v->a : (uint32_t)v->a;
}

/*
 * In any version, and what is wrong is not asked: the PDU may be damaged by a
 * fault before this one.
 */
static void
decode(struct smpp_pdu *pdu, const struct smpp_wr *w)
{
	struct smpp_issues issues = {0};

	smpp_decode(pdu, smpp_view_of(w->p, w->n), SMPP_VANY, 0, &issues);
}

/* The header alone, as a generic_nack; its number stays, or nobody would know
 * what it is about. */
static void
damage_nack(struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)rng;
	w->n = SMPP_HEADER_SIZE;
	smpp_put_u32(w->p + AT_ID, SMPP_C_generic_nack);
	smpp_put_u32(w->p + AT_STATUS, (uint32_t)v->a);
	damage_fit(w);
}

/* --- responses to binds --- */

/*
 * n is written as it is given, right or not: damage_tlv_overrun lies with it.
 */
static void
damage_add_tlv(struct smpp_wr *w, uint16_t tag, uint16_t n, const char *value)
{
	smpp_wr_u16(w, tag);
	smpp_wr_u16(w, n);
	smpp_wr_view(w, smpp_view_str(value));
	damage_fit(w);
}

/* A body of its own: a system_id, perhaps the version. */
static void
bind_body(struct smpp_wr *w, size_t n, char c)
{
	uint8_t *p;

	w->n = SMPP_HEADER_SIZE;
	if ((p = smpp_wr_room(w, n)) != NULL)
		memset(p, c, n);
	smpp_wr_u8(w, 0);
	damage_fit(w);
}

static void
damage_bind(struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	const uint32_t id = smpp_get_u32(w->p + AT_ID);
	const char version[] = {(char)ODD_VERSION, '\0'};

	(void)rng;
	if (id != SMPP_C_bind_receiver_resp &&
	    id != SMPP_C_bind_transmitter_resp &&
	    id != SMPP_C_bind_transceiver_resp)
		return;
	switch (v->a) {
	/* Without a body, which only a bind that is refused may lack. */
	case FAULT_BIND_BARE:
		w->n = SMPP_HEADER_SIZE;
		damage_fit(w);
		break;
	case FAULT_BIND_OTHER:
		smpp_put_u32(w->p + AT_ID, id == SMPP_C_bind_transmitter_resp
					       ? SMPP_C_bind_receiver_resp
					       : SMPP_C_bind_transmitter_resp);
		break;
	/*
	 * Four times the 16 octets that a system_id has (3.4 5.2.1): what a
	 * client does not bound it writes over its end.
	 */
	case FAULT_BIND_LONG:
		bind_body(w, LONG_ID, 'x');
		break;
	case FAULT_BIND_VERSION:
		bind_body(w, 4, 'x');
		damage_add_tlv(w, SMPP_T_sc_interface_version, 1, version);
		break;
	}
}

/* --- bodies --- */

/* The PDU ends behind the last character of its longest string: a reader that
 * looks for the NUL goes furthest wrong there. command_length is right. */
static void
damage_unterminated(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	const struct smpp_field *row;
	struct smpp_view s, longest = {NULL, 0};
	struct smpp_pdu pdu;

	(void)v;
	(void)rng;
	decode(&pdu, w);
	if (pdu.row == NULL)
		return;
	row = smpp_pdu_body(pdu.row, pdu.ver);
	for (; row->kind != SMPP_KIND_END; row++) {
		s = smpp_pdu_view(&pdu, row->name);
		if (smpp_kind_is_string(row->kind) && s.p != NULL &&
		    (longest.p == NULL || s.n > longest.n))
			longest = s;
	}
	if (longest.p == NULL)
		return;
	w->n = (size_t)(longest.p + longest.n - w->p);
	damage_fit(w);
}

/* sm_length is the octet before the text. Everything else stays, so that the
 * text reaches into what follows, or the reverse. */
static void
damage_sm_length(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	struct smpp_pdu pdu;
	struct smpp_view text;
	uint8_t *at;

	(void)rng;
	decode(&pdu, w);
	text = smpp_pdu_view(&pdu, SMPP_F_short_message);
	/* No short_message in this PDU: there is nothing to be wrong. */
	if (text.p == NULL)
		return;
	at = w->p + (text.p - w->p) - 1;
	*at = (uint8_t)shifted(v, *at);
}

static void
damage_tlv(struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)rng;
	damage_add_tlv(w, (uint16_t)v->a, 4, "junk");
}

/*
 * 200 octets are announced and 5 are there: a reader that trusts the length
 * reads beyond the PDU.
 */
static void
damage_tlv_overrun(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)v;
	(void)rng;
	damage_add_tlv(w, SMPP_T_additional_status_info_text, 200, "short");
}

static void
damage_sequence_number(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)rng;
	smpp_put_u32(
	    w->p + AT_SEQUENCE, shifted(v, smpp_get_u32(w->p + AT_SEQUENCE)));
}

static void
damage_command_id(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)rng;
	smpp_put_u32(w->p + AT_ID, (uint32_t)v->a);
}

/* Octets at random places behind command_length become other ones: the stream
 * can still be followed, so that each PDU is judged for itself. Never the same
 * octet, which would be no damage. */
static void
damage_garble(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	const size_t n = w->n - AT_ID;
	uint64_t r;

	for (int64_t i = 0; i < v->a; i++) {
		/*
		 * One draw for both: its low octet says how, the rest where; 1
		 * to 255 is never 0, which would leave the octet as it is.
		 */
		r = smpp_rng_next(rng);
		w->p[AT_ID + (r >> 8) % n] ^= (uint8_t)(r % 255 + 1);
	}
}

/* Counted from what is there after the faults before this one. */
static void
damage_command_length(
    struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)rng;
	smpp_put_u32(w->p, shifted(v, (uint32_t)w->n));
}

/* --- other octets --- */

static void
damage_replace(struct smpp_wr *w, const void *p, size_t n)
{
	w->n = 0;
	smpp_wr_view(w, smpp_view_of(p, n));
}

/* What the port of a web server says. */
static void
damage_http(struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	static const char text[] = "HTTP/1.1 400 Bad Request\r\n"
				   "Content-Type: text/plain\r\n"
				   "Content-Length: 16\r\n"
				   "Connection: close\r\n\r\n"
				   "400 Bad Request\n";

	(void)v;
	(void)rng;
	damage_replace(w, text, sizeof(text) - 1);
}

/* A fatal alert, unexpected_message: what a port for TLS says to plain SMPP. */
static void
damage_tls(struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	static const uint8_t alert[] = {0x15, 3, 3, 0, 2, 2, 10};

	(void)v;
	(void)rng;
	damage_replace(w, alert, sizeof(alert));
}

/* What is sent next will pass for the rest. */
static void
damage_half(struct smpp_wr *w, const struct rule_value *v, struct smpp_rng *rng)
{
	(void)v;
	(void)rng;
	w->n /= 2;
}

static damage_fn *const damages[FAULT_COUNT] = {
#define DAMAGE(id, ...) [FAULT_##id] = damage_##id,
#include "faults.def"
};

/*
 * In the order of the rows, not as written: bodies first, then the header,
 * then what replaces all of it, so that each sees what it needs.
 */
void
fault_damage(struct smpp_wr *w, const struct rule_acts *a,
    struct smpp_view truth, struct smpp_rng *rng)
{
	const struct rule_value *v;

	smpp_wr_view(w, truth);
	if (truth.n < SMPP_HEADER_SIZE)
		return; /* could not be encoded */
	for (unsigned i = 0; i < FAULT_COUNT; i++)
		if (damages[i] != NULL &&
		    (v = fault_act(a, (enum fault_id)i)) != NULL)
			damages[i](w, v, rng);
}
