/* Descriptors that never block, and waits that end at a deadline. */
#ifndef SMPP_NET_IO_H
#define SMPP_NET_IO_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

SMPP_BEGIN_DECLS

/*
 * A deadline is a value of smpp_clock_ms(); this one never comes. A wait
 * takes besides its descriptor a second one, wake, that ends it early by
 * becoming readable (what a signal handler writes to); -1 is none.
 */
#define SMPP_FOREVER INT64_MAX

/* The deadline ms milliseconds after now; 0 ms is no limit. */
int64_t smpp_io_deadline(int64_t now, int64_t ms);

/* The timeout of poll(2) that ends at the deadline. */
int smpp_io_poll_ms(int64_t deadline);

/*
 * Waits until fd is ready for one of events, as poll(2) names them. Returns
 * what it is ready for, SMPP_ETIMEOUT or SMPP_EINTERRUPTED.
 */
int smpp_io_wait(int fd, short events, int wake, int64_t deadline);

/*
 * Waits until one of n descriptors is ready for what its events ask for, and
 * sets their revents. Returns how many are, SMPP_ETIMEOUT or SMPP_EIO.
 */
struct pollfd;
int smpp_io_poll(struct pollfd *p, unsigned n, int64_t deadline);

/*
 * Reads or writes once. Return how many octets, 0 when the call would block,
 * or, with err set: SMPP_ECLOSED after the end of the stream, SMPP_ERESET,
 * SMPP_EIO. A write to a closed socket raises no signal.
 */
int64_t smpp_io_read(int fd, void *p, size_t n, struct smpp_err *err);
int64_t smpp_io_write(int fd, const void *p, size_t n, struct smpp_err *err);

/* Room for "[address%zone]:port" of any family. */
#define SMPP_PEER_MAX 80

/* Writes the numeric "host:port" of a socket address, brackets as needed. */
struct sockaddr;
void smpp_io_name(
    char out[SMPP_PEER_MAX], const struct sockaddr *sa, unsigned len);

SMPP_END_DECLS

#endif
