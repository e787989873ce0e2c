/* Reading files and pipes; what was printed is flushed before any waiting. */
#include "in.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "cmd.h"

void
in_init(struct in *in, struct ctx *c, struct opt_list files)
{
	in->c = c;
	in->files = files;
	in->next = 0;
	in->name = NULL;
	in->fd = -1;
	in->tty = false;
}

static int
in_failed(struct in *in)
{
	out_errno(in->c, SMPP_EXIT_LOCAL, "input", in->name);
	return -1;
}

int
in_open(struct in *in)
{
	size_t n = in->files.n > 0 ? in->files.n : 1;

	if (in->next == n)
		return 0;
	in->name = in->files.n > 0 ? in->files.v[in->next] : "-";
	in->next++;
	in->fd = STDIN_FILENO;
	if (strcmp(in->name, "-") != 0)
		in->fd = open(in->name, O_RDONLY | O_CLOEXEC);
	if (in->fd == -1)
		return in_failed(in);
	in->tty = isatty(in->fd);
	/*
	 * Without this line a user who forgot the file sees a program that
	 * hangs.
	 */
	if (in->tty)
		out_say(in->c, 0, "reading from the terminal, end with Ctrl-D");
	return 1;
}

/* True when there is nothing to read within ms. */
static bool
would_wait(const struct in *in, int ms)
{
	struct pollfd p = {.fd = in->fd, .events = POLLIN};

	return poll(&p, 1, ms) == 0;
}

int64_t
in_read(struct in *in, const char **p)
{
	ssize_t n;

	if (would_wait(in, 0) && out_flush(in->c->out) != 0)
		return -1;
	/*
	 * A standard input left with O_NONBLOCK by another program of the
	 * shell is no error: it is waited for. Without end, as read() itself
	 * would.
	 */
	do
		n = read(in->fd, in->buf, sizeof(in->buf));
	while (n == -1 &&
	       (errno == EINTR || (errno == EAGAIN && !would_wait(in, -1))));
	if (n == -1)
		return in_failed(in);
	/*
	 * Standard input stays open: -o or a child could get its number
	 * otherwise.
	 */
	if (n == 0 && in->fd != STDIN_FILENO)
		close(in->fd);
	*p = in->buf;
	return n;
}
