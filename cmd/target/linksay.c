/* A connection in words: that it is there, and why not. */
#include "linksay.h"

#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "base/guess.h"
#include "base/rd.h"
#include "words/status.h"

/* --- that it is there --- */

void
linksay_connected(struct ctx *c, const struct smpp_conn *conn)
{
	if (conn->tls == NULL)
		out_say(c, 1, "== connected to %s", conn->peer);
	else
		out_say(c, 1, "== connected to %s, %s, %s", conn->peer,
		    smpp_tls_version(conn->tls), smpp_tls_cipher(conn->tls));
}

/*
 * Told of a command that stays without -v, too: from here on it waits, and
 * somebody looks at it.
 */
void
linksay_bound(
    struct ctx *c, const struct smpp_conn *conn, const struct smpp_pdu *resp)
{
	const unsigned level = c->cmd->stream ? 0 : 1;
	const char *word = conn->s.state == SMPP_ST_TX   ? "tx"
			   : conn->s.state == SMPP_ST_RX ? "rx"
							 : "trx";
	struct smpp_view name = smpp_pdu_view(resp, SMPP_F_system_id);

	out_say(c, level, "== bound %s to '%.*s', SMPP %s", word, (int)name.n,
	    (const char *)name.p, smpp_ver_name(conn->s.ver));
}

bool
linksay_unended(struct ctx *c, const struct smpp_pdu *pdu)
{
	static const uint8_t names[] = {SMPP_F_message_id, SMPP_F_system_id};

	for (size_t i = 0; i < sizeof(names); i++)
		if (pdu->row != NULL && smpp_pdu_unended(pdu, names[i])) {
			out_warn(c,
			    "%s has no NUL behind its %s: taken all the same",
			    pdu->row->name, smpp_field_name(names[i]));
			return true;
		}
	return false;
}

/* --- and why not --- */

/* What ended a wait for a connection: --connect-timeout, or -t. */
static const char *
linksay_limit(const struct linkend *end, char text[24])
{
	const bool total = smpp_clock_ms() >= end->deadline;

	return target_duration(
	    text, total ? end->t->total_ms : end->t->connect_ms);
}

int
linksay_connect(const struct linkend *end)
{
	const struct target *t = end->t;
	const struct smpp_err *err = end->err;
	struct ctx *c = end->c;
	char text[24];

	/* Who pressed Ctrl-C knows why. */
	if (err->code == SMPP_EINTERRUPTED)
		return SMPP_EXIT_CONNECT;
	/*
	 * Operators put TLS at ports of their own; nothing tells more of it.
	 */
	if (err->sys == ECONNREFUSED && t->tls && target_default(t, "port"))
		out_hint(c, "3550 is the port of smpps by default; give the "
			    "port if this SMSC has another");
	if (err->sys == ETIMEDOUT && t->connect_ms != 0)
		return out_error(c, SMPP_EXIT_CONNECT, "connect",
		    "connect to %s: no answer within %s", end->peer,
		    linksay_limit(end, text));
	return out_error(
	    c, exit_of(smpp_err_class(err->code)), "connect", "%s", err->msg);
}

int
linksay_tls(const struct linkend *end)
{
	const struct target *t = end->t;
	const struct smpp_err *err = end->err;
	struct ctx *c = end->c;
	char text[24];

	if (err->code == SMPP_EINTERRUPTED)
		return SMPP_EXIT_CONNECT;
	if (err->code == SMPP_ETIMEOUT)
		return out_error(c, SMPP_EXIT_CONNECT, "tls",
		    "%s: no TLS handshake within %s", t->name,
		    linksay_limit(end, text));
	/* OpenSSL's words for a chain that ends at nobody we know. */
	if (strstr(err->msg, "signed certificate") != NULL ||
	    strstr(err->msg, "issuer certificate") != NULL)
		out_hint(c, "--cacert FILE says whom to trust; -k trusts "
			    "anybody");
	return out_error(
	    c, SMPP_EXIT_CONNECT, "tls", "%s: %s", t->name, err->msg);
}

/*
 * Octets that are no SMPP, in words; and what may help. The commonest mistake
 * of all: plain SMPP to a port of TLS, or of HTTP.
 */
static const char *
linksay_foreign(const struct linkend *end)
{
	const char *guess = smpp_guess_protocol(end->left);

	if (guess == NULL)
		return "";
	if (strstr(guess, "TLS") != NULL && !end->t->tls)
		out_hint(end->c, "--tls, or smpps:// in place of smpp://");
	return cmd_printf(end->c, ": this looks like %s", guess);
}

/* What arrived instead of a PDU, for people. */
static const char *
linksay_instead(const struct linkend *end)
{
	const struct smpp_view v = end->left;

	if (end->err->code == SMPP_EPROTOCOL)
		return linksay_foreign(end);
	if (v.n == 0)
		return "";
	if (v.n < SMPP_HEADER_SIZE || smpp_get_u32(v.p) > v.n)
		return cmd_printf(
		    end->c, " in the middle of a PDU, after %u octets", v.n);
	return "";
}

int
linksay_wait(const struct linkend *end, int exit, const char *what,
    const char *awaited, int64_t waited_ms)
{
	char text[24];

	if (end->err->code == SMPP_EINTERRUPTED)
		return exit;
	if (end->err->code != SMPP_ETIMEOUT)
		return out_error(end->c, exit, what, "no %s from %s: %s%s",
		    awaited, end->peer, end->err->msg, linksay_instead(end));
	/* Not the wait for this answer was over, but all of it. */
	if (smpp_clock_ms() >= end->deadline)
		waited_ms = end->t->total_ms;
	return out_error(end->c, exit, what, "no %s within %s from %s", awaited,
	    target_duration(text, waited_ms), end->peer);
}

/* A TLS server that is spoken to in plain may say an alert, or just close. */
int
linksay_bind(const struct linkend *end, const char *awaited)
{
	const int code = end->err->code;

	if ((code == SMPP_ECLOSED || code == SMPP_ERESET) && !end->t->tls &&
	    end->left.n == 0)
		out_hint(
		    end->c, "a port of TLS may do so, too: then --tls helps");
	/* Our own system may be what failed. */
	return linksay_wait(end,
	    code == SMPP_EIO ? SMPP_EXIT_LOCAL : SMPP_EXIT_PEER, "bind",
	    awaited, end->t->response_ms);
}

int
linksay_refused(
    struct ctx *c, const struct target *t, uint32_t command_id, uint32_t status)
{
	char text[STATUS_TEXT];

	/* Neither bound nor refused: that is the peer's mistake (3.4 4.3). */
	if (status == ESME_ROK)
		return out_error(c, SMPP_EXIT_PEER, "bind",
		    "%s answered the bind with %s and no error", t->name,
		    smpp_pdu_of(command_id)->name);
	/*
	 * 3.3 does not know bind_transceiver, and answers it as an unknown
	 * command.
	 */
	if (command_id == SMPP_C_generic_nack && t->bind == BIND_TRX)
		out_hint(c, "the SMSC may be one of 3.3, or want -b tx or rx");
	else if (status == ESME_RALYBND)
		out_hint(c, "another session holds this system_id; the SMSC "
			    "may need its inactivity time to notice a lost "
			    "one");
	else
		out_hint(c, "system_id '%s' came from %s, password from %s",
		    t->system_id, target_from(t, "system-id"),
		    t->password.from == NULL ? "nowhere: none found"
					     : t->password.from);
	status_json(out_more(c), status);
	return out_error(c, SMPP_EXIT_BIND, "bind", "bind refused by %s: %s",
	    t->name, status_text(text, status));
}
