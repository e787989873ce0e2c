/* smpp send: what is sent, from the options. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hex.h"
#include "send.h"
#include "show/show.h"
#include "text/smpptime.h"
#include "text/text.h"
#include "text/utf.h"

enum {
	FILE_MAX = 64 * 1024,
	PART_MAX = 140, /* octets of one part on the air */
	PART_GSM7 = 160,
	DC_BINARY = 4,
	DC_UCS2 = 8,
};

static int
usage(struct ctx *c, const char *what)
{
	return out_error(c, SMPP_EXIT_USAGE, "usage", "%s", what);
}

/* Reads a whole text, without its last newline. */
static int
read_text(struct ctx *c, const char *name, struct view *v)
{
	bool std = strcmp(name, "-") == 0;
	char *p = cmd_alloc(c, FILE_MAX + 1);
	ssize_t got = 1;
	size_t n = 0;
	int fd = std ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && n <= FILE_MAX && got > 0) {
		got = read(fd, p + n, FILE_MAX + 1 - n);
		n += got > 0 ? (size_t)got : 0;
	}
	if (fd < 0 || got < 0)
		return out_error(c, SMPP_EXIT_LOCAL, "file", "%s: %s", name,
		    strerror(errno));
	if (!std)
		close(fd);
	if (n > FILE_MAX)
		return out_error(
		    c, SMPP_EXIT_DATA, "text", "%s: larger than 64 KiB", name);
	if (n > 0 && p[n - 1] == '\n')
		n--;
	*v = view_of(p, n);
	return 0;
}

/* The GSM code of a character that ASCII has, or -1. */
static int
gsm_code(uint32_t u)
{
	switch (u) {
	case '@':
		return 0x00;
	case '$':
		return 0x02;
	case '_':
		return 0x11;
	case '\n':
	case '\r':
		return (int)u;
	default:
		return u >= ' ' && u < 0x7b && (u < '[' || u > '`') ? (int)u
								    : -1;
	}
}

/* Encodes UTF-8 as GSM 7-bit, a septet an octet. False if it does not fit. */
static bool
encode_gsm7(struct view text, uint8_t *out, size_t *n)
{
	int code;

	for (*n = 0; *n < text.n; ++*n) {
		code = gsm_code(text.p[*n]);
		if (code < 0)
			return false;
		out[*n] = (uint8_t)code;
	}
	return true;
}

/* Encodes UTF-8 as UTF-16. Returns the octets, or -1: not UTF-8. */
static int64_t
encode_ucs2(struct view text, uint8_t *out)
{
	uint32_t i, u, n = 0;
	size_t len;

	for (i = 0; i < text.n; i += (uint32_t)len) {
		len = smpp_utf8_get(text.p + i, text.n - i, &u);
		if (len == 0)
			return -1;
		if (u > 0xffff) {
			put_u16(out + n, (uint16_t)(0xd7c0 + (u >> 10)));
			n += 2;
			u = 0xdc00 | (u & 0x3ff);
		}
		put_u16(out + n, (uint16_t)u);
		n += 2;
	}
	return n;
}

static int
too_long(struct ctx *c, size_t n, const char *alphabet, size_t max)
{
	return out_error(c, SMPP_EXIT_DATA, "text",
	    "text: %zu %s in %s, one message holds %zu", n,
	    max == PART_GSM7 ? "septets" : "octets", alphabet, max);
}

static int
encode(struct send *s, struct view text)
{
	uint8_t *out = cmd_alloc(s->c, 2 * (size_t)text.n + 1);
	int64_t wide;
	size_t n;

	if (encode_gsm7(text, out, &n)) {
		s->content = (struct content){view_of(out, n), 0, "gsm7"};
		return n > PART_GSM7 ? too_long(s->c, n, "gsm7", PART_GSM7) : 0;
	}
	wide = encode_ucs2(text, out);
	if (wide < 0)
		return out_error(
		    s->c, SMPP_EXIT_DATA, "text", "text: not valid UTF-8");
	n = (size_t)wide;
	s->content = (struct content){view_of(out, n), DC_UCS2, "ucs2"};
	return n > PART_MAX ? too_long(s->c, n, "ucs2", PART_MAX) : 0;
}

static int
from_hex(struct send *s)
{
	size_t n = strlen(s->a.hex);
	uint8_t *out = cmd_alloc(s->c, n / 2 + 1);

	if (smpp_hex_decode(out, s->a.hex, n) < 0)
		return out_error(s->c, SMPP_EXIT_DATA, "hex",
		    "--hex: not pairs of hex digits");
	n /= 2;
	s->content = (struct content){view_of(out, n), DC_BINARY, "binary"};
	return n > PART_MAX ? too_long(s->c, n, "binary", PART_MAX) : 0;
}

int
content_make(struct send *s)
{
	const struct send_args *a = &s->a;
	int given = (a->text != NULL) + (a->file != NULL) + (a->hex != NULL);
	struct view text;
	int rc;

	if (given > 1)
		return usage(s->c, "-m, -f and -x exclude each other");
	if (given == 0)
		return usage(s->c, "no text: give -m, -f or -x");
	if (a->hex != NULL)
		return from_hex(s);
	text = a->text != NULL ? view_str(a->text) : (struct view){NULL, 0};
	rc = a->file != NULL ? read_text(s->c, a->file, &text) : 0;
	return rc != 0 ? rc : encode(s, text);
}

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

int
submit_build(struct send *s, struct msg *m, struct smpp_pdu *pdu)
{
	bool receipt = s->a.receipt || s->a.wait_ms >= 0;
	int rc;

	smpp_pdu_init(pdu, SMPP_C_submit_sm, 0, s->a.target.ver);
	smpp_set_num(pdu, SMPP_F_data_coding, s->content.data_coding);
	smpp_set_num(pdu, SMPP_F_registered_delivery, receipt);
	smpp_set_view(pdu, SMPP_F_short_message, s->content.octets);
	rc = set_addresses(s, m, pdu);
	if (rc == 0)
		rc = set_fields(s, pdu);
	if (rc == 0)
		rc = check(s, pdu);
	return rc;
}
