/* What passes on a link, for -v and --trace. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "words/dictfile.h"
#include "base/clock.h"
#include "link_int.h"
#include "net/capture.h"
#include "show/show.h"
#include "words/status.h"

/* " 12 ms" since the request that this response answers was sent. */
static void
put_latency(struct link_tap *tap, const struct smpp_pdu *pdu, char out[32])
{
	uint64_t *asked = &tap->asked[pdu->sequence_number % LINK_ASKED];

	out[0] = '\0';
	if (*asked != 0)
		snprintf(out, 32, " %.1f ms",
		    (double)(smpp_clock_ns() - *asked) / 1e6);
	*asked = 0;
}

/* -v: each PDU as one line. */
static void
say_pdu(struct link_tap *tap, enum smpp_dir dir, const struct smpp_pdu *pdu)
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
		tap->asked[pdu->sequence_number % LINK_ASKED] = smpp_clock_ns();
	out_say(tap->l->c, 1, "%s %s seq %u%s%s%s",
	    dir == SMPP_IN ? "<-" : "->",
	    pdu->row == NULL ? name : pdu->row->name, pdu->sequence_number,
	    response ? " " : "", status, took);
}

/* -vv: what the fields of a PDU are, -vvv: and all its octets. */
static void
say_fields(struct link *l, const struct smpp_pdu *pdu,
    const struct smpp_issues *issues)
{
	struct out *o = l->c->out;
	const struct smpp_show show = {
	    .raw = out_says(l->c, 3),
	    .secrets = o->args.show_secrets,
	    .colour = o->color_err,
	    .bare = true,
	    .mc_default = l->t->alphabet,
	};
	char text[4096];
	struct smpp_sbuf b;

	smpp_sbuf_init(&b, text, sizeof(text), out_talk, l->c);
	smpp_print_pdu(&b, pdu, issues, &show);
	smpp_sbuf_flush(&b);
}

/* --trace: the PDU, its password masked. */
static void
capture_pdu(struct link_tap *tap, enum smpp_dir dir, const struct smpp_pdu *pdu)
{
	struct link *l = tap->l;
	struct smpp_view secret = smpp_pdu_secret(pdu);
	struct smpp_view wire = pdu->wire;
	uint8_t *copy = NULL;

	if (secret.n > 0 && !l->c->out->args.show_secrets) {
		copy = malloc(wire.n);
		if (copy == NULL)
			cmd_nomem();
		memcpy(copy, wire.p, wire.n);
		memset(copy + (secret.p - wire.p), '*', secret.n);
		wire.p = copy;
	}
	if (l->conn.s.conf.role == SMPP_MC) /* the client is the other side */
		dir = dir == SMPP_IN ? SMPP_OUT : SMPP_IN;
	smpp_capture_pdu(
	    l->t->capture, &tap->stream, dir, wire, smpp_clock_wall_us());
	free(copy);
}

/* Every PDU passes by here when somebody wants to see it. */
static void
linkshow_on_pdu(void *arg, enum smpp_dir dir, struct smpp_view wire)
{
	struct link_tap *tap = arg;
	struct link *l = tap->l;
	struct smpp_issues issues = {0};
	struct smpp_pdu pdu;

	dictionary_decode(l->c, &pdu, wire, SMPP_VANY, 0, &issues);
	if (out_says(l->c, 1))
		say_pdu(tap, dir, &pdu);
	if (out_says(l->c, 2))
		say_fields(l, &pdu, &issues);
	if (l->t->capture != NULL)
		capture_pdu(tap, dir, &pdu);
}

void
link_watch(struct link *l, struct smpp_conn *conn)
{
	struct link_tap *tap = &l->tap[conn == &l->rx];

	if (l->t->capture != NULL)
		smpp_capture_begin(
		    l->t->capture, &tap->stream, smpp_clock_wall_us());
	if (!out_says(l->c, 1) && l->t->capture == NULL)
		return;
	tap->l = l;
	conn->trace = linkshow_on_pdu;
	conn->trace_arg = tap;
}

/* The connections come to their end, as far as they were seen. */
static void
end_streams(struct link *l)
{
	for (size_t i = 0; i < 2; i++)
		if (l->tap[i].stream.port != 0)
			smpp_capture_end(l->t->capture, &l->tap[i].stream,
			    smpp_clock_wall_us());
	l->tap[0].stream.port = l->tap[1].stream.port = 0;
}

int
link_watch_end(struct link *l)
{
	const struct smpp_capture *capture = l->t->capture;

	if (capture == NULL)
		return 0;
	end_streams(l);
	if (capture->error == 0)
		return 0;
	return out_error(l->c, SMPP_EXIT_LOCAL, "trace", "%s: %s", l->t->trace,
	    strerror(capture->error));
}

int
link_capture(struct link *l)
{
	struct target *t = l->t;

	if (t->trace == NULL || t->capture != NULL)
		return 0;
	t->capture = cmd_alloc(l->c, sizeof(*t->capture));
	if (smpp_capture_open(t->capture, t->trace, &l->err) == 0)
		return 0;
	t->capture = NULL;
	return out_error(
	    l->c, SMPP_EXIT_LOCAL, "trace", "--trace: %s", l->err.msg);
}

int
link_trace(struct link *l, const char *file)
{
	struct smpp_capture *old = l->t->capture;
	int rc = link_watch_end(l);

	if (old != NULL)
		close(old->fd);
	l->t->capture = NULL;
	l->t->trace = file;
	smpp_err_clear(&l->err);
	if (rc == 0)
		rc = link_capture(l);
	if (rc == 0 && l->conn.fd >= 0)
		link_watch(l, &l->conn);
	return rc;
}
