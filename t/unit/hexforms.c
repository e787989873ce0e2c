/* lib/show/hexin: octets of PDUs in any form come back as they were. */
#include <stdlib.h>

#include "base/rd.h"
#include "hexin/hexin.h"
#include "smpp/pdu.h"
#include "tap.h"

enum { ROUNDS = 400, OCTETS_MAX = 3 * 300, TEXT_MAX = 16 * OCTETS_MAX };

static uint64_t state = 88172645463325252u;

static unsigned
below(unsigned n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned)(state >> 33) % n;
}

/* Text being written. */
struct text {
	char s[TEXT_MAX];
	size_t n;
};

__attribute__((format(printf, 2, 3))) static void
put(struct text *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	t->n += (size_t)vsnprintf(t->s + t->n, TEXT_MAX - t->n, fmt, ap);
	va_end(ap);
}

/* How a form writes octets: what comes before and after all, before each line
 * (%x in it is the offset), between octets, after each line, how many octets
 * are a line, and what frames a text column, if there is one. */
struct form {
	const char *name;
	const char *head, *tail;
	const char *line, *octet, *between, *end;
	unsigned width;
	const char *text, *text_end;
};

static const struct form forms[] = {
    {"plain", "", "", "", "%02x", "", "", 9999},
    {"upper, CRLF", "", "\r\n", "", "%02X", "", "\r\n", 40},
    {"spaced", "", "\n", "", "%02x", " ", "", 9999},
    {"spaced lines", "", "", "", "%02x", " ", "\n", 16},
    {"one a line", "", "", "", "%02x", "", "\n", 1},
    {"colons", "", "", "", "%02X", ":", "", 9999},
    {"dashes", "", "", "", "%02X", "-", "", 9999},
    {"tabs", "", "", "\t", "%02x", "\t", "\n", 8},
    {"no-break spaces", "", "", "", "%02x", "\xc2\xa0", "", 9999},
    {"0x whole", "0x", "", "", "%02x", "", "", 9999},
    {"escapes", "\"", "\";", "", "\\x%02x", "", "", 9999},
    {"escapes in lines", "", ";", "  \"", "\\x%02x", "", "\"\n", 12},
    {"C array", "static const uint8_t pdu[42] = {\n", "};\n", "\t", "0x%02X,",
	" ", "\n", 12},
    {"Go %#v", "[]byte{", "}", "", "0x%x", ", ", "", 9999},
    {"Java", "byte[] p = {", "};", "", "(byte) 0x%02x", ", ", "", 9999},
    {"Node", "<Buffer ", ">\n", "", "%02x", " ", "", 9999},
    {"quoted lines", "x = ", ";", "'", "%02x", "", "' +\n", 24},
    {"log line", "2026-01-15 10:42:07,512 [pool-1] INFO c.c.S - [", "]\n", "",
	"%02x", "", "", 9999},
    {"log lines", "", "", "10:42:07.512 [main] DEBUG - ", "%02x", " ", "\n",
	16},
    {"mail", "Hi Abe,\n\nplease decode:\n\n", "\nDad\n", "", "%02x", "", "\n",
	30},
    {"Wireshark", "", "", "%04x  ", "%02x", " ", "\n", 16},
    {"Wireshark, text", "", "", "%04x   ", "%02x", " ", "\n", 16, "   ", ""},
    {"hexdump -C", "", "", "%08x  ", "%02x", " ", "\n", 16, "  |", "|"},
    {"od, octal", "", "", "%07o ", "%02x", " ", "\n", 16, "  >", "<"},
    {"decimal", "", "", "%6d: ", "%02x", " ", "\n", 10, "  ", ""},
    {"Kannel", "2026-01-15 10:42:07 [4242] [6] DEBUG:   len:  51\n",
	"2026-01-15 10:42:07 [4242] [6] DEBUG: Octet string dump ends.\n",
	"2026-01-15 10:42:07 [4242] [6] DEBUG:   data: ", "%02x", " ", "\n", 16,
	"    ", ""},
    {"log of a dump", "", "", "Jan 15 10:42:07 host smsc[42]: %08x: ", "%02x",
	" ", "\n", 16, "  ", ""},
};

