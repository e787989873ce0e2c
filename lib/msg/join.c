/* Joining the parts of long messages. */
#include "msg/join.h"

#include <stdlib.h>

#include "base/hash.h"

enum { BUCKETS = 1024 };

struct smpp_join {
	size_t max;
	size_t size;
	int64_t timeout;
	struct smpp_joined *oldest, *newest;
	struct smpp_joined *given; /* to the caller; freed by the next call */
	struct smpp_joined *bucket[BUCKETS];
};

/* The value of a TLV that is an integer; false when it is not there. */
static bool
tlv_num(const struct smpp_pdu *pdu, uint16_t tag, uint32_t *num)
{
	const struct smpp_tlv *t = smpp_pdu_tlv(pdu, tag);

	if (t == NULL || t->n == 0)
		return false;
	*num = t->num;
	return true;
}

/* The header wins: with it sar_* must not be there for the same purpose
 * (spec/packing.md). */
bool
smpp_concat_read(struct smpp_concat *c, const struct smpp_pdu *pdu,
    const struct smpp_body *body)
{
	uint32_t ref, total, seq;

	if (body->has_udh && body->udh.concat.total > 0) {
		*c = body->udh.concat;
		return c->total > 1;
	}
	if (!tlv_num(pdu, SMPP_T_sar_msg_ref_num, &ref) ||
	    !tlv_num(pdu, SMPP_T_sar_total_segments, &total) ||
	    !tlv_num(pdu, SMPP_T_sar_segment_seqnum, &seq) || total < 2 ||
	    seq == 0 || seq > total)
		return false;
	*c = (struct smpp_concat){
	    (uint16_t)ref, SMPP_CONCAT_SAR, (uint8_t)total, (uint8_t)seq};
	return true;
}

struct smpp_join *
smpp_join_open(size_t max, int64_t timeout)
{
	struct smpp_join *j = calloc(1, sizeof(*j));

	if (j != NULL) {
		j->max = max;
		j->timeout = timeout;
	}
	return j;
}

static void
message_free(struct smpp_joined *m)
{
	struct smpp_piece *p, *next;

	if (m == NULL)
		return;
	for (p = m->pieces; p != NULL; p = next) {
		next = p->next;
		free(p);
	}
	free(m);
}

void
smpp_join_close(struct smpp_join *j)
{
	const struct smpp_joined *m;

	if (j == NULL)
		return;
	while (smpp_join_drop(j, &m))
		;
	message_free(j->given);
	free(j);
}

/* The bucket of a key. */
static uint32_t
join_hash(
    struct smpp_view source, struct smpp_view destination, struct smpp_concat c)
{
	uint32_t h = SMPP_HASH32 ^ c.ref ^ (uint32_t)c.total << 16 ^
		     (uint32_t)c.bits << 24;

	h = smpp_hash32(h, source.p, source.n);
	h = smpp_hash32(h, destination.p, destination.n);
	return (h ^ h >> 15) % BUCKETS;
}

/*
 * References of 8 bits come round soon. Total and addresses keep most messages
 * apart that share one; references of 8, 16 bits and sar_* are never one
 * message.
 */
static struct smpp_joined *
join_find(const struct smpp_join *j, uint32_t bucket, struct smpp_view source,
    struct smpp_view destination, struct smpp_concat c)
{
	struct smpp_joined *m = j->bucket[bucket];

	while (
	    m != NULL && (m->concat.ref != c.ref || m->concat.bits != c.bits ||
			     m->concat.total != c.total ||
			     !smpp_view_eq(m->source, source) ||
			     !smpp_view_eq(m->destination, destination)))
		m = m->chain;
	return m;
}

/* Takes a message out of the table and gives it to the caller. */
static const struct smpp_joined *
join_give(struct smpp_join *j, struct smpp_joined *m)
{
	struct smpp_joined **link = &j->bucket[m->bucket];

	while (*link != m)
		link = &(*link)->chain;
	*link = m->chain;
	if (m->older != NULL)
		m->older->newer = m->newer;
	else
		j->oldest = m->newer;
	if (m->newer != NULL)
		m->newer->older = m->older;
	else
		j->newest = m->older;
	j->size -= m->size;
	message_free(j->given);
	j->given = m;
	return m;
}

/* Keeps a copy of an address behind the object. */
static struct smpp_view
join_keep(uint8_t **at, struct smpp_view v)
{
	struct smpp_view copy = {*at, v.n};

	if (v.n > 0)
		memcpy(*at, v.p, v.n);
	*at += v.n;
	return copy;
}

static struct smpp_joined *
message_new(struct smpp_join *j, const struct smpp_pdu *pdu,
    struct smpp_concat c, uint32_t bucket, int64_t now)
{
	struct smpp_view source = smpp_pdu_view(pdu, SMPP_F_source_addr);
	struct smpp_view destination = smpp_pdu_view(
	    pdu, SMPP_F_destination_addr);
	struct smpp_joined *m;
	uint8_t *at;

