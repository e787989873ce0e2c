/* Message ids: those of responses found by those of receipts. */
#include "ids.h"

#include <stdlib.h>

#include "base/hex.h"

enum { FIRST_SLOTS = 64, DIGITS = 256 };

/* Blanks around an id, its case and its leading zeros do not count. */
static uint32_t
ids_hash(struct smpp_view id)
{
	uint32_t h = 2166136261u, i = 0, c;

	while (i < id.n && (id.p[i] == ' ' || id.p[i] == '0'))
		i++;
	for (; i < id.n && id.p[i] != ' ' && id.p[i] != '\0'; i++) {
		c = id.p[i];
		if (c >= 'A' && c <= 'Z')
			c |= 0x20;
		h = (h ^ c) * 16777619u;
	}
	return h ^ h >> 15;
}

static int
ids_grow(struct ids *t)
{
	uint32_t slots = t->slot == NULL ? FIRST_SLOTS : 2 * (t->mask + 1);
	struct id_node **slot = calloc(slots, sizeof(struct id_node *));
	struct id_node *node, **end;

	if (slot == NULL)
		return SMPP_ENOMEM;
	for (uint32_t i = 0; t->slot != NULL && i <= t->mask; i++)
		while ((node = t->slot[i]) != NULL) {
			t->slot[i] = node->chain;
			node->chain = NULL;
			end = &slot[node->hash & (slots - 1)];
			while (*end != NULL)
				end = &(*end)->chain;
			*end = node;
		}
	free(t->slot);
	t->slot = slot;
	t->mask = slots - 1;
	return 0;
}

int
ids_add(struct ids *t, struct id_node *node, struct smpp_view id, void *owner)
{
	struct id_node **end;

	if ((t->slot == NULL || t->n > t->mask) && ids_grow(t) != 0)
		return SMPP_ENOMEM;
	*node = (struct id_node){
	    .id = id, .hash = ids_hash(id), .owner = owner};
	end = &t->slot[node->hash & t->mask];
	while (*end != NULL)
		end = &(*end)->chain;
	*end = node;
	t->n++;
	return 0;
}

void
ids_del(struct ids *t, struct id_node *node)
{
	struct id_node **at = &t->slot[node->hash & t->mask];

	while (*at != node)
		at = &(*at)->chain;
	*at = node->chain;
	t->n--;
}

void
ids_fini(struct ids *t)
{
	free(t->slot);
	*t = (struct ids){NULL, 0, 0};
}

/* The best of what this text finds. *best is what was found before. */
static void
ids_probe(const struct ids *t, struct smpp_view key, struct smpp_view id,
    enum smpp_id_rule rule, struct id_node **best, enum smpp_id_match *match,
    bool *alone)
{
	const uint32_t h = ids_hash(key);
	struct id_node *node = t->slot[h & t->mask];
	enum smpp_id_match how;

	for (; node != NULL; node = node->chain) {
		if (node->hash != h || node == *best)
			continue;
		how = smpp_id_compare(node->id, id, rule);
		if (how == SMPP_ID_DIFFERENT)
			continue;
		if (*best != NULL)
			*alone = false;
		if (*best == NULL || how < *match) {
			*best = node;
			*match = how;
		}
	}
}

/* The number that id is in one base, in the digits of another. */
static struct smpp_view
ids_convert(
    struct smpp_view id, unsigned from, unsigned to, uint8_t out[DIGITS])
{
	uint8_t digit[DIGITS]; /* lowest first */
	uint32_t i, k, n = 0, carry;

	for (i = 0; i < id.n; i++) {
		carry = smpp_hex_digit[id.p[i]];
		if (carry == 0 || (carry -= 16) >= from)
			return smpp_view_of(out, 0);
		for (k = 0; k < n || carry > 0; k++) {
			if (k == DIGITS)
				return smpp_view_of(out, 0);
			if (k == n)
				digit[n++] = 0;
			carry += digit[k] * from;
			digit[k] = (uint8_t)(carry % to);
			carry /= to;
		}
	}
	for (k = 0; k < n; k++)
		out[k] = (uint8_t) "0123456789abcdef"[digit[n - 1 - k]];
	return smpp_view_of(out, n);
}

static struct smpp_view
ids_trim(struct smpp_view v)
{
	while (v.n > 0 && (v.p[v.n - 1] == ' ' || v.p[v.n - 1] == '\0'))
		v.n--;
	while (v.n > 0 && *v.p == ' ') {
		v.p++;
		v.n--;
	}
	return v;
}

void *
ids_find(const struct ids *t, struct smpp_view id, enum smpp_id_rule rule,
    enum smpp_id_match *match)
{
	const struct smpp_view bare = ids_trim(id);
	struct id_node *best = NULL;
	uint8_t text[DIGITS];
	bool alone = true;

	*match = SMPP_ID_DIFFERENT;
	if (t->n == 0)
		return NULL;
	ids_probe(t, id, id, rule, &best, match, &alone);
	if (best != NULL)
		return best->owner;
	if (rule != SMPP_ID_AUTO || bare.n > DIGITS)
		return NULL;
	ids_probe(
	    t, ids_convert(bare, 10, 16, text), id, rule, &best, match, &alone);
	ids_probe(
	    t, ids_convert(bare, 16, 10, text), id, rule, &best, match, &alone);
	return best == NULL || !alone ? NULL : best->owner;
}
