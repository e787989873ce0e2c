/* Output buffer: a caller's array, optionally emptied through a callback. */
#ifndef SMPP_BASE_SBUF_H
#define SMPP_BASE_SBUF_H

#include <stdbool.h>

#include "base/view.h"

SMPP_BEGIN_DECLS

/*
 * Gets the n characters at p when the buffer is full or flushed; they are
 * borrowed for the call. arg is that of the buffer. Returns 0, or -1 when they
 * could not be passed on.
 */
typedef int (*smpp_flush_fn)(void *arg, const char *p, size_t n);

/*
 * Text that is being put together:
 *
 *	smpp_sbuf_init(&b, line, sizeof(line), NULL, NULL);
 *	smpp_sbuf_puts(&b, "id ");
 *	smpp_sbuf_u32(&b, id);
 *	if (!b.bad)
 *		fwrite(b.p, 1, b.n, stdout);
 *
 * Without flush a full buffer is an overflow: what fitted stays, everything
 * after it is dropped. With flush the array is handed on and reused, so that
 * there is no limit to the text. It is enough to look at bad at the end. There
 * is no NUL at the end of what is held, unless one is put there, and nothing to
 * be freed.
 *
 * A character of UTF-8 that is put whole is handed on whole, if cap is 4 or
 * more.
 */
struct smpp_sbuf {
	/* The caller's array, of which n characters are held. */
	char *p;
	size_t n;
	size_t cap;
	/* Where it goes; NULL is nowhere. */
	smpp_flush_fn flush;
	void *arg;
	/* Something did not fit, or flush has failed; nothing is taken any
	 * more. */
	bool bad;
};

/*
 * Starts an empty buffer over the array of cap characters at p, which is
 * borrowed as long as b is used. flush may be NULL; arg is passed to it.
 */
void smpp_sbuf_init(
    struct smpp_sbuf *b, char *p, size_t cap, smpp_flush_fn flush, void *arg);

/*
 * Hands on what is held, to be called once at the end, too. Returns 0, or -1
 * when bad is set, now or before. Without flush nothing happens.
 */
int smpp_sbuf_flush(struct smpp_sbuf *b);

/*
 * A flush that drops what it gets and does not fail: for a call of which only
 * what it returns is of interest.
 */
int smpp_sbuf_drop(void *arg, const char *p, size_t n);

/* The slow way of smpp_sbuf_put(), which calls it when n characters do not
 * fit: flush or overflow. */
void smpp_sbuf_spill(struct smpp_sbuf *b, const void *p, size_t n);

/*
 * Appends formatted text as printf(3) does, 512 characters at most a call: for
 * figures and words, not for data of unknown length. What is longer is cut.
 */
void smpp_sbuf_printf(struct smpp_sbuf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Appends v in decimal, without leading zeros. */
void smpp_sbuf_u32(struct smpp_sbuf *b, uint32_t v);

/* Appends the n octets at p in hexadecimal, two digits each, lower case. */
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

/*
 * Writes v in decimal at p, which holds 10 characters, without leading zeros;
 * returns the end.
 */
char *smpp_sbuf_digits(char *p, uint32_t v);

/*
 * Appends the n characters at p, which may be any octets. p may be NULL when n
 * is 0.
 */
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

/* Appends a C string, without its NUL. */
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
