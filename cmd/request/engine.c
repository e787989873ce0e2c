/* One request: built from words, checked, sent, its answer awaited. */
#include <string.h>

#include "../human.h"
#include "../sig.h"
#include "base/clock.h"
#include "request.h"
#include "show/show.h"
#include "text/encode.h"
#include "text/smpptime.h"

enum {
	STORE_MAX = 256 * 1024, /* octets that words set */
	GRACE_MS = 2000,        /* for the answer after a signal */
	REQUEST_TAG = 1,
};

const struct opt request_opts[] = {
    {'n', "dry-run", OPT_FLAG, offsetof(struct request_args, dry), NULL,
	"print what would be sent and connect to nothing"},
    OPT_BLOCK(target_opts, offsetof(struct request_args, target)),
    OPT_OUTPUT_ROWS,
    OPT_END,
};

const struct request_address request_source = {
    SMPP_F_source_addr_ton, SMPP_F_source_addr_npi, SMPP_F_source_addr};
const struct request_address request_dest = {
    SMPP_F_dest_addr_ton, SMPP_F_dest_addr_npi, SMPP_F_destination_addr};

static int
usage(struct request *r, const char *msg)
{
	return out_error(r->c, SMPP_EXIT_USAGE, "usage", "%s", msg);
}

static int
not_in_version(struct request *r, const char *what)
{
	return out_error(r->c, SMPP_EXIT_USAGE, "usage", "%s: not in SMPP %s",
	    what, smpp_ver_name(r->pdu.ver));
}

/* Says which version has the PDU, when this one does not. */
static int
check_version(struct request *r)
{
	static const enum smpp_ver vers[] = {SMPP_V33, SMPP_V34, SMPP_V50};
	size_t i = 0;

	if (r->row->vers & r->pdu.ver)
		return 0;
	while (!(r->row->vers & vers[i]))
		i++;
	out_hint(r->c, "--smpp-version %s", smpp_ver_name(vers[i]));
	return not_in_version(r, r->row->name);
}

int
request_begin(struct request *r, struct ctx *c, struct request_args *a,
    uint32_t command_id)
{
	int rc = target_resolve(c, &a->target, BIND_TX);

	if (rc != 0)
		return rc;
	r->c = c;
	r->a = a;
	r->row = smpp_pdu_row(command_id);
	wr_init(&r->store, cmd_alloc(c, STORE_MAX), STORE_MAX);
	smpp_pdu_init(&r->pdu, command_id, 0, a->target.ver);
	return check_version(r);
}

/* --- words --- */

/* Whether another version has a field of this name in the PDU. */
static bool
elsewhere(const struct request *r, struct view name)
{
	int n = smpp_name_find(name);

	for (size_t i = 0; n >= 0 && i < 4; i++)
		if (smpp_field_find(r->row->body[i], (unsigned)n) != NULL)
			return true;
	return false;
}

/*
 * Sets a time field from what people write, "2h" or ISO 8601. Returns false
 * when the pair is of another field, or its value is quoted or hexadecimal.
 */
static bool
set_time(struct request *r, struct view name, const char *value,
    struct smpp_err *err)
{
	int n = smpp_name_find(name);
	const struct smpp_field *row =
	    n < 0
		? NULL
		: smpp_field_find(smpp_fields(r->row, r->pdu.ver), (unsigned)n);
	struct smpp_err why;
	char *text;

	if (row == NULL || row->kind != SMPP_KIND_TIME || *value == '"' ||
	    strncmp(value, "hex:", 4) == 0)
		return false;
	text = cmd_alloc(r->c, SMPP_TIME_SIZE);
	smpp_err_clear(&why);
	if (smpp_time_write(text, view_str(value), r->pdu.ver != SMPP_V33,
		smpp_clock_wall_us() / 1000000, &why) != 0)
		smpp_err_set(
		    err, why.code, "%s: %s", smpp_name((unsigned)n), why.msg);
	else
		smpp_set_view(&r->pdu, (unsigned)n, view_str(text));
	return true;
}

