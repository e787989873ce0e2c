/* What the benchmarks share: the PDUs, the clock, one JSON line a figure. */
#ifndef SMPP_T_BENCH_H
#define SMPP_T_BENCH_H

#include <stddef.h>
#include <stdint.h>

#include "base/view.h"

/* The PDUs of the mix, in this order, over and over. */
enum {
	MIX_SUBMIT_SM, /* 129 octets */
	MIX_RECEIPT,   /* deliver_sm with receipt text and two TLVs */
	MIX_SUBMIT_SM_RESP,
	MIX_ENQUIRE_LINK,
	MIX_BIND_RESP,
	MIX_COUNT,
};

/*
 * Writes the next PDU of this kind into out, which has room for 256 octets,
 * and returns its size. Addresses, ids and texts are drawn from *seed, so
 * that the same seed gives the same octets.
 */
size_t bench_pdu(uint8_t *out, unsigned kind, uint64_t *seed);

/*
 * Runs body(arg) `best_of` times and returns the shortest time in seconds.
 */
double bench_best(unsigned best_of, void (*body)(void *), void *arg);

/*
 * Runs a program without environment and output, from start to exit, and
 * prints the shortest time as a figure. Returns it, in milliseconds; a program
 * that fails ends the benchmark.
 */
double bench_start(const char *bench, unsigned best_of, char *const *argv);

/* Prints a figure. target is what the project promises, or NULL. */
void bench_report(const char *bench, const char *unit, double value,
    unsigned best_of, const char *target);

#endif
