/*
 * Finds octets in whatever people paste: plain hex, dumps with offset and text
 * columns, logs, literals of programming languages. Text goes in by blocks of
 * any size, octets come out as soon as it is clear which ones are meant.
 */
#ifndef SMPP_HEXIN_HEXIN_H
#define SMPP_HEXIN_HEXIN_H

#include <stddef.h>
#include <stdint.h>

#include "base/decls.h"

SMPP_BEGIN_DECLS

/*
 * What the input is known to be. AUTO finds out, line by line, and says what it
 * took it for (SMPP_HEXIN_NOTE) where that is not plain.
 */
enum smpp_hexform {
	SMPP_HEXFORM_AUTO,
	SMPP_HEXFORM_PLAIN, /* digits and separators: every digit counts */
	SMPP_HEXFORM_DUMP,  /* every line starts with an offset */
};

/* How a line was read; private. */
struct smpp_hexread;

/* What is told about an input. */
enum smpp_hexwhat {
	SMPP_HEXIN_OCTETS, /* n octets at p */
	SMPP_HEXIN_CUT,    /* what follows starts a PDU, come what may */
	SMPP_HEXIN_NOTE,   /* how the input was understood: msg */
	SMPP_HEXIN_ERROR,  /* it was not: msg */
	SMPP_HEXIN_OBJECT, /* a line that is a JSON object: n characters at p */
};

/* What was found; all of it is borrowed for the call. */
struct smpp_hexevent {
	enum smpp_hexwhat what;
	/* Where: a line from 1, a column from 1, in octets. */
	uint64_t line;
	uint32_t column;
	/* The octets, or the characters of an object. */
	const uint8_t *p;
	size_t n;
	/* Private; see smpp_hexin_column(). */
	const char *text;
	const struct smpp_hexread *read;
	/* A note, or an error, in words. */
	const char *msg;
};

/*
 * Takes an event. Returns 0; for an OBJECT 1 when it was used, else the line
 * is read like any other; or negative to stop: feed then returns that.
 */
typedef int (*smpp_hexin_fn)(void *arg, const struct smpp_hexevent *e);

/* A reader; private. */
struct smpp_hexin;

/*
 * Makes a reader that calls fn with arg. Returns NULL when out of memory. It
 * takes about 8 MiB of address space, of which short lines touch little.
 */
struct smpp_hexin *smpp_hexin_open(
    enum smpp_hexform form, smpp_hexin_fn fn, void *arg);

/* Frees a reader, which may be NULL; what was still open is not told. */
void smpp_hexin_close(struct smpp_hexin *h);

/*
 * Takes n characters, anything: lines may begin in one call and end in another.
 * fn is called as soon as it is clear what is meant, for what came in earlier
 * calls, too. Returns 0 or the first negative number that fn returned.
 */
int smpp_hexin_feed(struct smpp_hexin *h, const char *p, size_t n);

/*
 * Ends an input: decides what was still open. The reader may then be fed with
 * the next one, whose lines count from 1. Returns as feed does.
 */
int smpp_hexin_end(struct smpp_hexin *h);

/*
 * The column, from 1, in which octet i of an event begins, i below n; that of
 * the first where no more is known. To be called during the callback only.
 */
uint32_t smpp_hexin_column(const struct smpp_hexevent *e, size_t i);

SMPP_END_DECLS

#endif
