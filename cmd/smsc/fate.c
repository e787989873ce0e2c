/* Fates: which state messages end in, in which shares, and when. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "smsc.h"
#include "text/receipt.h"

enum { UNSET = -1 };

static int
fate_bad(struct ctx *c, const char *what, const char *fmt, struct smpp_view v)
{
	char why[160];

	snprintf(why, sizeof(why), fmt, (int)v.n, (const char *)v.p);
	return out_usage(c, "%s: %s", what, why);
}

/*
 * Cuts what stands behind the first of these characters off an item. Views are
 * not ended by NUL, and a message may bring the text.
 */
static bool
fate_cut(struct smpp_view *v, char at, struct smpp_view *rest)
{
	const uint8_t *p = v->n == 0 ? NULL : memchr(v->p, at, v->n);

	if (p == NULL)
		return false;
	*rest = smpp_view_of(p + 1, (size_t)(smpp_view_end(*v) - p - 1));
	v->n = (uint32_t)(p - v->p);
	return true;
}

static int
fate_read_time(
    struct ctx *c, struct smpp_mc_fate *f, const char *what, struct smpp_view v)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*s", (int)v.n, (const char *)v.p);
	if (v.n < sizeof(text) && opt_duration(text, &f->delay_ms) == 0)
		return 0;
	return fate_bad(
	    c, what, "'%.*s' is not a time, as in 250ms, 5s, 2m", v);
}

/* The bound keeps the sum of sixteen within 32 bits. */
static int
read_weight(
    struct ctx *c, uint32_t *weight, const char *what, struct smpp_view v)
{
	char text[12];

	snprintf(text, sizeof(text), "%.*s", (int)v.n, (const char *)v.p);
	if (v.n < sizeof(text) && opt_uint(text, weight) == 0 &&
	    *weight <= 1000000)
		return 0;
	return fate_bad(c, what, "'%.*s' is no share, as in DELIVRD=90", v);
}

/* Reads one "STAT[=WEIGHT][:TIME]". */
static int
read_fate(
    struct ctx *c, struct fates *all, const char *what, struct smpp_view v)
{
	struct smpp_mc_fate *f = &all->v[all->n];
	struct smpp_view time, weight;
	int state, rc;

	*f = (struct smpp_mc_fate){.delay_ms = UNSET};
	all->weight[all->n] = 1;
	if (fate_cut(&v, ':', &time) &&
	    (rc = fate_read_time(c, f, what, time)) != 0)
		return rc;
	if (fate_cut(&v, '=', &weight) &&
	    (rc = read_weight(c, &all->weight[all->n], what, weight)) != 0)
		return rc;
	state = smpp_stat_state(v);
	if (state < 0 || v.n >= sizeof(f->stat))
		return fate_bad(c, what,
		    "'%.*s' is no state, as DELIVRD, UNDELIV, EXPIRED, "
		    "REJECTD, or none",
		    v);
	for (uint32_t i = 0; i < v.n; i++)
		f->stat[i] = (char)toupper(v.p[i]);
	f->state = (uint8_t)state;
	strcpy(f->err, "000");
	all->total += all->weight[all->n++];
	return 0;
}

int
fates_read(struct ctx *c, struct fates *f, const char *what, const char *text)
{
	struct smpp_view rest = smpp_view_str(text), item;
	int64_t delay = 1000;
	bool more = true;
	int rc;

	/* "none" is delivered without a receipt, not a state of its own. */
	*f = (struct fates){0};
	if (strcmp(text, "none") == 0) {
		f->v[0] = (struct smpp_mc_fate){
		    .state = SMPP_message_state_DELIVERED, .delay_ms = delay};
		f->n = f->total = f->weight[0] = 1;
		return 0;
	}
	while (more) {
		item = rest;
		more = fate_cut(&item, ',', &rest);
		if (f->n == FATES_MAX)
			return fate_bad(
			    c, what, "more states than 16: '%.*s'", item);
		if ((rc = read_fate(c, f, what, item)) != 0)
			return rc;
	}
	if (f->total == 0)
		return fate_bad(c, what, "the shares of '%.*s' are nothing",
		    smpp_view_str(text));
	/* The time behind the last state is that of all without one. */
	if (f->v[f->n - 1].delay_ms != UNSET)
		delay = f->v[f->n - 1].delay_ms;
	for (unsigned i = 0; i < f->n; i++)
		if (f->v[i].delay_ms == UNSET)
			f->v[i].delay_ms = delay;
	return 0;
}

const struct smpp_mc_fate *
fates_draw(struct smsc *mc, const struct fates *f)
{
	uint32_t at, i;

	if (f->n == 1)
		return &f->v[0];
	at = (uint32_t)(smpp_rng_next(&mc->rng) % f->total);
	for (i = 0; at >= f->weight[i]; i++)
		at -= f->weight[i];
	return &f->v[i];
}
