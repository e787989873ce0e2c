/* Questions, asked on the terminal itself. */
#include "prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "sig.h"

/*
 * The terminal, not standard input: that may be the list to be sent, or a
 * script. Signals are caught before echo is turned off, so that Ctrl-C cannot
 * leave a shell in which nothing typed is seen.
 */
int
prompt_open(struct prompt *p)
{
	p->fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	if (p->fd < 0)
		return PROMPT_FAILED;
	if (tcgetattr(p->fd, &p->old) != 0) {
		prompt_close(p);
		return PROMPT_FAILED;
	}
	sig_catch();
	return 0;
}

/* errno is that of what failed before, for the caller's message. */
void
prompt_close(struct prompt *p)
{
	int saved = errno;

	close(p->fd);
	errno = saved;
}

static void
prompt_put(struct prompt *p, const char *text)
{
	ssize_t ignored = write(p->fd, text, strlen(text));

	(void)ignored;
}

void
prompt_say(struct prompt *p, const char *text)
{
	prompt_put(p, text);
	prompt_put(p, "\n");
}

/*
 * Waits for input, or for a signal: one that came just before read() would
 * not end it. Returns 0, or how the question ends.
 */
static int
wait_input(struct prompt *p)
{
	struct pollfd fds[] = {
	    {.fd = p->fd, .events = POLLIN},
	    {.fd = sig_fd(), .events = POLLIN},
	};

	do {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return PROMPT_FAILED;
		if (sig_stop() != 0)
			return PROMPT_STOP;
		sig_seen();
	} while (fds[0].revents == 0);
	return 0;
}

/* Reads octet by octet: what follows the line belongs to the next question. */
static int
prompt_read_line(struct prompt *p, char *out, size_t cap)
{
	size_t n = 0;
	ssize_t got;
	char c;
	int rc;

	for (;;) {
		if ((rc = wait_input(p)) != 0)
			return rc;
		got = read(p->fd, &c, 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return PROMPT_FAILED;
		if (got == 0)
			return PROMPT_END;
		if (c == '\n')
			break;
		/*
		 * Read on to the line's end: a password cut in silence would
		 * be refused by the peer, and its rest would be the answer to
		 * the next question.
		 */
		if (n + 1 < cap)
			out[n] = c;
		n++;
	}
	if (n >= cap)
		return PROMPT_LONG;
	out[n] = '\0';
	return (int)n;
}

/*
 * Without echo before the question is seen, and without Ctrl-Z: the shell
 * that took over would turn the echo on.
 */
static int
hide(struct prompt *p)
{
	struct termios quiet = p->old;

	quiet.c_lflag &= ~(tcflag_t)ECHO;
	quiet.c_cc[VSUSP] = _POSIX_VDISABLE;
	return tcsetattr(p->fd, TCSAFLUSH, &quiet);
}

int
prompt_ask(
    struct prompt *p, const char *text, bool secret, char *out, size_t cap)
{
	int n;

	if (secret && hide(p) != 0)
		return PROMPT_FAILED;
	prompt_put(p, text);
	n = prompt_read_line(p, out, cap);
	if (secret)
		tcsetattr(p->fd, TCSADRAIN, &p->old);
	/* The user's Enter was not echoed, so the line is ended here. */
	if (secret || n == PROMPT_STOP || n == PROMPT_END)
		prompt_put(p, "\n");
	return n;
}
