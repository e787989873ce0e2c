/* Names that are looked up while an engine goes on. */
#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "net/dial_int.h"
#include "net/engine_int.h"

/*
 * getaddrinfo(3) knows no deadline and waits for silent name servers much
 * longer than anybody wants to, so each name has a thread of its own, which
 * ends with the answer. What it writes to may not end before: that is counted
 * by refs, of the engine and of each thread, under lock.
 */
struct smpp_mail {
	pthread_mutex_t lock;
	unsigned refs;
	int fd; /* becomes readable when a job is done */
	struct smpp_mail_job *done;
};

/* What one thread knows; lookup is the engine's, NULL when nobody waits any
 * more. */
struct smpp_mail_job {
	struct smpp_mail *mail;
	struct smpp_mail_job *next;
	struct smpp_lookup *lookup;
	struct addrinfo hints;
	struct addrinfo *list;
	int rc;
	char port[8];
	char host[256];
};

static void
mail_job_free(struct smpp_mail_job *job)
{
	if (job->list != NULL)
		freeaddrinfo(job->list);
	free(job);
}

/* Lets go of it, the lock being held, which ends with this. */
static void
mail_unlock_drop(struct smpp_mail *mail)
{
	const bool last = --mail->refs == 0;
	struct smpp_mail_job *job;

	pthread_mutex_unlock(&mail->lock);
	if (!last)
		return;
	while ((job = mail->done) != NULL) {
		mail->done = job->next;
		mail_job_free(job);
	}
	pthread_mutex_destroy(&mail->lock);
	close(mail->fd);
	free(mail);
}

static void *
mail_work(void *arg)
{
	struct smpp_mail_job *job = arg;
	struct smpp_mail *mail = job->mail;
	const uint64_t one = 1;
	ssize_t n;

	job->rc = getaddrinfo(job->host, job->port, &job->hints, &job->list);
	if (job->rc != 0)
		job->list = NULL;
	pthread_mutex_lock(&mail->lock);
	job->next = mail->done;
	mail->done = job;
	n = write(mail->fd, &one, sizeof(one));
	(void)n;
	mail_unlock_drop(mail);
	return NULL;
}