int
request_word(struct request *r, const char *word)
{
	struct view v = view_str(word);
	struct view name = view_of(word, strcspn(word, "="));
	struct smpp_err err;

	smpp_err_clear(&err);
	if (smpp_lie_is(v))
		smpp_lie_parse(&r->lies, &r->pdu, v, &r->store, &err);
	else if (name.n == v.n || !set_time(r, name, word + name.n + 1, &err))
		smpp_assign(&r->pdu, v, &r->store, &err);
	if (err.code == 0)
		return 0;
	if (err.code == SMPP_ENAME && elsewhere(r, name))
		return not_in_version(
		    r, cmd_printf(r->c, "%.*s of %s", (int)name.n,
			   (const char *)name.p, r->row->name));
	return usage(r, err.msg);
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

/* A type of number or a numbering plan: a number, or a word of its set. */
static bool
coded(const char *text, unsigned set, uint32_t *v)
{
	return (opt_uint(text, v) == 0 && *v <= 255) ||
	       smpp_enum_value(set, view_str(text), v) == 0;
}

/* A leading '+' says international, letters alphanumeric, digits nothing. */
static uint32_t
guess_ton(const char *addr)
{
	if (*addr == '+')
		return 1;
	return addr[strspn(addr, "0123456789")] == '\0' ? 0 : 5;
}

/* "TON,NPI", which is cut in two. */
static bool
split_type(char *text, uint32_t *ton, uint32_t *npi)
{
	char *comma = strchr(text, ',');

	if (comma == NULL)
		return false;
	*comma = '\0';
	return coded(text, SMPP_SET_ton, ton) &&
	       coded(comma + 1, SMPP_SET_npi, npi);
}

int
request_addr(
    struct request *r, const struct request_address *field, const char *word)
{
	uint32_t ton, npi;
	char *addr, *type;

	if (word == NULL)
		return 0;
	addr = cmd_printf(r->c, "%s", word);
	ton = guess_ton(addr);
	npi = *addr == '+';
	type = strchr(addr, ',');
	if (type != NULL) {
		*type = '\0';
		if (!split_type(type + 1, &ton, &npi))
			return usage(r,
			    cmd_printf(r->c,
				"address '%s': ADDR or ADDR,TON,NPI, numbers "
				"or names",
				word));
	} else if (*addr == '+') {
		addr++;
	}
	smpp_set_num(&r->pdu, field->ton, ton);
	smpp_set_num(&r->pdu, field->npi, npi);
	smpp_set_view(&r->pdu, field->addr, view_str(addr));
	return 0;
}

int
request_text(struct request *r, const char *text, const char *encoding,
    bool wide, struct view *octets, enum smpp_alphabet *alphabet)
{
	struct smpp_coding coding = {
	    .alphabet = (uint8_t)r->a->target.alphabet};
	size_t start = r->store.n;
	struct smpp_err err;
	int n;

	if (encoding != NULL && strcmp(encoding, "auto") != 0) {
		n = smpp_alphabet_find(view_str(encoding));
		if (n < 0)
			return usage(r,
			    cmd_printf(r->c, "--encoding: no '%s'", encoding));
		coding.alphabet = (uint8_t)n;
	} else if (wide && !smpp_text_encodable(view_str(text), coding)) {
		coding.alphabet = SMPP_ALPHA_UCS2;
	}
	smpp_err_clear(&err);
	if (smpp_text_encode(&r->store, view_str(text), coding, &err) != 0) {
		if (encoding == NULL)
			out_hint(
			    r->c, "-e ucs2, if the message was sent in it");
		return out_error(
		    r->c, SMPP_EXIT_DATA, "text", "text: %s", err.msg);
	}
	*octets = view_of(r->store.p + start, r->store.n - start);
	*alphabet = coding.alphabet;
	return 0;
}

/* --- checks --- */

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

/* What the version does not allow. Lies are not looked at. */
static int
check(struct request *r)
{
	struct smpp_issues issues = {.n = 0};
	const struct smpp_issue *is = issues.v;
	char text[128];
	struct sbuf b;
	int rc = check_version(r);

	if (rc != 0)
		return rc;
	if (smpp_sendable(&r->pdu, &issues) == 0)
		return 0;
	while (is->level != SMPP_ERROR)
		is++;
	if (is->kind == SMPP_ENOT_IN_VERSION)
		return not_in_version(r, place(r->c, is));
	smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
	smpp_issue_text(&b, &r->pdu, is);
	text[b.n] = '\0';
	return usage(r, cmd_printf(r->c, "%s: %s", place(r->c, is), text));
}

/* --- sending --- */

/* The octets of the request, lies included, in memory of the command. */
static int
write_pdu(struct request *r, struct view *wire)
{
	size_t n = smpp_size(&r->pdu), most = n + r->store.n + 64;
	uint8_t *truth = cmd_alloc(r->c, n), *out = cmd_alloc(r->c, most);
	struct wr t, w;
	int size;

	wr_init(&t, truth, n);
	wr_init(&w, out, most);
	smpp_encode(&t, &r->pdu);
	size = smpp_lie_write(&w, &r->pdu, view_of(truth, t.n), &r->lies);
	if (size == SMPP_ENAME)
		return usage(r, "a lie is about the length of a TLV that the "
				"PDU does not have");
	if (size < 0)
		return usage(r, "the PDU is too long");
	*wire = view_of(out, (size_t)size);
	return 0;
}

static int
dry_run(struct request *r)
{
	struct view wire;
	int rc;

	target_show(r->c, &r->a->target);
	r->pdu.sequence_number = 2; /* the bind is 1 */
	rc = write_pdu(r, &wire);
	if (rc == 0)
		request_dry(r, wire);
	return rc;
}

static void
say_lies(struct request *r)
{
	char text[160];
	struct sbuf b;

	for (unsigned i = 0; i < r->lies.n; i++) {
		smpp_sbuf_init(&b, text, sizeof(text) - 1, NULL, NULL);
		smpp_lie_text(&b, &r->pdu, &r->lies.v[i]);
		text[b.n] = '\0';
		out_say(r->c, 1, "== %s", text);
	}
}

static int
send_request(struct request *r)
{
	struct smpp_conn *conn = &r->link.conn;
	struct view wire;
	int rc;

	say_lies(r);
	if (r->lies.n == 0) {
		if (smpp_conn_send(conn, &r->pdu, REQUEST_TAG) != 0)
			cmd_nomem();
		return 0;
	}
	smpp_session_out(&conn->s, &r->pdu, smpp_clock_ms(), REQUEST_TAG);
	rc = write_pdu(r, &wire);
	if (rc == 0 && smpp_conn_put(conn, wire) != 0)
		cmd_nomem();
	return rc;
}

/* The name of the PDU that is awaited. */
static const char *
awaited(const struct request *r)
{
	return smpp_pdu_row(r->row->counterpart)->name;
}

static int
failed(struct request *r)
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
 * else will want them. A signal leaves two more seconds.
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
				return failed(r);
			sig_seen();
			smpp_err_clear(&l->err);
			if (sig_stop() == 1)
				until = smpp_clock_ms() + GRACE_MS;
			continue;
		}
		if (l->ev.kind == SMPP_EV_REQUEST)
			smpp_conn_reply(&l->conn, &l->pdu, ESME_RX_T_APPN);
		if (l->ev.kind == SMPP_EV_UNBIND ||
		    (l->ev.kind == SMPP_EV_TIMEOUT &&
			l->ev.request.tag == REQUEST_TAG))
			return failed(r);
	} while (
	    l->ev.kind != SMPP_EV_RESPONSE || l->ev.request.tag != REQUEST_TAG);
	return 0;
}

static int
exchange(struct request *r)
{
	int rc = 0;

	if (r->link.conn.s.ver != r->pdu.ver) {
		r->pdu.ver = r->link.conn.s.ver;
		out_say(r->c, 1, "== the SMSC speaks SMPP %s",
		    smpp_ver_name(r->pdu.ver));
		rc = check(r);
	}
	if (rc == 0)
		rc = send_request(r);
	if (rc == 0)
		rc = wait_answer(r);
	return rc == 0 ? request_answer(r) : rc;
}

int
request_finish(struct request *r)
{
	int rc = check(r);

	if (rc == 0 && r->a->dry)
		return dry_run(r);
	if (rc == 0)
		rc = target_required(r->c, &r->a->target);
	if (rc != 0)
		return rc;
	sig_catch();
	rc = link_open(&r->link, r->c, &r->a->target, 2);
	if (rc != 0)
		return rc;
	rc = exchange(r);
	return cmd_worse(rc, link_close(&r->link));
}
