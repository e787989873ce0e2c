/* Waiting for many descriptors at once (epoll). */
#ifndef SMPP_NET_LOOP_H
#define SMPP_NET_LOOP_H

#include <stdbool.h>
#include <sys/select.h> /* sigset_t, without asking for POSIX */

#include "net/io.h"

SMPP_BEGIN_DECLS

/* What a descriptor of the loop is ready for; arg is what it was added with.
 * An error or the end of the stream shows as readable. */
struct smpp_ready {
	void *arg;
	bool readable, writable;
};

/*
 * ready holds the n results of the last wait; it grows with what is ready at
 * once, so that one wait tells all. mask, unless NULL, is the signal mask
 * while it waits, as of epoll_pwait(2). The rest is private.
 */
struct epoll_event;
struct smpp_loop {
	int fd;
	int n, cap;
	struct smpp_ready *ready;
	struct epoll_event *events;
	const sigset_t *mask;
};

/* Return 0, SMPP_EIO or SMPP_ENOMEM; fini accepts an object whose init failed,
 * and one that is zeroed but for an fd of -1. */
int smpp_loop_init(struct smpp_loop *l);
void smpp_loop_fini(struct smpp_loop *l);

/*
 * Starts, changes or ends the watch over a descriptor, which stays the
 * caller's. The first two return 0 or SMPP_EIO and errno.
 */
int smpp_loop_add(struct smpp_loop *l, int fd, bool in, bool out, void *arg);
int smpp_loop_mod(struct smpp_loop *l, int fd, bool in, bool out, void *arg);
void smpp_loop_del(struct smpp_loop *l, int fd);

/*
 * Waits until a descriptor is ready, for a signal, or until the deadline, of
 * smpp_clock_ns(); UINT64_MAX never comes. Sets l->n and l->ready; n may be 0
 * at the deadline and after a signal, and is after a failure. Returns n, or
 * SMPP_EIO and errno when the system cannot wait.
 */
int smpp_loop_wait_ns(struct smpp_loop *l, uint64_t deadline);

SMPP_END_DECLS

#endif
