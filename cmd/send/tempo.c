/* When the next part may be sent. */
#include "tempo.h"

#define MS 1000000u

/* How far behind its grid a part may be and the next still keep to it: below
 * that the average is exact, above it there would be a burst. */
#define LAG (10.0 * MS)

#define PAUSE_FIRST (250ull * MS)
#define PAUSE_MAX (30000ull * MS)

/* A gap begins with this one, doubles up to the second, and is over below the
 * first; it changes once in so long. */
#define GAP_FIRST (1.0 * MS)
#define GAP_MAX (1000.0 * MS)
#define GAP_EVERY (100ull * MS)

/* Optimum load of an SMSC of v5.0 (spec/DISAGREEMENTS, 13). */
enum { OPTIMUM_MIN = 80, OPTIMUM_MAX = 90 };

void
tempo_init(struct tempo *p, double rate, uint64_t now)
{
	*p = (struct tempo){.due = (double)now};
	if (rate > 0)
		p->interval = 1e9 / rate;
}

uint64_t
tempo_due(const struct tempo *p)
{
	uint64_t due = (uint64_t)p->due;

	return due > p->resume_at ? due : p->resume_at;
}

void
tempo_sent(struct tempo *p, uint64_t now)
{
	double step = p->interval > p->gap ? p->interval : p->gap;
	double lag = step > LAG ? step : LAG;

	if (step == 0)
		return;
	if ((double)now > p->due + lag)
		p->due = (double)now;
	p->due += step;
}

void
tempo_throttled(struct tempo *p, uint64_t sent, uint64_t now)
{
	if (sent < p->resume_at)
		return; /* sent before the pause that is on, or was */
	p->pause = p->pause == 0 ? PAUSE_FIRST : 2 * p->pause;
	if (p->pause > PAUSE_MAX)
		p->pause = PAUSE_MAX;
	p->resume_at = now + p->pause;
}

void
tempo_accepted(struct tempo *p, uint64_t sent)
{
	if (sent >= p->resume_at)
		p->pause = 0;
}

void
tempo_congestion(struct tempo *p, unsigned state, uint64_t now)
{
	if (now < p->adapt_at || (state >= OPTIMUM_MIN && state <= OPTIMUM_MAX))
		return;
	p->adapt_at = now + GAP_EVERY;
	if (state > OPTIMUM_MAX)
		p->gap = p->gap == 0 ? GAP_FIRST : 2 * p->gap;
	else
		p->gap = p->gap <= GAP_FIRST ? 0 : p->gap / 2;
	if (p->gap > GAP_MAX)
		p->gap = GAP_MAX;
	if ((double)now > p->due)
		p->due = (double)now;
}
