/* When the next part may be sent. */
#include "tempo.h"

#define MS 1000000u

/* How far behind its grid a part may be and the next still keep to it: below
 * that the average is exact, above it there would be a burst. */
#define LAG (10.0 * MS)

#define PAUSE_FIRST (250ull * MS)
#define PAUSE_MAX (30000ull * MS)

/* Without a rate the interval is 0, and everything is due. */
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

/*
 * Due times are a grid of doubles: rounding does not add up over a million
 * messages.
 */
void
tempo_sent(struct tempo *p, uint64_t now)
{
	double lag = p->interval > LAG ? p->interval : LAG;

	if (p->interval == 0)
		return;
	if ((double)now > p->due + lag)
		p->due = (double)now;
	p->due += p->interval;
}

/*
 * A whole window is refused at once; only the first refusal doubles the pause,
 * or one burst would end at the longest.
 */
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

/*
 * Accepted after the pause: the SMSC takes messages again. Parts that were
 * sent before it say nothing of that.
 */
void
tempo_accepted(struct tempo *p, uint64_t sent)
{
	if (sent >= p->resume_at)
		p->pause = 0;
}
