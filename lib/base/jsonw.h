/* Streaming JSON writer over an sbuf: one object a line, always valid UTF-8. */
#ifndef SMPP_BASE_JSONW_H
#define SMPP_BASE_JSONW_H

#include "base/sbuf.h"

/* comma is what must precede the next member or element. */
struct jsonw {
	struct sbuf *b;
	bool comma;
};

/* Starts writing to b, which stays the caller's. */
static inline void
jsonw_init(struct jsonw *j, struct sbuf *b)
{
	*j = (struct jsonw){b, false};
}

/* Opens or closes an object '{' '}' or an array '[' ']'. */
static inline void
jsonw_open(struct jsonw *j, char c)
{
	if (j->comma)
		sbuf_putc(j->b, ',');
	sbuf_putc(j->b, c);
	j->comma = false;
}

static inline void
jsonw_close(struct jsonw *j, char c)
{
	sbuf_putc(j->b, c);
	j->comma = true;
}

/* Ends the line after the outermost object. */
static inline void
jsonw_end(struct jsonw *j)
{
	sbuf_putc(j->b, '\n');
	j->comma = false;
}

/* Writes plain ASCII in quotes, and a colon behind it when it is a key. */
static inline void
jsonw_quoted(struct jsonw *j, const char *s, size_t n, bool key)
{
	char *p = sbuf_room(j->b, n + 4);

	if (p == NULL)
		return;
	*p = ',';
	p += j->comma;
	*p = '"';
	memcpy(p + 1, s, n);
	memcpy(p + 1 + n, "\":", 2);
	j->b->n += n + 2 + j->comma + key;
	j->comma = !key;
}

/*
 * Writes a member's key. The key is plain ASCII without quotes or
 * backslashes: it comes from our own tables.
 */
static inline void
jsonw_key_n(struct jsonw *j, const char *key, size_t n)
{
	jsonw_quoted(j, key, n, true);
}

static inline void
jsonw_key(struct jsonw *j, const char *key)
{
	jsonw_key_n(j, key, strlen(key));
}

/* Writes a value: after a key, or as the next element of an array. */
void smpp_jsonw_u32(struct jsonw *j, uint32_t v);
void smpp_jsonw_i64(struct jsonw *j, int64_t v);
void smpp_jsonw_bool(struct jsonw *j, bool v);
void smpp_jsonw_null(struct jsonw *j);

/* A number with one decimal place, as milliseconds are printed. */
void smpp_jsonw_ms(struct jsonw *j, double v);

/*
 * A string. str takes UTF-8 and replaces what is not by U+FFFD; latin1 takes
 * any octets and shows those above 0x7f as U+0080 to U+00FF, so that nothing
 * is lost; hex writes the octets as lower-case hexadecimal.
 */
void smpp_jsonw_str(struct jsonw *j, const char *s, size_t n);
void smpp_jsonw_latin1(struct jsonw *j, struct view v);
void smpp_jsonw_hex(struct jsonw *j, struct view v);

/* A string of plain ASCII without quotes or backslashes, from our tables. */
static inline void
jsonw_plain(struct jsonw *j, const char *s, size_t n)
{
	jsonw_quoted(j, s, n, false);
}

/* Appends UTF-8, known to be valid, with what a string cannot hold escaped;
 * the caller writes the quotes. */
void smpp_jsonw_escape(struct sbuf *b, const char *s, size_t n);

/* A C string of UTF-8. */
static inline void
jsonw_cstr(struct jsonw *j, const char *s)
{
	smpp_jsonw_str(j, s, strlen(s));
}

#endif