	/* One block with its addresses, whose sizes count against max, too: a
	 * sender of first parts alone must not fill the memory. */
	m = calloc(1, sizeof(*m) + source.n + destination.n);
	if (m == NULL)
		return NULL;
	at = (uint8_t *)(m + 1);
	m->source = join_keep(&at, source);
	m->destination = join_keep(&at, destination);
	m->source_ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_ton);
	m->source_npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_source_addr_npi);
	m->dest_ton = (uint8_t)smpp_pdu_num(pdu, SMPP_F_dest_addr_ton);
	m->dest_npi = (uint8_t)smpp_pdu_num(pdu, SMPP_F_dest_addr_npi);
	m->concat = c;
	m->concat.seq = 0;
	m->since = now;
	m->bucket = bucket;
	m->size = sizeof(*m) + source.n + destination.n;
	m->chain = j->bucket[bucket];
	j->bucket[bucket] = m;
	m->older = j->newest;
	if (j->newest != NULL)
		j->newest->newer = m;
	else
		j->oldest = m;
	j->newest = m;
	j->size += m->size;
	return m;
}

/* Puts a part into its place among the pieces. */
static int
add_piece(struct smpp_join *j, struct smpp_joined *m,
    const struct smpp_body *body, uint8_t seq)
{
	struct smpp_piece **link = &m->pieces, *p;

	while (*link != NULL && (*link)->seq < seq)
		link = &(*link)->next;
	/* The first one stays: what comes twice is taken for a repeat. */
	if (*link != NULL && (*link)->seq == seq)
		return SMPP_JOIN_DUPLICATE;
	p = malloc(sizeof(*p) + body->text.n);
	if (p == NULL)
		return SMPP_ENOMEM;
	p->next = *link;
	p->coding = body->coding;
	p->seq = seq;
	p->octets = smpp_view_of(p + 1, body->text.n);
	if (body->text.n > 0)
		memcpy(p + 1, body->text.p, body->text.n);
	*link = p;
	m->have++;
	m->size += sizeof(*p) + body->text.n;
	j->size += sizeof(*p) + body->text.n;
	return SMPP_JOIN_KEPT;
}

int
smpp_join_add(struct smpp_join *j, const struct smpp_pdu *pdu,
    const struct smpp_body *body, int64_t now, const struct smpp_joined **out)
{
	struct smpp_view source = smpp_pdu_view(pdu, SMPP_F_source_addr);
	struct smpp_view destination = smpp_pdu_view(
	    pdu, SMPP_F_destination_addr);
	struct smpp_concat c;
	struct smpp_joined *m;
	uint32_t bucket;
	int rc;

	message_free(j->given);
	j->given = NULL;
	if (!smpp_concat_read(&c, pdu, body))
		return SMPP_JOIN_ALONE;
	bucket = join_hash(source, destination, c);
	m = join_find(j, bucket, source, destination, c);
	if (m == NULL)
		m = message_new(j, pdu, c, bucket, now);
	if (m == NULL)
		return SMPP_ENOMEM;
	rc = add_piece(j, m, body, c.seq);
	/* Duplicates are not pieces, so have can only reach total when none is
	 * missing: seq is between 1 and total. */
	if (rc != SMPP_JOIN_KEPT || m->have < m->concat.total)
		return rc;
	*out = join_give(j, m);
	return SMPP_JOIN_WHOLE;
}

bool
smpp_join_drop(struct smpp_join *j, const struct smpp_joined **out)
{
	if (j->oldest == NULL)
		return false;
	*out = join_give(j, j->oldest);
	return true;
}

/* The oldest goes first in either case. Called until it returns false, it also
 * brings memory below max. */
bool
smpp_join_expire(
    struct smpp_join *j, int64_t now, const struct smpp_joined **out)
{
	if (j->size <= j->max && now < smpp_join_next(j))
		return false;
	return smpp_join_drop(j, out);
}

int64_t
smpp_join_next(const struct smpp_join *j)
{
	return j->oldest == NULL ? INT64_MAX : j->oldest->since + j->timeout;
}

bool
smpp_joined_misses(const struct smpp_joined *m, unsigned seq)
{
	const struct smpp_piece *p = m->pieces;

	while (p != NULL && p->seq != seq)
		p = p->next;
	return p == NULL;
}

/*
 * True when b goes on where a ends, in the same coding. Such pieces are
 * decoded together, since senders cut characters in two at the ends of parts.
 * Packed septets begin anew in each part.
 */
static bool
continues(const struct smpp_piece *a, const struct smpp_piece *b)
{
	return b != NULL && b->seq == a->seq + 1 &&
	       a->coding.alphabet != SMPP_ALPHA_GSM7_PACKED &&
	       a->coding.alphabet == b->coding.alphabet &&
	       a->coding.single == b->coding.single &&
	       a->coding.locking == b->coding.locking;
}

int
smpp_joined_text(struct smpp_sbuf *out, const struct smpp_joined *m)
{
	const struct smpp_piece *first, *p, *stop;
	/* m->size counts the octets of all pieces and more. */
	uint8_t *octets = malloc(m->size);
	size_t n;

	if (octets == NULL)
		return SMPP_ENOMEM;
	for (first = m->pieces; first != NULL; first = stop) {
		n = 0;
		stop = first;
		do {
			p = stop;
			memcpy(octets + n, p->octets.p, p->octets.n);
			n += p->octets.n;
			stop = p->next;
		} while (continues(p, stop));
		smpp_text_decode(out, smpp_view_of(octets, n), first->coding);
	}
	free(octets);
	return 0;
}
