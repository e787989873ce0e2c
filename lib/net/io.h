/* Descriptors that never block, and deadlines. */
#ifndef SMPP_NET_IO_H
#define SMPP_NET_IO_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

SMPP_BEGIN_DECLS

/*
 * A deadline is a value of smpp_clock_ms(); this one never comes.
 */
#define SMPP_FOREVER INT64_MAX

/* The deadline ms milliseconds after now; 0 ms is no limit. */
int64_t smpp_io_deadline(int64_t now, int64_t ms);

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
