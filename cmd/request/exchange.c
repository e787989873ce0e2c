/* One request: built from words, checked, sent, its answer awaited. */
#include <string.h>

#include "words/human.h"
#include "kit/sig.h"
#include "base/clock.h"
#include "request.h"
#include "text/encoder.h"
#include "words/fieldopt.h"

enum {
	GRACE_MS = 2000, /* for the answer after a signal */
	REQUEST_TAG = 1,
};

const struct opt request_opts[] = {
    {'n', "dry-run", OPT_FLAG, offsetof(struct request_args, dry), NULL,
	"print what would be sent and connect to nothing"},
    OPT_BLOCK(target_opts, offsetof(struct request_args, target)),
    OPT_OUTPUT_ROWS,
    OPT_END,
};

/*
 * As a transmitter unless told otherwise: these requests need no receiver, and
 * an SMSC may have messages waiting for the next one that binds.
 */
int
request_begin(struct request *r, struct ctx *c, struct request_args *a,
    uint32_t command_id)
{
	int rc = target_resolve(c, &a->target, BIND_TX);

	if (rc != 0)
		return rc;
	r->c = c;
	r->a = a;
	rc = craft_begin(
	    &r->craft, c, command_id, a->target.ver, SMPP_EXIT_USAGE);
	r->craft.mc_default = (enum smpp_alphabet)a->target.alphabet;
	return rc;
}

/* --- words --- */

int
request_word(struct request *r, const char *word)
{
	return craft_word(&r->craft, word);
}

int
request_fields(struct request *r, const struct opt_list *words)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < words->n; i++)
		rc = request_word(r, words->v[i]);
	return rc;
}

int
request_value(struct request *r, const char *name, const char *value)
{
	if (value == NULL)
		return 0;
	return request_word(r, cmd_printf(r->c, "%s=%s", name, value));
}

int
request_text(struct request *r, const char *text, const char *encoding,
    bool wide, struct smpp_view *octets, enum smpp_alphabet *alphabet)
{
	struct smpp_coding coding = {
	    .alphabet = (uint8_t)r->a->target.alphabet};
	size_t start = r->craft.store.n;
	struct smpp_err err;
	int n;

	if (encoding != NULL && strcmp(encoding, "auto") != 0) {
		n = smpp_alphabet_find(smpp_view_str(encoding));
		if (n < 0)
			return out_usage(r->c, "--encoding: no '%s'", encoding);
		coding.alphabet = (uint8_t)n;
	} else if (wide && !smpp_text_encodable(smpp_view_str(text), coding)) {
		coding.alphabet = SMPP_ALPHA_UCS2;
	}
	smpp_err_clear(&err);
	if (smpp_text_encode(
		&r->craft.store, smpp_view_str(text), coding, &err) != 0) {
		/* replace_sm cannot say in which alphabet its text is. */
		if (encoding == NULL)
			out_hint(
			    r->c, "-e ucs2, if the message was sent in it");
		return out_error(
		    r->c, SMPP_EXIT_DATA, "text", "text: %s", err.msg);
	}
	*octets = smpp_view_of(
	    r->craft.store.p + start, r->craft.store.n - start);
	*alphabet = coding.alphabet;
	return 0;
}

/* --- sending --- */

static int
exchange_dry_run(struct request *r)
{
	struct smpp_view wire;
	int rc;

	target_show(r->c, &r->a->target);
	r->craft.pdu.sequence_number = 2; /* the bind is 1 */
	rc = craft_write(&r->craft, &wire);
	if (rc == 0)
		request_dry(r, wire);
	return rc;
}

static void
say_lies(struct request *r)
{
	char text[160];
	struct smpp_sbuf b;

	for (unsigned i = 0; i < r->craft.lies.n; i++) {
		smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
		smpp_lie_text(&b, &r->craft.pdu, &r->craft.lies.v[i]);
		text[b.n] = '\0';
		out_say(r->c, 1, "== %s", text);
	}
}

static int
send_request(struct request *r)
{
	struct smpp_conn *conn = r->link.conn;
	struct smpp_view wire;
	int rc;

	say_lies(r);
	if (conn->fd < 0)
		return 0; /* it is gone, which is told then */
	if (r->craft.lies.n == 0) {
		conn->lawless = true; /* it is for the SMSC to refuse it */
		/*
		 * Encoded by the connection, which gives the number and keeps
		 * the window.
		 */
		if (smpp_conn_send(conn, &r->craft.pdu, REQUEST_TAG) ==
		    SMPP_ENOMEM)
			cmd_nomem(); /* a session that is over is told then */
		return 0;
	}
	/*
	 * A lie is not what the session would write: it is told of the true
	 * PDU, so that the answer is known, and the octets go past it.
	 */
	smpp_session_out(&conn->s, &r->craft.pdu, smpp_clock_ms(), REQUEST_TAG);
	rc = craft_write(&r->craft, &wire);
	if (rc == 0 && smpp_conn_put(conn, wire) != 0)
		cmd_nomem();
	return rc;
}

