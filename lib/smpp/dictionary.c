/* What tags mean that the specification leaves to vendors. */
#include "smpp/dictionary.h"

#include "smpp/rows_int.h"

enum {
#define VENDOR(name, tag, kind, min, max, pdus, brief) VENDOR_##name,
#include "smpp/vendors.def"
#undef VENDOR
	VENDORS
};

#define WORD(name, n, pdus)                       \
	[VENDOR_##name].carry.in34.w[n] = (pdus), \
	[VENDOR_##name].carry.in50.w[n] = (pdus),

/*
 * The rows, then twice the sets of PDUs that carry them: P(name) is the bit of
 * a PDU if it lies in the word that is being filled, else 0, so each reading
 * of the rows fills one word. All may repeat: no specification forbids it to
 * vendors.
 */
static const struct smpp_tlv_row vendors[] = {
#define VENDOR(name, tag, kind, min, max, pdus, brief)                        \
	[VENDOR_##name] = {#name, tag, SMPP_KIND_##kind,                      \
	    SMPP_V34 | SMPP_V50 | SMPP_VANY, SMPP_SET_none, 1, min, max, max, \
	    NULL, NULL, brief},
#include "smpp/vendors.def"
#undef VENDOR
#define P(name) PDU_BIT(name, 0)
#define VENDOR(name, tag, kind, min, max, pdus, brief) \
	[VENDOR_##name].carry.repeat = true, WORD(name, 0, pdus)
#include "smpp/vendors.def"
#undef P
#undef VENDOR
#define P(name) PDU_BIT(name, 1)
#define VENDOR(name, tag, kind, min, max, pdus, brief) WORD(name, 1, pdus)
#include "smpp/vendors.def"
#undef P
#undef VENDOR
};

const struct smpp_dictionary smpp_dictionary_usual = {
    .rows = vendors, .n = VENDORS, .guess = true};

static const struct smpp_dictionary *
dictionary_given(const struct smpp_dictionary *d)
{
	return d == NULL ? &smpp_dictionary_usual : d;
}

/* The row of a tag in one dictionary alone. By halves: rows are sorted by tag,
 * vendors.def as well as those of a caller. */
static const struct smpp_tlv_row *
dictionary_own(const struct smpp_dictionary *d, uint16_t tag)
{
	size_t from = 0, to = d->n, i;

	while (from < to) {
		i = from + (to - from) / 2;
		if (d->rows[i].tag == tag)
			return &d->rows[i];
		if (d->rows[i].tag < tag)
			from = i + 1;
		else
			to = i;
	}
	return NULL;
}

/* The specification comes first: no dictionary gives its tags another
 * meaning. */
const struct smpp_tlv_row *
smpp_dictionary_of(const struct smpp_dictionary *d, uint16_t tag,
    const struct smpp_pdu_row *pdu)
{
	const struct smpp_tlv_row *row = smpp_tlv_of(tag);

	for (d = dictionary_given(d); row == NULL && d != NULL; d = d->next) {
		row = dictionary_own(d, tag);
		/*
		 * Tags of vendors are nobody's: in other PDUs the same one is
		 * most likely somebody else's, and a wrong name is worse than
		 * none.
		 */
		if (row != NULL && d->guess &&
		    (pdu == NULL || !smpp_tlv_fits(row, pdu, SMPP_VANY)))
			return NULL;
	}
	return row;
}

/* Whether a dictionary before this one has the tag. */
static bool
dictionary_hidden(const struct smpp_dictionary *first,
    const struct smpp_dictionary *d, uint16_t tag)
{
	for (; first != d; first = first->next)
		if (dictionary_own(first, tag) != NULL)
			return true;
	return false;
}

const struct smpp_tlv_row *
smpp_dictionary_row(const struct smpp_dictionary *d, size_t i)
{
	const struct smpp_dictionary *first = dictionary_given(d);
	size_t n;

	if (i < smpp_tlv_count)
		return &smpp_tlvs[i];
	i -= smpp_tlv_count;
	for (d = first; d != NULL; d = d->next)
		for (n = 0; n < d->n; n++)
			if (!dictionary_hidden(first, d, d->rows[n].tag) &&
			    i-- == 0)
				return &d->rows[n];
	return NULL;
}

const struct smpp_tlv_row *
smpp_dictionary_find(const struct smpp_dictionary *d, struct smpp_view name)
{
	const struct smpp_dictionary *first = dictionary_given(d);
	const struct smpp_tlv_row *row = smpp_tlv_find(name);
	size_t n;

	for (d = first; row == NULL && d != NULL; d = d->next)
		for (n = 0; row == NULL && n < d->n; n++)
			if (smpp_view_is(name, d->rows[n].name) &&
			    !dictionary_hidden(first, d, d->rows[n].tag))
				row = &d->rows[n];
	return row;
}
