/* Streaming JSON writer over an sbuf: one object a line, always valid UTF-8. */
#ifndef SMPP_BASE_JSONW_H
#define SMPP_BASE_JSONW_H

#include "base/sbuf.h"

SMPP_BEGIN_DECLS

/* comma is what must precede the next member or element. */
struct smpp_jsonw {
	struct smpp_sbuf *b;
	bool comma;
};

/* Starts writing to b, which stays the caller's. */
static inline void
smpp_jsonw_init(struct smpp_jsonw *j, struct smpp_sbuf *b)
{
	j->b = b;
	j->comma = false;
}

/* Opens or closes an object '{' '}' or an array '[' ']'. */
static inline void
smpp_jsonw_open(struct smpp_jsonw *j, char c)
{
	if (j->comma)
		smpp_sbuf_putc(j->b, ',');
	smpp_sbuf_putc(j->b, c);
	j->comma = false;
}

static inline void
smpp_jsonw_close(struct smpp_jsonw *j, char c)
{
	smpp_sbuf_putc(j->b, c);
	j->comma = true;
}

/* Ends the line after the outermost object. */
static inline void
smpp_jsonw_end(struct smpp_jsonw *j)
{
	smpp_sbuf_putc(j->b, '\n');
	j->comma = false;
}

/* Writes plain ASCII in quotes, and a colon behind it when it is a key. */
static inline void
smpp_jsonw_quoted(struct smpp_jsonw *j, const char *s, size_t n, bool key)
{
	char *p = smpp_sbuf_room(j->b, n + 4);

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
smpp_jsonw_key_n(struct smpp_jsonw *j, const char *key, size_t n)
{
	smpp_jsonw_quoted(j, key, n, true);
}

static inline void
smpp_jsonw_key(struct smpp_jsonw *j, const char *key)
{
	smpp_jsonw_key_n(j, key, strlen(key));
}

/* Writes a value: after a key, or as the next element of an array. */
void smpp_jsonw_u32(struct smpp_jsonw *j, uint32_t v);
void smpp_jsonw_i64(struct smpp_jsonw *j, int64_t v);
void smpp_jsonw_bool(struct smpp_jsonw *j, bool v);
void smpp_jsonw_null(struct smpp_jsonw *j);

/* A number with one decimal place, as milliseconds are printed. */
void smpp_jsonw_ms(struct smpp_jsonw *j, double v);

/*
 * A string. str takes UTF-8 and replaces what is not by U+FFFD; latin1 takes
 * any octets and shows those above 0x7f as U+0080 to U+00FF, so that nothing
 * is lost; hex writes the octets as lower-case hexadecimal.
 */
void smpp_jsonw_str(struct smpp_jsonw *j, const char *s, size_t n);
void smpp_jsonw_latin1(struct smpp_jsonw *j, struct smpp_view v);
void smpp_jsonw_hex(struct smpp_jsonw *j, struct smpp_view v);

/* A string of plain ASCII without quotes or backslashes, from our tables. */
static inline void
smpp_jsonw_plain(struct smpp_jsonw *j, const char *s, size_t n)
{
	smpp_jsonw_quoted(j, s, n, false);
}

/* Appends UTF-8, known to be valid, with what a string cannot hold escaped;
 * the caller writes the quotes. */
void smpp_jsonw_escape(struct smpp_sbuf *b, const char *s, size_t n);

/* A C string of UTF-8. */
static inline void
smpp_jsonw_cstr(struct smpp_jsonw *j, const char *s)
{
	smpp_jsonw_str(j, s, strlen(s));
}

SMPP_END_DECLS

#endif
