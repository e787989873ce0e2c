/* Decoding and encoding, PDUs a second on one core, beside libsmpp34. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rd.h"
#include "smpp/pdu.h"
#include "t/bench/bench.h"

/* Decodes one PDU with libsmpp34; peer_libsmpp34.c, or none. */
__attribute__((weak)) void peer_decode(const uint8_t *p, size_t n);

enum {
	PDUS = 320, /* as many different ones, back to back */
	LAPS = 8000,
	PEER_LAPS = 100,
	BEST_OF = 7,
};

/* What one run goes over; laps times. */
struct run {
	uint8_t wire[PDUS * 256];
	size_t n;
	unsigned laps;
	uint64_t sum; /* keeps the compiler from leaving the work out */
};

static void
fill(struct run *r, unsigned kinds)
{
	uint64_t seed = 0x5eed5eed5eed5eed;

	r->n = 0;
	for (unsigned i = 0; i < PDUS; i++)
		r->n += bench_pdu(r->wire + r->n, i % kinds, &seed);
}

static uint32_t
decode(struct smpp_pdu *pdu, const uint8_t *p, const uint8_t *end)
{
	struct smpp_issues issues;
	int n = smpp_frame(p, (size_t)(end - p), SMPP_PDU_MAX);

	if (n <= 0 || smpp_decode(pdu, smpp_view_of(p, (size_t)n), SMPP_V34, 0,
			  &issues) != 0)
		abort();
	return (uint32_t)n;
}

static void
run_decode(void *arg)
{
	struct run *r = arg;
	const uint8_t *p, *end = r->wire + r->n;
	struct smpp_pdu pdu;

	for (unsigned i = 0; i < r->laps; i++)
		for (p = r->wire; p < end; r->sum += pdu.present)
			p += decode(&pdu, p, end);
}

static void
run_both(void *arg)
{
	struct run *r = arg;
	const uint8_t *p, *end = r->wire + r->n;
	uint8_t out[256];
	struct smpp_pdu pdu;
	struct smpp_wr w;

	for (unsigned i = 0; i < r->laps; i++) {
		for (p = r->wire; p < end;) {
			p += decode(&pdu, p, end);
			smpp_wr_init(&w, out, sizeof(out));
			if (smpp_encode(&w, &pdu) < 0)
				abort();
			r->sum += out[w.n - 1];
		}
	}
}

static void
run_peer(void *arg)
{
	struct run *r = arg;
	const uint8_t *p, *end = r->wire + r->n;

	for (unsigned i = 0; i < r->laps; i++)
		for (p = r->wire; p < end; p += smpp_get_u32(p))
			peer_decode(p, smpp_get_u32(p));
}

/* Million PDUs a second. */
static double
rate(struct run *r, void (*body)(void *), unsigned laps)
{
	r->laps = laps;
	return PDUS * laps / bench_best(BEST_OF, body, r) / 1e6;
}

static void
bench(struct run *r, const char *what, unsigned kinds, const char *target)
{
	double ours, theirs;
	char name[64];

	fill(r, kinds);
	ours = rate(r, run_decode, LAPS);
	snprintf(name, sizeof(name), "decode %s", what);
	bench_report(name, "million/s", ours, BEST_OF, target);
	if (peer_decode == NULL)
		return;
	theirs = rate(r, run_peer, PEER_LAPS);
	snprintf(name, sizeof(name), "libsmpp34 decode %s", what);
	bench_report(name, "million/s", theirs, BEST_OF, NULL);
	snprintf(name, sizeof(name), "decode %s / libsmpp34", what);
	bench_report(name, "times", ours / theirs, BEST_OF, ">= 30");
}

int
main(void)
{
	static struct run r;

	bench(&r, "submit_sm", 1, ">= 20");
	bench_report("decode and encode submit_sm", "million/s",
	    rate(&r, run_both, LAPS), BEST_OF, ">= 8");
	bench(&r, "mix", MIX_COUNT, ">= 35");
	return 0;
}
