/* Records that wait for whom reads them slowly, and are dropped at last. */
#ifndef SMPP_OUTQUEUE_H
#define SMPP_OUTQUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/sbuf.h"

struct ctx;

/* How a descriptor is written to without waiting. */
enum out_way {
	WAY_OWN,    /* it is ours and does not wait */
	WAY_SOCKET, /* each write says so */
	WAY_POLL,   /* it is asked, and what is sure to fit is written */
};

/*
 * Records on their way to fd, in one piece of memory of size octets: whole
 * ones from start to end, and behind them the first open octets of one that is
 * being made. A record that finds no room is dropped, all of it, and counted
 * in lost. error is the errno of the write that failed, or 0. written is how
 * many octets were taken so far.
 *
 * blocked is set by a write that fd had no room for, and cleared by the owner
 * once it has, or by much that came since. The rest is private: how fd is
 * written to, end when that was last tried, where each whole record ends, a
 * record at hand that is begun, or dropped, and the octets of those.
 */
struct out_queue {
	int fd;
	int error;
	bool blocked;
	char *at;
	size_t size, start, end, open;
	uint64_t lost, written;

	enum out_way way;
	bool begun, skip;
	size_t tried;
	uint32_t *ends;
	size_t nends, max;
	char *spare;
};

/*
 * Makes a queue for what fd is open on, unless writing there never waits for
 * somebody: a file, a disk, /dev/null. Then it returns false. The memory is
 * c's. The flags of fd, which others may share, stay as they are: a pipe or
 * terminal is opened once more.
 */
bool out_queue_open(struct out_queue *q, struct ctx *c, int fd, size_t size);

/* Closes what was opened once more. */
void out_queue_close(struct out_queue *q);

/*
 * A record by way of b: after out_queue_bind() what is put into b goes to the
 * queue, out_queue_take() being its flush, and out_queue_line() ends a record.
 */
void out_queue_bind(struct out_queue *q, struct smpp_sbuf *b);
void out_queue_take(struct out_queue *q, struct smpp_sbuf *b);
void out_queue_line(struct out_queue *q, struct smpp_sbuf *b);

/* A record that is there already. */
void out_queue_put(struct out_queue *q, const char *p, size_t n);

/*
 * Writes whole records, as far as that does not wait. out_queue_flush() is the
 * same with b in use. Return 0, or -1 after an error, now or before.
 */
int out_queue_write(struct out_queue *q);
int out_queue_flush(struct out_queue *q, struct smpp_sbuf *b);

/*
 * Writes what is left, for as long as somebody reads, but not for ever, nor
 * after a second signal to stop: what remains is dropped. Returns whether
 * somebody read, or there was an error.
 */
bool out_queue_drain(struct out_queue *q);

/* Writes everything, however long that takes. Returns 0 or errno. A second
 * signal to stop ends it with EINTR. */
int out_write(int fd, const char *p, size_t n);

#endif
