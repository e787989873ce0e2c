/* What passes on a connection, for -v and --trace. */
#include "linktap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "show/show.h"
#include "words/dictfile.h"
#include "words/status.h"

/*
 * " 12 ms" since the request that this response answers was sent. A table of
 * fixed size by the low bits of the number: with a window beyond it the time
 * told may be that of a later request.
 */
static void
put_latency(struct linktap *tap, const struct smpp_pdu *pdu, char out[32])
{
	uint64_t *asked = &tap->asked[pdu->sequence_number % LINKTAP_ASKED];

	out[0] = '\0';
	if (*asked != 0)
		snprintf(out, 32, " %.1f ms",
		    (double)(smpp_clock_ns() - *asked) / 1e6);
	*asked = 0;
}

/*
 * -v: each PDU as one line. Arrows point as on a diagram with us to the left.
 */
static void
say_pdu(struct linktap *tap, enum smpp_dir dir, const struct smpp_pdu *pdu)
{
	bool response = pdu->command_id & SMPP_RESPONSE_BIT;
	char name[16], text[STATUS_NAME], took[32] = "";
	const char *status = "";

	snprintf(name, sizeof(name), "0x%08x", pdu->command_id);
	if (response)
		status = pdu->command_status == 0
			     ? "ok"
			     : status_name(text, pdu->command_status);
	if (response && dir == SMPP_IN)
		put_latency(tap, pdu, took);
	else if (!response && dir == SMPP_OUT)
		tap->asked[pdu->sequence_number % LINKTAP_ASKED] =
		    smpp_clock_ns();
	out_say(tap->c, 1, "%s %s seq %u%s%s%s", dir == SMPP_IN ? "<-" : "->",
	    pdu->row == NULL ? name : pdu->row->name, pdu->sequence_number,
	    response ? " " : "", status, took);
}

/*
 * -vv: what the fields of a PDU are, -vvv: and all its octets. Straight to
 * stderr in pieces: a PDU may have more than any buffer here.
 */
static void
say_fields(struct linktap *tap, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues)
{
	struct out *o = tap->c->out;
	const struct smpp_show show = {
	    .raw = out_says(tap->c, 3),
	    .secrets = o->args.show_secrets,
	    .colour = o->color_err,
	    .bare = true,
	    .mc_default = tap->t->alphabet,
	};
	char text[4096];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text), out_talk, tap->c);
	smpp_print_pdu(&b, pdu, issues, &show);
	smpp_sbuf_flush(&b);
}

/* --trace: the PDU, its password masked. */
static void
capture_pdu(struct linktap *tap, enum smpp_dir dir, const struct smpp_pdu *pdu)
{
	struct smpp_view secret = smpp_pdu_secret(pdu);
	struct smpp_view wire = pdu->wire;
	uint8_t *copy = NULL;

	/*
	 * On a copy: what goes over the wire is not touched. Captures are sent
	 * around to find faults.
	 */
	if (secret.n > 0 && !tap->c->out->args.show_secrets) {
		copy = malloc(wire.n);
		if (copy == NULL)
			cmd_nomem();
		memcpy(copy, wire.p, wire.n);
		memset(copy + (secret.p - wire.p), '*', secret.n);
		wire.p = copy;
	}
	if (tap->serves) /* the client is the other side */
		dir = dir == SMPP_IN ? SMPP_OUT : SMPP_IN;
	smpp_capture_pdu(
	    tap->t->capture, &tap->stream, dir, wire, smpp_clock_wall_us());
	free(copy);
}

/*
 * Every PDU passes by here when somebody wants to see it. Decoded anew, in any
 * version: this is to see what is there, before the session judges it.
 */
static void
linktap_on_pdu(void *arg, enum smpp_dir dir, struct smpp_view wire)
{
	struct linktap *tap = arg;
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	dictionary_decode(tap->c, &pdu, wire, SMPP_VANY, 0, &issues);
	if (out_says(tap->c, 1))
		say_pdu(tap, dir, &pdu);
	if (out_says(tap->c, 2))
		say_fields(tap, &pdu, &issues);
	if (tap->t->capture != NULL)
		capture_pdu(tap, dir, &pdu);
}

/*
 * Once for all connections of a run: later ones are further streams of the
 * same file.
 */
int
linktap_open(struct ctx *c, struct target *t)
{
	struct smpp_err err;

	if (t->trace == NULL || t->capture != NULL)
		return 0;
	smpp_err_clear(&err);
	t->capture = cmd_alloc(c, sizeof(*t->capture));
	if (smpp_capture_open(t->capture, t->trace, &err) == 0)
		return 0;
	t->capture = NULL;
	return out_error(c, SMPP_EXIT_LOCAL, "trace", "--trace: %s", err.msg);
}

void
linktap_begin(struct linktap *tap, struct ctx *c, struct target *t,
    struct smpp_conn *conn)
{
	*tap = (struct linktap){
	    .c = c, .t = t, .serves = conn->s.conf.role == SMPP_MC};
	if (t->capture != NULL)
		smpp_capture_begin(
		    t->capture, &tap->stream, smpp_clock_wall_us());
	/*
	 * Nobody wants to see: no function is set, and PDUs cost nothing more.
	 */
	if (!out_says(c, 1) && t->capture == NULL)
		return;
	conn->trace = linktap_on_pdu;
	conn->trace_arg = tap;
}

void
linktap_end(struct linktap *tap)
{
	if (tap->stream.port != 0 && tap->t->capture != NULL)
		smpp_capture_end(
		    tap->t->capture, &tap->stream, smpp_clock_wall_us());
	tap->stream.port = 0;
}

int
linktap_check(struct ctx *c, const struct target *t)
{
	if (t->capture == NULL || t->capture->error == 0)
		return 0;
	return out_error(c, SMPP_EXIT_LOCAL, "trace", "%s: %s", t->trace,
	    strerror(t->capture->error));
}
