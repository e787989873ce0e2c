/* The book of messages and receipts: which message a receipt is about. */
#include "msg/idmatch_int.h"

enum { OPEN_LOOKS = 64 }; /* messages without id that a receipt is held to */

/* Messages: how many, the first that is not over, and whether all are of one
 * group. */
struct id_tally {
	uint32_t n, first;
	bool together;
};

/* What a receipt fits, by readings: only messages whose addresses fit best.
 * same are those with the very id. */
struct id_fits {
	enum smpp_ends_fit fit;
	struct id_tally all[SMPP_ID_READINGS], same;
};

static void
tally_add(const struct smpp_idmatch *b, struct id_tally *t, uint32_t i)
{
	const struct smpp_id_entry *e = &b->entry[i], *first;

	if (t->n++ == 0) {
		t->first = i;
		t->together = true;
		return;
	}
	first = &b->entry[t->first];
	t->together = t->together && e->group == first->group;
	/* The first that still waits, and of these the one sent first: what a
	 * hit names where a group shares an id (idmatch.h). */
	if (e->state != first->state ? e->state == SMPP_ENTRY_KNOWN
				     : smpp_turn_before(e->turn, first->turn))
		t->first = i;
}

/* Adds what a receipt fits in one reading. */
static void
fits_add(const struct smpp_idmatch *b, const struct smpp_id_kept *r,
    enum smpp_id_reading reading, struct id_fits *f)
{
	const struct smpp_id_entry *e;
	enum smpp_ends_fit fit;
	uint32_t i;

	if (b->slot == NULL)
		return;
	i = smpp_id_slot_of(b, r->key[reading])->first;
	for (; i != SMPP_ID_NIL; i = e->chain) {
		e = &b->entry[i];
		/* No receipt is about a message that was sent after it
		 * came. */
		if (!smpp_turn_before(e->turn, r->turn) ||
		    (b->exact && e->exact != r->exact))
			continue;
		fit = smpp_ends_fit(e->ends, r->ends);
		if (fit == SMPP_ENDS_DIFFER || fit < f->fit)
			continue;
		/* Better addresses make all hits with worse ones forgotten, in
		 * every reading. */
		if (fit > f->fit)
			*f = (struct id_fits){.fit = fit};
		tally_add(b, &f->all[reading], i);
		if (reading == SMPP_ID_ALIKE && e->exact == r->exact)
			tally_add(b, &f->same, i);
	}
}

/* Whether a message that has no id yet may be the one it is about: it fits as
 * well as those that have. */
static bool
open_fits(const struct smpp_idmatch *b, const struct smpp_id_kept *r,
    enum smpp_ends_fit least)
{
	const struct smpp_id_entry *e;
	uint32_t i = b->open.first;
	unsigned looks = 0;

	for (; i != SMPP_ID_NIL; i = e->next) {
		e = &b->entry[i];
		if (!smpp_turn_before(e->turn, r->turn))
			return false;
		/* Past the limit the answer is the careful one: it may be, and
		 * the receipt is held. */
		if (++looks > OPEN_LOOKS ||
		    smpp_ends_fit(e->ends, r->ends) >= least)
			return true;
	}
	return false;
}

/* Whether the receipt reads the same in several readings: all that has one
 * digit. Then it teaches nothing. */
static bool
teaches_nothing(const struct smpp_idmatch *b, const struct smpp_id_kept *r,
    unsigned reading)
{
	unsigned k;

	for (k = 0; k < SMPP_ID_READINGS; k++)
		if (k != reading && !b->never[k] &&
		    r->key[k] == r->key[reading])
			return true;
	return false;
}

/* The message if there is but one, or but one group: of those with the very id
 * if there are such. */
static enum smpp_id_verdict
fits_decide(
    struct smpp_idmatch *b, struct smpp_id_kept *r, const struct id_fits *f)
{
	const struct id_tally *t = NULL;
	unsigned k, reading = 0, hits = 0;

	for (k = 0; k < SMPP_ID_READINGS; k++)
		if (f->all[k].n > 0) {
			reading = k;
			hits++;
		}
	t = &f->all[reading];
	if (reading == SMPP_ID_ALIKE && f->same.n > 0)
		t = &f->same;
	/* Nothing is guessed: equal first and then the others gave 180 of 1000
	 * messages another's receipt where ids are dense and bases differ. */
	if (hits != 1 || (t->n > 1 && !t->together))
		return SMPP_ID_UNSURE;
	r->h = t->first;
	r->not_swapped = f->fit < SMPP_ENDS_SWAPPED_MAYBE;
	r->match = reading != SMPP_ID_ALIKE ? SMPP_ID_NUMBER
		   : f->same.n > 0          ? SMPP_ID_SAME
					    : SMPP_ID_FORM;
	if (b->learnt[r->tlv] < 0 && !teaches_nothing(b, r, reading)) {
		b->learnt[r->tlv] = (int8_t)reading;
		b->fresh[r->tlv] = true;
	}
	return SMPP_ID_OURS;
}

enum smpp_id_verdict
smpp_id_look(struct smpp_idmatch *b, struct smpp_id_kept *r)
{
	const int learnt = b->learnt[r->tlv];
	struct id_fits f = {.fit = SMPP_ENDS_DIFFER};
	bool several = false;
	int k;

	for (k = 0; k < SMPP_ID_READINGS; k++) {
		if (r->key[k] == 0 || (learnt >= 0 && k != learnt) ||
		    (learnt < 0 && k > 0 &&
			(b->never[k] || r->key[k] == r->key[0])))
			continue;
		several = several || (learnt < 0 && k > 0);
		fits_add(b, r, (enum smpp_id_reading)k, &f);
	}
	if (f.fit == SMPP_ENDS_DIFFER)
		return r->key[0] != 0 && open_fits(b, r, SMPP_ENDS_KEPT_MAYBE)
			   ? SMPP_ID_EARLY
			   : SMPP_ID_FOREIGN;
	/* With readings to choose from, a message whose id comes later may fit
	 * as well in another one; deciding now would also teach it. */
	if (several && open_fits(b, r, f.fit))
		return SMPP_ID_EARLY;
	return fits_decide(b, r, &f);
}
