/* Reading the user data header. */
#include "text/udh.h"

static const struct {
	char name[25];
	uint8_t from, to;
} names[] = {
#define IE(name, from, to) {#name, from, to},
#include "text/udh.def"
#undef IE
};

const char *
smpp_ie_name(uint8_t iei)
{
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (iei >= names[i].from && iei <= names[i].to)
			return names[i].name;
	return NULL;
}

bool
smpp_ie_next(struct smpp_rd *elements, struct smpp_ie *ie)
{
	const uint8_t *start = elements->p;

	if (smpp_rd_left(elements) == 0)
		return false;
	ie->iei = smpp_rd_u8(elements);
	ie->data = smpp_rd_view(elements, smpp_rd_u8(elements));
	/* Back to the start of the element that does not fit, so that the
	 * caller can say where it is. */
	if (elements->bad)
		elements->p = start;
	return !elements->bad;
}

/* Notes a part number unless it is impossible (3GPP 23.040, 9.2.3.24.1). */
static void
concat(struct smpp_udh *udh, uint16_t ref, const uint8_t *count, uint8_t bits)
{
	if (count[0] > 0 && count[1] > 0 && count[1] <= count[0])
		udh->concat = (struct smpp_concat){
		    ref, bits, count[0], count[1]};
}

/* Of elements that may occur once the last one counts. */
static void
udh_element(struct smpp_udh *udh, struct smpp_ie ie)
{
	const uint8_t *p = ie.data.p;

	if (ie.iei == SMPP_IE_CONCAT_8 && ie.data.n == 3)
		concat(udh, p[0], p + 1, 8);
	else if (ie.iei == SMPP_IE_CONCAT_16 && ie.data.n == 4)
		concat(udh, smpp_get_u16(p), p + 2, 16);
	else if (ie.iei == SMPP_IE_SINGLE_SHIFT && ie.data.n == 1)
		udh->single = p[0];
	else if (ie.iei == SMPP_IE_LOCKING_SHIFT && ie.data.n == 1)
		udh->locking = p[0];
}

/*
 * *udh is set in three steps, so that it is good wherever this ends: nothing,
 * the header's size when only its elements are broken, all. A text behind a
 * broken element can still be read, in the default tables.
 */
int64_t
smpp_udh_parse(struct smpp_udh *udh, struct smpp_view data)
{
	struct smpp_rd rd;
	struct smpp_ie ie;
	struct smpp_udh whole = {.elements = {data.p, 0}};

	*udh = whole;
	smpp_rd_init(&rd, data);
	whole.elements = smpp_rd_view(&rd, smpp_rd_u8(&rd));
	if (rd.bad)
		return 0;
	whole.size = (uint16_t)(1 + whole.elements.n);
	whole.text = smpp_view_of(rd.p, smpp_rd_left(&rd));
	*udh = whole;
	smpp_rd_init(&rd, whole.elements);
	while (smpp_ie_next(&rd, &ie))
		udh_element(&whole, ie);
	if (rd.bad)
		return rd.p - data.p;
	*udh = whole;
	return -1;
}
