/* Which receipt is about which message, and how each is answered. */
#include "receipts.h"

#include <stdlib.h>

#include "kit/cmd.h"
#include "base/err.h"

/* What the book calls messages: when they were sent, and this if their receipt
 * came already. */
enum { TAG_OVER = 0 };

int
receipts_init(struct receipts *r)
{
	*r = (struct receipts){.book = NULL};
	r->book = smpp_idmatch_open(SMPP_ID_AUTO, RECEIPTS_OVER);
	return r->book == NULL ? -1 : 0;
}

/* --- those that are not decided --- */

static void
kept_link(struct receipts *r, struct receipts_kept *k)
{
	k->next = NULL;
	k->prev = r->last;
	if (r->last == NULL)
		r->first = k;
	else
		r->last->next = k;
	r->last = k;
}

static void
kept_unlink(struct receipts *r, struct receipts_kept *k)
{
	if (k->prev == NULL)
		r->first = k->next;
	else
		k->prev->next = k->next;
	if (k->next == NULL)
		r->last = k->prev;
	else
		k->next->prev = k->prev;
}

/* Sets *f to what becomes of one for good, and frees it. */
static void
kept_end(struct receipts *r, struct receipts_kept *k,
    const struct smpp_id_hit *hit, struct receipts_fate *f)
{
	const bool ours = hit->verdict == SMPP_ID_OURS;

	*f = (struct receipts_fate){.from = k->from,
	    .answers = !k->refused,
	    .first = ours && k->final && hit->message != TAG_OVER,
	    .sent = hit->message,
	    .came = k->came};
	f->other = !f->first;
	/* Where we do not know of all of ours, it may be one of them. */
	f->status = ours || r->untracked > 0 ? ESME_ROK : ESME_RX_T_APPN;
	if (f->first)
		smpp_idmatch_over(r->book, hit->h, TAG_OVER);
	if (!k->refused)
		kept_unlink(r, k);
	/* Kept until the next one ends, for *f borrows from it. */
	free(r->spare);
	r->spare = k;
}

void
receipts_fini(struct receipts *r)
{
	struct receipts_fate f;

	while (r->book != NULL && receipts_left(r, &f))
		;
	smpp_idmatch_close(r->book);
	free(r->spare);
	*r = (struct receipts){.book = NULL};
}

/* --- messages --- */

size_t
receipts_awaited(const struct receipts *r)
{
	return smpp_idmatch_awaited(r->book);
}

uint32_t
receipts_sent(struct receipts *r, const struct smpp_pdu *pdu, uint64_t sent)
{
	uint32_t h;

	/*
	 * A bound for runs of hours against an SMSC that sends no receipts.
	 * What is not tracked is told, it is not counted as lost.
	 */
	if (receipts_awaited(r) + r->open >= RECEIPTS_MAX) {
		r->untracked++;
		return RECEIPTS_NONE;
	}
	if (smpp_idmatch_sent(
		r->book, smpp_ends_pdu(pdu), (uint32_t)sent, sent, &h) != 0)
		cmd_nomem();
	r->open++;
	return h;
}

/*
 * Two messages with one id cannot be told apart: which of them a receipt is
 * about nobody knows, so the second is not tracked.
 */
void
receipts_known(struct receipts *r, uint32_t h, struct smpp_view id)
{
	if (h == RECEIPTS_NONE)
		return;
	r->open--;
	if (smpp_idmatch_known(r->book, h, id) != SMPP_ID_SHARED)
		return;
	smpp_idmatch_gone(r->book, h);
	r->untracked++;
}

void
receipts_gone(struct receipts *r, uint32_t h)
{
	if (h == RECEIPTS_NONE)
		return;
	r->open--;
	smpp_idmatch_gone(r->book, h);
}

/* --- receipts --- */

bool
receipts_came(struct receipts *r, const struct smpp_receipt *dlr,
    const struct smpp_pdu *pdu, const struct receipts_from *from, uint64_t came,
    struct receipts_fate *f)
{
	struct smpp_id_receipt what = {.id = dlr->value[SMPP_RF_ID],
	    .ends = smpp_ends_pdu(pdu),
	    .tlv = dlr->tlv_id};
	struct receipts_kept *k = r->spare;
	struct smpp_id_hit hit;

	if (k == NULL && (k = malloc(sizeof(*k))) == NULL)
		cmd_nomem();
	r->spare = NULL;
	what.tag = (uintptr_t)k;
	*k = (struct receipts_kept){
	    .from = *from, .came = came, .final = dlr->final != 0};
	kept_link(r, k);
	if (smpp_idmatch_came(r->book, &what, &hit) != 0)
		cmd_nomem();
	/* It may be of a message whose response is still under way. */
	if (hit.verdict == SMPP_ID_EARLY || hit.verdict == SMPP_ID_UNSURE)
		return false;
	kept_end(r, k, &hit, f);
	return true;
}

bool
receipts_next(struct receipts *r, uint64_t now, struct receipts_fate *f)
{
	struct smpp_id_hit hit;
	struct receipts_kept *k = r->first;

	if (smpp_idmatch_kept(r->book) == 0)
		return false;
	if (smpp_idmatch_next(r->book, &hit)) {
		kept_end(
		    r, (struct receipts_kept *)(uintptr_t)hit.receipt, &hit, f);
		return true;
	}
	/*
	 * So many undecided ones: the oldest are decided as they are, for
	 * memory and for the SMSC's window.
	 */
	if (smpp_idmatch_kept(r->book) > RECEIPTS_KEPT)
		return receipts_left(r, f);
	if (k == NULL || now < k->came + RECEIPTS_HOLD_NS)
		return false;
	/* What it says is known; the SMSC has waited long enough. */
	k->refused = true;
	kept_unlink(r, k);
	*f = (struct receipts_fate){
	    .from = k->from, .answers = true, .status = ESME_RX_T_APPN};
	return true;
}

/* What waits in the book is dropped first, then asked for. */
bool
receipts_left(struct receipts *r, struct receipts_fate *f)
{
	struct smpp_id_hit hit;

	if (!smpp_idmatch_drop(r->book, &hit) &&
	    !smpp_idmatch_next(r->book, &hit))
		return false;
	kept_end(r, (struct receipts_kept *)(uintptr_t)hit.receipt, &hit, f);
	return true;
}
