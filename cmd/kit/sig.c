/* Signals as flags, for commands that have something to finish. */
#include "sig.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

/* The first signal is the one to die by, times says how patient to be. */
static volatile sig_atomic_t which, times, usr1, reloads, hup;
static volatile sig_atomic_t rang; /* something is in the pipes */
static int pipe_fd[2] = {-1, -1}, stop_fd[2] = {-1, -1};

/* A full pipe is as readable as one octet makes it: nothing is lost. */
static void
sig_wake(int fd)
{
	ssize_t ignored;

	rang = 1; /* before the octet: it must not be missed */
	ignored = write(fd, "", 1);
	(void)ignored;
}

static void
sig_caught(int n)
{
	/* The code that was interrupted may be about to read errno. */
	int saved = errno;

	if (n == SIGUSR1) {
		usr1 = 1;
	} else if (n == SIGHUP && reloads) {
		hup = 1;
	} else {
		if (which == 0)
			which = n;
		times = times == 0 ? 1 : 2;
		sig_wake(stop_fd[1]);
	}
	sig_wake(pipe_fd[1]);
	errno = saved;
}

static void
install(int n)
{
	struct sigaction sa = {.sa_handler = sig_caught};

	sigemptyset(&sa.sa_mask);
	sigaction(n, &sa, NULL);
}

void
sig_catch(void)
{
	struct sigaction old;

	if (pipe_fd[0] != -1 || pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK) != 0 ||
	    pipe2(stop_fd, O_CLOEXEC | O_NONBLOCK) != 0)
		return;
	install(SIGINT);
	install(SIGTERM);
	install(SIGUSR1);
	/*
	 * Under nohup HUP is ignored, and stays so. INT is caught even if a
	 * shell without job control started us in the background with it
	 * ignored.
	 */
	if (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		install(SIGHUP);
}

static void
child(int n)
{
	int saved = errno;

	(void)n;
	sig_wake(pipe_fd[1]);
	errno = saved;
}

void
sig_child(void)
{
	struct sigaction sa = {.sa_handler = child, .sa_flags = SA_NOCLDSTOP};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGCHLD, &sa, NULL);
}

int
sig_stop(void)
{
	return times;
}

void
sig_forget(void)
{
	sig_seen();
	which = times = 0;
}

int
sig_which(void)
{
	return which;
}

static void
sig_drain(int fd)
{
	char c[16];

	while (read(fd, c, sizeof(c)) > 0)
		;
}

void
sig_seen(void)
{
	if (!rang)
		return;
	rang = 0;
	sig_drain(pipe_fd[0]);
	sig_drain(stop_fd[0]);
}

/* Takes a signal that does not ask to stop. */
static bool
sig_take(volatile sig_atomic_t *flag)
{
	if (!*flag)
		return false;
	*flag = 0;
	sig_seen();
	/*
	 * Draining took the octet of a signal to stop, too: it is put back,
	 * that descriptor stays readable until the command is over.
	 */
	if (times > 0)
		sig_wake(pipe_fd[1]);
	return true;
}

bool
sig_usr1(void)
{
	return sig_take(&usr1);
}

void
sig_reload(void)
{
	reloads = 1;
}

bool
sig_hup(void)
{
	return sig_take(&hup);
}

int
sig_fd(void)
{
	return pipe_fd[0];
}

int
sig_stop_fd(void)
{
	return stop_fd[0];
}

/*
 * The shell must see a death by signal: only then does it end a loop around
 * us, too. The mask is inherited and may hold n back.
 */
void
sig_die(int n)
{
	struct sigaction sa = {.sa_handler = SIG_DFL};
	sigset_t set;

	sigemptyset(&sa.sa_mask);
	sigaction(n, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, n);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(n);
}
