/* Streaming JSON writer: numbers, strings, escapes. */
#include "base/jsonw.h"

#include <inttypes.h>

static void
jsonw_element(struct smpp_jsonw *j)
{
	if (j->comma)
		smpp_sbuf_putc(j->b, ',');
	j->comma = true;
}

void
smpp_jsonw_u32(struct smpp_jsonw *j, uint32_t v)
{
	jsonw_element(j);
	smpp_sbuf_u32(j->b, v);
}

void
smpp_jsonw_i64(struct smpp_jsonw *j, int64_t v)
{
	jsonw_element(j);
	/* Nearly all numbers; digits by hand cost less than printf. */
	if (v >= 0 && v <= UINT32_MAX)
		smpp_sbuf_u32(j->b, (uint32_t)v);
	else
		smpp_sbuf_printf(j->b, "%" PRId64, v);
}

void
smpp_jsonw_bool(struct smpp_jsonw *j, bool v)
{
	jsonw_element(j);
	smpp_sbuf_puts(j->b, v ? "true" : "false");
}

void
smpp_jsonw_null(struct smpp_jsonw *j)
{
	jsonw_element(j);
	smpp_sbuf_put(j->b, "null", 4);
}

void
smpp_jsonw_ms(struct smpp_jsonw *j, double v)
{
	jsonw_element(j);
	smpp_sbuf_printf(j->b, "%.1f", v);
}

/* The characters a JSON string may hold as they are, quote and backslash
 * left out; 0x7f is legal but a control character, so it is escaped too. */
static bool
jsonw_plain(uint8_t c)
{
	static const bool odd[256] = {[0 ... 0x1f] = true,
	    ['"'] = true,
	    ['\\'] = true,
	    [0x7f ... 0xff] = true};

	return !odd[c];
}

/*
 * The same of eight characters at once: the subtractions borrow into the high
 * bit of those that are below 0x20, a quote, a backslash or 0x7f.
 */
static bool
plain_eight(const uint8_t *p)
{
	const uint64_t ones = 0x0101010101010101u;
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return ((w | (w - ones * 0x20) | ((w ^ ones * '"') - ones) |
		    ((w ^ ones * '\\') - ones) | ((w ^ ones * 0x7f) - ones)) &
		   ones << 7) == 0;
}

static size_t
jsonw_plain_run(const uint8_t *p, size_t n)
{
	size_t i = 0;

	while (n - i >= 8 && plain_eight(p + i))
		i += 8;
	while (i < n && jsonw_plain(p[i]))
		i++;
	return i;
}

static void
jsonw_escaped(struct smpp_sbuf *b, uint8_t c)
{
	static const char letters[] = "\bb\ff\nn\rr\tt\"\"\\\\";
	const char *s;

	for (s = letters; *s != '\0'; s += 2)
		if ((uint8_t)*s == c) {
			smpp_sbuf_putc(b, '\\');
			smpp_sbuf_putc(b, s[1]);
			return;
		}
	smpp_sbuf_printf(b, "\\u%04x", c);
}

/* True for a C1 control, U+0080 to U+009F, at p: legal in JSON, but not fit
 * for a terminal. */
static bool
c1(const uint8_t *p, size_t n)
{
	return n >= 2 && p[0] == 0xC2 && p[1] < 0xA0;
}

void
smpp_jsonw_escape(struct smpp_sbuf *b, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t i, run;

	for (i = 0; i < n; i += run) {
		run = jsonw_plain_run(p + i, n - i);
		while (i + run < n && !c1(p + i + run, n - i - run) &&
		       (p[i + run] >= 0x80 || jsonw_plain(p[i + run])))
			run++;
		smpp_sbuf_put(b, p + i, run);
		if (i + run == n)
			break;
		run += p[i + run] >= 0x80;
		jsonw_escaped(b, p[i + run++]);
	}
}

size_t
smpp_utf8_len(const uint8_t *p, size_t n)
{
	size_t len = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : 2;
	size_t i;

	if (p[0] < 0xC2 || p[0] > 0xF4 || len > n)
		return 0;
	for (i = 1; i < len; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F) ||
	    (p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return len;
}

/* Texts come from peers: what is no UTF-8 becomes U+FFFD octet by octet, so
 * that the line stays JSON whatever is in it. */
void
smpp_jsonw_str(struct smpp_jsonw *j, const char *s, size_t n)
{
	const uint8_t *p = (const uint8_t *)s;
	size_t i, run;

	jsonw_element(j);
	smpp_sbuf_putc(j->b, '"');
	for (i = 0; i < n; i += run) {
		run = jsonw_plain_run(p + i, n - i);
		if (run > 0) {
			smpp_sbuf_put(j->b, p + i, run);
		} else if (p[i] < 0x80) {
			jsonw_escaped(j->b, p[i]);
			run = 1;
		} else if (c1(p + i, n - i)) {
			jsonw_escaped(j->b, p[i + 1]);
			run = 2;
		} else if ((run = smpp_utf8_len(p + i, n - i)) > 0) {
			smpp_sbuf_put(j->b, p + i, run);
		} else {
			smpp_sbuf_put(j->b, "\xEF\xBF\xBD", 3);
			run = 1;
		}
	}
	smpp_sbuf_putc(j->b, '"');
}

/* Copies v to p while it is plain and returns how much was. */
static size_t
copy_plain(char *p, struct smpp_view v)
{
	size_t i = 0;

	for (; v.n - i >= 8 && plain_eight(v.p + i); i += 8)
		memcpy(p + i, v.p + i, 8);
	for (; i < v.n && jsonw_plain(v.p[i]); i++)
		p[i] = (char)v.p[i];
	return i;
}

/* Fields of PDUs, ASCII by their type: octets above stand for the characters
 * of Latin 1, so that every octet can be told from the JSON and read back. */
void
smpp_jsonw_latin1(struct smpp_jsonw *j, struct smpp_view v)
{
	size_t i, run;
	char two[2];
	char *p;

	jsonw_element(j);
	/* The common case in one piece: a short string of plain characters. */
	if (v.n <= 64 && (p = smpp_sbuf_room(j->b, 66)) != NULL &&
	    copy_plain(p + 1, v) == v.n) {
		p[0] = p[v.n + 1] = '"';
		j->b->n += v.n + 2;
		return;
	}
	smpp_sbuf_putc(j->b, '"');
	for (i = 0; i < v.n; i += run) {
		run = jsonw_plain_run(v.p + i, v.n - i);
		if (run > 0) {
			smpp_sbuf_put(j->b, v.p + i, run);
			continue;
		}
		run = 1;
		if (v.p[i] < 0xA0) {
			jsonw_escaped(j->b, v.p[i]);
		} else {
			two[0] = (char)(0xC0 | v.p[i] >> 6);
			two[1] = (char)(0x80 | (v.p[i] & 0x3F));
			smpp_sbuf_put(j->b, two, 2);
		}
	}
	smpp_sbuf_putc(j->b, '"');
}

void
smpp_jsonw_hex(struct smpp_jsonw *j, struct smpp_view v)
{
	jsonw_element(j);
	smpp_sbuf_putc(j->b, '"');
	smpp_sbuf_hex(j->b, v.p, v.n);
	smpp_sbuf_putc(j->b, '"');
}
