/* Output buffer: a caller's array, optionally emptied through a callback. */
#ifndef SMPP_BASE_SBUF_H
#define SMPP_BASE_SBUF_H

#include <stdbool.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * Called with the buffered octets when the buffer is full or flushed.
 * Returns 0, or -1 when they could not be passed on.
 */
typedef int (*smpp_flush_fn)(void *arg, const char *p, size_t n);

/*
 * n of cap characters at p are held. Without flush a full buffer is an
 * overflow: bad is set, what fitted stays, everything after it is dropped.
 * With flush the array is handed on and reused; bad is set when flush fails.
 * A character of UTF-8 that is put whole is handed on whole.
 */
struct smpp_sbuf {
	char *p;
	size_t n;
	size_t cap;
	smpp_flush_fn flush;
	void *arg;
	bool bad;
};

/* Starts an empty buffer over the caller's array of cap characters. */
void smpp_sbuf_init(
    struct smpp_sbuf *b, char *p, size_t cap, smpp_flush_fn flush, void *arg);

/* Hands on what is held. Returns 0, or -1 when flush failed, now or before. */
int smpp_sbuf_flush(struct smpp_sbuf *b);

/* A flush that drops what it gets: for output that is only measured. */
int smpp_sbuf_drop(void *arg, const char *p, size_t n);

/* The slow way of smpp_sbuf_put: does not fit, so flush or overflow. */
void smpp_sbuf_spill(struct smpp_sbuf *b, const void *p, size_t n);

/*
 * Appends formatted text as printf does, 512 characters at most a call; for
 * figures and words, not for data of unknown length.
 */
void smpp_sbuf_printf(struct smpp_sbuf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends v in decimal. */
void smpp_sbuf_u32(struct smpp_sbuf *b, uint32_t v);

/* Appends n octets in lower-case hexadecimal, two digits each. */
void smpp_sbuf_hex(struct smpp_sbuf *b, const uint8_t *p, size_t n);

/*
 * Makes room for n characters and returns where they go; the caller adds to
 * b->n what it wrote. NULL, and bad is set, when there is no room for them.
 */
static inline char *
smpp_sbuf_room(struct smpp_sbuf *b, size_t n)
{
	if (n > b->cap - b->n)
		smpp_sbuf_flush(b);
	if (n > b->cap - b->n || b->bad) {
		b->bad = true;
		return NULL;
	}
	return b->p + b->n;
}

/* The digits of 00 to 99. */
extern const char smpp_digit_pairs[200];

/*
 * Writes v in decimal at p, which holds 10 characters; returns the end. How
 * many digits follows from how many bits v has.
 */
static inline char *
smpp_sbuf_digits(char *p, uint32_t v)
{
	static const uint32_t power[] = {0, 10, 100, 1000, 10000, 100000,
	    1000000, 10000000, 100000000, 1000000000};
	unsigned n = (32 - (unsigned)__builtin_clz(v | 1)) * 1233 >> 12;
	char *end;

	if (v < 10) {
		*p = (char)('0' + v);
		return p + 1;
	}
	end = p + n + (v >= power[n]);
	for (p = end; v >= 100; v /= 100)
		memcpy(p -= 2, &smpp_digit_pairs[2 * (v % 100)], 2);
	if (v >= 10)
		memcpy(p - 2, &smpp_digit_pairs[2 * v], 2);
	else
		p[-1] = (char)('0' + v);
	return end;
}

/* Appends n characters at p. */
static inline void
smpp_sbuf_put(struct smpp_sbuf *b, const void *p, size_t n)
{
	if (n > b->cap - b->n || b->bad) {
		smpp_sbuf_spill(b, p, n);
		return;
	}
	if (n > 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
}

/* Appends a C string. */
static inline void
smpp_sbuf_puts(struct smpp_sbuf *b, const char *s)
{
	smpp_sbuf_put(b, s, strlen(s));
}

/* Appends one character. */
static inline void
smpp_sbuf_putc(struct smpp_sbuf *b, char c)
{
	smpp_sbuf_put(b, &c, 1);
}

SMPP_END_DECLS

#endif