static void
put_text(struct text *t, const struct form *f, const uint8_t *p, unsigned n)
{
	unsigned i;

	for (i = n; i < f->width; i++)
		put(t, "   ");
	put(t, "%s", f->text);
	for (i = 0; i < n; i++)
		put(t, "%c", p[i] >= 0x20 && p[i] < 0x7f ? p[i] : '.');
	put(t, "%s", f->text_end);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
static void
render(struct text *t, const struct form *f, unsigned base, const uint8_t *p,
    size_t n)
{
	size_t i, k, line;

	t->n = 0;
	put(t, "%s", f->head);
	for (i = 0; i < n; i += line) {
		line = n - i < f->width ? n - i : f->width;
		put(t, f->line, (unsigned)i + base);
		for (k = 0; k < line; k++) {
			put(t, "%s", k > 0 ? f->between : "");
			put(t, f->octet, p[i + k]);
		}
		if (f->text != NULL)
			put_text(t, f, p + i, (unsigned)line);
		put(t, "%s", f->end);
	}
	put(t, "%s", f->tail);
}
#pragma GCC diagnostic pop

/* One to three PDUs with any body. */
static size_t
random_pdus(uint8_t *p)
{
	size_t n = 0, size, i;
	unsigned k;

	for (k = below(3) + 1; k > 0; k--) {
		size = SMPP_HEADER_SIZE + below(below(4) == 0 ? 280 : 60);
		for (i = SMPP_HEADER_SIZE; i < size; i++)
			p[n + i] =
			    (uint8_t)(below(2) ? below(256) : ' ' + below(95));
		smpp_put_u32(p + n, (uint32_t)size);
		smpp_put_u32(
		    p + n + 4, smpp_pdus[below((unsigned)smpp_pdu_count)].id);
		smpp_put_u32(p + n + 8, 0);
		smpp_put_u32(p + n + 12, below(100000) + 1);
		n += size;
	}
	return n;
}

struct got {
	uint8_t p[2 * OCTETS_MAX];
	size_t n;
	unsigned wrong;
};

static int
collect(void *arg, const struct smpp_hexevent *e)
{
	struct got *g = arg;

	if (e->what == SMPP_HEXIN_OCTETS && e->n <= sizeof(g->p) - g->n) {
		memcpy(g->p + g->n, e->p, e->n);
		g->n += e->n;
	} else if (e->what != SMPP_HEXIN_NOTE && e->what != SMPP_HEXIN_OBJECT) {
		g->wrong++;
	}
	return 0;
}

static void
one_form(struct smpp_hexin *h, struct got *g, const struct form *f)
{
	static uint8_t want[OCTETS_MAX];
	static struct text t;
	unsigned i, base;
	size_t n;

	for (i = 0; i < ROUNDS; i++) {
		n = random_pdus(want);
		base = below(2) ? 0 : below(500) * 16;
		render(&t, f, base, want, n);
		g->n = g->wrong = 0;
		smpp_hexin_feed(h, t.s, t.n);
		smpp_hexin_end(h);
		if (g->n == n && memcmp(g->p, want, n) == 0 && g->wrong == 0)
			continue;
		is_mem(g->p, g->n, want, n, "%s, round %u:\n# %s", f->name, i,
		    t.s);
		return;
	}
	ok(true, "%s", f->name);
}

int
main(void)
{
	static struct got g;
	struct smpp_hexin *h = smpp_hexin_open(SMPP_HEXFORM_AUTO, collect, &g);
	size_t i;

	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++)
		one_form(h, &g, &forms[i]);
	smpp_hexin_close(h);
	return tap_done();
}
