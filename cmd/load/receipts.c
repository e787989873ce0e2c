/*
 * Which receipt is about which message: a table with open addressing. An id is
 * known by a hash of 64 bits of its letters in lower case and without leading
 * zeros; a receipt may say in decimal what the response said in hexadecimal,
 * or the reverse.
 */
#include "receipts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST = 1024 };

int
receipts_init(struct receipts *r)
{
	*r = (struct receipts){.mask = FIRST - 1};
	r->entry = calloc(FIRST, sizeof(*r->entry));
	return r->entry == NULL ? -1 : 0;
}

void
receipts_fini(struct receipts *r)
{
	free(r->entry);
	r->entry = NULL;
}

/* FNV-1a, finished so that the low bits depend on all. */
static uint64_t
receipts_key_of(struct smpp_view id)
{
	uint64_t h = 0xcbf29ce484222325u;
	uint32_t i = 0;
	uint8_t c;

	while (i + 1 < id.n && id.p[i] == '0')
		i++;
	for (; i < id.n; i++) {
		c = id.p[i];
		h = (h ^ (c >= 'A' && c <= 'Z' ? c | 0x20u : c)) *
		    0x100000001b3u;
	}
	h ^= h >> 32;
	return h == 0 ? 1 : h;
}

/* The entry of a key, or the free one where it belongs. */
static struct receipts_entry *
receipts_find(struct receipts *r, uint64_t key)
{
	size_t i = key & r->mask;

	while (r->entry[i].key != 0 && r->entry[i].key != key)
		i = (i + 1) & r->mask;
	return &r->entry[i];
}

/* Twice the room. Returns whether there was memory. */
static bool
receipts_grow(struct receipts *r)
{
	struct receipts_entry *old = r->entry;
	size_t n = r->mask + 1;

	r->entry = calloc(2 * n, sizeof(*old));
	if (r->entry == NULL) {
		r->entry = old;
		return false;
	}
	r->mask = 2 * n - 1;
	for (size_t i = 0; i < n; i++)
		if (old[i].key != 0)
			*receipts_find(r, old[i].key) = old[i];
	free(old);
	return true;
}

static void
insert(struct receipts *r, uint64_t key, uint64_t when, bool early)
{
	if (r->n == RECEIPTS_MAX || (2 * r->n > r->mask && !receipts_grow(r)) ||
	    receipts_find(r, key)->key != 0) {
		r->untracked += !early;
		return;
	}
	*receipts_find(r, key) = (struct receipts_entry){key, when, early};
	r->n++;
	r->early += early;
}

/* Frees an entry; those that follow move up, so that none is cut off. */
static void
receipts_drop(struct receipts *r, struct receipts_entry *e)
{
	size_t hole = (size_t)(e - r->entry), i = hole, home;

	r->n--;
	r->early -= e->early;
	for (;;) {
		i = (i + 1) & r->mask;
		if (r->entry[i].key == 0)
			break;
		home = r->entry[i].key & r->mask;
		if (((i - home) & r->mask) < ((i - hole) & r->mask))
			continue;
		r->entry[hole] = r->entry[i];
		hole = i;
	}
	r->entry[hole].key = 0;
}

/* Takes the entry of a key out, if it is of this kind. */
static bool
receipts_take(struct receipts *r, uint64_t key, bool early, uint64_t *when)
{
	struct receipts_entry *e = receipts_find(r, key);

	if (e->key == 0 || e->early != early)
		return false;
	*when = e->when;
	receipts_drop(r, e);
	return true;
}

/* The same number in the other base, or an empty view. */
static struct smpp_view
other_base(char out[24], struct smpp_view id, int from)
{
	char text[24], *end;
	unsigned long long v;

	if (id.n == 0 || id.n > 19)
		return smpp_view_of(out, 0);
	memcpy(text, id.p, id.n);
	text[id.n] = '\0';
	if (strspn(text, "0123456789abcdefABCDEF") != id.n)
		return smpp_view_of(out, 0);
	v = strtoull(text, &end, from);
	if (*end != '\0')
		return smpp_view_of(out, 0);
	snprintf(out, 24, from == 10 ? "%llx" : "%llu", v);
	return smpp_view_str(out);
}

static bool
take_any(struct receipts *r, struct smpp_view id, bool early, uint64_t *when)
{
	char text[24];
	struct smpp_view v;

	if (receipts_take(r, receipts_key_of(id), early, when))
		return true;
	v = other_base(text, id, 10);
	if (v.n > 0 && receipts_take(r, receipts_key_of(v), early, when))
		return true;
	v = other_base(text, id, 16);
	return v.n > 0 && receipts_take(r, receipts_key_of(v), early, when);
}

bool
receipts_sent(
    struct receipts *r, struct smpp_view id, uint64_t sent, uint64_t *came)
{
	if (r->early > 0 && take_any(r, id, true, came))
		return true;
	insert(r, receipts_key_of(id), sent, false);
	return false;
}

bool
receipts_came(struct receipts *r, struct smpp_view id, uint64_t came,
    size_t most, uint64_t *sent)
{
	if (take_any(r, id, false, sent))
		return true;
	if (r->early < most)
		insert(r, receipts_key_of(id), came, true);
	return false;
}
