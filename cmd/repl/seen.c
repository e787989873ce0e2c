/* smpp repl: the PDUs that passed, and which answers which. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/rd.h"
#include "words/dictfile.h"
#include "repl.h"

static void
seen_forget(struct seen *s)
{
	free(s->line);
	free(s->wire);
	*s = (struct seen){0};
}

/* Whether an answer is due to a PDU of this command. */
static bool
is_request(uint32_t id)
{
	const struct smpp_pdu_row *row = smpp_pdu_of(id);

	return !(id & SMPP_RESPONSE_BIT) &&
	       (row == NULL || !(row->flags & SMPP_PDU_ONEWAY));
}

/* The number of the answer to an entry, or 0. */
static uint64_t
seen_answer(struct repl *r, uint64_t number)
{
	const struct seen *s = seen_get(r, number);

	return s == NULL ? 0 : s->answer;
}

/*
 * Whether an entry is one that a line may be about yet, however much has come
 * since: what was sent last, its answer, what is judged, what \record writes.
 */
static bool
seen_wanted(struct repl *r, const struct seen *s)
{
	return s->number != 0 &&
	       (s->number == r->last || s->number == r->answer ||
		   s->number == r->recorded ||
		   s->number == seen_answer(r, r->last) ||
		   s->number == seen_answer(r, r->recorded));
}

/* Makes an entry free for another; one that is wanted is kept elsewhere. */
static void
seen_retire(struct repl *r, struct seen *s)
{
	struct seen *k = r->kept;

	if (!seen_wanted(r, s)) {
		seen_forget(s);
		return;
	}
	while (k < r->kept + KEPT - 1 && seen_wanted(r, k))
		k++;
	seen_forget(k);
	*k = *s;
	*s = (struct seen){0};
}

/*
 * A ring: the oldest entry is forgotten. Numbers go on, so that one that was
 * forgotten is not taken for another.
 */
struct seen *
seen_add(struct repl *r, enum smpp_dir dir, struct smpp_view octets)
{
	struct seen *s = &r->seen[++r->nseen % SEEN_MAX];

	seen_retire(r, s);
	s->number = r->nseen;
	s->session = r->session;
	s->dir = dir;
	s->time_us = smpp_clock_wall_us();
	s->ns = smpp_clock_ns();
	s->ms = UNANSWERED;
	s->whole = octets.n >= SMPP_HEADER_SIZE;
	s->n = octets.n;
	s->wire = malloc(octets.n > 0 ? octets.n : 1);
	if (s->wire == NULL)
		cmd_nomem();
	if (octets.n > 0)
		memcpy(s->wire, octets.p, octets.n);
	if (s->whole) {
		s->id = smpp_wire_id(s->wire);
		s->seq = smpp_wire_number(s->wire);
		s->asks = is_request(s->id);
	}
	r->active = smpp_clock_ms();
	if (dir == SMPP_IN)
		r->heard = s->ns;
	return s;
}

/* Its place may have another entry by now. */
struct seen *
seen_get(struct repl *r, uint64_t number)
{
	struct seen *s = &r->seen[number % SEEN_MAX];

	if (number == 0 || s->number == number)
		return number == 0 ? NULL : s;
	for (size_t i = 0; i < KEPT; i++)
		if (r->kept[i].number == number)
			return &r->kept[i];
	return NULL;
}

/* The number of the oldest entry. */
static uint64_t
oldest(const struct repl *r)
{
	return r->nseen > SEEN_MAX ? r->nseen - SEEN_MAX + 1 : 1;
}

struct seen *
seen_asked(struct repl *r, const struct seen *response)
{
	struct seen *s;
	uint64_t i;

	if (!response->whole || !(response->id & SMPP_RESPONSE_BIT))
		return NULL;
	for (i = response->number - 1; i >= oldest(r); i--) {
		s = seen_get(r, i);
		if (s->session != r->session || s->dir != SMPP_IN ||
		    s->seq != response->seq || !s->whole ||
		    s->id & SMPP_RESPONSE_BIT)
			continue;
		return s->answer == 0 &&
			       (response->id == SMPP_C_generic_nack ||
				   response->id == (s->id | SMPP_RESPONSE_BIT))
			   ? s
			   : NULL;
	}
	return NULL;
}

/* The newest first, which is what a response that is typed is about. */
struct seen *
seen_unanswered(struct repl *r, uint32_t id)
{
	struct seen *s;
	uint64_t i;

	for (i = r->nseen; i >= oldest(r); i--) {
		s = seen_get(r, i);
		if (s->session == r->session && s->dir == SMPP_IN && s->asks &&
		    (id == 0 || s->id == id))
			return s;
	}
	return NULL;
}

/*
 * Decoded anew when it is looked at: octets take little, and fields are wanted
 * of few. Before the bind any version is possible.
 */
void
seen_decode(const struct repl *r, const struct seen *s, struct smpp_pdu *pdu,
    struct smpp_issues *issues)
{
	const struct smpp_session *session = &r->link.conn.s;
	bool bound = wire_open(r) && smpp_session_bound(session);

	*issues = (struct smpp_issues){.n = 0};
	dictionary_decode(r->c, pdu, smpp_view_of(s->wire, s->n),
	    bound ? session->ver : SMPP_VANY, 0, issues);
}

void
seen_free(struct repl *r)
{
	for (size_t i = 0; i < SEEN_MAX; i++)
		seen_forget(&r->seen[i]);
	for (size_t i = 0; i < KEPT; i++)
		seen_forget(&r->kept[i]);
}
