/* The parts of the output buffer that are not worth inlining. */
#include "base/sbuf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"

void
smpp_sbuf_init(
    struct sbuf *b, char *p, size_t cap, smpp_flush_fn flush, void *arg)
{
	*b = (struct sbuf){p, 0, cap, flush, arg, false};
}

int
smpp_sbuf_flush(struct sbuf *b)
{
	if (!b->bad && b->n > 0 && b->flush != NULL) {
		if (b->flush(b->arg, b->p, b->n) != 0)
			b->bad = true;
		b->n = 0;
	}
	return b->bad ? -1 : 0;
}

int
smpp_sbuf_drop(void *arg, const char *p, size_t n)
{
	(void)arg, (void)p, (void)n;
	return 0;
}

void
smpp_sbuf_spill(struct sbuf *b, const void *p, size_t n)
{
	const char *s = p;
	size_t room;

	while (n > 0 && !b->bad) {
		room = b->cap - b->n;
		if (room > n)
			room = n;
		memcpy(b->p + b->n, s, room);
		b->n += room;
		s += room;
		n -= room;
		if (n > 0 && b->flush == NULL)
			b->bad = true;
		else if (n > 0)
			smpp_sbuf_flush(b);
	}
}

void
smpp_sbuf_printf(struct sbuf *b, const char *fmt, ...)
{
	char tmp[513];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(tmp, sizeof(tmp), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	sbuf_put(b, tmp, (size_t)n < sizeof(tmp) ? (size_t)n : sizeof(tmp) - 1);
}

/* How many decimal digits v has, from how many bits it has. */
static unsigned
digits(uint32_t v)
{
	static const uint32_t power[] = {0, 10, 100, 1000, 10000, 100000,
	    1000000, 10000000, 100000000, 1000000000};
	unsigned n = (32 - (unsigned)__builtin_clz(v | 1)) * 1233 >> 12;

	return n + (v >= power[n]);
}

void
smpp_sbuf_u32(struct sbuf *b, uint32_t v)
{
	const unsigned n = digits(v);
	char *p = sbuf_room(b, n);

	if (p == NULL)
		return;
	b->n += n;
	for (p += n; v >= 10; v /= 10)
		*--p = (char)('0' + v % 10);
	*--p = (char)('0' + v);
}

void
smpp_sbuf_hex(struct sbuf *b, const uint8_t *p, size_t n)
{
	char *out;
	size_t part;

	for (; n > 0; p += part, n -= part) {
		part = n < 128 ? n : 128;
		if ((out = sbuf_room(b, 2 * part)) == NULL)
			return;
		smpp_hex_encode(out, p, part);
		b->n += 2 * part;
	}
}
