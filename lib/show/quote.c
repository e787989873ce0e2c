/* Text for a terminal: nothing in it can command one. */
#include "show/quote_int.h"

#include "text/utf.h"

/* True for characters that change how a terminal shows what follows: C1
 * controls, and those that turn the direction of writing. */
static bool
treacherous(uint32_t u)
{
	return (u >= 0x7F && u < 0xA0) || (u >= 0x202A && u <= 0x202E) ||
	       (u >= 0x2066 && u <= 0x2069);
}

/* Text pieces with what a terminal could take for a command escaped. */
int
smpp_quote_piece(void *arg, const char *p, size_t n)
{
	struct smpp_sbuf *out = arg;
	size_t i, len;
	uint32_t u;

	for (i = 0; i < n; i += len) {
		const uint8_t c = (uint8_t)p[i];

		/*
		 * A piece never ends within a character: smpp_sbuf_spill()
		 * sees to that. What is no UTF-8 all the same is shown as
		 * octets.
		 */
		len = smpp_utf8_get((const uint8_t *)p + i, n - i, &u);
		if (len == 0)
			u = c, len = 1;
		if (c == '"' || c == '\\')
			smpp_sbuf_printf(out, "\\%c", c);
		else if (c == '\n')
			smpp_sbuf_puts(out, "\\n");
		else if (u < 0x20 || (u < 0x100 && treacherous(u)))
			smpp_sbuf_printf(out, "\\x%02x", u);
		else if (treacherous(u))
			smpp_sbuf_printf(out, "\\u%04x", u);
		else
			smpp_sbuf_put(out, p + i, len);
	}
	return 0;
}

bool
smpp_quote_is_text(struct smpp_view *v)
{
	const uint32_t n = v->n - (v->n > 0 && v->p[v->n - 1] == 0);
	uint32_t i, u;
	size_t len;

	for (i = 0; i < n; i += (uint32_t)len) {
		len = smpp_utf8_get(v->p + i, n - i, &u);
		if (len == 0 || u < 0x20 || (u >= 0x7F && u < 0xA0))
			return false;
	}
	v->n = n;
	return true;
}

/* Fields are ASCII by their type: octets above have no alphabet that is known,
 * and are shown as they are, not as characters they may not be. */
void
smpp_quote_octets(struct smpp_sbuf *out, struct smpp_view v)
{
	uint32_t i;

	smpp_sbuf_putc(out, '"');
	for (i = 0; i < v.n; i++)
		if (v.p[i] < 0x80)
			smpp_quote_piece(out, (const char *)v.p + i, 1);
		else
			smpp_sbuf_printf(out, "\\x%02x", v.p[i]);
	smpp_sbuf_putc(out, '"');
}
