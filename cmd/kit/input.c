/* The lines of a file or pipe, which is read no further than is needed. */
#include "input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"

/*
 * Only a regular file has a size to show progress by; of everything else it is
 * not known whether there is more until it is read.
 */
int
input_open(struct input *in, const char *name, size_t max, struct smpp_err *err)
{
	const bool std = strcmp(name, "-") == 0;
	struct stat st;

	*in = (struct input){.name = name, .fd = STDIN_FILENO, .max = max};
	if (!std)
		in->fd = open(name, O_RDONLY | O_CLOEXEC);
	if (in->fd < 0 || fstat(in->fd, &st) != 0)
		return smpp_err_sys(err, SMPP_EIO, "%s", name);
	in->waits = !S_ISREG(st.st_mode);
	in->tty = isatty(in->fd);
	in->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	in->buf = malloc(max);
	return in->buf == NULL ? SMPP_ENOMEM : 0;
}

void
input_close(struct input *in)
{
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = -1;
	free(in->buf);
	in->buf = NULL;
}

/* EAGAIN is no error: the caller waits for this descriptor among others. */
int
input_fill(struct input *in, struct smpp_err *err)
{
	ssize_t got;

	if (in->off > 0 && in->n > 0)
		memmove(in->buf, in->buf + in->off, in->n);
	in->off = 0;
	do
		got = read(in->fd, in->buf + in->n, in->max - in->n);
	while (got == -1 && errno == EINTR);
	if (got == -1 && errno != EAGAIN)
		return smpp_err_sys(err, SMPP_EIO, "%s", in->name);
	if (got > 0)
		in->n += (size_t)got;
	in->end = got == 0;
	return 0;
}

/*
 * Takes n octets off the buffer. The hash covers every octet taken, so a list
 * that is continued is known to have the same beginning as before.
 */
static void
input_take(struct input *in, size_t n)
{
	in->hash = smpp_hash64(in->hash, in->buf + in->off, n);
	in->taken += n;
	in->n -= n;
	in->off = in->n == 0 ? 0 : in->off + n;
}

int
input_line(struct input *in, struct smpp_view *line)
{
	const uint8_t *p = in->buf + in->off;
	const uint8_t *lf = in->n == 0 ? NULL : memchr(p, '\n', in->n);
	const bool whole = lf != NULL || (in->end && in->n > 0);
	const bool cut = in->cut;
	size_t n = lf != NULL ? (size_t)(lf - p) : in->n;

	/*
	 * A line longer than the buffer: what there is is thrown away and the
	 * rest, too, as it comes; only its end reports it, once and as one
	 * line.
	 */
	if (!whole && in->n < in->max)
		return 0;
	in->cut = !whole;
	in->line += whole;
	*line = smpp_view_of(p, n);
	input_take(in, n + (lf != NULL));
	if (!whole)
		return 0;
	return cut ? SMPP_ERANGE : 1;
}

int64_t
input_whole(int fd, char *p, size_t cap)
{
	size_t n = 0;
	ssize_t got = 1;

	while (n < cap && got != 0) {
		got = read(fd, p + n, cap - n);
		if (got < 0 && errno != EINTR)
			return -1;
		n += got > 0 ? (size_t)got : 0;
	}
	return (int64_t)n;
}
