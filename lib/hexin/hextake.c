/* The octets of a reading, on their way out: digits left over, lines that a
 * dump leaves out, words filled up, packets around PDUs. */
#include <inttypes.h>
#include <string.h>

#include "base/err.h"
#include "base/hex.h"
#include "hexin/packet_int.h"
#include "base/sbuf.h"
#include "hexin/hexin_int.h"

int
smpp_hexin_say(struct smpp_hexin *h, enum smpp_hexwhat what, uint64_t line,
    uint32_t column, const char *msg)
{
	struct smpp_hexevent e = {
	    .what = what, .line = line, .column = column, .msg = msg};

	return h->fn(h->arg, &e);
}

int
smpp_hexin_give(struct smpp_hexin *h, const uint8_t *p, size_t n,
    const char *text, const struct smpp_hexread *r)
{
	struct smpp_hexevent e = {
	    .what = SMPP_HEXIN_OCTETS,
	    .line = r == NULL ? h->packet.line : h->line,
	    .column = r == NULL ? h->packet.column : h->column + r->beg + 1,
	    .p = p,
	    .n = n,
	    .text = text,
	    .read = r,
	};

	smpp_hexin_track(&h->track, p, n);
	return n == 0 ? 0 : h->fn(h->arg, &e);
}

int
smpp_hexin_odd(struct smpp_hexin *h)
{
	if (h->half == 0)
		return 0;
	h->half = 0;
	return smpp_hexin_say(h, SMPP_HEXIN_ERROR, h->half_line, h->half_column,
	    "odd number of hex digits");
}

int
smpp_hexin_unwrap(struct smpp_hexin *h)
{
	struct hexin_packet *k = &h->packet;

	if (k->state != HEXIN_PACKET_MAYBE)
		return 0;
	k->state = HEXIN_PACKET_NONE;
	return smpp_hexin_give(h, k->head, k->have, NULL, NULL);
}

/* True when the reading has an offset, and that is 0. */
static bool
is_zero(const char *s, const struct smpp_hexread *r)
{
	uint32_t i;

	for (i = r->off_beg; i < r->off_end; i++)
		if (s[i] != '0')
			return false;
	return r->off_end > 0;
}

/* True when octets that begin here, n of them known, may be a packet. */
static bool
may_be_packet(
    const struct smpp_hexin *h, const struct hexin_choice *c, size_t n)
{
	struct hexin_track t = {.have = 0};
	uint32_t at, size;

	if (c->counts || (h->track.have > 0 && !h->track.lost &&
			     !is_zero(h->now.s, c->read)))
		return false;
	return smpp_hexin_track(&t, h->out, n) == HEXIN_MISFIT &&
	       smpp_packet_tcp(h->out, n, &at, &size) >= 0;
}

/* Hands out what of n octets at p is payload of the packet; r is NULL for those
 * that were kept. */
static int
hextake_payload(struct smpp_hexin *h, const uint8_t *p, size_t n,
    const struct smpp_hexread *r)
{
	struct hexin_packet *k = &h->packet;
	size_t skip = n < k->skip ? n : k->skip;

	p += skip;
	n -= skip;
	k->skip -= (uint32_t)skip;
	if (n > k->left)
		n = k->left;
	k->left -= (uint32_t)n;
	return smpp_hexin_give(h, p, n, r == NULL ? NULL : h->now.s, r);
}

/* Collects the headers of what may be a packet until it is clear. */
static int
collect(struct smpp_hexin *h, const uint8_t *p, size_t n,
    const struct smpp_hexread *r)
{
	struct hexin_packet *k = &h->packet;
	int is = SMPP_ESYNTAX, rc;

	/* Headers that do not fit in are none: what was kept goes out as
	 * octets. */
	if (n <= sizeof(k->head) - k->have) {
		memcpy(k->head + k->have, p, n);
		k->have += (uint32_t)n;
		is = smpp_packet_tcp(k->head, k->have, &k->skip, &k->left);
		if (is == 0)
			return 0;
		n = 0;
	}
	if (is > 0) {
		k->state = HEXIN_PACKET_YES;
		rc = smpp_hexin_say(h, SMPP_HEXIN_NOTE, h->line,
		    h->column + r->beg + 1, "payload of a TCP packet");
		return rc != 0 ? rc
			       : hextake_payload(h, k->head, k->have, NULL);
	}
	rc = smpp_hexin_unwrap(h);
	return rc != 0 || n == 0 ? rc : smpp_hexin_give(h, p, n, h->now.s, r);
}

static int
pass_on(struct smpp_hexin *h, const uint8_t *p, size_t n,
    const struct smpp_hexread *r)
{
	switch (h->packet.state) {
	case HEXIN_PACKET_MAYBE:
		return collect(h, p, n, r);
	case HEXIN_PACKET_YES:
		return hextake_payload(h, p, n, r);
	default:
		return smpp_hexin_give(h, p, n, h->now.s, r);
	}
}

