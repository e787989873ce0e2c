/* The name that was probably meant by a misspelt one. */
#include "base/suggest.h"

#include <string.h>

/* Two slips at most: what is further away is another word, and a wrong
 * suggestion is worse than none. */
enum { LIMIT = 2, LONGEST = 64 };

static char
fold(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (char)(c - 'A' + 'a');
	return c == '-' ? '_' : c;
}

static unsigned
min(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/*
 * Fills row i of the table of optimal string alignment distances from the two
 * rows before it.
 */
static void
fill_row(unsigned row[3][LONGEST + 1], const char *a, size_t i, const char *b,
    size_t nb)
{
	unsigned *now = row[i % 3], *last = row[(i + 2) % 3];
	const unsigned *before = row[(i + 1) % 3];
	size_t j;

	now[0] = (unsigned)i;
	for (j = 1; j <= nb; j++) {
		char x = fold(a[i - 1]), y = fold(b[j - 1]);

		now[j] = last[j - 1] + (x != y);
		now[j] = min(now[j], min(last[j], now[j - 1]) + 1);
		if (i > 1 && j > 1 && x == fold(b[j - 2]) &&
		    y == fold(a[i - 2]))
			now[j] = min(now[j], before[j - 2] + 1);
	}
}

static unsigned
distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned row[3][LONGEST + 1];
	size_t i;

	for (i = 0; i <= nb; i++)
		row[0][i] = (unsigned)i;
	for (i = 1; i <= na; i++)
		fill_row(row, a, i, b, nb);
	return row[na % 3][nb];
}

void
smpp_suggest_init(struct smpp_suggest *s, const char *word)
{
	*s = (struct smpp_suggest){word, NULL, LIMIT + 1};
}

void
smpp_suggest_try(struct smpp_suggest *s, const char *candidate)
{
	size_t na = strlen(s->word), nb = strlen(candidate);
	unsigned d;

	if (na > LONGEST || nb > LONGEST || na > nb + LIMIT || nb > na + LIMIT)
		return;
	d = distance(s->word, na, candidate, nb);
	/* Half of a word has to be right, or every word of two letters would
	 * be near every other. The first of equals stays. */
	if (d < s->distance && 2 * d <= na && 2 * d <= nb) {
		s->best = candidate;
		s->distance = d;
	}
}
