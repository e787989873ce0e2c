/* Listening with an engine. */
#include <poll.h>
#include <stddef.h>
#include <unistd.h>

#include "net/engine_int.h"
#include "net/listen.h"

enum {
	ACCEPT_MAX = 64, /* connections a turn */
	AGAIN_MS = 1000, /* before another attempt, without descriptors */
};

static void
accept_watch(struct smpp_listener *l)
{
	smpp_watch_mod(l->e, &l->watch, !l->paused && !l->short_of, false);
}

/* The system says that there are no descriptors before it looks for a
 * connection: that matters only to one that waits. */
static bool
accept_waits(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	return poll(&p, 1, 0) != 0;
}

/*
 * No more connections can be had, for the time being. The one that waits stays
 * in the queue of the system, which would tell of it without end: it is not
 * listened to until a descriptor is free, or for a second, for it may be
 * another process that frees one.
 */
static void
accept_short(struct smpp_listener *l, const struct smpp_err *why)
{
	struct smpp_engine *e = l->e;

	l->short_of = true;
	/* Told once: a server that is full would fill its log as well. */
	if (!l->told && l->full != NULL) {
		l->told = true;
		l->full(l, why);
		if (e->hearing != l || !l->short_of)
			return; /* closed, or somebody made room */
	}
	accept_watch(l);
	smpp_timer_set(&e->timers, &l->timer, e->now + AGAIN_MS);
}

static void
accept_ready(struct smpp_watch *w, bool in, bool out)
{
	struct smpp_listener *l = w->arg;
	struct smpp_engine *e = l->e;
	char peer[SMPP_PEER_MAX];
	struct smpp_err why;
	int fd;

	(void)in, (void)out;
	e->hearing = l;
	for (unsigned i = 0; i < ACCEPT_MAX; i++) {
		smpp_err_clear(&why);
		/*
		 * ACCEPT_MAX bounds the turn, for a flood of connections would
		 * keep the sessions that are there waiting; the loop tells
		 * again of the rest.
		 */
		fd = smpp_accept(w->fd, peer, &why);
		if (fd == SMPP_EIO && accept_waits(w->fd))
			accept_short(l, &why);
		if (fd < 0)
			break;
		l->told = false;
		l->accept(l, fd, peer);
		/* The callee may have closed the listener: hearing says so, l
		 * itself must not be looked at before. */
		if (e->hearing != l || l->paused)
			break;
	}
	e->hearing = NULL;
}

static void
accept_again(struct smpp_timer *t, int64_t now)
{
	struct smpp_listener *l = t->arg;

	smpp_timer_set(&l->e->timers, t, INT64_MAX); /* keeps its place */
	(void)now;
	l->short_of = false;
	accept_watch(l);
}

void
smpp_accept_resume(struct smpp_engine *e)
{
	for (struct smpp_listener *l = e->listeners; l != NULL; l = l->next) {
		if (!l->short_of)
			continue;
		l->short_of = false;
		accept_watch(l);
	}
}

int
smpp_listener_open(struct smpp_engine *e, struct smpp_listener *l,
    const char *host, const char *port, struct smpp_err *err)
{
	int fd = smpp_listen(host, port, l->name, err);

	if (fd < 0)
		return fd;
	l->e = e;
	l->watch = (struct smpp_watch){.fd = fd, .fn = accept_ready, .arg = l};
	l->timer = (struct smpp_timer){.fn = accept_again, .arg = l};
	l->paused = l->short_of = l->told = false;
	l->next = e->listeners;
	e->listeners = l;
	if (smpp_timer_set(&e->timers, &l->timer, INT64_MAX) != 0) {
		smpp_listener_close(l);
		return smpp_err_set(err, SMPP_ENOMEM, "out of memory");
	}
	if (smpp_watch_add(e, &l->watch, true, false) != 0) {
		smpp_err_sys(err, SMPP_EIO, "epoll");
		smpp_listener_close(l);
		return SMPP_EIO;
	}
	return 0;
}

void
smpp_listener_close(struct smpp_listener *l)
{
	struct smpp_engine *e = l->e;
	struct smpp_listener **at;

	if (e == NULL)
		return;
	for (at = &e->listeners; *at != l; at = &(*at)->next)
		;
	*at = l->next;
	if (e->hearing == l)
		e->hearing = NULL;
	smpp_timer_stop(&e->timers, &l->timer);
	smpp_watch_del(e, &l->watch);
	close(l->watch.fd);
	l->e = NULL;
}

void
smpp_listener_pause(struct smpp_listener *l, bool paused)
{
	l->paused = paused;
	accept_watch(l);
}