/* Starts the thread of a job. Returns false when there is none to be had. */
static bool
mail_start(struct smpp_mail_job *job)
{
	pthread_attr_t attr;
	sigset_t all, was;
	pthread_t id;
	int rc;

	if (pthread_attr_init(&attr) != 0)
		return false;
	/* Nobody waits for it: it may hang for minutes after the link is
	 * gone. */
	pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
	/* Signals are for those who wait for them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	rc = pthread_create(&id, &attr, mail_work, job);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	pthread_attr_destroy(&attr);
	return rc == 0;
}

/* --- the side of the engine --- */

static void
lookup_free(struct smpp_engine *e, struct smpp_lookup *k)
{
	struct smpp_lookup **at = &e->lookups;

	while (*at != NULL && *at != k)
		at = &(*at)->next;
	if (*at != NULL)
		*at = k->next;
	if (k->job != NULL)
		/* Only the engine's thread looks at this member, here and when
		 * the answer comes: it needs no lock. */
		k->job->lookup = NULL;
	if (k->list != NULL)
		freeaddrinfo(k->list);
	free(k);
}

/* What a look-up came to; err says why it failed. */
static void
lookup_result(struct smpp_lookup *k, int rc)
{
	k->done = true;
	if (rc == 0)
		return;
	if (rc == EAI_MEMORY)
		k->rc = smpp_err_set(&k->err, SMPP_ENOMEM, "out of memory");
	else
		k->rc = smpp_err_set(&k->err, SMPP_ERESOLVE, "%s: %s", k->host,
		    gai_strerror(rc));
}

/* Goes on with all links that waited for it: in the next turn, at once. */
static void
lookup_tell(struct smpp_engine *e, const struct smpp_lookup *k)
{
	for (struct smpp_link *l = e->links; l != NULL; l = l->next)
		if (l->lookup == k)
			smpp_link_busy(l);
}

/* Threads have answered. */
static void
post_came(struct smpp_watch *w, bool in, bool out)
{
	struct smpp_engine *e = w->arg;
	struct smpp_mail_job *job, *done;
	uint64_t count;
	ssize_t n = read(w->fd, &count, sizeof(count));

	(void)in, (void)out, (void)n;
	pthread_mutex_lock(&e->mail->lock);
	done = e->mail->done;
	e->mail->done = NULL;
	pthread_mutex_unlock(&e->mail->lock);
	while ((job = done) != NULL) {
		done = job->next;
		if (job->lookup != NULL) {
			job->lookup->job = NULL;
			job->lookup->list = job->list;
			job->list = NULL;
			lookup_result(job->lookup, job->rc);
			lookup_tell(e, job->lookup);
		}
		mail_job_free(job);
	}
}

/* Makes what threads answer by, once. Returns 0, SMPP_ENOMEM or SMPP_EIO. */
static int
post_open(struct smpp_engine *e)
{
	struct smpp_mail *mail;

	if (e->mail != NULL)
		return 0;
	mail = calloc(1, sizeof(*mail));
	if (mail == NULL)
		return SMPP_ENOMEM;
	mail->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	e->post = (struct smpp_watch){
	    .fd = mail->fd, .fn = post_came, .arg = e};
	if (mail->fd < 0 || smpp_watch_add(e, &e->post, true, false) != 0) {
		if (mail->fd >= 0)
			close(mail->fd);
		e->post.fd = -1;
		free(mail);
		return SMPP_EIO;
	}
	pthread_mutex_init(&mail->lock, NULL);
	mail->refs = 1;
	e->mail = mail;
	return 0;
}

/* Has a thread look the name up. Returns 0 or SMPP_E*. */
static int
lookup_send(
    struct smpp_engine *e, struct smpp_lookup *k, const struct addrinfo *hints)
{
	int rc = post_open(e);
	struct smpp_mail_job *job;

	if (rc != 0)
		return rc;
	job = calloc(1, sizeof(*job));
	if (job == NULL)
		return SMPP_ENOMEM;
	job->mail = e->mail;
	job->lookup = k;
	job->hints = *hints;
	memcpy(job->host, k->host, sizeof(job->host));
	memcpy(job->port, k->port, sizeof(job->port));
	pthread_mutex_lock(&e->mail->lock);
	/* Before the thread begins, which may end before this function
	 * does. */
	e->mail->refs++;
	pthread_mutex_unlock(&e->mail->lock);
	if (mail_start(job)) {
		k->job = job;
		return 0;
	}
	pthread_mutex_lock(&e->mail->lock);
	e->mail->refs--;
	pthread_mutex_unlock(&e->mail->lock);
	free(job);
	return SMPP_ENOMEM;
}

/* One for the same that is still under way, or NULL: a thousand sessions with
 * one SMSC are one question. What was answered is not kept; that is the
 * business of resolvers, who know for how long. */
static struct smpp_lookup *
lookup_same(const struct smpp_engine *e, const struct smpp_addr *to)
{
	struct smpp_lookup *k = e->lookups;

	while (k != NULL && (k->done || k->family != to->family ||
				strcmp(k->host, to->host) != 0 ||
				strcmp(k->port, to->port) != 0))
		k = k->next;
	return k;
}

/* Looks up what is an address already, or has a thread do it. */
static int
lookup_begin(
    struct smpp_engine *e, struct smpp_lookup *k, const struct smpp_addr *to)
{
	struct addrinfo hints;
	int rc = smpp_dial_numeric(to, &hints, &k->list);

	if (rc != 0)
		k->list = NULL;
	if (rc == EAI_NONAME && strlen(to->host) < sizeof(k->host))
		return lookup_send(e, k, &hints);
	lookup_result(k, rc);
	return 0;
}

int
smpp_resolve(struct smpp_link *l)
{
	const struct smpp_addr *to = &l->dial->to;
	struct smpp_engine *e = l->e;
	struct smpp_lookup *k = lookup_same(e, to);
	int rc;

	if (k != NULL) {
		k->refs++;
		l->lookup = k;
		return 0;
	}
	k = calloc(1, sizeof(*k));
	if (k == NULL)
		return smpp_err_set(&l->err, SMPP_ENOMEM, "out of memory");
	smpp_err_clear(&k->err);
	k->refs = 1;
	k->family = to->family;
	snprintf(k->host, sizeof(k->host), "%s", to->host);
	snprintf(k->port, sizeof(k->port), "%s", to->port);
	k->next = e->lookups;
	e->lookups = k;
	rc = lookup_begin(e, k, to);
	if (rc == 0) {
		l->lookup = k;
		return 0;
	}
	lookup_free(e, k);
	return smpp_err_set(&l->err, rc, "%s: no thread to look it up: %s",
	    to->host, smpp_err_text(rc));
}

void
smpp_resolve_drop(struct smpp_link *l)
{
	struct smpp_lookup *k = l->lookup;

	l->lookup = NULL;
	if (--k->refs == 0)
		lookup_free(l->e, k);
}

void
smpp_resolve_fini(struct smpp_engine *e)
{
	if (e->mail == NULL)
		return;
	/* The links were closed before, and have dropped their lookups.
	 * Threads that still work let go of the mail when they are done. */
	smpp_watch_del(e, &e->post);
	pthread_mutex_lock(&e->mail->lock);
	mail_unlock_drop(e->mail);
	e->mail = NULL;
	e->post.fd = -1;
}
