/* When the next part may be sent. */
#ifndef SMPP_SEND_TEMPO_H
#define SMPP_SEND_TEMPO_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Times are nanoseconds of smpp_clock_ns(). interval is what a rate leaves
 * between two parts, due when the next one may go: on a grid, so that parts
 * that go a little late do not make all others late. A throttled SMSC gets a
 * pause, which grows until it takes something again.
 */
struct tempo {
	double interval;
	double due;
	uint64_t pause;
	uint64_t resume_at;
};

/* Starts at rate parts a second; 0 is no limit. */
void tempo_init(struct tempo *p, double rate, uint64_t now);

/* When the next part may go: in the past, or now, for at once. */
uint64_t tempo_due(const struct tempo *p);

/* A part goes at now. */
void tempo_sent(struct tempo *p, uint64_t now);

/* A part that was sent at sent was refused for now. */
void tempo_throttled(struct tempo *p, uint64_t sent, uint64_t now);

/* A part that was sent at sent was accepted. */
void tempo_accepted(struct tempo *p, uint64_t sent);

#endif
