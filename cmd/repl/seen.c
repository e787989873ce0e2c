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

struct seen *
seen_add(struct repl *r, enum smpp_dir dir, struct smpp_view octets)
{
	struct seen *s = &r->seen[++r->nseen % SEEN_MAX];

	seen_forget(s);
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
	s->due = dir == SMPP_OUT && s->asks && r->target.response_ms > 0
		     ? smpp_clock_ms() + r->target.response_ms
		     : SMPP_FOREVER;
	r->active = smpp_clock_ms();
	if (dir == SMPP_IN)
		r->heard = s->ns;
	return s;
}

struct seen *
seen_get(struct repl *r, uint64_t number)
{
	struct seen *s = &r->seen[number % SEEN_MAX];

	return number != 0 && s->number == number ? s : NULL;
}

/* The number of the oldest entry. */
static uint64_t
oldest(const struct repl *r)
{
	return r->nseen > SEEN_MAX ? r->nseen - SEEN_MAX + 1 : 1;
}

/*
 * Octets that were wrong on purpose are answered with any number, or none: a
 * response that fits nothing else is about the last line.
 */
static struct seen *
last_lie(struct repl *r, const struct seen *response)
{
	struct seen *s = seen_get(r, r->last);

	if (response->dir != SMPP_IN || s == NULL || s->answer != 0 ||
	    s->late || s->session != r->session)
		return NULL;
	return !s->whole || response->id == SMPP_C_generic_nack ? s : NULL;
}

struct seen *
seen_asked(struct repl *r, const struct seen *response, const char **stray)
{
	struct seen *s = NULL;
	uint64_t i;

	*stray = NULL;
	for (i = response->number - 1; s == NULL && i >= oldest(r); i--) {
		s = seen_get(r, i);
		if (s->session != r->session || s->dir == response->dir ||
		    s->seq != response->seq || !s->whole ||
		    s->id & SMPP_RESPONSE_BIT)
			s = NULL;
	}
	if (s == NULL)
		s = last_lie(r, response);
	if (s == NULL)
		*stray = smpp_stray_text(SMPP_STRAY_UNKNOWN);
	else if (s->whole && response->id != SMPP_C_generic_nack &&
		 response->id != (s->id | SMPP_RESPONSE_BIT))
		*stray = smpp_stray_text(SMPP_STRAY_COMMAND);
	else if (s->answer != 0)
		*stray = smpp_stray_text(SMPP_STRAY_REPEATED);
	else if (s->late)
		*stray = smpp_stray_text(SMPP_STRAY_LATE);
	return s;
}

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

int64_t
seen_due(struct repl *r)
{
	int64_t due = SMPP_FOREVER;

	for (size_t i = 0; i < SEEN_MAX; i++)
		if (r->seen[i].asks && r->seen[i].session == r->session &&
		    r->seen[i].due < due)
			due = r->seen[i].due;
	return due;
}

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
}
