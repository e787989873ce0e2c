/* The messages that are known: a table by serial, in blocks of memory. */
#include "ledger.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256 }; /* messages allocated at a time */

struct block {
	struct block *next;
	struct message m[BLOCK];
};

/*
 * bucket has mask + 1 chains by serial: new ids count up, so they spread
 * evenly. oldest to newest are those that may be forgotten; free is what was
 * allocated and is not in use.
 */
struct store {
	uint32_t max, count, kept; /* kept: cannot be forgotten */
	uint32_t mask;
	uint32_t used; /* of the newest block */
	struct message **bucket;
	struct message *oldest, *newest;
	struct message *free;
	struct block *blocks;
};

struct store *
store_open(uint32_t max)
{
	struct store *s = calloc(1, sizeof(*s));
	uint32_t n = 1024;

	while (n < max && n < 1u << 30)
		n *= 2;
	if (s != NULL)
		s->bucket = calloc(n, sizeof(struct message *));
	if (s == NULL || s->bucket == NULL)
		cmd_nomem();
	s->max = max;
	s->mask = n - 1;
	s->used = BLOCK;
	return s;
}

void
store_free(struct store *s)
{
	struct block *b;
	struct message *m;

	if (s == NULL)
		return;
	for (uint32_t i = 0; i <= s->mask; i++)
		for (m = s->bucket[i]; m != NULL; m = m->next) {
			free(m->areas);
			free(m->loop);
		}
	while ((b = s->blocks) != NULL) {
		s->blocks = b->next;
		free(b);
	}
	free(s->bucket);
	free(s);
}

/* Takes a message out of those that may be forgotten. */
static void
unlist(struct store *s, struct message *m)
{
	if (m->older != NULL)
		m->older->newer = m->newer;
	else
		s->oldest = m->newer;
	if (m->newer != NULL)
		m->newer->older = m->older;
	else
		s->newest = m->older;
	m->older = m->newer = NULL;
	m->listed = false;
	s->kept++;
}

/* Forgets the oldest message. */
static void
ledger_forget(struct store *s)
{
	struct message *m = s->oldest, **at = &s->bucket[m->serial & s->mask];

	unlist(s, m);
	while (*at != m)
		at = &(*at)->next;
	*at = m->next;
	free(m->areas);
	m->next = s->free;
	s->free = m;
	s->kept--;
	s->count--;
}

/* Memory for one more message; what is in it is not cleared. */
static struct message *
ledger_room(struct store *s)
{
	struct message *m;
	struct block *b;

	if (s->count >= s->max && s->oldest != NULL)
		ledger_forget(s);
	if (s->count >= s->max)
		return NULL;
	if (s->free != NULL) {
		m = s->free;
		s->free = m->next;
		return m;
	}
	if (s->used == BLOCK) {
		b = malloc(sizeof(*b));
		if (b == NULL)
			cmd_nomem();
		b->next = s->blocks;
		s->blocks = b;
		s->used = 0;
	}
	return &s->blocks->m[s->used++];
}

struct message *
store_new(struct smsc *mc, const struct account *a, uint32_t serial)
{
	struct store *s = mc->store;
	struct message *m = NULL, **at;

	if (s->kept == 0 || a->holds < SHARE * (uint64_t)(s->max - s->kept))
		m = ledger_room(s);
	if (m == NULL)
		return NULL;
	memset(m, 0, offsetof(struct message, source));
	m->dest[0] = '\0';
	m->has_reference = false;
	m->areas = NULL;
	m->nareas = 0;
	if (serial == 0 && ++mc->next_serial == 0)
		mc->next_serial = 1;
	m->serial = serial == 0 ? mc->next_serial : serial;
	at = &s->bucket[m->serial & s->mask];
	while (serial != 0 && *at != NULL)
		at = &(*at)->next; /* behind the first with this serial */
	m->next = *at;
	*at = m;
	s->count++;
	s->kept++;
	return m;
}

void
store_done(struct smsc *mc, struct message *m)
{
	struct store *s = mc->store;

	if (m->listed)
		return;
	if (m->account != NULL) {
		m->account->holds--;
		account_drop(m->account);
		m->account = NULL;
	}
	m->listed = true;
	m->newer = NULL;
	m->older = s->newest;
	if (s->newest != NULL)
		s->newest->newer = m;
	else
		s->oldest = m;
	s->newest = m;
	s->kept--;
}

void
store_keep(struct smsc *mc, struct message *m, struct account *account)
{
	if (m->listed)
		unlist(mc->store, m);
	if (m->account != NULL)
		return;
	m->account = account;
	account->holds++;
}

uint8_t
store_load(const struct store *s)
{
	return (uint8_t)((uint64_t)s->kept * 100 / s->max);
}

uint32_t
store_count(const struct store *s)
{
	return s->count;
}

struct message *
store_find(const struct store *s, uint32_t serial)
{
	struct message *m = s->bucket[serial & s->mask];

	while (m != NULL && m->serial != serial)
		m = m->next;
	return serial == 0 ? NULL : m;
}

struct message *
store_again(const struct message *m)
{
	struct message *next = m->next;

	while (next != NULL && next->serial != m->serial)
		next = next->next;
	return next;
}

uint8_t
message_state(const struct smsc *mc, const struct message *m, enum smpp_ver ver)
{
	int64_t now = smsc_time(mc);

	if (now >= m->due)
		return m->state;
	if (now < m->starts && ver == SMPP_V50)
		return SMPP_message_state_SCHEDULED;
	return SMPP_message_state_ENROUTE;
}

bool
message_final(const struct smsc *mc, const struct message *m)
{
	return smsc_time(mc) >= m->due;
}