/* Begins to look for a packet where a dump or a line begins. */
static int
look_for_packet(struct smpp_hexin *h, const struct hexin_choice *c, size_t n)
{
	struct hexin_packet *k = &h->packet;
	int rc = 0;

	if (c->counts ||
	    (c->read->off_end == 0 &&
		(k->state == HEXIN_PACKET_MAYBE ||
		    (k->state == HEXIN_PACKET_YES && k->left > 0))))
		return 0;
	rc = smpp_hexin_unwrap(h);
	k->state = HEXIN_PACKET_NONE;
	if (may_be_packet(h, c, n)) {
		k->state = HEXIN_PACKET_MAYBE;
		k->have = 0;
		k->line = h->line;
		k->column = h->column + c->read->beg + 1;
	}
	return rc;
}

int
smpp_hexin_gap(struct smpp_hexin *h, uint64_t gap, const struct smpp_hexread *r)
{
	const struct hexin_dump *d = &h->dump;
	int rc = 0;

	for (; gap > 0 && rc == 0; gap -= d->nlast)
		rc = pass_on(h, d->last, d->nlast, r);
	return rc;
}

bool
smpp_hexin_padded(const struct smpp_hexread *r)
{
	uint32_t digits = r->off_end - r->off_beg;

	return r->mode == SMPP_HEX_SWAP ||
	       (r->width >= 4 && (digits == 6 || digits == 7));
}

/*
 * Octets that fill up the last word of a dump of words. The offset behind it
 * tells how many they are; where the dump ends without, they are zeros behind
 * a PDU.
 */
static size_t
padding(struct smpp_hexin *h, const struct smpp_hexread *r, size_t n)
{
	size_t word = r->width / 2, k, left = 0;
	struct hexin_track t = h->track;
	struct hexin_text next;
	uint64_t gap;

	if (!smpp_hexin_padded(r))
		return 0;
	h->next.nread = 0;
	if (smpp_hexin_line(h, 1, &next))
		smpp_hexline_read(&h->next, next.s, next.n, 0, 0);
	for (k = 0; k < h->next.nread; k++)
		if (smpp_hexin_counts(h, next.s, &h->next.read[k], &gap) != 0)
			return 0;
	for (k = 0; k < word && h->dump.on && h->next.nread > 0; k++) {
		/* As if k octets of the last line had not been there. */
		h->dump.count -= k;
		if (smpp_hexin_end_of(h, &h->next, &gap) != NULL)
			return k;
		h->dump.count += k;
	}
	if (r->mode != SMPP_HEX_SWAP || (h->next.nread > 0 && !h->dump.on))
		return 0;
	for (k = 0; k < n; k++) {
		smpp_hexin_track(&t, h->out + k, 1);
		left = t.have == 0 || h->out[k] != 0 ? 0 : left + 1;
	}
	return t.have == left && left < word ? left : 0;
}

/* Keeps the digit that a reading leaves over, for the line that follows. */
static void
keep_half(struct smpp_hexin *h, const struct smpp_hexread *r)
{
	uint32_t i = r->end;

	h->half = 0;
	while (r->odd && h->half == 0)
		h->half = smpp_hex_digit[(unsigned char)h->now.s[--i]];
	h->half_line = h->line;
	h->half_column = h->column + i + 1;
}

/* How a reading is told with -v. */
static const char *
hextake_kind_of(const struct smpp_hexread *r)
{
	if (r->kind == SMPP_HEX_LITERAL)
		return r->lit.decimal ? "read as decimal numbers"
				      : "read as a string literal";
	if (r->mode == SMPP_HEX_SWAP)
		return "read as words, lowest octet first";
	if (r->off_end != 0)
		return "read as a dump, the column before as offsets";
	return r->kind == SMPP_HEX_PLAIN ? "read as digits alone"
					 : "read as digits beside other text";
}

/* Tells how lines are read when that changes. */
static int
tell_look(struct smpp_hexin *h, const struct smpp_hexread *r)
{
	if (h->look.on && hextake_kind_of(r) == hextake_kind_of(&h->look.read))
		return 0;
	return smpp_hexin_say(h, SMPP_HEXIN_NOTE, h->line,
	    h->column + r->beg + 1, hextake_kind_of(r));
}

int
smpp_hexin_take(struct smpp_hexin *h, const struct hexin_choice *c)
{
	const struct smpp_hexread *r = c->read;
	uint64_t gap = 0;
	size_t n;
	int rc;

	rc = tell_look(h, r);
	if (rc == 0 && (r->half == 0 || c->fresh))
		rc = smpp_hexin_odd(h);
	if (rc == 0 && c->counts &&
	    smpp_hexin_counts(h, h->now.s, r, &gap) != 0)
		rc = smpp_hexin_gap(h, gap, r);
	if (rc == 0 && c->fresh) {
		memset(&h->track, 0, sizeof(h->track));
		rc = smpp_hexin_say(
		    h, SMPP_HEXIN_CUT, h->line, h->column + r->beg + 1, NULL);
	}
	/* Again, since h->out holds what was judged last. */
	n = smpp_hexread_octets(h->now.s, r, h->out, sizeof(h->out));
	if (rc == 0)
		rc = look_for_packet(h, c, n);
	smpp_hexin_accepted(h, c, n);
	n -= padding(h, r, n);
	keep_half(h, r);
	h->given += n;
	/* Fewer are a number or a date by chance: they do not keep a second
	 * look from what was doubtful. */
	h->found = h->given >= 4;
	h->open = r->open;
	return rc != 0 ? rc : pass_on(h, h->out, n, r);
}
