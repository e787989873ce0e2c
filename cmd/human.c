/* Lines for people: times, and the words of a peer. */
#include "human.h"

void
human_ms(struct sbuf *b, double ms)
{
	if (ms < 9.95)
		smpp_sbuf_printf(b, "%.1f ms", ms);
	else if (ms < 999.5)
		smpp_sbuf_printf(b, "%.0f ms", ms);
	else
		smpp_sbuf_printf(b, "%.1f s", ms / 1e3);
}

void
human_words(struct sbuf *b, struct view words)
{
	if (words.n == 0)
		sbuf_putc(b, '-');
	for (uint32_t i = 0; i < words.n; i++) {
		if (words.p[i] < 0x20 || words.p[i] == 0x7f)
			smpp_sbuf_printf(b, "\\x%02x", words.p[i]);
		else
			sbuf_putc(b, (char)words.p[i]);
	}
}
