/* The parts of the output buffer that are not worth inlining. */
#include "base/sbuf.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/hex.h"

void
smpp_sbuf_init(
    struct smpp_sbuf *b, char *p, size_t cap, smpp_flush_fn flush, void *arg)
{
	*b = (struct smpp_sbuf){p, 0, cap, flush, arg, false};
}

int
smpp_sbuf_flush(struct smpp_sbuf *b)
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

/*
 * How much of n characters to take into room: all of them, or what does not
 * end inside a character of UTF-8. What is flushed can then be looked at
 * character by character.
 */
static size_t
whole_chars(const char *s, size_t n, size_t room)
{
	size_t part = room;

	if (n <= room)
		return n;
	while (part > 0 && room - part < 4 && (s[part] & 0xC0) == 0x80)
		part--;
	return part > 0 && (s[part] & 0xC0) != 0x80 ? part : room;
}

void
smpp_sbuf_spill(struct smpp_sbuf *b, const void *p, size_t n)
{
	const char *s = p;
	size_t part;

	while (n > 0 && !b->bad) {
		if (b->flush != NULL && b->n > 0 && n > b->cap - b->n)
			smpp_sbuf_flush(b);
		/* Without flush what fits is kept, even half a character: the
		 * caller learns from bad that it was cut. */
		part = b->flush == NULL && n > b->cap - b->n
			   ? b->cap - b->n
			   : whole_chars(s, n, b->cap - b->n);
		memcpy(b->p + b->n, s, part);
		b->n += part;
		s += part;
		n -= part;
		if (n > 0 && b->flush == NULL)
			b->bad = true;
	}
}

void
smpp_sbuf_printf(struct smpp_sbuf *b, const char *fmt, ...)
{
	/* Longer ones are cut: formats are ours and short; texts of peers go
	 * by smpp_sbuf_put(). */
	char tmp[513];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(tmp, sizeof(tmp), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	smpp_sbuf_put(
	    b, tmp, (size_t)n < sizeof(tmp) ? (size_t)n : sizeof(tmp) - 1);
}

/* The digits of 00 to 99. */
static const char digit_pairs[200] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536"
    "37383940414243444546474849505152535455565758596061626364656667686970717273"
    "7475767778798081828384858687888990919293949596979899";

/* How many digits there are follows from how many bits v has. */
char *
smpp_sbuf_digits(char *p, uint32_t v)
{
	static const uint32_t power[] = {0, 10, 100, 1000, 10000, 100000,
	    1000000, 10000000, 100000000, 1000000000};
	/* 1233 / 4096 is the logarithm of 2 to base 10, close enough for 32
	 * bits; the table corrects by one. */
	unsigned n = (32 - (unsigned)__builtin_clz(v | 1)) * 1233 >> 12;
	char *end;

	if (v < 10) {
		*p = (char)('0' + v);
		return p + 1;
	}
	end = p + n + (v >= power[n]);
	for (p = end; v >= 100; v /= 100)
		memcpy(p -= 2, &digit_pairs[2 * (v % 100)], 2);
	if (v >= 10)
		memcpy(p - 2, &digit_pairs[2 * v], 2);
	else
		p[-1] = (char)('0' + v);
	return end;
}

void
smpp_sbuf_u32(struct smpp_sbuf *b, uint32_t v)
{
	char *p = smpp_sbuf_room(b, 10);

	if (p != NULL)
		b->n = (size_t)(smpp_sbuf_digits(p, v) - b->p);
}

void
smpp_sbuf_hex(struct smpp_sbuf *b, const uint8_t *p, size_t n)
{
	char tmp[256];
	size_t part;

	if (!b->bad && n <= (b->cap - b->n) / 2) {
		smpp_hex_encode(b->p + b->n, p, n);
		b->n += 2 * n;
		return;
	}
	while (n > 0) {
		part = n < sizeof(tmp) / 2 ? n : sizeof(tmp) / 2;
		smpp_hex_encode(tmp, p, part);
		smpp_sbuf_put(b, tmp, part * 2);
		p += part;
		n -= part;
	}
}
