/* Streaming JSON writer over an sbuf: one object a line, always valid UTF-8. */
#ifndef SMPP_BASE_JSONW_H
#define SMPP_BASE_JSONW_H

#include "base/sbuf.h"

SMPP_BEGIN_DECLS

/*
 * A writer of JSON that keeps no record of what is open: the caller closes
 * what it opened, and gives every value of an object a key before. What comes
 * out is on one line, without blanks. Whether all of it found its place says
 * b->bad at the end:
 *
 *	smpp_jsonw_init(&j, &b);
 *	smpp_jsonw_open(&j, '{');
 *	smpp_jsonw_key(&j, "ids");
 *	smpp_jsonw_open(&j, '[');
 *	smpp_jsonw_u32(&j, 1);
 *	smpp_jsonw_u32(&j, 2);
 *	smpp_jsonw_close(&j, ']');
 *	smpp_jsonw_close(&j, '}');
 */
struct smpp_jsonw {
	/* Where it goes, the caller's. */
	struct smpp_sbuf *b;
	/* A comma must precede the next member or element. Who writes a value
	 * into b without the calls below sets it. */
	bool comma;
};

/* Starts writing to b, borrowed as long as j is used. */
static inline void
smpp_jsonw_init(struct smpp_jsonw *j, struct smpp_sbuf *b)
{
	j->b = b;
	j->comma = false;
}

/* Opens an object, c being '{', or an array, '['; behind a key or in an array.
 */
static inline void
smpp_jsonw_open(struct smpp_jsonw *j, char c)
{
	if (j->comma)
		smpp_sbuf_putc(j->b, ',');
	smpp_sbuf_putc(j->b, c);
	j->comma = false;
}

/* Closes an object, c being '}', or an array, ']'. */
static inline void
smpp_jsonw_close(struct smpp_jsonw *j, char c)
{
	smpp_sbuf_putc(j->b, c);
	j->comma = true;
}

/* Ends the line after the outermost object, and flushes nothing. */
static inline void
smpp_jsonw_end(struct smpp_jsonw *j)
{
	smpp_sbuf_putc(j->b, '\n');
	j->comma = false;
}

/*
 * Writes n characters of plain ASCII in quotes, and a colon behind it when it
 * is a key: what the calls below are made of. Nothing is escaped.
 */
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
 * Writes a member's key of n characters, after which its value has to follow.
 * The key is plain ASCII without quotes or backslashes: it comes from a table
 * or a literal.
 */
static inline void
smpp_jsonw_key_n(struct smpp_jsonw *j, const char *key, size_t n)
{
	smpp_jsonw_quoted(j, key, n, true);
}

/* The same of a C string. */
static inline void
smpp_jsonw_key(struct smpp_jsonw *j, const char *key)
{
	smpp_jsonw_key_n(j, key, strlen(key));
}

/*
 * Write a value: after a key, or as the next element of an array. Numbers are
 * written out in full, as integers; not every reader of JSON takes those above
 * 2^53 for what they are.
 */
void smpp_jsonw_u32(struct smpp_jsonw *j, uint32_t v);
void smpp_jsonw_i64(struct smpp_jsonw *j, int64_t v);
void smpp_jsonw_bool(struct smpp_jsonw *j, bool v);
void smpp_jsonw_null(struct smpp_jsonw *j);

/* Writes a number with one decimal place, as milliseconds are printed. */
void smpp_jsonw_ms(struct smpp_jsonw *j, double v);

/*
 * Write a string of any octets, with what JSON cannot hold escaped. str takes
 * UTF-8 and replaces what is not by U+FFFD; latin1 shows octets above 0x7f as
 * U+0080 to U+00FF, so that nothing is lost; hex writes two lower-case digits
 * for each.
 */
void smpp_jsonw_str(struct smpp_jsonw *j, const char *s, size_t n);
void smpp_jsonw_latin1(struct smpp_jsonw *j, struct smpp_view v);
void smpp_jsonw_hex(struct smpp_jsonw *j, struct smpp_view v);

/*
 * Writes a string of n characters of plain ASCII without quotes or
 * backslashes, from a table or a literal. It is not looked at.
 */
static inline void
smpp_jsonw_plain(struct smpp_jsonw *j, const char *s, size_t n)
{
	smpp_jsonw_quoted(j, s, n, false);
}

/*
 * Appends n octets of UTF-8, known to be valid, with what a string cannot hold
 * escaped. The caller writes the quotes, and cares for the comma.
 */
void smpp_jsonw_escape(struct smpp_sbuf *b, const char *s, size_t n);

/*
 * The octets, 2 to 4, of the character beyond ASCII that is at p, of which n
 * octets are there; 0 when that is no UTF-8: cut short, overlong, a surrogate,
 * above U+10FFFF. Nothing behind an octet that does not belong is looked at.
 */
size_t smpp_utf8_len(const uint8_t *p, size_t n);

/* Writes a string as smpp_jsonw_str() does, from a C string. */
static inline void
smpp_jsonw_cstr(struct smpp_jsonw *j, const char *s)
{
	smpp_jsonw_str(j, s, strlen(s));
}

/* Write a member: its key, as smpp_jsonw_key() does, and its value. */
static inline void
smpp_jsonw_key_cstr(struct smpp_jsonw *j, const char *key, const char *s)
{
	smpp_jsonw_key(j, key);
	smpp_jsonw_cstr(j, s);
}

static inline void
smpp_jsonw_key_i64(struct smpp_jsonw *j, const char *key, int64_t v)
{
	smpp_jsonw_key(j, key);
	smpp_jsonw_i64(j, v);
}

SMPP_END_DECLS

#endif
