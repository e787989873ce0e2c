/* Lines for people: times, and the words of a peer. */
#include "human.h"

#include "show/receipttext.h"

/*
 * Two digits that matter, whatever the size: the bounds lie where rounding
 * goes up to the next digit, so that "10.0 ms" is never seen.
 */
void
human_ms(struct smpp_sbuf *b, double ms)
{
	if (ms < 0.095)
		smpp_sbuf_printf(b, "%.2f ms", ms);
	else if (ms < 9.95)
		smpp_sbuf_printf(b, "%.1f ms", ms);
	else if (ms < 999.5)
		smpp_sbuf_printf(b, "%.0f ms", ms);
	else
		smpp_sbuf_printf(b, "%.1f s", ms / 1e3);
}

void
human_words(struct smpp_sbuf *b, struct smpp_view words)
{
	if (words.n == 0)
		smpp_sbuf_putc(b, '-');
	else
		smpp_print_word(b, words);
}
