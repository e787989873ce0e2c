/* The inside of the hex reader: shared by hexin.c and hexpick.c. */
#ifndef SMPP_SHOW_HEXIN_INT_H
#define SMPP_SHOW_HEXIN_INT_H

#include "show/hexin.h"

enum {
	HEXIN_LINE = 512 * 1024, /* longer lines are read in pieces */
	HEXIN_HELD = 32 * 1024,  /* doubtful lines kept for a second look */
	HEXIN_LOOK = 8,          /* lines looked ahead */
	HEXIN_BASES = 3,
	HEXIN_SQUEEZE = 16 << 20, /* octets a '*' line may stand for */
	HEXIN_SURE = 8,           /* the score of a reading that fits */
};

/*
 * Where in a PDU the octets end that were found so far: have octets of its
 * first 8 are known, need more will complete it. lost: its command_length was
 * none, so nobody knows where the next one begins.
 */
struct hexin_track {
	uint8_t head[8];
	uint32_t have;
	uint32_t need;
	bool lost;
};

/* How a reading fits the PDUs, best last. */
enum hexin_fit {
	HEXIN_MISFIT,  /* a header came that is none */
	HEXIN_UNKNOWN, /* no whole header came */
	HEXIN_LENGTH,  /* one came with a good command_length */
	HEXIN_WHOLE,   /* and it ends where the reading ends */
	HEXIN_FIT,     /* the command_id is known, too */
};

/*
 * The offsets of a dump, in every base they may be written in: bases has a bit
 * for each that is still possible, start is what stood before the first octet
 * in it. count octets came since; the last line gave last of them.
 */
struct hexin_dump {
	bool on;
	bool squeezed; /* a '*' line came */
	uint8_t bases;
	uint64_t start[HEXIN_BASES];
	uint64_t count;
	uint8_t last[64];
	uint32_t nlast;
};

/* What the line before looked like: its reading, and what stood before it. */
struct hexin_look {
	bool on;
	struct smpp_hexread read;
	char before[4];
};

struct smpp_hexin {
	smpp_hexin_fn fn;
	void *arg;
	enum smpp_hexform form;

	struct hexin_track track;
	struct hexin_dump dump;
	struct hexin_look look;
	bool joins;   /* nothing stands between the line before and this */
	uint8_t half; /* the digit left over, as of smpp_hex_digit */
	uint64_t half_line; /* where it stands */
	uint32_t half_column;
	bool found;          /* 4 octets or more stood together */
	bool any;            /* octets were handed out */
	bool prose;          /* a line without octets came */
	bool force;          /* no more lines will come: do not wait */
	bool piece;          /* the line goes on from the piece before */
	bool more;           /* it goes on in another piece */
	char open;           /* the quote of a literal that goes on, or 0 */
	uint64_t stray_line; /* the first stray character, 0: none */
	uint32_t stray_column;
	char stray;

	uint64_t line;   /* of the text at buf + at */
	uint32_t column; /* before it, when it is a piece of a line */
	uint32_t at, n;  /* text not yet read: buf[at] to buf[n - 1] */
	uint32_t nheld;
	uint64_t passed; /* doubtful lines passed over */
	struct smpp_hexline now;
	struct smpp_hexline next;
	char held[HEXIN_HELD]; /* line number, length, text */
	char buf[HEXIN_LINE];
	uint8_t out[HEXIN_LINE];
};

/* Text of a line, without its end. */
struct hexin_text {
	const char *s;
	uint32_t n;
};

/*
 * Sets *t to line i, from 0, of the text not yet read. Returns false when it
 * is not all there.
 */
bool smpp_hexin_line(
    const struct smpp_hexin *h, unsigned i, struct hexin_text *t);

/* Follows n more octets. Returns how the first header among them fits. */
enum hexin_fit smpp_hexin_track(
    struct hexin_track *t, const uint8_t *p, size_t n);

/* What smpp_hexin_pick() found: the reading, or NULL when none will do. */
struct hexin_choice {
	const struct smpp_hexread *read;
	int score;
	bool counts; /* its offset goes on from the line before */
	bool fresh;  /* it starts a PDU though one is not complete */
	bool wait;   /* more lines may tell more */
};

/* Judges the readings of h->now, the first line not yet read. */
struct hexin_choice smpp_hexin_pick(struct smpp_hexin *h);

/* Remembers the look and the offset of a reading, its n octets in h->out. */
void smpp_hexin_accepted(
    struct smpp_hexin *h, const struct hexin_choice *c, size_t n);

/*
 * True when the line is nothing but the offset behind the last octet. Then
 * *gap is the number of octets that a '*' line before it stands for.
 */
bool smpp_hexin_is_end(const struct smpp_hexin *h, const char *s,
    const struct smpp_hexread *r, uint64_t *gap);

/* True when the first reading of h->now starts with the header of a PDU. */
bool smpp_hexin_begins(const struct smpp_hexin *h);

/* Offsets of a reading compared with what the dump expects: the bases in which
 * it is gap octets further on. */
uint8_t smpp_hexin_counts(const struct smpp_hexin *h, const char *s,
    const struct smpp_hexread *r, uint64_t *gap);

#endif
