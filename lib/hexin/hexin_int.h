/*
 * The inside of the hex reader: hexin.c makes lines of blocks, hexread.c reads
 * one, hexpick.c decides which reading is right, hextake.c hands its octets
 * out.
 */
#ifndef SMPP_HEXIN_HEXIN_INT_H
#define SMPP_HEXIN_HEXIN_INT_H

#include "hexin/hexin.h"
#include "hexin/hexline_int.h"
#include "hexin/packet_int.h"

enum {
	/* Longer lines are read in pieces; it holds any PDU as JSON. */
	HEXIN_LINE = 4 << 20,
	HEXIN_HELD = 32 * 1024, /* doubtful lines kept for a second look */
	HEXIN_LOOK = 8,         /* lines looked ahead */
	HEXIN_BASES = 3,
	HEXIN_SQUEEZE = 16 << 20, /* octets a '*' line may stand for */
	HEXIN_SURE = 8,           /* the score of a reading that fits */
	HEXIN_LIKELY = 3,         /* of one that looks like those before */
	HEXIN_WAIT = 1,           /* a line waits for the ones after it */
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

/*
 * What the line before looked like: its reading, what stood before it, and the
 * first ntext of its n characters, as far as the reading goes with one more;
 * ntext is 0 when that is too much.
 */
struct hexin_look {
	bool on;
	struct smpp_hexread read;
	char before[3];
	uint32_t n, ntext;
	char text[256];
};

/*
 * What a dump that holds a captured packet gives: the octets behind its
 * headers. While it may be one, its first octets are kept.
 */
struct hexin_packet {
	enum {
		HEXIN_PACKET_NONE,
		HEXIN_PACKET_MAYBE,
		HEXIN_PACKET_YES,
	} state;
	uint32_t skip; /* octets of headers still to come */
	uint32_t left; /* octets of payload still to come */
	uint32_t have; /* of head */
	uint64_t line; /* where it begins */
	uint32_t column;
	uint8_t head[SMPP_PACKET_HEADERS + 256];
};

struct smpp_hexin {
	smpp_hexin_fn fn;
	void *arg;
	enum smpp_hexform form;

	struct hexin_track track;
	struct hexin_dump dump;
	struct hexin_look look;
	struct hexin_packet packet;
	bool joins;   /* nothing stands between the line before and this */
	uint8_t half; /* the digit left over, as of smpp_hex_digit */
	uint64_t half_line; /* where it stands */
	uint32_t half_column;
	bool found;          /* 4 octets or more were handed out */
	uint64_t given;      /* how many */
	bool prose;          /* a line without octets came */
	bool force;          /* no more lines will come: do not wait */
	bool piece;          /* the line goes on from the piece before */
	bool more;           /* it goes on in another piece */
	bool dropped;        /* and is not to be read */
	char open;           /* the quote of a literal that goes on, or 0 */
	uint64_t stray_line; /* the first stray character, 0: none */
	uint32_t stray_column;
	char stray;

	uint64_t line;   /* of the text at buf + at */
	uint32_t column; /* before it, when it is a piece of a line */
	uint32_t at, n;  /* text not yet read: buf[at] to buf[n - 1] */
	uint32_t nheld;
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

/*
 * True when a line differs from the one before in nothing but its digits, and
 * its offset counts on, or it goes on where it should: it is read like that one
 * without looking at what else it could be. Sets *c.
 */
bool smpp_hexin_same(
    struct smpp_hexin *h, const struct hexin_text *t, struct hexin_choice *c);

/* Remembers the look and the offset of a reading, its n octets in h->out. */
void smpp_hexin_accepted(
    struct smpp_hexin *h, const struct hexin_choice *c, size_t n);

/*
 * The reading that finds the offset behind the last octet in a line that has
 * nothing behind it, or NULL. *gap is the number of octets that a '*' line
 * before it stands for.
 */
const struct smpp_hexread *smpp_hexin_end_of(
    const struct smpp_hexin *h, const struct smpp_hexline *l, uint64_t *gap);

/* True for the octets 0, 1, 2 and so on: the line above the columns of a dump,
 * and nothing that a PDU begins with. */
bool smpp_hexin_is_ruler(const uint8_t *p, size_t n);

/* True when the first reading of h->now starts a PDU of its own. */
bool smpp_hexin_begins(struct smpp_hexin *h);

/* Offsets of a reading compared with what the dump expects: the bases in which
 * it is gap octets further on. */
uint8_t smpp_hexin_counts(const struct smpp_hexin *h, const char *s,
    const struct smpp_hexread *r, uint64_t *gap);

/*
 * What all of these do returns 0, or what fn returned to stop.
 *
 * read takes the line *t, the first not yet read, or returns HEXIN_WAIT.
 * take hands out the octets of the chosen reading of h->now. second_look takes
 * the doubtful lines after all: those that hold 4 octets, if any does. odd
 * tells of a digit that was left over, if there is one. gap hands out what a
 * '*' line stands for. unwrap hands out what was kept because it might be a
 * packet. give, the last of all, calls fn. stray and say tell something.
 */
int smpp_hexin_read(struct smpp_hexin *h, struct hexin_text *t);
int smpp_hexin_take(struct smpp_hexin *h, const struct hexin_choice *c);
int smpp_hexin_second_look(struct smpp_hexin *h);
int smpp_hexin_odd(struct smpp_hexin *h);
int smpp_hexin_gap(
    struct smpp_hexin *h, uint64_t gap, const struct smpp_hexread *r);
int smpp_hexin_unwrap(struct smpp_hexin *h);
int smpp_hexin_give(struct smpp_hexin *h, const uint8_t *p, size_t n,
    const char *text, const struct smpp_hexread *r);
int smpp_hexin_stray(
    struct smpp_hexin *h, uint64_t line, uint32_t column, char c);
int smpp_hexin_say(struct smpp_hexin *h, enum smpp_hexwhat what, uint64_t line,
    uint32_t column, const char *msg);

/* True for dumps of words: by their order of octets, or the offsets of od. */
bool smpp_hexin_padded(const struct smpp_hexread *r);

#endif