/* The name of the PDU that is awaited. */
static const char *
awaited(const struct request *r)
{
	return smpp_pdu_of(r->craft.row->counterpart)->name;
}

/*
 * Whatever ended it: the request was written, so what the SMSC did with it is
 * not known (exit 8), and not a failure.
 */
static int
exchange_failed(struct request *r)
{
	struct link *l = &r->link;

	if (sig_stop() > 0) {
		smpp_err_clear(&l->err);
		return out_error(r->c, SMPP_EXIT_UNKNOWN, "request",
		    "stopped before %s came", awaited(r));
	}
	if (l->ev.kind == SMPP_EV_CLOSE || l->ev.kind == SMPP_EV_TIMEOUT) {
		smpp_err_clear(&l->err);
		smpp_err_set(&l->err, SMPP_ETIMEOUT, "no answer");
	}
	if (l->ev.kind == SMPP_EV_UNBIND)
		smpp_err_set(&l->err, SMPP_ECLOSED, "it sent unbind");
	return link_failed(l, SMPP_EXIT_UNKNOWN, "request", awaited(r),
	    r->a->target.response_ms);
}

/*
 * Waits for the answer. Messages that come meanwhile are put off: somebody
 * else will want them. A signal leaves two more seconds. The tag tells our
 * answer from those of enquire_link.
 */
static int
wait_answer(struct request *r)
{
	struct link *l = &r->link;
	int64_t until = smpp_io_deadline(
	    smpp_clock_ms(), r->a->target.response_ms);

	l->ev.kind = SMPP_EV_NONE;
	do {
		if (link_next(l, until) != 0) {
			if (l->err.code != SMPP_EINTERRUPTED || sig_stop() > 1)
				return exchange_failed(r);
			sig_seen();
			smpp_err_clear(&l->err);
			if (sig_stop() == 1)
				until = smpp_clock_ms() + GRACE_MS;
			continue;
		}
		if (l->ev.kind == SMPP_EV_REQUEST)
			link_reply(l, &l->pdu, ESME_RX_T_APPN);
		if (l->ev.kind == SMPP_EV_UNBIND ||
		    (l->ev.kind == SMPP_EV_TIMEOUT &&
			l->ev.request.tag == REQUEST_TAG))
			return exchange_failed(r);
	} while (
	    l->ev.kind != SMPP_EV_RESPONSE || l->ev.request.tag != REQUEST_TAG);
	return 0;
}

/* Nobody answers a one-way PDU: once it is written all is done. */
static int
wait_written(struct request *r)
{
	struct link *l = &r->link;
	int64_t ms = r->a->target.response_ms;
	int64_t until = smpp_io_deadline(smpp_clock_ms(), ms);

	if (link_flush(l, until) == 0)
		return SMPP_EXIT_OK;
	return out_error(r->c, SMPP_EXIT_UNKNOWN, "request",
	    "%s not written: %s", r->craft.row->name, l->err.msg);
}

/*
 * The bind may have settled on an older version, which has other fields:
 * judged again before anything is sent.
 */
static int
exchange_it(struct request *r)
{
	int rc = 0;

	if (r->link.conn->s.ver != r->craft.pdu.ver) {
		r->craft.pdu.ver = r->link.conn->s.ver;
		out_say(r->c, 1, "== the SMSC speaks SMPP %s",
		    smpp_ver_name(r->craft.pdu.ver));
		rc = craft_check(&r->craft);
	}
	if (rc == 0)
		rc = send_request(r);
	if (rc == 0 && r->craft.row->flags & SMPP_PDU_ONEWAY)
		return wait_written(r);
	if (rc == 0)
		rc = wait_answer(r);
	return rc == 0 ? request_answer(r) : rc;
}

/* Judged before connecting: a mistake must not cost a login. */
int
request_finish(struct request *r)
{
	int rc = craft_check(&r->craft);

	if (rc == 0 && r->a->dry)
		return exchange_dry_run(r);
	if (rc == 0)
		rc = target_required(r->c, &r->a->target);
	if (rc != 0)
		return rc;
	sig_catch();
	rc = link_init(&r->link, r->c, &r->a->target);
	if (rc == 0)
		rc = link_open(&r->link, 2);
	if (rc == 0) {
		rc = exchange_it(r);
		rc = cmd_worse(rc, link_close(&r->link));
	}
	link_fini(&r->link);
	return rc;
}
